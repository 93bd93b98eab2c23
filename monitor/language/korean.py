"""Korean verbs: their forms, so that a lexicon need only name one, and the tense that only a sentence's end shows.

방문         a noun that 하다 makes a verb of: 방문했다, 방문할 예정, 방문한다고, 방문키로
만나/만났/만날   a verb of its own: stem, past stem, prospective stem
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_OBJECT = "(?:을|를)? ?"
_DONE = "(?:했|하였|됐|되었|마쳤|한 것으로|한 뒤|한 후|한 직후|된 것으로)"
_TO_COME = "(?:할|하기로|한다|합니다|키로|하려|하겠|될|되기로|된다|예정|계획)"


def korean(verb: str) -> Iterator[tuple[str, str]]:
    """The forms of a Korean verb: (form of an action, pattern)."""
    parts = verb.split("/")
    if len(parts) == 3:
        stem, past, prospective = parts
        yield "past", f"{past}(?:다|으|던|고|는데|지만|습)"
        yield "base", f"{stem}나(?=$|[?…])"  # 찾나: a headline asks
        yield "future", f"(?:{prospective}|{stem}기로|{stem}겠|{stem}는 (?:방안|계획|쪽|일정|방향|안)|{_plain(stem)})"
        if len(past) > 1:  # 가 is a particle, too
            yield "ing", f"(?:{stem}(?=고(?! 싶)|며)|{_joining(past)}(?=서? |,))"
        return
    yield "past", f"{verb}{_OBJECT}{_DONE}"
    yield "base", f"{verb}하나(?=$|[?…])"
    yield "future", f"{verb}{_OBJECT}{_TO_COME}"
    yield "ing", f"{verb}{_OBJECT}(?:하(?=고(?! 싶)|며)|해(?=서? |,))"


_PAST, _PRESENT = 20, 4  # places of ㅆ and ㄴ among the final consonants of a syllable, as Unicode composes them
_ENDING = re.compile(
    r"(?P<planned>예정|기로(?! (?:합의|약속|뜻|의견|다짐))|방침|계획|[할갈올날열질릴] 것)"
    r"|(?P<last>[가-힣])(?=다(?:고|[ .,”\"]|$))"
)


def form_used(text: str, end: int, form: str) -> str:
    """The form of an action in its sentence: 방문해, 만나고 have the tense of the next verb that shows one."""
    if form != "ing":
        return form
    for shown in _ENDING.finditer(text, end):
        if shown.group("planned"):
            return "future"
        final = (ord(shown.group("last")) - 0xAC00) % 28
        if final == _PAST and shown.group("last") not in "있겠":
            return "past"
        if final == _PRESENT:
            return "future"
    return "past"


def closes(text: str, end: int) -> bool:
    """Whether the noun that ends at `end` ends the sentence as well: the verb of a headline, 숄츠 총리, 21일 방한."""
    return _CLOSES.match(text, end) is not None


_CLOSES = re.compile(r"[\"'”’)]?(?:하나\??| (?:유력|검토|추진|확정|임박|저울질|타진))?(?:$|…|\.\.)")


def describes(text: str, end: int) -> bool:
    """Whether the noun that ends at `end` tells of whom stands behind it what he has done: 러시아를 방문한 X."""
    return text.startswith(("한 ", "했던 ", "하고 있는 "), end)


_NEGATED = re.compile(r"(?P<verb>[가-힣]+)지(?:는|도|를|조차)? ?(?:않|못)")
_LIGHT = re.compile(  # verbs whose "not" is that of the noun before them: 회담을 열지 않, 방문을 추진하지 않
    "하|되|있|열리?|갖|가지|치르|이뤄지|이루어지|세우|보|생각하|성사(?:되|시키)|(?:진행|추진|검토|고려|계획|예정|포함|개최|실시|실현)(?:하|되)"
)


def negated_before(text: str, start: int) -> str:
    """The short "not" that stands before a verb: 안 간다, 못 온다."""
    return text[start - 2 : start] if text[max(0, start - 2) : start] in ("안 ", "못 ") else ""


def own_negations(after: str, word: int) -> str:
    """What follows a verb or noun of `word` letters, without the "not" of other verbs: 회담에서 …을 채택하지 않는다."""
    if _AT_IT.match(after, word):
        return after[:word]
    return _NEGATED.sub(lambda m: m.group() if m.start() < word or _LIGHT.fullmatch(m["verb"]) else "", after)


_ONCE = re.compile("[가-힣]{0,2}(?<=[았었했였됐렸졌])던(?= )|(?<=던)(?= )")


def was_once(text: str, end: int) -> bool:
    """Whether what ends at `end` describes a thing as it once was: 미뤄졌던 방문."""
    return _ONCE.match(text, end) is not None


_AT_IT = re.compile("에서(?!의)|에선| (?:중|뒤|후|때|기간|도중)(?:에|에는)?[ ,]")  # 회담에서: told of what follows


def _joining(past: str) -> str:
    """The form that joins a verb to the next, 만나 of 만났, 찾아 of 찾았."""
    return past[:-1] + chr(ord(past[-1]) - _PAST)


def _plain(stem: str) -> str:
    """The plain present, 만난다 of 만나, that newspapers use for what is to come."""
    code = ord(stem[-1]) - 0xAC00
    if not 0 <= code < 11172:
        return f"{stem}는다"
    final = code % 28
    return f"{stem}는다" if final else f"{stem[:-1]}{chr(ord(stem[-1]) + 4)}다"
