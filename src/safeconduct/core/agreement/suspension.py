"""Grades of suspension and return: which steps the findings call for (features of the agreement, not of a machine)."""

from __future__ import annotations

from collections.abc import Iterable

from safeconduct.core.agreement.clauses import Step, Terms
from safeconduct.core.agreement.finding import Finding, Outcome
from safeconduct.core.agreement.instants import milliseconds

_SEVERITIES = ("minor", "major", "critical")


def steps_called_for(terms: Terms, findings: Iterable[Finding], now: int) -> tuple[Step, ...]:
    """The steps of the agreement whose number of breaches there was within their time before `now`.

    A breach counts from when it was due, or happened if nothing was; one that was cured counts as one all the same, one
    that is disputed or waived does not.
    """
    if terms.suspension is None:
        return ()
    breaches = _breaches(terms, findings)
    return tuple(
        step
        for step in terms.suspension.steps
        if sum(
            now - milliseconds(step.within) <= at <= now
            and _SEVERITIES.index(severity) >= _SEVERITIES.index(step.severity)
            for at, severity in breaches
        )
        >= step.breaches
    )


def may_return(terms: Terms, findings: Iterable[Finding], now: int) -> bool:
    """Whether there was no breach for as long as the agreement asks before the way back up."""
    if terms.suspension is None:
        return False
    quiet = milliseconds(terms.suspension.quiet)
    return not any(now - quiet < at <= now for at, _ in _breaches(terms, findings))


def _breaches(terms: Terms, findings: Iterable[Finding]) -> list[tuple[int, str]]:
    """When each breach was, and how severe its clause is."""
    severity = {clause.id: clause.severity for clause in terms.clauses}
    return [(_when(f), severity[f.clause]) for f in findings if f.outcome is Outcome.BREACHED and f.clause in severity]


def _when(finding: Finding) -> int:
    if finding.due_at is not None:
        return finding.due_at
    return finding.happened_at if finding.happened_at is not None else finding.trigger.at
