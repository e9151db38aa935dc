"""Who could have known, on the command line: a table with sentences, what is in common, and what cannot be asked."""

from __future__ import annotations

import pytest

from safeconduct.core.statement import read_entry
from tests.unit.edges.cli.office import Office, request
from tests.unit.edges.cli.test_orders import keep_custody, sealed


@pytest.mark.slow
def test_it_is_told_in_a_table_with_what_several_have_in_common(office: Office) -> None:
    """KNEW-10, KNEW-13, KNEW-15, REC-70"""
    sealed(office, "leaked1")
    sealed(office, "leaked2")
    guard = "gate guard at the port"
    office.must("order", "tell", "leaked1", "rendezvous", "--to", guard, *office.by("manager"))
    office.clock.advance(1_000)
    shown = office.must("knew", "leaked1/rendezvous", "leaked2/rendezvous", *office.by("host_auditor"))
    words = ("who could have known leaked1/rendezvous before ", guard, "sealed it (exact, ", "in common", "knew 2 of 2")
    told = office.must("knew", "leaked1/rendezvous", *office.by("auditor")).out
    assert [word for word in words if word not in shown.out] == [guard]
    assert "was told by sending/manager (exact, " in told
    assert [word for word in ("guilty", "leaked by", "gate 2") if word in shown.out + told] == []
    found = office.must("knew", "leaked1/rendezvous", "--before", "+1h", "--json", *office.by("auditor")).json()
    assert {knower["who"] for knower in found["facts"][0]["knowers"]} == {"sending/manager", guard}
    early = office.must("knew", "leaked1/rendezvous@2020-01-01T00:00Z", *office.by("auditor")).out
    assert "nobody could have known leaked1/rendezvous before 2020-01-01" in early


def test_what_was_never_sealed_is_said_in_words(office: Office) -> None:
    """KNEW-14"""
    request(office, "open1")
    office.sync()
    shown = office.must("knew", "open1/rendezvous", "open1/route", *office.by("auditor")).out
    assert "open1/rendezvous was never sealed: the record cannot say who knew it" in shown
    assert "nobody could have known all 2" in shown


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("m1",), "expected a movement and a compartment such as m1/rendezvous, got 'm1'"),
        (("M1/rendezvous",), "expected a fact such as m1/rendezvous"),
        (("m1/rendezvous@noon",), "expected a time such as"),
        (("m1/rendezvous",) * 21, "expected at most 20 facts, got 21"),
        (("nowhere/rendezvous",), "no movement 'movement/nowhere' here"),
    ],
)
def test_what_cannot_be_asked_is_told(office: Office, words: tuple[str, ...], message: str) -> None:
    """KNEW-13"""
    answer = office.run("knew", *words, *office.by("auditor"))
    assert (answer.code != 0, message in answer.err) == (True, True), answer.err


def test_only_auditors_are_told(office: Office) -> None:
    """SIGHT-13"""
    answer = office.run("knew", "m1/rendezvous", *office.by("manager"))
    assert (answer.code, "who knew is for the party's authority and for roles" in answer.err) == (1, True)


@pytest.mark.slow
def test_who_does_not_have_it_cannot_say_to_have_told_it(office: Office) -> None:
    """REC-70"""
    keep_custody(office, 1)
    sealed(office, "quiet")
    answer = office.run("order", "tell", "quiet", "rendezvous", "--to", "cook", *office.by("duty"))
    assert (answer.code, "expected a compartment that host/duty sealed, opened or was told" in answer.err) == (2, True)
    other = ("order", "tell", "quiet", "rendezvous", "--to", "cook", "--as", "count", *office.by("manager"))
    assert "(exact), got rendezvous" in office.run(*other).err


def test_a_reason_is_on_the_record_before_the_answer(office: Office) -> None:
    """ACC-20, REC-141"""
    request(office, "why1")
    office.sync()
    before = office._stores["sending"].size("sending")
    office.must("knew", "why1/rendezvous", "why1/route", "--reason", "inquiry of 24 November", *office.by("auditor"))
    (row,) = office._stores["sending"].rows("sending", before, before + 9)
    assert (row.kind, row.subject) == ("access.reasoned", "access/sending/auditor")
    body = bytes(read_entry(row.entry).statement.body)
    assert body == b'{"about":["movement/why1"],"reason":"inquiry of 24 November","what":"knew"}'
