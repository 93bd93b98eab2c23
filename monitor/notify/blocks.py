"""Alerts as Slack's Block Kit.

What the news says goes only into plain text and into the text elements of rich text, where Slack parses no mentions,
links or formatting; mrkdwn holds nothing but our own labels and dates.  Text objects are escaped (Slack decodes them);
rich text is data and is not.  Limits: https://docs.slack.dev/reference/block-kit/blocks, and the undocumented total
of about 13,200 characters after which chat.postMessage answers `msg_blocks_too_long`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from monitor.notify.base import Report
from monitor.notify.content import VOID, Content, ReportLine, content, note_content, report_heading, report_lines
from monitor.notify.text import Link, escaped
from monitor.types import Alert, Mend

HEADER_LIMIT = 150
SECTION_LIMIT = 3000
FIELD_LIMIT = 2000
FALLBACK_LIMIT = 600

Json = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class SlackMessage:
    """What chat.postMessage takes: blocks, and the text that stands in for them."""

    blocks: tuple[Json, ...]
    text: str


def alert_message(alert: Alert) -> SlackMessage:
    """One development, the summary of a source's first fill, or a notice."""
    said = content(alert)
    blocks = _summary(said) if said.summary else _development(said)
    return SlackMessage(blocks=tuple(blocks), text=escaped(said.plain, FALLBACK_LIMIT))


def reply_message(reports: Sequence[Report]) -> SlackMessage:
    """Later reports, for the thread."""
    lines = report_lines(reports)
    heading = report_heading(len(lines))
    items = [_section(*_report(line)) for line in lines]
    blocks = (_rich(_section(_bold(heading)), _list(items)),)
    sources = ", ".join(dict.fromkeys(line.source for line in lines))
    return SlackMessage(blocks=blocks, text=escaped(f"{heading}: {sources}", FALLBACK_LIMIT))


def note_message(mend: Mend) -> SlackMessage:
    """What has changed, for the thread."""
    said = note_content(mend)
    elements: list[Json] = [_section(_bold(said.headline))]
    if said.quote:
        elements.append({"type": "rich_text_quote", "elements": [_text(said.quote)]})
    elements.append(_section(_text(said.who), *([_text(" · "), _link(said.link)] if said.link else [])))
    if said.before:
        elements.append(_section(_bold("Told before"), _text(f" by {said.before}")))
    return SlackMessage(blocks=(_rich(*elements),), text=escaped(said.headline, FALLBACK_LIMIT))


def _development(said: Content) -> list[Json]:
    head = [_header(VOID), _rich(_section(_struck(said.headline)))] if said.void else [_header(said.headline)]
    if said.mends:
        head.append(_rich(_list([_section(_bold(line)) for line in said.mends])))
    blocks = [*head, _rich(_section(*_status(said))), _rich(*_evidence(said)), _fields(said)]
    if said.story:
        items = [_section(_text(line)) for line in said.story]
        blocks.append(_rich(_section(_bold("Earlier in this story")), _list(items)))
    if said.reasons:
        blocks.append(_context(*(f"{reason.label}: {reason.value}" for reason in said.reasons)))
    return blocks


def _summary(said: Content) -> list[Json]:
    head: list[Json] = [_section(_bold(said.headline))]
    if said.lines:
        head.append(_list([_section(_text(line)) for line in said.lines]))
    blocks = [_rich(*head)]
    notes = [said.changed, *(reason.value for reason in said.reasons)]
    if any(notes):
        blocks.append(_context(*(note for note in notes if note)))
    return blocks


def _status(said: Content) -> list[Json]:
    elements = [_bold(said.status)] if said.status else []
    if said.about:
        elements.append(_text(f" · {said.about}" if elements else said.about))
    if said.changed:
        elements.append(_text(f"\n{said.changed}" if elements else said.changed))
    return elements or [_text(said.headline)]


def _evidence(said: Content) -> list[Json]:
    parts: list[Json] = []
    if said.quote:
        told = _struck(said.quote) if said.void else _text(said.quote)
        parts.append({"type": "rich_text_quote", "elements": [told]})
    if said.speaker:
        elements = [_bold(said.speaker), _text(f"{said.standing}, in {said.voice}")]
    else:
        elements = [_text(said.voice)]
    if said.link:
        elements += [_text(" · "), _link(said.link)]
    return [*parts, _section(*elements)]


def _report(line: ReportLine) -> list[Json]:
    elements = [_bold(line.source), _text(f" ({line.note})")]
    if line.title:
        elements.append(_text(f": {line.title}"))
    if line.link:
        elements += [_text(" · "), _link(line.link)]
    return elements


def _header(text: str) -> Json:
    return {"type": "header", "text": _plain(text, HEADER_LIMIT)}


def _fields(said: Content) -> Json:
    return {
        "type": "section",
        "fields": [
            {"type": "mrkdwn", "verbatim": True, "text": f"*{fact.label}*\n{escaped(fact.value, FIELD_LIMIT - 100)}"}
            for fact in said.facts
        ],
    }


def _context(*lines: str) -> Json:
    return {"type": "context", "elements": [_plain(line, SECTION_LIMIT) for line in lines]}


def _plain(text: str, limit: int) -> Json:
    return {"type": "plain_text", "emoji": False, "text": escaped(text, limit)}


def _rich(*elements: Json) -> Json:
    return {"type": "rich_text", "elements": list(elements)}


def _section(*elements: Json) -> Json:
    return {"type": "rich_text_section", "elements": list(elements)}


def _text(text: str) -> Json:
    return {"type": "text", "text": text}


def _bold(text: str) -> Json:
    return {"type": "text", "text": text, "style": {"bold": True}}


def _struck(text: str) -> Json:
    return {"type": "text", "text": text, "style": {"strike": True}}


def _list(items: Sequence[Json]) -> Json:
    return {"type": "rich_text_list", "style": "bullet", "elements": list(items)}


def _link(to: Link) -> Json:
    return {"type": "link", "url": to.url, "text": to.host}
