"""The tables of the embedded bus, in a Postgres schema of their own. The bus itself makes them: Kafka needs none."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

SCHEMA = "bus"
metadata = sa.MetaData(schema=SCHEMA)

topics = sa.Table(
    "topics",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("partitions", sa.Integer, nullable=False, comment="Only ever grows; a key may then change its partition"),
    sa.Column("retention", sa.Interval, nullable=False, comment="Records older than this are deleted"),
)

partitions = sa.Table(
    "partitions",
    metadata,
    sa.Column("topic", sa.Text, sa.ForeignKey(topics.c.name), primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("first_offset", sa.BigInteger, nullable=False, server_default="0", comment="The oldest record kept"),
    sa.Column(
        "next_offset",
        sa.BigInteger,
        nullable=False,
        server_default="0",
        comment="Taken under this row's lock until commit, so that records become visible in the order of offsets",
    ),
    comment="One log each",
)

records = sa.Table(
    "records",
    metadata,
    sa.Column("topic", sa.Text, primary_key=True),
    sa.Column("partition", sa.Integer, primary_key=True),
    sa.Column("offset", sa.BigInteger, primary_key=True),
    sa.Column("key", sa.LargeBinary),
    sa.Column("value", sa.LargeBinary, comment="Null: a tombstone"),
    sa.Column("headers", sa.JSON, nullable=False, comment="json, not jsonb, which refuses an escaped NUL"),
    sa.Column("at", sa.DateTime(timezone=True), nullable=False, comment="When the log took it"),
    sa.ForeignKeyConstraint(["topic", "partition"], [partitions.c.topic, partitions.c.number]),
)

groups = sa.Table(
    "groups",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    comment="Who joins, leaves or moves partitions holds the lock of the group's row",
)

members = sa.Table(
    "members",
    metadata,
    sa.Column("group_name", sa.Text, sa.ForeignKey(groups.c.name), primary_key=True),
    sa.Column("member", sa.Text, primary_key=True),
    sa.Column("topics", postgresql.ARRAY(sa.Text), nullable=False),
    sa.Column("lease_until", sa.DateTime(timezone=True), nullable=False, comment="By the database's clock"),
)

assignments = sa.Table(
    "assignments",
    metadata,
    sa.Column("group_name", sa.Text, sa.ForeignKey(groups.c.name), primary_key=True),
    sa.Column("topic", sa.Text, primary_key=True),
    sa.Column("partition", sa.Integer, primary_key=True),
    sa.Column("owner", sa.Text, comment="The member that reads it now"),
    sa.Column("wanted", sa.Text, comment="The member that shall read it once the owner lets go or is dead"),
)

offsets = sa.Table(
    "offsets",
    metadata,
    sa.Column("group_name", sa.Text, sa.ForeignKey(groups.c.name), primary_key=True),
    sa.Column("topic", sa.Text, primary_key=True),
    sa.Column("partition", sa.Integer, primary_key=True),
    sa.Column("next_offset", sa.BigInteger, nullable=False, comment="The next one to be read"),
    sa.Column("at", sa.DateTime(timezone=True), nullable=False),
)
