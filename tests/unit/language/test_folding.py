"""Folding changes letters and never moves them."""

from __future__ import annotations

from hypothesis import example, given, settings
from hypothesis import strategies as st

from monitor.language.folding import fold, is_hangul, is_wide, lower, strip_accents


@settings(deadline=None)
@given(st.text())
@example("İSTANBUL")
@example("ﬀ ẞ ŉ ǰ")
def test_offsets_into_a_folded_text_hold_in_the_original(text: str) -> None:
    assert len(fold(text)) == len(lower(text)) == len(text)
    assert fold(fold(text)) == fold(text)


@settings(deadline=None)
@given(st.text() | st.text("a’“”„«»‐\u00a0\u3000ёЁ・·０９ＡＺａｚ，я", min_size=8))
def test_a_text_is_folded_as_its_letters_are(text: str) -> None:
    assert fold(text) == "".join(fold(character) for character in text)


def test_quotes_spaces_dots_and_full_width_letters_become_plain() -> None:
    assert fold("“Kim’s”\u00a0visit‑day　９月３日 ＴＡＳＳ") == '"Kim\'s" visit-day 9月3日 TASS'
    assert fold("キム・ジョンウン") == "キム ジョンウン"
    assert fold("弗拉基米尔·普京") == "弗拉基米尔 普京"


def test_full_width_commas_stay_since_they_part_clauses() -> None:
    assert fold("他来了，我走了。") == "他来了，我走了。"


def test_lower_case_keeps_the_length() -> None:
    assert lower("İSTANBUL") == "İstanbul"
    assert lower("ПУТИН") == "путин"


def test_accents_are_stripped() -> None:
    assert strip_accents("Kim Jŏng-ŭn, Vučić, Erdoğan") == "Kim Jong-un, Vucic, Erdogan"


def test_scripts_are_told_apart() -> None:
    assert [is_wide(c) for c in "金キa김я"] == [True, True, False, False, False]
    assert [is_hangul(c) for c in "金キa김я"] == [False, False, False, True, False]
