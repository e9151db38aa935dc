from __future__ import annotations

import pytest

from safeconduct.core.acts import (
    Act,
    MovementAborted,
    MovementAcknowledged,
    MovementApproved,
    MovementArrived,
    MovementAttested,
    MovementCancelled,
    MovementChanged,
    MovementCheckedIn,
    MovementClosed,
    MovementDeparted,
    MovementExcepted,
    MovementRefused,
    MovementRelayed,
    MovementRequested,
    People,
)
from safeconduct.core.agreement.stage import Move, Stage
from safeconduct.core.statement import digest
from safeconduct.testing import HOUR, START, Story, small_plan
from tests.unit.core.agreement.planted import agreement

PLAN = small_plan()
OPENS = PLAN.timing.earliest
OTHER = small_plan(people=People(group="engineers", count=13))
DAY_OF_A_MOVEMENT: list[tuple[int, str, Act]] = [
    (START, "journey_manager", MovementRequested(plan=PLAN)),
    (START, "journey_manager", MovementRequested(plan=PLAN)),
    (START, "escort_lead", MovementAcknowledged(role="escort_lead")),
    (START, "duty_officer", MovementAcknowledged(role="duty_officer")),
    (START, "duty_officer", MovementRelayed(role="duty_officer", to_role="unit")),
    (START, "duty_officer", MovementApproved(plan=digest(PLAN))),
    (START, "journey_manager", MovementApproved(plan=digest(PLAN))),
    (START, "approver", MovementApproved(plan=digest(OTHER))),
    (START, "approver", MovementApproved(plan=digest(PLAN))),
    (START, "journey_manager", MovementChanged(plan=PLAN, reason="none")),
    (START, "journey_manager", MovementChanged(plan=OTHER, reason="one more")),
    (START, "duty_officer", MovementApproved(plan=digest(OTHER))),
    (START, "approver", MovementApproved(plan=digest(OTHER))),
    (OPENS, "security_manager", MovementExcepted(item="radio", reason="none")),
    (OPENS, "security_manager", MovementExcepted(item="sweep", reason="late")),
    (OPENS, "escort_lead", MovementAttested(item="heads", holds=True)),
    (OPENS, "escort_lead", MovementAttested(item="heads", holds=True, heads=12)),
    (OPENS, "escort_lead", MovementDeparted(heads=13)),
    (OPENS, "escort_lead", MovementAttested(item="heads", holds=True, heads=13)),
    (OPENS, "journey_manager", MovementAttested(item="heads", holds=True, heads=13)),
    (OPENS, "journey_manager", MovementAttested(item="radio", holds=True)),
    (OPENS, "escort_lead", MovementAttested(item="radio", holds=True)),
    (OPENS, "escort_lead", MovementCheckedIn()),
    (OPENS, "escort_lead", MovementDeparted(heads=13)),
    (OPENS, "journey_manager", MovementCancelled(reason="too late")),
    (OPENS + HOUR, "escort_lead", MovementCheckedIn()),
    (OPENS + HOUR, "journey_manager", MovementClosed()),
    (OPENS + HOUR, "escort_lead", MovementArrived(heads=13)),
    (OPENS + HOUR, "escort_lead", MovementAborted(reason="too late")),
    (OPENS + HOUR, "journey_manager", MovementClosed()),
]


def test_a_statement_takes_effect_on_the_stage_if_and_only_if_it_does_on_the_record() -> None:
    """AG-110"""
    terms = agreement()
    stage, story = Stage(terms, "movement"), Story(terms)
    parties = {role.id: role.party for role in terms.roles}
    for at, role, act in DAY_OF_A_MOVEMENT:
        event = stage.say(Move(at, role, act), terms.digest)
        said = story.say(f"{parties[role]}/{role}", act, at=at)
        assert bool(event.void) == bool(story.why_void(said)), act
    assert stage.phase == "closed"


@pytest.mark.parametrize(("at", "phase"), [(PLAN.timing.review_by, "requested"), (PLAN.timing.review_by + 1, "lapsed")])
def test_a_movement_that_nobody_approves_lapses(at: int, phase: str) -> None:
    stage = Stage(agreement(), "movement")
    stage.say(Move(START, "journey_manager", MovementRequested(plan=PLAN)), "")
    assert stage.phase_at(at) == phase


def test_what_stops_a_departure_is_as_it_was_when_it_was_said() -> None:
    stage = Stage(agreement(), "movement")
    event = stage.say(Move(START, "journey_manager", MovementRequested(plan=PLAN)), "")
    for role in ("duty_officer", "approver"):
        stage.say(Move(START, role, MovementApproved(plan=digest(PLAN))), "")
    assert event.view is not None
    assert event.view.unapproved() == ("host", "sending")
    assert event.view.open_items() == ("approvals", "heads", "radio", "sweep")
    assert stage.unapproved() == ()
    assert stage.open_items(START) == ("heads", "radio", "sweep")


def test_a_refused_movement_is_done() -> None:
    stage = Stage(agreement(), "movement")
    stage.say(Move(START, "journey_manager", MovementRequested(plan=PLAN)), "")
    event = stage.say(Move(START, "duty_officer", MovementRefused(reason="no")), "")
    assert event.view is not None
    assert (event.view.gave_up, event.view.done) == (True, True)
