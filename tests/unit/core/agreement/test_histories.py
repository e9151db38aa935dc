from __future__ import annotations

import pytest

from safeconduct.core.agreement import Must, Never, Rule
from safeconduct.core.agreement.histories import Player, duration
from safeconduct.core.agreement.instants import InstantAt
from safeconduct.core.agreement.samples import BEGIN, DAY, HOUR
from tests.unit.core.agreement.planted import ASKED, search_of

BRIEFED = "movement.briefed"
ANSWERED = Rule(for_each="movement", when=ASKED, must=Must(event=BRIEFED, due="trigger + PT4H"))


@pytest.mark.parametrize(
    ("ms", "text"),
    [
        (0, "PT0S"),
        (1, "PT0.001S"),
        (90_000, "PT1M30S"),
        (DAY + 2 * HOUR, "P1DT2H"),
        (2 * DAY, "P2D"),
        (-HOUR, "-PT1H"),
    ],
)
def test_a_length_of_time_is_told_as_an_iso_duration(ms: int, text: str) -> None:
    assert duration(ms) == text


def test_a_history_says_who_says_what_when_and_how_the_clauses_stand_then() -> None:
    """AG-111"""
    search = search_of(ANSWERED)
    moves = next(search.calls("T-1"))
    first, last = search.steps(moves, BEGIN + 4 * HOUR + 1)
    assert (first.after, first.event, first.party, first.role) == (
        "PT0S",
        "movement.requested",
        "sending",
        "journey_manager",
    )
    assert first.fields["plan"]
    assert (first.outcomes, last.outcomes) == ({"T-1": "pending"}, {"T-1": "breached"})
    assert (last.after, last.event, last.fields) == ("PT4H0.001S", "", {})


def test_a_history_is_judged_once_and_by_the_clauses_that_are_asked() -> None:
    forbidden = Rule(for_each="movement", when=ASKED, never=Never(event=BRIEFED))
    search = search_of(ANSWERED, forbidden)
    moves = next(search.calls("T-1"))
    player = Player(search.book, ["T-2"])
    left = player.budget.left
    assert player.outcomes(moves, moves[-1].at) == {"T-2": "pending"}
    assert player.play(moves) is player.play(moves)
    assert left - player.budget.left == 1


def test_the_instants_of_a_demand_count_from_where_it_was_called_up() -> None:
    search = search_of(ANSWERED)
    moves = next(search.calls("T-1"))
    assert search.instants(moves, "T-1") == (BEGIN, {"due": BEGIN + 4 * HOUR})
    opens = search.instant(moves, InstantAt("plan.earliest", -HOUR))
    assert opens is not None
    assert opens > BEGIN
    assert search.instant(moves, InstantAt("filed.briefed.level", 0)) is None
