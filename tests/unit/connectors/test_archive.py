"""Folders and files as sources."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from connectors import archive
from connectors.base import FetchOutcome, FetchResult
from monitor.errors import FetchError
from monitor.types import ItemKind, SourceKind, SourceState
from tests.support.feeds import STORY, page
from tests.support.sources import NOW, after, read, source

POST = """---
layout: post
title: "Big News: leaders to meet"
date: 2025-08-28T05:02:43
author: badly
tags: []
excerpt: "In *short*."
---

First **bold** paragraph with a [link](https://example.com/).

* one
* two

{% include gallery.html %}
"""


async def scan(path: Path, state: SourceState | None = None, **changes: object) -> FetchResult:
    return await read(source(str(path), SourceKind.ARCHIVE, **changes), state)


def line(number: int, **changes: object) -> str:
    fields = {
        "id": f"i{number}",
        "title": f"Headline {number}",
        "text": "Text.",
        "published": "2025-08-28T05:00:00+09:00",
    }
    return json.dumps(fields | changes) + "\n"


async def test_markdown_posts(tmp_path: Path) -> None:
    """Front matter and body as plain text; a date without a zone only where the source has one."""
    (tmp_path / "post.md").write_text(POST)
    (found,) = (await scan(tmp_path)).items
    assert (found.key, found.title, found.author, found.url) == ("post.md", "Big News: leaders to meet", "badly", None)
    assert found.text == "First bold paragraph with a link.\n\none\n\ntwo"
    assert (found.summary, found.published, found.published_raw) == ("In short.", None, "2025-08-28T05:02:43")
    (dated,) = (await scan(tmp_path, time_zone="Asia/Seoul")).items
    assert dated.published == datetime(2025, 8, 27, 20, 2, 43, tzinfo=UTC)


async def test_markdown_without_front_matter(tmp_path: Path) -> None:
    """The first heading is the title, the file's name its date; drafts stay out."""
    (tmp_path / "2025-08-28-meeting.markdown").write_text("# Leaders *meet*\n\nIn the capital.\n")
    (tmp_path / "draft.md").write_text("---\ndraft: true\n---\nNot yet.\n")
    (found,) = (await scan(tmp_path)).items
    assert (found.title, found.text, found.published_raw) == ("Leaders meet", "In the capital.", "2025-08-28")


async def test_pages_and_plain_text(tmp_path: Path) -> None:
    """Without their furniture; in folders below as well, hidden ones left out."""
    (tmp_path / "deep").mkdir()
    (tmp_path / ".git").mkdir()
    (tmp_path / "a.html").write_bytes(page())
    (tmp_path / "deep" / "b.txt").write_text("Leaders meet\n\n" + "\n\n".join(STORY) + "\n\nRead more\n")
    (tmp_path / ".git" / "c.txt").write_text("\n\n".join(STORY))
    (tmp_path / "picture.png").write_bytes(b"\x89PNG")
    found = {each.key: each for each in (await scan(tmp_path)).items}
    assert found.keys() == {"a.html", "deep/b.txt"}
    assert {each.text for each in found.values()} == {"\n\n".join(STORY)}


async def test_a_live_blog_as_text_gives_its_entries(tmp_path: Path) -> None:
    """Where the source says that it is one; an edited entry is a new version, the others are not handed on."""
    file = tmp_path / "live.txt"
    file.write_text("The day, live\nSecond thing happens\nIt did.\nFirst thing happens\nIt did too.\n")
    first = await scan(file, item_kind=ItemKind.LIVEBLOG_ENTRY)
    assert [(each.title, each.kind) for each in first.items] == [
        ("First thing happens", ItemKind.LIVEBLOG_ENTRY),
        ("Second thing happens", ItemKind.LIVEBLOG_ENTRY),
    ]
    file.write_text(file.read_text().replace("It did.", "It did not."))
    second = await scan(file, after(first), item_kind=ItemKind.LIVEBLOG_ENTRY)
    assert [(each.key, each.text) for each in second.items] == [(first.items[1].key, "It did not.")]


async def test_json_lines(tmp_path: Path) -> None:
    """The fields of a labelled stream; the line's word goes before the source's, unknown fields are ignored."""
    (tmp_path / "stream.jsonl").write_text(
        line(
            1, source="Wire", lang="ko", kind="wire-flash", seen="2025-08-27T20:05:00Z", url="https://a.example/1", x=1
        )
        + line(2, updates="i1", seen="2099-01-01T00:00:00Z")
        + line(3, updates="i2")
    )
    first, second, third = (await scan(tmp_path, language="en")).items
    assert (first.key, first.source_name, first.language, first.kind) == ("i1", "Wire", "ko", ItemKind.WIRE_FLASH)
    assert first.published == datetime(2025, 8, 27, 20, tzinfo=UTC)
    assert first.seen == datetime(2025, 8, 27, 20, 5, tzinfo=UTC)
    assert (second.key, third.key) == ("i1", "i1"), "edited versions of one item"
    assert (second.seen - NOW < timedelta(seconds=1), second.language, second.kind) == (True, "en", ItemKind.ARTICLE)


@pytest.mark.parametrize(
    ("bad", "why"),
    [
        ("not json", "not JSON"),
        ("[1]", "expected an object"),
        ('{"id": "x"}', "neither title nor text"),
        ('{"title": "x"}', "neither id nor url"),
        ('{"id": "x", "title": 5}', "title: expected a text"),
        ('{"id": "x", "title": "y", "kind": "song"}', "kind: expected one of article"),
        ('{"id": "x", "title": "y", "seen": "yesterday"}', "seen: expected a date"),
        ('{"id": "x", "title": "' + "y" * archive.LONGEST_LINE + '"}', "longer than"),
        ("[" * 100_000, "not JSON"),
        ("\udcff", "not UTF-8"),
    ],
)
async def test_a_bad_line_is_named_and_skipped(tmp_path: Path, bad: str, why: str) -> None:
    """File and line; the lines around it are read."""
    (tmp_path / "s.jsonl").write_bytes(f"{line(1)}{bad}\n\n{line(3)}".encode("utf-8", "surrogateescape"))
    result = await scan(tmp_path)
    assert [each.key for each in result.items] == ["i1", "i3"]
    assert result.skipped == 1
    assert result.message.startswith("s.jsonl:2: ")
    assert why in result.message


async def test_what_was_added_to_a_file_of_lines_is_read(tmp_path: Path) -> None:
    """Only that, and a line that is still being written only once it is complete."""
    file = tmp_path / "s.jsonl"
    file.write_text(line(1))
    state = after(await scan(file))
    with file.open("a") as out:
        out.write(line(2) + line(3)[:20])
    second = await scan(file, state)
    assert ([each.key for each in second.items], second.skipped) == (["i2"], 0)
    with file.open("a") as out:
        out.write(line(3)[20:])
    third = await scan(file, after(second))
    assert ([each.key for each in third.items], third.skipped) == (["i3"], 0)


async def test_a_last_line_that_stays_broken_is_named(tmp_path: Path) -> None:
    """Nobody is writing it any more."""
    file = tmp_path / "s.jsonl"
    file.write_text(line(1) + "{broken")
    first = await scan(file)
    assert first.skipped == 0
    second = await scan(file, after(first))
    assert (second.skipped, second.items) == (1, ())
    assert second.message.startswith("s.jsonl:2: ")
    assert (await scan(file, after(second))).skipped == 0


async def test_a_file_of_lines_that_was_rewritten_is_read_again(tmp_path: Path) -> None:
    """What was read before is no longer at its beginning."""
    file = tmp_path / "s.jsonl"
    file.write_text(line(1) + line(2))
    state = after(await scan(file))
    file.write_text(line(3) + line(1) + line(4))
    assert [each.key for each in (await scan(file, state)).items] == ["i3", "i1", "i4"]


async def test_unchanged_files_are_not_read_again(tmp_path: Path) -> None:
    """Not even opened: one that nobody may read any more does no harm."""
    file = tmp_path / "a.txt"
    file.write_text("\n\n".join(STORY))
    state = after(await scan(tmp_path))
    status = file.stat()
    file.write_bytes(b"x" * status.st_size)
    os.utime(file, ns=(status.st_atime_ns, status.st_mtime_ns))
    result = await scan(tmp_path, state)
    assert (result.items, result.outcome) == ((), FetchOutcome.UNCHANGED)
    assert result.state.seen_items == state.seen_items


async def test_a_touched_file_gives_nothing_and_an_edited_one_a_version(tmp_path: Path) -> None:
    """Times alone are no news."""
    file = tmp_path / "a.txt"
    file.write_text("\n\n".join(STORY))
    state = after(await scan(tmp_path))
    os.utime(file, (1, 1))
    touched = await scan(tmp_path, state)
    assert touched.items == ()
    file.write_text("\n\n".join(STORY[:3]))
    assert [each.key for each in (await scan(tmp_path, after(touched))).items] == ["a.txt"]


async def test_a_long_file_is_read_over_several_polls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """So many items a poll, and it says that there are more; nothing is missed and nothing comes twice."""
    monkeypatch.setattr(archive, "MOST_ITEMS", 10)
    (tmp_path / "a.jsonl").write_text("".join(line(number) for number in range(25)))
    (tmp_path / "b.txt").write_text("\n\n".join(STORY))
    state, keys, more = None, [], []
    for _ in range(4):
        result = await scan(tmp_path, state)
        keys += [each.key for each in result.items]
        more.append(result.more)
        state = after(result)
    assert keys == [*(f"i{number}" for number in range(25)), "b.txt"]
    assert more == [True, True, False, False]


async def test_bad_documents_are_named_and_the_others_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Front matter that is no YAML with its line, an empty page, one that is too large."""
    monkeypatch.setattr(archive, "LARGEST_FILE", 2000)
    (tmp_path / "a.md").write_text("---\ntitle: ok\nbad: [1, 2\n---\nText.\n")
    (tmp_path / "b.html").write_text("<html><body></body></html>")
    (tmp_path / "c.txt").write_text("x" * 2001)
    (tmp_path / "d.txt").write_text("\n\n".join(STORY))
    result = await scan(tmp_path)
    assert [each.key for each in result.items] == ["d.txt"]
    assert result.skipped == 3
    assert result.message.startswith("a.md:")
    assert (await scan(tmp_path, after(result))).skipped == 0, "named once, not at each poll"


async def test_documents_come_oldest_first(tmp_path: Path) -> None:
    """By their dates if all have one, whatever their names."""
    for name, day in (("a", 3), ("b", 1), ("c", 2)):
        (tmp_path / f"{name}.md").write_text(f"---\ntitle: {name}\ndate: 2025-08-0{day}T10:00:00Z\n---\nText.\n")
    assert [each.title for each in (await scan(tmp_path)).items] == ["b", "c", "a"]


async def test_links_that_lead_out_of_the_folder_are_not_followed(tmp_path: Path) -> None:
    """An archive holds what is in it."""
    (tmp_path / "outside.txt").write_text("\n\n".join(STORY))
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "link.txt").symlink_to(tmp_path / "outside.txt")
    assert (await scan(folder)).items == ()


async def test_a_path_that_leads_nowhere_is_an_error(tmp_path: Path) -> None:
    """With the path."""
    with pytest.raises(FetchError, match="nowhere") as caught:
        await scan(tmp_path / "nowhere")
    assert caught.value.outcome == FetchOutcome.NOT_FOUND


async def test_old_encodings(tmp_path: Path) -> None:
    """UTF-8 with its mark, UTF-16, cp1252."""
    for name, encoding in (("a.txt", "utf-8-sig"), ("b.txt", "utf-16"), ("c.txt", "cp1252")):
        (tmp_path / name).write_text(f"“Café”\n\n{STORY[0]}", encoding=encoding)
    found = (await scan(tmp_path)).items
    assert {each.title for each in found} == {"“Café”"}
    assert len({replace(each, key="", seen=NOW) for each in found}) == 1
