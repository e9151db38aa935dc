"""Challenges for passkeys."""

from __future__ import annotations

import itertools

import pytest

from safeconduct.edges.http.challenges import Challenges
from safeconduct.edges.http.limits import CHALLENGE_LIFETIME_MS
from safeconduct.errors import NotIdentified
from safeconduct.testing import StepClock


def new(clock: StepClock | None = None, name: str = "node") -> Challenges:
    secrets = itertools.count()
    return Challenges((clock or StepClock()).now, lambda: f"{name} {next(secrets)}")


@pytest.mark.parametrize(("later", "good"), [(CHALLENGE_LIFETIME_MS - 1, True), (CHALLENGE_LIFETIME_MS, False)])
def test_a_challenge_is_good_for_two_minutes(later: int, good: bool) -> None:
    """ACC-13"""
    clock = StepClock()
    challenges = new(clock)
    given = challenges.issue("browser", "enter")
    clock.advance(later)
    if good:
        challenges.require(given, "browser", "enter")
        assert len(given) >= 16
    else:
        with pytest.raises(NotIdentified, match="within two minutes"):
            challenges.require(given, "browser", "enter")


@pytest.mark.parametrize(("holder", "purpose"), [("other browser", "enter"), ("browser", "add"), ("", "enter")])
def test_a_challenge_is_for_one_browser_and_one_purpose(holder: str, purpose: str) -> None:
    """ACC-13"""
    challenges = new()
    given = challenges.issue("browser", "enter")
    with pytest.raises(NotIdentified, match="the challenge that this browser was given"):
        challenges.require(given, holder, purpose)


def test_a_challenge_that_has_let_somebody_in_lets_nobody_in_again() -> None:
    """ACC-13"""
    challenges = new()
    given, other = challenges.issue("browser", "enter"), challenges.issue("browser", "enter")
    challenges.use_up(given)
    with pytest.raises(NotIdentified, match="used up"):
        challenges.require(given, "browser", "enter")
    challenges.require(other, "browser", "enter")
    assert given != other


def test_no_challenge_can_be_made_up_or_made_to_last() -> None:
    """ACC-13"""
    challenges = new()
    given = challenges.issue("browser", "enter")
    longer = (int.from_bytes(given[:8]) + 1).to_bytes(8) + given[8:]
    for made_up in (
        b"",
        given[:-1],
        given + b"\0",
        longer,
        bytes(len(given)),
        new(name="other").issue("browser", "enter"),
    ):
        with pytest.raises(NotIdentified):
            challenges.require(made_up, "browser", "enter")


def test_nothing_is_kept_of_challenges_that_nobody_answers_nor_of_old_ones() -> None:
    """ACC-13: whoever asks for many pushes out nobody's."""
    clock = StepClock()
    challenges = new(clock)
    for _ in range(1_000):
        challenges.issue("browser", "enter")
    assert len(challenges._used) == 0
    challenges.use_up(challenges.issue("browser", "enter"))
    clock.advance(CHALLENGE_LIFETIME_MS)
    challenges.use_up(challenges.issue("browser", "enter"))
    assert len(challenges._used) == 1
