from __future__ import annotations

from safeconduct.core.acts import MovementAcknowledged, MovementRelayed
from safeconduct.core.record import MovementState, notice_chain
from safeconduct.testing import START, Story


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
