"""Contested facts and rulings."""

from __future__ import annotations

import pytest

from safeconduct.core.agreement import Outcome, Reason, contests
from tests.unit.core.agreement.judged import HOUR, Told, judged, rule, terms

H = HOUR
MUST = rule(when="post.opened", must={"event": "post.scanned", "due": "trigger + PT1H"})
BODY = ("duty_officer", "approver")


def opened(*scans: int) -> Told:
    told = Told()
    told.file("opened", 0)
    for t in scans:
        told.file("scanned", t)
    return told


def test_an_outcome_that_hangs_on_a_contested_fact_is_disputed() -> None:
    """AG-100, AG-102"""
    told = opened(5)
    told.contest(told.events[1], 6)
    (found,) = judged(MUST, told, 9 * H)
    scanned = told.events[1].evidence.id
    assert (found.outcome, found.reason, found.contested) == (Outcome.DISPUTED, Reason.CONTESTED, (scanned,))


def test_an_outcome_that_is_the_same_either_way_is_the_finding() -> None:
    """AG-102"""
    told = opened(5, 6)
    told.contest(told.events[1], 7)
    (found,) = judged(MUST, told, 9 * H)
    assert (found.outcome, found.contested) == ("met", ())


def test_it_names_only_the_statements_of_which_one_alone_can_change_it() -> None:
    """AG-102"""
    told = opened(5)
    told.file("handed", 6)
    for statement in told.events[1:3]:
        told.contest(statement, 7)
    (found,) = judged(MUST, told, 9 * H)
    assert found.contested == (told.events[1].evidence.id,)
    # Of two that would each do, either can change it once the other is taken as not said.
    told = opened(5, 6)
    for statement in told.events[1:3]:
        told.contest(statement, 7)
    (found,) = judged(MUST, told, 9 * H)
    assert found.contested == tuple(sorted(e.evidence.id for e in told.events[1:3]))


def test_what_nothing_calls_up_is_not_due() -> None:
    """AG-102"""
    told = opened()
    told.contest(told.events[0], 7)
    assert [f.outcome for f in judged(MUST, told, 9 * H)] == ["disputed"]
    excused = rule(
        when="post.opened", must={"event": "post.scanned", "due": "trigger + PT1H"}, unless=[{"event": "post.closed"}]
    )
    told.file("closed", 8)
    assert [f.outcome for f in judged(excused, told, 9 * H)] == ["not_due"]


@pytest.mark.parametrize(
    ("words", "outcome"),
    [
        ([("duty_officer", True)], "disputed"),
        ([("duty_officer", True), ("approver", False)], "disputed"),
        ([("duty_officer", True), ("approver", True)], "met"),
        ([("duty_officer", False), ("approver", False)], "breached"),
        ([("duty_officer", False), ("approver", True), ("duty_officer", True)], "met"),
        ([("duty_officer", True), ("approver", True), ("approver", False)], "disputed"),
        ([("duty_officer", True), ("escort_lead", True)], "disputed"),
    ],
)
def test_a_ruling_counts_when_the_whole_body_says_the_same(words: list[tuple[str, bool]], outcome: str) -> None:
    """AG-100, AG-101"""
    told = opened(5)
    told.contest(told.events[1], 6)
    for t, (role, stands) in enumerate(words):
        told.decide(told.events[1], 7 + t, role, stands=stands)
    assert [f.outcome for f in judged(MUST, told, 9 * H)] == [outcome]


def test_without_a_body_nothing_is_ever_ruled() -> None:
    """AG-100"""
    told = opened(5)
    told.contest(told.events[1], 6)
    for role in BODY:
        told.decide(told.events[1], 7, role, stands=True)
    assert [f.outcome for f in judged(MUST, told, 9 * H, disputes=None)] == ["disputed"]


def test_what_had_no_effect_contests_and_rules_nothing() -> None:
    """AG-100"""
    told = opened(5)
    contest = told.contest(told.events[1], 6)
    for role in BODY:
        told.decide(told.events[1], 7, role, stands=False)
    agreed = terms(MUST)
    assert contests(told.events, agreed)[told.events[1].evidence.id].stands is False
    void = Told()
    void.events = [
        e if e is not contest else void.say(e.act, 6, "journey_manager", void="too_many") for e in told.events
    ]
    assert contests(void.events, agreed) == {}


def test_a_contest_says_who_contested_and_who_ruled() -> None:
    """AG-100: both accounts stand."""
    told = opened(5)
    by = told.contest(told.events[1], 6)
    ruled = told.decide(told.events[1], 7, "approver", stands=True)
    (contest,) = contests(told.events, terms(MUST)).values()
    assert (contest.by, contest.ruled, contest.stands) == ((by,), (ruled,), None)
    assert contests(told.events, None)[told.events[1].evidence.id].stands is None


@pytest.mark.parametrize("stands", [True, False])
def test_closing_a_dispute_turns_no_definite_outcome_into_another(stands: bool) -> None:
    """AG-103"""
    told = opened(5, 6)
    told.file("opened", 7)
    told.contest(told.events[1], 8)
    before = {f.key: f.outcome for f in judged(MUST, told, 9 * H)}
    for role in BODY:
        told.decide(told.events[1], 8, role, stands=stands)
    assert {f.key: f.outcome for f in judged(MUST, told, 9 * H)} == before


def test_where_more_than_six_are_open_everything_is_disputed() -> None:
    """AG-104"""
    told = opened(5)
    for t in range(7):
        told.file("handed", 10 + t)
    handed = told.events[2:]
    for statement in handed[:6]:
        told.contest(statement, 20)
    assert [f.outcome for f in judged(MUST, told, 9 * H)] == ["met"]
    told.contest(handed[6], 20)
    (found,) = judged(MUST, told, 9 * H)
    assert (found.outcome, found.contested) == ("disputed", tuple(sorted(e.evidence.id for e in handed)))
    for role in BODY:
        told.decide(handed[0], 21, role, stands=True)
    assert [f.outcome for f in judged(MUST, told, 9 * H)] == ["met"]
