"""One time line for everybody who will learn something: who, what, from when on, and where on the line that is.

docs/spec/disclosure.md DIS-14, DIS-15.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

import msgspec

from safeconduct.core.acts import Timing
from safeconduct.core.agreement import Terms
from safeconduct.core.disclosure.release import Known, opens_for, releases

_MINUTE = 60_000


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """What one role will know of one compartment; steps: as `opens_for` gives them, at least one."""

    role: str
    party: str
    compartment: str
    steps: tuple[Known, ...]


def rows(terms: Terms, timing: Timing) -> tuple[Row, ...]:
    """A row for each role and compartment that opens for it.

    Roles in the order in which they first learn something, the compartments of each likewise.
    """
    # Role → its party and compartments, each in the order in which it is first told.
    told: dict[str, tuple[str, dict[str, None]]] = {}
    for opening in releases(terms, timing):
        told.setdefault(opening.role, (opening.party, {}))[1][opening.compartment] = None
    return tuple(
        Row(role=role, party=party, compartment=compartment, steps=known[compartment])
        for role, (party, compartments) in told.items()
        for known in [opens_for(terms, timing, (role,))]
        for compartment in compartments
    )


def instants(shown: Iterable[Row], *more: int) -> tuple[int, ...]:
    """The instants that the rows name, and more, each once, in order."""
    named = {step.at for row in shown for step in row.steps if step.at is not None}
    return tuple(sorted(named.union(more)))


def places(line: tuple[int, ...], *, width: int, apart: int) -> dict[int, int]:
    """Each instant of a line → where it lies, from 0 to width in whole units.

    line: in order, each once. apart: from 1 on. A gap is as wide as the logarithm of its minutes, and at least `apart`,
    so that the last minutes before a departure can be told apart beside a notice of days; where there is no room for
    that, all gaps are equal.
    """
    gaps = len(line) - 1
    if gaps < 1:
        return dict.fromkeys(line, 0)
    room = width - apart * gaps
    if room < 0:
        return {at: width * n // gaps for n, at in enumerate(line)}
    weights = [1 + ((after - before) // _MINUTE).bit_length() for before, after in pairwise(line)]
    whole, passed = sum(weights), 0
    found = {line[0]: 0}
    for n, (at, weight) in enumerate(zip(line[1:], weights, strict=True), 1):
        passed += weight
        found[at] = apart * n + room * passed // whole
    return found
