"""Raw items and articles: each version stored once, however often it is delivered and by how many at a time."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy import Connection
from sqlalchemy.dialects.postgresql import insert

from monitor.storage import fulltext
from monitor.storage.batch import like, parameters, recordset
from monitor.storage.tables import article_versions, articles, raw_items
from monitor.types import Article, RawItem

Status = Literal["new", "new_version", "known"]
Identity = tuple[str, str]  # article id, content hash
_CURRENT = ("version", "source_name", "tier", "kind", "last_seen")  # what an article has from its current version


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """Where an item stands in the archive: `known` means that this very version was there already."""

    article_id: str
    version: int  # counts from 1
    status: Status


def article_id(source_id: str, key: str) -> str:
    """The id of what a source names `key`: 20 hex digits of a sha256, so that keys may be of any length."""
    return hashlib.sha256(f"{source_id}\0{key}".encode()).hexdigest()[:20]


def store(conn: Connection, pairs: Sequence[tuple[RawItem, Article]]) -> list[Stored]:
    """Store what is not stored yet; says for each pair, in the order given, what became of it.

    Identity is kept by constraints alone: others may store the same items at the same moment, and one batch may hold
    an item twice. Rows are touched in the order of their ids, so that two batches never wait for each other in a ring.
    A text that an article had before and has again is `known`, and becomes the current one; a mere redelivery, which
    was seen when the archive says it was, changes nothing.
    """
    if not pairs:
        return []
    found = [(article_id(raw.source_id, raw.key), raw.content_hash) for raw, _ in pairs]
    first = {identity: number for number, identity in reversed(list(enumerate(found)))}
    created = _create_articles(conn, found, pairs)
    fresh = _store_raw(conn, first, pairs)
    known = _known_versions(conn, set(found) - fresh)
    first_seen = {identity: at for identity, (_, at) in known.items()} | {i: pairs[first[i]][1].seen for i in fresh}
    back = _come_back(found, first_seen, pairs)
    _lock(conn, ({identifier for identifier, _ in fresh} | {found[number][0] for number in back}) - created)
    versions = _number(conn, sorted(fresh, key=first.__getitem__), created)
    _store_versions(conn, versions, first, pairs)
    versions |= {identity: version for identity, (version, _) in known.items()}
    _make_current(conn, [(found[number], versions[found[number]], pairs[number][1]) for number in back])
    stored = []
    for number, identity in enumerate(found):
        status: Status = "known"
        if identity in fresh and first[identity] == number:
            status = "new" if versions[identity] == 1 else "new_version"
        stored.append(Stored(article_id=identity[0], version=versions[identity], status=status))
    return stored


def _create_articles(conn: Connection, found: Sequence[Identity], pairs: Sequence[tuple[RawItem, Article]]) -> set[str]:
    """Make the articles that are missing; returns their ids."""
    rows: dict[str, dict[str, Any]] = {}
    for (identifier, _), (_, article) in zip(found, pairs, strict=True):
        rows.setdefault(
            identifier,
            {
                "id": identifier,
                "source_id": article.source_id,
                "key": article.key,
                "version": 1,
                "first_seen": article.seen,
                **_of_current(article),
            },
        )
    return set(conn.scalars(_ADD_ARTICLES, parameters([rows[identifier] for identifier in sorted(rows)])))


def _store_raw(conn: Connection, first: dict[Identity, int], pairs: Sequence[tuple[RawItem, Article]]) -> set[Identity]:
    """Store the raw items that are missing; returns their identities."""
    rows = [_raw_row(identity, pairs[first[identity]][0]) for identity in sorted(first)]
    return {(row.article_id, row.content_hash) for row in conn.execute(_ADD_RAW, parameters(rows))}


def _lock(conn: Connection, identifiers: set[str]) -> None:
    """Lock these articles until the transaction ends: nobody else numbers their versions or changes the current one."""
    if identifiers:
        conn.execute(
            sa.select(articles.c.id)
            .where(articles.c.id.in_(sorted(identifiers)))
            .order_by(articles.c.id)
            # NO KEY UPDATE: foreign keys hold KEY SHARE on these rows by now, in this transaction and in others.
            .with_for_update(key_share=True)
        ).all()


def _number(conn: Connection, fresh: Sequence[Identity], created: set[str]) -> dict[Identity, int]:
    """Give each new version its number. Articles that were there before are locked by now."""
    before = {identifier for identifier, _ in fresh} - created
    highest = dict.fromkeys(created, 0)
    if before:
        # The current version may be an older one that came back.
        version = article_versions.c
        numbered = sa.select(version.article_id, sa.func.max(version.version).label("highest"))
        rows = conn.execute(numbered.where(version.article_id.in_(sorted(before))).group_by(version.article_id))
        highest |= {row.article_id: row.highest for row in rows}
    versions = {}
    for identity in fresh:
        highest[identity[0]] += 1
        versions[identity] = highest[identity[0]]
    return versions


def _store_versions(
    conn: Connection,
    versions: dict[Identity, int],
    first: dict[Identity, int],
    pairs: Sequence[tuple[RawItem, Article]],
) -> None:
    """Store the texts, and make the last of each article the current one."""
    if not versions:
        return
    chosen = {identity: pairs[first[identity]][1] for identity in versions}
    rows = [_version_row(identity, versions[identity], article) for identity, article in chosen.items()]
    conn.execute(_ADD_VERSIONS, parameters(rows))
    edited = [
        _current(identity[0], versions[identity], article)
        for identity, article in sorted(chosen.items(), key=lambda pair: (pair[0][0], versions[pair[0]]))
        if versions[identity] > 1
    ]
    if edited:
        conn.execute(_set_current(), edited)


def _come_back(
    found: Sequence[Identity], first_seen: Mapping[Identity, datetime], pairs: Sequence[tuple[RawItem, Article]]
) -> list[int]:
    """Which items hold a text that was there before and was seen again later: the last of each article, by its id."""
    last: dict[str, int] = {}
    for number, (identity, (_, article)) in enumerate(zip(found, pairs, strict=True)):
        before = last.get(identity[0])
        if article.seen > first_seen[identity] and (before is None or article.seen > pairs[before][1].seen):
            last[identity[0]] = number
    return [last[identifier] for identifier in sorted(last)]


def _make_current(conn: Connection, back: Sequence[tuple[Identity, int, Article]]) -> None:
    """Make versions that came back the current ones of their articles, unless the current one was seen later."""
    if not back:
        return
    older = sa.and_(articles.c.last_seen < sa.bindparam("b_last_seen"), articles.c.version != sa.bindparam("b_version"))
    conn.execute(
        _set_current().where(older),
        [_current(identity[0], version, article) for identity, version, article in back],
    )


def _known_versions(conn: Connection, known: set[Identity]) -> dict[Identity, tuple[int, datetime]]:
    """The numbers of versions that were stored before, and when they were first seen."""
    if not known:
        return {}
    version = article_versions.c
    columns = (version.article_id, version.content_hash, version.version, version.seen)
    rows = conn.execute(sa.select(*columns).where(columns[0].in_(sorted({identifier for identifier, _ in known}))))
    return {(row.article_id, row.content_hash): (row.version, row.seen) for row in rows}


def _set_current() -> sa.Update:
    """Makes a version the current one of its article; `_current` gives the parameters."""
    return (
        sa.update(articles)
        .where(articles.c.id == sa.bindparam("b_id"))
        .values({column: sa.bindparam(f"b_{column}") for column in _CURRENT})
    )


def _current(identifier: str, version: int, article: Article) -> dict[str, Any]:
    return {"b_id": identifier, "b_version": version} | {f"b_{k}": v for k, v in _of_current(article).items()}


def _of_current(article: Article) -> dict[str, Any]:
    """What an article takes over from its current version."""
    return {
        "source_name": article.source_name,
        "tier": article.tier.value,
        "kind": article.kind.value,
        "last_seen": article.seen,
    }


def _raw_row(identity: Identity, item: RawItem) -> dict[str, Any]:
    return {
        "source_id": item.source_id,
        "key": item.key,
        "article_id": identity[0],
        "content_hash": identity[1],
        "url": item.url,
        "title": item.title,
        "text": item.text,
        "summary": item.summary,
        "author": item.author,
        "language": item.language,
        "published_raw": item.published_raw,
        "published": item.published,
        "updated_raw": item.updated_raw,
        "updated": item.updated,
        "time_zone": item.time_zone,
        "seen": item.seen,
        "backfill": item.backfill,
        "flags": list(item.flags),
    }


def _version_row(identity: Identity, version: int, article: Article) -> dict[str, Any]:
    return {
        "article_id": identity[0],
        "content_hash": identity[1],
        "version": version,
        "url": article.url,
        "title": article.title,
        "text": article.text,
        "language": article.language,
        "author": article.author,
        "published": article.published,
        "seen": article.seen,
        "dateline_date": article.dateline_date,
        "time_zone": article.time_zone,
        "backfill": article.backfill,
        "flags": list(article.flags),
        **fulltext.searched(language=article.language, title=article.title, text=article.text),
    }


def _add(table: sa.Table, names: Sequence[str], *returning: sa.ColumnElement[Any]) -> sa.Executable:
    """Add the rows given but for those that are there; returns these columns of the added ones."""
    added = insert(table).from_select(names, sa.select(recordset(*like(table, *names))))
    return added.on_conflict_do_nothing().returning(*returning)


def _add_versions() -> sa.Executable:
    """Add versions, with the texts that are searched in place of their vector."""
    names = [column.name for column in article_versions.c if column.name != "fts"]
    given = recordset(*like(article_versions, *names), *fulltext.columns())
    chosen = sa.select(*(given.c[name] for name in names), fulltext.vector(given))
    return sa.insert(article_versions).from_select([*names, "fts"], chosen)


_ADD_ARTICLES = _add(articles, [column.name for column in articles.c], articles.c.id)
_ADD_RAW = _add(
    raw_items,
    [column.name for column in raw_items.c if column.name != "id"],
    raw_items.c.article_id,
    raw_items.c.content_hash,
)
_ADD_VERSIONS = _add_versions()
