"""A real web server on 127.0.0.1 whose answers a test writes, and which remembers what it was asked."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from aiohttp import web


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """One answer. With validators, a request that carries them back is answered with 304."""

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    content_type: str = "text/html; charset=utf-8"
    etag: str | None = None
    last_modified: str | None = None
    delay: float = 0.0  # seconds before the first byte
    drip: float = 0.0  # seconds between single bytes of the body
    raw: bytes | None = None  # written as it is instead of an HTTP answer


@dataclass(frozen=True, slots=True)
class Request:
    """One request as it came."""

    path: str
    headers: Mapping[str, str]
    at: float  # the server's monotonic clock


Answer = Reply | Callable[[Request], Reply]


class LocalServer:
    """Answers by path, with any query where it was told none; what it was not told to serve is 404."""

    def __init__(self) -> None:
        self.requests: list[Request] = []
        self._answers: dict[str, list[Answer]] = {}
        self._busy = 0
        self.most_at_once = 0
        self.port = 0

    def serve(self, path: str, *answers: Answer) -> str:
        """Answer `path` with each of the answers in turn, and with the last one from then on. Returns the address."""
        self._answers[path] = list(answers)
        return self.url(path)

    def url(self, path: str = "/") -> str:
        """The address of a path."""
        return f"http://127.0.0.1:{self.port}{path}"

    def asked(self, path: str) -> list[Request]:
        """The requests for a path, in order."""
        return [request for request in self.requests if request.path == path]

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Answer one request."""
        seen = Request(request.path_qs, dict(request.headers), asyncio.get_running_loop().time())
        self.requests.append(seen)
        self._busy += 1
        self.most_at_once = max(self.most_at_once, self._busy)
        try:
            return await self._respond(request, self._reply(seen))
        finally:
            self._busy -= 1

    def _reply(self, seen: Request) -> Reply:
        known = self._answers
        answers = (
            known.get(seen.path) or known.get(seen.path.partition("?")[0]) or [Reply(status=404, body=b"not here")]
        )
        answer = answers.pop(0) if len(answers) > 1 else answers[0]
        return answer if isinstance(answer, Reply) else answer(seen)

    async def _respond(self, request: web.Request, reply: Reply) -> web.StreamResponse:
        if reply.delay:
            await asyncio.sleep(reply.delay)
        if reply.raw is not None:
            assert request.transport is not None
            request.transport.write(reply.raw)
            request.transport.close()
            return web.Response()
        headers = {"Content-Type": reply.content_type, **reply.headers}
        if reply.etag is not None:
            headers["ETag"] = reply.etag
        if reply.last_modified is not None:
            headers["Last-Modified"] = reply.last_modified
        same_tag = reply.etag is not None and request.headers.get("If-None-Match") == reply.etag
        same_date = reply.last_modified is not None and request.headers.get("If-Modified-Since") == reply.last_modified
        if same_tag or same_date:
            return web.Response(status=304, headers={k: v for k, v in headers.items() if k != "Content-Type"})
        if not reply.drip:
            return web.Response(status=reply.status, body=reply.body, headers=headers)
        response = web.StreamResponse(status=reply.status, headers=headers)
        await response.prepare(request)
        for byte in reply.body:
            await response.write(bytes([byte]))
            await asyncio.sleep(reply.drip)
        return response


@contextmanager
def local_server() -> Iterator[LocalServer]:
    """A server of its own thread, for as long as the context lasts."""
    server = LocalServer()
    loop = asyncio.new_event_loop()
    ready = threading.Event()

    async def start() -> web.AppRunner:
        app = web.Application(client_max_size=64 * 1024 * 1024)
        app.router.add_route("*", "/{path:.*}", server.handle)
        runner = web.AppRunner(app, shutdown_timeout=0)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        server.port = runner.addresses[0][1]
        ready.set()
        return runner

    def serve() -> None:
        asyncio.set_event_loop(loop)
        runner = loop.run_until_complete(start())
        loop.run_forever()
        for request in asyncio.all_tasks(loop):
            request.cancel()
        loop.run_until_complete(runner.cleanup())
        loop.close()

    thread = threading.Thread(target=serve, name="local-server", daemon=True)
    thread.start()
    if not ready.wait(10):
        raise RuntimeError("the local server did not start within 10 s")
    try:
        yield server
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
