from __future__ import annotations

from safeconduct.core.acts import MovementAcknowledged, MovementRelayed
from safeconduct.core.agreement import Evidence
from safeconduct.core.record import MovementState, facts, notice_chain
from safeconduct.testing import HOUR, START, Story, small_plan


def movement(story: Story) -> MovementState:
    state = story.folded().state
    assert isinstance(state, MovementState)
    return state


def test_a_hop_that_was_not_relayed_shows_before_departure() -> None:
    """REC-33"""
    story = Story()
    story.request()
    story.say("host/duty_officer", MovementAcknowledged(role="duty_officer"), at=START + 1)
    hops = notice_chain(story.terms.movement, movement(story))
    assert [(hop.role, hop.acknowledged, hop.relayed, hop.is_last) for hop in hops] == [
        ("duty_officer", START + 1, None, False),
        ("unit", None, None, True),
    ]


def test_a_relayed_hop_shows_its_time() -> None:
    """REC-33"""
    story = Story()
    story.request()
    story.say("host/duty_officer", MovementRelayed(role="duty_officer", to_role="unit"), at=START + 7)
    assert notice_chain(story.terms.movement, movement(story))[0].relayed == START + 7


def test_facts_hold_the_first_receipt_of_every_other_party() -> None:
    """REC-7"""
    story = Story()
    story.request()
    seen = Evidence(party="host", index=9, id="ab", at=START + 3)
    known = facts(movement(story), ("host", "sending"), lambda _of, _index, _by: seen, START)
    assert dict(known.notice.received) == {"host": seen}


def test_a_movement_that_lapsed_gave_up() -> None:
    """REC-30"""
    story = Story()
    story.request()
    known = facts(movement(story), ("host",), lambda _of, _index, _by: None, small_plan().timing.latest + HOUR)
    assert (known.gave_up, known.departed) == (True, None)
