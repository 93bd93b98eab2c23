"""docs/archive.md says what the archive is: each table, view and column, and questions that can be asked as written."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine

from monitor.storage.engine import transaction
from tests.support import archive_story
from tests.support.archive_docs import MARK, PAGE, reference
from tests.support.archive_samples import EPISODE, at

ANNOUNCED = f"{EPISODE}/announced/kim-jong-un/-/1"


def questions() -> dict[str, str]:
    """The queries of the page under their headings."""
    part = PAGE.read_text(encoding="utf-8").partition("\n## Ten questions\n")[2].partition("\n## ")[0]
    found = re.findall(r"^### (.+?)$.*?```sql\n(.+?)```", part, re.MULTILINE | re.DOTALL)
    return dict(found)


def minutes(count: float) -> timedelta:
    """So many minutes."""
    return timedelta(minutes=count)


# What each question of the page is answered on the story of tests/support/archive_story.py.
ANSWERS: dict[str, list[tuple[Any, ...]]] = {
    "What happened on a topic, in order?": [
        (at(0), "announced", "RU", "Yonhap", 3, 2, "sent", "Kim Jong Un is announced in Moscow."),
        (at(60), "departed", "RU", "TASS", 1, 1, "sent", "Kim Jong Un is departed in Moscow."),
        (at(600), "arrived", "RU", "Yonhap", 1, 1, "pending", "Kim Jong Un is arrived in Moscow."),
    ],
    "What did we know at a given moment?": [("kim-jong-un", "departed", "RU", at(60))],
    "Who told a development, and how long after the first?": [
        ("Yonhap", "agency", "en", minutes(0), True, "Kim to visit Moscow"),
        ("TASS", "agency", "ru", minutes(4), True, "Ким посетит Москву"),
        ("Daily Global", "aggregator", "en", minutes(20), False, "Kim going to Moscow"),
    ],
    "Which outlets are first, and how late are they when they are not?": [
        ("Yonhap", 2, 2, None),
        ("TASS", 1, 2, minutes(4)),
        ("Daily Global", 0, 1, minutes(20)),
    ],
    "How long did the desk wait?": [("kim-travel", 2, timedelta(seconds=16.5), timedelta(seconds=30))],
    "Why was nothing said about this?": [
        (at(70), "Daily Global", "Kim's journeys", "arrived", "background", "tells what is past", ANNOUNCED)
    ],
    "How much was held back, and why?": [
        (at(-480), "kim-travel", "new", 3),
        (at(-480), "kim-travel", "corroborates", 2),
        (at(-480), "kim-travel", "background", 1),
    ],
    "What did an article say before it was edited?": [
        ("Yonhap", 1, at(0), "Kim to visit Moscow", "Kim Jong Un will visit Moscow, the Kremlin said."),
        (
            "Yonhap",
            2,
            at(90),
            "Kim to visit Moscow on 9 May",
            "Kim Jong Un will visit Moscow on 9 May, the Kremlin said.",
        ),
    ],
    "Which articles speak of it, in any language?": [
        ("TASS", "ru", "Ким выехал", at(60)),
        ("Yonhap", "ko", "김정은 열차", at(80)),
        ("Yonhap", "en", "Kim arrives in Moscow", at(600)),
    ],
    "Which sources are in trouble?": [("Daily Global", 3, 2, at(0)), ("TASS", 2, 0, at(1)), ("Yonhap", 0, 0, None)],
}


def test_the_reference_is_that_of_the_database(archive: Engine) -> None:
    """Every table, view and column with its comment, and none besides."""
    with transaction(archive) as connection:
        written = PAGE.read_text(encoding="utf-8").partition(MARK)[2]
        assert written == reference(connection), "run: python -m tests.support.archive_docs"


def test_there_are_ten_questions() -> None:
    """And each has an answer below."""
    assert list(questions()) == list(ANSWERS)
    assert len(ANSWERS) == 10


@pytest.mark.parametrize("heading", list(ANSWERS))
def test_a_question_is_answered(archive: Engine, heading: str) -> None:
    """The query as the page has it, asked by an analyst."""
    with transaction(archive) as connection:
        archive_story.tell(connection)
        connection.execute(sa.text("SET LOCAL ROLE watchdesk_analyst"))
        rows = connection.exec_driver_sql(questions()[heading].replace("%", "%%")).all()
    found = [tuple(row) for row in rows]
    width = len(ANSWERS[heading][0])
    assert [row[:width] for row in found] == ANSWERS[heading]
