"""One obligation for each shape of demand: it hears events, and says how it stands.

An obligation hears only events of the names that its clause listens to, in order of the record, and keeps what it needs
of them; so a statement costs the same however long the history is. Instants are ms; docs/spec/agreement.md AG-60 to
AG-99 has the meaning of each demand.
"""

from __future__ import annotations

from typing import NamedTuple

from safeconduct.core.agreement.book import Ready
from safeconduct.core.agreement.case import Case, Frame
from safeconduct.core.agreement.conditions import Value
from safeconduct.core.agreement.events import Event, Evidence
from safeconduct.core.agreement.finding import NEAR_SHARE, Finding, Outcome, Reason
from safeconduct.core.agreement.instants import InstantAt
from safeconduct.core.agreement.rules import (
    Always,
    Count,
    Equal,
    Gap,
    Must,
    Never,
    One,
    Recur,
    Relay,
)

# Of one obligation no more events are kept than this: a party that repeats itself a thousand times adds nothing.
HITS_MAX = 64


class Verdict(NamedTuple):
    """What a demand says for itself; waivers, excuses and giving up are the same for all and come after."""

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


class Obligation:
    """What a clause owes since `trigger`. begun: from when its spans count (an amendment may have begun it anew)."""

    def __init__(self, case: Case, ready: Ready, trigger: Event, begun: int) -> None:
        self.case, self.ready, self.trigger, self.begun = case, ready, trigger, begun
        self.n = 0
        self.settled = False
        # What it has come to while it goes on with its next run or period.
        self.emitted: list[Finding] = []
        self.excuse: Event | None = None
        # Something that was called up by the giving up itself is owed all the same.
        self.falls_with_movement = trigger.view is not None and not trigger.view.gave_up

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

    # What is the same for all.

    def hear(self, frame: Frame) -> None:
        """Take in an event of a name that the clause listens to."""
        ready, name = self.ready, frame.event.name
        # A sign that also ends the span is judged as a sign first.
        if ready.hit is not None and ready.hit.event == name and ready.hit.matches(frame):
            self.hit(frame)
        if not self.settled:
            self.other(frame)
        if not self.settled and ready.until is not None and ready.until.event == name and ready.until.matches(frame):
            self.end(frame.event.t, frame.event)
        if not self.settled and self.excuse is None:
            for matcher in ready.unless:
                if matcher.event == name and matcher.matches(frame):
                    self.excuse = frame.event

    def other(self, frame: Frame) -> None:
        """Another event that the demand listens to."""

    def finding(self, now: int) -> Finding:
        """How it stands at `now`, everything considered."""
        verdict = self._considered(self.verdict(now), now)
        ready = self.ready
        deadline = None if verdict.due is None else verdict.due + ready.grace
        cured = None
        if verdict.outcome is Outcome.BREACHED and ready.cure and verdict.happened is not None and deadline is not None:
            cured = verdict.happened if deadline < verdict.happened <= deadline + ready.cure else None
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
            n=self.n,
            times=verdict.times,
            due_at=verdict.due,
            happened_at=verdict.happened,
            near=verdict.near,
            missing=verdict.missing,
            planned=verdict.planned,
            actual=verdict.actual,
            cured_at=cured,
            evidence=evidence,
            look_again_at=verdict.look,
        )

    def _considered(self, verdict: Verdict, now: int) -> Verdict:
        """The verdict after excuses, giving up and waivers; none of them undoes a duty that was met."""
        if verdict.outcome in (Outcome.MET, Outcome.NOT_DUE):
            return verdict
        breach_at = None if verdict.due is None else verdict.due + self.ready.grace
        if self.excuse is not None and (breach_at is None or self.excuse.t <= breach_at):
            return Verdict(Outcome.NOT_DUE, Reason.EXCUSED, (self.trigger, self.excuse), verdict.due, self.excuse.t)
        gave_up = self.case.gave_up_at(now) if self.falls_with_movement else None
        is_owed_no_more = verdict.outcome is Outcome.PENDING or (not self.forbids and _before(gave_up, breach_at))
        if gave_up is not None and is_owed_no_more:
            return Verdict(Outcome.NOT_DUE, Reason.GIVEN_UP, (self.trigger,), verdict.due, gave_up)
        waivers = self.case.waivers(self.ready.clause.id, self.ready.rule.waived_by, breach_at)
        if waivers:
            return Verdict(
                Outcome.WAIVED, Reason.WAIVED, (self.trigger, *waivers), verdict.due, max(w.t for w in waivers)
            )
        return verdict

    def instant(self, at: InstantAt) -> int | None:
        """When an instant is; None while what it counts from is not there."""
        anchor = self.case.anchor(at.anchor, self.trigger)
        return None if anchor is None else anchor + at.offset

    def _moves(self, at: InstantAt | None) -> bool:
        """Whether an instant may still move: with a plan that may still change, or with a form filed again."""
        return at is not None and at.anchor != "trigger" and not at.anchor.startswith("trigger.") and (
            at.anchor.startswith("filed.") or self.case.plan_may_change()
        )  # fmt: skip


class MustObligation(Obligation):
    """AG-60 to AG-67."""

    def __init__(self, case: Case, ready: Ready, trigger: Event, begun: int) -> None:
        super().__init__(case, ready, trigger, begun)
        assert isinstance(ready.demand, Must)
        self._demand = ready.demand
        self._hits: list[Event] = []

    @property
    def asks_receipts(self) -> bool:
        return self._demand.received_by is not None

    def hit(self, frame: Frame) -> None:
        event = frame.event
        if len(self._hits) < HITS_MAX:
            self._hits.append(event)
        # A duty whose instants cannot move, and that no receipt decides, is decided by the first complete doing.
        if not (self.asks_receipts or self._moves(self.ready.due) or self._moves(self.ready.not_before)):
            self.settled = self._done(self._not_before()) is not None

    def _not_before(self) -> int | None:
        return self.instant(self.ready.not_before) if self.ready.not_before is not None else None

    def _done(self, not_before: int | None) -> tuple[Event, ...] | None:
        """The events that make the doing complete, or None."""
        counting = [e for e in self._hits if not_before is None or e.t >= not_before]
        if not self._demand.parties:
            return (counting[0],) if counting else None
        firsts = [next((e for e in counting if e.party == party), None) for party in self._demand.parties]
        return tuple(e for e in firsts if e is not None) if None not in firsts else None

    def verdict(self, now: int) -> Verdict:
        assert self.ready.due is not None
        due = self.instant(self.ready.due)
        done = self._done(self._not_before())
        to = self._demand.received_by
        if to is not None and done is not None and self._demand.clock != "offered":
            return self._received(to, done[-1], due, now)
        missing = self._missing()
        if due is None:
            return Verdict(Outcome.PENDING, Reason.NOT_DONE_YET, (self.trigger,), missing=missing)
        deadline = due + self.ready.grace
        if done is None:
            if now > deadline:
                return Verdict(Outcome.BREACHED, Reason.NOT_DONE, (self.trigger,), due, missing=missing)
            return Verdict(
                Outcome.PENDING, Reason.NOT_DONE_YET, (self.trigger,), due, missing=missing, look=deadline + 1
            )
        when = max(e.t for e in done)
        evidence = _once(self.trigger, *done)
        if when > deadline:
            return Verdict(Outcome.BREACHED, Reason.DONE_LATE, evidence, due, when)
        return Verdict(Outcome.MET, Reason.DONE_IN_TIME, evidence, due, when, near=self._near(due, when))

    def _missing(self) -> tuple[str, ...]:
        said = {e.party for e in self._hits}
        return tuple(party for party in self._demand.parties if party not in said)

    def _near(self, due: int, when: int) -> bool:
        assert self.ready.due is not None
        length = abs(self.ready.due.offset) or due - self.trigger.t
        return when > due or (length > 0 and (due - when) * NEAR_SHARE < length)

    def _received(self, to: str, offered: Event, due: int | None, now: int) -> Verdict:
        """A notice has two instants; the agreement says which counts, or both (AG-23 to AG-27)."""
        if offered.party == to:
            return Verdict(Outcome.NOT_DUE, Reason.NOTICE_IS_OWN, (offered,))
        receipt = self.case.receipts(offered.party, offered.evidence.index, to)
        if due is None:
            return Verdict(Outcome.PENDING, Reason.NOT_RECEIVED_YET, (offered,), receipt=receipt)
        deadline = due + self.ready.grace
        fair = self._demand.clock != "received"
        if fair and offered.t > deadline:
            return Verdict(Outcome.BREACHED, Reason.OFFERED_LATE, (offered,), due, offered.t)
        if receipt is None:
            if now <= deadline:
                return Verdict(Outcome.PENDING, Reason.NOT_RECEIVED_YET, (offered,), due, look=deadline + 1)
            if fair:
                return Verdict(Outcome.DISPUTED, Reason.OFFERED_IN_TIME_NO_RECEIPT, (offered,), due)
            return Verdict(Outcome.BREACHED, Reason.NOT_DONE, (offered,), due)
        if receipt.at > deadline:
            outcome = Outcome.DISPUTED if fair else Outcome.BREACHED
            reason = Reason.OFFERED_IN_TIME_RECEIVED_LATE if fair else Reason.DONE_LATE
            return Verdict(outcome, reason, (offered,), due, receipt.at, receipt=receipt)
        return Verdict(
            Outcome.MET,
            Reason.RECEIVED_IN_TIME,
            (offered,),
            due,
            receipt.at,
            near=self._near(due, receipt.at),
            receipt=receipt,
        )


class AlwaysObligation(Obligation):
    """AG-68, AG-69."""

    def __init__(self, case: Case, ready: Ready, trigger: Event, begun: int) -> None:
        super().__init__(case, ready, trigger, begun)
        assert isinstance(ready.demand, Always)
        self._broken: Event | None = None
        self._again: Event | None = None
        self._ended: Event | int | None = None

    def look(self, frame: Frame) -> None:
        """Any event of the subject, the trigger included."""
        if self.settled:
            return
        holds = self.ready.asked["hold"].holds(frame)
        if self._broken is None:
            if not holds:
                self._broken = frame.event
                self.settled = not self.ready.cure
        elif holds:
            self._again = frame.event
            self.settled = True
        if self.ready.until is None and self._broken is None:
            self._ended = frame.event
            self.settled = True

    def end(self, t: int, event: Event | None) -> None:
        if self._broken is None:
            self._ended = event or t
        self.settled = True

    def verdict(self, now: int) -> Verdict:  # noqa: ARG002, what held is decided by events alone
        if self._broken is not None:
            evidence = _once(self.trigger, self._broken, *([self._again] if self._again else []))
            if self._again is not None:
                return Verdict(
                    Outcome.BREACHED, Reason.DID_NOT_HOLD, evidence, self._broken.t - self.ready.grace, self._again.t
                )
            return Verdict(Outcome.BREACHED, Reason.DID_NOT_HOLD, evidence, self._broken.t, self._broken.t)
        if self._ended is None:
            return Verdict(Outcome.PENDING, Reason.HOLDS_SO_FAR, (self.trigger,))
        return _kept(Reason.HELD, self.trigger, self._ended)


class NeverObligation(Obligation):
    """AG-70."""

    forbids = True

    def __init__(self, case: Case, ready: Ready, trigger: Event, begun: int) -> None:
        super().__init__(case, ready, trigger, begun)
        assert isinstance(ready.demand, Never)
        self._happened: Event | None = None
        self._ended: Event | int | None = None

    def hit(self, frame: Frame) -> None:
        if frame.event is self.trigger:
            return
        before = self.instant(self.ready.due) if self.ready.due is not None else None
        if before is not None and frame.event.t >= before:
            return
        self._happened = frame.event
        self.settled = True

    def end(self, t: int, event: Event | None) -> None:
        self._ended = event or t
        self.settled = True

    def verdict(self, now: int) -> Verdict:
        if self._happened is not None:
            t = self._happened.t
            return Verdict(Outcome.BREACHED, Reason.HAPPENED, (self.trigger, self._happened), t, t)
        before = self.instant(self.ready.due) if self.ready.due is not None else None
        if self._ended is not None:
            return _kept(Reason.DID_NOT_HAPPEN, self.trigger, self._ended)
        if before is not None and now >= before:
            return Verdict(Outcome.MET, Reason.DID_NOT_HAPPEN, (self.trigger,), before, before)
        return Verdict(Outcome.PENDING, Reason.NOT_HAPPENED_SO_FAR, (self.trigger,), before, look=before)


class RelayObligation(Obligation):
    """AG-73 to AG-76."""

    def __init__(self, case: Case, ready: Ready, trigger: Event, begun: int) -> None:
        super().__init__(case, ready, trigger, begun)
        assert isinstance(ready.demand, Relay)
        self._chain: tuple[str, ...] = ready.demand.chain
        if "chain_of" in ready.asked:
            named = ready.asked["chain_of"].value(Frame(case, trigger, trigger))
            self._chain = named if isinstance(named, tuple) else ()
        self._done: dict[str, Event] = {}

    def hit(self, frame: Frame) -> None:
        hop = self.ready.asked["hop"].value(frame)
        if isinstance(hop, str) and hop in self._chain and hop not in self._done:
            self._done[hop] = frame.event
            if len(self._done) == len(self._chain) and not self._moves(self.ready.due):
                self.settled = True

    def verdict(self, now: int) -> Verdict:
        last = self.begun
        whole = self.instant(self.ready.due) if self.ready.due is not None else None
        evidence: tuple[Event, ...] = (self.trigger,)
        near = False
        due = None
        for hop in self._chain:
            due = last + self.ready.span if whole is None else min(last + self.ready.span, whole)
            deadline = due + self.ready.grace
            done = self._done.get(hop)
            if done is None:
                if now > deadline:
                    return Verdict(Outcome.BREACHED, Reason.HOP_MISSING, evidence, due, missing=(hop,))
                return Verdict(Outcome.PENDING, Reason.HOP_PENDING, evidence, due, missing=(hop,), look=deadline + 1)
            evidence = _once(*evidence, done)
            if done.t > deadline:
                return Verdict(Outcome.BREACHED, Reason.HOP_LATE, evidence, due, done.t, missing=(hop,))
            near |= (due - done.t) * NEAR_SHARE < due - last
            last = max(last, done.t)
        return Verdict(Outcome.MET, Reason.PASSED_ON, evidence, due, last, near=near)


class GapObligation(Obligation):
    """AG-77 to AG-80."""

    def __init__(self, case: Case, ready: Ready, trigger: Event, begun: int) -> None:
        super().__init__(case, ready, trigger, begun)
        assert isinstance(ready.demand, Gap)
        self._last, self._last_t = trigger, begun
        self._longest = 0
        self._late: Event | None = None
        self._ended: int | None = None

    def hit(self, frame: Frame) -> None:
        self._sign(frame.event)

    def end(self, t: int, event: Event | None) -> None:
        self.settled = True
        if t > self._last_t + self.ready.span + self.ready.grace:
            self._late = event
            return
        self._longest = max(self._longest, t - self._last_t)
        self._last = event or self._last
        self._ended = t

    def _sign(self, event: Event) -> None:
        if event is self._last:
            return
        if event.t > self._last_t + self.ready.span + self.ready.grace:
            self._late = event
            self.emitted.append(self.finding(event.t))
            self._late = None
            self.n += 1
            self._longest = 0
        else:
            self._longest = max(self._longest, event.t - self._last_t)
        self._last, self._last_t = event, event.t

    def verdict(self, now: int) -> Verdict:
        allowed = self.ready.span + self.ready.grace
        due = self._last_t + self.ready.span
        if self._late is not None:
            return Verdict(Outcome.BREACHED, Reason.TOO_LONG, _once(self._last, self._late), due, self._late.t)
        near = (allowed - self._longest) * NEAR_SHARE < allowed
        if self._ended is not None:
            evidence = _once(self.trigger, self._last)
            return Verdict(Outcome.MET, Reason.NEVER_TOO_LONG, evidence, None, self._ended, near=near)
        if now > self._last_t + allowed or self.settled:
            return Verdict(Outcome.BREACHED, Reason.SILENT_NOW, _once(self.trigger, self._last), due)
        return Verdict(
            Outcome.PENDING,
            Reason.NEXT_DUE,
            _once(self.trigger, self._last),
            due,
            near=near,
            look=self._last_t + allowed + 1,
        )


class RecurObligation(Obligation):
    """AG-81 to AG-84. n: the period, counted from 0 at the trigger."""

    def __init__(self, case: Case, ready: Ready, trigger: Event, begun: int) -> None:
        super().__init__(case, ready, trigger, begun)
        assert isinstance(ready.demand, Recur)
        assert ready.calendar is not None
        self._parties = ready.demand.parties
        self._calendar = ready.calendar
        self._hits: list[Event] = []
        self._missed_from: int | None = None
        self._ended: int | None = None

    def _start(self, n: int) -> int:
        return self._calendar.start(self.begun, n)

    def _is_complete(self) -> bool:
        if not self._parties:
            return bool(self._hits)
        return all(any(e.party == party for e in self._hits) for party in self._parties)

    def hit(self, frame: Frame) -> None:
        event = frame.event
        if event.t < self.begun:
            return
        n = self._calendar.index(self.begun, event.t)
        in_grace = n == self.n + 1 and event.t <= self._start(n) + self.ready.grace and not self._is_complete()
        if not in_grace:
            self._advance(n, event.t)
        if self._missed_from is not None:
            self._emit_missed(event)
        if len(self._hits) < HITS_MAX and not (self._is_complete() and not self._parties):
            self._hits.append(event)
        if in_grace and self._is_complete():
            self._advance(n, event.t)

    def _advance(self, n: int, t: int) -> None:
        """Close the periods before n."""
        if n <= self.n:
            return
        if self._is_complete():
            self.emitted.append(self.finding(t))
            if n > self.n + 1:
                self._missed_from = self.n + 1
        elif self._missed_from is None:
            self._missed_from = self.n
        self.n, self._hits = n, []

    def _emit_missed(self, event: Event) -> None:
        first, now_n = self._missed_from, self.n
        assert first is not None
        self.n = first
        self._missed_event, self._missed_until = event, now_n
        self.emitted.append(self.finding(event.t))
        self._missed_event = None
        self.n, self._missed_from = now_n, None

    _missed_event: Event | None = None
    _missed_until = 0

    def end(self, t: int, event: Event | None) -> None:  # noqa: ARG002, a period ends by time
        n = self._calendar.index(self.begun, t)
        self._advance(n, t)
        self._ended = t
        self.settled = True
        if self._missed_from is not None:
            self.n = self._missed_from

    def verdict(self, now: int) -> Verdict:
        if self._missed_event is not None:
            evidence = (self.trigger, self._missed_event)
            due, when = self._start(self.n + 1), self._missed_event.t
            times = self._missed_until - self.n
            return Verdict(Outcome.BREACHED, Reason.PERIOD_MISSED, evidence, due, when, times=times)
        if self._ended is not None and self._missed_from is None:
            # The last period was not over: what was done in it counts, and what was not is not owed any more.
            if self._is_complete():
                return self._kept()
            return Verdict(Outcome.NOT_DUE, Reason.EXCUSED, (self.trigger,), happened=self._ended)
        at = now if self._ended is None else self._ended
        n = max(self.n, self._calendar.index(self.begun, max(at, self.begun)))
        first = self._missed_from
        if first is None and n > self.n and not self._is_complete():
            first = self.n
        if first is None and n > self.n + 1:
            first = self.n + 1
        if first is not None and at > self._start(first + 1) + self.ready.grace:
            due = self._start(first + 1)
            return Verdict(
                Outcome.BREACHED,
                Reason.PERIOD_MISSED,
                (self.trigger,),
                due,
                missing=self._silent(),
                times=max(1, n - first),
                look=self._start(n + 1) + 1 if self._ended is None else None,
            )
        if self._is_complete():
            kept = self._kept()
            return kept._replace(look=self._start(self.n + 1) + 1)
        due = self._start(self.n + 1)
        return Verdict(
            Outcome.PENDING,
            Reason.PERIOD_OPEN,
            (self.trigger, *self._hits),
            due,
            missing=self._silent(),
            look=due + self.ready.grace + 1,
        )

    def _silent(self) -> tuple[str, ...]:
        return tuple(party for party in self._parties if not any(e.party == party for e in self._hits))

    def _kept(self) -> Verdict:
        due = self._start(self.n + 1)
        when = max(e.t for e in self._hits)
        return Verdict(Outcome.MET, Reason.PERIOD_KEPT, _once(self.trigger, *self._hits), due, when, near=when > due)


class CountObligation(Obligation):
    """AG-85 to AG-88."""

    def __init__(self, case: Case, ready: Ready, trigger: Event, begun: int) -> None:
        super().__init__(case, ready, trigger, begun)
        assert isinstance(ready.demand, Count)
        frame = Frame(case, trigger, trigger)
        self._least, self._most, self._percent = (
            _number(ready.asked[name].value(frame)) if name in ready.asked else None
            for name in ("at_least", "at_most", "percent")
        )
        self._seen: set[Value | None] = set()
        self._count = self._of = 0
        self._hits: list[Event] = []
        self._ended: Event | int | None = None

    def _due(self) -> int | None:
        return self.instant(self.ready.due) if self.ready.due is not None else None

    def _in_time(self, event: Event) -> bool:
        due = self._due()
        return due is None or event.t <= due + self.ready.grace

    def hit(self, frame: Frame) -> None:
        if not self._in_time(frame.event):
            return
        if "distinct" in self.ready.asked:
            value = self.ready.asked["distinct"].value(frame)
            if value in self._seen:
                return
            self._seen.add(value)
        self._count += 1
        if len(self._hits) < HITS_MAX:
            self._hits.append(frame.event)
        if self._most is not None and self._count > self._most:
            self._hits = [*self._hits[: HITS_MAX - 1], frame.event]
            self.settled = True

    def other(self, frame: Frame) -> None:
        of = self.ready.of
        if of is not None and of.event == frame.event.name and self._in_time(frame.event) and of.matches(frame):
            self._of += 1

    def end(self, t: int, event: Event | None) -> None:
        self._ended = event or t
        self.settled = True

    def verdict(self, now: int) -> Verdict:
        due, count = self._due(), str(self._count)
        evidence = _once(self.trigger, *self._hits)
        last = self._hits[-1].t if self._hits else self.trigger.t
        if self._most is not None and self._count > self._most:
            most = str(self._most)
            return Verdict(Outcome.BREACHED, Reason.TOO_MANY, evidence, last, last, planned=most, actual=count)
        at = due
        if self._ended is not None:
            at = self._ended if isinstance(self._ended, int) else self._ended.t
        is_over = self._ended is not None or (due is not None and now > due + self.ready.grace)
        wanted = self._least if self._percent is None else -(-self._of * self._percent // 100)
        limit = str(wanted if wanted is not None else self._most)
        if wanted is not None and self._count < wanted:
            if is_over:
                return Verdict(Outcome.BREACHED, Reason.TOO_FEW, evidence, at, planned=limit, actual=count)
        elif is_over or (self._percent is None and self._most is None):
            # A least number is kept once it is reached; a greatest one, and a share, only at the end.
            when = at if is_over and at is not None else last
            return Verdict(Outcome.MET, Reason.COUNT_KEPT, evidence, at, when, planned=limit, actual=count)
        look = None if due is None else due + self.ready.grace + 1
        return Verdict(Outcome.PENDING, Reason.COUNT_OPEN, evidence, due, look=look, planned=limit, actual=count)


class EqualObligation(Obligation):
    """AG-89 to AG-91."""

    def __init__(self, case: Case, ready: Ready, trigger: Event, begun: int) -> None:
        super().__init__(case, ready, trigger, begun)
        assert isinstance(ready.demand, Equal)
        self._on_difference = Outcome(ready.demand.on_difference)
        self._planned = ready.asked["planned"].value(Frame(case, trigger, trigger))
        self._actual: Value | None = None
        self._hit: Event | None = None

    def hit(self, frame: Frame) -> None:
        if self._hit is None:
            self._hit = frame.event
            self._actual = self.ready.asked["actual"].value(frame)
            self.settled = not self._moves(self.ready.due)

    def verdict(self, now: int) -> Verdict:
        assert self.ready.due is not None
        due = self.instant(self.ready.due)
        planned, actual = _shown(self._planned), _shown(self._actual)
        if self._hit is None:
            if due is not None and now > due + self.ready.grace:
                return Verdict(Outcome.BREACHED, Reason.NOT_DONE, (self.trigger,), due, planned=planned)
            look = None if due is None else due + self.ready.grace + 1
            return Verdict(Outcome.PENDING, Reason.NOT_DONE_YET, (self.trigger,), due, look=look, planned=planned)
        evidence = _once(self.trigger, self._hit)
        when = self._hit.t
        if self._planned is None or self._planned != self._actual:
            return Verdict(self._on_difference, Reason.DIFFERS, evidence, due, when, planned=planned, actual=actual)
        if due is not None and when > due + self.ready.grace:
            return Verdict(Outcome.BREACHED, Reason.DONE_LATE, evidence, due, when, planned=planned, actual=actual)
        return Verdict(Outcome.MET, Reason.EQUAL, evidence, due, when, planned=planned, actual=actual)


class OneObligation(Obligation):
    """AG-92 to AG-95."""

    def __init__(self, case: Case, ready: Ready, trigger: Event, begun: int) -> None:
        super().__init__(case, ready, trigger, begun)
        assert isinstance(ready.demand, One)
        assert ready.hit is not None
        assert ready.given_up is not None
        self._holders: dict[str, Event] = {}
        self._wrong_since: int | None = None
        self._reason = Reason.NO_HOLDER
        self._broken: Event | int | None = None
        self._ended: Event | int | None = None
        for event in case.kept(ready.hit.event, ready.given_up.event):
            if event is not trigger:
                self._change(Frame(case, event, trigger))
        self._broken = None
        self._wrong_since = None if len(self._holders) == 1 else begun

    def hit(self, frame: Frame) -> None:
        if not self.settled:
            self._change(frame)

    def other(self, frame: Frame) -> None:
        given_up, taken = self.ready.given_up, self.ready.hit
        assert given_up is not None
        assert taken is not None
        if given_up.event == frame.event.name and taken.event != frame.event.name:
            self._change(frame)

    def _change(self, frame: Frame) -> None:
        ready, event = self.ready, frame.event
        assert ready.hit is not None
        assert ready.given_up is not None
        before = len(self._holders)
        if ready.given_up.event == event.name and ready.given_up.matches(frame):
            self._holders.pop(_shown(ready.asked["left"].value(frame)), None)
        if ready.hit.event == event.name and ready.hit.matches(frame):
            self._holders.setdefault(_shown(ready.asked["holder"].value(frame)), event)
        self._check(event.t, event, before)

    def _check(self, t: int, event: Event | int, before: int) -> None:
        if self._wrong_since is not None and t > self._wrong_since + self.ready.grace and self._broken is None:
            self._broken = event
            self._reason = Reason.NO_HOLDER if before == 0 else Reason.SEVERAL_HOLDERS
            self.settled = True
        if len(self._holders) == 1:
            if self._broken is None:
                self._wrong_since = None
        elif self._wrong_since is None:
            self._wrong_since = t

    def end(self, t: int, event: Event | None) -> None:
        self._check(t, event or t, len(self._holders))
        self._ended = event or t
        self.settled = True

    def verdict(self, now: int) -> Verdict:
        held_by = ", ".join(sorted(self._holders))
        evidence = _once(self.trigger, *self._holders.values())
        due = None if self._wrong_since is None else self._wrong_since + self.ready.grace
        if self._broken is not None:
            when = self._broken if isinstance(self._broken, int) else self._broken.t
            more = () if isinstance(self._broken, int) else (self._broken,)
            return Verdict(Outcome.BREACHED, self._reason, _once(*evidence, *more), due, when, actual=held_by)
        if self._ended is not None:
            return _kept(Reason.ONE_HOLDER, self.trigger, self._ended)._replace(actual=held_by)
        if due is not None and now > due:
            reason = Reason.NO_HOLDER if not self._holders else Reason.SEVERAL_HOLDERS
            return Verdict(Outcome.BREACHED, reason, evidence, due, actual=held_by)
        look = None if due is None else due + 1
        return Verdict(Outcome.PENDING, Reason.ONE_HOLDER_SO_FAR, evidence, due, look=look, actual=held_by)


OBLIGATIONS: dict[type, type[Obligation]] = {
    Must: MustObligation,
    Always: AlwaysObligation,
    Never: NeverObligation,
    Relay: RelayObligation,
    Gap: GapObligation,
    Recur: RecurObligation,
    Count: CountObligation,
    Equal: EqualObligation,
    One: OneObligation,
}


def _kept(reason: Reason, trigger: Event, ended: Event | int) -> Verdict:
    if isinstance(ended, int):
        return Verdict(Outcome.MET, reason, (trigger,), happened=ended)
    return Verdict(Outcome.MET, reason, _once(trigger, ended), happened=ended.t)


def _before(t: int | None, limit: int | None) -> bool:
    return t is not None and limit is not None and t < limit


def _once(*events: Event) -> tuple[Event, ...]:
    """The events in order, each once."""
    return tuple({event.evidence.id: event for event in events}.values())


def _number(value: Value | None) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _shown(value: Value | None) -> str:
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
