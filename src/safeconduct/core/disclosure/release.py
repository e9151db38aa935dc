"""Who will know what when: the releases of an agreement at the instants that a movement's plan gives them.

docs/spec/disclosure.md DIS-1 to DIS-5.
"""

from __future__ import annotations

from collections.abc import Collection

import msgspec

from safeconduct.core.acts import Timing
from safeconduct.core.agreement import Grade, Terms, moment
from safeconduct.core.disclosure.grades import both, knowledge
from safeconduct.core.record import plan_anchors

_FOR_EVER = 9_007_199_254_740_991


class Opening(msgspec.Struct, frozen=True, kw_only=True):
    """A compartment opens for a role.

    at: ms; None while it hangs on a report that this plan does not have. opens: the moment as it was agreed. metres,
    minutes: to how much it is blurred, as in `Release`.
    """

    at: int | None
    role: str
    party: str
    compartment: str
    grade: Grade
    metres: int | None = None
    minutes: int | None = None
    opens: str


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """How exactly somebody knows a compartment from an instant on; as in `Opening`.

    opens: the moment as it was agreed, where it has no instant yet.
    """

    at: int | None
    grade: Grade
    metres: int | None = None
    minutes: int | None = None
    opens: str | None = None


class Moved(msgspec.Struct, frozen=True, kw_only=True):
    """An opening by the changed plan, and when it was by the plan before."""

    was_at: int | None
    opening: Opening


def releases(terms: Terms, timing: Timing) -> tuple[Opening, ...]:
    """Every opening for a planned movement in order of time; what is never released to a role is not there.

    timing: of its plan.
    Openings of one instant are in the order of the agreement, those without an instant come last.
    """
    return tuple(sorted(_openings(terms, timing), key=_time))


def opens_for(terms: Terms, timing: Timing, roles: Collection[str]) -> dict[str, tuple[Known, ...]]:
    """Each compartment that opens for somebody who holds these roles → how exactly they know it from when on.

    A step is there only where they learn more; the last is the best that they get. In the order of the agreement.
    """
    found: dict[str, list[Known]] = {}
    for opening in releases(terms, timing):
        if opening.role not in roles:
            continue
        steps = found.setdefault(opening.compartment, [])
        told = (opening.grade, opening.metres, opening.minutes)
        if steps:
            before = (steps[-1].grade, steps[-1].metres, steps[-1].minutes)
            told = both(before, told)
            if told == before:
                continue
            if steps[-1].at == opening.at:
                steps.pop()
        opens = opening.opens if opening.at is None else None
        steps.append(Known(at=opening.at, grade=told[0], metres=told[1], minutes=told[2], opens=opens))
    return {c.id: tuple(found[c.id]) for c in terms.compartments if c.id in found}


def moved(terms: Terms, before: Timing, after: Timing) -> tuple[Moved, ...]:
    """The openings whose instant another plan's timing changes, in order of the new one.

    What had opened by the plan before is known still, whatever the new one says.
    """
    pairs = zip(_openings(terms, before), _openings(terms, after), strict=True)
    changed = [Moved(was_at=old.at, opening=new) for old, new in pairs if old.at != new.at]
    return tuple(sorted(changed, key=lambda one: _time(one.opening)))


def _openings(terms: Terms, timing: Timing) -> list[Opening]:
    """All of them, in the order of the agreement."""
    parameters = terms.lengths()
    times = plan_anchors(timing)
    party_of = {role.id: role.party for role in terms.roles}
    found = []
    for compartment in terms.compartments:
        for release in compartment.releases:
            grade, metres, minutes = knowledge(release)
            found.append(
                Opening(
                    at=moment(release.opens, parameters, times),
                    role=release.role,
                    party=party_of[release.role],
                    compartment=compartment.id,
                    grade=grade,
                    metres=metres,
                    minutes=minutes,
                    opens=release.opens,
                )
            )
    return found


def _time(opening: Opening) -> int:
    return _FOR_EVER if opening.at is None else opening.at
