"""Copies on the record: who commits, delivers, receives, finds a leak, asks and opens, in which order (REC-120 on).

Whatever is asked of order here is asked of what an author *had seen*, never of dates alone: a statement that is dated
back, or left out of what somebody says to have seen, changes nothing about what others have said.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from typing import assert_never

import msgspec

from safeconduct.core.acts import (
    CompartmentSealed,
    CopiesAct,
    CopyReceived,
    CopyRefused,
    HalvesDelivered,
    LeakFound,
    ReaderPublished,
    SeedAsked,
    SeedOpened,
    SlotList,
    SlotsProposed,
    SlotsSigned,
    TraceStated,
    VariantsCommitted,
)
from safeconduct.core.agreement import Canaries, on_panel
from safeconduct.core.record.law import Law, Member
from safeconduct.core.record.order import Said, saw
from safeconduct.core.record.seeds import SeedOpening, Variants, check_opening
from safeconduct.core.record.state import (
    Committed,
    CopiesState,
    Delivered,
    LeakedText,
    Mark,
    MovementState,
    Received,
    SeedLine,
    Unfit,
    Void,
)
from safeconduct.core.sealing import SealingPublicKey
from safeconduct.errors import CheckFailed, InputInvalid, KeyInvalid

# Texts about one order, and requests about it, of one party: more is somebody trying. Each party's own, or one could
# use up the other's.
TEXTS_MAX = 50
ASKED_MAX = 200


# --- the law: slot lists and reading keys -----------------------------------------------------------------------------


def judge_slots(law: Law, member: Member, said: Said, act: SlotsProposed | SlotsSigned) -> Void | None:
    """REC-120: by the safety signer that the list names for the speaker's party, once."""
    if isinstance(act, SlotsProposed):
        listed = act.list
        if listed.digest in law.lists:
            return Void("proposed_already", f"slot list {listed.digest[:16]} has been proposed")
        terms = law.texts[said.agreement]
        for party in listed.parties:
            role = terms.role(listed.signers[party])
            if role is None or role.party != party:
                return Void("no_such_signer", f"{listed.signers[party]} is no role of {party} in this agreement")
    else:
        known = law.lists.get(act.slots)
        if known is None:
            return Void("not_proposed", f"slot list {act.slots[:16]} has not been proposed")
        if said.party in known.signed_by:
            return Void("signed_already", f"{said.party} has signed slot list {act.slots[:16]}")
        listed = known.slots
    if said.party not in listed.signers:
        return Void("not_a_hand", f"no slot of this list is in the hand of {said.party}")
    if listed.signers[said.party] not in member.roles:
        return Void("not_your_role", f"this list is signed for {said.party} by its {listed.signers[said.party]}")
    return None


def judge_reader(law: Law, said: Said, act: ReaderPublished) -> Void | None:
    """REC-121: an actor's own key, which nobody else has published."""
    if said.subject != f"actor/{said.actor}":
        return Void("other_subject", f"an actor publishes its own reading key, got {said.subject}")
    try:
        key_id = SealingPublicKey.from_text(act.key).key_id
    except (InputInvalid, KeyInvalid) as error:
        return Void("bad_key", str(error))
    if law.reader_of(key_id) not in (None, said.actor):
        return Void("key_of_another", f"reading key {key_id[:16]} is another actor's")
    return None


def judge_slots_named(law: Law, state: MovementState, said: Said, act: CompartmentSealed) -> Void | None:
    """REC-122: slots in a compartment for which they are agreed, of a list that all have signed, one for a movement."""
    if act.slots is None:
        return None
    canaries = law.texts[state.agreement].canaries
    if canaries is None or act.compartment not in canaries.compartments:
        return Void("slots_not_agreed", f"the agreement lets no copies of {act.compartment} differ by recipient")
    if act.variant != "exact":
        return Void("slots_not_agreed", f"only words name slots, and {act.variant} has none")
    if law.slots(act.slots, said.position) is None:
        return Void("slots_not_signed", f"slot list {act.slots[:16]} has not been signed by all of its parties")
    # order-free: asked for membership alone
    others = {known.slots for known in state.sealings.values() if known.slots not in (None, act.slots)}
    if others:
        return Void("other_slots", "the copies of one movement are made by one slot list")
    return None


# --- copies -----------------------------------------------------------------------------------------------------------


def judge_copies(law: Law, state: CopiesState | None, member: Member | None, said: Said, act: CopiesAct) -> Void | None:
    """REC-123 to REC-134. member: of a role that speaks; None for a node."""
    match act:
        case VariantsCommitted():
            return _committed(law, state, said, act)
        case HalvesDelivered():
            return _delivered(law, state, said)
        case CopyReceived() | CopyRefused():
            return _held(law, state, said, act)
        case LeakFound():
            return _found(law, state, said, act)
        case SeedAsked():
            return _asked(law, state, member, said, act)
        case SeedOpened():
            return _opened(law, state, said, act)
        case TraceStated():
            return _stated(law, state, member, said, act)
        case _:
            assert_never(act)


def _committed(law: Law, state: CopiesState | None, said: Said, act: VariantsCommitted) -> Void | None:
    """REC-123, REC-124."""
    if canaries_of(law, said) is None:
        return Void("slots_not_agreed", "the agreement lets no copies differ by recipient")
    listed = law.slots(act.slots, said.position)
    if listed is None:
        return Void("slots_not_signed", f"slot list {act.slots[:16]} has not been signed by all of its parties")
    if said.party not in listed.parties:
        return Void("not_a_hand", f"no slot of this list is in the hand of {said.party}")
    if state is not None and any(knew(said, text.mark) for text in state.texts):
        return Void("leak_found", "nothing is committed to once a leak of the order was found")
    done: Mapping[str, Committed] = state.committed if state is not None else {}
    if said.party in done:
        return Void("committed_already", f"{said.party} has committed to its halves of this order")
    # The hands commit in turn, so that each commitment but the last has the next one as its receipt.
    before = listed.parties[: listed.parties.index(said.party)]
    waiting = [party for party in before if party not in done or not knew(said, done[party].mark)]
    if waiting:
        return Void("not_its_turn", f"{waiting[0]} commits before {said.party}, which must have seen it")
    if state is None or not done:
        if act.recipients != law.recipients(said.agreement, said.after, said.party, said.index):
            return Void("other_recipients", "copies are for all who are due them and have a reading key, got others")
    elif (act.slots, act.recipients) != (state.slots, state.recipients):
        return Void("other_recipients", "every hand commits to the same slot list and the same recipients, got others")
    return None


def _delivered(law: Law, state: CopiesState | None, said: Said) -> Void | None:
    """REC-125."""
    hands = hands_of(law, state)
    if state is None or said.party not in state.committed:
        return Void("not_committed", f"{said.party} has not committed to its halves of this order")
    if said.party in state.delivered:
        return Void("delivered_already", f"{said.party} has delivered its halves of this order")
    missing = [p for p in hands if p not in state.committed or not knew(said, state.committed[p].mark)]
    if missing:
        return Void("not_committed", f"no half is delivered before {missing[0]} has committed and that is known")
    before = hands[: hands.index(said.party)]
    waiting = [p for p in before if p not in state.delivered or not knew(said, state.delivered[p].mark)]
    if waiting:
        return Void("not_its_turn", f"{waiting[0]} delivers before {said.party}, which must have seen it")
    if any(knew(said, text.mark) for text in state.texts):
        return Void("leak_found", "nothing is delivered once a leak of the order was found")
    return None


def _held(law: Law, state: CopiesState | None, said: Said, act: CopyReceived | CopyRefused) -> Void | None:
    """REC-126, REC-127."""
    if state is None or act.recipient not in state.recipients or law.reader_of(act.recipient) != said.actor:
        return Void("not_a_recipient", f"{said.actor} is no recipient of this order under that reading key")
    if isinstance(act, CopyRefused):
        if act.party not in state.delivered:
            return Void("not_delivered", f"{act.party} has delivered no half of this order")
        if act.party in state.refused.get(act.recipient, {}):
            return Void("refused_already", f"the half of {act.party} has been refused by this recipient")
        return None
    if not is_delivered(law, state):
        return Void("not_delivered", "a copy is merged from the halves of all hands, and one is missing")
    if act.content in state.received.get(act.recipient, {}):
        return Void("received_already", f"a copy of content {act.content[:16]} has been received by this recipient")
    if any(known.receipt == act.receipt for held in state.received.values() for known in held.values()):
        return Void("receipt_again", f"receipt {act.receipt[:16]} has been said: each has a salt of its own")
    return None


def _found(law: Law, state: CopiesState | None, said: Said, act: LeakFound) -> Void | None:
    """REC-128."""
    if canaries_of(law, said) is None:
        return Void("slots_not_agreed", "the agreement lets no copies differ by recipient")
    if act.found_at > said.t:
        return Void("not_yet", "a leak is found before it is said")
    if state is None:
        return None
    own = [text for text in state.texts if text.mark.party == said.party]
    if any((text.leak, text.evidence) == (act.leak, act.evidence) for text in own):
        return Void("found_already", f"{said.party} has said of evidence {act.evidence[:16]} that it was found")
    if state.opened or state.spoiled:
        return Void("seed_is_open", "whoever has a seed of the order could have written this text")
    if len(own) >= TEXTS_MAX:
        return Void("too_many", f"at most {TEXTS_MAX} texts about one order")
    return None


def _asked(law: Law, state: CopiesState | None, member: Member | None, said: Said, act: SeedAsked) -> Void | None:
    """REC-129."""
    void = _of_leak(state, act.leak) or _of_panel(law, member, said)
    if void is not None or state is None:
        return void
    known = _texts_known(said, state)
    if not known:
        return Void("no_leak", "a seed is asked for by somebody who knows the leak from the record")
    earlier = (ask for ask in state.asked if ask.actor == said.actor)
    if any(all(_mark_knew(ask, text.mark) for text in known) for ask in earlier):
        return Void("asked_already", "the actor has asked about all of this evidence")
    if sum(ask.party == said.party for ask in state.asked) >= ASKED_MAX:
        return Void("too_many", f"at most {ASKED_MAX} requests about one order")
    return None


def _opened(law: Law, state: CopiesState | None, said: Said, act: SeedOpened) -> Void | None:
    """REC-130 to REC-132."""
    void = _of_leak(state, act.leak)
    if void is not None or state is None:
        return void
    if said.party in state.opened:
        return Void("seed_is_open", f"{said.party} has opened its seed of this order")
    if not is_delivered(law, state):
        return Void("not_delivered", "seeds are opened of an order whose copies were delivered")
    asked_at = asked_by_all(law, state, said)
    if asked_at is None:
        return Void("not_asked", "a seed is opened once somebody of every party's panel has asked about all evidence")
    if said.t <= asked_at:
        return Void("not_later", "a seed is opened later than it was asked for, got the same instant")
    if not fits(state, said.party, act):
        return Void("does_not_fit", f"seed and salt of {said.party} are not those that it committed to")
    return None


def _stated(law: Law, state: CopiesState | None, member: Member | None, said: Said, act: TraceStated) -> Void | None:
    """REC-134."""
    void = _of_leak(state, act.leak) or _of_panel(law, member, said)
    if void is not None or state is None:
        return void
    if any(party not in state.opened for party in hands_of(law, state)):
        return Void("not_opened", "a trace is stated once every hand has opened its seed")
    return None


def _of_leak(state: CopiesState | None, leak: str) -> Void | None:
    if state is None or all(text.leak != leak for text in state.texts):
        return Void("no_leak", f"no leak {leak} of this order is on record")
    return None


def _of_panel(law: Law, member: Member | None, said: Said) -> Void | None:
    if member is None or canaries_of(law, said) is None or not on_panel(law.texts[said.agreement], member.roles):
        return Void("not_your_role", f"no role of {said.actor} is of the joint panel")
    return None


# --- what the rules ask -----------------------------------------------------------------------------------------------


def canaries_of(law: Law, said: Said) -> Canaries | None:
    """What is agreed about copies in the version that a statement names, if that was ever in force."""
    if all(digest != said.agreement for _, digest in law.history()):
        return None
    return law.texts[said.agreement].canaries


def hands_of(law: Law, state: CopiesState | None) -> tuple[str, ...]:
    """The parties in whose hands the order's slots are, sorted; none before the first commitment."""
    listed = law.slots(state.slots) if state is not None else None
    return listed.parties if listed is not None else ()


def is_delivered(law: Law, state: CopiesState) -> bool:
    """Whether every hand has delivered its halves."""
    hands = hands_of(law, state)
    return bool(hands) and all(party in state.delivered for party in hands)


def asked_by_all(law: Law, state: CopiesState, said: Said) -> int | None:
    """When the last party had asked about all the evidence that the author of a statement knew, ms; None if not all.

    Somebody of another party who asks about a text shows that its node has the text's digest: that is its receipt.
    """
    known = _texts_known(said, state)
    if not known:
        return None
    moments = []
    for party in hands_of(law, state):
        asks = [
            ask.t
            for ask in state.asked
            if ask.party == party and knew(said, ask) and all(_mark_knew(ask, text.mark) for text in known)
        ]
        if not asks:
            return None
        moments.append(min(asks))
    return max(moments, default=None)


def fits(state: CopiesState, party: str, act: SeedOpened) -> bool:
    """Whether a seed is the one that the party committed to for this order."""
    opening = opening_of(state, party, act.seed, act.salt)
    if opening is None:
        return False
    try:
        check_opening(opening)
    except (CheckFailed, InputInvalid):
        return False
    return True


def opening_of(state: CopiesState, party: str, seed: str, salt: str) -> SeedOpening | None:
    """A party's commitment of this order with what was said to open it; None if it committed to nothing."""
    committed = state.committed.get(party)
    if committed is None:
        return None
    return SeedOpening(
        committed=committed.commitment,
        salt=base64.b64decode(salt),
        variants=Variants(
            order=order_of(state.subject),
            slots=state.slots,
            party=party,
            recipients=state.recipients,
            seed=base64.b64decode(seed),
        ),
    )


def copies_of(movement: str) -> str:
    """The subject of the copies of a movement's order. movement: its subject."""
    return f"copies/{movement.removeprefix('movement/')}"


def order_of(subject: str) -> str:
    """The order that a subject `copies/<order>` is about: the movement's id."""
    return subject.removeprefix("copies/")


def evidence_of(law: Law, state: CopiesState) -> tuple[str, ...]:
    """Digests of the texts that are scored together, sorted: those that each hand knew when it opened its seed."""
    lines = [state.opened[party] for party in hands_of(law, state) if party in state.opened]
    found = {text.evidence for text in state.texts}
    return tuple(sorted(evidence for evidence in found if lines and all(evidence in line.evidence for line in lines)))


def knew(said: Said, mark: Mark) -> bool:
    """Whether the author of a statement had seen another, or had said it before in the same log."""
    return saw(said.after, mark.party, mark.index) or (mark.party == said.party and mark.index < said.index)


def _mark_knew(mark: Mark, other: Mark) -> bool:
    return saw(mark.after, other.party, other.index) or (other.party == mark.party and other.index < mark.index)


def _texts_known(said: Said, state: CopiesState) -> Sequence[LeakedText]:
    return [text for text in state.texts if knew(said, text.mark)]


# --- what it changes --------------------------------------------------------------------------------------------------


def apply_copies(law: Law, state: CopiesState | None, said: Said, mark: Mark, act: CopiesAct) -> CopiesState:
    """The copies of an order with one more thing said of them."""
    replace = msgspec.structs.replace
    known = state if state is not None else CopiesState(subject=said.subject)
    match act:
        case VariantsCommitted():
            committed = {**known.committed, mark.party: Committed(mark=mark, commitment=act.commitment)}
            return replace(known, slots=act.slots, recipients=act.recipients, committed=committed)
        case HalvesDelivered():
            delivered = Delivered(mark=mark, halves=act.halves, size=act.size)
            return replace(known, delivered={**known.delivered, mark.party: delivered})
        case CopyReceived():
            held = {**known.received.get(act.recipient, {}), act.content: Received(mark=mark, receipt=act.receipt)}
            return replace(known, received={**known.received, act.recipient: held})
        case CopyRefused():
            unfit = Unfit(mark=mark, content=act.content, reason=act.reason)
            refused = {**known.refused.get(act.recipient, {}), act.party: unfit}
            return replace(known, refused={**known.refused, act.recipient: refused})
        case LeakFound():
            text = LeakedText(
                mark=mark, leak=act.leak, evidence=act.evidence, found_at=act.found_at, found_by=act.found_by
            )
            return replace(known, texts=(*known.texts, text))
        case SeedAsked():
            return replace(known, asked=(*known.asked, mark))
        case SeedOpened():
            line = SeedLine(
                mark=mark,
                seed=act.seed,
                salt=act.salt,
                evidence=tuple(sorted({text.evidence for text in _texts_known(said, known)})),
                asked_at=asked_by_all(law, known, said) or 0,
            )
            return replace(known, opened={**known.opened, mark.party: line})
        case TraceStated():
            return replace(known, stated={**known.stated, mark.actor: act.result})
        case _:
            assert_never(act)


def remember_early_seed(state: CopiesState, said: Said, mark: Mark) -> CopiesState:
    """REC-133: a true seed that was said without effect is known to all, and its order proves nothing any more."""
    act = said.act
    if not isinstance(act, SeedOpened) or said.party in state.opened or not fits(state, said.party, act):
        return state
    return msgspec.structs.replace(state, spoiled={said.party: mark, **state.spoiled})


def list_of(law: Law, state: CopiesState) -> SlotList | None:
    """The slot list by which the copies were made."""
    return law.slots(state.slots)
