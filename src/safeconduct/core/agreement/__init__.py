"""What the parties agreed, and whether it was kept."""

from safeconduct.core.agreement.book import Book
from safeconduct.core.agreement.clauses import (
    LANGUAGES,
    Clause,
    Compartment,
    Consent,
    Disputes,
    Field,
    Form,
    GateItem,
    Level,
    MovementTerms,
    NodeKeys,
    Parameter,
    PartyTerms,
    Release,
    Role,
    Step,
    Suspension,
    Terms,
)
from safeconduct.core.agreement.contest import Contest, contests, judge_subject
from safeconduct.core.agreement.docket import Docket, Versions
from safeconduct.core.agreement.events import Event, Evidence, MovementView, Receipts, event_name, no_receipts
from safeconduct.core.agreement.explain import explain
from safeconduct.core.agreement.finding import Finding, Outcome, Reason
from safeconduct.core.agreement.instants import milliseconds
from safeconduct.core.agreement.read import read_folder, read_terms
from safeconduct.core.agreement.render import render
from safeconduct.core.agreement.rules import (
    Always,
    Count,
    Equal,
    Gap,
    Must,
    Never,
    One,
    Pattern,
    Recur,
    Relay,
    Rule,
)
from safeconduct.core.agreement.suspension import may_return, steps_called_for
from safeconduct.core.agreement.write import fill_template, set_parameters, write_folder

__all__ = [
    "LANGUAGES",
    "Always",
    "Book",
    "Clause",
    "Compartment",
    "Consent",
    "Contest",
    "Count",
    "Disputes",
    "Docket",
    "Equal",
    "Event",
    "Evidence",
    "Field",
    "Finding",
    "Form",
    "Gap",
    "GateItem",
    "Level",
    "MovementTerms",
    "MovementView",
    "Must",
    "Never",
    "NodeKeys",
    "One",
    "Outcome",
    "Parameter",
    "PartyTerms",
    "Pattern",
    "Reason",
    "Receipts",
    "Recur",
    "Relay",
    "Release",
    "Role",
    "Rule",
    "Step",
    "Suspension",
    "Terms",
    "Versions",
    "contests",
    "event_name",
    "explain",
    "fill_template",
    "judge_subject",
    "may_return",
    "milliseconds",
    "no_receipts",
    "read_folder",
    "read_terms",
    "render",
    "set_parameters",
    "steps_called_for",
    "write_folder",
]
