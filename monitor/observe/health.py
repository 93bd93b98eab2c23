"""What a process says of itself over HTTP: /metrics for Prometheus, /healthz (restart it?), /readyz (can it work?)."""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self

import structlog
from prometheus_client import CollectorRegistry
from prometheus_client.exposition import choose_encoder

from monitor.errors import ConfigError
from monitor.observe.logs import Redactor, redactor

log = structlog.stdlib.get_logger(__name__)

Check = Callable[[], str | None]
DEADLINE = 5.0  # seconds that a check may take; below the usual timeout of those who ask


@dataclass(slots=True)
class _Running:
    """A check that is being made. One that hangs is not started a second time."""

    done: threading.Event = field(default_factory=threading.Event)
    reason: str | None = None


class Health:
    """Named checks of one process. A check returns None, or the reason why not; it may block, and may raise."""

    def __init__(self, process: str, *, redact: Redactor | None = None, deadline: float = DEADLINE) -> None:
        self.process = process
        self._redact = redact or redactor()
        self._deadline = deadline
        self._ready: dict[str, Check] = {}
        self._alive: dict[str, Check] = {}
        self._running: dict[str, _Running] = {}
        self._lock = threading.Lock()

    def ready_when(self, name: str, check: Check) -> None:
        """What has to hold for the process to do its work, such as a reachable database."""
        self._ready[name] = check

    def alive_when(self, name: str, check: Check) -> None:
        """What a restart would mend, such as a thread that has ended. Counts for readiness as well."""
        self._alive[name] = check

    def liveness(self) -> Mapping[str, str | None]:
        """Each check of liveness with its reason, None where all is well."""
        return self._ask(self._alive)

    def readiness(self) -> Mapping[str, str | None]:
        """Each check with its reason, None where all is well."""
        return self._ask({**self._alive, **self._ready})

    def _ask(self, checks: Mapping[str, Check]) -> dict[str, str | None]:
        """Make all checks at once, so that together they take no longer than one."""
        started = {name: self._start(name, check) for name, check in checks.items()}
        answers: dict[str, str | None] = {}
        for name, running in started.items():
            in_time = running.done.wait(self._deadline)
            answers[name] = running.reason if in_time else f"no answer within {self._deadline:g} s"
        return answers

    def _start(self, name: str, check: Check) -> _Running:
        with self._lock:
            running = self._running.get(name)
            if running is None or running.done.is_set():
                running = self._running[name] = _Running()
                threading.Thread(target=self._make, args=(check, running), name=f"check-{name}", daemon=True).start()
            return running

    def _make(self, check: Check, running: _Running) -> None:
        try:
            reason = check()
            running.reason = None if reason is None else self._redact(reason)
        except Exception as error:  # noqa: BLE001 - whatever a check raises is the reason why the process is not well
            running.reason = self._redact(f"{type(error).__name__}: {error}")
        finally:
            running.done.set()


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that went away in the middle is nobody's fault; anything else goes to the log."""
        error = sys.exception()
        if not isinstance(error, ConnectionError | TimeoutError):
            log.exception("health_request_failed", client=client_address)


class HealthServer:
    """Serves a process's health and metrics from a thread of its own, while the `with` block runs."""

    def __init__(self, health: Health, registry: CollectorRegistry, *, host: str, port: int) -> None:
        class Handler(_Handler):
            pass

        Handler.health, Handler.registry = health, registry
        try:
            self._server = _Server((host, port), Handler)
        except OSError as error:
            raise ConfigError(
                f"/metrics can't be served on {host}:{port}: {error.strerror or error}. "
                "Set WATCHDESK_METRICS_PORT to a free port, or to 0 for none."
            ) from error
        self._thread = threading.Thread(target=self._server.serve_forever, name="health", daemon=True)

    @property
    def port(self) -> int:
        """The port that is served, also when 0 asked for any."""
        return int(self._server.server_address[1])

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None, /
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Handler(BaseHTTPRequestHandler):
    health: Health
    registry: CollectorRegistry
    timeout = 10  # seconds for a client to say what it wants
    server_version = "watchdesk"
    sys_version = ""

    def do_GET(self) -> None:
        """Answer the three addresses; everything else is not here."""
        path = self.path.split("?", 1)[0]
        if path == "/metrics":
            encode, content_type = choose_encoder(self.headers.get("Accept", ""))
            self._answer(200, content_type, encode(self.registry))
        elif path == "/healthz":
            self._answer_checks(self.health.liveness())
        elif path == "/readyz":
            self._answer_checks(self.health.readiness())
        else:
            self._answer(404, "text/plain; charset=utf-8", b"Here are /metrics, /healthz and /readyz.\n")

    do_HEAD = do_GET

    def _answer_checks(self, answers: Mapping[str, str | None]) -> None:
        failing = {name: reason for name, reason in answers.items() if reason is not None}
        report = {
            "process": self.health.process,
            "status": "failing" if failing else "ok",
            "checks": {name: reason or "ok" for name, reason in answers.items()},
        }
        body = json.dumps(report, ensure_ascii=False).encode("utf-8", "replace") + b"\n"
        self._answer(503 if failing else 200, "application/json", body)

    def _answer(self, status: int, content_type: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: probes come every few seconds and would drown the log."""
