"""Sealed marks in an agreement: what is refused at its line, what it says to people, and what the lint warns of."""

from __future__ import annotations

import msgspec
import pytest

from safeconduct.core.agreement import PartyTerms, Terms, lint, lint_folder, read_folder, render, write_folder
from safeconduct.testing import MARKS, SHUT_OUT_TERMS, card_of, marks_terms
from tests.unit.core.agreement.sample import line_of, problems_of_lines, template
from tests.unit.core.agreement.test_glass import in_language
from tests.unit.core.agreement.test_rule_sense import A
from tests.unit.core.agreement.test_rule_sense import folder as small

PATROL = """\
  - {id: patrol, party: host, name: {en: patrol}, may: [post.scanned]}
  - {id: reviewer, party: sending, name: {en: reviewer}, may: [mark.opened]}
movement:
"""
TEXT = """\
marks:
  shut_out:
    by: [manager]
    agreed_by: [officer]
    agree_within: PT12H
    units: [patrol]
    longest: P7D
  decoy: {by: [manager], agreed_by: [officer], longest: P3D}
  opened_by: [reviewer]
  review_within: P14D
"""


def folder(old: str = "", new: str = "") -> dict[str, str]:
    files = small()
    text = files[A].replace("post.scanned]", "post.scanned, mark.agreed]", 1)
    text = text.replace("movement.departed]", "movement.departed, mark.sealed]", 1)
    text = text.replace("movement:\n", PATROL, 1) + TEXT
    assert old in text
    return {**files, A: text.replace(old, new, 1)}


def test_marks_are_read_and_written_as_they_are() -> None:
    """AG-160, AG-19"""
    terms = read_folder(folder())
    assert terms.marks is not None
    assert terms.marks.shut_out is not None
    assert (terms.marks.shut_out.units, terms.marks.opened_by) == (("patrol",), ("reviewer",))
    assert read_folder(write_folder(terms)) == terms


def test_an_agreement_without_marks_has_the_bytes_that_it_had() -> None:
    """AG-160"""
    terms = read_folder(small())
    assert terms.marks is None
    assert b"marks" not in msgspec.json.encode(terms)


@pytest.mark.parametrize(
    ("old", "new", "passage", "says"),
    [
        ("    by: [manager]", "    by: [reviewer]", "by: [reviewer]", "expected a role that may mark.sealed as by"),
        ("    by: [manager]", "    by: [nobody]", "by: [nobody]", "expected by[0] as a role of this agreement"),
        ("agreed_by: [officer]", "agreed_by: [patrol]", "agreed_by: [patrol]", "expected a role that may mark.agreed"),
        ("opened_by: [reviewer]", "opened_by: [officer]", "opened_by", "expected a role that may mark.opened"),
        ("units: [patrol]", "units: [guard]", "units: [guard]", "expected units[0] as a role of this agreement"),
        ("units: [patrol]", "units: [patrol, patrol]", "units: [patrol", "expected each role in units once"),
        (
            "units: [patrol]",
            "units: [patrol, manager]",
            "units: [patrol",
            "expected a unit that has no hand in marks, got 'manager', which may mark.sealed",
        ),
        (
            "units: [patrol]",
            "units: [reviewer]",
            "units: [reviewer]",
            "expected a unit that has no hand in marks, got 'reviewer', which may mark.opened",
        ),
        ("longest: P7D", "longest: PT0S", "longest: PT0S", "expected longest longer than nothing, got 'PT0S'"),
        ("agree_within: PT12H", "agree_within: P0D", "agree_within", "expected agree_within longer than nothing"),
        ("review_within: P14D", "review_within: P0D", "review_within", "expected review_within longer than nothing"),
        ("longest: P7D", "longest: soon", "longest: soon", "expected longest as a duration"),
    ],
)
def test_what_cannot_be_is_told_at_its_line(old: str, new: str, passage: str, says: str) -> None:
    """AG-160, AG-161"""
    files = folder(old, new)
    where = f"{A}:{line_of(A, passage, files)}:"
    assert any(p.startswith(where) and says in p for p in problems_of_lines(files)), problems_of_lines(files)


def test_marks_of_no_sort_are_none() -> None:
    """AG-160"""
    files = small()
    files[A] += "marks: {opened_by: [officer], review_within: P14D}\n"
    assert any("expected shut_out or decoy in marks, got neither" in p for p in problems_of_lines(files))


def test_one_party_alone_neither_seals_nor_agrees() -> None:
    """AG-161"""
    files = folder("mark.agreed]", "mark.agreed, mark.sealed]")
    files[A] = files[A].replace("  decoy: {by: [manager]", "  decoy: {by: [officer]", 1)
    where = f"{A}:{line_of(A, 'decoy: {by', files)}:"
    wanted = "expected a role of another party than host in agreed_by, got none"
    assert any(p.startswith(where) and wanted in p for p in problems_of_lines(files)), problems_of_lines(files)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ("Sealed marks", "may be hidden from a unit", "works at once", "a decoy", "opened on the record")),
        ("zh", ("封存标记", "隐藏", "即时生效", "佯动", "须予答复的事件")),
        ("ur", ("مہر بند نشان", "چھپا سکتا ہے", "فوراً مؤثر", "دھوکے کی نقل و حرکت", "جواب طلب واقعہ")),
    ],
)
def test_the_document_says_it_in_each_language(language: str, words: tuple[str, ...]) -> None:
    """AG-160"""
    text = render(in_language(terms(), language), language)
    assert [word for word in words if word not in text] == []
    assert "Sealed marks" not in render(marks_terms(cards(), marks=None), "en")


def cards() -> list[PartyTerms]:
    return [card_of(party) for party in ("host", "sending")]


def terms() -> Terms:
    return marks_terms(cards())


def warned(text: Terms) -> list[tuple[str, tuple[object, ...], str]]:
    found = [one for one in lint(text, plays_max=1) if one.code in ("unit_is_needed", "decoy_never_departs")]
    assert all(one.severity == "warning" and one.why_no_history for one in found)
    return [(one.code, one.path, one.account) for one in found]


@pytest.mark.parametrize(
    ("unit", "duty"),
    [
        ("unit", "is in the notice chain"),
        ("escort_lead", "attests gate item heads (and 4 more)"),
        ("approver", "alone consents for sending"),
        ("journey_manager", "attests gate item heads (and 2 more)"),
    ],
)
def test_a_unit_that_a_movement_needs_is_warned_of(unit: str, duty: str) -> None:
    """AG-162"""
    shut_out = msgspec.structs.replace(SHUT_OUT_TERMS, units=("driver", unit))
    text = msgspec.structs.replace(terms(), marks=msgspec.structs.replace(MARKS, shut_out=shut_out))
    assert warned(text) == [
        (
            "unit_is_needed",
            ("marks", "shut_out", "units", 1),
            f"expected a unit that a movement can do without, got {unit}, which {duty}: shut out, it cannot",
        )
    ]


def test_a_decoy_that_could_never_depart_is_warned_of() -> None:
    """AG-163"""
    text = terms()
    gate = tuple(msgspec.structs.replace(item, exception_by=None) for item in text.movement.ready_gate)
    never = msgspec.structs.replace(text, movement=msgspec.structs.replace(text.movement, ready_gate=gate))
    assert [code for code, _, _ in warned(text)] == ["unit_is_needed"]
    assert [code for code, _, _ in warned(never)] == ["unit_is_needed", "decoy_never_departs"]
    assert [code for code, _, _ in warned(msgspec.structs.replace(never, marks=None))] == []


def test_a_warning_stands_at_its_line() -> None:
    """AG-162"""
    files = folder("units: [patrol]", "units:\n      - patrol")
    files[A] = files[A].replace("notice_chain: [manager, officer]", "notice_chain: [manager, patrol]", 1)
    files[A] = files[A].replace("may: [post.scanned]", "may: [post.scanned, movement.acknowledged]", 1)
    found = [place for place, one in lint_folder(files) if one.code == "unit_is_needed"]
    assert found == [f"{A}:{line_of(A, '      - patrol', files)}"]


@pytest.mark.parametrize("name", ["host_sending", "agency_host", "company_forces"])
def test_each_template_has_marks(name: str) -> None:
    """AG-160"""
    assert "\nmarks:\n" in template(name)[A]
