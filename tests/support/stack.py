"""The program as a desk runs it: `poll`, `process` and `dispatch` as processes of their own, to be killed at will."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

PROGRAM = Path(sys.executable).with_name("watchdesk")


class Stack:
    """Processes by name; use it with `with`, which kills what still runs."""

    def __init__(self, directory: Path, environment: Mapping[str, str]) -> None:
        self._directory = directory
        directory.mkdir(parents=True, exist_ok=True)
        kept = {name: value for name, value in os.environ.items() if not name.startswith("WATCHDESK_")}
        self._environment = kept | dict(environment)
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self._started: dict[str, tuple[str, Mapping[str, str]]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None, /
    ) -> None:
        for name in list(self._running):
            self.kill(name)

    def run(self, *arguments: str) -> None:
        """Run a command to its end."""
        done = subprocess.run(
            (str(PROGRAM), *arguments), env=self._environment, cwd=self._directory, capture_output=True, timeout=120
        )
        assert done.returncode == 0, f"{arguments} ended with {done.returncode}:\n{done.stderr.decode()}"

    def start(self, name: str, command: str, more: Mapping[str, str] | None = None) -> None:
        """Start `watchdesk COMMAND` under a name of ours, with `more` in its environment."""
        self._started[name] = (command, more or {})
        with self.log(name).open("ab") as log:
            self._running[name] = subprocess.Popen(
                (str(PROGRAM), command),
                env=self._environment | dict(more or {}),
                cwd=self._directory,
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
            )

    def kill(self, name: str) -> None:
        """SIGKILL: no chance to finish anything."""
        process = self._running.pop(name)
        process.kill()
        process.wait()

    def restart(self, name: str) -> None:
        """The same command again, as a supervisor would."""
        self.start(name, *self._started[name])

    def terminate(self, name: str) -> int:
        """SIGTERM; the exit code."""
        process = self._running.pop(name)
        process.send_signal(signal.SIGTERM)
        return process.wait(timeout=40)

    def names(self) -> list[str]:
        """What runs, in order."""
        return sorted(self._running)

    def check_alive(self) -> None:
        """Fail with the log of a process that has ended by itself."""
        for name, process in self._running.items():
            assert process.poll() is None, f"{name} ended with {process.returncode}:\n{self.tail(name)}"

    def log(self, name: str) -> Path:
        """What it printed."""
        return self._directory / f"{name}.log"

    def tail(self, name: str, length: int = 4000) -> str:
        """The end of what it printed."""
        return self.log(name).read_text(errors="replace")[-length:]


def wait_for(what: str, condition: Callable[[], bool], *, seconds: float, each: Callable[[], None]) -> None:
    """Wait until the condition holds, calling `each` in between; fails loudly when it does not come true."""
    deadline = time.monotonic() + seconds
    while not condition():
        each()
        assert time.monotonic() < deadline, f"after {seconds:.0f} s still not: {what}"
        time.sleep(0.2)


def metric(port: int, name: str) -> dict[str, float]:
    """The values of one metric of the process on that port, by their labels as text; nothing while it is not up."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=5) as answer:
            text = answer.read().decode()
    except OSError:
        return {}
    values = [line.removeprefix(name).rpartition(" ") for line in text.splitlines() if line.startswith(f"{name}{{")]
    return {labels: float(value) for labels, _, value in values}


def partitions_of(port: int) -> set[str]:
    """The partitions that a processor says it reads."""
    labels = metric(port, "watchdesk_consumer_lag_messages")
    return {label.partition('partition="')[2].partition('"')[0] for label in labels}


def stored_by(port: int) -> float:
    """How many new items a processor says it has stored."""
    counts = metric(port, "watchdesk_items_processed_total")
    return sum(value for labels, value in counts.items() if 'outcome="new"' in labels)
