"""A shape says what a colour would: each state has its own."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from safeconduct.core.agreement import Outcome
from safeconduct.core.record import Phase
from safeconduct.edges.console.shapes import ITEMS, OUTCOMES, PHASES, badge, shape


@pytest.mark.parametrize(
    ("shapes", "states"),
    [(PHASES, {phase.value for phase in Phase}), (OUTCOMES, {outcome.value for outcome in Outcome})],
    ids=["phases", "outcomes"],
)
def test_each_state_has_a_shape_of_its_own(shapes: Mapping[str, str], states: set[str]) -> None:
    assert (set(shapes), len(set(shapes.values()))) == (states, len(states))


@pytest.mark.parametrize("name", sorted({*PHASES.values(), *OUTCOMES.values(), *ITEMS.values()}))
def test_a_shape_is_for_the_eye_alone(name: str) -> None:
    assert 'aria-hidden="true"' in str(shape(name))


def test_a_badge_says_it_in_words_too() -> None:
    assert "<span>under way</span>" in str(badge("play", "active", "under way"))
