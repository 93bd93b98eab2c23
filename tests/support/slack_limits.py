"""The limits that Slack puts on messages, checked as it does: the error's code, or None for a message it would take.

https://docs.slack.dev/reference/block-kit/blocks; the total of 13,200 characters is not documented and was measured.
"""

from __future__ import annotations

import json
import re
from typing import Any

TOTAL = 13_200
TEXT = 40_000

_RICH_PARENTS = {"rich_text_section", "rich_text_list", "rich_text_quote", "rich_text_preformatted"}
_CONTROL = re.compile(r"<[!@#][^>]*>")


def problem(body: dict[str, Any]) -> str | None:
    """The error that Slack would answer with."""
    text = body.get("text") or ""
    blocks = body.get("blocks") or []
    if not text and not blocks:
        return "no_text"
    if len(text) > TEXT:
        return "msg_too_long"
    if not isinstance(blocks, list) or len(blocks) > 50 or not all(_block(block) for block in blocks):
        return "invalid_blocks"
    if len(json.dumps(blocks, ensure_ascii=False)) > TOTAL:
        return "msg_blocks_too_long"
    metadata = body.get("metadata")
    if metadata is not None:
        if not isinstance(metadata, dict) or set(metadata) != {"event_type", "event_payload"}:
            return "invalid_metadata_format"
        if len(json.dumps(metadata)) > 8_000:
            return "metadata_too_large"
    return None


def alarms(body: dict[str, Any]) -> list[str]:
    """Everything in a message that Slack would turn into a mention, a broadcast or a link by its markup."""
    found = _CONTROL.findall(body.get("text") or "")
    for block in body.get("blocks") or []:
        for text in _texts(block):
            found += re.findall(r"<[^>]*>", text)
    return found


def _texts(node: Any) -> list[str]:
    """The texts of text objects; those of rich text are data, which Slack does not parse."""
    if isinstance(node, list):
        return [text for part in node for text in _texts(part)]
    if not isinstance(node, dict):
        return []
    if node.get("type") in ("plain_text", "mrkdwn"):
        return [node["text"]]
    return [text for value in node.values() for text in _texts(value)]


def _block(block: Any) -> bool:
    if not isinstance(block, dict):
        return False
    kind = block.get("type")
    if kind == "header":
        return _text(block.get("text"), 150, kinds=("plain_text",))
    if kind == "section":
        fields = block.get("fields", [])
        texts = [block["text"]] if "text" in block else []
        return (
            bool(texts or fields)
            and len(fields) <= 10
            and all(_text(text, 3000) for text in texts)
            and all(_text(field, 2000) for field in fields)
        )
    if kind == "context":
        elements = block.get("elements", [])
        return 0 < len(elements) <= 10 and all(_text(element, 3000) for element in elements)
    if kind == "rich_text":
        elements = block.get("elements", [])
        return bool(elements) and all(_rich(element) for element in elements)
    return kind == "divider"


def _text(node: Any, limit: int, kinds: tuple[str, ...] = ("plain_text", "mrkdwn")) -> bool:
    if not isinstance(node, dict) or node.get("type") not in kinds:
        return False
    allowed = {"type", "text", "emoji"} if node["type"] == "plain_text" else {"type", "text", "verbatim"}
    return set(node) <= allowed and isinstance(node.get("text"), str) and 0 < len(node["text"]) <= limit


def _rich(node: Any) -> bool:
    if not isinstance(node, dict) or node.get("type") not in _RICH_PARENTS:
        return False
    elements = node.get("elements", [])
    if node["type"] == "rich_text_list":
        sections = all(isinstance(e, dict) and e.get("type") == "rich_text_section" and _rich(e) for e in elements)
        return bool(elements) and sections and node.get("style") in ("bullet", "ordered")
    return bool(elements) and all(_inline(element) for element in elements)


def _inline(node: Any) -> bool:
    if not isinstance(node, dict):
        return False
    if node.get("type") == "text":
        return isinstance(node.get("text"), str) and bool(node["text"])
    if node.get("type") == "link":
        return isinstance(node.get("url"), str) and re.match(r"https?://", node["url"]) is not None
    return False
