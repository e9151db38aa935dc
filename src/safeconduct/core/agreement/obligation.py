"""What every obligation has, whatever its demand: it hears events, and says how it stands.

An obligation hears only events of the names that its clause listens to, in order of the record, and keeps what it needs
of them; so a statement costs the same however long the history is. Instants are ms.
"""

from __future__ import annotations

from typing import NamedTuple

from safeconduct.core.agreement.book import Ready
from safeconduct.core.agreement.case import Case, Frame
from safeconduct.core.agreement.conditions import Value
from safeconduct.core.agreement.events import Event, Evidence
from safeconduct.core.agreement.finding import NEAR_SHARE, Finding, Outcome, Reason
from safeconduct.core.agreement.instants import InstantAt

# Of one obligation no more events are kept than this: a party that repeats itself a thousand times adds nothing.
HITS_MAX = 64


class Verdict(NamedTuple):
    """What a demand says for itself; waivers, excuses and giving up are the same for all and come after.

    done: when it was done after the breach, if it was. by: the place of the statement that decided at once, for a duty
    that is not broken by an instant passing.
    """

    outcome: Outcome
    reason: Reason
    evidence: tuple[Event, ...] = ()
    due: int | None = None
    happened: int | None = None
    near: bool = False
    missing: tuple[str, ...] = ()
    look: int | None = None
    planned: str = ""
    actual: str = ""
    times: int = 1
    receipt: Evidence | None = None
    done: int | None = None
    by: int | None = None


class Obligation:
    """What a clause owes since `trigger`. begun: from when it is owed anew, if an amendment has begun it anew."""

    def __init__(self, case: Case, ready: Ready, trigger: Event, begun: int | None) -> None:
        self.case, self.ready, self.trigger = case, ready, trigger
        self.anew = begun is not None
        self.begun = trigger.t if begun is None else begun
        # Findings count from here: an obligation that an amendment has begun anew goes on counting.
        self.base = 0
        self.n = 0
        self.settled = False
        # The movement was given up before the span was over.
        self.stopped = False
        # What it has come to while it goes on with its next run or period.
        self.emitted: list[Finding] = []
        self._excuse: tuple[int, Event] | None = None
        # Something that was called up by the giving up itself, or after it, is owed all the same.
        view = trigger.view
        self.falls_with_movement = (
            view is not None and not view.gave_up and (view.lapses_at is None or trigger.t <= view.lapses_at)
        )

    # Whether nothing of its finding changes before the instant that it names, while no event touches it.
    is_steady = True

    # What must not happen stays forbidden for a movement that was given up.
    forbids = False

    @property
    def asks_receipts(self) -> bool:
        """Whether what another party shows to have had decides."""
        return False

    # What each demand does.

    def hit(self, frame: Frame) -> None:
        """The demand's own event."""

    def end(self, t: int, event: Event | None) -> None:
        """The span is over: by the `until` event, or because the subject is done."""

    def verdict(self, now: int) -> Verdict:
        """How it stands at `now`."""
        raise NotImplementedError

    def moves(self) -> bool:
        """Whether an instant that decides may still move: with a changed plan, or a form filed again."""
        return self._moves(self.ready.due) or self._moves(self.ready.not_before)

    # What is the same for all.

    def hear(self, frame: Frame) -> None:
        """Take in an event of a name that the clause listens to."""
        ready, name = self.ready, frame.event.name
        # A sign that also ends the span is judged as a sign first.
        if ready.hit is not None and ready.hit.event == name and ready.hit.matches(frame):
            self.hit(frame)
        if not self.settled:
            self.other(frame)
        if not self.settled and self._ends(frame):
            self.end(frame.event.t, frame.event)
        if not self.settled and self._excuse is None:
            for matcher in ready.unless:
                if matcher.event == name and matcher.matches(frame):
                    self._excuse = (frame.order, frame.event)

    def other(self, frame: Frame) -> None:
        """Another event that the demand listens to."""

    def stop(self, t: int) -> None:  # noqa: ARG002, a period needs to know
        """The movement was refused or cancelled while the span went on."""
        self.stopped = self.settled = True

    def findings(self, now: int) -> tuple[Finding, ...]:
        """How it stands at `now`, everything considered."""
        return (self._finding(self.n, self._considered(self.verdict(now), now), now),)

    def _ends(self, frame: Frame) -> bool:
        until = self.ready.until
        return (
            until is not None
            and until.event == frame.event.name
            and frame.event is not self.trigger
            and until.matches(frame)
        )

    def _finding(self, n: int, verdict: Verdict, now: int) -> Finding:
        ready = self.ready
        cured = None
        last = self._last(verdict)
        if verdict.outcome is Outcome.BREACHED and verdict.done is not None and last is not None and ready.cure:
            cured = verdict.done if verdict.done <= last + ready.cure else None
        evidence = tuple(event.evidence for event in verdict.evidence)
        if verdict.receipt is not None:
            evidence = (*evidence, verdict.receipt)
        return Finding(
            clause=ready.clause.id,
            subject=self.case.subject,
            outcome=verdict.outcome,
            owed_by=ready.clause.owed_by,
            reason=verdict.reason,
            agreement=ready.agreement,
            trigger=self.trigger.evidence,
            n=self.base + n,
            times=verdict.times,
            due_at=verdict.due,
            happened_at=verdict.happened,
            near=verdict.near,
            missing=verdict.missing,
            planned=verdict.planned,
            actual=verdict.actual,
            cured_at=cured,
            evidence=evidence,
            look_again_at=self._look(verdict, now),
        )

    def _look(self, verdict: Verdict, now: int) -> int | None:
        """When the outcome may change: as the demand says, and when the movement lapses."""
        lapses = self.case.lapses_at if self.falls_with_movement else None
        if lapses is None or now > lapses or verdict.outcome not in (Outcome.PENDING, Outcome.WAIVED):
            return verdict.look
        return lapses + 1 if verdict.look is None else min(verdict.look, lapses + 1)

    def _last(self, verdict: Verdict) -> int | None:
        """The last instant in time; None while nothing limits it."""
        if verdict.due is None or verdict.by is not None:
            return verdict.due
        return verdict.due + self.ready.grace

    def _considered(self, verdict: Verdict, now: int) -> Verdict:
        """The verdict after excuses, giving up and waivers; none of them undoes a duty that was met."""
        if verdict.outcome in (Outcome.MET, Outcome.NOT_DUE):
            return verdict
        last = self._last(verdict)

        def in_time(order: int, event: Event) -> bool:
            return order < verdict.by if verdict.by is not None else last is None or event.t <= last

        def instead(outcome: Outcome, reason: Reason, happened: int, *events: Event) -> Verdict:
            evidence = (self.trigger, *events)
            return Verdict(outcome, reason, evidence, verdict.due, happened, look=verdict.look, by=verdict.by)

        if self._excuse is not None and in_time(*self._excuse):
            excuse = self._excuse[1]
            return instead(Outcome.NOT_DUE, Reason.EXCUSED, excuse.t, excuse)
        gave_up = self.case.gave_up_at(now) if self.falls_with_movement else None
        if gave_up is not None and (verdict.outcome is Outcome.PENDING or not self.forbids):
            is_stopped = self.stopped and verdict.outcome is Outcome.PENDING
            if is_stopped or last is None or gave_up < last:
                return instead(Outcome.NOT_DUE, Reason.GIVEN_UP, gave_up)
        waivers = self.case.waivers(self.ready.clause.id, self.ready.rule.waived_by, in_time)
        if waivers:
            return instead(Outcome.WAIVED, Reason.WAIVED, max(w.t for w in waivers), *waivers)
        return verdict

    def instant(self, at: InstantAt | None) -> int | None:
        """When an instant is; None while what it counts from is not there, or for none."""
        anchor = self.case.anchor(at.anchor, self.trigger) if at is not None else None
        return None if at is None or anchor is None else anchor + at.offset

    def _moves(self, at: InstantAt | None) -> bool:
        """Whether an instant may still move: with a plan that may still change, or with a form filed again."""
        return at is not None and at.anchor != "trigger" and not at.anchor.startswith("trigger.") and (
            at.anchor.startswith("filed.") or self.case.plan_may_change()
        )  # fmt: skip

    def _near(self, due: int | None, when: int) -> bool:
        """Whether a duty done at `when` was nearly late (AG-55)."""
        if due is None:
            return False
        length = abs(self.ready.due.offset) if self.ready.due is not None else 0
        length = length or due - self.trigger.t
        return when > due or (length > 0 and (due - when) * NEAR_SHARE < length)


def kept_verdict(reason: Reason, trigger: Event, ended: Event | int) -> Verdict:
    """What held until the end of its span, by an event or at an instant."""
    if isinstance(ended, int):
        return Verdict(Outcome.MET, reason, (trigger,), happened=ended)
    return Verdict(Outcome.MET, reason, each_once(trigger, ended), happened=ended.t)


def followed(missed: Verdict, following: Verdict) -> Verdict:
    """Missed periods in a row, made good by the period after them if that was kept."""
    if missed.outcome is not Outcome.BREACHED or following.outcome is not Outcome.MET:
        return missed
    evidence = each_once(*missed.evidence, *following.evidence)
    return missed._replace(evidence=evidence, happened=following.happened, done=following.happened)


def each_once(*events: Event) -> tuple[Event, ...]:
    """The events in order, each once."""
    return tuple({event.evidence.id: event for event in events}.values())


def as_number(value: Value | None) -> int | None:
    """A limit that came out as a number; None for anything else."""
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def shown_value(value: Value | None) -> str:
    """A value as findings carry it."""
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case tuple():
            return ", ".join(value)
        case _:
            return str(value)
