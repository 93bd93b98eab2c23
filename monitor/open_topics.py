"""Open topics: article × searches → what was found, and the claim that it makes. Nothing here knows what is new.

All the words of all topics are looked for in one pass, so that an article that holds none of them costs the same for a
thousand topics as for three. Only what holds enough of them is read as the frames read it: boxes, menus and captions
left out, names bound to the people whom the article means.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from monitor.frames.attribution import attribute
from monitor.frames.document import Document, Sentence, prepare
from monitor.labels import label_of
from monitor.language.gazetteer import Gazetteer, Kind
from monitor.language.spellings import spellings, target_of
from monitor.language.terms import Needle, Terms
from monitor.types import (
    REPORTED,
    Article,
    Attribution,
    Claim,
    Evidence,
    Position,
    Search,
    Span,
    Standing,
    WatchTopic,
    Where,
)

STORY = ""  # the object of a claim whose story is not settled yet
FURNITURE = "furniture"  # why a claim is excluded whose words stand only around what the article tells
MOST_TOLD = 6  # things found that are told to people, of one article
NONE = -1  # the group of the words that must not be there
_ALLOWED = {
    Where.TITLE: (Position.TITLE,),
    Where.LEAD: (Position.TITLE, Position.LEAD),
    Where.ANYWHERE: tuple(Position),
}


@dataclass(frozen=True, slots=True)
class _Want:
    """What a needle is good for."""

    topic: int
    group: int
    field: str  # "any", "all", "names", "none"
    wording: str  # as the topic has it
    target: str = ""  # what it names
    sure: bool = True


@dataclass(frozen=True, slots=True)
class _Hit:
    """A wanted word in an article, by code points of title and text together."""

    want: _Want
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Searched:
    """What one topic found in an article."""

    topic: str
    found: tuple[str, ...]  # for people: 'any "gallium" (title)'
    claim: Claim | None  # None: the article does not match
    why_not: str  # "" when it matches
    rest: tuple[str, str] = ("", "")  # title and text without the words that were searched for


class OpenTopics:
    """All open topics of a configuration, ready to be searched for."""

    def __init__(self, topics: Sequence[WatchTopic], gazetteer: Gazetteer) -> None:
        self.topics = tuple(topic for topic in topics if topic.search is not None)
        self._gazetteer = gazetteer
        self._groups: list[int] = []  # how many groups each topic needs
        self._wants: list[_Want] = []
        needles: list[Needle] = []
        for number, topic in enumerate(self.topics):
            assert topic.search is not None
            for want, needle in _needles(number, topic.search, gazetteer, first=len(self._wants)):
                self._wants.append(want)
                needles.append(needle)
            self._groups.append(len(groups(topic.search)))
        self._terms = Terms(needles)

    def read(self, article: Article) -> tuple[Searched, ...]:
        """The topics that the article matches, in the order of the configuration."""
        if not self.topics:
            return ()
        hits = self._hits(article)
        candidates = [number for number in sorted(hits) if self._enough(number, hits[number])]
        if not candidates:
            return ()
        document = prepare(article, self._gazetteer)
        searched = (self._search(document, number, hits[number]) for number in candidates)
        return tuple(each for each in searched if each.claim is not None)

    def claims(self, article: Article) -> tuple[Claim, ...]:
        """The claims that the article makes on them, one a topic at most."""
        return tuple(each.claim for each in self.read(article) if each.claim is not None)

    def explain(self, article: Article) -> tuple[Searched, ...]:
        """What every topic found, and why it is not enough."""
        hits = self._hits(article)
        document = prepare(article, self._gazetteer)
        return tuple(self._search(document, number, hits.get(number, [])) for number in range(len(self.topics)))

    def _hits(self, article: Article) -> dict[int, list[_Hit]]:
        """The wanted words by topic; one automaton for all of them."""
        hits: dict[int, list[_Hit]] = {}
        for found in self._terms.find(f"{article.title}\n{article.text}"):
            want = self._wants[found.key]
            hits.setdefault(want.topic, []).append(_Hit(want, found.start, found.end))
        return hits

    def _enough(self, number: int, hits: Sequence[_Hit]) -> bool:
        return len({hit.want.group for hit in hits} - {NONE}) == self._groups[number]

    def _search(self, document: Document, number: int, hits: Sequence[_Hit]) -> Searched:
        topic = self.topics[number]
        search = topic.search
        assert search is not None
        meant = [hit for hit in hits if _is_meant(document, hit)]
        told = [(hit, sentence) for hit in meant if (sentence := _sentence(document, hit)) is not None]
        forbidden = next((hit for hit, _ in told if hit.want.group == NONE), None)
        wanted = [(hit, sentence) for hit, sentence in told if hit.want.group != NONE]
        placed = [(hit, sentence) for hit, sentence in wanted if sentence.position in _ALLOWED[search.where]]
        language = document.article.language
        why_not, claim = "", None
        if search.languages and language is not None and language not in search.languages:
            why_not = f"is in {language}, the topic takes {', '.join(search.languages)}"
        elif forbidden is not None:
            why_not = f"holds “{forbidden.want.wording}”, which is excluded"
        elif self._enough(number, [hit for hit, _ in placed]):
            claim = _claim(document, topic, placed)
        elif self._enough(number, [hit for hit, _ in wanted]):
            why_not = f"its words do not stand in the {search.where}"
        elif self._enough(number, meant):
            claim = _furniture(document, topic, [hit for hit in meant if hit.want.group != NONE])
        else:
            why_not = _missing(search, {hit.want.group for hit in meant})
        found = _found(document, told)
        rest = _rest(document, [hit for hit in meant if hit.want.group != NONE]) if claim is not None else ("", "")
        return Searched(topic=topic.id, found=found, claim=claim, why_not=why_not, rest=rest)


# ---- from a search to needles -------------------------------------------------------------------------------------


def _needles(number: int, search: Search, gazetteer: Gazetteer, first: int) -> Iterator[tuple[_Want, Needle]]:
    """The needles of a search, each with what it is good for; keys count from `first`."""
    key = first
    for want, needle in _wanted(number, search, gazetteer):
        yield want, Needle(needle.text, key, needle.capital, needle.acronym)
        key += 1


def _wanted(number: int, search: Search, gazetteer: Gazetteer) -> Iterator[tuple[_Want, Needle]]:
    for group, (field, wordings) in enumerate(groups(search)):
        for wording in wordings:
            if field == "names":
                yield from _spelled(number, group, wording, gazetteer)
            else:
                yield _Want(number, group, field, wording), Needle(wording, 0)
    for wording in search.none:
        yield _Want(number, NONE, "none", wording), Needle(wording, 0)


def groups(search: Search) -> list[tuple[str, tuple[str, ...]]]:
    """What has to be there: of each group at least one wording. The field that it stands in comes first."""
    found = [("all", wordings) for wordings in search.all]
    if search.any:
        found.append(("any", search.any))
    if search.names:
        found.append(("names", search.names))
    return found


def _spelled(number: int, group: int, name: str, gazetteer: Gazetteer) -> Iterator[tuple[_Want, Needle]]:
    target = target_of(gazetteer, name)
    if target is None:
        yield _Want(number, group, "names", name), Needle(name, 0, capital=name[:1].isupper())
        return
    for spelling in spellings(gazetteer, target):
        want = _Want(number, group, "names", name, target, spelling.sure)
        yield want, Needle(spelling.text, 0, spelling.capital, spelling.acronym)


# ---- from an article to a claim -----------------------------------------------------------------------------------


def _is_meant(document: Document, hit: _Hit) -> bool:
    """Whether the article means by a name whom the topic means."""
    if hit.want.sure:
        return True
    return any(
        mention.start < hit.end and hit.start < mention.end
        for mention in document.mentions
        if hit.want.target in (mention.id, mention.country if mention.kind is not Kind.ORGAN else "")
    )


def _sentence(document: Document, hit: _Hit) -> Sentence | None:
    """The sentence that holds the hit; None where it stands in a menu, a box of other stories or a caption."""
    at = bisect_right(document.sentences, hit.start, key=lambda sentence: sentence.start) - 1
    if at < 0:
        return None
    sentence = document.sentences[at]
    return sentence if hit.start < sentence.end and not sentence.caption else None


def _claim(document: Document, topic: WatchTopic, placed: Sequence[tuple[_Hit, Sentence]]) -> Claim:
    sentence = _telling(placed)
    own = [hit for hit, where in placed if where is sentence]
    evidence = Evidence(
        sentence=document.original(sentence),
        position=sentence.position,
        offset=sentence.offset,
        spans=_spans(document.original(sentence), sentence.start, own),
        bound_by=", ".join(_found(document, placed)),
    )
    return Claim(
        topic=topic.id,
        stage=REPORTED,
        subject=next((hit.want.target for hit, _ in placed if hit.want.target), ""),
        object=STORY,
        evidence=evidence,
        attribution=attribute(document, sentence, ()),
        excluded=label_of(document),
    )


def _telling(placed: Sequence[tuple[_Hit, Sentence]]) -> Sentence:
    """The sentence below the title that holds most of what is searched for, the first of those; else the title."""
    groups_of: dict[int, set[int]] = {}
    by_index = {}
    for hit, sentence in placed:
        groups_of.setdefault(sentence.index, set()).add(hit.want.group)
        by_index[sentence.index] = sentence
    return min(
        by_index.values(),
        key=lambda s: (s.position is Position.TITLE, -len(groups_of[s.index]), s.index),
    )


def _furniture(document: Document, topic: WatchTopic, hits: Sequence[_Hit]) -> Claim:
    """The claim of an article whose matching words stand, or stand together, only around what it tells."""
    outside = [hit for hit in hits if _sentence(document, hit) is None]
    hit = (outside or hits)[0]
    text = f"{document.article.title}\n{document.article.text}"
    start = text.rfind("\n", 0, hit.start) + 1
    end = text.find("\n", hit.end)
    line = text[start : end if end >= 0 else len(text)]
    in_title = start <= len(document.article.title)
    evidence = Evidence(
        sentence=line,
        position=Position.TITLE if in_title else Position.BODY,
        offset=start if in_title else start - len(document.article.title) - 1,
        spans=_spans(line, start, [hit]),
        bound_by=f"{hit.want.field} “{hit.want.wording}”",
    )
    return Claim(
        topic=topic.id,
        stage=REPORTED,
        subject="",
        object=STORY,
        evidence=evidence,
        attribution=Attribution(speaker="", standing=Standing.NARRATOR),
        excluded=FURNITURE,
    )


def _rest(document: Document, hits: Sequence[_Hit]) -> tuple[str, str]:
    """Title and text without the words of the search: every report of the topic has them, so they tell none apart."""
    left = list(f"{document.article.title}\n{document.article.text}")
    for hit in hits:
        left[hit.start : hit.end] = " " * (hit.end - hit.start)
    title = len(document.article.title)
    return "".join(left[:title]), "".join(left[title + 1 :])


def _spans(text: str, start: int, hits: Sequence[_Hit]) -> tuple[Span, ...]:
    found = {(hit.start - start, hit.end - start): hit.want.field for hit in hits}
    return tuple(
        Span(start=first, end=last, label="name" if field == "names" else "word", text=text[first:last])
        for (first, last), field in sorted(found.items())
    )


def _found(document: Document, told: Sequence[tuple[_Hit, Sentence]]) -> tuple[str, ...]:
    """For people: what was found, once each, and where it stands first."""
    lines: dict[tuple[int, str], str] = {}
    text = f"{document.article.title}\n{document.article.text}"
    for hit, sentence in sorted(told, key=lambda each: each[0].start):
        want = hit.want
        written = text[hit.start : hit.end]
        kind, known_as = ("name", f" ({want.target})") if want.target else ("word", "")
        lines.setdefault((want.group, want.wording), f"{kind} “{written}”{known_as} in the {sentence.position}")
    found = list(lines.values())
    more = [f"{len(found) - MOST_TOLD} more"] if len(found) > MOST_TOLD else []
    return (*found[:MOST_TOLD], *more)


def _missing(search: Search, there: set[int]) -> str:
    wanted = groups(search)
    missing = [(field, wordings) for group, (field, wordings) in enumerate(wanted) if group not in there]
    parts = []
    for field, wordings in missing:
        quoted = [f"“{wording}”" for wording in wordings[:3]] + (["…"] if len(wordings) > 3 else [])
        parts.append(f"{_LACKS[field]} {(', ' if field == 'any' else ' or ').join(quoted)}")
    return "; ".join(parts)


_LACKS = {"any": "has none of", "all": "has no", "names": "names no"}
