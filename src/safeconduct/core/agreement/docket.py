"""The obligations of one subject, kept as its statements come: the judge of clauses, online.

A docket takes the events of its subject in order of the record and says at any moment how every obligation stands.
INVARIANT (one-verdict): it never depends on which node computes it; events, the versions of the agreement, receipts and
`now` are all that it sees.
docs/spec/agreement.md AG-50 to AG-59.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import msgspec

from safeconduct.core.agreement.book import Book, Ready
from safeconduct.core.agreement.case import Case, Frame
from safeconduct.core.agreement.events import Event, Receipts, no_receipts
from safeconduct.core.agreement.finding import Finding, Outcome, Reason
from safeconduct.core.agreement.moments import AlwaysObligation, NeverObligation, OneObligation
from safeconduct.core.agreement.obligation import Obligation
from safeconduct.core.agreement.obligations import OBLIGATIONS
from safeconduct.core.agreement.sequences import CountObligation, GapObligation, RecurObligation

# Versions of an agreement with the instant (ms) from which each was in force, oldest first.
Versions = Sequence[tuple[int, Book]]

_STANDING = (AlwaysObligation, GapObligation, NeverObligation, OneObligation, RecurObligation)
# Met by a word of the debtor's own side that the creditor's side had only after it was due.
_LATE_WORD = (Reason.DONE_IN_TIME, Reason.PASSED_ON, Reason.EQUAL, Reason.PERIOD_KEPT)


_NEVER = 2**63


class _Told(NamedTuple):
    """What an obligation came to, from when until just before when it holds if nothing more is said (ms)."""

    findings: tuple[Finding, ...]
    since: int
    until: int


class Docket:
    """The obligations of one subject."""

    def __init__(self, subject: str, versions: Versions) -> None:
        self.subject = subject
        self.kind = subject.split("/", 1)[0]
        self._case = Case(subject)
        self._versions = versions
        self._books = {book.digest: book for _, book in versions}
        # The latest version that something on the subject was said under.
        self._book: Book | None = None
        # Names of events that some version may ask about after the fact.
        self._keeps = {key for _, book in versions for key in book.keeps}  # order-free: a set again
        self._anchors = {key for _, book in versions for key in book.anchors}  # order-free: a set again
        self._latest_t = 0
        self._called: set[str] = set()
        self._open: dict[int, Obligation] = {}
        self._listening: dict[str, list[Obligation]] = {}
        self._looking: list[AlwaysObligation] = []
        self._settled: list[Finding] = []
        # Of open obligations, what was told last; gone when an event touches one, or changes what all may ask.
        self._told: dict[int, _Told] = {}
        # Places in `_settled` of findings whose receipts are not known yet, with the clause's creditor.
        self._unseen: list[tuple[int, str]] = []
        self._done = False

    # --- what happens -------------------------------------------------------------------------------------------------

    def take(self, event: Event) -> None:
        """Take in the subject's next event, in order of the record."""
        book = self._enter(event)
        if book is None:
            return
        key = (self.kind, event.name)
        self._latest_t = max(self._latest_t, event.t)
        if self._case.note(event, keep=key in self._keeps) or key in self._anchors:
            self._told.clear()
        frame = Frame(self._case, event, None)
        touched: list[Obligation] = [*self._looking, *self._hearing(event.name)]
        for looking in self._looking:
            frame.trigger = looking.trigger
            looking.look(frame)
        for obligation in touched[len(self._looking) :]:
            frame.trigger = obligation.trigger
            obligation.hear(frame)
        for ready in book.calls.get(key, ()):
            if ready.rule.each == "first" and ready.clause.id in self._called:
                continue
            if ready.when.matches(Frame(self._case, event, None)):
                touched.append(self._call(ready, event, None))
        view = event.view
        if view is not None and not event.void and view.done and not self._done:
            touched = list(self._open.values())
            self._finish(event)
        self._settle(touched, event.t)

    def _enter(self, event: Event) -> Book | None:
        """The version by which the event is judged; standing obligations pass over into it."""
        book = self._books.get(event.agreement) or _at(self._versions, event.t)
        if book is None or book is self._book:
            return book
        if self._book is None:
            self._book = book
        elif book.terms.version > self._book.terms.version:
            if self.kind != "movement":
                self._amend(book, event.t)
            self._book = book
        return book

    def _amend(self, book: Book, t: int) -> None:
        standing = [o for o in self._open.values() if isinstance(o, _STANDING) and not o.settled]
        for obligation in standing:
            successor = book.clause(obligation.ready.clause.id)
            if successor is not None and successor.is_same(obligation.ready):
                continue
            is_span_alone = isinstance(obligation, GapObligation | RecurObligation)
            is_going_on = is_span_alone or obligation.verdict(t).outcome is Outcome.PENDING
            obligation.end(t, None)
            if (
                is_going_on
                and successor is not None
                and successor.rule.for_each == self.kind
                and type(successor.demand) is type(obligation.ready.demand)
            ):
                following = self._call(successor, obligation.trigger, t)
                following.base = max(f.n + f.times for f in obligation.findings(t))
        self._settle(standing, t)

    def _hearing(self, name: str) -> Sequence[Obligation]:
        hearing = self._listening.get(name)
        if not hearing:
            return ()
        if any(o.settled for o in hearing):
            hearing = self._listening[name] = [o for o in hearing if not o.settled]
        return tuple(hearing)

    def _call(self, ready: Ready, trigger: Event, begun: int | None) -> Obligation:
        self._called.add(ready.clause.id)
        obligation = OBLIGATIONS[type(ready.demand)](self._case, ready, trigger, begun)
        self._open[id(obligation)] = obligation
        frame = Frame(self._case, trigger, trigger)
        if isinstance(obligation, AlwaysObligation):
            self._looking.append(obligation)
            if not obligation.anew:
                obligation.look(frame)
        earlier: Sequence[Event] = ()
        if getattr(ready.demand, "since", "trigger") == "start" and ready.hit is not None:
            earlier = self._case.kept(ready.hit.event)
        for event in earlier:
            past = Frame(self._case, event, trigger)
            if event is not trigger and not obligation.settled and ready.hit is not None and ready.hit.matches(past):
                obligation.hit(past)
        if not obligation.settled and not obligation.anew:
            obligation.hear(frame)
        if not obligation.settled:
            heard = [ready.hit, ready.until, ready.of, ready.given_up, *ready.unless]
            for name in dict.fromkeys(matcher.event for matcher in heard if matcher is not None):
                self._listening.setdefault(name, []).append(obligation)
        return obligation

    def _finish(self, event: Event) -> None:
        """Nothing more can happen to the subject: what must hold for a span has held for all of it."""
        self._done = True
        gave_up = self._case.has_given_up
        for obligation in self._open.values():
            # What the end itself called up has only begun.
            if obligation.settled or obligation.trigger is event:
                continue
            is_span = isinstance(obligation, _STANDING)
            if gave_up and obligation.falls_with_movement:
                if is_span and not obligation.forbids:
                    obligation.stop(event.t)
            elif is_span or (isinstance(obligation, CountObligation) and obligation.ready.due is None):
                obligation.end(event.t, event if obligation.ready.until is None else None)
            elif not (obligation.asks_receipts or obligation.moves()):
                # The plan cannot move any more, so a duty that was done is done for good.
                obligation.settled = all(f.outcome is Outcome.MET for f in obligation.findings(event.t))

    def _settle(self, touched: Sequence[Obligation], t: int) -> None:
        """Keep what the obligations that were touched have come to; only they can have changed."""
        for obligation in touched:
            self._told.pop(id(obligation), None)
            for finding in obligation.emitted:
                self._keep(finding, obligation.ready.creditor)
            obligation.emitted.clear()
            if obligation.settled and self._open.pop(id(obligation), None) is not None:
                for finding in obligation.findings(t):
                    self._keep(finding, obligation.ready.creditor)
        if any(o.settled for o in self._looking):
            self._looking = [o for o in self._looking if not o.settled]

    def _keep(self, finding: Finding, creditor: str) -> None:
        self._settled.append(msgspec.structs.replace(finding, look_again_at=None))
        if finding.outcome is Outcome.MET and finding.reason in _LATE_WORD:
            self._unseen.append((len(self._settled) - 1, creditor))

    # --- what is asked ------------------------------------------------------------------------------------------------

    def findings(self, now: int, receipts: Receipts = no_receipts) -> tuple[Finding, ...]:
        """How every obligation stands at `now`: by number of the clause, then in the order they were called up."""
        now = max(now, self._latest_t)
        self._case.receipts = receipts
        self._unseen = [(place, who) for place, who in self._unseen if not self._shown(place, who, now, receipts)]
        found = [*self._settled, *(f for o in self._open.values() for f in self._judged(o, now, receipts))]
        if self._case.explained:
            found = [self._with_explanations(f) for f in found]
        return tuple(sorted(found, key=_order))

    def _findings_of(self, obligation: Obligation, now: int) -> tuple[Finding, ...]:
        """How an obligation stands at `now`: as it was told last, unless something may have changed it since."""
        told = self._told.get(id(obligation))
        if told is not None and told.since <= now < told.until:
            return told.findings
        found = obligation.findings(now)
        if obligation.is_steady and not obligation.asks_receipts:
            looks = [f.look_again_at for f in found if f.look_again_at is not None]
            self._told[id(obligation)] = _Told(found, now, min(looks, default=_NEVER))
        return found

    def _judged(self, obligation: Obligation, now: int, receipts: Receipts) -> Iterator[Finding]:
        for finding in self._findings_of(obligation, now):
            late = (
                finding.outcome is Outcome.MET
                and finding.reason in _LATE_WORD
                and _late_word(finding, obligation.ready.creditor, now, receipts)[0]
            )
            yield msgspec.structs.replace(finding, late_word=True) if late else finding

    def _shown(self, place: int, creditor: str, now: int, receipts: Receipts) -> bool:
        """Note whether a settled finding was decided by a late word; whether that is sure for ever."""
        finding = self._settled[place]
        late, is_sure = _late_word(finding, creditor, now, receipts)
        if late != finding.late_word:
            self._settled[place] = msgspec.structs.replace(finding, late_word=late)
        return is_sure

    def _with_explanations(self, finding: Finding) -> Finding:
        explained = self._case.explained.get(finding.clause)
        return finding if not explained else msgspec.structs.replace(finding, explained=tuple(explained))

    @property
    def look_again_at(self) -> int | None:
        """When something may change although nobody says anything, receipts apart; None if nothing can."""
        looks = [f.look_again_at for o in self._open.values() for f in o.findings(self._latest_t)]
        return min((look for look in looks if look is not None), default=None)


def _at(versions: Versions, t: int) -> Book | None:
    found = None
    for begins, book in versions:
        if begins > t:
            break
        found = book
    return found


def _order(finding: Finding) -> tuple[str, int, str, int, int]:
    return (finding.clause, finding.trigger.at, finding.trigger.party, finding.trigger.index, finding.n)


def _late_word(finding: Finding, creditor: str, now: int, receipts: Receipts) -> tuple[bool, bool]:
    """Whether the creditor's side had the deciding word only after it was due, and whether that is sure for ever."""
    due = finding.due_at
    # The trigger decides only where nothing else was needed.
    words = [e for e in finding.evidence if e.id != finding.trigger.id] or finding.evidence
    words = [e for e in words if e.party != creditor]
    if due is None or not words:
        return False, True
    shown = [receipts(e.party, e.index, creditor) for e in words]
    late = any(r is not None and r.at > due for r in shown) or (None in shown and now > due)
    return late, None not in shown
