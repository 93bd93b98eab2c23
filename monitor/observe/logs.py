"""Logs: one line an event, for people or as JSON, UTC, with secrets masked and nothing that a terminal would obey."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterable
from typing import Any, TextIO
from urllib.parse import unquote, urlsplit

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

MASK = "***"
# Slack's tokens: bot, user, app-level, configuration, refresh and legacy ones (Slack's documentation, "Token types").
_TOKENS = re.compile(r"\b(?:xox[a-z](?:\.xox[a-z])?|xapp|xwfp)-[\w-]{4,}")
_URL_PASSWORD = re.compile(r"(?P<before>[a-z][a-z0-9+.-]*://[^\s/:@]*:)[^\s/@]+@", re.IGNORECASE)
_BEARER = re.compile(r"(?P<before>\bbearer\s+)\S+", re.IGNORECASE)
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
SHORTEST_SECRET = 4  # masking shorter ones would blot out ordinary words

Redactor = Callable[[str], str]


def redactor(secrets: Iterable[str] = ()) -> Redactor:
    """A function that masks these secrets, the passwords in them where they are URLs, and whatever looks like one."""
    values = set(secrets)
    values |= {part for value in values for part in _password(value)}
    known = sorted((value for value in values if len(value) >= SHORTEST_SECRET), key=len, reverse=True)
    pattern = re.compile("|".join(map(re.escape, known))) if known else None

    def redact(text: str) -> str:
        if pattern is not None:
            text = pattern.sub(MASK, text)
        text = _TOKENS.sub(MASK, text)
        text = _URL_PASSWORD.sub(rf"\g<before>{MASK}@", text)
        return _BEARER.sub(rf"\g<before>{MASK}", text)

    return redact


def configure(*, stream: TextIO, form: str, level: str, process: str, secrets: Iterable[str] = ()) -> None:
    """Send all logs of this program and its libraries to `stream`: `form` is "pretty" or "json"."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _naming(process),
        structlog.processors.StackInfoRenderer(),
        structlog.processors.format_exc_info,
        _cleaning(redactor(secrets)),
    ]
    last: Processor
    if form == "json":
        last = structlog.processors.JSONRenderer(ensure_ascii=False, default=str)
    else:
        last = structlog.dev.ConsoleRenderer(colors=stream.isatty(), sort_keys=False)
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared, processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, last]
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    number = logging.getLevelNamesMapping()[level.upper()]
    root.setLevel(max(number, logging.WARNING))
    logging.getLogger("kafka").setLevel(max(number, logging.ERROR))  # it warns with every attempt of an outage; we tell
    for ours in ("monitor", "connectors", "migrations"):
        logging.getLogger(ours).setLevel(number)
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )


def _password(value: str) -> Iterable[str]:
    """The password inside a URL, as written and decoded; nothing for what is no URL."""
    try:
        password = urlsplit(value).password
    except ValueError:
        return ()
    return (password, unquote(password)) if password else ()


def _naming(process: str) -> Processor:
    def name(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
        event["process"] = process
        return event

    return name


def _cleaning(redact: Redactor) -> Processor:
    def clean(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
        # Keys with an underscore are structlog's own and are taken out before anything is written.
        return {key: value if key.startswith("_") else _cleaned(value, redact) for key, value in event.items()}

    return clean


def _cleaned(value: Any, redact: Redactor) -> Any:
    if isinstance(value, str):
        return _CONTROLS.sub("\N{REPLACEMENT CHARACTER}", redact(value))
    if isinstance(value, dict):
        return {key: _cleaned(inner, redact) for key, inner in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_cleaned(inner, redact) for inner in value]
    if value is None or isinstance(value, bool | int | float):
        return value
    return _cleaned(str(value), redact)
