"""Dead letters are kept once each, byte for byte, and remember that they were replayed."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import Engine

from monitor.storage import deadletters
from monitor.storage.engine import transaction
from monitor.types import DeadLetter
from tests.support.archive_samples import at

LETTER = DeadLetter(
    topic="watchdesk.raw",
    partition=3,
    offset=42,
    key=b"tass\xff",
    value=b'{"title": "\x00"}',
    error="DecodeError",
    reason="title holds \0 and \ud800",
    at=at(0),
    attempts=1,
    version="0.1.0",
    trace="codec.py:10 decode",
)


def test_a_letter_is_stored_once(archive: Engine) -> None:
    """The same place on the bus is the same letter; others are others."""
    others = [replace(LETTER, offset=43, value=None, at=at(1)), replace(LETTER, topic="other", at=at(2))]
    with transaction(archive) as connection:
        assert deadletters.add(connection, [LETTER, LETTER]) == 1
        assert deadletters.add(connection, [LETTER, *others]) == 2
        found = deadletters.list_letters(connection)
    assert [each.letter.id for each in found] == ["other/3/42", "watchdesk.raw/3/43", "watchdesk.raw/3/42"]


def test_a_letter_comes_back_as_it_was(archive: Engine) -> None:
    """Key and value byte for byte; words that Postgres cannot hold are mended."""
    with transaction(archive) as connection:
        deadletters.add(connection, [LETTER])
        found = deadletters.show(connection, LETTER.id)
    assert found is not None
    assert found.letter == replace(LETTER, reason="title holds \ufffd and ?")
    assert (found.replays, found.replayed_at) == (0, None)


def test_replays_are_remembered(archive: Engine) -> None:
    """How often and when; lists can be kept to what is still to be done, or to one class of error."""
    later = replace(LETTER, offset=43, error="StorageError", at=at(1))
    with transaction(archive) as connection:
        deadletters.add(connection, [LETTER, later])
        deadletters.mark_replayed(connection, [LETTER], at(5))
        deadletters.mark_replayed(connection, [LETTER], at(6))
        todo = deadletters.list_letters(connection, replayed=False)
        done = deadletters.list_letters(connection, replayed=True)
        decode = deadletters.list_letters(connection, error="DecodeError")
    assert [each.letter for each in todo] == [replace(later, reason="title holds \ufffd and ?")]
    assert [(each.letter.offset, each.replays, each.replayed_at) for each in done] == [(42, 2, at(6))]
    assert decode == done


def test_a_letter_that_is_not_there(archive: Engine) -> None:
    """No such place, or no name of a place at all."""
    with transaction(archive) as connection:
        assert deadletters.show(connection, "watchdesk.raw/0/0") is None
        assert deadletters.show(connection, "nonsense") is None
        assert deadletters.show(connection, "a/b/c") is None
