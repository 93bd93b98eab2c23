"""A picture of an alert: its real blocks as HTML in the look of Slack.

python -m tests.support.render_alert OUT.html
chromium --headless --no-sandbox --screenshot=docs/images/alert.png --window-size=720,820 OUT.html
"""

from __future__ import annotations

import html
import json
import re
import sys
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

from monitor.notify.base import Report
from monitor.notify.blocks import Json, alert_message, reply_message
from tests.support.alerts import ANNOUNCED

STYLE = """
body { margin: 0; background: #fff; color: #1d1c1d; font: 15px/1.46667 Lato, Arial, sans-serif; width: 720px }
.message { display: flex; padding: 14px 20px 6px }
.avatar { flex: none; width: 36px; height: 36px; border-radius: 4px; background: #4a154b; color: #fff;
          font: bold 17px/36px Lato, Arial; text-align: center; margin-right: 8px }
.who { font-weight: 900 } .app { background: #ddd; color: #616061; border-radius: 2px; font: bold 10px Lato, Arial;
       padding: 1px 3px; margin: 0 5px; vertical-align: 2px } .at { color: #616061; font-size: 12px }
h3 { font: 900 18px/1.33 Lato, Arial; margin: 6px 0 8px } .section { margin: 4px 0 8px; white-space: pre-wrap }
blockquote { border-left: 4px solid #ddd; margin: 4px 0; padding-left: 12px } ul { margin: 0 0 8px; padding-left: 26px }
.fields { display: grid; grid-template-columns: 1fr 1fr; gap: 8px 16px; margin: 8px 0 }
.context { color: #616061; font-size: 13px; margin: 4px 0 } a { color: #1264a3; text-decoration: none }
.replies { margin: 2px 20px 16px 64px; border-left: 2px solid #eee; padding-left: 14px }
.replies .count { color: #1264a3; font-weight: bold; font-size: 13px }
"""

REPORTS = [
    Report(
        source_name="Seoul Daily",
        title="Kim to join Xi and Putin at Beijing parade",
        url="https://seoul.example.com/1",
        independent=True,
    ),
    Report(
        source_name="Evening Post",
        title="North Korean leader heads for China",
        url="https://post.example.org/2",
        independent=False,
    ),
]


def sample() -> tuple[list[Json], list[list[Json]]]:
    """The blocks of the tests' alert and of a reply to it."""
    alert = alert_message(replace(ANNOUNCED, reports=3, independent=2))
    return list(alert.blocks), [list(reply_message(REPORTS).blocks)]


def recorded(messages: list[Json]) -> tuple[list[Json], list[list[Json]]]:
    """The blocks of the message with the most replies, and those of its replies."""
    threads: dict[str, list[list[Json]]] = {m["ts"]: [] for m in messages if not m["thread_ts"]}
    for message in messages:
        if message["thread_ts"]:
            threads[message["thread_ts"]].append(message["blocks"])
    ts = max(threads, key=lambda ts: len(threads[ts]))
    return next(m["blocks"] for m in messages if m["ts"] == ts), threads[ts]


def page(alert: list[Json], replies: list[list[Json]]) -> str:
    """The whole page."""
    count = "1 reply" if len(replies) == 1 else f"{len(replies)} replies"
    thread = _all(_block(block) for reply in replies for block in reply)
    return (
        f"<!doctype html><meta charset=utf-8><title>An alert</title><style>{STYLE}</style>"
        '<div class="message"><div class="avatar">W</div><div>'
        '<span class="who">Watchdesk</span><span class="app">APP</span><span class="at">9:03 AM</span>'
        f"{_all(_block(block) for block in alert)}</div></div>"
        + (f'<div class="replies"><span class="count">{count}</span>{thread}</div>' if replies else "")
    )


def _block(block: Json) -> str:
    kind = block["type"]
    if kind == "header":
        return f"<h3>{_text(block['text'])}</h3>"
    if kind == "section":
        return f'<div class="fields">{_all(f"<div>{_text(field)}</div>" for field in block["fields"])}</div>'
    if kind == "context":
        return _all(f'<div class="context">{_text(element)}</div>' for element in block["elements"])
    if kind == "rich_text":
        return _all(_rich(element) for element in block["elements"])
    raise ValueError(f"no picture of a {kind} block")


def _text(node: Json) -> str:
    """A text object: Slack decodes its three entities; *bold* is all the markup that we use."""
    decoded = node["text"].replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    shown = html.escape(decoded, quote=False)
    if node["type"] == "mrkdwn":
        shown = re.sub(r"\*([^*\n]+)\*", r"<b>\1</b>", shown).replace("\n", "<br>")
    return shown


def _rich(node: Json) -> str:
    kind = node["type"]
    if kind == "rich_text_list":
        return f"<ul>{_all(f'<li>{_inlines(item)}</li>' for item in node['elements'])}</ul>"
    if kind == "rich_text_quote":
        return f"<blockquote>{_inlines(node)}</blockquote>"
    return f'<div class="section">{_inlines(node)}</div>'


def _inlines(node: Json) -> str:
    return _all(_inline(element) for element in node["elements"])


def _inline(node: Any) -> str:
    text = html.escape(node["text"])
    if node["type"] == "link":
        return f'<a href="{html.escape(node["url"])}">{text}</a>'
    return f"<b>{text}</b>" if node.get("style", {}).get("bold") else text


def _all(parts: Iterable[str]) -> str:
    return "".join(parts)


if __name__ == "__main__":
    out, *given = sys.argv[1:]
    shown = recorded(json.loads(Path(given[0]).read_text(encoding="utf-8"))["messages"]) if given else sample()
    Path(out).write_text(page(*shown), encoding="utf-8")
