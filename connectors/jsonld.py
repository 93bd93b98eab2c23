"""schema.org data that a page carries as JSON-LD: every object of it, however it is nested."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from lxml import html

MOST_OBJECTS = 20_000  # of one page; a live blog of a whole day has some 2,000
_WRAPPING = re.compile(r"^\s*(?:<!--|//\s*<!\[CDATA\[|<!\[CDATA\[)|(?:-->|//\s*\]\]>|\]\]>)\s*;?\s*$")

Thing = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkedData:
    """The objects of a page in document order, outer before inner, and how many scripts could not be read."""

    things: tuple[Thing, ...]
    broken: int = 0

    def of_type(self, *types: str) -> Iterator[Thing]:
        """Those whose @type is, or includes, one of `types`."""
        return (thing for thing in self.things if types_of(thing) & set(types))


def linked_data(tree: html.HtmlElement) -> LinkedData:
    """What the page's JSON-LD scripts say."""
    things: list[Thing] = []
    broken = 0
    for script in tree.iter("script"):
        if "ld+json" not in (script.get("type") or "").lower():
            continue
        text = _WRAPPING.sub("", script.text or "").strip()
        if not text:
            continue
        try:
            things.extend(_objects(json.loads(text, strict=False), MOST_OBJECTS - len(things)))
        except (ValueError, RecursionError):
            broken += 1
    return LinkedData(things=tuple(things), broken=broken)


def types_of(thing: Thing) -> set[str]:
    """The object's types, without a schema.org address before them."""
    return {str(each).rpartition("/")[2] for each in as_list(thing.get("@type"))}


def as_list(value: object) -> list[Any]:
    """JSON-LD writes one as itself and several as a list."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def text_value(value: object) -> str:
    """A text, whether it stands alone, in a list or as {"@value": …}; else an empty one."""
    for each in as_list(value):
        if isinstance(each, str):
            return each
        if isinstance(each, Mapping) and isinstance(each.get("@value"), str):
            return str(each["@value"])
    return ""


def names(value: object) -> str:
    """The names of people or organisations, parted by commas."""
    found = (each.get("name") if isinstance(each, Mapping) else each for each in as_list(value))
    return ", ".join(each.strip() for each in found if isinstance(each, str) and each.strip())


def address(value: object) -> str:
    """An address, given as a text or as an object with @id or url."""
    for each in as_list(value):
        if isinstance(each, str):
            return each
        if isinstance(each, Mapping):
            return text_value(each.get("@id")) or text_value(each.get("url"))
    return ""


def _objects(root: object, most: int) -> Iterable[Thing]:
    """All objects within, depth first, without recursion."""
    found: list[Thing] = []
    waiting = [root]
    while waiting and len(found) < most:
        value = waiting.pop()
        if isinstance(value, Mapping):
            found.append(value)
            waiting.extend(reversed(list(value.values())))
        elif isinstance(value, list):
            waiting.extend(reversed(value))
    return found
