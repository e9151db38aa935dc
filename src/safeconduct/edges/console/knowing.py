"""Who will know what when, as a movement's plan has it: roles down, time along, a bar from when a part opens."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from itertools import groupby

from safeconduct.core.acts import Timing
from safeconduct.core.agreement import grade_text, instant_words
from safeconduct.core.disclosure import Known, Row, instants, places, rows
from safeconduct.edges.console.markup import Content, Html, el, join
from safeconduct.edges.console.names import Names
from safeconduct.node.queries import MovementPage

# Units of a picture; a phone shows them about as they are.
_WIDTH, _HEIGHT = 360, 14
_APART = 8
# The axis has the times of day, as many as do not touch each other.
_AXIS_HEIGHT, _AXIS, _LABEL = 30, 16, 36
_MARK = 3
# How high a bar is: the more is told, the higher.
_HEIGHTS: Mapping[str, int] = {"exact": 7, "blurred": 4, "count": 2, "existence": 1}
# A movement that ended so never departs: to show what it would have opened would be to show what nobody knows.
_NEVER = ("refused", "cancelled", "lapsed")


def knowing(names: Names, page: MovementPage) -> Html:
    """The time line of everybody who learns a part of the order, with each time in words."""
    reader, timing = names.reader, page.row.plan.timing
    shown = rows(names.terms, timing) if names.terms is not None else ()
    if not shown:
        return el("p", reader.word("knowing_none"))
    phase = page.row.phase.value
    if phase in _NEVER:
        return el("p", reader.say("knowing_stopped", phase=reader.word(f"phase_{phase}")))
    note = el("p", reader.word("knowing_unapproved")) if phase == "requested" else None
    line = _Line(names, shown, timing)
    roles = [line.role(list(of_role)) for _, of_role in groupby(shown, key=lambda row: row.role)]
    return join(note, el("ul", line.axis(), roles, class_="knows"))


class _Line:
    """One scale for all rows."""

    def __init__(self, names: Names, shown: Sequence[Row], timing: Timing) -> None:
        self._names, self._timing = names, timing
        self._instants = instants(shown, timing.earliest, timing.latest, names.reader.now)
        at = places(self._instants, width=_WIDTH - _MARK, apart=_APART)
        is_mirrored = names.reader.direction == "rtl"
        self._at = {instant: _WIDTH - x if is_mirrored else x for instant, x in at.items()}
        self._end = 0 if is_mirrored else _WIDTH
        terms = names.terms
        self._parts = {c.id: c.name for c in terms.compartments} if terms is not None else {}

    def axis(self) -> Html:
        """The window of departure, now, and times of day."""
        drawing = [self._window(_AXIS_HEIGHT), self._now(_AXIS_HEIGHT)]
        taken: list[int] = []
        for instant in (self._timing.earliest, *self._instants):
            x = min(max(self._at[instant], _LABEL // 2), _WIDTH - _LABEL // 2)
            if instant != self._names.reader.now and all(abs(x - other) >= _LABEL for other in taken):
                taken.append(x)
                drawing.append(el("text", _clock(instant), x=x, y=12))
            drawing.append(el("path", d=f"M{self._at[instant]} {_AXIS}V{_AXIS_HEIGHT}", class_="tick"))
        reader = self._names.reader
        signs = (
            el("span", el("b", "▏", class_="now"), reader.word("event_now")),
            el("span", el("b", "▭", class_="window"), reader.word("window")),
        )
        row = el("div", _picture(drawing, _AXIS_HEIGHT), el("span", signs, class_="signs"), class_="who")
        return el("li", row, class_="axis", aria_hidden="true")

    def role(self, shown: Sequence[Row]) -> Html:
        """Everything that one role will know."""
        names = self._names
        head = el("h3", names.role(shown[0].role), " ", el("small", names.party(shown[0].party)))
        return el("li", head, el("ul", (self._row(row) for row in shown), class_="plain"))

    def _row(self, row: Row) -> Html:
        drawing = [self._window(_HEIGHT), *self._bars(row.steps), self._now(_HEIGHT)]
        return el(
            "li",
            el("span", self._names.reader.chosen(self._parts[row.compartment]), class_="what"),
            _picture(drawing, _HEIGHT),
            el("span", (self._step(step) for step in row.steps), class_="when"),
            class_="who",
        )

    def _step(self, step: Known) -> Html:
        reader = self._names.reader
        when: Content = (reader.instant(step.at), " · ", reader.age(step.at)) if step.at is not None else None
        if step.at is None and self._names.terms is not None:
            # It hangs on a report that this movement does not have yet.
            moment = instant_words(self._names.terms, step.opens or "", "movement", reader.language)
            when = reader.say("knowing_reported", moment=el("bdi", moment))
        return el("span", when, el("small", grade_text(step.grade, step.metres, step.minutes, reader.language)))

    # --- drawing ------------------------------------------------------------------------------------------------------

    def _bars(self, steps: Sequence[Known]) -> list[Html]:
        known = [(self._at[step.at], step.grade) for step in steps if step.at is not None]
        bars = []
        for n, (start, grade) in enumerate(known):
            end = known[n + 1][0] if n + 1 < len(known) else self._end
            height = _HEIGHTS[grade]
            bars.append(_rect(start, end, (_HEIGHT - height) // 2, height, grade))
            bars.append(_rect(start, start + (_MARK if end >= start else -_MARK), 1, _HEIGHT - 2, grade))
        return bars

    def _window(self, height: int) -> Html:
        top = _AXIS if height == _AXIS_HEIGHT else 0
        return _rect(self._at[self._timing.earliest], self._at[self._timing.latest], top, height - top, "window")

    def _now(self, height: int) -> Html:
        x = self._at[self._names.reader.now]
        return el("path", d=f"M{x} {_AXIS if height == _AXIS_HEIGHT else 0}V{height}", class_="now")


def _picture(drawing: Sequence[Html], height: int) -> Html:
    return el("svg", drawing, viewBox=f"0 0 {_WIDTH} {height}", aria_hidden="true")


def _rect(start: int, end: int, y: int, height: int, kind: str) -> Html:
    return el("rect", x=min(start, end), y=y, width=max(abs(end - start), 1), height=height, class_=kind)


def _clock(instant: int) -> str:
    return datetime.fromtimestamp(instant // 1000, UTC).strftime("%H:%M")
