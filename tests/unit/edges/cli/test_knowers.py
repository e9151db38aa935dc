"""Who could have known, asked on the command line."""

from __future__ import annotations

import pytest

from tests.unit.edges.cli.office import Office, request
from tests.unit.edges.cli.test_orders import HOUR, keep_custody, sealed


@pytest.mark.slow
def test_everybody_who_could_have_known_is_shown_and_of_several_facts_how_many(office: Office) -> None:
    """KNEW-7, KNEW-8"""
    sealed(office, "known")
    request(office, "unknown")
    office.clock.advance(29 * HOUR)
    office.sync()
    keep_custody(office)
    answer = office.must("knew", "known/rendezvous", "unknown/rendezvous", "--json", *office.by("duty")).json()
    who = {knower["who"] for knower in answer["facts"][0]["knowers"]}
    assert {"sending/manager", "host/node", "host/escort"} <= who
    assert answer["facts"][1]["knowers"] == []
    assert all((row["knew"], row["facts"]) == (1, 2) for row in answer["common"])
    shown = office.must("knew", "known/rendezvous", *office.by("duty")).out
    assert ("could open it" in shown, "has the node's keys" in shown) == (True, True)


def test_nobody_is_an_answer(office: Office) -> None:
    """KNEW-7"""
    request(office, "nobody")
    shown = office.must("knew", "nobody/rendezvous", *office.by("duty")).out
    assert "rendezvous: who could have known it before" in shown.replace(", rendezvous", " rendezvous")
    assert "none" in shown


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("m1",), "expected a fact such as m-20261124-k3x7/route, got 'm1'"),
        (("m1/a/b",), "expected a fact such as"),
        (("nobody2/kitchen",), "no compartment 'kitchen' in this movement's agreement, which has manifest, rendezvous"),
        (("nobody2/route@noon",), "the time of a fact: expected a time"),
        (("nobody2/route", "--before", "noon"), "--before: expected a time"),
        (tuple("nobody2/route" for _ in range(51)), "expected at most 50 facts, got 51"),
    ],
)
def test_what_cannot_be_asked_is_told(office: Office, words: tuple[str, ...], message: str) -> None:
    if office.run("movement", "show", "nobody2", "--json", *office.by("manager")).code:
        request(office, "nobody2")
    answer = office.run("knew", *words, *office.by("duty"))
    assert (answer.code != 0, message in answer.err) == (True, True), answer
