"""Parsing beside the event loop, in processes of their own: a few at a time, each for a bounded time and memory."""

from __future__ import annotations

import asyncio
import atexit
import os
import pickle
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any, ParamSpec, TypeVar

from connectors.base import FetchOutcome
from connectors.workerprocess import GRACE, Failure, read_frame, write_frame
from monitor.errors import FetchError

P = ParamSpec("P")
T = TypeVar("T")

START_SECONDS = 60.0  # for a process to start and to import what it needs, on a busy machine
MOST_JOBS = 500  # of one process; then another takes its place, and what leaked is given back
KEPT = 2  # processes that wait for work, ready to start at once
# All that a process is told of the environment: no secrets, nothing that decides what it does.
_ENVIRONMENT = ("PATH", "LANG", "LC_ALL", "LC_CTYPE", "LD_LIBRARY_PATH", "SYSTEMROOT", "TMPDIR", "TEMP")


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much one piece of work may take."""

    seconds: float = 5.0
    memory: int = 1024 * 1024 * 1024  # bytes of address space, where the system limits it


class Workers:
    """Runs plain functions in processes that are killed when they take too long or too much.

    Functions are those of modules, arguments and results such as pickle takes. The processes are kept for the next
    piece of work, also for that of other Workers with the same limits, and end with the program.
    """

    def __init__(self, *, at_once: int = 2, limits: Limits | None = None) -> None:
        self._slots = asyncio.Semaphore(at_once)
        self._pool = _pool(limits or Limits())

    async def run(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """What the function returns or raises.

        Raises FetchError(parse_error) when it takes too long or too much memory, or ends its process.
        """
        async with self._slots:
            loop = asyncio.get_running_loop()
            future: asyncio.Future[T] = loop.create_future()
            job = _Job(self._pool, (function, args, kwargs))

            def work() -> None:
                try:
                    result = job.done()
                except BaseException as error:  # noqa: BLE001 - handed to whoever waits, who raises it
                    _hand_over(loop, future, error=error)
                else:
                    _hand_over(loop, future, result=result)

            threading.Thread(target=work, name=f"parse-{function.__name__}", daemon=True).start()
            try:
                return await future
            except asyncio.CancelledError:
                job.cancel()
                raise


class _Job:
    """One piece of work, done in a thread that waits for its process."""

    def __init__(self, pool: _Pool, request: tuple[Callable[..., Any], tuple[Any, ...], dict[str, Any]]) -> None:
        self._pool = pool
        self._request = request
        self._lock = threading.Lock()
        self._process: _Process | None = None
        self._cancelled = False

    def done(self) -> Any:
        """The result. Raises what the work raises, or FetchError(parse_error)."""
        frame = pickle.dumps(self._request, pickle.HIGHEST_PROTOCOL)
        with self._lock:
            if self._cancelled:
                return None  # nobody waits
            process = self._process = self._pool.take()
        try:
            return process.call(frame)
        finally:
            with self._lock:
                self._process = None
            self._pool.give_back(process)

    def cancel(self) -> None:
        """Nobody waits any more: what it does is not worth the time."""
        with self._lock:
            self._cancelled = True
            if self._process:
                self._process.kill()


class _Process:
    """One process, used by one thread at a time; only `kill` may come from another."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._jobs = 0
        self._overran = False
        self.usable = True
        environment = {name: os.environ[name] for name in _ENVIRONMENT if name in os.environ}
        environment["PYTHONPATH"] = os.pathsep.join(path or os.getcwd() for path in sys.path)
        environment["OPENBLAS_NUM_THREADS"] = "1"  # its threads would take the memory that is meant for the work
        self._popen = subprocess.Popen(
            [sys.executable, "-P", "-c", "from connectors.workerprocess import main; main()"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=environment,
        )
        assert self._popen.stdin is not None
        assert self._popen.stdout is not None
        self._to, self._back = self._popen.stdin, self._popen.stdout
        self._send(pickle.dumps((limits.seconds + GRACE, limits.memory)))

    def call(self, frame: bytes) -> Any:
        """What the work in `frame` returns or raises; FetchError(parse_error) when the process did not live to tell."""
        self._jobs += 1
        try:
            with self._killed_after(START_SECONDS):
                self._send(frame)
                first = read_frame(self._back)  # empty: it has begun; else it failed before
            if first:
                return self._outcome(first)
            with self._killed_after(self._limits.seconds):
                answer = read_frame(self._back)
        except EOFError as error:
            raise self._ended() from error
        return self._outcome(answer)

    def _outcome(self, answer: bytes) -> Any:
        result = pickle.loads(answer)  # noqa: S301 - from our own process
        if not isinstance(result, Failure):
            return result
        if result.error is not None:
            raise result.error
        self.usable = False
        raise FetchError(
            FetchOutcome.PARSE_ERROR,
            f"reading it took more than {self._limits.memory // 2**20} MiB of memory and was given up",
        )

    def _send(self, frame: bytes) -> None:
        try:
            write_frame(self._to, frame)
        except OSError as error:
            raise EOFError from error

    def _ended(self) -> FetchError:
        self.usable = False
        self.kill()
        code = self._popen.wait()
        if self._overran:
            words = f"reading it took longer than {self._limits.seconds:g} s and was given up"
        else:
            words = f"the process that read it ended ({f'signal {-code}' if code < 0 else f'status {code}'})"
        return FetchError(FetchOutcome.PARSE_ERROR, words)

    @contextmanager
    def _killed_after(self, seconds: float) -> Iterator[None]:
        timer = threading.Timer(seconds, self._overrun)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()

    def _overrun(self) -> None:
        self._overran = True
        self.kill()

    @property
    def worn(self) -> bool:
        """Whether another process should take its place."""
        return not self.usable or self._jobs >= MOST_JOBS or self._popen.poll() is not None

    def kill(self) -> None:
        """End it now. Safe to call from any thread and again."""
        self._popen.kill()

    def close(self) -> None:
        """End it, and let go of what the system holds of it."""
        self.kill()
        self._popen.wait()
        for pipe in (self._to, self._back):
            try:
                pipe.close()
            except OSError:
                pass  # what was still to be sent goes nowhere: the process is gone


class _Pool:
    """Processes that wait for work; started when there is some, ended with the program."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._lock = threading.Lock()
        self._idle: list[_Process] = []
        atexit.register(self.close)

    def take(self) -> _Process:
        """One that is ready; a new one, if none is."""
        with self._lock:
            while self._idle:
                process = self._idle.pop()
                if not process.worn:
                    return process
                process.close()
        return _Process(self._limits)

    def give_back(self, process: _Process) -> None:
        """Keep it for the next piece of work, or end it."""
        with self._lock:
            if not process.worn and len(self._idle) < KEPT:
                self._idle.append(process)
                return
        process.close()

    def close(self) -> None:
        """End all that wait."""
        with self._lock:
            while self._idle:
                self._idle.pop().close()


@cache
def _pool(limits: Limits) -> _Pool:
    return _Pool(limits)


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
