"""Copies that differ by recipient in an agreement: what is refused at its line, and what it says to people."""

from __future__ import annotations

import msgspec
import pytest

from safeconduct.core.agreement import Terms, read_folder, render, write_folder
from safeconduct.testing import card_of, copies_terms
from tests.unit.core.agreement.sample import line_of, problems_of_lines
from tests.unit.core.agreement.test_rule_sense import A
from tests.unit.core.agreement.test_rule_sense import folder as small

CREW = """\
  - id: crew
    name: {en: crew}
    releases:
      - {role: officer, opens: plan.earliest, grade: count}
"""
CANARIES = """\
canaries:
  compartments: [route]
  panel: [officer, manager]
  bound: 6
  looks: 2
  observed: 45
  predictable: 45
  leaked_by_one: 5
  leaked_by_two: 5
"""
KINDS = ", slots.signed, seed.asked"


def folder(old: str = "", new: str = "") -> dict[str, str]:
    files = small()
    text = files[A].replace("post.scanned]", f"post.scanned{KINDS}, leak.found]", 1)
    text = text.replace("movement.departed]", f"movement.departed{KINDS}]", 1)
    text = text.replace("compartments:\n", f"compartments:\n{CREW}", 1) + CANARIES
    assert old in text
    return {**files, A: text.replace(old, new, 1)}


def test_what_was_written_is_read_again() -> None:
    """AG-19, AG-168"""
    terms = read_folder(folder())
    assert terms.canaries is not None
    assert (terms.canaries.panel, terms.canaries.misheard_one_in) == (("officer", "manager"), 50)
    assert read_folder(write_folder(terms)) == terms


@pytest.mark.parametrize(
    ("old", "new", "passage", "says"),
    [
        ("compartments: [route]", "compartments: [rout]", "compartments: [rout]", "a compartment of this agreem"),
        (
            "compartments: [route]",
            "compartments: [crew]",
            "compartments: [crew]",
            "expected a compartment that op",
        ),
        (
            "compartments: [route]",
            "compartments: [route, route]",
            "compartments: [route, r",
            "expected each compartment in canaries once, got 'route' again",
        ),
        ("panel: [officer, manager]", "panel: [officer, officer]", "panel:", "expected each role in panel once"),
        (
            "panel: [officer, manager]",
            "panel: [officer, officer]",
            "panel:",
            "role of each party in panel, got none of",
        ),
        (
            "panel: [officer, manager]",
            "panel: [officer, nobody]",
            "panel:",
            "expected panel[1] as a role of this agree",
        ),
        ("bound: 6", "bound: 2", "bound: 2", "expected bound as an integer from 3 to 15, got the integer 2"),
        ("looks: 2", "looks: 0", "looks: 0", "expected looks as an integer from 1 to 100"),
        ("observed: 45", "observed: 0", "observed: 0", "expected observed as an integer from 1 to 1000"),
        (f"departed{KINDS}", "departed, slots.signed", "panel:", "expected a role that may seed.asked as panel[1]"),
    ],
)
def test_what_cannot_be_is_told_at_its_line(old: str, new: str, passage: str, says: str) -> None:
    """AG-168"""
    files = folder(old, new)
    where = f"{A}:{line_of(A, passage, files)}:"
    assert any(p.startswith(where) and says in p for p in problems_of_lines(files)), problems_of_lines(files)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        (", leak.found", "", "expected a role that may leak.found, got none"),
        (f"departed{KINDS}", "departed, seed.asked", "expected a role of sending that may slots.signed, got none"),
    ],
)
def test_somebody_can_find_a_leak_and_every_party_can_sign_a_list(old: str, new: str, says: str) -> None:
    """AG-169"""
    assert any(says in problem for problem in problems_of_lines(folder(old, new)))


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ("differ by recipient", "safety signer", "have asked", "once in 1,000,000 investigations", "1 times")),
        ("zh", ("因接收人而异", "安全签署人", "提出要求", "1,000,000", "最多计算1次")),
        ("ur", ("مختلف نقول", "دستخط", "درخواست", "1,000,000", "جانچے")),
    ],
)
def test_the_document_says_it_in_each_language(language: str, words: tuple[str, ...]) -> None:
    """AG-170"""
    text = render(_in(copies_terms(card_of(party) for party in ("host", "sending")), language), language)
    assert [word for word in words if word not in text] == []


def _in(terms: Terms, language: str) -> Terms:
    """The same texts under another language, which the document is then written in."""
    plain = msgspec.json.encode(terms).replace(b'{"en":', f'{{"{language}":'.encode())
    return msgspec.structs.replace(msgspec.json.decode(plain, type=Terms), languages=(language,))
