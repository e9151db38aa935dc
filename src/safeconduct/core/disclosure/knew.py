"""Who could have known a sealed part of an order before a moment, and who could have known several of them.

docs/spec/knew.md KNEW-1 to KNEW-15. It tells what the record allows; what anybody said to anybody off the record is not
in it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal, TypeAlias

import msgspec

from safeconduct.core.agreement import Evidence, Terms
from safeconduct.core.disclosure.grades import read_variant
from safeconduct.core.record import Enrolments, MovementState, Sealing, missing_consent, opens_at, share_statements

How: TypeAlias = Literal["sealed", "could_open", "opened", "told", "node"]

_FOR_EVER = 9_007_199_254_740_991
_GRADES = ("count", "blurred", "exact")
# Among fewer leaks, all but one of them is nearly everybody.
_ALL_BUT_ONE_FROM = 3


class Way(msgspec.Struct, frozen=True, kw_only=True):
    """One way in which somebody could have known. since: ms. by: who told; empty for every other way.

    evidence: the statements that it rests on.
    """

    how: How
    since: int
    variant: str
    evidence: tuple[Evidence, ...]
    by: str = ""


class Knower(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who could have known: an actor, a party's node, or whom a telling describes in words.

    party: empty for the last. since: the earliest of the ways, ms. variant: the finest, known from `finest_since` on.
    """

    who: str
    party: str
    since: int
    variant: str
    finest_since: int
    ways: tuple[Way, ...]


class Common(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who could have known several facts. missed: the places in the list of those that are not among them."""

    who: str
    party: str
    knew: int
    of: int
    missed: tuple[int, ...]


class _Entry(msgspec.Struct, frozen=True):
    who: str
    party: str
    way: Way


def knew(
    terms: Terms, state: MovementState, enrolments: Enrolments, compartment: str, before: int
) -> tuple[Knower, ...]:
    """Everybody who could have known a compartment of a movement before a moment (ms), by since when.

    terms: by which the movement is judged. Contents that were sealed anew count: they were true once.
    """
    found: dict[tuple[str, str], list[Way]] = {}
    for sealing in state.sealings.values():
        if sealing.compartment == compartment:
            for entry in _entries(terms, state, enrolments, sealing):
                if entry.way.since < before:
                    found.setdefault((entry.who, entry.party), []).append(entry.way)
    knowers = [_knower(who, party, ways) for (who, party), ways in found.items()]
    return tuple(sorted(knowers, key=lambda knower: (knower.since, knower.who)))


def common(lists: Sequence[Sequence[Knower]]) -> tuple[Common, ...]:
    """Who is in all of these lists; of three or more, also who is in all but one. Those in most come first."""
    of = len(lists)
    least = of - 1 if of >= _ALL_BUT_ONE_FROM else of
    names = [{(knower.who, knower.party) for knower in knowers} for knowers in lists]
    found = []
    for who, party in sorted(set().union(*names)):
        missed = tuple(n for n, known in enumerate(names) if (who, party) not in known)
        if of - len(missed) >= least:
            found.append(Common(who=who, party=party, knew=of - len(missed), of=of, missed=missed))
    return tuple(sorted(found, key=lambda one: (-one.knew, one.who)))


# --- ways -------------------------------------------------------------------------------------------------------------


def _entries(terms: Terms, state: MovementState, enrolments: Enrolments, sealing: Sealing) -> Iterator[_Entry]:
    def way(how: How, since: int, evidence: Sequence[Evidence], by: str = "") -> Way:
        return Way(how=how, since=since, variant=sealing.variant, evidence=tuple(evidence), by=by)

    mark = sealing.mark
    yield _Entry(mark.actor, mark.party, way("sealed", mark.t, [mark.evidence]))
    for actor, evidence in sealing.opened.items():
        yield _Entry(actor, evidence.party, way("opened", evidence.at, [evidence]))
    for to, by in sealing.told.items():
        party = to.split("/", 1)[0] if to in enrolments else ""
        for speaker, evidence in by.items():
            yield _Entry(to, party, way("told", evidence.at, [evidence], speaker))
    spans = _Spans(terms, state, sealing)
    for party in sorted(known.id for known in terms.parties):
        given = spans.given(party)
        if given is None:
            continue
        shares = spans.shares(party)
        yield _Entry(f"{party}/node", party, way("node", given, shares))
        for actor in sorted(actor for actor in enrolments if actor.startswith(f"{party}/")):
            since = _first_chance(spans, enrolments, actor, party)
            if since is not None:
                yield _Entry(actor, party, way("could_open", since, [mark.evidence, *shares]))


def _first_chance(spans: _Spans, enrolments: Enrolments, actor: str, party: str) -> int | None:
    """The first instant at which an actor held a role for which the content was open."""
    changes = enrolments[actor]
    chances = []
    for n, (begin, member) in enumerate(changes):
        end = changes[n + 1][0] if n + 1 < len(changes) else _FOR_EVER
        for first, last in spans.of(party, member.roles) if member is not None else ():
            if max(begin, first) < min(end, last):
                chances.append(max(begin, first))
    return min(chances, default=None)


class _Spans:
    """From when until when a content was open for whom, by each plan of the movement that had every consent."""

    def __init__(self, terms: Terms, state: MovementState, sealing: Sealing) -> None:
        self._terms, self._sealing = terms, sealing
        others = (msgspec.structs.replace(state, plan=plan, plan_digest=name) for name, plan in state.plans.items())
        self._states = [one for one in others if not missing_consent(terms.movement, one)]
        over = [mark.t for mark in (state.stopped, state.closed) if mark is not None]
        self._over = min(over, default=_FOR_EVER)
        self._has_departed = state.departed is not None
        self._known: dict[tuple[str, tuple[str, ...]], tuple[tuple[int, int], ...]] = {}

    def given(self, party: str) -> int | None:
        """When this party had the share of each other one, ms; None while one is missing."""
        return max((evidence.at for evidence in self.shares(party)), default=None)

    def shares(self, party: str) -> tuple[Evidence, ...]:
        """The statements by which this party has every other one's share; none while one is missing."""
        others = sorted(known.id for known in self._terms.parties if known.id != party)
        given = [share_statements(self._terms, self._sealing, other, party) for other in others]
        return tuple(evidence for statements in given for evidence in statements) if all(given) else ()

    def of(self, party: str, roles: tuple[str, ...]) -> tuple[tuple[int, int], ...]:
        """Spans (begin, end) in which holders of these roles could open it; the end is not in it."""
        known = self._known.get((party, roles))
        if known is None:
            known = self._known[party, roles] = tuple(self._spans(party, roles))
        return known

    def _spans(self, party: str, roles: tuple[str, ...]) -> Iterator[tuple[int, int]]:
        given = self.given(party)
        own = [role.id for role in self._terms.roles if role.party == party and role.id in roles]
        for state in self._states:
            sealing = self._sealing
            opens = opens_at(self._terms, state, own, sealing.compartment, sealing.variant)
            # Approved and not departed, it lapses when the window has closed.
            end = self._over if self._has_departed else min(self._over, state.plan.timing.latest + 1)
            if opens is not None and given is not None and max(opens, given) < end:
                yield max(opens, given), end


# --- one line for each ------------------------------------------------------------------------------------------------


def _knower(who: str, party: str, ways: Sequence[Way]) -> Knower:
    ordered = tuple(sorted(ways, key=lambda way: (way.since, way.how, way.variant, way.by)))
    finest = max((way.variant for way in ordered), key=_fineness)
    return Knower(
        who=who,
        party=party,
        since=ordered[0].since,
        variant=finest,
        finest_since=next(way.since for way in ordered if way.variant == finest),
        ways=ordered,
    )


def _fineness(variant: str) -> tuple[int, int, int, str]:
    """The higher the finer; a size that is not there tells nothing of places, or of times."""
    grade, metres, minutes = read_variant(variant)
    return _GRADES.index(grade), -(metres or _FOR_EVER), -(minutes or _FOR_EVER), variant
