"""What all tables share: one MetaData with named constraints, a column for instants, checks for closed lists."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

import sqlalchemy as sa
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Instant(TypeDecorator[datetime]):
    """`timestamptz`: takes aware datetimes only and gives them back in UTC."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is not None and value.tzinfo is None:
            raise ValueError(f"a datetime without a time zone must not be stored: {value.isoformat()}")
        return value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.astimezone(UTC)


def one_of(column: str, values: Iterable[str]) -> sa.CheckConstraint:
    """The column holds one of a closed list."""
    listed = ", ".join(f"'{value}'" for value in values)
    return sa.CheckConstraint(f"{column} IN ({listed})", name=column)


def text(name: str, comment: str, *, nullable: bool = False) -> sa.Column[str]:
    """A text column."""
    return sa.Column(name, sa.Text, nullable=nullable, comment=comment)


def instant(name: str, comment: str, *, nullable: bool = False) -> sa.Column[datetime]:
    """A timestamptz column."""
    return sa.Column(name, Instant, nullable=nullable, comment=comment)


def number(name: str, comment: str) -> sa.Column[int]:
    """A column that counts; never negative by what writes it."""
    return sa.Column(name, sa.Integer, nullable=False, server_default=sa.text("0"), comment=comment)


def flag(name: str, comment: str) -> sa.Column[bool]:
    """A boolean column."""
    return sa.Column(name, sa.Boolean, nullable=False, comment=comment)


def identity(comment: str) -> sa.Column[int]:
    """A surrogate key that Postgres counts."""
    return sa.Column("id", sa.BigInteger, sa.Identity(always=True), primary_key=True, comment=comment)
