"""docker-compose.yml as Docker would read it when nothing is set."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[2]
VARIABLE = re.compile(r"\$\{(\w+)(?::-([^}]*))?\}")


def load(environment: Mapping[str, str] | None = None) -> dict[str, Any]:
    """The compose file with its anchors resolved and its variables replaced."""
    given = environment or {}
    text = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
    text = VARIABLE.sub(lambda match: given.get(match[1]) or match[2] or "", text)
    loaded: dict[str, Any] = yaml.safe_load(text)
    return loaded


def services(environment: Mapping[str, str] | None = None) -> dict[str, dict[str, Any]]:
    """The services by name."""
    found: dict[str, dict[str, Any]] = load(environment)["services"]
    return found


def settings_of(service: Mapping[str, Any]) -> dict[str, str]:
    """The WATCHDESK_* variables that a service always gets (those without a value are only passed on)."""
    environment: dict[str, Any] = service.get("environment") or {}
    return {
        name: str(value) for name, value in environment.items() if name.startswith("WATCHDESK_") and value is not None
    }
