"""Text from the news, made safe to show: invisible characters out, cut by code points, escaped once."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

ELLIPSIS = "…"
LONGEST_LINK = 2000  # Slack takes 3,000 characters; what is longer than this is no address of an article

# Letters and marks that show nothing, beside the format characters of category Cf: the Hangul fillers and the joiner.
_INVISIBLE = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0")
# Cc control, Cf format (bidi overrides, zero-width, tags, soft hyphen), Cs surrogates
_REMOVED = frozenset({"Cc", "Cf", "Cs"})


def clean(text: str) -> str:
    """One line without control, bidi, zero-width and other invisible characters; white space folded."""
    folded = " ".join(text.split())
    kept = (c for c in folded if c not in _INVISIBLE and unicodedata.category(c) not in _REMOVED)
    return " ".join("".join(kept).split())


def cut(text: str, limit: int) -> str:
    """At most `limit` code points, the last of them an ellipsis where something was left out."""
    if len(text) <= limit:
        return text
    return text[: limit - len(ELLIPSIS)].rstrip() + ELLIPSIS


def escape(text: str) -> str:
    """Slack's three control characters as entities, the ampersand first so that none is escaped twice."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def escaped(text: str, limit: int) -> str:
    """`text` cut so that its escaped form has at most `limit` characters, then escaped."""
    whole = escape(text)
    if len(whole) <= limit:
        return whole
    room = limit - len(ELLIPSIS)
    end = 0
    for character in text:
        room -= len(escape(character))
        if room < 0:
            break
        end += 1
    return escape(text[:end].rstrip()) + ELLIPSIS


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """An address that may be followed, and the host where it really leads."""

    url: str
    host: str


def link(address: str | None) -> Link | None:
    """The web link in `address`, without user names and with its host in ASCII; None when it is no safe one."""
    if not address or len(address) > LONGEST_LINK:
        return None
    try:
        parts = urlsplit(address)
        port = parts.port
        host = _ascii_host(parts.hostname or "")
    except ValueError:  # a port or an IPv6 address that is none, or a host that can't be written in ASCII
        return None
    if parts.scheme not in ("http", "https") or not host:
        return None
    shown = f"[{host}]" if ":" in host else host
    where = shown if port is None else f"{shown}:{port}"
    path = quote(parts.path, safe="/:@!$&'()*+,;=%-._~") or "/"
    query = quote(parts.query, safe="/:@!$&'()*+,;=%-._~?")
    url = f"{parts.scheme}://{where}{path}" + (f"?{query}" if query else "")
    return Link(url=url, host=where) if len(url) <= LONGEST_LINK else None


def _ascii_host(host: str) -> str:
    """The host as the network sees it, so that letters that look alike can't pose as another's name."""
    if not host.isascii():
        host = host.encode("idna").decode("ascii")
    if not all(c.isalnum() or c in "-._:" for c in host):
        raise ValueError(f"not a host: {host!r}")
    return host
