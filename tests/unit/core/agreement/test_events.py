"""What the judge of clauses sees of a statement."""

from __future__ import annotations

from safeconduct.core.agreement import event_name, no_receipts
from tests.unit.core.agreement.judged import CHECK_IN, START, Told


def test_a_statement_has_its_time_and_party() -> None:
    """AG-50"""
    event = Told().file("opened", 5, "approver")
    assert (event.t, event.party) == (START + 5, "sending")


def test_clauses_know_an_act_by_its_kind_and_a_report_by_its_form() -> None:
    """AG-22"""
    assert (event_name(CHECK_IN), event_name(Told().file("opened").act)) == ("movement.checked_in", "post.opened")


def test_a_record_of_one_party_shows_nothing() -> None:
    """AG-50"""
    assert no_receipts("host", 0, "sending") is None
