"""What an agreement about sealed marks will not bear: units whose duties it takes away, decoys that never depart.

docs/spec/agreement.md AG-162, AG-163.
"""

from __future__ import annotations

from collections.abc import Iterator

from safeconduct.core.agreement.clauses import Terms
from safeconduct.core.agreement.faults import Lint

_NO_HISTORY = "what a mark says is sealed, and no statement of a history shows it"


def marks_that_bite(terms: Terms) -> Iterator[Lint]:
    """Every warning about the agreement's marks."""
    if terms.marks is None:
        return
    for place, unit in enumerate(terms.marks.shut_out.units if terms.marks.shut_out is not None else ()):
        duties = tuple(_duties(terms, unit))
        if duties:
            clauses = tuple(clause.id for clause in terms.clauses if clause.owed_by == unit)
            yield Lint(
                code="unit_is_needed",
                clauses=clauses,
                path=("marks", "shut_out", "units", place),
                severity="warning",
                account=f"expected a unit that a movement can do without, got {unit}, which {duties[0]}"
                + (f" (and {len(duties) - 1} more)" if duties[1:] else "")
                + ": shut out, it cannot",
                why_no_history=_NO_HISTORY,
            )
    counted = [item for item in terms.movement.ready_gate if item.check == "heads" and item.exception_by is None]
    if terms.marks.decoy is not None and counted:
        yield Lint(
            code="decoy_never_departs",
            path=("marks", "decoy"),
            severity="warning",
            account=f"expected an exception for gate item {counted[0].id}, which counts heads, got none: nobody "
            "travels in a decoy, and it could never depart",
            why_no_history=_NO_HISTORY,
        )


def _duties(terms: Terms, unit: str) -> Iterator[str]:
    """What a movement needs of a role, the worst first."""
    for item in terms.movement.ready_gate:
        if unit in item.by:
            yield f"attests gate item {item.id}"
    role = terms.role(unit)
    if role is not None and "movement.approved" in role.may:
        others = [r.id for r in terms.roles if r.party == role.party and r.id != unit and "movement.approved" in r.may]
        if not others and any(consent.party == role.party for consent in terms.movement.consent):
            yield f"alone consents for {role.party}"
    departing = [r.id for r in terms.roles if "movement.departed" in r.may]
    if departing == [unit]:
        yield "alone may say movement.departed"
    if unit in terms.movement.notice_chain:
        yield "is in the notice chain"
    for clause in terms.clauses:
        rule = clause.rule
        if clause.owed_by == unit and rule is not None and rule.for_each == "movement":
            yield f"owes {clause.id}"
