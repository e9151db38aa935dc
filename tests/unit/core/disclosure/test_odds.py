"""The odds, against Bayes' rule written out with fractions."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations

import msgspec
import pytest

from safeconduct.core.disclosure.leak import Fit, SurvivingSlot
from safeconduct.core.disclosure.odds import Odds, Priors, Weights
from safeconduct.errors import InputInvalid
from tests.unit.core.disclosure.sample import HOST, PRIORS, SENDING

replace = msgspec.structs.replace
# Four recipients; seven slots, of which one is ambiguous and one has only three values.
SLOTS = tuple(
    SurvivingSlot(party, shown, values)
    for party, shown, values in [
        (HOST, 1, 8), (HOST, 1, 8), (HOST, 2, 8), (SENDING, 1, 3), (SENDING, 1, 8), (SENDING, 1, 8), (SENDING, 8, 8)
    ]
)  # fmt: skip
MASKS = {"a": 0b1111111, "b": 0b1001011, "c": 0b1000000, "d": 0b1110100}
FIT = Fit((HOST, SENDING), SLOTS, MASKS)


def by_bayes(fit: Fit, misheard: Fraction, priors: Priors) -> dict[tuple[str, ...], Fraction]:
    """Each explanation's share, as CAN-22 has it: () for each rival together, names for a leak."""
    names = list(fit.masks)
    pairs = list(combinations(names, 2))

    def holds(name: str, bit: int) -> bool:
        return bool(fit.masks[name] >> bit & 1)

    def likelihood(sources: tuple[str, ...]) -> Fraction:
        product = Fraction(1)
        for bit, slot in enumerate(fit.slots):
            told = Fraction(sum(holds(name, bit) for name in sources), len(sources))
            product *= (1 - misheard) * told * Fraction(slot.values, slot.shown) + misheard
        return product

    weights: dict[tuple[str, ...], Fraction] = {(): Fraction(priors.observed + priors.predictable)}
    weights |= {(name,): Fraction(priors.leaked_by_one, len(names)) * likelihood((name,)) for name in names}
    weights |= {pair: Fraction(priors.leaked_by_two, len(pairs)) * likelihood(pair) for pair in pairs}
    whole = sum(weights.values())
    return {sources: weight / whole for sources, weight in weights.items()}


@pytest.mark.parametrize("misheard_one_in", [2, 50, 1000])
@pytest.mark.parametrize("priors", [PRIORS, Priors(observed=1, predictable=0, leaked_by_one=9, leaked_by_two=0)])
def test_the_odds_are_those_of_bayes(misheard_one_in: int, priors: Priors) -> None:
    """CAN-22, CAN-23"""
    weights = Weights(FIT, misheard_one_in, priors)
    expected = by_bayes(FIT, Fraction(1, misheard_one_in), priors)
    found = {odds.recipients: odds.millionths for odds in weights.odds()}
    found[()] = weights.share(weights.observed + weights.predictable)
    shares = {sources: int(share * 1_000_000) for sources, share in expected.items()}
    assert found == {sources: share for sources, share in shares.items() if share or sources == ()}


def test_the_heaviest_explanation_is_first() -> None:
    weighed = [odds.millionths for odds in Weights(FIT, 50, PRIORS).odds()]
    assert (weighed, Weights(FIT, 50, PRIORS).odds()[0].recipients) == (sorted(weighed, reverse=True), ("a",))


def test_a_text_that_shows_nothing_leaves_the_priors_as_they_were() -> None:
    """CAN-23"""
    weights = Weights(Fit((HOST, SENDING), (), {"a": 0, "b": 0}), 50, PRIORS)
    shares = [weights.share(w) for w in (weights.observed, weights.predictable, weights.leaked)]
    assert (shares, weights.odds()) == (
        [450_000, 450_000, 100_000],
        (
            Odds(recipients=("a", "b"), millionths=50_000),
            Odds(recipients=("a",), millionths=25_000),
            Odds(recipients=("b",), millionths=25_000),
        ),
    )


def test_a_slot_that_shows_everything_says_nothing() -> None:
    """CAN-22"""
    shown = Fit((HOST,), (SurvivingSlot(HOST, 8, 8),), {"a": 1, "b": 1})
    weights = Weights(shown, 50, PRIORS)
    assert weights.share(weights.leaked) == 100_000


def test_of_one_recipient_there_is_no_pair() -> None:
    weights = Weights(Fit((HOST,), (SurvivingSlot(HOST, 1, 8),), {"a": 1}), 50, PRIORS)
    assert [odds.recipients for odds in weights.odds()] == [("a",)]


def carried(weights: Weights, chosen: tuple[str, ...]) -> Fraction:
    """What the explanations with one of the chosen weigh, of all leak explanations."""
    with_one = sum(weight for names, weight in weights.sources.items() if set(names) & set(chosen))
    return Fraction(with_one, weights.leaked)


@pytest.mark.parametrize("masks", [MASKS, dict.fromkeys("abcdefgh", 0), {**MASKS, "a": 0}, {**MASKS, "e": 0b1111111}])
def test_the_candidates_carry_95_percent_and_without_the_last_they_do_not(masks: dict[str, int]) -> None:
    """CAN-24"""
    weights = Weights(replace_masks(masks), 50, PRIORS)
    chosen = weights.candidates()
    whole = carried(weights, chosen), carried(weights, chosen[:-1])
    assert whole[1] < Fraction(95, 100) <= whole[0]


@pytest.mark.parametrize("masks", [MASKS, {**MASKS, "e": 0b0111011}, {**MASKS, "b": 0b0110101}])
def test_no_smaller_set_carries_as_much(masks: dict[str, int]) -> None:
    """CAN-24: where it can be counted."""
    weights = Weights(replace_masks(masks), 50, PRIORS)
    fewer = combinations(masks, len(weights.candidates()) - 1)
    assert all(carried(weights, chosen) < Fraction(95, 100) for chosen in fewer)


def replace_masks(masks: dict[str, int]) -> Fit:
    return FIT._replace(masks=masks)


@pytest.mark.parametrize(
    "priors",
    [
        replace(PRIORS, observed=0, predictable=0),
        replace(PRIORS, leaked_by_one=0),
        replace(PRIORS, observed=-1),
        replace(PRIORS, leaked_by_two=-1),
    ],
)
def test_the_rivals_of_a_leak_are_never_left_out(priors: Priors) -> None:
    """CAN-23"""
    with pytest.raises(InputInvalid, match="above 0 for a rival and for one leaker"):
        Weights(FIT, 50, priors)


@pytest.mark.parametrize("misheard_one_in", [-1, 0, 1])
def test_not_every_value_is_misheard(misheard_one_in: int) -> None:
    with pytest.raises(InputInvalid, match=f"one in 2 or more, got {misheard_one_in}"):
        Weights(FIT, misheard_one_in, PRIORS)
