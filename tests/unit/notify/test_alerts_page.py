"""docs/alerts.md says what the program does."""

from __future__ import annotations

import re
from pathlib import Path

import yaml

from monitor.storage.tables import STATES
from tests.support.slack_server import SCOPES

PAGE = (Path(__file__).parents[3] / "docs" / "alerts.md").read_text(encoding="utf-8")


def test_the_manifest_asks_for_the_scopes_that_are_explained_and_no_others() -> None:
    [manifest] = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
    asked = yaml.safe_load(manifest)["oauth_config"]["scopes"]["bot"]
    rows = [line for line in PAGE.splitlines() if re.match(r"\| `(chat|channels|groups):", line)]
    explained = {scope for row in rows for scope in re.findall(r"`([a-z]+:[a-z]+)`", row.split("|")[1])}
    assert sorted(asked) == sorted(explained)
    assert set(asked) == set(SCOPES.split(","))


def test_every_state_of_an_alert_is_explained() -> None:
    section = PAGE.split("| state | meaning |")[1].split("\n\n")[0]
    assert set(re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE)) == set(STATES)
