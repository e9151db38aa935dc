from __future__ import annotations

import pytest

from safeconduct.core.agreement import Always, Book, Lint, Must, Recur, Rule
from safeconduct.core.agreement.faults import Faults
from tests.unit.core.agreement.planted import ASKED, DEPARTED, agreement, shows


def _found(rule: Rule, **more: object) -> list[Lint]:
    book = Book(agreement(rule, **more))  # type: ignore[arg-type]  # owners
    return list(Faults(book, book.ready[0], 0).found())


def test_a_condition_that_computes_is_never_sure_to_be_impossible() -> None:
    """AG-113"""
    hold = "plan.people.count * 2 == 7"
    found = _found(Rule(for_each="movement", when=DEPARTED, always=Always(hold=hold)))
    assert [one.severity for one in found if one.code == "never_met"] == ["note"]


def test_a_fault_stands_at_the_field_that_is_to_blame() -> None:
    """AG-111"""
    must = Must(event="movement.briefed", by=("duty_officer",), not_before="trigger + PT5H", due="trigger + PT4H")
    (found,) = _found(Rule(for_each="movement", when=ASKED, must=must))
    assert found.path == ("clauses", 0, "rule", "must", "due")
    assert found.account == "expected T-1 to be due after its window opens at trigger + PT5H, got due trigger + PT4H"
    assert [step.event for step in found.history] == ["movement.requested", ""]


@pytest.mark.parametrize(("grace", "codes"), [("P27D", []), ("P29D", ["grace_too_long"])])
def test_grace_is_measured_against_the_shortest_month(grace: str, codes: list[str]) -> None:
    """AG-119"""
    rule = Rule(
        for_each="movement", when=ASKED, recur=Recur(event="movement.briefed", every="P1M"), grace=grace
    )  # fmt: skip
    assert [one.code for one in _found(rule)] == codes


def test_a_clause_that_works_has_no_fault() -> None:
    """AG-110"""
    must = Must(event="movement.briefed", due="trigger + PT4H")
    terms = agreement(Rule(for_each="movement", when=ASKED, must=must, waived_by=("duty_officer", "journey_manager")))
    book = Book(terms)
    found = list(Faults(book, book.ready[0], 0).found())
    assert found == []
    assert all(shows(terms, one) for one in found)
