"""docs/operations.md lists every metric with its labels, and none that there is not."""

from __future__ import annotations

import re
from pathlib import Path

from monitor.observe.metrics import Metrics

DOC = Path(__file__).parents[2] / "docs" / "operations.md"


def test_the_table_of_metrics_is_complete() -> None:
    rows = re.findall(r"^\| `(watchdesk_\w+)` \| ([\w, ]*) ?\|", DOC.read_text(encoding="utf-8"), flags=re.MULTILINE)
    documented = {name: [label for label in re.split(r",\s*", labels.strip()) if label] for name, labels in rows}
    metrics = [value for value in vars(Metrics()).values() if hasattr(value, "describe")]
    assert documented == {metric._name: list(metric._labelnames) for metric in metrics}


def test_the_rules_use_only_metrics_that_there_are() -> None:
    """A rule on a name that was changed would never fire."""
    text = DOC.read_text(encoding="utf-8")
    rules = text.split("```yaml", 1)[1].split("```", 1)[0]
    exposed = {sample for metric in Metrics().registry.collect() for sample in (metric.name, f"{metric.name}_total")}
    for name in re.findall(r"watchdesk_\w+", rules):
        assert name.removesuffix("_bucket") in exposed, name
