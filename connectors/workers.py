"""Parsing beside the event loop: a few at a time, each for a bounded time."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from connectors.base import FetchOutcome
from monitor.errors import FetchError

P = ParamSpec("P")
T = TypeVar("T")


class Workers:
    """Runs plain functions in threads of their own. Functions and arguments are such as could go to a process.

    A thread that overruns its time can't be stopped; it is left behind and no longer waited for, not even at exit.
    """

    def __init__(self, *, at_once: int = 2, seconds: float = 10) -> None:
        self._slots = asyncio.Semaphore(at_once)
        self._seconds = seconds

    async def run(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """What the function returns or raises; FetchError(parse_error) when it takes too long."""
        async with self._slots:
            loop = asyncio.get_running_loop()
            future: asyncio.Future[T] = loop.create_future()

            def work() -> None:
                try:
                    result = function(*args, **kwargs)
                except BaseException as error:  # noqa: BLE001 - handed to whoever waits, who raises it
                    _hand_over(loop, future, error=error)
                else:
                    _hand_over(loop, future, result=result)

            threading.Thread(target=work, name=f"parse-{function.__name__}", daemon=True).start()
            try:
                return await asyncio.wait_for(future, self._seconds)
            except TimeoutError as error:
                raise FetchError(
                    FetchOutcome.PARSE_ERROR, f"reading it took longer than {self._seconds:g} s and was given up"
                ) from error


def _hand_over(
    loop: asyncio.AbstractEventLoop,
    future: asyncio.Future[T],
    *,
    result: T | None = None,
    error: BaseException | None = None,
) -> None:
    def settle() -> None:
        if future.done():
            return  # given up in the meantime
        if error is not None:
            future.set_exception(error)
        else:
            future.set_result(result)  # type: ignore[arg-type]  # None only where T allows it

    try:
        loop.call_soon_threadsafe(settle)
    except RuntimeError:
        return  # the loop has closed: nobody waits any more
