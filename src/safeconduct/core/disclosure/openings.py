"""Openings that everybody is told of: too many in a short time, and such as no duty was left for.

Computed from the record alone, so that every node finds the same ones; it says that people should ask, and nothing of
why somebody looked. docs/spec/access.md ACC-30 to ACC-36.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Literal

import msgspec

from safeconduct.core.acts import (
    CompartmentOpened,
    CompartmentSealed,
    MovementAborted,
    MovementAcknowledged,
    MovementArrived,
    MovementAttested,
    MovementDeparted,
    MovementRelayed,
)
from safeconduct.core.agreement import AccessTerms, Evidence, Must, Need, Terms, milliseconds
from safeconduct.core.record import Enrolments, Line

# What calls a clause up when the people have got out, or have been stopped: its duties come after that.
_AFTERWARDS = ("movement.arrived", "movement.aborted", "movement.closed")


class OpenedContent(msgspec.Struct, frozen=True, kw_only=True):
    """A compartment that was opened, with effect. roles: the actor's at that time, of its own party, sorted."""

    subject: str
    actor: str
    party: str
    roles: tuple[str, ...]
    content: str
    compartment: str
    variant: str
    evidence: Evidence


class Unusual(msgspec.Struct, frozen=True, kw_only=True):
    """One case that people are to ask about. opening: the first that belongs to it.

    kind: `bulk`, too many by one actor; `bulk_of_role`, by the holders of one role; `no_duty`. account: in words.
    """

    kind: Literal["bulk", "bulk_of_role", "no_duty"]
    role: str
    opening: OpenedContent
    account: str

    @property
    def incident(self) -> str:
        """The subject under which every node raises it: the same on all, and another for each case."""
        text = f"{self.kind}/{self.role}/{self.opening.evidence.id}"
        return f"incident/{hashlib.sha256(text.encode()).hexdigest()[:32]}"


def openings_in(enrolments: Enrolments, terms: Terms, lines: Sequence[Line]) -> tuple[OpenedContent, ...]:
    """Every opening of one movement that took effect, in order of the record. lines: the movement's history."""
    sealed = _sealed(lines)
    return tuple(_opening(enrolments, terms, line, sealed) for line in _effective(lines) if _is_opening(line))


# --- without a duty ---------------------------------------------------------------------------------------------------


def without_duty(enrolments: Enrolments, terms: Terms, lines: Sequence[Line]) -> tuple[Unusual, ...]:
    """Openings of one movement by somebody for whom no need of the release was left: the first by each of each content.

    terms: by which the movement is judged. Nothing where these ask nothing about openings.
    """
    if terms.access is None:
        return ()
    sealed = _sealed(lines)
    found: dict[tuple[str, str], Unusual] = {}
    so_far = _SoFar()
    for line in _effective(lines):
        if _is_opening(line):
            opening = _opening(enrolments, terms, line, sealed)
            key = (opening.actor, opening.content)
            if key not in found and not _has_duty(terms, opening, so_far):
                found[key] = _no_duty(opening)
        else:
            so_far.take(line, _roles_at(enrolments, terms, line.said.actor, line.said.position.t))
    return tuple(found.values())


class _SoFar:
    """What was said of a movement before an opening, as far as duties end by it."""

    def __init__(self) -> None:
        # (role, item) → when it said last that it holds, ms.
        self.attested: dict[tuple[str, str], int] = {}
        self.passed: set[str] = set()
        self.acknowledged: set[str] = set()
        self.has_departed = False
        self.is_over = False

    def take(self, line: Line, roles: Sequence[str]) -> None:
        match line.said.act:
            case MovementAttested(item=item, holds=holds):
                for role in roles:
                    self.attested.pop((role, item), None)
                    if holds:
                        self.attested[role, item] = line.said.position.t
            case MovementAcknowledged(role=role):
                self.acknowledged.add(role)
            case MovementRelayed(role=role):
                self.passed.add(role)
            case MovementDeparted():
                self.has_departed = True
            case MovementArrived() | MovementAborted():
                self.is_over = True
            case _:
                return


def _has_duty(terms: Terms, opening: OpenedContent, so_far: _SoFar) -> bool:
    known = terms.compartment(opening.compartment)
    releases = [r for r in (known.releases if known is not None else ()) if r.variant == opening.variant]
    for role in opening.roles:
        if _owes_notice(terms, role, so_far):
            return True
        for release in releases:
            if release.role != role:
                continue
            needs = (*release.needs, *_asked_by_rules(terms, opening.compartment, role))
            # Where the agreement states no need at all, nothing says that one is over while people are on the road.
            if (not needs and not so_far.is_over) or any(
                _is_left(terms, need, role, opening.evidence.at, so_far) for need in needs
            ):
                return True
    return False


def _is_left(terms: Terms, need: Need, role: str, at: int, so_far: _SoFar) -> bool:
    """Whether what it is needed for is still to be done at `at`."""
    if need.item is not None:
        if so_far.has_departed or so_far.is_over:
            return False
        said = so_far.attested.get((role, need.item))
        item = next(item for item in terms.movement.ready_gate if item.id == need.item)
        return said is None or (item.valid_for is not None and at - said > milliseconds(item.valid_for))
    if need.clause is not None:
        clause = next(clause for clause in terms.clauses if clause.id == need.clause)
        afterwards = clause.rule is not None and clause.rule.when.event in _AFTERWARDS
        return afterwards or not so_far.is_over
    return not so_far.is_over


def _owes_notice(terms: Terms, role: str, so_far: _SoFar) -> bool:
    """Whether a notice still waits for this role's hop."""
    chain = terms.movement.notice_chain
    if role not in chain or so_far.has_departed or so_far.is_over:
        return False
    return role not in so_far.acknowledged or (role != chain[-1] and role not in so_far.passed)


def _asked_by_rules(terms: Terms, compartment: str, role: str) -> Iterator[Need]:
    """Needs that clauses state themselves, of whoever is to act (DIS-6)."""
    for clause in terms.clauses:
        must = clause.rule.must if clause.rule is not None else None
        if isinstance(must, Must) and compartment in must.needs and role in (must.by or (clause.owed_by,)):
            yield Need(clause=clause.id)


def _no_duty(opening: OpenedContent) -> Unusual:
    account = (
        f"{opening.actor} opened {opening.compartment} ({opening.variant}) of {opening.subject}, content "
        f"{opening.content[:16]}, when no duty was left for which the agreement gives it to "
        f"{', '.join(opening.roles) or 'no role'}"
    )
    return Unusual(kind="no_duty", role="", opening=opening, account=account)


# --- too many ---------------------------------------------------------------------------------------------------------


def too_many(access: AccessTerms, openings: Iterable[OpenedContent]) -> tuple[Unusual, ...]:
    """Cases of more different contents opened within the span than the agreement's numbers, by their first opening.

    openings: of every movement, in any order. A case begins with the opening that is one too many, and the next one
    not before there was none too many for a whole span.
    """
    if access.within is None:
        return ()
    span = milliseconds(access.within)
    by_actor: dict[str, list[OpenedContent]] = {}
    by_role: dict[tuple[str, str], list[OpenedContent]] = {}
    for opening in sorted(openings, key=_place):
        by_actor.setdefault(opening.actor, []).append(opening)
        for role in opening.roles:
            by_role.setdefault((opening.party, role), []).append(opening)
    found: list[Unusual] = []
    if access.openings is not None:
        for actor, opened in sorted(by_actor.items()):
            found += (_bulk("bulk", actor, "", first, access) for first in _beyond(opened, access.openings, span))
    if access.openings_of_role is not None:
        for (party, role), opened in sorted(by_role.items()):
            who = f"holders of {role} at {party}"
            beyond = _beyond(opened, access.openings_of_role, span)
            found += (_bulk("bulk_of_role", who, role, first, access) for first in beyond)
    return tuple(sorted(found, key=lambda case: (_place(case.opening), case.kind, case.role)))


def _beyond(opened: Sequence[OpenedContent], most: int, span: int) -> Iterator[OpenedContent]:
    """The first opening of every case. opened: of one actor or role, in order of its log."""
    begin = 0
    within: dict[str, int] = {}
    last: int | None = None
    for opening in opened:
        at = opening.evidence.at
        within[opening.content] = within.get(opening.content, 0) + 1
        while opened[begin].evidence.at < at - span:
            gone = opened[begin].content
            within[gone] -= 1
            if not within[gone]:
                del within[gone]
            begin += 1
        if len(within) > most:
            if last is None or at - last > span:
                yield opening
            last = at


def _bulk(
    kind: Literal["bulk", "bulk_of_role"], who: str, role: str, opening: OpenedContent, access: AccessTerms
) -> Unusual:
    most = access.openings if kind == "bulk" else access.openings_of_role
    account = f"{who} opened more than {most} sealed contents within {access.within}, from this opening on: "
    account += f"{opening.compartment} ({opening.variant}) of {opening.subject}"
    return Unusual(kind=kind, role=role, opening=opening, account=account)


def _place(opening: OpenedContent) -> tuple[int, str, int]:
    # All of one actor, and of one party's role, are in one log: its order is the same wherever it is mirrored.
    return opening.evidence.at, opening.evidence.party, opening.evidence.index


# --- reading a history ------------------------------------------------------------------------------------------------


def _effective(lines: Sequence[Line]) -> Iterator[Line]:
    return (line for line in lines if line.void is None)


def _is_opening(line: Line) -> bool:
    return isinstance(line.said.act, CompartmentOpened)


def _sealed(lines: Sequence[Line]) -> Mapping[str, tuple[str, str]]:
    return {
        line.said.act.content: (line.said.act.compartment, line.said.act.variant)
        for line in _effective(lines)
        if isinstance(line.said.act, CompartmentSealed)
    }


def _opening(enrolments: Enrolments, terms: Terms, line: Line, sealed: Mapping[str, tuple[str, str]]) -> OpenedContent:
    said = line.said
    if not isinstance(said.act, CompartmentOpened):
        raise AssertionError(said.kind)
    compartment, variant = sealed[said.act.content]
    return OpenedContent(
        subject=said.subject,
        actor=said.actor,
        party=said.party,
        roles=_roles_at(enrolments, terms, said.actor, said.position.t),
        content=said.act.content,
        compartment=compartment,
        variant=variant,
        evidence=Evidence(party=said.party, index=said.index, id=said.id, at=said.t),
    )


def _roles_at(enrolments: Enrolments, terms: Terms, actor: str, t: int) -> tuple[str, ...]:
    """The roles that an actor held of its own party."""
    held: tuple[str, ...] = ()
    for since, member in enrolments.get(actor, ()):
        if since <= t:
            held = member.roles if member is not None else ()
    party = actor.split("/", 1)[0]
    return tuple(sorted(role.id for role in terms.roles if role.party == party and role.id in held))
