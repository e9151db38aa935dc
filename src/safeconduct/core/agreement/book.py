"""An agreement made ready for judging: which clause listens to which event, with its conditions compiled."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import TypeAlias

import msgspec
from cel_expr_python import cel

from safeconduct.core.agreement.case import Frame
from safeconduct.core.agreement.clauses import Clause, Form, Parameter, Terms
from safeconduct.core.agreement.conditions import (
    NAMES,
    NUMBER,
    TEXT,
    TRUTH,
    Compiled,
    Scope,
    Value,
    body_names,
    body_value,
    nothing,
    parameter_names,
    parameter_value,
    subject_names,
    trigger_names,
)
from safeconduct.core.agreement.instants import Calendar, InstantAt, read_instant, read_period, span_ms
from safeconduct.core.agreement.rules import (
    Always,
    Count,
    Demand,
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
from safeconduct.core.statement import encode

_PARAMETER = re.compile(r"param\.([a-z][a-z0-9_]*)")

Getter: TypeAlias = Callable[[Frame], Value]


class Asked(msgspec.Struct, frozen=True):
    """A condition with the way to each of its values."""

    compiled: Compiled
    fixed: Mapping[str, Value]
    getters: tuple[tuple[str, Getter], ...]

    def holds(self, frame: Frame) -> bool:
        return self.compiled.holds(self._values(frame))

    def value(self, frame: Frame) -> Value | None:
        return self.compiled.value(self._values(frame))

    def _values(self, frame: Frame) -> dict[str, object]:
        values: dict[str, object] = dict(self.fixed)
        for name, get in self.getters:
            found = get(frame)
            # CEL's lists are Python's lists.
            values[name] = list(found) if isinstance(found, tuple) else found
        return values


class Matcher(msgspec.Struct, frozen=True):
    """A pattern made ready."""

    event: str
    by: tuple[str, ...]
    party: str | None
    where: Asked | None
    effect: str

    def matches(self, frame: Frame) -> bool:
        """Whether the frame's event is meant; its name has been looked at."""
        event = frame.event
        if self.effect != "any" and (self.effect == "taken") == bool(event.void):
            return False
        if self.party is not None and event.party != self.party:
            return False
        if self.by and not any(role in self.by for role in event.roles):
            return False
        return self.where is None or self.where.holds(frame)


class Ready(msgspec.Struct, frozen=True, kw_only=True):
    """A clause with a rule, made ready. Spans in ms; conditions and instants only where its demand has them."""

    clause: Clause
    rule: Rule
    demand: Demand
    creditor: str
    agreement: str
    when: Matcher
    hit: Matcher | None
    until: Matcher | None
    unless: tuple[Matcher, ...]
    grace: int
    cure: int
    due: InstantAt | None = None
    not_before: InstantAt | None = None
    span: int = 0
    calendar: Calendar | None = None
    of: Matcher | None = None
    given_up: Matcher | None = None
    asked: Mapping[str, Asked] = {}
    parameters: Mapping[str, Value] = {}

    def is_same(self, other: Ready) -> bool:
        """Whether two versions have the same rule, with the same values of the parameters that it names."""
        return self.rule == other.rule and self.parameters == other.parameters


class Book:
    """All clauses of one version of an agreement that have a rule, by the events that they listen to."""

    def __init__(self, terms: Terms) -> None:
        self.terms = terms
        self.digest = terms.digest
        scopes = Scopes(terms.forms, terms.parameters)
        self.ready: tuple[Ready, ...] = tuple(
            _Maker(terms, self.digest, scopes, clause, clause.rule).make()
            for clause in terms.clauses
            if clause.rule is not None
        )
        # (kind of subject, name of event) → clauses that it may call up; clauses whose obligations listen to it.
        self.calls: dict[tuple[str, str], list[Ready]] = {}
        self.listens: dict[tuple[str, str], list[Ready]] = {}
        # Names of events that a clause may ask about after the fact.
        self.keeps: set[tuple[str, str]] = set()
        # Names of forms that instants are taken from.
        self.anchors: set[tuple[str, str]] = set()
        for ready in self.ready:
            kind = ready.rule.for_each
            for at in (ready.due, ready.not_before):
                if at is not None and at.anchor.startswith("filed."):
                    self.anchors.add((kind, f"{kind}.{at.anchor.split('.')[1]}"))
            self.calls.setdefault((kind, ready.when.event), []).append(ready)
            heard = [ready.hit, ready.until, ready.of, ready.given_up, *ready.unless]
            for name in dict.fromkeys(matcher.event for matcher in heard if matcher is not None):
                self.listens.setdefault((kind, name), []).append(ready)
            if isinstance(ready.demand, Must) and ready.demand.since == "start":
                self.keeps.add((kind, ready.demand.event))
            if isinstance(ready.demand, One):
                self.keeps.update({(kind, ready.demand.taken.event), (kind, ready.demand.given_up.event)})

    def clause(self, clause_id: str) -> Ready | None:
        """The clause of that number, if it has a rule."""
        return next((ready for ready in self.ready if ready.clause.id == clause_id), None)


class _Maker:
    """Makes one clause ready. What it needs has been checked when the agreement was read."""

    def __init__(self, terms: Terms, digest: str, scopes: Scopes, clause: Clause, rule: Rule) -> None:
        self._clause, self._rule = clause, rule
        self._parameters = {parameter.id: parameter_value(parameter) for parameter in terms.parameters}
        self._spans = {name: value for name, value in self._parameters.items() if isinstance(value, int)}
        self._scopes = scopes
        self._digest = digest
        creditor = terms.role(clause.owed_to)
        self._creditor = creditor.party if creditor is not None else ""

    def make(self) -> Ready:
        rule, demand = self._rule, self._rule.demand
        hit = self._matcher(demand) if isinstance(demand, Pattern) else None
        until: Pattern | None = getattr(demand, "until", None)
        more: dict[str, object] = {}
        asked: dict[str, tuple[str | None, str | None, cel.Type | None]] = {}
        due = not_before = None
        match demand:
            case Must():
                due = read_instant(demand.due, self._spans)
                not_before = read_instant(demand.not_before, self._spans) if demand.not_before else None
            case Always():
                asked["hold"] = (demand.hold, None, TRUTH)
            case Never():
                due = read_instant(demand.before, self._spans) if demand.before else None
            case Relay():
                due = read_instant(demand.due, self._spans) if demand.due else None
                more["span"] = span_ms(demand.within, self._spans)
                asked["hop"] = (demand.hop, demand.event, TEXT)
                asked["chain_of"] = (demand.chain_of, rule.when.event, NAMES)
            case Gap():
                more["span"] = span_ms(demand.at_most, self._spans)
            case Recur():
                more["calendar"] = read_period(demand.every, self._spans)
            case Count():
                due = read_instant(demand.due, self._spans) if demand.due else None
                more["of"] = self._matcher(demand.of) if demand.of is not None else None
                asked["distinct"] = (demand.distinct, demand.event, TEXT)
                for limit in ("at_least", "at_most", "percent"):
                    asked[limit] = (getattr(demand, limit), rule.when.event, NUMBER)
            case Equal():
                due = read_instant(demand.due, self._spans)
                asked["planned"] = (demand.planned, rule.when.event, None)
                asked["actual"] = (demand.actual, demand.event, None)
            case One():
                hit = self._matcher(demand.taken)
                more["given_up"] = self._matcher(demand.given_up)
                asked["holder"] = (demand.holder, demand.taken.event, TEXT)
                asked["left"] = (demand.holder, demand.given_up.event, TEXT)
        return Ready(
            clause=self._clause,
            rule=rule,
            demand=demand,
            creditor=self._creditor,
            agreement=self._digest,
            when=self._matcher(rule.when, trigger=False),
            hit=hit,
            until=self._matcher(until) if until is not None else None,
            unless=tuple(self._matcher(pattern) for pattern in rule.unless),
            grace=span_ms(rule.grace, self._spans),
            cure=span_ms(rule.cure, self._spans),
            due=due,
            not_before=not_before,
            asked={
                name: self._asked(source, event, wanted)
                for name, (source, event, wanted) in asked.items()
                if source is not None
            },
            parameters={name: self._parameters[name] for name in _PARAMETER.findall(encode(rule).decode())},
            **more,  # type: ignore[arg-type]  # each is of the field's type
        )

    def _matcher(self, pattern: Pattern, *, trigger: bool = True) -> Matcher:
        where = self._asked(pattern.where, pattern.event, TRUTH, trigger=trigger) if pattern.where else None
        return Matcher(pattern.event, pattern.by, pattern.party, where, pattern.effect)

    def _asked(self, source: str, event: str | None, wanted: cel.Type | None, *, trigger: bool = True) -> Asked:
        scope = self._scopes.scope(self._rule.for_each, event, self._rule.when.event if trigger else None)
        compiled = scope.compile(source, wanted)
        fixed: dict[str, Value] = {}
        getters: list[tuple[str, Getter]] = []
        for name in compiled.names:
            if name.startswith("param."):
                value = self._parameters[name.removeprefix("param.")]
                fixed[name] = list(value) if isinstance(value, tuple) else value  # type: ignore[assignment]
            else:
                getters.append((name, _getter(name, nothing(scope.names[name]))))
        return Asked(compiled, fixed, tuple(getters))


class Scopes:
    """The scopes of one agreement's conditions, each made once."""

    def __init__(self, forms: Iterable[Form], parameters: Iterable[Parameter]) -> None:
        self._forms = {form.id: form for form in forms}
        self._parameters = parameter_names({parameter.id: parameter for parameter in parameters})
        self._made: dict[tuple[str, str | None, str | None], Scope] = {}

    def scope(self, kind: str, event: str | None, trigger: str | None) -> Scope:
        """What a condition may name in a rule for this kind of subject, asked of this event, called up by that one."""
        key = (kind, event, trigger)
        if key not in self._made:
            self._made[key] = Scope(
                {
                    **subject_names(kind, self._forms),
                    **(body_names("body", event, self._forms) if event is not None else {}),
                    **(trigger_names(trigger, self._forms) if trigger is not None else {}),
                    **self._parameters,
                }
            )
        return self._made[key]


def _getter(name: str, absent: Value) -> Getter:
    """The way to a value that a condition names."""
    words = name.split(".")
    match words:
        case ["event", "roles"]:
            return lambda frame: frame.event.roles
        case ["event", "name"]:
            return lambda frame: frame.event.name
        case ["event", "party"]:
            return lambda frame: frame.event.party
        case ["event", "actor"]:
            return lambda frame: frame.event.actor
        case ["event", "t"]:
            return lambda frame: frame.event.t
        case ["event", "void"]:
            return lambda frame: frame.event.void
        case ["body", field]:
            return lambda frame: body_value(frame.event.act, field, absent)
        case ["trigger", "body", field]:
            return lambda frame: body_value(frame.trigger.act, field, absent) if frame.trigger else absent
        case ["trigger", "t"]:
            return lambda frame: frame.trigger.t if frame.trigger else 0
        case ["trigger", field]:
            return lambda frame: getattr(frame.trigger, field) if frame.trigger else ""
        case ["plan", "purpose"]:
            return lambda frame: frame.view.plan.purpose if frame.view else absent
        case ["plan", part, field]:
            return lambda frame: _or(getattr(getattr(frame.view.plan, part), field), absent) if frame.view else absent
        case ["movement", "unapproved"]:
            return lambda frame: frame.view.unapproved() if frame.view else ()
        case ["movement", "open_items"]:
            return lambda frame: frame.view.open_items() if frame.view else ()
        case ["movement", field]:
            return lambda frame: getattr(frame.view, field) if frame.view else absent
        case ["filed", form, "count"]:
            return lambda frame: frame.count(form)
        case ["filed", form, "t"]:
            return lambda frame: found.t if (found := frame.filed(form)) else 0
        case ["filed", form, field]:
            return lambda frame: body_value(found.act, field, absent) if (found := frame.filed(form)) else absent
        case ["said", kind]:
            return lambda frame: frame.count(kind)
        case _:
            raise AssertionError(name)


def _or(value: Value | None, absent: Value) -> Value:
    return absent if value is None else value
