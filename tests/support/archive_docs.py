"""Writes the reference in docs/archive.md from the comments in a migrated database."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from sqlalchemy import Connection

from monitor.storage.engine import make_engine, transaction
from monitor.storage.migrate import upgrade
from tests.support.postgres import running_server

PAGE = Path(__file__).parents[2] / "docs" / "archive.md"
MARK = "Written from the comments in the database by `python -m tests.support.archive_docs`.\n"
COLUMNS = """
SELECT c.relkind = 'v' AS is_view, c.relname AS name, obj_description(c.oid) AS about, a.attname AS column,
       format_type(a.atttypid, a.atttypmod) AS type, a.attnotnull AS required,
       col_description(c.oid, a.attnum) AS comment
FROM pg_class c
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
WHERE c.relkind IN ('r', 'v') AND c.relnamespace = 'public'::regnamespace AND c.relname <> 'alembic_version'
ORDER BY is_view DESC, c.relname, a.attnum
"""
SHORT = {"timestamp with time zone": "timestamptz"}


def reference(connection: Connection) -> str:
    """Every view and table with its columns, as Markdown."""
    lines: list[str] = []
    last = ""
    for row in connection.execute(sa.text(COLUMNS)):
        if row.name != last:
            last = row.name
            kind = "View" if row.is_view else "Table"
            lines += [
                "",
                f"### {kind} `{row.name}`",
                "",
                f"{row.about}.",
                "",
                "| column | type | meaning |",
                "|---|---|---|",
            ]
        kind = SHORT.get(row.type, row.type) + ("" if row.required or row.is_view else ", or null")
        lines.append(f"| `{row.column}` | {kind} | {row.comment} |")
    return "\n".join(lines) + "\n"


def main() -> None:
    """Rewrite the page's reference."""
    with running_server() as server, server.database() as url:
        engine = make_engine(url)
        upgrade(engine)
        with transaction(engine) as connection:
            text = reference(connection)
        engine.dispose()
    head = PAGE.read_text(encoding="utf-8").partition(MARK)[0]
    PAGE.write_text(head + MARK + text, encoding="utf-8")


if __name__ == "__main__":
    main()
