"""Every figure of quality, with the errors behind it.

    python -m benchmarks.quality [STREAM_FOLDER…] [--json] [--only PART] [--all-errors] [--first-sight]

Without folders: the labelled streams beside the repository and its own, the pairs of flips, general headlines, and the
benchmarks of stories and of speed; then the tables of docs/quality.md are written anew. With folders: these streams.
Everything but the speed comes out the same each time. docs/quality.md says what the figures mean.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.quality import figures, page, streams, tables
from benchmarks.quality.archives import Archives, empty_archives
from benchmarks.quality.figures import Part, Report, StreamFigures
from monitor.errors import WatchdeskError


def main() -> None:
    """Measure what was asked for, print it, and keep the page."""
    options = _parser().parse_args()
    try:
        folders = options.folders or streams.known_folders()
        with empty_archives() as archives:
            if options.first_sight:
                _first_sight(options.folders, archives)
                return
            wanted = _wanted(options.only, bool(options.folders))
            unread = [] if options.folders else list(streams.unread(folders))
            report = measure(
                [folder for folder in folders if folder not in unread],
                unread,
                wanted,
                archives,
                all_errors=options.all_errors,
            )
        print(json.dumps(figures.as_data(report), ensure_ascii=False, indent=2) if options.json else text(report))
        if not options.folders and not options.only:
            _keep(report)
    except WatchdeskError as error:
        sys.exit(str(error))


def measure(
    folders: Sequence[Path], unread: Sequence[Path], wanted: frozenset[Part], archives: Archives, *, all_errors: bool
) -> Report:
    """Run the parts that are wanted."""
    scored: tuple[StreamFigures, ...] = ()
    if wanted & {Part.STREAMS, Part.PEERS}:
        scored = tuple(
            figures.of_stream(
                streams.run(streams.read_folder(folder), archives),
                with_peers=Part.PEERS in wanted,
                all_errors=all_errors,
            )
            for folder in folders
        )
    return Report(
        streams=scored,
        unread=tuple(folder.name for folder in unread),
        first_sight_mean=figures.mean_first_sight(folders),
        flips=figures.of_flips(archives) if Part.FLIPS in wanted else None,
        headlines=figures.of_headlines(archives) if Part.HEADLINES in wanted else None,
        stories=figures.of_stories() if Part.STORIES in wanted else (),
        speed=figures.of_speed() if Part.SPEED in wanted else (),
    )


def text(report: Report) -> str:
    """The tables, and under them every error."""
    parts = [tables.markdown(report)]
    for stream in report.streams:
        parts += _errors(stream.name, stream.faults)
    if report.flips:
        parts += _errors("flips", report.flips.faults)
    if report.headlines:
        parts += _errors("general news", [f"{a.place}: {a.title} | {a.said}" for a in report.headlines.alerts])
    return "\n".join(parts)


def _errors(name: str, faults: Sequence[str]) -> list[str]:
    kinds = ", ".join(f"{count} {kind}" for kind, count in figures.count_kinds(faults))
    return [f"{name}: {kinds or 'no error'}", *(f"  {fault}" for fault in faults)]


def _keep(report: Report) -> None:
    """Write the page, unless something is missing that would then be missing there as well."""
    if all(stream.own for stream in report.streams) or report.headlines is None or not report.stories:
        print(f"{page.PAGE.name} is left as it is: ../shared is not there, so figures are missing.", file=sys.stderr)
        return
    page.write(tables.markdown(report))
    print(f"{page.PAGE.name} is written.", file=sys.stderr)


def _first_sight(folders: Sequence[Path], archives: Archives) -> None:
    """Score each stream for the first and only time, and write that beside it."""
    if not folders:
        raise WatchdeskError("--first-sight needs the folders of the streams that are looked at for the first time.")
    for folder in folders:
        result = streams.run(streams.read_folder(folder), archives)
        seen = streams.record_first_sight(result, at=datetime.now(UTC).replace(microsecond=0), commit=_commit())
        print(f"{result.stream.name}: strict F1 {seen.strict_f1:.3f}, written to {folder / streams.FIRST_SIGHT}")


def _commit() -> str | None:
    described = subprocess.run(
        ["git", "describe", "--always", "--dirty"], cwd=streams.ROOT, capture_output=True, text=True, check=False
    )
    return described.stdout.strip() or None


def _wanted(only: Sequence[Part] | None, chosen: bool) -> frozenset[Part]:
    if only:
        return frozenset(only)
    return frozenset({Part.STREAMS, Part.PEERS}) if chosen else frozenset(Part)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.quality", description="Every figure of quality, with the errors behind it."
    )
    parser.add_argument("folders", nargs="*", type=Path, metavar="STREAM_FOLDER", help="stream.jsonl and gold.json")
    parser.add_argument("--json", action="store_true", help="print JSON, for programs")
    parser.add_argument("--only", action="append", type=Part, choices=list(Part), help="measure this part; repeatable")
    parser.add_argument("--all-errors", action="store_true", help="list the errors of the held-out third as well")
    parser.add_argument(
        "--first-sight", action="store_true", help="score the streams for the first time and write that beside them"
    )
    return parser


if __name__ == "__main__":
    main()
