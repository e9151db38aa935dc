"""Runs vectors/agreement: which folders are agreements, and how clauses stand, for any other implementation."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest

from safeconduct.core.agreement import Evidence, MovementFacts, Notice, Rule, judge_clause, read_folder, read_terms
from safeconduct.core.statement import encode
from safeconduct.errors import TermsInvalid
from tests.unit.core.agreement.sample import clause
from vectors import make_agreement


def cases(name: str) -> list[Any]:
    listed: list[Any] = json.loads((make_agreement.FOLDER / name).read_text("utf-8"))["cases"]
    return [pytest.param(case, id=case.get("what")) for case in listed]


@pytest.mark.parametrize("name", make_agreement.FILES)
def test_the_generator_writes_what_is_there(name: str) -> None:
    assert make_agreement.contents()[name] == (make_agreement.FOLDER / name).read_bytes()


@pytest.mark.parametrize("case", cases("folders.json"))
def test_a_folder(case: dict[str, Any]) -> None:
    """AG-1 to AG-19"""
    if "error" in case:
        with pytest.raises(TermsInvalid) as caught:
            read_folder(case["files"])
        assert [":".join(problem.split(":")[:2]) for problem in caught.value.problems] == case["problems_at"]
    else:
        terms = read_folder(case["files"])
        assert (encode(terms).decode(), terms.digest) == (case["canonical"], case["digest"])
        assert read_terms(case["canonical"].encode()) == terms


def said(at: int, party: str = "sending") -> Evidence:
    return Evidence(party=party, index=0, id="00" * 32, at=at)


def facts(told: dict[str, Any]) -> MovementFacts:
    received = {"host": said(told["received"], "host")} if "received" in told else {}
    marks: dict[str, Any] = {name: said(told[name]) for name in ("departed", "ended", "closed") if name in told}
    return MovementFacts(
        subject="movement/m-1",
        earliest=told["earliest"],
        notice=Notice(offered=said(told["offered"], told["by"]), received=received),
        check_ins=tuple(said(at) for at in told.get("check_ins", ())),
        unapproved_at_departure=tuple(told.get("unapproved", ())),
        gave_up=told.get("gave_up", False),
        **marks,
    )


@pytest.mark.parametrize("case", cases("findings.json"))
def test_a_finding(case: dict[str, Any]) -> None:
    """AG-20 to AG-34"""
    rule: Rule = msgspec.convert(case["rule"], Rule)
    finding = judge_clause(clause(rule), facts(case["facts"]), case["now"])
    assert (finding.outcome, finding.reason, finding.near) == (case["outcome"], case["reason"], case["near"])
