"""Reports, disputes and grades of suspension: when they take effect. Part of the one judge in `effect.py`."""

from __future__ import annotations

from collections.abc import Mapping

from safeconduct.core.acts import (
    DutyWaived,
    FactContested,
    FactRuled,
    FieldValue,
    FindingExplained,
    FormFiled,
    RelationStepped,
)
from safeconduct.core.agreement import Field, Terms
from safeconduct.core.record.law import Law, Member
from safeconduct.core.record.order import Said
from safeconduct.core.record.state import IncidentState, MovementState, RegisterState, State, Void

# A party that contests everything would have nothing judged until somebody rules; so many at once on one subject.
CONTESTS_MAX = 3


def step_taken(law: Law, terms: Terms, member: Member, said: Said, act: RelationStepped) -> Void | None:
    """Why a step of the parties' relation has no effect; None if it takes effect (REC-42)."""
    if terms.suspension is None:
        return Void("no_grades", "the agreement has no grades of suspension")
    levels = [level.id for level in terms.suspension.levels]
    if act.level not in levels:
        return Void("no_such_level", f"a level is one of {', '.join(levels)}, got {act.level}")
    now, to = levels.index(law.level(said.agreement, said.position)), levels.index(act.level)
    if to == now:
        return Void("is_at_level", f"the parties work together at level {act.level} already")
    if to < now - 1:
        return Void("too_far_back", f"the way back is one level at a time, next {levels[now - 1]}")
    by = terms.suspension.back if to < now else _steppers(terms, act.level)
    if not any(role in by for role in member.roles):
        return Void("not_your_step", f"a step to {act.level} is said by {', '.join(by) or 'nobody'}")
    return None


def _steppers(terms: Terms, level: str) -> tuple[str, ...]:
    steps = terms.suspension.steps if terms.suspension is not None else ()
    return tuple(dict.fromkeys(role for step in steps if step.to == level for role in step.by))


def report(terms: Terms, state: State | None, act: FormFiled) -> Void | None:
    """Why a report has no effect; None if it takes effect (REC-40)."""
    form = terms.form(act.form)
    if form is None:
        return Void("no_such_form", f"the agreement has no form {act.form}")
    if act.form.startswith("movement.") and not isinstance(state, MovementState):
        return Void("not_requested", "a form about a movement needs one that has been requested")
    wanted = {field.id: field for field in form.fields}
    if act.fields.keys() != wanted.keys():
        return Void(
            "form_incomplete", f"{act.form} asks for {', '.join(wanted) or 'nothing'}, got {', '.join(act.fields)}"
        )
    for name, field in wanted.items():
        if not _fits(field, act.fields[name]):
            return Void("form_invalid", f"{act.form} asks for {name} as {field.type}, got {act.fields[name]!r:.60}")
    return None


def _fits(field: Field, value: FieldValue) -> bool:
    match field.type:
        case "number":
            return isinstance(value, int) and not isinstance(value, bool)
        case "instant":
            return isinstance(value, int) and not isinstance(value, bool) and value >= 0
        case "yes_no":
            return isinstance(value, bool)
        case "names":
            return isinstance(value, tuple)
        case "choice":
            return isinstance(value, str) and value in field.options
        case "digest":
            return isinstance(value, str) and len(value) == 64 and all(c in "0123456789abcdef" for c in value)
        case "text":
            return isinstance(value, str)


def answer(terms: Terms, member: Member, state: State | None, said: Said) -> Void | None:
    """Why contesting, ruling, waiving or explaining has no effect; None if it takes effect (REC-41)."""
    if not isinstance(state, MovementState | RegisterState | IncidentState):
        return Void("nothing_said", f"nothing that could be answered was said of {said.subject}")
    match said.act:
        case FactContested():
            open_ = [c for c in state.contested.values() if c.party == said.party and not _is_decided(terms, c.words)]
            if said.act.statement in state.contested:
                return Void("contested_already", f"statement {said.act.statement[:16]} is contested already")
            if len(open_) >= CONTESTS_MAX:
                return Void(
                    "too_many_contests", f"a party contests {CONTESTS_MAX} facts of a subject at once, got more"
                )
            return None
        case FactRuled():
            if terms.disputes is None or not any(role in terms.disputes.ruled_by for role in member.roles):
                by = ", ".join(terms.disputes.ruled_by) if terms.disputes is not None else "nobody"
                return Void("not_your_ruling", f"a contested fact is ruled on by {by}")
            if said.act.statement not in state.contested:
                return Void("not_contested", f"statement {said.act.statement[:16]} is not contested here")
            return None
        case DutyWaived():
            clause = next((c for c in terms.clauses if c.id == said.act.clause), None)
            if clause is None or clause.rule is None or not clause.rule.waived_by:
                return Void("not_waivable", f"clause {said.act.clause} allows no waiver")
            if not any(role in clause.rule.waived_by for role in member.roles):
                return Void("not_your_waiver", f"a waiver of {clause.id} is for {', '.join(clause.rule.waived_by)}")
            return None
        case FindingExplained():
            if not any(c.id == said.act.clause for c in terms.clauses):
                return Void("no_such_clause", f"the agreement has no clause {said.act.clause}")
            return None
        case _:
            raise AssertionError(said.kind)


def _is_decided(terms: Terms, words: Mapping[str, bool]) -> bool:
    body = terms.disputes.ruled_by if terms.disputes is not None else ()
    said = [words[role] for role in body if role in words]
    return bool(body) and len(said) == len(body) and len(set(said)) == 1
