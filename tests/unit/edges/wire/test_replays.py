"""Which requests were here before."""

from __future__ import annotations

import pytest

from safeconduct.edges.wire.limits import NONCES_PER_KEY_MAX
from safeconduct.edges.wire.replays import Replays
from safeconduct.errors import LimitExceeded

NOW = 1_800_000_000_000


@pytest.mark.parametrize(
    ("key_id", "nonce", "later", "first"),
    [
        ("sending", "a", 0, False),
        ("sending", "a", 120_000, False),
        ("sending", "a", 120_001, True),
        ("sending", "a", -1, False),
        ("sending", "a", -120_000, False),
        ("sending", "a", -120_001, True),
        ("sending", "b", 0, True),
        ("third", "a", 0, True),
    ],
)
def test_a_nonce_is_remembered_for_its_key_as_long_as_it_could_pass(
    key_id: str, nonce: str, later: int, first: bool
) -> None:
    """WIRE-6: also when the clock is put back meanwhile."""
    replays = Replays()
    replays.first("sending", "a", NOW)
    assert replays.first(key_id, nonce, NOW + later) is first


def test_who_sends_too_many_is_refused_and_nobody_else() -> None:
    """WIRE-6, WIRE-32: forgetting one to remember another would let it be heard twice."""
    replays = Replays()
    for number in range(NONCES_PER_KEY_MAX):
        replays.first("sending", str(number), NOW)
    with pytest.raises(LimitExceeded, match="sending sent more"):
        replays.first("sending", "one more", NOW)
    assert replays.first("third", "a", NOW)


def test_time_makes_room_again() -> None:
    """WIRE-6"""
    replays = Replays()
    for number in range(NONCES_PER_KEY_MAX):
        replays.first("sending", str(number), NOW)
    assert replays.first("sending", "one more", NOW + 120_001)
