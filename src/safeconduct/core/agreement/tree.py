"""Text of an agreement → plain values, each with the place in its file that it came from.

YAML without its traps: no anchors, aliases, tags, merge keys, dates, fractions, truth values, empty values or second
documents, and no key twice. What is refused is reported where it stands, and the reading goes on.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, NamedTuple, TypeAlias

import msgspec
import yaml

from safeconduct.core.agreement.limits import NESTING_MAX
from safeconduct.core.statement import require_canonical
from safeconduct.errors import CanonicalInvalid

Path: TypeAlias = tuple[str | int, ...]
# None stands for a value that was refused and reported.
Value: TypeAlias = "str | int | list[Value] | dict[str, Value] | None"

_INTEGER = re.compile(r"-?(0|[1-9][0-9]{0,14})")
_TAG = "tag:yaml.org,2002:"
_WHAT_YAML_READS = {
    "bool": "a truth value",
    "float": "a fraction",
    "int": "an integer in another notation or of over 15 digits",
    "merge": "a merge key",
    "null": "nothing",
    "timestamp": "a date",
    "value": "a default key",
}


class Mark(NamedTuple):
    """A place in a file: line and column in it, in characters, both counted from 1."""

    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.line}:{self.column}"


BEGIN = Mark(1, 1)


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """Something wrong at a place of a file. order: of the file in the folder's reading order."""

    order: int
    at: Mark
    file: str
    text: str

    def __str__(self) -> str:
        return f"{self.file}:{self.at}: {self.text}"


@dataclass(slots=True)
class Tree:
    """What one file says.

    places: of each value by its path, where its key stands if it has one. problems: what was refused on the way.
    """

    value: Value = None
    places: dict[Path, Mark] = field(default_factory=dict)
    problems: list[tuple[Mark, str]] = field(default_factory=list)


def read_json(text: str) -> Tree:
    """A card: canonical JSON on one line."""
    tree = Tree(places={(): BEGIN})
    raw = text.removesuffix("\n").encode(errors="surrogatepass")
    try:
        require_canonical(raw)
    except CanonicalInvalid as error:
        tree.problems.append((BEGIN, f"expected canonical JSON, got a problem: {error}"))
        return tree
    tree.value = msgspec.json.decode(raw)
    return tree


def read_yaml(text: str) -> Tree:
    """One YAML document of mappings, sequences, texts and integers."""
    builder = _Builder()
    events, error_at_the_end = _parsed(text)
    try:
        for event in events:
            builder.take(event)
        if error_at_the_end is not None:
            raise error_at_the_end.with_traceback(None)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        builder.problem(_mark(mark), f"expected YAML, got a problem: {error.problem}")
        builder.tree.value = None
    except yaml.reader.ReaderError as error:
        before = text[: error.position]
        at = Mark(before.count("\n") + 1, len(before) - before.rfind("\n"))
        builder.problem(at, f"expected text, got the character {error.character:#06x}")
        builder.tree.value = None
    except _TooDeep as error:
        builder.problem(error.at, f"expected at most {NESTING_MAX} levels, got more")
        builder.tree.value = None
    return builder.tree


# A folder is read again and again while it is edited, and most of its files are as they were.
@lru_cache(maxsize=32)
def _parsed(text: str) -> tuple[Sequence[yaml.Event], yaml.YAMLError | None]:
    """The text's events, and what ended them before their time."""
    events: list[yaml.Event] = []
    try:
        # One reader on every machine: the C parser is not in every installation and words its errors differently.
        for event in yaml.parse(text, Loader=yaml.SafeLoader):
            events.append(event)  # noqa: PERF402, what came before an error counts
    except yaml.YAMLError as error:
        return tuple(events), error
    return tuple(events), None


class _TooDeep(Exception):
    def __init__(self, at: Mark) -> None:
        self.at = at


def _mark(mark: Any) -> Mark:
    """A mark of either of the library's parsers, or none."""
    return Mark(mark.line + 1, mark.column + 1) if mark else BEGIN


@dataclass(slots=True)
class _Open:
    """A mapping or sequence that is being read. key: the one whose value comes next."""

    container: list[Value] | dict[str, Value]
    path: Path
    key: str | None = None
    key_refused: bool = False


class _Builder:
    """Takes parser events, one at a time, and keeps its own stack: hostile depth costs no recursion."""

    def __init__(self) -> None:
        self.tree = Tree()
        self._open: list[_Open] = []
        self._documents = 0
        # Depth inside a mapping or sequence that stands where a key must be; its content is passed over.
        self._passed_over = 0
        self._resolver = yaml.SafeLoader("")

    def problem(self, at: Mark, text: str) -> None:
        self.tree.problems.append((at, text))

    def take(self, event: yaml.Event) -> None:
        at = _mark(event.start_mark)
        if isinstance(event, yaml.NodeEvent) and len(self._open) + self._passed_over >= NESTING_MAX:
            raise _TooDeep(at)
        match event:
            case yaml.DocumentStartEvent():
                self._documents += 1
                if self._documents > 1:
                    self.problem(at, "expected one document, got a second")
            case yaml.CollectionEndEvent():
                self._close()
            case yaml.NodeEvent() if self._documents > 1 or self._passed_over:
                self._passed_over += isinstance(event, yaml.CollectionStartEvent)
            case yaml.AliasEvent(anchor=name):
                self.problem(at, f"expected the value written out, got the alias *{name}")
                self._place(None, at)
            case yaml.ScalarEvent():
                self._refuse_decoration(event, at)
                self._scalar(event, at)
            case yaml.CollectionStartEvent():
                self._refuse_decoration(event, at)
                self._begin(event, at)
            case _:
                pass

    def _refuse_decoration(self, event: yaml.ScalarEvent | yaml.CollectionStartEvent, at: Mark) -> None:
        if event.anchor is not None:
            self.problem(at, f"expected a value without an anchor, got &{event.anchor}")
        if event.tag is not None:
            self.problem(at, f"expected a value without a tag, got {event.tag}")

    def _awaits_key(self) -> bool:
        top = self._open[-1] if self._open else None
        return top is not None and isinstance(top.container, dict) and top.key is None and not top.key_refused

    def _begin(self, event: yaml.CollectionStartEvent, at: Mark) -> None:
        if self._awaits_key():
            self.problem(at, "expected a word as a key, got a collection")
            self._open[-1].key_refused = True
            self._passed_over = 1
            return
        container: list[Value] | dict[str, Value] = {} if isinstance(event, yaml.MappingStartEvent) else []
        path = self._place(container, at)
        self._open.append(_Open(container, path))

    def _close(self) -> None:
        if self._passed_over:
            self._passed_over -= 1
        elif self._open:
            self._open.pop()

    def _scalar(self, event: yaml.ScalarEvent, at: Mark) -> None:
        value = self._meaning(event, at)
        if not self._awaits_key():
            self._place(value, at)
            return
        top = self._open[-1]
        assert isinstance(top.container, dict)
        if not isinstance(value, str):
            top.key_refused = True
            if value is not None:
                self.problem(at, f"expected a word as a key, got {value}")
        elif value in top.container:
            top.key_refused = True
            self.problem(at, f"expected each key once, got {value[:60]!r} again")
        else:
            top.key = value
            self.tree.places[(*top.path, value)] = at

    def _meaning(self, event: yaml.ScalarEvent, at: Mark) -> str | int | None:
        text: str = event.value
        if event.tag is not None:
            return None
        if event.style is not None:
            return text
        tag: str = self._resolver.resolve(yaml.ScalarNode, text, (True, False))  # type: ignore[no-untyped-call]
        kind = tag.removeprefix(_TAG)
        if kind == "str":
            return text
        if kind == "int" and _INTEGER.fullmatch(text):
            return int(text)
        self.problem(
            at, f"expected text (quoted if need be) or an integer, got {_WHAT_YAML_READS[kind]}: {text[:40]!r}"
        )
        return None

    def _place(self, value: Value, at: Mark) -> Path:
        """Put a value where it belongs; returns its path."""
        if not self._open:
            self.tree.value = value
            self.tree.places[()] = at
            return ()
        top = self._open[-1]
        if isinstance(top.container, list):
            path: Path = (*top.path, len(top.container))
            top.container.append(value)
            self.tree.places[path] = at
            return path
        if top.key is None:  # the key was refused, or it is the key itself that is an alias
            path = (*top.path, "?")
            top.key_refused = not top.key_refused
            return path
        path = (*top.path, top.key)
        top.container[top.key] = value
        top.key = None
        return path
