"""Every kind of source with the connector that reads it."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from datetime import datetime

from connectors import bluesky, gdelt, googlenews, telegram
from connectors.archive import ArchiveConnector
from connectors.articles import Articles
from connectors.base import Connector
from connectors.feed import FeedConnector, Form
from connectors.http import Fetcher
from connectors.jsonapi import ACCEPT as JSON
from connectors.liveblog import LiveblogConnector
from connectors.mastodon import MastodonConnector
from connectors.page import PageConnector
from connectors.robots import Robots
from connectors.sitemap import SitemapConnector
from connectors.workers import Limits, Workers
from monitor.types import SourceKind

# Kinds that list entries as feeds do, in a form of their own.
FORMS: Mapping[SourceKind, Form] = {
    SourceKind.FEED: Form(),
    SourceKind.TELEGRAM: Form(
        parse=telegram.parse_channel, accept=telegram.ACCEPT, address=telegram.channel_address, pages=telegram.PAGES
    ),
    SourceKind.BLUESKY: Form(
        parse=bluesky.parse_author_feed, accept=JSON, address=bluesky.feed_address, pages=bluesky.PAGES
    ),
    SourceKind.GDELT: Form(
        parse=gdelt.parse_articles, accept=JSON, address=gdelt.search_address, spacing=gdelt.SPACING
    ),
    SourceKind.GOOGLE_NEWS: Form(parse=googlenews.parse_results, spacing=googlenews.SPACING),
}


def connectors_for(
    fetcher: Fetcher,
    *,
    clock: Callable[[], datetime],
    monotonic: Callable[[], float] = time.monotonic,
    limits: Limits | None = None,
) -> Mapping[SourceKind, Connector]:
    """One connector for each kind, all of them fetching with `fetcher`, which the caller opens and closes.

    `limits` are those of the parsing of one feed or page.
    """
    workers = Workers(limits=limits)
    articles = Articles(fetcher, Robots(fetcher, monotonic=monotonic), workers, monotonic=monotonic)
    return {
        **{kind: FeedConnector(fetcher, workers, articles, clock=clock, form=form) for kind, form in FORMS.items()},
        SourceKind.SITEMAP: SitemapConnector(fetcher, workers, articles, clock=clock),
        SourceKind.MASTODON: MastodonConnector(fetcher, workers, articles, clock=clock),
        SourceKind.PAGE: PageConnector(fetcher, workers, clock=clock),
        SourceKind.LIVEBLOG: LiveblogConnector(fetcher, workers, clock=clock),
        SourceKind.ARCHIVE: ArchiveConnector(clock=clock),
    }
