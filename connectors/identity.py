"""What makes two findings one item: the source's own identifier, else the link, else the content."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from monitor.normalize import canonical_url
from monitor.types import content_hash

LONGEST_KEY = 500  # code points; a longer identifier is replaced by its hash


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """What an entry says of its identity."""

    guid: str | None
    link: str | None
    fingerprint: str  # hash of what a reader sees


def keys(entries: Sequence[Claimed]) -> list[str]:
    """One key an entry: guid, else canonical link, else content. A guid of several links does not do alone."""
    links_of: dict[str, set[str]] = {}
    for entry in entries:
        if entry.guid:
            links_of.setdefault(entry.guid, set()).add(_place(entry.link))
    return [_bounded(_key(entry, links_of)) for entry in entries]


def _key(entry: Claimed, links_of: dict[str, set[str]]) -> str:
    if entry.guid:
        if len(links_of[entry.guid]) > 1 and entry.link:
            return f"{entry.guid} {_place(entry.link)}"
        return entry.guid
    return _place(entry.link) if entry.link else f"content:{entry.fingerprint}"


def _place(link: str | None) -> str:
    return (canonical_url(link) or link or "").strip()


def _bounded(key: str) -> str:
    return key if len(key) <= LONGEST_KEY else f"long:{content_hash(key)}"
