"""From the folded record to findings: each statement about a subject as the judge of clauses sees it.

A movement is judged by the version of the agreement that was in force when it was requested (REC-35), anything else by
the version in force when each duty was called up.
"""

from __future__ import annotations

from collections.abc import Iterable

from safeconduct.core.acts import UnknownAct
from safeconduct.core.agreement import (
    Event,
    Evidence,
    Finding,
    MovementView,
    Receipts,
    Versions,
    event_name,
    judge_subject,
    no_receipts,
)
from safeconduct.core.record.effect import terms_of
from safeconduct.core.record.fold import step
from safeconduct.core.record.gate import missing_consent, ready_gate
from safeconduct.core.record.law import Law
from safeconduct.core.record.order import Said
from safeconduct.core.record.state import MovementState, Phase, State, Void


def event_of(law: Law, said: Said, void: Void | None, state: State | None) -> Event | None:
    """A statement with what it made of its subject; None for a kind that this version does not know."""
    if isinstance(said.act, UnknownAct):
        return None
    member = law.member(said.actor, said.position)
    return Event(
        evidence=Evidence(party=said.party, index=said.index, id=said.id, at=said.t),
        name=event_name(said.act),
        actor=said.actor,
        roles=member.roles if member is not None else (),
        agreement=said.agreement,
        act=said.act,
        void=void.code if void is not None else "",
        view=_view(law, state, said.t) if isinstance(state, MovementState) else None,
    )


def versions_for(law: Law, state: State | None) -> Versions:
    """The versions of the agreement by which a subject is judged."""
    if isinstance(state, MovementState):
        return ((state.requested.t, law.book(state.agreement)),)
    return law.books()


def findings_of(
    law: Law, subject: str, statements: Iterable[Said], now: int, receipts: Receipts = no_receipts
) -> tuple[Finding, ...]:
    """How every obligation of a subject stands at `now`, from its statements in order of the record."""
    state: State | None = None
    events = []
    for said in statements:
        state, void = step(law, state, said)
        event = event_of(law, said, void, state)
        if event is not None:
            events.append(event)
    return judge_subject(subject, versions_for(law, state), events, now, receipts)


def _view(law: Law, state: MovementState, t: int) -> MovementView:
    def unapproved() -> tuple[str, ...]:
        return tuple(party for party, _ in missing_consent(terms_of(law, state).movement, state))

    def open_items() -> tuple[str, ...]:
        return tuple(line.item for line in ready_gate(terms_of(law, state).movement, state, t) if line.is_open)

    timing = state.plan.timing
    lapses_at = None
    if state.phase is Phase.REQUESTED:
        lapses_at = min(timing.review_by, timing.latest)
    elif state.phase is Phase.APPROVED:
        lapses_at = timing.latest
    gave_up = state.phase in (Phase.REFUSED, Phase.CANCELLED)
    return MovementView(
        plan=state.plan,
        phase=state.phase.value,
        requested_by=state.requested.party,
        approved_by=tuple(sorted(state.approvals)),
        unapproved=unapproved,
        open_items=open_items,
        excepted=tuple(sorted(state.exemptions)),
        lapses_at=lapses_at,
        gave_up=gave_up,
        done=gave_up or state.phase is Phase.CLOSED,
    )
