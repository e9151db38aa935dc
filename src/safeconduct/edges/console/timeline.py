"""The time-line of a movement as a picture, with its legend."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import pairwise

import msgspec

from safeconduct.edges.console.markup import Content, Html, el, join
from safeconduct.edges.console.names import Names
from safeconduct.node.queries import HistoryLine, MovementPage

# Units of the picture. A phone shows them about as they are, a desk about twice as large.
_WIDTH, _HEIGHT = 360, 46
_MARGIN, _RADIUS, _LINE = 12, 9, 24
# The least distance of two numbered marks, so that none covers another; for check-ins, which have no number.
_APART, _APART_TICK = 20, 3
# Check-ins drawn; the legend counts them all.
_TICKS_MAX = 40


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """A mark on the line. kind: `said` for a statement, `due` for a planned instant, `tick` for a check-in, `now`.

    part: what the picture does with it besides: `opens`, `shuts` for the window, `departed`, `ended` for the journey.
    """

    at: int
    kind: str
    name: Content = None
    part: str = ""


def events(names: Names, page: MovementPage) -> list[Event]:
    """What happened and what is planned, in order of time."""
    reader, row = names.reader, page.row
    said = [
        Event(at=line.t, kind="said", name=reader.word("event_requested"))
        for line in in_effect(page.history, "movement.requested")
    ]
    said += [
        Event(at=line.t, kind="said", name=reader.say("event_approved", party=names.party(line.party)))
        for line in in_effect(page.history, "movement.approved")
    ]
    timing = row.plan.timing
    planned = [
        Event(at=timing.review_by, kind="due", name=reader.word("event_review")),
        Event(at=timing.earliest, kind="due", name=reader.word("event_opens"), part="opens"),
        Event(at=timing.latest, kind="due", name=reader.word("event_shuts"), part="shuts"),
    ]
    ended = "event_ended_aborted" if row.phase.value == "aborted" else "event_ended_arrived"
    for at, key, part in (
        (page.departed_at, "event_departed", "departed"),
        (page.ended_at, ended, "ended"),
        (page.closed_at, "event_closed", ""),
    ):
        if at is not None:
            said.append(Event(at=at, kind="said", name=reader.word(key), part=part))
    signs = page.check_ins
    ticks = [Event(at=sign.at, kind="tick") for sign in signs[-_TICKS_MAX:-1]]
    if signs:
        said.append(Event(at=signs[-1].at, kind="said", name=reader.say("event_check_ins", n=len(signs))))
    now = [Event(at=reader.now, kind="now", name=reader.word("event_now"))]
    return sorted([*said, *planned, *ticks, *now], key=lambda event: (event.at, event.kind == "now"))


def places(line: Sequence[Event]) -> list[int]:
    """Where each event lies on the line, in units of the picture.

    A gap is as wide as the logarithm of its minutes: the last minutes before departure stay visible beside a notice
    of days.
    """
    gaps = [_apart(before, after) for before, after in pairwise(line)]
    weights = [math.log2(1 + (after.at - before.at) / 60_000) for before, after in pairwise(line)]
    room = max(0, _WIDTH - 2 * _MARGIN - sum(gaps))
    whole = sum(weights) or 1.0
    found, x = [float(_MARGIN)], float(_MARGIN)
    for gap, weight in zip(gaps, weights, strict=True):
        x += gap + room * weight / whole
        found.append(x)
    return [round(place) for place in found]


def timeline(names: Names, page: MovementPage) -> Html:
    """The picture and, numbered alike, what each mark means."""
    line = events(names, page)
    at = places(line)
    if names.reader.direction == "rtl":
        at = [_WIDTH - x for x in at]
    where = {event.part: x for event, x in zip(line, at, strict=True) if event.part}
    drawing = [_band(where["opens"], where["shuts"]), *_tracks(line, at, where)]
    legend = []
    number = 0
    for event, x in zip(line, at, strict=True):
        if event.kind == "tick":
            drawing.append(el("path", d=f"M{x} {_LINE - 6}v12", class_="tick"))
        elif event.kind == "now":
            drawing.append(el("path", d=f"M{x} 3v{_HEIGHT - 6}M{x - 4} 1h8l-4 6z", class_="now"))
            legend.append(_entry("▾", event, names))
        else:
            number += 1
            drawing += _mark(event, x, number)
            legend.append(_entry(number, event, names))
    picture = el("svg", drawing, viewBox=f"0 0 {_WIDTH} {_HEIGHT}", class_="timeline", aria_hidden="true")
    scale = el("p", el("small", names.reader.word("timeline_scale")))
    return join(picture, el("ul", legend, class_="legend"), scale)


def in_effect(history: Sequence[HistoryLine], kind: str) -> list[HistoryLine]:
    """The statements of a kind that took effect, in the order of the record."""
    return [line for line in history if line.kind == kind and not line.void]


def _apart(before: Event, after: Event) -> int:
    return _APART_TICK if "tick" in (before.kind, after.kind) else _APART


def _band(opens: int, shuts: int) -> Html:
    left, right = sorted((opens, shuts))
    return el("rect", x=left, y=_LINE - 12, width=max(right - left, 1), height=24, class_="window")


def _tracks(line: Sequence[Event], at: Sequence[int], where: Mapping[str, int]) -> list[Html]:
    """The line: whole up to now, dashed from now on, thick where people were on the road."""
    now = next(x for event, x in zip(line, at, strict=True) if event.kind == "now")
    tracks = [
        el("path", d=f"M{at[0]} {_LINE}H{now}", class_="past"),
        el("path", d=f"M{now} {_LINE}H{at[-1]}", class_="future"),
    ]
    if "departed" in where:
        tracks.append(el("path", d=f"M{where['departed']} {_LINE}H{where.get('ended', now)}", class_="journey"))
    return tracks


def _mark(event: Event, x: int, number: int) -> list[Html]:
    if event.kind == "said":
        sign = el("circle", cx=x, cy=_LINE, r=_RADIUS, class_="said")
    else:
        r = _RADIUS + 2
        sign = el("path", d=f"M{x} {_LINE - r}l{r} {r}l-{r} {r}l-{r} -{r}z", class_="due")
    return [sign, el("text", number, x=x, y=_LINE + 4, class_=event.kind)]


def _entry(number: int | str, event: Event, names: Names) -> Html:
    reader = names.reader
    when = (reader.instant(event.at), " · ", reader.age(event.at)) if event.kind != "now" else reader.instant(event.at)
    return el("li", el("b", number, class_=event.kind), el("span", event.name, ": ", when))
