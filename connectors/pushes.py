"""Subscriptions with the hubs of feeds: asking for them, and the server that the hubs call (see `websub`)."""

from __future__ import annotations

import asyncio
import re
import secrets
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime

import structlog
from aiohttp import web

from connectors import websub
from connectors.base import FetchResult
from connectors.hints import Offer
from connectors.http import Fetcher
from connectors.websub import LEASE, PushSettings
from monitor.errors import ConfigError, FetchError
from monitor.observe.metrics import Metrics
from monitor.sourcememory import Push
from monitor.types import Source, SourceState

log = structlog.stdlib.get_logger(__name__)

LARGEST_PUSH = 10 * 1024 * 1024  # bytes; only read for its signature


class Subscriptions:
    """All subscriptions of one poller, within its event loop. `due` is called with a source's id when it was pushed."""

    def __init__(
        self,
        sources: Sequence[Source],
        fetcher: Fetcher,
        settings: PushSettings,
        *,
        clock: Callable[[], datetime],
        metrics: Metrics,
        due: Callable[[str], None],
    ) -> None:
        self._sources = {source.id: source for source in sources}
        self._fetcher = fetcher
        self._settings = settings
        self._clock = clock
        self._metrics = metrics
        self._due = due
        self._pushes: dict[str, Push] = {}
        self._by_token: dict[str, str] = {}
        self._asking: dict[str, asyncio.Task[None]] = {}
        self.port = 0  # that is served

    def recall(self, states: Iterable[SourceState]) -> None:
        """Take over what is remembered of the time before this process."""
        for state in states:
            self._keep(state.source_id, state.pulse.push)

    def of(self, source_id: str) -> Push:
        """The subscription of a source as it is now."""
        return self._pushes.get(source_id, Push())

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[None]:
        """Answer hubs, within the block. Raises ConfigError when the port can't be had."""
        app = web.Application(client_max_size=LARGEST_PUSH)
        path = re.escape(_path(self._settings.callback))
        app.router.add_get(f"/{{any:(?:{path}/)?}}{{token}}", self._verify)
        app.router.add_post(f"/{{any:(?:{path}/)?}}{{token}}", self._push)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
        await runner.setup()
        try:
            await web.TCPSite(runner, self._settings.host, self._settings.port).start()
        except OSError as error:
            await runner.cleanup()
            raise ConfigError(
                f"Hubs can't be answered on {self._settings.host}:{self._settings.port}: {error.strerror or error}. "
                "Set WATCHDESK_WEBSUB_PORT to a free port."
            ) from error
        self.port = runner.addresses[0][1]
        log.info("answering_hubs", port=self.port, callback=self._settings.callback)
        try:
            yield
        finally:
            for task in self._asking.values():
                task.cancel()
            await runner.cleanup()

    def polled(self, source: Source, result: FetchResult, *, before: datetime | None) -> Push:
        """Note a poll that went well, and ask the hub where that is due. `before` is when the last one did."""
        now, push = self._clock(), self.of(source.id)
        known = websub.polled(push, news=bool(result.items), before=before, now=now)
        if known.missed > push.missed:
            self._metrics.pushes.labels(source.id, "missed").inc()
        self._keep(source.id, known)
        wanted = result.hub
        if result.listing is None and known.hub:  # nothing was read anew: what was offered before still is
            wanted = Offer(hub=known.hub, topic=known.topic)
        if wanted is not None and source.id not in self._asking and websub.must_ask(known, wanted, now):
            self._keep(
                source.id,
                websub.asked(known, wanted, now, token=secrets.token_urlsafe(24), secret=secrets.token_hex(32)),
            )
            task = asyncio.create_task(self._ask(source), name=f"subscribe {source.id}")
            self._asking[source.id] = task
            task.add_done_callback(lambda _: self._asking.pop(source.id, None))
        return self.of(source.id)

    async def _ask(self, source: Source) -> None:
        """Ask the hub to push; it answers by a request of its own."""
        push = self.of(source.id)
        form = {
            "hub.callback": f"{self._settings.callback.rstrip('/')}/{push.token}",
            "hub.mode": "subscribe",
            "hub.topic": push.topic,
            "hub.lease_seconds": str(int(LEASE.total_seconds())),
            "hub.secret": push.secret,
        }
        try:
            await self._fetcher.post(push.hub, form, allow_private=source.allow_private)
        except FetchError as error:
            log.warning("hub_refuses", source=source.id, hub=push.hub, outcome=error.outcome, error=str(error))
        else:
            log.info("hub_asked", source=source.id, hub=push.hub, topic=push.topic)

    async def _verify(self, request: web.Request) -> web.Response:
        """The hub asks whether we want what we asked for."""
        source_id = self._by_token.get(request.match_info["token"])
        if source_id is None:
            return web.Response(status=404)
        push, asked = self.of(source_id), request.query
        if asked.get("hub.mode") == "denied":
            log.warning("hub_denies", source=source_id, hub=push.hub, reason=asked.get("hub.reason", "")[:300])
            return web.Response()
        wanted = asked.get("hub.mode") == "subscribe" and asked.get("hub.topic") == push.topic
        if not wanted or push.asked is None or "hub.challenge" not in asked:
            return web.Response(status=404)
        self._keep(source_id, websub.verified(push, asked.get("hub.lease_seconds", ""), self._clock()))
        log.info("hub_pushes", source=source_id, hub=push.hub, until=str(self.of(source_id).until))
        return web.Response(text=asked["hub.challenge"], content_type="text/plain")

    async def _push(self, request: web.Request) -> web.Response:
        """Something is new, says somebody who may be the hub."""
        source_id = self._by_token.get(request.match_info["token"])
        if source_id is None:
            return web.Response(status=410)  # of a source that is no longer read: the hub need not go on
        push, body = self.of(source_id), await request.read()
        if not websub.signed(body, request.headers.get("X-Hub-Signature"), push.secret):
            self._metrics.pushes.labels(source_id, "forged").inc()
            log.warning("push_not_signed", source=source_id)
            return web.Response(status=202)  # WebSub, 8: whoever guesses learns nothing
        self._keep(source_id, websub.pushed(push, self._clock()))
        self._metrics.pushes.labels(source_id, "received").inc()
        self._due(source_id)
        return web.Response(status=202)

    def _keep(self, source_id: str, push: Push) -> None:
        before = self._pushes.get(source_id)
        if before is not None and before.token != push.token:
            self._by_token.pop(before.token, None)
        self._pushes[source_id] = push
        if push.token:
            self._by_token[push.token] = source_id


def _path(callback: str) -> str:
    """The path of the public address, without slashes around it: a proxy may leave it or take it away."""
    return callback.partition("://")[2].partition("/")[2].strip("/")
