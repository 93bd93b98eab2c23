"""One feed by one parser, timed: what the processes of benchmarks.feeds do."""

from __future__ import annotations

import io
import time
from dataclasses import dataclass

import fastfeedparser  # type: ignore[import-untyped]
import feedparser

from connectors.feedformats import parse_feed
from monitor.errors import FetchError

PARSERS = ("watchdesk", "feedparser", "fastfeedparser")
URL = "https://wire.example/feed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """What one parser made of one file; `error` names the exception that it raised."""

    seconds: float
    entries: int = 0
    skipped: int = 0
    error: str = ""
    refused: bool = False

    @property
    def found(self) -> int:
        """All entries, those that we leave out included."""
        return self.entries + self.skipped


def read_once(parser: str, body: bytes, content_type: str) -> Read:
    """One parser on one file. Runs in a worker."""
    began = time.process_time()
    try:
        entries, skipped = _counted(parser, body, content_type)
    except FetchError as error:
        return Read(seconds=time.process_time() - began, error=str(error), refused=True)
    except Exception as error:  # noqa: BLE001 - whatever a parser raises is what is counted
        return Read(seconds=time.process_time() - began, error=f"{type(error).__name__}: {error}")
    return Read(seconds=time.process_time() - began, entries=entries, skipped=skipped)


def _counted(parser: str, body: bytes, content_type: str) -> tuple[int, int]:
    """How many entries it finds, and how many of them we would leave out."""
    if parser == "watchdesk":
        parsed = parse_feed(body, content_type, URL)
        return len(parsed.entries), parsed.skipped
    if parser == "feedparser":
        headers = {"content-type": content_type} if content_type else {}
        return len(feedparser.parse(io.BytesIO(body), response_headers=headers).entries), 0
    return len(fastfeedparser.parse(body).entries), 0
