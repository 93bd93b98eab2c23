"""A member of a group in a process of its own, to be killed: `python -m tests.support.bus_member URL SETTINGS GROUP`.

It reads, commits nothing, and prints how many partitions it holds and how many messages it has had.
"""

from __future__ import annotations

import json
import sys

from monitor.bus import open_bus
from monitor.bus.settings import EmbeddedSettings, KafkaSettings


def main(url: str, settings: str, group: str) -> None:
    """Read until killed."""
    given = json.loads(settings)
    topics = given["topics"] = tuple(given["topics"])
    kind = url.partition(":")[0]
    settings_of = {"kafka": KafkaSettings, "embedded": EmbeddedSettings}
    bus = open_bus(url, **{kind: settings_of[kind](**given)})
    consumer = bus.consumer(group=group, topics=topics)
    had = 0
    while True:
        had += len(consumer.poll(max_records=500, timeout=0.2))
        print(len(consumer.assignment()), had, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
