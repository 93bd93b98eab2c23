"""More kinds of source: sitemaps, channels and accounts that publish first, searches over the news."""

from __future__ import annotations

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

NAME = "ck_sources_kind"
BEFORE = "feed", "page", "liveblog", "archive"
NOW = (
    "feed",
    "sitemap",
    "page",
    "liveblog",
    "telegram",
    "mastodon",
    "bluesky",
    "gdelt",
    "google-news",
    "archive",
)
COMMENTS = (
    "How it is read: feed, page, liveblog or archive",
    "How it is read: feed, sitemap, page, telegram, ...; docs/sources.md has all kinds",
)


def upgrade() -> None:
    _allow(NOW, COMMENTS[1])


def downgrade() -> None:
    """Sources of the newer kinds become feeds: they keep their items, and the poller of that version says what fails."""
    before = ", ".join(f"'{kind}'" for kind in BEFORE)
    op.drop_constraint(op.f(NAME), "sources")
    op.execute(f"UPDATE sources SET kind = 'feed' WHERE kind NOT IN ({before})")  # noqa: S608 - constants of this file
    op.create_check_constraint(op.f(NAME), "sources", f"kind IN ({before})")
    op.alter_column("sources", "kind", comment=COMMENTS[0])


def _allow(kinds: tuple[str, ...], comment: str) -> None:
    op.drop_constraint(op.f(NAME), "sources")
    op.create_check_constraint(op.f(NAME), "sources", f"kind IN ({', '.join(repr(kind) for kind in kinds)})")
    op.alter_column("sources", "kind", comment=comment)
