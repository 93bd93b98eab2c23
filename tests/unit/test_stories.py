"""The story matcher: which texts tell the same event."""

from __future__ import annotations

import pytest

from monitor.stories import Telling, nearest, tell

FIRE = tell("Fire destroys historic mill in Ghent", "A fire destroyed the Gravensteen mill in Ghent on Friday.", "en")
QUAKE = tell("Quake of 6.1 shakes Aceh", "An earthquake of magnitude 6.1 struck Indonesia's Aceh, killing 12.", "en")


def test_a_paraphrase_is_nearest_to_its_event() -> None:
    """Other words, the same names and figures."""
    told = tell("Twelve dead as 6.1 tremor hits Aceh", "A magnitude 6.1 earthquake hit Aceh in Indonesia.", "en")

    match = nearest(told, [FIRE, QUAKE])

    assert match is not None
    assert match.index == 1
    assert match.same
    assert "aceh" in match.why


def test_nothing_in_common_is_no_match() -> None:
    """Two texts without a common word, or with no word at all, are not compared."""
    assert nearest(tell("Сессия открылась", "Депутаты собрались.", "ru"), [FIRE, QUAKE]) is None
    assert nearest(tell("", "", None), [FIRE, QUAKE]) is None
    assert nearest(FIRE, []) is None


@pytest.mark.parametrize(
    ("language", "title"),
    [("zh", "神舟二十一号载人飞船发射成功"), ("ja", "首相、来週インドを訪問へ"), ("ko", "한미 정상 통화 30분 진행")],
)
def test_scripts_of_the_east_are_compared(language: str, title: str) -> None:
    """A headline is like itself and like none in another script."""
    told = tell(title, "", language)

    match = nearest(told, [FIRE, told])

    assert match is not None
    assert match.index == 1
    assert match.score == pytest.approx(1.0)


def test_what_the_archive_keeps_is_what_was_told() -> None:
    """JSON and back."""
    assert Telling.from_json(QUAKE.to_json()) == QUAKE
    assert Telling.from_json("{}").empty
