"""The demo's roads: in one piece, where Karachi is, as long as people say; and a convoy that drives along them."""

from __future__ import annotations

from itertools import pairwise

import pytest

from safeconduct.edges.cli.demo.roads import (
    Box,
    Drive,
    Net,
    Place,
    Position,
    Road,
    fastest,
    legs,
    metres_between,
    read_net,
)
from safeconduct.errors import NotFound

NET = read_net()
DRIVE = Drive(NET, fastest(NET, "terminal", "power_plant"))

# Two ways from a to d: by b, shorter and slow; by c, longer and fast. No road leads to e.
SMALL = Net(
    box=Box(0, 1_000_000, 0, 1_000_000),
    places={
        "a": Place((0, 0), "A"),
        "b": Place((0, 50_000)),
        "c": Place((40_000, 50_000), "C"),
        "d": Place((0, 100_000), "D"),
        "e": Place((900_000, 900_000), "E"),
    },
    roads=(Road("slow", 10, ("a", "b", "d")), Road("fast", 60, ("a", "c", "d"))),
)


@pytest.mark.parametrize("place", sorted(NET.places))
def test_every_place_is_reached_from_the_terminal_and_lies_in_the_box(place: str) -> None:
    way = fastest(NET, "terminal", place)
    assert (way[-1].end if way else "terminal", NET.box.has(NET.places[place].position)) == (place, True)


def test_the_way_to_the_port_has_a_plausible_length() -> None:
    assert 25_000 <= DRIVE.metres <= 40_000


def test_the_drive_takes_a_plausible_time() -> None:
    assert 35 * 60 <= DRIVE.seconds <= 75 * 60


def test_no_stretch_of_road_jumps_over_a_quarter_of_the_city() -> None:
    assert max(leg.metres for leg in legs(NET)) < 4_000


def test_positions_are_whole_numbers() -> None:
    assert {type(n) for place in NET.places.values() for n in place.at} == {int}


def test_every_road_is_driven_both_ways() -> None:
    found = {(leg.start, leg.end) for leg in legs(NET)}
    assert found == {(end, start) for start, end in found}


def test_a_way_is_made_of_stretches_that_follow_each_other() -> None:
    assert all(one.end == next_.start for one, next_ in pairwise(DRIVE.way))


def test_the_fastest_way_is_taken_and_not_the_shortest() -> None:
    assert [leg.end for leg in fastest(SMALL, "a", "d")] == ["c", "d"]


def test_no_way_is_said_so() -> None:
    with pytest.raises(NotFound, match="no way from a to e"):
        fastest(SMALL, "a", "e")


def test_a_way_to_where_one_is_has_no_stretch() -> None:
    assert fastest(SMALL, "a", "a") == ()


def test_a_drive_without_a_road_is_none() -> None:
    with pytest.raises(NotFound, match="at least one stretch"):
        Drive(SMALL, ())


@pytest.mark.parametrize(
    ("seconds", "position"),
    [
        (-60, NET.places["terminal"].position),
        (0, NET.places["terminal"].position),
        (DRIVE.seconds, NET.places["power_plant"].position),
        (DRIVE.seconds + 60, NET.places["power_plant"].position),
    ],
)
def test_a_convoy_stands_at_the_ends_before_and_after(seconds: int, position: Position) -> None:
    assert DRIVE.position(seconds) == position


def test_a_convoy_never_moves_faster_than_its_road_allows() -> None:
    """48 km/h is 13.4 m a second; a rounded second of a short stretch may add one more metre."""
    steps = [metres_between(DRIVE.position(s), DRIVE.position(s + 1)) for s in range(DRIVE.seconds)]
    assert max(steps) <= 15


def test_half_way_along_a_stretch_is_in_its_middle() -> None:
    way = fastest(SMALL, "a", "b")
    half = Drive(SMALL, way).position(way[0].seconds // 2)
    assert abs(half.longitude_e7 - 25_000) <= 50_000 // way[0].seconds


@pytest.mark.parametrize(
    ("seconds", "name"),
    [
        (0, "Jinnah terminal"),
        (5 * 60, "Star Gate"),
        (20 * 60, "Manzil Pump"),
        (DRIVE.seconds, "Port Qasim power plant"),
    ],
)
def test_a_convoy_is_near_the_named_place_it_passed_last(seconds: int, name: str) -> None:
    assert DRIVE.near(seconds) == name


def test_the_line_of_a_drive_runs_from_end_to_end() -> None:
    assert (DRIVE.line[0], DRIVE.line[-1], len(DRIVE.line)) == (
        NET.places["terminal"].position,
        NET.places["power_plant"].position,
        len(DRIVE.way) + 1,
    )
