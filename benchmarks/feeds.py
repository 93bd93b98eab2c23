"""Feeds of any kind and damage through our reader, with feedparser and fastfeedparser alone beside it.

    python -m benchmarks.feeds [FOLDER…] [--json]

Every file of each folder is read as a feed, licences and the expected results beside test feeds aside; left out: the
corpora beside the repository. Ours runs as the `feed` connector runs it: in worker processes that are killed after five
seconds. The others run in processes that are killed after a minute. The three take turns file by file in one run, and
seconds are those of the processor. Ends with status 1 when a file crashed our reader, took it over five seconds, or,
among real feeds, gave fewer entries than feedparser alone finds.

`entries` are those that we found, `skipped` those of them that say nothing and are left out (neither title nor text nor
link, as in many a test feed), `refused` the files that we say are no feed.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import re
import sys
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.feedreads import PARSERS, Read, read_once
from connectors.workers import Limits, Workers
from monitor.errors import FetchError

DATA = Path(__file__).resolve().parents[2] / "shared" / "data" / "feeds"
WARM_UP = (
    b"<rss version='2.0'><channel><title>x</title><item><title>a &amp;amp; b</title><link>https://wire.example/</link>"
    b"<description>&lt;p>x&lt;/p>&lt;svg>&lt;b>&lt;/svg></description><pubDate>Thu, 28 Aug 2025 05:02:43 GMT</pubDate>"
    b"</item></channel></rss>"
)
LONGEST = 5.0  # seconds
Reads = dict[str, dict[str, Read]]  # by parser and path
_NO_FEEDS = re.compile(r"^(?:LICEN[CS]E|COPYING|README|NOTICE)(?:\..*)?$|^\.", re.IGNORECASE)
_HEADER = re.compile(rb"^Header:\s*Content-type:\s*(\S.*?)\s*$", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What became of all files. `fewer` names those in which we found fewer entries than feedparser alone."""

    files: int
    crashed: int
    over_5s: int
    refused: int
    entries: int
    skipped: int
    feedparser_entries: int
    fastfeedparser_entries: int
    seconds: Mapping[str, float]
    times_feedparser: float  # feedparser's seconds by ours
    crashes: tuple[str, ...]
    slow: tuple[str, ...]
    fewer: tuple[str, ...]


def files_of(folder: Path) -> Iterator[Path]:
    """The feeds in a folder, in order."""
    for path in sorted(folder.rglob("*")):
        expected = path.suffix == ".json" and any(path.with_suffix(other).is_file() for other in (".xml", ".rss"))
        if path.is_file() and not _NO_FEEDS.match(path.name) and not expected:
            yield path


async def measure(files: Iterable[Path]) -> Reads:
    """Each file by each parser, in turn."""
    ours, others = Workers(at_once=1), Workers(at_once=1, limits=Limits(seconds=60, memory=4 * 2**30))
    reads: Reads = {parser: {} for parser in PARSERS}
    for parser in PARSERS:  # a poller runs for weeks: what the first feed costs beyond the others is not counted
        await (ours if parser == "watchdesk" else others).run(read_once, parser, WARM_UP, "")
    for path in files:
        body = path.read_bytes()
        header = _HEADER.search(body[:2000])
        content_type = header[1].decode("latin-1") if header else ""
        for parser, found in reads.items():
            workers, limit = (ours, LONGEST) if parser == "watchdesk" else (others, 60.0)
            began = time.monotonic()
            try:
                found[str(path)] = await workers.run(read_once, parser, body, content_type)
            except FetchError as error:  # its process was killed, or broke down
                taken = time.monotonic() - began
                found[str(path)] = Read(seconds=min(taken, limit), error=str(error))
    return reads


def summed(reads: Reads) -> Result:
    """What all of it came to."""
    ours, feedparsers, fast = (reads[parser] for parser in PARSERS)
    seconds = {parser: sum(each.seconds for each in found.values()) for parser, found in reads.items()}
    crashes = tuple(f"{path}: {each.error}" for path, each in ours.items() if each.error and not each.refused)
    slow = tuple(path for path, each in ours.items() if each.seconds >= LONGEST)
    return Result(
        files=len(ours),
        crashed=len(crashes),
        over_5s=len(slow),
        refused=sum(each.refused for each in ours.values()),
        entries=sum(each.found for each in ours.values()),
        skipped=sum(each.skipped for each in ours.values()),
        feedparser_entries=sum(each.entries for each in feedparsers.values()),
        fastfeedparser_entries=sum(each.entries for each in fast.values()),
        seconds={parser: round(taken, 3) for parser, taken in seconds.items()},
        times_feedparser=round(seconds["feedparser"] / seconds["watchdesk"], 1) if seconds["watchdesk"] else 0.0,
        crashes=crashes,
        slow=slow,
        fewer=tuple(path for path, each in ours.items() if each.found < feedparsers[path].found),
    )


def _told(name: str, result: Result) -> str:
    lines = [
        f"{name}: {result.files} files, {result.crashed} crashed, {result.over_5s} over 5 s, {result.refused} refused; "
        f"entries {result.entries} ({result.skipped} of them say nothing), feedparser {result.feedparser_entries}, "
        f"fastfeedparser {result.fastfeedparser_entries}; fewer than feedparser in {len(result.fewer)} files",
        "  seconds: "
        + ", ".join(f"{parser} {taken:.2f}" for parser, taken in result.seconds.items())
        + f"; {result.times_feedparser:.1f} times feedparser's speed",
    ]
    lines += [f"  crashed: {each}" for each in result.crashes]
    lines += [f"  over 5 s: {each}" for each in result.slow]
    return "\n".join(lines)


def _good(folder: Path, result: Result) -> bool:
    return not (result.crashed or result.over_5s or (folder.name == "real" and result.fewer))


async def run(folders: Iterable[Path], *, as_json: bool) -> bool:
    """Measure and print each folder, and all of them together; whether all is as it should be."""
    results: dict[Path, Result] = {}
    everything: Reads = {parser: {} for parser in PARSERS}
    for folder in folders:
        reads = await measure(files_of(folder))
        for parser, found in reads.items():
            everything[parser].update(found)
        results[folder] = summed(reads)
        if not as_json:
            print(_told(folder.name, results[folder]), flush=True)
    if as_json:
        folders_told = {str(folder): asdict(result) for folder, result in results.items()}
        print(json.dumps({**asdict(summed(everything)), "folders": folders_told}, indent=2))
    elif len(results) > 1:
        print(_told("all", summed(everything)))
    return all(_good(folder, result) for folder, result in results.items())


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Feeds by our reader, feedparser and fastfeedparser.")
    parser.add_argument("folders", nargs="*", type=Path, metavar="FOLDER")
    parser.add_argument("--json", action="store_true", help="print JSON")
    options = parser.parse_args()
    folders = options.folders or ([each for each in sorted(DATA.iterdir()) if each.is_dir()] if DATA.is_dir() else [])
    if missing := [str(folder) for folder in folders if not folder.is_dir()]:
        parser.error(f"no such folder: {', '.join(missing)}")
    if not folders:
        print(f"No feeds at {DATA}: nothing to measure.", file=sys.stderr)
        return 0
    return 0 if asyncio.run(run(folders, as_json=options.json)) else 1


if __name__ == "__main__":
    sys.exit(main())
