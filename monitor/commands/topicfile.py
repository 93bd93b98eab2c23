"""A topic written into `topics.yaml`: what is there stays as it is, comments too, and nothing is written unchecked."""

from __future__ import annotations

import codecs
import os
import re
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

import yaml

from monitor.commands.context import Context
from monitor.errors import ConfigError, WatchdeskError
from monitor.types import WatchTopic

Fields = Mapping[str, str | Sequence[str] | Sequence[Sequence[str]]]
_WIDE = 10_000  # columns before a YAML line is broken: never


def rendered(fields: Fields) -> str:
    """The entry as `topics.yaml` has it, without indentation. Empty fields are left out."""
    lines = [f"{name}: {_value(value)}" for name, value in fields.items() if value]
    return "\n".join([f"- {lines[0]}", *(f"  {line}" for line in lines[1:])])


def with_entry(text: str, entry: str) -> str:
    """The file's text with the entry at its end, indented and with ends of lines as its other entries have them."""
    first = re.search(r"^( *)- ", text, re.MULTILINE)
    indent = first[1] if first else "  "
    end = "\r\n" if "\r\n" in text else "\n"
    text = re.sub(r"^topics:\s*(?:\[\s*\]|null|~)[ \t]*(?=\r?$)", "topics:", text, flags=re.MULTILINE)
    if not re.search(r"^topics:", text, re.MULTILINE):
        text = f"{text.rstrip()}{end}{end}topics:" if text.strip() else "topics:"
    lines = [text.rstrip("\r\n"), "", *(indent + line for line in entry.split("\n")), ""]
    return end.join(lines)


def tried(context: Context, path: Path, entry: str, identity: str) -> WatchTopic:
    """The topic that the entry would be, after a look at the whole of the file with it. Writes nothing that stays.

    Raises ConfigError, with the entry to be pasted by hand, when it would not be the same file with one topic more.
    """
    aside = _beside(path, entry)
    try:
        return _checked(context, path, aside, entry, identity)
    finally:
        aside.unlink(missing_ok=True)


def add(context: Context, path: Path, entry: str, identity: str) -> None:
    """Put the file with the entry in place of the old one, once more checked: it may have been edited meanwhile."""
    aside = _beside(path, entry)
    try:
        _checked(context, path, aside, entry, identity)
        shutil.copymode(path, aside)
        os.replace(aside, path)
    except OSError as error:
        raise WatchdeskError(f"{path} can't be written: {error.strerror or error}.") from error
    finally:
        aside.unlink(missing_ok=True)


def _beside(path: Path, entry: str) -> Path:
    """The file as it would be, beside the old one. Raises WatchdeskError."""
    aside = path.with_name(f".{path.name}.new")
    try:
        raw = path.read_bytes()
        mark = codecs.BOM_UTF8 if raw.startswith(codecs.BOM_UTF8) else b""
        text = raw.removeprefix(mark).decode("utf-8")
        aside.write_bytes(mark + with_entry(text, entry).encode("utf-8"))
    except OSError as error:
        raise WatchdeskError(f"{path} can't be written: {error.strerror or error}.") from error
    return aside


def _checked(context: Context, path: Path, aside: Path, entry: str, identity: str) -> WatchTopic:
    try:
        before = context.config_of(topics=path).topics
        found = context.config_of(topics=aside).topics
    except ConfigError as error:
        message = str(error).replace(str(aside), str(path))
        raise ConfigError(f"{message}\nNothing was written. The entry is:\n\n{entry}") from error
    if found[:-1] != before or found[-1].id != identity:
        raise ConfigError(
            f"{path} is written in a way that nothing can be added to at its end. Paste this into it:\n\n{entry}"
        )
    return found[-1]


def _value(value: object) -> str:
    """One value on one line."""
    plain = list(value) if isinstance(value, tuple) else value
    text = yaml.safe_dump(plain, default_flow_style=True, allow_unicode=True, width=_WIDE)
    return text.removesuffix("\n").removesuffix("\n...")
