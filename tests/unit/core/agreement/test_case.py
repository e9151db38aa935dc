"""What is known of a subject."""

from __future__ import annotations

import pytest

from safeconduct.core.agreement.case import Case
from tests.unit.core.agreement.judged import APPROVE, CANCEL, EARLIEST, HOUR, REQUEST, REVIEW_BY, START, Told

H = HOUR


def case_of(told: Told) -> Case:
    case = Case("post/s")
    for event in told.events:
        case.note(event, keep=True)
    return case


def test_an_instant_is_where_its_anchor_is() -> None:
    """AG-26"""
    told = Told()
    trigger = told.file("opened", 5, at=START)
    told.file("scanned", 6, at=START + 9)
    case = case_of(told)
    assert case.anchor("trigger", trigger) == START + 5
    assert case.anchor("trigger.body.at", trigger) == START
    assert case.anchor("filed.scanned.at", trigger) == START + 9
    movement = Told("movement")
    request = movement.say(REQUEST)
    case = case_of(movement)
    assert case.anchor("plan.earliest", request) == EARLIEST
    assert case.anchor("plan.review_by", request) == REVIEW_BY


@pytest.mark.parametrize("anchor", ["plan.earliest", "filed.scanned.at", "trigger.body.at", "filed.handed.at"])
def test_an_instant_is_not_there_without_its_anchor(anchor: str) -> None:
    """AG-26: a form that was not filed, or had no effect, and a field that is 0 or no number."""
    told = Told()
    trigger = told.file("opened", 0, at=0)
    told.file("handed", 1, at=START, void="not_now")
    assert case_of(told).anchor(anchor, trigger) is None


def test_statements_of_one_millisecond_stay_in_the_order_of_the_record() -> None:
    """AG-50"""
    told = Told()
    said = [told.file("scanned", 0, "approver"), told.file("handed", 0), told.file("scanned", 0)]
    assert case_of(told).kept("post.handed", "post.scanned") == tuple(said)


def test_a_movement_is_given_up_when_somebody_says_so_or_when_it_lapses() -> None:
    """AG-58"""
    told = Told("movement")
    told.say(REQUEST)
    case = case_of(told)
    assert (case.lapses_at, case.has_given_up, case.plan_may_change()) == (REVIEW_BY, False, True)
    assert (case.gave_up_at(REVIEW_BY), case.gave_up_at(REVIEW_BY + 1)) == (None, REVIEW_BY)
    told.say(APPROVE, 1)
    assert case_of(told).gave_up_at(EARLIEST + 2 * H) is None
    told.say(CANCEL, 2)
    case = case_of(told)
    assert (case.gave_up_at(0), case.has_given_up, case.plan_may_change()) == (START + 2, True, False)


def test_every_role_that_waives_is_needed() -> None:
    """AG-57"""
    told = Told()
    first = told.waive(1, "approver")
    told.waive(9, "approver")
    second = told.waive(5, "duty_officer")
    case = case_of(told)
    roles = ("approver", "duty_officer")
    assert case.waivers("F-1", roles, lambda _order, _event: True) == (first, second)
    assert case.waivers("F-1", roles, lambda _order, event: event.t < START + 5) == ()
    assert case.waivers("F-2", roles, lambda _order, _event: True) == ()
    assert case.waivers("F-1", (), lambda _order, _event: True) == ()


def test_before_it_was_asked_for_a_movement_has_its_plan_still_to_come() -> None:
    """AG-65"""
    assert Case("movement/m").plan_may_change()
