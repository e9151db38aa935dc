"""Obligations that one event decides: must, always, never, equal, one (docs/spec/agreement.md, from AG-60 on)."""

from __future__ import annotations

from safeconduct.core.agreement.book import Ready
from safeconduct.core.agreement.case import Case, Frame
from safeconduct.core.agreement.conditions import Value
from safeconduct.core.agreement.events import Event
from safeconduct.core.agreement.finding import Outcome, Reason
from safeconduct.core.agreement.obligation import (
    Obligation,
    Verdict,
    each_once,
    kept_verdict,
    shown_value,
)
from safeconduct.core.agreement.rules import Always, Equal, Must, Never, One


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
        evidence = each_once(self.trigger, *done)
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
            evidence = each_once(self.trigger, self._broken, *([self._again] if self._again else []))
            t, again = self._broken.t, self._again.t if self._again is not None else None
            return Verdict(Outcome.BREACHED, Reason.DID_NOT_HOLD, evidence, t, t, done=again, by=self._broken_order)
        if self._ended is None:
            return Verdict(Outcome.PENDING, Reason.HOLDS_SO_FAR, (self.trigger,))
        return kept_verdict(Reason.HELD, self.trigger, self._ended)


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
            return kept_verdict(Reason.DID_NOT_HAPPEN, self.trigger, self._ended)
        if before is not None and (now >= before or self._ended is not None):
            return Verdict(Outcome.MET, Reason.DID_NOT_HAPPEN, (self.trigger,), before, before)
        return Verdict(Outcome.PENDING, Reason.NOT_HAPPENED_SO_FAR, (self.trigger,), before, look=before)


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
        planned, actual = shown_value(self._planned), shown_value(self._actual)
        if self._hit is None:
            if last is not None and now > last:
                return Verdict(Outcome.BREACHED, Reason.NOT_DONE, (self.trigger,), due, planned=planned)
            look = None if last is None else last + 1
            return Verdict(Outcome.PENDING, Reason.NOT_DONE_YET, (self.trigger,), due, look=look, planned=planned)
        evidence, when = each_once(self.trigger, self._hit), self._hit.t
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

    is_steady = False

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
            self._holders.pop(shown_value(ready.asked["left"].value(frame)), None)
        if is_taken:
            self._holders.setdefault(shown_value(ready.asked["holder"].value(frame)), frame.event)
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
        evidence = each_once(self.trigger, *self._holders.values())
        due = self._wrong_since
        if self._wrong is not None:
            again = self._again.t if self._again is not None else None
            evidence = each_once(*evidence, self._again) if self._again is not None else evidence
            return Verdict(Outcome.BREACHED, self._wrong, evidence, due, again, actual=held_by, done=again)
        if self._ended is not None:
            return kept_verdict(Reason.ONE_HOLDER, self.trigger, self._ended)._replace(actual=held_by)
        last = None if due is None else due + self.ready.grace
        if last is not None and now > last:
            reason = Reason.SEVERAL_HOLDERS if self._holders else Reason.NO_HOLDER
            return Verdict(Outcome.BREACHED, reason, evidence, due, actual=held_by)
        look = None if last is None else last + 1
        return Verdict(Outcome.PENDING, Reason.ONE_HOLDER_SO_FAR, evidence, due, look=look, actual=held_by)
