"""The gazetteer's files are well formed, agree with one another and hold what they promise."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from importlib import resources
from itertools import combinations
from typing import Any

import pytest
import yaml
from babel import Locale

from monitor.language.gazetteer import load
from monitor.language.tables import past_leaders

FILES = ("leaders", "others", "countries", "places", "offices", "parades", "media")
LANGUAGES = ("en", "ko", "zh", "ja", "ru", "de", "fr", "es")
ORGANISATIONS = {"EU", "UN", "NATO"}
TERRITORIES = {str(code) for code in Locale("en").territories if re.fullmatch("[A-Z]{2}", str(code))}
ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
OFFICES = {
    "president", "prime-minister", "premier", "taoiseach", "chancellor", "chairman-of-government", "king", "queen",
    "emperor", "sultan", "emir", "prince", "crown-prince", "grand-duke", "pope", "leader", "supreme-leader",
    "general-secretary", "chairman", "president-of-commission", "president-of-council", "international",
    "chairman-of-presidency", "captain-regent", "head-of-parliament",
}  # fmt: skip
BEST_COVERED = (
    "AR AU BR CA CN FR DE IN ID IT JP MX RU SA ZA KR TR GB US KP BY KZ KG TJ UZ PK IR "
    "VN LA KH TH MY SG PH MM MN UA IL RS HU SK CU VE EU"
).split()


def text_of(name: str) -> str:
    return resources.files("monitor.language.data").joinpath(f"{name}.yaml").read_text(encoding="utf-8")


def rows_of(name: str) -> Sequence[Mapping[str, Any]]:
    rows: Sequence[Mapping[str, Any]] = yaml.load(text_of(name), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    return rows


DATA = {name: rows_of(name) for name in FILES}
PEOPLE = [*DATA["leaders"], *past_leaders(), *DATA["others"]]


def strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield from strings(key)
            yield from strings(inner)
    elif isinstance(value, Sequence):
        for inner in value:
            yield from strings(inner)


def named_lists(row: Mapping[str, Any]) -> Iterator[tuple[str, str, object]]:
    for key in ("names", "short", "adjectives", "headline", "ambiguous"):
        if isinstance(row.get(key), Mapping):
            yield from ((key, language, names) for language, names in row[key].items())


@pytest.mark.parametrize("name", FILES)
def test_names_are_lists_of_nfc_strings_in_known_languages(name: str) -> None:
    for row in DATA[name]:
        for key, language, names in named_lists(row):
            title = next(row[field] for field in ("id", "iso", "city", "office") if field in row)
            where = f"{name}.yaml: {title}: {key}.{language}"
            assert language in LANGUAGES, where
            assert isinstance(names, list), where
            assert names, where
            for text in names:
                assert isinstance(text, str), f"{where}: {text!r} is not text; quote it"
                assert text == text.strip(), f"{where}: {text!r}"
                assert text, where
            assert len(names) == len(set(names)), f"{where} says a name twice"
        for text in strings(row):
            assert unicodedata.is_normalized("NFC", text), f"{name}.yaml: {text!r} is not NFC"


@pytest.mark.parametrize("name", FILES)
def test_files_say_whence_and_as_of_when_and_stay_readable(name: str) -> None:
    text = text_of(name)
    header = "".join(line for line in text.splitlines(keepends=True)[:12] if line.startswith("#"))
    assert re.search(r"[Aa]s of:? [A-Z][a-z]+ 20\d\d", header), f"{name}.yaml does not say as of when it holds"
    assert "ompiled by hand" in header, f"{name}.yaml does not say whence it comes"
    assert len(text.encode()) < 300_000
    longest = max(text.splitlines(), key=len)
    assert len(longest) <= 140, f"{name}.yaml: {longest[:60]}…"


@pytest.mark.parametrize(
    ("name", "required", "optional"),
    [
        ("leaders", {"id", "country", "offices", "names"}, {"family", "short"}),
        ("others", {"id", "country", "role", "names"}, {"family", "short"}),
        ("countries", {"iso", "leader", "capital"}, {"names", "headline", "adjectives", "ambiguous"}),
        ("places", {"id", "country", "kind", "names"}, {"capital", "ambiguous"}),
        ("offices", {"office", "names"}, {"countries", "common"}),
        ("parades", {"city", "country", "month_day", "yearly", "dates", "names"}, set()),
        ("media", {"id", "country", "state", "standing", "names"}, set()),
    ],
)
def test_rows_have_the_fields_of_their_file_and_no_other(name: str, required: set[str], optional: set[str]) -> None:
    for row in DATA[name]:
        assert required <= set(row), f"{name}.yaml: {row} lacks {required - set(row)}"
        assert set(row) <= required | optional, f"{name}.yaml: {row} has {set(row) - required - optional}"


def test_ids_are_ascii_slugs_and_unique() -> None:
    for names in (("leaders", "others"), ("places",), ("media",)):
        ids = [str(row["id"]) for name in names for row in DATA[name]]
        assert all(ID.fullmatch(one) for one in ids), [one for one in ids if not ID.fullmatch(one)]
        assert len(ids) == len(set(ids)), sorted(one for one in set(ids) if ids.count(one) > 1)
    codes = [row["iso"] for row in DATA["countries"]]
    assert len(codes) == len(set(codes))


def test_country_codes_are_iso_codes_or_named_organisations() -> None:
    for name in FILES:
        for row in DATA[name]:
            listed = [row.get("country"), row.get("iso"), *(row.get("countries") or ())]
            listed += [term.get("country") for term in row.get("offices") or ()]
            for code in listed:
                assert code is None or code in TERRITORIES | ORGANISATIONS, f"{name}.yaml: {code!r} in {row}"


def test_all_members_of_the_united_nations_and_four_more_are_covered() -> None:
    """193 members, and Taiwan, Palestine, Kosovo and the Vatican."""
    codes = {row["iso"] for row in DATA["countries"]}
    assert len(codes) == 197
    assert {"TW", "PS", "XK", "VA", "NO", "SS", "ME", "CH"} <= codes
    assert {str(row["country"]) for row in DATA["leaders"]} - ORGANISATIONS <= codes


def test_every_country_has_its_capital_among_the_places() -> None:
    places = {row["id"]: row for row in DATA["places"]}
    for country in DATA["countries"]:
        capital = places.get(country["capital"])
        assert capital is not None, country
        assert capital["country"] == country["iso"], country
        assert capital.get("capital") is True, country


def test_every_country_has_adjectives_to_tell_its_officials_by() -> None:
    """Those that lack one share it with a neighbour, or have none in use."""
    without = {row["iso"] for row in DATA["countries"] if not row.get("adjectives", {}).get("en")}
    assert without == {"CG", "DM", "KN"}


def test_offices_are_known_and_their_terms_run_forwards() -> None:
    for person in load().people.values():
        for term in person.terms:
            assert term.office in OFFICES, person.id
            if term.since and term.until:
                assert term.since <= term.until, f"{person.id}: {term}"
    assert {row["office"] for row in DATA["offices"]} <= OFFICES
    assert {office for row in DATA["countries"] for office in row["leader"]} <= OFFICES


def _lifespan(row: Mapping[str, Any]) -> tuple[tuple[date, date], ...]:
    person = load().people[str(row["id"])]
    if not person.terms:
        return ((date.min, date.max),)
    return tuple((term.since or date.min, term.until or date.max) for term in person.terms)


def test_no_name_means_two_people_at_the_same_time() -> None:
    """Handing over an office takes a day; family names are shared by nature and not looked at."""
    bearers: dict[tuple[str, str], list[Mapping[str, Any]]] = defaultdict(list)
    for row in PEOPLE:
        for key, language, names in named_lists(row):
            if key in ("names", "short") and isinstance(names, list):
                for text in names:
                    bearers[language, text.lower()].append(row)
    for (language, text), rows in bearers.items():
        for one, other in combinations({str(row["id"]): row for row in rows}.values(), 2):
            for since, until in _lifespan(one):
                for other_since, other_until in _lifespan(other):
                    apart = min(until, other_until) <= max(since, other_since)
                    assert apart, f"{text!r} ({language}) is {one['id']} and {other['id']}"


@pytest.mark.parametrize("day", [date(2025, 9, 3), date(2025, 10, 10), date(2026, 5, 9)])
def test_every_country_has_somebody_in_its_leading_office(day: date) -> None:
    """San Marino's two captains change every half-year and are not kept up."""
    gazetteer = load()
    for country in (row for row in DATA["countries"] if row["iso"] != "SM"):
        known = {person.id for office in country["leader"] for person in gazetteer.holders(country["iso"], office, day)}
        assert known, f"nobody leads {country['iso']} on {day}"


@pytest.mark.parametrize(
    ("country", "office", "day", "holder"),
    [
        ("KP", "leader", date(2018, 6, 12), "kim-jong-un"),
        ("KP", "leader", date(2010, 10, 10), "kim-jong-il"),
        ("KP", "premier", date(2025, 9, 3), "pak-thae-song"),
        ("KR", "president", date(2018, 4, 27), "moon-jae-in"),
        ("KR", "president", date(2024, 10, 1), "yoon-suk-yeol"),
        ("KR", "president", date(2025, 9, 3), "lee-jae-myung"),
        ("CN", "president", date(2015, 9, 3), "xi-jinping"),
        ("CN", "premier", date(2025, 9, 3), "li-qiang"),
        ("RU", "president", date(2010, 5, 9), "dmitry-medvedev"),
        ("RU", "prime-minister", date(2010, 5, 9), "vladimir-putin"),
        ("RU", "president", date(2025, 5, 9), "vladimir-putin"),
        ("US", "president", date(2019, 2, 28), "donald-trump"),
        ("US", "president", date(2023, 9, 13), "joe-biden"),
        ("JP", "prime-minister", date(2025, 9, 3), "shigeru-ishiba"),
        ("JP", "prime-minister", date(2025, 11, 1), "sanae-takaichi"),
        ("VN", "general-secretary", date(2025, 10, 10), "to-lam"),
        ("SY", "president", date(2023, 9, 21), "bashar-al-assad"),
        ("PL", "prime-minister", date(2010, 5, 9), "donald-tusk"),
        ("NL", "prime-minister", date(2017, 7, 14), "mark-rutte"),
        ("NATO", "international", date(2025, 6, 24), "mark-rutte"),
        ("VA", "pope", date(2025, 6, 1), "pope-leo-xiv"),
        ("HU", "prime-minister", date(2026, 6, 1), "peter-magyar"),
    ],
)
def test_an_office_is_resolved_at_its_day(country: str, office: str, day: date, holder: str) -> None:
    assert [person.id for person in load().holders(country, office, day)] == [holder]


@pytest.mark.parametrize("country", BEST_COVERED)
def test_the_leaders_most_in_the_news_have_names_in_five_languages(country: str) -> None:
    """German, French and Spanish fall back to the English spelling; the others cannot."""
    leading = {row["iso"]: row["leader"] for row in DATA["countries"]} | {"EU": ["president-of-commission"]}
    for person in load().holders(country, leading[country][0], date(2025, 9, 3)):
        assert {"en", "ko", "zh", "ja", "ru"} <= set(person.names), person.id


def test_places_are_of_known_kinds_and_every_parade_has_its_city() -> None:
    kinds = {row["kind"] for row in DATA["places"]}
    assert kinds == {"city", "border", "airport", "station", "site", "region"}
    places = {row["id"]: row["country"] for row in DATA["places"]}
    for parade in DATA["parades"]:
        assert places[parade["city"]] == parade["country"], parade["city"]
        month, day = (int(part) for part in parade["month_day"].split("-"))
        assert date(2024, month, day)
        assert parade["dates"] == sorted(set(parade["dates"])), parade["city"]


def test_parade_dates_that_sources_agree_on() -> None:
    held = {f"{row['city']}-{day}" for row in DATA["parades"] for day in row["dates"]}
    assert {
        "beijing-2025-09-03", "beijing-2015-09-03", "beijing-2019-10-01", "moscow-2025-05-09", "moscow-2020-06-24",
        "pyongyang-2025-10-10", "pyongyang-2023-07-27", "pyongyang-2018-02-08", "washington-2025-06-14",
    } <= held  # fmt: skip


def test_who_speaks_for_a_state_is_no_independent_medium() -> None:
    for row in DATA["media"]:
        assert row["standing"] in ("party", "official", "media"), row["id"]
        assert (row["standing"] == "media") is not row["state"], row["id"]


def test_no_organ_shares_its_name_with_another() -> None:
    seen: dict[tuple[str, str], str] = {}
    for row in DATA["media"]:
        for _, language, names in named_lists(row):
            assert isinstance(names, list)
            for text in names:
                assert seen.setdefault((language, text), row["id"]) == row["id"], f"{text!r} in {language}"
