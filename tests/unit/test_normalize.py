"""RawItem → Article: clean text, canonical addresses, honest dates, and never an exception whatever the text."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from monitor.claims import extract
from monitor.language import gazetteer
from monitor.normalize import canonical_url, clean_line, clean_text, normalize
from monitor.types import ItemKind, RawItem, Tier
from tests.unit.claims.reading import PARADES, TRIPS, talks

SEEN = datetime(2025, 9, 3, 1, 0, tzinfo=UTC)
ITEM = RawItem(
    source_id="globe",
    source_name="Daily Globe",
    tier=Tier.OUTLET,
    kind=ItemKind.ARTICLE,
    key="k",
    url="https://globe.example/1",
    title="A title",
    text="A text.",
    seen=SEEN,
)
TOPICS = (TRIPS, PARADES, talks("vladimir-putin+kim-jong-un"))

# Names and words that the rules look for, in between anything at all.
WORDS = (
    "Kim Jong Un|Putin|will attend|parade|in Moscow|on May 9|9. Mai|İstanbul|김정은|习近平|訪問|прибыл|n't|'s|\n\n|. |“"
)
words = st.sampled_from(WORDS.split("|"))
texts = st.one_of(st.text(), st.lists(st.one_of(words, st.text(max_size=4)), max_size=25).map(" ".join))
hosts = st.sampled_from(["news.example", "NEWS.example.", "kcna.kp", "xn--80ak6aa92e.example", "[::1]", "例え.example"])
queries = st.lists(st.tuples(st.text(max_size=6), st.text(max_size=6)), max_size=4)
moments = st.datetimes(datetime(1900, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - bounds


@settings(deadline=None)
@given(
    title=texts, text=texts, summary=st.none() | texts, language=st.none() | st.sampled_from(["en", "ko", "de", "xx"])
)
def test_any_text_can_be_normalised_and_read(title: str, text: str, summary: str | None, language: str | None) -> None:
    """Neither step raises, and a claim's evidence lies where it says, in title or text."""
    article = normalize(replace(ITEM, title=title, text=text, summary=summary, language=language))
    for claim in extract(article, TOPICS, gazetteer.load()).claims:
        evidence = claim.evidence
        place = article.title if evidence.position.value == "title" else article.text
        assert place[evidence.offset :].startswith(evidence.sentence)
        assert all(evidence.sentence[span.start : span.end] == span.text for span in evidence.spans)


@settings(deadline=None)
@example("e\u200b\u0301")
@given(st.text() | st.text("e\u0301\u200b\u1100\u1161 \n\r\u2028\x00\ud800"))
def test_cleaning_is_done_once_and_for_all(text: str) -> None:
    """Cleaned text is composed, holds no control characters, and is clean already."""
    for clean in (clean_line, clean_text):
        once = clean(text)
        assert clean(once) == once
        assert unicodedata.is_normalized("NFC", once)
        assert not {c for c in once if unicodedata.category(c) in ("Cc", "Cs") and c != "\n"}


@settings(deadline=None)
@given(st.text("ae\u0301 \n\u00a0\u200b\r") | st.text("ae\n"))
@example(" a\nb")
@example("a \nb")
def test_a_text_is_cleaned_as_its_lines_are(text: str) -> None:
    """What is clean as a whole is left alone; that must make no difference."""
    lines = [clean_line(line) for line in re.split(r"\r\n|[\r\n]", text)]
    assert [line for line in clean_text(text).split("\n") if line] == [line for line in lines if line]


def test_lines_stay_lines_and_blank_ones_are_no_more_than_one() -> None:
    assert clean_text("One\r\n\r\n\r\n\r\n two\u2028three\u200b\n") == "One\n\ntwo\nthree"
    assert clean_line("  Kim\u00a0Jong\nUn\t\x00 ") == "Kim Jong Un"


@settings(deadline=None)
@given(host=hosts, path=st.text(max_size=12), query=queries, port=st.none() | st.integers(1, 65535))
def test_a_canonical_address_stays_as_it_is(
    host: str, path: str, query: list[tuple[str, str]], port: int | None
) -> None:
    pairs = "&".join(f"{key}={value}" for key, value in query)
    once = canonical_url(f"https://{host}{f':{port}' if port else ''}/{path}?{pairs}#part")
    assert once is None or canonical_url(once) == once


@settings(deadline=None)
@given(st.text())
def test_no_text_makes_an_address_raise(text: str) -> None:
    once = canonical_url(text)
    assert once is None or canonical_url(once) == once


@pytest.mark.parametrize(
    ("given", "canonical"),
    [
        ("https://n.example/a?utm_source=x&utm_medium=rss&fbclid=1&gclid=2", "https://n.example/a"),
        ("https://n.example/a?cid=12&utm_campaign=x", "https://n.example/a?cid=12"),
        ("https://n.example/a?session=7&ref=front&source=wire", "https://n.example/a?ref=front&session=7&source=wire"),
        ("HTTPS://N.Example:443/a#comments", "https://n.example/a"),
        ("http://n.example:8080/a", "http://n.example:8080/a"),
        ("https://n.example/a?b=2&a=1", "https://n.example/a?a=1&b=2"),
        ("ftp://n.example/a", None),
        ("https://user:secret@n.example/a", None),
        ("mailto:desk@n.example", None),
        ("https://n.example:99999/a", None),
        ("/a/b", None),
        ("", None),
        (None, None),
    ],
)
def test_what_does_not_tell_pages_apart_goes(given: str | None, canonical: str | None) -> None:
    assert canonical_url(given) == canonical


@settings(deadline=None)
@given(published=st.none() | moments, seen=moments)
def test_a_date_is_the_one_given_or_none(published: datetime | None, seen: datetime) -> None:
    """It is never now, never after the item was seen by more than clocks differ, and what is refused is flagged."""
    article = normalize(replace(ITEM, published=published, seen=seen))
    assert article.published in (published, None)
    assert article.published is None or article.published <= seen + timedelta(minutes=10)
    assert (article.published is None) == (published is None or bool(article.flags))
    assert article.at <= seen


@pytest.mark.parametrize(
    ("published", "flags"),
    [
        (None, ()),
        (SEEN + timedelta(minutes=5), ()),
        (SEEN + timedelta(minutes=11), ("date_in_future",)),
        (datetime(1970, 1, 1, tzinfo=UTC), ("date_implausible",)),
    ],
)
def test_a_date_that_can_not_be_is_null_and_flagged(published: datetime | None, flags: tuple[str, ...]) -> None:
    article = normalize(replace(ITEM, published=published))
    assert article.flags == flags
    assert article.published == (None if flags else published)


def test_a_flag_of_the_connector_is_kept_and_not_doubled() -> None:
    article = normalize(replace(ITEM, published=SEEN + timedelta(days=1), flags=("summary_only", "date_in_future")))
    assert article.flags == ("summary_only", "date_in_future")


@pytest.mark.parametrize(
    ("given", "zone", "day"),
    [
        ("2025-09-03T08:30:00+09:00", None, date(2025, 9, 3)),
        ("Tue, 02 Sep 2025 16:30:00 -0700", None, date(2025, 9, 2)),
        ("2025-09-02T23:30:00Z", None, date(2025, 9, 2)),
        ("2025-09-02T23:30:00Z", "Asia/Seoul", date(2025, 9, 3)),
        ("2025-09-02T23:30:00Z", "Nowhere/Atall", date(2025, 9, 2)),
    ],
)
def test_today_is_the_day_where_the_text_was_written(given: str, zone: str | None, day: date) -> None:
    at = datetime(2025, 9, 2, 23, 30, tzinfo=UTC)
    article = normalize(replace(ITEM, published=at, published_raw=given, time_zone=zone))
    assert article.dateline_date == day
    assert article.time_zone == (zone if zone == "Asia/Seoul" else None)


def test_without_a_date_today_is_the_day_on_which_it_was_seen() -> None:
    assert normalize(ITEM).dateline_date == SEEN.date()


def test_a_headline_alone_is_a_flash_and_a_summary_stands_in_for_a_text() -> None:
    assert normalize(replace(ITEM, text="")).kind is ItemKind.WIRE_FLASH
    assert normalize(replace(ITEM, text="", summary="In short.")).text == "In short."
    assert normalize(replace(ITEM, text="", kind=ItemKind.LIVEBLOG_ENTRY)).kind is ItemKind.LIVEBLOG_ENTRY


@pytest.mark.parametrize(
    ("title", "hint", "language"),
    [
        ("김정은, 베이징 도착", None, "ko"),
        ("习近平抵达莫斯科", None, "zh"),
        ("習主席、モスクワに到着", None, "ja"),
        ("Путин прибыл в Пекин", "en", "ru"),
        ("Le président chinois est arrivé à Moscou pour une visite d'État de trois jours", None, "fr"),
        ("Der chinesische Präsident ist am Montag in Moskau eingetroffen", None, "de"),
        ("El presidente chino llegó este lunes a Moscú para una visita de Estado", None, "es"),
        ("The president of China arrived in Moscow on Monday for a state visit", None, "en"),
        ("Le film « The Power of the Dog » de Jane Campion est sorti mercredi, a dit son producteur", None, "fr"),
        ("What they said about their visit, which would be the first since 2019, has been denied", None, "en"),
        ("Kim in Wien", "de", "de"),
        ("Kim in Wien", None, None),
    ],
)
def test_the_language_is_that_of_the_script_the_source_or_the_words(
    title: str, hint: str | None, language: str | None
) -> None:
    assert normalize(replace(ITEM, title=title, text="", language=hint)).language == language
