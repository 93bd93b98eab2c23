"""The story matcher: which texts tell the same event."""

from __future__ import annotations

from datetime import date

import pytest

from monitor.stories import THRESHOLD, Telling, likely, nearest, tell
from monitor.stories.likeness import Field, Likeness, compare
from monitor.stories.telling import number

FIRE = tell(
    "Fire destroys historic mill in Ghent",
    "A fire destroyed the Gravensteen mill in Ghent on Friday, police said.",
    "en",
)
QUAKE = tell(
    "Quake of 6.1 shakes Aceh",
    "An earthquake of magnitude 6.1 struck Indonesia's Aceh province on Tuesday, killing 12 people, officials said.",
    "en",
)
STRIKE = tell(
    "Rail strike halts trains across Portugal",
    "Train drivers in Portugal walked out on Monday in a dispute over pay, and most services were cancelled.",
    "en",
)
PARAPHRASES = {
    "en": (
        (
            "Twelve killed as 6.1 quake hits Aceh",
            "A 6.1 magnitude earthquake hit Aceh province in Indonesia on Tuesday.",
        ),
        (
            "Earthquake in Aceh kills 12",
            "At least 12 people died when a quake of magnitude 6.1 struck Aceh on Tuesday.",
        ),
        ("Lisbon elects a new mayor", "Voters in Lisbon chose a former judge as their mayor on Sunday."),
    ),
    "de": (
        ("Brand zerstört Mühle in Gent", "Ein Brand hat am Freitag die historische Mühle in Gent zerstört."),
        (
            "Historische Mühle in Gent abgebrannt",
            "In Gent ist am Freitag eine historische Mühle durch einen Brand zerstört worden.",
        ),
        ("Lissabon wählt neuen Bürgermeister", "Die Wähler in Lissabon haben am Sonntag einen Richter gewählt."),
    ),
    "fr": (
        ("Un incendie détruit un moulin à Gand", "Un incendie a détruit vendredi le moulin historique de Gand."),
        ("Gand : le moulin historique détruit", "Le moulin historique de Gand a été détruit vendredi par un incendie."),
        ("Lisbonne élit un nouveau maire", "Les électeurs de Lisbonne ont choisi dimanche un ancien juge."),
    ),
    "es": (
        ("Un incendio destruye un molino en Gante", "Un incendio destruyó el viernes el molino histórico de Gante."),
        ("Gante pierde su molino histórico", "El molino histórico de Gante fue destruido el viernes por un incendio."),
        ("Lisboa elige a un nuevo alcalde", "Los votantes de Lisboa eligieron el domingo a un antiguo juez."),
    ),
    "ru": (
        ("Пожар уничтожил мельницу в Генте", "В пятницу пожар уничтожил старинную мельницу в Генте."),
        ("Старинная мельница сгорела в Генте", "Старинная мельница в Генте уничтожена пожаром в пятницу."),
        ("Лиссабон выбрал нового мэра", "Жители Лиссабона в воскресенье выбрали мэром бывшего судью."),
    ),
    "ko": (
        ("벨기에 겐트 풍차 화재로 전소", "벨기에 겐트의 역사적인 풍차가 금요일 화재로 전소됐다."),
        ("겐트의 역사적인 풍차, 화재로 사라져", "금요일 벨기에 겐트에서 화재가 나 풍차가 전소됐다고 경찰이 밝혔다."),
        ("리스본 새 시장 선출", "리스본 유권자들이 일요일 전직 판사를 시장으로 뽑았다."),
    ),
    "zh": (
        ("比利时根特古老磨坊毁于大火", "比利时根特一座古老磨坊星期五毁于大火。"),
        ("大火烧毁根特古老磨坊", "星期五一场大火烧毁了比利时根特的一座古老磨坊。"),
        ("里斯本选出新市长", "里斯本选民星期日选出一名前法官担任市长。"),
    ),
    "ja": (
        ("ベルギー・ゲントの歴史的風車が全焼", "ベルギーのゲントで金曜日、歴史的な風車が火事で全焼した。"),
        ("ゲントの風車、火事で全焼", "金曜日にベルギーのゲントで火事があり、歴史的な風車が全焼した。"),
        ("リスボン新市長を選出", "リスボンの有権者は日曜日、元判事を市長に選んだ。"),
    ),
}


@pytest.mark.parametrize("language", PARAPHRASES)
def test_a_paraphrase_is_of_its_story_and_other_news_is_not(language: str) -> None:
    """In each language, before the topic has told enough to know its common words."""
    first, again, other = (tell(title, text, language) for title, text in PARAPHRASES[language])
    known = [STRIKE, first]

    match, stranger = nearest(again, known), nearest(other, known)

    assert match is not None
    assert match.index == 1
    assert match.same
    assert stranger is None or not stranger.same


def test_another_event_of_the_same_kind_is_new() -> None:
    """Another quake: other place, other day, other figures."""
    other = tell(
        "5.8 quake rattles Crete", "A 5.8 magnitude earthquake struck off Crete on Saturday; nobody was hurt.", "en"
    )

    match = nearest(other, [FIRE, QUAKE, STRIKE])

    assert match is not None
    assert match.index == 1
    assert not match.same
    assert "another day of the week" in match.why


def test_another_day_of_the_week_speaks_against_one_event() -> None:
    """The same words on another day are less alike."""
    monday, thursday = (
        tell("Jobless claims fall again", f"Claims for benefits fell on {day}, the labor office said.", "en")
        for day in ("Monday", "Thursday")
    )

    same, other = nearest(monday, [monday]), nearest(thursday, [monday])

    assert same is not None
    assert other is not None
    assert other.score < same.score


def test_a_story_is_as_alike_as_its_tellings_in_the_mean() -> None:
    """A report that strayed into a story does not carry it along."""
    again = tell(
        "Earthquake in Aceh kills 12", "A magnitude 6.1 quake killed 12 people in Indonesia's Aceh on Tuesday.", "en"
    )
    known = [QUAKE, FIRE, again, STRIKE]

    alone = nearest(again, known[:2], ["quake", "fire"])
    mixed = nearest(again, known[:2], ["one", "one"])
    whole = nearest(again, [QUAKE, again, FIRE], ["quake", "quake", "fire"])

    assert alone is not None
    assert mixed is not None
    assert whole is not None
    assert mixed.index == 0
    assert mixed.score < alone.score < whole.score


def test_of_many_those_with_the_most_rare_words_in_common_are_likely() -> None:
    """In their order; all of them where they are few enough."""
    again = tell("Earthquake in Aceh kills 12", "", "en")
    common = [tell(f"Earthquake drill in town {'xyzuv'[n] * 4}", "", "en") for n in range(5)]
    known = [*common[:3], QUAKE, *common[3:], FIRE]

    assert 3 in likely(again, known, 1)
    assert list(likely(again, known, 3)) == [0, 1, 3]
    assert list(likely(again, known, 7)) == list(range(7))


def test_nothing_in_common_is_no_match() -> None:
    """Two texts without a common word, or with no word at all, are not compared."""
    assert nearest(tell("Сессия открылась", "Депутаты собрались.", "ru"), [FIRE, QUAKE]) is None
    assert nearest(tell("", "", None), [FIRE, QUAKE]) is None
    assert nearest(FIRE, [Telling()]) is None
    assert nearest(FIRE, []) is None
    assert tell("", " \n ", "xx").empty


def test_the_same_text_is_the_same_event_and_why_names_what_it_shares() -> None:
    """What people read: words, figures, day."""
    match = nearest(QUAKE, [STRIKE, FIRE, QUAKE])

    assert match is not None
    assert match.index == 2
    assert match.score > 0.9 > THRESHOLD
    assert "aceh" in match.why
    assert "6.1" in match.why
    assert "the same day of the week" in match.why


def test_a_flash_and_a_text_without_title_are_compared_by_what_they_have() -> None:
    """A missing lead or title counts for nothing, neither for nor against."""
    flash = tell("Quake of 6.1 shakes Aceh, killing 12", "", "en")
    untitled = tell("", "An earthquake of magnitude 6.1 struck Indonesia's Aceh province, killing 12 people.", "en")
    field = Field([QUAKE, STRIKE, flash])

    likeness = compare(field.weigh(flash), field.weigh(QUAKE))

    assert likeness.lead == likeness.whole
    assert untitled.title
    for told in (flash, untitled):
        match = nearest(told, [FIRE, STRIKE, QUAKE])
        assert match is not None
        assert match.index == 2
        assert match.same


def test_a_telling_is_like_itself_in_every_way() -> None:
    """The cosines of what is the same are 1."""
    weighed = Field([QUAKE, FIRE]).weigh(QUAKE)

    likeness = compare(weighed, weighed)

    for figure in (likeness.whole, likeness.title, likeness.lead, likeness.pairs, likeness.numbers, likeness.same_day):
        assert figure == pytest.approx(1.0)
    assert isinstance(likeness, Likeness)
    assert likeness.other_day == 0


def test_dates_near_the_own_day_count_as_days_of_the_week() -> None:
    """3 September 2025 was a Wednesday; a date of another year is no day of the news."""
    day = date(2025, 9, 4)

    assert tell("", "Parade on 3 September in Beijing", "en", day).days == {2}
    assert tell("9月3日北京阅兵", "", "zh", day).days == {2}
    assert tell("", "The fire of 3 September 2019 was remembered", "en", day).days == frozenset()
    assert tell("", "Parade on 3 September in Beijing", "en").days == frozenset()
    assert tell("", "В среду и в пятницу", "ru").days == {2, 4}


def test_what_the_archive_keeps_is_what_was_told() -> None:
    """JSON and back."""
    assert Telling.from_json(QUAKE.to_json()) == QUAKE
    assert Telling.from_json("{}").empty


@pytest.mark.parametrize(
    ("written", "grouping", "read"),
    [
        ("6,1", ".", "6.1"),
        ("6.1", ",", "6.1"),
        ("6.1", ".", "6.1"),  # as in Mexico
        ("61", ".", "61"),
        ("1.200", ".", "1200"),
        ("1,200", ",", "1200"),
        ("1,200", ".", "1.200"),
        ("1.200", ",", "1.200"),
        ("0.125", ".", "0.125"),
        ("1.234.567", ".", "1234567"),
        ("1.234.567,8", ".", "1234567.8"),
        ("1,234.5", ",", "1234.5"),
        ("3.9.2025", ".", "3.9.2025"),
        ("10,12,13", ",", "10,12,13"),
    ],
)
def test_a_number_is_the_same_in_every_language(written: str, grouping: str, read: str) -> None:
    """Decimals and thousands as the language sets them apart."""
    assert number(written, grouping) == read


def test_figures_of_two_languages_are_compared_as_figures() -> None:
    """A decimal comma is no comma between thousands, and 61 is not 6,1."""
    assert "6.1" in tell("Erdbeben der Stärke 6,1", "", "de").title
    assert "6.1" in tell("Séisme de magnitude 6,1", "", "fr").title
    assert tell("Землетрясение магнитудой 6,1, 12 000 человек", "", "ru").title[-2:] == ("12000", "человек")
    assert "12000" in tell("Quake: 12,000 flee", "", "en").title
    german = tell("Beben der Stärke 6,1 vor Aceh", "", "de")
    match = nearest(german, [tell("Beben der Stärke 61 vor Aceh", "", "de")])
    assert match is not None
    assert "figures" not in match.why
