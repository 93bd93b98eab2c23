"""Alerts to test with."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from hypothesis import strategies as st

from monitor.notify.base import Report
from monitor.types import Alert, Earlier, Mend, Mended, Outcome, Standing, Tier

CHANNEL = "C0WATCH"

ANNOUNCED = Alert(
    key="kim-travel/kim-jong-un/CN/2025-08-28/announced",
    channel=CHANNEL,
    topic="kim-travel",
    topic_name="Kim Jong Un's travel",
    headline="Kim Jong Un will travel to China, says the Chinese foreign ministry",
    stage="announced",
    stage_label="Announced",
    changed="Was expected since yesterday; now confirmed by the host.",
    subject_name="Kim Jong Un",
    object_name="China",
    event_date=date(2025, 9, 3),
    published=datetime(2025, 8, 28, 1, 2, tzinfo=UTC),
    time_zone="Asia/Shanghai",
    first_seen=datetime(2025, 8, 28, 1, 3, 12, tzinfo=UTC),
    speaker="Hong Lei, assistant foreign minister",
    standing=Standing.PARTY,
    quote=(
        "Kim Jong Un, general secretary of the Workers' Party of Korea, will be among 26 foreign leaders "
        "who attend the commemorations on 3 September, assistant foreign minister Hong Lei told reporters in Beijing."
    ),
    quote_language="en",
    url="https://news.example.com/world/kim-to-attend?utm=1",
    source_name="Wire Service",
    tier=Tier.AGENCY,
    earlier=(
        Earlier(stage_label="Expected", first_seen=datetime(2025, 8, 27, 5, 40, tzinfo=UTC), source_name="Seoul Daily"),
    ),
    why_matched="Kim Jong Un · will attend · commemorations in Beijing, in the first paragraph.",
    why_new="No earlier report says that a party has confirmed this trip.",
)

BACKFILL = replace(
    ANNOUNCED,
    key="backfill:seoul-daily",
    headline="Seoul Daily is watched from now on",
    changed="",
    quote="Its first poll brought 38 items into the archive, 5 of them on watched topics.",
    why_matched="",
    why_new="",
    earlier=(),
)


def an_alert(**changes: Any) -> Alert:
    """An ordinary alert, with some fields changed."""
    return replace(ANNOUNCED, **changes)


def a_report(name: str = "Evening Post", *, independent: bool = True) -> Report:
    """A later report."""
    return Report(
        source_name=name,
        title=f"{name}: Kim heads for Beijing",
        url="https://post.example.org/kim",
        independent=independent,
    )


MOVED = Mend(
    key=f"{ANNOUNCED.key}#1",
    development=ANNOUNCED.key,
    outcome=Outcome.UPDATE,
    headline="Update: now 5 September 2025 (was 3 September 2025)",
    void=False,
    event_date=date(2025, 9, 5),
    speaker="Guo Jiakun, spokesman",
    standing=Standing.PARTY,
    quote="The commemorations will be held on 5 September rather than on 3 September, Guo Jiakun said.",
    source_name="Wire Service",
    tier=Tier.AGENCY,
    url="https://news.example.com/world/moved",
    seen=datetime(2025, 8, 29, 3, 0, tzinfo=UTC),
)


def a_mend(**changes: Any) -> Mend:
    """A change of the ordinary alert, with some fields changed."""
    return replace(MOVED, **changes)


_moments = st.datetimes(datetime(1970, 1, 2), datetime(2200, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
any_text = st.one_of(
    st.text(max_size=400),
    st.text(alphabet="<>&!@#|*_`~:\u202e\u200b", max_size=400),
    st.sampled_from(
        ["<!channel>", "<@U1>", "<http://x|y>", "&lt;!here&gt;", "@here", "&" * 5000, "𝕏" * 5000, "<" * 9000]
    ),
)


def any_alert() -> st.SearchStrategy[Alert]:
    """Alerts with anything in every field."""
    return st.builds(
        Alert,
        key=any_text,
        channel=st.just("C0WATCH"),
        topic=any_text,
        topic_name=any_text,
        headline=any_text,
        stage=any_text,
        stage_label=any_text,
        changed=any_text,
        subject_name=any_text,
        object_name=any_text,
        event_date=st.none() | st.dates(date(1, 1, 1), date(9999, 12, 31)),
        published=st.none() | _moments,
        time_zone=st.none()
        | any_text
        | st.sampled_from(["Asia/Seoul", "Europe/Moscow", "../etc", "/etc/passwd", "Asia"]),
        first_seen=_moments,
        speaker=any_text,
        standing=st.sampled_from(Standing),
        quote=any_text,
        quote_language=st.none(),
        url=st.none() | any_text | any_text.map(lambda text: "https://a.example/" + text),
        source_name=any_text,
        tier=st.sampled_from(Tier),
        earlier=st.lists(
            st.builds(Earlier, stage_label=any_text, first_seen=_moments, source_name=any_text), max_size=12
        ).map(tuple),
        why_matched=any_text,
        why_new=any_text,
        mends=st.lists(st.builds(Mended, at=_moments, text=any_text, void=st.booleans()), max_size=6).map(tuple),
        reports=st.integers(1, 10**6),
        independent=st.integers(1, 10**6),
    )
