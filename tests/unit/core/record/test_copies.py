"""Copies on the record: what takes effect when, whoever says it, and whatever it is dated."""

from __future__ import annotations

import base64
import hashlib

import msgspec
import pytest

from safeconduct.core.acts import (
    Act,
    ActorEnrolled,
    ActorRevoked,
    CompartmentSealed,
    CopyReceived,
    CopyRefused,
    HalvesDelivered,
    LeakFound,
    ReaderPublished,
    SeedAsked,
    SeedOpened,
    SlotsProposed,
    SlotsSigned,
    TraceStated,
    VariantsCommitted,
    read_act,
)
from safeconduct.core.record import CopiesState, Said, Variants, commit_variants, evidence_of
from safeconduct.core.record.copies import TEXTS_MAX, asked_by_all
from safeconduct.core.statement import encode
from safeconduct.errors import EntryInvalid
from safeconduct.testing import START, Story, card_of, copies_terms, key, slot_list
from safeconduct.testing.copies import reading_key
from tests.unit.core.record.test_compartments import content_of

COPIES = "copies/m1"
SLOTS = slot_list()
LEAD, APPROVER = "host/escort_lead", "sending/approver"
DUTY, SECURITY = "host/duty_officer", "sending/security_manager"
READERS = tuple(sorted(reading_key(actor).public.key_id for actor in (LEAD, APPROVER)))
SALT = b"s" * 32
SEEDS = {"host": b"h" * 32, "sending": b"g" * 32}
LATER = START + 1_000


def base64_of(data: bytes) -> str:
    return base64.b64encode(data).decode()


def commitment(party: str, recipients: tuple[str, ...] = READERS, slots: str = SLOTS.digest) -> VariantsCommitted:
    variants = Variants(order="m1", slots=slots, party=party, recipients=recipients, seed=SEEDS[party])
    return VariantsCommitted(slots=slots, recipients=recipients, commitment=commit_variants(variants, SALT))


def opening(party: str, seed: bytes | None = None, leak: str = "l1") -> SeedOpened:
    return SeedOpened(leak=leak, seed=base64_of(seed or SEEDS[party]), salt=base64_of(SALT))


def delivery(party: str) -> HalvesDelivered:
    return HalvesDelivered(halves=hashlib.sha256(party.encode()).hexdigest(), size=10)


def found(text: str = "gate 2", leak: str = "l1", at: int = START) -> LeakFound:
    evidence = hashlib.sha256(text.encode()).hexdigest()
    return LeakFound(leak=leak, evidence=evidence, found_at=at, found_by="a guard, in a chat")


def asked(leak: str = "l1") -> SeedAsked:
    return SeedAsked(leak=leak, reason="it was in a chat")


def received(actor: str = LEAD, receipt: str = "aa" * 32, content: str = "cc" * 32) -> CopyReceived:
    return CopyReceived(content=content, recipient=reading_key(actor).public.key_id, receipt=receipt)


def publish(told: Story, actor: str) -> Said:
    return told.say(actor, ReaderPublished(key=reading_key(actor).public.text), subject=f"actor/{actor}")


def beginning() -> Story:
    """Agreed, with a signed list and two readers."""
    told = Story(copies_terms(card_of(party) for party in ("host", "sending")))
    told.say(DUTY, SlotsProposed(list=SLOTS), subject="slots")
    told.say("sending/journey_manager", SlotsSigned(slots=SLOTS.digest), subject="slots")
    for actor in (LEAD, APPROVER):
        publish(told, actor)
    return told


def say(told: Story, actor: str, act: Act, **changed: object) -> Said:
    return told.say(actor, act, subject=COPIES, **changed)  # type: ignore[arg-type]  # tests change single parts


def delivered() -> Story:
    """Both hands have committed and delivered."""
    told = beginning()
    for act in (commitment, delivery):
        for party in ("host", "sending"):
            say(told, f"{party}/node", act(party))
    return told


def leaked() -> Story:
    """A text was found, and both parties' panels have asked."""
    told = delivered()
    say(told, DUTY, found())
    for actor in (DUTY, SECURITY):
        say(told, actor, asked())
    return told


def opened() -> Story:
    told = leaked()
    for party in ("host", "sending"):
        say(told, f"{party}/node", opening(party), at=LATER)
    return told


def state(told: Story) -> CopiesState:
    folded = told.folded(COPIES).state
    assert isinstance(folded, CopiesState)
    return folded


# --- slot lists and reading keys --------------------------------------------------------------------------------------


def test_a_list_can_be_used_from_the_last_signature_on() -> None:
    """REC-120"""
    told = Story(copies_terms(card_of(party) for party in ("host", "sending")))
    proposed = told.say(DUTY, SlotsProposed(list=SLOTS), subject="slots")
    assert (told.why_void(proposed), told.law().slots(SLOTS.digest)) == (None, None)
    signed = told.say("sending/journey_manager", SlotsSigned(slots=SLOTS.digest), subject="slots")
    law = told.law()
    assert (told.why_void(signed), law.slots(SLOTS.digest), law.slots(SLOTS.digest, proposed.position)) == (
        None,
        SLOTS,
        None,
    )


@pytest.mark.parametrize(
    ("actor", "act", "why"),
    [
        (DUTY, SlotsProposed(list=SLOTS), "proposed_already"),
        (DUTY, SlotsSigned(slots=SLOTS.digest), "signed_already"),
        (DUTY, SlotsSigned(slots="ab" * 32), "not_proposed"),
        ("sending/journey_manager", SlotsProposed(list=slot_list(slots=2)), None),
        (
            DUTY,
            SlotsProposed(list=msgspec.structs.replace(SLOTS, signers={"host": "unit", "sending": "approver"})),
            "not_your_role",
        ),
        (
            DUTY,
            SlotsProposed(list=msgspec.structs.replace(SLOTS, signers={"host": "duty_officer", "sending": "unit"})),
            "no_such_signer",
        ),
        (LEAD, SlotsSigned(slots=SLOTS.digest), "role_may_not"),
    ],
)
def test_only_the_safety_signers_of_a_list_sign_it(actor: str, act: Act, why: str | None) -> None:
    """REC-120"""
    told = beginning()
    assert told.why_void(told.say(actor, act, subject="slots")) == why


def test_a_list_that_could_endanger_somebody_is_no_entry_of_a_log() -> None:
    """CAN-27"""
    body = encode(SlotsProposed(list=SLOTS)).replace(b'"id":"host_0"', b'"id":"host_0","safety":true')
    with pytest.raises(EntryInvalid, match="no slot that somebody's safety depends on, got host_0"):
        read_act("slots.proposed", b'{"list":' + encode(msgspec.json.decode(body)["list"]) + b"}")


@pytest.mark.parametrize(
    ("actor", "subject", "reads", "why"),
    [
        (LEAD, LEAD, "new", None),
        (LEAD, LEAD, LEAD, None),
        (LEAD, DUTY, "new", "other_subject"),
        (LEAD, LEAD, APPROVER, "key_of_another"),
        ("host/unit", "host/unit", "new", None),
    ],
)
def test_everybody_publishes_a_reading_key_of_their_own(actor: str, subject: str, reads: str, why: str | None) -> None:
    """REC-121: and needs no leave of the agreement for it."""
    told = beginning()
    act = ReaderPublished(key=reading_key(reads).public.text)
    assert told.why_void(told.say(actor, act, subject=f"actor/{subject}")) == why


def test_a_key_that_everybody_opens_is_no_reading_key() -> None:
    """REC-121"""
    told = beginning()
    act = ReaderPublished(key=base64_of(bytes(32)))
    assert told.why_void(told.say(LEAD, act, subject=f"actor/{LEAD}")) == "bad_key"


def test_nobody_reads_with_a_key_from_before_an_enrolment() -> None:
    """REC-121: it may be another machine, or another person."""
    told = beginning()
    assert told.law().reader(LEAD) == reading_key(LEAD).public.key_id
    again = ActorEnrolled(key=key(LEAD).public.text, roles=("escort_lead",))
    told.say("host/authority", again, subject=f"actor/{LEAD}")
    assert told.law().reader(LEAD) is None
    publish(told, LEAD)
    told.say("host/authority", ActorRevoked(reason="left"), subject=f"actor/{LEAD}")
    assert told.law().reader(LEAD) is None


@pytest.mark.parametrize(
    ("act", "slots", "why"),
    [
        (content_of(), SLOTS.digest, None),
        (content_of(), None, None),
        (content_of("manifest"), SLOTS.digest, "slots_not_agreed"),
        (content_of(variant="blurred-500m-15min"), SLOTS.digest, "slots_not_agreed"),
        (content_of(), "ab" * 32, "slots_not_signed"),
    ],
)
def test_content_names_slots_of_a_signed_list_where_that_is_agreed(
    act: CompartmentSealed, slots: str | None, why: str | None
) -> None:
    """REC-122"""
    told = beginning()
    told.request()
    said = told.say("sending/journey_manager", msgspec.structs.replace(act, slots=slots))
    assert told.why_void(said) == why


def test_contents_of_a_movement_name_one_list() -> None:
    """REC-122"""
    told = beginning()
    other = slot_list(slots=2)
    told.say(DUTY, SlotsProposed(list=other), subject="slots")
    told.say("sending/journey_manager", SlotsSigned(slots=other.digest), subject="slots")
    told.request()
    told.say("sending/journey_manager", msgspec.structs.replace(content_of(), slots=SLOTS.digest))
    said = told.say("sending/journey_manager", msgspec.structs.replace(content_of(seed="t"), slots=other.digest))
    assert told.why_void(said) == "other_slots"


# --- commitments and deliveries ---------------------------------------------------------------------------------------


def test_the_hands_commit_and_deliver_in_turn() -> None:
    """REC-123, REC-125, CAN-33"""
    told = delivered()
    assert {line.void for line in told.folded(COPIES).lines} == {None}
    assert (state(told).recipients, state(told).slots) == (READERS, SLOTS.digest)


def test_a_hand_that_has_not_seen_the_one_before_it_waits() -> None:
    """REC-123, REC-125"""
    told = beginning()
    early = say(told, "sending/node", commitment("sending"))
    blind = dict(told.after())
    say(told, "host/node", commitment("host"))
    unseen = say(told, "sending/node", commitment("sending"), after=blind)
    assert [told.why_void(said) for said in (early, unseen)] == ["not_its_turn", "not_its_turn"]
    undelivered = say(told, "host/node", delivery("host"))
    say(told, "sending/node", commitment("sending"))
    last_first = say(told, "sending/node", delivery("sending"))
    assert [told.why_void(said) for said in (undelivered, last_first)] == ["not_committed", "not_its_turn"]


@pytest.mark.parametrize(
    ("act", "why"),
    [
        (commitment("host", READERS[:1]), "other_recipients"),
        (commitment("host", ("00" * 32, *READERS)), "other_recipients"),
        (commitment("host", slots="ab" * 32), "slots_not_signed"),
    ],
)
def test_copies_are_for_everybody_who_is_due_them(act: VariantsCommitted, why: str) -> None:
    """REC-123, REC-124"""
    told = beginning()
    assert told.why_void(say(told, "host/node", act)) == why


def test_the_other_hand_commits_to_the_same_recipients() -> None:
    """REC-124: also when somebody has got a reading key meanwhile."""
    told = beginning()
    say(told, "host/node", commitment("host"))
    told.say(
        "host/authority",
        ActorEnrolled(key=key("host/late").public.text, roles=("escort_lead",)),
        subject="actor/host/late",
    )
    publish(told, "host/late")
    law = told.law()
    now = law.recipients(told.terms.digest, told.after(), "sending", 99)
    assert len(now) == 3
    other = say(told, "sending/node", commitment("sending", now))
    same = say(told, "sending/node", commitment("sending"))
    assert [told.why_void(said) for said in (other, same)] == ["other_recipients", None]


def test_what_is_dated_back_changes_no_commitment() -> None:
    """REC-124: who had not seen a reader has not left it out."""
    told = beginning()
    told.say(
        "sending/authority",
        ActorEnrolled(key=key("sending/late").public.text, roles=("approver",)),
        subject="actor/sending/late",
    )
    seen = told.after()
    first = say(told, "host/node", commitment("host"), at=LATER)
    act = ReaderPublished(key=reading_key("sending/late").public.text)
    told.say("sending/late", act, subject="actor/sending/late", after=seen, at=START)
    assert told.why_void(first) is None


def test_a_hand_commits_and_delivers_once() -> None:
    """REC-123, REC-125"""
    told = delivered()
    again = [say(told, "host/node", act) for act in (commitment("host"), delivery("host"))]
    assert [told.why_void(said) for said in again] == ["committed_already", "delivered_already"]


def test_nothing_is_committed_to_or_delivered_once_a_leak_is_known() -> None:
    """REC-123, REC-125: halves that are made after the text are worth nothing."""
    told = beginning()
    say(told, "host/node", commitment("host"))
    say(told, DUTY, found())
    late = say(told, "sending/node", commitment("sending"))
    assert told.why_void(late) == "leak_found"
    told = beginning()
    for party in ("host", "sending"):
        say(told, f"{party}/node", commitment(party))
    say(told, SECURITY, found())
    assert told.why_void(say(told, "host/node", delivery("host"))) == "leak_found"


def test_a_leak_that_is_dated_back_undoes_no_copies() -> None:
    """REC-123"""
    told = beginning()
    seen = told.after()
    for act in (commitment, delivery):
        for party in ("host", "sending"):
            say(told, f"{party}/node", act(party), at=LATER)
    said = say(told, SECURITY, found(), at=START, after=seen)
    assert told.folded(COPIES).lines[0].said == said
    assert len(state(told).delivered) == 2


# --- receipts ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("actor", "act", "why"),
    [
        (LEAD, received(receipt="bb" * 32, content="dd" * 32), None),
        (LEAD, received(receipt="bb" * 32), "received_already"),
        (LEAD, received(content="dd" * 32), "receipt_again"),
        (APPROVER, received(APPROVER), "receipt_again"),
        (APPROVER, received(receipt="bb" * 32), "not_a_recipient"),
        (DUTY, received(DUTY), "not_a_recipient"),
    ],
)
def test_a_recipient_says_once_that_it_received_a_copy(actor: str, act: Act, why: str | None) -> None:
    """REC-126: somebody else's receipt said again is none."""
    told = delivered()
    say(told, LEAD, received())
    assert told.why_void(say(told, actor, act)) == why


def test_a_copy_has_the_halves_of_all_hands() -> None:
    """REC-126, REC-127"""
    told = beginning()
    for party in ("host", "sending"):
        say(told, f"{party}/node", commitment(party))
    say(told, "host/node", delivery("host"))
    recipient = reading_key(LEAD).public.key_id
    acts = [
        received(),
        CopyRefused(content="cc" * 32, recipient=recipient, party="sending", reason="does not open"),
        CopyRefused(content="cc" * 32, recipient=recipient, party="host", reason="does not open"),
        CopyRefused(content="dd" * 32, recipient=recipient, party="host", reason="does not open"),
    ]
    assert [told.why_void(say(told, LEAD, act)) for act in acts] == [
        "not_delivered",
        "not_delivered",
        None,
        "refused_already",
    ]


# --- leaks, requests, seeds -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("actor", "act", "why"),
    [
        (DUTY, found(), "found_already"),
        (SECURITY, found(), None),
        (DUTY, found("another"), None),
        (DUTY, found(leak="l2"), None),
        (DUTY, found("later", at=START + 1), "not_yet"),
        (LEAD, found("another"), "role_may_not"),
    ],
)
def test_a_leak_is_said_once_by_each_party(actor: str, act: Act, why: str | None) -> None:
    """REC-128"""
    told = delivered()
    say(told, DUTY, found())
    assert told.why_void(say(told, actor, act)) == why


def test_a_text_that_is_found_after_a_seed_is_open_proves_nothing() -> None:
    """REC-128, CAN-38"""
    told = opened()
    assert told.why_void(say(told, DUTY, found("another"), at=LATER)) == "seed_is_open"


def test_one_party_cannot_use_up_the_texts_of_the_other() -> None:
    """REC-128"""
    told = delivered()
    for number in range(TEXTS_MAX):
        say(told, SECURITY, found(str(number)))
    more = [say(told, actor, found("more")) for actor in (SECURITY, DUTY)]
    assert [told.why_void(said) for said in more] == ["too_many", None]


@pytest.mark.parametrize(
    ("actor", "act", "why"),
    [
        (DUTY, asked(), "asked_already"),
        (SECURITY, asked("l2"), "no_leak"),
        (LEAD, asked(), "role_may_not"),
        (SECURITY, asked(), None),
    ],
)
def test_the_panel_asks_once_about_the_same_texts(actor: str, act: Act, why: str | None) -> None:
    """REC-129"""
    told = delivered()
    say(told, DUTY, found())
    say(told, DUTY, asked())
    assert told.why_void(say(told, actor, act)) == why


def test_who_has_not_seen_the_leak_does_not_ask_about_it() -> None:
    """REC-129: it would be no receipt."""
    told = delivered()
    blind = told.after()
    say(told, DUTY, found())
    assert told.why_void(say(told, SECURITY, asked(), after=blind)) == "no_leak"


def test_another_text_is_asked_about_again() -> None:
    """REC-129, REC-130"""
    told = leaked()
    say(told, DUTY, found("another"))
    assert told.why_void(say(told, "host/node", opening("host"), at=LATER)) == "not_asked"
    for actor in (DUTY, SECURITY):
        assert told.why_void(say(told, actor, asked(), at=LATER)) is None
    assert told.why_void(say(told, "sending/node", opening("sending"), at=LATER + 1)) is None


def test_every_hand_opens_its_seed_once_all_have_asked() -> None:
    """REC-130, REC-132, CAN-36"""
    told = opened()
    assert {line.void for line in told.folded(COPIES).lines} == {None}
    assert evidence_of(told.law(), state(told)) == (found().evidence,)
    assert told.why_void(say(told, "host/node", opening("host"), at=LATER)) == "seed_is_open"


def test_one_partys_request_opens_nothing() -> None:
    """REC-130"""
    told = delivered()
    say(told, DUTY, found())
    say(told, DUTY, asked())
    assert told.why_void(say(told, "host/node", opening("host"), at=LATER)) == "not_asked"


def test_a_node_that_has_not_seen_the_requests_opens_nothing() -> None:
    """REC-130"""
    told = delivered()
    say(told, DUTY, found())
    blind = told.after()
    for actor in (DUTY, SECURITY):
        say(told, actor, asked())
    assert told.why_void(say(told, "host/node", opening("host"), at=LATER, after=blind)) == "not_asked"


def test_a_seed_is_opened_later_than_it_was_asked_for() -> None:
    """REC-131: at the same instant the order would not be scored (CAN-20)."""
    told = leaked()
    assert told.why_void(say(told, "host/node", opening("host"), at=START)) == "not_later"


def test_the_last_of_the_parties_counts() -> None:
    """REC-131"""
    told = delivered()
    say(told, DUTY, found())
    say(told, DUTY, asked())
    say(told, SECURITY, asked(), at=LATER)
    early, later = (say(told, "host/node", opening("host"), at=at) for at in (LATER, LATER + 1))
    assert [told.why_void(said) for said in (early, later)] == ["not_later", None]
    assert state(told).opened["host"].asked_at == LATER


@pytest.mark.parametrize(
    "act", [opening("host", seed=b"x" * 32), msgspec.structs.replace(opening("host"), salt=base64_of(b"x" * 32))]
)
def test_another_seed_or_salt_does_not_fit(act: SeedOpened) -> None:
    """REC-132"""
    told = leaked()
    said = say(told, "host/node", act, at=LATER)
    assert (told.why_void(said), state(told).spoiled) == ("does_not_fit", {})


def test_a_seed_that_was_said_early_spoils_its_order() -> None:
    """REC-133"""
    told = delivered()
    early = say(told, "host/node", opening("host"))
    assert (told.why_void(early), list(state(told).spoiled)) == ("no_leak", ["host"])
    assert told.why_void(say(told, DUTY, found())) == "seed_is_open"


def test_what_another_party_dates_back_undoes_no_opening() -> None:
    """REC-130: a text that nobody had seen does not count, and what was opened stays open."""
    told = leaked()
    seen = told.after()
    for party in ("host", "sending"):
        say(told, f"{party}/node", opening(party), at=LATER)
    text = say(told, SECURITY, found("made up later"), at=START, after=seen)
    other = say(told, SECURITY, found(), at=START, after=seen)
    assert [told.why_void(said) for said in (text, other)] == [None, None]
    assert (len(state(told).opened), evidence_of(told.law(), state(told))) == (2, (found().evidence,))


def test_nobody_has_asked_about_what_nobody_knows() -> None:
    """REC-130"""
    told = delivered()
    said = say(told, "host/node", opening("host"))
    assert asked_by_all(told.law(), state(told), said) is None


@pytest.mark.parametrize(("actor", "why"), [(DUTY, None), (LEAD, "role_may_not")])
def test_the_panel_states_a_trace_once_all_seeds_are_open(actor: str, why: str | None) -> None:
    """REC-134"""
    told = leaked()
    early = say(told, DUTY, TraceStated(leak="l1", result="ab" * 32))
    assert told.why_void(early) == "not_opened"
    told = opened()
    assert told.why_void(say(told, actor, TraceStated(leak="l1", result="ab" * 32), at=LATER)) == why
