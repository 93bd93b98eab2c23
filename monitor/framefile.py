"""`frames/*.yaml`: frames of the user's own, checked before any text is read with them (`docs/frames.md`)."""

from __future__ import annotations

import re
import string
from collections.abc import Collection, Iterator
from typing import Annotated, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field

from monitor.frames.frame import Frame, Frames, frame_from
from monitor.frames.words import OTHERS
from monitor.language.lexicon import FORMS, LANGUAGES, lexicon_for
from monitor.yamlfile import Document, Entry, Place, expected, suggest, whole

NAME_PATTERN = r"^[a-z][a-z0-9-]{0,31}$"
STAGE_PATTERN = r"^[a-z][a-z_]{0,31}$"
_BLANKS = frozenset({"subject", "object", "detail"})  # what a sentence may have filled in
_OF_EVENTS = ("subject", "object", "things", "words", "recent_days")
_OF_MOVEMENTS = ("to", "origin", "object")  # of a rule
# How many principal parts a verb may have, as monitor/language/{lexicon,verbs,korean,japanese}.py take them.
_PARTS = {"en": (1, 3), "ko": (1, 3), "ja": (1, 2), "fr": (1, 2, 3, 4), "es": (1, 2, 3, 4, 5), "de": (1, 2, 3, 4)}

Days = Annotated[float, Field(gt=0, le=3650)]
Word = Annotated[str, Field(min_length=1, max_length=80, pattern=r"\w")]
Stage = Annotated[str, Field(pattern=STAGE_PATTERN)]
Words = tuple[Word, ...]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Closes(_Part):
    idle: Days = expected("days after the last report, such as 30")
    under_way: Days = expected("days after the last development of one that has begun, such as 5")
    finished: Days = expected("days after the last development of one that is over, such as 1.5")


class _Rule(_Part):
    do: tuple[str, ...] = expected("a list of actions, such as [launch]", min_length=1)
    mood: tuple[Literal["real", "ongoing", "future", "possible", "denied"], ...] = expected(
        "a list of real, ongoing, future, possible, denied", min_length=1
    )
    stage: Stage = expected("a stage that stands in order or flips")
    form: tuple[str, ...] = expected(f"a list of forms: {', '.join(FORMS)}", ())
    also: str = expected("an action that stands beside it", "")
    to: Literal["", "home", "abroad", "border", "nowhere"] = expected("home, abroad, border or nowhere", "")
    origin: Literal["", "home", "abroad", "nowhere"] = expected("home, abroad or nowhere", "", alias="from")
    object: Literal["", "to", "from", "inviter", "episode"] = expected("to, from, inviter or episode", "")
    detail: str = expected("what tells two of one stage apart", "")
    weak: bool = expected("true or false", False)
    settled: bool = expected("true or false", False)


class _Thing(_Part):
    name: str = expected('how a sentence names it, such as "a satellite"', min_length=1, max_length=80)
    kind_of: str = expected("the id of a more general thing", "")


class _Spelled(_Part):
    words: Words = expected("a list of words", min_length=1)
    but: Words = expected("a list of longer words that only look like them", ())


class _Action(_Part):
    verbs: Words = expected("verbs to be inflected: [launch, shoot/shot/shot]", ())
    noun: Words = expected("a list of words", ())
    past: Words = expected("a list of words", ())
    present: Words = expected("a list of words", ())
    future: Words = expected("a list of words", ())
    base: Words = expected("a list of words", ())
    ing: Words = expected("a list of words", ())
    state: Words = expected("a list of words", ())
    but: Words = expected("a list of longer words that only look like them", ())


class _Words(_Part):
    actions: dict[str, _Action] = expected("actions with their words: {launch: {verbs: [launch]}}")
    things: dict[str, Words | _Spelled] = expected("things with their words: {satellite: [satellite*]}", {})
    doers: Words = expected("a list of words", ())
    names: dict[str, Words] = expected("bodies by country: {IN: [isro]}", {})
    toward: Words = expected("a list of words", ())
    pronouns: Words = expected("a list of words", ())
    known: Words = expected("a list of words", ())


class _Frame(Entry):
    kind_of_entry: ClassVar[str] = "frame"

    frame: str = expected("a name in lower-case letters, such as launch", pattern=NAME_PATTERN)
    shape: Literal["event", "movement", "presence", "meeting"] = expected("event, movement, presence or meeting")
    noun: str = expected("what one episode is called, such as launch", min_length=1, max_length=40)
    subject: Literal["country", "person"] = expected("country or person", "person")
    object: Literal["thing", "place", "country"] = expected("thing, place or country", "place")
    order: tuple[Stage, ...] = expected("a list of stages in their usual order", min_length=1)
    flips: tuple[Stage, ...] = expected("a list of stages that turn back the others", ())
    settled: str = expected("the stage from which on it is settled", "announced")
    refusals: tuple[str, ...] = expected("a list of stages out of flips", ())
    denials: tuple[str, ...] = expected("a list of stages out of flips", ())
    aside: tuple[str, ...] = expected("a list of stages", ())
    needs_episode: tuple[str, ...] = expected("a list of stages", ())
    repeatable: tuple[str, ...] = expected("a list of stages", ())
    on_the_day: tuple[str, ...] = expected("a list of stages", ())
    ends: tuple[str, ...] = expected("a list of stages after which an episode is over", ())
    changes: tuple[Literal["day", "place", "level", "figure", "length"], ...] = expected(
        "a list of day, place, level, figure", ()
    )
    many_subjects: bool = expected("true or false", False)
    same_days: int = expected("a number of days", 0, ge=0, le=60)
    fixed: tuple[str, ...] = expected("a list of subjects", ())
    journey: bool = expected("true or false", False)
    where_journeys_lead: bool = expected("true or false", False)
    recent_days: int = expected("a number of days", 10, ge=0, le=365)
    labels: dict[str, str] = expected("a few words for each stage: {possible: may come}")
    sentences: dict[str, str] = expected('a sentence for each stage: {possible: "{subject} may launch {object}"}')
    closes_after: _Closes = expected("days: {idle: 30, under_way: 5, finished: 2}")
    rules: tuple[_Rule, ...] = expected(
        "a list of rules: - {do: [launch], mood: [real], stage: launched}", min_length=1
    )
    things: dict[str, _Thing] = expected('things: {satellite: {name: "a satellite"}}', {})
    words: dict[str, _Words] = expected("words by language: {en: {actions: ...}}", {})


def read_frame(document: Document, taken: Frames, countries: Collection[str]) -> Frame | None:
    """The frame of a document; what is wrong goes to its `problems`, and then there is none."""
    entry = whole(document, _Frame)
    if entry is None:
        return None
    if entry.frame in taken:
        document.complain(("frame",), f'frame "{entry.frame}" is there already. Give yours another name.')
    if entry.frame != document.path.stem:
        remedy = f"Rename the file to {entry.frame}.yaml, or the frame."
        document.complain(("frame",), f'frame "{entry.frame}" stands in {document.path.name}. {remedy}')
    for place, message in _wrong(entry, countries):
        document.complain(place, f'frame "{entry.frame}": {message}')
    return None if document.problems else frame_from(document.data)


def _wrong(entry: _Frame, countries: Collection[str]) -> Iterator[tuple[Place, str]]:
    """What the shape of the fields can't tell, with its place."""
    yield from _wrong_stages(entry)
    yield from _wrong_sentences(entry)
    yield from _wrong_rules(entry)
    if entry.shape == "event":
        yield from _wrong_things(entry)
        yield from _wrong_words(entry, countries)
        return
    for field in _OF_EVENTS:
        if field in entry.model_fields_set:
            yield (field,), f'only the shape "event" has "{field}". Remove it, or change the shape.'


def _wrong_stages(entry: _Frame) -> Iterator[tuple[Place, str]]:
    stages = (*entry.order, *entry.flips)
    for index, stage in enumerate(entry.flips):
        if stage in entry.order:
            yield ("flips", index), f'stage "{stage}" stands in order and in flips. Remove it from one of them.'
    for field in ("ends", "aside", "needs_episode", "repeatable", "on_the_day"):
        for index, stage in enumerate(getattr(entry, field)):
            if stage not in stages:
                yield (field, index), f'{field}: there is no stage "{stage}".{suggest(stage, stages)}'
    for field in ("refusals", "denials"):
        for index, stage in enumerate(getattr(entry, field)):
            if stage not in entry.flips:
                yield (field, index), f'{field}: "{stage}" does not stand in flips. Add it there, or remove it.'
    if entry.settled not in entry.order:
        if "settled" in entry.model_fields_set:
            remedy = suggest(entry.settled, entry.order)
            yield ("settled",), f'settled: "{entry.settled}" does not stand in order.{remedy}'
        else:
            remedy = "Say from which stage on it is settled: `settled: STAGE`, one of order."
            yield ("order",), f'order has no stage "announced", and "settled" is left out. {remedy}'
    for stage in stages:
        if not any(rule.stage == stage for rule in entry.rules):
            yield ("rules",), f'no rule tells the stage "{stage}". Write one, or remove the stage.'


def _wrong_sentences(entry: _Frame) -> Iterator[tuple[Place, str]]:
    stages = (*entry.order, *entry.flips)
    for field, texts in (("labels", entry.labels), ("sentences", entry.sentences)):
        for stage in stages:
            if not texts.get(stage, "").strip():
                yield (field,), f'{field}: the stage "{stage}" has none. Add `{stage}: ...`.'
        for stage in texts:
            if stage not in stages:
                yield (field, stage), f'{field}: there is no stage "{stage}".{suggest(stage, stages)}'
    for stage, sentence in entry.sentences.items():
        try:
            parts = list(string.Formatter().parse(sentence))
        except ValueError as error:
            yield ("sentences", stage), f'sentences: "{stage}": {error}. Write {{subject}}, {{object}} or {{detail}}.'
            continue
        for _, blank, spec, how in parts:
            if blank is not None and blank not in _BLANKS:
                yield ("sentences", stage), f'sentences: "{stage}": {{{blank}}} is not known.{suggest(blank, _BLANKS)}'
            elif spec or how:
                remedy = f"the name stands alone between the braces. Write {{{blank}}}."
                yield ("sentences", stage), f'sentences: "{stage}": {{{blank}{"!" if how else ":"}…}}: {remedy}'


def _wrong_rules(entry: _Frame) -> Iterator[tuple[Place, str]]:
    stages = (*entry.order, *entry.flips)
    known = {action for language in LANGUAGES for action in lexicon_for(language).unmarked}
    known |= {action for words in entry.words.values() for action in words.actions}
    for index, rule in enumerate(entry.rules):
        if rule.stage not in stages:
            yield ("rules", index), f'rule {index + 1}: there is no stage "{rule.stage}".{suggest(rule.stage, stages)}'
        for action in (*rule.do, *([rule.also] if rule.also else [])):
            if action not in known:
                remedy = suggest(action, sorted(known)) or " Give its words below words."
                yield ("rules", index), f'rule {index + 1}: no language has words for the action "{action}".{remedy}'
        for form in rule.form:
            if form not in FORMS:
                yield ("rules", index), f'rule {index + 1}: there is no form "{form}".{suggest(form, FORMS)}'
        for field in _OF_MOVEMENTS:
            if entry.shape != "movement" and field in rule.model_fields_set:
                name = _Rule.model_fields[field].alias or field
                yield (
                    ("rules", index),
                    f'rule {index + 1}: only the shape "movement" has "{name}". Remove it, or change the shape.',
                )


def _wrong_things(entry: _Frame) -> Iterator[tuple[Place, str]]:
    if entry.object == "thing" and not entry.things:
        yield ("object",), "object: thing needs a list of things. Add `things:`, or take place or country."
    for name, thing in entry.things.items():
        above, seen = thing.kind_of, {name}
        if above and above not in entry.things:
            yield ("things", name), f'things: "{name}": there is no thing "{above}".{suggest(above, entry.things)}'
        while above in entry.things and above not in seen:
            seen.add(above)
            above = entry.things[above].kind_of
        if above == name:
            yield ("things", name), f'things: "{name}" is a kind of itself. Correct kind_of.'


def _wrong_words(entry: _Frame, countries: Collection[str]) -> Iterator[tuple[Place, str]]:
    if not entry.words:
        yield ("words",), "words: at least one language is needed. Add `words: {en: ...}`."
    asked = {action for rule in entry.rules for action in rule.do}
    for language, words in entry.words.items():
        place = ("words", language)
        if language not in LANGUAGES:
            yield place, f'words: "{language}" is no language that is read.{suggest(language, LANGUAGES)}'
            continue
        if not asked & set(words.actions):
            yield place, f"words: {language} has words for none of the actions that the rules ask for. Add them."
        yield from _wrong_names(entry, language, words, countries)
        for action, told in words.actions.items():
            for message in _wrong_action(language, action, told):
                yield (*place, "actions", action), f"words: {language}: {message}"


def _wrong_action(language: str, action: str, told: _Action) -> Iterator[str]:
    if told.verbs and language not in _PARTS:
        yield "verbs are not inflected in it. Give their forms below past, present, future, base."
    for verb in told.verbs if language in _PARTS else ():
        count = _parts_of(verb, language)
        if not _can_be_inflected(verb, language):
            remedy = "Write plain words, parted by spaces; docs/frames.md shows how."
            yield f'the verb "{verb}" can\'t be inflected. {remedy}'
        elif count not in _PARTS[language]:
            few = _PARTS[language]
            allowed = " or ".join(map(str, few)) if len(few) == 2 else f"{few[0]} to {few[-1]}"
            yield f'the verb "{verb}" has {count} parts, {allowed} expected. docs/frames.md shows which.'
    if not any(getattr(told, form) for form in ("verbs", *FORMS)):
        yield f'the action "{action}" has no word. Add one.'


def _wrong_names(
    entry: _Frame, language: str, words: _Words, countries: Collection[str]
) -> Iterator[tuple[Place, str]]:
    place = ("words", language)
    for thing in words.things:
        if thing not in entry.things:
            yield (*place, "things", thing), f'words: there is no thing "{thing}".{suggest(thing, entry.things)}'
    if entry.object == "thing" and not words.things:
        yield place, f"words: {language} has no word for any thing. Add `things:` below it."
    for country in words.names:
        if country != OTHERS and country not in countries:
            remedy = f"Use ISO 3166, two capitals, or {OTHERS}."
            yield (*place, "names", country), f'words: there is no country "{country}". {remedy}'


def _parts_of(verb: str, language: str) -> int:
    """How many principal parts a verb has: in French, Spanish and German those of its first word."""
    if language in ("fr", "es", "de"):
        verb = re.sub(r"^(?:se |s')", "", verb).partition(" ")[0]
    return verb.count("/") + 1


def _can_be_inflected(verb: str, language: str) -> bool:
    """Whether it is plain words; in English only the first of each part is inflected, the others are words as any."""
    if language == "ja" and "/" in verb:  # dictionary form and past
        return re.fullmatch(r"\w*[うくぐすつぬぶむる]/\w+[ただ](?:/.*)?", verb) is not None
    if language == "ko" and "" in verb.split("/"):
        return False
    if language != "en":
        return re.fullmatch(r"[\w' /|-]+", verb) is not None
    return all(re.fullmatch(r"[\w'-]+", part.partition(" ")[0]) for part in verb.split("/"))
