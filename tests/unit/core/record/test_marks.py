"""Marks on the record: who may say what of one, until when it works, and what opens it."""

from __future__ import annotations

import base64

import msgspec
import pytest

from safeconduct.core.acts import (
    Act,
    ActorEnrolled,
    MarkAgreed,
    MarkChecked,
    MarkContent,
    MarkExpired,
    MarkOpened,
    MarkSealed,
)
from safeconduct.core.agreement import Role
from safeconduct.core.disclosure import seal_mark
from safeconduct.core.record import (
    MarkState,
    Void,
    agreed_at,
    allowed,
    box_digest,
    ends_at,
    mark_key_commitment,
    read_mark,
    review_by,
    unit_roles,
    works_from,
)
from safeconduct.core.sealing import NONCE_BYTES, SealingKey, pad, seal_box
from safeconduct.core.statement import encode
from safeconduct.errors import CheckFailed
from safeconduct.testing import (
    DECOY,
    DECOY_TERMS,
    HOUR,
    MARK,
    MARKS,
    MINUTE,
    SHUT_OUT,
    SHUT_OUT_TERMS,
    START,
    Story,
    card_of,
    counted,
    key,
    keys_of,
    marks_terms,
    small_terms,
)

TERMS = marks_terms(card_of(party) for party in ("host", "sending"))
PRIVATE = {party: SealingKey.from_seed(bytes([n]) * 32) for n, party in enumerate(("host", "sending"), 1)}
HOLDERS = {party: private.public for party, private in PRIVATE.items()}
AUTHOR, OTHER, REVIEWER = "sending/security_manager", "host/duty_officer", "sending/approver"
UNTIL = START + 48 * HOUR


def made(content: MarkContent = SHUT_OUT, *, subject: str = MARK, until: int = UNTIL) -> MarkSealed:
    return seal_mark(content, subject=subject, until=until, holders=HOLDERS, randomness=counted(subject))


_OTHERS = (made().holders[0], msgspec.structs.replace(made().holders[1], party="un"))


def key_of(act: MarkSealed, subject: str = MARK) -> str:
    """The key of a box, in base64: the first thing that its author drew."""
    drawn = counted(subject)(32)
    assert mark_key_commitment(subject, box_digest(act.box), drawn) == act.key
    return base64.b64encode(drawn).decode()


def story(content: MarkContent = SHUT_OUT, *, until: int = UNTIL) -> tuple[Story, MarkSealed]:
    told = Story(TERMS)
    act = made(content, until=until)
    told.say(AUTHOR, act, subject=MARK)
    return told, act


def state_of(told: Story, subject: str = MARK) -> MarkState:
    state = told.folded(subject).state
    assert isinstance(state, MarkState)
    return state


def agreed(act: MarkSealed) -> MarkAgreed:
    return MarkAgreed(content=box_digest(act.box))


def opened(act: MarkSealed) -> MarkOpened:
    return MarkOpened(content=box_digest(act.box), key=key_of(act))


# --- making one -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("actor", "change", "code"),
    [
        (AUTHOR, {}, None),
        (OTHER, {}, "role_may_not"),
        (REVIEWER, {}, "role_may_not"),
        (AUTHOR, {"until": START}, "past_already"),
        (AUTHOR, {"until": START - 1}, "past_already"),
        (AUTHOR, {"until": START + 7 * 24 * HOUR}, None),
        (AUTHOR, {"until": START + 7 * 24 * HOUR + 1}, "too_long"),
        (AUTHOR, {"holders": made().holders[::-1]}, "other_holders"),
        (
            AUTHOR,
            {"holders": _OTHERS},
            "other_holders",
        ),
    ],
)
def test_a_mark_is_sealed_by_whom_and_for_as_long_as_is_agreed(
    actor: str, change: dict[str, object], code: str | None
) -> None:
    """REC-90, REC-91"""
    told = Story(TERMS)
    assert told.why_void(told.say(actor, msgspec.structs.replace(made(), **change), subject=MARK)) == code


def test_a_role_that_may_say_it_and_is_not_named_seals_none() -> None:
    """REC-90"""
    others = msgspec.structs.replace(SHUT_OUT_TERMS, by=("journey_manager",))
    decoys = msgspec.structs.replace(DECOY_TERMS, by=("journey_manager",))
    told = Story(marks_terms(TERMS.parties, marks=msgspec.structs.replace(MARKS, shut_out=others, decoy=decoys)))
    assert told.why_void(told.say(AUTHOR, made(), subject=MARK)) == "not_your_role"


def test_an_agreement_without_marks_has_none() -> None:
    """REC-90, AG-160"""
    told = Story(marks_terms(TERMS.parties, marks=None))
    assert told.why_void(told.say(AUTHOR, made(), subject=MARK)) == "no_marks"


def test_a_mark_is_sealed_once() -> None:
    """REC-90"""
    told, act = story()
    assert told.why_void(told.say(AUTHOR, act, subject=MARK)) == "exists_already"


@pytest.mark.parametrize("act", [MarkAgreed(content="ab" * 32), MarkOpened(content="ab" * 32, key="A" * 43 + "=")])
def test_nothing_is_said_of_a_mark_that_is_not_there(act: Act) -> None:
    """REC-93"""
    told = Story(TERMS)
    actor = OTHER if isinstance(act, MarkAgreed) else REVIEWER
    assert told.why_void(told.say(actor, act, subject=MARK)) == "no_such_mark"


# --- agreeing ---------------------------------------------------------------------------------------------------------


def test_another_party_agrees_once_and_before_the_end() -> None:
    """REC-94"""
    told, act = story()
    late = told.say(OTHER, agreed(act), subject=MARK, at=UNTIL)
    assert told.why_void(late) == "is_over"
    told, act = story()
    first = told.say(OTHER, agreed(act), subject=MARK, at=UNTIL - 1)
    again = told.say(OTHER, agreed(act), subject=MARK, at=UNTIL - 1)
    assert (told.why_void(first), told.why_void(again)) == (None, "agreed_already")


def test_nobody_of_the_party_that_sealed_it_agrees() -> None:
    """REC-94: one party alone is no two."""
    told = Story(TERMS)
    act = ActorEnrolled(key=key("sending/both").public.text, roles=("security_manager", "approver"))
    told.say("sending/authority", act, subject="actor/sending/both")
    both = msgspec.structs.replace(SHUT_OUT_TERMS, agreed_by=("duty_officer", "approver"))
    roles = tuple(
        msgspec.structs.replace(r, may=(*r.may, "mark.agreed")) if r.id == "approver" else r for r in TERMS.roles
    )
    told = Story(marks_terms(TERMS.parties, roles=roles, marks=msgspec.structs.replace(MARKS, shut_out=both)))
    sealed = made()
    told.say(AUTHOR, sealed, subject=MARK)
    assert told.why_void(told.say(REVIEWER, agreed(sealed), subject=MARK)) == "other_party"


def test_a_consent_to_another_mark_is_no_consent_to_this_one() -> None:
    """REC-93: a replay."""
    told, act = story(DECOY)
    other = made(DECOY, subject="mark/k2")
    told.say(AUTHOR, other, subject="mark/k2")
    replayed = told.say(OTHER, agreed(act), subject="mark/k2")
    assert (told.why_void(replayed), state_of(told, "mark/k2").agreed) == ("other_content", {})


def test_a_node_says_once_whether_it_keeps_to_it() -> None:
    """REC-92, REC-93"""
    told, act = story()
    first = told.say("host/node", MarkChecked(content=box_digest(act.box), holds=True), subject=MARK)
    again = told.say("host/node", MarkChecked(content=box_digest(act.box), holds=False), subject=MARK)
    other = told.say("sending/node", MarkChecked(content="ab" * 32, holds=True), subject=MARK)
    assert [told.why_void(said) for said in (first, again, other)] == [None, "checked_already", "other_content"]
    assert state_of(told).checked == {"host": True}


# --- opening ----------------------------------------------------------------------------------------------------------


def test_the_review_opens_it_for_everybody() -> None:
    """REC-95, REC-97, MARK-23"""
    told, act = story()
    said = told.say(REVIEWER, opened(act), subject=MARK)
    again = told.say(REVIEWER, opened(act), subject=MARK)
    late = told.say(OTHER, agreed(act), subject=MARK)
    state = state_of(told)
    assert [told.why_void(s) for s in (said, again, late)] == [None, "opened_already", "opened_already"]
    assert (state.content, state.opened is not None and state.opened.actor) == (SHUT_OUT, REVIEWER)


@pytest.mark.parametrize("actor", [AUTHOR, OTHER])
def test_whoever_made_or_agreed_to_it_does_not_open_it(actor: str) -> None:
    """REC-95"""
    told, act = story()
    assert told.why_void(told.say(actor, opened(act), subject=MARK)) == "role_may_not"


def test_a_false_opening_opens_nothing() -> None:
    """REC-95, MARK-23: another key, however it came about."""
    told, act = story()
    other = base64.b64encode(bytes(32)).decode()
    false = told.say(REVIEWER, MarkOpened(content=box_digest(act.box), key=other), subject=MARK)
    assert (told.why_void(false), state_of(told).opened, state_of(told).content) == ("does_not_open", None, None)


def test_a_node_opens_it_no_earlier_than_its_end() -> None:
    """REC-96"""
    told, act = story()
    expired = MarkExpired(content=box_digest(act.box), key=key_of(act))
    early = told.say("host/node", expired, subject=MARK, at=UNTIL - 1)
    late = told.say("host/node", expired, subject=MARK, at=UNTIL)
    assert (told.why_void(early), told.why_void(late), state_of(told).content) == ("not_over", None, SHUT_OUT)


def test_a_mark_is_judged_by_the_agreement_under_which_it_was_sealed() -> None:
    """REC-97"""
    told, act = story()
    told.say(OTHER, agreed(act), subject=MARK)
    assert state_of(told).agreement == TERMS.digest


def box_of(data: bytes) -> tuple[str, str, bytes]:
    """A box of anything, the commitment to its key, and the key."""
    secret = bytes(range(32))
    box = base64.b64encode(seal_box(data, MARK, secret, bytes(NONCE_BYTES))).decode()
    return box, mark_key_commitment(MARK, box_digest(box), secret), secret


@pytest.mark.parametrize(
    "data",
    [
        pad(b"{}"),
        pad(b"\xff"),
        pad(encode(SHUT_OUT).replace(b"two", b"t  o").replace(b'"sort"', b' "sort"')),
        b"x" * 1024,
        pad(encode(SHUT_OUT).replace(b"shut_out", b"shot_out")),
    ],
    ids=["empty", "no text", "another writing", "not filled up", "no such sort"],
)
def test_what_no_mark_says_is_opened_as_nothing(data: bytes) -> None:
    """MARK-2, MARK-42: the key is the one that was committed to, so it is its author's doing."""
    box, committed, secret = box_of(data)
    assert read_mark(MARK, box, committed, secret) is None


def test_one_box_opens_to_one_text() -> None:
    """MARK-2"""
    box, committed, _ = box_of(pad(encode(SHUT_OUT)))
    with pytest.raises(CheckFailed):
        read_mark(MARK, box, committed, bytes(32))
    with pytest.raises(CheckFailed):
        read_mark("mark/k2", box, committed, bytes(range(32)))


# --- what it says, against the agreement ------------------------------------------------------------------------------


def sealed_state(content: MarkContent, **changed: object) -> MarkState:
    told, _ = story(content)
    return msgspec.structs.replace(state_of(told), **changed)


@pytest.mark.parametrize(
    ("content", "changed", "roles", "code"),
    [
        (SHUT_OUT, {}, ("unit",), None),
        (SHUT_OUT, {"roles": ("approver",)}, ("unit",), "not_its_sort"),
        (SHUT_OUT, {"until": START + 7 * 24 * HOUR}, ("unit",), None),
        (DECOY, {"until": START + 3 * 24 * HOUR}, (), None),
        (DECOY, {"until": START + 3 * 24 * HOUR + 1}, (), "too_long"),
        (SHUT_OUT, {}, ("escort_lead",), "not_a_unit"),
        (SHUT_OUT, {}, (), "not_a_unit"),
        (SHUT_OUT, {}, ("escort_lead", "unit"), None),
        (msgspec.structs.replace(DECOY, unit="unit"), {}, (), "not_a_movement"),
        (msgspec.structs.replace(DECOY, about="site/s1"), {}, (), "not_a_movement"),
        (msgspec.structs.replace(SHUT_OUT, unit=None), {}, (), "not_a_unit"),
    ],
)
def test_a_mark_counts_as_the_agreement_lets_one_of_its_sort(
    content: MarkContent, changed: dict[str, object], roles: tuple[str, ...], code: str | None
) -> None:
    """MARK-10 to MARK-12"""
    state = msgspec.structs.replace(sealed_state(SHUT_OUT), **changed)
    void = allowed(TERMS, state, content, roles)
    assert (void.code if isinstance(void, Void) else None) == code


def test_a_sort_that_is_not_agreed_counts_for_nothing() -> None:
    """MARK-10"""
    without = msgspec.structs.replace(TERMS, marks=msgspec.structs.replace(MARKS, decoy=None))
    void = allowed(without, sealed_state(SHUT_OUT), DECOY, ())
    assert void is not None
    assert void.code == "not_its_sort"


def test_another_enrolment_lets_nobody_in() -> None:
    """MARK-11"""
    told = Story(TERMS)
    for roles in (("unit",), ("escort_lead",)):
        act = ActorEnrolled(key=key("host/karim").public.text, roles=roles)
        told.say("host/authority", act, subject="actor/host/karim")
    content = msgspec.structs.replace(SHUT_OUT, unit="host/karim")
    assert unit_roles(told.law(), content) == ("escort_lead", "unit")
    assert unit_roles(told.law(), SHUT_OUT) == ("unit",)
    assert unit_roles(told.law(), DECOY) == ()


# --- from when until when ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("consent", "ends"), [(None, 12 * HOUR), (12 * HOUR, 48 * HOUR), (12 * HOUR + 1, 12 * HOUR), (0, 48 * HOUR)]
)
def test_a_shut_out_ends_unless_it_is_agreed_to_in_time(consent: int | None, ends: int) -> None:
    """MARK-13"""
    told, act = story()
    if consent is not None:
        told.say(OTHER, agreed(act), subject=MARK, at=START + consent)
    state = state_of(told)
    assert (works_from(TERMS, state, SHUT_OUT), ends_at(TERMS, state, SHUT_OUT)) == (START, START + ends)


def test_a_decoy_counts_with_the_last_consent() -> None:
    """MARK-14"""
    told, act = story(DECOY)
    assert works_from(TERMS, state_of(told), DECOY) is None
    told.say(OTHER, agreed(act), subject=MARK, at=START + HOUR)
    state = state_of(told)
    assert (works_from(TERMS, state, DECOY), ends_at(TERMS, state, DECOY)) == (START + HOUR, UNTIL)


def test_a_consent_by_a_role_for_the_other_sort_does_not_count() -> None:
    """MARK-14"""
    marks = msgspec.structs.replace(MARKS, decoy=msgspec.structs.replace(DECOY_TERMS, agreed_by=("escort_lead",)))
    terms = marks_terms(TERMS.parties, marks=marks)
    told, act = story(DECOY)
    told.say(OTHER, agreed(act), subject=MARK)
    assert (agreed_at(terms, state_of(told), DECOY), agreed_at(terms, state_of(told), SHUT_OUT)) == (None, START)


def test_a_decoy_needs_every_other_party_and_not_its_own() -> None:
    """MARK-14"""
    told, act = story(DECOY)
    told.say(OTHER, agreed(act), subject=MARK, at=START + HOUR)
    state = state_of(told)
    given = state.agreed["host"]
    of_agency = msgspec.structs.replace(
        given, mark=msgspec.structs.replace(given.mark, party="agency", t=START + 2 * HOUR), roles=("desk",)
    )
    all_three = msgspec.structs.replace(state, agreed={**state.agreed, "agency": of_agency})
    desk = Role(id="desk", party="agency", name={"en": "desk"}, may=("mark.agreed",))
    for hands, expected in (
        (("duty_officer", "desk"), (None, START + 2 * HOUR)),
        (("duty_officer",), (START + HOUR,) * 2),
    ):
        decoys = msgspec.structs.replace(DECOY_TERMS, agreed_by=(*hands, "security_manager"))
        terms = msgspec.structs.replace(
            TERMS, roles=(*TERMS.roles, desk), marks=msgspec.structs.replace(MARKS, decoy=decoys)
        )
        assert (agreed_at(terms, state, DECOY), agreed_at(terms, all_three, DECOY)) == expected


def test_an_opening_ends_it_at_once() -> None:
    """MARK-16"""
    told, act = story()
    told.say(REVIEWER, opened(act), subject=MARK, at=START + MINUTE)
    assert ends_at(TERMS, state_of(told), SHUT_OUT) == START + MINUTE


def test_the_review_is_due_a_while_after_the_end() -> None:
    """MARK-24"""
    assert review_by(TERMS, UNTIL) == UNTIL + 14 * 24 * HOUR
    assert review_by(small_terms(TERMS.parties), UNTIL) == UNTIL


def test_the_node_that_says_it_is_the_one_whose_key_signs() -> None:
    """REC-92"""
    told, act = story()
    by = (keys_of("sending").node.public.key_id,)
    said = told.say("host/node", MarkChecked(content=box_digest(act.box), holds=True), subject=MARK, signers=by)
    assert told.why_void(said) == "not_the_node"
