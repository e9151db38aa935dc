"""Sealed marks on the command line: made, read, agreed to, opened, and not there for whoever is not told."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.unit.edges.cli import test_orders as ordered
from tests.unit.edges.cli.office import PEOPLE, Office, agree, found, furnish, request, staff

FEW = ("district", "manager", "approver", "registrar", "security", "patrol")
MORE = {
    "host_security": ("host", "host_security_manager"),
    "host_auditor": ("host", "host_auditor"),
}
WHY = ("--unit", "patrol_lead", "--reason", "two leaks in October")


@pytest.fixture
def marked(tmp_path: Path) -> Iterator[Office]:
    """Two parties under the template, with their sealing keys, and a movement asked for."""
    with Office(tmp_path) as made:
        found(made)
        staff(made, {**{name: PEOPLE[name] for name in FEW}, **MORE})
        agree(made)
        furnish(made)
        ordered.keep_custody(made, 1)
        request(made, "m1")
        yield made


@pytest.mark.slow
def test_the_whole_way_on_the_command_line(marked: Office) -> None:
    """MARK-13, MARK-18, MARK-20, MARK-23"""
    office = marked
    answer = office.run("mark", "shut-out", "m1", *WHY, *office.by("security"), typed="n\n")
    assert (answer.code, "patrol_lead will learn nothing of it" in answer.err, "stopped" in answer.err) == (
        1,
        True,
        True,
    )
    assert office.must("mark", "list", "--json", *office.by("security")).json() == []
    assert "sealed marks: none" in office.must("mark", "list", *office.by("security")).out

    said = office.must("mark", "shut-out", "m1", *WHY, "--json", "--yes", *office.by("security")).json()
    mark_id = said["subject"].removeprefix("mark/")
    assert said["subject"].startswith("mark/k-")
    office.sync()
    (view,) = office.must("mark", "list", "--json", *office.by("host_security")).json()
    assert view["says"] == {
        "sort": "shut_out",
        "about": "movement/m1",
        "unit": "patrol_lead",
        "reason": "two leaks in October",
    }
    assert (view["stands"], view["key"]) == ("works", None)
    assert office.must("mark", "list", "--json", *office.by("patrol")).json() == []
    answers = [office.run("mark", "agree", name, *office.by("patrol")) for name in (mark_id, "k-0")]
    assert [answer.code for answer in answers] == [1, 1]
    assert answers[0].err.replace(mark_id, "k-0") == answers[1].err

    shown = office.run("mark", "agree", mark_id, *office.by("host_security"), typed="y\n")
    assert (shown.code, "two leaks in October" in shown.err) == (0, True)
    office.sync()
    listed = office.must("mark", "list", *office.by("security")).out
    assert "host (host/host_security)" in listed

    denied = office.run("mark", "open", mark_id, "--yes", *office.by("host_security"))
    assert (denied.code, f"may open, got {mark_id}" in denied.err) == (2, True)
    stopped = office.run("mark", "open", mark_id, *office.by("host_auditor"), typed="n\n")
    assert (stopped.code, "Everybody reads it, and it ends" in stopped.err) == (1, True)
    office.must("mark", "open", mark_id, "--yes", *office.by("host_auditor"))
    office.sync()
    (view,) = office.must("mark", "list", "--json", *office.by("patrol")).json()
    assert (view["stands"], view["opened_by"]) == ("opened", "host/host_auditor")
    again = office.run("mark", "open", mark_id, "--yes", *office.by("host_auditor"))
    assert (again.code, "is sealed still, got" in again.err) == (2, True)


@pytest.mark.slow
def test_what_cannot_be_is_told(marked: Office) -> None:
    """MARK-10, MARK-11, MARK-31"""
    office = marked
    by = office.by("security")
    for words, says in (
        (
            ("decoy", "m1", "--reason", "x", "--yes"),
            "marks of the sort decoy, got one without",
        ),
        (("shut-out", "m1", "--unit", "escort_lead", "--reason", "x", "--yes"), "a unit that may be shut out"),
        (("shut-out", "person/x", "--unit", "patrol_lead", "--reason", "x"), "a movement's id such as"),
        (("shut-out", "m1", "--unit", "Patrol", "--reason", "x"), "a role of the agreement, or an actor such as"),
        (("shut-out", "m1", "--unit", "patrol_lead", "--reason", "r" * 401), "a text of 1 to 400 characters"),
        (("shut-out", "m1", *WHY, "--until", "+9d", "--yes"), "no longer than the agreement says"),
    ):
        answer = office.run("mark", *words, *by)
        assert (answer.code in (1, 2), says in answer.err) == (True, True), answer
    answer = office.run("mark", "shut-out", "site/port", *WHY, "--yes", "--json", *office.by("manager"))
    assert (answer.code, json.loads(answer.err)["error"]["code"]) == (2, "input_invalid")
