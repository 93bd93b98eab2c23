"""What edited topics would have told of the archive's items, beside what others would have. Writes nothing.

trial     some topics over the archive, item by item, with a ledger in memory
compare   the alerts of two trials: lost, gained, changed, the same; and what the desk thought of them
    summary   their counts
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from sqlalchemy import Engine

from monitor.backtest.compare import Comparison, Judged, Row
from monitor.backtest.summary import Opinion, Tally, opinions, tallies
from monitor.backtest.trial import Trial
from monitor.developments import LATE_AFTER
from monitor.pipeline import Watch
from monitor.storage import archived, feedback, redated
from monitor.storage.engine import transaction
from monitor.types import Article

WARM_UP = timedelta(days=30)  # an episode of a topic is seldom longer; what it told before is not told again


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What a backtest came to."""

    since: datetime
    until: datetime
    items: int  # that were compared, those of the warm-up left out
    topics: tuple[Tally, ...]
    alerts: tuple[Row, ...]  # those that differ
    feedback: tuple[Opinion, ...]
    judged: tuple[Judged, ...]


def backtest(
    engine: Engine,
    before: Watch,
    after: Watch,
    *,
    since: datetime,
    until: datetime,
    warm_up: timedelta = WARM_UP,
    progress: Callable[[int], None] = lambda _: None,
) -> Report:
    """Run both over the items seen from `since` on and before `until`, each from an empty ledger.

    Both begin `warm_up` earlier, so that they know what had been told by then; what they raise there is not counted.
    Raises StorageError.
    """
    with transaction(engine) as conn:
        said = feedback.counting(conn, since=since, until=until)
    sides = (Trial(before), Trial(after))
    comparison = Comparison(before.by_id(), after.by_id(), said, since)
    items = 0
    for page in archived.pages(engine, since - warm_up, until):
        for entry in page:
            first_told = _first_told(engine, entry.stored.article_id)
            one, other = (side.step(entry, first_told) for side in sides)
            comparison.add(entry.stored.article_id, one, other, (sides[0].raised, sides[1].raised))
            items += entry.item.seen >= since
        progress(len(page))
    rows, judged = comparison.rows(), comparison.judged()
    return Report(
        since=since,
        until=until,
        items=items,
        topics=tallies(dict.fromkeys((*before.by_id(), *after.by_id())), rows, comparison.same()),
        alerts=rows,
        feedback=opinions(judged),
        judged=judged,
    )


def _first_told(engine: Engine, identity: str) -> Callable[[Article], datetime | None]:
    """Asks the archive when the text of an article was seen long before; once, whoever of the two wants to know."""

    @cache
    def asked(article: Article) -> datetime | None:
        with transaction(engine) as conn:
            return redated.first_told(conn, article, identity, LATE_AFTER)

    return asked


__all__ = ["WARM_UP", "Report", "backtest"]
