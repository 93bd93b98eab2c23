"""When two entries are one item."""

from __future__ import annotations

from connectors.identity import LONGEST_KEY, Claimed, keys


def entry(guid: str | None = None, link: str | None = None, fingerprint: str = "f") -> Claimed:
    return Claimed(guid=guid, link=link, fingerprint=fingerprint)


def test_a_guid_is_the_key() -> None:
    """Whatever the link and the content are."""
    assert keys([entry("g1", "http://a/1"), entry("g2", "http://a/1")]) == ["g1", "g2"]


def test_without_a_guid_the_link_is() -> None:
    """Without tracking parameters, with those that tell articles apart."""
    found = keys([entry(link="https://A.example/x?cid=1&utm_source=rss#top"), entry(link="https://a.example/x?cid=2")])
    assert found == ["https://a.example/x?cid=1", "https://a.example/x?cid=2"]


def test_without_both_the_content_is() -> None:
    """Two entries that say the same are one."""
    assert len(set(keys([entry(fingerprint="a"), entry(fingerprint="b"), entry(fingerprint="a")]))) == 2


def test_a_guid_that_all_entries_share_tells_nothing_apart() -> None:
    """Ten items with one guid and links of their own are ten."""
    assert len(set(keys([entry("same", f"http://a/{number}") for number in range(10)]))) == 10


def test_a_repeated_entry_is_one() -> None:
    """The same guid with the same link, tracking aside, is no second item."""
    assert len(set(keys([entry("g", "http://a/1"), entry("g", "http://a/1?utm_medium=x")]))) == 1


def test_keys_are_bounded() -> None:
    """An endless guid is replaced by its hash, and stays distinct."""
    found = keys([entry("x" * 5000), entry("x" * 5001)])
    assert len(set(found)) == 2
    assert all(len(key) <= LONGEST_KEY for key in found)
