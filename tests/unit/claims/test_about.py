"""What a text is about, where it claims nothing: title and lead speak of it, or only a clause further down."""

from __future__ import annotations

import pytest

from monitor.claims import extract
from monitor.language import gazetteer
from monitor.normalize import normalize
from monitor.types import WatchTopic
from tests.unit.claims.reading import item

NAMES = gazetteer.load()
TRIPS = WatchTopic(id="trips", name="Trips", frame="travel", subjects=("narendra-modi",))
TALKS = WatchTopic(id="talks", name="Talks", frame="talks", pair=("vladimir-putin", "narendra-modi"))
ANYBODY = WatchTopic(id="anybody", name="Trips", frame="travel")
PARADES = WatchTopic(id="parades", name="Parades", frame="attendance", objects=("moscow-2025-05-09",))
FILLER = "Markets in Asia were calm. Analysts expect little movement before the end of the week. " * 2


def about(title: str, text: str, topic: WatchTopic, day: str = "2024-07-09") -> tuple[tuple[str, ...], int]:
    """The topics that the text is relevant to, and how many claims it makes that count."""
    reading = extract(normalize(item(title, text, day=day)), [topic], NAMES)
    return reading.relevant, sum(not claim.excluded for claim in reading.claims)


@pytest.mark.parametrize(
    ("title", "text", "topic"),
    [
        ("What Putin and Modi said over tea", "The talks of Vladimir Putin and Narendra Modi were friendly.", TALKS),
        ("Modi shortens his visit to Russia", "Narendra Modi will not see Kazan during his visit to Russia.", TRIPS),
        ("Modi shortens his visit to Russia", "Narendra Modi will not see Kazan during his visit to Russia.", ANYBODY),
    ],
)
def test_title_and_lead_say_what_a_text_is_about(title: str, text: str, topic: WatchTopic) -> None:
    assert about(title, text, topic)[0] == (topic.id,)


@pytest.mark.parametrize(
    ("title", "text", "topic"),
    [
        ("Oil prices fall", f"{FILLER}\n\nVladimir Putin and Narendra Modi held talks in 2019.", TALKS),
        ("Xi hosts Putin, Modi", "Xi Jinping welcomed Vladimir Putin and Narendra Modi on Sunday.", TALKS),
        ("Modi opens a railway in Kerala", "Narendra Modi travelled to Kerala on Tuesday.", TRIPS),
        ("Modi to see parade in Paris", "Narendra Modi will watch the military parade in Paris.", PARADES),
    ],
)
def test_background_other_company_and_other_places_are_something_else(title: str, text: str, topic: WatchTopic) -> None:
    assert about(title, text, topic) == ((), 0)
