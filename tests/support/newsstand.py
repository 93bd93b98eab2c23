"""Serves a made-up stream as JSON feeds on this machine, and remembers when each item was first handed out."""

from __future__ import annotations

import hashlib
import json
import threading
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self

from tests.support.generator import Generated

SHOWN = 600  # items that one feed shows


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """A poller that is killed drops its connections; the test sees what that comes to."""


class NewsStand:
    """One feed a source. Items come out `rate` a second once `open_shop` was called; use it with `with`."""

    def __init__(self, stream: Sequence[Generated], *, rate: float) -> None:
        self._stream = tuple(stream)
        self._rate = rate
        self._opened: float | None = None
        self._published: dict[str, datetime] = {}
        self.asked = 0  # requests so far
        self._lock = threading.Lock()
        self.first_served: dict[str, float] = {}  # item id -> monotonic moment of the first answer that held it
        self._server = _Server(("127.0.0.1", 0), self._handler())
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self.base_url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None, /
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def open_shop(self) -> None:
        """From now on items come out."""
        self._opened = time.monotonic()

    @property
    def out(self) -> int:
        """How many items are out."""
        if self._opened is None:
            return 0
        return min(len(self._stream), int((time.monotonic() - self._opened) * self._rate))

    @property
    def sold_out(self) -> bool:
        """Whether all items are out."""
        return self.out == len(self._stream)

    def sources_yaml(self, *, interval: str = "1s") -> str:
        """A `sources.yaml` of all feeds."""
        lines = ["sources:"]
        for source in sorted({item.source for item in self._stream}):
            lines += [
                f"  - id: {source}",
                "    kind: feed",
                f"    url: {self.base_url}/{source}.json",
                f"    interval: {interval}",
                "    language: en",
                "    backfill: alert",
                "    allow_private: yes",
            ]
        return "\n".join(lines) + "\n"

    def _feed(self, source: str) -> bytes:
        with self._lock:
            self.asked += 1
            now = datetime.now(UTC)
            shown = [item for item in self._stream[: self.out] if item.source == source][-SHOWN:]
            entries = [
                {
                    "id": item.id,
                    "title": item.title,
                    "content_text": item.text,
                    "date_published": self._published.setdefault(item.id, now).isoformat(),
                }
                for item in reversed(shown)
            ]
            served = time.monotonic()
            for item in shown:
                self.first_served.setdefault(item.id, served)
        feed = {"version": "https://jsonfeed.org/version/1.1", "title": source, "items": entries}
        return json.dumps(feed).encode()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        stand = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                if not self.path.endswith(".json"):
                    self.send_error(404)
                    return
                body = stand._feed(self.path[1:].removesuffix(".json"))
                etag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
                unchanged = self.headers.get("If-None-Match") == etag
                self.send_response(304 if unchanged else 200)
                self.send_header("ETag", etag)
                self.send_header("Content-Type", "application/feed+json")
                self.send_header("Content-Length", "0" if unchanged else str(len(body)))
                self.end_headers()
                if not unchanged:
                    self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:
                """Say nothing: the test reads what was served."""

        return Handler
