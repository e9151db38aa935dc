"""Each demand at its boundaries."""

from __future__ import annotations

from typing import TypeAlias

import pytest

from safeconduct.core.agreement import Finding, Outcome, Reason, Rule
from tests.unit.core.agreement.judged import (
    APPROVE,
    CANCEL,
    CHECK_IN,
    CLOSE,
    DAY,
    DEPART,
    EARLIEST,
    HOUR,
    MINUTE,
    REQUEST,
    START,
    Told,
    acknowledge,
    arrive,
    change,
    judged,
    rule,
)

Said: TypeAlias = tuple[str, int, dict[str, object]]
H = HOUR


def posts(*said: tuple[object, ...]) -> Told:
    """Forms on a post: name, instant, and perhaps the role that files it; then fields."""
    told = Told()
    for name, t, *more in said:
        role = next((m for m in more if isinstance(m, str)), "escort_lead")
        fields = next((m for m in more if isinstance(m, dict)), {})
        told.file(str(name), int(str(t)), role, **fields)
    return told


def only(rule_: Rule, told: Told, now: int | None = None, shown: dict[str, int] | None = None) -> Finding:
    (found,) = judged(rule_, told, now, shown)
    return found


def stands(finding: Finding) -> tuple[str, str, bool]:
    return (finding.outcome.value, finding.reason.value, finding.near)


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
