"""Every kind of source with the connector that reads it."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from datetime import datetime

from connectors.archive import ArchiveConnector
from connectors.articles import Articles
from connectors.base import Connector
from connectors.feed import FeedConnector
from connectors.http import Fetcher
from connectors.liveblog import LiveblogConnector
from connectors.page import PageConnector
from connectors.robots import Robots
from connectors.workers import Workers
from monitor.types import SourceKind


def connectors_for(
    fetcher: Fetcher, *, clock: Callable[[], datetime], monotonic: Callable[[], float] = time.monotonic
) -> Mapping[SourceKind, Connector]:
    """One connector for each kind, all of them fetching with `fetcher`, which the caller opens and closes."""
    workers = Workers()
    articles = Articles(fetcher, Robots(fetcher, monotonic=monotonic), workers, monotonic=monotonic)
    return {
        SourceKind.FEED: FeedConnector(fetcher, workers, articles, clock=clock),
        SourceKind.PAGE: PageConnector(fetcher, workers, clock=clock),
        SourceKind.LIVEBLOG: LiveblogConnector(fetcher, workers, clock=clock),
        SourceKind.ARCHIVE: ArchiveConnector(clock=clock),
    }
