"""What the test feeds of feedparser and gofeed expect of an entry's title, link, date and content.

Each feed's first comment has `Expect:`, an expression over feedparser's result; taken from it are comparisons of an
entry's field with a constant. Fields that we have no use for (authors' addresses, enclosures, tags …) are left out.
gofeed has the expected result as JSON beside each feed.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_COMMENT = re.compile(r"<!--(.*?)-->", re.DOTALL)
_EXPECT = re.compile(r"Expect:\s*(.*?)\s*$", re.DOTALL)
_HEADER = re.compile(r"^Header:\s*(Content-type):\s*(\S.*?)\s*$", re.IGNORECASE | re.MULTILINE)
_FIELDS = {
    ("title",): "title",
    ("title_detail", "value"): "title",
    ("link",): "link",
    ("summary",): "text",
    ("description",): "text",
    ("summary_detail", "value"): "text",
    ("content", 0, "value"): "text",
    ("published",): "date",
    ("updated",): "date",
    ("created",): "date",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One expectation: `field` of entry number `entry` is `expected`, which may be HTML."""

    path: Path
    content_type: str
    entry: int
    field: str
    expected: str


def cases(folder: Path) -> Iterator[Case]:
    """All expectations of the feeds below a folder."""
    for path in sorted(folder.rglob("*.xml")):
        comment = _COMMENT.search(path.read_bytes()[:4000].decode("utf-8", "replace"))
        expect = _EXPECT.search(comment[1]) if comment else None
        if comment is None or expect is None:
            continue
        header = _HEADER.search(comment[1])
        for entry, field, expected in _compared(expect[1]):
            yield Case(path=path, content_type=header[2] if header else "", entry=entry, field=field, expected=expected)


def _compared(expression: str) -> Iterator[tuple[int, str, str]]:
    try:
        tree = ast.parse(expression.strip(), mode="eval")
    except SyntaxError:
        return
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Compare) and len(node.ops) == 1 and isinstance(node.ops[0], ast.Eq)):
            continue
        (right,) = node.comparators
        keys = _keys(node.left)
        if keys and isinstance(right, ast.Constant) and isinstance(right.value, str) and isinstance(keys[0], int):
            field = _FIELDS.get(tuple(keys[1:]))
            if field:
                yield keys[0], field, right.value


def _keys(node: ast.expr) -> list[str | int]:
    """The keys of `entries[0]['title']`; none for what does not begin with entries."""
    keys: list[str | int] = []
    while isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant):
        if not isinstance(node.slice.value, str | int):
            return []
        keys.insert(0, node.slice.value)
        node = node.value
    return keys if isinstance(node, ast.Name) and node.id == "entries" else []


_GOFEED = {
    "title": "title",
    "link": "link",
    "description": "text",
    "summary": "text",
    "content": "text",
    "pubDate": "date",
    "published": "date",
    "updated": "date",
}


def gofeed_cases(folder: Path) -> Iterator[Case]:
    """All expectations of the feeds below a folder that have a JSON file beside them."""
    for path in sorted(folder.rglob("*.xml")):
        expected = path.with_suffix(".json")
        if not expected.is_file():
            continue
        feed: dict[str, Any] = json.loads(expected.read_text(encoding="utf-8")) or {}
        for number, item in enumerate(feed.get("items") or feed.get("entries") or []):
            for name, field in _GOFEED.items():
                value = item.get(name)
                value = value.get("value") if isinstance(value, dict) else value
                if isinstance(value, str):
                    yield Case(path=path, content_type="", entry=number, field=field, expected=value)
