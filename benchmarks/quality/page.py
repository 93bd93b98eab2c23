"""The page that keeps the figures: what stands between its two marks is written by the command, the rest by people."""

from __future__ import annotations

from pathlib import Path

from benchmarks.quality.streams import ROOT
from monitor.errors import ConfigError

PAGE = ROOT / "docs" / "quality.md"
BEGIN = "<!-- figures: written by `python -m benchmarks.quality`, by nobody else -->"
END = "<!-- end of the figures -->"


def with_figures(page: str, tables: str) -> str:
    """The page with these tables between the marks. Raises ConfigError when it does not have each mark once."""
    if page.count(BEGIN) != 1 or page.count(END) != 1 or page.index(BEGIN) > page.index(END):
        raise ConfigError(f"{PAGE.name} has to hold these two lines once each, in this order:\n{BEGIN}\n{END}")
    before, _, rest = page.partition(BEGIN)
    return f"{before}{BEGIN}\n\n{tables.strip()}\n\n{END}{rest.partition(END)[2]}"


def write(tables: str, path: Path = PAGE) -> None:
    """Replace the figures on the page."""
    path.write_text(with_figures(path.read_text(encoding="utf-8"), tables), encoding="utf-8")
