"""Runs vectors/agreement: which folders are agreements, and how clauses stand, for any other implementation."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import msgspec
import pytest

from safeconduct.core.acts import (
    Act,
    MovementArrived,
    MovementCancelled,
    MovementCheckedIn,
    MovementClosed,
    MovementDeparted,
    MovementRequested,
    Plan,
    Timing,
)
from safeconduct.core.agreement import (
    Book,
    Event,
    Evidence,
    MovementView,
    Rule,
    judge_subject,
    read_folder,
    read_terms,
)
from safeconduct.core.statement import encode
from safeconduct.errors import TermsInvalid
from safeconduct.testing import card_of, small_plan, small_terms
from tests.unit.core.record.reported import clause_of
from vectors import make_agreement


def cases(name: str) -> list[Any]:
    listed: list[Any] = json.loads((make_agreement.FOLDER / name).read_text("utf-8"))["cases"]
    return [pytest.param(case, id=case.get("what")) for case in listed]


@pytest.mark.parametrize("name", make_agreement.FILES)
def test_the_generator_writes_what_is_there(name: str) -> None:
    assert make_agreement.contents()[name] == (make_agreement.FOLDER / name).read_bytes()


@pytest.mark.parametrize("case", cases("folders.json"))
def test_a_folder(case: dict[str, Any]) -> None:
    """AG-1 to AG-19, AG-30 to AG-32"""
    if "error" in case:
        with pytest.raises(TermsInvalid) as caught:
            read_folder(case["files"])
        assert [":".join(problem.split(":")[:2]) for problem in caught.value.problems] == case["problems_at"]
    else:
        terms = read_folder(case["files"])
        assert (encode(terms).decode(), terms.digest) == (case["canonical"], case["digest"])
        assert read_terms(case["canonical"].encode()) == terms


ACTS: Mapping[str, Act] = {
    "movement.departed": MovementDeparted(),
    "movement.checked_in": MovementCheckedIn(),
    "movement.arrived": MovementArrived(heads=1),
    "movement.closed": MovementClosed(),
    "movement.cancelled": MovementCancelled(reason="not needed"),
}


def plan(earliest: int) -> Plan:
    window = Timing(earliest=earliest, latest=earliest + 3_600_000, review_by=earliest)
    return msgspec.structs.replace(small_plan(), timing=window)


def events(case: dict[str, Any]) -> list[Event]:
    told = []
    for index, said in enumerate(case["events"]):
        name = said["name"]
        unapproved = tuple(case.get("unapproved", ()))
        told.append(
            Event(
                evidence=Evidence(party=case["by"], index=index, id=f"{index:064x}", at=said["at"]),
                name=name,
                actor=f"{case['by']}/somebody",
                roles=(),
                agreement="",
                act=ACTS.get(name, MovementRequested(plan=plan(case["earliest"]))),
                void="gate_open" if name == "movement.departed" and unapproved else "",
                view=MovementView(
                    plan=plan(case["earliest"]),
                    phase="under_way" if name in ("movement.departed", "movement.checked_in") else "requested",
                    requested_by=case["by"],
                    approved_by=(),
                    unapproved=lambda: unapproved,  # noqa: B023, the same for every event of a case
                    open_items=tuple,
                    excepted=(),
                    lapses_at=None,
                    gave_up=name == "movement.cancelled",
                    done=name in ("movement.cancelled", "movement.closed"),
                ),
            )
        )
    return told


@pytest.mark.parametrize("case", cases("findings.json"))
def test_a_finding(case: dict[str, Any]) -> None:
    """AG-50, AG-55, AG-58, AG-60, AG-63, AG-64, AG-70, AG-77, AG-78"""
    rule: Rule = msgspec.convert(case["rule"], Rule)
    book = Book(small_terms([card_of("host"), card_of("sending")], clauses=(clause_of(rule),)))

    def receipt(_log: str, _index: int, by: str) -> Evidence | None:
        return Evidence(party=by, index=0, id="aa" * 32, at=case["received"]) if "received" in case else None

    found = judge_subject("movement/m", ((0, book),), events(case), case["now"], receipt)
    assert [{"outcome": f.outcome, "reason": f.reason, "near": f.near} for f in found] == case["findings"]
