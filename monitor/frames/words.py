"""The words that a frame brings with it: its actions, the things they are done to, and who does such things.

They are written plainly, in small letters: `*` stands for any ending of a word, ` ... ` for up to four words between
(where a language writes without spaces: up to twelve characters).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from monitor.frames.frame import Frame
from monitor.language.english_verbs import english_forms
from monitor.language.folding import fold, lower
from monitor.language.lexicon import FORMS, Lexicon, lexicon_for
from monitor.language.sieve import Sieve
from monitor.language.verbs import INFLECTED

OTHERS = "others"  # in `names`: bodies that belong to no country that could be watched
_UNSPACED = ("ko", "zh", "ja")
_NEVER = "(?!)"


@dataclass(frozen=True, slots=True, eq=False)
class FrameWords:
    """One language's words of one frame, compiled. All patterns match folded, lower-case text."""

    lexicon: Lexicon  # the language's, with the actions of the frame
    kinds: frozenset[str]  # the actions that the frame's rules ask for
    own: frozenset[str]  # those of them that the frame has words for
    things: Mapping[str, re.Pattern[str]]
    names: Mapping[str, re.Pattern[str]]  # by country, or OTHERS
    toward: re.Pattern[str]  # beside the name of whom it is done to or told
    known: re.Pattern[str]  # tells that it is spoken of as of something known


def touches(frame: Frame, language: str, text: str) -> bool:
    """Whether a lower-case text holds any word that the frame cannot do without. Costs next to nothing."""
    sieve = _sieve(frame, language)
    return sieve is not None and bool(sieve.passing(text))


@lru_cache(maxsize=256)
def _sieve(frame: Frame, language: str) -> Sieve | None:
    words = frame.words.get(language)
    if words is None:
        return None
    if frame.object != "thing":
        actions = {kind: _forms(entry, language) for kind, entry in (words.get("actions") or {}).items()}
        return Sieve({kind: [w for spelled in forms.values() for w in spelled] for kind, forms in actions.items()})
    things = {thing: _listed(entry)[0] for thing, entry in (words.get("things") or {}).items()}
    return Sieve({thing: [pattern(w, language) for w in spelled] for thing, spelled in things.items()})


@lru_cache(maxsize=256)
def words_of(frame: Frame, language: str) -> FrameWords | None:
    """The frame's words in a language; None when it has none."""
    words = frame.words.get(language)
    if words is None:
        return None
    lexicon = lexicon_for(language).extended(
        {kind: _forms(entry, language) for kind, entry in (words.get("actions") or {}).items()},
        belongings=[pattern(w, language) for w in _belongings(words)],
        pronouns=[pattern(w, language) for w in words.get("pronouns") or ()],
    )
    return FrameWords(
        lexicon=lexicon,
        kinds=frozenset(kind for rule in frame.rules for kind in (*rule.do, *filter(None, (rule.also,)))),
        own=frozenset(words.get("actions") or {}),
        things={thing: _compiled(entry, language) for thing, entry in (words.get("things") or {}).items()},
        names={country: _compiled(entry, language) for country, entry in (words.get("names") or {}).items()},
        toward=_beside(words.get("toward") or (), language, before=lexicon.order == "svo"),
        known=_compiled(words.get("known") or (), language),
    )


def _belongings(words: Mapping[str, Any]) -> Iterator[str]:
    """What acts for its country when it is named as the country's own: "North Korea's military", "… rocket"."""
    yield from words.get("doers") or ()
    for entry in (words.get("things") or {}).values():
        yield from _listed(entry)[0]


def _listed(entry: Any) -> tuple[Sequence[str], Sequence[str]]:
    """The words of an entry and those that only look like them."""
    if isinstance(entry, Mapping):
        return entry["words"], entry.get("but") or ()
    return entry, ()


def _forms(entry: Mapping[str, Any], language: str) -> dict[str, list[str]]:
    """An action as lexicons have it, its words made into patterns, its verbs inflected."""
    but = _refused(entry.get("but") or (), language)
    forms = {form: [but + pattern(word, language) for word in entry.get(form) or ()] for form in FORMS}
    forms["noun"] += [but + pattern(word, language) for word in entry.get("nouns") or ()]
    inflected = INFLECTED.get(language, english_forms)
    for verb in entry.get("verbs") or ():
        for form, text in inflected(_verb(verb, language)):
            forms[form].append(but + text)
    return forms


def _verb(verb: str, language: str) -> str:
    """A verb as its language's inflection takes it: in English the first word stays as it is."""
    if language != "en":
        return verb
    parts = [part.partition(" ") for part in verb.split("/")]
    return "/".join(f"{first}{pattern(f' {rest}', language) if rest else ''}" for first, _, rest in parts)


def _compiled(entry: Any, language: str) -> re.Pattern[str]:
    words, but = _listed(entry)
    return re.compile(_bounded(words, language, _refused(but, language)))


def _refused(but: Sequence[str], language: str) -> str:
    """Keeps a pattern from matching where one of these longer words begins."""
    return f"(?!{'|'.join(pattern(word, language) for word in but)})" if but else ""


def _bounded(words: Sequence[str], language: str, refused: str = "") -> str:
    text = "|".join(pattern(word, language) for word in sorted(words, key=len, reverse=True)) or _NEVER
    return f"{refused}(?:{text})" if language in _UNSPACED else rf"(?<!\w){refused}(?:{text})(?!\w)"


def _beside(words: Sequence[str], language: str, *, before: bool) -> re.Pattern[str]:
    """One of the words right before a name, with an article between, or right after it."""
    text = _bounded(words, language)
    if not before:
        return re.compile(rf"\s?(?:{text})")
    return re.compile(rf"{text}\s?$" if language in _UNSPACED else rf"{text} (?:(?:\w{{1,3}}|the) )?$")


def pattern(words: str, language: str) -> str:
    """Plain words as a regular expression."""
    spaced = language not in _UNSPACED
    parts = re.split(r"( ?\.\.\. ?|\*| )", lower(fold(words)))
    made = []
    for part in parts:
        if part.strip() == "...":
            made.append(r" (?:\S+ ){0,4}" if spaced else r"[^,.;:、。，；：]{0,12}?")
        elif part == "*":
            made.append(r"\w*" if spaced else "")
        elif part == " ":
            made.append(" " if spaced else r"\s?")
        else:
            made.append(re.escape(part))
    return "".join(made)


__all__ = ["OTHERS", "FrameWords", "pattern", "touches", "words_of"]
