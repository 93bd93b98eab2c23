"""Live blogs that were saved as text."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.entries import BlogEntry, found_in, is_heading, split_text, told_apart

SEED = Path(__file__).resolve().parents[4] / "shared" / "eval" / "seeds" / "dw-liveblog.txt"

BLOG = """The day of the parade, live
Published September 3, 2025last updated September 3, 2025What you need to know
- Leaders of two dozen countries are in the capital
- The parade has ended
This blog is closed. Below is what happened:
Leader leaves for home
He left in the evening, state media said.
"See you soon," he said at the station.
Is this the end of the talks?
Nobody knows, the ministry said on Wednesday.
Critic speaks of an 'autocratic alliance'
A flash without a text
Leader arrives
He arrived in the morning."""


def test_headings_and_what_stands_below_them() -> None:
    """Title, lead, dates and entries, without a blank line to help."""
    blog = split_text(BLOG)
    assert blog.title == "The day of the parade, live"
    assert (blog.published_raw, blog.updated_raw) == ("September 3, 2025", "September 3, 2025")
    assert blog.lead.startswith("Leaders of two dozen countries")
    assert blog.lead.endswith("Below is what happened:")
    assert [(each.title, each.text) for each in blog.entries] == [
        (
            "Leader leaves for home",
            'He left in the evening, state media said.\n\n"See you soon," he said at the station.',
        ),
        ("Is this the end of the talks?", "Nobody knows, the ministry said on Wednesday."),
        ("Critic speaks of an 'autocratic alliance'", ""),
        ("A flash without a text", ""),
        ("Leader arrives", "He arrived in the morning."),
    ]


def test_entries_are_handed_on_from_the_oldest() -> None:
    """With the blog's day, as it was last changed on its first; keys do not depend on the place."""
    found = found_in(split_text(BLOG), url=None, prefix="blog.txt#")
    assert [each.title for each in found][:2] == ["Leader arrives", "A flash without a text"]
    assert {each.published_raw for each in found} == {"September 3, 2025"}
    assert all(each.key.startswith("blog.txt#entry:") for each in found)


def test_a_blog_over_several_days_gives_its_entries_no_date() -> None:
    """Which of the days it was is not known."""
    blog = split_text(BLOG.replace("updated September 3", "updated September 4"))
    assert {each.published_raw for each in found_in(blog, url=None)} == {None}


def test_times_of_day_begin_entries() -> None:
    """With a heading below or without; the blog's day is put before them."""
    blog = split_text(
        "Live from the capital\nPublished September 3, 2025, updated September 3, 2025\n"
        "10:15 GMT\nLeader leaves\nHe left.\n09:05 GMT\nHe was seen at the station, a reporter says."
    )
    assert [(each.title, each.published_raw) for each in blog.entries] == [
        ("Leader leaves", "10:15 GMT"),
        ("", "09:05 GMT"),
    ]
    assert [each.published_raw for each in found_in(blog, url=None)] == [
        "September 3, 2025 09:05 GMT",
        "September 3, 2025 10:15 GMT",
    ]


def test_an_edited_entry_keeps_its_key() -> None:
    """Its heading names it."""
    before, after = split_text(BLOG), split_text(BLOG.replace("He arrived in the morning", "He arrived at noon"))
    assert [each.key for each in before.entries] == [each.key for each in after.entries]


def test_entries_with_one_heading_are_told_apart() -> None:
    """By their text; exact doubles are one."""
    twice = [BlogEntry(key="k", title="H", text=text) for text in ("a", "b", "a")]
    assert len({each.key for each in told_apart(twice)}) == 2


@pytest.mark.parametrize(
    "line",
    [
        "A sentence that ends.",
        "He said: 'No.'",
        "- a bullet",
        "10:15",
        "August 28, 2025",
        "Word",
        "x " * 100,
        "Listed below:",
    ],
)
def test_what_is_no_heading(line: str) -> None:
    """Sentences, bullets, times, dates, single words, long lines."""
    assert not is_heading(line)


@given(st.text(max_size=500))
def test_any_text_is_split_without_loss_of_keys(text: str) -> None:
    """Nothing raises, and no two entries have one key."""
    keys = [each.key for each in split_text(text).entries]
    assert len(keys) == len(set(keys))


@pytest.mark.skipif(not SEED.is_file(), reason="needs the evaluation's five documents beside the repository")
def test_a_real_live_blog() -> None:
    """A day of a broadcaster's."""
    blog = split_text(SEED.read_text(encoding="utf-8"))
    titles = [each.title for each in blog.entries]
    assert len(titles) == 15
    assert {
        "Putin invites Kim Jong Un to visit Russia",
        "Kim Jong Un and Vladimir Putin are meeting in Beijing",
        "Taiwanese president criticizes 'strongman leaders'",
        "EU's Kallas: Leaders in Beijing represent 'autocratic alliance'",
    } <= set(titles)
    by_title = {each.title: each.text for each in blog.entries}
    assert by_title["Putin invites Kim Jong Un to visit Russia"].count("\n\n") == 3
    assert by_title["China, Russia, North Korea stress close ties"] == ""
