from __future__ import annotations

import pytest

from safeconduct.core.acts import MovementRequested
from safeconduct.core.record import Position, saw, tick
from safeconduct.testing import START, Story, small_plan


@pytest.mark.parametrize(
    ("at", "causes", "place"),
    [
        (5, [], (5, 0)),
        (5, [(4, 9)], (5, 0)),
        (5, [(5, 0)], (5, 1)),
        (5, [(5, 3), (5, 1)], (5, 4)),
        (5, [(7, 2)], (7, 3)),
        (5, [(7, 2), (6, 9)], (7, 3)),
    ],
)
def test_a_statement_stands_behind_everything_its_author_had_seen(
    at: int, causes: list[tuple[int, int]], place: tuple[int, int]
) -> None:
    """REC-1, REC-2"""
    assert tick(at, causes) == place


def test_ties_are_broken_by_step_party_and_index() -> None:
    """REC-3"""
    places = [Position(2, 0, "a", 0), Position(1, 1, "a", 0), Position(1, 0, "b", 0), Position(1, 0, "a", 1)]
    assert sorted(places) == places[::-1]


@pytest.mark.parametrize(("after", "knows"), [({"host": 3}, True), ({"host": 2}, False), ({}, False)])
def test_an_author_has_seen_what_is_below_the_size_it_names(after: dict[str, int], knows: bool) -> None:
    """REC-1"""
    assert saw(after, "host", 2) is knows


@pytest.mark.parametrize(("at", "backdated"), [(START - 1, True), (START, False)])
def test_a_claimed_time_before_what_was_seen_shows(at: int, backdated: bool) -> None:
    """REC-6"""
    said = Story().say("sending/journey_manager", MovementRequested(plan=small_plan()), at=at)
    assert said.is_backdated is backdated
