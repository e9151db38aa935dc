"""What the demo looks up in the record at its end, and that it notices when something is not there."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import msgspec
import pytest
from rich.console import Console
from rich.table import Table

from safeconduct.core.audit import verify_pack
from safeconduct.edges.cli.demo.inquiry import Seen, clauses_table, expected, told_table
from safeconduct.edges.cli.demo.scenario import AFTERNOON, EVENING, HOST, MORNING, RENDEZVOUS_OPENS, SENDING
from safeconduct.edges.cli.demo.timeline import Names
from safeconduct.edges.cli.demo.words import LANGUAGES, Words
from safeconduct.node.queries import HistoryLine, MovementPage
from tests.unit.edges.cli.demo.telling import outage, pack_of, template_terms, told

pytestmark = pytest.mark.slow

replace = msgspec.structs.replace


def missing(seen: Mapping[str, Seen]) -> list[str]:
    return [check.what for check in expected(seen, outage()) if not check.holds]


def with_page(subject: str, change: Callable[[MovementPage], MovementPage]) -> dict[str, Seen]:
    """What both nodes show, with one page of the host's changed."""
    seen = told().seen()
    pages = {**seen[HOST].pages, subject: change(seen[HOST].pages[subject])}
    return {**seen, HOST: seen[HOST]._replace(pages=pages)}


def lines_changed(page: MovementPage, change: Callable[[HistoryLine], HistoryLine]) -> MovementPage:
    return replace(page, history=tuple(change(line) for line in page.history))


def test_the_day_as_told_shows_everything() -> None:
    assert missing(told().seen()) == []


def test_another_digest_is_noticed() -> None:
    seen = told().seen()
    health = replace(seen[HOST].health, digest="0" * 64)
    assert missing({**seen, HOST: seen[HOST]._replace(health=health)}) == ["both records have the same digest"]


def test_a_convoy_that_left_after_all_is_noticed() -> None:
    seen = with_page(EVENING, lambda page: replace(page, departed_at=1))
    assert missing(seen) == ["it never departed"]


def test_a_morning_run_that_did_not_lapse_is_noticed() -> None:
    seen = with_page(MORNING, lambda page: replace(page, row=replace(page.row, phase="approved")))
    assert missing(seen) == ["the morning run lapsed"]


def test_a_statement_without_effect_is_noticed() -> None:
    seen = with_page(EVENING, lambda page: lines_changed(page, lambda line: replace(line, void="own_request")))
    assert missing(seen) == ["nothing that was refused is on the record"]


def test_a_receipt_from_during_the_outage_is_noticed() -> None:
    early = {SENDING: outage()[0] + 1}

    def receipt_early(line: HistoryLine) -> HistoryLine:
        return replace(line, received=early) if line.party == HOST else line

    seen = with_page(AFTERNOON, lambda page: lines_changed(page, receipt_early))
    assert missing(seen) == ["the receipts of those are from after the outage"]


def printed(table: Table, columns: int = 120) -> str:
    console = Console(width=columns)
    with console.capture() as capture:
        console.print(table)
    return capture.get()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_inquiry_shows_every_statement_with_its_receipt(language: str) -> None:
    words = Words(language)
    report = verify_pack(pack_of(HOST, EVENING), told().federation.cards)
    table = told_table(words, Names(words, template_terms()), report)
    assert table.row_count == len(report.deliveries) == 9


def test_a_narrow_terminal_gets_three_columns() -> None:
    words = Words("en")
    report = verify_pack(pack_of(HOST, EVENING), told().federation.cards)
    table = told_table(words, Names(words, template_terms()), report, is_narrow=True)
    assert len(table.columns) == 3


def test_late_receipts_are_those_of_the_outage() -> None:
    words = Words("en")
    report = verify_pack(pack_of(SENDING, AFTERNOON), told().federation.cards)
    table = told_table(words, Names(words, template_terms()), report, kinds=("movement.checked_in",))
    late = [cell for cell in table.columns[2].cells if getattr(cell, "style", "") == "red"]
    assert (table.row_count, len(late)) == (9, 3)


def test_the_breach_stands_in_both_nodes_columns() -> None:
    words = Words("en")
    text = printed(clauses_table(words, Names(words, template_terms()), told().seen()))
    assert text.count("breached") == 2 * 5


def test_a_share_that_was_given_early_is_noticed() -> None:
    def early(line: HistoryLine) -> HistoryLine:
        return replace(line, t=RENDEZVOUS_OPENS - 1) if line.kind == "compartment.released" else line

    seen = with_page(AFTERNOON, lambda page: lines_changed(page, early))
    assert "no share was given before its moment, each once" in missing(seen)


def test_somebody_else_who_opened_the_rendezvous_is_noticed() -> None:
    def other(line: HistoryLine) -> HistoryLine:
        return replace(line, actor="host/driver") if line.kind == "compartment.opened" else line

    seen = with_page(AFTERNOON, lambda page: lines_changed(page, other))
    assert "it was opened by the sweep lead alone" in missing(seen)
