"""The bound: exact, of each half by itself, times everybody who is scored."""

from __future__ import annotations

from fractions import Fraction

import pytest

from safeconduct.core.disclosure.leak import Fit, SurvivingSlot
from safeconduct.core.disclosure.score import Agreed, HandScore, Score, Scorer
from safeconduct.core.statement import INTEGER_MAX
from safeconduct.errors import InputInvalid
from tests.unit.core.disclosure.sample import HOST, SENDING

HANDS = (HOST, SENDING)


def fit(host: int, sending: int, masks: list[int], shown: int = 1) -> Fit:
    """So many surviving slots of eight values in each hand, the host's first, and the masks of recipients a, b, …"""
    slots = [SurvivingSlot(HOST, shown, 8)] * host + [SurvivingSlot(SENDING, shown, 8)] * sending
    return Fit(HANDS, tuple(slots), {chr(97 + n): mask for n, mask in enumerate(masks)})


def test_a_score_shows_each_half_and_the_bound_of_the_weaker() -> None:
    """CAN-16, CAN-17: 3 of 3 slots are one in 512, 2 of 3 are 22 in 512, and three people are scored."""
    scorer = Scorer(fit(3, 3, [0b011111, 0, 0]), Agreed(), colluders=1)
    assert scorer.score(("a",)) == Score(
        recipients=("a",),
        hands=(
            HandScore(party=HOST, surviving=3, matching=3, chance_one_in=512),
            HandScore(party=SENDING, surviving=3, matching=2, chance_one_in=512 // 22),
        ),
        bound_one_in=512 // 66,
    )


@pytest.mark.parametrize(
    ("host", "sending", "bound_one_in", "passes"),
    [(2, 2, 32, True), (2, 2, 33, False), (2, 1, 32, False), (1, 2, 32, False), (3, 2, 32, True), (3, 3, 256, True)],
)
def test_each_half_passes_by_itself(host: int, sending: int, bound_one_in: int, *, passes: bool) -> None:
    """CAN-17: two people are scored, so two slots of eight values give one in 32."""
    whole = 2 ** (host + sending) - 1
    assert (
        Scorer(fit(host, sending, [whole, 0]), Agreed(bound_one_in=bound_one_in), colluders=1).passes(whole) is passes
    )


def test_one_half_however_good_does_not_pass_for_the_other() -> None:
    """CAN-17"""
    scorer = Scorer(fit(300, 3, [2**300 - 1, 0]), Agreed(bound_one_in=2), colluders=1)
    assert (scorer.half_passes(HOST, 2**300 - 1), scorer.passes(2**300 - 1)) == (True, False)


@pytest.mark.parametrize("bound_one_in", [1, 1_000_000])
def test_a_half_of_which_nothing_survives_passes_no_bound(bound_one_in: int) -> None:
    """CAN-18"""
    assert not Scorer(fit(300, 0, [2**300 - 1]), Agreed(bound_one_in=bound_one_in), colluders=1).passes(2**300 - 1)


@pytest.mark.parametrize(("looks", "passes"), [(1, True), (2, True), (3, False)])
def test_each_look_is_a_chance_to_err(looks: int, *, passes: bool) -> None:
    """CAN-17"""
    agreed = Agreed(bound_one_in=16, looks=looks)
    assert Scorer(fit(2, 2, [0b1111, 0]), agreed, colluders=1).passes(0b1111) is passes


@pytest.mark.parametrize(("count", "passes"), [(46, True), (47, False)])
def test_a_pair_takes_the_number_of_pairs(count: int, *, passes: bool) -> None:
    """CAN-17: (15/64)^8 times 1,035 pairs is below one in 105, times 1,081 above."""
    assert (Fraction(15, 64) ** 8 * 1035 <= Fraction(1, 105)) != (Fraction(15, 64) ** 8 * 1081 <= Fraction(1, 105))
    scorer = Scorer(fit(8, 8, [0] * count), Agreed(bound_one_in=105), colluders=2)
    assert scorer.passes(2**16 - 1) is passes


def test_a_pair_matches_where_one_of_the_two_does() -> None:
    """CAN-16"""
    score = Scorer(fit(2, 2, [0b0101, 0b0110]), Agreed(), colluders=2).score(("a", "b"))
    assert [(hand.matching, hand.chance_one_in) for hand in score.hands] == [(2, 4096 // 225), (1, 4096 // 1695)]


def test_an_ambiguous_slot_is_easier_to_match() -> None:
    """CAN-15, CAN-16"""
    score = Scorer(fit(2, 2, [0b1111], shown=4), Agreed(), colluders=1).score(("a",))
    assert [hand.chance_one_in for hand in score.hands] == [4, 4]


def test_a_bound_beyond_all_counting_is_shown_as_the_largest_number() -> None:
    scorer = Scorer(fit(100, 100, [2**200 - 1]), Agreed(), colluders=1)
    assert scorer.score(("a",)).bound_one_in == INTEGER_MAX


@pytest.mark.parametrize("agreed", [Agreed(bound_one_in=0), Agreed(looks=0)])
def test_a_bound_is_a_chance(agreed: Agreed) -> None:
    with pytest.raises(InputInvalid, match="one in 1 or more and 1 look or more"):
        Scorer(fit(1, 1, [0]), agreed, colluders=1)
