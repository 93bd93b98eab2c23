"""The figures as tables in Markdown: for the terminal and for the page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import reduce
from operator import add
from typing import Any

from benchmarks.quality.by_item import ItemFigures
from benchmarks.quality.figures import Flips, Other, Report, StreamFigures
from benchmarks.quality.flips import FlipFigures
from benchmarks.quality.headlines import Silence
from benchmarks.quality.scoring import ALL, Figures
from benchmarks.quality.streams import LAST

Row = Sequence[object]
OURS = "Watchdesk"
SHORT = 4  # entries of a list of another benchmark


def markdown(report: Report) -> str:
    """All tables of a run, each under its heading."""
    return "\n\n".join(section for section in _sections(report) if section) + "\n"


def table(heads: Sequence[str], rows: Sequence[Row]) -> str:
    """One table; None is a dash."""
    lines = [_line(heads), _line(["---", *["---:"] * (len(heads) - 1)]), *(_line(row) for row in rows)]
    return "\n".join(lines)


def by_topic(named: Mapping[str, Figures]) -> str:
    """A table of figures, each under its name."""
    heads = ["topic", "gold", "strict F1", "P", "R", "repeats", "false", "delay", "relevance P", "R"]
    return table(heads, [(name, *_of_topic(figures)) for name, figures in named.items()])


def _sections(report: Report) -> Iterator[str]:
    if report.streams:
        yield "### Streams"
        yield table(
            ["stream", "items", "gold", "strict F1", "P", "R", "loose F1", "repeats", "false", "delay",
             "relevance P", "R", "first sight"],
            list(_stream_rows(report)),
        )  # fmt: skip
        yield _first_sight(report)
        yield "### By topic"
        yield by_topic(
            {
                f"{stream.name}, {topic}": figures
                for stream in report.streams
                for topic, figures in stream.by_topic.items()
                if topic != ALL
            }
        )
    if any(stream.peers for stream in report.streams):
        yield "### Peers, by items"
        yield table(
            ["tool", "messages", "right", "repeats", "false", "found", "P", "R", "F1", "delay", "best setting"],
            [row for own in (False, True) for row in _peer_rows([s for s in report.streams if s.own is own])],
        )
    yield from _rest(report)


def _rest(report: Report) -> Iterator[str]:
    if report.flips:
        yield "### Flips"
        yield table(
            ["language", "flips", "told", "by an alert", "as what they are", "recall",
             "repetitions", "held back", "share", "first report told"],
            list(_flip_rows(report.flips)),
        )  # fmt: skip
    if report.headlines:
        yield "### General news"
        yield _silence(report.headlines)
    for title, others in (("Stories", report.stories), ("Speed", report.speed)):
        if others:
            yield f"### {title}"
            yield "\n\n".join(_other(other) for other in others)


def _stream_rows(report: Report) -> Iterator[Row]:
    for stream in report.streams:
        sight = stream.first_sight.strict_f1 if stream.first_sight else None
        yield (stream.name, stream.items, *_of_stream(stream.total), sight)
        if stream.worked_on and stream.held_out:
            yield (f"{stream.name}, the two thirds worked on", None, *_of_stream(stream.worked_on), None)
            yield (f"{stream.name}, the third held out", None, *_of_stream(stream.held_out), None)


def _of_stream(figures: Figures) -> Row:
    strict, loose = figures.strict, figures.loose
    return (
        figures.gold,
        *(strict.f1, strict.precision, strict.recall, loose.f1),
        *(figures.repeats, figures.false, figures.mean_delay),
        *(figures.relevance_precision, figures.relevance_recall),
    )


def _of_topic(figures: Figures) -> Row:
    row = _of_stream(figures)
    return (*row[:4], *row[5:])


def _first_sight(report: Report) -> str:
    parts = []
    if report.first_sight_mean is not None:
        parts.append(
            f"Mean strict F1 at first sight of the {LAST} streams that were looked at last: "
            f"{_show(report.first_sight_mean)}."
        )
    if report.unread:
        parts.append(f"Not looked at yet, so not scored: {', '.join(report.unread)}.")
    return " ".join(parts)


def _peer_rows(streams: Sequence[StreamFigures]) -> Iterator[Row]:
    """One row a tool: a single stream by its name, several added up."""
    if not streams:
        return
    where = streams[0].name if len(streams) == 1 else f"{len(streams)} own streams"
    yield (f"{where}: {OURS}", *_by_item(_sum([stream.by_item for stream in streams])), "as shipped")
    for same in zip(*(stream.peers for stream in streams), strict=True):
        found = [peer.figures for peer in same if peer.figures]
        setting = same[0].setting if len(same) == 1 or not found else "the best on each"
        figures = _by_item(_sum(found)) if found else (None,) * 9
        yield (f"{where}: {same[0].name}", *figures, setting)


def _sum(figures: Sequence[ItemFigures]) -> ItemFigures:
    return reduce(add, figures, ItemFigures())


def _by_item(figures: ItemFigures) -> Row:
    rate = figures.rate
    return (
        *(figures.alerts, figures.right, figures.repeats, figures.false, f"{figures.found}/{figures.gold}"),
        *(rate.precision, rate.recall, rate.f1, figures.mean_delay),
    )


def _flip_rows(flips: Flips) -> Iterator[Row]:
    yield ("all", *_of_flips(flips.total))
    for language, figures in flips.by_language.items():
        yield (language, *_of_flips(figures))


def _of_flips(figures: FlipFigures) -> Row:
    return (
        *(figures.flips, figures.told, figures.alerted, figures.right_stage, figures.recall),
        *(figures.same, figures.held_back, figures.silence, figures.known),
    )


def _silence(silence: Silence) -> str:
    return (
        f"{silence.headlines:,} real headlines: {silence.relevant} taken for relevant, "
        f"{len(silence.alerts)} false alerts, {silence.in_ten_thousand:g} in 10,000."
    )


def _other(other: Other) -> str:
    rows = [(f"`{other.command}`", ""), *_flat(other.figures)]
    return table(["figure", "value"], rows)


def _flat(figures: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, object]]:
    """Nested figures by their path. A short list is figures of several things, a long one examples."""
    for key, value in figures.items():
        name = f"{above}{key}".replace("_", " ")
        if isinstance(value, Mapping):
            yield from _flat(value, f"{name}, ")
        elif not isinstance(value, list):
            yield (name, value)
        elif len(value) <= SHORT and all(isinstance(each, Mapping) for each in value):
            for number, each in enumerate(value, 1):
                yield from _flat(each, f"{name} {number}, ")


def _line(cells: Sequence[object]) -> str:
    return f"| {' | '.join(_show(cell) for cell in cells)} |"


def _show(value: object) -> str:
    if value is None:
        return "–"
    return f"{value:.3f}" if isinstance(value, float) else str(value)
