"""docs/sources.md: every example is one that the program takes, and every kind has one."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from monitor.sources import read_sources
from monitor.types import Source, SourceKind
from monitor.yamlfile import read
from tests.support.prose import BLOCK, ROOT

PAGE = (ROOT / "docs" / "sources.md").read_text(encoding="utf-8")


def examples() -> list[str]:
    """The YAML of the page, each block a whole file."""
    bodies = [block[3] for block in BLOCK.finditer(PAGE) if block[2] == "yaml"]
    return [body if "sources:" in body else f"sources:\n{body}" for body in bodies]


def taken(text: str, folder: Path) -> Sequence[Source]:
    """The sources of a file. Raises ConfigError when it is not taken as it stands."""
    file = folder / "sources.yaml"
    file.write_text(text, encoding="utf-8")
    document = read(file)
    sources = read_sources(document)
    document.raise_problems()
    return sources


def test_every_example_is_taken_and_every_kind_has_one(tmp_path: Path) -> None:
    shown = {source.kind for text in examples() for source in taken(text, tmp_path)}
    assert shown == set(SourceKind)
    assert [kind for kind in SourceKind if f"\n### `{kind}`\n" not in PAGE] == []


def test_the_template_names_every_kind_and_its_comments_are_examples(tmp_path: Path) -> None:
    text = (ROOT / "monitor" / "templates" / "sources.yaml").read_text(encoding="utf-8")
    lines = [line.replace("# ", "", 1) for line in text.splitlines() if line.startswith("  # - {")]
    assert len(taken("\n".join(["sources:", *lines]), tmp_path)) >= 5
    head = text.partition("\nsources:")[0]
    assert [kind for kind in SourceKind if kind not in head] == []
