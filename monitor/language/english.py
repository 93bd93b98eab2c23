"""English grammar that word lists can't tell: nouns that are verbs, infinitives, clauses with their own subject."""

from __future__ import annotations

import re
from dataclasses import replace

from monitor.language.lexicon import Action

_AUXILIARY = re.compile(r"(?:\b(?:is|are|was|were|be|been|not)|'s|'re|n't)(?: (?:now|still|also|currently|both))? $")
_PREPOSITION = re.compile(r"\b(?:from|to|for|about|against|behind|of|beside|like) (?:the )?$")
_CONSIDERING = re.compile(r"\b(?:consider|weigh|mull|ponder|discuss)\w*(?: \w+)? $")
_HYPOTHETICAL = re.compile(  # before a participle of what nobody need have done
    r"\b(?:of|about|for|from|against|without|than|by|to|on|like|deny|den\w+|reject\w*|suggest\w*|propos\w+|recommend\w*|"
    r"consider\w*|avoid\w*|regret\w*|plan\w*|oppos\w+|rul\w+ out) $"
)
_PASSIVE = re.compile(r"\b(?:is|are|was|were|be|been|being|gets?|got)(?: \w+ly| also| not)? $")
_WITNESSED = re.compile(r"\b(?:seen|spotted|photographed|filmed|shown|after|on|while|pictured|,)\s$")
_VERBAL = re.compile(r"(?:\b(?:to|will|would|may|might|could|can|not|should|must)|'ll|n't)(?: \w+ly)? $")
_NOMINAL = re.compile(
    r"(?:\b(?:the|a|an|his|her|its|their|this|that|any)|\w's|s')(?: [\w-]+(?:ly|ed)| coming| state| official)? $"
)
_DETERMINED = re.compile(r"(?:\b(?:the|a|an|his|her|its|their|these|those|all|both|\d+)|\w's|s') $")
_BESIDE_A_NOUN = re.compile(  # not in "is putting off his trip"
    r" (?!(?:his|her|its|their|the|an?|this|that)\b)(?:\w+ )?"
    r"(?:trip|visit|journey|tour|stay|talks|summit|meeting|arrival|departure)\b"
)
_GOING_TO = re.compile(r"\bgoing to (?:the )?$")
_DO = re.compile(r"\b(?:do|does|did|let|lets|make|makes|made|see|saw|and|or|have)(?: \w+){0,3} $")
_WHEN = re.compile(r"\W*(?:when|once|before|until|after|as soon as)\b")
_NO = re.compile(r"(?:\b(?:no|not|never)|n't)(?: [\w-]+){0,4} $")
_IS_NOT = re.compile(r"[^,;]{0,60}?\b(?:will|would|is|was|has|had|does|did|can|could)(?: not|n't)\b")
_HAD = re.compile(r"\bhad (?:\w+ ){0,2}$")
_MODAL = re.compile(r"\b(?:to|will|would|may|might|could|can|'ll|should|must)(?: not| \w+ly)? $")
_INFINITIVE = re.compile(r"\bto (?:\w+ly )?(?:\w+ (?:and|or) )?$")
_WOULD = re.compile(r"(?:\bwould|'d)(?: \w+ly| also| then| now| soon| first)? $")
_SHOULD = re.compile(r"\b(?:should|must|ought to|needs? to|ha(?:s|ve) to)(?: \w+ly| also| now)? $")
_FIRST_TO = re.compile(
    r"\b(?:first|last|only|second|third|latest|(?:four|fif|six|seven|eigh|nin|ten)th) (?:[\w'-]+ ){1,6}to (?:\w+ly )?$"
)
_ONE_OF_FEW_TO = re.compile(
    r"\b(?:was|were|is|are|became) "
    r"(?:the (?:only|sole|lone|single)|(?:among|one of) (?:the |just |only )*(?:few|only|\w+)) "
    r"(?:[\w'-]+ ){1,6}to (?:\w+ly )?$"
)
_LEADERS = re.compile(r"\b(?:leaders?|presidents?|guests?|heads? of (?:state|government)|premiers?|ministers?) $")
_AFTER = re.compile(r"\bafter (?:(?!the |a |an )\W?[\w-]+\W? ){0,2}$")
_THAT = re.compile(r"\s?that\b")
_NOT_RULED_OUT = re.compile(r"\b(?:not|\w+n't|cannot|never) (?:be )?rul(?:ed?|ing) out\b")
_THIS_EVENING = re.compile(r"\b(?:this (?:evening|afternoon)|tonight|later (?:today|on))\b")
_LINK = re.compile(
    r"^(?:[\s,;:.-]|\b(?:and|but|or|who|which|to|then|after|before|while|when|where|as|also|later|will|would|is|are|was|"
    r"were|be|been|has|have|had|not|now|still|soon|already|first|again|both|about|due|set|expected|likely|may|might|could|"
    r"can|should|\w+ly|in|on|at)\b)*"
)


def as_used(text: str, action: Action) -> Action:
    """The action as its neighbours have it: "to visit" is a verb, "his chance of coming" neither.

    The form of the latter is "gerund".
    """
    before = text[max(0, action.start - 24) : action.start]
    if (action.form == "noun" and (_VERBAL.search(before) or _INFINITIVE.search(before))) or (
        action.form == "past" and _MODAL.search(before)
    ):
        return replace(action, form="base")  # "may quit": past and infinitive of some verbs are alike
    if action.form == "base" and _NOMINAL.search(before):
        return replace(action, form="gerund")  # "the president's journey to China"
    if action.form == "present" and _DETERMINED.search(before):
        return replace(action, form="gerund")  # "the heads of state"
    if not text[action.start : action.end].split(" ")[0].endswith("ing"):
        return action
    if _BESIDE_A_NOUN.match(text, action.end):
        return replace(action, form="gerund")  # "his coming trip"
    if _AUXILIARY.search(before):
        return replace(action, form="ing")
    if _CONSIDERING.search(before):
        return replace(action, form="base")  # "is considering attending"
    if action.kind == "invite" and action.start > 0 and not _HYPOTHETICAL.search(before):
        return replace(action, form="ing")  # "a letter inviting the president"
    if action.kind == "attend" and action.form == "ing" and _LEADERS.search(before):
        return action  # "the only leader attending"
    if action.form == "ing" and action.start > 0 and not _WITNESSED.search(before):
        return replace(action, form="gerund")
    return action


def is_oblique(before: str) -> bool:
    """Whether a name after `before` hangs on a preposition, so that it is no subject."""
    return _PREPOSITION.search(before) is not None


def is_passive(text: str, start: int) -> bool:
    """Whether the participle at `start` is a passive: "has been invited"."""
    return _PASSIVE.search(text, max(0, start - 24), start) is not None


def is_infinitive(before: str) -> bool:
    """Whether what comes after `before` is an infinitive with "to"."""
    return _INFINITIVE.search(before) is not None


def is_pluperfect(text: str, start: int, speech: re.Pattern[str]) -> bool:
    """Whether the verb at `start` tells of what came before: "the visit his office had scrapped".

    What somebody said is reported a tense back, so that "said he had arrived" is news.
    """
    had = _HAD.search(text, max(0, start - 24), start)
    return had is not None and speech.search(text, 0, start) is None


def negates_noun(before: str, after: str) -> bool:
    """Whether a noun for an act is itself denied ("no visit", "the visit will not …"), not something beside it."""
    return _NO.search(before) is not None or _IS_NOT.match(after) is not None


def is_told_with_would(before: str) -> bool:
    """Whether "would" stands before a verb: what somebody said will be, or would be if it came to it."""
    return _WOULD.search(before) is not None


def is_the_first_to(before: str) -> bool:
    """ "The first prime minister to make the journey": nobody is said to make it."""
    return _FIRST_TO.search(before) is not None


def is_one_of_few_to(before: str) -> bool:
    """ "Was the only European leader to attend": of him it is said that he did."""
    return _ONE_OF_FEW_TO.search(before) is not None


def is_after(before: str) -> bool:
    """Whether a headline's noun without an article stands behind "after": what is told beside it comes later."""
    return _AFTER.search(before) is not None


def is_called_for(before: str) -> bool:
    """Whether somebody holds that it should or must be done."""
    return _SHOULD.search(before) is not None


def is_bare(before: str) -> bool:
    """Whether a base form is no infinitive and follows no modal: with one subject it is somebody's demand."""
    return not any(pattern.search(before) for pattern in (_VERBAL, _INFINITIVE, _DO, _CONSIDERING))


def is_after_when(clause: str) -> bool:
    """Whether the clause is one of time, whose present means what is to come: "when the two leaders meet"."""
    return _WHEN.match(clause) is not None


def going_before(text: str, place: int) -> int:
    """Where "going" begins in "going to" right before a place; -1 without it."""
    found = _GOING_TO.search(text, max(0, place - 14), place)
    return found.start() if found is not None else -1


def looks_ahead(clause: str) -> bool:
    """Whether a present tense means what is still to come: "gets there this evening"."""
    return _THIS_EVENING.search(clause) is not None


def own_subject(before: str) -> str:
    """What stands before a verb besides links and auxiliaries: somebody who does it, though we do not know him."""
    return _LINK.sub("", before).strip()


def governing(text: str, start: int, end: int) -> str:
    """The words that a "that" clause hangs on: "sees no prospect that …"; "" for any other clause."""
    return _NOT_RULED_OUT.sub("possible", text[max(0, start - 70) : start]) if _THAT.match(text, start, end) else ""
