"""Which addresses may be dialled."""

from __future__ import annotations

import pytest

from connectors.addresses import checked_url, is_web_url, may_dial
from monitor.errors import FetchError

PUBLIC = [
    "172.32.0.1",
    "100.128.0.1",
    "::ffff:0:808:808",
    "8.8.8.8",
    "1.1.1.1",
    "2606:4700::1111",
    "::ffff:8.8.8.8",
    "64:ff9b::808:808",
    "2002:808:808::",
]
PRIVATE = [
    "10.0.0.1",
    "127.0.0.1",
    "172.16.0.1",
    "192.168.1.1",
    "100.64.0.1",
    "::1",
    "fc00::1",
    "fec0::1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "64:ff9b::7f00:1",
    "64:ff9b:1::a00:1",
    "2002:7f00:1::",
    "2001:0:0:0:0:0:80ff:fffe",
    "::127.0.0.1",
    "::ffff:0:127.0.0.1",
    "64:ff9b:1::7f00:1",
    "192.88.99.1",
    "198.18.0.1",
    "192.0.2.1",
    "2001:db8::1",
    "3fff::1",
    "5f00::1",
    "100::1",
]
NEVER = [
    "0.0.0.0",
    "::",
    "169.254.169.254",
    "fe80::1",
    "fe80::1%eth0",
    "224.0.0.1",
    "ff02::1",
    "255.255.255.255",
    "::ffff:169.254.169.254",
    "64:ff9b::a9fe:a9fe",
    "240.0.0.1",
    "fd00:ec2::254",
    "168.63.129.16",
    "100.100.100.200",
]


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses_may_be_dialled(address: str) -> None:
    """By whatever translation they are written."""
    assert may_dial(address, allow_private=False)


@pytest.mark.parametrize("address", PRIVATE)
def test_private_addresses_only_with_allowance(address: str) -> None:
    """Embedded in IPv6 as well."""
    assert not may_dial(address, allow_private=False)


@pytest.mark.parametrize("address", ["10.0.0.1", "127.0.0.1", "100.64.0.1", "::1", "fc00::1", "::ffff:127.0.0.1"])
def test_an_allowance_covers_networks_of_ones_own(address: str) -> None:
    """Loopback, private, carrier-grade and unique local addresses."""
    assert may_dial(address, allow_private=True)


@pytest.mark.parametrize("address", NEVER)
def test_some_addresses_never(address: str) -> None:
    """Unspecified, link-local, multicast and broadcast addresses are nobody's news site."""
    assert not may_dial(address, allow_private=True)
    assert not may_dial(address, allow_private=False)


def test_a_url_loses_its_fragment_only() -> None:
    """Path and query stay as they are."""
    assert str(checked_url(" https://example.com/a?b=%20c&d#e ")) == "https://example.com/a?b=%20c&d"


def test_the_message_says_what_to_use_for_files() -> None:
    """A path in the place of an address is a likely mistake."""
    with pytest.raises(FetchError, match="kind: archive"):
        checked_url("/var/news")


@pytest.mark.parametrize("url", ["javascript:alert(1)", "mailto:a@b.c", "http://[::1", "//example.com/a", ""])
def test_other_links_are_no_web_addresses(url: str) -> None:
    """They become null in items."""
    assert not is_web_url(url)
