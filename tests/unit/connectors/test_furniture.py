"""Lines around and within an article: what leads away from it, and what only looks like that."""

from __future__ import annotations

import pytest

from connectors.furniture import is_beside


@pytest.mark.parametrize(
    "line",
    [
        "Related: Kim's train crosses the border",
        "READ MORE: What the parade showed",
        "[Related post: An earlier visit]",
        "Most read in world news",
        "The Morning Newsletter",
        "Sign up for our newsletter and never miss a story.",
        "Get the day's top headlines delivered to your inbox every morning.",
        "Follow @desk on Twitter for more.",
        "Email the reporter at desk@wire.example or follow him @desk. Follow us on Twitter @wire and on Facebook.",
        "You may also like...",
        "twitter.com/desk",
    ],
)
def test_what_leads_away_is_told(line: str) -> None:
    """Other stories, newsletters, accounts."""
    assert is_beside(line)


@pytest.mark.parametrize(
    "line",
    [
        "The minister sent greetings to Kim, the newsletter NK News reported.",
        "People who follow him on Twitter said that Kim had arrived in Beijing.",
        "Kim will get a welcome that few leaders get, two officials said, and sign up to a joint statement.",
        "The two sides are related: one supplies what the other needs.",
        "Read more than once, the statement says little about the summit.",
        "Trump said on Facebook that he would like to meet him on Thursday.",
        "He commented on the talks, and shared a photograph on his Instagram account.",
    ],
)
def test_news_stays(line: str) -> None:
    """Sentences of an article that have the same words."""
    assert not is_beside(line)
