"""Histories of one subject as some clauses of an agreement judge them: played, looked at, and shown to people.

docs/spec/agreement.md AG-110, AG-111.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import msgspec

from safeconduct.core.acts import Act
from safeconduct.core.agreement.book import Book
from safeconduct.core.agreement.case import Case
from safeconduct.core.agreement.docket import Docket
from safeconduct.core.agreement.events import Event, Evidence
from safeconduct.core.agreement.finding import Finding, Outcome
from safeconduct.core.agreement.instants import InstantAt
from safeconduct.core.agreement.samples import BEGIN, DAY, HOUR, MINUTE
from safeconduct.core.agreement.stage import Move, Stage

# Histories that are kept in memory, so that none is judged again and again.
KNOWN_MAX = 4_000
# Histories that may be judged to look through a whole agreement; the largest template needs a twentieth of it.
PLAYS_MAX = 600_000

_WORST = (Outcome.BREACHED, Outcome.DISPUTED, Outcome.PENDING, Outcome.WAIVED, Outcome.MET, Outcome.NOT_DUE)

Moves = tuple[Move, ...]


class Budget:
    """How many histories may still be judged, shared by the searches of one agreement."""

    def __init__(self, left: int = PLAYS_MAX) -> None:
        self.left = left


class HistoryStep(msgspec.Struct, frozen=True, kw_only=True):
    """One step of a history that is shown to people.

    at: ms. event: name of what is said, empty where nobody says anything and time passes. void: code of why it has no
    effect. outcomes: how each clause stands after it, `not called up` where it owes nothing.
    """

    at: int
    event: str = ""
    party: str = ""
    role: str = ""
    act: Act | None = None
    void: str = ""
    outcomes: Mapping[str, str] = {}

    @property
    def after(self) -> str:
        """How long after the beginning of the history, as an ISO 8601 duration."""
        return duration(self.at - BEGIN)

    @property
    def fields(self) -> Mapping[str, object]:
        """What the act says, as plain values."""
        if self.act is None:
            return {}
        plain: dict[str, object] = msgspec.to_builtins(self.act)
        fields = plain.get("fields")
        return fields if isinstance(fields, dict) and "form" in plain else plain


class Played(NamedTuple):
    """A history that was played: the subject as it is then, what is known of it, its obligations."""

    stage: Stage
    case: Case
    docket: Docket
    events: tuple[Event, ...]


def duration(ms: int) -> str:
    """A length of time in days, hours, minutes, seconds and milliseconds, such as P1DT2H or PT0S."""
    sign, ms = ("-", -ms) if ms < 0 else ("", ms)
    days, rest = divmod(ms, DAY)
    hours, rest = divmod(rest, HOUR)
    minutes, rest = divmod(rest, MINUTE)
    seconds, thousandths = divmod(rest, 1000)
    time = f"{hours}H" * bool(hours) + f"{minutes}M" * bool(minutes)
    if thousandths:
        time += f"{seconds}.{thousandths:03d}S"
    elif seconds or not (days or time):
        time += f"{seconds}S"
    return f"{sign}P{f'{days}D' * bool(days)}{f'T{time}' * bool(time)}"


class PartOfBook(Book):
    """Some clauses of an agreement, without making them ready again."""

    def __init__(self, book: Book, ids: Sequence[str]) -> None:
        self.terms, self.digest = book.terms, book.digest
        self.ready = tuple(ready for ready in book.ready if ready.clause.id in ids)
        self.calls = {key: [r for r in found if r.clause.id in ids] for key, found in book.calls.items()}
        self.listens = {key: [r for r in found if r.clause.id in ids] for key, found in book.listens.items()}
        self.keeps, self.anchors = book.keeps, book.anchors


class Player:
    """Plays histories of one subject.

    kind: of the subject, where there is no clause; all clauses are about the same kind.
    """

    def __init__(self, book: Book, ids: Sequence[str], kind: str = "", budget: Budget | None = None) -> None:
        self.budget = budget if budget is not None else Budget()
        self.terms = book.terms
        self.book = PartOfBook(book, ids)
        self.clauses = {ready.clause.id: ready for ready in self.book.ready}
        self.kind = kind or self.book.ready[0].rule.for_each
        self._played: dict[Moves, Played] = {}
        self._found: dict[tuple[Moves, int], tuple[Finding, ...]] = {}

    def play(self, moves: Moves) -> Played:
        """The history, judged."""
        known = self._played.get(moves)
        if known is not None:
            return known
        self.budget.left -= 1
        stage = Stage(self.terms, self.kind)
        case, docket = Case(f"{self.kind}/s-1"), Docket(f"{self.kind}/s-1", ((0, self.book),))
        events = []
        for move in moves:
            event = stage.say(move, self.book.digest)
            docket.take(event)
            case.note(event, keep=False)
            events.append(event)
        if len(self._played) >= KNOWN_MAX:
            self._played.clear()
            self._found.clear()
        played = self._played[moves] = Played(stage, case, docket, tuple(events))
        return played

    def findings(self, moves: Moves, now: int) -> tuple[Finding, ...]:
        """How every obligation stands at `now`, when each side has had at once what the other said."""
        known = self._found.get((moves, now))
        if known is not None:
            return known
        played = self.play(moves)
        at = {(e.party, e.evidence.index): e.t for e in played.events}

        def receipts(log: str, index: int, by: str) -> Evidence | None:
            t = at.get((log, index))
            return None if t is None else Evidence(party=by, index=0, id="f" * 64, at=t)

        found = self._found[moves, now] = played.docket.findings(now, receipts)
        return found

    def outcomes(self, moves: Moves, now: int) -> dict[str, str]:
        """How each clause stands at `now`: the worst of its obligations."""
        found = self.findings(moves, now)
        return {clause: _worst([f.outcome for f in found if f.clause == clause]) for clause in self.clauses}

    def steps(self, moves: Moves, *silent: int) -> tuple[HistoryStep, ...]:
        """A history as people are shown it, and how things stand at later instants at which nobody says anything."""
        shown = []
        events = self.play(moves).events
        for n, (move, event) in enumerate(zip(moves, events, strict=True), 1):
            shown.append(
                HistoryStep(
                    at=move.at,
                    event=event.name,
                    party=event.party,
                    role=move.role,
                    act=move.act,
                    void=event.void,
                    outcomes=self.outcomes(moves[:n], move.at),
                )
            )
        shown += [HistoryStep(at=t, outcomes=self.outcomes(moves, t)) for t in silent]
        return tuple(shown)

    def is_broken(self, moves: Moves, ids: Sequence[str]) -> bool:
        """Whether one of the clauses is breached already."""
        return any(f.outcome is Outcome.BREACHED and f.clause in ids for f in self.findings(moves, moves[-1].at))

    def instants(self, moves: Moves, clause: str) -> tuple[int, dict[str, int]]:
        """When a clause was first called up, and the instants of its demand, by name, that are there."""
        played = self.play(moves)
        finding = next(f for f in self.findings(moves, moves[-1].at) if f.clause == clause)
        ready = self.clauses[clause]
        trigger = next(e for e in played.events if e.evidence.id == finding.trigger.id)
        found = {}
        for name, instant in (("due", ready.due), ("not_before", ready.not_before)):
            anchor = None if instant is None else played.case.anchor(instant.anchor, trigger)
            if instant is not None and anchor is not None:
                found[name] = anchor + instant.offset
        return trigger.t, found

    def instant(self, moves: Moves, at: InstantAt) -> int | None:
        """When an instant is that does not count from a trigger; None while it is not there."""
        played = self.play(moves)
        anchor = played.case.anchor(at.anchor, played.events[-1])
        return None if anchor is None else anchor + at.offset


def _worst(outcomes: Sequence[Outcome]) -> str:
    return next((str(outcome) for outcome in _WORST if outcome in outcomes), "not called up")
