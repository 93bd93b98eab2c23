"""Entries written into a YAML file of lists: what is there stays as it is, comments too, and nothing goes unchecked."""

from __future__ import annotations

import codecs
import os
import re
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

import yaml

from monitor.errors import ConfigError, WatchdeskError

Value = str | bool | Sequence[str] | Sequence[Sequence[str]]
Fields = Mapping[str, Value]
T = TypeVar("T")
_WIDE = 10_000  # columns before a YAML line is broken: never


def rendered(fields: Fields) -> str:
    """The entry over several lines, without indentation. Empty fields are left out."""
    lines = [f"{name}: {_value(value)}" for name, value in fields.items() if value]
    return "\n".join([f"- {lines[0]}", *(f"  {line}" for line in lines[1:])])


def on_one_line(fields: Fields) -> str:
    """The same on one line, in braces."""
    given = {name: _plain(value) for name, value in fields.items() if value}
    return (
        f"- {yaml.safe_dump(given, default_flow_style=True, allow_unicode=True, sort_keys=False, width=_WIDE)}".strip()
    )


def in_the_files_manner(text: str, fields: Fields) -> str:
    """The entry as the file's last one is written: on one line, or over several."""
    starts: list[str] = re.findall(r"^ *- +(\{)?", text, re.MULTILINE)
    return on_one_line(fields) if starts and starts[-1] else rendered(fields)


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryFile(Generic[T]):
    """A file whose list `name` gets entries at its end."""

    path: Path
    name: str
    load: Callable[[Path], Sequence[T]]  # what a file in the place of `path` holds; raises ConfigError
    identity: Callable[[T], str]

    def text(self) -> str:
        """What is in the file. Raises WatchdeskError."""
        try:
            return self.path.read_bytes().removeprefix(codecs.BOM_UTF8).decode("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise WatchdeskError(f"{self.path} can't be read: {error}.") from error

    def tried(self, entries: Mapping[str, str]) -> Sequence[T]:
        """What the entries, by their ids, would be, after a look at the whole file with them. Nothing written stays.

        Raises ConfigError, with the entries to be pasted by hand, when it would not be the same file with them added.
        """
        aside = self._beside(entries)
        try:
            return self._checked(aside, entries)
        finally:
            aside.unlink(missing_ok=True)

    def add(self, entries: Mapping[str, str]) -> None:
        """Put the file with the entries in place of the old one, checked once more: it may have been edited."""
        aside = self._beside(entries)
        try:
            self._checked(aside, entries)
            shutil.copymode(self.path, aside)
            os.replace(aside, self.path)
        except OSError as error:
            raise WatchdeskError(f"{self.path} can't be written: {error.strerror or error}.") from error
        finally:
            aside.unlink(missing_ok=True)

    def _beside(self, entries: Mapping[str, str]) -> Path:
        """The file as it would be, beside the old one. Raises WatchdeskError."""
        aside = self.path.with_name(f".{self.path.name}.new")
        try:
            raw = self.path.read_bytes()
            mark = codecs.BOM_UTF8 if raw.startswith(codecs.BOM_UTF8) else b""
            text = with_entries(raw.removeprefix(mark).decode("utf-8"), self.name, list(entries.values()))
            aside.write_bytes(mark + text.encode("utf-8"))
        except OSError as error:
            raise WatchdeskError(f"{self.path} can't be written: {error.strerror or error}.") from error
        return aside

    def _checked(self, aside: Path, entries: Mapping[str, str]) -> Sequence[T]:
        shown = "\n".join(entries.values())
        it_is = "The entry is" if len(entries) == 1 else "The entries are"
        try:
            before, found = self.load(self.path), self.load(aside)
        except ConfigError as error:
            message = str(error).replace(str(aside), str(self.path))
            raise ConfigError(f"{message}\nNothing was written. {it_is}:\n\n{shown}") from error
        added = found[len(before) :]
        if found[: len(before)] != before or [self.identity(each) for each in added] != list(entries):
            raise ConfigError(
                f"{self.path} is written in a way that nothing can be added to at its end. Paste this into it:"
                f"\n\n{shown}"
            )
        return added


def with_entries(text: str, name: str, entries: Sequence[str]) -> str:
    """The file's text with the entries at its end, indented and with ends of lines as its other entries have them.

    Entries of one line stand close together; others have a blank line before them.
    """
    first = re.search(r"^( *)- ", text, re.MULTILINE)
    indent = first[1] if first else "  "
    end = "\r\n" if "\r\n" in text else "\n"
    text = re.sub(rf"^{name}:\s*(?:\[\s*\]|null|~)[ \t]*(?=\r?$)", f"{name}:", text, flags=re.MULTILINE)
    if not re.search(rf"^{name}:", text, re.MULTILINE):
        text = f"{text.rstrip()}{end}{end}{name}:" if text.strip() else f"{name}:"
    lines = [text.rstrip("\r\n")]
    for number, entry in enumerate(entries):
        if "\n" in entry or number == 0:
            lines.append("")
        lines += [indent + line for line in entry.split("\n")]
    return end.join([*lines, ""])


def _value(value: Value) -> str:
    """One value on one line."""
    text = yaml.safe_dump(_plain(value), default_flow_style=True, allow_unicode=True, width=_WIDE)
    return str(text).removesuffix("\n").removesuffix("\n...")


def _plain(value: Value) -> object:
    return list(value) if isinstance(value, tuple) else value
