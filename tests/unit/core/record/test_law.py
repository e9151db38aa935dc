from __future__ import annotations

from safeconduct.core.acts import ActorEnrolled, ActorRevoked, MovementAttested
from safeconduct.core.record import Anchor, MovementState, Position
from safeconduct.testing import START, Story, card_of, key

LAST = Position(START + 10**9, 0, "z", 0)


def test_an_actor_holds_what_it_was_enrolled_with_at_each_point() -> None:
    """REC-16"""
    story = Story()
    new_key = key("another").public
    enrolled = story.say(
        "host/authority", ActorEnrolled(key=new_key.text, roles=("unit",)), subject="actor/host/unit", at=START + 5
    )
    law = story.law()
    before = law.member("host/unit", Position(START + 4, 0, "z", 0))
    after = law.member("host/unit", enrolled.position)
    assert before is not None
    assert after is not None
    assert (before.key_id, after.key_id) == (key("host/unit").public.key_id, new_key.key_id)


def test_a_revoked_actor_is_listed_as_revoked() -> None:
    """REC-16"""
    story = Story()
    story.say("host/authority", ActorRevoked(reason="left"), subject="actor/host/unit", at=START + 5)
    law = story.law()
    assert (law.member("host/unit"), law.members()["host/unit"]) == (None, None)


def test_nobody_is_enrolled_before_the_beginning() -> None:
    """REC-16"""
    assert Story().law().member("host/unit", Position(0, 0, "", 0)) is None


def test_the_history_of_the_agreement_names_where_each_version_began() -> None:
    """REC-19"""
    story = Story()
    assert [digest for _, digest in story.law().history()] == [story.terms.digest]


def test_there_is_no_agreement_before_the_last_signature() -> None:
    """REC-19"""
    story = Story()
    begun = story.law().history()[0][0]
    just_before = Position(begun.t, begun.n - 1, begun.party, begun.entry)
    assert (story.law().in_force(just_before), story.law().in_force(LAST)) == (None, story.terms.digest)


def test_a_party_is_anchored_in_its_card() -> None:
    """REC-8"""
    anchor = Anchor.of(card_of("host"))
    assert anchor.root == key("host/authority").public


def test_every_enrolment_of_an_actor_is_told_with_its_time() -> None:
    """REC-16, KNEW-3"""
    story = Story()
    story.say("host/authority", ActorRevoked(reason="left"), subject="actor/host/unit", at=START + 5)
    again = ActorEnrolled(key=key("another").public.text, roles=("unit", "escort_lead"))
    story.say("host/authority", again, subject="actor/host/unit", at=START + 9)
    told = story.law().enrolments()
    assert [(t - START, member.roles if member else None) for t, member in told["host/unit"]] == [
        (0, ("unit",)),
        (5, None),
        (9, ("unit", "escort_lead")),
    ]
    assert list(told) == sorted(told)


def test_a_role_of_another_party_counts_for_nothing() -> None:
    """REC-17: a party enrols its own actor as the other side's escort lead too, and attests for both sides."""
    told = Story()
    both = ActorEnrolled(key=key("sending/two").public.text, roles=("journey_manager", "escort_lead"))
    told.say("sending/authority", both, subject="actor/sending/two")
    plan = told.request()
    told.approve(plan)
    told.say("sending/two", MovementAttested(item="heads", holds=True, heads=12))
    state = told.folded().state
    assert isinstance(state, MovementState)
    assert set(state.attestations["heads"]) == {"journey_manager"}
    member = told.law().member("sending/two")
    assert member is not None
    assert member.roles == ("journey_manager",)
