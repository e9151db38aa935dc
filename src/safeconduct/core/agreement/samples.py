"""What might be said where a clause listens: acts whose bodies lie on both sides of the clauses' own conditions.

From every condition of the clauses at hand the numbers, texts and parameters are taken, and each field that a condition
asks gets the values at which the condition could change. Deterministic, and of bounded size.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice, product

import msgspec

from safeconduct.core.acts import (
    CATALOGUE,
    Act,
    DutyWaived,
    Escort,
    FactContested,
    FactRuled,
    FieldValue,
    FindingExplained,
    FormFiled,
    MovementAcknowledged,
    MovementApproved,
    MovementChanged,
    MovementRelayed,
    MovementRequested,
    People,
    Plan,
    Route,
    Speaker,
    Timing,
)
from safeconduct.core.agreement.book import Ready
from safeconduct.core.agreement.clauses import Field, Terms
from safeconduct.core.agreement.conditions import NAMES, NUMBER, TEXT, TRUTH, body_names, parameter_value
from safeconduct.core.agreement.instants import milliseconds
from safeconduct.core.agreement.rules import Condition, Pattern, Rule
from safeconduct.core.agreement.stage import Stage
from safeconduct.core.statement import digest

MINUTE = 60_000
HOUR = 60 * MINUTE
DAY = 24 * HOUR
# Histories begin on a Monday at 06:00 UTC, and windows open at 09:00: by day, where people travel by day.
BEGIN = 1_798_437_600_000
# Bodies of one event that are tried at one place; of a field, values.
BODIES_MAX = 48
VALUES_MAX = 12
# Further texts where a clause counts different ones.
TEXTS_MAX = 8
SPEAKERS_MAX = 8
# How often the same is said where a condition counts it.
REPEATS_MAX = 8

_TEXT = re.compile(r"\"([^\"\\\n]*)\"|'([^'\\\n]*)'")
_NUMBER = re.compile(r"(?<![A-Za-z0-9_.])[0-9]{1,12}(?![A-Za-z0-9_.])")
_PARAMETER = re.compile(r"param\.([a-z][a-z0-9_]*)")
_ASKED = re.compile(r"\b(filed|said)\.([a-z][a-z0-9_]*)")
_COUNTED = re.compile(r"\b(?:filed\.([a-z][a-z0-9_]*)\.count|said\.([a-z][a-z0-9_]*))")
_COMPARED = re.compile(r"(?:trigger\.body|filed\.[a-z][a-z0-9_]*)\.([a-z][a-z0-9_]*)")
_PLANNED = re.compile(r"plan\.(route|timing|people|escort)\.([a-z_]+)")
_ZERO_DIGEST = "0" * 64
Samples = Mapping[str, Sequence[FieldValue]]


def conditions_of(rule: Rule) -> Iterator[Condition]:
    """Every condition that a rule has, its instants and spans too, as far as they name a field."""
    demand = rule.demand
    patterns: list[object] = [rule.when, demand, *rule.unless]
    patterns += [getattr(demand, name, None) for name in ("until", "of", "taken", "given_up")]
    for pattern in patterns:
        if isinstance(pattern, Pattern) and pattern.where is not None:
            yield pattern.where
    for name in (
        "hold", "hop", "chain_of", "at_least", "at_most", "distinct", "percent", "planned", "actual", "holder",
        "due", "not_before", "before",
    ):  # fmt: skip
        found = getattr(demand, name, None)
        if isinstance(found, str):
            yield found


def questions_of(rule: Rule) -> list[Condition]:
    """The conditions of a rule that are in CEL: all but its instants."""
    instants = [getattr(rule.demand, name, None) for name in ("due", "not_before", "before")]
    return [condition for condition in conditions_of(rule) if condition not in instants]


def patterns_of(rule: Rule) -> Iterator[Pattern]:
    """Every pattern of a rule."""
    demand = rule.demand
    yield rule.when
    for pattern in (demand, *(getattr(demand, name, None) for name in ("until", "of", "taken", "given_up"))):
        if isinstance(pattern, Pattern):
            yield pattern
    yield from rule.unless


def asked_about(rule: Rule) -> tuple[str, ...]:
    """Forms and acts of which a condition of the rule asks whether they were said, or what they said."""
    names: dict[str, None] = {}
    for source in conditions_of(rule):
        for family, short in _ASKED.findall(source):
            name = f"{rule.for_each}.{short}"
            if family == "filed" or name in CATALOGUE:
                names[name] = None
        if "movement.excepted" in source or "movement.open_items" in source:
            names["movement.excepted"] = None
        if "movement.phase" in source:
            phases = [f"movement.{first or second}" for first, second in _TEXT.findall(source)]
            names.update(dict.fromkeys(phase for phase in phases if phase in CATALOGUE))
    return tuple(names)


class Sampler:
    """Acts that some clauses of an agreement could ask about."""

    def __init__(self, terms: Terms, clauses: Sequence[Ready]) -> None:
        self.terms, self.clauses = terms, clauses
        self._sources = tuple(dict.fromkeys(s for ready in clauses for s in conditions_of(ready.rule)))
        self._parameters = {parameter.id: parameter_value(parameter) for parameter in terms.parameters}
        self._forms = {form.id: form for form in terms.forms}
        self._lead = self._longest_lead()
        self._known: dict[tuple[str, str], tuple[dict[str, object], ...]] = {}
        # Whether some field or event had more values than are tried.
        self.is_cut = False

    # --- who ----------------------------------------------------------------------------------------------------------

    def speakers(self, event: str) -> tuple[str, ...]:
        """Roles that may say it; those that the clauses name first, then one for each party, then the others."""
        entry = CATALOGUE.get(event)
        if entry is not None and entry.speaker is not Speaker.ROLE:
            return tuple(party.id for party in self.terms.parties)
        able = [role for role in self.terms.roles if event in role.may]
        named = {role for ready in self.clauses for pattern in patterns_of(ready.rule) for role in pattern.by}
        named |= {ready.clause.owed_by for ready in self.clauses}
        named |= {text for source in self._sources for pair in _TEXT.findall(source) for text in pair if text}
        first_of = {role.party: role.id for role in reversed(able)}
        ranked = sorted(able, key=lambda role: (role.id not in named, first_of[role.party] != role.id))
        self.is_cut |= len(ranked) > SPEAKERS_MAX
        return tuple(role.id for role in ranked[:SPEAKERS_MAX])

    def repeats(self, ready: Ready) -> Mapping[str, int]:
        """What a condition counts, and how often it may have to be said before the condition changes."""
        found: dict[str, int] = {}
        for source in conditions_of(ready.rule):
            for filed, said in _COUNTED.findall(source):
                _, numbers = self._constants([source])
                wanted = max([n + 1 for n in numbers if n < 1_000], default=1)
                self.is_cut |= wanted > REPEATS_MAX
                found[f"{ready.rule.for_each}.{filed or said}"] = min(wanted, REPEATS_MAX)
        return found

    # --- what ---------------------------------------------------------------------------------------------------------

    def acts(self, event: str, role: str, t: int, stage: Stage) -> Iterator[Act]:
        """Acts of that name that the role could say at `t`, the usual one first."""
        match event:
            case "movement.requested":
                yield from (MovementRequested(plan=plan) for plan in self.plans(t))
            case "movement.changed":
                yield from self._changes(stage)
            case "movement.approved":
                if stage.plan is not None:
                    yield MovementApproved(plan=digest(stage.plan))
            case "movement.acknowledged":
                yield MovementAcknowledged(role=role)
            case "movement.relayed":
                chain = self.terms.movement.notice_chain
                if role in chain[:-1]:
                    yield MovementRelayed(role=role, to_role=chain[chain.index(role) + 1])
            case "fact.contested":
                yield FactContested(statement=stage.last_id or _ZERO_DIGEST, account="it was not so")
            case "fact.ruled":
                yield FactRuled(statement=stage.last_id or _ZERO_DIGEST, stands=True, reason="both were heard")
            case "duty.waived" | "finding.explained":
                for ready in self.clauses:
                    if event == "finding.explained":
                        yield FindingExplained(clause=ready.clause.id, account="it was so because")
                    elif role in ready.rule.waived_by:
                        yield DutyWaived(clause=ready.clause.id, reason="agreed")
            case _:
                for fields in self._bodies(event, role, t, stage):
                    made = self._act(event, fields)
                    if made is not None:
                        yield made

    def plans(self, t: int) -> Iterator[Plan]:
        """Plans of a movement that is asked for at `t`: in good time, and at once."""
        mentioned = {name: self._plan_values(name) for name in self._mentioned_plan()}
        day = -(-(t + self._lead - BEGIN) // DAY) * DAY + BEGIN
        hours = (3, 9, 15, 21) if any(f"% {DAY}" in source for source in self._sources) else (3,)
        for opens in (*(day + hour * HOUR for hour in hours), *self._near_openings(t)):
            for values in self._product(mentioned):
                plan = _plan(self._timing(opens), values)
                if plan is not None:
                    yield plan

    def _near_openings(self, t: int) -> Sequence[int]:
        """When a window opens so that a condition on the plan's instants is only just true, or only just not."""
        sources = [source for source in self._sources if "plan.timing" in source]
        if not sources:
            return ()
        before = milliseconds(self.terms.movement.review_before)
        _, numbers = self._constants(sources)
        spans = [0, *(n for n in numbers if MINUTE <= n <= 400 * DAY)]
        near = [t + span + d for span in spans for d in (0, MINUTE, -MINUTE, before, before + MINUTE) if span + d >= 0]
        self.is_cut |= len(near) > VALUES_MAX
        return tuple(dict.fromkeys(near))[:VALUES_MAX]

    def _timing(self, earliest: int) -> Timing:
        before = milliseconds(self.terms.movement.review_before)
        return Timing(earliest=earliest, latest=earliest + 4 * HOUR, review_by=earliest - before)

    def _changes(self, stage: Stage) -> Iterator[Act]:
        plan = stage.plan
        if plan is None:
            return
        people = msgspec.structs.replace(plan.people, count=plan.people.count + 1)
        yield MovementChanged(plan=msgspec.structs.replace(plan, people=people), reason="one more")
        for other in islice(self.plans(plan.timing.earliest - self._lead - 3 * HOUR), BODIES_MAX):
            if digest(other) != digest(plan):
                yield MovementChanged(plan=other, reason="as agreed")

    def _longest_lead(self) -> int:
        """How long before its window opens a movement is asked for, so that no clause is late already."""
        named = {name for source in self._sources for name in _PARAMETER.findall(source)}
        lead = [v for k, v in self._parameters.items() if k in named and isinstance(v, int) and v >= MINUTE]
        offsets = [-i.offset for ready in self.clauses for i in (ready.due, ready.not_before) if i is not None]
        return min(400 * DAY, 2 * DAY + 2 * max([*lead, *offsets, 0]))

    # --- bodies -------------------------------------------------------------------------------------------------------

    def _bodies(self, event: str, role: str, t: int, stage: Stage) -> Iterator[dict[str, object]]:
        plain = self._plain(event, role, t, stage)
        mentioned = {
            name: self._values(event, name, plain.get(name), t, stage)
            for name in self._mentioned(event)
        }  # fmt: skip
        if event in ("movement.attested", "movement.excepted"):
            mentioned.setdefault("item", tuple(self._items(event, role)))
        for values in self._product(mentioned):
            fields = {**plain, **values}
            if event == "movement.attested":
                item = next((g for g in self.terms.movement.ready_gate if g.id == fields["item"]), None)
                if item is not None and item.check == "heads":
                    fields.setdefault("heads", stage.plan.people.count if stage.plan else 1)
            yield fields

    def _plain(self, event: str, role: str, t: int, stage: Stage) -> dict[str, object]:
        """The body that somebody with nothing special to say would send."""
        form = self._forms.get(event)
        if form is not None:
            return {field.id: _plain_value(field, t) for field in form.fields}
        people = stage.plan.people.count if stage.plan is not None else 1
        match event:
            case "movement.attested":
                return {"item": next(iter(self._items(event, role)), "none"), "holds": True}
            case "movement.excepted":
                return {"item": next(iter(self._items(event, role)), "none"), "reason": "needed"}
            case "movement.departed" | "movement.arrived":
                return {"heads": people}
            case "movement.refused" | "movement.cancelled" | "movement.aborted":
                return {"reason": "not today"}
            case "site.registered":
                return {"name": "site", "district": "district", "latitude_e7": 0, "longitude_e7": 0}
            case "group.registered":
                return {"label": "group", "category": "project", "people": 1}
            case "person.registered":
                return {"group": "group", "dossier": _ZERO_DIGEST}
            case "relation.stepped":
                levels = self.terms.suspension.levels if self.terms.suspension is not None else ()
                return {"level": levels[1].id if levels else "level", "reason": "as agreed"}
            case "incident.raised":
                return {"about": self.terms.parties[0].id, "category": "other", "account": "account"}
            case _:
                return {}

    def _items(self, event: str, role: str) -> Iterator[str]:
        for item in self.terms.movement.ready_gate:
            if event == "movement.attested" and role in item.by:
                yield item.id
            if event == "movement.excepted" and item.exception_by == role:
                yield item.id

    def _act(self, event: str, fields: Mapping[str, object]) -> Act | None:
        if event in self._forms:
            return FormFiled(form=event, fields=dict(fields))  # type: ignore[arg-type]  # values of the form's types
        try:
            return msgspec.convert(dict(fields), CATALOGUE[event].body)
        except (msgspec.ValidationError, KeyError):
            return None

    def _product(self, values: Mapping[str, Sequence[FieldValue]]) -> Iterator[dict[str, FieldValue]]:
        """Combinations of values, near ones of the usual body first; at most BODIES_MAX of them."""
        total = 1
        for options in values.values():
            total *= max(1, len(options))
        self.is_cut |= total > BODIES_MAX
        names = list(values)
        if total <= BODIES_MAX:
            for chosen in product(*values.values()):
                yield dict(zip(names, chosen, strict=True))
            return
        # Too many: every value of one field with the usual ones of the others, then all fields in step.
        usual = {name: options[0] for name, options in values.items() if options}
        yield usual
        count = 1
        for step in range(1, VALUES_MAX):
            if count < BODIES_MAX:
                yield {name: options[min(step, len(options) - 1)] for name, options in values.items() if options}
                count += 1
        for name, options in values.items():
            for option in options[1:]:
                if count < BODIES_MAX:
                    yield {**usual, name: option}
                    count += 1

    # --- values -------------------------------------------------------------------------------------------------------

    def _mentioned(self, event: str) -> tuple[str, ...]:
        """Fields of the event that some condition asks."""
        short = event.split(".", 1)[1]
        fields = [name.removeprefix("body.") for name in body_names("body", event, self._forms)]
        return tuple(
            field
            for field in fields
            if any(
                re.search(rf"(?<![A-Za-z0-9_])(body|filed\.{short})\.{field}(?![A-Za-z0-9_])", source)
                for source in self._sources
            )
        )

    def _sources_of(self, name: str) -> list[str]:
        return [source for source in self._sources if re.search(rf"\.{name}(?![A-Za-z0-9_])", source)]

    def _values(self, event: str, name: str, plain: object, t: int, stage: Stage) -> Sequence[FieldValue]:
        form = self._forms.get(event)
        field = next((f for f in form.fields if f.id == name), None) if form is not None else None
        texts, numbers = self._constants(self._sources_of(name))
        type_ = body_names("body", event, self._forms)[f"body.{name}"]
        # What an earlier statement, or the plan, says where a condition compares the two.
        earlier = self._earlier(name, stage)
        usual = [value for value in (*earlier, plain) if isinstance(value, str | int | tuple) and _is_of(value, type_)]
        match field.type if field is not None else "":
            case "choice":
                assert field is not None
                return self._cut([*usual, *(o for o in field.options if o in texts), *field.options])
            case "yes_no":
                return (True, False)
            case "digest":
                return self._cut([*usual, _ZERO_DIGEST])
            case "instant":
                timing = [stage.plan.timing.earliest, stage.plan.timing.latest] if stage.plan is not None else []
                return self._cut([*usual, t + 4_000 * DAY, *timing, t - DAY, 0])
        if type_ == TRUTH:
            return (True, False)
        if type_ == NUMBER:
            near = [n + d for n in numbers for d in (0, 1, -1) if n + d >= 0]
            return self._cut([*usual, 1, *near, 0, 10_000])
        if type_ == NAMES:
            return self._lists(texts, numbers)
        more = [f"{plain or 'text'}-{n}" for n in range(2, TEXTS_MAX)] if self._is_counted(name) else []
        return self._cut([*usual, *texts, *more, *(["another"] if not more else [])])

    def _earlier(self, name: str, stage: Stage) -> list[FieldValue]:
        sources = self._sources_of(name)
        compared = {name for source in sources for name in _COMPARED.findall(source)}
        found: list[object] = []
        for act in reversed(stage.said):
            fields = act.fields if isinstance(act, FormFiled) else msgspec.structs.asdict(act)
            found += [fields[field] for field in sorted(compared) if field in fields]
        for part, field in dict.fromkeys(pair for source in sources for pair in _PLANNED.findall(source)):
            found.append(getattr(getattr(stage.plan, part, None), field, None))
        return [value for value in found if isinstance(value, str | int | tuple)][:VALUES_MAX]

    def _is_counted(self, name: str) -> bool:
        demands = [ready.demand for ready in self.clauses]
        return any(name in str(getattr(demand, "distinct", "")) for demand in demands)

    def _lists(self, texts: Sequence[str], numbers: Sequence[int]) -> Sequence[FieldValue]:
        sizes = [n + d for n in numbers for d in (0, 1, -1) if 0 <= n + d <= 64]
        lists: list[FieldValue] = [("text",), *((text,) for text in texts[:4]), tuple(texts[:8])]
        lists += [(*texts[:size], *(f"text-{n}" for n in range(size - len(texts)))) for size in sizes]
        return self._cut([*lists, ()])

    def _constants(self, sources: Iterable[str]) -> tuple[list[str], list[int]]:
        texts: list[str] = []
        numbers: list[int] = []
        for source in sources:
            texts += [first or second for first, second in _TEXT.findall(source)]
            bare = _TEXT.sub('""', source)
            numbers += [int(found) for found in _NUMBER.findall(bare)]
            for name in _PARAMETER.findall(bare):
                value = self._parameters.get(name)
                if isinstance(value, tuple):
                    texts += value
                elif isinstance(value, str):
                    texts.append(value)
                elif isinstance(value, int):
                    numbers.append(value)
        return texts, numbers

    def _cut(self, values: Iterable[FieldValue]) -> Sequence[FieldValue]:
        known = tuple({(type(value), value): value for value in values}.values())
        self.is_cut |= len(known) > VALUES_MAX
        return known[:VALUES_MAX]

    # --- plans --------------------------------------------------------------------------------------------------------

    def _mentioned_plan(self) -> tuple[str, ...]:
        found = {
            name: None
            for source in self._sources
            for name in re.findall(r"plan\.((?:route|people|escort)\.[a-z_]+|purpose)", source)
        }
        return tuple(found)

    def _plan_values(self, name: str) -> Sequence[FieldValue]:
        texts, numbers = self._constants(s for s in self._sources if f"plan.{name}" in s)
        near = [n + d for n in numbers for d in (0, 1, -1) if 0 <= n + d <= 10_000]
        match name.split(".")[-1]:
            case "count":
                return self._cut(n for n in [4, *near, 10_000] if n > 0)
            case "carrying_vehicles" | "escort_vehicles":
                return self._cut([1, *near, 0, 10_000])
            case "districts":
                return self._cut(names for names in self._lists(texts, numbers) if names and len(names) <= 32)  # type: ignore[arg-type]  # lists of texts
            case "purpose":
                return self._cut(["journey", *texts, *("x" * n for n in near if 0 < n <= 2_000)])
            case "path" | "manifest":
                return (_ZERO_DIGEST,)
            case _:
                usual = {"protection_level": "b6", "origin": "airport", "destination": "site", "group": "engineers"}
                return self._cut([*texts[:1], usual[name.split(".")[-1]], *texts])


def _is_of(value: object, type_: object) -> bool:
    """Whether a value is of a condition's type."""
    if isinstance(value, bool):
        return bool(type_ == TRUTH)
    kinds = {str: TEXT, int: NUMBER, tuple: NAMES}
    return type_ == kinds.get(type(value))


def _plain_value(field: Field, t: int) -> FieldValue:
    match field.type:
        case "number":
            return 1
        case "instant":
            return t
        case "yes_no":
            return True
        case "choice":
            return field.options[0] if field.options else "none"
        case "names":
            return ("text",)
        case "digest":
            return _ZERO_DIGEST
        case _:
            return "text"


def _plan(timing: Timing, values: Mapping[str, FieldValue]) -> Plan | None:
    """The usual plan with these values, by `part.field`."""
    parts: dict[str, object] = {
        "route": Route(origin="airport", destination="site", districts=("district",)),
        "people": People(group="engineers", count=4),
        "escort": Escort(carrying_vehicles=1, protection_level="b6", escort_vehicles=2),
        "timing": timing,
        "purpose": "journey",
    }
    plain = msgspec.to_builtins(parts)
    for name, value in values.items():
        part, _, field = name.partition(".")
        if field:
            plain[part][field] = value
        else:
            plain[part] = value
    try:
        return msgspec.convert(plain, Plan)
    except msgspec.ValidationError:
        return None
