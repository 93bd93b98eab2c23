"""What a sentence says is done: by whom, where, and whether it has happened, will, may or will not.

Everything is bound within a clause; a clause without a subject of its own takes that of the clause before.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

from monitor.frames import headlines
from monitor.frames.clauses import Clause, as_meant, clauses_of
from monitor.frames.document import Document, Sentence
from monitor.frames.doers import agents, companions, has_own_subject, is_oblique, is_of_somebody_else, subjects_of
from monitor.frames.mood import REVERSALS, Mood, Surroundings, tell
from monitor.frames.places import places_of
from monitor.frames.pronouns import first_who_acts, objects_of
from monitor.frames.tenses import goes_on_to, with_tenses
from monitor.language import chinese, dates, english, german, russian, subjunctive
from monitor.language.cast import Tie
from monitor.language.dates import DateMention
from monitor.language.folding import lower
from monitor.language.gazetteer import Kind
from monitor.language.lexicon import Action
from monitor.language.mentions import Mention
from monitor.types import Position


@dataclass(frozen=True, slots=True)
class Event:
    """One action of one sentence with all that was bound to it. Offsets count in the sentence."""

    sentence: Sentence
    clause: Clause
    action: Action
    mood: Mood
    subjects: tuple[Mention, ...]  # who does it
    others: tuple[Mention, ...]  # people after the action: companions or those it is done to
    to: Mention | None = None
    origin: Mention | None = None
    day: date | None = None
    inherited: bool = False  # the subject comes from another clause or a pronoun
    history: bool = False
    analyst: bool = False
    negated: bool = False
    stranger: bool = False  # somebody does it whom we do not know


def read(document: Document, sentence: Sentence, antecedent: Mention | None) -> tuple[Event, ...]:
    """The events of one sentence. `antecedent`: whom a pronoun would mean."""
    meant = as_meant(document, sentence)
    events = _events(document, meant, antecedent)
    if meant is sentence:
        return events
    return tuple(replace(e, sentence=replace(sentence, mentions=meant.mentions)) for e in events)


def _events(document: Document, sentence: Sentence, antecedent: Mention | None) -> tuple[Event, ...]:
    actions = document.lexicon.actions(lower(sentence.text))
    if document.lexicon.inverted:
        actions = _outermost(actions)
    if document.language == "de":
        actions = tuple(german.as_written(sentence.text, actions))
    actions = _without_steps_home(actions)
    if document.language == "en":
        actions = _with_goings(sentence, actions)
    elif document.language == "zh" and sentence.position is Position.TITLE:
        actions = headlines.with_meetings(sentence, actions)
    actions = _with_places_left(document, sentence, actions)
    if document.language == "es":
        actions = subjunctive.without_nouns(lower(sentence.text), actions)
    if document.lexicon.order == "sov":
        actions = with_tenses(document, sentence, actions)
    if not actions:
        return ()
    clauses = clauses_of(document, sentence)
    people = agents(document, sentence)
    found = dates.find(sentence.text, language=document.language, day=document.day)
    events: list[Event] = []
    for action in actions:
        clause = next(c for c in clauses if c.start <= action.start < c.end)
        subjects, inherited = subjects_of(document, sentence, clauses, clause, action, people, antecedent)
        to, origin = places_of(document, sentence, clause, action, actions)
        event = _event(document, sentence, clause, action, subjects, inherited, people, to, origin, found)
        events.append(_with_guest(document, event, antecedent))
    return _double_negation(events)


def _with_goings(sentence: Sentence, actions: tuple[Action, ...]) -> tuple[Action, ...]:
    """The actions and "going to China", which only its place tells from "going to stay"."""
    text = lower(sentence.text)
    goings = [
        Action("move", "ing", start, start + len("going"))
        for m in sentence.mentions
        if m.kind is Kind.PLACE and (start := english.going_before(text, m.start - sentence.start)) >= 0
    ]
    return tuple(sorted([*actions, *goings], key=lambda a: a.start)) if goings else actions


def _with_places_left(document: Document, sentence: Sentence, actions: tuple[Action, ...]) -> tuple[Action, ...]:
    """The actions without those that are none of people and places: leaving a room, turning round, getting a letter."""
    text = lower(sentence.text)
    return tuple(a for a in actions if not _is_of_things(document, text, a))


def _is_of_things(document: Document, text: str, action: Action) -> bool:
    things = document.lexicon.left_things
    if action.kind == "leave":  # "a quitté la salle"
        return bool(things.match(text, action.end + 1) or things.search(text, action.start, action.end))
    if action.kind in ("meet", "receive"):  # "received a letter from X"
        return document.lexicon.handed.match(text, action.end) is not None
    return action.kind == "return" and text.endswith("s'", 0, action.start)  # "s'est retourné"


def _without_steps_home(actions: Sequence[Action]) -> tuple[Action, ...]:
    """The actions without verbs inside of words for going home: "emprendió el camino de vuelta" is no return."""
    homes = [a for a in actions if a.kind == "homeward"]
    return tuple(
        a
        for a in actions
        if a.kind == "homeward" or a.form == "noun" or not any(h.start <= a.start and a.end <= h.end for h in homes)
    )


def _outermost(actions: Sequence[Action]) -> tuple[Action, ...]:
    """The actions without verbs inside of words that turn something back: "n'ira finalement pas" is one thing said."""
    back = [a for a in actions if a.kind in ("cancel", "postpone")]
    return tuple(
        a
        for a in actions
        if a in back or a.form == "noun" or not any(b.start <= a.start and a.end <= b.end for b in back)
    )


def _double_negation(events: Sequence[Event]) -> tuple[Event, ...]:
    """What is denied to be off is on: "denied that the visit had been put off", "will not miss"."""
    if not any(e.action.kind in REVERSALS and e.mood is Mood.DENIED for e in events):
        return tuple(events)
    return tuple(
        replace(e, mood=Mood.FUTURE, negated=False)
        if e.mood is Mood.DENIED and e.action.kind not in REVERSALS and e.action.form == "noun"
        else e
        for e in events
        if e.action.kind != "deny"
    )


def _event(
    document: Document,
    sentence: Sentence,
    clause: Clause,
    action: Action,
    subjects: tuple[Mention, ...],
    inherited: bool,
    people: Sequence[Mention],
    to: Mention | None,
    origin: Mention | None,
    found: Sequence[DateMention],
) -> Event:
    text = lower(sentence.text)
    if document.language == "en":
        action = headlines.as_told(document, sentence, english.as_used(text, action), people)
    elif document.language == "zh":
        action = chinese.as_used(text, action)
    elif document.lexicon.bracket and action.form == "base" and not _GOVERNED.search(text[clause.start : clause.end]):
        action = replace(action, form="present")  # "Putin und Xi telefonieren": the plural looks like an infinitive
    elif document.language == "es" and action.form == "base" and _AFTER.search(text[: action.start]):
        action = replace(action, form="past")
    elif document.language == "ru" and action.kind == "invite" and russian.is_manner(text[: action.start]):
        action = replace(action, form="gerund")
    named = [d for d in found if clause.start <= d.start < clause.end] or _days_elsewhere(action, found)
    if action.kind in ("invite", "accept"):  # "invited him for 9 May": that is the day of the journey
        named = [d for d in named if d.full or not _FOR.search(text[: d.start])]
    headline = sentence.position is Position.TITLE
    since = any(_SINCE.search(text[: d.start]) for d in named)
    looking = document.language in (_HEADLINES_TOO if headline else _LOOKING_AHEAD) and not since
    day = _event_day(named, action, document.day, ahead=looking)
    ahead = chinese.clauses_ahead(text, clause.start, clause.end) if document.language == "zh" and inherited else ""
    onward = goes_on_to(document, sentence, clause, action, people)
    around = Surroundings(text, clause.start, clause.end, action, headline, ahead, onward)
    tone = tell(document, around, day)
    if _is_demanded(document, text, clause, action, subjects):
        tone = replace(tone, mood=Mood.VOID)
    others = _others(document, sentence, clause, action, subjects, people)
    if action.kind == "invite" and others and document.lexicon.invited.match(text, action.start):
        subjects, others = others, subjects  # 获普京邀请, プーチン氏から招きを受けた
    if document.language == "ko" and action.kind == "invite" and not others and _is_headed(sentence, subjects):
        subjects, others = subjects[:1], subjects[1:]  # 모디, 푸틴 초청
    if document.language == "de" and action.kind in ("invite", "receive") and not others:
        subjects, others = subjects[:1], subjects[1:]  # "hat … eingeladen": the guest stands before the verb
    return Event(
        sentence=sentence,
        clause=clause,
        action=action,
        mood=tone.mood,
        subjects=subjects,
        others=others,
        to=to,
        origin=origin,
        day=day,
        inherited=inherited,
        history=tone.history,
        analyst=_is_guess(document, text),
        negated=tone.negated,
        stranger=not subjects and _is_done_by_a_stranger(document, sentence, clause, action),
    )


def _is_headed(sentence: Sentence, people: Sequence[Mention]) -> bool:
    """Whether of two the first heads a headline and the other is the one to whom it is done."""
    return len(people) == 2 and sentence.text[people[0].end - sentence.start : people[1].start - sentence.start] == ", "


def _is_done_by_a_stranger(document: Document, sentence: Sentence, clause: Clause, action: Action) -> bool:
    if action.form in ("noun", "state"):
        return False
    before = lower(sentence.text)[clause.start : action.start]
    if document.lexicon.they.search(before):
        return False
    return has_own_subject(document, before) or is_of_somebody_else(document, sentence, clause, action.start)


def _is_demanded(document: Document, text: str, clause: Clause, action: Action, subjects: Sequence[Mention]) -> bool:
    """ "demanded the president return": a base form with one subject tells of nothing done."""
    if document.language != "en" or action.form != "base" or len(subjects) != 1:
        return False
    before = text[clause.start : action.start]
    return english.is_bare(before) and not document.lexicon.they.search(before)


def _is_guess(document: Document, text: str) -> bool:
    """Whether somebody without knowledge of his own says it: an analyst who says or expects, not one who wonders."""
    lexicon = document.lexicon
    if not lexicon.modifiers["analyst"].search(text):
        return False
    saying = (lexicon.speech, lexicon.speech_before, lexicon.modifiers["hedge"], lexicon.modifiers["doubt"])
    return any(pattern.search(text) for pattern in saying)


def _others(
    document: Document,
    sentence: Sentence,
    clause: Clause,
    action: Action,
    subjects: Sequence[Mention],
    people: Sequence[Mention],
) -> tuple[Mention, ...]:
    """People named behind the action in its clause; of an invitation only the guests, who stand first."""
    if document.lexicon.order == "sov":
        before = [m for m in people if clause.start <= m.start - sentence.start < action.start and m not in subjects]
        if not before and action.kind == "invite" and action.form != "noun":  # …に対し、訪問するよう招待した
            before = [m for m in people if m.end - sentence.start <= clause.start and m not in subjects][-1:]
        return tuple(before)
    text = lower(sentence.text)
    behind = [m for m in people if action.start < m.start - sentence.start < clause.end and m not in subjects]
    if document.lexicon.bracket:  # "wird von X empfangen": X is the host
        behind = [
            m
            for m in behind
            if action.kind not in ("receive", "unite") or not is_oblique(document, text, m.start - sentence.start)
        ]
        behind += _beside_bracket(document, sentence, clause, action, people)
    behind = [*companions(document, sentence, clause, action, people), *behind]
    if action.kind not in ("invite", "receive", "unite"):
        return tuple(behind)
    if document.language == "en" and english.is_passive(lower(sentence.text), action.start):
        return ()  # "has been invited": the guest is the subject
    if _PASSIVE.search(text[max(0, action.start - _AUXILIARY) : action.end]):
        return ()
    if action.form == "noun":
        asked = list(companions(document, sentence, clause, action, people)) if document.language == "ru" else []
        return tuple(asked) or _guests_of_noun(document, sentence, action, behind)
    guests = behind[:1] or _meant(document, sentence, action, subjects, people)
    for left, right in pairwise(behind):
        gap = sentence.text[left.end - sentence.start : right.start - sentence.start]
        if not document.lexicon.connectors.listed.fullmatch(gap.lower()):
            break
        guests.append(right)
    return tuple(guests)


def _meant(
    document: Document, sentence: Sentence, action: Action, subjects: Sequence[Mention], people: Sequence[Mention]
) -> list[Mention]:
    """Whom a pronoun right beside the verb means: the last named before who does not do it himself."""
    text, lexicon = lower(sentence.text), document.lexicon
    behind = lexicon.pronouns.match(text, action.end) or lexicon.objects.match(text, action.end + 1)
    if not behind and lexicon.clitics.search(text[: action.start]) is None:  # "s'est entretenu avec X et l'a convié"
        return []
    before = [m for m in people if m.end - sentence.start <= action.start and m not in subjects]
    return before[-1:]


def _with_guest(document: Document, event: Event, antecedent: Mention | None) -> Event:
    """A guest whom the sentence before names: "Kim invited him to Pyongyang", "Macron l'accueillera lundi"."""
    action, lexicon, text = event.action, document.lexicon, lower(event.sentence.text)
    if action.kind not in ("invite", "receive") or action.form == "noun" or event.others or antecedent is None:
        return event
    meant = lexicon.objects.match(text, action.end + 1) or lexicon.clitics.search(text[: action.start])
    if meant is None and lexicon.bracket:
        meant = lexicon.objects.search(text, action.start, action.end)  # "wird ihn in Berlin empfangen"
    known = meant is not None and bool(event.subjects) and antecedent.id not in {m.id for m in event.subjects}
    return replace(event, others=(antecedent,)) if known else event


def _beside_bracket(
    document: Document, sentence: Sentence, clause: Clause, action: Action, people: Sequence[Mention]
) -> list[Mention]:
    """Companions before a verb that closes its clause: "hat mit X telefoniert"."""
    if action.form == "noun":
        return []
    text, base = lower(sentence.text), sentence.start
    before = [m for m in people if clause.start <= m.start - base < action.start]
    objects = objects_of(document, sentence, clause, action, people)
    return objects or [m for m in before if re.search(r"\bmit (?:\w+ )?$", text[: m.start - base])]


def _guests_of_noun(
    document: Document, sentence: Sentence, action: Action, behind: Sequence[Mention]
) -> tuple[Mention, ...]:
    """ "an invitation to X": those whom an adposition of direction leads to; in "at the invitation of X" nobody."""
    text = lower(sentence.text)
    to = document.lexicon.adpositions["to"]
    return tuple(m for m in behind[:1] if to.search(text[action.end : m.start - sentence.start][-12:]))


def _days_elsewhere(action: Action, found: Sequence[DateMention]) -> list[DateMention]:
    """Days of other clauses, which an action takes that has none; "ya está en Y, donde el lunes …" is of today."""
    return [] if action.kind == "arrive" and action.form == "present" else list(found)


_LOOKING_AHEAD = ("de", "en", "es", "fr")  # languages in which the present tense tells of what is to come
_HEADLINES_TOO = ("de", "es", "fr")  # English headlines tell the past in the present tense, with its day


_GOVERNED = re.compile(  # what an infinitive hangs on in German
    r"\b(?:wird|werden?|will|wollen?|wollte|soll\w*|kann|können?|könnt\w*|möcht\w*|muss|müss\w*|darf|dürf\w*|würd\w*|"
    r"mag|lässt|ließ\w*|lassen|um|zu|zum|beim|statt|ohne|nicht|\w+zu\w+en)\b"
)
_AFTER = re.compile(r"\b(?:tras|después de|luego de) $")  # with an infinitive: what has been done
_AUXILIARY = 16  # characters before a participle in which its auxiliary stands
_PASSIVE = re.compile(r"\b(?:été|fue|fueron|sido|siendo)\b")  # "a été invité", "ha sido invitado"
_FOR = re.compile(r"\b(?:for|pour|para|für|zum|zur|на|к|ко)(?: (?:le|la|el|the))? $")
_SINCE = re.compile(r"\b(?:since|seit|depuis|desde)(?: el| le)? $")


def _event_day(found: Sequence[DateMention], action: Action, day: date, *, ahead: bool) -> date | None:
    """The day of an action. `ahead`: a present tense with a weekday looks ahead ("travels on Tuesday")."""
    exact = [d for d in found if not d.vague]
    chosen = min(exact or found, key=lambda d: min(abs(d.start - action.end), abs(action.start - d.end)), default=None)
    if chosen is None:
        return None
    forms = ("base", "future", "present") if ahead else ("base", "future")
    if chosen.relative and not chosen.vague and action.form in forms and chosen.day < day:
        return date.fromordinal(chosen.day.toordinal() + 7)  # "will … on Monday" looks ahead
    return chosen.day


def antecedents(document: Document) -> Iterator[tuple[Sentence, Mention | None]]:
    """Each sentence with the person whom a pronoun in it would mean: the first whom the sentence before named.

    Nobody is carried over into an aside or out of it, and into a paragraph that names nobody only where its first
    sentence goes back to somebody.
    """
    story: Mention | None = None
    here: Mention | None = None  # named in this paragraph
    going_on = False
    paragraph = -1
    for sentence in document.sentences:
        if sentence.paragraph != paragraph:
            paragraph, here, going_on = sentence.paragraph, None, goes_on(document, sentence)
        yield sentence, here or (story if going_on else None)
        named = [m for m in agents(document, sentence) if m.form != "office"]
        if named:
            here = first_who_acts(document, sentence, named)
            story = story if sentence.tie is Tie.ASIDE else here


def goes_on(document: Document, sentence: Sentence) -> bool:
    """Whether a paragraph that begins with the sentence goes on with the title's story."""
    if sentence.tie is not Tie.LOOSE:
        return sentence.tie is Tie.OWN
    text = lower(sentence.text)
    return bool(document.lexicon.pronouns.search(text) or document.lexicon.the_pair.search(text))
