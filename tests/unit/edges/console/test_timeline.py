"""The time-line: in order, nothing on top of anything, mirrored where people read from the right."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest

from safeconduct.edges.console.names import Names
from safeconduct.edges.console.reader import Reader
from safeconduct.edges.console.timeline import Event, events, in_effect, places, timeline
from safeconduct.node import queries
from safeconduct.node.queries import MovementPage
from safeconduct.testing import authority
from tests.unit.edges.console.night import DAY, MINUTE, NOW, told


def names(language: str = "en") -> Names:
    node = told().host
    return Names(node, Reader(language, NOW), node.terms())


def movement(movement: str) -> MovementPage:
    return queries.movement(told().host, authority(told().host), f"movement/{movement}")


def line(*minutes: int, kind: str = "said") -> list[Event]:
    return [Event(at=NOW + minute * MINUTE, kind=kind) for minute in minutes]


@pytest.mark.parametrize("minutes", [(0, 0, 0), (0, 1, 2), (0, 10_000, 10_001, 10_002), tuple(range(9))])
def test_marks_keep_apart_and_in_order(minutes: tuple[int, ...]) -> None:
    assert [after - before >= 19 for before, after in pairwise(places(line(*minutes)))] == [True] * (len(minutes) - 1)


def test_a_longer_wait_is_drawn_wider() -> None:
    start, soon, late = places(line(0, 5, 5 + 24 * 60))
    assert late - soon > soon - start


def test_the_line_fills_the_picture() -> None:
    assert (places(line(0, 1))[0], places(line(0, 1))[-1]) == (12, 348)


def test_forty_check_ins_stay_inside_the_picture() -> None:
    assert places([*line(0), *line(*range(1, 41), kind="tick"), *line(41)])[-1] <= 348


@pytest.mark.parametrize("id_", ["m-101", "m-102", "m-103", "m-106", "m-107", "m-108", "m-111", "m-112"])
def test_events_are_in_order_of_time_with_now_among_them(id_: str) -> None:
    found = events(names(), movement(id_))
    assert [event.at for event in found] == sorted(event.at for event in found)
    assert [event.at for event in found if event.kind == "now"] == [NOW]


@pytest.mark.parametrize(
    ("id_", "words"),
    [
        (
            "m-102",
            ("requested", "approved by", "approvals due", "window opens", "departed", "arrived", "closed", "now"),
        ),
        ("m-107", ("departed", "check-ins: 3, the last", "aborted")),
        ("m-106", ("requested", "approvals due", "window opens", "window closes")),
    ],
)
def test_the_legend_names_what_is_drawn(id_: str, words: tuple[str, ...]) -> None:
    legend = str(timeline(names(), movement(id_)))
    assert [word for word in words if word not in legend] == []


def test_an_approval_without_effect_is_not_drawn() -> None:
    assert "approved by" not in str(timeline(names(), movement("m-112")))


def _numbers(markup: str) -> list[int]:
    return [int(x) for x in re.findall(r'<text x="(\d+)"', markup)]


def test_time_runs_from_the_right_where_people_read_from_the_right() -> None:
    left_to_right = _numbers(str(timeline(names("en"), movement("m-103"))))
    right_to_left = _numbers(str(timeline(names("ur"), movement("m-103"))))
    assert right_to_left == [360 - x for x in left_to_right]


def test_statements_without_effect_are_left_out() -> None:
    lines = queries.history(told().host, authority(told().host), "movement/m-112")
    assert [line.kind for line in in_effect(lines, "movement.approved")] == []


def test_a_plan_of_days_and_one_of_minutes_are_both_readable() -> None:
    near = places([Event(at=NOW - 7 * DAY, kind="said"), *line(0, 10)])
    assert near[2] - near[1] >= 30
