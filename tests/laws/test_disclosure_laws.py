"""What holds for all plans of releases: more roles never know less, time never takes away, and a plan only shifts."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from safeconduct.core.acts import Timing
from safeconduct.core.agreement import Compartment, Release, Terms
from safeconduct.core.disclosure import Known, moved, opens_for, releases
from safeconduct.core.disclosure.grades import Knowledge, both
from safeconduct.testing import HOUR, MINUTE, card_of, small_terms

ROLES = ("escort_lead", "unit", "duty_officer")
SMALL = small_terms([card_of("host"), card_of("sending")])
OPENS = 100 * HOUR
TIMING = Timing(earliest=OPENS, latest=OPENS + HOUR, review_by=OPENS - HOUR)

SIZES = st.one_of(st.none(), st.integers(1, 3))
MOMENTS = st.sampled_from(
    ["plan.earliest", "plan.latest", "plan.review_by", "plan.earliest - PT1H", "plan.latest - PT3H"]
)


@st.composite
def a_release(draw: st.DrawFn) -> Release:
    """A release of any grade but the number: one compartment is blurred or counted."""
    grade = draw(st.sampled_from(["exact", "blurred", "existence"]))
    metres, minutes = (draw(SIZES), draw(SIZES)) if grade == "blurred" else (None, None)
    if grade == "blurred" and metres is None and minutes is None:
        metres = 2
    return Release(
        role=draw(st.sampled_from(ROLES)),
        opens=draw(MOMENTS),
        grade=grade,  # type: ignore[arg-type]  # drawn from its words
        metres=metres,
        minutes=minutes,
    )


RELEASES = st.lists(a_release(), max_size=8)


def agreement(found: Sequence[Release]) -> Terms:
    route = Compartment(id="route", name={"en": "route"}, releases=tuple(found))
    return msgspec.structs.replace(SMALL, compartments=(route,))


def knows(steps: Sequence[Known], at: int) -> Knowledge | None:
    """What the steps tell by an instant."""
    told = [step for step in steps if step.at is not None and step.at <= at]
    return (told[-1].grade, told[-1].metres, told[-1].minutes) if told else None


@given(RELEASES, st.sets(st.sampled_from(ROLES)), st.integers(-5, 5))
def test_at_any_instant_a_holder_knows_what_the_opened_releases_of_all_roles_make_together(
    found: list[Release], roles: set[str], hours: int
) -> None:
    """DIS-3, DIS-4"""
    terms, at = agreement(found), OPENS + hours * HOUR
    opened = [o for o in releases(terms, TIMING) if o.role in roles and o.at is not None and o.at <= at]
    told: list[Knowledge] = [(o.grade, o.metres, o.minutes) for o in opened]
    expected = reduce(both, told) if told else None
    assert knows(opens_for(terms, TIMING, roles).get("route", ()), at) == expected


@given(RELEASES)
def test_steps_go_forward_in_time_and_each_tells_more(found: list[Release]) -> None:
    """DIS-4"""
    for steps in opens_for(agreement(found), TIMING, ROLES).values():
        times = [step.at for step in steps if step.at is not None]
        assert times == sorted(set(times))
        grades: list[Knowledge] = [(step.grade, step.metres, step.minutes) for step in steps]
        assert all(both(grades[i], grades[i + 1]) == grades[i + 1] != grades[i] for i in range(len(grades) - 1))


@given(RELEASES, st.integers(-1_000, 1_000))
def test_a_plan_that_is_shifted_shifts_every_opening_with_it(found: list[Release], minutes: int) -> None:
    """DIS-5"""
    terms, shift = agreement(found), minutes * MINUTE
    later = Timing(earliest=TIMING.earliest + shift, latest=TIMING.latest + shift, review_by=TIMING.review_by + shift)
    changes = moved(terms, TIMING, later)
    assert [(one.opening.at, one.was_at) for one in changes] == [
        (o.at, o.at - shift) for o in releases(terms, later) if shift and o.at is not None
    ]
