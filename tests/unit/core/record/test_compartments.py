"""Sealed compartments on the record: what takes effect when, whoever says it."""

from __future__ import annotations

import hashlib

import msgspec
import pytest

from safeconduct.core.acts import (
    CompartmentChecked,
    CompartmentOpened,
    CompartmentReleased,
    CompartmentSealed,
    CompartmentTold,
    MovementCancelled,
    MovementChanged,
    SealingKeyDestroyed,
    SealingKeyPublished,
    Timing,
)
from safeconduct.core.disclosure import Content, seal_with_shares
from safeconduct.core.record import MovementState, SealingState, in_force, variants
from safeconduct.core.sealing import SealingKey
from safeconduct.testing import (
    BLURRED,
    HOUR,
    MINUTE,
    MOVEMENT,
    START,
    Story,
    card_of,
    counted,
    sealing_terms,
    small_plan,
)

KEYS = {party: SealingKey.from_seed(hashlib.sha256(party.encode()).digest()) for party in ("host", "sending")}
AUTHOR = "sending/journey_manager"
OPENS = START + 30 * HOUR
# When it opens for the first role of each party.
FOR_HOST, FOR_SENDING = OPENS - 2 * HOUR, OPENS - HOUR


def content_of(compartment: str = "rendezvous", variant: str = "exact", seed: str = "s") -> CompartmentSealed:
    act, _, _ = seal_with_shares(
        Content(text="gate 2"),
        subject=MOVEMENT,
        compartment=compartment,
        variant=variant,
        holders={party: key.public for party, key in KEYS.items()},
        randomness=counted(seed),
    )
    return act


SEALED = content_of()


def released(party: str, act: CompartmentSealed = SEALED) -> CompartmentReleased:
    return CompartmentReleased(content=act.content, party=party, to="ab" * 32, sealed=act.shares[0].sealed)


def story(*, approved: bool = True, checked: bool = True) -> Story:
    """A movement with its rendezvous sealed."""
    told = Story(sealing_terms(card_of(party) for party in ("host", "sending")))
    plan = told.request()
    told.say(AUTHOR, SEALED)
    if checked:
        check(told)
    if approved:
        told.approve(plan)
    return told


def check(told: Story, act: CompartmentSealed = SEALED) -> None:
    for party in ("host", "sending"):
        told.say(f"{party}/node", CompartmentChecked(content=act.content, holds=True))


def movement(told: Story) -> MovementState:
    state = told.folded().state
    assert isinstance(state, MovementState)
    return state


# --- sealing ----------------------------------------------------------------------------------------------------------


def test_a_compartment_has_one_variant_for_each_grade_that_shows_something() -> None:
    """REC-60"""
    terms = story().terms
    assert variants(terms, "rendezvous") == (BLURRED, "exact")
    assert variants(terms, "no_such") == ()


@pytest.mark.parametrize(
    ("act", "why"),
    [
        (content_of("no_such"), "no_such_compartment"),
        (content_of("manifest", BLURRED), "no_such_compartment"),
        (msgspec.structs.replace(content_of(seed="t"), shares=content_of(seed="t").shares[::-1]), "other_holders"),
        (
            msgspec.structs.replace(content_of(seed="t"), shares=(content_of(seed="t").shares[0],) * 2),
            "other_holders",
        ),
        (SEALED, "sealed_already"),
    ],
)
def test_what_the_agreement_does_not_ask_is_not_sealed(act: CompartmentSealed, why: str) -> None:
    """REC-60 to REC-62"""
    told = story()
    assert told.why_void(told.say(AUTHOR, act)) == why


def test_nothing_is_sealed_for_a_movement_that_is_over() -> None:
    """REC-61"""
    told = story()
    told.say(AUTHOR, MovementCancelled(reason="fog"))
    assert told.why_void(told.say(AUTHOR, content_of(seed="t"))) == "is_cancelled"


def test_sealing_anew_replaces_and_is_checked_anew() -> None:
    """REC-62 to REC-64"""
    told = story()
    anew = content_of(seed="t")
    told.say(AUTHOR, anew)
    state = movement(told)
    assert [in_force(told.terms, s) for s in state.sealings.values()] == [False, False]
    check(told, anew)
    state = movement(told)
    assert {s.content: in_force(told.terms, s) for s in state.sealings.values()} == {
        SEALED.content: False,
        anew.content: True,
    }
    assert told.why_void(told.say("sending/node", released("host"), at=FOR_HOST)) == "not_in_force"


def test_only_the_party_that_sealed_replaces() -> None:
    """REC-62: the other side cannot put its own route in the place of ours."""
    cards = [card_of(party) for party in ("host", "sending")]
    terms = sealing_terms(cards)
    roles = tuple(
        msgspec.structs.replace(role, may=(*role.may, "compartment.sealed")) if role.id == "duty_officer" else role
        for role in terms.roles
    )
    told = Story(msgspec.structs.replace(terms, roles=roles))
    told.request()
    told.say(AUTHOR, SEALED)
    assert told.why_void(told.say("host/duty_officer", content_of(seed="t"))) == "other_party"


# --- shares -----------------------------------------------------------------------------------------------------------


def test_without_the_word_of_every_node_nothing_is_in_force() -> None:
    """REC-64"""
    told = story(checked=False)
    told.say("host/node", CompartmentChecked(content=SEALED.content, holds=True))
    told.say("sending/node", CompartmentChecked(content=SEALED.content, holds=False, account="does not fit"))
    assert not in_force(told.terms, movement(told).sealings[SEALED.content])


def test_a_node_says_once_whether_its_share_fits() -> None:
    """REC-64"""
    told = story()
    again = told.say("host/node", CompartmentChecked(content=SEALED.content, holds=False))
    unknown = told.say("host/node", CompartmentChecked(content="ab" * 32, holds=True))
    assert (told.why_void(again), told.why_void(unknown)) == ("checked_already", "not_sealed")


@pytest.mark.parametrize(
    ("giver", "receiver", "at", "why"),
    [
        ("sending", "host", FOR_HOST - 1, "before_release"),
        ("sending", "host", FOR_HOST, None),
        ("host", "sending", FOR_HOST, "before_release"),
        ("host", "sending", FOR_SENDING, None),
        ("host", "host", FOR_SENDING, "other_party"),
        ("host", "agency", FOR_SENDING, "other_party"),
    ],
)
def test_a_share_is_released_at_the_moment_of_the_receivers_first_role(
    giver: str, receiver: str, at: int, why: str | None
) -> None:
    """REC-65, REC-66"""
    told = story()
    assert told.why_void(told.say(f"{giver}/node", released(receiver), at=at)) == why


def test_a_share_is_released_once() -> None:
    """REC-67"""
    told = story()
    told.say("sending/node", released("host"), at=FOR_HOST)
    assert told.why_void(told.say("sending/node", released("host"), at=FOR_HOST)) == "released_already"


def test_nothing_is_released_for_a_movement_that_is_not_approved_or_over() -> None:
    """REC-67"""
    asked = story(approved=False)
    # Later it has lapsed; at the moment of the release its review is still to come.
    early = Timing(earliest=START + 3 * HOUR, latest=START + 5 * HOUR, review_by=START + 4 * HOUR)
    asked.say(AUTHOR, MovementChanged(plan=small_plan(timing=early), reason="flight"))
    assert asked.why_void(asked.say("sending/node", released("host"), at=START + HOUR)) == "not_alive"
    over = story()
    over.say(AUTHOR, MovementCancelled(reason="fog"), at=START + 2 * HOUR)
    assert over.why_void(over.say("sending/node", released("host"), at=FOR_HOST)) == "not_alive"


def test_nothing_is_released_where_no_role_is_due_it() -> None:
    """REC-65: only the host's roles are due the manifest."""
    told = story()
    names = content_of("manifest")
    told.say(AUTHOR, names)
    check(told, names)
    assert told.why_void(told.say("host/node", released("sending", names), at=OPENS)) == "not_due"


def test_a_plan_that_moves_moves_the_release() -> None:
    """REC-66"""
    told = story()
    later = Timing(earliest=OPENS + 10 * HOUR, latest=OPENS + 12 * HOUR, review_by=OPENS + 9 * HOUR)
    plan = small_plan(timing=later)
    told.say(AUTHOR, MovementChanged(plan=plan, reason="flight"), at=START + 2 * HOUR)
    told.approve(plan, at=START + 3 * HOUR)
    early = told.say("sending/node", released("host"), at=FOR_HOST)
    due = told.say("sending/node", released("host"), at=FOR_HOST + 10 * HOUR)
    assert (told.why_void(early), told.why_void(due)) == ("before_release", None)


# --- opening ----------------------------------------------------------------------------------------------------------

OPEN = CompartmentOpened(content=SEALED.content)


def given_to_both() -> Story:
    told = story()
    told.say("sending/node", released("host"), at=FOR_HOST)
    told.say("host/node", released("sending"), at=FOR_SENDING)
    return told


@pytest.mark.parametrize(
    ("actor", "at", "why"),
    [
        ("host/escort_lead", FOR_SENDING, None),
        ("sending/approver", FOR_SENDING, None),
        # Its party has the shares; this role is due the blurred one alone, that one nothing but that it exists.
        ("host/unit", FOR_SENDING + HOUR, "not_due"),
        ("host/duty_officer", FOR_SENDING + HOUR, "not_due"),
        # Who wrote it has it anyway, and opens nothing.
        (AUTHOR, FOR_SENDING + HOUR, "not_due"),
    ],
)
def test_a_role_opens_what_it_is_due(actor: str, at: int, why: str | None) -> None:
    """REC-68"""
    told = given_to_both()
    assert told.why_void(told.say(actor, OPEN, at=at)) == why


def test_nobody_opens_before_the_moment_of_the_own_role() -> None:
    """REC-68: another role of the same party is due it earlier, and the shares are there."""
    terms = sealing_terms(card_of(party) for party in ("host", "sending"))
    first, second = terms.compartments
    late = msgspec.structs.replace(
        first,
        releases=tuple(
            msgspec.structs.replace(r, opens="plan.earliest - PT5M", grade="exact", metres=None, minutes=None)
            if r.role == "unit"
            else r
            for r in first.releases
        ),
    )
    told = Story(msgspec.structs.replace(terms, compartments=(late, second)))
    plan = told.request()
    told.say(AUTHOR, SEALED)
    check(told)
    told.approve(plan, at=START + HOUR)
    told.say("sending/node", released("host"), at=FOR_HOST)
    early = told.say("host/unit", OPEN, at=OPENS - 5 * MINUTE - 1)
    due = told.say("host/unit", OPEN, at=OPENS - 5 * MINUTE)
    assert (told.why_void(early), told.why_void(due)) == ("before_release", None)


def test_nobody_opens_while_a_share_is_missing() -> None:
    """REC-68"""
    told = story()
    assert told.why_void(told.say("host/escort_lead", OPEN, at=FOR_HOST)) == "shares_missing"


def test_nobody_opens_for_a_movement_that_was_called_off() -> None:
    """REC-68"""
    told = given_to_both()
    told.say(AUTHOR, MovementCancelled(reason="fog"), at=FOR_SENDING)
    assert told.why_void(told.say("host/escort_lead", OPEN, at=FOR_SENDING)) == "is_cancelled"


def test_the_first_opening_of_each_actor_is_kept() -> None:
    """REC-68"""
    told = given_to_both()
    told.say("host/escort_lead", OPEN, at=FOR_SENDING)
    told.say("host/escort_lead", OPEN, at=FOR_SENDING + MINUTE)
    told.say("sending/approver", OPEN, at=FOR_SENDING + MINUTE)
    opened = movement(told).sealings[SEALED.content].opened
    assert {actor: e.at for actor, e in opened.items()} == {
        "host/escort_lead": FOR_SENDING,
        "sending/approver": FOR_SENDING + MINUTE,
    }


# --- keys -------------------------------------------------------------------------------------------------------------

PUBLISHED = SealingKeyPublished(key=KEYS["host"].public.text, until=START + HOUR)
DESTROYED = SealingKeyDestroyed(key=KEYS["host"].public.key_id)


def test_a_node_publishes_and_destroys_its_own_keys() -> None:
    """REC-69, SEAL-24"""
    told = Story()
    told.say("host/node", PUBLISHED, subject="sealing/host")
    told.say("host/node", DESTROYED, subject="sealing/host", at=START + HOUR)
    state = told.folded("sealing/host").state
    assert isinstance(state, SealingState)
    line = state.keys[KEYS["host"].public.key_id]
    assert (line.until, line.destroyed.at if line.destroyed else None) == (START + HOUR, START + HOUR)


@pytest.mark.parametrize(
    ("act", "subject", "why"),
    [
        (PUBLISHED, "sealing/sending", "other_subject"),
        (msgspec.structs.replace(PUBLISHED, until=START), "sealing/host", "past_already"),
        (msgspec.structs.replace(PUBLISHED, key="A" * 43 + "="), "sealing/host", "bad_key"),
        (DESTROYED, "sealing/host", "no_such_key"),
    ],
)
def test_another_partys_key_or_no_key_has_no_effect(act: SealingKeyPublished, subject: str, why: str) -> None:
    """REC-69, SEAL-22"""
    told = Story()
    assert told.why_void(told.say("host/node", act, subject=subject)) == why


# --- telling ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("actor", "to", "why"),
    [
        (AUTHOR, "sending/driver", None),
        ("host/escort_lead", "gate guard", None),
        ("host/unit", "gate guard", "not_known"),
        # It is open to this one, who has not looked.
        ("sending/approver", "gate guard", "not_known"),
        (AUTHOR, AUTHOR, "told_oneself"),
    ],
)
def test_only_who_has_it_by_the_record_tells(actor: str, to: str, why: str | None) -> None:
    """REC-70"""
    told = given_to_both()
    told.say("host/escort_lead", OPEN, at=FOR_SENDING)
    said = told.say(actor, CompartmentTold(content=SEALED.content, to=to), at=FOR_SENDING)
    assert told.why_void(said) == why


def test_whoever_was_told_may_tell_on_and_the_first_telling_is_kept() -> None:
    """REC-70: also when the movement is over, and of a content that was replaced."""
    told = story()
    told.say(AUTHOR, content_of(seed="t"))
    told.say(AUTHOR, MovementCancelled(reason="fog"))
    for minute, (actor, to) in enumerate(
        [("host/unit", "cook"), (AUTHOR, "host/unit"), ("host/unit", "cook"), ("host/unit", "cook")]
    ):
        told.say(actor, CompartmentTold(content=SEALED.content, to=to), at=START + minute * MINUTE)
    kept = movement(told).sealings[SEALED.content].told
    assert {to: {by: e.at - START for by, e in tellings.items()} for to, tellings in kept.items()} == {
        "host/unit": {AUTHOR: MINUTE},
        "cook": {"host/unit": 2 * MINUTE},
    }


def test_what_was_not_sealed_is_not_told() -> None:
    """REC-70"""
    told = story()
    assert told.why_void(told.say(AUTHOR, CompartmentTold(content="ab" * 32, to="cook"))) == "not_sealed"
