"""Small agreements with a form, a ruling body and grades of suspension."""

from __future__ import annotations

import msgspec

from safeconduct.core.agreement import Clause, Disputes, Form, Level, Rule, Step, Suspension, Terms
from safeconduct.testing import card_of, small_terms

MORE = (
    "fact.contested",
    "fact.ruled",
    "duty.waived",
    "finding.explained",
    "relation.stepped",
)


def with_form(terms: Terms, form: Form, rule: Rule | None = None) -> Terms:
    """Every role may file the form, and everything else that is said about duties; with a rule, clause F-1 has it."""
    roles = tuple(msgspec.structs.replace(role, may=(*role.may, form.id, *MORE)) for role in terms.roles)
    clauses = terms.clauses
    if rule is not None:
        clauses = (clause_of(rule),)
    return msgspec.structs.replace(terms, roles=roles, forms=(*terms.forms, form), clauses=clauses)


def clause_of(rule: Rule, number: int = 1) -> Clause:
    """A clause of nothing but its rule, owed by the host to the sending party."""
    return Clause(
        id=f"F-{number}",
        title={"en": "clause"},
        text={"en": "text"},
        owed_by="escort_lead",
        owed_to="journey_manager",
        severity="major",
        evidence="statement",
        source="parameter to agree",
        rule=rule,
    )


def graded() -> Terms:
    """Three grades: the duty officer steps down, both managers say the way back."""
    levels = (
        Level(id="full", name={"en": "full"}),
        Level(id="limited", name={"en": "limited"}, refuses=("movement.requested",)),
        Level(id="stopped", name={"en": "stopped"}, refuses=("movement.requested", "movement.departed")),
    )
    suspension = Suspension(
        levels=levels,
        steps=(
            Step(to="limited", by=("duty_officer",), breaches=1, severity="major", within="P30D"),
            Step(to="stopped", by=("duty_officer",), breaches=3, severity="major", within="P30D"),
        ),
        back=("duty_officer", "journey_manager"),
        quiet="P7D",
    )
    terms = with_form(small_terms([card_of("host"), card_of("sending")]), Form(id="post.scanned", name={"en": "scan"}))
    disputes = Disputes(ruled_by=("duty_officer", "approver"))
    return msgspec.structs.replace(terms, suspension=suspension, disputes=disputes)
