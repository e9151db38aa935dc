from __future__ import annotations

from itertools import islice

import pytest

from safeconduct.core.agreement import Gap, Must, Never, One, Pattern, Recur, Rule
from safeconduct.core.agreement.histories import Budget
from safeconduct.core.agreement.search import CALLS_MAX, HISTORIES_MAX, Search
from tests.unit.core.agreement.planted import ARRIVED, ASKED, DEPARTED, replayed, search_of

BRIEFED = "movement.briefed"


def _rule(when: Pattern = DEPARTED, **more: object) -> Rule:
    return Rule(for_each="movement", when=when, **more)  # type: ignore[arg-type]  # parts of a rule


def test_a_clause_about_departures_is_called_up_by_a_movement_that_the_record_lets_depart() -> None:
    """AG-110"""
    search = search_of(_rule(must=Must(event="movement.arrived", due="trigger + P1D")))
    moves = next(search.calls("T-1"))
    steps = search.steps(moves)
    assert steps[-1].event == "movement.departed"
    assert replayed(search.terms, steps, ["T-1"])[-1] == {"T-1": "pending"}


def test_a_history_is_finished_in_as_few_statements_as_it_takes() -> None:
    """AG-110"""
    search = search_of(_rule(must=Must(event="movement.arrived", due="trigger + P1D")))
    moves = next(search.calls("T-1"))
    found = search.finish(moves, ["T-1"])
    assert found.moves is not None
    assert len(found.moves) == len(moves) + 1
    assert replayed(search.terms, search.steps(found.moves), ["T-1"])[-1] == {"T-1": "met"}


def test_what_counts_from_the_start_is_said_before_the_trigger() -> None:
    """AG-110"""
    rule = _rule(must=Must(event=BRIEFED, where="body.understood && body.level >= 4", since="start", due="trigger"))
    search = search_of(rule)
    kept = [moves for moves in search.calls("T-1") if search.is_kept(moves, ["T-1"])]
    assert replayed(search.terms, search.steps(kept[0]), ["T-1"])[-1] == {"T-1": "met"}


@pytest.mark.parametrize(
    "rule",
    [
        _rule(gap=Gap(event="movement.checked_in", at_most="PT15M", until=ARRIVED)),
        _rule(recur=Recur(event="movement.checked_in", every="PT1H")),
        _rule(never=Never(event="movement.aborted", until=ARRIVED)),
        _rule(
            one=One(
                taken=Pattern(event=BRIEFED),
                given_up=Pattern(event="movement.counted"),
                holder='"escort"',
                until=ARRIVED,
            ),
            grace="PT5M",
        ),
    ],
    ids=["gap", "recur", "never", "one"],
)
def test_a_duty_that_goes_on_is_kept_for_as_long_as_it_is_followed(rule: Rule) -> None:
    """AG-110"""
    search = search_of(rule)
    found = [search.finish(moves, ["T-1"]).moves for moves in islice(search.calls("T-1"), 8)]
    kept = next(moves for moves in found if moves is not None)
    assert not search.is_broken(kept, ["T-1"])


def test_what_cannot_be_kept_is_said_to_be_so_only_when_everything_was_tried() -> None:
    """AG-110"""
    search = search_of(
        _rule(ASKED, must=Must(event=BRIEFED, due="trigger + PT4H")),
        _rule(ASKED, never=Never(event=BRIEFED, before="plan.earliest")),
    )
    moves = next(search.calls("T-1"))
    alone, both = search.finish(moves, ["T-1"]), search.finish(moves, ["T-1", "T-2"])
    assert alone.moves is not None
    assert both == (None, True)


def test_a_search_ends_after_its_number_of_histories() -> None:
    """AG-110"""
    # Twice one number plus another is none that lies near a number of the condition.
    where = "body.level * 2 + size(body.kind) == 77777"
    search = search_of(_rule(Pattern(event=BRIEFED), must=Must(event=BRIEFED, where=where, due="trigger + P1D")))
    calls = list(search.calls("T-1"))
    assert 0 < len(calls) <= CALLS_MAX
    found = search.finish(calls[0], ["T-1"])
    assert search.tried <= HISTORIES_MAX
    assert found.moves is None


def test_a_budget_that_is_spent_ends_every_search_of_an_agreement() -> None:
    """AG-110"""
    rule = _rule(must=Must(event="movement.arrived", due="trigger + P1D"))
    whole = search_of(rule)
    search = Search(whole.book, ["T-1"], budget=Budget(0))
    assert list(search.calls("T-1")) == []
    assert search.finish(next(whole.calls("T-1")), ["T-1"]) == (None, False)
