from __future__ import annotations

import msgspec
import pytest

from safeconduct.core.record import MovementState, Phase, State, phase_at
from safeconduct.core.statement import encode
from safeconduct.testing import START, Story, small_plan


def test_a_state_reads_back_as_it_was_written() -> None:
    """REC-50: what a node stores is what it folds on from."""
    story = Story()
    story.under_way()
    state = story.folded().state
    assert state is not None
    assert msgspec.json.decode(encode(state), type=State) == state


@pytest.mark.parametrize(
    ("at", "phase"),
    [
        (small_plan().timing.review_by, Phase.REQUESTED),
        (small_plan().timing.review_by + 1, Phase.LAPSED),
    ],
)
def test_a_requested_movement_lapses_by_itself(at: int, phase: Phase) -> None:
    """REC-30"""
    story = Story()
    story.request()
    state = story.folded().state
    assert isinstance(state, MovementState)
    assert phase_at(state, at) is phase


def test_evidence_of_a_mark_names_the_entry() -> None:
    """REC-7"""
    story = Story()
    story.request(at=START)
    state = story.folded().state
    assert isinstance(state, MovementState)
    assert (state.requested.evidence.party, state.requested.evidence.at) == ("sending", START)
