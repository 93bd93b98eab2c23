"""Every metric that Watchdesk exposes, in one list; `docs/operations.md` says what to watch.

Each item, alert and poll is counted exactly once, under one outcome.  A process makes one `Metrics` and hands it on.
"""

from __future__ import annotations

import contextlib

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

SECONDS = (0.01, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 60, 300, 1800, 7200)


class Metrics:
    """The metrics of one process, in a registry of their own."""

    def __init__(self, registry: CollectorRegistry | None = None) -> None:
        self.registry = registry if registry is not None else CollectorRegistry()
        r = self.registry
        self.polls = Counter("watchdesk_polls", "Polls of sources, by how they went", ["source", "outcome"], registry=r)
        self.poll_seconds = Histogram(
            "watchdesk_poll_seconds",
            "How long one poll took, fetch to saved state",
            buckets=SECONDS,
            registry=r,
        )
        self.poll_lateness_seconds = Histogram(
            "watchdesk_poll_lateness_seconds", "How late polls started", buckets=SECONDS, registry=r
        )
        self.items_found = Counter("watchdesk_items_found", "New or changed items published", ["source"], registry=r)
        self.entries_skipped = Counter(
            "watchdesk_entries_skipped", "Entries that could not be read", ["source"], registry=r
        )
        self.source_failures = Gauge(
            "watchdesk_source_failures", "Failed polls in a row; 0 when healthy", ["source"], registry=r
        )
        self.source_last_success = Gauge(
            "watchdesk_source_last_success_timestamp_seconds",
            "When a source was last read",
            ["source"],
            registry=r,
        )
        self.source_health = Gauge(
            "watchdesk_source_health", "1 for the health that a source has now", ["source", "health"], registry=r
        )
        self.source_interval_seconds = Gauge(
            "watchdesk_source_interval_seconds", "How often a source is read now", ["source"], registry=r
        )
        self.gaps_suspected = Counter(
            "watchdesk_gaps_suspected", "Readings that shared nothing with the one before", ["source"], registry=r
        )
        self.pushes = Counter(
            "watchdesk_pushes", "Pushes of hubs: received, missed, forged", ["source", "result"], registry=r
        )
        self.ingestion_down = Gauge(
            "watchdesk_ingestion_down", "1 while nothing at all can be read; 0 otherwise", registry=r
        )
        self.items_processed = Counter(
            "watchdesk_items_processed",
            "Messages taken from the bus: new, new_version, known, dead_letter",
            ["source", "outcome"],
            registry=r,
        )
        self.consumer_lag = Gauge(
            "watchdesk_consumer_lag_messages", "Messages not yet taken", ["topic", "partition"], registry=r
        )
        self.batch_seconds = Histogram(
            "watchdesk_batch_seconds", "One batch, from poll to commit", buckets=SECONDS, registry=r
        )
        self.decisions = Counter("watchdesk_decisions", "Decisions on claims", ["topic", "outcome"], registry=r)
        self.dead_letters = Counter("watchdesk_dead_letters", "Messages given up, by why", ["reason"], registry=r)
        self.alerts = Counter(
            "watchdesk_alerts",
            "What was said: kind post, edit, reply; result sent, retry, failed, unknown",
            ["kind", "result"],
            registry=r,
        )
        self.outbox_pending = Gauge("watchdesk_outbox_pending", "Messages waiting to be said", registry=r)
        self.published_to_seen_seconds = Histogram(
            "watchdesk_published_to_seen_seconds",
            "From an item's publication to our poll",
            buckets=SECONDS,
            registry=r,
        )
        self.seen_to_decided_seconds = Histogram(
            "watchdesk_seen_to_decided_seconds",
            "From our poll to the stored decision",
            buckets=SECONDS,
            registry=r,
        )
        self.seen_to_alerted_seconds = Histogram(
            "watchdesk_seen_to_alerted_seconds",
            "From our poll to the message's receipt",
            buckets=SECONDS,
            registry=r,
        )

    def forget_health(self, source: str, health: str) -> None:
        """The source does not have this health any more."""
        with contextlib.suppress(KeyError):  # it had it before this process began
            self.source_health.remove(source, health)
