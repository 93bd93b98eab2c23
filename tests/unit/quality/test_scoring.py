"""The measure of alerts: what is right, a repeat, false or missed, and when it is late."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from benchmarks.quality.by_item import ItemAlert, alerts_of, score_items
from benchmarks.quality.labels import Development, Gold, Labels, Output, Said, read_gold, read_output
from benchmarks.quality.scoring import ALL, Figures, Verdict, figures, score
from monitor.errors import ConfigError

ROOT = Path(__file__).parents[3]
SCORER = ROOT.parent / "shared" / "eval" / "score.py"
STREAM = ROOT / "tests" / "data" / "streams" / "xi-moscow-2015"


def said(stage: str, topic: str = "trips", where: str = "CN") -> Said:
    return Said(topic=topic, stage=stage, subject="ada-lovelace", object=where)


def development(stage: str, *reports: str, optional: bool = False, topic: str = "trips") -> Development:
    return Development(id=f"{topic}-{stage}", said=said(stage, topic), optional=optional, reports=reports)


def gold(*developments: Development, items: tuple[str, ...] = ("i1", "i2", "i3", "i4")) -> Gold:
    return Gold(
        order={item: place for place, item in enumerate(items)},
        developments=developments,
        items={
            each: Labels(relevant=frozenset({d.said.topic for d in developments if each in d.reports}))
            for each in items
        },
    )


def output(item: str, *alerts: Said, topics: tuple[str, ...] = ("trips",)) -> Output:
    return Output(item=item, topics=frozenset(topics), alerts=alerts)


def verdicts(truth: Gold, *outputs: Output) -> list[Verdict]:
    return [one.verdict for one in score(truth, outputs).judged]


def test_an_alert_on_the_first_report_is_right_and_a_second_one_repeats() -> None:
    truth = gold(development("announced", "i1", "i2"))
    said_twice = verdicts(truth, output("i1", said("announced")), output("i2", said("announced")))
    assert said_twice == [Verdict.EXACT, Verdict.REPEAT]


def test_other_words_for_what_the_item_reports_are_loosely_right() -> None:
    truth = gold(development("announced", "i1"))
    assert verdicts(truth, output("i1", said("arrived"))) == [Verdict.LOOSE]
    total = figures(score(truth, [output("i1", said("arrived"))]))[ALL]
    assert (total.loose.f1, total.strict.f1) == (1.0, 0.0)


def test_a_looser_alert_takes_no_development_that_another_names_rightly() -> None:
    truth = gold(development("announced", "i1"), development("invited", "i1"))
    assert verdicts(truth, output("i1", said("arrived"), said("announced"))) == [Verdict.EXACT, Verdict.LOOSE]


def test_what_reports_nothing_of_the_topic_is_false() -> None:
    truth = gold(development("announced", "i1"), development("held", "i2", topic="talks"))
    assert verdicts(truth, output("i2", said("announced"))) == [Verdict.FALSE]
    assert verdicts(truth, output("i1", said("announced", topic="floods"))) == [Verdict.UNKNOWN]


def test_optional_developments_count_neither_way() -> None:
    truth = gold(development("announced", "i1"), development("possible", "i1", optional=True))
    silent = figures(score(truth, [output("i1", said("announced"))]))[ALL]
    told = figures(score(truth, [output("i1", said("announced"), said("possible"))]))[ALL]
    assert silent == told
    assert (told.gold, told.found, told.strict.f1) == (1, 1, 1.0)


def test_delay_is_the_number_of_reports_before_the_alert() -> None:
    truth = gold(development("announced", "i1", "i2", "i3"))
    late = figures(score(truth, [output("i3", said("announced"))]))[ALL]
    assert (late.mean_delay, late.max_delay) == (2.0, 2)


def test_relevance_leaves_out_what_is_arguable() -> None:
    labels = {"i1": Labels(relevant=frozenset({"trips"})), "i2": Labels(optional=frozenset({"trips"}))}
    truth = Gold(order={"i1": 0, "i2": 1, "i3": 2}, developments=(), items=labels)
    total = figures(score(truth, [output("i1"), output("i2"), output("i3")]))[ALL]
    assert (total.relevance_precision, total.relevance_recall) == (0.5, 1.0)


def test_a_part_of_the_items_is_scored_apart() -> None:
    """A development goes with its first report, a false alert with its item."""
    truth = gold(development("announced", "i1", "i2"), development("arrived", "i3"))
    outputs = [output("i2", said("announced")), output("i3", said("arrived")), output("i4", said("left"))]
    first, rest = (figures(score(truth, outputs), keep)[ALL] for keep in (lambda i: i == "i1", lambda i: i != "i1"))
    assert (first.gold, first.found, first.false) == (1, 1, 0)
    assert (rest.gold, rest.found, rest.false) == (1, 1, 1)


def test_the_missed_are_named() -> None:
    truth = gold(development("announced", "i1"), development("arrived", "i2"))
    assert [each.id for each in score(truth, [output("i1", said("announced"))]).missed()] == ["trips-arrived"]


def test_a_message_on_an_item_brings_all_that_it_reports() -> None:
    truth = gold(development("announced", "i1", "i2"), development("invited", "i1"), development("arrived", "i3"))
    messages = [ItemAlert(item=item, topic="trips") for item in ("i1", "i2", "i4")]
    counted = score_items(truth, messages)
    assert (counted.right, counted.repeats, counted.false, counted.found, counted.gold) == (1, 1, 1, 2, 3)
    assert (counted + counted).gold == 6


def test_a_message_on_what_is_optional_counts_neither_way() -> None:
    truth = gold(development("possible", "i1", optional=True), development("announced", "i2"))
    assert score_items(truth, [ItemAlert(item="i1", topic="trips")]).alerts == 0


def test_two_alerts_on_one_item_and_topic_are_one_message() -> None:
    outputs = [output("i1", said("announced"), said("invited"), said("held", topic="talks"))]
    assert [message.topic for message in alerts_of(outputs)] == ["talks", "trips"]


def test_gold_that_names_unknown_items_is_refused(tmp_path: Path) -> None:
    row = {"id": "d", "topic": "t", "stage": "s", "subject": "s", "object": "o", "optional": False, "reports": ["i9"]}
    (tmp_path / "gold.json").write_text(json.dumps({"developments": [row], "items": {}}), encoding="utf-8")
    with pytest.raises(ConfigError, match=r"gold\.json names items that the stream lacks: i9"):
        read_gold(tmp_path, ["i1"])


@pytest.mark.skipif(not SCORER.is_file(), reason="../shared/eval/score.py is not there")
@pytest.mark.parametrize("seed", range(6))
def test_the_script_that_defines_the_measure_gives_the_same_figures(tmp_path: Path, seed: int) -> None:
    """On outputs that mix the right words, wrong ones, repeats, silence and noise."""
    order = [json.loads(line)["id"] for line in (STREAM / "stream.jsonl").read_text(encoding="utf-8").splitlines()]
    truth = read_gold(STREAM, order)
    lines = _noise(truth, random.Random(seed))
    path = tmp_path / "output.jsonl"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    command = [sys.executable, str(SCORER), str(STREAM), str(path), "--json"]
    expected = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    ours = {topic: _as_scorer(each) for topic, each in figures(score(truth, read_output(lines))).items()}
    assert ours == expected


def _noise(truth: Gold, dice: random.Random) -> list[str]:
    known = [each.said for each in truth.developments]
    lines = []
    for item in truth.order:
        here = [each.said for each in truth.developments if item in each.reports]
        alerts = [_pick(dice, here, known) for _ in range(dice.choice((0, 0, 1, 1, 2)))]
        row = {
            "item": item,
            "topics": [topic for topic in truth.topics if dice.random() < 0.4],
            "alerts": [
                {name: getattr(one, name) for name in ("topic", "stage", "subject", "object")} for one in alerts
            ],
        }
        lines.append(json.dumps(row))
    return lines


def _pick(dice: random.Random, here: list[Said], known: list[Said]) -> Said:
    return dice.choice(here) if here and dice.random() < 0.6 else dice.choice(known)


def _as_scorer(one: Figures) -> dict[str, Any]:
    rates = {
        name: {"precision": rate.precision, "recall": rate.recall, "f1": rate.f1}
        for name, rate in (("loose", one.loose), ("strict", one.strict))
    }
    return {
        "relevance": {"precision": one.relevance_precision, "recall": one.relevance_recall},
        "alerts": {"gold": one.gold, "found": one.found, "repeats": one.repeats, "false": one.false, **rates},
        "delay": {"mean": one.mean_delay, "max": one.max_delay},
    }
