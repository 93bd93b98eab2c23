"""Who denies: the verb of denying is the only one of saying in such a sentence."""

from __future__ import annotations

import pytest

from monitor.types import Standing, WatchTopic
from tests.unit.claims.reading import claims_of, item

TRIPS = WatchTopic(id="trips", name="Trips", frame="travel", subjects=("narendra-modi",))


@pytest.mark.parametrize(
    ("lang", "text", "speaker"),
    [
        ("en", "India's foreign ministry denied that Narendra Modi had arrived in Kyiv.", "India's foreign ministry"),
        ("en", "India denies Modi's visit to Ukraine", "India"),
        ("ru", "МИД Индии опроверг сообщения о визите Моди на Украину.", "МИД Индии"),
        ("ko", "인도 외교부는 모디 총리의 우크라이나 방문을 부인했다.", "인도 외교부"),
        ("zh", "印度外交部否认莫迪将访问乌克兰。", "印度外交部"),
        (
            "de",
            "Das indische Außenministerium dementierte, dass Modi in die Ukraine reist.",
            "Das indische Außenministerium",
        ),
    ],
)
def test_a_party_that_denies_is_the_speaker(lang: str, text: str, speaker: str) -> None:
    claim, *_ = claims_of(item("", text, day="2024-08-19", lang=lang), TRIPS)
    assert (claim.stage, claim.attribution.standing) == ("denied", Standing.PARTY)
    assert claim.attribution.speaker == speaker


def test_a_third_party_that_denies_is_an_official() -> None:
    text = "The Kremlin denied that Narendra Modi had arrived in Kyiv."
    claim, *_ = claims_of(item("", text, day="2024-08-19"), TRIPS)
    assert (claim.stage, claim.attribution.standing) == ("denied", Standing.OFFICIAL)


def test_the_stage_that_is_denied_is_kept() -> None:
    text = "Narendra Modi has not arrived in Kyiv, the foreign ministry in New Delhi said."
    (claim,) = claims_of(item("", text, day="2024-08-19"), TRIPS)
    assert (claim.stage, claim.detail) == ("denied", "arrived")
