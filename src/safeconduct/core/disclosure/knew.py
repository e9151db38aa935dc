"""Who could have known a sealed part of an order before a moment, from when, how exactly, and how that is known.

An inquiry's first question. The list is of what the record shows that somebody *could* know; it says nothing of what
anybody did with it (docs/spec/knew.md).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Literal

import msgspec

from safeconduct.core.agreement import Terms
from safeconduct.core.record import MovementState, Sealing, opens_at

# Every enrolment of every actor: from when on (ms of the record) it held these roles; none when it was revoked.
Enrolments = Mapping[str, Sequence[tuple[int, tuple[str, ...]]]]
How = Literal["sealed", "could_open", "opened", "node"]

_NEVER = 2**62
_FINENESS = ("exact", "blurred", "count")


class Way(msgspec.Struct, frozen=True, kw_only=True):
    """One way to a fact. at: from when on, ms. statement: id of what shows it."""

    how: How
    at: int
    variant: str
    statement: str


class Knower(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who could have known a fact.

    who: an actor, or `<party>/node` for whoever has that node's keys and disk. since: ms. variant: the finest.
    """

    who: str
    since: int
    variant: str
    ways: tuple[Way, ...]


class Common(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who could have known several facts: how many of them, of how many."""

    who: str
    knew: int
    facts: int


def knew(
    terms: Terms, state: MovementState, enrolments: Enrolments, compartment: str, before: int
) -> tuple[Knower, ...]:
    """Everybody who could have known a compartment of a movement before a moment (ms), earliest first.

    What was replaced by another sealing counts too: it was so once. Method: docs/spec/knew.md KNEW-1 to KNEW-7.
    """
    found: dict[str, list[Way]] = {}
    for sealing in state.sealings.values():
        if sealing.compartment == compartment:
            for who, way in _ways(terms, state, enrolments, sealing):
                if way.at < before:
                    found.setdefault(who, []).append(way)
    knowers = [_knower(who, ways) for who, ways in sorted(found.items())]
    return tuple(sorted(knowers, key=lambda knower: (knower.since, knower.who)))


def common(facts: Sequence[Iterable[Knower]]) -> tuple[Common, ...]:
    """Who could have known how many of several facts, those who knew most first (KNEW-8)."""
    counts: dict[str, int] = {}
    for fact in facts:
        for who in sorted({knower.who for knower in fact}):
            counts[who] = counts.get(who, 0) + 1
    rows = [Common(who=who, knew=count, facts=len(facts)) for who, count in counts.items()]
    return tuple(sorted(rows, key=lambda row: (-row.knew, row.who)))


def _knower(who: str, ways: Sequence[Way]) -> Knower:
    finest = min((way.variant for way in ways), key=lambda variant: (_FINENESS.index(variant.split("-")[0]), variant))
    in_time = tuple(sorted(ways, key=lambda way: (way.at, way.how, way.variant, way.statement)))
    return Knower(who=who, since=in_time[0].at, variant=finest, ways=in_time)


def _ways(terms: Terms, state: MovementState, enrolments: Enrolments, sealing: Sealing) -> Iterator[tuple[str, Way]]:
    def way(how: How, at: int, statement: str) -> Way:
        return Way(how=how, at=at, variant=sealing.variant, statement=statement)

    yield sealing.mark.actor, way("sealed", sealing.mark.t, sealing.mark.id)
    for actor, evidence in sealing.opened.items():
        yield actor, way("opened", evidence.at, evidence.id)
    others = len(terms.parties) - 1
    for party, shares in sealing.released.items():
        if len(shares) < others:
            continue
        last = max(shares.values(), key=lambda evidence: (evidence.at, evidence.id))
        # Its node could put the shares together from then on, whether anybody asked it to or not.
        yield f"{party}/node", way("node", last.at, last.id)
        for actor, since in _could_open(terms, state, enrolments, sealing, party, last.at):
            yield actor, way("could_open", since, last.id)


def _could_open(
    terms: Terms, state: MovementState, enrolments: Enrolments, sealing: Sealing, party: str, given: int
) -> Iterator[tuple[str, int]]:
    """Actors of a party to whom its node would have shown it, and from when on, once it had every share at `given`."""
    ended = min(mark.t if mark is not None else _NEVER for mark in (state.stopped, state.closed))
    for actor, terms_held in sorted(enrolments.items()):
        if not actor.startswith(f"{party}/"):
            continue
        for place, (since, roles) in enumerate(terms_held):
            until = terms_held[place + 1][0] if place + 1 < len(terms_held) else _NEVER
            opens = opens_at(terms, state, roles, sealing.compartment, sealing.variant)
            if opens is None:
                continue
            start = max(since, opens, given)
            if start < min(until, ended):
                yield actor, start
                break
