"""Exact chances, against counting all cases and against figures computed elsewhere."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import pytest

from safeconduct.core.disclosure.bound import chance_of_one, chance_of_two, family, one_in, orders_needed, tails
from safeconduct.errors import InputInvalid

MILLIONTH = Fraction(1, 1_000_000)


def counted(chances: list[tuple[int, int]], least: int) -> Fraction:
    """The same by going through every combination of values: those below `hit` match."""
    combinations = list(product(*(range(of) for _, of in chances)))
    reached = sum(
        1
        for values in combinations
        if sum(value < hit for value, (hit, _) in zip(values, chances, strict=True)) >= least
    )
    return Fraction(reached, len(combinations))


@pytest.mark.parametrize(
    "chances", [[], [(1, 2)], [(1, 2)] * 6, [(1, 8), (2, 3), (1, 3), (1, 4)], [(3, 3), (1, 5)], [(15, 64), (1, 2)]]
)
def test_a_tail_is_the_share_of_all_cases(chances: list[tuple[int, int]]) -> None:
    """CAN-16"""
    assert tails(chances) == tuple(counted(chances, least) for least in range(len(chances) + 1))


@pytest.mark.parametrize(("shown", "values"), [(1, 2), (1, 8), (2, 8), (3, 4), (4, 4)])
def test_a_copy_matches_a_slot_by_chance_as_often_as_counting_says(shown: int, values: int) -> None:
    """CAN-16: of one copy, and of at least one of two."""
    pairs = list(product(range(values), repeat=2))
    one, two = chance_of_one(shown, values), chance_of_two(shown, values)
    both = sum(1 for a, b in pairs if a < shown or b < shown)
    assert (Fraction(*one), Fraction(*two)) == (Fraction(shown, values), Fraction(both, len(pairs)))


@pytest.mark.parametrize(
    ("slots", "needed"),
    [(10, 10), (15, 12), (20, 14), (30, 17)],
)
def test_so_many_matches_of_eight_values_are_a_proof_over_fifty(slots: int, needed: int) -> None:
    """CAN-16, CAN-17"""
    found = tails([(1, 8)] * slots)
    assert next(n for n, tail in enumerate(found) if 50 * tail <= MILLIONTH) == needed


@pytest.mark.parametrize(
    ("values", "alone", "pair"),
    [(2, 26, 73), (3, 17, 36), (4, 13, 26), (8, 9, 15), (10, 8, 13), (16, 7, 10), (32, 6, 8)],
)
def test_the_slots_of_a_proof_are_those_of_the_table(values: int, alone: int, pair: int) -> None:
    """CAN-17: the figures of docs/spec/canary.md."""
    found = [orders_needed(values, 1, 50, MILLIONTH, colluders) for colluders in (1, 2)]
    assert found == [alone, pair]


@pytest.mark.parametrize(("slots_per_half", "orders"), [(1, 9), (2, 5), (3, 3), (4, 3), (9, 1), (100, 1)])
def test_orders_are_counted_whole(slots_per_half: int, orders: int) -> None:
    """CAN-17"""
    assert orders_needed(8, slots_per_half, 50, MILLIONTH, 1) == orders


@pytest.mark.parametrize(
    ("bound", "slots"), [(Fraction(1, 64), 2), (Fraction(1, 65), 3), (Fraction(1, 8), 1), (Fraction(1), 0)]
)
def test_a_proof_begins_at_the_bound_itself(bound: Fraction, slots: int) -> None:
    """CAN-17"""
    assert orders_needed(8, 1, 1, bound, 1) == slots


@pytest.mark.parametrize(
    ("values", "slots", "recipients", "bound", "colluders"),
    [(1, 1, 50, MILLIONTH, 1), (8, 0, 50, MILLIONTH, 1), (8, 1, 0, MILLIONTH, 1), (8, 1, 1, MILLIONTH, 2),
     (8, 1, 50, Fraction(0), 1), (8, 1, 50, MILLIONTH, 3), (8, 1, 50, MILLIONTH, 0),
     (2, 1, 50, Fraction(1, 2**20_000), 1)],
)  # fmt: skip
def test_what_no_proof_is_made_of_is_refused(
    values: int, slots: int, recipients: int, bound: Fraction, colluders: int
) -> None:
    with pytest.raises(InputInvalid):
        orders_needed(values, slots, recipients, bound, colluders)


def test_a_family_is_everybody_or_every_pair() -> None:
    """CAN-17"""
    assert (family(50, 1), family(50, 2)) == (50, 1225)


@pytest.mark.parametrize(
    ("chance", "expected"),
    [(Fraction(1, 8), 8), (Fraction(3, 10), 3), (Fraction(1), 1), (Fraction(50), 1), (Fraction(1, 10**9), 1_000)],
)
def test_a_chance_is_rounded_to_the_weaker_claim(chance: Fraction, expected: int) -> None:
    assert one_in(chance, 1_000) == expected
