"""What became of developments after they were told, and what it takes to tell it"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

# fmt: off
# Written by Alembic, one column a line.
revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

OUTCOMES = ['new', 'update', 'contradiction', 'correction', 'withdrawn', 'unsaid', 'corroborates', 'superseded', 'background', 'not_own_knowledge', 'late', 'out_of_episode', 'pending', 'backfill', 'same_version']
TOLD = "'new', 'update', 'contradiction', 'correction', 'withdrawn', 'unsaid'"
OLD_CLOSED = "When it was over; null while it is open"
NEW_CLOSED = "When it was over; null while it is open, or nothing was decided since"
OLD_DAY = "The day on which it happens; null when not known"
NEW_DAY = "The day on which it happens, as it stands now; null when not known"
OLD_REPLIES = "Later reports of an alerted development that go, or went, into its thread"
NEW_REPLIES = "Later reports of an alerted development, and what became of it, that go, or went, into its thread"


def _add(table: str, *added: tuple[sa.Column[object], str]) -> None:
    """Add columns that may not be null: the rows that are there take a value that the model has no default for."""
    for column, value in added:
        column.server_default = sa.DefaultClause(sa.text(value))
        op.add_column(table, column)
        op.alter_column(table, column.name, server_default=None)


def upgrade() -> None:
    _add('episodes', (sa.Column('closed_because', sa.Text(), nullable=False, comment='Why it was over; empty while it is open'), "''"))
    op.alter_column('episodes', 'closed', comment=NEW_CLOSED, existing_comment=OLD_CLOSED)
    op.alter_column('developments', 'event_date', comment=NEW_DAY, existing_comment=OLD_DAY)
    _add('developments',
        (sa.Column('exact_day', sa.Boolean(), nullable=False, comment='Whether that day was named, not only a stretch of time such as next week'), "false"),
        (sa.Column('place', sa.Text(), nullable=False, comment='Id of the city, as it stands now; empty when not known'), "''"),
        (sa.Column('level', sa.Text(), nullable=False, comment='Kind of visit, as it stands now: state, official or working; empty when not known'), "''"),
        (sa.Column('figures', postgresql.ARRAY(sa.Text()), nullable=False, comment='Numbers that belong to it, as they stand now'), "'{}'"),
        (sa.Column('standing', sa.Text(), nullable=False, comment='What the speaker who said it first can know of it'), "'narrator'"),
        (sa.Column('tellers', postgresql.JSONB(), nullable=False, comment='Who stands for it: pairs of first teller and source, the first ones'), "'[]'"),
    )
    op.add_column('developments', sa.Column('withdrawn', sa.DateTime(timezone=True), nullable=True, comment='When nobody stood for it any more; null while it stands'))
    op.execute("""
        UPDATE developments d SET tellers = told.tellers
        FROM (
            SELECT r.development_id, jsonb_agg(jsonb_build_array(lower(r.origin), a.source_id) ORDER BY r.at, a.id) AS tellers
            FROM reports r JOIN articles a ON a.id = r.article_id WHERE r.independent GROUP BY r.development_id
        ) told
        WHERE told.development_id = d.id
    """)
    _add('claims',
        (sa.Column('exact_day', sa.Boolean(), nullable=False, comment='Whether it names the day, not only a stretch of time such as next week'), "false"),
        (sa.Column('place', sa.Text(), nullable=False, comment='Id of the city that it names; else empty'), "''"),
        (sa.Column('level', sa.Text(), nullable=False, comment='Kind of visit that it names: state, official or working; else empty'), "''"),
        (sa.Column('revises', sa.Boolean(), nullable=False, comment='Whether the sentence says that something else was said before: rather than, moved to'), "false"),
    )
    op.drop_constraint(op.f('ck_decisions_outcome'), 'decisions', type_='check')
    op.create_check_constraint(op.f('ck_decisions_outcome'), 'decisions', f"outcome IN ({', '.join(repr(outcome) for outcome in OUTCOMES)})")
    op.create_table('changes',
        sa.Column('id', sa.Text(), nullable=False, comment="The development's id, #, and a number from 1"),
        sa.Column('number', sa.BigInteger(), sa.Identity(always=True), nullable=False, comment='Order in which they became known'),
        sa.Column('development_id', sa.Text(), nullable=False, comment='What was told before'),
        sa.Column('outcome', sa.Text(), nullable=False, comment='What became of it: update, contradiction, correction, withdrawn or unsaid'),
        sa.Column('fact', sa.Text(), nullable=False, comment='What is otherwise: day, place, level or figure; empty where it is the whole development'),
        sa.Column('was', sa.Text(), nullable=False, comment='That fact as it was known'),
        sa.Column('now', sa.Text(), nullable=False, comment='That fact as it is said now; of a correction, the development that takes its place'),
        sa.Column('stands', sa.Boolean(), nullable=False, comment='Whether the development still stood afterwards'),
        sa.Column('claim', postgresql.JSONB(), nullable=False, comment='Who said so in which words, with its evidence'),
        sa.Column('article_id', sa.Text(), nullable=False, comment='The article that said so'),
        sa.Column('seen', sa.DateTime(timezone=True), nullable=False, comment='When that article was seen'),
        sa.CheckConstraint("outcome IN ('update', 'contradiction', 'correction', 'withdrawn', 'unsaid')", name=op.f('ck_changes_outcome')),
        sa.ForeignKeyConstraint(['article_id'], ['articles.id'], name=op.f('fk_changes_article_id')),
        sa.ForeignKeyConstraint(['development_id'], ['developments.id'], name=op.f('fk_changes_development_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_changes')),
        sa.UniqueConstraint('number', name=op.f('uq_changes_number')),
        comment='What became of developments after they were told: updated, contradicted, corrected, withdrawn'
    )
    op.create_index(op.f('ix_changes_development_id'), 'changes', ['development_id'], unique=False)
    for name, comment in (('revision', 'How often the payload was renewed since it was raised'), ('said_revision', 'Which of these the message shows now')):
        op.add_column('alerts', sa.Column(name, sa.Integer(), server_default=sa.text('0'), nullable=False, comment=comment))
    op.add_column('alert_replies', sa.Column('change_id', sa.Text(), nullable=True, comment='The change that it tells; null for a later report'))
    op.add_column('alert_replies', sa.Column('payload', postgresql.JSONB(), nullable=True, comment='Everything that is said of the change; null for a later report'))
    op.alter_column('alert_replies', 'id', comment='Order in which later reports and changes came', existing_comment='Order in which later reports came')
    op.alter_column('alert_replies', 'article_id', comment='The later report, or the article that changes something', existing_comment='The later report')
    op.create_table_comment('alert_replies', NEW_REPLIES, existing_comment=OLD_REPLIES)
    op.create_foreign_key(op.f('fk_alert_replies_change_id'), 'alert_replies', 'changes', ['change_id'], ['id'])
    op.create_unique_constraint(op.f('uq_alert_replies_change_id'), 'alert_replies', ['change_id'])
    op.drop_constraint(op.f('uq_alert_replies_alert_id_article_id'), 'alert_replies', type_='unique')
    op.create_index('uq_alert_replies_report', 'alert_replies', ['alert_id', 'article_id'], unique=True, postgresql_where=sa.text('change_id IS NULL'))
    op.create_index(op.f('ix_article_versions_content_hash'), 'article_versions', ['content_hash'], unique=False)
    op.create_index('ix_article_versions_same_url', 'article_versions', [sa.text('md5(url)')], unique=False)
    op.create_index('ix_article_versions_same_title', 'article_versions', [sa.text('md5(lower(title))')], unique=False)
    _told(TOLD)


def downgrade() -> None:
    _told("'new'")
    for index in ('ix_article_versions_same_title', 'ix_article_versions_same_url', 'ix_article_versions_content_hash'):
        op.drop_index(index, table_name='article_versions')
    op.execute("DELETE FROM alert_replies WHERE change_id IS NOT NULL")
    op.drop_index('uq_alert_replies_report', table_name='alert_replies')
    op.create_unique_constraint(op.f('uq_alert_replies_alert_id_article_id'), 'alert_replies', ['alert_id', 'article_id'])
    op.create_table_comment('alert_replies', OLD_REPLIES, existing_comment=NEW_REPLIES)
    op.alter_column('alert_replies', 'article_id', comment='The later report')
    op.alter_column('alert_replies', 'id', comment='Order in which later reports came')
    for column in ('payload', 'change_id'):
        op.drop_column('alert_replies', column)
    for column in ('said_revision', 'revision'):
        op.drop_column('alerts', column)
    op.drop_table('changes')
    op.execute("UPDATE decisions SET outcome = 'background' WHERE outcome = 'unsaid'")
    op.drop_constraint(op.f('ck_decisions_outcome'), 'decisions', type_='check')
    op.create_check_constraint(op.f('ck_decisions_outcome'), 'decisions', f"outcome IN ({', '.join(repr(outcome) for outcome in OUTCOMES if outcome != 'unsaid')})")
    for column in ('revises', 'level', 'place', 'exact_day'):
        op.drop_column('claims', column)
    for column in ('withdrawn', 'tellers', 'standing', 'figures', 'level', 'place', 'exact_day'):
        op.drop_column('developments', column)
    op.alter_column('developments', 'event_date', comment=OLD_DAY)
    op.alter_column('episodes', 'closed', comment=OLD_CLOSED)
    op.drop_column('episodes', 'closed_because')


def _told(outcomes: str) -> None:
    """The view of what raised nothing, without the outcomes of which the desk is told."""
    definition = op.get_bind().execute(sa.text("SELECT pg_get_viewdef('suppressed'::regclass)")).scalar_one()
    head = definition.rpartition("WHERE")[0]
    op.execute(f"CREATE OR REPLACE VIEW suppressed AS {head} WHERE x.outcome NOT IN ({outcomes})")
