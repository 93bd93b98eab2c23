"""What is spared together."""

from __future__ import annotations

import pytest
from yarl import URL

from connectors.places import domain_of, place_of


@pytest.mark.parametrize(
    ("url", "place"),
    [
        ("https://www.nytimes.com/", "nytimes.com"),
        ("http://rss.nytimes.com:8080/x", "nytimes.com"),
        ("https://feeds.bbci.co.uk/news", "bbci.co.uk"),
        ("https://one.tumblr.com/rss", "tumblr.com"),
        ("https://two.tumblr.com/rss", "tumblr.com"),
        ("https://someone.github.io/feed", "someone.github.io"),
        ("https://例え.テスト.jp/", "xn--zckzah.jp"),
        ("https://WWW.Example.COM./", "example.com"),
        ("http://8.8.8.8/", "8.8.8.8:80"),
        ("https://8.8.8.8/", "8.8.8.8:443"),
        ("http://[2606:4700::1111]/", "2606:4700::1111:80"),
        ("http://localhost:1200/", "localhost:1200"),
        ("https://co.uk/", "co.uk:443"),
    ],
)
def test_a_place_is_the_registrable_domain_or_else_host_and_port(url: str, place: str) -> None:
    """By the Public Suffix List; on shared hosts each customer is one where the list says so."""
    assert place_of(URL(url), own=False) == place


def test_servers_of_ones_own_are_places_each() -> None:
    """Two services on one machine, or in one company's domain, are two."""
    assert place_of(URL("http://rsshub.company.example:1200/"), own=True) == "rsshub.company.example:1200"
    assert place_of(URL("http://wiki.company.example/"), own=True) == "wiki.company.example:80"


def test_an_address_has_no_domain() -> None:
    """127.0.0.1 is not the machine 0 in the domain 0.1."""
    assert domain_of("127.0.0.1") is None
    assert domain_of("::1") is None
