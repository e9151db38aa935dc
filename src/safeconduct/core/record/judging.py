"""From the folded record to findings: each statement about a subject as the judge of clauses sees it.

A movement is judged by the version of the agreement that was in force when it was requested (REC-35), anything else by
the version in force when each duty was called up.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence

import msgspec

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
from safeconduct.core.statement import encode


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


def findings_digest(found: Iterable[tuple[str, Sequence[Finding]]]) -> tuple[str, int]:
    """Hex SHA-256 over the lines `subject digest` of each subject's findings, sorted, and how many findings there are.

    What is not the same at every moment of one record is left out: when to look again, and whether the creditor's side
    had a word late, which later receipts tell (docs/spec/agreement.md AG-106).
    """
    lines = []
    count = 0
    for subject, findings in found:
        if findings:
            lines.append(f"{subject} {subject_digest(findings)}\n")
            count += len(findings)
    return hashlib.sha256("".join(sorted(lines)).encode()).hexdigest(), count


def findings_bytes(findings: Sequence[Finding]) -> bytes:
    """One subject's findings in canonical bytes, as two nodes compare them."""
    bare = [msgspec.structs.replace(f, look_again_at=None, late_word=False) for f in findings]
    return b"[" + b",".join(encode(finding) for finding in bare) + b"]"


def subject_digest(findings: Sequence[Finding]) -> str:
    """Hex SHA-256 of one subject's findings in canonical bytes."""
    return hashlib.sha256(findings_bytes(findings)).hexdigest()


def explaining(
    law: Law, subject: str, statements: Sequence[Said], key: tuple[str, str, int], now: int, receipts: Receipts
) -> tuple[Said, ...]:
    """A smallest set of a subject's statements that still leads to the same verdict of one obligation.

    Statements are left out one by one, from the last; what cannot be left out explains the verdict (a minimal set, as
    delta debugging finds it: no statement of it can go).
    """

    def verdict(history: Sequence[Said]) -> tuple[object, ...] | None:
        found = next((f for f in findings_of(law, subject, history, now, receipts) if f.key == key), None)
        return (found.outcome, found.reason, found.due_at, found.happened_at) if found is not None else None

    wanted = verdict(statements)
    kept = list(statements)
    for said in reversed(statements):
        without = [other for other in kept if other is not said]
        if verdict(without) == wanted:
            kept = without
    return tuple(kept)
