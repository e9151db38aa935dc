"""How much of a compartment somebody knows, and what two such pieces of knowledge make together."""

from __future__ import annotations

from typing import TypeAlias

from safeconduct.core.agreement import Grade, Need, Release

# Grade, metres, minutes. A size that is not there means that places, or times, are not told at all.
Knowledge: TypeAlias = tuple[Grade, int | None, int | None]

# From the least to the most. An agreement blurs a compartment for some or counts it for some, never both (AG-30), so
# that between these two nothing hangs on the order.
_GRADES: tuple[Grade, ...] = ("existence", "count", "blurred", "exact")


def both(one: Knowledge, other: Knowledge) -> Knowledge:
    """What somebody knows who knows both: the better grade; of two blurred ones the smaller of each size."""
    if one[0] != other[0]:
        return max(one, other, key=lambda known: _GRADES.index(known[0]))
    return one[0], _smaller(one[1], other[1]), _smaller(one[2], other[2])


def knowledge(graded: Release | Need, otherwise: Grade = "exact") -> Knowledge:
    """What a release tells, or a need wants. otherwise: the grade of a need that names none."""
    return graded.grade or otherwise, graded.metres, graded.minutes


def _smaller(one: int | None, other: int | None) -> int | None:
    return min((size for size in (one, other) if size is not None), default=None)
