"""What the parties agreed, and whether it was kept."""

from safeconduct.core.acts import LANGUAGES, FieldName
from safeconduct.core.agreement.book import Book
from safeconduct.core.agreement.canaries import on_panel, whole_roles
from safeconduct.core.agreement.clauses import (
    BreakGlass,
    Canaries,
    Clause,
    ClauseId,
    Compartment,
    Consent,
    Disputes,
    Field,
    Form,
    GateItem,
    Grade,
    Level,
    MovementTerms,
    Need,
    NodeKeys,
    Officer,
    Parameter,
    PartyTerms,
    PredictabilityTerms,
    Release,
    Role,
    Step,
    Suspension,
    Terms,
    Texts,
)
from safeconduct.core.agreement.compliance import (
    Account,
    ClauseRow,
    Compliance,
    Matter,
    OwnerRow,
    Tally,
    decided_at,
    measure,
)
from safeconduct.core.agreement.contest import Contest, contests, judge_subject
from safeconduct.core.agreement.docket import Docket, Versions
from safeconduct.core.agreement.events import Event, Evidence, MovementView, Receipts, event_name, no_receipts
from safeconduct.core.agreement.explain import explain
from safeconduct.core.agreement.faults import Lint
from safeconduct.core.agreement.finding import Finding, Outcome, Reason
from safeconduct.core.agreement.histories import HistoryStep
from safeconduct.core.agreement.instants import milliseconds, moment, span_ms
from safeconduct.core.agreement.limits import FOLDER_BYTES_MAX, PROBLEMS_MAX
from safeconduct.core.agreement.lint import lint, lint_folder
from safeconduct.core.agreement.read import AGREEMENT_FILE, read_folder, read_placed, read_terms
from safeconduct.core.agreement.render import render
from safeconduct.core.agreement.rules import (
    Always,
    Count,
    Equal,
    EventName,
    Gap,
    Must,
    Never,
    One,
    Pattern,
    Recur,
    Relay,
    Rule,
)
from safeconduct.core.agreement.shape import Report, check_shape, expected, one_of, shown, suggestion
from safeconduct.core.agreement.suspension import may_return, steps_called_for
from safeconduct.core.agreement.texts import clause_text
from safeconduct.core.agreement.tree import BEGIN, read_yaml
from safeconduct.core.agreement.tree import Mark as TreeMark
from safeconduct.core.agreement.tree import Path as TreePath
from safeconduct.core.agreement.tree import Value as TreeValue
from safeconduct.core.agreement.wording import grade_text, instant_text, isolated
from safeconduct.core.agreement.write import fill_template, set_parameters, write_folder

__all__ = [
    "AGREEMENT_FILE",
    "BEGIN",
    "FOLDER_BYTES_MAX",
    "LANGUAGES",
    "PROBLEMS_MAX",
    "Account",
    "Always",
    "Book",
    "BreakGlass",
    "Canaries",
    "Clause",
    "ClauseId",
    "ClauseRow",
    "Compartment",
    "Compliance",
    "Consent",
    "Contest",
    "Count",
    "Disputes",
    "Docket",
    "Equal",
    "Event",
    "EventName",
    "Evidence",
    "Field",
    "FieldName",
    "Finding",
    "Form",
    "Gap",
    "GateItem",
    "Grade",
    "HistoryStep",
    "Level",
    "Lint",
    "Matter",
    "MovementTerms",
    "MovementView",
    "Must",
    "Need",
    "Never",
    "NodeKeys",
    "Officer",
    "One",
    "Outcome",
    "OwnerRow",
    "Parameter",
    "PartyTerms",
    "Pattern",
    "PredictabilityTerms",
    "Reason",
    "Receipts",
    "Recur",
    "Relay",
    "Release",
    "Report",
    "Role",
    "Rule",
    "Step",
    "Suspension",
    "Tally",
    "Terms",
    "Texts",
    "TreeMark",
    "TreePath",
    "TreeValue",
    "Versions",
    "check_shape",
    "clause_text",
    "contests",
    "decided_at",
    "event_name",
    "expected",
    "explain",
    "fill_template",
    "grade_text",
    "instant_text",
    "isolated",
    "judge_subject",
    "lint",
    "lint_folder",
    "may_return",
    "measure",
    "milliseconds",
    "moment",
    "no_receipts",
    "on_panel",
    "one_of",
    "read_folder",
    "read_placed",
    "read_terms",
    "read_yaml",
    "render",
    "set_parameters",
    "shown",
    "span_ms",
    "steps_called_for",
    "suggestion",
    "whole_roles",
    "write_folder",
]
