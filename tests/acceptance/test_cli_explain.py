"""`watchdesk explain`: one text, from standard input, a file or an address, sentence by sentence."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.command import Watchdesk
from tests.support.httpserver import LocalServer, Reply, local_server

TITLE = "Kim Jong Un to visit China next week, Beijing says"
LEAD = "BEIJING, Aug. 28 -- North Korean leader Kim Jong Un will visit China next week, the foreign ministry said."
REST = "The weather in Beijing was fine."
CLAIM = {"topic": "kim-travel", "stage": "announced", "subject": "kim-jong-un", "object": "CN"}


@pytest.fixture
def watchdesk(tmp_path: Path) -> Watchdesk:
    home = tmp_path / "home"
    home.mkdir()
    return Watchdesk(home)


@pytest.fixture
def site() -> Iterator[LocalServer]:
    with local_server() as server:
        yield server


def test_a_text_from_standard_input_is_explained_to_people(watchdesk: Watchdesk) -> None:
    """Who is named, what is claimed, what would be alerted; and why a sentence says nothing."""
    ended = watchdesk("explain", "-", "--published", "2025-08-28", given=f"{TITLE}\n{LEAD} {REST}\n")
    assert ended.code == 0, ended.err
    assert "Kim Jong Un → kim-jong-un" in ended.out
    assert "claim: kim-travel · announced · kim-jong-un · CN" in ended.out
    assert "new: kim-travel · announced · kim-jong-un · CN" in ended.out
    after = ended.out[ended.out.index(REST) :]
    assert "no claim: " in after.split("Decisions")[0]


def test_a_file_is_read_as_an_archive_would_read_it(watchdesk: Watchdesk, tmp_path: Path) -> None:
    post = tmp_path / "post.md"
    post.write_text(
        f"---\ntitle: {TITLE}\ndate: 2025-08-28 10:00:00 +0900\n---\n\n{LEAD}\n\n{REST}\n", encoding="utf-8"
    )
    ended = watchdesk("explain", post, "--json")
    assert ended.code == 0, ended.err
    (explained,) = ended.json
    assert (explained["title"], explained["published"]) == (TITLE, "2025-08-28T01:00:00+00:00")
    decisions = explained["explanation"]["decisions"]
    assert [(each["outcome"], {name: each["claim"][name] for name in CLAIM}) for each in decisions] == [("new", CLAIM)]


def test_a_page_is_fetched_and_private_addresses_only_on_request(watchdesk: Watchdesk, site: LocalServer) -> None:
    paragraphs = "".join(f"<p>{text}</p>" for text in (LEAD, REST))
    page = (
        f"<html><head><title>{TITLE}</title></head><body><article><h1>{TITLE}</h1>{paragraphs}</article></body></html>"
    )
    address = site.serve("/story", Reply(body=page.encode()))
    refused = watchdesk("explain", address)
    assert refused.code == 1
    assert "Traceback" not in refused.err
    ended = watchdesk("explain", address, "--allow-private", "--json")
    assert ended.code == 0, ended.err
    assert ended.json[0]["title"] == TITLE


def test_what_can_not_be_explained_is_refused(watchdesk: Watchdesk, tmp_path: Path) -> None:
    for arguments in (("-",), (tmp_path / "none.txt",), ("-", "--published", "soon")):
        ended = watchdesk("explain", *arguments, given="")
        assert ended.code == 2, ended.err
        assert "Traceback" not in ended.err
