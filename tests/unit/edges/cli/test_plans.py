"""A plan as an officer types it: names, times from now on, and what the agreement fills in."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.unit.edges.cli.office import PLAN, Office, request

HOUR = 3_600_000


def plan_of(office: Office, movement: str) -> dict[str, Any]:
    page = office.must("movement", "show", movement, "--json", *office.by("manager")).json()
    plan: dict[str, Any] = page["row"]["plan"]
    return plan


def with_(option: str, *value: str) -> tuple[str, ...]:
    """The plan's words with one option replaced, or left out."""
    at = PLAN.index(option)
    return (*PLAN[:at], *((option, *value) if value else ()), *PLAN[at + 2 :])


def ask(office: Office, movement: str, words: tuple[str, ...] = PLAN) -> dict[str, Any]:
    office.must("movement", "request", "--id", movement, *words, *office.by("manager"))
    return plan_of(office, movement)


def test_a_movement_without_an_id_gets_one_of_its_day(office: Office) -> None:
    made = office.must("movement", "request", *PLAN, "--json", *office.by("manager")).json()["subject"]
    assert re.fullmatch(r"movement/m-202410[0-9]{2}-[0-9a-f]{6}", made)


def test_sites_and_groups_are_called_by_their_names(office: Office) -> None:
    words = with_("--from", "karachi AIRPORT")
    at = words.index("--group")
    plan = ask(office, "named", (*words[:at], "--group", "unit 7", *words[at + 2 :]))
    assert (plan["route"]["origin"], plan["people"]["group"]) == ("airport", "engineers")


def test_districts_and_people_come_from_the_register(office: Office) -> None:
    plan = ask(office, "register")
    assert (plan["route"]["districts"], plan["people"]["count"]) == (["malir", "qasim"], 12)


def test_what_is_said_counts_before_the_register(office: Office) -> None:
    plan = ask(office, "said", (*PLAN, "--district", "korangi", "--district", "korangi", "--people", "3"))
    assert (plan["route"]["districts"], plan["people"]["count"]) == (["korangi"], 3)


def test_the_agreement_says_by_when_approvals_are_in(office: Office) -> None:
    timing = ask(office, "review")["timing"]
    assert timing["earliest"] - timing["review_by"] == 2 * HOUR


def test_a_window_is_counted_from_now(office: Office) -> None:
    timing = ask(office, "window")["timing"]
    now = office.clock.now() // 1000 * 1000
    assert (timing["earliest"] - now, timing["latest"] - now) == (30 * HOUR, 32 * HOUR)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (with_("--from", "Nowhere Street"), "--from: expected the id or name of a site ("),
        (with_("--from", "nowhere"), "expected --district, because nowhere is not registered, got none"),
        (with_("--group", "strangers"), "expected --people, because strangers is not registered with a number"),
        (with_("--earliest", "soon"), "--earliest: expected a time such as"),
        (with_("--earliest", "2024-10-08T10:00"), "--earliest: expected a time with its zone"),
        (with_("--latest", "2020-01-01T00:00Z"), "--latest: expected a time after now"),
        (with_("--latest", "+29h"), "--latest: expected a time after --earliest"),
        (with_("--earliest", "+1h"), "expected --review-by, because the agreed time for it"),
        ((*PLAN, "--review-by", "2020-01-01T00:00Z"), "--review-by: expected a time after now"),
        (with_("--purpose"), "expected --purpose, got none"),
        (with_("--purpose", ""), "--purpose: expected a text of 1 to 2,000 characters"),
        ((*PLAN, "--people", "0"), "--people: expected a whole number from 1 to 10000, got '0'"),
        ((*PLAN, "--manifest", "abc"), "--manifest: expected a digest of 64 hexadecimal digits"),
        (with_("--protection-level", "B 6"), "--protection-level: expected an id"),
    ],
)
def test_a_plan_that_makes_no_sense_is_refused_before_anything_is_said(
    office: Office, words: tuple[str, ...], message: str
) -> None:
    answer = office.run("movement", "request", "--id", "senseless", *words, *office.by("manager"))
    there = office.run("movement", "show", "senseless", *office.by("manager")).code
    assert (answer.code, message in answer.err, there) == (2, True, 1), answer


def test_a_name_that_two_sites_have_is_refused(office: Office) -> None:
    for site in ("twin-1", "twin-2"):
        words = ("register", "site", site, "--name", "Twin", "--district", "d", "--at", "1,2")
        office.must(*words, *office.by("registrar"))
    answer = office.run("movement", "request", *with_("--to", "twin"), *office.by("manager"))
    assert (answer.code, "--to: expected one site, got a name that twin-1, twin-2 have" in answer.err) == (2, True)


def test_an_urgent_movement_says_itself_by_when_it_is_reviewed(office: Office) -> None:
    words = with_("--earliest", "+1h")
    timing = ask(office, "urgent", (*words, "--review-by", "+30m"))["timing"]
    assert timing["earliest"] - timing["review_by"] == HOUR // 2


def test_a_change_leaves_what_it_does_not_name(office: Office) -> None:
    before = ask(office, "changed")
    words = ("movement", "change", "changed", "--escort-vehicles", "4", "--reason", "threat")
    office.must(*words, *office.by("manager"))
    after = plan_of(office, "changed")
    assert after == {**before, "escort": {**before["escort"], "escort_vehicles": 4}}


def test_a_window_that_moves_takes_its_review_along(office: Office) -> None:
    ask(office, "moved")
    words = ("movement", "change", "moved", "--earliest", "+40h", "--latest", "+42h", "--reason", "flight is late")
    office.must(*words, *office.by("manager"))
    timing = plan_of(office, "moved")["timing"]
    assert timing["earliest"] - timing["review_by"] == 2 * HOUR


def test_a_new_destination_has_its_own_districts(office: Office) -> None:
    ask(office, "rerouted")
    words = ("register", "site", "plant", "--name", "Plant", "--district", "hub", "--at", "25,67")
    office.must(*words, *office.by("registrar"))
    office.must("movement", "change", "rerouted", "--to", "plant", "--reason", "new site", *office.by("manager"))
    route = plan_of(office, "rerouted")["route"]
    assert (route["origin"], route["destination"], route["districts"]) == ("airport", "plant", ["malir", "hub"])


def test_a_change_of_nothing_is_refused_by_the_record(office: Office) -> None:
    ask(office, "same")
    answer = office.run("movement", "change", "same", "--reason", "none", *office.by("manager"))
    assert (answer.code, "the plan is as it was" in answer.err) == (1, True)


def test_only_the_side_that_asked_changes(office: Office) -> None:
    request(office, "theirs")
    answer = office.run("movement", "change", "theirs", "--people", "3", "--reason", "x", *office.by("district"))
    assert (answer.code, "may say movement.changed" in answer.err) == (1, True)
