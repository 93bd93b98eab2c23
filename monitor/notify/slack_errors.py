"""What Slack's answers mean: every way a call can go wrong, as one NotifyError with a verdict.

The codes: https://docs.slack.dev/reference/methods/chat.postMessage#errors.  A code that is not listed here is a
refusal of this one message: Slack has said clearly that it did not take it, and the others shall not wait behind it.
"""

from __future__ import annotations

import errno
import math
import re
import socket
import ssl
from collections.abc import Mapping
from http import HTTPStatus
from urllib.error import URLError

from slack_sdk.errors import SlackApiError

from monitor.errors import NotifyError, Verdict

DEFAULT_WAIT = 30.0  # seconds, when Slack asks us to wait but not for how long
LONGEST_WAIT = 600.0  # a longer one would be Slack's mistake; asking once in ten minutes harms nobody

_CODES = {
    Verdict.RETRY: ("ratelimited", "rate_limited", "rollup_error", "message_limit_exceeded"),
    Verdict.DOUBTFUL: ("fatal_error", "internal_error", "service_unavailable", "request_timeout"),
    Verdict.BAD_CHANNEL: (
        "channel_not_found",
        "is_archived",
        "not_in_channel",
        "invalid_channel",
        "user_is_restricted",
        "messages_tab_disabled",
    ),
    Verdict.STOP: (
        "invalid_auth",
        "not_authed",
        "token_revoked",
        "token_expired",
        "account_inactive",
        "missing_scope",
        "no_permission",
        "not_allowed_token_type",
        "org_login_required",
        "ekm_access_denied",
        "accesslimited",
        "team_access_not_granted",
    ),
}
_VERDICTS = {code: verdict for verdict, codes in _CODES.items() for code in codes}
_PREFIXES = {"restricted_action": Verdict.BAD_CHANNEL}

_REMEDIES = {
    "channel_not_found": "give the channel's id (C…), and invite the app to it if it is private",
    "not_in_channel": "invite the app to the channel: /invite @watchdesk",
    "is_archived": "unarchive the channel, or name another one",
    "invalid_auth": "check WATCHDESK_SLACK_TOKEN",
    "not_authed": "set WATCHDESK_SLACK_TOKEN",
    "token_revoked": "reinstall the app and set its new token",
    "token_expired": "set a new token",
    "account_inactive": "the app was removed from the workspace: install it again",
    "missing_scope": "reinstall the app with the scopes of docs/alerts.md",
}

_CODE = re.compile(r"[a-z0-9_]+")
# The request surely never left: nobody answered at the address, or there is no way to it.
_NEVER_SENT = frozenset({errno.ECONNREFUSED, errno.ENETUNREACH, errno.EHOSTUNREACH, errno.EADDRNOTAVAIL})


def from_answer(error: SlackApiError, method: str) -> NotifyError:
    """Slack, or something before it, answered, and not with ok."""
    response = error.response
    status = int(response.status_code)
    body = response.data if isinstance(response.data, dict) else {}
    code = str(body.get("error", ""))
    if status == HTTPStatus.TOO_MANY_REQUESTS or code in ("ratelimited", "rate_limited"):
        wait = retry_after(response.headers)
        return NotifyError(
            Verdict.RETRY, f"{method}: Slack asks us to wait {wait:g} s", code="ratelimited", retry_after=wait
        )
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return NotifyError(Verdict.DOUBTFUL, f"{method}: Slack answered with status {status}", code=f"http_{status}")
    if not _CODE.fullmatch(code):
        if status == HTTPStatus.OK:
            return NotifyError(Verdict.DOUBTFUL, f"{method}: the answer was not Slack's JSON", code="not_json")
        return NotifyError(
            Verdict.RETRY,
            f"{method}: status {status} and no answer of Slack's; is WATCHDESK_SLACK_BASE_URL right?",
            code=f"http_{status}",
        )
    return _named(code, method, body)


def _named(code: str, method: str, body: Mapping[str, object]) -> NotifyError:
    verdict = _VERDICTS.get(code)
    if verdict is None:
        verdict = next((v for prefix, v in _PREFIXES.items() if code.startswith(prefix)), Verdict.BAD_MESSAGE)
    message = f"{method}: Slack answered {code}"
    if code == "missing_scope" and _CODE.fullmatch(str(body.get("needed", "")).replace(":", "_").replace(".", "_")):
        message += f", needed {body['needed']}"
    remedy = _REMEDIES.get(code)
    return NotifyError(verdict, f"{message}; {remedy}" if remedy else message, code=code)


def from_failure(error: Exception, method: str) -> NotifyError:
    """No answer came, or none that could be read."""
    cause = error.reason if isinstance(error, URLError) and isinstance(error.reason, Exception) else error
    if isinstance(cause, ssl.SSLCertVerificationError):
        message = f"{method}: the certificate could not be verified ({cause.verify_message})"
        return NotifyError(Verdict.STOP, message, code="certificate")
    kind = type(cause).__name__
    # urllib wraps in URLError what happens before an answer is waited for
    if isinstance(error, URLError) and (
        isinstance(cause, socket.gaierror) or getattr(cause, "errno", None) in _NEVER_SENT
    ):
        return NotifyError(Verdict.RETRY, f"{method}: Slack could not be reached ({kind})", code="unreachable")
    return NotifyError(Verdict.DOUBTFUL, f"{method}: no answer came ({kind})", code="no_answer")


def retry_after(headers: Mapping[str, object]) -> float:
    """Seconds to wait, from a header that is not always a number."""
    values = [value for name, value in headers.items() if name.lower() == "retry-after"]
    given = values[0] if values else None
    if isinstance(given, list | tuple):
        given = given[0] if given else None
    try:
        seconds = float(str(given))
    except ValueError:
        return DEFAULT_WAIT
    if not math.isfinite(seconds) or seconds < 0:
        return DEFAULT_WAIT
    return min(max(seconds, 1.0), LONGEST_WAIT)
