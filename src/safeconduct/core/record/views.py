"""Questions about the folded state that screens, clauses and packs ask."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from safeconduct.core.agreement import Evidence, MovementFacts, MovementTerms, Notice
from safeconduct.core.record.effect import phase_at
from safeconduct.core.record.state import GAVE_UP, MovementState

# (log, index, by): the first statement of party `by` that shows it had entry `index` of party `log`'s log.
FirstReceipt = Callable[[str, int, str], Evidence | None]


class Hop(msgspec.Struct, frozen=True, kw_only=True):
    """One role of the notice chain. acknowledged, relayed: when, None while it has not."""

    role: str
    acknowledged: int | None
    relayed: int | None
    is_last: bool


def notice_chain(terms: MovementTerms, state: MovementState) -> tuple[Hop, ...]:
    """How far the notice has come: every hop in order, done or not."""
    last = len(terms.notice_chain) - 1
    return tuple(
        Hop(
            role=role,
            acknowledged=state.acknowledged[role].t if role in state.acknowledged else None,
            relayed=state.relayed[role].t if role in state.relayed else None,
            is_last=place == last,
        )
        for place, role in enumerate(terms.notice_chain)
    )


def facts(state: MovementState, parties: tuple[str, ...], receipt: FirstReceipt, now: int) -> MovementFacts:
    """What the clauses need to know about a movement at `now`."""
    requested, rash = state.requested, state.departed_without_consent
    received = {}
    for party in parties:
        if party != requested.party:
            first = receipt(requested.party, requested.index, party)
            if first is not None:
                received[party] = first
    return MovementFacts(
        subject=state.subject,
        earliest=state.plan.timing.earliest,
        notice=Notice(offered=requested.evidence, received=received),
        departed=state.departed.evidence if state.departed else None,
        departed_without_consent=rash.evidence if rash else None,
        unapproved_at_departure=state.consent_was_missing,
        approvals=tuple(mark.evidence for mark in state.approval_marks),
        check_ins=tuple(mark.evidence for mark in state.check_ins),
        ended=state.ended.evidence if state.ended else None,
        closed=state.closed.evidence if state.closed else None,
        gave_up=phase_at(state, now) in GAVE_UP,
    )
