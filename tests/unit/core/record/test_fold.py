from __future__ import annotations

import pytest

from safeconduct.core.acts import (
    Act,
    GroupRegistered,
    IncidentRaised,
    MovementAborted,
    MovementAcknowledged,
    MovementArrived,
    MovementCheckedIn,
    MovementClosed,
    MovementRelayed,
    RecordReceived,
)
from safeconduct.core.record import (
    IncidentState,
    LogState,
    MovementState,
    Phase,
    RegisterState,
    fold,
    is_law,
    step,
)
from safeconduct.core.statement import encode
from safeconduct.testing import HOUR, MINUTE, START, Story, small_plan

OPENS = small_plan().timing.earliest


def movement(story: Story) -> MovementState:
    state = story.folded().state
    assert isinstance(state, MovementState)
    return state


@pytest.mark.parametrize(
    ("acts", "phase"),
    [
        ([], Phase.UNDER_WAY),
        ([MovementCheckedIn()], Phase.UNDER_WAY),
        ([MovementArrived(heads=12)], Phase.ARRIVED),
        ([MovementAborted(reason="x")], Phase.ABORTED),
    ],
)
def test_a_movement_under_way_goes_on_or_ends(acts: list[Act], phase: Phase) -> None:
    """REC-34"""
    story = Story()
    story.under_way()
    for act in acts:
        story.say("host/escort_lead", act, at=OPENS + MINUTE)
    assert movement(story).phase is phase


@pytest.mark.parametrize("end", [MovementArrived(heads=12), MovementAborted(reason="x")])
def test_a_movement_that_ended_is_closed(end: Act) -> None:
    """REC-34"""
    story = Story()
    story.under_way()
    story.say("host/escort_lead", end, at=OPENS + MINUTE)
    story.say("sending/journey_manager", MovementClosed(), at=OPENS + HOUR)
    assert movement(story).phase is Phase.CLOSED


def test_check_ins_keep_their_times_and_the_last_position() -> None:
    """REC-34"""
    story = Story()
    story.under_way()
    here = MovementCheckedIn(latitude_e7=249_000_000, longitude_e7=671_000_000)
    story.say("host/escort_lead", here, at=OPENS + 5 * MINUTE)
    story.say("host/escort_lead", MovementCheckedIn(), at=OPENS + 10 * MINUTE)
    state = movement(story)
    assert ([mark.t - OPENS for mark in state.check_ins], state.position_e7) == (
        [5 * MINUTE, 10 * MINUTE],
        (249_000_000, 671_000_000),
    )


def test_the_first_acknowledgement_and_relay_of_a_role_count() -> None:
    """REC-33"""
    story = Story()
    story.request()
    for at in (START + 1, START + 2):
        story.say("host/duty_officer", MovementAcknowledged(role="duty_officer"), at=at)
        story.say("host/duty_officer", MovementRelayed(role="duty_officer", to_role="unit"), at=at)
    state = movement(story)
    assert (state.acknowledged["duty_officer"].t, state.relayed["duty_officer"].t) == (START + 1, START + 1)


def test_a_group_is_what_its_party_registered_last() -> None:
    """REC-36"""
    story = Story()
    for people in (3, 4):
        act = GroupRegistered(label="Team A", category="engineers", people=people)
        story.say("sending/journey_manager", act, subject="group/a", at=START + people)
    state = story.folded("group/a").state
    assert isinstance(state, RegisterState)
    assert state.registered is not None
    assert bytes(state.registered.body) == encode(GroupRegistered(label="Team A", category="engineers", people=4))


def test_receipts_about_a_log_keep_the_largest_size() -> None:
    """REC-7"""
    story = Story()
    for size in (2, 4, 3):
        act = RecordReceived(log="sending", size=size, root=f"{size:064x}")
        story.say("host/node", act, subject="log/sending", at=START + size)
    state = story.folded("log/sending").state
    assert isinstance(state, LogState)
    assert state.received == {"host": (4, f"{4:064x}")}


def test_an_incident_keeps_everybody_who_raised_it() -> None:
    """REC-14"""
    story = Story()
    act = IncidentRaised(about="host", category="equivocation", account="two histories")
    for actor in ("sending/node", "host/node"):
        story.say(actor, act, subject="incident/x")
    state = story.folded("incident/x").state
    assert isinstance(state, IncidentState)
    assert [mark.party for mark in state.raised] == ["sending", "host"]


def test_folding_is_stepping() -> None:
    """REC-11"""
    story = Story()
    story.under_way()
    law, state = story.law(), None
    statements = [said for said in story.in_order() if said.subject == "movement/m1"]
    for said in statements:
        state, _ = step(law, state, said)
    assert state == fold(law, statements).state


@pytest.mark.parametrize(
    ("subject", "law"), [("agreement", True), ("actor/host/x", True), ("movement/m1", False), ("site/a", False)]
)
def test_the_law_is_made_of_the_agreement_and_actors(subject: str, law: bool) -> None:
    """REC-10"""
    assert is_law(subject) is law
