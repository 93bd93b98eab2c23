"""What channels, accounts, searches and sitemaps answer, written in the shape that each of them documents."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

NEWS = "http://www.google.com/schemas/sitemap-news/0.9"


# ---- Telegram -----------------------------------------------------------------------------------------------------


def post(number: int, text: str | None, *, channel: str = "wire", meta: str = "", above: str = "") -> str:
    """One post of a channel's page; `text` is HTML, `above` what stands over it: who is forwarded or replied to."""
    words = "" if text is None else f'<div class="tgme_widget_message_text js-message_text" dir="auto">{text}</div>'
    return (
        '<div class="tgme_widget_message_wrap js-widget_message_wrap">'
        f'<div class="tgme_widget_message text_not_supported_wrap js-widget_message" data-post="{channel}/{number}">'
        '<div class="tgme_widget_message_user"><a href="https://t.me/wire"><i class="tgme_widget_message_user_photo">'
        '</i></a></div><div class="tgme_widget_message_bubble"><div class="tgme_widget_message_author accent_color">'
        f'<a class="tgme_widget_message_owner_name" href="https://t.me/{channel}"><span dir="auto">The Wire</span></a>'
        f"</div>{above}{words}"
        '<div class="tgme_widget_message_footer compact js-message_footer"><div class="tgme_widget_message_info">'
        '<span class="tgme_widget_message_views">12.5K</span><span class="copyonly"> views</span>'
        f'<span class="tgme_widget_message_meta">{meta}<a class="tgme_widget_message_date" '
        f'href="https://t.me/{channel}/{number}">'
        f'<time datetime="2025-08-28T05:{number % 60:02d}:43+00:00" class="time">'
        "05:02</time></a></span></div></div></div></div></div>"
    )


def forwarded(name: str, address: str) -> str:
    """The line above a forwarded post."""
    return (
        '<div class="tgme_widget_message_forwarded_from accent_color">Forwarded from '
        f'<a class="tgme_widget_message_forwarded_from_name" href="{address}"><span dir="auto">{name}</span></a></div>'
    )


def channel(*posts: str, name: str = "The Wire", before: int | None = None) -> bytes:
    """A channel's page, the oldest post first; `before` leads to older ones."""
    more = (
        f'<a href="/s/wire?before={before}" class="tme_messages_more js-messages_more" data-before="{before}"></a>'
        if before
        else ""
    )
    return (
        f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>{name} – Telegram</title></head><body>'
        '<div class="tgme_channel_info"><div class="tgme_channel_info_header">'
        f'<div class="tgme_channel_info_header_title"><span dir="auto">{name}</span></div></div></div>'
        '<section class="tgme_channel_history js-message_history">'
        f'<div class="tgme_widget_message_centered js-messages_more_wrap">{more}</div>{"".join(posts)}</section>'
        "</body></html>"
    ).encode()


# ---- Bluesky ------------------------------------------------------------------------------------------------------


def view(number: int, text: str, **record: Any) -> dict[str, Any]:
    """One `feedViewPost` of app.bsky.feed.defs."""
    return {
        "post": {
            "uri": f"at://did:plc:wire/app.bsky.feed.post/3k{number}",
            "cid": f"bafy{number}",
            "author": {"did": "did:plc:wire", "handle": "wire.example", "displayName": "The Wire"},
            "record": {
                "$type": "app.bsky.feed.post",
                "text": text,
                "createdAt": f"2025-08-28T05:{number % 60:02d}:00.000Z",
                "langs": ["en"],
            }
            | record,
            "likeCount": 3,
            "indexedAt": f"2025-08-28T05:{number % 60:02d}:02.000Z",
        }
    }


def reposted(by: Mapping[str, Any]) -> dict[str, Any]:
    """Somebody else's post, as the account's feed shows it."""
    other = {"did": "did:plc:other", "handle": "other.example", "displayName": "Other Agency"}
    reason = {
        "$type": "app.bsky.feed.defs#reasonRepost",
        "by": by["post"]["author"],
        "indexedAt": "2025-08-28T06:00:00Z",
    }
    post = by["post"] | {"author": other, "uri": by["post"]["uri"].replace("plc:wire", "plc:other")}
    return {"post": post, "reason": reason}


def author_feed(views: Sequence[Mapping[str, Any]], cursor: str = "") -> bytes:
    """The answer of app.bsky.feed.getAuthorFeed."""
    return json.dumps({"feed": views} | ({"cursor": cursor} if cursor else {})).encode()


# ---- Mastodon -----------------------------------------------------------------------------------------------------


def status(number: int, content: str, **changes: Any) -> dict[str, Any]:
    """One Status entity."""
    return {
        "id": str(110_000 + number),
        "uri": f"https://social.example/users/wire/statuses/{number}",
        "url": f"https://social.example/@wire/{number}",
        "created_at": f"2025-08-28T05:{number % 60:02d}:00.000Z",
        "edited_at": None,
        "in_reply_to_id": None,
        "spoiler_text": "",
        "language": "en",
        "visibility": "public",
        "content": f"<p>{content}</p>",
        "reblog": None,
        "account": {"id": "7", "acct": "wire", "display_name": "The Wire", "url": "https://social.example/@wire"},
        "card": None,
    } | changes


# ---- GDELT and Google News ----------------------------------------------------------------------------------------


def article(number: int, title: str, **changes: Any) -> dict[str, Any]:
    """One article of GDELT's `artlist`."""
    return {
        "url": f"https://outlet.example/{number}",
        "url_mobile": "",
        "title": title,
        "seendate": f"20250828T05{number % 60:02d}00Z",
        "socialimage": "",
        "domain": "outlet.example",
        "language": "English",
        "sourcecountry": "South Korea",
    } | changes


def results(*items: Mapping[str, str]) -> bytes:
    """Google News' RSS for a search; items have `title`, `outlet`, `link` and `guid`."""
    made = "".join(
        f"<item><title>{escape(each['title'])} - {escape(each['outlet'])}</title><link>{escape(each['link'])}</link>"
        f'<guid isPermaLink="false">{each["guid"]}</guid><pubDate>Thu, 28 Aug 2025 05:02:43 GMT</pubDate><description>'
        + escape(
            f'<a href="{each["link"]}" target="_blank">{escape(each["title"])}</a>&nbsp;&nbsp;'
            f'<font color="#6f6f6f">{escape(each["outlet"])}</font>'
        )
        + f'</description><source url="https://outlet.example">{escape(each["outlet"])}</source></item>'
        for each in items
    )
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?><rss xmlns:media="http://search.yahoo.com/mrss/" '
        f'version="2.0"><channel><generator>NFE/5.0</generator><title>"kim" - Google News</title>{made}</channel></rss>'
    ).encode()


def packed(address: str) -> str:
    """The name of an older Google News link, which holds the outlet's address."""
    text = address.encode()
    length = bytes([len(text)]) if len(text) < 128 else bytes([len(text) & 0x7F | 0x80, len(text) >> 7])
    return base64.urlsafe_b64encode(b"\x08\x13\x22" + length + text + b"\xd2\x01\x00").decode().rstrip("=")


# ---- sitemaps -----------------------------------------------------------------------------------------------------


def address(number: int, title: str | None, **changes: str) -> str:
    """One `url` of a sitemap, with news tags unless `title` is None."""
    date = changes.get("date", f"2025-08-28T05:{number % 60:02d}:00+00:00")
    news = (
        "<news:news><news:publication><news:name>The Wire</news:name><news:language>en</news:language>"
        f"</news:publication><news:publication_date>{date}</news:publication_date>"
        f"<news:title>{escape(title)}</news:title></news:news>"
        if title is not None
        else ""
    )
    lastmod = f"<lastmod>{changes['lastmod']}</lastmod>" if "lastmod" in changes else ""
    picture = "<image:image><image:loc>https://wire.example/picture.jpg</image:loc></image:image>"
    return f"<url><loc>{changes.get('loc', f'https://wire.example/{number}')}</loc>{lastmod}{news}{picture}</url>"


def sitemap(*addresses: str) -> bytes:
    """A sitemap with Google's news and image extensions."""
    return (
        '<?xml version="1.0" encoding="UTF-8"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
        f'xmlns:news="{NEWS}" xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">{"".join(addresses)}</urlset>'
    ).encode()


def index(*parts: tuple[str, str]) -> bytes:
    """A sitemap index; parts are addresses with the time of their last change, or an empty text."""
    made = "".join(
        f"<sitemap><loc>{escape(loc)}</loc>{f'<lastmod>{changed}</lastmod>' if changed else ''}</sitemap>"
        for loc, changed in parts
    )
    return f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{made}</sitemapindex>'.encode()
