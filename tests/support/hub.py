"""A WebSub hub on 127.0.0.1: takes subscriptions, asks whether they are wanted, and pushes."""

from __future__ import annotations

import hashlib
import hmac
import http.client
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlencode, urlsplit

CHALLENGE = "are-you-there-42"


@dataclass(slots=True)
class Hub:
    """What was asked of it, and what the subscriber answered."""

    port: int = 0
    lease: int = 864_000  # seconds that it grants
    asked: list[dict[str, str]] = field(default_factory=list)
    verified: list[tuple[int, str]] = field(default_factory=list)  # status and body of each answer

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hub"

    def subscribe(self, form: dict[str, str]) -> None:
        """Remember the wish, and ask whether it is one."""
        self.asked.append(form)
        self.verified.append(self.verify(form["hub.callback"], form["hub.topic"]))

    def verify(self, callback: str, topic: str, *, mode: str = "subscribe") -> tuple[int, str]:
        """Ask the subscriber whether it wants this topic."""
        question = {
            "hub.mode": mode,
            "hub.topic": topic,
            "hub.challenge": CHALLENGE,
            "hub.lease_seconds": str(self.lease),
        }
        return call("GET", f"{callback}?{urlencode(question)}")

    def push(self, body: bytes, *, secret: str | None = None, callback: str | None = None) -> int:
        """Push to the last subscriber, by default signed as it wished."""
        form = self.asked[-1]
        signature = hmac.new((secret or form["hub.secret"]).encode(), body, hashlib.sha256).hexdigest()
        headers = {"X-Hub-Signature": f"sha256={signature}", "Content-Type": "application/rss+xml"}
        return call("POST", callback or form["hub.callback"], body, headers)[0]


def call(method: str, url: str, body: bytes | None = None, headers: dict[str, str] | None = None) -> tuple[int, str]:
    """One request: status and body of the answer."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=10)
    try:
        connection.request(method, f"{parts.path}?{parts.query}", body, headers or {})
        response = connection.getresponse()
        return response.status, response.read().decode()
    finally:
        connection.close()


@contextmanager
def hub_server() -> Iterator[Hub]:
    """A hub, for as long as the context lasts."""
    hub = Hub()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            form = self.rfile.read(int(self.headers["Content-Length"])).decode()
            self.send_response(202)
            self.send_header("Content-Length", "0")
            self.end_headers()
            threading.Thread(target=hub.subscribe, args=(dict(parse_qsl(form)),), daemon=True).start()

        def log_message(self, format: str, *args: object) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    hub.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield hub
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
