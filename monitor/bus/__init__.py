"""The log between pollers and processors, on Kafka or on Postgres."""

from __future__ import annotations

from dataclasses import replace

from monitor.bus.base import Bus
from monitor.bus.embedded import EmbeddedBus
from monitor.bus.settings import EmbeddedSettings
from monitor.errors import BusConfigError


def open_bus(url: str, *, embedded: EmbeddedSettings | None = None) -> Bus:
    """The bus at `url`: `embedded:` and a Postgres address.

    Nothing is connected to yet. Raises BusConfigError for an address of neither form.
    """
    kind, _, address = url.partition(":")
    if kind == "embedded":
        return EmbeddedBus(replace(embedded or EmbeddedSettings(), url=address))
    raise BusConfigError(f"no bus at {kind}:…; expected embedded:postgresql://user@host/database")
