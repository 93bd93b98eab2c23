"""Dates as sources write them. What is not surely known is None: nothing is guessed, nothing becomes "now".

Read are ISO 8601 / W3CDTF (with its common variations), RFC 822 and its successors, C's asctime, and the forms in which
pages print dates, month names included. A date that names no zone is taken in the source's zone if it has one, else
it is unknown.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import cache
from zoneinfo import ZoneInfo

from babel.dates import get_month_names

EARLIEST = 1990  # the web's first year; what is older is a placeholder such as 1970-01-01
LOOKED_AT = 100  # code points; longer texts are no dates

# Hours from UTC. The American ones are RFC 822's (section 5.1); the rest are such as mean one thing only.
# IST, BST and AST have several meanings and no entry: they are read by the source's own zone (`_by_own_zone`),
# and so is CST where that zone has one.
_ZONES: Mapping[str, float] = {
    "UT": 0, "UTC": 0, "GMT": 0, "Z": 0, "EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6,
    "PST": -8, "PDT": -7, "AKST": -9, "AKDT": -8, "HST": -10, "NST": -3.5, "NDT": -2.5, "BRT": -3, "ART": -3,
    "WET": 0, "WEST": 1, "CET": 1, "CEST": 2, "MEZ": 1, "MESZ": 2, "MET": 1, "MEST": 2, "EET": 2, "EEST": 3,
    "TRT": 3, "MSK": 3, "MSD": 4, "SAMT": 4, "YEKT": 5, "OMST": 6, "KRAT": 7, "IRKT": 8, "YAKT": 9, "VLAT": 10,
    "SAST": 2, "CAT": 2, "EAT": 3, "WAT": 1, "IDT": 3, "IRST": 3.5, "PKT": 5, "NPT": 5.75, "ICT": 7, "WIB": 7,
    "WITA": 8, "HKT": 8, "SGT": 8, "MYT": 8, "PHT": 8, "AWST": 8, "WIT": 9, "JST": 9, "KST": 9, "ACST": 9.5,
    "ACDT": 10.5, "AEST": 10, "AEDT": 11, "NZST": 12, "NZDT": 13,
}  # fmt: skip
_REGIONS = {"ET": "America/New_York", "CT": "America/Chicago", "MT": "America/Denver", "PT": "America/Los_Angeles"}

_TIME = (
    r"(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,]\d{1,9})?)?(?:\s*(?P<half>[AaPp])\.?[Mm]\b\.?)?"
)
_ZONE = r"(?P<zone>(?:(?:GMT|UTC|UT)\s*)?[+\-−–]\s?\d{1,2}(?::?\d{2})?(?![\d:])|[A-Za-z]{1,5}(?![\w]))"
_SEP = r"(?:\s*[,|•·–—-]\s*(?:at\s+)?|\s+at\s+|\s+|T)"
_ABBREVIATION = re.compile(r"\s+[A-Z]{2,5}$")
_REMARK = r"(?:\s*\([^()]{1,40}\))?"
_HALF = r"(?:(?P<cjk_half>오전|오후|上午|下午|午前|午後)\s*)?"
_CLOCK = rf"(?:{_SEP}{_HALF}{_TIME}(?:\s*\(?{_ZONE}\)?)?{_REMARK})?"
_WEEKDAY = r"(?:(?:Mon|Tues?|Wed(?:nes)?|Thu(?:rs)?|Fri|Sat(?:ur)?|Sun)(?:day)?\.?,?\s+)?"
_DAY_NAME = r"(?:[^\W\d]{2,12}\.?,?\s+)?"

_FORMS = (
    # 2025-08-28T05:02:43Z, 2016/6/29 15:07:41, 2025.08.28
    rf"(?P<year>\d{{4}})([-/.])\s?(?P<month>\d{{1,2}})\2\s?(?P<day>\d{{1,2}})\.?{_CLOCK}",
    # 20250828T050243Z
    r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})T(?P<hour>\d{2}):?(?P<minute>\d{2}):?(?P<second>\d{2})"
    rf"{_ZONE}?",
    # Thu, 28 Aug 2025 05:02:43 +0200; 28. August 2025 05:02 Uhr is not read
    rf"{_DAY_NAME}(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\.?[\s-]+(?:de\s+)?(?P<name>[^\W\d]{{3,12}})\.?,?[\s-]+(?:de\s+)?"
    rf"(?P<year>\d{{4}}|\d{{2}})(?:\s+г\.?)?{_CLOCK}",
    # Thu Aug 28 05:02:43 [GMT] 2025
    rf"[A-Za-z]{{3}},?\s+(?P<name>[A-Za-z]{{3}})\s+(?P<day>\d{{1,2}})\s+{_TIME}\s+(?:{_ZONE}\s+)?(?P<year>\d{{4}})",
    # August 28, 2025 at 8:17 AM IST
    rf"{_DAY_NAME}(?P<name>[^\W\d]{{3,12}})\.?\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<year>\d{{4}}){_CLOCK}",
    # 28/08/2025 – 5:27 GMT+2; which of the two is the day must be plain
    rf"(?P<a>\d{{1,2}})(?P<mark>[/.-])\s?(?P<b>\d{{1,2}})(?P=mark)\s?(?P<year>\d{{4}}){_CLOCK}",
    # 2025年8月28日 15:07, 2025년 8월 28일 오후 3:07
    rf"(?P<year>\d{{4}})\s*[年년]\s*(?P<month>\d{{1,2}})\s*[月월]\s*(?P<day>\d{{1,2}})\s*[日일]"
    rf"(?:\s*[(（][^)）]{{1,3}}[)）])?(?:{_CLOCK}|\s*(?P<cjk_hour>\d{{1,2}})[時时시]\s*(?P<cjk_minute>\d{{1,2}})[分분])?",
)
_SHAPES = tuple(re.compile(rf"^{form}$", re.IGNORECASE) for form in _FORMS)
_WITHIN = tuple(re.compile(rf"(?<![\w/.-]){form.replace(_DAY_NAME, _WEEKDAY)}", re.IGNORECASE) for form in _FORMS)


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedDate:
    """A date in UTC; `day_only` when the source named no time, which is then midnight in its zone.

    `by_source_zone`: the date names no zone, or one of several meanings, and was read by the source's own.
    """

    at: datetime
    day_only: bool = False
    by_source_zone: bool = False


def parse_date(raw: str | None, zone: str | None = None) -> datetime | None:
    """The moment that `raw` names, in UTC; `zone` is the source's IANA zone. None when it is not surely known."""
    parsed = read_date(raw, zone)
    return parsed.at if parsed else None


def read_date(raw: str | None, zone: str | None = None) -> ParsedDate | None:
    """As `parse_date`, and says whether a time was named."""
    text = " ".join((raw or "").split())
    if not text or len(text) > LOOKED_AT:
        return None
    for shape in _SHAPES:
        if match := shape.match(text):
            return _build({name: value for name, value in match.groupdict().items() if value}, zone)
    return None


def find_dates(text: str) -> list[tuple[int, int]]:
    """Where dates stand in a line of text: start and end of each that can be read, in order."""
    found: list[tuple[int, int]] = []
    at = 0
    while at < len(text) and (nearest := _nearest(text, at)):
        found.append(nearest)
        at = nearest[1]
    return found


def _nearest(text: str, at: int) -> tuple[int, int] | None:
    """The first date from `at` on; of several that start there the longest."""
    spans = []
    for shape in _WITHIN:
        if match := shape.search(text, at):
            start, end = match.span()
            while end > start and not _reads(text[start:end]):  # what follows the date is no time, or no zone
                end = start + max(text[start:end].rstrip().rfind(" "), 0)
            if end > start:
                spans.append((start, end))
    return min(spans, key=lambda span: (span[0], -span[1]), default=None)


def _reads(text: str) -> bool:
    """Whether it is a date, were its zone known."""
    return read_date(_ABBREVIATION.sub("", text), "UTC") is not None


def _build(fields: Mapping[str, str], own_zone: str | None) -> ParsedDate | None:
    year_month_day, time = _calendar(fields), _time(fields)
    if year_month_day is None or time is None:
        return None
    try:
        hour, minute, second = time
        naive = datetime(*year_month_day, hour, minute, min(second, 59))  # noqa: DTZ001 - its zone is found below
        zone = _zone(fields.get("zone"), naive, own_zone)
        if naive.year < EARLIEST or zone is None:
            return None
        leap = timedelta(seconds=1) if second == 60 else timedelta()
        return ParsedDate(
            at=naive.replace(tzinfo=zone).astimezone(UTC) + leap,
            day_only=not ({"hour", "cjk_hour"} & fields.keys()),
            by_source_zone=_zone(fields.get("zone"), naive, None) is None,
        )
    except (ValueError, OverflowError):  # 31 June, 25 o'clock, the year 9999 at its very end
        return None


def _calendar(fields: Mapping[str, str]) -> tuple[int, int, int] | None:
    """Year, month and day, where it is plain which is which."""
    year = int(fields["year"])
    if len(fields["year"]) == 2:
        year += 2000 if year < 50 else 1900  # RFC 2822, 4.3
    if "a" in fields:
        a, b = int(fields["a"]), int(fields["b"])
        if a > 12 or a == b:
            return year, b, a
        return (year, a, b) if b > 12 else None
    month = _months().get(fields["name"].lower().rstrip(".")) if "name" in fields else int(fields["month"])
    return None if month is None else (year, month, int(fields["day"]))


def _time(fields: Mapping[str, str]) -> tuple[int, int, int] | None:
    """Hour, minute and second on a 24-hour clock; None for such as 25:00 or 0 PM. No time at all is midnight."""
    hour = int(fields.get("hour") or fields.get("cjk_hour") or 0)
    minute, second = int(fields.get("minute") or fields.get("cjk_minute") or 0), int(fields.get("second") or 0)
    half = fields.get("half", "").lower() or {"오전": "a", "上午": "a", "午前": "a"}.get(
        fields.get("cjk_half", ""), "p" if "cjk_half" in fields else ""
    )
    if half and hour <= 12:
        hour = hour % 12 + (12 if half == "p" else 0)
    return (hour, minute, second) if hour < 24 and minute < 60 and second <= 60 else None


def _zone(text: str | None, naive: datetime, own_zone: str | None) -> tzinfo | None:
    if text is None:
        return ZoneInfo(own_zone) if own_zone else None
    name = re.sub(r"\s", "", text).upper()
    offset = re.fullmatch(r"(?:GMT|UTC|UT)?([+\-−–])(\d{1,2}):?(\d{2})?", name)
    if offset:
        distance = timedelta(hours=int(offset[2]), minutes=int(offset[3] or 0))
        return None if distance > timedelta(hours=14) else timezone(distance if offset[1] == "+" else -distance)
    if own_zone and (own := _by_own_zone(name, naive, ZoneInfo(own_zone))):
        return own
    if region := _REGIONS.get(name):
        return ZoneInfo(region)
    return timezone(timedelta(hours=_ZONES[name])) if name in _ZONES else None


def _by_own_zone(name: str, naive: datetime, zone: ZoneInfo) -> tzinfo | None:
    """What an abbreviation means to somebody in `zone`: IST in Kolkata, in Jerusalem, in Dublin."""
    for moment in (naive, naive.replace(month=1, day=15), naive.replace(month=7, day=15)):
        aware = moment.replace(tzinfo=zone)
        offset = aware.utcoffset()
        if offset is not None and (aware.tzname() or "").upper() == name:
            return timezone(offset)
    return None


@cache
def _months() -> Mapping[str, int]:
    """Month names and their abbreviations, lower case, without the dot."""
    names: dict[str, int] = {"sept": 9}
    for locale in ("en", "de", "es", "fr", "it", "pt", "ru", "uk"):
        for width in ("wide", "abbreviated"):
            for context in ("format", "stand-alone"):
                for number, name in get_month_names(width, context, locale).items():
                    names.setdefault(name.lower().rstrip("."), number)
    return names
