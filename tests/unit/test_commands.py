"""What the commands share: JSON, spans, the user's additions, threads that end together, patience at start."""

from __future__ import annotations

import json
import threading
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr

from monitor.cli import run
from monitor.commands.context import plain
from monitor.commands.service import Crew, patiently
from monitor.commands.sourcetable import span
from monitor.commands.vocabulary import vocabulary_of, with_entities
from monitor.commands.wiring import fetch_settings, kafka_settings
from monitor.entities import Entities
from monitor.entities import Parade as AddedParade
from monitor.entities import Person as AddedPerson
from monitor.entities import Term as AddedTerm
from monitor.errors import BusConfigError, BusError, StorageError
from monitor.language.gazetteer import Gazetteer, Person, Place, Term
from monitor.settings import Settings
from monitor.types import DeadLetter, Source, SourceKind

SHIPPED = Person(
    id="jane-example",
    country="NO",
    names={"en": ("Jane Example",), "ru": ("Джейн",)},
    family="Example",
    terms=(Term(office="president", country="NO"),),
)
GAZETTEER = Gazetteer(
    people={"jane-example": SHIPPED},
    places={"oslo": Place(id="oslo", country="NO", kind="city", capital=True, names={"en": ("Oslo",)})},
    organs={},
    parades=(),
    countries={"NO": {}},
    offices=(),
)


def test_everything_that_commands_print_becomes_json() -> None:
    letter = DeadLetter(
        topic="t",
        partition=0,
        offset=1,
        key=None,
        value=b"\x00\xff",
        error="DecodeError",
        reason="r",
        at=datetime(2025, 9, 3, 1, 2, tzinfo=UTC),
        attempts=1,
        version="0.1.0",
        trace="",
    )
    source = Source(id="s", name="S", kind=SourceKind.FEED, url="u", interval=timedelta(minutes=5))
    value = json.loads(json.dumps(plain([letter, source, {"path": Path("a/b"), "day": date(2025, 9, 3)}])))
    assert value[0]["value"] == "AP8="
    assert value[0]["at"] == "2025-09-03T01:02:00+00:00"
    assert (value[1]["kind"], value[1]["interval"]) == ("feed", 300.0)
    assert value[2] == {"path": "a/b", "day": "2025-09-03"}


@pytest.mark.parametrize(
    ("time", "text"),
    [
        (timedelta(seconds=0), "0s"),
        (timedelta(seconds=90), "1m 30s"),
        (timedelta(hours=2), "2h"),
        (timedelta(days=4, hours=1, minutes=7), "4d 1h"),
        (timedelta(seconds=-5), "0s"),
    ],
)
def test_a_span_is_said_in_its_two_largest_units(time: timedelta, text: str) -> None:
    assert span(time) == text


def test_the_vocabulary_of_topics_is_that_of_the_gazetteer() -> None:
    vocabulary = vocabulary_of(GAZETTEER)
    assert sorted([*vocabulary.people, *vocabulary.countries, *vocabulary.cities]) == ["NO", "jane-example", "oslo"]


def test_an_addition_to_somebody_who_ships_adds_names_and_keeps_terms() -> None:
    added = AddedPerson(
        id="jane-example", country="NO", terms=(), names={"en": ("J. Example", "Jane Example")}, short={}
    )
    person = with_entities(GAZETTEER, Entities(people=(added,))).people["jane-example"]
    assert person.names == {"en": ("Jane Example", "J. Example"), "ru": ("Джейн",)}
    assert (person.family, person.terms) == ("Example", SHIPPED.terms)


def test_somebody_new_and_a_new_parade_are_added() -> None:
    term = AddedTerm(office="king", country="NO", since=date(2020, 1, 1))
    added = AddedPerson(id="joe", country="NO", terms=(term,), names={"en": ("Joe",)}, short={"en": ("J",)})
    parade = AddedParade(id="oslo-2026-05-17", city="oslo", date=date(2026, 5, 17), names={"en": ("Oslo parade",)})
    gazetteer = with_entities(GAZETTEER, Entities(people=(added,), parades=(parade,)))
    assert gazetteer.people["joe"].terms == (Term(office="king", country="NO", since=date(2020, 1, 1)),)
    assert gazetteer.parades[0].dates == (date(2026, 5, 17),)
    assert not gazetteer.parades[0].yearly


def test_one_thread_that_fails_ends_the_others_and_is_named() -> None:
    stop = threading.Event()
    stopped: list[str] = []

    def fail(_: threading.Event) -> None:
        raise StorageError("gone for good", temporary=False)

    def work(event: threading.Event) -> None:
        event.wait()
        stopped.append("worker")

    crew = Crew({"failing": fail, "worker": work}, stop)
    crew.start()
    assert crew.wait() == []
    assert stopped == ["worker"]
    assert crew.check("failing") == "failed: gone for good"
    assert crew.check("worker") == "has ended"


def test_patience_lasts_through_temporary_failures() -> None:
    failures: list[Exception] = [StorageError("starting up", temporary=True), BusError("no broker yet")]

    def attempt() -> None:
        if failures:
            raise failures.pop()

    patiently(attempt, threading.Event(), pause=0.001)
    assert failures == []


@pytest.mark.parametrize("error", [StorageError("no such role", temporary=False), BusConfigError("wrong password")])
def test_patience_is_not_wasted_on_what_will_not_pass(error: Exception) -> None:
    calls: list[int] = []

    def attempt() -> None:
        calls.append(1)
        raise error

    with pytest.raises(type(error)):
        patiently(attempt, threading.Event())
    assert calls == [1]


def test_every_setting_of_kafka_and_fetching_reaches_its_part() -> None:
    """A setting that is read and handed to nobody would do nothing, in silence."""
    settings = Settings(
        bus_url="kafka://k:1",
        kafka_security_protocol="SASL_SSL",
        kafka_sasl_mechanism="SCRAM-SHA-512",
        kafka_username="desk",
        kafka_password=SecretStr("geheim"),
        kafka_ssl_cafile=Path(__file__),
        kafka_ssl_certfile=Path(__file__),
        kafka_ssl_keyfile=Path(__file__),
        kafka_partitions=12,
        kafka_retention_hours=24,
        kafka_replication=3,
        kafka_session_seconds=7.5,
        contact="desk@example.org",
        fetch_max_bytes=70_000,
        fetch_timeout_seconds=21,
        fetch_connect_seconds=4,
        fetch_host_seconds=9,
        fetch_redirects=3,
        fetch_retry_hours=6,
        fetch_full_hours=24,
        fetch_moved_days=2,
    )
    kafka, fetch = kafka_settings(settings), fetch_settings(settings)
    assert (kafka.security_protocol, kafka.sasl_mechanism, kafka.username) == ("SASL_SSL", "SCRAM-SHA-512", "desk")
    assert (kafka.password, kafka.session_timeout_ms) == ("geheim", 7500)
    assert (kafka.ssl_cafile, kafka.ssl_certfile, kafka.ssl_keyfile) == (__file__, __file__, __file__)
    assert (kafka.partitions, kafka.retention_hours, kafka.replication) == (12, 24, 3)
    assert (fetch.contact, fetch.max_body) == ("desk@example.org", 70_000)
    assert (fetch.total_timeout, fetch.connect_timeout, fetch.host_spacing) == (21, 4, 9)
    assert (fetch.max_redirects, fetch.longest_wait) == (3, 6 * 3600)
    assert (fetch.full_every, fetch.moved_after) == (86_400, 2 * 86_400)


def test_an_error_is_told_without_the_secrets_in_force(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Even where an error repeats what it was given, and with the traceback that --debug prints."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("WATCHDESK_DATABASE_URL", "postgresql://desk:geheimnis@127.0.0.1:1/desk")
    monkeypatch.setenv("WATCHDESK_DATA_DIR", str(tmp_path))
    assert run(["--debug", "db", "current"]) == 1
    said = capsys.readouterr().err
    assert "Traceback" in said
    assert "geheimnis" not in said
