"""`watchdesk sources add`, `check`, `import` and `export`, against a real server on this machine."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from monitor.cli import run
from monitor.config import SOURCES
from monitor.sources import read_sources
from monitor.types import Source, SourceKind, Tier
from monitor.yamlfile import read
from tests.support.command import Watchdesk
from tests.support.feeds import item, page, rss
from tests.support.httpserver import LocalServer, Reply, local_server
from tests.support.listings import address, channel, post, sitemap

THERE = """# Ours.
sources:
  - {id: there, name: There, kind: feed, url: "https://there.example/rss"}  # the first
"""
OPML = """<?xml version="1.0"?>
<opml version="1.1"><head><title>My feeds</title></head><body>
  <outline text="Asia"><!-- a folder -->
    <outline type="rss" text="Yonhap &amp; more" xmlUrl="https://en.yna.example/rss" language="en-us"/>
    <outline type="rss" title="There" text="x" XMLURL="https://there.example/rss"/>
    <outline text="Deeper"><outline text="연합뉴스" xmlUrl="https://www.yna.example/rss"/></outline>
  </outline>
  <outline text="A local file" xmlUrl="file:///etc/passwd"/>
  <outline text="RIA" xmlUrl="https://t.me/s/rian_ru"/>
</body></opml>
"""


@pytest.fixture
def web() -> Iterator[LocalServer]:
    """A fresh local web server."""
    with local_server() as server:
        yield server


class Desk:
    """A configuration folder with the file of sources, and the command on it."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self.path = folder / SOURCES
        self._capsys = capsys
        self.out = self.err = ""
        self.write(THERE)

    def __call__(self, *arguments: str) -> int:
        """Run `watchdesk sources ...` in this process; what it says is in `out` and `err`."""
        code = run(["-c", str(self.folder), "sources", *arguments])
        self.out, self.err = self._capsys.readouterr()
        return code

    def write(self, text: str) -> None:
        """Make the file hold this."""
        self.path.write_text(text, encoding="utf-8")

    @property
    def text(self) -> str:
        """What the file holds."""
        return self.path.read_text(encoding="utf-8")

    @property
    def sources(self) -> Sequence[Source]:
        """The sources that the file holds."""
        document = read(self.path)
        found = read_sources(document)
        document.raise_problems()
        return found


@pytest.fixture
def desk(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Desk:
    (tmp_path / "topics.yaml").write_text("topics:\n  - {id: t, name: T, frame: travel}\n", encoding="utf-8")
    return Desk(tmp_path, capsys)


def korean(number: int) -> dict[str, str]:
    """An item of a feed in Korean."""
    text = "김정은 국무위원장이 베이징에서 열리는 전승절 열병식에 참석한다고 조선중앙통신이 28일 보도했다."
    return item(number, title=f"김정은 방중 {number}", description=text)


# ---- add ----------------------------------------------------------------------------------------------------------


def test_add_finds_the_feed_of_a_page_and_shows_what_it_would_read(desk: Desk, web: LocalServer) -> None:
    """Nothing is written with --dry-run; with --yes the entry stands at the end, as the file's others are written."""
    web.serve("/", Reply(body=page(head="<link rel=alternate type='application/rss+xml' title=All href=/all.xml>")))
    web.serve("/all.xml", Reply(body=rss(*(korean(number) for number in range(12)))))
    asked = ("add", web.url("/"), "--allow-private", "--id", "wire-ko", "--tier", "agency")
    assert desk(*asked, "--dry-run") == 0, desk.err
    assert desk.text == THERE
    for shown in ("feed: Wire", "12 items; language: ko; ", "2025-08-28 05:11 UTC  김정은 방중 11", "--fetch-article"):
        assert shown in desk.out
    assert "김정은 방중 8" not in desk.out, "three items do"
    assert "trying feed" in desk.err
    assert desk(*asked, "--yes") == 0
    url = web.url("/all.xml")
    added = f"- {{id: wire-ko, name: Wire, kind: feed, url: '{url}', language: ko, tier: agency, allow_private: true}}"
    assert desk.text == f"{THERE}\n  {added}\n"
    (_, source) = desk.sources
    assert (source.id, source.tier, source.adaptive) == ("wire-ko", Tier.AGENCY, True)
    assert desk(*asked) == 2
    assert 'is read already, as source "wire-ko"' in desk.err


def test_add_says_what_is_to_be_set(desk: Desk, web: LocalServer) -> None:
    """Dates without a zone are not known until it is told; several languages are left to be found for each item."""
    words = ("The leaders met in the capital on Tuesday for talks.", "В понедельник лидеры встретились в столице.")
    items = (item(n, description=words[n % 2], pubDate=f"Thu, 28 Aug 2025 05:{n:02d}:00") for n in range(6))
    web.serve("/rss", Reply(body=rss(*items)))
    asked = ("add", web.url("/rss"), "--allow-private", "--dry-run")
    assert desk(*asked) == 0
    assert "Its dates name no zone (Thu, 28 Aug 2025 05:00:00): give --time-zone" in desk.out
    assert "no sure date" in desk.out
    assert "language: not clear, or several" in desk.out
    assert "language:" not in desk.out.partition("To be added")[2]
    assert desk(*asked, "--time-zone", "Asia/Seoul", "--language", "ru") == 0
    assert "2025-08-27 20:05 UTC" in desk.out
    assert "language: ru" in desk.out.partition("To be added")[2]


def test_add_asks_before_it_writes(desk: Desk, web: LocalServer, tmp_path: Path) -> None:
    web.serve("/rss", Reply(body=rss(item(1))))
    watchdesk = Watchdesk(tmp_path)
    ended = watchdesk("-c", desk.folder, "sources", "add", web.url("/rss"), "--allow-private", given="n\n")
    assert (ended.code, ended.err.count("Traceback")) == (0, 0)
    assert "Nothing was written." in ended.out
    assert desk.text == THERE


def test_add_starts_a_file_and_names_what_has_no_name(desk: Desk, web: LocalServer) -> None:
    """Into a list without entries, over several lines; a second source of one outlet gets another id."""
    desk.write("# Nothing yet.\nsources: []\n")
    for path in ("/a", "/b"):
        web.serve(path, Reply(body=rss(korean(1), korean(2))))
        assert desk("add", web.url(path), "--allow-private", "--yes", "--interval", "5m") == 0, desk.err
    assert desk.text.startswith("# Nothing yet.\nsources:\n\n  - id: source-ko\n    name: Wire\n    kind: feed\n")
    assert [source.id for source in desk.sources] == ["source-ko", "source-ko-2"]
    assert not desk.sources[0].adaptive


def test_add_takes_channels_and_news_sitemaps(desk: Desk, web: LocalServer) -> None:
    """A kind may be given; a site without a feed may have a sitemap that its robots.txt names."""
    web.serve("/s/wire", Reply(body=channel(post(1, "<b>Kim arrives</b><br>by train"), name="The Wire")))
    assert desk("add", web.url("/s/wire"), "--kind", "telegram", "--allow-private", "--yes") == 0, desk.err
    assert "2025-08-28 05:01 UTC  Kim arrives" in desk.out
    web.serve("/home", Reply(body=page()))
    web.serve("/robots.txt", Reply(body=f"Sitemap: {web.url('/news.xml')}".encode()))
    today = sitemap(address(1, "Kim arrives", date="2999-01-01T00:00:00Z"))
    web.serve("/news.xml", Reply(body=today))
    assert desk("add", web.url("/home"), "--allow-private", "--yes") == 0, desk.err
    assert [(source.id, source.kind) for source in desk.sources[1:]] == [
        ("wire-telegram", SourceKind.TELEGRAM),
        ("source-en", SourceKind.SITEMAP),
    ]


def test_add_says_what_it_tried_where_there_is_nothing(desk: Desk, web: LocalServer) -> None:
    assert desk("add", web.url("/nothing"), "--allow-private") == 1
    assert "nothing can be read at" in desk.err
    assert "HTTP 404" in desk.err
    assert desk("add", web.url("/nothing")) == 1, "a private address is not asked unless that is allowed"
    assert "allow_private" in desk.err
    assert desk("add", "file:///etc/passwd") == 1
    assert "only http and https are fetched" in desk.err
    assert desk.text == THERE


def test_add_writes_nothing_that_check_would_refuse(desk: Desk, web: LocalServer) -> None:
    web.serve("/rss", Reply(body=rss(item(1))))
    asked = ("add", web.url("/rss"), "--allow-private", "--yes")
    for options, complaint in (
        (("--time-zone", "Asia/Soul"), "Asia/Seoul"),
        (("--interval", "often"), "not a duration"),
    ):
        assert desk(*asked, *options) == 2
        assert complaint in desk.err
        assert web.requests == [], "nothing is fetched for nothing"
    assert desk(*asked, "--id", "there") == 2
    assert 'source "there" is there already' in desk.err
    assert "- {id: there" in desk.err, "the entry, to be pasted once it is mended"
    assert desk.text == THERE
    assert [path.name for path in desk.folder.iterdir() if path.name.startswith(".")] == []


# ---- check --------------------------------------------------------------------------------------------------------


def test_check_reads_each_source_once(desk: Desk, web: LocalServer) -> None:
    web.serve("/rss", Reply(body=rss(item(1), item(2))))
    entries = [
        f"  - {{id: {name}, kind: feed, url: '{web.url(f'/{name}')}', allow_private: yes}}" for name in ("rss", "gone")
    ]
    desk.write("sources:\n" + "\n".join(entries) + "\n")
    assert desk("check", "--json") == 1
    rows = [(row["id"], row["outcome"], row["items"]) for row in json.loads(desk.out)]
    assert rows == [("rss", "changed", 2), ("gone", "not_found", 0)]
    assert desk("check", "rss") == 0
    assert desk.out.splitlines() == ["✓ rss (feed): changed, 2 items", "1 of 1 sources can be read."]
    assert desk("check") == 1
    assert "✗ gone (feed): not_found: " in desk.out
    assert desk("check", "rrs") == 2
    assert 'Did you mean "rss"?' in desk.err
    assert len(web.asked("/rss")) == 3


# ---- OPML ---------------------------------------------------------------------------------------------------------


def test_import_takes_what_is_not_there_yet(desk: Desk, tmp_path: Path) -> None:
    """Out of all folders; what could not be fetched is left out and said."""
    file = tmp_path / "feeds.opml"
    file.write_text(OPML, encoding="utf-8")
    assert desk("import", str(file), "--dry-run") == 0
    assert desk.text == THERE
    assert desk("import", str(file), "--tier", "agency", "--yes") == 0, desk.err
    assert "1 of 5 are there already" in desk.out
    assert "left out: A local file: 'file:///etc/passwd' is no http(s) address." in desk.err
    added = [(each.id, each.name, each.kind.value, each.language, each.tier.value) for each in desk.sources[1:]]
    assert added == [
        ("yna-en", "Yonhap & more", "feed", "en", "agency"),
        ("yna", "연합뉴스", "feed", None, "agency"),
        ("rian-ru-telegram", "RIA", "telegram", None, "agency"),
    ]
    assert desk.text.startswith(THERE)
    assert desk("import", str(file), "--yes") == 0
    assert "has no source that is not in" in desk.out


def test_what_is_exported_is_imported_the_same(desk: Desk, tmp_path: Path) -> None:
    """Fields that OPML has no word for come back, too; archives stay out."""
    desk.write(
        "sources:\n"
        "  - {id: a, name: 'A & <B>', kind: feed, url: 'https://a.example/?x=1&y=2', interval: 1h30m, language: ko,"
        " tier: official, fetch_article: yes, backfill: alert, time_zone: Asia/Seoul, allow_private: yes,"
        " item_kind: opinion}\n"
        "  - {id: found, kind: google-news, query: kim, language: en}\n"
        "  - {id: ria, name: РИА, kind: telegram, url: 'https://t.me/s/rian_ru'}\n"
        "  - {id: cuttings, kind: archive, path: x}\n"
    )
    before = [source for source in desk.sources if source.kind is not SourceKind.ARCHIVE]
    file = tmp_path / "out.opml"
    assert desk("export", str(file)) == 0
    assert "1 of kind archive were left out" in desk.err
    assert desk("export") == 0
    assert desk.out.count("xmlUrl=") == 3
    desk.write("sources:\n")
    assert desk("import", str(file), "--yes") == 0, desk.err
    assert list(desk.sources) == before


@pytest.mark.parametrize("body", ["", "words", "<html><body/></html>", '<opml version="2.0"><body/></opml>'])
def test_import_of_what_is_no_list_changes_nothing(desk: Desk, tmp_path: Path, body: str) -> None:
    file = tmp_path / "feeds.opml"
    file.write_text(body, encoding="utf-8")
    assert desk("import", str(file), "--yes") == (0 if "<opml" in body else 2)
    assert desk.text == THERE


def test_import_resolves_no_entities(desk: Desk, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("geheim")
    file = tmp_path / "feeds.opml"
    outline = '<outline text="a&k;b" xmlUrl="https://a.example/"/>'
    file.write_text(f'<!DOCTYPE opml [<!ENTITY k SYSTEM "{secret.as_uri()}">]><opml><body>{outline}</body></opml>')
    assert desk("import", str(file), "--yes") in (0, 2)
    assert "geheim" not in desk.text + desk.out + desk.err
