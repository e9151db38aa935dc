"""Reasons for looking, on the record."""

from __future__ import annotations

import pytest

from safeconduct.core.acts import AccessNoted, AccessReasoned, ActorRevoked, CompartmentOpened
from safeconduct.core.agreement import AccessTerms
from safeconduct.core.record import AccessState
from safeconduct.core.record.looking import REASONS_KEPT
from safeconduct.testing import MINUTE, START, Story, card_of, keys_of, sealing_terms
from tests.unit.core.record.test_compartments import FOR_SENDING, KEYS, SEALED, check, released

LEAD = "host/escort_lead"
ABOUT = ("movement/m1",)
KNEW = AccessReasoned(what="knew", about=ABOUT, reason="inquiry of 24 November")
NOTED = AccessNoted(what="pack", about=ABOUT, reason="for the joint meeting")


def test_an_actor_gives_its_own_reasons_and_needs_no_leave() -> None:
    """REC-141"""
    told = Story()
    own = told.say(LEAD, KNEW, subject=f"access/{LEAD}")
    others = told.say(LEAD, KNEW, subject="access/host/unit")
    assert (told.why_void(own), told.why_void(others)) == (None, "other_subject")


def test_a_partys_authority_gives_its_own_with_the_root_key() -> None:
    """REC-141"""
    told = Story()
    own = told.say("host/authority", KNEW, subject="access/host/authority")
    others = told.say("host/authority", KNEW, subject=f"access/{LEAD}")
    node = keys_of("host").node.public.key_id
    unsigned = told.say("host/authority", KNEW, subject="access/host/authority", signers=(node,))
    expected = [None, "other_subject", "not_the_authority"]
    assert [told.why_void(said) for said in (own, others, unsigned)] == expected


def test_nobody_who_is_not_enrolled_gives_a_reason() -> None:
    """REC-141"""
    told = Story()
    assert told.why_void(told.say("host/nobody", KNEW, subject="access/host/nobody")) == "not_enrolled"


@pytest.mark.parametrize(
    ("speaker", "of", "why"),
    [
        ("host/node", LEAD, None),
        ("host/node", "host/authority", None),
        ("sending/node", LEAD, "other_party"),
        ("host/node", "host/nobody", "not_enrolled"),
        (LEAD, LEAD, "not_the_node"),
    ],
)
def test_a_node_notes_the_reasons_of_its_own_partys_actors(speaker: str, of: str, why: str | None) -> None:
    """REC-142"""
    told = Story()
    assert told.why_void(told.say(speaker, NOTED, subject=f"access/{of}")) == why


def test_nothing_is_noted_of_an_actor_that_was_revoked() -> None:
    """REC-142"""
    told = Story()
    told.say("host/authority", ActorRevoked(reason="left"), subject=f"actor/{LEAD}")
    assert told.why_void(told.say("host/node", NOTED, subject=f"access/{LEAD}")) == "not_enrolled"


def reasons(told: Story) -> dict[str, str]:
    state = told.folded(f"access/{LEAD}").state
    assert isinstance(state, AccessState)
    return {look: given.reason for look, given in state.reasons.items()}


def test_of_the_reasons_for_one_look_at_one_subject_the_latest_is_kept() -> None:
    """REC-143"""
    told = Story()
    told.say(LEAD, KNEW, subject=f"access/{LEAD}")
    told.say("host/node", NOTED, subject=f"access/{LEAD}", at=START + MINUTE)
    later = AccessReasoned(what="knew", about=("movement/m1", "movement/m2"), reason="again")
    told.say(LEAD, later, subject=f"access/{LEAD}", at=START + 2 * MINUTE)
    assert reasons(told) == {
        "knew movement/m1": "again",
        "knew movement/m2": "again",
        "pack movement/m1": "for the joint meeting",
    }


def test_the_latest_hundred_are_kept() -> None:
    """REC-143"""
    told = Story()
    for n in range(REASONS_KEPT + 5):
        act = AccessReasoned(what="knew", about=(f"movement/m{n}",), reason=f"{n}")
        told.say(LEAD, act, subject=f"access/{LEAD}", at=START + n * MINUTE)
    kept = reasons(told)
    assert (len(kept), "knew movement/m4" in kept, "knew movement/m5" in kept) == (REASONS_KEPT, False, True)


@pytest.mark.parametrize(
    ("asked", "reason", "why"),
    [
        (("compartment.opened",), None, "reason_missing"),
        (("compartment.opened",), "I lead the escort of this one", None),
        (("knew", "pack"), None, None),
        (None, None, None),
        (None, "for myself", None),
    ],
)
def test_where_the_agreement_asks_a_reason_an_opening_without_one_has_no_effect(
    asked: tuple[str, ...] | None, reason: str | None, why: str | None
) -> None:
    """REC-140, ACC-22"""
    access = AccessTerms(reasons=asked) if asked is not None else None  # type: ignore[arg-type]  # from its words
    told = Story(sealing_terms([card_of(party) for party in KEYS], access=access))
    plan = told.request()
    told.say("sending/journey_manager", SEALED)
    check(told)
    told.approve(plan)
    told.say("sending/node", released("host"), at=FOR_SENDING)
    opened = told.say(LEAD, CompartmentOpened(content=SEALED.content, reason=reason), at=FOR_SENDING)
    assert told.why_void(opened) == why
