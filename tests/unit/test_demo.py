"""The demo's stream, its clock and its web server."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from importlib import resources

import feedparser
import pytest

from connectors.liveposting import read_liveblog
from monitor.demo.server import DemoServer
from monitor.demo.sources import OUTLETS, Outlet, Shape, sources
from monitor.demo.stream import StreamClock, load, visible
from monitor.types import ItemKind

ITEMS = load()
END = ITEMS[-1].seen
TOPICS = {"kim-travel", "parade-attendance", "putin-kim-talks"}


class Hands:
    """A clock that tests set."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def hands() -> Hands:
    return Hands(END)


@pytest.fixture
def server(hands: Hands) -> Iterator[DemoServer]:
    with DemoServer(ITEMS, hands) as running:
        yield running


def get(url: str, etag: str | None = None) -> tuple[int, bytes, str]:
    request = urllib.request.Request(url, headers={"If-None-Match": etag} if etag else {})
    try:
        with urllib.request.urlopen(request) as answer:
            return answer.status, answer.read(), answer.headers["ETag"]
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read(), ""


def outlet(id: str) -> Outlet:
    return next(outlet for outlet in OUTLETS if outlet.id == id)


def test_every_item_is_dated_before_it_is_seen_and_served_by_an_outlet() -> None:
    names = {outlet.id: outlet.name for outlet in OUTLETS}
    for item in ITEMS:
        assert item.published < item.seen
        assert names[item.via] == item.source
    assert len({item.id for item in ITEMS}) == len(ITEMS)
    assert set(names) == {item.via for item in ITEMS}


def test_every_line_says_that_it_is_fiction() -> None:
    text = resources.files("monitor.demo").joinpath("stream.jsonl").read_text(encoding="utf-8")
    assert all(json.loads(line)["fiction"] is True for line in text.splitlines())


def test_an_edited_item_keeps_its_address() -> None:
    by_id = {item.id: item for item in ITEMS}
    edits = [item for item in ITEMS if item.updates]
    assert len(edits) == 2
    for edit in edits:
        assert edit.updates is not None
        assert by_id[edit.updates].url == edit.url


def test_the_gold_names_items_of_the_stream_in_its_order() -> None:
    gold = json.loads(resources.files("monitor.demo").joinpath("expected.json").read_text(encoding="utf-8"))
    order = [item.id for item in ITEMS]
    for development in gold["developments"]:
        assert development["topic"] in TOPICS
        assert development["reports"] == sorted(development["reports"], key=order.index)
        for report in development["reports"]:
            listed = gold["items"][report]
            assert development["topic"] in listed["relevant"] + listed["optional"] or development["optional"]
    for labels in gold["items"].values():
        assert set(labels["relevant"]) | set(labels["optional"]) <= TOPICS


def test_the_stream_covers_all_that_a_monitor_must_tell_apart() -> None:
    assert {item.kind for item in ITEMS} >= {
        ItemKind.ARTICLE,
        ItemKind.WIRE_FLASH,
        ItemKind.OPINION,
        ItemKind.LIVEBLOG_ENTRY,
    }
    assert {item.language for item in ITEMS} == {"en", "ko", "zh", "ru", "ja", "de"}


def test_the_clock_stands_until_started_then_skips_quiet_hours_and_never_goes_back() -> None:
    seconds = 0.0
    moments = [item.seen for item in ITEMS]
    clock = StreamClock(moments, step=1.0, monotonic=lambda: seconds)
    seconds = 50.0
    assert clock() == moments[0] - timedelta(minutes=1)
    clock.start()
    told = []
    for tenth in range(10 * len(ITEMS)):
        seconds = 50.0 + tenth / 10
        told.append(clock())
    assert told == sorted(told)
    assert told[::10] == moments
    assert all(now - moments[tenth // 10] <= timedelta(minutes=1) for tenth, now in enumerate(told))
    assert clock.over


def test_the_first_moment_may_last_longer() -> None:
    seconds = 0.0
    moments = [item.seen for item in ITEMS]
    clock = StreamClock(moments, step=1.0, first=4.0, monotonic=lambda: seconds)
    clock.start()
    told = []
    for tenth in range(60):
        seconds = tenth / 10
        told.append(clock())
    assert told == sorted(told)
    assert told[39] < moments[1]
    assert told[40] == moments[1]
    assert told[50] == moments[2]


def test_an_edited_item_is_shown_in_its_newest_version_only() -> None:
    edited = next(item for item in ITEMS if item.id == "d43")
    corrected = next(item for item in ITEMS if item.updates == "d43")
    before = visible(ITEMS, corrected.seen - timedelta(seconds=1))
    after = visible(ITEMS, corrected.seen)
    assert edited in before
    assert corrected not in before
    assert corrected in after
    assert edited not in after


@pytest.mark.parametrize("id", [outlet.id for outlet in OUTLETS if outlet.kind.value == "feed"])
def test_every_feed_is_valid_from_its_empty_start_to_its_end(id: str, server: DemoServer, hands: Hands) -> None:
    feed = outlet(id)
    expected = {item.title for item in visible(ITEMS, END) if item.via == id}
    hands.now = datetime(2026, 4, 1, tzinfo=UTC)
    status, empty, _ = get(server.base_url + feed.path)
    hands.now = END
    _, full, _ = get(server.base_url + feed.path)
    assert status == 200
    if feed.shape is Shape.JSON:
        assert json.loads(empty)["items"] == []
        assert {entry["title"] for entry in json.loads(full)["items"]} == expected
        return
    ElementTree.fromstring(empty)
    ElementTree.fromstring(full)
    assert feedparser.parse(empty).entries == []
    parsed = feedparser.parse(full)
    assert not parsed.bozo
    assert {entry.title for entry in parsed.entries} == expected


def test_an_unchanged_feed_is_answered_with_304_and_a_changed_one_is_not(server: DemoServer, hands: Hands) -> None:
    address = server.base_url + outlet("meridian").path
    hands.now = ITEMS[20].seen
    _, _, etag = get(address)
    assert get(address, etag)[0] == 304
    hands.now = END
    assert get(address, etag)[0] == 200


def test_an_article_has_a_page_once_it_is_out_and_none_before(server: DemoServer, hands: Hands) -> None:
    item = next(item for item in ITEMS if item.via == "scroll")
    address = f"{server.base_url}/{item.url.removeprefix('https://')}"
    hands.now = item.seen - timedelta(seconds=1)
    assert get(address)[0] == 404
    hands.now = item.seen
    status, body, _ = get(address)
    assert status == 200
    assert item.paragraphs[0] in body.decode()
    assert b"You might also like" in body


def test_the_live_page_lists_its_entries_as_schema_org_has_it(server: DemoServer) -> None:
    _, body, _ = get(server.base_url + outlet("meridian-live").path)
    markup = body.decode().partition('<script type="application/ld+json">')[2].partition("</script>")[0]
    blog = json.loads(markup)
    assert blog["@type"] == "LiveBlogPosting"
    titles = [update["headline"] for update in blog["liveBlogUpdate"]]
    assert titles == [item.title for item in reversed(ITEMS) if item.via == "meridian-live"]


def test_the_live_page_is_a_live_blog_before_its_first_entry(server: DemoServer, hands: Hands) -> None:
    hands.now = ITEMS[0].seen - timedelta(seconds=1)
    url = server.base_url + outlet("meridian-live").path
    assert read_liveblog(get(url)[1], "text/html; charset=utf-8", url).entries == ()


def test_the_sources_may_alert_on_their_first_poll_and_be_fetched_from_this_machine() -> None:
    listed = sources("http://127.0.0.1:1")
    assert len({source.id for source in listed}) == len(OUTLETS)
    assert all(source.allow_private and source.backfill.value == "alert" for source in listed)
