"""One time line for everybody: its rows, and where an instant lies on it."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safeconduct.core.agreement import Release
from safeconduct.core.disclosure import Known, Row, instants, places, rows
from safeconduct.testing import HOUR, MINUTE
from tests.unit.core.agreement.sample import terms as template_terms
from tests.unit.core.disclosure.test_release import PLAN, blurred, opens, terms


def test_roles_and_their_compartments_are_in_the_order_in_which_they_are_told() -> None:
    """DIS-14"""
    agreed = terms(
        opens("plan.earliest", "unit"),
        opens("plan.earliest - PT2H"),
        blurred("plan.earliest - PT12H", metres=500),
        more=(opens("plan.earliest - PT3H"), opens("plan.earliest - PT4H", "unit")),
    )
    assert rows(agreed, PLAN) == (
        Row(
            role="escort_lead",
            party="host",
            compartment="route",
            steps=(Known(at=88 * HOUR, grade="blurred", metres=500), Known(at=98 * HOUR, grade="exact")),
        ),
        Row(role="escort_lead", party="host", compartment="people", steps=(Known(at=97 * HOUR, grade="exact"),)),
        Row(role="unit", party="host", compartment="people", steps=(Known(at=96 * HOUR, grade="exact"),)),
        Row(role="unit", party="host", compartment="route", steps=(Known(at=100 * HOUR, grade="exact"),)),
    )


def test_an_agreement_without_compartments_has_no_row() -> None:
    """DIS-14"""
    assert rows(terms(), PLAN) == ()


def test_a_row_for_each_release_of_a_template_that_is_staged_for_nobody() -> None:
    """DIS-14"""
    assert len(rows(template_terms(), PLAN)) == sum(len(c.releases) for c in template_terms().compartments)


def test_instants_are_named_once_in_order() -> None:
    """DIS-15"""
    hanging = Release(role="unit", opens="filed.gathered.at")
    shown = rows(terms(opens("plan.earliest"), opens("plan.earliest", "unit"), hanging), PLAN)
    assert instants(shown, 101 * HOUR, 100 * HOUR, 7) == (7, 100 * HOUR, 101 * HOUR)


LINES = st.lists(st.integers(-(10**12), 10**12), min_size=1, max_size=12, unique=True).map(sorted).map(tuple)


@given(LINES, st.integers(20, 400), st.integers(1, 40))
def test_places_keep_the_order_of_instants_within_the_width(line: tuple[int, ...], width: int, apart: int) -> None:
    """DIS-15"""
    found = list(places(line, width=width, apart=apart).values())
    assert found == sorted(set(found))
    assert (found[0], found[-1]) == ((0, 0) if len(line) == 1 else (0, width))


@given(LINES)
def test_where_there_is_room_places_are_so_far_apart(line: tuple[int, ...]) -> None:
    """DIS-15"""
    found = list(places(line, width=400, apart=20).values())
    assert all(after - before >= 20 for before, after in pairwise(found))


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ((), {}),
        ((5,), {5: 0}),
        # Weights of a gap: 1 for less than a minute, 2 for one, 7 for an hour, 12 for a day.
        ((0, 24 * HOUR, 25 * HOUR), {0: 0, 24 * HOUR: 60, 25 * HOUR: 100}),
        ((0, 1, 1 + MINUTE), {0: 0, 1: 36, 1 + MINUTE: 100}),
    ],
)
def test_a_gap_is_as_wide_as_the_logarithm_of_its_minutes(line: tuple[int, ...], expected: dict[int, int]) -> None:
    """DIS-15"""
    assert places(line, width=100, apart=10) == expected
