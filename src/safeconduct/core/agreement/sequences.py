"""Obligations that a row of events decides: relay, gap, recur, count (docs/spec/agreement.md, from AG-73 on)."""

from __future__ import annotations

from safeconduct.core.agreement.book import Ready
from safeconduct.core.agreement.case import Case, Frame
from safeconduct.core.agreement.conditions import Value
from safeconduct.core.agreement.events import Event
from safeconduct.core.agreement.finding import NEAR_SHARE, Finding, Outcome, Reason
from safeconduct.core.agreement.obligation import (
    HITS_MAX,
    Obligation,
    Verdict,
    as_number,
    each_once,
    followed,
)
from safeconduct.core.agreement.rules import Count, Gap, Recur, Relay


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
            evidence = each_once(*evidence, done)
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
        evidence = each_once(self.trigger, self._last_sign)
        if self._late is not None:
            t = self._late.t
            return Verdict(Outcome.BREACHED, Reason.TOO_LONG, each_once(self._last_sign, self._late), due, t, done=t)
        if (now if self._ended is None else self._ended) > last:
            return Verdict(Outcome.BREACHED, Reason.SILENT_NOW, evidence, due)
        near = (span - self._longest) * NEAR_SHARE < span
        if self._ended is not None:
            return Verdict(Outcome.MET, Reason.NEVER_TOO_LONG, evidence, None, self._ended, near=near)
        return Verdict(Outcome.PENDING, Reason.NEXT_DUE, evidence, due, near=near, look=last + 1)


class RecurObligation(Obligation):
    """AG-81 to AG-83. n: the period, counted from 0 at the trigger."""

    is_steady = False

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
                    told.append((run[0], followed(run[1], verdict)))
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
        evidence = each_once(self.trigger, *done.values())
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
            as_number(ready.asked[name].value(frame)) if name in ready.asked else None
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
        counted, evidence = str(len(hits)), each_once(self.trigger, *(event for _, event in hits[:HITS_MAX]))
        if self._most is not None and len(hits) > self._most:
            order, event = hits[max(self._most, 0)]
            return Verdict(
                Outcome.BREACHED, Reason.TOO_MANY, each_once(*evidence, event), event.t, event.t,
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
