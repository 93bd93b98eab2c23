"""What every command has at hand: settings, configuration, and how to print."""

from __future__ import annotations

import dataclasses
import json
import os
import sys
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import Enum
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

if TYPE_CHECKING:
    from monitor.config import Config
    from monitor.language.gazetteer import Gazetteer
    from monitor.settings import Settings

PIPE_WIDTH = 160  # characters a line where no terminal says how wide it is

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]


def now() -> datetime:
    """The clock of the program."""
    return datetime.now(UTC)


@dataclass(slots=False)
class Context:
    """One run of the program. Everything is read when it is first asked for, so that no command pays for another's."""

    config_dir: Path | None = None
    debug: bool = False

    @cached_property
    def out(self) -> Console:
        """Where results go."""
        wide = None if sys.stdout.isatty() or "COLUMNS" in os.environ else PIPE_WIDTH
        return Console(highlight=False, markup=False, emoji=False, width=wide)

    @cached_property
    def err(self) -> Console:
        """Where everything else goes."""
        return Console(stderr=True, highlight=False, markup=False, emoji=False, soft_wrap=True)

    @cached_property
    def settings(self) -> Settings:
        """The settings in force. Raises ConfigError."""
        from monitor.settings import load_settings

        return load_settings(config_dir=self.config_dir, warn=self.warn)

    @cached_property
    def config(self) -> Config:
        """Topics, sources and entities. Raises ConfigError."""
        return self.config_of()

    def config_of(self, *, topics: Path | None = None, sources: Path | None = None) -> Config:
        """The configuration with some of its files replaced. Raises ConfigError."""
        from monitor.commands.vocabulary import vocabulary_of
        from monitor.config import load_config
        from monitor.language.gazetteer import load

        return load_config(self.settings.config_dir, vocabulary_of(load()), topics_file=topics, sources_file=sources)

    @cached_property
    def gazetteer(self) -> Gazetteer:
        """Everybody and everything that can be named, the user's additions included. Raises ConfigError."""
        return self.gazetteer_of(self.config)

    def gazetteer_of(self, config: Config) -> Gazetteer:
        """The gazetteer with the additions of a configuration."""
        from monitor.commands.vocabulary import with_entities
        from monitor.language.gazetteer import load

        return with_entities(load(), config.entities)

    def secrets(self) -> tuple[str, ...]:
        """The secrets that are known so far: none before the settings were read."""
        known = self.__dict__.get("settings")
        return known.secret_values() if known is not None else ()

    def say(self, message: str, style: str | None = None) -> None:
        """A line of the result, never broken."""
        self.out.print(message, style=style, soft_wrap=True)

    def warn(self, message: str) -> None:
        """Say something unwise on standard error."""
        self.err.print(f"Warning: {message}", style="yellow")

    def log_to_stderr(self, process: str) -> None:
        """Send the logs of this process to standard error, as the settings want them."""
        from monitor.observe.logs import configure

        settings = self.settings
        level = "debug" if self.debug else settings.log_level
        configure(
            stream=sys.stderr,
            form=settings.log_format,
            level=level,
            process=process,
            secrets=settings.secret_values(),
        )

    def print_json(self, value: object) -> None:
        """One JSON document on standard output."""
        typer.echo(json.dumps(plain(value), ensure_ascii=False, indent=2))

    def print_table(self, table: Table, *, empty: str) -> None:
        """A table, or a sentence in its place when it has no rows."""
        if table.row_count:
            self.out.print(table)
        else:
            self.err.print(empty)


def id_table(*names: str) -> Table:
    """A table whose first column holds ids: those are never cut, since people copy them."""
    table = Table(box=None)
    table.add_column("id", no_wrap=True, overflow="ignore")
    for name in names:
        table.add_column(name)
    return table


def plain(value: Any) -> Any:
    """A value in the types that JSON has. Times in ISO 8601 with offset, durations in seconds, bytes in base 64."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {str(key): plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(inner) for inner in value]
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, bytes):
        return b64encode(value).decode("ascii")
    if isinstance(value, Path):
        return str(value)
    return value
