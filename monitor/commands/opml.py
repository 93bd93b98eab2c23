"""Lists of sources as other readers exchange them: OPML 2.0 (opml.org/spec2.opml).

Feeds stand in it as every reader has them.  What OPML has no word for stands in attributes of our own name space, which
other readers pass over; a list that was written here is read back the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from lxml import etree

from monitor.errors import ConfigError
from monitor.types import Backfill, ItemKind, Source, SourceKind, Tier
from monitor.yamlfile import UNITS

NAMESPACE = "urn:watchdesk:source"
LARGEST = 10_000_000  # bytes
_DEEPEST = 50  # folders within folders
_OWN = f"{{{NAMESPACE}}}"
# Attributes of our own, by the field of sources.yaml that they stand for.
_FIELDS = ("id", "kind", "interval", "tier", "fetch_article", "backfill", "time_zone", "allow_private", "item_kind")


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """One source of a list, its fields as sources.yaml writes them."""

    url: str
    title: str
    folder: str  # the folders that it stands in, outermost first
    fields: Mapping[str, str]  # those of ours that the list knows


def read_opml(body: bytes, name: str) -> list[Outline]:
    """The sources of a list, whatever their folders. Raises ConfigError when it is none."""
    if len(body) > LARGEST:
        raise ConfigError(f"{name} is larger than {LARGEST:,} bytes, which no list of sources is.")
    parser = etree.XMLParser(recover=True, resolve_entities=False, load_dtd=False, no_network=True)
    try:
        root = etree.fromstring(body, parser)
    except etree.XMLSyntaxError as error:
        raise ConfigError(f"{name} is no OPML: {error}.") from error
    if root is None or etree.QName(root).localname.lower() != "opml":
        raise ConfigError(f"{name} is no OPML: its outermost element is not <opml>.")
    return list(_outlines(root, ()))


def write_opml(sources: Sequence[Source], *, now: datetime) -> bytes:
    """A list of the sources. Those of kind `archive` have no address and are to be left out by the caller."""
    root = etree.Element("opml", nsmap={"watchdesk": NAMESPACE}, version="2.0")
    head = etree.SubElement(root, "head")
    etree.SubElement(head, "title").text = "Sources of Watchdesk"
    etree.SubElement(head, "dateCreated").text = f"{now:%a, %d %b %Y %H:%M:%S} GMT"
    body = etree.SubElement(root, "body")
    for source in sources:
        attributes = {"type": "rss", "text": source.name, "title": source.name, "xmlUrl": source.url}
        if source.language:
            attributes["language"] = source.language
        outline = etree.SubElement(body, "outline", attributes)
        for field, value in _own_fields(source).items():
            outline.set(_OWN + field, value)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="utf-8", pretty_print=True))


def _own_fields(source: Source) -> dict[str, str]:
    """What OPML has no word for, defaults left out."""
    values = {
        "id": source.id,
        "kind": source.kind.value,
        "interval": "" if source.adaptive else _duration(int(source.interval.total_seconds())),
        "tier": "" if source.tier is Tier.OUTLET else source.tier.value,
        "fetch_article": "yes" if source.fetch_article else "",
        "backfill": "" if source.backfill is Backfill.ARCHIVE else source.backfill.value,
        "time_zone": source.time_zone or "",
        "allow_private": "yes" if source.allow_private else "",
        "item_kind": "" if source.item_kind is ItemKind.ARTICLE else source.item_kind.value,
    }
    return {field: values[field] for field in _FIELDS if values[field]}


def _duration(seconds: int) -> str:
    """Seconds as sources.yaml writes them."""
    parts = []
    for unit, size in sorted(UNITS.items(), key=lambda unit: -unit[1]):
        count, seconds = divmod(seconds, size)
        if count:
            parts.append(f"{count}{unit}")
    return "".join(parts)


def _outlines(element: etree._Element, folders: tuple[str, ...]) -> Iterator[Outline]:
    for child in element:
        if not isinstance(child.tag, str):
            continue  # a comment
        plain = {etree.QName(name).localname.lower(): value.strip() for name, value in child.attrib.items()}
        title = " ".join((plain.get("title") or plain.get("text") or "").split())
        if plain.get("xmlurl"):
            own = {name.removeprefix(_OWN): value for name, value in child.attrib.items() if name.startswith(_OWN)}
            fields = {field: own[field] for field in _FIELDS if own.get(field)}
            language = plain.get("language", "")[:2].lower()
            if language.isascii() and language.isalpha() and len(language) == 2:
                fields["language"] = language
            yield Outline(url=plain["xmlurl"], title=title, folder=" / ".join(folders), fields=fields)
        if len(folders) < _DEEPEST:
            named = (*folders, title) if etree.QName(child).localname.lower() == "outline" and title else folders
            yield from _outlines(child, named)


def kind_of(outline: Outline) -> SourceKind:
    """The kind that the list gives, else what the address says, else a feed."""
    from connectors.discovery import by_address

    given = outline.fields.get("kind")
    if given in set(SourceKind):
        return SourceKind(given)
    certain = by_address(outline.url)
    return certain.kind if certain else SourceKind.FEED
