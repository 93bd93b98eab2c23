"""What only Kafka has: security, brokers that come and go, and the traps of kafka-python."""

from __future__ import annotations

import contextlib
import logging
import shutil
import socket
import struct
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from kafka import KafkaAdminClient
from kafka.admin import ConfigResource, ConfigResourceType

from monitor.bus import open_bus
from monitor.bus.base import Bus, Record
from monitor.bus.kafka import KafkaBus
from monitor.bus.settings import KafkaSettings
from monitor.errors import BusConfigError, BusError
from tests.support.brokers import ApacheBroker, BrokerUnavailable, TansuBroker, free_port
from tests.support.buses import read

PASSWORD = "correct-horse-battery"
TOPIC = "secured"


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a server's certificate and key for 127.0.0.1, and another authority that did not sign it."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not installed")
    folder = tmp_path_factory.mktemp("certificates")
    for name in ("server", "other"):
        subprocess.run(
            (
                *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", f"/CN={name}"),
                *("-addext", "subjectAltName=IP:127.0.0.1", "-keyout", f"{name}.key", "-out", f"{name}.crt"),
            ),
            cwd=folder,
            check=True,
            capture_output=True,
        )
    (folder / "server.pem").write_text((folder / "server.key").read_text() + (folder / "server.crt").read_text())
    return folder


@pytest.fixture(scope="module")
def secured(certificates: Path) -> Iterator[str]:
    """The address of an Apache Kafka that lets in over TLS with SCRAM-SHA-512 only."""
    try:
        broker = ApacheBroker(users=[f"SCRAM-SHA-512=[name=watchdesk,password={PASSWORD}]"])
    except BrokerUnavailable as error:
        pytest.skip(str(error))
    address = f"127.0.0.1:{free_port()}"
    inside = f"PLAINTEXT://{broker.bootstrap}"
    broker.add(
        {
            "listeners": f"SASL_SSL://{address},{inside},CONTROLLER://127.0.0.1:{broker.controller}",
            "advertised.listeners": f"SASL_SSL://{address},{inside}",
            "listener.security.protocol.map": "SASL_SSL:SASL_SSL,PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
            "inter.broker.listener.name": "PLAINTEXT",
            "sasl.enabled.mechanisms": "SCRAM-SHA-512",
            "listener.name.sasl_ssl.scram-sha-512.sasl.jaas.config": (
                "org.apache.kafka.common.security.scram.ScramLoginModule required;"
            ),
            "ssl.keystore.type": "PEM",
            "ssl.keystore.location": str(certificates / "server.pem"),
        }
    )
    with broker:
        yield address


@pytest.fixture
def settings(secured: str, certificates: Path) -> KafkaSettings:
    """The right ones."""
    return KafkaSettings(
        bootstrap=secured,
        topics=(TOPIC,),
        partitions=1,
        security_protocol="SASL_SSL",
        sasl_mechanism="SCRAM-SHA-512",
        username="watchdesk",
        password=PASSWORD,
        ssl_cafile=str(certificates / "server.crt"),
    )


@contextlib.contextmanager
def peer(talk: Callable[[socket.socket], None]) -> Iterator[str]:
    """Something that listens and is no Kafka broker; `talk` gets each connection."""
    connections: list[socket.socket] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            with contextlib.suppress(OSError):  # the listener was closed: the test is over
                while True:
                    connection, _ = server.accept()
                    connections.append(connection)
                    talk(connection)

        threading.Thread(target=serve, daemon=True).start()
        yield f"127.0.0.1:{server.getsockname()[1]}"
        server.shutdown(socket.SHUT_RDWR)
    for connection in connections:
        connection.close()


def silent(connection: socket.socket) -> None:
    """Takes everything, says nothing."""


def kafka_threads() -> int:
    return sum("kafka" in thread.name for thread in threading.enumerate())


def send(bus: Bus, topic: str, *values: str) -> None:
    bus.publish([Record(topic=topic, key=b"k", value=value.encode()) for value in values])
    bus.flush(timeout=20)


@pytest.mark.kafka
@pytest.mark.apache
def test_over_tls_with_scram_everything_works(settings: KafkaSettings) -> None:
    bus = KafkaBus(settings)
    bus.ensure_topics()
    bus.ping(timeout=10)
    send(bus, TOPIC, "in secret")
    with bus.consumer(group="g", topics=[TOPIC]) as consumer:
        assert [delivery.value for delivery in read(consumer, count=1)] == [b"in secret"]
    bus.close()


@pytest.mark.kafka
@pytest.mark.apache
@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"password": "wrong-horse"}, "credentials|uthentication"),
        ({"ssl_cafile": "other.crt"}, "certificate at 127.* is not trusted: self-signed certificate"),
        ({"bootstrap": "localhost"}, "is not trusted: Hostname mismatch"),
        ({"ssl_cafile": "missing.crt"}, "certificates can't be read: .*No such file.*missing.crt"),
    ],
)
def test_what_is_set_wrongly_is_named_and_no_password_shown(
    settings: KafkaSettings, certificates: Path, changes: dict[str, Any], complaint: str
) -> None:
    if "ssl_cafile" in changes:
        changes = {"ssl_cafile": str(certificates / changes["ssl_cafile"])}
    if "bootstrap" in changes:
        changes = {"bootstrap": settings.bootstrap.replace("127.0.0.1", "localhost")}
    with pytest.raises(BusConfigError, match=complaint) as caught:
        KafkaBus(replace(settings, **changes)).ping(timeout=5)
    assert "horse" not in f"{caught.value!r} {caught.value.__cause__!r}"


@pytest.mark.kafka
@pytest.mark.apache
def test_plaintext_to_a_tls_port_says_what_it_may_be(settings: KafkaSettings) -> None:
    """The broker just hangs up, as one that is starting does."""
    with pytest.raises(BusError, match="hung up instead of answering: is it starting, or is it a TLS port"):
        KafkaBus(replace(settings, security_protocol="PLAINTEXT", sasl_mechanism=None)).ping(timeout=5)


@pytest.mark.parametrize("security", ["PLAINTEXT", "SSL"])
def test_a_peer_that_says_nothing_is_given_up(security: str) -> None:
    """kafka-python alone waits for ever for the TLS handshake."""
    with peer(silent) as address, pytest.raises(BusError, match=r"does not answer: .*timed out"):
        KafkaBus(KafkaSettings(bootstrap=address, security_protocol=security)).ping(timeout=0.5)


@pytest.mark.parametrize(
    ("security", "answer", "complaint"),
    [
        ("PLAINTEXT", b"HTTP/1.1 400 Bad Request\r\n\r\n", "not as a Kafka broker"),
        ("SSL", b"HTTP/1.1 400 Bad Request\r\n\r\n", "no TLS with 127.* is it a plaintext port"),
    ],
)
def test_a_peer_that_is_no_broker_is_a_configuration_error(security: str, answer: bytes, complaint: str) -> None:
    def talk(connection: socket.socket) -> None:
        connection.recv(1000)
        connection.sendall(answer)
        connection.close()

    with peer(talk) as address, pytest.raises(BusConfigError, match=complaint):
        KafkaBus(KafkaSettings(bootstrap=address, security_protocol=security)).ping(timeout=5)


@pytest.mark.parametrize("security", ["PLAINTEXT", "SSL"])
def test_a_peer_that_hangs_up_may_be_a_broker_that_starts(security: str) -> None:
    """A proxy before a broker that is not yet there does so: another try may help."""
    with peer(lambda connection: connection.close()) as address, pytest.raises(BusError) as caught:
        KafkaBus(KafkaSettings(bootstrap=address, security_protocol=security)).ping(timeout=5)
    assert not isinstance(caught.value, BusConfigError)


@pytest.mark.parametrize("bootstrap", ["kafka", "kafka:", ":9092", "kafka:http"])
def test_an_address_without_host_or_port_is_named(bootstrap: str) -> None:
    with pytest.raises(BusConfigError, match=f"bootstrap address '{bootstrap}': expected host:port"):
        open_bus(f"kafka://{bootstrap}").ping(timeout=1)


def test_settings_show_no_password() -> None:
    assert PASSWORD not in repr(KafkaSettings(password=PASSWORD))


@pytest.mark.kafka
@pytest.mark.apache
def test_not_even_debug_logs_show_the_password(settings: KafkaSettings, caplog: pytest.LogCaptureFixture) -> None:
    """kafka-python's admin client logs its whole configuration."""
    with caplog.at_level(logging.DEBUG):
        KafkaBus(settings).ping(timeout=10)
    assert "sasl_plain_password" in caplog.text
    assert PASSWORD not in caplog.text


def test_attempts_that_fail_leave_no_threads_behind() -> None:
    """A readiness check that fails every few seconds for a day must not fill the process."""

    def answer_once(connection: socket.socket) -> None:
        request = connection.recv(1000)
        connection.sendall(struct.pack(">i", 4) + request[8:12])  # as much as the probe asks for; then silence

    before = kafka_threads()
    with peer(answer_once) as address:
        bus = KafkaBus(KafkaSettings(bootstrap=address))
        for _ in range(3):
            with pytest.raises(BusError, match="could not connect to Kafka"):
                bus.ping(timeout=0.5)
    assert kafka_threads() == before


@pytest.mark.kafka
def test_a_flush_reports_the_loss_of_what_its_own_thread_published() -> None:
    """Another thread that meets the failure first replaces the producer for everybody."""
    with TansuBroker() as broker:
        bus = KafkaBus(KafkaSettings(bootstrap=broker.bootstrap, topics=("t",), partitions=1))
        bus.ensure_topics()
        send(bus, "t", "before")
        failures: list[BusError] = []

        def fail() -> None:
            bus.publish([Record(topic="t", key=b"k", value=b"theirs")])
            try:
                bus.flush(timeout=0.5)
            except BusError as error:
                failures.append(error)

        broker.freeze()
        bus.publish([Record(topic="t", key=b"k", value=b"mine")])
        other = threading.Thread(target=fail)
        other.start()
        other.join()
        broker.thaw()
        assert len(failures) == 1
        with pytest.raises(BusError, match="publish again"):
            bus.flush(timeout=20)
        send(bus, "t", "mine")
        bus.close()


@pytest.mark.kafka
def test_publishing_waits_while_too_much_is_in_flight() -> None:
    """kafka-python itself would take everything into memory."""
    with TansuBroker() as broker:
        settings = KafkaSettings(
            bootstrap=broker.bootstrap, topics=("t",), partitions=1, max_in_flight=5, delivery_timeout_ms=1500
        )
        bus = KafkaBus(settings)
        bus.ensure_topics()
        send(bus, "t", *"0123456789")
        broker.freeze()
        with pytest.raises(BusError, match="acknowledged"):
            bus.publish([Record(topic="t", key=b"k", value=b"x") for _ in range(6)])
        broker.thaw()
        send(bus, "t", "and on it goes")
        bus.close()


@pytest.mark.kafka
@pytest.mark.apache
def test_a_broker_that_is_killed_and_comes_back_has_everything_that_was_acknowledged() -> None:
    """The same bus and the same consumer go on; what was in doubt is published again."""
    try:
        broker = ApacheBroker()
    except BrokerUnavailable as error:
        pytest.skip(str(error))
    with broker:
        settings = KafkaSettings(
            bootstrap=broker.bootstrap, topics=("t",), partitions=2, delivery_timeout_ms=4000, session_timeout_ms=6000
        )
        bus = KafkaBus(settings)
        bus.ensure_topics()
        consumer = bus.consumer(group="g", topics=["t"])
        send(bus, "t", "before")
        read(consumer, count=1, commit=True)
        broker.kill()
        with pytest.raises(BusError):
            send(bus, "t", "during")
        broker.start()
        deadline = time.monotonic() + 60
        while True:
            try:
                send(bus, "t", "during", "after")
                break
            except BusError:
                assert time.monotonic() < deadline, "the bus does not recover"
        found: list[bytes | None] = []
        while b"after" not in found:
            found += [delivery.value for delivery in read(consumer, count=1, commit=True)]
        assert set(found) <= {b"before", b"during", b"after"}
        assert b"during" in found
        consumer.close()
        bus.close()


@pytest.mark.kafka
@pytest.mark.apache
def test_a_changed_retention_reaches_a_topic_that_is_there(settings: KafkaSettings) -> None:
    KafkaBus(settings).ensure_topics()
    KafkaBus(replace(settings, retention_hours=2.5)).ensure_topics()
    topic = ConfigResource(ConfigResourceType.TOPIC, TOPIC)
    with KafkaAdminClient(**connection(settings)) as admin:
        configs = admin.describe_configs([topic])
    assert "'9000000'" in str(configs)


def connection(settings: KafkaSettings) -> dict[str, object]:
    return {
        "bootstrap_servers": settings.bootstrap,
        "security_protocol": "SASL_SSL",
        "sasl_mechanism": settings.sasl_mechanism,
        "sasl_plain_username": settings.username,
        "sasl_plain_password": settings.password,
        "ssl_cafile": settings.ssl_cafile,
    }


@pytest.mark.kafka
@pytest.mark.apache
def test_more_replicas_than_brokers_is_a_configuration_error(settings: KafkaSettings) -> None:
    with pytest.raises(BusConfigError, match="could not make the topics"):
        KafkaBus(replace(settings, topics=("thrice",), replication=3)).ensure_topics()
