"""Who says so: the speaker of a sentence, and what he can know of it."""

from __future__ import annotations

import re
from collections.abc import Collection

from monitor.frames.document import Document, Sentence
from monitor.frames.origin import credited, first_teller
from monitor.language.folding import lower
from monitor.language.gazetteer import Kind
from monitor.language.mentions import Mention
from monitor.types import Attribution, ItemKind, Position, Standing, Tier


def attribute(document: Document, sentence: Sentence, parties: Collection[str]) -> Attribution:
    """The speaker of `sentence`; `parties` are the countries that decide about what it says."""
    region = _speaker_region(document, sentence) or _denier_region(document, sentence)
    if region is None:
        following = _told_behind(document, sentence)
        return _narrator(document, parties) if following is None else attribute(document, following, parties)
    start, end = region
    lexicon = document.lexicon
    text = lower(sentence.text)[start:end]
    inside = [m for m in sentence.mentions if start <= m.start - sentence.start < end]
    organs = [m for m in inside if m.kind is Kind.ORGAN]
    organ = next((m for m in organs if m.form in ("party", "official")), organs[0] if organs else None)
    country = _country(inside)
    speaker = _name_of(document, sentence.text[start:end])

    def teller(standing: Standing, country: str = "") -> str:
        return first_teller(document, standing, organ or _told_to(sentence, end), country, speaker)

    if lexicon.modifiers["analyst"].search(text):
        return Attribution(speaker=speaker, standing=Standing.ANALYST)
    if lexicon.sources.search(text):
        return Attribution(speaker=speaker, standing=Standing.UNNAMED, origin=teller(Standing.UNNAMED))
    if organ is not None and organ.form in ("party", "official"):
        standing = Standing.PARTY if organ.country in parties else Standing.OFFICIAL
        return Attribution(speaker=speaker, standing=standing, origin=organ.id)
    if lexicon.witnesses.search(text):
        return Attribution(speaker=speaker, standing=Standing.WITNESS, origin=teller(Standing.WITNESS))
    if lexicon.officials.search(text) or any(m.kind is Kind.PERSON for m in inside):
        country = country or _country_of_owner(document, sentence, start, end) or _country_before(document, sentence)
        if not country:  # "officials said": whose is not told
            return Attribution(speaker=speaker, standing=Standing.NARRATOR, origin=teller(Standing.NARRATOR))
        standing = Standing.PARTY if country in parties else Standing.OFFICIAL
        return Attribution(speaker=speaker, standing=standing, origin=teller(standing, country))
    if organ is not None or lexicon.media.search(text):
        return Attribution(speaker=speaker, standing=Standing.MEDIA, origin=teller(Standing.MEDIA))
    if country in parties:  # "Beijing said", "China announced"
        return Attribution(speaker=speaker, standing=Standing.PARTY, origin=f"country:{country}")
    return _narrator(document, parties)


_SHORT = {"svo": 140, "sov": 40}  # characters of a sentence that only says who told what stands before it


def _told_behind(document: Document, sentence: Sentence) -> Sentence | None:
    """The next sentence, where it only says who told this one: "Das teilte …", "Об этом сообщил …"."""
    following = next((s for s in document.sentences[sentence.index + 1 : sentence.index + 2]), None)
    if following is None or sentence.position is Position.TITLE or following.paragraph != sentence.paragraph:
        return None
    text, lexicon = lower(following.text), document.lexicon
    if len(text) > _SHORT[lexicon.order] or _speaker_region(document, following) is None:
        return None
    if lexicon.order == "sov":
        return following if not lexicon.actions(text) and lexicon.speech.search(text[-14:]) else None
    return following if lexicon.told_behind.match(text) else None


def _told_to(sentence: Sentence, end: int) -> Mention | None:
    """The medium that the speaker spoke to: "a source told Reuters"."""
    behind = (m for m in sentence.mentions if 0 <= m.start - sentence.start - end <= 1)
    return next((m for m in behind if m.kind is Kind.ORGAN), None)


def _name_of(document: Document, words: str) -> str:
    """The speaker's words without the verb of saying; a headline's capitals are no name's."""
    verb = next(reversed(list(document.lexicon.speech.finditer(lower(words)))), None)
    if verb is not None and not words[verb.end() :].strip():
        words = words[: verb.start()]
    words = words.strip(" ,.;:-\"'")[:120]
    return words.capitalize() if words.isupper() and " " in words else words


def _country(mentions: Collection[Mention]) -> str:
    return next((m.country for m in mentions if m.country), "")


def _country_of_owner(document: Document, sentence: Sentence, start: int, end: int) -> str:
    """ "his office said": the country of the person whom the sentence names first."""
    if not document.lexicon.possessive.search(lower(sentence.text), start, end):
        return ""
    return next((m.country for m in sentence.mentions if m.kind is Kind.PERSON and m.country), "")


def _country_before(document: Document, sentence: Sentence) -> str:
    """The country of the body or official that the text named last: "the ministry" goes back to it."""
    bodies = [m for m in document.mentions if m.start < sentence.start and m.kind is Kind.ORGAN and m.country]
    near = [m for m in bodies if document.leads_to(m, sentence)]
    return next((m.country for m in reversed(near or bodies)), "")


def _speaker_region(document: Document, sentence: Sentence) -> tuple[int, int] | None:
    """Where in the sentence the speaker stands: before a verb of saying, or after "according to"."""
    lexicon = document.lexicon
    text = lower(sentence.text)
    before = lexicon.speech_before.search(text)
    if before:
        stop = re.search(r"[,;:，。]|$", text[before.end() :])
        return before.end(), before.end() + (stop.start() if stop else len(text))
    spoken = next(reversed(list(lexicon.speech.finditer(text))), None)
    if spoken is None:
        colon = re.match(r"^([^:：“\"]{2,40})[:：] ?", text)
        if colon is None and lexicon.order == "sov":
            colon = _QUOTE_OPENS.match(text)  # 백악관 "…", 米高官「…」
        if colon and (
            lexicon.media.search(colon.group(1))
            or any(
                m.kind in (Kind.ORGAN, Kind.PERSON) for m in sentence.mentions if m.start - sentence.start < colon.end()
            )
        ):
            return 0, colon.end(1)
        tail = re.search(r"(?:[:：] | - | — )([^:：]{2,40})$", text)
        if tail and (
            lexicon.officials.search(tail.group(1))
            or lexicon.sources.search(tail.group(1))
            or any(m.kind is Kind.ORGAN for m in sentence.mentions if m.start - sentence.start >= tail.start(1))
        ):
            return tail.start(1), tail.end(1)
        return None
    start = max((text.rfind(mark, 0, spoken.start()) for mark in (",", ";", '"', "，", "、")), default=-1) + 1
    opening = text[start : spoken.start()].strip()
    if not opening or lexicon.told_behind.fullmatch(opening):
        if lexicon.order == "svo" and (behind := _behind(document, sentence, text, spoken.end())):
            return behind
        previous = text[: max(0, start - 1)]
        start = max((previous.rfind(mark) for mark in (",", ";", '"', "，")), default=-1) + 1
    if lexicon.order == "sov":
        start = _behind_quote(document, sentence, text, start, spoken.start())
    return start, spoken.end()


_QUOTE_OPENS = re.compile(r"^([^:：“\"「『]{2,24}?) ?[“\"「『]")


def _behind_quote(document: Document, sentence: Sentence, text: str, start: int, end: int) -> int:
    """Where the speaker stands if behind what he says: …と米当局者が述べた; else `start`."""
    closing = next(reversed(list(document.lexicon.quoted.finditer(text, start, end))), None)
    if closing is None:
        return start
    named = any(closing.end() <= m.start - sentence.start < end for m in sentence.mentions)
    words, lexicon = text[closing.end() : end], document.lexicon
    known = named or lexicon.officials.search(words) or lexicon.sources.search(words) or lexicon.media.search(words)
    return closing.end() if known else start


def _denier_region(document: Document, sentence: Sentence) -> tuple[int, int] | None:
    """Where the one stands who denies: "the ministry denied that …" has no other verb of saying."""
    text = lower(sentence.text)
    denial = next((a for a in document.lexicon.actions(text) if a.kind == "deny" and a.form != "noun"), None)
    if denial is None:
        return None
    named = [m.end - sentence.start for m in sentence.mentions if m.end - sentence.start <= denial.start]
    if document.lexicon.order == "sov":  # 외교부는 … 부인했다: first of all that is named
        return (0, named[0]) if named else None
    start = max((text.rfind(mark, 0, denial.start) for mark in (",", ";", '"', "，", "、")), default=-1) + 1
    return start, denial.start


def _behind(document: Document, sentence: Sentence, text: str, at: int) -> tuple[int, int] | None:
    """The stretch behind a verb of saying, if a speaker stands there: "…, a annoncé le Kremlin", "…, said his aide"."""
    stop = re.search(r"[,;:]|$", text[at:])
    end = at + (stop.start() if stop else len(text) - at)
    named = any(m.kind in (Kind.ORGAN, Kind.PERSON) and at <= m.start - sentence.start < end for m in sentence.mentions)
    words = text[at:end]
    known = named or document.lexicon.officials.search(words) or document.lexicon.sources.search(words)
    return (at, end) if known else None


def _narrator(document: Document, parties: Collection[str]) -> Attribution:
    """The article itself: its outlet may be a party's own voice."""
    article = document.article
    organ = document.gazetteer.organ_named(article.source_name)
    if organ is not None and organ.state and organ.country in parties:
        return Attribution(speaker="", standing=Standing.PARTY, origin=organ.id)
    if article.kind is ItemKind.OPINION or "opinion" in document.markers:
        return Attribution(speaker="", standing=Standing.ANALYST)
    if article.tier is Tier.OFFICIAL and organ is None:
        return Attribution(speaker="", standing=Standing.OFFICIAL)
    return Attribution(speaker="", standing=Standing.NARRATOR, origin=credited(document))
