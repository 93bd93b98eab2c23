"""RawItem → Article: clean text, canonical address, known language, dates that are honest. Never raises on any text."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, date, datetime, timedelta
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from w3lib.url import canonicalize_url

from monitor.language.detect import language_of
from monitor.types import Article, ItemKind, RawItem

# Parameters that say how a reader came to a page, not which page it is (the lists of ClearURLs and of Firefox's
# query stripping, without names that outlets use for content: cid, source, ref, session stay).
_TRACKING = re.compile(
    r"^(?:utm_.+|fbclid|gclid|dclid|gbraid|wbraid|msclkid|yclid|twclid|igshid|mc_cid|mc_eid|mkt_tok|_hsenc|_hsmi|"
    r"vero_id|oly_enc_id|oly_anon_id|__s|ss_source|ss_campaign_id|guccounter|guce_referrer|guce_referrer_sig|"
    r"ncid|ocid|at_medium|at_campaign|at_custom\d|xtor|wt_mc|smid|taid|s_cid|amp)$",
    re.IGNORECASE,
)
_DEFAULT_PORTS = {"http": 80, "https": 443}
_CONTROL = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff]"
)
_BLANK = re.compile(r"[\t\n\v\f\r\x1c-\x1f\x85\u2028\u2029]")  # control characters that part words
_GAP = re.compile(r"\n{3,}")
_FUTURE_SLACK = timedelta(minutes=10)
_OLDEST = datetime(1990, 1, 1, tzinfo=UTC)


def normalize(item: RawItem) -> Article:
    """The article that a raw item is."""
    title = clean_line(item.title)
    text = clean_text(item.text or item.summary or "")
    published, flags = _published(item)
    zone = _zone(item)
    kind = ItemKind.WIRE_FLASH if item.kind is ItemKind.ARTICLE and title and not text else item.kind
    return Article(
        source_id=item.source_id,
        source_name=item.source_name,
        tier=item.tier,
        kind=kind,
        key=item.key,
        content_hash=item.content_hash,
        url=canonical_url(item.url),
        title=title,
        text=text,
        language=language_of(f"{title}\n{text}", item.language),
        published=published,
        seen=item.seen,
        dateline_date=_local_day(item, published, zone),
        time_zone=zone,
        author=clean_line(item.author) if item.author else None,
        backfill=item.backfill,
        flags=(*item.flags, *flags),
    )


def clean_line(text: str) -> str:
    """One line: composed characters, no control or invisible formatting characters, single spaces."""
    if "\n" not in text and _is_clean(text):
        return unicodedata.normalize("NFC", text).strip(" ")
    return " ".join(unicodedata.normalize("NFC", _CONTROL.sub("", _BLANK.sub(" ", text))).split())


def clean_text(text: str) -> str:
    """The same by paragraph; lines stay lines, runs of blank lines become one."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n\n")
    if _is_clean(text):
        text = unicodedata.normalize("NFC", text).strip(" ")
    else:
        text = "\n".join([clean_line(line) for line in text.split("\n")])
    return (_GAP.sub("\n\n", text) if "\n\n\n" in text else text).strip("\n")


def _is_clean(text: str) -> bool:
    """Whether no line has a character or a blank to take out, as is the case in most texts."""
    if "  " in text or " \n" in text or "\n " in text:
        return False
    return text.replace("\n", "").isprintable()


def canonical_url(url: str | None) -> str | None:
    """The address without what does not tell pages apart; None for what is no web address. Idempotent."""
    if not url:
        return None
    try:
        parts = urlsplit(url.strip())
        if parts.scheme.lower() not in _DEFAULT_PORTS or not parts.hostname or "@" in parts.netloc:
            return None
        query = [(k, v) for k, v in parse_qsl(parts.query, keep_blank_values=True) if not _TRACKING.match(k)]
        port = parts.port
        host = parts.hostname.rstrip(".")
        host = f"[{host}]" if ":" in host else host
        netloc = host if port in (None, _DEFAULT_PORTS[parts.scheme.lower()]) else f"{host}:{port}"
        plain = urlunsplit((parts.scheme.lower(), netloc, parts.path, urlencode(query), ""))
        return str(canonicalize_url(plain))
    except (ValueError, UnicodeError):
        return None


def _published(item: RawItem) -> tuple[datetime | None, tuple[str, ...]]:
    """When it was published, or None with a flag when the date can't be right."""
    published = item.published
    if published is None:
        return None, ()
    if published < _OLDEST:
        return None, ("date_implausible",)
    if published > item.seen + _FUTURE_SLACK:
        return None, () if "date_in_future" in item.flags else ("date_in_future",)
    return published, ()


def _zone(item: RawItem) -> str | None:
    if item.time_zone is None:
        return None
    try:
        ZoneInfo(item.time_zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None
    return item.time_zone


_OFFSET = re.compile(r":\d{2}(?:\.\d+)?\s*([+-])(0\d|1[0-4]):?([0-5]\d)\s*$")


def _local_day(item: RawItem, published: datetime | None, zone: str | None) -> date:
    """The day that "today" means where it was written: in the zone of its source, else of the date as given."""
    moment = (published or item.seen).astimezone(UTC)
    if zone is not None:
        return moment.astimezone(ZoneInfo(zone)).date()
    offset = _OFFSET.search(item.published_raw or "")
    if published is not None and offset:
        sign = 1 if offset.group(1) == "+" else -1
        moment += sign * timedelta(hours=int(offset.group(2)), minutes=int(offset.group(3)))
    return moment.date()
