"""Who is meant by where he comes from: "dijo el polaco", "le Russe a promis", once the text has named him."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from monitor.frames.document import Document, Sentence
from monitor.language.folding import lower
from monitor.language.gazetteer import Kind
from monitor.language.mentions import Mention

_CLOSED = re.compile(r'\s*(?:$|[,.;:")])')  # no noun follows


def by_country(document: Document, sentence: Sentence) -> Iterator[Mention]:
    """The leaders whom an article and the adjective of their country mean, as they were named before."""
    lexicon, text = document.lexicon, lower(sentence.text)
    for mention in sentence.mentions:
        if mention.kind is not Kind.ADJECTIVE:
            continue
        start, end = mention.start - sentence.start, mention.end - sentence.start
        if not lexicon.demonym.search(text[max(0, start - 4) : start]) or not _stands_alone(document, text, end):
            continue
        named = _named_before(document, mention)
        if named is not None:
            yield replace(mention, kind=Kind.PERSON, id=named.id, form="demonym", bound_by="the country he leads")


def _stands_alone(document: Document, text: str, end: int) -> bool:
    """Whether the adjective is a noun there: a verb or a function word follows, or nothing does."""
    lexicon = document.lexicon
    if _CLOSED.match(text, end) or lexicon.demonym_goes_on.match(text, end + 1) or lexicon.speech.match(text, end + 1):
        return True
    return any(action.start == end + 1 and action.form != "noun" for action in lexicon.actions(text))


def _named_before(document: Document, adjective: Mention) -> Mention | None:
    people = document.gazetteer.people
    for mention in document.mentions:
        if mention.start >= adjective.start:
            return None
        leads = mention.kind is Kind.PERSON and mention.id in people and people[mention.id].leads(document.day)
        if leads and people[mention.id].country == adjective.country:
            return mention
    return None
