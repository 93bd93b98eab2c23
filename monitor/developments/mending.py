"""What its own source takes back: withdrawn stories, corrections, and what an edited version says no more."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from monitor.developments.book import Book, Key, Said, key_of
from monitor.frames.frame import Frame
from monitor.types import (
    Attribution,
    Claim,
    Decision,
    Development,
    Evidence,
    Outcome,
    Position,
    Standing,
    Teller,
)

CORRECTED_WITHIN = timedelta(days=7)  # a correction that stands by itself is about what its source told lately


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenBack:
    """A development that its source takes back, and the claim of the notice that is about it."""

    development: Development
    claim: Claim | None  # of a withdrawal: what repeats it; of a correction: what takes its place
    outcome: Outcome
    left: tuple[Teller, ...]


def withdraw(book: Book, claims: Sequence[Claim], before: Sequence[Said]) -> list[TakenBack]:
    """The source withdraws the story: all that the version before told, and what the notice repeats."""
    book.forget_waiting()
    told = _told_before(book, before)
    named = {key_of(claim): claim for claim in claims}
    told += [d for d in book.developments.values() if _key(d) in named and _tells(book, d)]
    standing = {d.id: d for d in told if d.withdrawn is None}
    return [_take_back(book, d, named.get(_key(d)), Outcome.WITHDRAWN) for d in standing.values()]


def correct(book: Book, claims: Sequence[Claim], before: Sequence[Said]) -> list[TakenBack]:
    """The source corrects what it told: a claim of this text takes the place of one that it says no more."""
    now = {key_of(claim) for claim in claims if not claim.excluded}
    told = _told_before(book, before)
    if not before:
        lately = book.now - CORRECTED_WITHIN
        told = [d for d in book.developments.values() if d.first_seen >= lately and _is_alone(book, d)]
    taken = []
    for development in {d.id: d for d in told if d.withdrawn is None and _key(d) not in now}.values():
        instead = next((claim for claim in claims if _replaces(book, claim, development)), None)
        if instead is not None:
            taken.append(_take_back(book, development, instead, Outcome.CORRECTION))
    return taken


def _told_before(book: Book, before: Sequence[Said]) -> list[Development]:
    """What the version before told and its source stands for; what it merely came after is others'."""
    found = (book.developments.get(said.development or "") for said in before)
    return [development for development in found if development is not None and _tells(book, development)]


def _replaces(book: Book, claim: Claim, development: Development) -> bool:
    """Whether the claim cannot hold beside the development: another place or person, or not so far, or not at all."""
    if claim.excluded or claim.weak or (claim.topic, claim.detail) != (development.topic, development.detail):
        return False
    alike = (claim.subject == development.subject, claim.object == development.object)
    if claim.stage == development.stage:
        return any(alike)
    frame = book.frame(claim.topic)
    return frame is not None and all(alike) and _falls_behind(claim, development, frame)


def _falls_behind(claim: Claim, development: Development, frame: Frame) -> bool:
    return claim.stage in frame.flips or frame.rank(claim.stage) < frame.rank(development.stage)


def _take_back(book: Book, development: Development, claim: Claim | None, outcome: Outcome) -> TakenBack:
    """Its source stands for it no more; when nobody does, it is as if it had not been told."""
    left = tuple(teller for teller in development.tellers if not _is_ours(book, teller))
    book.amend(development, tellers=left, withdrawn=None if left else book.now)
    if not left and not book.told(book.episodes[development.episode]):
        book.close(development.episode, "all that was told of it was taken back")
    return TakenBack(development=development, claim=claim, outcome=outcome, left=left)


def decided(book: Book, taken: Iterable[TakenBack], made: Sequence[Decision]) -> list[Decision]:
    """The decisions on what was taken back, now that it is known what became of the claims of the text."""
    decisions = []
    for each in taken:
        claim, now, done = each.claim, "", "withdrawn"
        if each.outcome is Outcome.CORRECTION and claim is not None:
            instead = next((d for d in made if key_of(d.claim) == key_of(claim) and d.development), None)
            now = instead.development or "" if instead else ""
            claim, done = _restated(book, each.development, "corrected", claim.evidence.sentence), "corrected"
        claim = claim or _restated(book, each.development, "withdrawn")
        book.change(each.development, each.outcome, claim, now=now, stands=bool(each.left))
        count = len({teller.origin for teller in each.left})
        still = f"; {count} other {'source stands' if count == 1 else 'sources stand'} for it" if count else ""
        reason = f"{done} by its own source{still}"
        decisions.append(Decision(claim=claim, outcome=each.outcome, reason=reason, development=each.development.id))
    return decisions


def unsaid(book: Book, made: Sequence[Decision], before: Sequence[Said]) -> list[Decision]:
    """An edited version says no more, without a word of why, what nobody else stands for.

    Only where the sentence itself is gone, the text still is about the matter and has not merely moved on: pages are
    cut for many reasons.
    """
    text = f"{book.article.title}\n{book.article.text}"
    decisions = []
    for said in before:
        development = book.developments.get(said.development or "")
        if development is None or development.withdrawn is not None or said.sentence in text:
            continue
        known = any(c.development == development.id and c.outcome is Outcome.UNSAID for c in book.changes)
        if known or not _is_alone(book, development) or not _is_softened(book, made, development):
            continue
        claim = _restated(book, development, "unsaid")
        book.change(development, Outcome.UNSAID, claim)
        reason = "the edited text says it no more, without a word of why, and nobody else reported it"
        decisions.append(Decision(claim=claim, outcome=Outcome.UNSAID, reason=reason, development=development.id))
    return decisions


def _is_softened(book: Book, made: Sequence[Decision], development: Development) -> bool:
    """Whether the text still is about the development's subject, and says of it neither as much nor the opposite."""
    frame = book.frame(development.topic)
    about = [d.claim for d in made if (d.claim.topic, d.claim.subject) == (development.topic, development.subject)]
    if frame is None or not about:
        return False
    rank = frame.rank(development.stage)
    return not any(not c.excluded and (c.stage in frame.flips or frame.rank(c.stage) >= rank) for c in about)


def _tells(book: Book, development: Development) -> bool:
    return any(_is_ours(book, teller) for teller in development.tellers)


def _is_alone(book: Book, development: Development) -> bool:
    """Whether nobody but this source stands for it."""
    return bool(development.tellers) and all(_is_ours(book, teller) for teller in development.tellers)


def _is_ours(book: Book, teller: Teller) -> bool:
    """Whether the teller is this source, or leans on it alone as one who rewrites an agency does."""
    return teller.source == book.article.source_id or teller.origin in book.own_names


def _key(development: Development) -> Key:
    return (development.topic, development.stage, development.subject, development.object, development.detail)


def _restated(book: Book, development: Development, why: str, sentence: str = "") -> Claim:
    """The claim that is taken back, with the words that take it back."""
    article = book.article
    words = sentence or article.title or article.text.strip().partition("\n")[0][:300]
    return Claim(
        topic=development.topic,
        stage=development.stage,
        subject=development.subject,
        object=development.object,
        detail=development.detail,
        evidence=Evidence(sentence=words, position=Position.TITLE, offset=0, bound_by="what was told before"),
        attribution=Attribution(speaker="", standing=Standing.NARRATOR),
        excluded=why,
    )
