"""The files of the configuration directory, checked as a whole: what is wrong is said all at once, by line."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from importlib.resources import files
from pathlib import Path
from typing import TypeVar

from monitor.entities import Entities, read_entities
from monitor.errors import ConfigError
from monitor.framefile import read_frame
from monitor.frames.frame import Frame, Frames, shipped
from monitor.sources import read_sources
from monitor.topics import Vocabulary, read_topics
from monitor.types import Source, WatchTopic
from monitor.yamlfile import Document, read

TOPICS, ENTITIES, SOURCES = "topics.yaml", "entities.yaml", "sources.yaml"
FRAMES = "frames"  # a folder, one file a frame

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """Everything that the configuration directory says."""

    sources: tuple[Source, ...]
    topics: tuple[WatchTopic, ...]
    entities: Entities
    frames: Frames = field(default_factory=shipped)  # by name: those that ship and the user's own


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
    """Read and check all files; the built-in ones without a directory. Raises ConfigError with every problem.

    `entities.yaml` and `frames/` may be absent. A file given by its own path stands in for that of the directory.
    """
    folder = directory or template_dir()
    problems: list[str] = []
    entities: Entities | None = Entities()
    if (folder / ENTITIES).exists():
        entities = _collect(problems, folder / ENTITIES, lambda document: read_entities(document, vocabulary.countries))
    frames = _frames(problems, folder / FRAMES, vocabulary)
    topics: tuple[WatchTopic, ...] | None = None
    if entities is not None and frames is not None:  # else half of the topics' names would look unknown
        known = replace(_with_additions(vocabulary, entities), frames=frames)
        topics = _collect(problems, topics_file or folder / TOPICS, lambda document: read_topics(document, known))
    sources = _collect(problems, sources_file or folder / SOURCES, read_sources)
    if entities is None or frames is None or topics is None or sources is None:
        raise ConfigError("\n".join(problems))
    return Config(sources=sources, topics=topics, entities=entities, frames=frames)


def _frames(problems: list[str], folder: Path, vocabulary: Vocabulary) -> Frames | None:
    """All frames; None, with the reasons added to `problems`, when one of the user's own is wrong."""
    frames: dict[str, Frame] = dict(vocabulary.frames)
    before = len(problems)
    for path in sorted(folder.glob("*.yaml")):
        frame = _collect(problems, path, lambda document: read_frame(document, frames, vocabulary.countries))
        if frame is not None:
            frames[frame.name] = frame
    return frames if len(problems) == before else None


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
