"""A local Slack: the Web API methods that Watchdesk calls, with Slack's limits, errors and misbehaviour.

In a test:      with SlackServer() as slack: SlackNotifier(slack.token, base_url=slack.url)
As a process:   python -m tests.support.slack_server --port 8080 --token xoxb-test --channel C0WATCH
                GET /messages shows what stands as JSON, POST /faults takes [{"kind": …, "method": …, "times": …}].
"""

from __future__ import annotations

import argparse
import contextlib
import json
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import asdict
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qsl, urlsplit

from tests.support.slack_limits import problem
from tests.support.slack_messages import Fault, Json, Message

TOKEN = "xoxb-canary-4f1c9a"
CHANNEL = "C0WATCH"
SCOPES = "chat:write,channels:history,groups:history,channels:read,groups:read"


class SlackServer:
    """The state of a workspace and the server that speaks for it."""

    def __init__(
        self,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        token: str = TOKEN,
        channels: tuple[str, ...] = (CHANNEL,),
        scopes: str = SCOPES,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.token = token
        self.scopes = scopes
        self.channels: dict[str, str] = dict.fromkeys(channels, "")  # to the error that they answer with
        self.names = {channel: f"watch-{n}" for n, channel in enumerate(channels)}
        self.revoked = ""  # the error that every call answers with
        self.messages: list[Message] = []
        self.calls: list[tuple[str, Json]] = []  # all that arrived, refused or not
        self.arrivals: list[tuple[float, str]] = []  # monotonic moment and method
        self._clock = clock
        self._last_ts = 0
        self._faults: list[Fault] = []
        self._lock = threading.Lock()
        self._closing = threading.Event()
        self._http = _Server((host, port), self)
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.05,), daemon=True)

    @property
    def url(self) -> str:
        """The base of the API."""
        return f"http://127.0.0.1:{self._http.server_port}/api/"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._closing.set()
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()

    def fail(self, kind: str, **how: Any) -> None:
        """The next call of the method goes wrong like this; several wait in line."""
        with self._lock:
            self._faults.append(Fault(kind=kind, **how))

    def heal(self) -> None:
        """No more faults; what hangs stays hung."""
        with self._lock:
            self._faults.clear()

    def said(self, *, thread: bool = False) -> list[Message]:
        """What stands in the channels, or in the threads, oldest first."""
        with self._lock:
            return [m for m in self.messages if bool(m.thread_ts) is thread]

    def count(self, method: str) -> int:
        """How often a method was called."""
        with self._lock:
            return sum(name == method for name, _ in self.calls)

    def take_fault(self, method: str, before: bool) -> Fault | None:
        """The fault that is due for this call at this point of it."""
        with self._lock:
            fault = next((f for f in self._faults if f.method == method and f.times), None)
            if fault is None or fault.kind.endswith("_after") is before:
                return None
            fault.times -= 1
            return fault

    def hang(self, seconds: float = 60) -> bool:
        """Say nothing until the server closes; whether it does."""
        return self._closing.wait(seconds)

    def call(self, method: str, token: str, body: Json) -> Json:
        """Carry out one call."""
        with self._lock:
            self.calls.append((method, body))
            self.arrivals.append((time.monotonic(), method))
            if not token:
                return _error("not_authed")
            if token != self.token:
                return _error("invalid_auth")
            if self.revoked:
                return _error(self.revoked)
            act: Callable[[Json], Json] | None = getattr(self, "_" + method.replace(".", "_").lower(), None)
            if act is None:
                return _error("unknown_method")
            if method not in ("auth.test", "users.conversations"):
                refusal = self.channels.get(str(body.get("channel")), "channel_not_found")
                if refusal:
                    return _error(refusal)
            return act(body)

    def _auth_test(self, _: Json) -> Json:
        return {"ok": True, "team": "Foreign Desk", "user": "watchdesk", "bot_id": "B0BOT", "user_id": "U0BOT"}

    def _users_conversations(self, body: Json) -> Json:
        known = [{"id": id_, "name": name} for id_, name in self.names.items() if id_ in self.channels]
        start, limit = int(body.get("cursor") or 0), int(body.get("limit", 100))
        more = str(start + limit) if start + limit < len(known) else ""
        return {"ok": True, "channels": known[start : start + limit], "response_metadata": {"next_cursor": more}}

    def _chat_postmessage(self, body: Json) -> Json:
        wrong = problem(body)
        if wrong:
            return _error(wrong)
        thread = body.get("thread_ts")
        if thread and self._at(body["channel"], thread) is None:
            return _error("thread_not_found")
        message = Message(
            channel=body["channel"],
            ts=self._next_ts(),
            text=body.get("text") or "",
            blocks=body.get("blocks") or [],
            metadata=body.get("metadata"),
            thread_ts=thread,
            broadcast=bool(body.get("reply_broadcast")),
            options={k: body.get(k) for k in ("unfurl_links", "unfurl_media", "parse", "link_names", "mrkdwn")},
        )
        self.messages.append(message)
        return {"ok": True, "channel": message.channel, "ts": message.ts, "message": message.shown(metadata=True)}

    def _chat_update(self, body: Json) -> Json:
        message = self._at(body["channel"], body.get("ts"))
        if message is None:
            return _error("message_not_found")
        wrong = problem(body)
        if wrong:
            return _error(wrong)
        message.text, message.blocks = body.get("text") or "", body.get("blocks") or []
        message.metadata = body.get("metadata", message.metadata)
        message.edits += 1
        return {"ok": True, "channel": message.channel, "ts": message.ts, "text": message.text}

    def _chat_delete(self, body: Json) -> Json:
        message = self._at(body["channel"], body.get("ts"))
        if message is None:
            return _error("message_not_found")
        self.messages.remove(message)
        return {"ok": True, "channel": message.channel, "ts": message.ts}

    def _conversations_info(self, body: Json) -> Json:
        id_ = body["channel"]
        return {"ok": True, "channel": {"id": id_, "name": self.names[id_], "is_member": True}}

    def _conversations_history(self, body: Json) -> Json:
        shown = [m for m in self.messages if m.channel == body["channel"] and (not m.thread_ts or m.broadcast)]
        return self._paged(sorted(shown, key=lambda m: m.ts, reverse=True), body)

    def _conversations_replies(self, body: Json) -> Json:
        parent = self._at(body["channel"], body.get("ts"))
        if parent is None:
            return _error("thread_not_found")
        return self._paged([parent, *(m for m in self.messages if m.thread_ts == parent.ts)], body)

    def _paged(self, messages: list[Message], body: Json) -> Json:
        oldest, limit = str(body.get("oldest", "0")), min(int(body.get("limit", 100)), 999)
        start = int(body.get("cursor") or 0)
        kept = [m for m in messages if _number(m.ts) > _number(oldest) or m.ts == body.get("ts")]
        metadata = str(body.get("include_all_metadata", "")).lower() in ("1", "true")
        more = start + limit < len(kept)
        return {
            "ok": True,
            "messages": [m.shown(metadata=metadata) for m in kept[start : start + limit]],
            "has_more": more,
            "response_metadata": {"next_cursor": str(start + limit) if more else ""},
        }

    def _at(self, channel: str, ts: object) -> Message | None:
        return next((m for m in self.messages if m.channel == channel and m.ts == ts), None)

    def _next_ts(self) -> str:
        """Unique within the workspace, and never going back."""
        self._last_ts = max(self._last_ts + 1, int(self._clock() * 1_000_000))
        return f"{self._last_ts // 1_000_000}.{self._last_ts % 1_000_000:06d}"


def _number(ts: str) -> tuple[int, str]:
    whole, _, part = ts.partition(".")
    return int(whole), part.ljust(6, "0")


def _error(code: str) -> Json:
    more = {"needed": "chat:write", "provided": "channels:history"} if code == "missing_scope" else {}
    return {"ok": False, "error": code, **more}


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False  # a call that hangs must not hold up the end of a test

    def __init__(self, address: tuple[str, int], slack: SlackServer) -> None:
        super().__init__(address, _Handler)
        self.slack = slack


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        slack = self.server.slack
        if self.path == "/faults":
            for fault in json.loads(body):
                slack.fail(**fault)
            self._answer(200, {"ok": True})
            return
        method = urlsplit(self.path).path.removeprefix("/api/")
        if self._fails(slack.take_fault(method, before=True)):
            return
        token = self.headers.get("authorization", "").removeprefix("Bearer ").strip()
        answer = slack.call(method, token, self._decoded(body))
        if not self._fails(slack.take_fault(method, before=False)):
            self._answer(200, answer)

    def do_GET(self) -> None:
        if self.path == "/messages":
            self._answer(200, {"messages": [asdict(m) for m in list(self.server.slack.messages)]})
        else:
            self._answer(404, {"ok": False, "error": "not_found"})

    def _decoded(self, body: bytes) -> Json:
        if self.headers.get_content_type() == "application/json":
            decoded: Json = json.loads(body or b"{}")
            return decoded
        return dict(parse_qsl(body.decode()))

    def _fails(self, fault: Fault | None) -> bool:
        """Misbehave as `fault` says; False when there is none."""
        if fault is None:
            return False
        if fault.kind == "error":
            self._answer(200, _error(fault.code))
        elif fault.kind == "status":
            self._send(fault.status, fault.body.encode(), fault.headers)
        elif fault.kind.startswith("hang"):
            self.server.slack.hang()
            self.close_connection = True
        elif fault.kind == "trickle_after":
            self._send(200, b" ", {"content-type": "application/json"}, length=10**6)
            with contextlib.suppress(OSError):
                while not self.server.slack.hang(0.1):
                    self.wfile.write(b" ")
        else:  # drop_before, drop_after
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)
        return True

    def _answer(self, status: int, body: Json) -> None:
        headers = {"content-type": "application/json", "x-oauth-scopes": self.server.slack.scopes}
        self._send(status, json.dumps(body).encode(), headers)

    def _send(self, status: int, body: bytes, headers: Json, *, length: int | None = None) -> None:
        with contextlib.suppress(OSError):  # the caller has gone away, as one with a timeout does
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, str(value))
            self.send_header("content-length", str(len(body) if length is None else length))
            self.end_headers()
            self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Keep the tests' output to what failed."""


def main() -> None:
    """Serve until interrupted."""
    parser = argparse.ArgumentParser(description="A local Slack, for trials.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8080)
    parser.add_argument("--token", default=TOKEN)
    parser.add_argument("--channel", action="append", default=None, metavar="ID[=NAME]")
    options = parser.parse_args()
    channels = dict(given.partition("=")[::2] for given in options.channel or [f"{CHANNEL}=watchdesk"])
    with SlackServer(host=options.host, port=options.port, token=options.token, channels=tuple(channels)) as slack:
        slack.names = channels
        print(f"Slack listens at {slack.url}", flush=True)
        with contextlib.suppress(KeyboardInterrupt):
            threading.Event().wait()


if __name__ == "__main__":
    main()
