"""How much of a compartment somebody knows, and what two such pieces of knowledge make together."""

from __future__ import annotations

import re
from typing import TypeAlias, cast

from safeconduct.core.agreement import Grade, Need, Release
from safeconduct.errors import InputInvalid

# Grade, metres, minutes. A size that is not there means that places, or times, are not told at all.
Knowledge: TypeAlias = tuple[Grade, int | None, int | None]

# From the least to the most. An agreement blurs a compartment for some or counts it for some, never both (AG-30), so
# that between these two nothing hangs on the order.
_GRADES: tuple[Grade, ...] = ("existence", "count", "blurred", "exact")

# As `Release.variant` writes it.
_VARIANT = re.compile(r"(exact|count)|(blurred)(?:-([0-9]+)m)?(?:-([0-9]+)min)?")


def both(one: Knowledge, other: Knowledge) -> Knowledge:
    """What somebody knows who knows both: the better grade; of two blurred ones the smaller of each size."""
    if one[0] != other[0]:
        return max(one, other, key=lambda known: _GRADES.index(known[0]))
    return one[0], _smaller(one[1], other[1]), _smaller(one[2], other[2])


def knowledge(graded: Release | Need, otherwise: Grade = "exact") -> Knowledge:
    """What a release tells, or a need wants. otherwise: the grade of a need that names none."""
    return graded.grade or otherwise, graded.metres, graded.minutes


def read_variant(variant: str) -> Knowledge:
    """What a sealing in a variant such as `blurred-500m-15min` tells. Raises InputInvalid for no variant."""
    found = _VARIANT.fullmatch(variant)
    if found is None:
        raise InputInvalid(f"expected a variant such as exact or blurred-500m, got {variant[:40]!r}")
    whole, blurred, metres, minutes = found.groups()
    return cast("Grade", whole or blurred), int(metres) if metres else None, int(minutes) if minutes else None


def _smaller(one: int | None, other: int | None) -> int | None:
    return min((size for size in (one, other) if size is not None), default=None)
