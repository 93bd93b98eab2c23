"""Cases for the reader: a text of some day, and every claim that it makes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml
from _pytest.mark import ParameterSet

from monitor.claims import extract
from monitor.language import gazetteer
from monitor.normalize import normalize
from monitor.types import Claim, ItemKind, RawItem, Tier, WatchTopic

READINGS = Path(__file__).parents[2] / "data" / "readings"
TRIPS = WatchTopic(id="trips", name="Trips", frame="travel")
PARADES = WatchTopic(id="parades", name="Parades", frame="attendance")


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A text of some day and all that it claims; `fails` says why the rules miss it today."""

    lang: str
    says: str
    day: str
    title: str = ""
    text: str = ""
    pair: str = ""
    fails: str = ""

    @property
    def wanted(self) -> set[tuple[str, ...]]:
        """(stage, subject, object) of each claim; a stage may be several between which usage differs, "a|b"."""
        return {tuple(part.split()) for part in self.says.split(";") if part.strip()}


def load(name: str) -> list[Case]:
    """The cases of `tests/data/readings/NAME.yaml`."""
    found = yaml.safe_load((READINGS / f"{name}.yaml").read_text(encoding="utf-8"))
    return [Case(lang=lang, **row) for lang, rows in found.items() for row in rows]


def params(found: Sequence[Case]) -> list[ParameterSet]:
    """The cases as pytest takes them; a known gap must stay one until it is mended."""
    return [
        pytest.param(
            case,
            id=f"{case.lang}{number}-{case.says.partition(';')[0].replace(' ', '-') or 'nothing'}",
            marks=[pytest.mark.xfail(strict=True, reason=case.fails)] if case.fails else [],
        )
        for number, case in enumerate(found)
    ]


def item(
    title: str = "",
    text: str = "",
    *,
    day: str = "2024-05-01",
    lang: str | None = "en",
    source: str = "Daily Globe",
    kind: ItemKind = ItemKind.ARTICLE,
    tier: Tier = Tier.OUTLET,
) -> RawItem:
    """A raw item that was published at noon, UTC, and seen five minutes later."""
    return RawItem(
        source_id="globe",
        source_name=source,
        tier=tier,
        kind=kind,
        key="one",
        url="https://globe.example/one",
        title=title,
        text=text,
        language=lang,
        published_raw=f"{day}T12:00:00Z",
        published=datetime.fromisoformat(f"{day}T12:00:00+00:00"),
        seen=datetime.fromisoformat(f"{day}T12:05:00+00:00").astimezone(UTC),
    )


def claims_of(raw: RawItem, *topics: WatchTopic) -> tuple[Claim, ...]:
    """All claims that the rules read out of an item."""
    return extract(normalize(raw), topics, gazetteer.load()).claims


def talks(pair: str) -> WatchTopic:
    """A topic that watches the meetings of "one+other"."""
    return WatchTopic(id="talks", name="Talks", frame="talks", pair=tuple(pair.split("+")))


def said(case: Case, topic: WatchTopic) -> set[tuple[str, ...]]:
    """What the text claims; an object that only the ledger can tell ("?") agrees with any."""
    found = claims_of(item(case.title, case.text, day=case.day, lang=case.lang), topic)
    return {_settled((c.stage, c.subject, c.object), case.wanted) for c in found if not c.excluded}


def _settled(claim: tuple[str, ...], wanted: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    """The wanted claim that this one amounts to, else itself."""
    stage, subject, target = claim
    return next(
        (w for w in wanted if stage in w[0].split("|") and subject == w[1] and target in (w[2], "?")),
        claim,
    )
