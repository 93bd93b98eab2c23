"""How reasons say, to people, why a claim is no news and since when a thing is known."""

from __future__ import annotations

from datetime import UTC, datetime

_EXCLUDED = {
    "history": "tells what is past",
    "condition": "says what would be, not what is",
    "caption": "a picture's caption",
    "headline": "a headline only: the text below says that it is still to come",
    "withdrawn": "the story is withdrawn by those who published it",
    "gallery": "a gallery or quiz of known facts",
    "opinion": "an opinion piece",
    "roundup": "a round-up of many stories",
    "furniture": "its words stand only in a caption, a menu or a box of other stories",
    "analyst": "a forecast by somebody with no knowledge of his own",
}


def why_excluded(excluded: str) -> str:
    """What `Claim.excluded` means."""
    return _EXCLUDED.get(excluded, excluded)


def when(moment: datetime) -> str:
    """A moment, in UTC."""
    return f"{moment.astimezone(UTC):%-d %B %Y %H:%M} UTC"
