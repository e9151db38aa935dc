"""Break-glass on the record: who asks, when a piece counts, what stops it, and what opens by it."""

from __future__ import annotations

import hashlib

import msgspec
import pytest

from safeconduct.core.acts import (
    CompartmentChecked,
    CompartmentOpened,
    CompartmentReleased,
    CompartmentSealed,
    GlassAsked,
    GlassGiven,
    GlassObjected,
    MovementCancelled,
)
from safeconduct.core.disclosure import Content, seal_behind_glass, seal_with_shares
from safeconduct.core.record import MovementState, gives_from, glass_of
from safeconduct.core.sealing import SealingKey
from safeconduct.testing import (
    GLASS,
    HOUR,
    MINUTE,
    MOVEMENT,
    START,
    Story,
    card_of,
    counted,
    glass_terms,
    sealing_terms,
)

KEYS = {party: SealingKey.from_seed(hashlib.sha256(party.encode()).digest()) for party in ("host", "sending")}
AUTHOR = "sending/journey_manager"
LEAD, DUTY = "host/escort_lead", "host/duty_officer"
# When it opens for the first role of the host, who asks for the share of the sending party.
FOR_HOST = START + 28 * HOUR
DELAY = 15 * MINUTE


def content_of(compartment: str = "rendezvous", seed: str = "s", *, escrow: bool = True) -> CompartmentSealed:
    return seal_behind_glass(
        Content(text="gate 2"),
        subject=MOVEMENT,
        compartment=compartment,
        variant="exact",
        holders={party: key.public for party, key in KEYS.items()},
        randomness=counted(seed),
        agreement="ab" * 32,
        break_glass=GLASS if escrow else (),
    )[0]


SEALED = content_of()
OPEN = CompartmentOpened(content=SEALED.content)


def ask(party: str = "sending", act: CompartmentSealed = SEALED) -> GlassAsked:
    return GlassAsked(content=act.content, party=party, reason="no answer since 04:10")


def give(officer: str = "anna", party: str = "sending", act: CompartmentSealed = SEALED) -> GlassGiven:
    return GlassGiven(content=act.content, party=party, officer=officer, to="ab" * 32, sealed="A" * 194 + "==")


def story(*, approved: bool = True, checked: bool = True) -> Story:
    """A movement with its rendezvous sealed behind glass."""
    told = Story(glass_terms(card_of(party) for party in ("host", "sending")))
    plan = told.request()
    told.say(AUTHOR, SEALED)
    if checked:
        for party in ("host", "sending"):
            told.say(f"{party}/node", CompartmentChecked(content=SEALED.content, holds=True))
    if approved:
        told.approve(plan)
    return told


def asked(at: int = FOR_HOST, second: int | None = None) -> Story:
    """Two actors of the host have asked."""
    told = story()
    told.say(DUTY, ask(), at=at)
    told.say(LEAD, ask(), at=at if second is None else second)
    return told


def movement(told: Story) -> MovementState:
    state = told.folded().state
    assert isinstance(state, MovementState)
    return state


# --- sealing ----------------------------------------------------------------------------------------------------------


def test_an_escrow_is_there_exactly_where_the_agreement_asks_it() -> None:
    """SEAL-74"""
    without = content_of(seed="t", escrow=False)
    told = story()
    assert told.why_void(told.say(AUTHOR, without)) == "escrow_not_agreed"
    plain = Story(sealing_terms(card_of(party) for party in ("host", "sending")))
    plain.request()
    assert plain.why_void(plain.say(AUTHOR, SEALED)) == "escrow_not_agreed"
    assert plain.why_void(plain.say(AUTHOR, without)) is None


# --- asking -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("actor", "act", "why"),
    [
        (DUTY, ask(), None),
        (DUTY, ask("host"), "no_break_glass"),
        (DUTY, ask("agency"), "no_break_glass"),
        (DUTY, ask(act=content_of(seed="t")), "not_sealed"),
        ("sending/approver", ask("host"), None),
        ("sending/approver", ask("sending"), "no_break_glass"),
        ("host/unit", ask(), "role_may_not"),
    ],
)
def test_the_share_of_another_party_is_asked_for_by_the_roles_that_may(
    actor: str, act: GlassAsked, why: str | None
) -> None:
    """REC-80, REC-81"""
    told = story()
    assert told.why_void(told.say(actor, act, at=FOR_HOST)) == why


def test_a_role_that_may_say_it_and_is_not_named_does_not_ask() -> None:
    """REC-81"""
    terms = glass_terms(card_of(party) for party in ("host", "sending"))
    host, sending = terms.break_glass
    narrow = msgspec.structs.replace(
        terms, break_glass=(host, msgspec.structs.replace(sending, asked_by=("escort_lead",)))
    )
    told = Story(narrow)
    plan = told.request()
    told.say(AUTHOR, SEALED)
    for party in ("host", "sending"):
        told.say(f"{party}/node", CompartmentChecked(content=SEALED.content, holds=True))
    told.approve(plan)
    assert told.why_void(told.say(DUTY, ask())) == "not_your_role"


def test_who_has_asked_does_not_ask_again() -> None:
    """REC-81"""
    told = story()
    told.say(DUTY, ask())
    assert told.why_void(told.say(DUTY, ask())) == "asked_already"


def test_nothing_is_asked_of_what_is_not_alive_in_force_or_due_or_was_released() -> None:
    """REC-80, REC-84"""
    assert (lambda s: s.why_void(s.say(DUTY, ask())))(story(approved=False)) == "not_alive"
    assert (lambda s: s.why_void(s.say(DUTY, ask())))(story(checked=False)) == "not_in_force"
    released = story()
    share = CompartmentReleased(content=SEALED.content, party="host", to="ab" * 32, sealed=SEALED.shares[0].sealed)
    released.say("sending/node", share, at=FOR_HOST)
    assert released.why_void(released.say(DUTY, ask(), at=FOR_HOST)) == "released_already"
    names = content_of("manifest")
    told = story()
    told.say(AUTHOR, names)
    for party in ("host", "sending"):
        told.say(f"{party}/node", CompartmentChecked(content=names.content, holds=True))
    # Only roles of the host are due the manifest.
    assert told.why_void(told.say("sending/approver", ask("host", names))) == "not_due"


# --- giving -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "second", "at", "why"),
    [
        (FOR_HOST, FOR_HOST, FOR_HOST + DELAY - 1, "before_delay"),
        (FOR_HOST, FOR_HOST, FOR_HOST + DELAY, None),
        # The delay begins with the second.
        (FOR_HOST, FOR_HOST + HOUR, FOR_HOST + HOUR + DELAY - 1, "before_delay"),
        (FOR_HOST, FOR_HOST + HOUR, FOR_HOST + HOUR + DELAY, None),
        # Asked long before: nothing opens early by it.
        (START + HOUR, START + HOUR, FOR_HOST - 1, "before_delay"),
        (START + HOUR, START + HOUR, FOR_HOST, None),
    ],
)
def test_a_piece_counts_after_the_delay_and_never_before_the_release(
    first: int, second: int, at: int, why: str | None
) -> None:
    """REC-82, REC-83"""
    told = asked(first, second)
    state = movement(told)
    opens = gives_from(told.terms, state, state.sealings[SEALED.content], "sending", "host")
    assert (opens is not None and at >= opens) is (why is None)
    assert told.why_void(told.say(LEAD, give(), at=at)) == why


def test_one_actor_who_asked_is_not_enough() -> None:
    """REC-82"""
    told = story()
    told.say(DUTY, ask(), at=FOR_HOST)
    assert told.why_void(told.say(DUTY, give(), at=FOR_HOST + HOUR)) == "not_asked"
    # What the other party asked for is not asked by ours.
    told.say("sending/approver", ask("host"), at=FOR_HOST + HOUR)
    assert told.why_void(told.say(DUTY, give(), at=FOR_HOST + HOUR + DELAY)) == "not_asked"


def test_an_officer_gives_once_and_nobody_else_does() -> None:
    """REC-82, REC-85"""
    told = asked()
    at = FOR_HOST + DELAY
    assert told.why_void(told.say(LEAD, give(), at=at)) is None
    assert told.why_void(told.say(LEAD, give(), at=at)) == "given_already"
    assert told.why_void(told.say(LEAD, give("dara"), at=at)) == "no_such_officer"


def test_nothing_is_given_once_the_movement_is_over_or_the_content_replaced() -> None:
    """REC-84"""
    over = asked()
    over.say(AUTHOR, MovementCancelled(reason="fog"), at=FOR_HOST)
    assert over.why_void(over.say(LEAD, give(), at=FOR_HOST + DELAY)) == "not_alive"
    anew = asked()
    anew.say(AUTHOR, content_of(seed="t"), at=FOR_HOST)
    assert anew.why_void(anew.say(LEAD, give(), at=FOR_HOST + DELAY)) == "not_in_force"


# --- objecting --------------------------------------------------------------------------------------------------------

OBJECT = GlassObjected(content=SEALED.content, reason="we are here")


def test_an_objection_stops_it_and_who_asks_anew_begins_anew() -> None:
    """REC-86"""
    told = asked()
    assert told.why_void(told.say("sending/approver", OBJECT, at=FOR_HOST + MINUTE)) is None
    assert told.why_void(told.say(LEAD, give(), at=FOR_HOST + DELAY)) == "not_asked"
    for actor in (DUTY, LEAD):
        assert told.why_void(told.say(actor, ask(), at=FOR_HOST + HOUR)) is None
    assert told.why_void(told.say(LEAD, give(), at=FOR_HOST + HOUR)) == "before_delay"
    assert told.why_void(told.say(LEAD, give(), at=FOR_HOST + HOUR + DELAY)) is None


def test_an_objection_between_two_pieces_takes_the_first_with_it() -> None:
    """REC-86"""
    told = asked()
    told.say(LEAD, give("anna"), at=FOR_HOST + DELAY)
    told.say("sending/approver", OBJECT, at=FOR_HOST + DELAY)
    used = glass_of(movement(told).sealings[SEALED.content], "sending", "host")
    assert (dict(used.asked), dict(used.given), used.objected is not None) == ({}, {}, True)
    assert told.why_void(told.say(LEAD, give("bilal"), at=FOR_HOST + HOUR)) == "not_asked"


def test_an_objection_that_nobody_had_seen_makes_void_what_was_given() -> None:
    """REC-86: said in time while the line was cut; every record then shows an opening without effect."""
    told = asked()
    seen = told.after()
    pieces = [told.say(LEAD, give(officer), at=FOR_HOST + DELAY) for officer in ("anna", "bilal")]
    opening = told.say(LEAD, OPEN, at=FOR_HOST + DELAY)
    assert [told.why_void(said) for said in (*pieces, opening)] == [None, None, None]
    told.say("sending/approver", OBJECT, at=FOR_HOST + MINUTE, after=seen)
    assert [told.why_void(said) for said in (*pieces, opening)] == ["not_asked", "not_asked", "shares_missing"]


@pytest.mark.parametrize("actor", ["host/duty_officer", "sending/approver"])
def test_only_the_silent_party_objects_and_only_to_what_is_asked(actor: str) -> None:
    """REC-86"""
    told = story() if actor.startswith("sending") else asked()
    assert told.why_void(told.say(actor, OBJECT, at=FOR_HOST)) == "not_asked"


def test_what_was_given_by_enough_is_not_taken_back() -> None:
    """REC-86"""
    told = asked()
    for officer in ("anna", "bilal"):
        told.say(LEAD, give(officer), at=FOR_HOST + DELAY)
    assert told.why_void(told.say("sending/approver", OBJECT, at=FOR_HOST + HOUR)) == "not_asked"


# --- opening ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("officers", "why"), [((), "shares_missing"), (("anna",), "shares_missing"), (("anna", "chen"), None)]
)
def test_it_opens_with_the_pieces_of_enough_officers(officers: tuple[str, ...], why: str | None) -> None:
    """REC-87"""
    told = asked()
    for officer in officers:
        told.say(LEAD, give(officer), at=FOR_HOST + DELAY)
    assert told.why_void(told.say(LEAD, OPEN, at=FOR_HOST + DELAY)) == why


def test_what_opened_by_glass_opens_for_nobody_who_is_not_due() -> None:
    """REC-68, REC-87"""
    told = asked()
    for officer in ("anna", "bilal"):
        told.say(LEAD, give(officer), at=FOR_HOST + DELAY)
    assert told.why_void(told.say(DUTY, OPEN, at=FOR_HOST + HOUR)) == "not_due"


def test_a_seal_without_glass_says_what_it_said_before() -> None:
    """SEAL-74: the field is left out, and old statements keep their bytes."""
    act, _, _ = seal_with_shares(
        Content(text="gate 2"),
        subject=MOVEMENT,
        compartment="rendezvous",
        variant="exact",
        holders={party: key.public for party, key in KEYS.items()},
        randomness=counted(),
    )
    assert act.escrow is None
