"""What the pages tell people to type exists, and what can be run here without harm works."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import typer.main
from typer.core import TyperGroup

from monitor.cli import app
from tests.support import compose
from tests.support.prose import ROOT, Typed, typed

TYPED = tuple(typed())
COMPOSE_VERBS = {"build", "down", "exec", "logs", "ps", "pull", "restart", "run", "stop", "up"}
WITH_VALUE = {"--scale", "--volume", "-v", "--user", "-u", "--tail", "--env-file", "--profile", "-f", "--file", "-p"}
# These write only to the directory that they are given, and need neither network nor database.
HARMLESS = {"--help", "explain", "init", "settings", "topics"}
# The completion of shells, what is the default anyway, and what nearly all commands have.
SELF_EXPLAINED = {"--version", "--install-completion", "--show-completion", "--sample", "--json"}


def starting_with(*programs: str) -> list[Typed]:
    """The commands that start one of the programs, wherever it is installed."""
    return [each for each in TYPED if each.words[0].rpartition("/")[2] in programs]


def after_options(words: tuple[str, ...]) -> tuple[str, ...]:
    """What is left once options, and the values that they take, are passed over."""
    words_left = list(words)
    while words_left and words_left[0].startswith("-"):
        option = words_left.pop(0)
        if option in WITH_VALUE and words_left:
            words_left.pop(0)
    return tuple(words_left)


def parse(arguments: tuple[str, ...]) -> None:
    """Let the command line read the arguments, down to the last subcommand, and run nothing."""
    command: Any = typer.main.get_command(app)
    name: str | None = "watchdesk"
    rest, context = [word for word in arguments if word != "--help"], None
    while isinstance(command, TyperGroup):
        if not rest and (context is None or not command.invoke_without_command):
            assert "--help" in arguments, "a command has to follow"
            return
        context = command.make_context(name, rest, parent=context)
        if not (left := [*context._protected_args, *context.args]):
            return
        name, command, rest = command.resolve_command(context, left)
    if "--help" not in arguments:
        command.make_context(name, rest, parent=context)


def test_there_are_commands_to_check() -> None:
    """The pages are found and read: an empty list would let everything pass."""
    assert len(starting_with("watchdesk")) >= 8
    assert len(starting_with("make")) >= 4
    assert len(starting_with("docker")) >= 8


@pytest.mark.parametrize("command", starting_with("watchdesk"), ids=str)
def test_watchdesk_takes_the_command(command: Typed) -> None:
    """Each subcommand, option and argument is one that the command line knows."""
    parse(command.words[1:])


@pytest.mark.parametrize("command", starting_with("make"), ids=str)
def test_make_has_the_target(command: Typed) -> None:
    """Each target is one of the Makefile's."""
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), flags=re.MULTILINE))
    assert {word for word in command.words[1:] if "=" not in word} <= targets


@pytest.mark.parametrize("command", starting_with("docker"), ids=str)
def test_docker_is_asked_for_what_there_is(command: Typed) -> None:
    """Each service is one of the compose file's, and what is run in one of ours is a command that it knows."""
    if command.words[1] == "run":
        image, *arguments = after_options(command.words[2:])
        assert image == compose.services()["poller"]["image"]
        parse(tuple(arguments))
        return
    if command.words[1] != "compose":
        return
    verb, *rest = after_options(command.words[2:])
    assert verb in COMPOSE_VERBS
    named = after_options(tuple(rest))
    if verb in {"exec", "run"}:
        service, *arguments = named
        assert service in compose.services()
        if verb == "run" and "build" in compose.services()[service]:
            parse(tuple(arguments))
    else:
        assert {word for word in named if not word.startswith("-")} <= compose.services().keys()


@pytest.mark.parametrize("command", starting_with("python", "python3", "pytest"), ids=str)
def test_paths_and_modules_exist(command: Typed) -> None:
    """A module that is to be run, and a test that is to be run, is there."""
    for word in command.words[1:]:
        if word.startswith(("benchmarks.", "tests.", "monitor.")):
            assert _runs(ROOT / word.replace(".", "/")), word
        elif word.startswith("tests/"):
            assert (ROOT / word.partition("::")[0]).exists(), word


def options() -> Iterator[tuple[str, str]]:
    """Every option that has a name in full, with its command."""
    waiting: list[tuple[str, Any]] = [("watchdesk", typer.main.get_command(app))]
    for path, command in waiting:
        waiting += [(f"{path} {name}", each) for name, each in getattr(command, "commands", {}).items()]
        for parameter in command.params:
            for option in (*parameter.opts, *parameter.secondary_opts):
                if option.startswith("--") and option not in SELF_EXPLAINED:
                    yield path, option


@pytest.mark.parametrize(("command", "option"), tuple(options()))
def test_every_option_is_explained_where_its_command_is(command: str, option: str) -> None:
    """On one page at least, both stand."""
    name = command.split()[-1]
    told = [
        page.name
        for page in (ROOT / "README.md", *(ROOT / "docs").glob("*.md"))
        if re.search(rf"[ `]{name}\b", _text(page)) and re.search(rf"[ `]{option}(?![\w-])", _text(page))
    ]
    assert told, f"no page has both {command} and {option}"


def test_every_variable_of_the_makefile_is_explained() -> None:
    variables = re.findall(r"^([A-Z]+) \?=", _text(ROOT / "Makefile"), re.MULTILINE)
    assert len(variables) >= 2
    page = _text(ROOT / "docs" / "development.md")
    assert [name for name in variables if f" {name}=" not in page] == []


def test_modules_that_the_code_and_the_pages_name_exist() -> None:
    """`python -m ...` in a docstring, a comment or a sentence, too."""
    files = [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]
    files += [path for folder in ("benchmarks", "connectors", "monitor") for path in (ROOT / folder).rglob("*.py")]
    named = {
        (name, path.name)
        for path in files
        for name in re.findall(r"python -m ((?:benchmarks|monitor)(?:\.[a-z_]+)+)", _text(path))
    }
    assert len({name for name, _ in named}) >= 3
    missing = [each for each in named if not _runs(ROOT / each[0].replace(".", "/"))]
    assert missing == []


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def _runs(path: Path) -> bool:
    return path.with_suffix(".py").exists() or (path / "__main__.py").exists()


@pytest.mark.parametrize("page", sorted((ROOT / "docs").glob("*.md")), ids=lambda page: page.stem)
def test_an_indented_block_has_a_blank_line_before_it(page: Path) -> None:
    """Without one it runs on as part of the sentence above, as where a paragraph was put into the block."""
    text = re.sub(r"^```.*?^```", "", _text(page), flags=re.MULTILINE | re.DOTALL)
    lines = text.split("\n")
    cut = [
        line
        for above, line in pairwise(lines)
        if line.startswith("    ") and above and not re.match(r"    | *(?:[-*]|\d+\.) |  \S", above)
    ]
    assert cut == []


def harmless() -> list[Typed]:
    """The commands that may be run here: nothing in them is a place holder, and nothing goes to the network."""
    return [
        each
        for each in starting_with("watchdesk")
        if HARMLESS & set(each.words[1:3])
        and not any(word.isupper() or word.startswith("http") or "<" in word for word in each.words)
    ]


@pytest.mark.parametrize("command", harmless(), ids=str)
def test_harmless_commands_work(command: Typed, tmp_path: Path) -> None:
    """Run as a newcomer would, in an empty directory, each ends well."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("WATCHDESK_")}
    environment |= {"HOME": str(tmp_path), "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    result = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", command.text.replace(".venv/bin/", "")],
        cwd=tmp_path,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stdout + result.stderr
