"""The parts of the gazetteer that are tables, one person or place a line: far faster to read than YAML.

The files' headers tell their columns; what comes out are rows as the YAML files hold them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from importlib import resources
from typing import Any

_LANGUAGES = ("en", "ko", "zh", "ja", "ru", "de", "fr", "es")
_SHORT = "~"


def towns() -> list[Mapping[str, Any]]:
    """The places of `towns.txt`, as rows of `places.yaml`."""
    return [
        {
            "id": identity,
            "country": country,
            "kind": kind.rstrip("!"),
            "names": _named(cells, short=False),
            "ambiguous": kind.endswith("!"),
        }
        for identity, country, kind, *cells in _lines("towns.txt")
    ]


def past_leaders() -> list[Mapping[str, Any]]:
    """The people of `past_leaders.txt`, as rows of `leaders.yaml`."""
    return [
        {
            "id": identity,
            "country": country,
            "offices": [_term(text) for text in terms.split(";")],
            "family": family or None,
            "names": _named(cells, short=False),
            "short": _named(cells, short=True),
        }
        for identity, country, terms, family, *cells in _lines("past_leaders.txt")
    ]


def _lines(name: str) -> Iterator[list[str]]:
    text = resources.files("monitor.language.data").joinpath(name).read_text(encoding="utf-8")
    for line in text.splitlines():
        if line and not line.startswith("#"):
            yield line.split("|")


def _named(cells: Sequence[str], *, short: bool) -> dict[str, list[str]]:
    """The names of each language, without the mark of short forms; those forms, or all others."""
    named = {
        language: [name.lstrip(_SHORT) for name in cell.split(",") if name.startswith(_SHORT) is short]
        for language, cell in zip(_LANGUAGES, cells, strict=True)
        if cell
    }
    return {language: names for language, names in named.items() if names}


def _term(text: str) -> dict[str, str]:
    """A term such as "international@NATO 2009-08-01 2014-10-01"."""
    office, since, until = text.split(" ")
    office, _, country = office.partition("@")
    term = {"office": office, "from": since, "to": until}
    return {**term, "country": country} if country else term


__all__ = ["past_leaders", "towns"]
