"""What is the same for every demand."""

from __future__ import annotations

import pytest

from safeconduct.core.agreement import Reason
from tests.unit.core.agreement.judged import (
    CANCEL,
    DEPART,
    HOUR,
    REQUEST,
    START,
    Told,
    only,
    posts,
    rule,
)

H = HOUR


# --- what is the same for all -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("t", "outcome"), [(0, "not_due"), (11 * H, "not_due"), (11 * H + 1, "breached")])
def test_what_excuses_does_so_up_to_the_last_instant_in_time(t: int, outcome: str) -> None:
    """AG-56"""
    excused = rule(
        when="post.opened", must={"event": "post.scanned", "due": "trigger + PT10H"}, grace="PT1H",
        unless=[{"event": "post.closed"}],
    )  # fmt: skip
    assert only(excused, posts(("opened", 0), ("closed", t)), 99 * H).outcome == outcome
    assert only(excused, posts(("closed", 0), ("opened", 0)), 99 * H).outcome == "breached"
    assert only(excused, posts(("opened", 0), ("scanned", 0), ("closed", t)), 99 * H).outcome == "met"


@pytest.mark.parametrize(
    "demand",
    [
        {"never": {"event": "post.scanned"}},
        {"always": {"hold": "filed.scanned.count == 0", "until": {"event": "post.handed"}}, "cure": "PT1H"},
        {"count": {"event": "post.scanned", "at_most": "0"}},
        {"equal": {"event": "post.scanned", "planned": "1", "actual": "body.n", "due": "trigger + PT1H"}},
    ],
)
def test_what_a_statement_breaches_at_once_is_excused_only_before_it(demand: dict[str, object]) -> None:
    """AG-56, AG-57"""
    more = {"unless": [{"event": "post.closed"}], "waived_by": ["approver"], "grace": "PT5H"}
    at_once = rule(when="post.opened", **demand, **more)
    before, after = ("opened", 0), ("scanned", 5)
    assert only(at_once, posts(before, ("closed", 5), after)).outcome == "not_due"
    assert only(at_once, posts(before, after, ("closed", 5))).outcome == "breached"
    for waived_first, outcome in ((True, "waived"), (False, "breached")):
        told = posts(before)
        if waived_first:
            told.waive(5, "approver")
        told.file("scanned", 5)
        told.waive(5, "approver")
        assert only(at_once, told).outcome == outcome


@pytest.mark.parametrize(
    ("waivers", "outcome"),
    [
        ([(5, "approver")], "breached"),
        ([(5, "approver"), (H, "duty_officer")], "waived"),
        ([(5, "approver"), (H + 1, "duty_officer")], "breached"),
        ([(5, "approver"), (6, "approver")], "breached"),
    ],
)
def test_each_role_that_waives_must_have_said_so_in_time(waivers: list[tuple[int, str]], outcome: str) -> None:
    """AG-57"""
    waived = rule(
        when="post.opened", must={"event": "post.scanned", "due": "trigger + PT1H"},
        waived_by=["approver", "duty_officer"],
    )  # fmt: skip
    told = posts(("opened", 0))
    for t, role in waivers:
        told.waive(t, role)
    assert only(waived, told, 9 * H).outcome == outcome


def test_a_waiver_of_a_duty_that_is_met_changes_nothing() -> None:
    """AG-57"""
    waived = rule(when="post.opened", must={"event": "post.scanned", "due": "trigger + PT1H"}, waived_by=["approver"])
    told = posts(("opened", 0))
    told.waive(1, "approver")
    assert only(waived, told).outcome == "waived"
    told.file("scanned", 2)
    assert only(waived, told).outcome == "met"


NOTED = {"event": "movement.noted", "due": "trigger + PT10H"}


@pytest.mark.parametrize(
    ("given_up_at", "outcome"), [(10 * H - 1, "not_due"), (10 * H, "breached"), (10 * H + 1, "breached")]
)
def test_of_a_cancelled_movement_nothing_is_owed_that_comes_later(given_up_at: int, outcome: str) -> None:
    """AG-58"""
    told = Told("movement")
    told.say(REQUEST)
    told.say(CANCEL, given_up_at)
    assert only(rule(for_each="movement", when="movement.requested", must=NOTED), told, 40 * H).outcome == outcome


@pytest.mark.parametrize(("due", "outcome"), [("plan.review_by", "breached"), ("plan.review_by + PT1S", "not_due")])
def test_of_a_movement_that_lapsed_nothing_is_owed_that_comes_later(due: str, outcome: str) -> None:
    """AG-58"""
    told = Told("movement")
    told.say(REQUEST)
    must = rule(for_each="movement", when="movement.requested", must={**NOTED, "due": due})
    assert only(must, told, 29 * H).outcome == "pending"
    assert only(must, told, 40 * H).outcome == outcome
    assert only(must, told, 1).look_again_at == START + 29 * H + 1


def test_what_the_giving_up_called_up_or_what_came_after_is_owed() -> None:
    """AG-58"""
    told = Told("movement")
    told.say(REQUEST)
    told.say(CANCEL, 5)
    told.say(DEPART, 6, void="gave_up")
    cancelled = rule(for_each="movement", when="movement.cancelled", must=NOTED)
    departed = rule(for_each="movement", when={"event": "movement.departed", "effect": "void"}, must=NOTED)
    assert [only(r, told, 40 * H).outcome for r in (cancelled, departed)] == ["breached", "breached"]
    silent = rule(for_each="movement", when="movement.cancelled", gap={"event": "movement.noted", "at_most": "PT1H"})
    assert [only(silent, told, t).outcome for t in (H, 2 * H)] == ["pending", "breached"]
    lapsed = Told("movement")
    lapsed.say(REQUEST)
    lapsed.say(DEPART, 30 * H, void="lapsed")
    assert only(departed, lapsed, 99 * H).outcome == "breached"


def test_what_must_never_happen_stays_forbidden_when_a_movement_was_given_up() -> None:
    """AG-58"""
    never = rule(for_each="movement", when="movement.requested", never={"event": "movement.departed", "effect": "any"})
    told = Told("movement")
    told.say(REQUEST)
    told.say(CANCEL, 5)
    assert only(never, told, 9).outcome == "not_due"
    told.say(DEPART, 6, void="gave_up")
    assert only(never, told).outcome == "breached"


@pytest.mark.parametrize(
    "demand",
    [
        {"always": {"hold": "said.checked_in == 0", "until": {"event": "movement.arrived"}}},
        {"gap": {"event": "movement.noted", "at_most": "PT10H"}},
        {"recur": {"event": "movement.noted", "every": "P1D"}},
        {"one": {"taken": {"event": "movement.noted"}, "given_up": {"event": "movement.noted"}, "holder": "body.who"},
         "grace": "PT9H"},
    ],
)  # fmt: skip
def test_what_lasts_ends_with_a_cancelling(demand: dict[str, object]) -> None:
    """AG-58"""
    told = Told("movement")
    told.say(REQUEST)
    told.say(CANCEL, 5)
    found = only(rule(for_each="movement", when="movement.requested", **demand), told, 99 * H)
    assert (found.outcome, found.reason, found.happened_at) == ("not_due", Reason.GIVEN_UP, START + 5)
