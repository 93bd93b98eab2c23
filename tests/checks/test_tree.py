"""What the repository holds: a licence, a changelog, no secret, no path of somebody's machine, no dead link."""

from __future__ import annotations

import re
import subprocess
import tomllib
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

# Each pattern is written so that it does not match itself.
FORBIDDEN = {
    "a Slack token": re.compile(r"\bxox[abeprs]-\d{10,13}-\d{10,13}-[A-Za-z0-9]{24}\b"),
    "a private key": re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----"),
    "an AWS key": re.compile(r"\bAKIA[0-9A-Z]{16}\b"),
    "a GitHub token": re.compile(r"\bgh[opsu]_[A-Za-z0-9]{36}\b"),
    "somebody's home": re.compile(r"/(?:home/(?!user\b)[a-z][\w-]*|Users/[A-Za-z][\w-]*|root)/[\w.]"),
    "a path of the place where it is written": re.compile(r"/work/(?:main|shared|team|\.)"),
    "a mark left by a merge": re.compile(r"^(?:<{7} |>{7} |={7}$)", re.MULTILINE),
    "unfinished work": re.compile(r"\b(?:TO[D]O|FIX[M]E|XX[X])\b"),
}
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")


@cache
def tracked() -> tuple[Path, ...]:
    """The files that git knows."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("this is no git work tree, so there is no list of its files")
    return tuple(path for name in listed.stdout.split("\0") if name and (path := ROOT / name).is_file())


@cache
def texts() -> dict[str, str]:
    """The text files that git knows, by their path in the repository."""
    found = {}
    for path in tracked():
        try:
            found[path.relative_to(ROOT).as_posix()] = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue  # a picture, or a test's damaged input
    return found


@pytest.mark.parametrize("what", FORBIDDEN)
def test_nothing_holds(what: str) -> None:
    """No tracked text holds what has no business in a repository."""
    places = [
        f"{name}:{text.count(chr(10), 0, match.start()) + 1}: {match.group()[:20]}"
        for name, text in texts().items()
        if not name.endswith(".lock")
        for match in FORBIDDEN[what].finditer(text)
    ]
    assert places == []


def test_the_licence_is_apache_2() -> None:
    """pyproject.toml and LICENSE say the same."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    text = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert project["license"] == "Apache-2.0"
    assert "Apache License" in text
    assert "Version 2.0, January 2004" in text


def test_the_changelog_knows_the_version() -> None:
    """The version that is built has an entry, and its name is the same everywhere."""
    version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    assert f"## [{version}]" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert f"watchdesk:{version}}}" in (ROOT / "docker-compose.yml").read_text(encoding="utf-8")


def test_every_link_between_pages_leads_somewhere() -> None:
    """A relative link in a page names a file that is there."""
    pages = {name: text for name, text in texts().items() if name.endswith(".md") and not name.startswith("tests/")}
    links = [(name, target.partition("#")[0]) for name, text in pages.items() for target in LINK.findall(text)]
    local = [(name, path) for name, path in links if path and not re.match(r"[a-z]+:", path)]
    assert [f"{name}: {path}" for name, path in local if not (ROOT / name).parent.joinpath(path).exists()] == []
