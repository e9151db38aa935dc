"""The obligations of one subject, kept as its statements come: the judge of clauses, online.

A docket takes the events of its subject in order of the record and says at any moment how every obligation stands. It
never depends on which node computes it: events, the versions of the agreement, receipts and `now` are all that it sees.
docs/spec/agreement.md AG-50 to AG-59.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from safeconduct.core.acts import DutyWaived, FindingExplained, FormFiled
from safeconduct.core.agreement.book import Book, Ready
from safeconduct.core.agreement.events import Event, Evidence, MovementView, Receipts, no_receipts
from safeconduct.core.agreement.finding import Finding, Outcome, Reason
from safeconduct.core.agreement.obligations import (
    OBLIGATIONS,
    AlwaysObligation,
    GapObligation,
    NeverObligation,
    Obligation,
    OneObligation,
    RecurObligation,
)

# Events that a clause may ask about after the fact, of one name on one subject.
KEPT_MAX = 256

# Versions of an agreement with the instant (ms) from which each was in force, oldest first.
Versions = Sequence[tuple[int, Book]]

_BEFORE_DEPARTURE = ("requested", "approved")
_STANDING = (AlwaysObligation, GapObligation, NeverObligation, OneObligation, RecurObligation)
# Met by a word of the debtor's own side that the creditor's side had only after it was due.
_LATE_WORD = (Reason.DONE_IN_TIME, Reason.PASSED_ON, Reason.EQUAL, Reason.PERIOD_KEPT)


class Frame:
    """An event as a condition sees it."""

    __slots__ = ("docket", "event", "trigger", "view")

    def __init__(self, docket: Docket, event: Event, trigger: Event | None) -> None:
        self.docket, self.event, self.trigger = docket, event, trigger
        self.view: MovementView | None = event.view

    def filed(self, form: str) -> Event | None:
        """The latest form of that short name on the subject."""
        return self.docket.filed.get(form)

    def filed_count(self, form: str) -> int:
        """How many forms of that short name took effect on the subject."""
        return self.docket.counts.get(form, 0)

    def said_count(self, kind: str) -> int:
        """How many acts of that short name took effect on the subject."""
        return self.docket.counts.get(kind, 0)


class Docket:
    """The obligations of one subject."""

    def __init__(self, subject: str, versions: Versions) -> None:
        self.subject = subject
        self.kind = subject.split("/", 1)[0]
        self.filed: dict[str, Event] = {}
        self.counts: dict[str, int] = {}
        # What other parties show to have had; looked at when somebody asks, not when events come.
        self.receipts: Receipts = no_receipts
        self._versions = versions
        self._books = {book.digest: book for _, book in versions}
        self._book: Book | None = None
        self._kept: dict[str, list[Event]] = {}
        self._called: set[str] = set()
        self._open: list[Obligation] = []
        self._listening: dict[str, list[Obligation]] = {}
        self._looking: list[AlwaysObligation] = []
        self._waived: dict[str, dict[str, Event]] = {}
        self._explained: dict[str, list[Evidence]] = {}
        self._settled: list[Finding] = []
        # Places in `_settled` of findings whose receipts are not known yet, with the clause's creditor.
        self._unseen: list[tuple[int, str]] = []
        self._view: MovementView | None = None
        self._gave_up_at: int | None = None
        self._done = False

    # --- what happens -------------------------------------------------------------------------------------------------

    def take(self, event: Event) -> None:
        """Take in the subject's next event, in order of the record."""
        book = self._enter(event)
        if book is None:
            return
        self._note(event)
        key = (self.kind, event.name)
        frame = Frame(self, event, None)
        for looking in self._looking:
            frame.trigger = looking.trigger
            looking.look(frame)
        for obligation in self._hearing(event.name):
            frame.trigger = obligation.trigger
            obligation.hear(frame)
        for ready in book.calls.get(key, ()):
            if ready.rule.each == "first" and ready.clause.id in self._called:
                continue
            if ready.when.matches(Frame(self, event, None)):
                self._call(ready, event, event.t)
        view = event.view
        if view is not None and not event.void and view.done and not self._done:
            self._finish(event)
        self._settle(event.t)

    def emit(self, obligation: Obligation, t: int) -> None:
        """Keep what an obligation has come to, which goes on with its next run or period."""
        self._keep(obligation.finding(t), obligation.ready.creditor)

    def _enter(self, event: Event) -> Book | None:
        """The version by which the event is judged; standing obligations pass over into it."""
        book = self._books.get(event.agreement) or _at(self._versions, event.t)
        if book is None or book is self._book:
            return book
        if self._book is not None and self.kind != "movement":
            self._amend(book, event.t)
        self._book = book
        return book

    def _amend(self, book: Book, t: int) -> None:
        for obligation in [o for o in self._open if isinstance(o, _STANDING) and not o.settled]:
            successor = book.clause(obligation.ready.clause.id)
            if successor is not None and successor.rule == obligation.ready.rule:
                continue
            obligation.end(t, None)
            if (
                successor is not None
                and successor.rule.for_each == self.kind
                and type(successor.demand) is type(obligation.ready.demand)
            ):
                self._call(successor, obligation.trigger, t)
        self._settle(t)

    def _note(self, event: Event) -> None:
        """What conditions on later events may ask about this one."""
        if event.view is not None:
            self._view = event.view
        if event.void:
            if self._book is not None and (self.kind, event.name) in self._book.keeps:
                self._keep_event(event)
            return
        short = event.name.split(".", 1)[1]
        self.counts[short] = self.counts.get(short, 0) + 1
        act = event.act
        if isinstance(act, FormFiled):
            self.filed[short] = event
        elif isinstance(act, DutyWaived):
            for role in event.roles:
                self._waived.setdefault(act.clause, {}).setdefault(role, event)
        elif isinstance(act, FindingExplained):
            self._explained.setdefault(act.clause, []).append(event.evidence)
        if event.view is not None and event.view.gave_up and self._gave_up_at is None:
            self._gave_up_at = event.t
        if self._book is not None and (self.kind, event.name) in self._book.keeps:
            self._keep_event(event)

    def _keep_event(self, event: Event) -> None:
        kept = self._kept.setdefault(event.name, [])
        kept.append(event)
        if len(kept) > KEPT_MAX:
            del kept[0]

    def _hearing(self, name: str) -> Sequence[Obligation]:
        hearing = self._listening.get(name)
        if not hearing:
            return ()
        if any(o.settled for o in hearing):
            hearing = self._listening[name] = [o for o in hearing if not o.settled]
        return tuple(hearing)

    def _call(self, ready: Ready, trigger: Event, begun: int) -> None:
        self._called.add(ready.clause.id)
        obligation = OBLIGATIONS[type(ready.demand)](self, ready, trigger, begun)
        self._open.append(obligation)
        frame = Frame(self, trigger, trigger)
        if isinstance(obligation, AlwaysObligation):
            self._looking.append(obligation)
            obligation.look(frame)
        earlier: Sequence[Event] = ()
        if getattr(ready.demand, "since", "trigger") == "start" and ready.hit is not None:
            earlier = self.kept(ready.hit.event)
        for event in earlier:
            past = Frame(self, event, trigger)
            if event is not trigger and not obligation.settled and ready.hit is not None and ready.hit.matches(past):
                obligation.hit(past)
        if not obligation.settled and begun == trigger.t:
            obligation.hear(frame)
        if not obligation.settled:
            heard = [ready.hit, ready.until, ready.of, ready.given_up, *ready.unless]
            for name in dict.fromkeys(matcher.event for matcher in heard if matcher is not None):
                self._listening.setdefault(name, []).append(obligation)

    def _finish(self, event: Event) -> None:
        """Nothing more can happen to the subject: what must hold for a span has held for all of it."""
        self._done = True
        gave_up = self._gave_up_at is not None
        for obligation in self._open:
            if obligation.settled:
                continue
            if isinstance(obligation, _STANDING):
                if gave_up and obligation.falls_with_movement:
                    obligation.settled = not obligation.forbids
                else:
                    obligation.end(event.t, event if obligation.ready.until is None else None)
            elif not obligation.asks_receipts:
                # The plan cannot move any more, so a duty that was done is done for good.
                obligation.settled = obligation.finding(event.t).outcome is Outcome.MET

    def _settle(self, t: int) -> None:
        settled = [o for o in self._open if o.settled]
        if not settled:
            return
        for obligation in settled:
            self._keep(obligation.finding(t), obligation.ready.creditor)
        self._open = [o for o in self._open if not o.settled]
        self._looking = [o for o in self._looking if not o.settled]

    def _keep(self, finding: Finding, creditor: str) -> None:
        self._settled.append(finding)
        if finding.outcome is Outcome.MET and finding.reason in _LATE_WORD:
            self._unseen.append((len(self._settled) - 1, creditor))

    # --- what is asked ------------------------------------------------------------------------------------------------

    def findings(self, now: int, receipts: Receipts = no_receipts) -> tuple[Finding, ...]:
        """How every obligation stands at `now`: by number of the clause, then in the order they were called up."""
        self.receipts = receipts
        self._unseen = [(place, who) for place, who in self._unseen if not self._shown(place, who, now, receipts)]
        found = [*self._settled, *(self._judged(o, now, receipts) for o in self._open)]
        if self._explained:
            found = [self._with_explanations(f) for f in found]
        return tuple(sorted(found, key=_order))

    def _judged(self, obligation: Obligation, now: int, receipts: Receipts) -> Finding:
        finding = obligation.finding(now)
        if finding.outcome is Outcome.MET and finding.reason in _LATE_WORD:
            late, _ = _late_word(finding, obligation.ready.creditor, now, receipts)
            return msgspec.structs.replace(finding, late_word=True) if late else finding
        return finding

    def _shown(self, place: int, creditor: str, now: int, receipts: Receipts) -> bool:
        """Note whether a settled finding was decided by a late word; whether that is sure for ever."""
        finding = self._settled[place]
        late, is_sure = _late_word(finding, creditor, now, receipts)
        if late != finding.late_word:
            self._settled[place] = msgspec.structs.replace(finding, late_word=late)
        return is_sure

    def _with_explanations(self, finding: Finding) -> Finding:
        explained = self._explained.get(finding.clause)
        return finding if not explained else msgspec.structs.replace(finding, explained=tuple(explained))

    @property
    def look_again_at(self) -> int | None:
        """When something may change although nobody says anything, receipts apart; None if nothing can."""
        looks = [o.finding(-1).look_again_at for o in self._open]
        return min((look for look in looks if look is not None), default=None)

    # --- what obligations ask -----------------------------------------------------------------------------------------

    def frame(self, event: Event, trigger: Event) -> Frame:
        """An event as conditions see it now."""
        return Frame(self, event, trigger)

    def kept(self, *names: str) -> Sequence[Event]:
        """Earlier events of these names, in order."""
        if len(names) == 1:
            return tuple(self._kept.get(names[0], ()))
        # Of several names the order is that of the record; within one log and one millisecond that of the log.
        events = {e.evidence.id: e for name in names for e in self._kept.get(name, ())}
        return sorted(events.values(), key=lambda e: (e.t, e.party, e.evidence.index))

    def anchor(self, name: str, trigger: Event) -> int | None:
        """The instant that a rule names; None while it is not there."""
        if name == "trigger":
            return trigger.t
        words = name.split(".")
        if words[0] == "plan":
            found: object = getattr(self._view.plan.timing, words[1]) if self._view is not None else None
        elif words[0] == "trigger":
            found = _field(trigger, words[2])
        else:
            filed = self.filed.get(words[1])
            found = _field(filed, words[2]) if filed is not None else None
        return found if isinstance(found, int) and found > 0 else None

    def plan_may_change(self) -> bool:
        """Whether the movement's plan may still become another one."""
        return self._view is not None and self._view.phase in _BEFORE_DEPARTURE

    def gave_up_at(self, now: int) -> int | None:
        """When it was sure that the movement will not go: refused, cancelled, or lapsed by `now`."""
        if self._gave_up_at is not None:
            return self._gave_up_at
        lapses = self._view.lapses_at if self._view is not None else None
        return lapses if lapses is not None and now > lapses else None

    def waivers(self, ready: Ready, by: int | None) -> tuple[Event, ...]:
        """The waivers of a clause if every role that must has signed one in time, else none."""
        roles = ready.rule.waived_by
        said = self._waived.get(ready.clause.id)
        if not roles or not said:
            return ()
        signed = [said[role] for role in roles if role in said and (by is None or said[role].t <= by)]
        return tuple(signed) if len(signed) == len(roles) else ()


def _at(versions: Versions, t: int) -> Book | None:
    found = None
    for begins, book in versions:
        if begins > t:
            break
        found = book
    return found


def _field(event: Event, name: str) -> object:
    act = event.act
    return act.fields.get(name) if isinstance(act, FormFiled) else getattr(act, name, None)


def _order(finding: Finding) -> tuple[str, int, str, int, int]:
    return (finding.clause, finding.trigger.at, finding.trigger.party, finding.trigger.index, finding.n)


def _late_word(finding: Finding, creditor: str, now: int, receipts: Receipts) -> tuple[bool, bool]:
    """Whether the creditor's side had the deciding word only after it was due, and whether that is sure for ever."""
    due = finding.due_at
    words = [e for e in finding.evidence if e.party != creditor and e.id != finding.trigger.id]
    if due is None or not words:
        return False, True
    shown = [receipts(e.party, e.index, creditor) for e in words]
    late = any(r is not None and r.at > due for r in shown) or (None in shown and now > due)
    return late, None not in shown
