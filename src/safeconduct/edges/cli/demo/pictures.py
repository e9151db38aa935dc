"""Three pictures of the day as SVG, drawn from the record: movements to scale, who had what when, the way driven."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape

import msgspec

from safeconduct.core.acts import CATALOGUE, Act, MovementCheckedIn
from safeconduct.edges.cli.demo.roads import Drive, Net, Position
from safeconduct.edges.cli.demo.scenario import END, HOST, MOVEMENTS, SENDING, START
from safeconduct.edges.cli.demo.timeline import Names
from safeconduct.edges.cli.demo.words import Words
from safeconduct.node.queries import HistoryLine, MovementPage

_WIDTH = 960
_LABELS = 190
# As many letters as fit beside the lanes; the rest is in the tip.
_LETTERS_MAX = 112
# Around the map, so that names near its edge are whole.
_MARGIN = 30


def act_of(line: HistoryLine) -> Act:
    """The act of a line of history."""
    act: Act = msgspec.json.decode(line.body, type=CATALOGUE[line.kind].body)
    return act


def _svg(height: int, title: str, parts: Iterable[str]) -> str:
    body = "".join(parts)
    return f'<svg viewBox="0 0 {_WIDTH} {height}" role="img"><title>{escape(title)}</title>{body}</svg>'


def _text(x: float, y: float, text: str, css: str = "", anchor: str = "start") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" class="{css}" text-anchor="{anchor}">{escape(text)}</text>'


def _line(x1: float, y1: float, x2: float, y2: float, css: str) -> str:
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" class="{css}"/>'


def _rect(x: float, y: float, width: float, height: float, css: str, title: str = "") -> str:
    tip = f"<title>{escape(title)}</title>" if title else ""
    return f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" class="{css}">{tip}</rect>'


def _dot(x: float, y: float, radius: float, css: str, title: str = "") -> str:
    tip = f"<title>{escape(title)}</title>" if title else ""
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius}" class="{css}">{tip}</circle>'


# --- the two days to scale --------------------------------------------------------------------------------------------


def spans(page: MovementPage) -> list[tuple[int, int, str]]:
    """A movement's phases in turn as (from, until, phase), read from its history."""
    found: list[tuple[int, int, str]] = []
    phase, since = "", 0
    approved: set[str] = set()
    for line in page.history:
        act = line.kind.removeprefix("movement.")
        if act in ("requested", "changed"):
            approved.clear()
        elif act == "approved":
            approved.add(line.party)
        following = _phase_after(act, {HOST, SENDING} <= approved)
        if following and following != phase:
            if phase:
                found.append((since, line.t, phase))
            phase, since = following, line.t
    if page.row.phase == "lapsed":
        found.append((since, page.row.plan.timing.review_by, phase))
        phase, since = "lapsed", page.row.plan.timing.review_by
    found.append((since, END, phase))
    return found


def _phase_after(act: str, is_approved: bool) -> str:
    match act:
        case "requested" | "changed":
            return "requested"
        case "approved":
            return "approved" if is_approved else ""
        case "departed":
            return "under_way"
        case "arrived" | "closed" | "refused" | "cancelled" | "aborted":
            return act
        case _:
            return ""


def days(words: Words, names: Names, pages: Mapping[str, MovementPage], outage: tuple[int, int]) -> str:
    """Every movement as a bar over the two days."""
    row, top = 34, 26
    height = top + row * len(MOVEMENTS) + 8

    def x(at: int) -> float:
        return _LABELS + (_WIDTH - _LABELS - 10) * (at - START) / (END - START)

    parts = []
    hour = 3_600_000
    for at in range(START - START % (6 * hour) + hour, END, 6 * hour):
        if at >= START:
            parts += [
                _line(x(at), top - 6, x(at), height, "grid"),
                _text(x(at), 14, words.moment(at), "tick", "middle"),
            ]
    parts.append(_rect(x(outage[0]), top - 6, x(outage[1]) - x(outage[0]), height, "down", words["scene_outage"]))
    for place, subject in enumerate(MOVEMENTS):
        y = top + row * place
        parts.append(_text(0, y + 18, names.movement(subject), "name"))
        for start, end, phase in spans(pages[subject]):
            width = max(x(end) - x(start), 2)
            title = f"{words[f'phase_{phase}']} {words.moment(start)}"
            parts.append(_rect(x(start), y + 4, width, 20, f"phase {phase}", title))
            if width > 60:
                parts.append(_text(x(start) + 4, y + 18, words[f"phase_{phase}"], "inside"))
    return _svg(height, words["day_to_scale"], parts)


# --- who had what, when -----------------------------------------------------------------------------------------------


def sequence(words: Words, names: Names, pages: Mapping[str, MovementPage], outage: tuple[int, int]) -> str:
    """Every statement in order, with an arrow to where the other side's receipt begins to prove that it had it."""
    lines = sorted((line for page in pages.values() for line in page.history), key=lambda line: (line.t, line.party))
    subjects = {line.id: subject for subject, page in pages.items() for line in page.history}
    row, top = 22, 46
    lanes = {SENDING: 84.0, HOST: 204.0}
    height = top + row * (len(lines) + 1)
    parts = [
        _text(lanes[SENDING], 18, names.party(SENDING), "name sending", "middle"),
        _text(lanes[HOST], 18, names.party(HOST), "name host", "middle"),
        *(_line(at, 26, at, height - row, f"lane {party}") for party, at in lanes.items()),
        *_down(words, lines, outage, lanes[SENDING], top, row),
    ]
    subject_before = ""
    for place, line in enumerate(lines):
        y = top + row * place
        other = HOST if line.party == SENDING else SENDING
        received = line.received[other]
        if received is not None:
            reached = next((i for i, later in enumerate(lines) if later.t > received), len(lines))
            end = top + row * max(place + 0.45, reached - 0.5)
            css = "arrow late" if received - line.t > 60_000 else "arrow"
            parts.append(_line(lanes[line.party], y, lanes[other], end, css))
            parts.append(
                _dot(
                    lanes[other],
                    end,
                    2.5,
                    css,
                    words.say("received_by", party=names.party(other), at=words.moment(received)),
                )
            )
        subject = subjects[line.id]
        shown = f"{names.movement(subject)} — " if subject != subject_before else ""
        subject_before = subject
        said = shown + _sentence(names, line)
        parts += [
            _text(0, y + 4, words.moment(line.t), "clock"),
            _dot(lanes[line.party], y, 4.5, f"dot {line.party}", said),
            _text(lanes[HOST] + 22, y + 4, said if len(said) <= _LETTERS_MAX else said[:_LETTERS_MAX] + "…", "said"),
        ]
    return _svg(height, words["who_had_what"], parts)


def _sentence(names: Names, line: HistoryLine) -> str:
    return f"{names.actor(line.actor)}: {names.sentence(act_of(line))}"


def _down(
    words: Words, lines: Sequence[HistoryLine], outage: tuple[int, int], x: float, top: int, row: int
) -> list[str]:
    inside = [place for place, line in enumerate(lines) if outage[0] <= line.t < outage[1]]
    if not inside:
        return []
    y, height = top + row * (inside[0] - 0.5), row * len(inside)
    return [_rect(x - 9, y, 18, height, "down"), _text(x - 14, y + height / 2 + 4, words["down"], "tick", "end")]


# --- the way driven ---------------------------------------------------------------------------------------------------


def way(words: Words, net: Net, drive: Drive, page: MovementPage) -> str:
    """The net of main roads, the way that was driven, and the check-ins by who made them."""
    places = [place.position for place in net.places.values()]
    north, south = (pick(p.latitude_e7 for p in places) for pick in (max, min))
    east, west = (pick(p.longitude_e7 for p in places) for pick in (max, min))
    # A degree of longitude in Karachi is nine tenths as long as one of latitude.
    scale = (_WIDTH - 2 * _MARGIN) / ((east - west) * 0.907)
    height = round((north - south) * scale) + 2 * _MARGIN

    def at(position: Position) -> tuple[float, float]:
        return (
            _MARGIN + (position.longitude_e7 - west) * 0.907 * scale,
            _MARGIN + (north - position.latitude_e7) * scale,
        )

    def path(positions: Iterable[Position], css: str) -> str:
        points = " ".join(f"{x:.1f},{y:.1f}" for x, y in map(at, positions))
        return f'<polyline points="{points}" class="{css}"/>'

    parts = [path((net.places[place].position for place in road.through), "road") for road in net.roads]
    parts.append(path(drive.line, "driven"))
    for line in page.history:
        act = act_of(line)
        if isinstance(act, MovementCheckedIn) and act.latitude_e7 is not None and act.longitude_e7 is not None:
            x, y = at(Position(act.latitude_e7, act.longitude_e7))
            parts += [
                _dot(x, y, 6, f"dot {line.party}", f"{words.moment(line.t)} {act.note}"),
                _text(x + 10, y - 8, words.moment(line.t), "tick"),
            ]
    ends = ((drive.line[0], "site_terminal"), (drive.line[-1], "site_plant"))
    for position, key in ends:
        x, y = at(position)
        anchor = "end" if x > _WIDTH / 2 else "start"
        parts += [_dot(x, y, 5, "end"), _text(x, y + 24, words[key], "name", anchor)]
    return _svg(height, words["way_driven"], parts)
