"""Articles out of the text of whole pages."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.dump import read_dump
from connectors.text import clean
from tests.support.feeds import STORY

SEEDS = Path(__file__).resolve().parents[4] / "shared" / "eval" / "seeds"

BODY = "\n\n".join(STORY)
PAGE = f"""This site uses cookies, and by using this site you agree to our Privacy Policy.
Accept
The Wire
  • Home
  • World
  • Business
Reading: Leaders of both sides meet in the capital
The Wire > World > Leaders of both sides meet in the capital
World

Leaders of both sides meet in the capital

By A. Writer 3 Min Read
Share

Published on
28/08/2025 – 5:27 GMT+2

The two leaders shake hands before their talks in the palace on Tuesday evening in the capital
Leaders shake hands at the palace. Image: B. Photographer/The Wire/picture alliance

{STORY[0]}

{STORY[1]}

What they agreed on

{STORY[2]}

Why the border matters more than trade

12:34

This browser does not support the video element.

{STORY[3]}

Edited by: C. Editor

A. Writer has reported on both countries for the last twelve years from the capital of one of them.

You Might Also Like

Crypto lagged gold, stocks, but 2026 offers a chance

Seven notable buildings that came down in 2025

Previous Article Something else entirely
Leave a comment
Your email address will not be published. Required fields are marked *

Latest News

Stock gets a boost from a takeover
Business
Pipe bomb suspect in court
World

About Us

Welcome to the Wire, your source for the latest updates on world news, politics, sports and celebrities, every day.

  • About Us
  • Privacy Policy
© 2025 The Wire. All rights reserved."""


def test_a_whole_page() -> None:
    """The article's paragraphs and headings, and nothing else."""
    document = read_dump(PAGE)
    assert document.title == "Leaders of both sides meet in the capital"
    assert (document.author, document.published_raw) == ("A. Writer", "28/08/2025 – 5:27 GMT+2")
    assert document.text == "\n\n".join([*STORY[:2], "What they agreed on", *STORY[2:]])


def test_paragraphs_alone_come_back_as_they_are() -> None:
    """A text without furniture loses nothing, short sentences and final remarks included."""
    text = f"{BODY}\n\nHe agreed.\n\n(With inputs from agencies)"
    assert read_dump(text).text == text


def test_a_headline_above_its_text() -> None:
    """A title and a date above, nothing below."""
    document = read_dump(f"Leaders meet in the capital\nAugust 28, 2025\n\n{BODY}")
    assert (document.title, document.text) == ("Leaders meet in the capital", BODY)
    assert document.published_raw == "August 28, 2025"


def test_a_list_that_a_colon_announces_is_kept() -> None:
    """Who came is news, though each line is short; the menu after it is not."""
    guests = ["- Vladimir Putin, Russia", "- Kim Jong Un, North Korea", "- Robert Fico, Slovakia"]
    announced = "According to the ministry these are the leaders who will be there on Wednesday:"
    document = read_dump(
        "\n".join(["Who comes to the parade", *STORY, announced, *guests, "Read more", "Home", "World"])
    )
    assert document.text == "\n\n".join([*STORY, announced, *guests])


def test_a_standfirst_is_kept_and_captions_are_not() -> None:
    """What a picture shows is said twice, for eyes and for ears; neither is the news."""
    caption = (
        "A leader speaks at a ceremony on the 80th anniversary of the liberation, in the capital, on Aug. 14, 2025."
    )
    document = read_dump(
        f"Leaders meet in the capital\n\nThe talks on Tuesday were about trade.\n\n{caption}\n"
        f"{caption.replace(',', '')}\nBy A. Writer\n\nPublished : August 28, 2025 at 8:17 AM IST\n\n{BODY}"
    )
    assert document.text == f"The talks on Tuesday were about trade.\n\n{BODY}"
    assert document.published_raw == "August 28, 2025 at 8:17 AM IST"


def test_lines_that_were_broken_to_fit_are_joined() -> None:
    """An old-fashioned text file has paragraphs of several lines."""
    whole = [" ".join(STORY[:3]), " ".join(STORY[1:])]
    wrapped = "\n\n".join(textwrap.fill(each, 72) for each in whole)
    assert read_dump(f"Leaders meet\n\n{wrapped}").text == "\n\n".join(whole)


def test_a_flash_is_its_headline() -> None:
    """Nothing but short lines: the first is the title."""
    document = read_dump("KIM ARRIVES IN BEIJING\nMore soon")
    assert (document.title, document.text) == ("KIM ARRIVES IN BEIJING", "More soon")


def test_scripts_without_spaces() -> None:
    """Chinese running text is told from a list of headlines by its length and its full stops."""
    body = "朝鲜劳动党总书记、国务委员长金正恩2日乘专列抵达北京，出席中国人民抗日战争胜利80周年纪念活动。"
    document = read_dump(
        f"首页\n金正恩抵达北京出席纪念活动\n2025年9月2日 16:05\n{body}\n相关阅读\n普京抵达天津\n习近平会见多国领导人"
    )
    assert (document.title, document.text) == ("金正恩抵达北京出席纪念活动", body)
    assert document.published_raw == "2025年9月2日 16:05"


@given(st.text(max_size=600))
def test_any_text_is_read(text: str) -> None:
    """Nothing raises, and what comes out is clean."""
    document = read_dump(text)
    assert clean(document.text) == document.text
    assert "\n" not in document.title


@pytest.mark.skipif(not SEEDS.is_dir(), reason="needs the evaluation's five documents beside the repository")
@pytest.mark.parametrize(
    ("name", "title", "author", "published", "first", "last"),
    [
        (
            "dw-announcement.txt",
            "China says Putin, Kim Jong Un to attend military parade",
            "Richard Connor with dpa, Reuters",
            "August 28, 2025",
            "A military parade in Beijing to commemorate",
            'upcoming visit "unprecedented."',
        ),
        (
            "ap-story.txt",
            "North Korea's Kim Jong Un To Attend Beijing Military Parade, Putin Among 26 Leaders Invited",
            "AP (Associated Press)",
            "August 28, 2025 at 8:17 AM IST",
            "No leaders from the US or major",
            "while 1.2% was with Russia.",
        ),
        (
            "aggregator-page.txt",
            "Kim Jong-un and Putin to attend Chinese military parade in Beijing next week",
            "Viral Trending Content",
            "28/08/2025 – 5:27 GMT+2",
            "North Korean leader Kim Jong-un will make",
            "issues related to the Taiwan Strait.",
        ),
    ],
)
def test_real_pages(name: str, title: str, author: str, published: str, first: str, last: str) -> None:
    """Three pages as they were saved."""
    document = read_dump((SEEDS / name).read_text(encoding="utf-8"))
    assert (document.title, document.author, document.published_raw) == (title, author, published)
    assert document.text.startswith(first)
    assert document.text.endswith(last)
    for furniture in ("cookie", "Image:", "16:16", "Islamic State", "Crypto", "speaks during a ceremony", "Edited by"):
        assert furniture not in document.text
