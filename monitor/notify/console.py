"""Alerts on a terminal or in a log: the same content as in Slack, behind the same port.

What was said is kept in a small file of JSON lines, so that `find` works after a restart.  A line is said first and
recorded then: a process that dies between the two says it again, which a terminal, unlike a channel, forgives.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import IO

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.panel import Panel
from rich.text import Text

from monitor.errors import NotifyError, Verdict
from monitor.notify.base import Doubled, Receipt, Report
from monitor.notify.content import Content, content, counts, note_content, report_heading, report_lines
from monitor.types import Alert, Mend


@dataclass(frozen=True, slots=True, kw_only=True)
class _Said:
    """One message that stands."""

    key: str
    receipt: Receipt
    thread: str | None


class ConsoleNotifier:
    """Says alerts to a stream; needs no account and no network."""

    def __init__(
        self,
        stream: IO[str],
        *,
        record: Path,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        width: int | None = None,
    ) -> None:
        self._console = Console(file=stream, width=width, highlight=False, emoji=False, markup=False)
        self._record = record
        self._clock = clock

    def __repr__(self) -> str:
        return f"ConsoleNotifier({str(self._record)!r})"

    def post(self, alert: Alert, *, key: str) -> Receipt:
        """Print it."""
        receipt = self._receipt(alert.channel)
        self._print(_panel(content(alert), alert.channel))
        self._remember("say", key, receipt)
        return receipt

    def edit(self, receipt: Receipt, alert: Alert, *, key: str) -> None:
        """Print what the message would now say: its reports and what became of it; of a summary, its numbers."""
        self._standing(receipt)
        said = content(alert)
        told = said.changed if said.summary else counts(alert.reports, alert.independent)
        self._print(_line("✎", " · ".join((*said.mends, told)), said.headline, struck=said.void))

    def reply(self, receipt: Receipt, reports: Sequence[Report], *, key: str) -> Receipt:
        """Print the later reports."""
        lines = report_lines(reports)
        told = [
            f"{line.source} ({line.note}): {line.title}" + (f" · {line.link.url}" if line.link else "")
            for line in lines
        ]
        shown = Group(
            Text(f"↳ {report_heading(len(lines))}", style="bold"), *(Padding(Text(t), (0, 0, 0, 2)) for t in told)
        )
        return self._answer(receipt, shown, key)

    def note(self, receipt: Receipt, mend: Mend, *, key: str, broadcast: bool = False) -> Receipt:
        """Print what has changed."""
        said = note_content(mend)
        told = [said.quote, f"{said.who} · {said.link.url}" if said.link else said.who]
        if said.before:
            told.append(f"Told before by {said.before}")
        parts = (Padding(Text(each), (0, 0, 0, 2)) for each in told if each)
        return self._answer(receipt, Group(Text(f"↳ {said.headline}", style="bold"), *parts), key)

    def _answer(self, receipt: Receipt, shown: RenderableType, key: str) -> Receipt:
        """Print what belongs to a message, and remember it in its thread."""
        self._standing(receipt)
        answer = self._receipt(receipt.channel)
        self._print(shown)
        self._remember("say", key, answer, thread=receipt.ts)
        return answer

    def find(
        self, channel: str, keys: Sequence[str], *, thread: Receipt | None = None, since: datetime | None = None
    ) -> dict[str, Receipt]:
        """Look in the record."""
        within = thread.ts if thread else None
        found: dict[str, Receipt] = {}
        for said in self._said():
            fits = said.receipt.channel == channel and said.thread == within and said.key in keys
            if fits and (since is None or _moment(said.receipt) >= since):
                found.setdefault(said.key, said.receipt)
        return found

    def sweep(self, channel: str, *, since: datetime) -> Sequence[Doubled]:
        """Take back what was said twice, as far as a stream allows."""
        standing: dict[str, list[Receipt]] = {}
        for said in self._said():
            if said.receipt.channel == channel and said.thread is None and _moment(said.receipt) >= since:
                standing.setdefault(said.key, []).append(said.receipt)
        doubled = []
        for key, (first, *later) in standing.items():
            for receipt in later:
                self._print(_line("✗", "said twice, the second is void", key))
                self._remember("delete", key, receipt)
            if later:
                doubled.append(Doubled(key=key, kept=first, deleted=tuple(later)))
        return doubled

    def check(self, channel: str) -> str:
        """Try the record."""
        self._said()
        return f"this console, channel {channel}"

    def _print(self, what: RenderableType) -> None:
        try:
            self._console.print(what)
            self._console.file.flush()
        except OSError as error:
            raise NotifyError(Verdict.STOP, f"the console can't be written to: {error}", code="console") from error

    def _receipt(self, channel: str) -> Receipt:
        """A name of its own for a message, in Slack's form: seconds and microseconds, later than all before."""
        now = self._clock()
        last = max((_moment(said.receipt) for said in self._said()), default=None)
        if last is not None and now <= last:
            now = last + timedelta(microseconds=1)
        return Receipt(channel=channel, ts=f"{int(now.timestamp())}.{now.microsecond:06d}")

    def _standing(self, receipt: Receipt) -> None:
        if all(said.receipt != receipt for said in self._said()):
            raise NotifyError(
                Verdict.BAD_MESSAGE, f"{receipt.ts} does not stand in {receipt.channel}", code="message_not_found"
            )

    def _remember(self, act: str, key: str, receipt: Receipt, *, thread: str | None = None) -> None:
        line = {"act": act, "key": key, "channel": receipt.channel, "ts": receipt.ts, "thread": thread}
        try:
            self._record.parent.mkdir(parents=True, exist_ok=True)
            with self._record.open("a", encoding="utf-8") as file:
                file.write(json.dumps(line) + "\n")
        except OSError as error:
            message = f"the record of what was said can't be written: {error}"
            raise NotifyError(Verdict.STOP, message, code="record") from error

    def _said(self) -> list[_Said]:
        """What stands, in the order in which it was said."""
        try:
            lines = self._record.read_text(encoding="utf-8").splitlines() if self._record.exists() else []
        except OSError as error:
            message = f"the record of what was said can't be read: {error}"
            raise NotifyError(Verdict.STOP, message, code="record") from error
        said: dict[tuple[str, str], _Said] = {}
        for number, line in enumerate(lines, start=1):
            try:
                entry = json.loads(line)
                receipt = Receipt(channel=entry["channel"], ts=entry["ts"])
                act, key, thread = entry["act"], entry["key"], entry["thread"]
            except (ValueError, KeyError, TypeError) as error:
                message = f"{self._record}, line {number} is damaged; delete the line and start again"
                raise NotifyError(Verdict.STOP, message, code="record") from error
            if act == "delete":
                said.pop((receipt.channel, receipt.ts), None)
            else:
                said[receipt.channel, receipt.ts] = _Said(key=key, receipt=receipt, thread=thread)
        return list(said.values())


def _moment(receipt: Receipt) -> datetime:
    seconds, _, micros = receipt.ts.partition(".")
    return datetime.fromtimestamp(int(seconds), UTC) + timedelta(microseconds=int(micros))


def _line(sign: str, bold: str, rest: str, *, struck: bool = False) -> Text:
    return Text.assemble(f"{sign} ", (bold, "bold"), " · ", (rest, "strike" if struck else ""))


def _panel(said: Content, channel: str) -> Panel:
    parts: list[RenderableType] = [Text(said.headline, style="bold strike" if said.void else "bold")]
    parts += [Text(f"• {line}", style="bold") for line in said.mends]
    parts += [Text(f"• {line}") for line in said.lines]
    if said.changed:
        parts.append(Text(said.changed))
    if said.quote:
        parts.append(Padding(Text(f"“{said.quote}”", style="italic"), (1, 0, 0, 2)))
    if not said.summary:
        parts.append(Padding(Text(f"— {said.who}"), (0, 0, 0, 2)))
    if said.link:
        parts.append(Padding(Text(said.link.url, style="blue", overflow="fold"), (0, 0, 1, 2)))
    parts += [Text.assemble((f"{fact.label}: ", "bold"), fact.value) for fact in said.facts]
    if said.story:
        parts.append(Text("Earlier in this story", style="bold"))
        parts += [Text(f"  • {line}") for line in said.story]
    parts += [Text(f"{reason.label}: {reason.value}", style="dim") for reason in said.reasons]
    return Panel(
        Group(*parts),
        title=Text(" · ".join(part for part in (said.status, said.about) if part)),
        title_align="left",
        subtitle=Text(channel, style="dim"),
        subtitle_align="right",
        border_style="dim" if said.summary else "red",
    )
