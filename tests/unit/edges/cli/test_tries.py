"""Scenario books at the command line."""

from __future__ import annotations

import pytest

from safeconduct.core.agreement import write_folder
from safeconduct.testing import card_of, small_terms
from tests.unit.core.record.small_book import BOOK, changed
from tests.unit.edges.cli.office import Office


@pytest.fixture
def desk(empty_office: Office) -> Office:
    """An office with the small book, and beside it the agreement that it names."""
    for path, text in write_folder(small_terms([card_of("host"), card_of("sending")])).items():
        file = empty_office.folder / "small" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
    keep(empty_office, BOOK)
    return empty_office


def keep(office: Office, text: str) -> str:
    path = office.folder / "book.yaml"
    path.write_text(text, "utf-8")
    return str(path)


def test_a_book_beside_its_agreement_is_tried(desk: Office) -> None:
    answer = desk.must("agreement", "try", desk.path("book.yaml"))
    for words in (
        "small: A small history",
        "source: nobody",
        "made up: all of it",
        "no effect: movement.departed needs a movement that is approved",
        "record received",
        "- T-1 (text) is met",
        "small: all 5 verdicts and all 1 changes are as the book says",
    ):
        assert words in answer.out, answer.out


def test_a_difference_is_told_with_its_line_and_exit_code_1(desk: Office) -> None:
    path = keep(desk, changed("outcome: none", "outcome: met"))
    answer = desk.run("agreement", "try", path)
    assert (answer.code, "book.yaml:" in answer.out, "DIFFERS" in answer.out) == (1, True, True)
    assert "expected one obligation of T-3 on movement/m1, got none" in answer.out
    assert "small: 1 not as the book says" in answer.out


def test_a_program_gets_one_value_with_everything(desk: Office) -> None:
    (found,) = desk.must("agreement", "try", desk.path("book.yaml"), "--json").json()
    assert (found["book"], found["holds"], found["differences"]) == ("small", True, [])
    assert [(v["clause"], v["expected"], (v["found"] or {}).get("outcome")) for v in found["verdicts"]] == [
        ("T-1", "met", "met"),
        ("T-2", "pending", "pending"),
        ("T-1", "met", "met"),
        ("T-2", "breached", "breached"),
        ("T-3", "none", None),
    ]
    assert found["verdicts"][0]["found"]["sentence"].startswith("T-1 (text)")
    assert [step["void"] for step in found["steps"]][-1] == "is_requested"
    assert {change["after"] for change in found["mutations"][0]["changed"]} == {"disputed"}
    assert [finding["clause"] for finding in found["at_end"]] == ["T-1", "T-2"]


def test_everything_at_the_end_is_shown_when_asked(desk: Office) -> None:
    answer = desk.must("agreement", "try", desk.path("book.yaml"), "--all")
    assert "at the end:" in answer.out


def test_another_agreement_judges(desk: Office) -> None:
    """AG-126: without the changes, which are words of the book's own."""
    answer = desk.must("agreement", "try", desk.path("book.yaml"), "--agreement", desk.path("small"))
    assert "all 5 verdicts and all 0 changes" in answer.out


@pytest.mark.parametrize(
    ("book", "message"),
    [
        ("bisham", "expected a file *.yaml or one of aid-convoy-2024, bisham-2024,"),
        ("none.yaml", "expected a scenario book at none.yaml, got no such file"),
    ],
)
def test_a_book_that_is_not_there_is_told(desk: Office, book: str, message: str) -> None:
    answer = desk.run("agreement", "try", book)
    assert (answer.code, message in answer.err) == (2, True), answer


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("{folder: small}", "{folder: elsewhere}", "expected an agreement's folder, got"),
        (
            "{folder: small}",
            "{template: elsewhere}",
            "yaml:5:13: expected a template that there is, got 'elsewhere'",
        ),
        ("outcome: none", "outcome: nothing", "expected outcome as one of"),
    ],
)
def test_a_book_that_cannot_be_read_has_exit_code_2(desk: Office, old: str, new: str, message: str) -> None:
    """AG-120"""
    answer = desk.run("agreement", "try", keep(desk, changed(old, new)))
    assert (answer.code, message in answer.err) == (2, True), answer


def test_a_book_that_is_no_text_is_told(desk: Office) -> None:
    (desk.folder / "book.yaml").write_bytes(b"scenario: \xff")
    answer = desk.run("agreement", "try", desk.path("book.yaml"))
    assert (answer.code, "expected UTF-8, got another byte at 10" in answer.err) == (2, True)


def test_the_books_that_come_with_the_program_are_listed(empty_office: Office) -> None:
    names = [one["book"] for one in empty_office.must("agreement", "try", "--list", "--json").json()]
    assert (len(names), names[0], names == sorted(names)) == (5, "aid-convoy-2024", True)
    assert "比沙姆" in empty_office.must("agreement", "try", "--language", "zh").out


@pytest.mark.slow
def test_a_shipped_book_is_tried_by_its_name_in_another_language(empty_office: Office) -> None:
    answer = empty_office.must("agreement", "try", "aid-convoy-2024", "--language", "zh")
    assert ("aid-convoy-2024: 2024年4月1日援助车队" in answer.out, "已出发" in answer.out) == (True, True)
    assert "yes, satellite_numbers yes" in answer.out
    assert "2024-04-08 19:00:00Z" in answer.out


@pytest.mark.slow
def test_a_word_whose_change_changes_nothing_says_so(empty_office: Office) -> None:
    assert "nothing changes" in empty_office.must("agreement", "try", "swat-2024").out
