"""What the parties agreed, and whether it was kept."""

from safeconduct.core.agreement.clauses import (
    LANGUAGES,
    ApprovedBeforeDeparture,
    CheckInGap,
    Clause,
    ClosedWithin,
    Consent,
    GateItem,
    MovementTerms,
    NodeKeys,
    NoticeLead,
    PartyTerms,
    Role,
    Rule,
    Terms,
    milliseconds,
)
from safeconduct.core.agreement.explain import explain
from safeconduct.core.agreement.judge import (
    Evidence,
    Finding,
    MovementFacts,
    Notice,
    Outcome,
    Reason,
    judge,
    judge_clause,
)
from safeconduct.core.agreement.read import read_folder, read_terms
from safeconduct.core.agreement.render import render
from safeconduct.core.agreement.write import fill_template, write_folder

__all__ = [
    "LANGUAGES",
    "ApprovedBeforeDeparture",
    "CheckInGap",
    "Clause",
    "ClosedWithin",
    "Consent",
    "Evidence",
    "Finding",
    "GateItem",
    "MovementFacts",
    "MovementTerms",
    "NodeKeys",
    "Notice",
    "NoticeLead",
    "Outcome",
    "PartyTerms",
    "Reason",
    "Role",
    "Rule",
    "Terms",
    "explain",
    "fill_template",
    "judge",
    "judge_clause",
    "milliseconds",
    "read_folder",
    "read_terms",
    "render",
    "write_folder",
]
