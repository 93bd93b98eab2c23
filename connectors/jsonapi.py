"""Answers of public JSON interfaces: any of their fields may be missing or of another kind."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from connectors.base import FetchOutcome
from connectors.markup import is_challenge, is_html
from connectors.text import one_line
from monitor.errors import FetchError

ACCEPT = "application/json, */*;q=0.1"
_SHOWN = 200  # code points of an answer that is no JSON: servers say there what they did not like
_BAD_ESCAPE = re.compile(r"\\(?![\"\\/bfnrtu])")


def loaded(body: bytes, url: str) -> Any:
    """The answer as JSON has it. Raises FetchError: blocked for a challenge, not_a_feed for anything else.

    Raw control characters and stray backslashes in strings are let pass: GDELT's answers hold such.
    """
    if is_challenge(body):
        raise FetchError(FetchOutcome.BLOCKED, f"{url}: the site shows a challenge or a refusal instead of its data")
    if is_html(body):
        raise FetchError(FetchOutcome.NOT_A_FEED, f"{url}: a web page instead of JSON")
    text = body.decode("utf-8", "replace").removeprefix("\ufeff")
    for attempt in (text, _BAD_ESCAPE.sub("", text)):
        try:
            return json.loads(attempt, strict=False)
        except (ValueError, RecursionError):
            continue
    raise FetchError(FetchOutcome.NOT_A_FEED, f"{url}: no JSON, but: {one_line(text, _SHOWN) or 'nothing'}")


def member(thing: object, *path: str) -> Any:
    """What stands at the end of a path of names; None where it leads nowhere."""
    for name in path:
        if not isinstance(thing, Mapping):
            return None
        thing = thing.get(name)
    return thing


def text_at(thing: object, *path: str) -> str:
    """The same where it is a text, else an empty one."""
    value = member(thing, *path)
    return value if isinstance(value, str) else ""


def list_at(thing: object, *path: str) -> Sequence[Any]:
    """The same where it is a list, else an empty one."""
    value = member(thing, *path)
    return value if isinstance(value, list) else ()
