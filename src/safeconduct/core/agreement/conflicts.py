"""Two clauses that stand in each other's way: what one demands the other forbids, or both demand the same of others.

docs/spec/agreement.md AG-115, AG-116.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import islice

from safeconduct.core.acts import CATALOGUE
from safeconduct.core.agreement.book import Book, Ready
from safeconduct.core.agreement.faults import Lint, is_simple
from safeconduct.core.agreement.finding import Outcome
from safeconduct.core.agreement.histories import Budget, HistoryStep, Moves
from safeconduct.core.agreement.rules import (
    DEMANDS,
    Always,
    Count,
    Equal,
    Gap,
    Must,
    Never,
    One,
    Pattern,
    Recur,
    Relay,
    Rule,
)
from safeconduct.core.agreement.samples import conditions_of, questions_of
from safeconduct.core.agreement.search import Search
from safeconduct.core.agreement.tree import Path

# Histories in which both are called up that are gone on with: once one of them can be kept, and at all.
HISTORIES_MAX = 16
CALLED_MAX = 200
# Histories of which no search says whether both can be kept, after which it is not asked further.
UNDECIDED_MAX = 2
# How many times it is looked again at a history in which nobody says anything more.
LOOKS_MAX = 6

# What happens to one movement once.
_ONCE = ("movement.requested", "movement.departed", "movement.arrived", "movement.aborted", "movement.closed")
# Of these only one happens to a movement.
_EITHER = (("movement.refused", "movement.cancelled", "movement.departed"), ("movement.arrived", "movement.aborted"))
_ASKED = re.compile(r"(?<![A-Za-z0-9_.])(?:(?:plan|filed|movement)\.[a-z0-9_.]+|(?:trigger\.)?body\.[a-z0-9_]+)")


def conflicts(
    book: Book, places: Mapping[str, int], without: Collection[str] = (), budget: Budget | None = None
) -> Iterator[Lint]:
    """What pairs of an agreement's clauses have against each other.

    places: index of each clause by its number. without: clauses that do not work by themselves.
    """
    budget = budget if budget is not None else Budget()
    ready = [one for one in book.ready if one.clause.id not in without]
    for n, one in enumerate(ready):
        for other in ready[n + 1 :]:
            if one.rule.for_each != other.rule.for_each:
                continue
            twice = _twice(book, one, other, places)
            if twice is not None:
                yield twice
            elif budget.left > 0 and _may_conflict(one.rule, other.rule):
                found = _Pair(book, one, other, places, budget).contradiction()
                if found is not None:
                    yield found


# --- which pairs are worth a search ----------------------------------------------------------------------------------


def _may_conflict(one: Rule, other: Rule) -> bool:
    """Whether what one demands could stand in the other's way at all."""
    if _hinders(one, other) or _hinders(other, one):
        return True
    a, b = _demanded(one), _demanded(other)
    both = a & b
    if any(name in _ONCE for name in both):
        return True
    if any(x in group and y in group and x != y for group in _EITHER for x in a for y in b):  # order-free: any
        return True
    demands = (one.demand, other.demand)
    return bool(both) and all(isinstance(demand, Count | Equal) for demand in demands)


def _hinders(one: Rule, other: Rule) -> bool:
    demand = one.demand
    match demand:
        case Never():
            return demand.event in _needed(other)
        case Count() if demand.at_most is not None:
            return demand.event in _demanded(other)
        case Always():
            shared = _names([demand.hold]) & _names(conditions_of(other))
            is_same = one.when.event == other.when.event or demand.until is not None
            counted = {f"{one.for_each}.{n}" for n in re.findall(r"(?:filed|said)\.([a-z][a-z0-9_]*)", demand.hold)}
            return (is_same and bool(shared)) or (demand.until is not None and bool(counted & _demanded(other)))
        case _:
            return False


def _names(conditions: Iterator[str] | Sequence[str]) -> set[str]:
    return {name.removeprefix("trigger.") for condition in conditions for name in _ASKED.findall(condition)}


def _demanded(rule: Rule) -> set[str]:
    """Events without which the rule is not kept."""
    demand = rule.demand
    match demand:
        case One():
            return {demand.taken.event}
        case Count() if demand.at_least is None and demand.percent is None:
            return set()
        case Must() | Relay() | Gap() | Recur() | Count() | Equal():
            return {demand.event}
        case _:
            return set()


def _needed(rule: Rule) -> set[str]:
    """The demanded events, and what must have been said before them."""
    names = set(_demanded(rule))
    for _ in range(len(CATALOGUE)):
        names |= {
            before for name in names if name in CATALOGUE for before in CATALOGUE[name].follows
        }  # order-free: a set
    return names


# --- one pair --------------------------------------------------------------------------------------------------------


class _Pair:
    """Two clauses on one subject."""

    def __init__(self, book: Book, one: Ready, other: Ready, places: Mapping[str, int], budget: Budget) -> None:
        self._one, self._other = one, other
        self._ids = (one.clause.id, other.clause.id)
        self._places = places
        self._search = Search(book, self._ids, budget=budget)

    def contradiction(self) -> Lint | None:
        """A history after which each can still be kept, but not both; or both are called up and never both kept."""
        search, ids = self._search, self._ids
        alone: dict[str, Moves] = {}
        is_open, undecided = False, 0
        for n, moves in enumerate(self._both_called()):
            if n >= HISTORIES_MAX and (is_open or n >= CALLED_MAX):
                return None
            is_broken = search.is_broken(moves, ids)
            both = None if is_broken else search.finish(moves, ids, may_excuse=True)
            if both is not None and (both.moves is not None or not both.is_complete):
                is_open = True
                undecided += both.moves is None
                if undecided >= UNDECIDED_MAX:
                    return None
                continue
            ways = {i: search.finish(moves, [i], may_excuse=True).moves for i in ids if i not in alone or not is_broken}
            alone.update({i: way for i, way in ways.items() if way is not None and i not in alone})
            kept = [way for way in ways.values() if way is not None]
            if not is_broken and len(kept) == len(ids):
                return self._lint(kept)
        if is_open or search.sampler.is_cut or len(alone) < len(ids):
            return None
        return self._lint([alone[i] for i in ids])

    def _both_called(self) -> Iterator[Moves]:
        """Histories in which both are called up, in either order."""
        search, (one, other) = self._search, self._ids
        seen: set[object] = set()
        for first, second in ((one, other), (other, one)):
            for begun in search.calls(first):
                called = {f.clause for f in search.findings(begun, begun[-1].at)}
                ways = [begun] if second in called else islice(search.calls(second, begun), 3)
                for moves in ways:
                    key = search.signature(moves)
                    if key not in seen:
                        seen.add(key)
                        yield moves

    # --- what is told -------------------------------------------------------------------------------------------------

    def _lint(self, kept: Sequence[Moves]) -> Lint:
        one, other = self._one, self._other
        return Lint(
            code="contradiction",
            clauses=self._ids,
            path=_path(other, self._places),
            # A waiver is a way out, and what computes may have values that were not tried.
            severity="warning" if one.rule.waived_by or other.rule.waived_by or not self._is_sure() else "error",
            account=(
                f"expected {one.clause.id} and {other.clause.id} to be kept together, got {_says(one)} against "
                f"{_says(other)}: whoever keeps one breaches the other"
            ),
            history=self._shown(kept),
        )

    def _is_sure(self) -> bool:
        return all(is_simple(questions_of(ready.rule)) for ready in (self._one, self._other))

    def _shown(self, kept: Sequence[Moves]) -> tuple[HistoryStep, ...]:
        """One is kept, and the other is breached by that, or by the time that passes."""
        shown: tuple[HistoryStep, ...] = ()
        for moves in kept:
            later = self._later(moves)
            shown = self._search.steps(moves, *later)
            if Outcome.BREACHED in shown[-1].outcomes.values():
                break
        return shown

    def _later(self, moves: Moves) -> tuple[int, ...]:
        t = moves[-1].at
        for _ in range(LOOKS_MAX):
            found = self._search.findings(moves, t)
            looks = [f.look_again_at for f in found if f.look_again_at is not None and f.look_again_at > t]
            if not looks or any(f.outcome is Outcome.BREACHED for f in found):
                break
            t = min(looks)
        return (t,) if t > moves[-1].at else ()


def _twice(book: Book, one: Ready, other: Ready, places: Mapping[str, int]) -> Lint | None:
    """The same act is demanded at the same time of two owners: each may say that it was the other's."""
    if one.clause.owed_by == other.clause.owed_by or one.rule.when != other.rule.when or one.demand != other.demand:
        return None
    if not isinstance(one.demand, Must | Gap | Recur | Count | Equal | Relay):
        return None
    search = Search(book, (one.clause.id, other.clause.id))
    shown: tuple[HistoryStep, ...] = ()
    for moves in search.calls(one.clause.id):
        found = search.finish(moves, [one.clause.id])
        shown = search.steps(found.moves or moves)
        if found.moves is not None:
            break
    return Lint(
        code="two_owners",
        clauses=(one.clause.id, other.clause.id),
        path=(*_path(other, places)[:2], "owed_by"),
        severity="error",
        account=(
            f"expected one owner of what {one.clause.id} and {other.clause.id} both demand, got "
            f"{one.clause.owed_by} and {other.clause.owed_by}: one act meets both, and neither must do it"
        ),
        history=shown,
    )


def _path(ready: Ready, places: Mapping[str, int]) -> Path:
    at = next(name for name in DEMANDS if getattr(ready.rule, name) is ready.demand)
    return ("clauses", places[ready.clause.id], "rule", at)


def _says(ready: Ready) -> str:
    """A demand in a few words."""
    demand = ready.demand
    name = next(name for name in DEMANDS if getattr(ready.rule, name) is demand)
    match demand:
        case Always():
            return f"always ({demand.hold})"
        case One():
            return f"one ({demand.taken.event})"
        case Pattern():
            where = f" where {demand.where}" if demand.where else ""
            return f"{name} {demand.event}{where}"
