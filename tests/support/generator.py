"""A made-up stream of any length whose alerts are known: leaders' trips told and retold, among other news.

All reports of one trip come from one source, so that they keep their order on any bus however it spreads sources over
partitions; the alerts are then the same whoever processes them.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

STAGES = ("announced", "departed", "arrived", "returned")
TOPIC_COUNT = 8  # each with a channel of its own, since Slack takes about one message a second a channel


@dataclass(frozen=True, slots=True, kw_only=True)
class Leader:
    """Somebody who travels."""

    id: str
    name: str
    title: str
    capital: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Destination:
    """Where to."""

    iso: str
    country: str
    city: str


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Expected:
    """One alert that the stream must raise, once."""

    topic: str
    stage: str
    subject: str
    object: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Generated:
    """One item; `reports` is None for other news."""

    id: str
    source: str
    title: str
    text: str
    reports: Expected | None


def _leader(id: str, title: str, name: str, capital: str) -> Leader:
    return Leader(id=id, name=name, title=title, capital=capital)


LEADERS = (
    _leader("emmanuel-macron", "French President", "Emmanuel Macron", "Paris"),
    _leader("friedrich-merz", "German Chancellor", "Friedrich Merz", "Berlin"),
    _leader("giorgia-meloni", "Italian Prime Minister", "Giorgia Meloni", "Rome"),
    _leader("mark-carney", "Canadian Prime Minister", "Mark Carney", "Ottawa"),
    _leader("anthony-albanese", "Australian Prime Minister", "Anthony Albanese", "Canberra"),
    _leader("narendra-modi", "Indian Prime Minister", "Narendra Modi", "New Delhi"),
    _leader("luiz-inacio-lula-da-silva", "Brazilian President", "Luiz Inacio Lula da Silva", "Brasilia"),
    _leader("recep-tayyip-erdogan", "Turkish President", "Recep Tayyip Erdogan", "Ankara"),
    _leader("cyril-ramaphosa", "South African President", "Cyril Ramaphosa", "Pretoria"),
    _leader("prabowo-subianto", "Indonesian President", "Prabowo Subianto", "Jakarta"),
    _leader("lee-jae-myung", "South Korean President", "Lee Jae Myung", "Seoul"),
    _leader("kassym-jomart-tokayev", "Kazakh President", "Kassym-Jomart Tokayev", "Astana"),
    _leader("shavkat-mirziyoyev", "Uzbek President", "Shavkat Mirziyoyev", "Tashkent"),
    _leader("alexander-lukashenko", "Belarusian President", "Alexander Lukashenko", "Minsk"),
    _leader("aleksandar-vucic", "Serbian President", "Aleksandar Vucic", "Belgrade"),
    _leader("volodymyr-zelenskyy", "Ukrainian President", "Volodymyr Zelenskyy", "Kyiv"),
    _leader("masoud-pezeshkian", "Iranian President", "Masoud Pezeshkian", "Tehran"),
    _leader("anwar-ibrahim", "Malaysian Prime Minister", "Anwar Ibrahim", "Kuala Lumpur"),
    _leader("lawrence-wong", "Singaporean Prime Minister", "Lawrence Wong", "Singapore"),
    _leader("claudia-sheinbaum", "Mexican President", "Claudia Sheinbaum", "Mexico City"),
    _leader("javier-milei", "Argentine President", "Javier Milei", "Buenos Aires"),
    _leader("pedro-sanchez", "Spanish Prime Minister", "Pedro Sanchez", "Madrid"),
    _leader("donald-tusk", "Polish Prime Minister", "Donald Tusk", "Warsaw"),
    _leader("abdel-fattah-el-sisi", "Egyptian President", "Abdel Fattah el-Sisi", "Cairo"),
)
DESTINATIONS = (
    Destination(iso="JP", country="Japan", city="Tokyo"),
    Destination(iso="VN", country="Vietnam", city="Hanoi"),
    Destination(iso="KE", country="Kenya", city="Nairobi"),
    Destination(iso="NO", country="Norway", city="Oslo"),
    Destination(iso="TH", country="Thailand", city="Bangkok"),
    Destination(iso="QA", country="Qatar", city="Doha"),
    Destination(iso="MN", country="Mongolia", city="Ulaanbaatar"),
    Destination(iso="PE", country="Peru", city="Lima"),
    Destination(iso="FI", country="Finland", city="Helsinki"),
    Destination(iso="NP", country="Nepal", city="Kathmandu"),
)
TOLD = {
    "announced": (
        "{title} {name} will visit {country}, a spokesman said.",
        "{title} {name} will travel to {country}, the government in {capital} announced.",
        "{title} {name} will go to {country} for a state visit, a government spokesman said.",
    ),
    "departed": (
        "{title} {name} has left {capital} for {country}, state television reported.",
        "{title} {name} left for {country} from the airport of {capital}.",
        "{title} {name} has departed from {capital} for {country}, a spokesman said.",
    ),
    "arrived": (
        "{title} {name} has arrived in {city}, the capital of {country}.",
        "{title} {name} arrived in {city} and was met at the airport by the foreign minister.",
        "{title} {name} has landed in {city}, state television reported.",
    ),
    "returned": (
        "{title} {name} has returned to {capital} from {country}.",
        "{title} {name} returned home from a visit to {country}, a spokesman said.",
        "{title} {name} is back in {capital} after a visit to {country}.",
    ),
}
OTHER_NEWS = (
    ("Harvest of {n} tonnes expected in the north", "Growers expect {n} tonnes of apples, {m} more than in May."),
    ("Bridge {n} reopens after repairs", "Drivers may use bridge {n} again from tonight; repairs took {m} days."),
    ("Shares close {m} points higher", "The index closed {m} points higher at {n} in quiet trading."),
    ("Museum counts visitor number {n}", "Visitor number {n} was given a book and {m} balloons."),
    ("Striker scores goal {m} of the season", "It was his goal {m} of the season, before {n} spectators."),
)  # fmt: skip


def generate(*, items: int, sources: int, seed: int, reports_each: int = 5) -> tuple[Generated, ...]:
    """`items` items of `sources` sources; each of the trips' stages is reported `reports_each` times.

    Raises ValueError when that leaves no room for all trips.
    """
    source_ids = [f"paper-{number}" for number in range(sources)]
    trips = [list(_trip(place, leader, source_ids, reports_each)) for place, leader in enumerate(LEADERS)]
    told = sum(len(trip) for trip in trips)
    if told > items:
        raise ValueError(f"{told} items tell of trips, more than the {items} asked for: lower `reports_each`")
    dice = random.Random(seed)
    queues = [*trips, [_other_news(number, source_ids, dice) for number in range(items - told)]]
    return tuple(_shuffle_keeping_order(queues, dice))


def expected_alerts(stream: Sequence[Generated]) -> frozenset[Expected]:
    """Every alert that the stream must raise."""
    return frozenset(item.reports for item in stream if item.reports)


def topic_of(leader: Leader) -> str:
    """The topic that watches this leader."""
    return f"trips-{LEADERS.index(leader) % TOPIC_COUNT}"


def channel_of(topic: str) -> str:
    """The id of the channel that hears of a topic."""
    return f"C0{topic.replace('-', '').upper()}"


def topics_yaml() -> str:
    """A `topics.yaml` that watches all trips."""
    lines = ["topics:"]
    for number in range(TOPIC_COUNT):
        watched = [leader for leader in LEADERS if topic_of(leader) == f"trips-{number}"]
        lines += [
            f"  - id: trips-{number}",
            f"    name: Trips {number}",
            "    frame: travel",
            f"    subjects: [{', '.join(leader.id for leader in watched)}]",
            f'    channel: "{channel_of(f"trips-{number}")}"',
        ]
    return "\n".join(lines) + "\n"


def _trip(place: int, leader: Leader, source_ids: Sequence[str], reports_each: int) -> Iterator[Generated]:
    """One leader's journey, stage after stage, all told by one source."""
    to = DESTINATIONS[place % len(DESTINATIONS)]
    source = source_ids[place % len(source_ids)]
    words = {
        "title": leader.title,
        "name": leader.name,
        "capital": leader.capital,
        "country": to.country,
        "city": to.city,
    }
    for stage in STAGES:
        expected = Expected(topic=topic_of(leader), stage=stage, subject=leader.id, object=to.iso)
        for number in range(reports_each):
            sentence = TOLD[stage][number % len(TOLD[stage])].format(**words)
            yield Generated(
                id=f"{leader.id}-{stage}-{number}",
                source=source,
                title=sentence.partition(",")[0].rstrip("."),
                text=f"{sentence}\n\nReport {number + 1} of this paper on the matter.",
                reports=expected,
            )


def _other_news(number: int, source_ids: Sequence[str], dice: random.Random) -> Generated:
    title, text = dice.choice(OTHER_NEWS)
    figures = {"n": 10_000 + number, "m": dice.randint(2, 90)}
    return Generated(
        id=f"other-{number}",
        source=dice.choice(source_ids),
        title=title.format(**figures),
        text=text.format(**figures),
        reports=None,
    )


def _shuffle_keeping_order(queues: Sequence[Sequence[Generated]], dice: random.Random) -> Iterator[Generated]:
    """All items in a random order that keeps each queue's own."""
    turns = [number for number, queue in enumerate(queues) for _ in queue]
    dice.shuffle(turns)
    waiting = [iter(queue) for queue in queues]
    for number in turns:
        yield next(waiting[number])
