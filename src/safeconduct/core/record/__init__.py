"""One history, folded: the record's order, its law, and the state of every subject."""

from safeconduct.core.record.digest import law_digest, record_digest, state_digest
from safeconduct.core.record.effect import judge, phase_at, terms_of
from safeconduct.core.record.fold import Folded, Line, fold, fold_law, is_law, step
from safeconduct.core.record.gate import GateLine, missing_consent, ready_gate, same_part
from safeconduct.core.record.judging import (
    event_of,
    explaining,
    findings_bytes,
    findings_digest,
    findings_of,
    subject_digest,
    versions_for,
)
from safeconduct.core.record.keybook import KeyBook, read_unverified
from safeconduct.core.record.law import Anchor, Law, Member, Version
from safeconduct.core.record.order import Position, Said, place, saw, tick
from safeconduct.core.record.scenario import Scenario
from safeconduct.core.record.scenario_text import FilesOf, read_scenario
from safeconduct.core.record.state import (
    BEFORE_DEPARTURE,
    GAVE_UP,
    Contested,
    Filed,
    FindingsState,
    IncidentState,
    LogState,
    Mark,
    MovementState,
    Phase,
    RegisterState,
    Registration,
    State,
    Void,
)
from safeconduct.core.record.trial import MutationTrial, Told, Trial, Verdict, try_scenario
from safeconduct.core.record.views import Hop, notice_chain

__all__ = [
    "BEFORE_DEPARTURE",
    "GAVE_UP",
    "Anchor",
    "Contested",
    "Filed",
    "FilesOf",
    "FindingsState",
    "Folded",
    "GateLine",
    "Hop",
    "IncidentState",
    "KeyBook",
    "Law",
    "Line",
    "LogState",
    "Mark",
    "Member",
    "MovementState",
    "MutationTrial",
    "Phase",
    "Position",
    "RegisterState",
    "Registration",
    "Said",
    "Scenario",
    "State",
    "Told",
    "Trial",
    "Verdict",
    "Version",
    "Void",
    "event_of",
    "explaining",
    "findings_bytes",
    "findings_digest",
    "findings_of",
    "fold",
    "fold_law",
    "is_law",
    "judge",
    "law_digest",
    "missing_consent",
    "notice_chain",
    "phase_at",
    "place",
    "read_scenario",
    "read_unverified",
    "ready_gate",
    "record_digest",
    "same_part",
    "saw",
    "state_digest",
    "step",
    "subject_digest",
    "terms_of",
    "tick",
    "try_scenario",
    "versions_for",
]
