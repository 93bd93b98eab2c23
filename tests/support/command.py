"""Runs the real command `watchdesk` in a process of its own, with nothing of this machine's settings."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

TIMEOUT = 120  # seconds
BIN = Path(sys.executable).with_name("watchdesk")


@dataclass(frozen=True, slots=True)
class Ended:
    """How a run ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Standard output as JSON."""
        return json.loads(self.out)


@dataclass(slots=True)
class Watchdesk:
    """The command with an empty home and settings of its own (names without the prefix)."""

    home: Path
    settings: dict[str, str] = field(default_factory=dict)

    def environment(self, settings: Mapping[str, str] | None = None) -> dict[str, str]:
        """The environment of a run."""
        given = {**self.settings, **(settings or {})}
        kept = {name: os.environ[name] for name in ("PATH", "LANG", "SYSTEMROOT") if name in os.environ}
        return {
            **kept,
            "HOME": str(self.home),
            "COLUMNS": "200",
            "PYTHONDONTWRITEBYTECODE": "1",
            **{f"WATCHDESK_{name}": value for name, value in given.items()},
        }

    def __call__(self, *arguments: str | Path, given: str = "", **settings: str) -> Ended:
        """Run it to its end."""
        done = subprocess.run(
            [str(BIN), *map(str, arguments)],
            env=self.environment(settings),
            cwd=self.home,
            input=given,
            capture_output=True,
            text=True,
            errors="surrogateescape",
            timeout=TIMEOUT,
            check=False,
        )
        return Ended(done.returncode, done.stdout, done.stderr)

    def start(self, *arguments: str | Path, **settings: str) -> subprocess.Popen[str]:
        """Start it and leave it running; output is piped."""
        return subprocess.Popen(
            [str(BIN), *map(str, arguments)],
            env=self.environment(settings),
            cwd=self.home,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
