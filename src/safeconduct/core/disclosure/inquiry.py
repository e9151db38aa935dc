"""A leak traced from the record: which orders count and why the others do not, and what the texts show of them.

Two steps with the leaked texts between them: `case_of` reads the record and knows no text, `trace_case` is given the
texts and needs no record. So the texts stay with whoever investigates (docs/spec/canary.md CAN-36 to CAN-43).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence

import msgspec

from safeconduct.core.acts import Identifier, Instant, SlotList
from safeconduct.core.agreement import Canaries
from safeconduct.core.disclosure.canary import open_order
from safeconduct.core.disclosure.leak import Leak, LeakedOrder
from safeconduct.core.disclosure.odds import Priors
from safeconduct.core.disclosure.recognise import Shown, recognise
from safeconduct.core.disclosure.score import Agreed
from safeconduct.core.disclosure.trace import Panel, Trace, trace
from safeconduct.core.record import CopiesState, Law, SeedOpening, evidence_of, hands_of, opening_of, order_of
from safeconduct.core.statement import Digest, PartyId
from safeconduct.errors import InputInvalid

_PER_MILLE = 1_000


class CaseOrder(msgspec.Struct, frozen=True, kw_only=True):
    """One order of an investigation.

    texts: digests of all that was found. evidence: of those that are scored. receipted_at: when every party had asked
    about them, ms. opened_at: when the first of its seeds was opened, ms. openings: one of each hand. receipts:
    recipient → its salted receipts, by content. refused: recipients who refused a half, with the hand. predictable:
    chance of an observer's guess of this movement, per mille; None if nothing can be said. problem: why the order is
    not scored, for people; None if it is.
    """

    order: Identifier
    slots: SlotList | None
    texts: tuple[Digest, ...]
    evidence: tuple[Digest, ...]
    receipted_at: Instant
    opened_at: Instant
    openings: tuple[SeedOpening, ...]
    receipts: dict[Digest, dict[Digest, Digest]]
    refused: dict[Digest, tuple[PartyId, ...]]
    predictable: int | None
    problem: str | None = None


class Case(msgspec.Struct, frozen=True, kw_only=True):
    """An investigation as the record has it, without any leaked text. readers: key id → the actor who reads with it."""

    leak: Identifier
    agreed: Agreed
    priors: Priors
    orders: tuple[CaseOrder, ...]
    readers: dict[Digest, str]


class Unscored(msgspec.Struct, frozen=True, kw_only=True):
    """An order that proves nothing, and why."""

    order: Identifier
    problem: str


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """What the texts show. trace, panel: None if no order could be scored. readers: of those who are mentioned."""

    leak: Identifier
    orders: tuple[Identifier, ...]
    unscored: tuple[Unscored, ...]
    trace: Trace | None
    panel: Panel | None
    readers: dict[Digest, str]


def case_of(
    leak: Identifier,
    law: Law,
    states: Iterable[CopiesState],
    canaries: Canaries,
    predictable: Mapping[Identifier, int],
) -> Case:
    """The case of a leak.

    states: of every order; those of which nothing was found under this leak are passed over. predictable: order → per
    mille, where the record says something. Two nodes with the same record get the same bytes.
    """
    of_leak = sorted(
        (state for state in states if any(text.leak == leak for text in state.texts)), key=lambda state: state.subject
    )
    recipients = sorted({recipient for state in of_leak for recipient in state.recipients})
    orders = tuple(_order(law, state, predictable.get(order_of(state.subject))) for state in of_leak)
    return Case(
        leak=leak,
        agreed=Agreed(bound_one_in=10**canaries.bound, looks=canaries.looks, misheard_one_in=canaries.misheard_one_in),
        priors=_priors(canaries, [order.predictable for order in orders if order.problem is None]),
        orders=orders,
        readers={recipient: law.reader_of(recipient) or "" for recipient in recipients},
    )


def _order(law: Law, state: CopiesState, predictable: int | None) -> CaseOrder:
    hands = hands_of(law, state)
    lines = [state.opened[party] for party in hands if party in state.opened]
    openings = [opening_of(state, party, state.opened[party].seed, state.opened[party].salt)
                for party in hands if party in state.opened]  # fmt: skip
    return CaseOrder(
        order=order_of(state.subject),
        slots=law.slots(state.slots),
        texts=tuple(sorted({text.evidence for text in state.texts})),
        evidence=evidence_of(law, state),
        receipted_at=min((line.asked_at for line in lines), default=0),
        opened_at=min((line.mark.t for line in lines), default=0),
        openings=tuple(opening for opening in openings if opening is not None),
        receipts={
            recipient: {content: received.receipt for content, received in held.items()}
            for recipient, held in state.received.items()
        },
        refused={recipient: tuple(sorted(by)) for recipient, by in state.refused.items()},
        predictable=predictable,
        problem=_problem(hands, state, evidence_of(law, state)),
    )


def _problem(hands: Sequence[str], state: CopiesState, evidence: Sequence[Digest]) -> str | None:
    """Why an order is not scored. CAN-37."""
    if not hands:
        return "no copies of it were committed to"
    missing = [party for party in hands if party not in state.committed]
    if missing:
        return f"{missing[0]} has not committed to its halves of it"
    missing = [party for party in hands if party not in state.delivered]
    if missing:
        return f"{missing[0]} has delivered no halves of it"
    if state.spoiled:
        return f"{min(state.spoiled)} has said its seed before it was to be opened"
    closed = [party for party in hands if party not in state.opened]
    if closed:
        return f"{closed[0]} has not opened its seed"
    if not evidence:
        return "no text was known to every hand before it opened its seed"
    return None


def _priors(canaries: Canaries, predictable: Sequence[int | None]) -> Priors:
    """The agreed weights; that of a guess times the chance of guessing right the movement that was hardest to guess.

    Whoever guesses a movement must have guessed it right. Where of some nothing can be said, the weight stands.
    """
    known = [chance for chance in predictable if chance is not None]
    chance = min(known) if known and len(known) == len(predictable) else _PER_MILLE
    return Priors(
        observed=canaries.observed * _PER_MILLE,
        predictable=canaries.predictable * chance,
        leaked_by_one=canaries.leaked_by_one * _PER_MILLE,
        leaked_by_two=canaries.leaked_by_two * _PER_MILLE,
    )


def trace_case(case: Case, texts: Sequence[bytes]) -> Result:
    """What the leaked texts show, by the copies that the opened seeds give.

    texts: every text that is on record of an order that is scored, as found. Raises InputInvalid if one is missing or
    one is another, or is not UTF-8; CheckFailed for an opening that does not fit: a node's answer is not believed.
    """
    given = {hashlib.sha256(text).hexdigest(): _words(text) for text in texts}
    scored = [order for order in case.orders if order.problem is None]
    named = {text for order in case.orders for text in order.texts}
    strange = sorted(digest for digest in given if digest not in named)
    if strange:
        raise InputInvalid(f"expected texts of leak {case.leak} that are on record, got one with digest {strange[0]}")
    missing = sorted({evidence for order in scored for evidence in order.evidence} - given.keys())
    if missing:
        raise InputInvalid(f"expected every text of leak {case.leak}, got none with digest {missing[0]}")
    unscored = tuple(
        Unscored(order=order.order, problem=order.problem) for order in case.orders if order.problem is not None
    )
    if not scored:
        return Result(leak=case.leak, orders=(), unscored=unscored, trace=None, panel=None, readers={})
    shown, panel = trace([_leaked(order, given) for order in scored], case.agreed, case.priors)
    mentioned = sorted(
        {
            *panel.candidates,
            *(r for score in (*shown.named, *panel.pairs) for r in score.recipients),
            *(r for odds in panel.odds for r in odds.recipients),
            *(r for framing in panel.framings for r in framing.score.recipients),
        }
    )
    return Result(
        leak=case.leak,
        orders=tuple(order.order for order in scored),
        unscored=unscored,
        trace=shown,
        panel=panel,
        readers={recipient: case.readers.get(recipient, "") for recipient in mentioned},
    )


def _leaked(order: CaseOrder, texts: Mapping[Digest, str]) -> LeakedOrder:
    if order.slots is None:
        raise InputInvalid(f"expected the slot list of order {order.order}, got none")
    return LeakedOrder(
        # Several texts are one evidence: it was complete on the record when the last party had asked.
        leak=Leak(evidence=order.evidence[0], found_at=order.receipted_at),
        opened_at=order.opened_at,
        order=open_order(order.slots, order.openings),
        shown=_shown_in_all([texts[evidence] for evidence in order.evidence], order.slots),
    )


def _shown_in_all(texts: Sequence[str], slots: SlotList) -> tuple[Shown, ...]:
    """What the texts show together: a slot of which they show different values is ambiguous. CAN-19."""
    values: dict[str, set[int]] = {}
    for text in texts:
        for shown in recognise(text, slots):
            values.setdefault(shown.slot, set()).update(shown.values)
    return tuple(
        Shown(slot=slot.id, values=tuple(sorted(values[slot.id]))) for slot in slots.slots if slot.id in values
    )


def _words(text: bytes) -> str:
    try:
        return text.decode()
    except UnicodeDecodeError:
        raise InputInvalid("expected a leaked text in UTF-8, got other bytes") from None
