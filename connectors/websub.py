"""WebSub (W3C Recommendation, 23 January 2018): what a feed offers, and what becomes of a subscription.

A push is not believed to be the feed: it makes the source due at once, so that everything is read in one way, with the
same limits.  Its HMAC keeps strangers from doing that.  Pushes get lost, so the source is polled all the same, less
often once the hub has proven itself; news that a poll finds and no push told of are counted as missed.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from html import unescape
from urllib.parse import urljoin

from connectors.addresses import is_web_url
from connectors.hints import HEAD, Offer, head_of
from monitor.sourcememory import Push

LEASE = timedelta(days=10)  # asked for; the hub decides
LONGEST_LEASE = timedelta(days=90)
RENEW_BEFORE = 0.25  # of what is left of a lease, and at least an hour: a hub may be away for a while
ASK_AGAIN = timedelta(hours=6)  # after a request that led to nothing
PROVEN = 3  # pushes in a row without one that was missed, before the source is polled less often
BACKUP = timedelta(hours=1)  # between polls of a source whose hub has proven itself
ALGORITHMS = ("sha1", "sha256", "sha384", "sha512")  # WebSub, 8: "recognized algorithm names"

_LINK = re.compile(rb"<(?:\w{1,20}:)?link\b([^<>]{1,2000})>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"(\w{1,20})\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
_HEADER_LINK = re.compile(r"<([^<>]{1,2000})>((?:\s*;\s*\w{1,20}\s*=\s*(?:\"[^\"]*\"|[^\s;,\"]+))*)")
_HEADER_REL = re.compile(r";\s*rel\s*=\s*(?:\"([^\"]*)\"|([^\s;,\"]+))", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class PushSettings:
    """Where hubs reach us."""

    callback: str  # public http(s) address that leads to `host` and `port`; each subscription adds a path of its own
    host: str = "127.0.0.1"
    port: int = 8788  # 0: any that is free


def offer(body: bytes, headers: Mapping[str, str], url: str) -> Offer | None:
    """What a feed offers in its Link header, else in its head; None when there is no hub. `url` is where it was read.

    Only ASCII is looked for in the head. Names of headers in lower case.
    """
    links = _of_header(headers.get("link", "")) or _of_head(body)
    hub = urljoin(url, links["hub"]) if "hub" in links else ""
    topic = urljoin(url, links.get("self", url))
    return Offer(hub=hub, topic=topic) if is_web_url(hub) and is_web_url(topic) else None


def signed(body: bytes, header: str | None, secret: str) -> bool:
    """Whether X-Hub-Signature, `algorithm=hex`, is that of the body (WebSub, 8)."""
    algorithm, _, signature = (header or "").strip().partition("=")
    if algorithm.lower() not in ALGORITHMS or not signature.isascii():
        return False
    right = hmac.new(secret.encode(), body, getattr(hashlib, algorithm.lower())).hexdigest()
    return hmac.compare_digest(right, signature.strip().lower())


def is_active(push: Push, now: datetime) -> bool:
    """Whether the hub has promised pushes for now."""
    return push.until is not None and now < push.until


def must_ask(push: Push, offered: Offer, now: datetime) -> bool:
    """Whether to ask the hub for a subscription, or for a longer lease."""
    if push.asked is not None and timedelta() <= now - push.asked < ASK_AGAIN:
        return False
    if (push.hub, push.topic) != (offered.hub, offered.topic) or not is_active(push, now):
        return True
    assert push.until is not None
    whole = push.until - (push.verified or now)
    return push.until - now < max(whole * RENEW_BEFORE, timedelta(hours=1))


def asked(push: Push, offered: Offer, now: datetime, *, token: str, secret: str) -> Push:
    """The subscription once the hub was asked: another hub or topic begins anew, under another address."""
    if (push.hub, push.topic) == (offered.hub, offered.topic):
        return replace(push, asked=now)
    return Push(hub=offered.hub, topic=offered.topic, token=token, secret=secret, asked=now)


def verified(push: Push, lease_seconds: str, now: datetime) -> Push:
    """The subscription once the hub has said for how long it holds."""
    seconds = int(lease_seconds) if lease_seconds.isascii() and lease_seconds.isdigit() else 0
    lease = min(timedelta(seconds=min(seconds, 10**9)), LONGEST_LEASE) if seconds else LEASE
    return replace(push, verified=now, until=now + lease)


def pushed(push: Push, now: datetime) -> Push:
    """The subscription after a push that was signed rightly."""
    return replace(push, last=now, pushes=push.pushes + 1, proven=push.proven + 1)


def polled(push: Push, *, news: bool, before: datetime | None, now: datetime) -> Push:
    """The subscription after a poll; `before` is the last successful one. News of which no push told is a miss."""
    told = push.last is not None and (before is None or push.last >= before)
    if not news or told or not is_active(push, now) or before is None or push.verified is None:
        return push
    if push.verified > before:  # it may have come before the hub was asked
        return push
    return replace(push, missed=push.missed + 1, proven=0)


def backup(interval: timedelta, push: Push, *, news: bool, before: datetime | None, now: datetime) -> timedelta:
    """The time to the next poll: longer for a hub that has proven itself, unless a push told of what is not there yet.

    Caches between the feed and us may be slower than its hub.
    """
    told = push.last is not None and (before is None or push.last >= before)
    if not is_active(push, now) or push.proven < PROVEN or (told and not news):
        return interval
    return max(interval, BACKUP)


def _of_header(value: str) -> dict[str, str]:
    """Links by their relation, as RFC 8288 writes them; the first of each."""
    found: dict[str, str] = {}
    for link in _HEADER_LINK.finditer(value[:HEAD]):
        rel = _HEADER_REL.search(link[2])
        for name in (rel[1] or rel[2] or "").lower().split() if rel else ():
            found.setdefault(name, link[1].strip())
    return found if "hub" in found else {}


def _of_head(body: bytes) -> dict[str, str]:
    """Links of Atom, in Atom and in RSS, by their relation; the first of each."""
    found: dict[str, str] = {}
    for link in _LINK.finditer(head_of(body)):
        attributes = {
            name.lower(): unescape(double or single)
            for name, double, single in _ATTRIBUTE.findall(link[1].decode("utf-8", "replace"))
        }
        if attributes.get("href"):
            for name in attributes.get("rel", "").lower().split():
                found.setdefault(name, attributes["href"].strip())
    return found
