"""Addresses of searches over the news, made of a question as `sources.yaml` has it."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

GDELT = "https://api.gdeltproject.org/api/v2/doc/doc"
GOOGLE_NEWS = "https://news.google.com/rss/search"

# Google News has editions, each of a language and a country; these are the ones for a language alone.
EDITIONS: Mapping[str, tuple[str, str, str]] = {  # language -> hl, gl, ceid
    "de": ("de", "DE", "DE:de"),
    "en": ("en-US", "US", "US:en"),
    "es": ("es", "ES", "ES:es"),
    "fr": ("fr", "FR", "FR:fr"),
    "ja": ("ja", "JP", "JP:ja"),
    "ko": ("ko", "KR", "KR:ko"),
    "ru": ("ru", "RU", "RU:ru"),
    "zh": ("zh-CN", "CN", "CN:zh-Hans"),
}


def gdelt_address(query: str) -> str:
    """The address at which GDELT's DOC API answers a question; its connector adds what else is to be said."""
    return f"{GDELT}?{urlencode({'query': query})}"


def google_news_address(query: str, language: str) -> str:
    """The feed of Google News' results in the edition of a language, which is one of EDITIONS."""
    hl, gl, ceid = EDITIONS[language]
    return f"{GOOGLE_NEWS}?{urlencode({'q': query, 'hl': hl, 'gl': gl, 'ceid': ceid})}"
