"""Random agreements and random histories for the laws of the judge: the same for the same seed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

import msgspec

from safeconduct.core.acts import (
    Act,
    DutyWaived,
    FactContested,
    FactRuled,
    FormFiled,
    MovementAcknowledged,
    MovementApproved,
    MovementArrived,
    MovementCancelled,
    MovementChanged,
    MovementCheckedIn,
    MovementClosed,
    MovementDeparted,
    MovementRefused,
    MovementRequested,
    Plan,
)
from safeconduct.core.agreement import Event, Evidence, MovementView, Receipts, Rule, Terms, event_name
from safeconduct.core.statement import digest
from tests.unit.core.agreement.judged import HOUR, PARTY, START, plan, statement_id, terms, view
from tests.unit.core.record.reported import clause_of

DAY = 24 * HOUR
SHORT = ("PT1H", "PT2H", "PT3H", "PT5H", "param.lead", "PT10H")
LONG = ("P10D", "P20D", "P30D", "P45D", "P60D")
PERIODS = ("P1M", "P2M", "P1Y", "P31D", "P10D")
MOVEMENT = (
    "movement.requested", "movement.changed", "movement.approved", "movement.acknowledged", "movement.departed",
    "movement.checked_in", "movement.arrived", "movement.cancelled", "movement.refused", "movement.closed",
    "movement.noted",
)  # fmt: skip
# What usually calls a duty up on a movement, each as often as it stands here.
CALLING = (
    "movement.requested", "movement.requested", "movement.requested", "movement.approved", "movement.departed",
    "movement.departed", "movement.checked_in", "movement.noted", "movement.noted", "movement.cancelled",
    "movement.changed", "movement.refused",
)  # fmt: skip
POST = ("post.opened", "post.scanned", "post.handed", "post.closed")
WORDS = ("a", "b", "c")


@dataclass(frozen=True)
class World:
    """A case: what was agreed, what was said, who has had what, and when somebody asks."""

    kind: str
    versions: tuple[tuple[int, Terms], ...]
    events: tuple[Event, ...]
    receipts: Receipts
    now: int


class Drafting:
    """Random rules for one kind of subject, in one scale of time."""

    def __init__(self, chance: Random, kind: str, *, long: bool) -> None:
        self.chance, self.kind, self.long = chance, kind, long
        self.names = MOVEMENT if kind == "movement" else POST

    def span(self) -> str:
        return self.chance.choice(LONG if self.long else SHORT)

    def maybe(self, share: float) -> bool:
        return self.chance.random() < share

    def where(self, event: str, trigger: str | None) -> str | None:
        short = "noted" if self.kind == "movement" else "scanned"
        pool = [f"filed.{short}.count > 0", f"filed.{short}.n > 1", "event.party == 'host'", "event.void == ''"]
        if event in POST or event == "movement.noted":
            pool += [
                "body.n > 1",
                "body.ok",
                "body.who == param.word",
                "body.n / (body.n - 1) > 1",
                "body.at > event.t",
            ]
            pool += ["body.names.exists(x, x == 'a')", "body.names[1] == 'b'"]
            if trigger in POST or trigger == "movement.noted":
                pool += ["body.n == trigger.body.n", "body.who == trigger.body.who"]
        if self.kind == "movement":
            pool += ["plan.people.count > 4", "said.checked_in > 1", "movement.unapproved.size() > 0"]
            pool += ["movement.phase == 'approved'", "size(plan.route.path) == 0"]
        if trigger is not None:
            pool += ["event.t > trigger.t", "event.party != trigger.party", "event.t - trigger.t < param.lead"]
        return self.chance.choice(pool)

    def pattern(self, trigger: str | None, event: str | None = None) -> dict[str, object]:
        name = event or self.chance.choice(self.names)
        made: dict[str, object] = {"event": name}
        if self.maybe(0.35):
            made["where"] = self.where(name, trigger)
        if self.maybe(0.1):
            made["by"] = [self.chance.choice(list(PARTY))]
        if self.maybe(0.1):
            made["party"] = self.chance.choice(["host", "sending"])
        if self.maybe(0.25):
            made["effect"] = self.chance.choice(["any", "any", "void"])
        return made

    def instant(self, trigger: str) -> str:
        anchors = ["trigger"] * 4
        if self.kind == "movement":
            anchors += ["plan.earliest", "plan.earliest", "plan.latest", "plan.review_by", "filed.noted.at"]
        else:
            anchors += ["filed.scanned.at", "filed.scanned.at"]
        if trigger in POST or trigger == "movement.noted":
            anchors += ["trigger.body.at", "trigger.body.at"]
        sign = self.chance.choice(["", " + ", " + ", " + ", " - "])
        return self.chance.choice(anchors) + (sign + self.span() if sign else "")

    def rule(self) -> Rule:
        chance = self.chance
        when = self.pattern(None, chance.choice(CALLING) if self.kind == "movement" else None)
        trigger = str(when["event"])
        name = chance.choice(
            ["must", "must", "always", "never", "relay", "gap", "recur", "recur", "count", "equal", "one"]
        )
        made: dict[str, object] = {"for_each": self.kind, "when": when, name: getattr(self, name)(trigger)}
        if self.maybe(0.25):
            made["each"] = "first"
        if self.maybe(0.3):
            made["grace"] = self.span()
        if self.maybe(0.3):
            made["cure"] = self.span()
        if self.maybe(0.3):
            made["unless"] = [self.pattern(trigger) for _ in range(chance.choice([1, 1, 2]))]
        if self.maybe(0.3):
            made["waived_by"] = chance.sample(sorted(PARTY), chance.choice([1, 1, 2]))
        return msgspec.convert(made, Rule)

    def ends(self, trigger: str, share: float = 0.6) -> dict[str, object]:
        return {"until": self.pattern(trigger)} if self.maybe(share) else {}

    def number(self, trigger: str) -> str:
        pool = ["0", "1", "2", "3", "param.two", "1 / 0"]
        if trigger in POST or trigger == "movement.noted":
            pool += ["trigger.body.n"]
        return self.chance.choice(pool)

    def text(self, event: str) -> str:
        if event in POST or event == "movement.noted":
            return self.chance.choice(["body.who", "body.who", "body.names[0]"])
        return self.chance.choice(["body.role", "event.party"]) if event == "movement.acknowledged" else "event.party"

    def must(self, trigger: str) -> dict[str, object]:
        made = {**self.pattern(trigger), "due": self.instant(trigger)}
        if self.maybe(0.2):
            made["not_before"] = self.instant(trigger)
        if self.maybe(0.3):
            made["since"] = "start"
        if self.maybe(0.2):
            made["parties"] = ["host", "sending"]
        elif self.maybe(0.5):
            made["received_by"] = self.chance.choice(["host", "sending"])
            if self.maybe(0.6):
                made["clock"] = self.chance.choice(["offered", "received", "fair"])
        return made

    def always(self, trigger: str) -> dict[str, object]:
        short = "noted" if self.kind == "movement" else "scanned"
        pool = [
            f"filed.{short}.count < 2",
            f"filed.{short}.n < 2",
            f"filed.{short}.ok",
            "event.t - trigger.t < param.lead",
        ]
        if self.kind == "movement":
            pool += ["plan.people.count < 6", "said.checked_in < 2", "movement.phase != 'under_way'"]
        return {"hold": self.chance.choice(pool), **self.ends(trigger)}

    def never(self, trigger: str) -> dict[str, object]:
        before = {"before": self.instant(trigger)} if self.maybe(0.5) else {}
        return {**self.pattern(trigger), **self.ends(trigger), **before}

    def relay(self, trigger: str) -> dict[str, object]:
        event = self.chance.choice(
            ["movement.acknowledged", "movement.noted"] if self.kind == "movement" else list(POST)
        )
        pattern = self.pattern(trigger, event)
        made = {**pattern, "hop": self.text(event), "within": self.span()}
        if self.maybe(0.3):
            made["due"] = self.instant(trigger)
        if trigger in POST and self.maybe(0.4):
            return {**made, "chain_of": "trigger.body.names"}
        return {**made, "chain": self.chance.choice([["a"], ["a", "b"], ["b", "c", "a"], ["sending", "host"]])}

    def gap(self, trigger: str) -> dict[str, object]:
        return {**self.pattern(trigger), "at_most": self.span(), **self.ends(trigger)}

    def recur(self, trigger: str) -> dict[str, object]:
        parties = {"parties": ["host", "sending"]} if self.maybe(0.3) else {}
        every = self.chance.choice(PERIODS) if self.long else self.span()
        return {**self.pattern(trigger), "every": every, **parties, **self.ends(trigger)}

    def count(self, trigger: str) -> dict[str, object]:
        pattern = self.pattern(trigger)
        made = {**pattern, **self.ends(trigger)}
        if "until" not in made or self.maybe(0.5):
            made["due"] = self.instant(trigger)
        if self.maybe(0.3):
            made["distinct"] = self.text(str(pattern["event"]))
        kind = self.chance.random()
        if kind < 0.25:
            return {**made, "of": self.pattern(trigger), "percent": self.chance.choice(["100", "50", "34"])}
        if kind < 0.7:
            made["at_least"] = self.number(trigger)
        if kind > 0.5:
            made["at_most"] = self.number(trigger)
            if self.maybe(0.2):
                made.pop("due", None)
        return made

    def equal(self, trigger: str) -> dict[str, object]:
        pattern = self.pattern(trigger)
        event = str(pattern["event"])
        both_are_forms = all(e in POST or e == "movement.noted" for e in (trigger, event))
        planned, actual = ("trigger.body.n", "body.n") if both_are_forms else ("trigger.party", "event.party")
        if self.kind == "movement" and event == "movement.arrived":
            planned, actual = "plan.people.count", "body.heads"
        made = {**pattern, "planned": planned, "actual": actual, "due": self.instant(trigger)}
        return {**made, "on_difference": "disputed"} if self.maybe(0.3) else made

    def one(self, trigger: str) -> dict[str, object]:
        events = ["movement.noted", "movement.acknowledged"] if self.kind == "movement" else list(POST)
        taken, given_up = self.chance.choice(events), self.chance.choice(events)
        has_field = all(e in POST or e == "movement.noted" for e in (taken, given_up))
        return {
            "taken": self.pattern(trigger, taken),
            "given_up": self.pattern(trigger, given_up),
            "holder": "body.who" if has_field else "event.party",
            **self.ends(trigger),
        }


def agreement_of(chance: Random, kind: str, *, long: bool) -> tuple[tuple[int, Terms], ...]:
    """One version, or for a subject that is no movement perhaps several."""
    draft = Drafting(chance, kind, long=long)
    rules = [draft.rule() for _ in range(chance.choice([1, 2, 3]))]
    versions = [(START - DAY, terms(*rules))]
    step = 15 * DAY if long else 3 * HOUR
    while kind != "movement" and len(versions) < 3 and chance.random() < 0.4:
        before = versions[-1][1]
        clauses = list(before.clauses)
        for index in range(len(clauses)):
            draw = chance.random()
            if draw < 0.5:
                other = draft.rule()
                # The same demand in other words, as an amendment would have it.
                while draw < 0.35 and type(other.demand) is not type(clauses[index].rule.demand):  # type: ignore[union-attr]  # each has one
                    other = draft.rule()
                clauses[index] = clause_of(other, index + 1)
        if len(clauses) > 1 and chance.random() < 0.2:
            clauses.pop()
        parameters = before.parameters
        if chance.random() < 0.3:
            changed = msgspec.structs.replace(parameters[0], duration=chance.choice(["PT3H", "PT1H"]))
            parameters = (changed, *parameters[1:])
        amended = msgspec.structs.replace(
            before, version=before.version + 1, previous="0" * 64, clauses=tuple(clauses), parameters=parameters
        )
        versions.append((versions[-1][0] + chance.choice([1, 2, 4]) * step + DAY, amended))
    return tuple(versions)


class Telling:
    """A random history of one subject."""

    def __init__(self, chance: Random, kind: str, versions: Sequence[tuple[int, Terms]], *, long: bool) -> None:
        self.chance, self.kind, self.versions, self.long = chance, kind, versions, long
        self.t = START
        self.events: list[Event] = []
        self.phase, self.plan = "none", plan(START + 8 * HOUR)
        self._next = {"host": chance.randrange(3), "sending": chance.randrange(3)}
        self._seen = 0

    def step(self) -> None:
        chance = self.chance
        unit = 5 * DAY if self.long else HOUR // 2
        self.t += chance.choice([0, 0, 1, 1, 2, 3, 4, 6, 12]) * unit
        if chance.random() < 0.15:
            self.t += chance.choice([1, 1, unit // 7])
        if chance.random() < 0.1:
            self.t -= self.t % unit and self.t % unit - unit
        role = chance.choice(sorted(PARTY))
        act = self.act()
        void = "" if self.takes(act) and chance.random() < 0.9 else "out_of_place"
        if not void:
            self.become(act)
        party = PARTY[role]
        index = self._next[party]
        self._next[party] += chance.choice([1, 1, 1, 2])
        # Versions become known to the parties one after the other, and not to both at once.
        in_force = [i for i, (begins, _) in enumerate(self.versions) if begins <= self.t]
        seen = max(0, in_force[-1] - chance.choice([0, 0, 0, 1]))
        agreement = self.versions[seen][1].digest if chance.random() < 0.9 else "ff" * 32
        roles = (role,) if chance.random() < 0.8 else tuple(r for r, p in PARTY.items() if p == party)
        self.events.append(
            Event(
                evidence=Evidence(party=party, index=index, id=statement_id(party, index), at=self.t),
                name=event_name(act),
                actor=f"{party}/{role}",
                roles=roles,
                agreement=agreement,
                act=act,
                void=void,
                view=self.view() if self.kind == "movement" else None,
            )
        )

    def view(self) -> MovementView | None:
        if self.phase == "none":
            return None
        unapproved = ("host",) if self.phase == "requested" else ()
        return view(self.phase, plan_=self.plan, unapproved=unapproved)

    def has_lapsed(self) -> bool:
        now = self.view()
        return now is not None and now.lapses_at is not None and self.t > now.lapses_at

    def act(self) -> Act:
        chance = self.chance
        about = [e.evidence.id for e in self.events[-8:]] or ["0" * 64]
        draw = chance.random()
        if draw < 0.09:
            return DutyWaived(clause=f"F-{chance.choice([1, 1, 2, 3])}", reason="agreed")
        if draw < 0.13:
            return FactContested(statement=chance.choice(about), account="not so")
        if draw < 0.17:
            open_ = [e.act.statement for e in self.events if isinstance(e.act, FactContested)]
            return FactRuled(statement=chance.choice(open_ or about), stands=chance.random() < 0.5, reason="heard")
        if self.kind == "post" or draw < 0.35:
            return self.form()
        names = [name for name in MOVEMENT if name != "movement.noted"]
        usual = {"none": "movement.requested", "requested": "movement.approved", "approved": "movement.departed"}
        name = usual.get(self.phase, "movement.checked_in") if chance.random() < 0.6 else chance.choice(names)
        match name:
            case "movement.requested":
                return MovementRequested(plan=self.some_plan())
            case "movement.changed":
                return MovementChanged(plan=self.some_plan(), reason="later")
            case "movement.approved":
                return MovementApproved(plan=digest(self.plan))
            case "movement.acknowledged":
                return MovementAcknowledged(role=chance.choice(WORDS))
            case "movement.departed":
                return MovementDeparted(heads=4)
            case "movement.checked_in":
                return MovementCheckedIn()
            case "movement.arrived":
                return MovementArrived(heads=chance.choice([3, 4, 5]))
            case "movement.cancelled":
                return MovementCancelled(reason="off")
            case "movement.refused":
                return MovementRefused(reason="no")
            case _:
                return MovementClosed()

    def some_plan(self) -> Plan:
        chance = self.chance
        unit = 5 * DAY if self.long else HOUR // 2
        earliest = self.t + chance.choice([2, 3, 4, 8, 16]) * unit
        return plan(earliest, people=chance.choice([3, 4, 5, 6]), latest=earliest + 4 * unit, review_by=earliest - unit)

    def form(self) -> Act:
        chance = self.chance
        unit = 5 * DAY if self.long else HOUR // 2
        names = POST if self.kind == "post" else ("movement.noted",)
        at = self.t + chance.choice([-4, 0, 1, 2, 4, 8]) * unit
        fields: dict[str, object] = {
            "n": chance.choice([0, 1, 2, 3]),
            "who": chance.choice(WORDS),
            "at": chance.choice([at, at, 0]),
            "ok": chance.random() < 0.5,
            "names": tuple(chance.sample(WORDS, chance.choice([0, 1, 2, 3]))),
        }
        if chance.random() < 0.1:
            fields.pop(chance.choice(sorted(fields)))
        return FormFiled(form=chance.choice(names), fields=fields)  # type: ignore[arg-type]  # values of the fields' types

    def takes(self, act: Act) -> bool:
        if self.kind == "post" or isinstance(act, DutyWaived | FactContested | FactRuled | FormFiled):
            return self.kind == "post" or self.phase != "none"
        if self.phase in ("requested", "approved") and self.has_lapsed():
            return False
        needed: dict[type, tuple[str, ...]] = {
            MovementRequested: ("none",),
            MovementChanged: ("requested", "approved"),
            MovementApproved: ("requested",),
            MovementRefused: ("requested", "approved"),
            MovementCancelled: ("requested", "approved"),
            MovementDeparted: ("approved",),
            MovementCheckedIn: ("under_way",),
            MovementArrived: ("under_way",),
            MovementClosed: ("arrived", "under_way"),
            MovementAcknowledged: ("requested", "approved", "under_way", "arrived", "closed"),
        }
        return self.phase in needed[type(act)]

    def become(self, act: Act) -> None:
        match act:
            case MovementRequested(plan=planned) | MovementChanged(plan=planned):
                self.plan, self.phase = planned, "requested"
            case MovementApproved():
                self.phase = "approved"
            case MovementRefused():
                self.phase = "refused"
            case MovementCancelled():
                self.phase = "cancelled"
            case MovementDeparted():
                self.phase = "under_way"
            case MovementArrived():
                self.phase = "arrived"
            case MovementClosed():
                self.phase = "closed"
            case _:
                pass


def shown(chance: Random, events: Sequence[Event], now: int, *, long: bool) -> Receipts:
    """When each statement was shown to be had by the other party: at once, late, or never."""
    unit = 5 * DAY if long else HOUR // 2
    by_place: dict[tuple[str, int], int] = {}
    for event in events:
        at = event.t + chance.choice([0, 0, 1, unit, 2 * unit, 4 * unit, 10 * unit])
        if at <= now and chance.random() < 0.8:
            by_place[(event.party, event.evidence.index)] = at

    def look_up(log: str, index: int, by: str) -> Evidence | None:
        at = by_place.get((log, index))
        return None if at is None or by == log else Evidence(party=by, index=0, id="aa" * 32, at=at)

    return look_up


def world_of(seed: int) -> World:
    """The case of a seed."""
    chance = Random(seed)
    kind = chance.choice(["movement", "post"])
    long = chance.random() < 0.25
    versions = agreement_of(chance, kind, long=long)
    telling = Telling(chance, kind, versions, long=long)
    for _ in range(chance.randrange(1, 24)):
        telling.step()
    unit = 5 * DAY if long else HOUR // 2
    last = telling.events[-1].t
    now = last + chance.choice([0, 0, 1, unit, 2 * unit, 2 * unit + 1, 6 * unit, 40 * unit])
    if chance.random() < 0.3:
        # Exactly when something is due, or a millisecond later.
        spans = [HOUR, 2 * HOUR, 3 * HOUR, 5 * HOUR, 10 * HOUR, 10 * DAY, 20 * DAY, 30 * DAY]
        now = max(last, chance.choice(telling.events).t + chance.choice(spans) + chance.choice([0, 1]))
    receipts = shown(chance, telling.events, now, long=long)
    return World(kind, versions, tuple(telling.events), receipts, now)
