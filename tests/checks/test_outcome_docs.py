"""docs/sources.md: every outcome of a poll is explained, and no other is."""

from __future__ import annotations

import re

from connectors.base import FetchOutcome
from tests.support.prose import ROOT


def test_every_outcome_is_explained() -> None:
    """The closed list of the code is that of the page."""
    page = (ROOT / "docs" / "sources.md").read_text(encoding="utf-8")
    table = page.split("### Outcomes\n", 1)[1].split("\n## ", 1)[0]
    firsts = [line.split("|")[1] for line in table.splitlines() if line.startswith("| `")]
    explained = re.findall(r"`(\w+)`", " ".join(firsts))
    assert sorted(explained) == sorted(FetchOutcome)
