"""What the judge of clauses is measured on: movements of both parties under the template's agreement, by a seed.

The statements go through the record's own step, so a departure without consent has no effect here as in life, and
conditions see what they see in a node. They are not signed: signatures are measured elsewhere.
"""

from __future__ import annotations

import hashlib
import heapq
import random
from array import array
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from typing import NamedTuple

import msgspec

from safeconduct.core.acts import (
    Act,
    Escort,
    FieldValue,
    FormFiled,
    MovementAborted,
    MovementAcknowledged,
    MovementApproved,
    MovementArrived,
    MovementAttested,
    MovementChanged,
    MovementCheckedIn,
    MovementClosed,
    MovementDeparted,
    MovementExcepted,
    MovementRefused,
    MovementRelayed,
    MovementRequested,
    People,
    Plan,
    Route,
    Timing,
    kind_of,
)
from safeconduct.core.agreement import Clause, Event, Evidence, Terms, fill_template, read_folder
from safeconduct.core.record import Law, Position, Said, State, event_of, step
from safeconduct.core.statement import digest
from safeconduct.edges.cli.agreements import read_template
from safeconduct.testing import Story, card_of, key, keys_of

SECOND = 1_000
MINUTE = 60_000
HOUR = 60 * MINUTE
DAY = 24 * HOUR
START = 1_728_259_200_000  # 2024-10-07T00:00:00Z, a day after everybody was enrolled

CLAUSES = 60
_EVERY = 10 * MINUTE  # a new movement
_DIGEST = "0" * 64
_DISTRICTS = ("malir", "korangi")
_CHAIN = ("embassy_desk", "ministry_desk", "province_desk", "district_desk", "unit_commander")

# The four that other monitors can express, too.
SHARED: tuple[tuple[str, Mapping[str, object]], ...] = (
    (
        "a request is acknowledged within 4 hours",
        {
            "when": {"event": "movement.requested"},
            "must": {"event": "movement.acknowledged", "due": "trigger + PT4H"},
        },
    ),
    (
        "under way there is a check-in at least every 15 minutes",
        {
            "when": {"event": "movement.departed"},
            "gap": {"event": "movement.checked_in", "at_most": "PT15M", "until": {"event": "movement.arrived"}},
        },
    ),
    (
        "no departure while an approval is missing",
        {
            "when": {"event": "movement.requested"},
            "never": {"event": "movement.departed", "effect": "any", "where": "size(movement.unapproved) > 0"},
        },
    ),
    (
        "notice at least 24 hours before the planned departure",
        {
            "when": {"event": "movement.requested"},
            "must": {"event": "movement.requested", "due": "plan.earliest - PT24H"},
        },
    ),
)
# More shapes than the template has for movements.
_MORE: tuple[Mapping[str, object], ...] = (
    {
        "when": {"event": "movement.departed"},
        "count": {"event": "movement.checked_in", "at_least": "4", "until": {"event": "movement.arrived"}},
    },
    {
        "when": {"event": "movement.departed"},
        "always": {"hold": "plan.people.count >= 1", "until": {"event": "movement.arrived"}},
    },
    {
        "when": {"event": "movement.requested"},
        "must": {"event": "movement.closed", "due": "plan.latest + P2D"},
    },
)
RECURRING: Mapping[str, object] = {
    "when": {"event": "movement.departed"},
    "recur": {"event": "movement.checked_in", "every": "PT1H", "until": {"event": "movement.arrived"}},
}


# --- the agreements ---------------------------------------------------------------------------------------------------


def agreement() -> Terms:
    """Sixty clauses about movements: the template's, and some of our own."""
    own = [_clause(n, rule) for n, rule in enumerate([*(rule for _, rule in SHARED), *_MORE, RECURRING], 1)]
    template = [c for c in _template().clauses if c.rule is not None and c.rule.for_each == "movement"]
    return _with_clauses([*template[: CLAUSES - len(own)], *own])


def without_recurring(terms: Terms) -> Terms:
    """The same without the duty that comes again every hour."""
    return _with_clauses([clause for clause in terms.clauses if clause.rule is None or clause.rule.recur is None])


def shared_agreement(place: int | None = None) -> Terms:
    """The four clauses alone, or one of them."""
    clauses = [_clause(n, rule) for n, (_, rule) in enumerate(SHARED, 1)]
    return _with_clauses(clauses if place is None else [clauses[place]])


def _with_clauses(clauses: Sequence[Clause]) -> Terms:
    return msgspec.structs.replace(_template(), clauses=tuple(clauses))


def _clause(number: int, rule: Mapping[str, object]) -> Clause:
    text = {"en": "text", "zh": "text", "ur": "text"}
    plain = {
        "id": f"BEN-{number}",
        "title": text,
        "text": text,
        "owed_by": "convoy_leader",
        "owed_to": "duty_officer",
        "severity": "major",
        "evidence": "statement",
        "source": "parameter to agree",
        "rule": {"for_each": "movement", **rule},
    }
    return msgspec.convert(plain, Clause)


@cache
def _template() -> Terms:
    return read_folder(fill_template(read_template("host_sending"), [card_of("host"), card_of("sending")], "bench"))


# --- one movement -----------------------------------------------------------------------------------------------------


class Line(NamedTuple):
    """One thing said: when (ms), by whom, what."""

    t: int
    actor: str
    act: Act


Script = Callable[[int, random.Random], list[Line]]


class _Movement:
    """Writes one movement down; a line is at least a second after the one before."""

    def __init__(self, begun: int, chance: random.Random) -> None:
        self.chance = chance
        self.lines: list[Line] = []
        self._begun = begun
        opens = begun + round(chance.uniform(26, 40) * HOUR)
        if self._happens(0.1):
            opens = begun + round(chance.uniform(10, 23) * HOUR)  # late notice
        # By day at the host's place, most of the time.
        hour = (opens + 5 * HOUR) % DAY
        if not 6 * HOUR <= hour < 19 * HOUR and not self._happens(0.1):
            opens += (7 * HOUR - hour) % DAY
        self.plan = Plan(
            route=Route(origin="airport", destination="port", districts=_DISTRICTS),
            timing=Timing(earliest=opens, latest=opens + 2 * HOUR, review_by=opens - 2 * HOUR),
            people=People(group="engineers", count=chance.randint(3, 24)),
            escort=Escort(carrying_vehicles=2, protection_level="b6", escort_vehicles=chance.choice((2, 3, 3, 7))),
            purpose="Change of shift at the power station.",
        )

    def _happens(self, share: float) -> bool:
        return self.chance.random() < share

    def _say(self, actor: str, act: Act, after: float = 1.0, *, at: int | None = None) -> None:
        """after: minutes since the line before; at: or the instant, if that is later."""
        last = self.lines[-1].t if self.lines else self._begun
        wanted = last + round(after * 60) * SECOND if at is None else at
        self.lines.append(Line(max(wanted, last + SECOND) // SECOND * SECOND, actor, act))

    def _file(self, actor: str, form: str, after: float = 1.0, *, at: int | None = None, **fields: FieldValue) -> None:
        self._say(actor, FormFiled(form=f"movement.{form}", fields=fields), after, at=at)

    def written(self) -> list[Line]:
        self._notice()
        if self._consent() and self._ready():
            self._under_way()
        return self.lines

    def _notice(self) -> None:
        self._say("sending/journey_manager", MovementRequested(plan=self.plan), 0)
        if self._happens(0.04):
            return  # nobody took the notice up
        for n, role in enumerate(_CHAIN):
            actor = f"{'sending' if n == 0 else 'host'}/{role}"
            late = self.chance.uniform(65, 300) if self._happens(0.04) else self.chance.uniform(5, 50)
            self._say(actor, MovementAcknowledged(role=role), late)
            if n + 1 < len(_CHAIN):
                self._say(actor, MovementRelayed(role=role, to_role=_CHAIN[n + 1]), self.chance.uniform(1, 9))
        reached = not self._happens(0.02)
        actor = "sending/journey_manager"
        self._file(actor, "risk_assessed", 10, grade="medium", travellers_informed=True, contact_tested=reached)

    def _consent(self) -> bool:
        if self._happens(0.05):
            self._say("host/district_approver", MovementRefused(reason="The road is closed."), 60)
            return False
        if self._happens(0.03):
            shorter = msgspec.structs.replace(self.plan.people, count=self.plan.people.count + 1)
            self.plan = msgspec.structs.replace(self.plan, people=shorter)
            self._say("sending/journey_manager", MovementChanged(plan=self.plan, reason="One more."), 30)
            self._say("host/unit_commander", MovementAcknowledged(role="unit_commander"), 40)
        consent = MovementApproved(plan=digest(self.plan))
        self._say("sending/approver", consent, 20)
        if self._happens(0.03):
            # The host says nothing; some leave all the same, and the record gives that no effect.
            if self._happens(0.5):
                opens = self.plan.timing.earliest
                self._say("host/escort_lead", MovementDeparted(heads=self.plan.people.count), at=opens + 5 * MINUTE)
            return False
        self._say("host/district_approver", consent, self.chance.uniform(10, 90))
        for district in _DISTRICTS:
            self._file("host/unit_commander", "district_accepted", self.chance.uniform(5, 60), district=district)
            self._file(
                "host/clearance_officer",
                "permit_issued",
                5,
                district=district,
                permit="karachi-17",
                valid_to=self.plan.timing.latest + DAY,
            )
        self._file("sending/journey_manager", "vehicles_ordered", 10, contract="c-1", vehicles=2)
        self._file("sending/transport_contractor", "vehicles_supplied", 60, contract="c-1", vehicles=2)
        for vehicle in ("v-1", "v-2"):
            self._file(
                "sending/transport_contractor",
                "vehicle_certified",
                5,
                vehicle=vehicle,
                certificate=_DIGEST,
                level=6 if not self._happens(0.02) else 4,
                blast_tested=True,
                valid_to=self.plan.timing.latest + DAY,
            )
        self._file("host/unit_commander", "escort_rostered", 10, guards=12, roster=_DIGEST)
        return True

    def _ready(self) -> bool:
        opens, count = self.plan.timing.earliest, self.plan.people.count
        guards = 12 if not self._happens(0.03) else 9
        self._file("sending/convoy_leader", "escort_counted", at=opens - 18 * MINUTE, guards=guards)
        for item in ("vehicle_protection", "radio_check"):
            for actor in ("sending/convoy_leader", "host/escort_lead"):
                self._say(actor, MovementAttested(item=item, holds=True), 1)
        for actor in ("host/site_guard", "sending/convoy_leader"):
            self._say(actor, MovementAttested(item="head_count", holds=True, heads=count), 1)
        if self._happens(0.05):
            excepted = MovementExcepted(item="sweep", reason="No sweep team today.")
            self._say("host/host_security_manager", excepted, 2)
        else:
            self._say("host/sweep_lead", MovementAttested(item="sweep", holds=True), 2)
        self._file("host/duty_officer", "briefed", 2, language="zh", note=_DIGEST)
        if not self._happens(0.03):
            self._file("sending/convoy_leader", "briefing_understood", 2)
        self._file("sending/convoy_leader", "command_taken", 1, holder="convoy-leader-7")
        self._file("host/escort_lead", "escort_taken_over", 1, unit="unit-3")
        heads = count if not self._happens(0.02) else count - 1
        self._say("host/escort_lead", MovementDeparted(heads=heads), at=opens + self.chance.randint(1, 12) * MINUTE)
        return True

    def _under_way(self) -> None:
        left = self.lines[-1].t
        there = left + round(self.chance.uniform(2, 5.5) * HOUR)
        rest = left
        while True:
            silent = self.chance.uniform(16, 60) if self._happens(0.015) else self.chance.uniform(9, 14.5)
            if self.lines[-1].t + silent * MINUTE >= there:
                break
            place = MovementCheckedIn(latitude_e7=248_607_000, longitude_e7=670_011_000)
            self._say("sending/convoy_leader", place, silent)
            if self.lines[-1].t - rest > 100 * MINUTE:
                self._file("sending/convoy_leader", "rested", 0.5, place="checkpoint 4")
                rest = self.lines[-1].t
            if self._happens(0.004):
                self._file("sending/convoy_leader", "alarm_raised", 0.2, reason="breakdown")
                self._file("host/duty_officer", "alarm_answered", 2, measures="A second vehicle is on its way.")
                self._file("sending/sending_duty_officer", "alarm_answered", 1, measures="A second vehicle is seen.")
        if self._happens(0.01):
            self._say("host/escort_lead", MovementAborted(reason="The bridge is closed."), 1)
        else:
            heads = self.plan.people.count - self._happens(0.01)
            self._say("sending/convoy_leader", MovementArrived(heads=heads), 3)
            actor, late = "sending/sending_registrar", self.chance.uniform(10, 130)
            self._file(actor, "presence_told", late, place="port", station="port police", people=heads)
        drove = (there - left) // MINUTE
        self._file("sending/convoy_leader", "driver_hours", 30, driver="d-9", driving_minutes=drove, duty_minutes=420)
        if not self._happens(0.05):
            self._say("sending/journey_manager", MovementClosed(note="Nothing to learn."), self.chance.uniform(30, 800))


def movement(begun: int, chance: random.Random) -> list[Line]:
    """A movement asked for at `begun`, some fifty lines; some late, some refused, some never closed."""
    return _Movement(begun, chance).written()


def long_movement(check_ins: int) -> Script:
    """A movement that stays under way for this many check-ins, ten minutes apart, with its rests."""

    def script(begun: int, chance: random.Random) -> list[Line]:
        lines = movement(begun, chance)
        for index, line in enumerate(lines):
            if isinstance(line.act, MovementDeparted):
                lines = lines[: index + 1]
        left, place = lines[-1].t, MovementCheckedIn(latitude_e7=248_607_000, longitude_e7=670_011_000)
        rested = FormFiled(form="movement.rested", fields={"place": "checkpoint 4"})
        for n in range(1, check_ins + 1):
            lines.append(Line(left + n * 10 * MINUTE, "sending/convoy_leader", place))
            if n % 9 == 0:
                lines.append(Line(left + n * 10 * MINUTE + SECOND, "sending/convoy_leader", rested))
        return lines

    return script


# --- many of them, through the record ---------------------------------------------------------------------------------


class Trace:
    """Movements side by side, in order of the record. The same terms, seed and script give the same statements."""

    def __init__(self, terms: Terms, seed: int = 7, script: Script = movement) -> None:
        story = Story(terms)
        self.law: Law = story.law()
        self.digest = terms.digest
        self._seed, self._script = seed, script
        self._sizes = dict(story.after())
        self._signers: dict[str, tuple[str, ...]] = {}
        self._open: dict[str, State | None] = {}
        # When each entry of a log was said; the entries before the first movement do not count.
        self._times = {party: array("q", [0] * size) for party, size in self._sizes.items()}
        self.movements = 0
        self.now = START

    def events(self, count: int) -> Iterator[tuple[str, Event]]:
        """The first `count` statements: subject and event."""
        for subject, line, is_last in self._lines(count):
            state, event = self._told(subject, self._open.get(subject), line)
            self._open[subject] = state
            if is_last:
                del self._open[subject]
            yield subject, event

    def _lines(self, count: int) -> Iterator[tuple[str, Line, bool]]:
        # (instant, number of the movement, its lines, place in them)
        waiting: list[tuple[int, int, list[Line], int]] = []
        told = 0
        while told < count:
            begun = START + self.movements * _EVERY
            if not waiting or waiting[0][0] >= begun:
                chance = random.Random(f"{self._seed}/{self.movements}")
                lines = self._script(begun, chance)
                heapq.heappush(waiting, (lines[0].t, self.movements, lines, 0))
                self.movements += 1
                continue
            _, number, lines, place = heapq.heappop(waiting)
            is_last = place + 1 == len(lines)
            if not is_last:
                heapq.heappush(waiting, (lines[place + 1].t, number, lines, place + 1))
            yield f"movement/m-{number}", lines[place], is_last
            told += 1

    def one(self, number: int = 0, *, forget_check_ins: bool = False) -> list[Event]:
        """One movement alone, to its end, and every receipt.

        forget_check_ins: the record's state carries every check-in of a movement anew with each one, which a hundred
        thousand of them do not leave memory for; no clause sees them there.
        """
        lines = self._script(START, random.Random(f"{self._seed}/{number}"))
        state: State | None = None
        events = []
        for line in lines:
            after, event = self._told(f"movement/m-{number}", state, line)
            if not (forget_check_ins and isinstance(line.act, MovementCheckedIn)):
                state = after
            events.append(event)
        self.now = max(self.now, lines[-1].t + DAY)
        return events

    def receipts(self, log: str, index: int, by: str) -> Evidence | None:
        """The other side shows every entry that it had two seconds before, or earlier."""
        shown = self._times[log][index] + 2 * SECOND
        return Evidence(party=by, index=0, id="receipt", at=shown) if shown <= self.now else None

    def _told(self, subject: str, state: State | None, line: Line) -> tuple[State | None, Event]:
        party = line.actor.split("/", 1)[0]
        after, index = dict(self._sizes), self._sizes[party]
        self._sizes[party] = index + 1
        self._times[party].append(line.t)
        said = Said(
            position=Position(line.t, 0, party, index),
            id=hashlib.sha256(f"{party}/{index}".encode()).hexdigest(),
            kind=kind_of(line.act),
            subject=subject,
            actor=line.actor,
            agreement=self.digest,
            at=line.t,
            after=after,
            signers=self._signed_by(line.actor, party),
            act=line.act,  # type: ignore[arg-type]  # an act of the catalogue
        )
        state, void = step(self.law, state, said)
        event = event_of(self.law, said, void, state)
        assert event is not None
        return state, event

    def _signed_by(self, actor: str, party: str) -> tuple[str, ...]:
        if actor not in self._signers:
            own, node = key(actor).public.key_id, keys_of(party).node.public.key_id
            self._signers[actor] = tuple(sorted((own, node)))
        return self._signers[actor]
