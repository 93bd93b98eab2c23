"""Other news around a report changes nothing that it claims; and what is decided of the first items of a stream stands.

The reports are those of the repository's own streams, the other news is in `tests/data/unrelated`.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from benchmarks.quality.streams import OWN, watch_of
from monitor.claims import extract
from monitor.developments import decide
from monitor.frames.document import prepare
from monitor.language import gazetteer
from monitor.language.gazetteer import Kind
from monitor.normalize import normalize
from monitor.pipeline import Watch
from monitor.replay import read_stream
from monitor.types import Article, Decision, Ledger, RawItem

OTHER_NEWS = Path(__file__).parents[2] / "data" / "unrelated" / "paragraphs.yaml"
STREAMS = sorted(path.name for path in OWN.iterdir() if (path / "stream.jsonl").is_file())


def _reports(name: str) -> tuple[Watch, list[RawItem]]:
    items = [line.item for line in read_stream(OWN / name / "stream.jsonl")]
    return watch_of(OWN / name / "topics.yaml"), items


def _claimed(raw: RawItem, watch: Watch) -> set[tuple[str, ...]]:
    claims = extract(normalize(raw), watch.framed, watch.gazetteer, watch.frames).claims
    return {(c.topic, c.stage, c.subject, c.object, c.detail, c.excluded) for c in claims}


def _people(article: Article) -> set[str]:
    return {m.id for m in prepare(article, gazetteer.load()).mentions if m.kind is Kind.PERSON}


def _titled(raw: RawItem) -> Article:
    return normalize(replace(raw, text=""))


def _other_news(raw: RawItem, watch: Watch) -> list[str]:
    """Paragraphs in the report's language that name nobody whom it names or whom the topics watch."""
    paragraphs: list[str] = yaml.safe_load(OTHER_NEWS.read_text(encoding="utf-8"))[raw.language]
    told = _people(normalize(raw)).union(*((*t.subjects, *t.pair) for t in watch.topics))
    return [p for p in paragraphs if told.isdisjoint(_people(normalize(replace(raw, title="", text=p))))]


def _mixed(raw: RawItem, watch: Watch, chance: random.Random) -> Iterator[RawItem]:
    """The report with other news above it, below it, between its paragraphs, and all of it everywhere."""
    told = [line for line in raw.text.split("\n") if line.strip()]
    other = _other_news(raw, watch)
    chance.shuffle(other)
    half = len(told) // 2
    yield replace(raw, text="\n\n".join([*other[:2], *told]))
    yield replace(raw, text="\n\n".join([*told, *other[2:]]))
    yield replace(raw, text="\n\n".join([*told[:half], other[-1], *told[half:]]))
    places = sorted(chance.randrange(len(told) + 1) for _ in other)
    for place, paragraph in reversed(list(zip(places, other, strict=True))):
        told.insert(place, paragraph)
    yield replace(raw, text="\n\n".join(told))


@pytest.mark.parametrize("name", STREAMS)
def test_other_news_around_a_report_changes_no_claim(name: str) -> None:
    """For every report whose title says whom it is about: of other texts nobody could tell which part is the report."""
    watch, items = _reports(name)
    reports = [raw for raw in items if raw.text and _people(_titled(raw)) and _claimed(raw, watch)]
    assert reports, "the stream claims nothing, so that nothing is tested"
    chance = random.Random(name)
    changed = [
        (raw.title, mixed.text)
        for raw in reports
        for mixed in _mixed(raw, watch, chance)
        if _claimed(mixed, watch) != _claimed(raw, watch)
    ]
    assert changed == []


@pytest.mark.parametrize("language", sorted(yaml.safe_load(OTHER_NEWS.read_text(encoding="utf-8"))))
def test_other_news_by_itself_claims_nothing(language: str) -> None:
    """Else the law above would be tested with what is no other news."""
    watch, items = _reports(STREAMS[0])
    paragraphs = yaml.safe_load(OTHER_NEWS.read_text(encoding="utf-8"))[language]
    bare = replace(items[0], title="", text="\n\n".join(paragraphs), language=language)
    assert {claim for claim in _claimed(bare, watch) if not claim[-1]} == set()


def _decided(items: Sequence[RawItem], watch: Watch) -> list[tuple[Decision, ...]]:
    ledger, decisions = Ledger(), []
    for number, raw in enumerate(items):
        article = normalize(raw)
        reading = extract(article, watch.framed, watch.gazetteer, watch.frames)
        decided = decide(article, str(number), reading.claims, ledger, watch.by_id(), frames=watch.frames)
        ledger = decided.ledger
        decisions.append(decided.decisions)
    return decisions


@pytest.mark.parametrize("name", STREAMS)
def test_what_is_decided_of_the_first_items_stands_whatever_follows(name: str) -> None:
    """Replaying any prefix of a stream gives a prefix of the decisions on all of it."""
    watch, items = _reports(name)
    whole = _decided(items, watch)
    assert any(whole), "nothing is decided, so that nothing is tested"
    for length in {1, 2, 5, len(items) // 3, len(items) // 2, len(items) - 1}:
        assert _decided(items[:length], watch) == whole[:length]
