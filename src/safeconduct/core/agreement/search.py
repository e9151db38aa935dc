"""A bounded search for histories: how a clause is called up, and whether what is owed then can still be done.

What is said is drawn from the clauses' own patterns and from what must come before it, at the instants at which an
outcome may change; the docket judges. Pure and deterministic: the same agreement gives the same histories, and every
search ends after a number of histories that is named below. docs/spec/agreement.md AG-110, AG-111.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from safeconduct.core.acts import Act, MovementApproved, MovementArrived, MovementAttested, MovementDeparted
from safeconduct.core.agreement.book import Book, Ready
from safeconduct.core.agreement.finding import Outcome, Reason
from safeconduct.core.agreement.histories import Budget, Moves, Player
from safeconduct.core.agreement.rules import Always, Count, Gap, Must, Never, One, Recur
from safeconduct.core.agreement.samples import BEGIN, DAY, HOUR, MINUTE, Sampler, asked_about, patterns_of
from safeconduct.core.agreement.stage import Move
from safeconduct.core.statement import digest

# Histories that one question may try; statements that somebody may add to a history; ways to call a clause up.
HISTORIES_MAX = 600
STEPS_MAX = 5
CALLS_MAX = 48
# Histories that are looked at for ways to call a clause up.
TRIES_MAX = 800
# Plans with which a movement is asked for.
PLANS_MAX = 48
# Instants at which a further statement is tried.
INSTANTS_MAX = 6

# Long after everything that a clause could ask for.
_END = BEGIN + 30_000 * DAY


class Found(NamedTuple):
    """The end of a search. moves: a history as wanted, or None; is_complete: whether all that could be tried was."""

    moves: Moves | None
    is_complete: bool


class Search(Player):
    """Histories of one subject, looked for."""

    def __init__(self, book: Book, ids: Sequence[str], kind: str = "", budget: Budget | None = None) -> None:
        super().__init__(book, ids, kind, budget)
        self.sampler = Sampler(self.terms, self.book.ready)
        self.tried = 0

    # --- calling up ---------------------------------------------------------------------------------------------------

    def calls(self, clause: str, begun: Moves = ()) -> Iterator[Moves]:
        """Histories in which the clause is called up, the plain ones first; at most CALLS_MAX of them."""
        seen: set[object] = set()
        count = 0
        for tried, moves in enumerate(self._calls(self.clauses[clause], begun)):
            if count >= CALLS_MAX or tried >= TRIES_MAX or self.budget.left <= 0:
                self.sampler.is_cut = True
                return
            key = self.signature(moves)
            if key not in seen and any(f.clause == clause for f in self.findings(moves, moves[-1].at)):
                seen.add(key)
                count += 1
                yield moves

    def _calls(self, ready: Ready, begun: Moves) -> Iterator[Moves]:
        when = ready.rule.when
        starts = [begun]
        if self.kind == "movement" and not begun and when.event != "movement.requested":
            starts += self._first(self._said((), "movement.requested", BEGIN), PLANS_MAX)
        for start in starts:
            for t in self._times_to_call(when.event, start):
                for before in self._preludes(ready, start, t):
                    yield from self._first(
                        self._said(before, when.event, t, any_effect=when.effect != "taken"), CALLS_MAX
                    )

    def _first(self, ways: Iterator[Moves], most: int) -> list[Moves]:
        """The first of several ways to go on; notes when there are more."""
        found = list(islice(ways, most + 1))
        self.sampler.is_cut |= len(found) > most
        return found[:most]

    def _times_to_call(self, event: str, begun: Moves) -> Sequence[int]:
        last = begun[-1].at if begun else BEGIN
        opens = self._opens(begun)
        if event == "movement.requested":
            return (last,)
        if self.kind == "movement" and _needs_departure(event):
            return (max(last, opens),)
        times = [last + HOUR if begun else BEGIN + HOUR, last, *([max(last, opens)] if opens else [])]
        if begun:
            due = [f.due_at for f in self.findings(begun, last) if f.due_at is not None and last < f.due_at < _END]
            times += due[:2]
        return tuple(dict.fromkeys(times))

    def _preludes(self, ready: Ready, begun: Moves, t: int) -> Iterator[Moves]:
        """What may have been said before: nothing, what conditions ask about, what the duty counts from the start."""
        yield begun
        at = max(begun[-1].at if begun else BEGIN, t - MINUTE)
        asked: Moves | None = begun
        if self.kind == "movement" and ready.rule.when.event != "movement.requested":
            # Asked for, and approved while there is time; what else it needs comes just before the trigger.
            asked = self._enabled(begun, "movement.acknowledged", at)
            approved = self._approved(asked, t) if asked else None
            if asked and approved and approved != asked:
                yield approved
                asked = approved if at > self._review_by(asked) or _needs_departure(ready.rule.when.event) else asked
        if asked is None or (self.kind == "movement" and not asked):
            return
        forms = [asked]
        for name in self._asked_about(ready):
            when = t if _needs_departure(name) else at
            ways = (way for moves in forms for way in (*self._first(self._said(moves, name, when), CALLS_MAX), moves))
            forms = self._first(ways, CALLS_MAX)
        yield from (moves for moves in forms if moves != asked)
        for name, times in self.sampler.repeats(ready).items():
            way: Moves | None = asked
            for _ in range(times):
                when = t if _needs_departure(name) else at
                way = next(self._said(way, name, when), None) if way is not None else None
                if way is not None:
                    yield way
        yield from self._early(ready, (asked, forms[0]) if forms[0] != asked else (asked,), at)

    def _early(self, ready: Ready, begun: Sequence[Moves], at: int) -> Iterator[Moves]:
        """What a duty counts from the start, said before the trigger."""
        demand = ready.demand
        names: list[str] = []
        if isinstance(demand, Must) and demand.since == "start":
            names = [demand.event] * max(1, len(demand.parties))
        elif isinstance(demand, One):
            names = [demand.taken.event]
        for moves in begun if names else ():
            found = [moves]
            for name in names:
                ways = (way for moves in found for way in self._first(self._said(moves, name, at), CALLS_MAX // 2))
                found = self._first(ways, CALLS_MAX * 4)
            yield from found

    def _asked_about(self, ready: Ready) -> tuple[str, ...]:
        return tuple(name for name in asked_about(ready.rule) if name != ready.rule.when.event)

    def sayings(self, event: str) -> Iterator[Moves]:
        """Histories that end with the event taking effect, in the usual way."""
        for t in self._times_to_call(event, ()):
            yield from self._said((), event, t)

    def further(self, moves: Moves, event: str, party: str = "") -> Iterator[Moves]:
        """The history with the event said next, at once, by the party or by anybody."""
        yield from self._said(moves, event, moves[-1].at, only=party)

    # --- going on -----------------------------------------------------------------------------------------------------

    def finish(self, moves: Moves, ids: Sequence[str], *, may_excuse: bool = False) -> Found:
        """The history gone on to where every one of the clauses is kept, in as few further statements as it takes.

        may_excuse: a clause is kept as well when its own `unless` has excused it, or the approval that it demands was
        refused.
        """
        self.tried = 0
        self._may_excuse = may_excuse
        self._was_cut = False
        if self.is_kept(moves, ids):
            return Found(moves, is_complete=True)
        before, self.sampler.is_cut = self.sampler.is_cut, False
        found = self._deepening(moves, ids)
        is_complete = not (self._was_cut or self._is_spent or self.sampler.is_cut)
        self.sampler.is_cut |= before
        return Found(found, is_complete=is_complete or found is not None)

    def _deepening(self, moves: Moves, ids: Sequence[str]) -> Moves | None:
        """One further statement, then two, and so on."""
        for depth in range(1, STEPS_MAX + 1):
            self._reached_depth = False
            found = self._deeper(moves, ids, depth)
            if found is not None or not self._reached_depth or self._is_spent:
                return found
        self._was_cut = True
        return None

    @property
    def _is_spent(self) -> bool:
        return self.tried >= HISTORIES_MAX or self.budget.left <= 0

    _may_excuse = False
    _was_cut = False
    _reached_depth = False

    def _deeper(self, moves: Moves, ids: Sequence[str], depth: int) -> Moves | None:
        seen = {self.signature(moves)}
        further = []
        for candidate in self._candidates(moves, ids):
            if self._is_spent:
                return None
            self.tried += 1
            key = self.signature(candidate)
            # Saying the same at another instant is another history only if something is different after it.
            if key in seen or self.is_broken(candidate, ids):
                continue
            seen.add(key)
            if self.is_kept(candidate, ids):
                return candidate
            further.append(candidate)
        if depth <= 1:
            self._reached_depth |= bool(further)
            return None
        for candidate in further:
            found = self._deeper(candidate, ids, depth - 1)
            if found is not None:
                return found
        return None

    def _candidates(self, moves: Moves, ids: Sequence[str]) -> Iterator[Moves]:
        names: dict[str, None] = {}
        for ready in (self.clauses[i] for i in ids):
            rule = ready.rule
            own = list(patterns_of(rule))[1:]
            excuses = [] if self._may_excuse else list(rule.unless)
            names.update({pattern.event: None for pattern in own if pattern not in excuses})
            if self._may_excuse and isinstance(ready.demand, Must) and ready.demand.event == "movement.approved":
                names["movement.refused"] = None
            names.update(dict.fromkeys(self._asked_about(ready)))
        for t in self._instants(moves, ids):
            for name in names:
                yield from self._said(moves, name, t)

    def _instants(self, moves: Moves, ids: Sequence[str]) -> Sequence[int]:
        last = moves[-1].at
        played = self.play(moves)
        times = [last]
        for finding in self.findings(moves, last):
            ready = self.clauses[finding.clause]
            if finding.due_at is not None:
                times.append(finding.due_at)
            trigger = next(e for e in played.events if e.evidence.id == finding.trigger.id)
            for instant in (ready.not_before, ready.due):
                anchor = None if instant is None else played.case.anchor(instant.anchor, trigger)
                if instant is not None and anchor is not None:
                    times.append(anchor + instant.offset)
        times.append(self._opens(moves))
        times += [t for t in self._horizons(moves, ids) if t < last + 3_000 * DAY]
        wanted = sorted({t for t in times if last <= t < _END})
        if len(wanted) > INSTANTS_MAX:
            self._was_cut = True
        return wanted[:INSTANTS_MAX]

    def _opens(self, moves: Moves) -> int:
        """When the movement's window opens; 0 if there is none."""
        plan = self.play(moves).stage.plan if moves and self.kind == "movement" else None
        if plan is None:
            if self.kind != "movement":
                return 0
            plan = next(self.sampler.plans(BEGIN))
        return plan.timing.earliest

    # --- how it stands ------------------------------------------------------------------------------------------------

    def is_kept(self, moves: Moves, ids: Sequence[str]) -> bool:
        """Whether each of the clauses is kept, as far as anybody can ask when no more is said."""
        return all(self._is_kept(moves, self.clauses[i]) for i in ids)

    def _is_kept(self, moves: Moves, ready: Ready) -> bool:
        now, cut = _END, moves
        horizon = self._horizon(moves, ready)
        if horizon is not None:
            now, cut = horizon, tuple(move for move in moves if move.at <= horizon)
        found = [f for f in self.findings(cut, now) if f.clause == ready.clause.id]
        own = [f.outcome for f in found]
        if not own or Outcome.BREACHED in own:
            return False
        demand = ready.demand
        if self._may_excuse and all(f.reason is Reason.EXCUSED for f in found):
            return True
        if self._may_excuse and isinstance(demand, Must) and demand.event == "movement.approved":
            return Outcome.MET in own or self.play(moves).stage.phase == "refused"
        if isinstance(demand, Always | Never | Gap | Recur | One):
            return True
        if isinstance(demand, Count) and demand.at_least is None and demand.percent is None:
            return True
        return all(outcome is Outcome.MET for outcome in own)

    def _horizon(self, moves: Moves, ready: Ready) -> int | None:
        """How far a duty without an end is followed: two spans and a half, which show whether it can be kept."""
        called = next((f.trigger.at for f in self.findings(moves, moves[-1].at) if f.clause == ready.clause.id), None)
        if called is None:
            return None
        match ready.demand:
            case Gap():
                return called + 5 * (ready.span + ready.grace) // 2
            case Recur():
                assert ready.calendar is not None
                return ready.calendar.start(called, 2) + ready.grace + 1
            case One():
                return called + ready.grace + 1
        return None

    def _horizons(self, moves: Moves, ids: Sequence[str]) -> Iterator[int]:
        for i in ids:
            horizon = self._horizon(moves, self.clauses[i])
            if horizon is not None:
                yield horizon

    def signature(self, moves: Moves) -> object:
        """What tells a history from another as far as these clauses can ask."""
        played = self.play(moves)
        stage = played.stage
        demands = {i: ready.demand for i, ready in self.clauses.items()}
        by_party = [i for i, d in demands.items() if getattr(d, "parties", ()) or getattr(d, "received_by", None)]
        found = tuple(
            (f.clause, f.n, f.trigger.id, f.outcome, f.reason, f.due_at, f.missing, f.planned, f.actual, f.times,
             len(f.evidence), tuple(e.party for e in f.evidence if f.clause in by_party))
            for f in self.findings(moves, moves[-1].at if moves else BEGIN)
        )  # fmt: skip
        heard = {name for ready in self.clauses.values() for name in self._asked_about(ready)}
        kept = {
            (e.name, e.party, repr(e.act))
            for e in played.events
            if e.name in heard or (self.kind, e.name) in self.book.keeps
        }
        plan = digest(stage.plan) if stage.plan is not None else ""
        items = stage.open_items(moves[-1].at) if stage.plan is not None and moves else ()
        return (found, stage.phase, plan, stage.unapproved(), items, tuple(sorted(kept)), tuple(sorted(stage.excepted)))

    # --- saying -------------------------------------------------------------------------------------------------------

    def _said(self, moves: Moves, event: str, t: int, *, any_effect: bool = False, only: str = "") -> Iterator[Moves]:
        """The history with the event said at `t`, and before it what it needs, by whoever may say it, in each way."""
        ready = self._enabled(moves, event, t)
        if ready is None and not any_effect:
            return
        for before in ([moves] if any_effect else []) + ([ready] if ready is not None else []):
            stage = self.play(before).stage
            for role in self.sampler.speakers(event):
                if only and stage.parties.get(role, role) != only:
                    continue
                for act in self.sampler.acts(event, role, t, stage):
                    moved = (*before, Move(t, role, act))
                    if any_effect or not self.play(moved).events[-1].void:
                        yield moved

    def _enabled(self, moves: Moves, event: str, t: int) -> Moves | None:
        """The history with what must come before an event at `t`; None where that cannot be."""
        if self.kind != "movement" or event == "movement.requested":
            return moves
        stage = self.play(moves).stage
        if stage.plan is None:
            # Asked for in good time, by the first who may.
            asked = next(self._said((), "movement.requested", BEGIN), None)
            if asked is None or t < BEGIN:
                return None
            moves = asked
            stage = self.play(moves).stage
        assert stage.plan is not None
        opens = stage.plan.timing.earliest
        phase = stage.phase
        if not _needs_departure(event) or phase not in ("requested", "approved"):
            if event == "movement.closed" and phase == "under_way":
                return self._one_more(moves, MovementArrived(heads=stage.plan.people.count), "movement.arrived", t)
            return moves
        leaves = max(moves[-1].at, opens) if event != "movement.departed" else t
        if leaves < opens or leaves > t:
            return None
        moves = self._ready(moves, leaves)
        if event == "movement.departed":
            return moves
        departed = self._one_more(moves, MovementDeparted(heads=stage.plan.people.count), "movement.departed", leaves)
        if departed is None or event != "movement.closed":
            return departed
        return self._one_more(departed, MovementArrived(heads=stage.plan.people.count), "movement.arrived", t)

    def _approved(self, moves: Moves, t: int) -> Moves:
        """Approved by everybody, in time for a departure at `t`."""
        stage = self.play(moves).stage
        assert stage.plan is not None
        at = max(moves[-1].at, min(t - MINUTE, stage.plan.timing.review_by))
        for party in stage.unapproved():
            act = MovementApproved(plan=digest(stage.plan))
            moves = self._one_more(moves, act, "movement.approved", at, party) or moves
        return moves

    def _review_by(self, moves: Moves) -> int:
        plan = self.play(moves).stage.plan
        return plan.timing.review_by if plan is not None else 0

    def _ready(self, moves: Moves, t: int) -> Moves:
        """Approved by everybody, and with every item of the gate attested, for a departure at `t`."""
        moves = self._approved(moves, t)
        at = max(moves[-1].at, t - MINUTE)
        stage = self.play(moves).stage
        for item in self.terms.movement.ready_gate:
            if stage.plan is None or item.check == "approvals" or not stage.is_open(item, t):
                continue
            for role in item.by:
                if not stage.holds(item, role, t):
                    heads = stage.plan.people.count if item.check == "heads" else None
                    moves = (*moves, Move(at, role, MovementAttested(item=item.id, holds=True, heads=heads)))
        return moves

    def _one_more(self, moves: Moves, act: Act, event: str, t: int, party: str = "") -> Moves | None:
        """The act said by the first who may, of the party; None if it has no effect whoever says it."""
        for role in self.terms.roles:
            if event in role.may and (not party or role.party == party):
                moved = (*moves, Move(t, role.id, act))
                if not self.play(moved).events[-1].void:
                    return moved
        return None


def _needs_departure(event: str) -> bool:
    return event in (
        "movement.departed",
        "movement.checked_in",
        "movement.arrived",
        "movement.aborted",
        "movement.closed",
    )
