"""Who is named and who is a candidate, on simulated leaks: retold, merged, invented, fabricated, watched, guessed."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from safeconduct.core.disclosure import Agreed, Shown, recognise, trace
from safeconduct.core.disclosure.leak import fit_of
from safeconduct.core.disclosure.score import Scorer
from tests.laws.retelling import KINDS, MOVEMENTS, Case, case, in_other_words
from tests.unit.core.disclosure.sample import HOST, PRIORS, SENDING, SLOTS

# Enough to see that nothing broke; whoever changes the tracing raises it to 10,000 once.
CASES = 240
FEWER = CASES // 2
SEEDS = st.integers(0, 2**64)
# A tenth of the movements leaks.
LEAKED = MOVEMENTS // 10
KEPT = 0.5


@pytest.mark.slow
@settings(max_examples=CASES, deadline=None)
@given(SEEDS)
def test_in_whatever_words_it_is_retold_each_value_is_recognised(seed: int) -> None:
    """CAN-13 to CAN-15"""
    chance = Random(seed)
    values = {slot.id: chance.randrange(8) for slot in SLOTS.slots if chance.random() < 0.7}
    expected = tuple(Shown(slot=slot.id, values=(values[slot.id],)) for slot in SLOTS.slots if slot.id in values)
    assert recognise(in_other_words(chance, SLOTS, values), SLOTS) == expected


@pytest.mark.slow
@settings(max_examples=CASES // 10, deadline=None)
@given(SEEDS, st.sampled_from(sorted(KINDS)))
def test_the_order_in_which_leaks_are_given_changes_nothing(seed: int, kind: str) -> None:
    """CAN-17, CAN-22"""
    leaks = case(Random(seed), kind, 4, KEPT).leaks
    assert trace(leaks[::-1], Agreed(), PRIORS) == trace(leaks, Agreed(), PRIORS)


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["one leaker", "two at random", "two, the lower value", "two by halves"])
def test_the_candidates_contain_a_source_in_95_of_100_cases(kind: str) -> None:
    """CAN-24: of 20 leaks among 200 movements the first one, three, seven and all are traced."""
    chance = Random(f"candidates {kind}")
    found = []
    for _ in range(max(1, CASES // 16)):
        leaks, sources, _ = case(chance, kind, LEAKED, KEPT)
        for count in (1, 3, 7, LEAKED):
            _, panel = trace(leaks[:count], Agreed(), PRIORS)
            found.append(not sources.isdisjoint(panel.candidates))
    assert 100 * sum(found) >= 95 * len(found)


def _cases(kind: str, seed: str, runs: int) -> list[Case]:
    chance = Random(f"{seed} {kind}")
    return [case(chance, kind, chance.randint(1, 12), chance.choice([0.3, 0.6, 1.0])) for _ in range(runs)]


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_nobody_is_named_who_is_not_a_source(kind: str) -> None:
    """CAN-17, CAN-26: nor a pair neither of whom is, also when an administrator fabricates the leak."""
    wrong = 0
    for leaks, sources, _ in _cases(kind, "named", CASES // len(KINDS)):
        shown, panel = trace(leaks, Agreed(), PRIORS)
        told = [score.recipients for score in (*shown.named, *panel.pairs)]
        wrong += sum(sources.isdisjoint(recipients) for recipients in told)
    assert wrong == 0


@pytest.mark.slow
def test_leakers_are_named_when_enough_has_leaked() -> None:
    """CAN-17: or the law above would hold because nobody ever is."""
    chance = Random("enough")
    named = [trace(case(chance, "one leaker", LEAKED, KEPT).leaks, Agreed(), PRIORS)[0].named for _ in range(20)]
    assert sum(len(scores) == 1 for scores in named) >= 19


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["observed", "predictable", "framed by host", "framed by sending"])
def test_a_bound_that_can_be_counted_holds(kind: str) -> None:
    """CAN-16, CAN-17: one in ten, of a half that nobody knew, and it comes near that.

    A name needs every half, so this is far more than is ever shown.
    """
    guessed = SENDING if kind == "framed by host" else HOST
    passed = []
    for leaks, _, _ in _cases(kind, "counted", FEWER):
        fit = fit_of(leaks)
        scorer = Scorer(fit, Agreed(bound_one_in=10), colluders=1)
        passed.append(any(scorer.half_passes(guessed, mask) for mask in fit.masks.values()))
    # Three standard deviations of as many draws, one in ten.
    assert 0 < sum(passed) <= FEWER / 10 + 3 * (FEWER * 0.09) ** 0.5


@pytest.mark.slow
@pytest.mark.parametrize(("kind", "hand"), [("framed by host", HOST), ("framed by sending", SENDING)])
def test_a_fabricated_leak_points_at_the_hand_that_was_enough_for_it(kind: str, hand: str) -> None:
    """CAN-25"""
    chance = Random(f"framing {kind}")
    found = [trace(case(chance, kind, 8, 0.8).leaks, Agreed(), PRIORS)[0].framing_hands for _ in range(50)]
    assert (found.count((hand,)) >= 45, set(found) <= {(hand,), ()}) == (True, True)


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["one leaker", "two at random", "two by halves", "observed", "predictable"])
def test_a_leak_that_nobody_fabricated_points_at_no_hand(kind: str) -> None:
    """CAN-25"""
    chance = Random(f"no framing {kind}")
    found = [trace(case(chance, kind, 8, 0.8).leaks, Agreed(), PRIORS)[0].framing_hands for _ in range(50)]
    assert sum(hands != () for hands in found) <= 1
