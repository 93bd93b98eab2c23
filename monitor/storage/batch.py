"""Many rows in one statement whose text is always the same: sent as one JSON value, unpacked by Postgres.

A VALUES list of some thousand parameters costs the driver more than the server; this stays prepared.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSON

from monitor.errors import StorageError

ROWS = "rows"  # the statement's only parameter


def recordset(*columns: sa.ColumnClause[Any]) -> sa.TableValuedAlias:
    """The rows of the parameter as a table with these columns, in the order in which they were given."""
    # A string, since the driver would encode a JSON value once more; json, since a jsonb holds 256 MB at most.
    rows = sa.cast(sa.bindparam(ROWS, type_=sa.Text), JSON)
    return sa.func.json_to_recordset(rows).table_valued(*columns, name="given").render_derived(with_types=True)


def like(table: sa.Table, *names: str) -> list[sa.ColumnClause[Any]]:
    """Columns for `recordset`, of the types that they have in the table."""
    return [sa.column(name, table.c[name].type) for name in names]


def parameters(rows: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """The parameter for these rows. Raises StorageError for a datetime without a time zone."""
    return {ROWS: json.dumps(rows, default=_plain, ensure_ascii=False)}


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise StorageError(
                f"a datetime without a time zone must not be stored: {value.isoformat()}", temporary=False
            )
        return value.isoformat()
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} cannot be stored")
