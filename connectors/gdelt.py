"""GDELT's DOC 2.0 API: what the news of the world holds on a question, found within a quarter of an hour.

Parameters and fields are those of blog.gdeltproject.org, "GDELT DOC 2.0 API Debuts".  It takes one request in five
seconds from an address and often fewer, and says so in a sentence with status 200.  `seendate` is when GDELT came by
an article, not when that was published, so it is no date of the item: with `fetch_article` its page says.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from babel import Locale

from connectors.base import FetchOutcome
from connectors.jsonapi import list_at, loaded, text_at
from connectors.parsed import Entry, ParsedFeed, collect, language_code, web_link
from connectors.text import one_line
from monitor.errors import FetchError

SPACING = 10.0  # seconds between starts: twice what it asks for, since it turns away sooner than it says
WAIT = 900.0  # seconds after a refusal in words; it takes in the web every 15 minutes
# What is asked for where the address does not say: as many as it gives, the newest first, of a day.
_DEFAULTS = {"sort": "datedesc", "maxrecords": "250", "timespan": "1d"}
_FORCED = {"mode": "artlist", "format": "json"}
_REFUSAL = re.compile(r"limit requests|too many requests|quota", re.IGNORECASE)
_SPACED_MARK = re.compile(r"\s+([,.;:!?%)\]’”])(?=\s|$)")  # its titles part words and marks by blanks


def search_address(address: str) -> str:
    """The address with what makes the answer a list of articles in JSON."""
    parts = urlsplit(address)
    given = {name.lower(): value for name, value in parse_qsl(parts.query)}
    return parts._replace(query=urlencode(_DEFAULTS | given | _FORCED)).geturl()


def parse_articles(body: bytes, _content_type: str, url: str) -> ParsedFeed:
    """The articles found, the newest first; none where nothing was. Raises FetchError: rate_limited, not_a_feed."""
    start = body[:500].decode("utf-8", "replace").strip()
    if not start.startswith(("{", "\ufeff{")) and _REFUSAL.search(start):
        raise FetchError(FetchOutcome.RATE_LIMITED, f"{url}: {one_line(start, 200)}", retry_after=WAIT)
    return collect(list_at(loaded(body, url), "articles"), lambda article: _entry(article, url))


def _entry(article: Mapping[str, Any], url: str) -> Entry:
    return Entry(
        link=web_link(article["url"], url),
        title=_SPACED_MARK.sub(r"\1", one_line(text_at(article, "title"))),
        author=one_line(text_at(article, "domain")) or None,
        language=language_code(_codes().get(text_at(article, "language").lower())),
    )


@cache
def _codes() -> Mapping[str, str]:
    """Codes (ISO 639-1) by the languages' English names, as GDELT has them."""
    return {name.lower(): code for code, name in Locale("en").languages.items() if len(code) == 2}
