"""Verbs that tell of a name beside them: 訪日したX, 방한 중인 X, "X, arrivé lundi à Y"."""

from __future__ import annotations

import re
from collections.abc import Sequence

from monitor.frames.document import Document
from monitor.language.lexicon import Action
from monitor.language.mentions import Mention

_PARTICIPLES = {
    "fr": re.compile(r"(?:arriv|rentr|débarqu)ée?|(?:ven|reven|part|repart)[iu]e?"),
    "es": re.compile(r"(?:llegad|venid|regresad|retornad|salid|partid|recibid|invitad)[oa]"),
}


def told_of(document: Document, text: str, base: int, action: Action, people: Sequence[Mention]) -> tuple[Mention, ...]:
    """Who does it, if the verb tells of a name right beside it."""
    return (
        _named_right_before(document, text, base, action, people)
        or _described(document, text, base, action, people)
        or _cleft(document, text, base, action, people)
    )


def _named_right_before(
    document: Document, text: str, base: int, action: Action, people: Sequence[Mention]
) -> tuple[Mention, ...]:
    """ "received X, arrivé lundi à Y": a participle behind a comma tells of him alone whose name ends there."""
    participle = _PARTICIPLES.get(document.language)
    if participle is None or not participle.fullmatch(text, action.start, action.end):
        return ()
    return tuple(m for m in people if text[m.end - base : action.start] == ", ")


def _described(
    document: Document, text: str, base: int, action: Action, people: Sequence[Mention]
) -> tuple[Mention, ...]:
    """Who does it where the verb stands before his name and tells of him: 訪日したX, 방한 중인 X."""
    noun = action.form == "noun" or document.language == "ko"
    if document.lexicon.order != "sov" or not (noun or text[action.end - 1] in _PLAIN):
        return ()
    behind = [m for m in people if m.start - base >= action.end][:1]
    between = text[action.end : behind[0].start - base] if behind else "-"
    beside = not noun and not between  # 訪日するX, but 訪日する予定のX as well
    return tuple(behind) if beside or document.lexicon.relative.fullmatch(between) else ()


_CLEFT = {
    "ja": re.compile("の(?:は|が)(?!、?(?:初めて|\\d))"),
    "ko": re.compile("[가-힣]{0,3} (?:[가-힣]+ ){0,2}?(?:정상|지도자|국가원수|인물|사람|이|것)[은는] "),
}


def _cleft(document: Document, text: str, base: int, action: Action, people: Sequence[Mention]) -> tuple[Mention, ...]:
    """Who it is that does it: 姿を見せたのはXだった, 유일하게 모습을 드러낸 정상은 X였다."""
    mark = _CLEFT.get(document.language)
    opened = mark.match(text, action.end) if mark is not None else None
    return tuple(m for m in people if m.start - base >= opened.end()) if opened is not None else ()


_PLAIN = "ただるうくぐすつぬぶむ"  # the last letters of Japanese verbs that may describe what follows

__all__ = ["told_of"]
