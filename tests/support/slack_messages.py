"""What the local Slack keeps, and what it can be told to do wrong."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]


@dataclass(slots=True, kw_only=True)
class Message:
    """One message as the server keeps it."""

    channel: str
    ts: str
    text: str
    blocks: list[Json]
    metadata: Json | None = None
    thread_ts: str | None = None
    broadcast: bool = False
    edits: int = 0
    options: Json = field(default_factory=dict)  # unfurl_links, parse and the like

    @property
    def key(self) -> str | None:
        """The alert's key, from the metadata."""
        return None if self.metadata is None else str(self.metadata["event_payload"]["key"])

    def shown(self, *, metadata: bool) -> Json:
        """As Slack's history shows it."""
        shown: Json = {"type": "message", "user": "U0BOT", "bot_id": "B0BOT", "ts": self.ts}
        shown |= {"text": self.text, "blocks": self.blocks}
        if self.thread_ts:
            shown["thread_ts"] = self.thread_ts
        if metadata and self.metadata is not None:
            shown["metadata"] = self.metadata
        return shown


@dataclass(slots=True, kw_only=True)
class Fault:
    """What goes wrong, with which method, how many times (-1: until it is taken away).

    kinds: `error` (ok false with `code`), `status` (with `status`, `headers`, `body`), `drop_before` and `drop_after`
    (the connection is cut before or after the call took effect), `hang_before` and `hang_after` (no answer comes),
    `trickle_after` (it comes byte by byte and has no end).
    """

    kind: str
    method: str = "chat.postMessage"
    times: int = 1
    code: str = ""
    status: int = 200
    headers: Json = field(default_factory=dict)
    body: str = ""
