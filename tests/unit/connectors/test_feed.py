"""Feeds from poll to poll, served by a real server."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from connectors.base import FetchOutcome
from connectors.http import Fetcher
from connectors.items import DATE_IN_FUTURE, DATE_UNREADABLE, DAY_ONLY, REMEMBERED, SUMMARY_ONLY
from connectors.items import DATE_IN_SOURCE_ZONE as IN_ZONE
from monitor.errors import FetchError
from monitor.sourcememory import Reach
from monitor.types import Backfill, SourceState
from tests.support.feeds import STORY, item, page, rss
from tests.support.httpserver import LocalServer, Reply, Request
from tests.support.sources import NOW, after, clock, connectors, read, source

XML = "application/rss+xml"


def feed(*items: dict[str, str], **changes: str) -> Reply:
    return Reply(body=rss(*items), content_type=XML, **changes)  # type: ignore[arg-type]  # fields that are texts


async def test_a_new_feed_gives_all_its_items_oldest_first(web: LocalServer) -> None:
    """With everything that the feed and the source say."""
    wire = source(web.serve("/f", feed(item(2), item(1))), language="en", time_zone="Asia/Seoul")
    result = await read(wire)
    assert result.outcome == FetchOutcome.CHANGED
    first, second = result.items
    assert (first.key, second.key) == ("guid-1", "guid-2")
    assert (first.title, first.text, first.url) == ("Headline 1", "Text of 1.", "https://wire.example/1")
    assert (first.source_id, first.source_name, first.language) == ("wire", "The Wire", "en")
    assert first.published_raw == "Thu, 28 Aug 2025 05:01:00 GMT"
    assert first.published == datetime(2025, 8, 28, 5, 1, tzinfo=UTC)
    assert (first.seen, first.time_zone, first.flags) == (NOW, "Asia/Seoul", ())


async def test_undated_items_come_in_the_feeds_order_from_its_end(web: LocalServer) -> None:
    """Feeds put the newest first; its date is null, not now."""
    items = [item(number) for number in (3, 1, 2)]
    for each in items:
        del each["pubDate"]
    result = await read(source(web.serve("/f", feed(*items))))
    assert [each.key for each in result.items] == ["guid-2", "guid-1", "guid-3"]
    assert [each.published for each in result.items] == [None] * 3


async def test_an_unchanged_feed_gives_nothing(web: LocalServer) -> None:
    """By 304 where the server can, by the body where it can't; in both the validators are kept up."""
    wire = source(web.serve("/f", feed(item(1), etag='"1"'), feed(item(1), etag='"1"'), feed(item(1), etag='"2"')))
    first = await read(wire)
    second = await read(wire, after(first))
    assert (second.outcome, second.items, second.state.etag) == (FetchOutcome.NOT_MODIFIED, (), '"1"')
    third = await read(wire, after(second))
    assert (third.outcome, third.items, third.state.etag) == (FetchOutcome.UNCHANGED, (), '"2"')
    assert third.state.seen_items == first.state.seen_items


async def test_only_new_and_changed_items_are_handed_on(web: LocalServer) -> None:
    """One stays, one is edited, one is added; a changed date alone is no news."""
    edited = item(2, title="Headline 2, corrected")
    redated = item(1, pubDate="Thu, 28 Aug 2025 05:59:00 GMT")
    wire = source(web.serve("/f", feed(item(2), item(1)), feed(item(3), edited, redated)))
    first = await read(wire)
    second = await read(wire, after(first))
    assert [(each.key, each.title) for each in second.items] == [
        ("guid-2", "Headline 2, corrected"),
        ("guid-3", "Headline 3"),
    ]
    assert second.items[0].content_hash != first.items[1].content_hash


async def test_an_item_that_comes_back_is_not_new(web: LocalServer) -> None:
    """What left the feed is remembered for a while."""
    wire = source(web.serve("/f", feed(item(1)), feed(item(2)), feed(item(2), item(1))))
    state = after(await read(wire))
    state = after(await read(wire, state))
    assert (await read(wire, state)).items == ()


async def test_the_memory_of_what_left_the_feed_is_bounded(web: LocalServer) -> None:
    """The snapshot stays whole, of the rest so many."""
    before = SourceState(source_id="wire", seen_items={f"old-{n}": "x" for n in range(REMEMBERED * 2)})
    result = await read(source(web.serve("/f", feed(item(1), item(2)))), before)
    assert len(result.state.seen_items) == REMEMBERED + 2
    assert {"guid-1", "guid-2"} <= result.state.seen_items.keys()


async def test_a_date_in_the_future_is_kept_and_flagged(web: LocalServer) -> None:
    """A few minutes are a difference of clocks, days are not."""
    later = item(1, pubDate="Sat, 30 Aug 2025 05:00:00 GMT")
    soon = item(2, pubDate="Thu, 28 Aug 2025 06:05:00 GMT")
    flagged = {each.key: each for each in (await read(source(web.serve("/f", feed(later, soon))))).items}
    assert flagged["guid-1"].flags == (DATE_IN_FUTURE,)
    assert flagged["guid-1"].published == datetime(2025, 8, 30, 5, tzinfo=UTC)
    assert flagged["guid-2"].flags == ()


async def test_a_date_in_the_future_does_not_decide_the_order(web: LocalServer) -> None:
    """It counts as first seen now: what the feed dates a little ahead still comes after it."""
    ahead = item(1, pubDate="Sat, 30 Aug 2025 05:00:00 GMT")
    soon = item(2, pubDate="Thu, 28 Aug 2025 06:05:00 GMT")
    past = item(3, pubDate="Thu, 28 Aug 2025 04:00:00 GMT")
    found = (await read(source(web.serve("/f", feed(ahead, soon, past))))).items
    assert [each.key for each in found] == ["guid-3", "guid-1", "guid-2"]
    assert [each.seen for each in found] == sorted(each.seen for each in found)


@pytest.mark.parametrize(
    ("date", "zone", "published", "flags"),
    [
        ("Thu, 28 Aug 2025 05:00:00 CEST", None, datetime(2025, 8, 28, 3, tzinfo=UTC), ()),
        ("Thu, 28 Aug 2025 05:00:00 IST", "Asia/Kolkata", datetime(2025, 8, 27, 23, 30, tzinfo=UTC), (IN_ZONE,)),
        ("2016/6/29 15:07:41", "Asia/Seoul", datetime(2016, 6, 29, 6, 7, 41, tzinfo=UTC), (IN_ZONE,)),
        ("August 28, 2025", "Asia/Seoul", datetime(2025, 8, 27, 15, tzinfo=UTC), (DAY_ONLY,)),
        ("Thu, 28 Aug 2025 05:00:00 GMT", "Asia/Seoul", datetime(2025, 8, 28, 5, tzinfo=UTC), ()),
        ("31 Jun", "Asia/Seoul", None, (DATE_UNREADABLE,)),
        ("yesterday", None, None, (DATE_UNREADABLE,)),
        ("", None, None, ()),
    ],
)
async def test_the_quality_of_a_date_is_kept(
    web: LocalServer, date: str, zone: str | None, published: datetime | None, flags: tuple[str, ...]
) -> None:
    """Beside what the feed said, what that was read as, and when it was first seen."""
    (found,) = (await read(source(web.serve("/f", feed(item(1, pubDate=date))), time_zone=zone))).items
    assert (found.published_raw, found.published, found.seen, found.flags) == (date or None, published, NOW, flags)


@pytest.mark.parametrize("date", ["yesterday", "31 Jun 2025 10:00 GMT", "Thu, 28 Aug 2025 05:00:00 IST"])
async def test_a_date_that_is_not_known_is_null(web: LocalServer, date: str) -> None:
    """What the feed said stays beside it."""
    (found,) = (await read(source(web.serve("/f", feed(item(1, pubDate=date)))))).items
    assert (found.published, found.published_raw) == (None, date)


async def test_a_page_in_the_feeds_place_is_an_error(web: LocalServer) -> None:
    """HTML at 200 is never a success without items, and the state is not touched."""
    with pytest.raises(FetchError) as caught:
        await read(source(web.serve("/f", Reply(body=page()))))
    assert caught.value.outcome == FetchOutcome.NOT_A_FEED
    assert "kind: page" in str(caught.value)


async def test_entries_that_say_nothing_are_counted(web: LocalServer) -> None:
    """The others are read."""
    result = await read(source(web.serve("/f", feed(item(1), {"category": "x"}))))
    assert (len(result.items), result.skipped) == (1, 1)


def teaser(web: LocalServer, number: int) -> dict[str, str]:
    return item(number, link=web.url(f"/{number}.html"))


async def test_articles_complete_the_items(web: LocalServer) -> None:
    """The page's text instead of the feed's one sentence, which becomes the summary; furniture stays out."""
    wire = source(web.serve("/f", feed(teaser(web, 1))), fetch_article=True)
    web.serve("/1.html", Reply(body=page()))
    (found,) = (await read(wire)).items
    assert found.text == "\n\n".join(STORY)
    assert (found.title, found.summary, found.flags) == ("Headline 1", "Text of 1.", ())


async def test_a_longer_text_in_the_feed_is_kept(web: LocalServer) -> None:
    """A page behind a paywall says less than its feed."""
    long = item(1, link=web.url("/1.html"), description="\n\n".join([*STORY, *STORY]))
    wire = source(web.serve("/f", feed(long)), fetch_article=True)
    web.serve("/1.html", Reply(body=page(story=STORY[:2])))
    (found,) = (await read(wire)).items
    assert found.text.startswith(STORY[0])
    assert len(found.text) > len("\n\n".join(STORY))


@pytest.mark.parametrize(
    "reply",
    [
        Reply(status=404),
        Reply(status=500),
        Reply(body=b"<!DOCTYPE html><html><body></body></html>"),
        Reply(body=b"%PDF-1.7 \x00\x01", content_type="application/pdf"),
        Reply(status=302, headers={"Location": "file:///etc/passwd"}),
    ],
)
async def test_no_item_is_lost_with_its_article(web: LocalServer, reply: Reply) -> None:
    """The feed's own text stays, and is flagged; the poll is a success and says what failed."""
    wire = source(web.serve("/f", feed(teaser(web, 1))), fetch_article=True)
    web.serve("/1.html", reply)
    result = await read(wire)
    (found,) = result.items
    assert (found.text, found.flags) == ("Text of 1.", (SUMMARY_ONLY,))
    assert result.outcome == FetchOutcome.CHANGED
    assert "1 article pages could not be read" in result.message


async def test_an_unchanged_items_article_is_not_fetched_again(web: LocalServer) -> None:
    """Only new and edited items have their pages read."""
    wire = source(
        web.serve("/f", feed(teaser(web, 1)), feed(teaser(web, 2), teaser(web, 1))),
        fetch_article=True,
        backfill=Backfill.ALERT,
    )
    web.serve("/1.html", Reply(body=page()))
    web.serve("/2.html", Reply(body=page()))
    await read(wire, after(await read(wire)))
    assert len(web.asked("/1.html")) == 1
    assert len(web.asked("/2.html")) == 1


async def test_robots_txt_is_asked_once_and_honoured(web: LocalServer) -> None:
    """What the site forbids is not fetched, and the item stays."""
    web.serve("/robots.txt", Reply(body=b"User-agent: Watchdesk\nDisallow: /private/\n", content_type="text/plain"))
    wire = source(
        web.serve("/f", feed(teaser(web, 1), item(2, link=web.url("/private/2.html")), teaser(web, 3))),
        fetch_article=True,
    )
    for path in ("/1.html", "/3.html", "/private/2.html"):
        web.serve(path, Reply(body=page()))
    flagged = {each.key: each.flags for each in (await read(wire)).items}
    assert flagged == {"guid-1": (), "guid-2": (SUMMARY_ONLY,), "guid-3": ()}
    assert len(web.asked("/robots.txt")) == 1
    assert web.asked("/private/2.html") == []


async def test_every_site_that_a_link_leads_over_is_asked(web: LocalServer) -> None:
    """Shorteners and aggregators permit what the outlet behind them forbids."""

    def rules(request: Request) -> Reply:
        forbids = request.headers["Host"].startswith("localhost")
        return Reply(body=b"User-agent: *\nDisallow: " + (b"/" if forbids else b""), content_type="text/plain")

    web.serve("/robots.txt", rules)
    web.serve("/1.html", Reply(status=302, headers={"Location": f"http://localhost:{web.port}/outlet.html"}))
    web.serve("/outlet.html", Reply(body=page()))
    (found,) = (await read(source(web.serve("/f", feed(teaser(web, 1))), fetch_article=True))).items
    assert found.flags == (SUMMARY_ONLY,)
    assert web.asked("/outlet.html") == []
    assert len(web.asked("/robots.txt")) == 2


async def test_a_crawl_delay_is_kept(web: LocalServer) -> None:
    """Pages of a site that wants half a minute between requests are waited for; its feed is not."""
    web.serve("/robots.txt", Reply(body=b"User-agent: *\nCrawl-delay: 30\n", content_type="text/plain"))
    wire = source(web.serve("/f", feed(*(teaser(web, number) for number in (1, 2, 3)))), fetch_article=True)
    for number in (1, 2, 3):
        web.serve(f"/{number}.html", Reply(body=page()))
    waits: list[int] = []

    async def note(seconds: float) -> None:
        waits.append(round(seconds))

    async with Fetcher(clock=clock, sleep=note) as fetcher:
        result = await connectors(fetcher)[wire.kind].fetch(wire, SourceState(source_id="wire"))
    assert [each.flags for each in result.items] == [()] * 3
    assert waits == [30, 30]


async def test_rules_that_cannot_be_read_forbid_for_now(web: LocalServer) -> None:
    """A server error in the place of robots.txt is no permission (RFC 9309, 2.3.1.4)."""
    web.serve("/robots.txt", Reply(status=500))
    wire = source(web.serve("/f", feed(teaser(web, 1))), fetch_article=True)
    web.serve("/1.html", Reply(body=page()))
    (found,) = (await read(wire)).items
    assert found.flags == (SUMMARY_ONLY,)
    assert web.asked("/1.html") == []


async def test_a_passing_failure_is_made_good_later(web: LocalServer) -> None:
    """The article is tried again at the next poll, feed unchanged or not, and comes as a new version."""
    wire = source(web.serve("/f", feed(teaser(web, 1), etag='"1"')), fetch_article=True, backfill=Backfill.ALERT)
    web.serve("/1.html", Reply(status=500), Reply(body=page()))
    first = await read(wire)
    assert first.items[0].flags == (SUMMARY_ONLY,)
    second = await read(wire, after(first))
    (found,) = second.items
    assert (found.key, found.flags, found.text) == ("guid-1", (), "\n\n".join(STORY))
    third = await read(wire, after(second))
    assert (third.items, third.outcome) == ((), FetchOutcome.NOT_MODIFIED)


async def test_a_lasting_failure_is_given_up(web: LocalServer) -> None:
    """After some tries the feed's text has to do; it is published once."""
    wire = source(web.serve("/f", feed(teaser(web, 1), etag='"1"')), fetch_article=True, backfill=Backfill.ALERT)
    web.serve("/1.html", Reply(status=500))
    state, published = SourceState(source_id="wire"), 0
    for _ in range(6):
        result = await read(wire, state)
        published += len(result.items)
        state = after(result)
    assert published == 1
    assert len(web.asked("/1.html")) == 3
    assert result.outcome == FetchOutcome.NOT_MODIFIED


async def test_old_items_of_a_new_source_are_not_tried_again(web: LocalServer) -> None:
    """They would come back as news."""
    wire = source(web.serve("/f", feed(teaser(web, 1))), fetch_article=True, backfill=Backfill.ARCHIVE)
    web.serve("/1.html", Reply(status=500), Reply(body=page()))
    state = after(await read(wire))
    assert (await read(wire, state)).items == ()
    assert len(web.asked("/1.html")) == 1


async def test_ten_items_with_one_guid_are_ten(web: LocalServer) -> None:
    """A feed that gives every item the same guid loses none."""
    result = await read(source(web.serve("/f", feed(*(item(number, guid="same") for number in range(10))))))
    assert len({each.key for each in result.items}) == 10


async def test_what_the_caller_counts_is_left_to_the_caller(web: LocalServer) -> None:
    """Polls, failures and times in the state are not the connector's."""
    state = SourceState(source_id="wire", polls=7, failures=2, last_error="x", next_poll=NOW)
    result = await read(source(web.serve("/f", feed(item(1)))), state)
    counted = replace(result.state, etag=None, last_modified=None, body_hash=None, seen_items={}, reach=Reach())
    assert counted == state
