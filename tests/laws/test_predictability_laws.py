"""What holds of an observer's guess for every past."""

from __future__ import annotations

import random

import msgspec
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from safeconduct.core.acts import Plan
from safeconduct.core.agreement import PredictabilityTerms
from safeconduct.core.disclosure import Journey, predictability
from safeconduct.testing import HOUR
from tests.unit.core.disclosure.habits import COAST, DAY, HILL, MINUTE, plan, seen

pytestmark = pytest.mark.slow

_AHEAD = {"+00:00": 0, "+05:00": 5 * HOUR, "-09:30": -9 * HOUR - 30 * MINUTE}

terms = st.builds(
    PredictabilityTerms,
    warn=st.integers(1, 1_000),
    span=st.just("P90D"),
    half_life=st.integers(1, 90).map(lambda days: f"P{days}D"),
    least=st.integers(2, 6),
    clock=st.sampled_from(sorted(_AHEAD)),
)
pasts = st.lists(
    st.builds(
        seen,
        st.integers(-1, 95),
        st.integers(0, 47).map(lambda half_hour: half_hour * 30 * MINUTE),
        to=st.sampled_from(["port", "dam"]),
        by=st.sampled_from([COAST, HILL]),
        group=st.sampled_from(["engineers", "engineers", "guests"]),
    ),
    min_size=4,
    max_size=30,
)
windows = st.tuples(st.integers(0, 47), st.integers(0, 60)).map(
    lambda w: plan(w[0] * 30 * MINUTE, (w[0] + w[1]) * 30 * MINUTE)
)


@given(terms, windows, pasts, st.randoms(use_true_random=False))
def test_the_order_and_the_repetition_of_the_past_change_nothing(
    agreed: PredictabilityTerms, planned: Plan, past: list[Journey], chance: random.Random
) -> None:
    """PRED-13"""
    other = [*past, *past[:3]]
    chance.shuffle(other)
    assert predictability(agreed, planned, other) == predictability(agreed, planned, past)


@given(terms, windows, pasts, st.integers(0, 89))
def test_one_more_like_the_guess_never_lowers_it(
    agreed: PredictabilityTerms, planned: Plan, past: list[Journey], number: int
) -> None:
    """PRED-14"""
    before = predictability(agreed, planned, past)
    assume(before.guess is not None)
    assert before.guess is not None
    ahead = _AHEAD[agreed.clock]
    today = (planned.timing.earliest + ahead) // DAY
    counted = [(journey.departed + ahead) // DAY for journey in past if journey.group == "engineers"]
    first = min(day for day in counted if today - 90 <= day < today)
    # Any of the days since the first that he saw, in the half-hour of his guess.
    at = (first + number % (today - first)) * DAY + before.guess.half_hour * 30 * MINUTE - ahead
    more = msgspec.structs.replace(seen(1, 0), departed=at)
    after = predictability(agreed, planned, [*past, more])
    assert after.guess is not None
    assert (after.days >= before.days, after.guess.together >= before.guess.together) == (True, True)


@given(terms, windows, pasts)
def test_every_number_is_between_nothing_and_always_and_together_is_the_least(
    agreed: PredictabilityTerms, planned: Plan, past: list[Journey]
) -> None:
    """PRED-9, PRED-10"""
    guess = predictability(agreed, planned, past).guess
    assume(guess is not None)
    assert guess is not None
    parts = [odds.chance for odds in (guess.who, guess.place, guess.hour, guess.route)]
    assert 0 <= guess.together <= min(parts) <= max(parts) <= 1_000
