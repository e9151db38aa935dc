"""The plan of releases: who learns what when, for one role, for several, and after a change of plan."""

from __future__ import annotations

import pytest

from safeconduct.core.acts import Timing
from safeconduct.core.agreement import Compartment, Field, Form, Parameter, Release, Terms
from safeconduct.core.disclosure import Known, moved, opens_for, releases
from safeconduct.testing import HOUR, MINUTE, card_of, small_terms
from tests.unit.core.agreement.sample import terms as template_terms

NAME = {"en": "name"}


def terms(*releases_: Release, more: tuple[Release, ...] = ()) -> Terms:
    """An agreement with these releases of `route`, and perhaps some of `people`."""
    compartments = [Compartment(id="route", name=NAME, releases=releases_)]
    if more:
        compartments.append(Compartment(id="people", name=NAME, releases=more))
    return small_terms(
        [card_of("host"), card_of("sending")],
        compartments=tuple(compartments),
        parameters=(Parameter(id="late", duration="PT45M", source="parameter to agree"),),
        forms=(Form(id="movement.gathered", name=NAME, fields=(Field(id="at", type="instant"),)),),
    )


def plan(opens: int, *, hours: int = 1) -> Timing:
    return Timing(earliest=opens, latest=opens + hours * HOUR, review_by=opens - HOUR)


PLAN = plan(100 * HOUR)


def opens(at: str, role: str = "escort_lead") -> Release:
    return Release(role=role, opens=at)


def blurred(at: str, metres: int | None = None, minutes: int | None = None, role: str = "escort_lead") -> Release:
    return Release(role=role, opens=at, grade="blurred", metres=metres, minutes=minutes)


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("plan.earliest", 100 * HOUR),
        ("plan.earliest - PT2H", 98 * HOUR),
        ("plan.latest + PT1M", 101 * HOUR + MINUTE),
        ("plan.review_by", 99 * HOUR),
        ("plan.earliest - param.late", 100 * HOUR - 45 * MINUTE),
        ("filed.gathered.at", None),
    ],
)
def test_a_release_opens_at_the_instant_that_the_plan_gives_it(at: str, expected: int | None) -> None:
    """DIS-1, DIS-2"""
    assert [opening.at for opening in releases(terms(opens(at)), PLAN)] == [expected]


def test_openings_are_in_order_of_time_and_at_one_instant_in_that_of_the_agreement() -> None:
    """DIS-2"""
    agreed = terms(
        opens("filed.gathered.at"),
        opens("plan.earliest", "unit"),
        opens("plan.earliest", "duty_officer"),
        opens("plan.earliest - PT2H"),
        more=(opens("plan.earliest"),),
    )
    found = [(opening.at, opening.compartment, opening.role, opening.party) for opening in releases(agreed, PLAN)]
    assert found == [
        (98 * HOUR, "route", "escort_lead", "host"),
        (100 * HOUR, "route", "unit", "host"),
        (100 * HOUR, "route", "duty_officer", "host"),
        (100 * HOUR, "people", "escort_lead", "host"),
        (None, "route", "escort_lead", "host"),
    ]


def test_what_is_never_released_to_a_role_is_not_there() -> None:
    """DIS-1"""
    found = releases(template_terms(), PLAN)
    assert {o.role for o in found if o.compartment == "manifest"} == {"convoy_leader", "escort_lead", "site_guard"}


def test_a_holder_of_several_roles_knows_the_best_of_each_from_when_on() -> None:
    """DIS-3, DIS-4"""
    agreed = terms(
        blurred("plan.earliest - PT12H", metres=2000),
        blurred("plan.earliest - PT6H", minutes=30, role="unit"),
        blurred("plan.earliest - PT5H", metres=5000, role="unit"),
        opens("plan.earliest - PT1H", "unit"),
        opens("plan.earliest"),
        more=(opens("plan.earliest", "duty_officer"),),
    )
    assert opens_for(agreed, PLAN, ("escort_lead", "unit")) == {
        "route": (
            Known(at=88 * HOUR, grade="blurred", metres=2000),
            Known(at=94 * HOUR, grade="blurred", metres=2000, minutes=30),
            Known(at=99 * HOUR, grade="exact"),
        )
    }


def test_two_openings_of_one_instant_are_one_step() -> None:
    """DIS-3"""
    agreed = terms(blurred("plan.earliest", metres=900), blurred("plan.earliest", metres=300, role="unit"))
    assert opens_for(agreed, PLAN, {"escort_lead", "unit"}) == {
        "route": (Known(at=100 * HOUR, grade="blurred", metres=300),)
    }


def test_who_holds_no_role_of_a_release_learns_nothing() -> None:
    """DIS-1"""
    assert opens_for(terms(opens("plan.earliest")), PLAN, ("unit",)) == {}


def test_a_changed_plan_moves_what_hangs_on_the_time_that_it_changes_and_nothing_else() -> None:
    """DIS-5"""
    agreed = terms(opens("plan.latest"), opens("plan.earliest - PT2H", "unit"), opens("filed.gathered.at"))
    longer, later = plan(100 * HOUR, hours=3), plan(101 * HOUR)
    assert [(one.was_at, one.opening.at, one.opening.opens) for one in moved(agreed, PLAN, longer)] == [
        (101 * HOUR, 103 * HOUR, "plan.latest")
    ]
    assert [(one.opening.at, one.opening.role) for one in moved(agreed, PLAN, later)] == [
        (99 * HOUR, "unit"),
        (102 * HOUR, "escort_lead"),
    ]
    assert moved(agreed, PLAN, PLAN) == ()
