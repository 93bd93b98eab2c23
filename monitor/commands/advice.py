"""What a topic can never match, though nothing in it is wrong: for `check`, and for whoever writes one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from monitor.frames.frame import Frame, Frames
from monitor.language.detect import SUPPORTED
from monitor.language.folding import is_hangul, is_wide
from monitor.language.gazetteer import Gazetteer
from monitor.language.spellings import target_of
from monitor.language.terms import Needle, Terms
from monitor.open_topics import groups
from monitor.topics import GUEST_LIST
from monitor.types import Search, Source, WatchTopic

OVER = timedelta(days=30)  # after a parade's day: what is told of it then is history
_LATIN = ("de", "en", "es", "fr")  # texts in these write names as English does


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """One thing that will not happen, where it stands in the topic, and what to do."""

    topic: str
    field: str
    index: int | None  # of the entry in the field; None: the whole field
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What topics are judged by."""

    gazetteer: Gazetteer
    frames: Frames
    sources: Sequence[Source]
    today: date

    @property
    def languages(self) -> Mapping[str, int]:
        """How many sources say that they are in each language."""
        said = [source.language for source in self.sources if source.language]
        return {language: said.count(language) for language in sorted(set(said))}


def advice(topic: WatchTopic, setting: Setting) -> tuple[Advice, ...]:
    """What the topic can never match, in the order of its fields."""
    if topic.search is not None:
        return tuple(_of_search(topic.id, topic.search, setting))
    return tuple(_of_frame(topic, setting.frames[topic.frame], setting))


# ---- topics with a frame ------------------------------------------------------------------------------------------


def _of_frame(topic: WatchTopic, frame: Frame, setting: Setting) -> Iterator[Advice]:
    for field, people in (("subjects", topic.subjects), ("pair", topic.pair)):
        for index, identity in enumerate(people):
            for message in _of_person(identity, frame, setting):
                yield Advice(topic=topic.id, field=field, index=index, message=message)
    for index, identity in enumerate(topic.objects):
        message = _of_object(identity, topic, frame, setting)
        if message:
            yield Advice(topic=topic.id, field="objects", index=index, message=message)
    for message in _of_words(frame, setting):
        yield Advice(topic=topic.id, field="frame", index=None, message=message)
    if set(frame.stages) <= set(topic.muted_stages):
        message = "every stage is muted, so that nothing is ever alerted. Leave one out."
        yield Advice(topic=topic.id, field="muted_stages", index=None, message=message)


def _of_words(frame: Frame, setting: Setting) -> Iterator[str]:
    """A frame that brings its words is read only in their languages."""
    for language, count in setting.languages.items():
        if frame.words and language in SUPPORTED and language not in frame.words:
            yield (
                f"frame {frame.name} has no words in {language}: what {_sources(count)} in that language say is not "
                f"read with it. Its file takes words: {{{language}: ...}}."
            )


def _of_person(identity: str, frame: Frame, setting: Setting) -> Iterator[str]:
    person = setting.gazetteer.people.get(identity)
    if person is None:
        return  # a country, or the list of guests
    if frame.shape == "presence" and identity != GUEST_LIST and not person.leads(setting.today):
        yield (
            f"{person.label} leads no country today, and frame {frame.name} tells of leaders only. "
            "Remove the id, or add a term of office in entities.yaml."
        )
    for language, count in setting.languages.items():
        spelt = language in _LATIN and person.names.get("en")
        if language in SUPPORTED and not spelt and not person.names.get(language):
            yield (
                f"{person.label} has no name in {language}: what {_sources(count)} in that language say is not "
                "found. entities.yaml takes names."
            )


def _of_object(identity: str, topic: WatchTopic, frame: Frame, setting: Setting) -> str:
    if frame.shape == "movement":
        people = [setting.gazetteer.people[each] for each in topic.subjects if each in setting.gazetteer.people]
        if people and all(person.country == identity for person in people):
            return f"{identity} is their own country, and journeys inside it are not told. Remove it."
    if frame.shape == "presence":
        day = _day(identity)
        if day is not None and day + OVER < setting.today:
            return f"the parade was on {day}, so that whatever is said of it now is history. Remove it."
    return ""


def _day(identity: str) -> date | None:
    """The day of a parade's id, which ends in it."""
    try:
        return date.fromisoformat(identity[-10:])
    except ValueError:
        return None


# ---- open topics --------------------------------------------------------------------------------------------------


def _of_search(topic: str, search: Search, setting: Setting) -> Iterator[Advice]:
    languages = setting.languages
    everywhere = any(source.language is None for source in setting.sources)
    if not everywhere:
        for index, language in enumerate(search.languages):
            if language not in languages:
                message = f"no source is in {language}. Remove it, or add a source."
                yield Advice(topic=topic, field="languages", index=index, message=message)
    for field, index, wordings in _placed(search):
        for wording in wordings:
            reason = _never(wording, field, search)
            if field != "names" and len(wording.strip()) == 1:
                reason = "is one character, which almost every text holds. Write more of it."
            if reason:
                yield Advice(topic=topic, field=field, index=index, message=f"“{wording}” {reason}")
    for index, name in enumerate(search.names):
        if target_of(setting.gazetteer, name) is None:
            message = f"“{name}” is not in the lists, so that only this spelling is found. entities.yaml takes others."
            yield Advice(topic=topic, field="names", index=index, message=message)
    for field, wordings in groups(search):
        if all(_never(wording, field, search) for wording in wordings):
            message = f"nothing in “{field}” can be found, so that the topic never matches."
            yield Advice(topic=topic, field=field, index=None, message=message)


def _placed(search: Search) -> Iterator[tuple[str, int, tuple[str, ...]]]:
    """Each entry of each field of words, with its place."""
    for index, wordings in enumerate(search.all):
        yield "all", index, wordings
    for field, words in (("any", search.any), ("none", search.none), ("names", search.names)):
        for index, word in enumerate(words):
            yield field, index, (word,)


def _never(wording: str, field: str, search: Search) -> str:
    """Why the wording is never what makes a match; "" when it may."""
    if field != "none":
        for excluded in search.none:
            if any(True for _ in Terms([Needle(excluded, 0)]).find(wording.removesuffix("*"))):
                return f"holds “{excluded}”, which “none” excludes. Remove one of them."
    script = _languages_of(wording)
    if search.languages and script and not script & set(search.languages) and field != "names":
        return (
            f"is written as in {' or '.join(sorted(script))}, and “languages” takes {', '.join(search.languages)} only."
        )
    return ""


def _languages_of(wording: str) -> frozenset[str]:
    """The languages whose script the wording is in; empty where it may be any."""
    if any(is_hangul(character) for character in wording):
        return frozenset({"ko"})
    if any("\u3040" <= character <= "\u30ff" for character in wording):
        return frozenset({"ja"})
    if any(is_wide(character) for character in wording):
        return frozenset({"zh", "ja", "ko"})
    if any("\u0400" <= character <= "\u04ff" for character in wording):
        return frozenset({"ru", "uk", "bg", "sr", "be", "kk", "mn", "mk"})
    return frozenset()


def _sources(count: int) -> str:
    return "1 source" if count == 1 else f"{count} sources"
