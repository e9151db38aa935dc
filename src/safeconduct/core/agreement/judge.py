"""Clause × facts → finding. Pure: the same facts and the same `now` give the same finding on every node.

Instants are those of the record (docs/spec/agreement.md AG-20 to AG-34). A notice has two, *offered* by its sender
and *received* by the other side's own statement; where they straddle a deadline and nobody else saw, the verdict is
disputed, never silently one side's.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from itertools import pairwise
from typing import assert_never

import msgspec

from safeconduct.core.agreement.clauses import (
    ApprovedBeforeDeparture,
    CheckInGap,
    Clause,
    ClosedWithin,
    NoticeLead,
    Terms,
    milliseconds,
)

# A duty met with less than this share of its time left is a near-breach.
NEAR_SHARE = 10


class Outcome(StrEnum):
    """How an obligation stands."""

    NOT_DUE = "not_due"  # nothing has called it up
    PENDING = "pending"
    MET = "met"
    BREACHED = "breached"
    DISPUTED = "disputed"


class Reason(StrEnum):
    """What decided an outcome; `explain.py` has a sentence for each."""

    NOTICE_IS_OWN = "notice_is_own"
    NOTICE_OFFERED_LATE = "notice_offered_late"
    NOTICE_NOT_RECEIVED_YET = "notice_not_received_yet"
    NOTICE_OFFERED_IN_TIME_NO_RECEIPT = "notice_offered_in_time_no_receipt"
    NOTICE_OFFERED_IN_TIME_RECEIVED_LATE = "notice_offered_in_time_received_late"
    NOTICE_RECEIVED_IN_TIME = "notice_received_in_time"
    NOT_DEPARTED = "not_departed"
    DEPARTED_WITHOUT_APPROVAL = "departed_without_approval"
    APPROVED_BY_ALL_BEFORE_DEPARTURE = "approved_by_all_before_departure"
    SILENT_TOO_LONG = "silent_too_long"
    NEVER_SILENT_TOO_LONG = "never_silent_too_long"
    SILENT_NOW = "silent_now"
    UNDER_WAY = "under_way"
    NOT_ENDED = "not_ended"
    NOT_CLOSED = "not_closed"
    NOT_CLOSED_YET = "not_closed_yet"
    CLOSED_LATE = "closed_late"
    CLOSED_IN_TIME = "closed_in_time"


class Evidence(msgspec.Struct, frozen=True, kw_only=True):
    """A statement that decided, by its place in its party's log and its id."""

    party: str
    index: int
    id: str
    at: int


class Notice(msgspec.Struct, frozen=True, kw_only=True):
    """The request as a notice. received: for each other party its first statement that shows it had the request."""

    offered: Evidence
    received: Mapping[str, Evidence]


class MovementFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What the record says of one movement, in instants (milliseconds since 1970 UTC).

    departed_without_consent: a departure said while the consent of the parties unapproved_at_departure was missing; the
    record gives it no effect, so `departed` may still be None.
    """

    subject: str
    earliest: int
    notice: Notice
    departed: Evidence | None = None
    departed_without_consent: Evidence | None = None
    unapproved_at_departure: tuple[str, ...] = ()
    approvals: tuple[Evidence, ...] = ()
    check_ins: tuple[Evidence, ...] = ()
    ended: Evidence | None = None
    closed: Evidence | None = None
    # Refused, cancelled or lapsed: it never went, so duties of a movement that goes are not called up.
    gave_up: bool = False


class Finding(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """How one clause stands for one subject.

    due_at: the instant that decides or decided. near: met with under a tenth of the time left. missing: parties whose
    word was missing. look_again_at: when the outcome may change although nobody says anything.
    """

    clause: str
    subject: str
    outcome: Outcome
    owed_by: str
    reason: Reason
    due_at: int | None = None
    happened_at: int | None = None
    near: bool = False
    missing: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    look_again_at: int | None = None


def judge(terms: Terms, facts: MovementFacts, now: int) -> tuple[Finding, ...]:
    """A finding for every clause of the agreement that has a rule, in the agreement's order."""
    return tuple(judge_clause(clause, facts, now) for clause in terms.clauses if clause.rule is not None)


def judge_clause(clause: Clause, facts: MovementFacts, now: int) -> Finding:
    """How this clause, which must have a rule, stands for this movement at `now`."""
    match clause.rule:
        case NoticeLead():
            return _notice_lead(clause, clause.rule, facts, now)
        case ApprovedBeforeDeparture():
            return _approved_before_departure(clause, facts)
        case CheckInGap():
            return _check_in_gap(clause, clause.rule, facts, now)
        case ClosedWithin():
            return _closed_within(clause, clause.rule, facts, now)
        case None:
            raise ValueError(f"clause {clause.id} has no rule")
        case _:
            assert_never(clause.rule)


def _finding(
    clause: Clause,
    facts: MovementFacts,
    outcome: Outcome,
    reason: Reason,
    *evidence: Evidence,
    due_at: int | None = None,
    happened_at: int | None = None,
    near: bool = False,
    missing: tuple[str, ...] = (),
    look_again_at: int | None = None,
) -> Finding:
    return Finding(
        clause=clause.id,
        subject=facts.subject,
        outcome=outcome,
        owed_by=clause.owed_by,
        reason=reason,
        due_at=due_at,
        happened_at=happened_at,
        near=near,
        missing=missing,
        evidence=evidence,
        look_again_at=look_again_at,
    )


def _notice_lead(clause: Clause, rule: NoticeLead, facts: MovementFacts, now: int) -> Finding:
    lead = milliseconds(rule.lead)
    due = facts.earliest - lead
    offered = facts.notice.offered
    received = facts.notice.received.get(rule.to)
    if offered.party == rule.to:
        return _finding(clause, facts, Outcome.NOT_DUE, Reason.NOTICE_IS_OWN)
    if offered.at > due:
        return _finding(
            clause, facts, Outcome.BREACHED, Reason.NOTICE_OFFERED_LATE, offered, due_at=due, happened_at=offered.at
        )
    if received is None:
        if now <= due:
            return _finding(
                clause,
                facts,
                Outcome.PENDING,
                Reason.NOTICE_NOT_RECEIVED_YET,
                offered,
                due_at=due,
                look_again_at=due + 1,
            )
        return _finding(clause, facts, Outcome.DISPUTED, Reason.NOTICE_OFFERED_IN_TIME_NO_RECEIPT, offered, due_at=due)
    if received.at > due:
        return _finding(
            clause,
            facts,
            Outcome.DISPUTED,
            Reason.NOTICE_OFFERED_IN_TIME_RECEIVED_LATE,
            offered,
            received,
            due_at=due,
            happened_at=received.at,
        )
    near = (due - received.at) * NEAR_SHARE < lead
    return _finding(
        clause,
        facts,
        Outcome.MET,
        Reason.NOTICE_RECEIVED_IN_TIME,
        offered,
        received,
        due_at=due,
        happened_at=received.at,
        near=near,
    )


def _approved_before_departure(clause: Clause, facts: MovementFacts) -> Finding:
    rash = facts.departed_without_consent or facts.departed
    if rash is not None and facts.unapproved_at_departure:
        return _finding(
            clause,
            facts,
            Outcome.BREACHED,
            Reason.DEPARTED_WITHOUT_APPROVAL,
            rash,
            due_at=rash.at,
            happened_at=rash.at,
            missing=facts.unapproved_at_departure,
        )
    if facts.departed is None:
        outcome = Outcome.NOT_DUE if facts.gave_up else Outcome.PENDING
        return _finding(clause, facts, outcome, Reason.NOT_DEPARTED, due_at=facts.earliest)
    when = facts.departed.at
    return _finding(
        clause,
        facts,
        Outcome.MET,
        Reason.APPROVED_BY_ALL_BEFORE_DEPARTURE,
        *facts.approvals,
        facts.departed,
        due_at=when,
        happened_at=max((e.at for e in facts.approvals), default=when),
    )


def _check_in_gap(clause: Clause, rule: CheckInGap, facts: MovementFacts, now: int) -> Finding:
    if facts.departed is None:
        return _finding(clause, facts, Outcome.NOT_DUE, Reason.NOT_DEPARTED)
    allowed = milliseconds(rule.gap) + milliseconds(rule.grace)
    signs = [facts.departed, *facts.check_ins]
    if facts.ended is not None:
        signs.append(facts.ended)
    longest_wait = 0
    for before, after in pairwise(signs):
        due = before.at + allowed
        if after.at > due:
            return _finding(
                clause, facts, Outcome.BREACHED, Reason.SILENT_TOO_LONG, before, after, due_at=due, happened_at=after.at
            )
        longest_wait = max(longest_wait, after.at - before.at)
    near = (allowed - longest_wait) * NEAR_SHARE < allowed
    last = signs[-1]
    if facts.ended is not None:
        return _finding(
            clause, facts, Outcome.MET, Reason.NEVER_SILENT_TOO_LONG, *signs, happened_at=facts.ended.at, near=near
        )
    due = last.at + allowed
    if now > due:
        return _finding(clause, facts, Outcome.BREACHED, Reason.SILENT_NOW, last, due_at=due)
    return _finding(
        clause, facts, Outcome.PENDING, Reason.UNDER_WAY, last, due_at=due, near=near, look_again_at=due + 1
    )


def _closed_within(clause: Clause, rule: ClosedWithin, facts: MovementFacts, now: int) -> Finding:
    if facts.ended is None:
        return _finding(clause, facts, Outcome.NOT_DUE, Reason.NOT_ENDED)
    span = milliseconds(rule.span)
    due = facts.ended.at + span
    if facts.closed is None:
        if now > due:
            return _finding(clause, facts, Outcome.BREACHED, Reason.NOT_CLOSED, facts.ended, due_at=due)
        return _finding(
            clause, facts, Outcome.PENDING, Reason.NOT_CLOSED_YET, facts.ended, due_at=due, look_again_at=due + 1
        )
    when = facts.closed.at
    if when > due:
        return _finding(
            clause, facts, Outcome.BREACHED, Reason.CLOSED_LATE, facts.ended, facts.closed, due_at=due, happened_at=when
        )
    near = (due - when) * NEAR_SHARE < span
    return _finding(
        clause,
        facts,
        Outcome.MET,
        Reason.CLOSED_IN_TIME,
        facts.ended,
        facts.closed,
        due_at=due,
        happened_at=when,
        near=near,
    )
