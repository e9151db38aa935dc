"""A second judge of clauses, written from the sentences of docs/spec/agreement.md alone, to compare the real one with.

It reads the whole history again for every question that it has, keeps nothing, and shares with the real judge only the
terms, the events, and CEL itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import combinations
from typing import NamedTuple

from cel_expr_python import cel

from safeconduct.core.acts import DutyWaived, FactContested, FactRuled, FormFiled
from safeconduct.core.agreement import (
    Always,
    Clause,
    Count,
    Equal,
    Event,
    Gap,
    Must,
    Never,
    One,
    Pattern,
    Receipts,
    Recur,
    Relay,
    Rule,
    Terms,
)
from safeconduct.core.agreement.book import Scopes
from safeconduct.core.agreement.conditions import NAMES, NUMBER, TEXT, TRUTH, Compiled, Value

MET, BREACHED, PENDING, NOT_DUE, WAIVED, DISPUTED = "met", "breached", "pending", "not_due", "waived", "disputed"
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
UNITS = {"D": 86_400_000, "H": 3_600_000, "M": 60_000, "S": 1_000}
History = Sequence[Event]
# From when it was in force, and what was agreed; oldest first.
Versions = Sequence[tuple[int, Terms]]


class Row(NamedTuple):
    """How one obligation stands."""

    clause: str
    trigger: str
    n: int
    outcome: str
    due_at: int | None
    happened_at: int | None
    cured_at: int | None
    near: bool
    missing: tuple[str, ...]
    times: int
    contested: tuple[str, ...] = ()


class Says(NamedTuple):
    """What a demand says. by: index of the event that decided at once; done: when a breached duty was done at last."""

    outcome: str
    due: int | None = None
    happened: int | None = None
    near: bool = False
    missing: tuple[str, ...] = ()
    done: int | None = None
    by: int | None = None
    # Excuses count only from before this index, where the span was over then.
    heard_to: int | None = None
    stopped: bool = False
    # A period that is over: such ones in a row are told together.
    over: bool = False
    why: str = ""


class Duty(NamedTuple):
    """A clause, the index of its trigger, and from when and where it is owed (an amendment may have begun it anew)."""

    terms: Terms
    clause: Clause
    rule: Rule
    trigger: int
    begun: int
    start: int
    until_amended: int | None
    anew: bool
    base: int


# --- lengths and instants -------------------------------------------------------------------------------------------


def length(span: str | None, terms: Terms) -> int:
    if span is None:
        return 0
    if span.startswith("param."):
        found = next(p for p in terms.parameters if p.id == span.removeprefix("param.")).duration
        assert found is not None
        span = found
    days, _, clock = span[1:].partition("T")
    total, digits = 0, ""
    for letter in days:
        if letter.isdigit():
            digits += letter
        else:
            total, digits = total + int(digits) * UNITS["D"], ""
    for letter in clock:
        if letter.isdigit():
            digits += letter
        else:
            total, digits = total + int(digits) * UNITS[letter], ""
    return total


def period_start(every: str, terms: Terms, begun: int, n: int) -> int:
    """AG-27"""
    if every.startswith("P") and every[-1] in "MY" and "T" not in every:
        months = int(every[1:-1]) * (12 if every[-1] == "Y" else 1) * n
        first = EPOCH + timedelta(milliseconds=begun)
        year, month = first.year + (first.month - 1 + months) // 12, (first.month - 1 + months) % 12 + 1
        for day in (first.day, 30, 29, 28):
            if day <= first.day:
                try:
                    return (first.replace(year=year, month=month, day=day) - EPOCH) // timedelta(milliseconds=1)
                except ValueError:
                    continue
        raise AssertionError(every)
    return begun + n * length(every, terms)


def field(event: Event, name: str) -> object:
    return event.act.fields.get(name) if isinstance(event.act, FormFiled) else getattr(event.act, name, None)


def instant(text: str | None, terms: Terms, history: History, trigger: Event) -> int | None:
    """AG-26, AG-65: as things stand at the end of the history."""
    if text is None:
        return None
    anchor, _, rest = text.partition(" ")
    words = anchor.split(".")
    found: object = None
    if anchor == "trigger":
        found = trigger.t
    elif words[0] == "trigger":
        found = field(trigger, words[2])
    elif words[0] == "plan":
        views = [e.view for e in history if e.view is not None]
        found = getattr(views[-1].plan.timing, words[1]) if views else None
    else:
        filed = [e for e in history if not e.void and isinstance(e.act, FormFiled) and e.name.split(".")[1] == words[1]]
        found = field(filed[-1], words[2]) if filed else None
    if not isinstance(found, int) or (anchor != "trigger" and found <= 0):
        return None
    if rest:
        sign, span = rest.split(" ")
        found += length(span, terms) * (1 if sign == "+" else -1)
    return found


# --- conditions -----------------------------------------------------------------------------------------------------


TYPES = {"text": TEXT, "number": NUMBER, "truth": TRUTH, "names": NAMES, "any": None}


class Known:
    """Conditions and digests of the terms at hand, which cost more than the rest together."""

    def __init__(self) -> None:
        self.terms: dict[int, tuple[Terms, Scopes, str]] = {}
        self.conditions: dict[tuple[object, ...], tuple[Compiled, Mapping[str, cel.Type]]] = {}

    def of(self, terms: Terms) -> tuple[Terms, Scopes, str]:
        if id(terms) not in self.terms:
            if len(self.terms) > 50:
                self.terms.clear()
                self.conditions.clear()
            self.terms[id(terms)] = (terms, Scopes(terms.forms, terms.parameters), terms.digest)
        return self.terms[id(terms)]

    def condition(
        self, terms: Terms, kind: str, event: str | None, trigger: str | None, source: str, wanted: str
    ) -> tuple[Compiled, Mapping[str, cel.Type]]:
        scopes = self.of(terms)[1]
        key = (id(terms), kind, event, trigger, source, wanted)
        if key not in self.conditions:
            scope = scopes.scope(kind, event, trigger)
            self.conditions[key] = (scope.compile(source, TYPES[wanted]), scope.names)
        return self.conditions[key]


KNOWN = Known()


class Asking(NamedTuple):
    """Where a condition is asked: the event, what had been said of the subject by then, what called the duty up."""

    terms: Terms
    kind: str
    event: Event
    so_far: History
    trigger: Event | None
    on: str | None  # whose body it may ask

    def ask(self, source: str, wanted: str) -> Value | None:
        trigger = self.trigger.name if self.trigger is not None else None
        condition, types = KNOWN.condition(self.terms, self.kind, self.on, trigger, source, wanted)
        values = {}
        for name in condition.names:
            found = self.look_up(name)
            kind = types[name].name()
            if found is None or (isinstance(found, tuple) and not found):
                found = {"STRING": "", "INT": 0, "BOOL": False}.get(kind, [])
            values[name] = list(found) if isinstance(found, tuple) else found
        return condition.value(values)

    def look_up(self, name: str) -> object:
        words = name.split(".")
        taken = [e for e in self.so_far if not e.void]
        view = self.event.view
        if words[0] == "param":
            p = next(p for p in self.terms.parameters if p.id == words[1])
            return length(name, self.terms) if p.duration is not None else p.number or p.text or p.texts
        if words[0] in ("event", "trigger") and words[1] != "body":
            event = self.event if words[0] == "event" else self.trigger
            return getattr(event, words[1])
        if words[0] == "body":
            return field(self.event, words[1])
        if words[0] == "trigger":
            assert self.trigger is not None
            return field(self.trigger, words[2])
        if words[0] == "said":
            return sum(e.name.split(".")[1] == words[1] for e in taken)
        if words[0] == "filed":
            forms = [e for e in taken if isinstance(e.act, FormFiled) and e.name.split(".")[1] == words[1]]
            if words[2] == "count":
                return len(forms)
            if words[2] == "t":
                return forms[-1].t if forms else 0
            return field(forms[-1], words[2]) if forms else None
        if view is None:
            return None
        if words[0] == "movement":
            found = getattr(view, words[1])
            return found() if callable(found) else found
        part: object = view.plan
        for word in words[1:]:
            part = getattr(part, word)
        return part


def meant(pattern: Pattern, asking: Asking) -> bool:
    """AG-25"""
    event = asking.event
    if event.name != pattern.event:
        return False
    if pattern.effect == "taken" and event.void:
        return False
    if pattern.effect == "void" and not event.void:
        return False
    if pattern.by and not set(pattern.by) & set(event.roles):
        return False
    if pattern.party is not None and event.party != pattern.party:
        return False
    return pattern.where is None or asking._replace(on=pattern.event).ask(pattern.where, "truth") is True


# --- one obligation -------------------------------------------------------------------------------------------------


class Judging:
    """One duty on one history at one moment."""

    def __init__(self, duty: Duty, history: History, now: int, receipts: Receipts) -> None:
        self.duty, self.history, self.now, self.receipts = duty, history, now, receipts
        self.rule, self.terms = duty.rule, duty.terms
        self.trigger = history[duty.trigger]
        self.grace = length(duty.rule.grace, duty.terms)
        self.cure = length(duty.rule.cure, duty.terms)

    def at(self, index: int, *, when: int | None = None) -> Asking:
        """A condition asked of that event, then or (for one from before) as of a later index."""
        so_far = self.history[: (index if when is None else when) + 1]
        return Asking(self.terms, self.rule.for_each, self.history[index], so_far, self.trigger, None)

    def instant(self, text: str | None) -> int | None:
        return instant(text, self.terms, self.history, self.trigger)

    def heard(self) -> range:
        """Indices of what is said from the trigger on, the trigger included."""
        return range(self.duty.start, len(self.history))

    def hits(self, pattern: Pattern, to: int | None = None) -> list[int]:
        return [i for i in self.heard() if (to is None or i <= to) and meant(pattern, self.at(i))]

    # How far a span goes: index of its last event, instant, why.

    def span(self, until: Pattern | None) -> tuple[int, int, str] | None:
        ends: list[tuple[int, int, int, str]] = []
        if until is not None:
            ends += [(i, 0, self.history[i].t, "until") for i in self.hits(until) if i != self.duty.trigger][:1]
        done = next((i for i, e in enumerate(self.history) if e.view is not None and not e.void and e.view.done), None)
        if done is not None and done > self.duty.trigger:
            gave_up = any(e.view is not None and not e.void and e.view.gave_up for e in self.history[: done + 1])
            ends.append((done, 1, self.history[done].t, "stopped" if gave_up and self.falls() else "done"))
        if self.duty.until_amended is not None:
            amended = self.duty.until_amended
            ends.append((amended - 1, 2, self.history[amended].t, "amended"))
        if not ends:
            return None
        index, _, t, why = min(ends)
        return index, t, why

    def falls(self) -> bool:
        """Whether the duty falls with the movement."""
        view = self.trigger.view
        if view is None or view.gave_up:
            return False
        return view.lapses_at is None or self.trigger.t <= view.lapses_at

    def gave_up_at(self) -> int | None:
        for event in self.history:
            if event.view is not None and event.view.gave_up and not event.void:
                return event.t
        views = [e.view for e in self.history if e.view is not None]
        lapses = views[-1].lapses_at if views else None
        return lapses if lapses is not None and self.now > lapses else None

    # All of it.

    def rows(self) -> list[Row]:
        told = self.said()
        considered = [(n, self.consider(says)) for n, says in told]
        grouped: list[tuple[int, Says, int]] = []
        for n, says in considered:
            if grouped and says.over and grouped[-1][1].over:
                first, before, times = grouped[-1]
                if (before.outcome, before.why) == (says.outcome, says.why):
                    grouped[-1] = (first, before, times + 1)
                    continue
            if grouped and grouped[-1][1].over and grouped[-1][1].outcome == BREACHED and says.outcome == MET:
                first, before, times = grouped[-1]
                grouped[-1] = (first, before._replace(happened=says.happened, done=says.happened), times)
            grouped.append((n, says, 1))
        return [self.row(n, says, times) for n, says, times in grouped]

    def row(self, n: int, says: Says, times: int) -> Row:
        cured = None
        last = self.last(says)
        if says.outcome == BREACHED and self.cure and says.done is not None and last is not None:
            cured = says.done if says.done <= last + self.cure else None
        return Row(
            self.duty.clause.id,
            self.trigger.evidence.id,
            self.duty.base + n,
            says.outcome,
            says.due,
            says.happened,
            cured,
            says.near,
            says.missing,
            times,
        )

    def last(self, says: Says) -> int | None:
        if says.due is None:
            return None
        return says.due if says.by is not None else says.due + self.grace

    def consider(self, says: Says) -> Says:
        """AG-56, AG-57, AG-58"""
        if says.outcome in (MET, NOT_DUE):
            return says
        last = self.last(says)

        def in_time(index: int) -> bool:
            if says.by is not None:
                return index < says.by
            return last is None or self.history[index].t <= last

        def instead(outcome: str, happened: int, why: str) -> Says:
            return Says(outcome, says.due, happened, over=says.over, why=why)

        excuses = [
            i
            for i in self.heard()
            if (says.heard_to is None or i <= says.heard_to) and any(meant(p, self.at(i)) for p in self.rule.unless)
        ]
        if excuses and in_time(excuses[0]):
            return instead(NOT_DUE, self.history[excuses[0]].t, "excused")
        gave_up = self.gave_up_at() if self.falls() else None
        is_forbidden = self.rule.never is not None and says.outcome == BREACHED
        if gave_up is not None and not is_forbidden and (says.stopped or last is None or gave_up < last):
            return instead(NOT_DUE, gave_up, "given up")
        if self.rule.waived_by:
            firsts = []
            for role in self.rule.waived_by:
                said = [
                    i
                    for i, e in enumerate(self.history)
                    if isinstance(e.act, DutyWaived)
                    and not e.void
                    and e.act.clause == self.duty.clause.id
                    and role in e.roles
                    and in_time(i)
                ]
                if not said:
                    return says
                firsts.append(self.history[said[0]].t)
            return instead(WAIVED, max(firsts), "waived")
        return says

    def said(self) -> list[tuple[int, Says]]:
        demand = self.rule.demand
        match demand:
            case Must():
                return [(0, self.must(demand))]
            case Always():
                return [(0, self.always(demand))]
            case Never():
                return [(0, self.never(demand))]
            case Relay():
                return [(0, self.relay(demand))]
            case Gap():
                return list(enumerate(self.gap(demand)))
            case Recur():
                return list(enumerate(self.recur(demand)))
            case Count():
                return [(0, self.count(demand))]
            case Equal():
                return [(0, self.equal(demand))]
            case One():
                return [(0, self.one(demand))]

    def near(self, due_text: str, due: int, when: int) -> bool:
        """AG-54, AG-55"""
        span = due_text.split(" ")[2] if " " in due_text else None
        time = length(span, self.terms) or due - self.trigger.t
        return when > due or (time > 0 and (due - when) * 10 < time)

    def must(self, demand: Must) -> Says:
        """AG-60 to AG-64"""
        due = self.instant(demand.due)
        not_before = self.instant(demand.not_before)
        found = self.hits(demand)
        if demand.since == "start":
            earlier = [i for i in range(self.duty.trigger + 1) if self.history[i].name == demand.event][-256:]
            earlier = [i for i in earlier if i != self.duty.trigger]
            found = [i for i in earlier if meant(demand, self.at(i, when=self.duty.trigger))] + found
        events = [self.history[i] for i in found]
        events = [e for e in events if not_before is None or e.t >= not_before]
        if demand.parties:
            firsts = [[e for e in events if e.party == party][:1] for party in demand.parties]
            missing = tuple(p for p, first in zip(demand.parties, firsts, strict=True) if not first)
            done = [e for first in firsts for e in first] if not missing else []
        else:
            done, missing = events[:1], ()
        when = max((e.t for e in done), default=None)
        clock = demand.clock or ("fair" if demand.received_by is not None else "offered")
        late_at = None if due is None else due + self.grace
        receipt = None
        if done and demand.received_by is not None:
            said = max(done, key=lambda e: e.t)
            if said.party == demand.received_by:
                return Says(NOT_DUE)
            shown = self.receipts(said.party, said.evidence.index, demand.received_by)
            receipt = shown.at if shown is not None else None
        if due is None or late_at is None:
            return Says(PENDING, missing=missing)
        if when is None:
            return Says(BREACHED if self.now > late_at else PENDING, due, missing=missing)
        if clock in ("offered", "fair") and when > late_at:
            return Says(BREACHED, due, when, done=when)
        if clock == "offered":
            return Says(MET, due, when, self.near(demand.due, due, when))
        if receipt is None:
            if self.now <= late_at:
                return Says(PENDING, due)
            return Says(DISPUTED if clock == "fair" else BREACHED, due)
        if receipt > late_at:
            return Says(DISPUTED if clock == "fair" else BREACHED, due, receipt, done=receipt)
        return Says(MET, due, receipt, self.near(demand.due, due, receipt))

    def always(self, demand: Always) -> Says:
        """AG-68"""
        span = self.span(demand.until)
        to = len(self.history) - 1 if span is None else span[0]
        start = self.duty.start
        asked = range(start, to + 1)
        wrong = [i for i in asked if self.at(i).ask(demand.hold, "truth") is not True]
        if demand.until is None:
            # Without `until` the trigger alone is asked; begun anew, the first event under the new version.
            wrong = [i for i in wrong if i == start]
        if wrong:
            broken = wrong[0]
            again = [self.history[i].t for i in asked if i > broken and self.at(i).ask(demand.hold, "truth") is True]
            t = self.history[broken].t
            return Says(BREACHED, t, t, by=broken, done=again[0] if again else None)
        if demand.until is None:
            return Says(MET, happened=self.history[start].t)
        if span is None:
            return Says(PENDING)
        if span[2] == "stopped":
            return Says(PENDING, stopped=True, heard_to=span[0])
        return Says(MET, happened=span[1])

    def never(self, demand: Never) -> Says:
        """AG-70"""
        before = self.instant(demand.before)
        span = self.span(demand.until)
        if span is not None and span[2] == "stopped":
            # What was given up is still forbidden, until `until`.
            later = [i for i in self.hits(demand.until) if i != self.duty.trigger] if demand.until is not None else []
            span = (later[0], self.history[later[0]].t, "until") if later else None
        to = None if span is None else span[0]
        found = [i for i in self.hits(demand, to) if i != self.duty.trigger]
        if found and (before is None or self.history[found[0]].t < before):
            t = self.history[found[0]].t
            return Says(BREACHED, t, t, by=found[0])
        if span is not None and (before is None or span[1] < before):
            return Says(MET, happened=span[1])
        if before is not None and (self.now >= before or span is not None):
            return Says(MET, before, before)
        return Says(PENDING, before)

    def relay(self, demand: Relay) -> Says:
        """AG-73, AG-74"""
        chain: tuple[str, ...] = demand.chain
        if demand.chain_of is not None:
            asking = self.at(self.duty.trigger)._replace(on=self.trigger.name)
            named = asking.ask(demand.chain_of, "names")
            chain = named if isinstance(named, tuple) else ()
        whole = self.instant(demand.due)
        within = length(demand.within, self.terms)
        hits = self.hits(demand)
        hops = [(self.at(i)._replace(on=demand.event).ask(demand.hop, "text"), self.history[i].t) for i in hits]
        before, due, near = self.trigger.t, None, False
        for hop in chain:
            due = before + within if whole is None else min(before + within, whole)
            done = [t for name, t in hops if name == hop]
            if not done:
                return Says(BREACHED if self.now > due + self.grace else PENDING, due, missing=(hop,))
            if done[0] > due + self.grace:
                return Says(BREACHED, due, done[0], missing=(hop,), done=done[0])
            near = near or done[0] > due or (due - done[0]) * 10 < due - before
            before = max(before, done[0])
        return Says(MET, due, before, near)

    def gap(self, demand: Gap) -> list[Says]:
        """AG-77, AG-78"""
        at_most = length(demand.at_most, self.terms)
        span = self.span(demand.until)
        signs = [i for i in self.hits(demand, None if span is None else span[0]) if i != self.duty.trigger]
        is_until = span is not None and span[2] == "until"
        if is_until and span is not None:
            signs = [i for i in signs if i != span[0]]
        told: list[Says] = []
        last, longest = self.duty.begun, 0
        heard_to = None if span is None else span[0]

        def is_near() -> bool:
            return (at_most - longest) * 10 < at_most

        for i in signs:
            t = self.history[i].t
            if t - last > at_most + self.grace:
                told.append(Says(BREACHED, last + at_most, t, done=t))
                longest = 0
            else:
                longest = max(longest, t - last)
            last = t
        due = last + at_most
        if span is None:
            late = self.now > due + self.grace
            told.append(Says(BREACHED, due) if late else Says(PENDING, due, near=is_near()))
            return told
        _, end, why = span
        if end > due + self.grace:
            # `until` is the last sign; without one the end of the subject is.
            is_sign = why == "until" or (why == "done" and demand.until is None)
            told.append(Says(BREACHED, due, end, done=end) if is_sign else Says(BREACHED, due, heard_to=heard_to))
        elif why == "stopped":
            told.append(Says(PENDING, due, stopped=True, heard_to=heard_to))
        else:
            longest = max(longest, end - last)
            told.append(Says(MET, None, end, is_near()))
        return told

    def recur(self, demand: Recur) -> list[Says]:
        """AG-81, AG-82, AG-83"""

        def start(n: int) -> int:
            return period_start(demand.every, self.terms, self.duty.begun, n)

        span = self.span(demand.until)
        at = self.now if span is None else span[1]
        who = demand.parties or ("",)
        done: dict[int, dict[str, int]] = {}
        for i in self.hits(demand, None if span is None else span[0]):
            event = self.history[i]
            party = event.party if demand.parties else ""
            n = 0
            while start(n) <= event.t:
                # In the period, or at its very end or in its grace, where something of it is still to be done.
                if event.t <= start(n + 1) + self.grace and party in who and party not in done.get(n, {}):
                    done.setdefault(n, {})[party] = event.t
                    break
                n += 1
        told = []
        n = 0
        while start(n) <= at:
            kept, due = done.get(n, {}), start(n + 1)
            silent = tuple(p for p in demand.parties if p not in kept)
            if all(party in kept for party in who):
                when = max(kept.values())
                told.append(Says(MET, due, when, when > due))
            elif at > due + self.grace:
                told.append(Says(BREACHED, due, missing=silent, over=True, why="missed"))
            elif span is not None and span[2] == "stopped":
                told.append(Says(PENDING, due, stopped=True, heard_to=span[0]))
            elif span is not None:
                told.append(Says(NOT_DUE, None, at))
            else:
                told.append(Says(PENDING, due, missing=silent))
            n += 1
        return told

    def count(self, demand: Count) -> Says:
        """AG-85, AG-86"""
        asking = self.at(self.duty.trigger)._replace(on=self.trigger.name)

        def limit(source: str | None) -> int | None:
            found = asking.ask(source, "number") if source is not None else None
            return found if isinstance(found, int) else None

        least, most, percent = limit(demand.at_least), limit(demand.at_most), limit(demand.percent)
        due = self.instant(demand.due)
        span = self.span(demand.until)
        if span is not None and span[2] != "until" and (span[2] == "stopped" or demand.due is not None):
            # Only what has no instant of its own ends with the subject; and `until` may still come.
            later = [i for i in self.hits(demand.until) if i != self.duty.trigger] if demand.until is not None else []
            span = (later[0], self.history[later[0]].t, "until") if later else None
        to = None if span is None else span[0]
        last = None if due is None else due + self.grace
        found: list[int] = []
        seen: list[Value | None] = []
        for i in self.hits(demand, to):
            if demand.distinct is not None:
                value = self.at(i)._replace(on=demand.event).ask(demand.distinct, "text")
                if value in seen:
                    continue
                seen.append(value)
            found.append(i)
        timely = [i for i in found if last is None or self.history[i].t <= last]
        if most is not None and len(timely) > most:
            i = timely[max(0, most)]
            return Says(BREACHED, self.history[i].t, self.history[i].t, by=i)
        ended = span if span is not None and (last is None or span[1] <= last) else None
        is_over = span is not None or (last is not None and self.now > last)
        end = ended[1] if ended is not None else due
        wanted = least
        if percent is not None:
            assert demand.of is not None
            of = [i for i in self.hits(demand.of, to) if last is None or self.history[i].t <= last]
            wanted = -((-len(of) * percent) // 100)
        if wanted is not None and len(timely) < wanted:
            if not is_over:
                return Says(PENDING, due)
            late = self.history[found[wanted - 1]].t if percent is None and len(found) >= wanted else None
            return Says(BREACHED, end, late, done=late, by=ended[0] if ended is not None else None)
        if most is None and percent is None:
            when = self.history[timely[wanted - 1]].t if wanted is not None and wanted > 0 else self.trigger.t
            return Says(MET, due, when, due is not None and when > due)
        return Says(MET, end, end) if is_over else Says(PENDING, due)

    def equal(self, demand: Equal) -> Says:
        """AG-89"""
        planned = self.at(self.duty.trigger)._replace(on=self.trigger.name).ask(demand.planned, "any")
        due = self.instant(demand.due)
        last = None if due is None else due + self.grace
        found = self.hits(demand)
        if not found:
            return Says(BREACHED if last is not None and self.now > last else PENDING, due)
        actual = self.at(found[0])._replace(on=demand.event).ask(demand.actual, "any")
        when = self.history[found[0]].t
        late = last is not None and when > last
        if planned is None or planned != actual:
            return Says(demand.on_difference, due if late else when, when, by=None if late else found[0])
        if late:
            return Says(BREACHED, due, when, done=when)
        return Says(MET, due, when, due is not None and self.near(demand.due, due, when))

    def one(self, demand: One) -> Says:
        """AG-92"""
        names = dict.fromkeys((demand.taken.event, demand.given_up.event))
        before = [i for i in range(self.duty.start) for name in names if self.history[i].name == name]
        kept = sorted(i for name in names for i in [i for i in before if self.history[i].name == name][-256:])
        span = self.span(demand.until)
        to = len(self.history) - 1 if span is None else span[0]
        holders: list[str] = []

        def change(i: int, when: int) -> None:
            asking = self.at(i, when=when)
            if meant(demand.given_up, asking):
                left = shown(asking._replace(on=demand.given_up.event).ask(demand.holder, "text"))
                holders[:] = [h for h in holders if h != left]
            if meant(demand.taken, asking):
                taken = shown(asking._replace(on=demand.taken.event).ask(demand.holder, "text"))
                if taken not in holders:
                    holders.append(taken)

        as_of = self.duty.start - 1 if self.duty.anew else self.duty.trigger
        for i in kept:
            change(i, as_of)
        # The state of things from each instant on.
        states = [(self.duty.begun, len(holders))]
        for i in range(self.duty.start, to + 1):
            change(i, i)
            states.append((self.history[i].t, len(holders)))
        end = self.now if span is None else span[1]
        wrong: int | None = None
        for t, count in [*states, (end, -1)]:
            if wrong is not None and t > wrong + self.grace:
                again = [at for at, n in states if at >= t and n == 1]
                return Says(BREACHED, wrong, again[0] if again else None, done=again[0] if again else None)
            if count == 1:
                wrong = None
            elif count >= 0 and wrong is None:
                wrong = t
        if span is None:
            return Says(PENDING, wrong)
        if span[2] == "stopped":
            return Says(PENDING, wrong, stopped=True, heard_to=span[0])
        return Says(MET, happened=end)


def shown(value: Value | None) -> str:
    return "" if value is None else str(value)


# --- all obligations of a subject -----------------------------------------------------------------------------------


def version_at(versions: Versions, event: Event) -> Terms | None:
    for _, terms in versions:
        if KNOWN.of(terms)[2] == event.agreement:
            return terms
    in_force = [terms for begins, terms in versions if begins <= event.t]
    return in_force[-1] if in_force else None


def parameters_of(rule: Rule, terms: Terms) -> list[object]:
    return [p for p in terms.parameters if f"param.{p.id}" in repr(rule)]


def duties(kind: str, versions: Versions, history: History) -> list[Duty]:
    """AG-51, AG-52"""
    found = []
    called: list[str] = []
    for i, event in enumerate(history):
        terms = version_at(versions, event)
        if terms is None:
            continue
        for clause in terms.clauses:
            rule = clause.rule
            if rule is None or rule.for_each != kind or (rule.each == "first" and clause.id in called):
                continue
            asking = Asking(terms, kind, event, history[: i + 1], None, None)
            if meant(rule.when, asking):
                found.append(Duty(terms, clause, rule, i, event.t, i, None, anew=False, base=0))
        called += [d.clause.id for d in found if d.trigger == i]
    return found


def spans_of(duty: Duty, kind: str, versions: Versions, history: History, now: int, receipts: Receipts) -> list[Duty]:
    """AG-53: the duty itself, and what amendments made of it."""
    if kind == "movement" or not isinstance(duty.rule.demand, Always | Never | Gap | Recur | One):
        return [duty]
    made = [duty]
    for i in range(duty.trigger + 1, len(history)):
        terms = version_at(versions, history[i])
        if terms is None:
            continue
        earlier = [t for e in history[:i] if (t := version_at(versions, e)) is not None]
        if terms.version <= max((t.version for t in earlier), default=0):
            continue
        last = made[-1]
        successor = next((c for c in terms.clauses if c.id == duty.clause.id and c.rule is not None), None)
        if (
            successor is not None
            and successor.rule == last.rule
            and parameters_of(last.rule, last.terms) == parameters_of(last.rule, terms)
        ):
            continue
        last = last._replace(until_amended=i)
        made[-1] = last
        rows = Judging(last, history, now, receipts).rows()
        open_ = Judging(last._replace(until_amended=None), history[:i], history[i].t, receipts).said()
        is_over = not (open_ and open_[-1][1].outcome == PENDING)
        if isinstance(last.rule.demand, Gap | Recur):
            is_over = (
                Judging(last._replace(until_amended=None), history[:i], now, receipts).span(last.rule.demand.until)
                is not None
            )
        if (
            is_over
            or successor is None
            or successor.rule is None
            or successor.rule.for_each != kind
            or type(successor.rule.demand) is not type(last.rule.demand)
        ):
            break
        base = 1 + max(row.n + row.times - 1 for row in rows)
        made.append(Duty(terms, successor, successor.rule, duty.trigger, history[i].t, i, None, anew=True, base=base))
    return made


def judge_world(kind: str, versions: Versions, history: History, now: int, receipts: Receipts) -> list[Row]:
    now = max([now, *(e.t for e in history)])
    history = [e for e in history if version_at(versions, e) is not None]
    rows: list[Row] = []
    for duty in duties(kind, versions, history):
        for span in spans_of(duty, kind, versions, history, now, receipts):
            rows += Judging(span, history, now, receipts).rows()
    return rows


def ruled(history: History, terms: Terms) -> tuple[set[str], list[str]]:
    """AG-100: what was ruled not to stand, and what is still open."""
    body = terms.disputes.ruled_by if terms.disputes is not None else ()
    struck: set[str] = set()
    still_open: list[str] = []
    contested = dict.fromkeys(e.act.statement for e in history if not e.void and isinstance(e.act, FactContested))
    for statement in contested:
        words = []
        for role in body:
            said = [
                e.act.stands
                for e in history
                if not e.void and isinstance(e.act, FactRuled) and e.act.statement == statement and role in e.roles
            ]
            words.append(said[-1] if said else None)
        if body and all(word is True for word in words):
            continue
        if body and all(word is False for word in words):
            struck.add(statement)
        else:
            still_open.append(statement)
    return struck, still_open


def judge(kind: str, versions: Versions, history: History, now: int, receipts: Receipts) -> list[Row]:
    """AG-100 to AG-104"""
    struck, still_open = ruled(history, versions[-1][1])
    history = [e for e in history if e.evidence.id not in struck]
    if len(still_open) > 6:
        rows = judge_world(kind, versions, history, now, receipts)
        return [disputed(row, tuple(sorted(still_open))) for row in rows]
    worlds = {
        frozenset(out): {
            (row.clause, row.trigger, row.n): row
            for row in judge_world(kind, versions, [e for e in history if e.evidence.id not in out], now, receipts)
        }
        for size in range(len(still_open) + 1)
        for out in combinations(still_open, size)
    }
    keys: dict[tuple[str, str, int], Row] = {}
    for size in range(len(still_open) + 1):
        for out in combinations(still_open, size):
            for key, row in worlds[frozenset(out)].items():
                keys.setdefault(key, row)
    found = []
    for key, row in keys.items():
        outcomes = {out: world[key].outcome if key in world else NOT_DUE for out, world in worlds.items()}
        if len(set(outcomes.values())) == 1:
            found.append(row)
            continue
        alone = [s for s in still_open if any(outcomes[out] != outcomes[out | {s}] for out in worlds if s not in out)]
        found.append(disputed(row, tuple(sorted(alone))))
    return found


def disputed(row: Row, contested: tuple[str, ...]) -> Row:
    return row._replace(outcome=DISPUTED, near=False, cured_at=None, contested=contested)
