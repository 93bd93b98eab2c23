"""Logs: the form, the level, and that neither secrets nor terminal commands get through."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
import structlog

from monitor.observe.logs import configure, redactor

TOKEN = "xoxb-123456789012-abcdefghijkl"


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    """Somewhere to log to; the logging of the test run is put back afterwards."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield io.StringIO()
    root.handlers[:] = handlers
    root.setLevel(level)
    for name in ("monitor", "connectors", "migrations"):
        logging.getLogger(name).setLevel(logging.NOTSET)
    structlog.reset_defaults()


def to_json(stream: io.StringIO, level: str = "info", secrets: tuple[str, ...] = ()) -> None:
    configure(stream=stream, form="json", level=level, process="poll", secrets=secrets)


def events(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_an_event_has_time_level_process_and_its_own_fields(stream: io.StringIO) -> None:
    to_json(stream)
    structlog.stdlib.get_logger("monitor.x").info("polled", source="yonhap", items=3)
    (event,) = events(stream)
    assert datetime.fromisoformat(event.pop("timestamp")).utcoffset().total_seconds() == 0  # type: ignore[union-attr]
    assert event == {
        "event": "polled",
        "level": "info",
        "logger": "monitor.x",
        "process": "poll",
        "source": "yonhap",
        "items": 3,
    }


def test_plain_logging_comes_out_in_the_same_form(stream: io.StringIO) -> None:
    to_json(stream)
    logging.getLogger("monitor.y").warning("lost %d of %d", 1, 2, extra={"source": "tass"})
    (event,) = events(stream)
    assert (event["event"], event["level"], event["source"]) == ("lost 1 of 2", "warning", "tass")


def test_the_level_is_ours_and_libraries_are_quieter(stream: io.StringIO) -> None:
    to_json(stream, level="debug")
    structlog.stdlib.get_logger("monitor.x").debug("seen")
    logging.getLogger("connectors.feed").debug("seen too")
    logging.getLogger("aiohttp.client").info("chatter")
    logging.getLogger("aiohttp.client").warning("trouble")
    logging.getLogger("kafka.client").warning("once an attempt, all through an outage")
    logging.getLogger("kafka.client").error("trouble with Kafka")
    assert [event["event"] for event in events(stream)] == ["seen", "seen too", "trouble", "trouble with Kafka"]


def test_secrets_are_masked_in_messages_fields_and_tracebacks(stream: io.StringIO) -> None:
    """Known values, passwords of known URLs, and whatever looks like a token or a password in a URL."""
    to_json(stream, secrets=("postgresql://u:p%40ssw0rt@h/d", "hunter2hunter2"))
    log = structlog.stdlib.get_logger("monitor.x")
    try:
        raise RuntimeError(f"rejected {TOKEN} and p@ssw0rt")
    except RuntimeError:
        log.exception("failed for hunter2hunter2", url="https://me:geheim@h/x", more={"list": [TOKEN, "p%40ssw0rt"]})
    logging.getLogger("monitor.y").error("header %s", "Authorization: Bearer abc.def")
    text = stream.getvalue()
    for secret in (TOKEN, "p@ssw0rt", "p%40ssw0rt", "hunter2hunter2", "geheim", "abc.def"):
        assert secret not in text
    assert "RuntimeError: rejected ***" in events(stream)[0]["exception"]


def test_what_a_terminal_would_obey_is_taken_out(stream: io.StringIO) -> None:
    """A title from the news can neither colour the screen nor turn the text round."""
    configure(stream=stream, form="pretty", level="info", process="poll")
    structlog.stdlib.get_logger("monitor.x").info("title \x1b[31mred\x07 \u202eback", title="a\rb")
    text = stream.getvalue()
    assert not {"\x1b", "\x07", "\u202e", "\r"} & set(text)
    assert "red" in text


@pytest.mark.parametrize(
    "text",
    ["the price of xoxo", "see https://news.example/a:b@c", "a ratio of 3:4@noon", "the bearer"],
)
def test_ordinary_text_stays_as_it_is(text: str) -> None:
    assert redactor(("abc",))(text) == text


@pytest.mark.parametrize("token", [TOKEN, "xapp-1-A0-1234-abcd", "xoxe.xoxp-1-abcd", "xoxe-1-abcdef"])
def test_every_kind_of_slack_token_is_masked(token: str) -> None:
    assert redactor()(f"token={token}.") == "token=***."
