"""The words of a language, as data: actions, modifiers, speech, connectors. One YAML file a language.

A lexicon is compiled at first use and never pooled with another: French *report* is no English report.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from itertools import islice
from typing import Any

from monitor.language.data import collector_paused, read_yaml
from monitor.language.english_verbs import english_forms
from monitor.language.folding import lower
from monitor.language.sieve import Sieve
from monitor.language.verbs import INFLECTED

LANGUAGES = ("de", "en", "es", "fr", "ja", "ko", "ru", "zh")
_REMEMBERED = 200  # sentences whose actions are kept: each is asked for several times, then never again
MOST_ACTIONS = 16  # of a sentence; prose has six at most (8,660 real sentences): what has more is a list, read so far
FORMS = ("state", "future", "past", "noun", "ing", "present", "base")
GROUNDS = (
    "country",
    "border",
    "city",
)  # what a word makes of the adjective beside it: "Chinese soil", "la frontière ukrainienne"
MODIFIERS = ("future", "hedge", "negation", "condition", "desire", "plan_past", "history", "analyst", "doubt")


@dataclass(frozen=True, slots=True)
class Action:
    """A word or phrase that says that something is done; `form` is one of FORMS."""

    kind: str
    form: str
    start: int
    end: int
    country: str = ""  # of the place that is part of the word itself: 訪中, 방러


@dataclass(frozen=True, slots=True)
class Connectors:
    """What may stand between the parts of a title and of a list."""

    country_office: re.Pattern[str]
    office_country: re.Pattern[str]
    office_name: re.Pattern[str]
    name_office: re.Pattern[str]
    country_name: re.Pattern[str]
    listed: re.Pattern[str]


class Lexicon:
    """The compiled words of one language. All patterns match folded, lower-case text."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        self.language = str(data["language"])
        self.order = str(data.get("order", "svo"))  # "svo": a bare place follows its verb, "sov": it precedes it
        self._spaced = self.language not in ("zh", "ja", "ko")
        self._known: dict[str, tuple[Action, ...]] = {}
        self._words = {kind: _words_of(entry, self.language) for kind, entry in (data.get("actions") or {}).items()}
        self.abbreviations: Mapping[str, str] = data.get("abbreviations") or {}  # of countries, a letter each
        self._actions = {kind: self._compile_action(forms) for kind, forms in self._words.items()}
        self._sieve = _sieve_of(self._words, bounded=self._spaced)
        self.unmarked = {kind: str(e.get("unmarked", "to")) for kind, e in (data.get("actions") or {}).items()}
        self.inverted = frozenset(data.get("inverted") or ())
        self.bracket = bool(data.get("bracket", False))  # infinitives and participles close the clause
        modifiers = data.get("modifiers") or {}
        self.modifiers = {kind: self._pattern(modifiers.get(kind) or ()) for kind in MODIFIERS}
        self.connectors = _connectors(data.get("connectors") or {})
        self._read_places(data)
        self._read_speakers(data)
        self._read_people(data)
        self._read_clauses(data)
        self._read_doubts(data)
        self._read_times(data)
        self._read_pages(data)
        self._read_themes(data)

    def _read_places(self, data: Mapping[str, Any]) -> None:
        self.country_pair = _country_pair(self.abbreviations)
        letters = data.get("letters") or {}  # of countries, before an office or a body: 米政府
        self.letters: Mapping[str, str] = letters.get("of") or {}
        after, gap = letters.get("after", ""), letters.get("gap", "")
        self.letter = re.compile(f"{after}(?P<letter>{'|'.join(self.letters) or '(?!)'})(?:{gap})")
        # What may stand between an adposition and its place: "to the Russian resort of Sochi".
        self._settlement = "".join(f"(?:{p} )?" for p in data.get("settlement") or ())
        adpositions = data.get("adpositions") or {}
        self.adpositions = {role: self._adposition(adpositions.get(role) or ()) for role in ("from", "to", "in")}
        self.capital = self._pattern(data.get("capital") or ())
        self.seats = self._pattern(data.get("seats") or ())
        self.abroad = self._pattern(data.get("abroad") or ())
        self.legs = _any(data.get("legs"))
        self.gathering = self._pattern(data.get("gatherings") or ())
        self.grounds = {kind: self._pattern((data.get("grounds") or {}).get(kind) or ()) for kind in GROUNDS}
        self.no_place = _no_place(data.get("no_place_after") or ())
        self.named_after_place = _any(data.get("named_after_place"))
        self.about_place = _any(data.get("about_place"))
        self.no_country = _any(data.get("no_country"))
        self.our_country = self._pattern(data.get("our_country") or ())
        self.no_city = _no_place(data.get("no_city_after") or ())
        self.cause = _right_before(data.get("cause"))
        self.handed = _any(data.get("handed"))
        self.left_things = self._pattern(data.get("left_things") or ())

    def _read_speakers(self, data: Mapping[str, Any]) -> None:
        speech = data.get("speech") or {}
        self.speech = self._pattern([p for verb in speech.get("verbs") or () for p in self._inflected(verb)])
        self.speech_before = self._pattern(speech.get("before") or ())
        self.sources = self._pattern(speech.get("sources") or ())
        self.witnesses = self._pattern(speech.get("witnesses") or ())
        self.officials = self._pattern(speech.get("officials") or ())
        self.media = self._pattern(speech.get("quoted_media") or ())
        self.organs = self._pattern([*(data.get("organs") or ()), *(speech.get("officials") or ())])
        self.letters_sent = self._pattern(data.get("letters_sent") or ())
        self.counterparts = self._pattern(data.get("counterparts") or ())
        self.asks = "whether" in data
        self.whether = self._pattern(data.get("whether") or ())
        self.addressed = _right_before(data.get("addressed"))
        self.other_speakers = self._pattern(data.get("other_speakers") or ())
        self.told_behind = self._pattern(data.get("told_behind") or ())
        self.reports = self._pattern(data.get("reports") or ())
        self.house = _any(data.get("house"))
        self.quoted = _any(data.get("quoted"))

    def _read_people(self, data: Mapping[str, Any]) -> None:
        self.relatives = self._pattern(data.get("kin") or ())
        self.vehicles = self._pattern(data.get("vehicles") or ())
        self.pronouns = self._pattern(data.get("pronouns") or ())
        self.they = self._pattern(data.get("they") or ())
        self.the_pair = self._pattern(data.get("the_pair") or ())
        self.possessive = self._pattern(data.get("possessive") or ())
        self.objects = self._pattern(data.get("objects") or ())
        self.clitics = _right_before(data.get("clitics"))
        self.whose = _right_before(data.get("whose"))
        self.owners = _any([f"{p} $" for p in data.get("owners") or ()])
        self.inviter = self._pattern(data.get("inviter") or ())
        self.invited = self._pattern(data.get("invited") or (), bounded=False)
        self.by = _any([f"(?:{p})$" for p in data.get("by") or ()])
        self.oblique = self._adposition(data.get("oblique") or ())
        self.subject_marks = self._pattern(data.get("subject_marks") or (), bounded=False)
        self.oblique_marks = self._pattern(data.get("oblique_marks") or (), bounded=False)
        self.relative = _any(data.get("relative"))
        self.who = _any(data.get("who"))
        self.demonym = _right_before(data.get("demonym"))
        self.demonym_goes_on = self._pattern(data.get("demonym_goes_on") or ())
        self.identifies = self._pattern(data.get("identifies") or ())
        self.stands_for = _right_before(data.get("stands_for"))
        self.no_holder = _no_holder(data, spaced=self._spaced)
        self.plurals = _any(data.get("plurals"))
        self.one_of = _right_before(data.get("one_of"))

    def _read_clauses(self, data: Mapping[str, Any]) -> None:
        self.clause_breaks = _any(data.get("clauses"))
        self.fronted = _any(data.get("fronted"))
        self.own_subject = self._pattern(data.get("own_subject") or ())
        self.that = self._pattern(data.get("that") or ())
        self.but = self._pattern(data.get("but") or ())
        self.whether = self._pattern(data.get("whether") or ())
        self.if_clause = self._pattern(data.get("if_clause") or ())

    def _read_doubts(self, data: Mapping[str, Any]) -> None:
        self.conditional = self._pattern(data.get("conditional") or ())
        self.happening = self._pattern(data.get("happening") or (), bounded=False)
        self.perhaps = self._pattern(data.get("perhaps") or ())
        self.weighed = self._pattern(data.get("weighed") or ())
        self.no_noun = _right_before(data.get("no_noun"))
        self.not_to_be = self._pattern(data.get("not_to_be") or ())
        self.set_aside = self._pattern(data.get("set_aside") or (), bounded=False)

    def _read_times(self, data: Mapping[str, Any]) -> None:
        self.background = self._pattern(data.get("background") or ())
        self.since = self._pattern(data.get("since") or ())
        self.long_after = self._pattern(data.get("long_after") or ())
        self.despite = _right_before(data.get("despite"))
        self.after_stay = _right_before(data.get("after_stay"))

    def _read_pages(self, data: Mapping[str, Any]) -> None:
        self.markers = {kind: self._pattern(patterns) for kind, patterns in (data.get("markers") or {}).items()}
        self.caption = self._pattern(data.get("caption") or (), bounded=False)
        self.reprint = self._pattern(data.get("reprint") or ())
        self.furniture = self._pattern(data.get("furniture") or (), bounded=False)

    def _read_themes(self, data: Mapping[str, Any]) -> None:
        parade, summit = data.get("parade") or {}, data.get("summit") or ()
        self.parade = self._pattern(parade.get("nouns") or ())
        self.military = self._pattern(parade.get("military") or ())
        self.civil = self._pattern(parade.get("civil") or ())
        self.guest_list = self._pattern((data.get("guest_list") or {}).get("nouns") or ())
        self.other_leaders = self._pattern(data.get("other_leaders") or (), bounded=self._spaced)
        self.no_leader_of = self._pattern(data.get("no_leader_of") or ())
        self.from_afar = self._pattern(data.get("from_afar") or (), bounded=self._spaced)
        self.listing = self._pattern(data.get("listing") or (), bounded=False)
        self.instead = _any(data.get("instead"))
        self.stands = self._pattern(data.get("stands") or ())
        self.summit = self._pattern(summit)
        self.themes = Sieve({"parade": parade.get("nouns") or (), "summit": summit}, bounded=self._spaced)

    def extended(
        self,
        actions: Mapping[str, Mapping[str, Sequence[str]]],
        *,
        belongings: Sequence[str] = (),
        pronouns: Sequence[str] = (),
    ) -> Lexicon:
        """This lexicon with more words, for one who reads with words of his own; it stays itself as it is.

        `actions` as in the files, to which those of a kind that is known are joined; `belongings`: what acts for its
        owner, as vehicles do.
        """
        other = copy(self)
        added = {kind: _words_of(entry, self.language) for kind, entry in actions.items()}
        other._known = {}
        other._words = {**self._words, **{kind: _joined(self._words.get(kind), new) for kind, new in added.items()}}
        other._actions = {**self._actions, **{kind: self._compile_action(other._words[kind]) for kind in added}}
        other._sieve = _sieve_of(other._words, bounded=self._spaced)
        other.unmarked = {**dict.fromkeys(added, "to"), **self.unmarked}
        other.vehicles = _either(self.vehicles, self._pattern(belongings))
        other.pronouns = _either(self.pronouns, self._pattern(pronouns))
        return other

    def actions(self, text: str) -> tuple[Action, ...]:
        """All actions in a folded text, in order; of two that overlap the longer one. Asked again, it remembers."""
        known = self._known.get(text)
        if known is None:
            if len(self._known) > _REMEMBERED:
                self._known.clear()
            known = self._known[text] = self._find_actions(text)
        return known

    def _find_actions(self, text: str) -> tuple[Action, ...]:
        lowered = lower(text)
        found = []
        passing = self._sieve.passing(lowered)
        for kind, pattern in self._actions.items():
            for match in pattern.finditer(lowered) if kind in passing else ():
                form = next(f for f in FORMS if match.group(f) is not None)
                letters = next((text for name, text in match.groupdict().items() if text and name[:4] == "abbr"), "")
                country = self.abbreviations.get(letters, "")
                found.append(Action(kind, form, match.start(), match.end(), country))
        found.sort(key=lambda a: (a.start, -(a.end - a.start)))
        return tuple(islice(_without_inner(found), MOST_ACTIONS))

    def is_word(self, word: str) -> bool:
        """Whether a capitalised word beside a name is a plain word of the language and no part of the name."""
        lowered = word.lower()
        return lowered in _STOPWORDS.get(self.language, frozenset()) or any(
            pattern.fullmatch(lowered) for pattern in (*self._actions.values(), self.speech, self.vehicles)
        )

    def _compile_action(self, forms: Mapping[str, Sequence[str]]) -> re.Pattern[str]:
        parts = []
        for form in FORMS:
            alternatives = "|".join(f"(?:{text})" for text in forms[form]) or "(?!)"
            parts.append(f"(?P<{form}>{alternatives})")
        text = "|".join(parts)
        if "{abbr}" in text:
            letters = "|".join(self.abbreviations)
            for number in range(text.count("{abbr}")):
                text = text.replace("{abbr}", f"(?P<abbr{number}>{letters})", 1)
        return re.compile(self._bounded(text))

    def _pattern(self, alternatives: Sequence[str], *, bounded: bool = True) -> re.Pattern[str]:
        text = "|".join(f"(?:{a})" for a in alternatives) or "(?!)"
        return re.compile(self._bounded(text) if bounded else text, re.MULTILINE)

    def _bounded(self, text: str) -> str:
        return rf"(?<!\w)(?:{text})(?!\w)" if self._spaced else f"(?:{text})"

    def _adposition(self, words: Sequence[str]) -> re.Pattern[str]:
        """An adposition right before a place (right after it, where the language puts it there)."""
        text = "|".join(f"(?:{w})" for w in words) or "(?!)"
        if self.order == "sov":
            return re.compile(rf"\s?(?:{text})")
        if not self._spaced:
            return re.compile(rf"(?:{text})\s?$")
        article = r"(?:(?:the|la|le|el|los|las|les|der|die|das|den|dem) |l')?"
        return re.compile(rf"(?<!\w)(?:{text})(?:(?<=') ?| ){article}{self._settlement}$")

    def _inflected(self, verb: str) -> Iterator[str]:
        if self.language == "en":
            keep = ("past", "present", "state") if verb.split("/")[0] not in ("say", "tell") else FORMS
            yield from (text for form, text in english_forms(verb) if form in keep)
        else:
            yield verb


def _words_of(entry: Mapping[str, Any], language: str) -> dict[str, list[str]]:
    """The patterns of an action by their form; verbs are inflected."""
    inflected = INFLECTED.get(language, english_forms)
    forms: dict[str, list[str]] = {form: list(entry.get(form) or ()) for form in FORMS}
    forms["noun"] += entry.get("nouns") or ()
    for verb in entry.get("verbs") or ():
        for form, text in inflected(verb):
            forms[form].append(text)
    return forms


def _sieve_of(words: Mapping[str, Mapping[str, Sequence[str]]], *, bounded: bool) -> Sieve:
    patterns = {kind: [w.replace("{abbr}", "()") for ws in f.values() for w in ws] for kind, f in words.items()}
    return Sieve(patterns, bounded=bounded)


def _joined(known: Mapping[str, Sequence[str]] | None, new: Mapping[str, list[str]]) -> dict[str, list[str]]:
    return {form: [*new[form], *(known or {}).get(form, ())] for form in FORMS}  # the first that matches counts


def _either(one: re.Pattern[str], other: re.Pattern[str]) -> re.Pattern[str]:
    return re.compile(f"{one.pattern}|{other.pattern}", re.MULTILINE)


def _without_inner(actions: Sequence[Action]) -> Iterator[Action]:
    """Drops an action that lies inside another of the same kind; `actions` are ordered, the longer first.

    Nobody is invited by who accepts or declines an invitation.
    """
    reached: dict[str, int] = {}
    for action in actions:
        if action.kind == "invite" and action.end <= max(reached.get("accept", -1), reached.get("decline", -1)):
            continue
        if action.end > reached.get(action.kind, -1):
            reached[action.kind] = action.end
            yield action


_STOPWORDS: Mapping[str, frozenset[str]] = {
    "en": frozenset(
        "the a an and or of in on at to for from with by as is are was were be been has have had will would may might "
        "can could not no but after before over under into amid against about says said tells told vows calls seeks "
        "wants gets makes takes gives sends sees seen meets holds back his her its their he she it they who which that "
        "this these those new more most also still again now then when where why how what i you we up out off down "
        "mr mrs ms sir dear president leader chairman prime minister premier king queen chancellor general secretary "
        "comrade marshal respected former ex then-president then both while during since until between among "
        "monday tuesday wednesday thursday friday saturday sunday january february march april may june july august "
        "september october november december".split()
    ),
    "de": frozenset(
        "der die das und mit in bei zu nach von am im trifft reist kommt will nicht ist sind wird ende anfang mitte "
        "heute gestern morgen abend kanzler kanzlerin bundeskanzler bundeskanzlerin präsident präsidentin premier herr "
        "frau staatschef regierungschef regierungschefin montag dienstag mittwoch donnerstag freitag samstag sonntag "
        "januar februar märz april mai juni juli august september oktober november dezember".split()
    ),
    "fr": frozenset("le la les et avec dans à au aux de du des en pour est sont va ne pas rencontre arrive".split()),
    "es": frozenset("el la los las y con en a al de del para es son va no se reúne llega viaja".split()),
}


def _country_pair(letters: Mapping[str, str]) -> re.Pattern[str]:
    """Two countries by a letter each, at the end of a text: 中俄, 북·러."""
    one = "|".join(letters) or "(?!)"
    return re.compile(rf"(?P<one>{one})[·・\-－ ]?(?P<two>{one})\s?$")


def _no_place(words: Sequence[str]) -> re.Pattern[str]:
    """What stands before the name of a place and makes it part of another name: "Air China"."""
    return re.compile(rf"(?<!\w)(?:{'|'.join(words)}) $" if words else "(?!)")


def _any(patterns: Sequence[str] | None) -> re.Pattern[str]:
    """Any of the patterns, wherever it stands; nothing for none."""
    return re.compile("|".join(f"(?:{p})" for p in patterns or ["(?!)"]))


def _right_before(patterns: Sequence[str] | None) -> re.Pattern[str]:
    """What stands, as a word, at the end of what is searched."""
    return re.compile("|".join(rf"(?<!\w)(?:{p})$" for p in patterns or ["(?!)"]))


def _no_holder(data: Mapping[str, Any], *, spaced: bool) -> re.Pattern[str]:
    """What stands right before an office and means that its holder is not meant: "former", "a", "no Indian"."""
    former = "|".join(data.get("former") or ["(?!)"])
    if not spaced:
        return re.compile(rf"(?:{former}) ?$")
    indefinite = "|".join(data.get("indefinite") or ["(?!)"])
    none = "|".join(data.get("nobody") or ["(?!)"])
    return re.compile(rf"(?:^|\W)(?:(?:{former})(?:[ -]\w+)?|(?:{indefinite})|(?:{none})(?: \w+)?)[ -]$")


def _connectors(data: Mapping[str, Any]) -> Connectors:
    def compiled(key: str) -> re.Pattern[str]:
        return re.compile("|".join(f"(?:{p})" for p in data.get(key) or ["(?!)"]))

    return Connectors(
        country_office=compiled("country_office"),
        office_country=compiled("office_country"),
        office_name=compiled("office_name"),
        name_office=compiled("name_office"),
        country_name=compiled("country_name"),
        listed=compiled("list"),
    )


@lru_cache(maxsize=len(LANGUAGES))
@collector_paused()
def lexicon_for(language: str | None) -> Lexicon:
    """The lexicon of a language; English for one that has none."""
    code = language if language in LANGUAGES else "en"
    text = resources.files("monitor.language.lexicons").joinpath(f"{code}.yaml").read_text(encoding="utf-8")
    return Lexicon(read_yaml(text))
