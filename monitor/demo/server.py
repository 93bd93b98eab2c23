"""The demo's web server: every outlet of the stream on one free port of this machine."""

from __future__ import annotations

import asyncio
import hashlib
import threading
from collections.abc import Callable, Sequence
from datetime import datetime
from types import TracebackType
from typing import Self

from aiohttp import web

from monitor.demo.feeds import local_address, media_type, write_feed
from monitor.demo.pages import write_article, write_liveblog
from monitor.demo.sources import OUTLETS, Outlet, Shape
from monitor.demo.stream import DemoItem, visible

HOST = "127.0.0.1"
START_SECONDS = 10.0


class DemoServer:
    """Serves what is out at the clock's time; use it with `with`."""

    def __init__(self, items: Sequence[DemoItem], clock: Callable[[], datetime]) -> None:
        self._items = tuple(items)
        self._clock = clock
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="demo-server", daemon=True)
        self._runner: web.AppRunner | None = None
        self.base_url = ""

    def __enter__(self) -> Self:
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._start(), self._loop).result(START_SECONDS)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None, /
    ) -> None:
        if self._runner is not None:
            asyncio.run_coroutine_threadsafe(self._runner.cleanup(), self._loop).result(START_SECONDS)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(START_SECONDS)
        self._loop.close()

    async def _start(self) -> None:
        app = web.Application()
        app.router.add_get("/robots.txt", self._robots)
        app.router.add_get("/{path:.*}", self._answer)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        site = web.TCPSite(self._runner, HOST, 0)
        await site.start()
        port = self._runner.addresses[0][1]
        self.base_url = f"http://{HOST}:{port}"

    async def _robots(self, _request: web.Request) -> web.Response:
        return web.Response(text="User-agent: *\nAllow: /\n")

    async def _answer(self, request: web.Request) -> web.Response:
        found = self._page(request.path)
        if found is None:
            raise web.HTTPNotFound(text="There is nothing here (yet).\n")
        body, content_type = found
        etag = hashlib.sha256(body).hexdigest()[:16]
        headers = {"ETag": f'"{etag}"', "Cache-Control": "no-cache"}
        known = request.if_none_match
        if known and any(tag.value == etag for tag in known):
            return web.Response(status=304, headers=headers)
        return web.Response(body=body, headers=headers | {"Content-Type": content_type})

    def _page(self, path: str) -> tuple[bytes, str] | None:
        """What stands at `path` now, and its media type; None where nothing does."""
        out = visible(self._items, self._clock())
        for outlet in OUTLETS:
            if outlet.path == path and outlet.shape is not Shape.PAGE:
                return self._source(outlet, [item for item in out if item.via == outlet.id])
        for item in out:
            if local_address("", item.url) == path:
                outlet = next(outlet for outlet in OUTLETS if outlet.id == item.via)
                return write_article(outlet, item, self.base_url), "text/html; charset=utf-8"
        return None

    def _source(self, outlet: Outlet, items: Sequence[DemoItem]) -> tuple[bytes, str]:
        if outlet.shape is Shape.LIVEBLOG:
            return write_liveblog(outlet, items, self.base_url), "text/html; charset=utf-8"
        return write_feed(outlet, items, self.base_url), media_type(outlet.shape)
