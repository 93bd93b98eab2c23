"""The process in which hostile bytes are read: it takes one piece of work at a time from its standard input.

It ends with its input, so it never outlives the program that started it by more than one piece of work, and a timer of
the system's ends that one even when nobody is left to do so.
"""

from __future__ import annotations

import logging
import os
import pickle
import signal
import struct
import sys
import traceback
from dataclasses import dataclass
from typing import IO

LENGTH = struct.Struct("!Q")
GRACE = 2  # seconds by which the system's timer is later than whoever waits for the work


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """How a piece of work failed. `exhausted`: it wanted too much memory, and its process is of no more use."""

    error: Exception | None
    exhausted: bool = False


def write_frame(stream: IO[bytes], frame: bytes) -> None:
    """One message, its length before it."""
    stream.write(LENGTH.pack(len(frame)))
    stream.write(frame)
    stream.flush()


def read_frame(stream: IO[bytes]) -> bytes:
    """One message. Raises EOFError when the other side has ended."""
    header = stream.read(LENGTH.size)
    if len(header) < LENGTH.size:
        raise EOFError
    (length,) = LENGTH.unpack(header)
    frame = stream.read(length)
    if len(frame) < length:
        raise EOFError
    return frame


def main() -> None:
    """Work until the input ends."""
    requests, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints must not come among the answers
    logging.getLogger().addHandler(logging.NullHandler())
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the program; it closes the input then
    seconds, memory = pickle.loads(read_frame(requests))  # noqa: S301 - from the program itself
    _limit_memory(memory)
    while True:
        try:
            frame = read_frame(requests)
        except EOFError:
            return
        _end_after(seconds)
        answer = _answer(frame, answers)
        _end_after(None)
        write_frame(answers, answer)


def _answer(frame: bytes, answers: IO[bytes]) -> bytes:
    """The result or the failure of one piece of work, as bytes."""
    try:
        function, args, kwargs = pickle.loads(frame)  # noqa: S301 - from the program itself
        write_frame(answers, b"")  # what it takes to import is not counted
        return pickle.dumps(function(*args, **kwargs), pickle.HIGHEST_PROTOCOL)
    except MemoryError:
        return pickle.dumps(Failure(error=None, exhausted=True))
    except Exception as error:  # noqa: BLE001 - handed to whoever waits, who raises it
        error.add_note("In the worker:\n" + traceback.format_exc())
        return _failure(error)


def _failure(error: Exception) -> bytes:
    try:
        frame = pickle.dumps(Failure(error=error))
        pickle.loads(frame)  # noqa: S301 - made above: some errors go in and do not come out
    except Exception:  # noqa: BLE001 - an error that can't travel is told in words
        return pickle.dumps(Failure(error=RuntimeError(f"{type(error).__name__}: {error}")))
    return frame


def _limit_memory(memory: int) -> None:
    """No more address space than so many bytes, where the system has such a limit."""
    try:
        import resource
    except ImportError:  # Windows
        return
    if hasattr(resource, "RLIMIT_AS"):
        _, most = resource.getrlimit(resource.RLIMIT_AS)
        resource.setrlimit(resource.RLIMIT_AS, (memory if most < 0 else min(memory, most), most))


def _end_after(seconds: float | None) -> None:
    """End this process, whatever it does, unless called again before. Where the system has no timers, nothing."""
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_REAL, 0 if seconds is None else seconds)
