"""What `watchdesk demo` shows: a line for each item as it comes in, and a summary at the end."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from monitor.demo.ledger import Arrival, Told, held_back
from monitor.types import Outcome

FICTION = "The news of this demo is recorded and fictional: no such trip took place."
SAID = {
    Outcome.UPDATE: "tells more of what is known",
    Outcome.CONTRADICTION: "contradicts what is known",
    Outcome.CORRECTION: "corrects what is known",
    Outcome.WITHDRAWN: "was taken back",
    Outcome.CORROBORATES: "says again what is known",
    Outcome.SUPERSEDED: "is overtaken by what is known",
    Outcome.BACKGROUND: "is background or history",
    Outcome.NOT_OWN_KNOWLEDGE: "comes from somebody who can't know",
    Outcome.LATE: "is old news",
    Outcome.OUT_OF_EPISODE: "belongs to no trip, parade or meeting that is on",
    Outcome.PENDING: "is too weak to go by alone",
    Outcome.BACKFILL: "was there before we watched",
    Outcome.SAME_VERSION: "stood in the earlier version already",
}
NEXT = (
    ("watchdesk demo --data-dir my-demo", "the same again, and the archive is kept"),
    (
        "env WATCHDESK_DATA_DIR=my-demo watchdesk timeline kim-travel",
        "ask it what was known when; also `search`, `show`",
    ),
    ("watchdesk explain FILE", "what it makes of a text of yours, sentence by sentence"),
    ("watchdesk init DIR", "your own topics, people and sources, in three commented files"),
    ("watchdesk run", "the same, live; with WATCHDESK_SLACK_TOKEN set, alerts go to Slack"),
)


def opening(console: Console, items: int, sources: int, seconds: float) -> None:
    """Say what is going to happen."""
    console.print(f"{items} items from {sources} sources on this machine, about {seconds:.0f} seconds.", style="bold")
    console.print(f"{FICTION}\n", style="yellow")


def item_line(arrival: Arrival) -> Text:
    """One item, and in a word what it came to."""
    edited = " (edited)" if arrival.version > 1 else ""
    line = Text(f"{arrival.seen:%d %b %H:%M}  ", style="dim")
    line.append(f"{arrival.source}: ", style="bold")
    line.append(f"{arrival.title}{edited}", style="")
    line.append(f"  [{_came_to(arrival)}]", style="green" if arrival.new else "dim")
    return line


def _came_to(arrival: Arrival) -> str:
    stages = list(dict.fromkeys(verdict.stage for verdict in arrival.verdicts if verdict.outcome.alerts))
    if stages:
        return f"new: {', '.join(stages)}"
    if arrival.verdicts:
        return SAID[arrival.verdicts[0].outcome]
    return "on a watched topic, nothing new" if arrival.topics else "not on a watched topic"


def summary(console: Console, seen: Sequence[Arrival], told: Sequence[Told], sent: int) -> None:
    """The whole story in figures: what came, what was said, what was held back and why."""
    relevant = [arrival for arrival in seen if arrival.topics]
    each = sum(len(arrival.topics) for arrival in relevant)
    console.rule("What the desk was told")
    console.print(_developments(told))
    console.rule("What it was spared")
    console.print(_silence(seen))
    console.rule("In figures")
    console.print(_figures(len(seen), len(relevant), len(told), sent))
    console.print(
        Text.assemble(
            "\nOne message for each article on each topic would have made ",
            (str(each), "bold"),
            "; the desk got ",
            (str(sent), "bold"),
            ", each on something new.",
        )
    )
    console.print(FICTION, style="yellow")
    console.print("\nWhat to try next", style="bold")
    program = "watchdesk" if shutil.which("watchdesk") else sys.argv[0]
    for command, use in NEXT:
        console.print(Text(f"  {command.replace('watchdesk', program, 1)}", style="cyan"), soft_wrap=True)
        console.print(Text(f"      {use}"))


def _developments(told: Sequence[Told]) -> Table:
    table = Table("first seen", "what", "first told by", "reports", box=None, pad_edge=False)
    for each in told:
        table.add_row(
            f"{each.first_seen:%d %b %H:%M}",
            Text(each.headline, style="green"),
            each.source,
            f"{each.reports} ({each.independent} independent)",
        )
    return table


def _silence(seen: Sequence[Arrival]) -> Table:
    table = Table("claims", "held back, since each", "for example", box=None, pad_edge=False)
    for outcome, cases in sorted(held_back(seen).items(), key=lambda entry: -len(entry[1])):
        arrival, verdict = cases[0]
        table.add_row(str(len(cases)), SAID[outcome], Text(f"{arrival.source}: {arrival.title}\n{verdict.reason}"))
    return table


def _figures(items: int, relevant: int, told: int, sent: int) -> Table:
    table = Table(box=None, show_header=False, pad_edge=False)
    table.add_row(str(items), "items came in, edits included")
    table.add_row(str(relevant), "of them on a watched topic")
    table.add_row(str(told), "developments: the first report of something new")
    table.add_row(str(sent), "alerts sent")
    return table
