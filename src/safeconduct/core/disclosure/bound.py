"""How likely chance alone fits somebody's copy as well as the leak does: exact, in whole numbers.

Nothing here is rounded, because a decision about a person hangs on it (docs/spec/canary.md CAN-16 to CAN-18).
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import comb

from safeconduct.errors import InputInvalid

# A proof that needs more leaked slots than this in one hand is none that anybody will see.
SLOTS_IN_A_PROOF_MAX = 10_000


def tails(chances: Sequence[tuple[int, int]]) -> tuple[Fraction, ...]:
    """The chance of at least 0, 1, … matches among independent slots; slot i matches by chance `a` times in `b`.

    chances: (a, b) of each slot. Returns one more number than slots; the first is 1.
    Method: the distribution is built up slot by slot over the common denominator; with equal slots it is the binomial.
    """
    ways, denominator = [1], 1
    for hit, of in chances:
        ways = [miss * (of - hit) + match * hit for miss, match in zip([*ways, 0], [0, *ways], strict=True)]
        denominator *= of
    summed, from_here = 0, []
    for matches in reversed(ways):
        summed += matches
        from_here.append(Fraction(summed, denominator))
    return tuple(reversed(from_here))


def chance_of_one(shown: int, values: int) -> tuple[int, int]:
    """How often a copy that has nothing to do with a slot's leak fits it: a times in b."""
    return shown, values


def chance_of_two(shown: int, values: int) -> tuple[int, int]:
    """How often at least one of two copies that have nothing to do with it fits."""
    return values**2 - (values - shown) ** 2, values**2


def family(recipients: int, colluders: int) -> int:
    """How many recipients, or pairs of them, are scored: by so many a tail is multiplied."""
    if colluders not in (1, 2):
        raise InputInvalid(f"one leaker or two colluders, got {colluders}")
    return comb(recipients, colluders)


def one_in(chance: Fraction, largest: int) -> int:
    """A chance for people and for the record: at most one in so many, rounded to the weaker claim."""
    return min(largest, max(1, chance.denominator // chance.numerator))


def orders_needed(values: int, slots_per_half: int, recipients: int, bound: Fraction, colluders: int) -> int:
    """The smallest number of orders, leaked whole, that take every hand's half below the bound.

    values: how many each slot has. With one leaker that is the recipient; with two colluders, who may show either's
    value in any slot, it is the pair, of whom it is then said that at least one is a source.
    Raises InputInvalid for other numbers of colluders, for what is no choice, and for what no proof is made of.
    """
    if values < 2 or slots_per_half < 1 or recipients < colluders:
        raise InputInvalid(
            f"two values, one slot in a half and {colluders} recipients or more, "
            f"got {values}, {slots_per_half}, {recipients}"
        )
    if bound <= 0:
        raise InputInvalid(f"a bound above 0, got {bound}")
    many = family(recipients, colluders)
    hit, of = (chance_of_one if colluders == 1 else chance_of_two)(1, values)
    slots, left = 0, Fraction(many)
    while left > bound:
        slots, left = slots + 1, left * hit / of
        if slots > SLOTS_IN_A_PROOF_MAX:
            raise InputInvalid(f"a proof of at most {SLOTS_IN_A_PROOF_MAX} slots in a half, got more")
    return -(-slots // slots_per_half)
