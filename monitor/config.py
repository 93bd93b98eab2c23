"""The three files of the configuration directory, checked as a whole: what is wrong is said all at once, by line."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from importlib.resources import files
from pathlib import Path
from typing import TypeVar

from monitor.entities import Entities, read_entities
from monitor.errors import ConfigError
from monitor.sources import read_sources
from monitor.topics import Vocabulary, read_topics
from monitor.types import Source, WatchTopic
from monitor.yamlfile import Document, read

TOPICS, ENTITIES, SOURCES = "topics.yaml", "entities.yaml", "sources.yaml"

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """Everything that the configuration directory says."""

    sources: tuple[Source, ...]
    topics: tuple[WatchTopic, ...]
    entities: Entities


def template_dir() -> Path:
    """Where the built-in configuration lies, which `watchdesk init` copies."""
    return Path(str(files("monitor") / "templates"))


def load_config(
    directory: Path | None,
    vocabulary: Vocabulary,
    *,
    topics_file: Path | None = None,
    sources_file: Path | None = None,
) -> Config:
    """Read and check all three files; the built-in ones without a directory. Raises ConfigError with every problem.

    `entities.yaml` may be absent. A file given by its own path stands in for that of the directory.
    """
    folder = directory or template_dir()
    problems: list[str] = []
    entities: Entities | None = Entities()
    if (folder / ENTITIES).exists():
        entities = _collect(problems, folder / ENTITIES, lambda document: read_entities(document, vocabulary.countries))
    topics: tuple[WatchTopic, ...] | None = None
    if entities is not None:  # else half of the topics' names would look unknown
        known = _with_additions(vocabulary, entities)
        topics = _collect(problems, topics_file or folder / TOPICS, lambda document: read_topics(document, known))
    sources = _collect(problems, sources_file or folder / SOURCES, read_sources)
    if entities is None or topics is None or sources is None:
        raise ConfigError("\n".join(problems))
    return Config(sources=sources, topics=topics, entities=entities)


def _collect(problems: list[str], path: Path, parse: Callable[[Document], T]) -> T | None:
    """What `parse` makes of a file, or None with the reasons added to `problems`."""
    try:
        document = read(path)
        result = parse(document)
        document.raise_problems()
    except ConfigError as error:
        problems.append(str(error))
        return None
    return result


def _with_additions(vocabulary: Vocabulary, entities: Entities) -> Vocabulary:
    return replace(
        vocabulary,
        people=vocabulary.people | {person.id for person in entities.people},
        parades=vocabulary.parades | {parade.id for parade in entities.parades},
        cities=vocabulary.cities | {parade.city for parade in entities.parades},
    )
