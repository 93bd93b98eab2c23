"""The tree of errors.

WatchdeskError
├── ConfigError            a file, setting or option is wrong; says which, where and what was expected (exit 2)
├── FetchError             a source could not be read; `outcome` is the metric's label
├── BusError               the bus could not take or give messages; temporary
│   ├── BusConfigError     it never will: wrong address, wrong credentials
│   └── RecordTooLarge     it never will take this one record
├── DecodeError            a message is no RawItem; permanent, goes to the dead letters
│   └── UnknownVersion     of a major version that this program does not know; parked, not dropped
├── StorageError           Postgres could not do it; `temporary` says whether to try again
└── NotifyError            Slack did not take a message; `verdict` says what to do
"""

from __future__ import annotations

from enum import StrEnum


class WatchdeskError(Exception):
    """Everything that this program raises on purpose."""


class ConfigError(WatchdeskError):
    """A file, setting or option is wrong."""


class FetchError(WatchdeskError):
    """A source could not be read; `outcome` comes from a closed list and is the metric's label."""

    def __init__(self, outcome: str, message: str, *, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.outcome = outcome
        self.retry_after = retry_after  # seconds that the server asked us to wait

    def __reduce__(self) -> tuple[object, ...]:
        return _fetch_error, (self.outcome, str(self), self.retry_after), {"__notes__": getattr(self, "__notes__", [])}


def _fetch_error(outcome: str, message: str, retry_after: float | None) -> FetchError:
    """As it was before it went from one process to another."""
    return FetchError(outcome, message, retry_after=retry_after)


class BusError(WatchdeskError):
    """The bus could not take or give messages; trying again may help."""


class BusConfigError(BusError):
    """The bus can't be reached as it is set up; trying again will not help."""


class RecordTooLarge(BusError):
    """One record is larger than the bus takes; the others may go."""


class DecodeError(WatchdeskError):
    """A message is no RawItem: it goes to the dead letters."""


class UnknownVersion(DecodeError):
    """A message of a major version that this program does not know."""


class StorageError(WatchdeskError):
    """Postgres could not do it."""

    def __init__(self, message: str, *, temporary: bool, sqlstate: str | None = None) -> None:
        super().__init__(message)
        self.temporary = temporary
        self.sqlstate = sqlstate


class Verdict(StrEnum):
    """What is to be done after a message was not surely taken."""

    RETRY = "retry"  # surely not taken: try again later
    DOUBTFUL = "doubtful"  # perhaps taken: look before trying again
    BAD_MESSAGE = "bad_message"  # this message never will be
    BAD_CHANNEL = "bad_channel"  # this channel takes none
    STOP = "stop"  # nothing will be taken until an operator mends it


class NotifyError(WatchdeskError):
    """A message was not surely taken."""

    def __init__(self, verdict: Verdict, message: str, *, code: str = "", retry_after: float | None = None) -> None:
        super().__init__(message)
        self.verdict = verdict
        self.code = code
        self.retry_after = retry_after
