"""Japanese verbs: their forms, so that a lexicon need only name one, and the tense that only a sentence's end shows.

訪問            a noun that する makes a verb of: 訪問した, 訪問する, 訪問し、
訪れる/訪れた     a verb of its own, dictionary form and past: 訪れた, 訪れる, 訪れ、, 訪れない
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_BEFORE_NOT = dict(zip("うくぐすつぬぶむる", "わかがさたなばまら", strict=True))  # 向かう, but 向かわない
_STEM = dict(zip("うくぐすつぬぶむる", "いきぎしちにびみり", strict=True))  # 向かう, but 向かい、
_PAUSE = "(?=[、。 　]|$)"


def japanese(verb: str) -> Iterator[tuple[str, str]]:
    """The forms of a Japanese verb: (form of an action, pattern)."""
    plain, _, past = verb.partition("/")
    if not past:
        yield "past", f"{verb}を?(?:した|された|してい[たるく]|しており|してお?ら?れた|なさった|を果たし)"
        yield "future", f"{verb}(?:を?する|を?される|を?しよう|へ{_PAUSE})"
        yield "ing", f"{verb}を?(?:し|して|され|されて){_PAUSE}"
        yield "ing", f"{verb}を?(?:し|され)て(?![いおきくはもか])"
        yield "present", f"{verb}を?(?:し|され)(?=な|て(?:い|は)|ず)"
        return
    ichidan = past == plain[:-1] + "た"
    te = past[:-1] + ("て" if past.endswith("た") else "で")
    yield "past", f"(?:{past}|{te}(?:いた|いる|おり|きた))"
    yield "future", f"{plain}(?!まで)"
    yield "ing", f"(?:{te}|{plain[:-1] if ichidan else plain[:-1] + _STEM[plain[-1]]}){_PAUSE}"
    yield "ing", f"{te}(?![いおきくはもか])"
    yield "present", f"{plain[:-1] if ichidan else plain[:-1] + _BEFORE_NOT[plain[-1]]}(?=な|ず)"


_TENSES = re.compile(
    r"(?P<past>[しいっえけれめきぎりみせべてじ]た(?=[、。」とほ ]|$)|[んい]だ(?=[、。」と]|$))"
    r"|(?P<future>(?:予定|方針|見通し|運び|(?<!い)る|う|く|つ|へ)(?=[、。」と ]|$)"
    r"|する(?:予定|方針|見通し|運び|こと))"
)
_CLOSES = re.compile(r"(?:へ|か|に|も|が)?(?:[、。　 …!?！？]|$)")


def form_used(text: str, start: int, end: int, form: str) -> str:
    """The form of an action in its sentence.

    A verb that the sentence goes on from (訪問し、) has the tense of the next verb that shows one; a noun that ends
    its clause is a headline's verb.
    """
    if form == "ing":
        shown = _TENSES.search(text, end)
        return shown.lastgroup or "past" if shown is not None else "past"
    if form == "noun" and start > 0 and text[start - 1] not in "のる" and _CLOSES.match(text, end):
        return "present"
    if form == "future" and _WHILE.match(text, end):
        return "present"
    return form


_SAID_THERE = re.compile(
    r"[、，](?P<what>[^。]{2,160}?)(?:と(?:の(?:考え|方針|意向|立場)を)?|(?:考え|方針|意向)を)"
    r"(?:述べ|語っ|表明し|伝え|示し|強調し|明らかにし|約束し|誓っ|明言し|応じ)(?:た|ている)"
)
_OF_THE_PLAN = re.compile("来週|来月|近く|今後|協議|話し合|議論|会談|会[うい]|訪問|訪れ|出席")


def is_followed_by_words(text: str, start: int, end: int) -> bool:
    """Whether what follows a meeting is what one of them said there: 首相は…と会談し、支援を続けると伝えた.

    Not so where somebody else tells of the meeting (…が会談し), or what follows is of the same plan (…を協議すると).
    """
    told = _SAID_THERE.match(text, end)
    if told is None or text.rfind("は", 0, start) <= text.rfind("が", 0, start):
        return False
    return _OF_THE_PLAN.search(told["what"]) is None


_WHILE = re.compile("(?:中|なか)(?![一-龥])|前[でを]")  # 見守る中、: it is going on

_JOINS = re.compile("(?<=[しりみいきぎちにびえけせてでねめれ])し?[、，]")


def joins(text: str, end: int) -> bool:
    """Whether the verb that ends at `end` leaves the rest to a later one: 訪問し、"""
    return _JOINS.match(text, end) is not None


_DESCRIBES = re.compile(
    r"(?:を?(?:決め|決定し|発表し|表明し|し|され|してい|されてい)た|[とに]なった)(?=[一-龥々ァ-ヶ])(?!(?:と|件|際|後|中|上|旨|直後|場合)(?![一-龥々]))"
)


_ENDS = "ただ"  # the last letter of a verb in the past
_NOUN = re.compile(r"[一-龥々ァ-ヶ]")
_NO_NOUN = re.compile(r"(?:と|件|際|後|中|上|旨|直後|場合|模様|形)(?![一-龥々])")
_TURNED_ROUND = re.compile(r"[^、。]{0,14}(?:が|ながら|ものの)、[^。]{0,16}(?:一転|翻意|結局|最終的|急きょ)")


def describes(text: str, start: int, end: int) -> bool:
    """Whether what ends at `end` only tells what came before.

    It describes the noun behind it (延期を決めた韓国訪問, 取りやめになった訪日), or holds no more (欠席としたが、一転).
    """
    if _DESCRIBES.match(text, end) or _TURNED_ROUND.match(text, end):
        return True
    past = end - start > 1 and text[end - 1] in _ENDS
    return past and _NOUN.match(text, end) is not None and _NO_NOUN.match(text, end) is None


_ASKED = re.compile("[^、。]{0,16}よう(?:に|強く)?(?:求め|要求|要請|促|訴え|呼び|迫)")


_WISHED = 14  # characters behind an action in which somebody's wish for it stands: 訪韓に期待を示した


def is_wished_for(clause: str, form: str, end: int, wishes: re.Pattern[str]) -> bool:
    """Whether the rest of the clause wishes for the action that ends at `end`.

    訪韓に期待を示した, and, of a verb that the wish goes on from, 取りやめて現地に入るよう求めた.
    """
    if clause[end - 1] in "てで":
        return _ASKED.match(clause, end) is not None
    return form in ("noun", "present", "future") and wishes.search(clause[end : end + _WISHED]) is not None


_AT_IT = re.compile("では(?!な)|の席では?|後に?は|中に?は|の際に?は")  # 会談では: what follows is told of it


def own_negations(after: str, word: int) -> str:
    """What follows a noun of `word` letters, as far as a "not" in it may be its own: 会談では…を出さない."""
    return after[:word] if _AT_IT.match(after, word) else after
