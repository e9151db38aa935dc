"""How often each caller is served."""

from __future__ import annotations

from contextlib import ExitStack

import pytest

from safeconduct.edges.wire.limits import (
    CALLERS_MAX,
    CONCURRENT_PER_CALLER_MAX,
    REQUESTS_BURST_MAX,
    REQUESTS_PER_SECOND,
)
from safeconduct.edges.wire.turnstile import Turnstile
from safeconduct.errors import Unavailable
from safeconduct.testing import StepClock


def served(turnstile: Turnstile, who: str, times: int) -> int:
    count = 0
    for _ in range(times):
        try:
            with turnstile.turn(who):
                count += 1
        except Unavailable:
            pass
    return count


@pytest.mark.parametrize(
    ("milliseconds", "more"), [(0, 0), (1, 0), (2, 1), (1_000, REQUESTS_PER_SECOND), (3_600_000, REQUESTS_BURST_MAX)]
)
def test_silence_earns_requests_up_to_the_burst(milliseconds: int, more: int) -> None:
    """WIRE-32"""
    clock = StepClock()
    turnstile = Turnstile(clock.now)
    served(turnstile, "sending", REQUESTS_BURST_MAX)
    clock.advance(milliseconds)
    assert served(turnstile, "sending", REQUESTS_BURST_MAX + 1) == more


def test_one_caller_does_not_use_up_anothers_turns() -> None:
    """WIRE-32"""
    turnstile = Turnstile(StepClock().now)
    served(turnstile, "sending", REQUESTS_BURST_MAX + 1)
    assert served(turnstile, "third", 1) == 1


def test_so_many_at_once_and_no_more() -> None:
    """WIRE-32"""
    turnstile = Turnstile(StepClock().now)
    with ExitStack() as under_way:
        for _ in range(CONCURRENT_PER_CALLER_MAX):
            under_way.enter_context(turnstile.turn("sending"))
        with pytest.raises(Unavailable, match="at most 16 requests at once, sending has them"):
            under_way.enter_context(turnstile.turn("sending"))
    assert served(turnstile, "sending", 1) == 1


def test_what_fails_is_not_under_way_for_ever() -> None:
    """WIRE-32"""
    turnstile = Turnstile(StepClock().now)
    for _ in range(CONCURRENT_PER_CALLER_MAX):
        with pytest.raises(ZeroDivisionError), turnstile.turn("sending"):
            raise ZeroDivisionError
    assert served(turnstile, "sending", 1) == 1


def test_strangers_without_end_use_no_memory_without_end() -> None:
    """WIRE-32"""
    turnstile = Turnstile(StepClock().now)
    for number in range(CALLERS_MAX + 10):
        served(turnstile, f"address {number}", 1)
    assert len(turnstile._callers) == CALLERS_MAX
