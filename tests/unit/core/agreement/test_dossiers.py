"""Dossiers in an agreement: what is refused at its line, and what it says to people."""

from __future__ import annotations

import pytest

from safeconduct.core.agreement import Dossiers, keepers, read_folder, render, write_folder
from safeconduct.testing import card_of, dossier_terms
from tests.unit.core.agreement.sample import line_of, problems_of_lines
from tests.unit.core.agreement.test_glass import in_language
from tests.unit.core.agreement.test_rule_sense import A
from tests.unit.core.agreement.test_rule_sense import folder as small

DOSSIERS = """\
dossiers:
  kept: P90D
  opened_by: [manager]
  held_by: [host]
"""


def folder(old: str = "", new: str = "") -> dict[str, str]:
    files = small()
    text = files[A].replace("movement.departed]", "movement.departed, person.sealed, person.opened]", 1) + DOSSIERS
    assert old in text
    return {**files, A: text.replace(old, new, 1)}


def test_what_is_agreed_of_dossiers_is_read_and_written_again() -> None:
    """AG-176"""
    terms = read_folder(folder())
    assert terms.dossiers == Dossiers(kept="P90D", opened_by=("manager",), held_by=("host",))
    assert read_folder(write_folder(terms)) == terms


@pytest.mark.parametrize(
    ("old", "new", "passage", "says"),
    [
        ("kept: P90D", "kept: P0D", "kept: P0D", "expected kept longer than nothing, got 'P0D'"),
        ("kept: P90D", "kept: P1831D", "kept: P1831D", "expected kept up to P1830D, got 'P1831D'"),
        ("held_by: [host]", "held_by: [hots]", "held_by", "as a party of this agreement, got 'hots'"),
        ("held_by: [host]", "held_by: [host, host]", "held_by", "expected each party in held_by once, got 'host'"),
        ("opened_by: [manager]", "opened_by: [officer]", "opened_by", "expected a role that may person.opened"),
        ("opened_by: [manager]", "opened_by: [nobody]", "opened_by", "as a role of this agreement, got 'nobody'"),
        (", person.sealed", "", "dossiers:", "expected a role that may person.sealed, got none"),
    ],
)
def test_what_cannot_work_is_told_at_its_line(old: str, new: str, passage: str, says: str) -> None:
    """AG-176, AG-177"""
    files = folder(old, new)
    where = f"{A}:{line_of(A, passage, files)}:"
    assert any(p.startswith(where) and says in p for p in problems_of_lines(files)), problems_of_lines(files)


def test_a_role_of_a_party_that_keeps_none_opens_none() -> None:
    """AG-177"""
    files = folder("post.scanned]", "post.scanned, person.opened]")
    files = {**files, A: files[A].replace("opened_by: [manager]\n  held_by: [host]", "opened_by: [manager, officer]")}
    assert any("expected a role of a party that keeps dossiers, got 'officer'" in p for p in problems_of_lines(files))


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ("Dossiers of protected people", "at most 60 days", "keep every dossier too: Host", "approver")),
        ("zh", ("受保护人员档案", "60天", "密钥")),
        ("ur", ("زیرِ حفاظت افراد کے کوائف", "بھلا دیے جاتے ہیں")),
    ],
)
def test_the_document_says_all_of_it(language: str, words: tuple[str, ...]) -> None:
    """AG-177"""
    cards = [card_of(party) for party in ("host", "sending")]
    terms = dossier_terms(cards, dossiers=Dossiers(kept="P60D", opened_by=("approver",), held_by=("host",)))
    text = render(in_language(terms, language), language)
    assert [word for word in words if word not in text] == []


@pytest.mark.parametrize(("party", "kept_by"), [("sending", ("host", "sending")), ("host", ("host",))])
def test_the_registering_party_keeps_it_and_those_that_are_named(party: str, kept_by: tuple[str, ...]) -> None:
    """AG-176"""
    assert keepers(Dossiers(kept="P60D", opened_by=("approver",), held_by=("host",)), party) == kept_by
