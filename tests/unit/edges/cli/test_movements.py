"""One movement from request to closing, each step by the one whose step it is, and the refusals on the way."""

from __future__ import annotations

import json

import httpx
import pytest

from safeconduct.node import queries
from safeconduct.testing import authority
from tests.unit.edges.cli.office import PLAN, Office, approve, let_go, request
from tests.unit.node.departed import every_day


def phase(office: Office, movement: str, name: str = "duty") -> str:
    return str(office.must("movement", "show", movement, "--json", *office.by(name)).json()["row"]["phase"])


def refused(office: Office, *words: str) -> tuple[int, str]:
    """Exit code, and the record's reason as a word."""
    answer = office.run("movement", *words, "--json")
    return answer.code, json.loads(answer.err)["error"]["code"]


# --- from request to closing ------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_movement_goes_from_request_to_closing_on_both_sides(office: Office) -> None:
    request(office, "whole")
    phases = [phase(office, "whole")]
    for name, verb in [
        ("embassy", "acknowledge"),
        ("embassy", "relay"),
        ("ministry", "acknowledge"),
        ("ministry", "relay"),
    ]:
        office.must("movement", verb, "whole", *office.by(name))
        office.sync()
    approve(office, "whole")
    phases.append(phase(office, "whole"))
    let_go(office, "whole")
    phases.append(phase(office, "whole"))
    office.must("movement", "check-in", "whole", "--at", "24.8,67.2", "--note", "toll plaza", *office.by("leader"))
    office.must("movement", "arrive", "whole", "--heads", "12", *office.by("leader"))
    phases.append(phase(office, "whole", "manager"))
    office.must("movement", "close", "whole", "--note", "all well", *office.by("manager"))
    office.sync()
    phases += [phase(office, "whole", name) for name in ("manager", "duty")]
    assert phases == ["requested", "approved", "under_way", "arrived", "closed", "closed"]


def test_a_movement_under_way_is_aborted_after_a_yes(office: Office) -> None:
    request(office, "aborted")
    approve(office, "aborted")
    let_go(office, "aborted")
    words = ("movement", "abort", "aborted", "--reason", "vehicle fault", *office.by("escort"))
    asked = office.run(*words, typed="n\n")
    before = phase(office, "aborted")
    office.must(*words, typed="y\n")
    assert (asked.code, before, phase(office, "aborted")) == (1, "under_way", "aborted")


@pytest.mark.parametrize(
    ("verb", "name", "outcome"), [("refuse", "approver", "refused"), ("cancel", "manager", "cancelled")]
)
def test_a_stop_is_said_after_a_yes(office: Office, verb: str, name: str, outcome: str) -> None:
    request(office, f"{verb}-1")
    words = ("movement", verb, f"{verb}-1", "--reason", "no escort", *office.by(name))
    asked = office.run(*words, typed="n\n")
    before = phase(office, f"{verb}-1", name)
    office.must(*words, typed="y\n")
    assert (asked.code, before, phase(office, f"{verb}-1", name)) == (1, "requested", outcome)


# --- consent ----------------------------------------------------------------------------------------------------------


def test_the_plan_is_shown_before_it_is_approved(office: Office) -> None:
    request(office, "shown")
    answer = office.run("movement", "approve", "shown", *office.by("approver"), typed="n\n")
    assert (answer.code, "12 of engineers" in answer.err, "shift change" in answer.err) == (1, True, True)
    assert phase(office, "shown", "approver") == "requested"


def test_what_was_shown_is_what_is_approved_though_the_plan_changes_meanwhile(office: Office) -> None:
    request(office, "changing")
    page = office.must("movement", "show", "changing", "--json", *office.by("approver")).out
    office.must("movement", "change", "changing", "--people", "14", "--reason", "two more", *office.by("manager"))
    office.instead = [httpx.Response(200, content=page.encode())]
    office.must("movement", "approve", "changing", "--yes", *office.by("approver"))
    row = office.must("movement", "show", "changing", "--json", *office.by("approver")).json()["row"]
    assert "sending" in row["consent_missing"]


def with_habit(office: Office, movement: str, days: int = 40) -> None:
    """A group of that name asks for a movement; both nodes saw it leave in that hour on so many days before."""
    at = PLAN.index("--group")
    words = (*PLAN[:at], "--group", movement, "--people", "12", *PLAN[at + 2 :])
    office.must("movement", "request", "--id", movement, *words, *office.by("manager"))
    office.sync()
    for node in office.links.nodes.values():
        every_day(node, queries.movement(node, authority(node), f"movement/{movement}").row.plan, days, at=10 * 60_000)


def test_who_approves_sees_how_well_it_could_be_guessed_before_being_asked(office: Office) -> None:
    """PRED-12, PRED-15: the warning, the four answers, and why; a no signs nothing."""
    with_habit(office, "habit")
    answer = office.run("movement", "approve", "habit", *office.by("approver"), typed="n\n")
    words = ("WARNING: somebody who has only watched", "the agreement warns from 300 on", "in which half-hour",
             "40 of 40 days", "They left from there on each of the last 5", "always by this route.",
             "Approve this plan as")  # fmt: skip
    places = [answer.err.find(word) for word in words]
    assert (answer.code, min(places) >= 0, max(places) == places[-1]) == (1, True, True)
    assert phase(office, "habit", "approver") == "requested"


def test_a_warning_is_also_said_where_nothing_is_asked_and_refuses_nothing(office: Office) -> None:
    """PRED-12: the program's JSON stays whole."""
    with_habit(office, "unasked")
    answer = office.must("movement", "approve", "unasked", "--yes", "--json", *office.by("approver"))
    row = office.must("movement", "show", "unasked", "--json", *office.by("approver")).json()["row"]
    assert ("warning: somebody who has only watched" in answer.err, row["approved_by"]) == (True, ["sending"])
    assert answer.json()


def test_a_program_gets_the_same_as_numbers(office: Office) -> None:
    """PRED-10"""
    with_habit(office, "numbers")
    found = office.must("movement", "show", "numbers", "--json", *office.by("duty")).json()["predictability"]
    guess = found["guess"]
    assert (found["days"], found["is_warning"], guess["hour"]["times"], guess["route"]["times"]) == (40, True, 40, 40)
    assert guess["together"] >= found["warn"]


def test_on_too_few_days_people_read_that_it_is_too_few_to_say(office: Office) -> None:
    """PRED-11"""
    with_habit(office, "few", days=3)
    shown = office.must("movement", "show", "few", *office.by("duty")).out
    assert ("Days on which they were seen to leave from there: 3; needed: 8." in shown, "WARNING" in shown) == (
        True,
        False,
    )


def test_who_asked_does_not_approve(office: Office) -> None:
    request(office, "own")
    assert refused(office, "approve", "own", "--yes", *office.by("manager")) == (1, "role_may_not")


def test_a_check_says_what_would_come_of_it_and_says_nothing(office: Office) -> None:
    request(office, "checked")
    good = office.run("movement", "approve", "checked", "--check", "--json", *office.by("approver"))
    bad = office.run("movement", "depart", "checked", "--heads", "12", "--check", "--json", *office.by("escort"))
    history = office.must("movement", "show", "checked", "--json", *office.by("approver")).json()["history"]
    assert (good.code, json.loads(good.out)["takes_effect"], bad.code, json.loads(bad.out)["code"], len(history)) == (
        0,
        True,
        1,
        "is_requested",
        1,
    )


# --- the notice chain -------------------------------------------------------------------------------------------------


def test_the_chain_knows_whose_turn_it_is(office: Office) -> None:
    request(office, "chain")
    office.must("movement", "acknowledge", "chain", *office.by("embassy"))
    office.must("movement", "relay", "chain", *office.by("embassy"))
    history = office.must("movement", "show", "chain", "--json", *office.by("embassy")).json()["history"]
    assert [line["body"] for line in history[1:]] == [
        {"role": "embassy_desk"},
        {"role": "embassy_desk", "to_role": "ministry_desk"},
    ]


@pytest.mark.parametrize("verb", ["acknowledge", "relay"])
def test_somebody_outside_the_chain_is_told_so(office: Office, verb: str) -> None:
    request(office, f"outside-{verb}")
    answer = office.run("movement", verb, f"outside-{verb}", *office.by("guard"))
    assert (answer.code, "host/guard has not exactly one role of the chain, got none" in answer.err) == (2, True)


def test_the_last_of_the_chain_relays_to_nobody(office: Office) -> None:
    request(office, "last")
    answer = office.run("movement", "relay", "last", "--role", "unit_commander", *office.by("duty"))
    assert (answer.code, "expected a role of the chain that has a next one" in answer.err) == (2, True)


def test_a_relay_past_the_next_one_is_refused_by_the_record(office: Office) -> None:
    request(office, "past")
    words = ("relay", "past", "--role", "embassy_desk", "--to-role", "unit_commander")
    assert refused(office, *words, *office.by("embassy")) == (1, "not_next_in_chain")


# --- the gate ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "name", "code"),
    [
        (("attest", "--item", "no_such", "--holds"), "escort", "no_such_item"),
        (("attest", "--item", "sweep", "--holds"), "escort", "not_your_item"),
        (("attest", "--item", "head_count", "--holds"), "guard", "heads_missing"),
        (("except", "--item", "head_count", "--reason", "x", "--yes"), "security", "no_exception"),
        (("except", "--item", "sweep", "--reason", "x", "--yes"), "security", "not_your_exception"),
        (("depart",), "escort", "is_requested"),
        (("arrive", "--heads", "12"), "leader", "is_requested"),
        (("close",), "manager", "is_requested"),
        (("check-in",), "leader", "is_requested"),
        (("abort", "--reason", "x", "--yes"), "leader", "is_requested"),
    ],
)
def test_the_record_s_reason_is_heard_at_once(office: Office, words: tuple[str, ...], name: str, code: str) -> None:
    movement = f"heard-{words[0]}-{code.replace('_', '-')}"
    request(office, movement)
    assert refused(office, words[0], movement, *words[1:], *office.by(name)) == (1, code)


def test_an_attestation_may_say_that_an_item_does_not_hold(office: Office) -> None:
    request(office, "not-held")
    words = ("movement", "attest", "not-held", "--item", "sweep", "--does-not-hold", "--note", "a parked van")
    office.must(*words, *office.by("sweep"))
    gate = office.must("movement", "show", "not-held", "--json", *office.by("sweep")).json()["gate"]
    assert {line["item"]: line["why"] for line in gate}["sweep"] == "does_not_hold"


def test_an_exception_is_taken_on_after_a_yes(office: Office) -> None:
    request(office, "exempt")
    words = (
        "movement",
        "except",
        "exempt",
        "--item",
        "radio_check",
        "--reason",
        "sets are new",
        *office.by("security"),
    )
    asked = office.run(*words, typed="n\n")
    office.must(*words, typed="y\n")
    gate = office.must("movement", "show", "exempt", "--json", *office.by("security")).json()["gate"]
    by = {line["item"]: line["exempted_by"] for line in gate}["radio_check"]
    assert (asked.code, by) == (1, "sending/security")


# --- looking ----------------------------------------------------------------------------------------------------------


def test_a_movement_is_on_one_page(office: Office) -> None:
    request(office, "page")
    shown = office.must("movement", "show", "page", *office.by("duty")).out
    parts = ["movement/page: requested", "ready gate", "notice chain", "owed", "history", "sending/manager", "NTC-1"]
    assert [part for part in parts if part not in shown] == []


def test_a_movement_that_is_not_there_is_not_found(office: Office) -> None:
    answer = office.run("movement", "show", "nowhere", *office.by("duty"))
    assert (answer.code, answer.err) == (1, "safeconduct: no movement 'movement/nowhere' here\n")


def test_the_board_lists_movements_of_both_sides(office: Office) -> None:
    request(office, "listed")
    for name in ("duty", "manager"):
        answer = office.must("movement", "list", "--json", *office.by(name)).json()
        assert "movement/listed" in {row["subject"] for row in answer}
        assert "listed" in office.must("movement", "list", *office.by(name)).out


def test_a_reason_of_the_other_side_steers_no_terminal(office: Office) -> None:
    request(office, "hostile")
    words = ("movement", "refuse", "hostile", "--reason", "no \x1b[2J\u202e escort", "--yes")
    office.must(*words, *office.by("approver"))
    office.sync()
    shown = office.must("movement", "show", "hostile", *office.by("duty")).out
    assert ("no �[2J� escort" in shown, "\x1b" in shown) == (True, False)
