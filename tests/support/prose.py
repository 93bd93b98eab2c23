"""The commands that the README and the pages in docs tell people to type."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
BLOCK = re.compile(r"^( *)```(\w*)[^\n]*\n(.*?)^\1```", flags=re.MULTILINE | re.DOTALL)
SHELLS = {"console", "sh", "bash", "shell"}
WRAPPERS = {"sudo", "time", "exec"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """One command as a page has it: a line of a shell may hold several."""

    page: str
    line: int
    text: str  # the whole line
    words: tuple[str, ...]  # this command, as a shell splits it, without assignments and redirections

    def __str__(self) -> str:
        return f"{self.page}:{self.line}: {self.text}"


def split(text: str) -> Iterator[tuple[str, ...]]:
    """The commands of one line: those of a pipe and those after && or ; one by one."""
    lexer = shlex.shlex(text, posix=True, punctuation_chars="|&;<>")
    lexer.whitespace_split = True
    words: list[str] = []
    into_file = False
    for word in lexer:
        if set(word) <= set("|&;"):
            yield tuple(words)
            words = []
        elif set(word) <= set("<>"):
            into_file = True
        elif into_file:
            into_file = False
        elif words or not ("=" in word.partition("/")[0] or word in WRAPPERS):
            words.append(word)
    yield tuple(words)


def typed() -> Iterator[Typed]:
    """Every command in every fenced block of a shell's language."""
    for path in (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))):
        text = path.read_text(encoding="utf-8")
        for block in BLOCK.finditer(text):
            if block[2] in SHELLS:
                first = text.count("\n", 0, block.start(3)) + 1
                yield from _commands(path.relative_to(ROOT).as_posix(), first, block[3], prompt=block[2] == "console")


def _commands(page: str, first: int, body: str, *, prompt: bool) -> Iterator[Typed]:
    """In `console` blocks the lines after a `$ ` prompt, the rest being output; elsewhere every line."""
    lines = iter(enumerate(body.splitlines(), start=first))
    for number, line in lines:
        text = line.strip()
        if not text or text.startswith("#") or (prompt and not text.startswith("$ ")):
            continue
        text = text.removeprefix("$ ")
        while text.endswith("\\"):
            text = text[:-1] + next(lines, (0, ""))[1].strip()
        for words in split(text):
            if words:
                yield Typed(page=page, line=number, text=text, words=words)
