"""What producer, consumer and admin client of Kafka share: how to connect, and what their errors mean."""

from __future__ import annotations

import contextlib
import socket
import ssl
import struct
import time
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from kafka import errors
from kafka.net.compat import KafkaNetClient
from kafka.net.manager import KafkaConnectionManager
from kafka.net.selector import NetworkSelector

from monitor.bus.settings import KafkaSettings
from monitor.errors import BusConfigError, BusError

Client = TypeVar("Client")

# Errors that another try meets again: wrong settings, wrong credentials, no right to.
_NEVER = (
    errors.AuthorizationError,
    errors.IllegalSaslStateError,
    errors.IncompatibleBrokerVersion,
    errors.InvalidReplicationFactorError,
    errors.InvalidSessionTimeoutError,
    errors.InvalidTopicError,
    errors.KafkaConfigurationError,
    errors.PolicyViolationError,
    errors.SaslAuthenticationFailedError,
    errors.UnsupportedSaslMechanismError,
    errors.UnsupportedVersionError,
)
_TLS = ("SSL", "SASL_SSL")


class _Secret(str):
    """A password that prints as stars: the admin client logs its whole configuration."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "'***'"


@contextlib.contextmanager
def errors_named(doing: str) -> Iterator[None]:
    """Turn what kafka-python raises while `doing` into BusError or BusConfigError."""
    try:
        yield
    except _NEVER as error:
        raise BusConfigError(f"{doing}: {_text(error)}; check the bus settings and the user's rights") from error
    except errors.KafkaError as error:
        raise BusError(f"{doing}: {_text(error)}") from error
    except OSError as error:
        raise BusError(f"{doing}: {error}") from error


def _text(error: Exception) -> str:
    return " ".join(str(error).split()) or type(error).__name__


def connect(make: Callable[..., Client], settings: KafkaSettings, *, seconds: float, **config: Any) -> Client:
    """Make a client that has reached a broker within `seconds`, or raise BusError and leave nothing behind."""
    deadline = time.monotonic() + seconds
    probe(settings, seconds=seconds)
    made: list[tuple[KafkaNetClient, _Manager]] = []

    def net_client(**inner: Any) -> KafkaNetClient:
        net = NetworkSelector(**inner)
        manager = _Manager(net, **inner)
        made.append((KafkaNetClient(net=net, manager=manager), manager))
        return made[-1][0]

    left = max(deadline - time.monotonic(), 0.1)
    with errors_named(f"could not connect to Kafka at {settings.bootstrap}"):
        try:
            return make(**_shared(settings), kafka_client=net_client, bootstrap_timeout_ms=int(left * 1000), **config)
        except BaseException:
            for client, _ in made:  # one that fails while it is made leaves its thread and sockets running
                client.close()
            for _, manager in made:
                if manager.refusal is not None:
                    raise manager.refusal from None
            raise


class _Manager(KafkaConnectionManager):  # type: ignore[misc]  # kafka-python has no types
    """Remembers that a broker refused the user; kafka-python tries on and ends with a timeout that does not say so."""

    refusal: Exception | None = None

    def get_connection(self, *arguments: Any, **named: Any) -> Any:
        connection = super().get_connection(*arguments, **named)
        connection.init_future.add_errback(self._remember)
        return connection

    def _remember(self, error: Exception) -> None:
        if isinstance(error, _NEVER):
            self.refusal = error


def _shared(settings: KafkaSettings) -> dict[str, Any]:
    config: dict[str, Any] = {
        "bootstrap_servers": settings.bootstrap.split(","),
        "client_id": "watchdesk",
        "security_protocol": settings.security_protocol,
        "reconnect_backoff_max_ms": 2000,
    }
    if settings.security_protocol in _TLS:
        config["ssl_context"] = tls_context(settings)
    if settings.sasl_mechanism:
        config["sasl_mechanism"] = settings.sasl_mechanism
        config["sasl_plain_username"] = settings.username
        config["sasl_plain_password"] = _Secret(settings.password or "")
    return config


def tls_context(settings: KafkaSettings) -> ssl.SSLContext:
    """Certificates are verified and names checked, always."""
    try:
        context = ssl.create_default_context(cafile=settings.ssl_cafile)
        if settings.ssl_certfile:
            context.load_cert_chain(settings.ssl_certfile, settings.ssl_keyfile)
    except (OSError, ValueError) as error:
        raise BusConfigError(
            f"the bus's certificates can't be read: {error}; check ssl_cafile {settings.ssl_cafile},"
            f" ssl_certfile {settings.ssl_certfile} and ssl_keyfile {settings.ssl_keyfile}"
        ) from error
    return context


def probe(settings: KafkaSettings, *, seconds: float) -> None:
    """Raise BusError unless one of the bootstrap addresses answers as a Kafka broker within `seconds`.

    kafka-python waits for ever for a peer that is silent during the TLS handshake, and reports a wrong certificate as a
    timeout; here each has a deadline and a name.
    """
    context = tls_context(settings) if settings.security_protocol in _TLS else None
    deadline = time.monotonic() + seconds
    failures: list[BusError] = []
    for address in settings.bootstrap.split(","):
        host, port = _parse(address)
        try:
            _ask(host, port, context, deadline)
            return
        except BusError as error:
            failures.append(error)
    everywhere = all(isinstance(failure, BusConfigError) for failure in failures)
    raise (BusConfigError if everywhere else BusError)("; ".join(map(str, failures))) from failures[-1]


def _parse(address: str) -> tuple[str, int]:
    host, _, port = address.strip().rpartition(":")
    if not host or not port.isdecimal():
        raise BusConfigError(f"bootstrap address {address!r}: expected host:port")
    return host.strip("[]"), int(port)


def _ask(host: str, port: int, context: ssl.SSLContext | None, deadline: float) -> None:
    where = f"{host}:{port}"
    try:
        with socket.create_connection((host, port), timeout=_left(deadline)) as plain:
            plain.settimeout(_left(deadline))
            if context is None:
                _ask_versions(plain, where)
                return
            with context.wrap_socket(plain, server_hostname=host) as encrypted:
                _ask_versions(encrypted, where)
    except ssl.SSLCertVerificationError as error:
        raise BusConfigError(f"Kafka's certificate at {where} is not trusted: {error.verify_message}") from error
    except ssl.SSLEOFError as error:
        raise BusError(f"Kafka at {where} hung up during the TLS handshake: {error.reason or error}") from error
    except ssl.SSLError as error:
        raise BusConfigError(f"no TLS with {where}: {error.reason or error}; is it a plaintext port?") from error
    except OSError as error:
        raise BusError(f"Kafka at {where} does not answer: {error or type(error).__name__}") from error


def _ask_versions(connection: socket.socket, where: str) -> None:
    """Send an ApiVersions request of version 0, which every broker answers before anybody has logged in.

    https://kafka.apache.org/protocol.html: size, api key 18, version 0, correlation id, client id; the answer begins
    with its size and the correlation id.
    """
    name = b"watchdesk"
    request = struct.pack(">hhih", 18, 0, 4711, len(name)) + name
    connection.sendall(struct.pack(">i", len(request)) + request)
    answer = b""
    while len(answer) < 8:
        part = connection.recv(8 - len(answer))
        if not part:
            raise BusError(f"Kafka at {where} hung up instead of answering: is it starting, or is it a TLS port?")
        answer += part
    if struct.unpack(">ii", answer)[1] != 4711:
        raise BusConfigError(f"{where} answers, but not as a Kafka broker: is it a TLS port?")


def _left(deadline: float) -> float:
    return max(deadline - time.monotonic(), 0.05)
