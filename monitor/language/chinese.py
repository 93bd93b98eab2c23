"""Chinese grammar that word lists cannot tell: companions before the verb, nouns behind 的, conditions ahead."""

from __future__ import annotations

import re
from dataclasses import replace

from monitor.language.lexicon import Action

_WITH = re.compile(r"[与與同和跟]\s?$")
_TOWARDS = re.compile(r"(?:[向对對给給被把替让讓陪为為])\s?$")
_NOUN = re.compile(
    r"(?:的|此|(?<![首再多屡屢两兩三初])次|场|場|轮|輪)(?:\w{0,2}(?:国事|國事|正式|工作|历史性|歷史性|友好))?$"
)
_ON_INVITATION = re.compile(r"(?:应|應|受)[^，。；,]{1,24}$")
_ON_HIS_WAY = re.compile(r"(?:前往|赴|飞往|飛往|启程|啟程)[^，。；,]*$")
_SETS_OUT = re.compile(r"(?:启程|啟程|起程|动身|動身|出发|出發|离开|離開|离京|離京)(?:(?!抵|到)[^。；])*，\w{0,4}$")
_OF_A_PLAN = re.compile(
    r"[^，。；,]{0,14}?的(?:\w{0,4})(?:行程|计划|計劃|访问|訪問|安排|旅程|打算|邀请|邀請|之行|之旅)"
)
_OF_AN_INVITATION = re.compile(r"[^，。；,]{0,14}?的(?:\w{0,4})(?:邀请|邀請)")
_CALLED_OFF = re.compile(r"取消|放弃|放棄|推迟|推遲|打消|搁置|擱置|延后|延後|中止|终止|終止")
_GIVEN_UP = re.compile(r"(?:取消|放弃|放棄|打消|中止|终止|終止)了?(?:原定|原本|此次|这次|這次)?\w{0,3}$")
_IF = re.compile(r"如果|倘|(?<!假)若(?![昂泽澤望林尔爾阿斯])|一旦|只要|除非|假如|要是")
_SOMEBODY_OF_HIS = re.compile(
    r"之(?:子|女|妻|父|母|弟|兄|妹)|的\w{0,8}?(?:代表|部长|部長|外长|外長|大臣|前任|对手|對手)"
)
_DONE = re.compile(r"已|了(?!解)|过(?!境|去|程|渡|后)|過(?!境|去|程|渡|後)|刚|剛|正在|当天|當天")
_OF = re.compile(r"的(?=\w{0,8}$)")
_MEETS = re.compile(
    r"(?<![机機社国國集大协協學学工商年开開峰聚宴全司委理都才不就也还還仍将將再看听聽意常罕只可预預主明今])[会會晤见見]\s?$"
)
_WHERE = re.compile(r"(?:[上内內]|前排|中央|正中)，$")
_MISSED = re.compile(r"不[见見]|看不到|[没沒未](?:有|[见見]|能)|缺席|[独獨]缺")
_OF_WHOSE = re.compile(r"[的项項]$")


def as_used(text: str, action: Action) -> Action:
    """The action as its neighbours have it: in 应…邀请 nobody is invited, in 访问…的邀请 nobody visits.

    The form of what is only mentioned so is "gerund".
    """
    if action.kind == "invite" and _ON_INVITATION.search(text[max(0, action.start - 26) : action.start]):
        return replace(action, form="gerund")
    if action.kind == "pledge" and _OF_WHOSE.search(text[max(0, action.start - 1) : action.start]):
        return replace(action, form="gerund")  # 普京的承诺
    if action.kind == "arrive" and text[action.start] in "开開展":  # 前往埃及展开访问, 从马德里启程，开始访印
        ahead = text[max(0, action.start - 24) : action.start]
        return replace(action, form="gerund") if _ON_HIS_WAY.search(ahead) or _SETS_OUT.search(ahead) else action
    if action.kind in ("visit", "move", "attend", "leave", "arrive"):
        if _GIVEN_UP.search(text[max(0, action.start - 12) : action.start]):
            return replace(action, form="gerund")  # 放弃前往
        behind = text[action.end : action.end + 24]
        called_off = _CALLED_OFF.search(text[max(0, action.start - 24) : action.start])
        if _OF_AN_INVITATION.match(behind) or (called_off and _OF_A_PLAN.match(behind)):
            return replace(action, form="gerund")
    return action


def equal_of_companion(text: str, start: int) -> int | None:
    """Where the name of a person would end whose equal the one at `start` is, if that hangs on 与, 同, 向 …; else None.

    -1: nobody could be.
    """
    before = text[max(0, start - 3) : start]
    if _TOWARDS.search(before):
        return -1
    found = _WITH.search(before)
    return start - len(found.group()) if found else None


def meets_before(text: str, start: int) -> bool:
    """Whether one sign right before a name says that he is met: 会, 晤, 见, no part of a longer word."""
    return _MEETS.search(text[max(0, start - 2) : start]) is not None


def says_where(text: str, end: int) -> bool:
    """Whether the word that ends there closes a clause which only says where: 天安门城楼上，."""
    return _WHERE.search(text[max(0, end - 2) : end + 1]) is not None


def is_missed(text: str, start: int, end: int) -> bool:
    """Whether somebody is looked for in vain there: 看台上，不见莫迪."""
    return _MISSED.search(text, start, end) is not None


def is_noun(text: str, start: int) -> bool:
    """Whether the word at `start` is a noun where it could be a verb: 的访问, 此次会晤."""
    return _NOUN.search(text[max(0, start - 10) : start]) is not None


def hangs_on_condition(text: str, start: int) -> bool:
    """Whether the clause before the one at `start` sets a condition: 如果…，他将…."""
    before = re.split(r"[，。；：,]", text[:start].rstrip("，,"))[-1]
    return _IF.search(before) is not None


def clauses_ahead(text: str, start: int, end: int) -> str:
    """The clauses before, whose time and doubt go on in the one from `start` to `end`, unless that says 了 or 已."""
    return "" if _DONE.search(text[start:end]) else re.split(r"[。；：;:]", text[:start])[-1]


def is_owner(after: str, relatives: re.Pattern[str]) -> bool:
    """Whether what follows a name is somebody of his: 之子, 的外交部长, 的外交政策助理."""
    kin = relatives.search(after)
    return _SOMEBODY_OF_HIS.match(after) is not None or (
        kin is not None and _OF.match(after[: kin.start()]) is not None
    )
