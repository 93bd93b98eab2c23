"""The measures of `benchmarks.stories`, and what the shipped matcher reaches on the labelled files."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks import stories_speed
from benchmarks.stories import load, main, measure_shipped
from benchmarks.stories_data import Item, bcubed, pair_score, read
from benchmarks.stories_model import Example, Merge, groups, merges, regress, stream, stream_groups, stream_table
from benchmarks.stories_ways import (
    Collection,
    Judged,
    by_cosine,
    by_model,
    collection_cut,
    cross_validated,
    cut_for_any_size,
)
from monitor.stories import nearest, tell
from monitor.stories.likeness import Likeness, shipped

SHARED = Path(__file__).parents[3] / "shared" / "data" / "same-event"
ALLSIDES = SHARED / "allsides-2021-first-half.jsonl"
ECB = SHARED / "ecbplus-topics-1-35.jsonl"
needs_files = pytest.mark.skipif(not ALLSIDES.exists(), reason="../shared/data/same-event is not here")


def _item(event: str, *, day: float | None = 0.0, title: str = "", fold: int = 0) -> Item:
    return Item(name=title, event=event, topic="t", fold=fold, day=day, told=tell(title, "", "en"))


def test_bcubed_of_a_known_case() -> None:
    """Three of one event, one of them put with another event's: worked out by hand."""
    items = [_item("a"), _item("a"), _item("a"), _item("b")]

    score = bcubed([1, 1, 2, 2], items)

    assert score.precision == pytest.approx((1 + 1 + 0.5 + 0.5) / 4)
    assert score.recall == pytest.approx((2 / 3 + 2 / 3 + 1 / 3 + 1) / 4)
    assert bcubed([1, 1, 1, 2], items).f1 == pytest.approx(1.0)


def test_pairs_are_scored_by_what_was_said_and_what_is_so() -> None:
    """One hit of two said and of three true."""
    score = pair_score([(0, 1), (0, 2)], [(0, 1), (3, 4), (5, 6)])

    assert (score.precision, score.recall) == pytest.approx((1 / 2, 1 / 3))
    assert pair_score([], [(0, 1)]).f1 == 0


def test_pairs_of_several_folds_are_counted_together() -> None:
    """One right pair in a fold of two, three wrong ones in a fold of three: one in four, whatever the folds' sizes."""
    items = [
        *(_item("a", fold=0) for _ in range(2)),
        *(_item(event, fold=1) for event in ("b", "c", "d")),
        *(_item("e", fold=2) for _ in range(2)),
    ]
    alike = Likeness(*[0.0] * 8)
    pairs = {(a, b): alike for b, two in enumerate(items) for a in range(b) if items[a].fold == two.fold}
    collection = Collection(name="", items=items, pairs=pairs, stream={}, steps=[(n, ()) for n in range(len(items))])
    odds = {pair: 0.0 if items[pair[0]].fold == 2 else 1.0 for pair in pairs}

    outcome = cross_validated(collection, lambda fold: Judged(pairs=odds, stream={}), [0.5])

    assert outcome.pairs is not None
    assert (outcome.pairs.precision, outcome.pairs.recall) == pytest.approx((1 / 4, 1 / 2))
    assert outcome.groups.precision == 1
    assert outcome.groups.recall == pytest.approx(5 / 7)


def test_groups_join_by_their_least_alike_members() -> None:
    """Complete link: 2 is like 1 and not like 0, so that it stays out of {0, 1}; 3 can't be compared with 0."""
    done = merges({(0, 1): 3.0, (1, 2): 2.0, (0, 2): -1.0, (2, 3): 1.0, (1, 3): 2.5})

    assert done[0] == Merge(3.0, 0, 1)
    assert [merge.height for merge in done] == sorted((merge.height for merge in done), reverse=True)
    named = groups(4, done, 0.0)
    assert named[0] == named[1]
    assert named[2] == named[3]
    assert named[0] != named[2]
    assert len(set(groups(4, done, 5.0))) == 4


def test_a_story_is_compared_with_its_first_tellings() -> None:
    """Of three that are one story only the first is looked at, and it is like the last; the others are not."""
    steps = [(0, []), (1, [0]), (2, [0, 1]), (3, [0, 1, 2])]
    odds = {(0, 1): 1.0, (0, 2): 1.0, (1, 2): 1.0, (0, 3): 1.0, (1, 3): -9.0, (2, 3): -9.0}

    assert stream_groups(steps, odds, 0.0, most=1) == [0, 0, 0, 0]
    assert stream_groups(steps, odds, 0.0, most=2) == [0, 0, 0, 3]


def test_the_cut_of_a_collection_grows_with_the_root_of_its_size() -> None:
    """The one that parts what is alike by chance from what is one event."""
    texts = ["fire mill ghent", "fire mill ghent burns", "quake aceh island", "quake aceh island shakes", "fire aceh"]
    items = [_item(event, day=None, title=text) for event, text in zip("aabbc", texts, strict=True)]
    pairs = {(a, b): Likeness(*[0.0] * 8) for b in range(len(items)) for a in range(b)}
    collection = Collection(name="", items=items, pairs=pairs, stream=None, steps=[])
    alike = by_cosine(collection).pairs
    chance = max(value for (a, b), value in alike.items() if items[a].event != items[b].event)

    per_root = cut_for_any_size(collection, [chance / 10, chance / 2, 1.0])

    assert per_root == chance / 2
    assert collection_cut(per_root, 5) > chance > collection_cut(chance / 10, 5)
    assert collection_cut(0.002, 400) == pytest.approx(2 * collection_cut(0.002, 100)) == pytest.approx(0.04)


def test_a_regression_finds_the_weights_that_made_the_labels() -> None:
    """x > 0.5 is one event, y means nothing."""
    rows = [Example((x / 20, y / 3, 1.0), x > 10, 1.0) for x in range(21) for y in range(4)]

    x, y, bias = regress(rows)

    assert x > 5
    assert abs(y) < 0.5
    assert -bias / x == pytest.approx(0.525, abs=0.05)


def test_a_line_of_another_format_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The file, the line and what is expected."""
    path = tmp_path / "odd.jsonl"
    path.write_text(
        '{"doc": "1", "topic": 1, "event": "a", "text": "Fire in Ghent"}\n{"title": "x"}\n', encoding="utf-8"
    )

    assert main([str(path)]) == 2

    assert "odd.jsonl, line 2" in capsys.readouterr().err


def test_a_file_without_dates_is_grouped_as_a_whole(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The command reads ECB+'s format and prints the three ways."""
    path = tmp_path / "some.jsonl"
    texts = [("a", "Fire destroys mill in Ghent"), ("a", "Mill in Ghent destroyed by fire"), ("b", "Quake shakes Aceh")]
    rows = [
        {"doc": f"{fold}-{n}", "topic": fold, "event": f"{fold}-{event}", "text": f"{text} {'x' * (fold + 3)}"}
        for fold in range(5)
        for n, (event, text) in enumerate(texts)
    ]
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")

    assert main([str(path), "--json", "--errors"]) == 0

    report = json.loads(capsys.readouterr().out)[str(path)]
    assert report["learned_on"] is False
    assert report["texts"] == 15
    assert set(report["shipped"]) == {"bcubed"}
    assert {"cross-validated", "TF-IDF cosine, cross-validated"} < set(report)
    assert any(kind == "false merge" for kind, _, _ in report["errors"])  # the fires differ by one made-up word


def test_speed_needs_enough_texts(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Too few texts would measure something else."""
    path = tmp_path / "few.jsonl"
    path.write_text('{"doc": "1", "topic": 1, "event": "a", "text": "Fire in Ghent"}\n', encoding="utf-8")

    assert stories_speed.main([str(path)]) == 2

    assert "1 texts are too few, give at least 700" in capsys.readouterr().err


@needs_files
def test_speed_is_measured_for_each_number_of_stories(capsys: pytest.CaptureFixture[str]) -> None:
    """One figure for each, and each of them some time."""
    assert stories_speed.main([str(ALLSIDES), "--json"]) == 0

    figures = json.loads(capsys.readouterr().out)["milliseconds_per_item"]
    assert list(figures) == ["20", "60", "300", "600"]
    assert min(figures.values()) > 0


@needs_files
def test_the_stream_is_grouped_as_the_product_groups_it() -> None:
    """`nearest`, item by item, gives the groups that the benchmark scores, if it keeps every telling."""
    items = read(ALLSIDES)[:150]
    steps = stream(items)
    story = [-1] * len(items)
    for index, before in steps:
        match = nearest(items[index].told, [items[each].told for each in before], [story[each] for each in before])
        story[index] = story[before[match.index]] if match is not None and match.same else index

    table = stream_table(items, steps)
    collection = Collection(name="", items=items, pairs={}, stream=table, steps=steps)
    judged = by_model(collection, shipped())
    assert judged.stream is not None
    assert story == stream_groups(steps, judged.stream, shipped().story, most=len(items))


@needs_files
def test_what_ships_reaches_its_figures_on_news() -> None:
    """Just under what was measured: docs/stories.md."""
    outcome = measure_shipped(load(ALLSIDES))

    assert outcome.pairs is not None
    assert outcome.grouped is not None
    assert outcome.pairs.f1 >= 0.84
    assert outcome.grouped.f1 >= 0.89
    assert outcome.groups.f1 >= 0.91


@needs_files
@pytest.mark.slow
def test_what_ships_reaches_its_figures_on_events_of_one_kind() -> None:
    """Just under what was measured: docs/stories.md."""
    assert measure_shipped(load(ECB)).groups.f1 >= 0.90
