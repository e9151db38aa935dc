from __future__ import annotations

from safeconduct.core.acts import ActorRevoked, MovementCheckedIn
from safeconduct.core.record import law_digest, record_digest, state_digest
from safeconduct.testing import MINUTE, START, Story, small_plan


def test_the_digest_does_not_depend_on_the_order_of_subjects() -> None:
    """REC-50"""
    pairs = [("movement/b", "2"), ("movement/a", "1")]
    assert record_digest(pairs) == record_digest(pairs[::-1])


def test_another_state_has_another_digest() -> None:
    """REC-50"""
    story = Story()
    story.under_way()
    before = story.folded().state
    story.say("host/escort_lead", MovementCheckedIn(), at=small_plan().timing.earliest + MINUTE)
    after = story.folded().state
    assert before is not None
    assert after is not None
    assert state_digest(before) != state_digest(after)


def test_another_law_has_another_digest() -> None:
    """REC-50"""
    story = Story()
    before = law_digest(story.law())
    story.say("host/authority", ActorRevoked(reason="left"), subject="actor/host/unit", at=START + 1)
    assert law_digest(story.law()) != before
