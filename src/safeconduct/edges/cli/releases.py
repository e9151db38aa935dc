"""The plan of releases on a terminal: roles down, time along, a mark where each compartment opens."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from itertools import groupby

from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.text import Text

from safeconduct.core.acts import Timing
from safeconduct.core.agreement import Terms, instant_words
from safeconduct.core.disclosure import Known, Row, instants, places
from safeconduct.edges.cli.screen import clean

# Mark, and the line from there on.
_SIGNS: Mapping[str, tuple[str, str]] = {
    "exact": ("●", "━"),
    "blurred": ("◐", "┅"),
    "count": ("#", "┄"),
    "existence": ("○", "╌"),
}
_WORDS: Mapping[str, str] = {
    "exact": "in full",
    "blurred": "blurred",
    "count": "only how many",
    "existence": "only that it exists",
}
_WINDOW = "departure ╞═╡"
# Wider than this, marks stand too far from the words beside them.
_STRIP_MAX = 56
_STRIP_MIN = 12
_NAME_MAX = 20


def time_line(rows: Sequence[Row], timing: Timing, terms: Terms) -> RenderableType:
    """The rows on one time line, as wide as the terminal is; at least one row. terms: that they are of."""
    return _TimeLine(rows, timing, terms)


class _TimeLine:
    def __init__(self, rows: Sequence[Row], timing: Timing, terms: Terms) -> None:
        self._rows, self._timing, self._terms = rows, timing, terms
        # A terminal writes English; names that are not in it stand in the agreement's first language.
        self._language = "en" if "en" in terms.languages else terms.languages[0]
        self._instants = instants(rows, timing.earliest, timing.latest)
        self._name = min(max(len(row.compartment) for row in rows) + 2, _NAME_MAX)
        self._said = max(len(_WINDOW), *(len(_said(step)) for row in rows for step in row.steps))

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        width = max(_STRIP_MIN, min(_STRIP_MAX, options.max_width - self._name - self._said - 4))
        at = places(self._instants, width=width - 1, apart=2)
        yield _line(" " * self._name, self._labels(at, width), "UTC")
        yield _line(" " * self._name, self._axis(at, width), _WINDOW)
        for _, rows in groupby(self._rows, key=lambda row: row.role):
            yield from self._role(list(rows), at, width)
        signs = (f"{sign} {_WORDS[grade]}" for grade, (sign, _) in _SIGNS.items() if self._has(grade))
        yield Text(" · ".join(signs), style="dim")

    def _role(self, rows: Sequence[Row], at: Mapping[int, int], width: int) -> Iterator[Text]:
        yield Text(clean(f"{rows[0].role} ({rows[0].party})"), style="bold")
        for row in rows:
            first, *others = row.steps
            name = clean(f"  {row.compartment}")[: self._name].ljust(self._name)
            yield _line(name, _strip(row.steps, at, width), _said(first))
            for step in others:
                yield _line(" " * self._name, " " * width, _said(step))
            for step in row.steps:
                if step.opens is not None:
                    words = instant_words(self._terms, step.opens, "movement", self._language)
                    yield Text(clean(f"    when it is reported: {words}"), style="dim")

    def _has(self, grade: str) -> bool:
        return any(step.grade == grade for row in self._rows for step in row.steps)

    def _labels(self, at: Mapping[int, int], width: int) -> str:
        """Times of day where there is room for them; that at which the window opens comes first."""
        line = [" "] * width
        for instant in (self._timing.earliest, *self._instants):
            label = _clock(instant)
            start = min(max(at[instant] - len(label) // 2, 0), width - len(label))
            if all(letter == " " for letter in line[max(start - 1, 0) : start + len(label) + 1]):
                line[start : start + len(label)] = label
        return "".join(line)

    def _axis(self, at: Mapping[int, int], width: int) -> str:
        line = ["─"] * width
        for place in at.values():
            line[place] = "┬"
        opens, shuts = at[self._timing.earliest], at[self._timing.latest]
        for place in range(opens, shuts + 1):
            line[place] = "╤" if line[place] == "┬" else "═"
        line[opens], line[shuts] = "╞", "╡"
        return "".join(line)


def _line(name: str, strip: str, said: str) -> Text:
    return Text(f"{name}  {strip}  {said}".rstrip())


def _strip(steps: Sequence[Known], at: Mapping[int, int], width: int) -> str:
    line = ["·"] * width
    for step in steps:
        if step.at is None:
            continue
        mark, after = _SIGNS[step.grade]
        start = at[step.at]
        line[start:] = [mark, *([after] * (width - start - 1))]
    return "".join(line)


def _said(step: Known) -> str:
    """When, and how exactly, in a few letters."""
    when = f"{_day(step.at)} {_clock(step.at)}" if step.at is not None else "when reported"
    metres = f" {step.metres} m" if step.metres is not None else ""
    minutes = f" {step.minutes} min" if step.minutes is not None else ""
    return f"{when}  {_WORDS[step.grade]}{metres}{minutes}"


def _day(instant: int) -> str:
    return datetime.fromtimestamp(instant // 1000, UTC).strftime("%m-%d")


def _clock(instant: int) -> str:
    return datetime.fromtimestamp(instant // 1000, UTC).strftime("%H:%M")
