"""Fetching what a source has now, and telling at once when that is what it had before.

Some servers answer 304 (not modified) although there is news.  So every source is asked without validators now and
then.  Where that finds another body than the last one, although the last answer was 304, the same question is put once
more with the old validators: a server that still says 304 has been caught, while one whose source has changed since
says so.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog

from connectors import moves
from connectors.base import FetchOutcome, FetchResult
from connectors.hints import Hints
from connectors.http import Fetcher, Response
from monitor.errors import FetchError
from monitor.sourcememory import Reach
from monitor.types import Source, SourceState

log = structlog.stdlib.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """A body that differs from the last one, and the state that knows it; to be saved only once it has been read."""

    response: Response
    state: SourceState
    denied: bool = False  # the server goes on saying that this body is the last one

    def judged(self, result: FetchResult) -> FetchResult:
        """The result of reading the body: if it has news that a 304 denied, 304 is not believed any more."""
        if not (self.denied and result.items):
            return result
        says = (
            f"{self.response.url_final} answered 304 (not modified) while it had {len(result.items)} new or changed "
            "items; it is asked without ETag and Last-Modified from now on"
        )
        return replace(
            result,
            outcome=FetchOutcome.LYING_304,
            state=replace(result.state, reach=replace(result.state.reach, conditionals_end=True)),
            message="; ".join(filter(None, (result.message, says))),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Question:
    """How a source is asked this time."""

    address: str
    etag: str | None
    last_modified: str | None
    allow_private: bool
    accept: str
    spacing: float
    max_body: int | None

    @property
    def conditional(self) -> bool:
        return bool(self.etag or self.last_modified)

    async def put(self, fetcher: Fetcher) -> Response:
        return await fetcher.get(
            self.address,
            etag=self.etag,
            last_modified=self.last_modified,
            allow_private=self.allow_private,
            accept=self.accept,
            spacing=self.spacing,
            max_body=self.max_body,
        )


async def fetch_changed(
    fetcher: Fetcher,
    source: Source,
    state: SourceState,
    *,
    accept: str,
    unconditional: bool = False,
    spacing: float = 0,
    max_body: int | None = None,
) -> Changed | FetchResult:
    """The source's body if it has changed, else the result that says so; `unconditional` takes it as changed anyway.

    `spacing` and `max_body` are those of `Fetcher.get`.
    """
    now, settings = fetcher.now(), fetcher.settings
    known = moves.of_address(state.reach, source.url)
    with_validators = _Question(
        address=moves.address(known, source.url, failures=state.failures),
        etag=state.etag,
        last_modified=state.last_modified,
        allow_private=source.allow_private,
        accept=accept,
        spacing=spacing,
        max_body=max_body,
    )
    full = unconditional or not _may_be_conditional(source, state, now, settings.full_every)
    question = replace(with_validators, etag=None, last_modified=None) if full else with_validators
    response = await question.put(fetcher)
    after = moves.learned(
        known, question.address, response.moved, now=now, after=timedelta(seconds=settings.moved_after)
    )
    if after.home is not None and after.home != known.home:
        log.info("source_moved", source=source.id, configured=source.url, asked_from_now_on=after.home)
    hints = Hints(cache=response.fresh_for)
    if response.not_modified:
        return FetchResult(
            items=(), state=_refreshed(state, response, after), outcome=FetchOutcome.NOT_MODIFIED, hints=hints
        )
    if not question.conditional:
        after = replace(after, full_fetch=now)
    read = _with_body(state, response, after)
    if read.body_hash == state.body_hash and not unconditional:
        return FetchResult(items=(), state=read, outcome=FetchOutcome.UNCHANGED, hints=hints)
    suspect = full and known.unmodified and with_validators.conditional and read.body_hash != state.body_hash
    return Changed(response=response, state=read, denied=suspect and await _is_denied(fetcher, with_validators))


def _may_be_conditional(source: Source, state: SourceState, now: datetime, full_every: float) -> bool:
    """Whether validators may be sent: they are this address's, 304 is believed, and all was read not too long ago."""
    reach = state.reach
    if reach.configured not in (None, source.url) or reach.conditionals_end:
        return False
    if state.failures >= moves.DOUBTED_AFTER:  # because of them, perhaps; and they may be another address's
        return False
    # A reading that is ahead of the clock was dated before the clock was put right.
    return reach.full_fetch is not None and timedelta() <= now - reach.full_fetch < timedelta(seconds=full_every)


def _refreshed(state: SourceState, response: Response, reach: Reach) -> SourceState:
    """After a 304, which may renew the validators and need not repeat them."""
    return replace(
        state,
        etag=response.etag or state.etag,
        last_modified=response.last_modified or state.last_modified,
        reach=replace(reach, unmodified=True),
    )


def _with_body(state: SourceState, response: Response, reach: Reach) -> SourceState:
    return replace(
        state,
        etag=response.etag,
        last_modified=response.last_modified,
        body_hash=hashlib.sha256(response.body).hexdigest(),
        reach=replace(reach, unmodified=False),
    )


async def _is_denied(fetcher: Fetcher, question: _Question) -> bool:
    """Whether the server still says "not modified" to validators of a body that it has since replaced."""
    try:
        return (await question.put(fetcher)).not_modified
    except FetchError as error:  # then nothing is proven, and the body is read as any other
        log.info("second_question_failed", url=question.address, outcome=error.outcome, error=str(error))
        return False
