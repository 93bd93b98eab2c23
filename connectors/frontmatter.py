"""Markdown posts with YAML front matter, as Jekyll and its kin keep them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import yaml
from markdown_it import MarkdownIt

from connectors.parsed import language_code
from connectors.text import clean, line_of, one_line, text_of

_FRONT = re.compile(r"\A---[^\S\n]*\n(?P<yaml>.*?)^(?:---|\.\.\.)[^\S\n]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
_LIQUID = re.compile(r"\{%.{0,2000}?%\}|\{\{.{0,2000}?\}\}", re.DOTALL)  # templates, filled in only by Jekyll
_HEADING = re.compile(r"\A#\s+(?P<title>.+?)\s*#*\s*$\n?", re.MULTILINE)
_DATED_NAME = re.compile(r"(?P<day>\d{4}-\d{2}-\d{2})-")  # Jekyll's posts: 2025-08-28-title.md
_MARKDOWN = MarkdownIt("commonmark")


class BadFrontMatter(ValueError):
    """The front matter is no YAML mapping; says in which line and why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """One post; dates as it writes them."""

    title: str
    text: str
    summary: str | None = None
    author: str | None = None
    language: str | None = None
    link: str | None = None
    published_raw: str | None = None
    updated_raw: str | None = None
    withheld: bool = False  # a draft, or `published: false`


def read_post(source: str, file_name: str) -> Post:
    """A Markdown file, with front matter or without. Raises BadFrontMatter."""
    source = clean(source)
    front, body = _front_matter(source)
    body = _LIQUID.sub(" ", body).strip()
    title = line_of(_string(front, "title"), html=True)
    heading = _HEADING.match(body)
    if not title and heading:
        title, body = line_of(_MARKDOWN.renderInline(heading["title"]), html=True), body[heading.end() :]
    summary = _string(front, "excerpt", "description", "summary")
    dated = _DATED_NAME.match(file_name)
    return Post(
        title=title,
        text=text_of(_MARKDOWN.render(body), html=True),
        summary=text_of(_MARKDOWN.render(summary), html=True) if summary else None,
        author=one_line(_names(front.get("author") or front.get("authors"))) or None,
        language=language_code(front.get("lang"), front.get("language")),
        link=_string(front, "canonical_url", "external_url", "link", "url") or None,
        published_raw=one_line(_string(front, "date")) or (dated["day"] if dated else None),
        updated_raw=one_line(_string(front, "last_modified_at", "updated", "lastmod")) or None,
        withheld=_string(front, "draft").lower() == "true" or _string(front, "published").lower() == "false",
    )


def _front_matter(source: str) -> tuple[Mapping[str, Any], str]:
    match = _FRONT.match(source)
    if match is None:
        return {}, source
    try:
        # Every scalar stays the text that it is, dates above all; the base loader makes nothing but texts and lists.
        fields = yaml.load(match["yaml"], Loader=yaml.BaseLoader)  # noqa: S506
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 2 if mark is not None else 1
        raise BadFrontMatter(f"{line}: the front matter is no YAML: {getattr(error, 'problem', error)}") from error
    if fields in (None, ""):
        fields = {}
    if not isinstance(fields, Mapping):
        raise BadFrontMatter("2: the front matter has to be fields with values, such as title: …")
    return fields, source[match.end() :]


def _string(front: Mapping[str, Any], *names: str) -> str:
    return next((value for name in names if isinstance(value := front.get(name), str) and value.strip()), "")


def _names(value: object) -> str:
    if isinstance(value, Mapping):
        value = value.get("name") or ""
    if isinstance(value, list):
        return ", ".join(filter(None, (_names(each) for each in value)))
    return value if isinstance(value, str) else ""
