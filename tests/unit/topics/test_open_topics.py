"""What open topics find in an article, why not, and the claim that comes of it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.language.gazetteer import load
from monitor.normalize import normalize
from monitor.open_topics import FURNITURE, OpenTopics, Searched
from monitor.types import Article, ItemKind, Position, Search, WatchTopic, Where
from tests.unit.claims.reading import item

GAZETTEER = load()
BODY = "The weather was fine on Monday.\n\nIt was fine on Tuesday.\n\nIt was fine on Wednesday.\n\nAnd on Thursday."


def article(title: str = "", text: str = "", *, lang: str | None = "en", kind: ItemKind = ItemKind.ARTICLE) -> Article:
    """An article as the pipeline normalises it."""
    return normalize(item(title, text, lang=lang, kind=kind))


def topic(search: Search, identity: str = "t") -> WatchTopic:
    """An open topic."""
    return WatchTopic(id=identity, name=identity, frame="", search=search)


def explained(search: Search, told: Article) -> Searched:
    """What one topic makes of an article."""
    (found,) = OpenTopics([topic(search)], GAZETTEER).explain(told)
    return found


def matches(search: Search, told: Article) -> bool:
    """Whether a claim comes of it that could be news."""
    claims = OpenTopics([topic(search)], GAZETTEER).claims(told)
    return bool(claims) and not claims[0].excluded


MATCHES = [
    (Search(any=("gallium", "germanium")), "Germanium is dear", ""),
    (Search(any=("gallium",)), "Metals are dear", f"{BODY}\n\nThe price of gallium rose as well on Friday."),
    (Search(all=(("export*",), ("China", "中国"))), "Exports fall", "In China they fell the most."),
    (Search(all=(("gallium",),), any=("ban", "curb*")), "Gallium curbed", ""),
    (Search(names=("xi-jinping",)), "习近平访问莫斯科", ""),
    (Search(names=("xi-jinping",)), "Xi Jinping goes to Moscow", ""),
    (Search(names=("Vladimir Putin",)), "Путин приехал в Пекин", "Президент России Владимир Путин приехал в Пекин."),
    (Search(names=("vladimir-putin",)), "Putin arrives in Beijing", ""),
    (Search(names=("CN",)), "Chinese exports fall", "Exports fell in May."),
    (Search(names=("Jane Q. Nobody",)), "Jane Q. Nobody resigns", ""),
    (Search(any=("gallium",), none=("horoscope",)), "Gallium is dear", "The price rose."),
]
DOES_NOT = [
    (Search(any=("gallium",)), "Germanium is dear", "", "has none of “gallium”"),
    (Search(all=(("export*",), ("China", "中国"))), "Exports fall", "", "has no “China” or “中国”"),
    (Search(all=(("gallium",),), any=("ban",)), "Gallium is dear", "", "has none of “ban”"),
    (Search(names=("kim-jong-un",)), "Kim Kardashian arrives", "Kim Kardashian arrived.", "names no “kim-jong-un”"),
    (Search(any=("gallium",), none=("horoscope",)), "Gallium", "Your horoscope.", "“horoscope”, which is excluded"),
    (
        Search(any=("gallium",), languages=("ko", "de")),
        "Gallium is dear and rare",
        BODY,
        "is in en, the topic takes ko",
    ),
    (Search(any=("gallium",), where=Where.TITLE), "Metals are dear", "Gallium rose.", "do not stand in the title"),
]


@pytest.mark.parametrize(("search", "title", "text"), MATCHES)
def test_an_article_matches_when_every_field_is_met(search: Search, title: str, text: str) -> None:
    lang = "ru" if "Пут" in title else "zh" if "习" in title else "en"
    assert matches(search, article(title, text, lang=lang))


@pytest.mark.parametrize(("search", "title", "text", "why"), DOES_NOT)
def test_an_article_that_does_not_match_says_why(search: Search, title: str, text: str, why: str) -> None:
    told = article(title, text)
    assert not matches(search, told)
    assert why in explained(search, told).why_not


def test_a_family_name_is_whom_the_article_means() -> None:
    search = Search(names=("kim-jong-un",))
    leader = article("Kim arrives in Beijing", "North Korean leader Kim Jong Un arrived in Beijing on Monday.")
    other = article("Kim wins gold", "South Korean archer Kim Woo-jin won gold. Kim was pleased, Kim said.")
    assert matches(search, leader)
    assert not matches(search, other)


def test_words_in_a_box_of_other_stories_are_kept_with_the_reason() -> None:
    told = article("Fine weather", f"{BODY}\n\nRelated stories:\n\nGallium is dear\n\nGold is dear")
    (claim,) = OpenTopics([topic(Search(any=("gallium",)))], GAZETTEER).claims(told)
    assert claim.excluded == FURNITURE
    assert claim.evidence.sentence == "Gallium is dear"


def test_words_that_must_not_be_there_may_stand_in_a_box() -> None:
    told = article("Gallium is dear", f"{BODY}\n\nRelated stories:\n\nYour horoscope\n\nGold is dear")
    assert matches(Search(any=("gallium",), none=("horoscope",)), told)


def test_the_lead_is_the_title_or_the_first_sentences() -> None:
    search = Search(any=("gallium",), where=Where.LEAD)
    assert matches(search, article("Metals", "Gallium rose."))
    assert matches(search, article("Gallium", "Metals rose."))
    assert not matches(search, article("Metals", f"{BODY} Gallium rose on Friday, after four days of fine weather."))


def test_a_text_whose_language_is_not_known_passes_every_filter() -> None:
    told = article("Gallium", "", lang=None)
    assert told.language is None
    assert matches(Search(any=("gallium",), languages=("de",)), told)


def test_the_claim_shows_the_sentence_below_the_title_that_says_most() -> None:
    told = article("Gallium", "Metals are dear. Gallium from China is dear. China is far.")
    (claim,) = OpenTopics([topic(Search(all=(("gallium",), ("China",))))], GAZETTEER).claims(told)
    assert claim.evidence.sentence == "Gallium from China is dear."
    assert claim.evidence.position is Position.LEAD
    assert told.text[claim.evidence.offset :].startswith("Gallium from China")
    assert [(span.text, span.label) for span in claim.evidence.spans] == [("Gallium", "word"), ("China", "word")]
    for span in claim.evidence.spans:
        assert claim.evidence.sentence[span.start : span.end] == span.text


def test_the_claim_is_about_whom_the_article_names_first() -> None:
    told = article("Putin and Xi meet", "Vladimir Putin and Xi Jinping met in Beijing.")
    (claim,) = OpenTopics([topic(Search(names=("xi-jinping", "vladimir-putin")))], GAZETTEER).claims(told)
    assert (claim.stage, claim.subject, claim.object) == ("reported", "vladimir-putin", "")
    assert claim.evidence.bound_by == "name “Putin” (vladimir-putin) in the title, name “Xi” (xi-jinping) in the title"


LABELLED = [
    ("Opinion: why gallium matters", "opinion"),
    ("Why gallium matters | Opinion", "opinion"),
    ("【社説】ガリウムの行方", "opinion"),
    ("STORY WITHDRAWN: Gallium banned", "withdrawn"),
    ("In pictures: gallium", "gallery"),
    ("Analysis of gallium shows lead", ""),
    ("Gallium troops withdrawn from the front", ""),
    ("Analysis-based trade in gallium", ""),
    ("CORRECTED: Gallium banned", ""),
]


@pytest.mark.parametrize(("title", "label"), LABELLED)
def test_only_a_label_that_stands_apart_says_what_an_item_is(title: str, label: str) -> None:
    told = article(title, "", lang="ja" if "社説" in title else "en")
    (claim,) = OpenTopics([topic(Search(any=("gallium", "ガリウム")))], GAZETTEER).claims(told)
    assert claim.excluded == label


@pytest.mark.parametrize("kind", [ItemKind.OPINION, ItemKind.ROUNDUP])
def test_the_kind_of_an_item_counts_as_well(kind: ItemKind) -> None:
    (claim,) = OpenTopics([topic(Search(any=("gallium",)))], GAZETTEER).claims(article("Gallium", kind=kind))
    assert claim.excluded == kind.value


def test_topics_answer_in_the_order_of_the_configuration_each_for_itself() -> None:
    topics = [topic(Search(any=("gold",)), "a"), topic(Search(any=("gallium",)), "b"), topic(Search(any=("g*",)), "c")]
    found = OpenTopics(topics, GAZETTEER).read(article("Gallium and silver"))
    assert [each.topic for each in found] == ["b", "c"]


def test_a_topic_with_a_frame_is_no_open_one() -> None:
    framed = WatchTopic(id="f", name="F", frame="travel")
    assert OpenTopics([framed], GAZETTEER).read(article("Gallium")) == ()


SOME = OpenTopics(
    [
        topic(Search(any=("a*", "稀土")), "any"),
        topic(Search(all=(("e*", "가"), ("1",))), "all"),
        topic(Search(names=("kim-jong-un", "US"), none=("x",)), "names"),
    ],
    GAZETTEER,
)


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=200), st.text(max_size=600), st.sampled_from(["en", "ko", "ru", None]))
def test_any_text_is_read(title: str, text: str, lang: str | None) -> None:
    """Nothing raises, and every sentence that is shown stands where it is said to."""
    told = article(title, text, lang=lang)
    for claim in SOME.claims(told):
        source = told.title if claim.evidence.position is Position.TITLE else told.text
        end = claim.evidence.offset + len(claim.evidence.sentence)
        assert source[claim.evidence.offset : end] == claim.evidence.sentence
        for span in claim.evidence.spans:
            assert claim.evidence.sentence[span.start : span.end] == span.text
    assert [each.topic for each in SOME.explain(told)] == ["any", "all", "names"]
