"""Leaders of 2005 and after: named in every script, in office at the right time, never two in one chair."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from importlib import resources
from itertools import pairwise

import pytest

from monitor.language.gazetteer import Gazetteer, Kind, Person, Term, load
from monitor.language.lexicon import lexicon_for
from monitor.language.mentions import find
from monitor.language.tables import past_leaders

TEXT = resources.files("monitor.language.data").joinpath("past_leaders.txt").read_text(encoding="utf-8")
# Offices that several hold, or that are known to the month only.
SHARED_CHAIRS = {("BA", "chairman-of-presidency"), ("SM", "captain-regent"), ("NI", "president")}
# Who acts for a president that is suspended or ill; a president whom two claimed; handing over in one month.
ACTING = timedelta(days=160)


def test_every_past_leader_has_names_in_all_scripts_and_a_term_that_ended() -> None:
    for row in past_leaders():
        assert {"en", "ko", "zh", "ja", "ru"} <= set(row["names"]), row["id"]
        person = load().people[row["id"]]
        assert person.terms, person.id
        for term in person.terms:
            assert term.since is not None, person.id
            assert term.until is not None, person.id
            assert term.since < term.until, person.id
            assert term.until.year >= 2005, f"{person.id} left before 2005"


def test_past_leaders_are_in_no_other_file_and_stand_once() -> None:
    ids = [str(row["id"]) for row in past_leaders()]
    assert len(ids) == len(set(ids))
    assert len(load().people) >= len(ids)
    for row in past_leaders():
        assert load().people[str(row["id"])].names["en"][0] == row["names"]["en"][0], row["id"]
        assert load().people[str(row["id"])].family == row["family"], row["id"]


def test_the_file_stays_small() -> None:
    assert len(TEXT.encode()) < 150_000
    assert max(len(line) for line in TEXT.splitlines() if line.startswith("#")) <= 120


def test_two_people_never_hold_one_office_for_long() -> None:
    held: dict[tuple[str, str], list[tuple[Term, Person]]] = defaultdict(list)
    for person in load().people.values():
        for term in person.terms:
            held[term.country, term.office].append((term, person))
    for chair, terms in held.items():
        terms.sort(key=lambda held: held[0].since or date.min)
        for (one, holder), (following, successor) in pairwise(terms):
            if chair in SHARED_CHAIRS or one.until is None:
                assert chair in SHARED_CHAIRS or holder is successor, f"{chair}: {holder.id} never leaves"
                continue
            both = min(one.until, following.until or date.max) - (following.since or date.min)
            assert both <= ACTING, f"{chair}: {holder.id} and {successor.id} for {both.days} days"


@pytest.mark.parametrize(
    ("country", "office", "day", "holder"),
    [
        ("US", "president", date(2006, 11, 18), "george-w-bush"),
        ("GB", "prime-minister", date(2009, 4, 2), "gordon-brown"),
        ("FR", "president", date(2006, 7, 14), "jacques-chirac"),
        ("DE", "chancellor", date(2005, 5, 9), "gerhard-schroder"),
        ("IT", "prime-minister", date(2009, 7, 8), "silvio-berlusconi"),
        ("JP", "prime-minister", date(2008, 7, 7), "yasuo-fukuda"),
        ("KR", "president", date(2007, 10, 2), "roh-moo-hyun"),
        ("PK", "president", date(2006, 3, 23), "pervez-musharraf"),
        ("UA", "president", date(2008, 8, 24), "viktor-yushchenko"),
        ("GE", "president", date(2008, 8, 12), "mikheil-saakashvili"),
        ("IL", "prime-minister", date(2007, 11, 27), "ehud-olmert"),
        ("IQ", "prime-minister", date(2012, 3, 29), "nouri-al-maliki"),
        ("LY", "leader", date(2007, 12, 10), "muammar-gaddafi"),
        ("SA", "king", date(2009, 6, 3), "abdullah-of-saudi-arabia"),
        ("ET", "prime-minister", date(2015, 7, 26), "hailemariam-desalegn"),
        ("MX", "president", date(2009, 9, 16), "felipe-calderon"),
        ("CL", "president", date(2005, 9, 19), "ricardo-lagos"),
        ("MN", "president", date(2016, 7, 15), "tsakhiagiin-elbegdorj"),
        ("NATO", "international", date(2012, 5, 20), "anders-fogh-rasmussen"),
        ("EU", "president-of-commission", date(2010, 12, 10), "jose-manuel-barroso"),
    ],
)
def test_who_led_in_those_years(country: str, office: str, day: date, holder: str) -> None:
    gazetteer: Gazetteer = load()
    assert [person.id for person in gazetteer.holders(country, office, day)][:1] == [holder]


@pytest.mark.parametrize(
    ("text", "day", "whom"),
    [
        ("Sir Keir Starmer landed in Kyiv", date(2025, 1, 16), "keir-starmer"),
        ("Sheikh Tamim bin Hamad Al Thani flew home", date(2023, 5, 1), "tamim-bin-hamad-al-thani"),
        ("Datuk Seri Najib met his guests", date(2015, 5, 1), "najib-razak"),
        ("Gen Prayut left for Tokyo", date(2016, 5, 1), "prayut-chan-o-cha"),
        ("Shri Modi arrived in Astana", date(2024, 7, 3), "narendra-modi"),
        ("Comrade Fidel Castro received the guests", date(2006, 5, 1), "fidel-castro"),
        ("SBY flew to Washington", date(2012, 5, 1), "susilo-bambang-yudhoyono"),
        ("PNoy stayed in Manila", date(2012, 5, 1), "benigno-aquino-iii"),
    ],
)
def test_titles_and_initials_hide_nobody(text: str, day: date, whom: str) -> None:
    found = find(text, language="en", day=day, gazetteer=load(), lexicon=lexicon_for("en"))
    assert [mention.id for mention in found if mention.kind is Kind.PERSON] == [whom]
