"""Demands that a row of events decides, at their boundaries."""

from __future__ import annotations

import pytest

from safeconduct.core.agreement import Rule
from tests.unit.core.agreement.judged import (
    APPROVE,
    CHECK_IN,
    CLOSE,
    DAY,
    DEPART,
    HOUR,
    REQUEST,
    START,
    Told,
    acknowledge,
    judged,
    only,
    posts,
    rule,
    stands,
)

H = HOUR


# --- relay ------------------------------------------------------------------------------------------------------------

RELAY = rule(
    for_each="movement",
    when="movement.requested",
    relay={"event": "movement.acknowledged", "hop": "body.role", "chain": ["a", "b", "c"], "within": "PT1H"},
)


@pytest.mark.parametrize(
    ("said", "now", "outcome", "missing", "due"),
    [
        ([], H, "pending", ("a",), H),
        ([], H + 1, "breached", ("a",), H),
        ([("a", H)], 2 * H, "pending", ("b",), 2 * H),
        ([("a", H)], 2 * H + 1, "breached", ("b",), 2 * H),
        ([("a", H + 1), ("b", H + 2)], 2 * H, "breached", ("a",), H),
        ([("b", 5), ("a", 10), ("c", H + 10)], 2 * H, "met", (), H + 10),
        ([("b", 5), ("a", 10), ("c", H + 11)], 2 * H, "breached", ("c",), H + 10),
        ([("b", 5), ("a", 10)], H + 10, "pending", ("c",), H + 10),
    ],
)
def test_each_hop_has_its_time_from_the_one_before(
    said: list[tuple[str, int]], now: int, outcome: str, missing: tuple[str, ...], due: int
) -> None:
    """AG-73, AG-74"""
    told = Told("movement")
    told.say(REQUEST)
    for role, t in said:
        told.say(acknowledge(role), t)
    found = only(RELAY, told, now)
    assert (found.outcome, found.missing, found.due_at) == (outcome, missing, START + due)


def test_all_hops_are_done_at_the_latest_at_due() -> None:
    """AG-73"""
    relay = {"event": "post.scanned", "hop": "body.who", "chain_of": "trigger.body.names", "within": "PT5H"}
    by_noon = rule(when="post.opened", relay={**relay, "due": "trigger + PT6H"})
    opened = ("opened", 0, {"names": ("a", "b")})
    told = posts(opened, ("scanned", 4 * H, {"who": "a"}), ("scanned", 6 * H + 1, {"who": "b"}))
    assert (only(by_noon, told).outcome, only(by_noon, told).due_at) == ("breached", START + 6 * H)
    assert only(rule(when="post.opened", relay=relay), told).outcome == "met"


# --- gap --------------------------------------------------------------------------------------------------------------

GAP = rule(
    when="post.opened",
    gap={"event": "post.scanned", "at_most": "PT10H", "until": {"event": "post.closed"}},
    grace="PT1H",
)


@pytest.mark.parametrize(
    ("said", "now", "expected"),
    [
        ([], 11 * H, [("pending", False)]),
        ([], 11 * H + 1, [("breached", False)]),
        ([("scanned", 11 * H)], 22 * H, [("pending", True)]),
        ([("scanned", 11 * H + 1)], 12 * H, [("breached", False), ("pending", False)]),
        ([("closed", 9 * H)], 99 * H, [("met", False)]),
        ([("closed", 9 * H + 1)], 99 * H, [("met", True)]),
        ([("closed", 11 * H)], 99 * H, [("met", True)]),
        ([("closed", 11 * H + 1)], 99 * H, [("breached", False)]),
        ([("scanned", 12 * H), ("scanned", 24 * H)], 30 * H, [("breached", False)] * 2 + [("pending", False)]),
    ],
)
def test_between_two_signs_there_is_never_too_long(
    said: list[tuple[object, ...]], now: int, expected: list[tuple[str, bool]]
) -> None:
    """AG-55, AG-77, AG-78"""
    found = judged(GAP, posts(("opened", 0), *said), now)
    assert [(f.outcome.value, f.near) for f in found] == expected
    assert [f.n for f in found] == list(range(len(found)))


def test_the_closing_of_the_subject_ends_a_run_without_until() -> None:
    """AG-78"""
    gap = rule(for_each="movement", when="movement.departed", gap={"event": "movement.checked_in", "at_most": "PT1H"})
    for closed, outcome in ((2 * H, "met"), (2 * H + 1, "breached")):
        told = Told("movement")
        for act, t in ((REQUEST, 0), (APPROVE, 0), (DEPART, 0), (CHECK_IN, H), (CLOSE, closed)):
            told.say(act, t)
        assert only(gap, told, 99 * H).outcome == outcome


# --- recur ------------------------------------------------------------------------------------------------------------

DAILY = rule(
    when="post.opened",
    recur={"event": "post.scanned", "every": "P1D", "until": {"event": "post.closed"}},
    grace="PT2H",
    cure="PT5H",
)


@pytest.mark.parametrize(
    ("said", "now", "expected"),
    [
        ([], DAY - 1, [(0, "pending", 1)]),
        ([], DAY + 2 * H, [(0, "pending", 1), (1, "pending", 1)]),
        ([], DAY + 2 * H + 1, [(0, "breached", 1), (1, "pending", 1)]),
        ([("scanned", 5)], 5 * H, [(0, "met", 1)]),
        ([("scanned", 5)], DAY, [(0, "met", 1), (1, "pending", 1)]),
        ([("scanned", DAY)], DAY, [(0, "met", 1), (1, "pending", 1)]),
        ([("scanned", DAY + 2 * H)], DAY + 3 * H, [(0, "met", 1), (1, "pending", 1)]),
        ([("scanned", DAY + 2 * H + 1)], DAY + 3 * H, [(0, "breached", 1), (1, "met", 1)]),
        # The grace after the last of several missed ones is a grace too.
        ([("scanned", 3 * DAY + H)], 3 * DAY + H, [(0, "breached", 2), (2, "met", 1), (3, "pending", 1)]),
        ([], 4 * DAY + 3 * H, [(0, "breached", 4), (4, "pending", 1)]),
        (
            [("scanned", 5), ("scanned", 3 * DAY + 3 * H)],
            4 * DAY - 1,
            [(0, "met", 1), (1, "breached", 2), (3, "met", 1)],
        ),
        ([("scanned", 5), ("closed", DAY + H)], 9 * DAY, [(0, "met", 1), (1, "not_due", 1)]),
        ([("closed", DAY + H)], 9 * DAY, [(0, "not_due", 1), (1, "not_due", 1)]),
        ([("closed", DAY + 3 * H)], 9 * DAY, [(0, "breached", 1), (1, "not_due", 1)]),
    ],
)
def test_every_period_is_an_obligation(
    said: list[tuple[object, ...]], now: int, expected: list[tuple[int, str, int]]
) -> None:
    """AG-81, AG-82, AG-83"""
    found = judged(DAILY, posts(("opened", 0), *said), now)
    assert [(f.n, f.outcome.value, f.times) for f in found] == expected


def test_a_missed_period_is_cured_by_the_next_that_was_kept() -> None:
    """AG-59, AG-82"""
    for t, cured in ((DAY + 7 * H, START + DAY + 7 * H), (DAY + 7 * H + 1, None)):
        found = judged(DAILY, posts(("opened", 0), ("scanned", t)))[0]
        assert (found.outcome, found.cured_at) == ("breached", cured)


def test_years_of_silence_are_one_finding() -> None:
    """AG-82"""
    found = judged(DAILY, posts(("opened", 0), ("scanned", 900_000 * DAY)))
    assert [(f.outcome.value, f.times) for f in found] == [("breached", 899_999), ("met", 1), ("pending", 1)]


def test_the_trigger_counts_for_the_first_period_if_it_is_meant() -> None:
    """AG-81"""
    same = rule(when="post.opened", each="first", recur={"event": "post.opened", "every": "P1D"})
    assert [f.outcome for f in judged(same, posts(("opened", 0)))] == ["met"]


def test_of_several_parties_each_keeps_the_period() -> None:
    """AG-81"""
    recur = {"event": "post.scanned", "every": "P1M", "parties": ["host", "sending"]}
    monthly = rule(when="post.opened", recur=recur, grace="P2D")
    told = posts(("opened", 0), ("scanned", 1), ("scanned", 28 * DAY), ("scanned", 29 * DAY, "approver"))
    found = judged(monthly, told, 29 * DAY)
    # The month from 31 January ends on 28 February; the host's second word was for the month after.
    assert [(f.n, f.outcome.value, f.missing) for f in found] == [(0, "met", ()), (1, "pending", ("sending",))]


# --- count ------------------------------------------------------------------------------------------------------------


def count(**more: object) -> Rule:
    grace = {"grace": "PT1H", "cure": "PT5H"}
    return rule(when="post.opened", count={"event": "post.scanned", "due": "trigger + PT10H", **more}, **grace)


@pytest.mark.parametrize(
    ("limits", "at", "now", "expected"),
    [
        ({"at_least": "2"}, (1,), 11 * H, ("pending", "count_open", False)),
        ({"at_least": "2"}, (1,), 11 * H + 1, ("breached", "too_few", False)),
        ({"at_least": "2"}, (1, 2), 2, ("met", "count_kept", False)),
        ({"at_least": "2"}, (1, 11 * H), 11 * H, ("met", "count_kept", True)),
        ({"at_least": "2"}, (1, 11 * H + 1), 11 * H + 1, ("breached", "too_few", False)),
        ({"at_most": "1"}, (1,), 11 * H, ("pending", "count_open", False)),
        ({"at_most": "1"}, (1,), 11 * H + 1, ("met", "count_kept", False)),
        ({"at_most": "1"}, (1, 2), 2, ("breached", "too_many", False)),
        ({"at_most": "1"}, (1, 12 * H), 12 * H, ("met", "count_kept", False)),
        ({"at_least": "1", "at_most": "2"}, (1,), 2, ("pending", "count_open", False)),
        ({"at_least": "1", "at_most": "2"}, (1,), 12 * H, ("met", "count_kept", False)),
        ({"at_least": "1 / 0"}, (), 2, ("met", "count_kept", False)),
    ],
)
def test_a_count_has_limits(
    limits: dict[str, object], at: tuple[int, ...], now: int, expected: tuple[str, str, bool]
) -> None:
    """AG-54, AG-85"""
    assert stands(only(count(**limits), posts(("opened", 0), *(("scanned", t) for t in at)), now)) == expected


def test_what_was_reached_too_late_is_told_and_may_be_cured() -> None:
    """AG-59"""
    found = only(count(at_least="2"), posts(("opened", 0), ("scanned", 1), ("scanned", 16 * H), ("scanned", 17 * H)))
    assert (found.outcome, found.happened_at, found.cured_at) == ("breached", START + 16 * H, START + 16 * H)


def test_what_is_the_same_counts_once() -> None:
    """AG-85"""
    told = posts(("opened", 0), *(("scanned", t, {"who": who}) for t, who in enumerate(("a", "a", "b"))))
    assert only(count(at_least="2", distinct="body.who"), told).actual == "2"
    assert only(count(at_least="3", distinct="body.who"), told).outcome == "pending"


def test_a_count_ends_at_until_or_due_or_when_the_subject_is_done() -> None:
    """AG-85"""
    until = count(at_least="1", until={"event": "post.closed"})
    assert only(until, posts(("opened", 0), ("closed", 5), ("scanned", 6))).due_at == START + 5
    assert only(until, posts(("opened", 0), ("closed", 12 * H))).due_at == START + 10 * H
    few = rule(for_each="movement", when="movement.departed", count={"event": "movement.noted", "at_most": "1"})
    told = Told("movement")
    for t, act in enumerate((REQUEST, APPROVE, DEPART)):
        told.say(act, t)
    assert only(few, told, 99 * H).outcome == "pending"
    told.say(CLOSE, 4)
    assert only(few, told).outcome == "met"


@pytest.mark.parametrize(("done", "outcome"), [(0, "breached"), (1, "breached"), (2, "met")])
def test_a_share_is_rounded_up(done: int, outcome: str) -> None:
    """AG-86"""
    share = count(of={"event": "post.handed"}, percent="50")
    told = posts(("opened", 0), *[("handed", 1)] * 3, *[("scanned", 2)] * done)
    assert only(share, told).outcome == "pending"
    assert only(share, told, 12 * H).outcome == outcome
