"""YAML files that people write: read safely, checked against a model, every complaint with its file and line."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, ClassVar, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from monitor.errors import ConfigError

Key = str | int
Place = tuple[Key, ...]
UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
SHORTEST, LONGEST = timedelta(seconds=1), timedelta(days=7)  # of a duration
MAX_BYTES = 5_000_000
MAX_NODES = 200_000  # aliases of aliases could make a small file grow without end


def expected(what: str, default: object = ..., **limits: Any) -> Any:
    """A field that knows what a right value looks like; without `default` it must be given."""
    return Field(default=default, json_schema_extra={"expected": what}, **limits)


class Entry(BaseModel):
    """One entry of a list in a file; a subclass names its fields. What it does not name is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    kind_of_entry: ClassVar[str] = "entry"


E = TypeVar("E", bound=Entry)


class _Loader(yaml.SafeLoader):
    """The safe loader, with only true and false as truth values: `NO` is Norway, as YAML 1.2 has it."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:bool" or first in "tTfF"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


@dataclass(slots=True)
class Document:
    """One file as read, the line of each thing in it, and what was found wrong so far."""

    path: Path
    data: Any = None
    lines: dict[Place, int] = field(default_factory=dict)
    problems: list[tuple[int, str]] = field(default_factory=list)
    broken: set[Place] = field(default_factory=set)  # fields that have no usable value

    def complain(self, place: Place, message: str) -> None:
        """Note a problem at the nearest thing to `place` whose line is known; none that follows from a broken field."""
        if not any(place[: len(at)] == at for at in self.broken):
            self.problems.append((self.line_of(place), message))

    def line_of(self, place: Place) -> int:
        """The line of the nearest thing to `place` that stands in the file."""
        while place and place not in self.lines:
            place = place[:-1]
        return self.lines.get(place, 1)

    def raise_problems(self) -> None:
        """Raise ConfigError with all problems, in the order of their lines, if there are any."""
        if self.problems:
            ordered = sorted(self.problems, key=lambda problem: problem[0])
            raise ConfigError("\n".join(f"{self.path}:{line}: {message}" for line, message in ordered))


def read(path: Path) -> Document:
    """Read and parse a file. Raises ConfigError when it can't be read or is no YAML."""
    try:
        raw = path.read_bytes()
        text = raw.decode("utf-8-sig")
    except FileNotFoundError as error:
        raise ConfigError(f"{path} is missing. `watchdesk init DIR` writes one with comments.") from error
    except OSError as error:
        raise ConfigError(f"{path} can't be read: {error.strerror}. Check who owns it and its permissions.") from error
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise ConfigError(f"{path}:{line}: this is not UTF-8 text. Save the file as UTF-8.") from error
    if len(raw) > MAX_BYTES:
        raise ConfigError(f"{path} is larger than {MAX_BYTES:,} bytes. Split it, or check that it is the right file.")
    document = Document(path)
    loader = _Loader(text)
    try:
        node = loader.get_single_node()
        if node is not None:
            _number(node, (), document, ())
            if not document.problems:
                document.data = loader.construct_document(node)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        raise ConfigError(f"{path}:{line}: this is not YAML: {error.problem}. Check indentation and quotes.") from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise ConfigError(f"{path}: this is not YAML: {error}.") from error
    finally:
        loader.dispose()
    document.raise_problems()
    return document


def _number(node: yaml.Node, place: Place, document: Document, above: tuple[yaml.Node, ...]) -> None:
    """Note the line of every node, and find keys that stand twice and aliases that hold themselves."""
    document.lines[place] = node.start_mark.line + 1
    if any(node is other for other in above):
        document.complain(place, "this alias refers to something that holds it. Write the value out.")
        return
    if len(document.lines) > MAX_NODES:
        raise yaml.YAMLError(f"it holds more than {MAX_NODES:,} values, aliases counted as often as they are used")
    above = (*above, node)
    if isinstance(node, yaml.SequenceNode):
        for index, child in enumerate(node.value):
            _number(child, (*place, index), document, above)
    elif isinstance(node, yaml.MappingNode):
        seen: dict[str, int] = {}
        for key, value in node.value:
            name = str(key.value)
            here = (*place, name)
            line = key.start_mark.line + 1
            if name in seen:
                document.lines[here] = line
                document.complain(here, f'"{name}" stands here a second time, first in line {seen[name]}. Remove one.')
            seen[name] = line
            _number(value, here, document, above)
            document.lines[here] = line


def entries(document: Document, lists: Mapping[str, type[Entry]]) -> Mapping[str, Sequence[tuple[Place, Entry]]]:
    """The entries of each named list of the document, checked; what is wrong goes to `document.problems`."""
    found: dict[str, list[tuple[Place, Entry]]] = {name: [] for name in lists}
    if document.data is None:
        return found
    if not isinstance(document.data, dict):
        names = " and ".join(f'"{name}:"' for name in lists)
        document.complain((), f"expected {names} with a list below it, found {describe(document.data)}.")
        return found
    for name, value in document.data.items():
        if name not in lists:
            document.complain((str(name),), f'unknown key "{name}".{suggest(str(name), lists)}')
        elif value is None:
            continue
        elif not isinstance(value, list):
            document.complain(
                (name,), f'"{name}:" expected a list, each entry with "- " before it, found {describe(value)}.'
            )
        else:
            found[name] = list(_checked(document, name, value, lists[name]))
    return found


def whole(document: Document, model: type[E]) -> E | None:
    """The one entry that a document is, checked; None when that goes wrong, and then `document.problems` says how."""
    if not isinstance(document.data, dict):
        document.complain(
            (), f"expected fields such as `{next(iter(model.model_fields))}: ...`, found {describe(document.data)}."
        )
        return None
    try:
        return model.model_validate(document.data)
    except ValidationError as error:
        for detail in error.errors(include_url=False):
            document.complain(tuple(detail["loc"]), _explain(detail, model))
        return None


def _checked(document: Document, name: str, values: list[Any], model: type[E]) -> Iterator[tuple[Place, E]]:
    """The entries that can be made, if need be without their broken fields, so that the rest is checked as well."""
    for index, value in enumerate(values):
        place = (name, index)
        label = _label(model, index, value)
        if not isinstance(value, dict):
            document.complain(place, f"{label}: expected fields such as `id: ...`, found {describe(value)}.")
            continue
        try:
            yield place, model.model_validate(value)
        except ValidationError as error:
            details = error.errors(include_url=False)
            for detail in details:
                document.complain((*place, *detail["loc"]), f"{label}: {_explain(detail, model)}")
            broken = {str(detail["loc"][0]) for detail in details if detail["loc"]}
            document.broken |= {(*place, field) for field in broken}
            if not any(info.is_required() for field, info in model.model_fields.items() if field in broken):
                yield place, model.model_validate({key: value[key] for key in value if key not in broken})


def _label(model: type[Entry], index: int, value: object) -> str:
    name = value.get("id") if isinstance(value, dict) else None
    return f'{model.kind_of_entry} "{name}"' if isinstance(name, str) else f"{model.kind_of_entry} number {index + 1}"


def _explain(detail: ErrorDetails, model: type[Entry]) -> str:
    """One error of pydantic's in words: the field, what was expected, what was found."""
    place = [key for key in detail["loc"] if key != "[key]"]
    owner, name, wanted = _find_field(model, place)
    if detail["type"] == "extra_forbidden":
        known = {info.alias or field: None for field, info in owner.model_fields.items()}
        return f'unknown field "{name}".{suggest(str(place[-1]), known)}'
    if detail["type"] == "missing":
        return f'the field "{name}" is missing; expected {wanted}.'
    if not place:
        return f"{detail['ctx']['error']}."
    because = f" ({detail['ctx']['error']})" if detail["type"] == "value_error" else ""
    return f'field "{name}": expected {wanted}, found {describe(detail["input"])}{because}.'


def _find_field(model: type[BaseModel], place: Sequence[Key]) -> tuple[type[BaseModel], str, str]:
    """The innermost model and field that `place` leads to, the field's name for people, and what it expects."""
    owner, wanted, shown = model, "something else", ""
    current: type[BaseModel] | None = model
    for key in place:
        owner = current or owner
        shown = f"{shown}[{key + 1}]" if isinstance(key, int) else f"{shown}.{key}" if shown else key
        info = _field(current, key)
        if info is not None and current is not None:
            extra = info.json_schema_extra
            wanted = str(extra["expected"]) if isinstance(extra, dict) else wanted
            current = _inner_model(info.annotation)
        elif isinstance(key, str):
            current = None
    return owner, shown, wanted


def _field(model: type[BaseModel] | None, key: Key) -> FieldInfo | None:
    """The field that goes by `key` in a file."""
    fields = model.model_fields.items() if model is not None else ()
    return next((info for name, info in fields if key == (info.alias or name)), None)


def _inner_model(annotation: object) -> type[BaseModel] | None:
    """The model inside an annotation such as `tuple[Model, ...]`, if there is one."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    inner = (_inner_model(argument) for argument in getattr(annotation, "__args__", ()))
    return next((model for model in inner if model is not None), None)


def duration(value: object) -> timedelta:
    """`90s`, `5m`, `1h30m`, `1d` as a timedelta. Raises ValueError for anything else, a bare number included."""
    text = str(value)
    if not re.fullmatch(r"(\d{1,6}[smhd])+", text):
        unit = f'; a number needs a unit, write "{value}s" for seconds' if isinstance(value, int | float) else ""
        raise ValueError(f"not a duration{unit}")
    total = timedelta(seconds=sum(int(n) * UNITS[unit] for n, unit in re.findall(r"(\d+)([smhd])", text)))
    if not SHORTEST <= total <= LONGEST:
        raise ValueError("must be 1s to 7d")
    return total


def suggest(name: str, known: Iterator[str] | Sequence[str] | Mapping[str, Any] | frozenset[str]) -> str:
    """A hint at the nearest of the names that exist, or all of them when they are few."""
    names = sorted(known)
    if near := difflib.get_close_matches(name, names, n=1, cutoff=0.6):
        return f' Did you mean "{near[0]}"?'
    return f" Known are: {', '.join(names)}." if len(names) <= 20 else ""


def describe(value: object) -> str:
    """A value as the reader of the file would call it, cut to a length that fits a message."""
    if value is None:
        return "nothing"
    if isinstance(value, dict):
        return "a set of fields"
    if isinstance(value, list):
        return "a list"
    text = str(value).lower() if isinstance(value, bool) else repr(value) if isinstance(value, str) else str(value)
    text = re.sub(r"//[^/\s@]+@", "//***@", text)  # an address may hold a password
    return text if len(text) <= 80 else text[:77] + "..."
