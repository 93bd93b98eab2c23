"""Who is told of what: sources in trouble, and that nothing comes at all."""

from __future__ import annotations

from datetime import datetime, timedelta

from connectors.operations import DOWN_AFTER, DOWN_SOURCES, Ingestion, digest
from monitor.sourcememory import Pulse
from monitor.types import Source, SourceKind, SourceState
from tests.support.sources import NOW, source

SOURCES = {
    name: source("https://wire.example/f", id=name, name=name if name == "ap" else name.upper())
    for name in ("ap", "dpa", "tass")
}


def state(name: str, health: str, *, failures: int = 0, why: str = "", since: datetime = NOW) -> SourceState:
    return SourceState(source_id=name, failures=failures, pulse=Pulse(health=health, why=why, since=since))


def test_one_digest_tells_all_that_has_changed() -> None:
    """Trouble first; what is well again after it; nothing of those that were told already or are just quiet."""
    states = [
        state("ap", "ok"),
        state("dpa", "silent", why="nothing new for 9 h"),
        state("tass", "quiet"),
    ]
    found = digest(SOURCES, states, {"ap": "failing"}, NOW)
    assert found is not None
    assert found.bulletin.headline == "1 source in trouble, 1 source well again"
    assert found.bulletin.lines == ("dpa (DPA): silent: nothing new for 9 h", "ap: ok")
    assert found.told == {"ap": "", "dpa": "silent"}
    assert digest(SOURCES, states, found.told, NOW) is None


def test_a_failure_is_told_when_it_is_the_second() -> None:
    """Single ones pass; and that one has passed of which nobody heard is no news."""
    once = state("ap", "failing", failures=1)
    assert digest(SOURCES, [once], {}, NOW) is None
    assert digest(SOURCES, [state("ap", "ok")], {}, NOW) is None
    assert digest(SOURCES, [state("ap", "failing", failures=2)], {}, NOW) is not None
    assert digest(SOURCES, [once], {"ap": "silent"}, NOW) is None


def test_the_same_trouble_has_the_same_key_and_a_new_one_another() -> None:
    """So the outbox can tell that it was said before a crash."""
    one, again = (digest(SOURCES, [state("ap", "silent")], {}, NOW + timedelta(hours=n)) for n in range(2))
    other = digest(SOURCES, [state("ap", "silent", since=NOW + timedelta(days=9))], {}, NOW)
    assert one is not None
    assert again is not None
    assert other is not None
    assert one.bulletin.key == again.bulletin.key != other.bulletin.key


def stopped(count: int = DOWN_SOURCES, *, since: datetime = NOW) -> tuple[Ingestion, list[Source]]:
    """Ingestion in which so many sources' turn has come since the last success."""
    ingestion = Ingestion(last_success=NOW)
    due = [source("https://wire.example/f", id=f"s{number}") for number in range(count)]
    for each in due:
        ingestion.begun(each, since)
    return ingestion, due


def test_fifteen_minutes_without_a_success_are_told_once() -> None:
    """With five sources due; and the end of it, too."""
    ingestion, due = stopped()
    assert ingestion.bulletin(NOW + DOWN_AFTER - timedelta(seconds=1)) is None
    down = ingestion.bulletin(NOW + DOWN_AFTER)
    assert down is not None
    assert (down.headline, down.vital) == ("Ingestion is down", True)
    assert ingestion.bulletin(NOW + 2 * DOWN_AFTER) is None
    ingestion.succeeded(due[0], NOW + 3 * DOWN_AFTER)
    over = ingestion.bulletin(NOW + 3 * DOWN_AFTER)
    assert over is not None
    assert (over.headline, over.after) == ("Ingestion works again", down.key)
    assert ingestion.bulletin(NOW + 3 * DOWN_AFTER) is None


def test_four_sources_are_too_few_and_folders_do_not_count() -> None:
    """A desk with few sources may well have 15 quiet minutes; a folder on this machine can always be read."""
    ingestion, _ = stopped(DOWN_SOURCES - 1)
    folder = source("cuttings", SourceKind.ARCHIVE, id="folder")
    ingestion.begun(folder, NOW)
    assert ingestion.bulletin(NOW + timedelta(hours=9)) is None
    ingestion, _ = stopped()
    ingestion.succeeded(folder, NOW + timedelta(minutes=14))
    assert ingestion.bulletin(NOW + DOWN_AFTER) is not None


def test_a_poller_that_was_stopped_has_its_fifteen_minutes_from_its_start() -> None:
    """And its key is that of before: what was told before the restart is not told again."""
    started = NOW + timedelta(hours=5)
    before, _ = stopped()
    after, _ = stopped(since=started)
    assert after.bulletin(started + timedelta(minutes=14)) is None
    told, again = before.bulletin(NOW + DOWN_AFTER), after.bulletin(started + DOWN_AFTER)
    assert told is not None
    assert again is not None
    assert told.key == again.key


def test_hours_in_which_nothing_was_due_are_no_outage() -> None:
    """Slow sources that come due together, or a machine that has slept: they have not failed yet."""
    ingestion, due = stopped(since=NOW + timedelta(hours=8))
    assert ingestion.bulletin(NOW + timedelta(hours=8, minutes=1)) is None
    ingestion.succeeded(due[0], NOW + timedelta(hours=8, minutes=2))
    assert ingestion.due == set()
    assert ingestion.bulletin(NOW + timedelta(hours=9)) is not None, "the end, in case that the beginning was told"
    assert ingestion.bulletin(NOW + timedelta(hours=10)) is None


def test_an_end_is_told_by_the_process_that_sees_it() -> None:
    """Though another one told of the beginning: whether it did is for the outbox to know."""
    ingestion, due = stopped()
    ingestion.succeeded(due[0], NOW + timedelta(hours=3))
    over = ingestion.bulletin(NOW + timedelta(hours=3))
    assert over is not None
    assert over.after
    ingestion.succeeded(due[0], NOW + timedelta(hours=3, minutes=1))
    assert ingestion.bulletin(NOW + timedelta(hours=4)) is None


def test_what_could_not_be_handed_over_is_told_later() -> None:
    """The archive may be away, too."""
    ingestion, due = stopped()
    down = ingestion.bulletin(NOW + DOWN_AFTER)
    assert down is not None
    ingestion.untold(down)
    assert ingestion.bulletin(NOW + 2 * DOWN_AFTER) is not None
    ingestion.succeeded(due[0], NOW + 3 * DOWN_AFTER)
    over = ingestion.bulletin(NOW + 3 * DOWN_AFTER)
    assert over is not None
    ingestion.untold(over)
    assert ingestion.bulletin(NOW + 4 * DOWN_AFTER) == over
