"""Sources written into `sources.yaml`: their entries, and ids for those that have none yet."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container, Sequence
from pathlib import Path
from urllib.parse import urlsplit

from monitor.commands.context import Context
from monitor.commands.entryfile import EntryFile
from monitor.config import SOURCES
from monitor.errors import ConfigError
from monitor.sources import read_sources
from monitor.types import Source, SourceKind
from monitor.yamlfile import read

LONGEST_ID = 64  # code points, by ID_PATTERN
_ACCOUNTS = (SourceKind.TELEGRAM, SourceKind.BLUESKY, SourceKind.MASTODON)
_EMPTY_WORDS = frozenset(("www", "com", "org", "net", "co", "rss", "feed", "feeds", "news", "en", "html", "xml"))


def source_file(context: Context) -> EntryFile[Source]:
    """The file that sources are added to. Raises ConfigError when only the built-in one is there."""
    if context.settings.config_dir is None:
        raise ConfigError(
            "There is no configuration of your own to add to. `watchdesk init DIR` writes one; then give --config DIR."
        )
    path = (context.settings.config_dir / SOURCES).resolve()
    return EntryFile(path=path, name=SOURCES.partition(".")[0], load=_sources, identity=lambda source: source.id)


def _sources(path: Path) -> Sequence[Source]:
    """What a file holds, which may be nothing yet. Raises ConfigError."""
    document = read(path)
    if not document.data or (isinstance(document.data, dict) and document.data.get("sources", 0) in (None, [])):
        return ()
    sources = read_sources(document)
    document.raise_problems()
    return sources


def proposed_id(kind: SourceKind, url: str, language: str | None, taken: Container[str]) -> str:
    """An id by the outlet's host and language, or by the account, that no other source has."""
    parts = urlsplit(url)
    labels = [label for label in re.split(r"[.:]", parts.netloc.lower()) if label not in _EMPTY_WORDS]
    name = max(labels[:-1] or labels, key=len, default="")
    if not re.search(r"[a-z]", name):
        name = "source"  # an IP address
    ending = language
    if kind in _ACCOUNTS:
        account = parts.path.rstrip("/").rpartition("/")[2].lstrip("@")
        name, ending = (account or name).partition(".")[0] or name, kind.value
    elif kind in (SourceKind.GDELT, SourceKind.GOOGLE_NEWS):
        name = kind.value
    stem = slug("-".join(filter(None, (name, ending))))
    return next(each for each in (stem, *(f"{stem}-{number}" for number in range(2, 10_000))) if each not in taken)


def slug(text: str) -> str:
    """A text as ids are written: lower-case letters, digits and hyphens."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[: LONGEST_ID - 6].strip("-") or "source"
