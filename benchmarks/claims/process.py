"""A process of its own that gets ready as `watchdesk process` does, up to its first item, and tells what it takes.

    python -m benchmarks.claims.process

Prints the processor time that it took once the first item is read, then its memory once texts in all languages were.
"""

from __future__ import annotations

import resource
import sys
import time

import monitor.cli
import monitor.processor  # noqa: F401
from benchmarks.claims.corpora import item
from benchmarks.claims.dense import PIECES
from benchmarks.quality.streams import watch_of
from monitor.language.lexicon import LANGUAGES
from monitor.pipeline import read


def main() -> None:
    """Get ready, say so, read on, say how much memory it took."""
    watch = watch_of()
    read(item("Kim Jong Un arrives in Beijing", "", language="en"), watch)
    print(time.process_time(), flush=True)
    for language in LANGUAGES:
        for own, piece in PIECES.values():
            if own == language:
                read(item("", piece * 40, language=language), watch)
    read(item("", "Le président est arrivé à Pékin lundi, a dit son porte-parole à la presse."), watch)  # guessed
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(peak // 1024 if sys.platform == "darwin" else peak, flush=True)  # kilobytes


if __name__ == "__main__":
    main()
