"""Health: what the three addresses answer, with checks that fail, raise and hang."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.client import HTTPConnection
from typing import Any

import pytest

from monitor.errors import ConfigError
from monitor.observe.health import Health, HealthServer
from monitor.observe.logs import redactor
from monitor.observe.metrics import Metrics


@pytest.fixture
def health() -> Health:
    return Health("process", redact=redactor(("geheimnis",)), deadline=0.5)


@pytest.fixture
def server(health: Health) -> Iterator[HealthServer]:
    metrics = Metrics()
    metrics.decisions.labels("kim-travel", "new").inc(2)
    with HealthServer(health, metrics.registry, host="127.0.0.1", port=0) as server:
        yield server


def get(server: HealthServer, path: str, method: str = "GET") -> tuple[int, str, bytes]:
    """Status, content type and body of an answer."""
    connection = HTTPConnection("127.0.0.1", server.port, timeout=10)
    connection.request(method, path)
    response = connection.getresponse()
    answer = response.status, response.headers["Content-Type"], response.read()
    connection.close()
    return answer


def checks(server: HealthServer, path: str) -> tuple[int, Any]:
    status, content_type, body = get(server, path)
    assert content_type == "application/json"
    return status, json.loads(body)


def test_without_a_fault_both_are_ok(health: Health, server: HealthServer) -> None:
    health.ready_when("database", lambda: None)
    health.alive_when("consumer", lambda: None)
    assert checks(server, "/healthz") == (200, {"process": "process", "status": "ok", "checks": {"consumer": "ok"}})
    assert checks(server, "/readyz")[1]["checks"] == {"consumer": "ok", "database": "ok"}


def test_what_is_not_ready_is_named_and_still_alive(health: Health, server: HealthServer) -> None:
    """A database that is away makes a process unready; restarting the process would not bring it back."""
    health.ready_when("database", lambda: "connection refused")
    status, report = checks(server, "/readyz")
    assert (status, report["status"], report["checks"]) == (503, "failing", {"database": "connection refused"})
    assert checks(server, "/healthz")[0] == 200


def test_what_is_not_alive_is_not_ready_either(health: Health, server: HealthServer) -> None:
    health.alive_when("consumer", lambda: "the thread has ended")
    assert checks(server, "/healthz")[0] == 503
    assert checks(server, "/readyz")[0] == 503


def test_a_check_that_raises_is_a_reason_without_its_secrets(health: Health, server: HealthServer) -> None:
    def raise_it() -> str | None:
        raise OSError("no route to postgresql://u:pw@h with geheimnis")

    health.ready_when("database", raise_it)
    status, report = checks(server, "/readyz")
    assert status == 503
    assert report["checks"] == {"database": "OSError: no route to postgresql://u:***@h with ***"}


def test_a_check_that_hangs_is_a_reason_and_is_not_started_twice(health: Health, server: HealthServer) -> None:
    release, calls = threading.Event(), []

    def hang() -> str | None:
        calls.append(1)
        release.wait(30)
        return None

    health.ready_when("bus", hang)
    health.ready_when("database", lambda: None)
    for _ in range(2):
        status, report = checks(server, "/readyz")
        assert (status, report["checks"]) == (503, {"bus": "no answer within 0.5 s", "database": "ok"})
    assert len(calls) == 1
    release.set()


def test_metrics_come_in_prometheus_text(server: HealthServer) -> None:
    status, content_type, body = get(server, "/metrics")
    assert status == 200
    assert content_type.startswith("text/plain")
    assert b'watchdesk_decisions_total{outcome="new",topic="kim-travel"} 2.0' in body


def test_other_addresses_are_not_found_and_head_has_no_body(server: HealthServer) -> None:
    assert get(server, "/")[0] == 404
    assert get(server, "/healthz", method="HEAD")[2] == b""


def test_a_taken_port_is_an_error_that_names_the_setting(server: HealthServer) -> None:
    with pytest.raises(ConfigError, match="WATCHDESK_METRICS_PORT"):
        HealthServer(Health("x"), Metrics().registry, host="127.0.0.1", port=server.port)
