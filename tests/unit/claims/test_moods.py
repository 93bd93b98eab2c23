"""Whether a thing has happened, will, may, will not, or is only spoken of."""

from __future__ import annotations

import pytest

from monitor.frames.document import prepare
from monitor.frames.mood import Mood
from monitor.frames.reading import Event, antecedents, read
from monitor.language import gazetteer
from monitor.normalize import normalize
from monitor.types import Claim, ItemKind, Position
from tests.unit.claims.reading import PARADES, TRIPS, claims_of, item

DAY = "2023-03-10"


def event(text: str, kind: str, lang: str = "en") -> Event:
    """The first event of that action class in a text of one sentence."""
    document = prepare(normalize(item("", text, day=DAY, lang=lang)), gazetteer.load())
    found = [e for s, whom in antecedents(document) for e in read(document, s, whom)]
    return next(e for e in found if e.action.kind == kind)


@pytest.mark.parametrize(
    ("text", "mood"),
    [
        ("Xi Jinping visited Russia on Monday.", Mood.REAL),
        ("Xi Jinping is visiting Russia.", Mood.ONGOING),
        ("Xi Jinping will visit Russia.", Mood.FUTURE),
        ("Xi Jinping is to visit Russia.", Mood.FUTURE),
        ("Xi Jinping plans to visit Russia.", Mood.FUTURE),
        ("Xi Jinping is set to visit Russia on Monday.", Mood.FUTURE),
        ("Xi Jinping may visit Russia.", Mood.POSSIBLE),
        ("Xi Jinping is expected to visit Russia.", Mood.POSSIBLE),
        ("Xi Jinping is likely to visit Russia soon.", Mood.POSSIBLE),
        ("Xi Jinping will not visit Russia.", Mood.DENIED),
        ("Xi Jinping won't visit Russia.", Mood.DENIED),
        ("Xi Jinping never visited Russia.", Mood.DENIED),
        ("If Xi Jinping visits Russia, he will go by train.", Mood.VOID),
        ("It is unclear whether Xi Jinping will visit Russia.", Mood.VOID),
        ("Xi Jinping was to have visited Russia.", Mood.VOID),
        ("Vladimir Putin wants Xi Jinping to visit Russia.", Mood.VOID),
        ("Vladimir Putin invited Xi Jinping to visit Russia.", Mood.VOID),
    ],
)
def test_the_mood_of_a_visit(text: str, mood: Mood) -> None:
    assert event(text, "visit").mood is mood


@pytest.mark.parametrize(
    ("text", "said", "mood"),
    [
        ("Xi Jinping arrived in Moscow, but Li Qiang did not attend.", "arrive", Mood.REAL),
        ("Xi Jinping did not go to Kyiv but arrived in Moscow on Monday.", "arrive", Mood.REAL),
        ("Xi Jinping, who may visit Kyiv later, arrived in Moscow on Monday.", "arrive", Mood.REAL),
        ("After Xi Jinping arrived in Moscow, nothing was said about whether he will visit Kyiv.", "arrive", Mood.REAL),
    ],
)
def test_negation_and_hedges_stay_in_their_clause(text: str, said: str, mood: Mood) -> None:
    assert event(text, said).mood is mood


@pytest.mark.parametrize(
    "text",
    [
        "In 2019 Xi Jinping visited Russia.",
        "Xi Jinping visited Russia in 2019.",
        "Xi Jinping last visited Russia four years ago.",
        "Xi Jinping had previously visited Russia.",
        "Back in 2013 Xi Jinping visited Russia, too.",
        "Xi Jinping visited Russia on February 4.",
    ],
)
def test_what_is_past_is_history(text: str) -> None:
    assert event(text, "visit").history


@pytest.mark.parametrize(
    "text", ["Xi Jinping visited Russia on Monday.", "Xi Jinping will visit Russia for the first time this year."]
)
def test_what_is_of_now_is_no_history(text: str) -> None:
    assert not event(text, "visit").history


@pytest.mark.parametrize(
    ("lang", "text", "kind", "mood"),
    [
        ("de", "Xi Jinping ist in Moskau eingetroffen.", "arrive", Mood.REAL),
        ("de", "Xi Jinping wird nach Moskau reisen.", "visit|move", Mood.FUTURE),
        ("de", "Xi Jinping könnte nach Moskau reisen.", "visit|move", Mood.POSSIBLE),
        ("de", "Xi Jinping wird nicht nach Moskau reisen.", "visit|move", Mood.DENIED),
        ("fr", "Xi Jinping se rendra à Moscou.", "visit|move", Mood.FUTURE),
        ("fr", "Xi Jinping ne se rendra pas à Moscou.", "visit|move", Mood.DENIED),
        ("es", "Xi Jinping viajará a Moscú.", "visit|move", Mood.FUTURE),
        ("es", "Xi Jinping no viajará a Moscú.", "visit|move", Mood.DENIED),
        ("ru", "Си Цзиньпин посетит Москву.", "visit|move", Mood.FUTURE),
        ("ru", "Си Цзиньпин не посетит Москву.", "visit|move", Mood.DENIED),
        ("ru", "Си Цзиньпин посетил Москву.", "visit|move", Mood.REAL),
        ("ko", "시진핑 주석이 모스크바를 방문할 예정이다.", "visit", Mood.FUTURE),
        ("ko", "시진핑 주석이 모스크바를 방문했다.", "visit", Mood.REAL),
        ("ko", "시진핑 주석은 모스크바를 방문하지 않는다.", "visit", Mood.DENIED),
        ("zh", "习近平将访问俄罗斯。", "visit", Mood.FUTURE),
        ("zh", "习近平不会访问俄罗斯。", "visit", Mood.DENIED),
        ("zh", "习近平可能访问俄罗斯。", "visit", Mood.POSSIBLE),
        ("ja", "習近平国家主席はロシアを訪問する予定だ。", "visit", Mood.FUTURE),
        ("ja", "習近平国家主席はロシアを訪問した。", "visit", Mood.REAL),
        ("ja", "習近平国家主席はロシアを訪問しない。", "visit", Mood.DENIED),
    ],
)
def test_the_mood_is_read_in_every_language(lang: str, text: str, kind: str, mood: Mood) -> None:
    document = prepare(normalize(item("", text, day=DAY, lang=lang)), gazetteer.load())
    found = [e for s, whom in antecedents(document) for e in read(document, s, whom)]
    assert [e.mood for e in found if e.action.kind in kind.split("|")] == [mood]


# ---- where in the article it stands -------------------------------------------------------------------------------

ARRIVED = "Xi Jinping arrived in Moscow on Friday."
PADDING = "The weather was fine. Shops were open. People went about their work. Nothing else was reported."


def counting(title: str, text: str, kind: ItemKind = ItemKind.ARTICLE) -> list[Claim]:
    """Claims on journeys that can be developments."""
    return [c for c in claims_of(item(title, text, day=DAY, kind=kind), TRIPS) if not c.excluded]


def test_what_stands_deep_in_the_text_is_weak() -> None:
    """A claim of title or lead is not."""
    (title,) = counting(ARRIVED, PADDING)
    (lead,) = counting("", ARRIVED)
    (deep,) = counting("", f"{f'{PADDING} ' * 9}{ARRIVED}")
    assert (title.evidence.position, title.weak) == (Position.TITLE, False)
    assert (lead.evidence.position, lead.weak) == (Position.LEAD, False)
    assert (deep.evidence.position, deep.weak) == (Position.BODY, True)


@pytest.mark.parametrize(
    ("text", "abroad"),
    [
        ("Xi Jinping's train has left Beijing, officials said.", True),
        ("Xi Jinping left Beijing on Friday on a foreign visit.", True),
        ("Xi Jinping left Beijing on Friday to inspect a factory.", False),
    ],
)
def test_who_leaves_his_capital_goes_abroad_where_the_text_says_so(text: str, abroad: bool) -> None:
    (claim,) = counting("", text)
    assert (claim.stage, claim.object, claim.abroad) == ("departed", "?", abroad)


@pytest.mark.parametrize(
    "filed", ["MOSCOW, May 10. /TASS/.", "NEW DELHI, Sept. 3. /Agency/.", "МОСКВА, 27 августа. /ТАСС/.", "MOSCOW."]
)
def test_where_and_when_a_text_was_filed_is_no_part_of_its_lead(filed: str) -> None:
    (claim,) = counting("", f"{filed} The weather was fine. Shops were open. {ARRIVED}")
    assert (claim.evidence.position, claim.weak) == (Position.LEAD, False)


@pytest.mark.parametrize(
    ("note", "told"),
    [
        ("This article first appeared on 24 April 2019.", 0),
        ("Originally published in 2019.", 0),
        ("First published on 10 March 2023.", 1),
        ("This report is based on an article that first appeared elsewhere.", 1),
    ],
)
def test_what_was_printed_long_ago_is_history(note: str, told: int) -> None:
    """A note with the day of the text itself, as papers put below what is new, says nothing."""
    assert len(counting("", f"{note}\n\n{ARRIVED}")) == told
    assert len(counting("", f"{ARRIVED}\n\n{note}")) == told


def test_evidence_is_the_sentence_as_the_article_has_it() -> None:
    text = f"{PADDING}\n\n“Xi Jinping” arrived in Moscow on Friday."
    (claim,) = counting("", text)
    assert claim.evidence.sentence == "“Xi Jinping” arrived in Moscow on Friday."
    assert text[claim.evidence.offset :].startswith(claim.evidence.sentence)
    spans = {(span.label, span.text) for span in claim.evidence.spans}
    assert spans >= {("subject", "Xi Jinping"), ("action", "arrived"), ("to", "Moscow")}


def test_spans_hold_behind_a_letter_that_grows_in_lower_case() -> None:
    (claim,) = counting("", "In the İnönü hall Xi Jinping said so when he arrived in Moscow on Friday.")
    assert "arrived" in {span.text for span in claim.evidence.spans if span.label == "action"}


def test_a_headline_without_tense_is_read_with_the_text_below() -> None:
    coming = counting("Xi arrives in Moscow", "Xi Jinping will arrive in Moscow on Monday.")
    assert [c.stage for c in coming] == ["announced"]
    assert [c.stage for c in counting("Xi arrives in Moscow", ARRIVED)] == ["arrived"]


@pytest.mark.parametrize(
    "text",
    [
        "You might also like\nXi Jinping arrives in Moscow\nPutin greets Xi\nTen recipes for May",
        "Xi Jinping (right) arrived in Moscow on Friday. File photo",
    ],
)
def test_boxes_of_other_stories_and_captions_tell_nothing(text: str) -> None:
    assert counting("Shops were open", f"{PADDING}\n\n{text}") == []


@pytest.mark.parametrize("title", ["On this day: Xi in Moscow", "In pictures: Xi in Moscow", "Quiz: where did Xi go?"])
def test_history_and_galleries_tell_nothing_new(title: str) -> None:
    assert counting(title, ARRIVED) == []


def test_an_article_that_names_nobody_watched_is_not_read_further() -> None:
    assert claims_of(item("Shops were open", PADDING), TRIPS, PARADES) == ()
