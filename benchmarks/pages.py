"""Article extraction on real pages whose article text people have marked, with trafilatura alone beside it.

    python -m benchmarks.pages [FOLDER] [--json]

FOLDER holds `ground-truth.json` (`{name: {"articleBody": …}}`) and `html/<name>.html.gz`; left out: the 181 annotated
pages beside the repository. The score is that of scrapinghub's article-extraction-benchmark (evaluate.py): 4-grams of
words, each page normalised to the same weight, precision and recall of all together. A page lets furniture through when
a line of the result that is not in the article heads, or is, a part of the page beside it: related stories, newsletter
boxes, comments, sharing, cookie notices. Ends with status 1 when ours scores less than trafilatura alone, or lets
furniture through on more than 2 % of the pages.
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import trafilatura

from connectors.extract import extract_page

DATA = Path(__file__).resolve().parents[2] / "shared" / "data" / "pages"
NGRAM = 4
OWN_WORDS = 0.5  # of a line's words have to stand in the article, in a row, for the line to be the article's
MOST_FURNITURE = 0.02  # of the pages
_WORD = re.compile(r"\w+")
# Wider than what the extraction itself goes by: any mention in a line that the article does not have.
_FURNITURE = re.compile(
    r"\b(?:related|recommended|trending|most (?:read|popular|viewed)|read (?:more|next|also)|more (?:from|on|stories)"
    r"|you (?:may|might) (?:also )?like|newsletter|subscri(?:be|ption)|sign up|inbox|comments?|repl(?:y|ies)|log ?in"
    r"|share (?:this|on|via)|follow (?:us|me)|facebook|twitter|cookies?|advertisement|sponsored|copyright"
    r"|all rights reserved)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """How well one way of extraction does. `furniture` and `empty` name pages."""

    pages: int
    precision: float
    recall: float
    f1: float
    furniture: tuple[str, ...]
    empty: int
    seconds: float


def score(pages: Sequence[tuple[str, str, str]], seconds: float) -> Score:
    """The score of (name, expected text, text found)."""
    counts = [_matches(expected, found) for _, expected, found in pages]
    hit, extra, missed = (sum(column) for column in zip(*counts, strict=True))
    precision, recall = hit / (hit + extra), hit / (hit + missed)
    return Score(
        pages=len(pages),
        precision=round(precision, 4),
        recall=round(recall, 4),
        f1=round(2 * precision * recall / (precision + recall), 4),
        furniture=tuple(name for name, expected, found in pages if any(furniture(expected, found))),
        empty=sum(not found.strip() for _, _, found in pages),
        seconds=round(seconds, 2),
    )


def furniture(expected: str, found: str) -> Iterator[str]:
    """The lines of `found` that are furniture."""
    own = set(_shingles(expected, 3))
    for line in found.split("\n"):
        shingles = _shingles(line, 3)
        if sum(each in own for each in shingles) < OWN_WORDS * len(shingles) and _FURNITURE.search(line):
            yield line


def _matches(expected: str, found: str) -> tuple[float, float, float]:
    """Shares of n-grams found rightly, found wrongly, and missed; they add up to 1."""
    true, predicted = Counter(_shingles(expected, NGRAM)), Counter(_shingles(found, NGRAM))
    hit = sum((true & predicted).values())
    extra, missed = sum((predicted - true).values()), sum((true - predicted).values())
    whole = hit + extra + missed
    return hit / whole, extra / whole, missed / whole


def _shingles(text: str, length: int) -> list[tuple[str, ...]]:
    words = _WORD.findall(text)
    return [tuple(words[start : start + length]) for start in range(max(1, len(words) - length + 1))]


def measure(folder: Path) -> dict[str, Score]:
    """Ours and trafilatura's own score on the pages of a folder."""
    truth = json.loads((folder / "ground-truth.json").read_text(encoding="utf-8"))
    ways: dict[str, list[tuple[str, str, str]]] = {"watchdesk": [], "trafilatura": []}
    seconds = dict.fromkeys(ways, 0.0)
    for name, page in sorted(truth.items()):
        body = gzip.decompress((folder / "html" / f"{name}.html.gz").read_bytes())
        for way, found in ways.items():
            began = time.process_time()
            text = extract_page(body, "", page.get("url") or "").text if way == "watchdesk" else _alone(body)
            seconds[way] += time.process_time() - began
            found.append((name, page["articleBody"], text))
    return {way: score(found, seconds[way]) for way, found in ways.items()}


def _alone(body: bytes) -> str:
    return trafilatura.extract(body, include_comments=False) or ""


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Article extraction on annotated pages.")
    parser.add_argument("folder", nargs="?", type=Path, default=DATA)
    parser.add_argument("--json", action="store_true", help="print JSON")
    options = parser.parse_args()
    if not (options.folder / "ground-truth.json").is_file():
        print(f"No annotated pages at {options.folder}: nothing to measure.", file=sys.stderr)
        return 0 if options.folder == DATA else 2
    scores = measure(options.folder)
    if options.json:
        print(json.dumps({way: asdict(each) for way, each in scores.items()}, indent=2))
    else:
        for way, each in scores.items():
            print(
                f"{way}: {each.pages} pages, 4-gram F1 {each.f1:.3f} (precision {each.precision:.3f}, "
                f"recall {each.recall:.3f}), furniture on {len(each.furniture)}, {each.empty} without text, "
                f"{each.seconds:.1f} s"
            )
    ours, alone = scores["watchdesk"], scores["trafilatura"]
    return 0 if ours.f1 >= alone.f1 and len(ours.furniture) <= MOST_FURNITURE * ours.pages else 1


if __name__ == "__main__":
    sys.exit(main())
