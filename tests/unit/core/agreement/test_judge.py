from __future__ import annotations

import msgspec
import pytest

from safeconduct.core.agreement import (
    ApprovedBeforeDeparture,
    CheckInGap,
    ClosedWithin,
    MovementFacts,
    NoticeLead,
    Outcome,
    Reason,
    judge,
    judge_clause,
)
from tests.unit.core.agreement.sample import EARLIEST, HOUR, MINUTE, clause, facts, said, terms

NOTICE = clause(NoticeLead(lead="PT10H", to="host"))
DUE = EARLIEST - 10 * HOUR
APPROVED = clause(ApprovedBeforeDeparture())
CHECKED_IN = clause(CheckInGap(gap="PT15M", grace="PT5M"))
ALLOWED = 20 * MINUTE
CLOSED = clause(ClosedWithin(span="PT10H"))

DEPARTED = EARLIEST + MINUTE
ENDED = DEPARTED + 5 * MINUTE


# --- notice -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("offered", "received", "now", "outcome", "reason"),
    [
        (DUE, DUE, DUE, Outcome.MET, Reason.NOTICE_RECEIVED_IN_TIME),
        (DUE - 1, DUE, DUE + HOUR, Outcome.MET, Reason.NOTICE_RECEIVED_IN_TIME),
        (DUE, DUE + 1, DUE + 1, Outcome.DISPUTED, Reason.NOTICE_OFFERED_IN_TIME_RECEIVED_LATE),
        (0, EARLIEST, EARLIEST, Outcome.DISPUTED, Reason.NOTICE_OFFERED_IN_TIME_RECEIVED_LATE),
        (DUE + 1, DUE + 1, DUE + 1, Outcome.BREACHED, Reason.NOTICE_OFFERED_LATE),
        (DUE + 1, None, DUE + 1, Outcome.BREACHED, Reason.NOTICE_OFFERED_LATE),
        (DUE, None, DUE, Outcome.PENDING, Reason.NOTICE_NOT_RECEIVED_YET),
        (DUE, None, DUE + 1, Outcome.DISPUTED, Reason.NOTICE_OFFERED_IN_TIME_NO_RECEIPT),
    ],
)
def test_a_notice_is_judged_to_the_millisecond(
    offered: int, received: int | None, now: int, outcome: Outcome, reason: Reason
) -> None:
    """AG-21, AG-23 to AG-27"""
    finding = judge_clause(NOTICE, facts(offered=offered, received=received), now)
    assert (finding.outcome, finding.reason, finding.due_at) == (outcome, reason, DUE)


@pytest.mark.parametrize(
    ("received", "near"),
    [(DUE, True), (DUE - HOUR + 1, True), (DUE - HOUR, False), (DUE - HOUR - 1, False), (0, False)],
)
def test_a_notice_is_near_with_less_than_a_tenth_of_its_lead_left(received: int, near: bool) -> None:
    """AG-22"""
    assert judge_clause(NOTICE, facts(received=received), DUE).near == near


def test_the_party_to_be_notified_owes_itself_nothing() -> None:
    """AG-23"""
    finding = judge_clause(NOTICE, facts(offered=EARLIEST, by="host"), EARLIEST)
    assert (finding.outcome, finding.reason) == (Outcome.NOT_DUE, Reason.NOTICE_IS_OWN)


def test_a_pending_notice_is_looked_at_again_when_it_becomes_late() -> None:
    """AG-25"""
    assert judge_clause(NOTICE, facts(offered=0), 1).look_again_at == DUE + 1


@pytest.mark.parametrize("received", [DUE, DUE + 1])
def test_both_accounts_of_a_notice_are_evidence(received: int) -> None:
    """AG-26, AG-27"""
    finding = judge_clause(NOTICE, facts(offered=7, received=received), EARLIEST)
    assert finding.evidence == (said(7), said(received, "host"))


def test_a_receipt_by_a_third_party_does_not_count() -> None:
    """AG-25"""
    other = facts(offered=0)
    receipts = {"operator": said(1, "operator")}
    seen = msgspec.structs.replace(other, notice=msgspec.structs.replace(other.notice, received=receipts))
    assert judge_clause(NOTICE, seen, DUE + 1).outcome is Outcome.DISPUTED


# --- approval ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("gave_up", "outcome"), [(False, Outcome.PENDING), (True, Outcome.NOT_DUE)], ids=["alive", "given up"]
)
def test_approval_is_owed_for_a_movement_that_goes(gave_up: bool, outcome: Outcome) -> None:
    """AG-29"""
    finding = judge_clause(APPROVED, facts(gave_up=gave_up), EARLIEST)
    assert (finding.outcome, finding.reason, finding.due_at) == (outcome, Reason.NOT_DEPARTED, EARLIEST)


def test_departure_with_every_approval_meets() -> None:
    """AG-29"""
    approvals = (said(10, "host"), said(30), said(20))
    finding = judge_clause(APPROVED, facts(departed=said(DEPARTED), approvals=approvals), DEPARTED)
    assert (finding.outcome, finding.due_at, finding.happened_at) == (Outcome.MET, DEPARTED, 30)
    assert finding.evidence == (*approvals, said(DEPARTED))


def test_departure_without_an_approval_breaches_and_names_who_had_not_given_it() -> None:
    """AG-28"""
    departed = facts(departed=said(DEPARTED), unapproved_at_departure=("host",))
    finding = judge_clause(APPROVED, departed, DEPARTED)
    assert (finding.outcome, finding.missing, finding.happened_at) == (Outcome.BREACHED, ("host",), DEPARTED)


# --- check-ins --------------------------------------------------------------------------------------------


def under_way(*check_ins: int, ended: int | None = None) -> MovementFacts:
    """Departed at DEPARTED; instants are given from there."""
    return facts(
        departed=said(DEPARTED),
        check_ins=tuple(said(DEPARTED + t) for t in check_ins),
        ended=None if ended is None else said(DEPARTED + ended),
    )


def test_no_check_in_is_owed_before_departure() -> None:
    """AG-30"""
    finding = judge_clause(CHECKED_IN, facts(), EARLIEST + HOUR)
    assert (finding.outcome, finding.reason) == (Outcome.NOT_DUE, Reason.NOT_DEPARTED)


@pytest.mark.parametrize(
    ("movement", "now", "outcome", "reason", "due"),
    [
        (under_way(), ALLOWED, Outcome.PENDING, Reason.UNDER_WAY, ALLOWED),
        (under_way(), ALLOWED + 1, Outcome.BREACHED, Reason.SILENT_NOW, ALLOWED),
        (under_way(ALLOWED), ALLOWED + 1, Outcome.PENDING, Reason.UNDER_WAY, 2 * ALLOWED),
        (under_way(ALLOWED + 1), ALLOWED + 1, Outcome.BREACHED, Reason.SILENT_TOO_LONG, ALLOWED),
        (under_way(1, ALLOWED + 1), 2 * ALLOWED + 1, Outcome.PENDING, Reason.UNDER_WAY, 2 * ALLOWED + 1),
        (under_way(1, ALLOWED + 2), ALLOWED + 2, Outcome.BREACHED, Reason.SILENT_TOO_LONG, ALLOWED + 1),
        (under_way(ended=ALLOWED), ALLOWED, Outcome.MET, Reason.NEVER_SILENT_TOO_LONG, None),
        (under_way(ended=ALLOWED + 1), ALLOWED + 1, Outcome.BREACHED, Reason.SILENT_TOO_LONG, ALLOWED),
        (under_way(5, ended=10), 10 * ALLOWED, Outcome.MET, Reason.NEVER_SILENT_TOO_LONG, None),
    ],
)
def test_silence_is_judged_to_the_millisecond(
    movement: MovementFacts, now: int, outcome: Outcome, reason: Reason, due: int | None
) -> None:
    """AG-21, AG-30 to AG-32; instants are given from departure on."""
    finding = judge_clause(CHECKED_IN, movement, DEPARTED + now)
    expected = (outcome, reason, None if due is None else DEPARTED + due)
    assert (finding.outcome, finding.reason, finding.due_at) == expected


def test_the_first_silence_that_was_too_long_is_the_evidence() -> None:
    """AG-30"""
    finding = judge_clause(CHECKED_IN, under_way(1, ALLOWED + 2, 9 * ALLOWED), DEPARTED + 9 * ALLOWED)
    assert finding.evidence == (said(DEPARTED + 1), said(DEPARTED + ALLOWED + 2))


@pytest.mark.parametrize(
    ("wait", "near"), [(ALLOWED, True), (18 * MINUTE + 1, True), (18 * MINUTE, False), (18 * MINUTE - 1, False)]
)
@pytest.mark.parametrize("ended", [False, True])
def test_the_longest_wait_decides_whether_it_was_near(wait: int, near: bool, ended: bool) -> None:
    """AG-22, AG-32"""
    movement = under_way(1, 1 + wait, 2 + wait, ended=3 + wait if ended else None)
    assert judge_clause(CHECKED_IN, movement, DEPARTED + 3 + wait).near == near


def test_a_movement_under_way_is_looked_at_again_when_silence_becomes_too_long() -> None:
    """AG-31"""
    assert judge_clause(CHECKED_IN, under_way(7), DEPARTED + 8).look_again_at == DEPARTED + 7 + ALLOWED + 1


# --- closing ----------------------------------------------------------------------------------------------

CLOSING_DUE = ENDED + 10 * HOUR


@pytest.mark.parametrize(
    ("closed", "now", "outcome", "reason"),
    [
        (None, CLOSING_DUE, Outcome.PENDING, Reason.NOT_CLOSED_YET),
        (None, CLOSING_DUE + 1, Outcome.BREACHED, Reason.NOT_CLOSED),
        (CLOSING_DUE, CLOSING_DUE, Outcome.MET, Reason.CLOSED_IN_TIME),
        (CLOSING_DUE + 1, CLOSING_DUE + 1, Outcome.BREACHED, Reason.CLOSED_LATE),
        (ENDED, ENDED, Outcome.MET, Reason.CLOSED_IN_TIME),
    ],
)
def test_closing_is_judged_to_the_millisecond(closed: int | None, now: int, outcome: Outcome, reason: Reason) -> None:
    """AG-21, AG-33, AG-34"""
    movement = facts(departed=said(DEPARTED), ended=said(ENDED), closed=None if closed is None else said(closed))
    finding = judge_clause(CLOSED, movement, now)
    assert (finding.outcome, finding.reason, finding.due_at) == (outcome, reason, CLOSING_DUE)


def test_closing_is_not_due_before_the_end() -> None:
    """AG-33"""
    finding = judge_clause(CLOSED, facts(departed=said(DEPARTED)), EARLIEST + 1000 * HOUR)
    assert (finding.outcome, finding.reason) == (Outcome.NOT_DUE, Reason.NOT_ENDED)


def test_a_closing_that_is_pending_is_looked_at_again_when_it_becomes_late() -> None:
    """AG-33"""
    assert judge_clause(CLOSED, facts(departed=said(DEPARTED), ended=said(ENDED)), ENDED).look_again_at == (
        CLOSING_DUE + 1
    )


@pytest.mark.parametrize(
    ("closed", "near"),
    [(CLOSING_DUE, True), (CLOSING_DUE - HOUR + 1, True), (CLOSING_DUE - HOUR, False), (CLOSING_DUE - HOUR - 1, False)],
)
def test_a_closing_is_near_with_less_than_a_tenth_of_its_span_left(closed: int, near: bool) -> None:
    """AG-22"""
    movement = facts(departed=said(DEPARTED), ended=said(ENDED), closed=said(closed))
    assert judge_clause(CLOSED, movement, closed).near == near


# --- an agreement's clauses -------------------------------------------------------------------------------


def test_every_clause_with_a_rule_gets_one_finding_in_the_agreements_order() -> None:
    """AG-20"""
    findings = judge(terms(), facts(), 0)
    assert [f.clause for f in findings] == [c.id for c in terms().clauses if c.rule is not None]


def test_a_finding_names_the_one_role_that_owes() -> None:
    """AG-20"""
    assert {f.owed_by for f in judge(terms(), facts(), 0)} <= {role.id for role in terms().roles}


def test_a_clause_without_a_rule_is_not_judged() -> None:
    """AG-20"""
    with pytest.raises(ValueError, match="clause T-1 has no rule"):
        judge_clause(clause(None), facts(), 0)
