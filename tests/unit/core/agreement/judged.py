"""Builders for tests of the judge of clauses: a small agreement, events on a subject, receipts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from hashlib import sha256

import msgspec

from safeconduct.core.acts import (
    Act,
    DutyWaived,
    FactContested,
    FactRuled,
    FieldValue,
    FindingExplained,
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
    People,
    Plan,
    Timing,
)
from safeconduct.core.agreement import (
    Book,
    Disputes,
    Event,
    Evidence,
    Field,
    Finding,
    Form,
    MovementView,
    Parameter,
    Receipts,
    Rule,
    Terms,
    event_name,
    judge_subject,
)
from safeconduct.testing import card_of, small_plan, small_terms
from tests.unit.core.record.reported import clause_of

MINUTE = 60_000
HOUR = 60 * MINUTE
DAY = 24 * HOUR
# Where histories begin: 2026-01-31T10:00:00Z, a day that February has not.
START = 1_769_853_600_000
EARLIEST, LATEST, REVIEW_BY = START + 30 * HOUR, START + 32 * HOUR, START + 29 * HOUR

PARTY = {"duty_officer": "host", "escort_lead": "host", "journey_manager": "sending", "approver": "sending"}
FIELDS = (
    Field(id="n", type="number"),
    Field(id="who", type="text"),
    Field(id="at", type="instant"),
    Field(id="ok", type="yes_no"),
    Field(id="names", type="names"),
)
FORMS = tuple(
    Form(id=name, name={"en": "form"}, fields=FIELDS)
    for name in ("movement.noted", "post.opened", "post.scanned", "post.handed", "post.closed")
)
PARAMETERS = (
    Parameter(id="lead", duration="PT2H", source="to agree"),
    Parameter(id="two", number=2, source="to agree"),
    Parameter(id="chain", texts=("a", "b"), source="to agree"),
    Parameter(id="word", text="a", source="to agree"),
)


def rule(**parts: object) -> Rule:
    """A rule as it stands in the text; `when` may be a name alone."""
    when = parts.pop("when")
    shape = {"for_each": "post", "when": {"event": when} if isinstance(when, str) else when, **parts}
    return msgspec.convert(shape, Rule)


def terms(*rules: Rule, **changed: object) -> Terms:
    """An agreement of these rules, by which the duty officer and the approver rule on disputes."""
    parts: dict[str, object] = {
        "clauses": tuple(clause_of(r, number) for number, r in enumerate(rules, 1)),
        "forms": FORMS,
        "parameters": PARAMETERS,
        "disputes": Disputes(ruled_by=("duty_officer", "approver")),
        **changed,
    }
    return msgspec.structs.replace(small_terms([card_of("host"), card_of("sending")]), **parts)


def plan(earliest: int = EARLIEST, people: int = 4, **timing: int) -> Plan:
    """A plan; its window is two hours, and the review an hour before it."""
    window = {"earliest": earliest, "latest": earliest + 2 * HOUR, "review_by": earliest - HOUR, **timing}
    return msgspec.structs.replace(small_plan(people=People(group="engineers", count=people)), timing=Timing(**window))


def view(phase: str = "requested", *, plan_: Plan | None = None, unapproved: tuple[str, ...] = ()) -> MovementView:
    """A movement after a statement, with what follows from its phase."""
    planned = plan_ if plan_ is not None else plan()
    timing = planned.timing
    gave_up = phase in ("refused", "cancelled")
    lapses = {"requested": min(timing.review_by, timing.latest), "approved": timing.latest}
    return MovementView(
        plan=planned,
        phase=phase,
        requested_by="sending",
        approved_by=(),
        unapproved=lambda: unapproved,
        open_items=tuple,
        excepted=(),
        lapses_at=lapses.get(phase),
        gave_up=gave_up,
        done=gave_up or phase == "closed",
    )


def statement_id(party: str, index: int) -> str:
    """The id of a party's statement at a place of its log."""
    return sha256(f"{party}/{index}".encode()).hexdigest()


class Told:
    """What is said on one subject, one after the other."""

    def __init__(self, kind: str = "post", *, agreement: str = "") -> None:
        self.kind, self.agreement = kind, agreement
        self.events: list[Event] = []
        self.phase, self.plan = "requested", plan()
        self.unapproved: tuple[str, ...] = ("host",)
        self._next: dict[str, int] = {}

    def say(
        self, act: Act, t: int = 0, role: str = "escort_lead", *, void: str = "", roles: tuple[str, ...] = ()
    ) -> Event:
        """The next statement, `t` ms after the start, by somebody who holds a role."""
        party = PARTY[role]
        index = self._next.get(party, 0)
        self._next[party] = index + 1
        if not void:
            self._become(act)
        event = Event(
            evidence=Evidence(party=party, index=index, id=statement_id(party, index), at=START + t),
            name=event_name(act),
            actor=f"{party}/{role}",
            roles=roles or (role,),
            agreement=self.agreement,
            act=act,
            void=void,
            view=view(self.phase, plan_=self.plan, unapproved=self.unapproved) if self.kind == "movement" else None,
        )
        self.events.append(event)
        return event

    def file(self, name: str, t: int = 0, role: str = "escort_lead", *, void: str = "", **fields: FieldValue) -> Event:
        """A form, by its name after the dot."""
        return self.say(FormFiled(form=f"{self.kind}.{name}", fields=fields), t, role, void=void)

    def waive(self, t: int, role: str, clause_: str = "F-1") -> Event:
        """A waiver of a clause."""
        return self.say(DutyWaived(clause=clause_, reason="agreed"), t, role)

    def explain(self, t: int, role: str, clause_: str = "F-1") -> Event:
        """A party's answer to a finding."""
        return self.say(FindingExplained(clause=clause_, account="it was so"), t, role)

    def contest(self, statement: Event, t: int, role: str = "journey_manager") -> Event:
        """Somebody does not accept what a statement says."""
        return self.say(FactContested(statement=statement.evidence.id, account="it was not so"), t, role)

    def decide(self, statement: Event, t: int, role: str, *, stands: bool) -> Event:
        """One role's word on a contested statement."""
        return self.say(FactRuled(statement=statement.evidence.id, stands=stands, reason="both heard"), t, role)

    def _become(self, act: Act) -> None:
        match act:
            case MovementRequested(plan=planned) | MovementChanged(plan=planned):
                self.plan = planned
                self.unapproved = ("host",)
                self.phase = "requested"
            case MovementApproved():
                self.phase, self.unapproved = "approved", ()
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


REQUEST = MovementRequested(plan=plan())
APPROVE = MovementApproved(plan="0" * 64)
REFUSE = MovementRefused(reason="no")
CANCEL = MovementCancelled(reason="not needed")
DEPART = MovementDeparted(heads=4)
CHECK_IN = MovementCheckedIn()
CLOSE = MovementClosed()


def arrive(heads: int) -> Act:
    """People get out, so many of them."""
    return MovementArrived(heads=heads)


def acknowledge(role: str) -> Act:
    """A role has read the notice."""
    return MovementAcknowledged(role=role)


def change(earliest: int, people: int = 4) -> Act:
    """Another plan."""
    return MovementChanged(plan=plan(earliest, people), reason="later")


def receipts(shown: Mapping[str, int]) -> Receipts:
    """The first instants (ms after the start) at which a statement, by its id, was shown to be had by the other."""
    by_place = {(party, index): at for (party, index), at in _places(shown)}

    def look_up(log: str, index: int, by: str) -> Evidence | None:
        at = by_place.get((log, index))
        return None if at is None or by == log else Evidence(party=by, index=0, id="aa" * 32, at=START + at)

    return look_up


def _places(shown: Mapping[str, int]) -> Iterable[tuple[tuple[str, int], int]]:
    for party in ("host", "sending"):
        for index in range(64):
            if (found := shown.get(statement_id(party, index))) is not None:
                yield (party, index), found


def judged(
    rule_: Rule, told: Told, now: int | None = None, shown: Mapping[str, int] | None = None, **changed: object
) -> tuple[Finding, ...]:
    """Findings of one rule, `now` ms after the start (by default at the last statement)."""
    book = Book(terms(rule_, **changed))
    at = told.events[-1].t if now is None else START + now
    return judge_subject(f"{told.kind}/s", ((0, book),), told.events, at, receipts(shown or {}))


def posts(*said: tuple[object, ...]) -> Told:
    """Forms on a post: name, instant, and perhaps the role that files it; then fields."""
    told = Told()
    for name, t, *more in said:
        role = next((m for m in more if isinstance(m, str)), "escort_lead")
        fields = next((m for m in more if isinstance(m, dict)), {})
        told.file(str(name), int(str(t)), role, **fields)
    return told


def only(rule_: Rule, told: Told, now: int | None = None, shown: dict[str, int] | None = None) -> Finding:
    """The one finding that there is."""
    (found,) = judged(rule_, told, now, shown)
    return found


def stands(finding: Finding) -> tuple[str, str, bool]:
    """How an obligation stands, why, and whether nearly not."""
    return (finding.outcome.value, finding.reason.value, finding.near)
