"""Why an alert or an item went wrong, as far as the decisions tell: one line each, for whoever mends the reading."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from benchmarks.quality.labels import Development, Said
from benchmarks.quality.scoring import Judged, Relevance, Verdict
from benchmarks.quality.streams import Result
from monitor.types import Decision

SHOWN = 200  # characters of a sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One wrong decision: what kind, on which item, and what was found there."""

    kind: str
    item: str
    language: str
    text: str

    def __str__(self) -> str:
        return f"{self.kind}: {self.item} ({self.language}) {self.text}"


def faults(result: Result) -> Iterator[Fault]:
    """Every wrong decision on a stream: alerts first, then what was missed, then the items."""
    for judged in result.scored.judged:
        if judged.verdict is not Verdict.EXACT:
            yield _of_alert(result, judged)
    for development in result.scored.missed():
        yield _of_missed(result, development)
    for row in result.scored.relevance:
        if row.truth != row.said:
            yield _of_item(result, row)


def _of_alert(result: Result, judged: Judged) -> Fault:
    kind: str = judged.verdict.value
    meant = ""
    if judged.development is not None:
        kind = f"wrong {_difference(judged.said, judged.development.said)}"
        meant = f" for {judged.development.id}"
    made = next((one for one in _decisions(result, judged.item) if said_by(one) == judged.said), None)
    sentence = _around(made) if made else ""
    return _fault(result, kind, judged.item, f"{judged.said}{meant} | {sentence}")


def _of_missed(result: Result, development: Development) -> Fault:
    """What became of the first report: was the claim not read, or read and not taken for news?"""
    first = development.reports[0]
    same = [one for one in _decisions(result, first) if one.claim.topic == development.said.topic]
    exact = [one for one in same if said_by(one) == development.said]
    if exact:
        kind = f"read, but taken for {exact[0].outcome.value}"
    else:
        kind = "read as something else" if same else "not read"
    found = "; ".join(f"{_short(said_by(one))}: {one.outcome.value}, {one.reason}" for one in exact or same)
    title = result.processed[first].article.title
    return _fault(result, f"missed, {kind}", first, f"{development.said} | {title} | {found or 'no claim'}")


def _of_item(result: Result, row: Relevance) -> Fault:
    kind = "item missed" if row.truth else "item wrongly relevant"
    return _fault(result, kind, row.item, f"{row.topic} | {result.processed[row.item].article.title}")


def _fault(result: Result, kind: str, item: str, text: str) -> Fault:
    return Fault(kind=kind, item=item, language=result.processed[item].article.language or "?", text=text)


def _decisions(result: Result, item: str) -> tuple[Decision, ...]:
    return result.processed[item].decisions


def said_by(decision: Decision) -> Said:
    """The words of a decision's claim."""
    claim = decision.claim
    return Said(topic=claim.topic, stage=claim.stage, subject=claim.subject, object=claim.object)


def _around(decision: Decision) -> str:
    """The sentence of a claim; of a long one the part that holds the action."""
    sentence = decision.claim.evidence.sentence
    action = next((span.start for span in decision.claim.evidence.spans if span.label == "action"), 0)
    begin = max(0, min(action - SHOWN // 2, len(sentence) - SHOWN))
    return sentence[begin : begin + SHOWN]


def _short(said: Said) -> str:
    return f"{said.stage} {said.subject} {said.object}"


def _difference(said: Said, meant: Said) -> str:
    names = [name for name in ("stage", "subject", "object") if getattr(said, name) != getattr(meant, name)]
    return " and ".join(names) or "repetition"
