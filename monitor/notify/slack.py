"""Slack behind the Notifier port: one call, one answer, no retries of its own."""

from __future__ import annotations

import http.client
import logging
import re
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from datetime import datetime
from functools import partial
from ssl import SSLContext
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web import SlackResponse

from monitor.errors import NotifyError, Verdict
from monitor.notify.base import Doubled, Receipt, Report
from monitor.notify.blocks import SlackMessage, alert_message, note_message, reply_message
from monitor.notify.slack_errors import from_answer, from_failure
from monitor.types import Alert, Mend

EVENT_TYPE = "watchdesk_alert"
DEFAULT_BASE_URL = "https://slack.com/api/"
PAGE = 200  # messages a call; Slack recommends no more
PAGES = 25  # then the history is too long to be read whole

_CHANNEL_ID = re.compile(r"[CDG][A-Z0-9]{2,}")


class SlackNotifier:
    """Says alerts in Slack through a bot token, each with its key in the message's metadata.

    `timeout` is in seconds; no call takes longer than twice that.
    """

    def __init__(
        self, token: str, *, base_url: str = DEFAULT_BASE_URL, timeout: int = 10, ssl: SSLContext | None = None
    ) -> None:
        # The SDK would log failures that are reported here as errors, and requests with their text.
        quiet = logging.getLogger(f"{__name__}.sdk")
        quiet.setLevel(logging.CRITICAL)
        # Its own retries send again what Slack may have taken already.
        self._client = WebClient(token, base_url=base_url, timeout=timeout, ssl=ssl, retry_handlers=[], logger=quiet)
        self._deadline = 2.0 * timeout
        self._ids: dict[str, str] = {}  # of channels that were given by name

    def __repr__(self) -> str:
        return f"SlackNotifier({self._client.base_url!r})"

    def post(self, alert: Alert, *, key: str) -> Receipt:
        """Say it in the alert's channel."""
        return self._say(alert.channel, alert_message(alert), key)

    def edit(self, receipt: Receipt, alert: Alert, *, key: str) -> None:
        """Replace the message at `receipt`."""
        message = alert_message(alert)
        self._call(
            "chat.update",
            lambda: self._client.chat_update(
                channel=receipt.channel,
                ts=receipt.ts,
                text=message.text,
                blocks=list(message.blocks),
                parse="none",
                link_names=False,
                metadata=_metadata(key),
            ),
        )

    def reply(self, receipt: Receipt, reports: Sequence[Report], *, key: str) -> Receipt:
        """Answer in the thread of `receipt`."""
        return self._say(receipt.channel, reply_message(reports), key, thread_ts=receipt.ts)

    def note(self, receipt: Receipt, mend: Mend, *, key: str, broadcast: bool = False) -> Receipt:
        """Say in the thread of `receipt`, and perhaps in the channel, what has changed."""
        return self._say(receipt.channel, note_message(mend), key, thread_ts=receipt.ts, reply_broadcast=broadcast)

    def find(
        self, channel: str, keys: Sequence[str], *, thread: Receipt | None = None, since: datetime | None = None
    ) -> dict[str, Receipt]:
        """Look for `keys` in the metadata of the channel's history, or of the thread's."""
        wanted = frozenset(keys)
        found: dict[str, Receipt] = {}
        for key, receipt in self._said(channel, thread, since):
            if key in wanted and (key not in found or _earlier(receipt, found[key])):
                found[key] = receipt
        return found

    def sweep(self, channel: str, *, since: datetime) -> Sequence[Doubled]:
        """Delete later messages with a key that stands there already."""
        said: dict[str, list[Receipt]] = {}
        for key, receipt in self._said(channel, None, since):
            said.setdefault(key, []).append(receipt)
        doubled = []
        for key, receipts in said.items():
            first, *later = sorted(receipts, key=lambda receipt: _order(receipt.ts))
            for receipt in later:
                self._delete(receipt)
            if later:
                doubled.append(Doubled(key=key, kept=first, deleted=tuple(later)))
        return doubled

    def check(self, channel: str) -> str:
        """Try the token, its scopes and the channel's history, without a word in the channel."""
        who = self._call("auth.test", self._client.auth_test)
        scopes = {scope.strip() for scope in str(_header(who, "x-oauth-scopes")).split(",")}
        if scopes != {""} and "chat:write" not in scopes:
            message = "auth.test: the token lacks the scope chat:write; reinstall the app as docs/alerts.md says"
            raise NotifyError(Verdict.STOP, message, code="missing_scope")
        id_ = self._id(channel)
        self._call("conversations.history", lambda: self._client.conversations_history(channel=id_, limit=1))
        named = channel if channel == id_ else f"{channel} ({id_})"
        return f"{who.get('user', 'a bot')} in {who.get('team', 'a workspace')}, channel {named}"

    def _say(self, channel: str, message: SlackMessage, key: str, **where: Any) -> Receipt:
        id_ = self._id(channel)
        answer = self._call(
            "chat.postMessage",
            lambda: self._client.chat_postMessage(
                channel=id_,
                text=message.text,
                blocks=list(message.blocks),
                mrkdwn=False,
                parse="none",
                link_names=False,
                unfurl_links=False,
                unfurl_media=False,
                metadata=_metadata(key),
                **where,
            ),
        )
        said_in, ts = answer.get("channel"), answer.get("ts")
        if not isinstance(said_in, str) or not isinstance(ts, str):
            raise NotifyError(Verdict.DOUBTFUL, "chat.postMessage: the answer names no message", code="no_ts")
        return Receipt(channel=said_in, ts=ts)

    def _delete(self, receipt: Receipt) -> None:
        try:
            self._call("chat.delete", lambda: self._client.chat_delete(channel=receipt.channel, ts=receipt.ts))
        except NotifyError as error:
            if error.code != "message_not_found":  # somebody else was faster
                raise

    def _said(self, channel: str, thread: Receipt | None, since: datetime | None) -> Iterator[tuple[str, Receipt]]:
        """The keys in the history, with where they stand; raises unless the history was read to its end."""
        oldest = f"{since.timestamp():.6f}" if since else "0"
        id_ = thread.channel if thread else self._id(channel)
        cursor: str | None = None
        for _ in range(PAGES):
            page = self._page(id_, thread, oldest, cursor)
            for message in page.get("messages") or ():
                key = _key(message)
                if key is not None:
                    yield key, Receipt(channel=id_, ts=str(message["ts"]))
            cursor = (page.get("response_metadata") or {}).get("next_cursor")
            if not cursor:
                return
        raise NotifyError(
            Verdict.RETRY, f"the history of {channel} is longer than {PAGE * PAGES} messages", code="history_too_long"
        )

    def _page(self, channel: str, thread: Receipt | None, oldest: str, cursor: str | None) -> SlackResponse:
        if thread is None:
            return self._call(
                "conversations.history",
                lambda: self._client.conversations_history(
                    channel=channel, include_all_metadata=True, limit=PAGE, oldest=oldest, cursor=cursor
                ),
            )
        return self._call(
            "conversations.replies",
            lambda: self._client.conversations_replies(
                channel=channel, ts=thread.ts, include_all_metadata=True, limit=PAGE, oldest=oldest, cursor=cursor
            ),
        )

    def _id(self, channel: str) -> str:
        """The channel's id. A name would do for posting, but the history is only to be had by id."""
        if _CHANNEL_ID.fullmatch(channel):
            return channel
        if channel not in self._ids:
            self._ids[channel] = self._looked_up(channel)
        return self._ids[channel]

    def _looked_up(self, channel: str) -> str:
        """The id of a channel that the app was invited to, by its name."""
        cursor: str | None = None
        for _ in range(PAGES):
            ask = partial(self._client.users_conversations, types="public_channel,private_channel", limit=PAGE)
            page = self._call("users.conversations", partial(ask, cursor=cursor))
            for known in page.get("channels") or ():
                if known.get("name") == channel.removeprefix("#"):
                    return str(known["id"])
            cursor = (page.get("response_metadata") or {}).get("next_cursor")
            if not cursor:
                break
        raise NotifyError(
            Verdict.BAD_CHANNEL,
            f"the app is in no channel {channel!r}; invite it there with /invite, or give the channel's id (C…)",
            code="not_in_channel",
        )

    def _call(self, method: str, call: Callable[[], SlackResponse]) -> SlackResponse:
        """One call; whatever goes wrong becomes a NotifyError that names no secret."""
        try:
            return _within(self._deadline, call)
        except SlackApiError as error:
            raise from_answer(error, method) from None  # its text holds the whole answer
        except (OSError, http.client.HTTPException, SlackClientError, ValueError, LookupError, AttributeError) as error:
            # ValueError and AttributeError: JSON that is no object, text that is not in its charset
            raise from_failure(error, method) from None


def _within(seconds: float, call: Callable[[], SlackResponse]) -> SlackResponse:
    """What `call` gives or raises, or TimeoutError.

    The SDK's timeout is one of each read: an answer that comes byte by byte would never end.  A thread that is left
    behind ends with its connection, and does not keep the program from ending.
    """
    answer: Future[SlackResponse] = Future()

    def ask() -> None:
        try:
            answer.set_result(call())
        except BaseException as error:  # noqa: BLE001 - raised again where the answer is waited for
            answer.set_exception(error)

    threading.Thread(target=ask, name="slack-call", daemon=True).start()
    return answer.result(timeout=seconds)


def _metadata(key: str) -> dict[str, Any]:
    return {"event_type": EVENT_TYPE, "event_payload": {"key": key}}


def _key(message: Any) -> str | None:
    """The key of a message of ours; None for anybody else's."""
    metadata = message.get("metadata") if isinstance(message, dict) else None
    if not isinstance(metadata, dict) or metadata.get("event_type") != EVENT_TYPE:
        return None
    payload = metadata.get("event_payload")
    key = payload.get("key") if isinstance(payload, dict) else None
    return key if isinstance(key, str) else None


def _header(response: SlackResponse, name: str) -> object:
    return next((value for key, value in response.headers.items() if key.lower() == name), "")


def _order(ts: str) -> tuple[int, str]:
    whole, _, part = ts.partition(".")
    return int(whole), part


def _earlier(one: Receipt, other: Receipt) -> bool:
    return _order(one.ts) < _order(other.ts)
