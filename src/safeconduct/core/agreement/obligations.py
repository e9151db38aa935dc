"""One obligation for each shape of demand: it hears events, and says how it stands.

An obligation hears only events of the names that its clause listens to, in order of the record, and keeps what it needs
of them; so a statement costs the same however long the history is. Instants are ms; docs/spec/agreement.md, from AG-60
on, has the meaning of each demand.
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


class MustObligation(Obligation):
    """AG-60 to AG-65."""

    def __init__(self, case: Case, ready: Ready, trigger: Event, begun: int | None) -> None:
        super().__init__(case, ready, trigger, begun)
        assert isinstance(ready.demand, Must)
        self._demand = ready.demand
        self._hits: list[Event] = []

    @property
    def asks_receipts(self) -> bool:
        return self._demand.received_by is not None

    def hit(self, frame: Frame) -> None:
        event = frame.event
        if self._moves(self.ready.not_before):
            # Which of them counts is not sure yet, so all are kept.
            self._hits.append(event)
            return
        not_before = self.instant(self.ready.not_before)
        who = self._demand.parties
        if (not_before is not None and event.t < not_before) or (who and event.party not in who):
            return
        if not any(not who or hit.party == event.party for hit in self._counting()):
            self._hits.append(event)
        # A duty whose instants cannot move, and that no receipt decides, is decided by the first complete doing.
        if not (self.asks_receipts or self.moves() or self.instant(self.ready.due) is None):
            self.settled = self._done() is not None

    def _counting(self) -> list[Event]:
        not_before = self.instant(self.ready.not_before)
        return [e for e in self._hits if not_before is None or e.t >= not_before]

    def _done(self) -> tuple[Event, ...] | None:
        """The events that make the doing complete, or None."""
        counting = self._counting()
        if not self._demand.parties:
            return (counting[0],) if counting else None
        firsts = [next((e for e in counting if e.party == party), None) for party in self._demand.parties]
        return tuple(e for e in firsts if e is not None) if None not in firsts else None

    def verdict(self, now: int) -> Verdict:
        due = self.instant(self.ready.due)
        done = self._done()
        to = self._demand.received_by
        if to is not None and done is not None:
            # The last of several parties to say it makes the doing complete.
            offered = max(done, key=lambda event: event.t)
            if offered.party == to:
                return Verdict(Outcome.NOT_DUE, Reason.NOTICE_IS_OWN, (offered,))
            if self._demand.clock != "offered":
                return self._received(to, offered, due, now)
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
            return Verdict(Outcome.BREACHED, Reason.DONE_LATE, evidence, due, when, done=when)
        return Verdict(Outcome.MET, Reason.DONE_IN_TIME, evidence, due, when, near=self._near(due, when))

    def _missing(self) -> tuple[str, ...]:
        said = {e.party for e in self._counting()}
        return tuple(party for party in self._demand.parties if party not in said)

    def _received(self, to: str, offered: Event, due: int | None, now: int) -> Verdict:
        """A notice has two instants; the agreement says which counts, or both (AG-64)."""
        receipt = self.case.receipts(offered.party, offered.evidence.index, to)
        if due is None:
            return Verdict(Outcome.PENDING, Reason.NOT_RECEIVED_YET, (offered,), receipt=receipt)
        deadline = due + self.ready.grace
        fair = self._demand.clock != "received"
        if fair and offered.t > deadline:
            return Verdict(Outcome.BREACHED, Reason.OFFERED_LATE, (offered,), due, offered.t, done=offered.t)
        if receipt is None:
            if now <= deadline:
                return Verdict(Outcome.PENDING, Reason.NOT_RECEIVED_YET, (offered,), due, look=deadline + 1)
            if fair:
                return Verdict(Outcome.DISPUTED, Reason.OFFERED_IN_TIME_NO_RECEIPT, (offered,), due)
            return Verdict(Outcome.BREACHED, Reason.NOT_DONE, (offered,), due)
        if receipt.at > deadline:
            outcome = Outcome.DISPUTED if fair else Outcome.BREACHED
            reason = Reason.OFFERED_IN_TIME_RECEIVED_LATE if fair else Reason.DONE_LATE
            return Verdict(outcome, reason, (offered,), due, receipt.at, receipt=receipt, done=receipt.at)
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
    """AG-68."""

    def __init__(self, case: Case, ready: Ready, trigger: Event, begun: int | None) -> None:
        super().__init__(case, ready, trigger, begun)
        assert isinstance(ready.demand, Always)
        self._broken: Event | None = None
        self._broken_order = 0
        self._again: Event | None = None
        self._ended: Event | int | None = None

    def look(self, frame: Frame) -> None:
        """Any event of the subject, the trigger included."""
        if self.settled:
            return
        holds = self.ready.asked["hold"].holds(frame)
        if self._broken is None:
            if not holds:
                self._broken, self._broken_order = frame.event, frame.order
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
            t, again = self._broken.t, self._again.t if self._again is not None else None
            return Verdict(Outcome.BREACHED, Reason.DID_NOT_HOLD, evidence, t, t, done=again, by=self._broken_order)
        if self._ended is None:
            return Verdict(Outcome.PENDING, Reason.HOLDS_SO_FAR, (self.trigger,))
        return _kept(Reason.HELD, self.trigger, self._ended)


class NeverObligation(Obligation):
    """AG-70."""

    forbids = True

    def __init__(self, case: Case, ready: Ready, trigger: Event, begun: int | None) -> None:
        super().__init__(case, ready, trigger, begun)
        assert isinstance(ready.demand, Never)
        self._happened: Event | None = None
        self._order = 0
        self._ended: Event | int | None = None

    def hit(self, frame: Frame) -> None:
        # Only the first can be before the instant, wherever that moves.
        if frame.event is self.trigger or self._happened is not None or self._ended is not None:
            return
        before = self.instant(self.ready.due)
        if before is not None and frame.event.t >= before and not self.moves():
            return
        self._happened, self._order = frame.event, frame.order
        self.settled = not self.moves()

    def end(self, t: int, event: Event | None) -> None:
        if self._ended is None:
            self._ended = event or t
        self.settled = not self.moves()

    def verdict(self, now: int) -> Verdict:
        before = self.instant(self.ready.due)
        if self._happened is not None and (before is None or self._happened.t < before):
            t = self._happened.t
            evidence = (self.trigger, self._happened)
            return Verdict(Outcome.BREACHED, Reason.HAPPENED, evidence, t, t, look=None, by=self._order)
        ended = self._ended.t if isinstance(self._ended, Event) else self._ended
        if self._ended is not None and ended is not None and (before is None or ended < before):
            return _kept(Reason.DID_NOT_HAPPEN, self.trigger, self._ended)
        if before is not None and (now >= before or self._ended is not None):
            return Verdict(Outcome.MET, Reason.DID_NOT_HAPPEN, (self.trigger,), before, before)
        return Verdict(Outcome.PENDING, Reason.NOT_HAPPENED_SO_FAR, (self.trigger,), before, look=before)


class RelayObligation(Obligation):
    """AG-73, AG-74."""

    def __init__(self, case: Case, ready: Ready, trigger: Event, begun: int | None) -> None:
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
                return Verdict(Outcome.BREACHED, Reason.HOP_LATE, evidence, due, done.t, missing=(hop,), done=done.t)
            near |= (due - done.t) * NEAR_SHARE < due - last
            last = max(last, done.t)
        return Verdict(Outcome.MET, Reason.PASSED_ON, evidence, due, last, near=near)


class GapObligation(Obligation):
    """AG-77, AG-78. n: the run, which begins anew after each silence that was too long."""

    def __init__(self, case: Case, ready: Ready, trigger: Event, begun: int | None) -> None:
        super().__init__(case, ready, trigger, begun)
        assert isinstance(ready.demand, Gap)
        self._last_sign, self._last_t = trigger, self.begun
        self._longest = 0
        self._late: Event | None = None
        self._ended: int | None = None

    def hit(self, frame: Frame) -> None:
        # The end is the last sign itself; no run begins with it.
        if frame.event is not self.trigger and not self._ends(frame):
            self._sign(frame.event)

    def end(self, t: int, event: Event | None) -> None:
        self.settled = True
        self._ended = t
        if t > self._last_t + self.ready.span + self.ready.grace:
            self._late = event
            return
        self._longest = max(self._longest, t - self._last_t)
        self._last_sign, self._last_t = event or self._last_sign, t

    def _sign(self, event: Event) -> None:
        if event.t > self._last_t + self.ready.span + self.ready.grace:
            self._late = event
            self.emitted += self.findings(event.t)
            self._late = None
            self.n += 1
            self._longest = 0
        else:
            self._longest = max(self._longest, event.t - self._last_t)
        self._last_sign, self._last_t = event, event.t

    def verdict(self, now: int) -> Verdict:
        span = self.ready.span
        due, last = self._last_t + span, self._last_t + span + self.ready.grace
        evidence = _once(self.trigger, self._last_sign)
        if self._late is not None:
            t = self._late.t
            return Verdict(Outcome.BREACHED, Reason.TOO_LONG, _once(self._last_sign, self._late), due, t, done=t)
        if (now if self._ended is None else self._ended) > last:
            return Verdict(Outcome.BREACHED, Reason.SILENT_NOW, evidence, due)
        near = (span - self._longest) * NEAR_SHARE < span
        if self._ended is not None:
            return Verdict(Outcome.MET, Reason.NEVER_TOO_LONG, evidence, None, self._ended, near=near)
        return Verdict(Outcome.PENDING, Reason.NEXT_DUE, evidence, due, near=near, look=last + 1)


class RecurObligation(Obligation):
    """AG-81 to AG-83. n: the period, counted from 0 at the trigger."""

    def __init__(self, case: Case, ready: Ready, trigger: Event, begun: int | None) -> None:
        super().__init__(case, ready, trigger, begun)
        assert isinstance(ready.demand, Recur)
        assert ready.calendar is not None
        self._parties = ready.demand.parties
        self._calendar = ready.calendar
        # Of the periods that are not closed: who did it, by party, or by nothing where any event will do. `n` is the
        # first of them.
        self._done: dict[int, dict[str, Event]] = {}
        # Missed periods in a row just before `n`.
        self._run: tuple[int, Verdict] | None = None
        self._ended: int | None = None

    def _due(self, n: int) -> int:
        return self._calendar.start(self.begun, n + 1)

    def hit(self, frame: Frame) -> None:
        event = frame.event
        who = event.party if self._parties else ""
        if self._parties and who not in self._parties:
            return
        self._close(event.t)
        for n in range(self.n, self._calendar.index(self.begun, event.t) + 1):
            if who not in self._done.get(n, {}):
                self._done.setdefault(n, {})[who] = event
                return

    def end(self, t: int, event: Event | None) -> None:  # noqa: ARG002, a period ends by time
        self._ended = t
        self.settled = True

    def stop(self, t: int) -> None:
        super().stop(t)
        self._ended = t

    def findings(self, now: int) -> tuple[Finding, ...]:
        at = now if self._ended is None else self._ended
        told, run = self._told(self._calendar.index(self.begun, at), at)
        if run is not None:
            told.append(run)
        return tuple(self._finding(n, verdict, now) for n, verdict in told)

    def _close(self, t: int) -> None:
        """Put away the periods that nothing said from `t` on can belong to."""
        n = max(self.n, self._first_open(t))
        told, self._run = self._told(n - 1, t)
        self.emitted += [self._finding(m, verdict, t) for m, verdict in told]
        self._done = {m: done for m, done in self._done.items() if m >= n}
        self.n = n

    def _first_open(self, t: int) -> int:
        """The first period that something said at `t` may belong to, in the grace after it too."""
        t -= self.ready.grace
        if t <= self.begun:
            return 0
        n = self._calendar.index(self.begun, t)
        return n - 1 if self._calendar.start(self.begun, n) == t else n

    def _told(self, last: int, now: int) -> tuple[list[tuple[int, Verdict]], tuple[int, Verdict] | None]:
        """The periods from `n` to the last, and the missed ones in a row that nothing has followed yet."""
        told: list[tuple[int, Verdict]] = []
        run = self._run
        first_open = self._first_open(now)
        n = self.n
        while n <= last:
            verdict = self._considered(self._period(n, now), now)
            following = n + 1
            if verdict.outcome is Outcome.MET or n >= first_open:
                if run is not None:
                    told.append((run[0], _followed(run[1], verdict)))
                    run = None
                told.append((n, verdict))
            else:
                following = self._alike(n, verdict, min(last + 1, first_open), now)
                if run is not None and (run[1].outcome, run[1].reason) == (verdict.outcome, verdict.reason):
                    run = (run[0], run[1]._replace(times=run[1].times + following - n))
                else:
                    if run is not None:
                        told.append(run)
                    run = (n, verdict._replace(times=following - n))
            n = following
        return told, run

    def _alike(self, n: int, verdict: Verdict, end: int, now: int) -> int:
        """The end of the missed periods from `n` on that stand alike.

        What excuses, ends or waives a duty does so for every later period too, so that a search by halves finds it.
        """
        end = min([end, *(m for m in self._done if m > n)])

        def is_alike(m: int) -> bool:
            other = self._considered(self._period(m, now), now)
            return (other.outcome, other.reason) == (verdict.outcome, verdict.reason)

        first, last = n, end - 1
        while first < last:
            middle = (first + last + 1) // 2
            first, last = (middle, last) if is_alike(middle) else (first, middle - 1)
        return first + 1

    def _period(self, n: int, now: int) -> Verdict:
        due = self._due(n)
        done = self._done.get(n, {})
        silent = tuple(party for party in self._parties if party not in done)
        evidence = _once(self.trigger, *done.values())
        if done and not silent:
            when = max(e.t for e in done.values())
            look = due if now < due else None
            return Verdict(Outcome.MET, Reason.PERIOD_KEPT, evidence, due, when, near=when > due, look=look)
        last = due + self.ready.grace
        if now > last:
            return Verdict(Outcome.BREACHED, Reason.PERIOD_MISSED, evidence, due, missing=silent)
        if self._ended is not None and not self.stopped:
            # What was not done of a period that was not over is not owed any more.
            return Verdict(Outcome.NOT_DUE, Reason.EXCUSED, (self.trigger,), happened=self._ended)
        look = due if now < due else last + 1
        return Verdict(Outcome.PENDING, Reason.PERIOD_OPEN, evidence, due, missing=silent, look=look)


class CountObligation(Obligation):
    """AG-85, AG-86."""

    def __init__(self, case: Case, ready: Ready, trigger: Event, begun: int | None) -> None:
        super().__init__(case, ready, trigger, begun)
        assert isinstance(ready.demand, Count)
        frame = Frame(case, trigger, trigger)
        self._least, self._most, self._percent = (
            _number(ready.asked[name].value(frame)) if name in ready.asked else None
            for name in ("at_least", "at_most", "percent")
        )
        self._seen: set[Value | None] = set()
        # With their places: which of them are in time is not sure while the instant may move.
        self._hits: list[tuple[int, Event]] = []
        self._of: list[Event] = []
        self._ended: tuple[int, int, Event | None] | None = None

    def hit(self, frame: Frame) -> None:
        if self._ended is not None:
            return
        if "distinct" in self.ready.asked:
            value = self.ready.asked["distinct"].value(frame)
            if value in self._seen:
                return
            self._seen.add(value)
        self._hits.append((frame.order, frame.event))
        self._settle()

    def other(self, frame: Frame) -> None:
        of = self.ready.of
        if self._ended is None and of is not None and of.event == frame.event.name and of.matches(frame):
            self._of.append(frame.event)

    def end(self, t: int, event: Event | None) -> None:
        if self._ended is None:
            self._ended = (self.case.order, t, event)
        self._settle()

    def _settle(self) -> None:
        if self.moves():
            return
        due = self.instant(self.ready.due)
        is_late = due is not None and bool(self._hits) and self._hits[-1][1].t > due + self.ready.grace
        is_reached = self._percent is None and (self._least is None or len(self._hits) >= self._least)
        # In time only a least number can be met for good; later it can be told when it was reached at last.
        is_met = is_reached and self._least is not None and self._most is None
        too_many = self._most is not None and len(self._in_time(due)) > self._most
        self.settled = (
            self._ended is not None or too_many or is_met or (is_late and (is_reached or self._percent is not None))
        )

    def _in_time(self, due: int | None) -> list[tuple[int, Event]]:
        return [pair for pair in self._hits if due is None or pair[1].t <= due + self.ready.grace]

    def verdict(self, now: int) -> Verdict:
        due = self.instant(self.ready.due)
        last = None if due is None else due + self.ready.grace
        hits = self._in_time(due)
        counted, evidence = str(len(hits)), _once(self.trigger, *(event for _, event in hits[:HITS_MAX]))
        if self._most is not None and len(hits) > self._most:
            order, event = hits[max(self._most, 0)]
            return Verdict(
                Outcome.BREACHED, Reason.TOO_MANY, _once(*evidence, event), event.t, event.t,
                planned=str(self._most), actual=counted, by=order,
            )  # fmt: skip
        # When it was over, and the place of the statement that ended it.
        end, by = due, None
        if self._ended is not None and (last is None or self._ended[1] <= last):
            by, end, _ = self._ended
        is_over = by is not None or (last is not None and now > last) or self._ended is not None
        wanted = self._least
        if self._percent is not None:
            of = sum(last is None or event.t <= last for event in self._of)
            wanted = -(-of * self._percent // 100)
        limit = str(wanted if wanted is not None else self._most)
        if wanted is not None and len(hits) < wanted:
            if is_over:
                reached = self._hits[wanted - 1][1].t if self._percent is None and len(self._hits) >= wanted else None
                return Verdict(
                    Outcome.BREACHED, Reason.TOO_FEW, evidence, end, reached, planned=limit, actual=counted,
                    done=reached, by=by,
                )  # fmt: skip
        elif self._percent is None and self._most is None:
            # A least number is kept once it is reached; a greatest one, and a share, only at the end.
            when = hits[wanted - 1][1].t if wanted is not None and wanted > 0 else self.trigger.t
            near = due is not None and when > due
            return Verdict(Outcome.MET, Reason.COUNT_KEPT, evidence, due, when, near, planned=limit, actual=counted)
        elif is_over:
            return Verdict(Outcome.MET, Reason.COUNT_KEPT, evidence, end, end, planned=limit, actual=counted)
        look = None if last is None else last + 1
        return Verdict(Outcome.PENDING, Reason.COUNT_OPEN, evidence, due, look=look, planned=limit, actual=counted)


class EqualObligation(Obligation):
    """AG-89."""

    def __init__(self, case: Case, ready: Ready, trigger: Event, begun: int | None) -> None:
        super().__init__(case, ready, trigger, begun)
        assert isinstance(ready.demand, Equal)
        self._on_difference = Outcome(ready.demand.on_difference)
        self._planned = ready.asked["planned"].value(Frame(case, trigger, trigger))
        self._actual: Value | None = None
        self._hit: Event | None = None
        self._order = 0

    def hit(self, frame: Frame) -> None:
        if self._hit is None:
            self._hit, self._order = frame.event, frame.order
            self._actual = self.ready.asked["actual"].value(frame)
            self.settled = not self.moves()

    def verdict(self, now: int) -> Verdict:
        due = self.instant(self.ready.due)
        last = None if due is None else due + self.ready.grace
        planned, actual = _shown(self._planned), _shown(self._actual)
        if self._hit is None:
            if last is not None and now > last:
                return Verdict(Outcome.BREACHED, Reason.NOT_DONE, (self.trigger,), due, planned=planned)
            look = None if last is None else last + 1
            return Verdict(Outcome.PENDING, Reason.NOT_DONE_YET, (self.trigger,), due, look=look, planned=planned)
        evidence, when = _once(self.trigger, self._hit), self._hit.t
        is_late = last is not None and when > last
        if self._planned is None or self._planned != self._actual:
            # In time it is the statement that breaks the duty, later the instant had done so already.
            outcome, by = self._on_difference, None if is_late else self._order
            due = due if is_late else when
            return Verdict(outcome, Reason.DIFFERS, evidence, due, when, planned=planned, actual=actual, by=by)
        if is_late:
            return Verdict(
                Outcome.BREACHED, Reason.DONE_LATE, evidence, due, when, planned=planned, actual=actual, done=when
            )
        near = self._near(due, when)
        return Verdict(Outcome.MET, Reason.EQUAL, evidence, due, when, near, planned=planned, actual=actual)


class OneObligation(Obligation):
    """AG-92."""

    def __init__(self, case: Case, ready: Ready, trigger: Event, begun: int | None) -> None:
        super().__init__(case, ready, trigger, begun)
        assert isinstance(ready.demand, One)
        assert ready.hit is not None
        assert ready.given_up is not None
        self._holders: dict[str, Event] = {}
        self._wrong_since: int | None = None
        # What was wrong for too long, and when it was right again.
        self._wrong: Reason | None = None
        self._again: Event | None = None
        self._ended: Event | int | None = None
        for event in case.kept(ready.hit.event, ready.given_up.event):
            if self.anew or event is not trigger:
                self._change(Frame(case, event, trigger))
        if len(self._holders) != 1:
            self._wrong_since = self.begun

    def other(self, frame: Frame) -> None:
        self._check(frame.event.t)
        if self._change(frame):
            if len(self._holders) != 1:
                self._wrong_since = frame.event.t if self._wrong_since is None else self._wrong_since
            elif self._wrong is not None:
                self._again = frame.event
                self.settled = True
            else:
                self._wrong_since = None

    def _change(self, frame: Frame) -> bool:
        """Who holds it after the event; whether it says anything of that."""
        ready, name = self.ready, frame.event.name
        assert ready.hit is not None
        assert ready.given_up is not None
        is_given = ready.given_up.event == name and ready.given_up.matches(frame)
        is_taken = ready.hit.event == name and ready.hit.matches(frame)
        if is_given:
            self._holders.pop(_shown(ready.asked["left"].value(frame)), None)
        if is_taken:
            self._holders.setdefault(_shown(ready.asked["holder"].value(frame)), frame.event)
        return is_given or is_taken

    def _check(self, t: int) -> None:
        """Whether it was wrong for too long before `t`."""
        if self._wrong is None and self._wrong_since is not None and t > self._wrong_since + self.ready.grace:
            self._wrong = Reason.SEVERAL_HOLDERS if self._holders else Reason.NO_HOLDER

    def end(self, t: int, event: Event | None) -> None:
        self._check(t)
        self._ended = event or t
        self.settled = True

    def stop(self, t: int) -> None:
        self._check(t)
        super().stop(t)

    def verdict(self, now: int) -> Verdict:
        held_by = ", ".join(sorted(self._holders))
        evidence = _once(self.trigger, *self._holders.values())
        due = self._wrong_since
        if self._wrong is not None:
            again = self._again.t if self._again is not None else None
            evidence = _once(*evidence, self._again) if self._again is not None else evidence
            return Verdict(Outcome.BREACHED, self._wrong, evidence, due, again, actual=held_by, done=again)
        if self._ended is not None:
            return _kept(Reason.ONE_HOLDER, self.trigger, self._ended)._replace(actual=held_by)
        last = None if due is None else due + self.ready.grace
        if last is not None and now > last:
            reason = Reason.SEVERAL_HOLDERS if self._holders else Reason.NO_HOLDER
            return Verdict(Outcome.BREACHED, reason, evidence, due, actual=held_by)
        look = None if last is None else last + 1
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


def _followed(missed: Verdict, following: Verdict) -> Verdict:
    """Missed periods in a row, made good by the period after them if that was kept."""
    if missed.outcome is not Outcome.BREACHED or following.outcome is not Outcome.MET:
        return missed
    evidence = _once(*missed.evidence, *following.evidence)
    return missed._replace(evidence=evidence, happened=following.happened, done=following.happened)


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
