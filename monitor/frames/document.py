"""An article made ready for reading: its sentences in place, furniture left out, everything named found."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import islice

from monitor.language import dates
from monitor.language import mentions as naming
from monitor.language import sentences as splitting
from monitor.language.binding import pointer_of
from monitor.language.cast import Lines, Tie, lines_of
from monitor.language.folding import fold, lower
from monitor.language.gazetteer import Gazetteer, Kind
from monitor.language.lexicon import Lexicon, lexicon_for
from monitor.language.mentions import Mention
from monitor.language.notices import notice_of
from monitor.types import Article, ItemKind, Notice, Position

_LEAD_SENTENCES = 3
_READ_AT_MOST = 300  # sentences; what stands further down than that is no news of this article's
MOST_NAMES = 64  # in a sentence; prose has thirty at most, a list of a summit's guests
_LONG_LINE = 90  # characters: a line as long as this is prose, not a menu entry
_BYLINE = re.compile(r"^(?:by |von |par |por |автор|기자|文/|記者).{0,60}(?<!\.)$", re.IGNORECASE)
# "BEIJING, Sept 2 (Reuters) - ", "МОСКВА, 27 августа. ", "【北京】", "中新网北京8月28日电 "
_DATELINE = re.compile(r"^(?:【[^】]{1,12}】|[^\n.。]{2,70}?(?: -{1,2} | — | – |電 |电 |\.- ))")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a document; `start` counts in the document's folded text."""

    index: int
    text: str  # folded
    start: int
    position: Position
    offset: int  # in the article's title or text
    mentions: tuple[Mention, ...] = ()
    caption: bool = False
    paragraph: int = 0  # counted from the title, which is 0
    tie: Tie = Tie.OWN
    depth: int = 0  # how many sentences of the title's story stand before it

    @property
    def end(self) -> int:
        """Offset after its last character, in the document."""
        return self.start + len(self.text)


@dataclass(frozen=True, slots=True)
class Document:
    """An article as the frames read it."""

    article: Article
    language: str
    lexicon: Lexicon
    gazetteer: Gazetteer
    day: date  # what "today" means in the text
    folded: str
    sentences: tuple[Sentence, ...]
    mentions: tuple[Mention, ...]
    lines: Lines
    markers: frozenset[str] = field(default_factory=frozenset)
    datelines: frozenset[Mention] = frozenset()  # where the text, and the story in it, were filed from

    def original(self, sentence: Sentence) -> str:
        """The sentence as the article has it, unfolded."""
        source = self.article.title if sentence.position is Position.TITLE else self.article.text
        return source[sentence.offset : sentence.offset + len(sentence.text)]

    def between(self, sentence: Sentence, one: Mention, other: Mention) -> str:
        """What stands between two names, in small letters; a bare space as it was, for 폴란드·독일 is folded to one."""
        gap = self.folded[one.end : other.start].lower()
        return self.original(sentence)[one.end - sentence.start : other.start - sentence.start] if gap == " " else gap

    def leads_to(self, mention: Mention, sentence: Sentence) -> bool:
        """Whether a sentence may go back to the mention: it is of its paragraph, or both are of the title's story."""
        line = self.lines.number(mention.start)
        return line == sentence.paragraph or (sentence.tie is not Tie.ASIDE and self.lines.ties[line] is Tie.OWN)


@dataclass(frozen=True, slots=True)
class Surface:
    """An article with all that it names, before any sentence of it is read."""

    article: Article
    lexicon: Lexicon
    gazetteer: Gazetteer
    day: date
    title: str  # folded
    text: str  # folded
    folded: str  # both
    lowered: str  # in small letters: for what is looked for anywhere
    mentions: tuple[Mention, ...]


def surface_of(article: Article, gazetteer: Gazetteer) -> Surface:
    """What the article names. Pure; never raises on any text."""
    lexicon = lexicon_for(article.language)
    title, text = fold(article.title), fold(article.text)
    folded = f"{title}\n{text}"
    shouting = len(title) if _shouts(title) else 0
    day = article.dateline_date or (article.published or article.seen).date()
    mentions = naming.find(
        folded, language=lexicon.language, day=day, gazetteer=gazetteer, lexicon=lexicon, shouting_until=shouting
    )
    return Surface(article, lexicon, gazetteer, day, title, text, folded, lower(folded), mentions)


def prepare(article: Article, gazetteer: Gazetteer) -> Document:
    """Read the article's surface and cut it into sentences. Pure; never raises on any text."""
    return divide(surface_of(article, gazetteer))


def divide(surface: Surface) -> Document:
    """The sentences of a text with what each names, and what kind of text it says it is."""
    lexicon, mentions = surface.lexicon, surface.mentions
    lines = lines_of(surface.folded, map(pointer_of, mentions))
    pieces = _sentences(surface.title, surface.text, lexicon, lines)
    sentences = tuple(islice(_place(pieces, mentions), _READ_AT_MOST))
    beginnings = _beginnings(sentences)
    return Document(
        article=surface.article,
        language=lexicon.language,
        lexicon=lexicon,
        gazetteer=surface.gazetteer,
        day=surface.day,
        folded=surface.folded,
        sentences=sentences,
        mentions=mentions,
        markers=_markers(surface.article, surface.title, lexicon, surface.day),
        datelines=frozenset(place for lead in beginnings if (place := _dateline(lead)) is not None),
        lines=lines,
    )


def _beginnings(sentences: Sequence[Sentence]) -> tuple[Sentence, ...]:
    """The first sentence below the title, and the first of the title's story where other news stands before it."""
    body = [s for s in sentences if s.position is not Position.TITLE]
    own = next((s for s in body if s.tie is Tie.OWN), None)
    return tuple(dict.fromkeys([*body[:1], *([own] if own else [])]))


def _shouts(title: str) -> bool:
    letters = [c for c in title if c.isalpha() and c.lower() != c.upper()]
    return len(letters) >= 8 and sum(c.isupper() for c in letters) > 0.8 * len(letters)


def _sentences(title: str, text: str, lexicon: Lexicon, lines: Lines) -> Iterator[Sentence]:
    """The lead is where the text begins, and where the title's story does if other news stands before it."""
    index = depth = 0
    for piece in splitting.split(title):
        yield Sentence(index, piece.text, piece.start, Position.TITLE, piece.start, depth=depth)
        index, depth = index + 1, depth + 1
    base = len(title) + 1
    lead_left = own_left = _LEAD_SENTENCES
    begins = True
    for start, line in _prose(text, lexicon):
        caption = bool(lexicon.caption.search(line.lower()))
        tie = lines.tie(base + start)
        for piece in splitting.split(line):
            tells = not caption and not _repeats(piece.text, title) and not (begins and _is_dateline(piece.text))
            begins = begins and not tells
            leading = tells and (lead_left > 0 or (own_left > 0 and tie is Tie.OWN))
            lead_left -= tells and lead_left > 0
            own_left -= tells and own_left > 0 and tie is Tie.OWN
            yield Sentence(
                index,
                piece.text,
                base + start + piece.start,
                Position.LEAD if leading else Position.BODY,
                start + piece.start,
                caption=caption,
                paragraph=lines.number(base + start),
                tie=tie,
                depth=depth,
            )
            index, depth = index + 1, depth + (tie is Tie.OWN)


_WHERE = r"[^\W\d_]{2,}(?:[ -][^\W\d_]{2,}){0,2}"
_FILED = re.compile(
    rf"/[^/]{{2,24}}/\W*|(?P<where>{_WHERE})(?:, ?(?:\d{{1,2}}\b.{{0,14}}|[^\W\d]{{3,10}}\.? \d{{1,2}}))?\W*"
)


def _is_dateline(text: str) -> bool:
    """Whether all that the sentence tells is where, when and by whom the text was filed: "МОСКВА, 27 августа."."""
    filed = _FILED.fullmatch(text)
    return filed is not None and (filed["where"] is None or filed["where"].isupper())


def _repeats(text: str, title: str) -> bool:
    return text.strip(" .").lower() == title.strip(" .").lower()


def _prose(text: str, lexicon: Lexicon) -> Iterator[tuple[int, str]]:
    """The lines that tell something: menus, boxes of other stories and what follows their headings are left out."""
    lines = _lines(text)
    skipping = False
    for number, (start, line) in enumerate(lines):
        short = len(line) < _LONG_LINE and not line.rstrip().endswith((".", "。", "!", "?", '"', "다"))
        if lexicon.furniture.search(line.lower()) and len(line) < _LONG_LINE * 2 and not line.rstrip().endswith("."):
            skipping = True
            continue
        if skipping and (short or len(line) < _LONG_LINE):
            continue
        skipping = False
        if short and _among_short(lines, number):
            continue
        if _BYLINE.match(line):
            continue
        yield start, line


def _lines(text: str) -> list[tuple[int, str]]:
    found = []
    position = 0
    for line in text.split("\n"):
        if line.strip():
            found.append((position, line))
        position += len(line) + 1
    return found


def _among_short(lines: Sequence[tuple[int, str]], number: int) -> bool:
    """Whether the line stands in a run of three or more lines that are no sentences."""

    def bare(at: int) -> bool:
        if not 0 <= at < len(lines):
            return False
        line = lines[at][1].rstrip()
        return len(line) < _LONG_LINE and not line.endswith((".", "。", "!", "?", '"', "다", ":"))

    run = 1
    back, ahead = number - 1, number + 1
    while bare(back) and run < 4:
        run, back = run + 1, back - 1
    while bare(ahead) and run < 4:
        run, ahead = run + 1, ahead + 1
    return run >= 3


def _place(sentences: Iterator[Sentence], mentions: Sequence[Mention]) -> Iterator[Sentence]:
    """Gives each sentence its mentions."""
    at = 0
    for sentence in sentences:
        while at < len(mentions) and mentions[at].start < sentence.start:
            at += 1
        last = at
        while last < len(mentions) and mentions[last].start < sentence.end:
            last += 1
        yield replace(sentence, mentions=tuple(mentions[at : min(last, at + MOST_NAMES)]))


def _markers(article: Article, title: str, lexicon: Lexicon, day: date) -> frozenset[str]:
    """What kind of text it says it is: a correction, withdrawn, history, a gallery, opinion."""
    head = title.lower()
    found = {kind for kind, pattern in lexicon.markers.items() if pattern.search(head)}
    if _is_reprint(article.text, lexicon, day):
        found.add("history")
    notice = notice_of(article)
    if notice is not Notice.NONE:
        found.add(notice.value)
    if article.kind is ItemKind.OPINION:
        found.add("opinion")
    if article.kind is ItemKind.ROUNDUP:
        found.add("roundup")
    return frozenset(found)


_NOTES = 3  # lines at the head and at the foot of a text where notes about it stand
_NOTE = 200  # characters; a longer line is prose
_REPRINT_DAYS = 30  # a text printed so long before is no news; papers put the day of first printing below any text


def _is_reprint(text: str, lexicon: Lexicon, day: date) -> bool:
    """Whether a note says that the text was printed long before: "This article first appeared on 24 April 2019"."""
    lines = [line for line in text.split("\n") if line.strip()]
    for line in (*lines[:_NOTES], *lines[_NOTES:][-_NOTES:]):
        note = fold(line[:_NOTE]).lower()
        if len(line) > _NOTE or not lexicon.reprint.search(note):
            continue
        printed = [found.day for found in dates.find(note, language=lexicon.language, day=day)]
        if any((day - then).days > _REPRINT_DAYS for then in printed) or any(y < day.year for y in dates.years(note)):
            return True
    return False


def _dateline(lead: Sentence) -> Mention | None:
    """The place that a text was filed from."""
    match = _DATELINE.match(lead.text)
    end = lead.end if _is_dateline(lead.text) else lead.start + (match.end() if match else 0)
    return next((m for m in lead.mentions if m.kind is Kind.PLACE and m.end <= end), None)


def near(day: date, other: date, days: int) -> bool:
    """Whether two days lie at most `days` apart."""
    return abs(day - other) <= timedelta(days=days)
