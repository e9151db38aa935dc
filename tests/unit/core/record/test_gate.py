"""Consent part by part, and the gate's lines as screens show them."""

from __future__ import annotations

import pytest

from safeconduct.core.acts import (
    Escort,
    MovementApproved,
    MovementAttested,
    MovementChanged,
    People,
    Plan,
    Route,
    Timing,
)
from safeconduct.core.record import MovementState, missing_consent, ready_gate, same_part
from safeconduct.core.statement import digest
from safeconduct.testing import HOUR, MINUTE, START, Story, small_plan

PLAN = small_plan()


def shifted(minutes: int, *, closing_minutes: int | None = None) -> Plan:
    closing = minutes if closing_minutes is None else closing_minutes
    timing = Timing(
        earliest=PLAN.timing.earliest + minutes * MINUTE,
        latest=PLAN.timing.latest + closing * MINUTE,
        review_by=PLAN.timing.review_by,
    )
    return small_plan(timing=timing)


@pytest.mark.parametrize(
    ("changed", "voided"),
    [
        (shifted(10), {}),
        (shifted(-10), {}),
        (shifted(11), {"host": ("timing",), "sending": ("timing",)}),
        (shifted(0, closing_minutes=11), {"host": ("timing",), "sending": ("timing",)}),
        (
            small_plan(people=People(group="engineers", count=11)),
            {"host": ("people",), "sending": ("people",)},
        ),
        (
            small_plan(people=People(group="engineers", count=12, manifest="a" * 64)),
            {"host": ("people",), "sending": ("people",)},
        ),
        (small_plan(route=Route(origin="airport", destination="port", districts=("korangi",))), {"host": ("route",)}),
        (
            small_plan(escort=Escort(carrying_vehicles=2, protection_level="b4", escort_vehicles=3)),
            {"host": ("escort",)},
        ),
        (small_plan(purpose="other words"), {}),
    ],
)
def test_a_change_voids_exactly_the_consent_it_touches(changed: Plan, voided: dict[str, tuple[str, ...]]) -> None:
    """REC-20, REC-21"""
    story = Story()
    story.approve(story.request(), at=START + HOUR)
    story.say("sending/journey_manager", MovementChanged(plan=changed, reason="x"), at=START + 2 * HOUR)
    state = story.folded().state
    assert isinstance(state, MovementState)
    assert dict(missing_consent(story.terms.movement, state)) == voided


def test_small_shifts_do_not_add_up() -> None:
    """REC-20: the drift is measured from what was approved, not from the last change."""
    story = Story()
    story.approve(story.request(), at=START + HOUR)
    for step, minutes in enumerate((8, 16)):
        act = MovementChanged(plan=shifted(minutes), reason="later")
        story.say("sending/journey_manager", act, at=START + (2 + step) * HOUR)
    state = story.folded().state
    assert isinstance(state, MovementState)
    assert [party for party, _ in missing_consent(story.terms.movement, state)] == ["host", "sending"]


def test_an_approval_of_the_plan_before_still_covers_what_did_not_change() -> None:
    """REC-20, REC-21: approve and change said at once end the same in either order."""
    story = Story()
    plan = story.request()
    unaware = story.after()
    changed = small_plan(escort=Escort(carrying_vehicles=3, protection_level="b6", escort_vehicles=3))
    story.say("sending/journey_manager", MovementChanged(plan=changed, reason="x"), at=START + 1)
    story.say("host/duty_officer", MovementApproved(plan=digest(plan)), at=START + 2, after=unaware)
    state = story.folded().state
    assert isinstance(state, MovementState)
    assert dict(missing_consent(story.terms.movement, state)) == {
        "host": ("escort",),
        "sending": ("timing", "people"),
    }


def test_the_same_plan_is_covered_in_every_part() -> None:
    """REC-20"""
    terms = Story().terms.movement
    assert all(same_part(terms, part, PLAN, PLAN) for part in ("route", "timing", "people", "escort"))


@pytest.mark.parametrize(
    ("item", "why", "missing"),
    [
        ("approvals", "", ()),
        ("heads", "heads_differ_from_plan", ("journey_manager",)),
        ("radio", "not_attested", ("escort_lead",)),
        ("sweep", "does_not_hold", ("duty_officer",)),
    ],
)
def test_a_line_says_what_is_missing_and_whose_word(item: str, why: str, missing: tuple[str, ...]) -> None:
    """REC-25, REC-26"""
    story = Story()
    story.approve(story.request(), at=START + HOUR)
    at = PLAN.timing.earliest
    story.say("host/escort_lead", MovementAttested(item="heads", holds=True, heads=12), at=at)
    story.say("sending/journey_manager", MovementAttested(item="heads", holds=True, heads=11), at=at)
    story.say("host/duty_officer", MovementAttested(item="sweep", holds=False), at=at)
    state = story.folded().state
    assert isinstance(state, MovementState)
    line = next(line for line in ready_gate(story.terms.movement, state, at) if line.item == item)
    assert (line.why, line.missing) == (why, missing)


def test_a_closed_item_says_until_when() -> None:
    """REC-25"""
    story = Story()
    story.approve(story.request(), at=START + HOUR)
    story.close_gate(at=PLAN.timing.earliest)
    state = story.folded().state
    assert isinstance(state, MovementState)
    line = ready_gate(story.terms.movement, state, PLAN.timing.earliest)[-1]
    assert (line.is_open, line.valid_until) == (False, PLAN.timing.earliest + 30 * MINUTE)
