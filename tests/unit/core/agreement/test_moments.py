"""Demands that one event decides, at their boundaries."""

from __future__ import annotations

import pytest

from safeconduct.core.agreement import Outcome, Reason, Rule
from tests.unit.core.agreement.judged import (
    APPROVE,
    CLOSE,
    DEPART,
    EARLIEST,
    HOUR,
    MINUTE,
    REQUEST,
    START,
    Told,
    arrive,
    change,
    judged,
    only,
    posts,
    rule,
    stands,
)

H = HOUR


# --- must -------------------------------------------------------------------------------------------------------------

MUST = rule(when="post.opened", must={"event": "post.scanned", "due": "trigger + PT10H"}, grace="PT1H", cure="PT2H")


@pytest.mark.parametrize(
    ("done", "now", "expected"),
    [
        (None, 11 * H, ("pending", "not_done_yet", False)),
        (None, 11 * H + 1, ("breached", "not_done", False)),
        (9 * H, 20 * H, ("met", "done_in_time", False)),
        (9 * H + 1, 20 * H, ("met", "done_in_time", True)),
        (10 * H, 20 * H, ("met", "done_in_time", True)),
        (10 * H + 1, 20 * H, ("met", "done_in_time", True)),
        (11 * H, 20 * H, ("met", "done_in_time", True)),
        (11 * H + 1, 20 * H, ("breached", "done_late", False)),
    ],
)
def test_what_must_be_done_is_judged_to_the_millisecond(
    done: int | None, now: int, expected: tuple[str, str, bool]
) -> None:
    """AG-54, AG-55, AG-60"""
    told = posts(("opened", 0), *([("scanned", done)] if done is not None else []))
    found = only(MUST, told, now)
    assert (stands(found), found.due_at) == (expected, START + 10 * H)
    assert found.happened_at == (None if done is None else START + done)


@pytest.mark.parametrize(("done", "cured"), [(11 * H + 1, True), (13 * H, True), (13 * H + 1, False)])
def test_what_is_done_within_the_cure_is_cured_and_stays_a_breach(done: int, cured: bool) -> None:
    """AG-59"""
    found = only(MUST, posts(("opened", 0), ("scanned", done)))
    assert (found.outcome, found.cured_at) == (Outcome.BREACHED, START + done if cured else None)


def test_without_a_length_in_its_instant_a_duty_has_the_time_from_the_trigger() -> None:
    """AG-55"""
    by_plan = rule(
        for_each="movement", when="movement.requested", must={"event": "movement.noted", "due": "plan.earliest"}
    )
    for left, near in ((3 * H, False), (3 * H - 1, True)):
        told = Told("movement")
        told.say(REQUEST)
        told.file("noted", EARLIEST - START - left)
        assert only(by_plan, told, 40 * H).near is near


@pytest.mark.parametrize(
    ("since", "said", "outcome"),
    [
        ("trigger", [("scanned", 0), ("opened", 0)], "pending"),
        ("start", [("scanned", 0), ("opened", 0)], "met"),
        ("trigger", [("opened", 0), ("scanned", 0)], "met"),
        ("start", [("scanned", 0), *[("scanned", 1, {"n": 9})] * 255, ("opened", 2)], "met"),
        ("start", [("scanned", 0), *[("scanned", 1, {"n": 9})] * 256, ("opened", 2)], "pending"),
    ],
)
def test_events_from_the_trigger_on_count_or_from_the_start(
    since: str, said: list[tuple[object, ...]], outcome: str
) -> None:
    """AG-61"""
    must = {"event": "post.scanned", "due": "trigger + PT1H", "since": since, "where": "body.n == 0"}
    assert only(rule(when="post.opened", must=must), posts(*said)).outcome == outcome


def test_the_trigger_counts_for_its_own_duty() -> None:
    """AG-61"""
    same = rule(when="post.opened", must={"event": "post.opened", "due": "trigger", "where": "body.ok"})
    assert only(same, posts(("opened", 5, {"ok": True}))).outcome == "met"


@pytest.mark.parametrize(("done", "outcome"), [(2 * H - 1, "pending"), (2 * H, "met")])
def test_what_is_done_before_its_time_does_not_count(done: int, outcome: str) -> None:
    """AG-60"""
    must = {"event": "post.scanned", "due": "trigger + PT10H", "not_before": "trigger + PT2H"}
    assert only(rule(when="post.opened", must=must), posts(("opened", 0), ("scanned", done))).outcome == outcome


def test_of_several_parties_the_latest_of_their_first_ones_decides() -> None:
    """AG-62: however often one of them says it."""
    must = {"event": "post.scanned", "due": "trigger + PT10H", "parties": ["host", "sending"]}
    both = rule(when="post.opened", must=must)
    often = [("scanned", n * MINUTE) for n in range(1, 100)]
    found = only(both, posts(("opened", 0), *often))
    assert (found.outcome, found.missing) == ("pending", ("sending",))
    late = posts(("opened", 0), *often, ("scanned", 10 * H, "approver"), ("scanned", 11 * H, "approver"))
    assert (only(both, late).outcome, only(both, late).happened_at) == ("met", START + 10 * H)
    too_late = posts(("opened", 0), *often, ("scanned", 10 * H + 1, "approver"))
    assert only(both, too_late).outcome == "breached"


def notice(**more: str) -> Rule:
    must = {"event": "post.opened", "received_by": "sending", "due": "trigger + PT1H", **more}
    return rule(when="post.opened", must=must)


def test_a_notice_by_the_one_who_is_to_have_it_is_not_due() -> None:
    """AG-63"""
    for clock in ("fair", "offered", "received"):
        found = only(notice(clock=clock), posts(("opened", 0, "approver")))
        assert (found.outcome, found.reason) == ("not_due", Reason.NOTICE_IS_OWN)


@pytest.mark.parametrize(
    ("clock", "received", "now", "outcome"),
    [
        ("fair", None, H, "pending"),
        ("fair", None, H + 1, "disputed"),
        ("fair", H, 2 * H, "met"),
        ("fair", H + 1, 2 * H, "disputed"),
        ("received", None, H, "pending"),
        ("received", None, H + 1, "breached"),
        ("received", H, 2 * H, "met"),
        ("received", H + 1, 2 * H, "breached"),
        ("offered", None, 2 * H, "met"),
        ("offered", H + 1, 2 * H, "met"),
    ],
)
def test_which_clock_a_notice_is_judged_by(clock: str, received: int | None, now: int, outcome: str) -> None:
    """AG-64"""
    told = posts(("opened", 0))
    shown = {} if received is None else {told.events[0].evidence.id: received}
    found = only(notice(clock=clock), told, now, shown)
    assert found.outcome == outcome
    if outcome == "disputed" and received is not None:
        assert [e.party for e in found.evidence] == ["host", "sending"]


def test_a_notice_that_was_offered_late_is_a_breach_whatever_was_received() -> None:
    """AG-64"""
    must = {"event": "post.scanned", "received_by": "sending", "due": "trigger + PT1H"}
    told = posts(("opened", 0), ("scanned", H + 1))
    found = only(rule(when="post.opened", must=must), told, 3 * H, {told.events[1].evidence.id: H + 1})
    assert (found.outcome, found.reason) == ("breached", Reason.OFFERED_LATE)


def test_an_instant_of_the_plan_is_that_of_the_current_plan() -> None:
    """AG-65: until nothing can change it any more."""
    by_plan = rule(
        for_each="movement", when="movement.requested", must={"event": "movement.noted", "due": "plan.earliest - PT10H"}
    )
    told = Told("movement")
    told.say(REQUEST)
    told.file("noted", 21 * H)
    assert only(by_plan, told).outcome == "breached"
    told.say(change(EARLIEST + 10 * H), 21 * H + 1)
    assert (only(by_plan, told).outcome, only(by_plan, told).due_at) == ("met", EARLIEST)
    told.say(APPROVE, 22 * H)
    told.say(DEPART, 22 * H)
    assert only(by_plan, told, 99 * H).outcome == "met"


# --- always -----------------------------------------------------------------------------------------------------------


def test_without_until_what_must_hold_is_asked_at_the_trigger_alone() -> None:
    """AG-68"""
    at_once = rule(when="post.opened", always={"hold": "filed.opened.n < 2"})
    assert only(at_once, posts(("opened", 0, {"n": 1}), ("scanned", 1))).outcome == "met"
    assert only(at_once, posts(("opened", 0, {"n": 2}))).outcome == "breached"


@pytest.mark.parametrize(
    ("said", "outcome"),
    [
        ([("scanned", 1)], "pending"),
        ([("scanned", 1), ("scanned", 2), ("closed", 3)], "breached"),
        ([("scanned", 1), ("closed", 2), ("scanned", 3)], "met"),
        ([("scanned", 1, {"n": 9}), ("closed", 2, {"n": 1})], "breached"),
    ],
)
def test_with_until_it_is_asked_at_every_event_to_that_one(said: list[tuple[object, ...]], outcome: str) -> None:
    """AG-68"""
    always = {"hold": "filed.scanned.count < 2 && filed.closed.n < 1", "until": {"event": "post.closed"}}
    assert only(rule(when="post.opened", always=always), posts(("opened", 0), *said)).outcome == outcome


def test_a_trigger_is_never_its_own_until() -> None:
    """AG-68"""
    always = {"hold": "filed.scanned.count == 0", "until": {"event": "post.opened"}}
    to_next = rule(when="post.opened", always=always)
    assert [f.outcome for f in judged(to_next, posts(("opened", 0)))] == ["pending"]
    assert [f.outcome for f in judged(to_next, posts(("opened", 0), ("opened", 1)))] == ["met", "pending"]


@pytest.mark.parametrize(("again", "cured"), [(H + 5, True), (H + 6, False)])
def test_what_holds_again_within_the_cure_is_cured(again: int, cured: bool) -> None:
    """AG-59"""
    always = {"hold": "filed.scanned.n < 2", "until": {"event": "post.closed"}}
    mended = rule(when="post.opened", always=always, cure="PT1H")
    told = posts(("opened", 0), ("scanned", 5, {"n": 2}), ("scanned", again, {"n": 0}), ("closed", again))
    found = only(mended, told)
    assert (found.outcome, found.happened_at) == ("breached", START + 5)
    assert found.cured_at == (START + again if cured else None)


# --- never ------------------------------------------------------------------------------------------------------------

NEVER = rule(
    when="post.opened",
    never={"event": "post.scanned", "until": {"event": "post.closed"}, "before": "trigger + PT1H", "effect": "any"},
)


@pytest.mark.parametrize(
    ("said", "now", "outcome"),
    [
        ([], H - 1, "pending"),
        ([], H, "met"),
        ([("scanned", 0)], H, "breached"),
        ([("scanned", H - 1)], H, "breached"),
        ([("scanned", H)], H, "met"),
        ([("closed", 5), ("scanned", 6)], 7, "met"),
    ],
)
def test_what_must_never_happen(said: list[tuple[object, ...]], now: int, outcome: str) -> None:
    """AG-70"""
    assert only(NEVER, posts(("opened", 0), *said), now).outcome == outcome


def test_neither_the_trigger_nor_what_came_before_breaches() -> None:
    """AG-70"""
    itself = rule(when="post.opened", never={"event": "post.opened"}, each="first")
    assert only(itself, posts(("opened", 0))).outcome == "pending"
    assert only(itself, posts(("opened", 0), ("opened", 0))).outcome == "breached"
    assert only(NEVER, posts(("scanned", 0), ("opened", 0))).outcome == "pending"


def test_what_ends_the_time_may_itself_be_the_breach() -> None:
    """AG-70: departing without approval, until they depart."""
    never = {
        "event": "movement.departed", "effect": "any", "where": "movement.unapproved.size() > 0",
        "until": {"event": "movement.departed", "effect": "any"},
    }  # fmt: skip
    unapproved = rule(for_each="movement", when="movement.requested", never=never)
    told = Told("movement")
    told.say(REQUEST)
    told.say(DEPART, 1, void="gate_open")
    assert only(unapproved, told).outcome == "breached"
    told = Told("movement")
    told.say(REQUEST)
    told.say(APPROVE, 1)
    told.say(DEPART, 2)
    assert only(unapproved, told).outcome == "met"


def test_what_must_never_happen_did_not_when_the_subject_is_done() -> None:
    """AG-70"""
    never = rule(for_each="movement", when="movement.departed", never={"event": "movement.noted"})
    told = Told("movement")
    for t, act in enumerate((REQUEST, APPROVE, DEPART, CLOSE)):
        told.say(act, t)
    assert (only(never, told).outcome, only(never, told).happened_at) == ("met", START + 3)


# --- equal ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("heads", "t", "on_difference", "outcome"),
    [
        (4, 20 * H, "breached", "met"),
        (5, 20 * H, "breached", "breached"),
        (3, 20 * H, "disputed", "disputed"),
        (4, 31 * H + 1, "disputed", "breached"),
        (None, 31 * H, "disputed", "pending"),
        (None, 31 * H + 1, "disputed", "breached"),
    ],
)
def test_what_was_planned_is_compared_with_what_came(
    heads: int | None, t: int, on_difference: str, outcome: str
) -> None:
    """AG-89"""
    equal = {
        "event": "movement.arrived", "planned": "plan.people.count", "actual": "body.heads",
        "due": "plan.earliest + PT1H", "on_difference": on_difference,
    }  # fmt: skip
    told = Told("movement")
    for act in (REQUEST, APPROVE, DEPART):
        told.say(act)
    if heads is not None:
        told.say(arrive(heads), t)
        told.say(arrive(4), t)
    found = only(rule(for_each="movement", when="movement.departed", equal=equal), told, t)
    assert (found.outcome, found.planned) == (outcome, "4")


def test_a_difference_is_never_cured() -> None:
    """AG-59, AG-89"""
    equal = {"event": "post.scanned", "planned": "trigger.body.n", "actual": "body.n", "due": "trigger + PT1H"}
    same = rule(when="post.opened", equal=equal, cure="PT9H")
    told = posts(("opened", 0, {"n": 1}), ("scanned", 2 * H, {"n": 2}))
    assert (only(same, told).outcome, only(same, told).cured_at) == ("breached", None)
    late = posts(("opened", 0, {"n": 1}), ("scanned", 2 * H, {"n": 1}))
    assert only(same, late).cured_at == START + 2 * H


# --- one --------------------------------------------------------------------------------------------------------------

ONE = rule(
    when="post.opened",
    one={
        "taken": {"event": "post.handed", "where": "body.ok"},
        "given_up": {"event": "post.handed", "where": "!body.ok"},
        "holder": "body.who",
        "until": {"event": "post.closed"},
    },
    grace="PT1H",
    cure="PT1H",
)


def hand(t: int, who: str, *, takes: bool) -> tuple[object, ...]:
    return ("handed", t, {"who": who, "ok": takes})


@pytest.mark.parametrize(
    ("said", "now", "outcome", "reason"),
    [
        ([("opened", 0)], H, "pending", "one_holder_so_far"),
        ([("opened", 0)], H + 1, "breached", "no_holder"),
        ([hand(0, "a", takes=True), ("opened", 0)], 99 * H, "pending", "one_holder_so_far"),
        # Wrongs from before do not count, holders do.
        ([hand(0, "a", takes=True), hand(1, "a", takes=False), hand(9 * H, "b", takes=True), ("opened", 10 * H)],
         99 * H, "pending", "one_holder_so_far"),
        ([("opened", 0), hand(H, "a", takes=True)], 99 * H, "pending", "one_holder_so_far"),
        ([("opened", 0), hand(1, "a", takes=True), hand(2, "b", takes=True)], H + 3, "breached", "several_holders"),
        ([("opened", 0), hand(1, "a", takes=True), hand(2, "b", takes=True), hand(H, "a", takes=False)], 99 * H,
         "pending", "one_holder_so_far"),
        ([("opened", 0), hand(1, "a", takes=True), hand(2, "a", takes=True)], 99 * H, "pending", "one_holder_so_far"),
        ([("opened", 0), hand(1, "a", takes=True), ("closed", 9 * H)], 99 * H, "met", "one_holder"),
        ([("opened", 0), ("closed", H + 1)], 99 * H, "breached", "no_holder"),
        ([("opened", 0), ("closed", H)], 99 * H, "met", "one_holder"),
    ],
)  # fmt: skip
def test_there_is_exactly_one_holder(said: list[tuple[object, ...]], now: int, outcome: str, reason: str) -> None:
    """AG-92"""
    found = only(ONE, posts(*said), now)
    assert (found.outcome, found.reason) == (outcome, reason)


@pytest.mark.parametrize(("t", "cured"), [(2 * H, True), (2 * H + 1, False)])
def test_a_missing_holder_is_made_good_by_one(t: int, cured: bool) -> None:
    """AG-59, AG-92"""
    found = only(ONE, posts(("opened", 0), hand(t, "a", takes=True)), 99 * H)
    assert (found.outcome, found.due_at, found.happened_at) == ("breached", START, START + t)
    assert found.cured_at == (START + t if cured else None)
