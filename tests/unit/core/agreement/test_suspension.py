"""Steps that the findings call for, and the way back up, at their boundaries."""

from __future__ import annotations

import msgspec
import pytest

from safeconduct.core.agreement import (
    Evidence,
    Finding,
    Outcome,
    Pattern,
    Reason,
    Rule,
    Step,
    Terms,
    may_return,
    milliseconds,
    steps_called_for,
)
from safeconduct.core.agreement.rules import Never
from safeconduct.testing import card_of, small_terms
from tests.unit.core.record.reported import clause_of, graded

NOW = 1_769_853_600_000
DAY = milliseconds("P1D")
WITHIN, QUIET = 30 * DAY, 7 * DAY
SEVERITIES = ("minor", "major", "critical")
SCANNED = "post.scanned"
OTHERS = [outcome for outcome in Outcome if outcome is not Outcome.BREACHED]


def agreed(*steps: Step) -> Terms:
    """The grades of `graded`, with clauses F-1 minor, F-2 major, F-3 critical; other steps if any are given."""
    terms = graded()
    rule = Rule(for_each="post", when=Pattern(event=SCANNED), never=Never(event=SCANNED))
    clauses = tuple(
        msgspec.structs.replace(clause_of(rule, number), severity=severity)
        for number, severity in enumerate(SEVERITIES, 1)
    )
    assert terms.suspension is not None
    suspension = msgspec.structs.replace(terms.suspension, steps=steps or terms.suspension.steps)
    return msgspec.structs.replace(terms, clauses=clauses, suspension=suspension)


def found(at: int | None, clause: str = "F-2", outcome: Outcome = Outcome.BREACHED, **more: int) -> Finding:
    """A finding of a duty that was due at an instant, or had none; called up a day ago if `more` says nothing."""
    return Finding(
        clause=clause,
        subject="post/gate",
        outcome=outcome,
        owed_by="escort_lead",
        reason=Reason.NOT_DONE,
        agreement="ab" * 32,
        trigger=Evidence(party="host", index=0, id="cd" * 32, at=more.get("called_up_at", NOW - DAY)),
        due_at=at,
        happened_at=more.get("happened_at"),
        cured_at=more.get("cured_at"),
    )


def called(*findings: Finding, terms: Terms | None = None) -> list[str]:
    return [step.to for step in steps_called_for(terms or agreed(), findings, NOW)]


# --- down -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("breaches", "steps"),
    [(0, []), (1, ["limited"]), (2, ["limited"]), (3, ["limited", "stopped"]), (4, ["limited", "stopped"])],
)
def test_a_step_is_called_for_from_its_number_of_breaches_on(breaches: int, steps: list[str]) -> None:
    assert called(*[found(NOW - DAY)] * breaches) == steps


@pytest.mark.parametrize(
    ("at", "steps"),
    [
        (NOW - WITHIN - 1, []),
        (NOW - WITHIN, ["limited"]),
        (NOW, ["limited"]),
        (NOW + 1, []),
    ],
    ids=["a millisecond before", "first of the time", "now", "yet to come"],
)
def test_a_breach_counts_within_the_time_of_the_step_alone(at: int, steps: list[str]) -> None:
    assert called(found(at)) == steps


@pytest.mark.parametrize(
    ("asked", "counting"),
    [("minor", ["F-1", "F-2", "F-3"]), ("major", ["F-2", "F-3"]), ("critical", ["F-3"])],
)
def test_a_step_counts_breaches_of_its_severity_and_worse(asked: str, counting: list[str]) -> None:
    step = msgspec.convert(
        {"to": "limited", "by": ["duty_officer"], "breaches": 1, "severity": asked, "within": "P30D"}, Step
    )
    known = ("F-1", "F-2", "F-3")
    assert [clause for clause in known if called(found(NOW, clause), terms=agreed(step))] == counting


@pytest.mark.parametrize("outcome", OTHERS)
def test_what_is_no_breach_calls_for_nothing(outcome: Outcome) -> None:
    """Disputed and waived duties too: nobody is suspended for what is not settled or was let go."""
    assert called(*[found(NOW, outcome=outcome)] * 9) == []


def test_a_breach_that_was_cured_counts() -> None:
    assert called(found(NOW - DAY, cured_at=NOW - 1)) == ["limited"]


@pytest.mark.parametrize(
    ("finding", "steps"),
    [
        (found(NOW - WITHIN - 1, happened_at=NOW), []),
        (found(None, happened_at=NOW - WITHIN - 1), []),
        (found(None, happened_at=NOW - WITHIN, called_up_at=NOW - WITHIN - 1), ["limited"]),
        (found(None, called_up_at=NOW - WITHIN - 1), []),
        (found(None, called_up_at=NOW - WITHIN), ["limited"]),
        (found(0, happened_at=NOW), []),
    ],
    ids=["due", "happened too early", "happened", "called up too early", "called up", "due at the instant 0"],
)
def test_a_breach_was_when_it_was_due_or_else_happened_or_else_was_called_up(
    finding: Finding, steps: list[str]
) -> None:
    assert called(finding) == steps


def test_each_step_has_its_own_time_and_severity() -> None:
    steps = (
        Step(to="limited", by=("duty_officer",), breaches=2, severity="minor", within="P1D"),
        Step(to="stopped", by=("duty_officer",), breaches=1, severity="critical", within="P30D"),
    )
    critical, minor = found(NOW - 2 * DAY, "F-3"), found(NOW, "F-1")
    assert called(critical, minor, terms=agreed(*steps)) == ["stopped"]
    assert called(minor, minor, terms=agreed(*steps)) == ["limited"]


def test_a_finding_of_a_clause_that_the_agreement_no_longer_has_counts_nothing() -> None:
    gone = found(NOW, "F-9")
    assert (called(gone), may_return(agreed(), [gone], NOW)) == ([], True)


# --- back up ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("at", "back"),
    [(NOW - QUIET - 1, True), (NOW - QUIET, True), (NOW - QUIET + 1, False), (NOW, False), (NOW + 1, True)],
)
def test_the_way_back_is_open_after_so_long_without_a_breach(at: int, back: bool) -> None:
    assert may_return(agreed(), [found(at)], NOW) is back


def test_the_way_back_is_open_where_nothing_was_breached() -> None:
    assert may_return(agreed(), [], NOW)


@pytest.mark.parametrize("clause", ["F-1", "F-2", "F-3"])
def test_a_breach_of_any_severity_closes_the_way_back(clause: str) -> None:
    assert not may_return(agreed(), [found(NOW, clause)], NOW)


@pytest.mark.parametrize("outcome", OTHERS)
def test_what_is_no_breach_leaves_the_way_back_open(outcome: Outcome) -> None:
    assert may_return(agreed(), [found(NOW, outcome=outcome)], NOW)


def test_a_breach_that_was_cured_closes_the_way_back() -> None:
    assert not may_return(agreed(), [found(NOW - DAY, cured_at=NOW - 1)], NOW)


# --- no grades --------------------------------------------------------------------------------------------


def test_an_agreement_without_grades_has_no_way_down_or_up() -> None:
    terms = msgspec.structs.replace(small_terms([card_of("host"), card_of("sending")]), clauses=agreed().clauses)
    assert (called(found(NOW), terms=terms), may_return(terms, [], NOW)) == ([], False)
