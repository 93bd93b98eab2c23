"""YAML files that people write: read safely, checked against a model, every complaint with its file and line."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from types import UnionType
from typing import Annotated, Any, ClassVar, TypeGuard, TypeVar, Union, get_args, get_origin

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from monitor.errors import ConfigError

Key = str | int
Place = tuple[Key, ...]
UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
SHORTEST, LONGEST = timedelta(seconds=1), timedelta(days=7)  # of a duration
_KEYS = ("tag:yaml.org,2002:str", "tag:yaml.org,2002:merge")  # what stands before a colon: text, or <<
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
            line = key.start_mark.line + 1
            if key.tag not in _KEYS:
                shown = f'"{key.value}"' if isinstance(key, yaml.ScalarNode) else "a list or set of fields"
                document.lines[(*place, "")] = line
                document.complain((*place, ""), f"{shown} stands for a field here and is no text. Put it in quotes.")
                continue
            name = str(key.value)
            here = (*place, name)
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
        for at, detail in _details(error, document.data):
            document.complain(at, _explain(at, detail, model))
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
            details = _details(error, value)
            for at, detail in details:
                document.complain((*place, *at), f"{label}: {_explain(at, detail, model)}")
            broken = {str(at[0]) for at, _ in details if at}
            document.broken |= {(*place, field) for field in broken}
            if not any(info.is_required() for field, info in model.model_fields.items() if field in broken):
                yield place, model.model_validate({key: value[key] for key in value if key not in broken})


def _label(model: type[Entry], index: int, value: object) -> str:
    name = value.get("id") if isinstance(value, dict) else None
    return f'{model.kind_of_entry} "{name}"' if isinstance(name, str) else f"{model.kind_of_entry} number {index + 1}"


def _details(error: ValidationError, data: object) -> list[tuple[Place, ErrorDetails]]:
    """The errors with their places in the file, one a place: where a value may be of several kinds, of the nearest."""
    found: dict[Place, ErrorDetails] = {}
    for detail in error.errors(include_url=False):
        found.setdefault(_written(detail, data), detail)
    return [
        (place, detail)
        for place, detail in found.items()
        if not place or not any(other != place and other[: len(place)] == place for other in found)
    ]


def _written(detail: ErrorDetails, data: Any) -> Place:
    """The place of an error without what pydantic adds to it: which kind of value it tried, "[key]" for a key."""
    place: Place = ()
    for key in detail["loc"]:
        held: dict[Key, Any] = (
            data if isinstance(data, dict) else dict(enumerate(data)) if isinstance(data, list) else {}
        )
        if key in held:
            place, data = (*place, key), held[key]
        elif detail["type"] == "missing" and key == detail["loc"][-1]:
            place = (*place, key)
    return place


def _explain(place: Place, detail: ErrorDetails, model: type[Entry]) -> str:
    """One error of pydantic's in words: the field, what was expected, what was found."""
    if not place:
        return f"{detail['ctx']['error']}."
    owner, length, wanted = _find_field(model, place)
    name, whole_name = _shown(place[:length]), _shown(place)
    if detail["type"] == "extra_forbidden":
        known = {info.alias or field: None for field, info in owner.model_fields.items()}
        return f'unknown field "{whole_name}".{suggest(str(place[-1]), known)}'
    if detail["type"] == "missing":
        return f'the field "{whole_name}" is missing; expected {wanted}.'
    because = f" ({detail['ctx']['error']})" if detail["type"] == "value_error" else ""
    found = f"{'found' if length == len(place) else f'but {whole_name} is'} {describe(detail['input'])}"
    quotes = " Put it in quotes." if detail["type"] == "string_type" and _is_plain(detail["input"]) else ""
    return f'field "{name}": expected {wanted}, {found}{because}.{quotes}'


def _is_plain(value: object) -> bool:
    """Whether it is what YAML makes of plain words: a number, a truth value, a day."""
    return isinstance(value, int | float | date)


def _shown(place: Place) -> str:
    """A place as people write it: "rules[4].mood"; lists count from one."""
    parts = (f"[{key + 1}]" if isinstance(key, int) else f".{key}" for key in place)
    return "".join(parts).removeprefix(".")


def _find_field(model: type[BaseModel], place: Place) -> tuple[type[BaseModel], int, str]:
    """The innermost model that `place` leads to, how much of it leads to a field, and what that field expects."""
    owner, length, wanted = model, len(place), "something else"
    kinds: list[object] = [model]
    for depth, key in enumerate(place, 1):
        owner = next((kind for kind in kinds if _is_model(kind)), owner)
        info = next((info for kind in kinds if (info := _field(kind, key)) is not None), None)
        if info is not None:
            extra = info.json_schema_extra
            length, wanted = depth, str(extra["expected"]) if isinstance(extra, dict) else wanted
        kinds = _kinds(info.annotation) if info is not None else [each for kind in kinds for each in _held(kind, key)]
    return owner, length, wanted


def _is_model(kind: object) -> TypeGuard[type[BaseModel]]:
    return isinstance(kind, type) and issubclass(kind, BaseModel)


def _field(kind: object, key: Key) -> FieldInfo | None:
    """The field of a model that goes by `key` in a file."""
    fields = kind.model_fields.items() if _is_model(kind) else ()
    return next((info for name, info in fields if key == (info.alias or name)), None)


def _held(kind: object, key: Key) -> list[object]:
    """What a list or a mapping of this kind holds."""
    wanted = dict if isinstance(key, str) else tuple
    return _kinds(get_args(kind)[-1 if wanted is dict else 0]) if get_origin(kind) is wanted else []


def _kinds(annotation: object) -> list[object]:
    """The kinds of value that an annotation allows."""
    if get_origin(annotation) is Annotated:
        return _kinds(get_args(annotation)[0])
    if get_origin(annotation) in (Union, UnionType):
        return [kind for each in get_args(annotation) for kind in _kinds(each)]
    return [annotation]


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
        return "a list" if value else "an empty list"
    text = str(value).lower() if isinstance(value, bool) else repr(value) if isinstance(value, str) else str(value)
    text = re.sub(r"//[^/\s@]+@", "//***@", text)  # an address may hold a password
    return text if len(text) <= 80 else text[:77] + "..."
