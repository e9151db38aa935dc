"""The meeting's pack begins with what is to be decided and ends with what proves it."""

from __future__ import annotations

import pytest

from safeconduct.edges.papers.blocks import Card, Heading, Items, Paper, Table, all_text
from safeconduct.edges.papers.meeting import meeting_paper
from tests.unit.edges.papers.sample import EXPLAINED, LANGUAGES, report, versions


def paper(language: str = "en", *, empty: bool = False) -> Paper:
    return meeting_paper(report(empty=empty), versions(), language, "host")


def test_the_agenda_counts_what_follows() -> None:
    [agenda, *_] = [block for block in paper().blocks if isinstance(block, Items)]
    assert [item.runs[0].text for item in agenda.items] == [
        "Breaches without answer or cure: 1",
        "Disputes to be ruled on: 1",
        "What is overdue now: 1",
        "Breaches with an explanation or a cure, to be noted: 1",
        "How the agreement was kept",
        "What held: 1 clauses",
        "Statements that prove: 7",
    ]
    assert agenda.numbered


def test_what_is_to_be_decided_comes_before_the_numbers() -> None:
    anchors = [block.anchor for block in paper().blocks if isinstance(block, Heading) and block.level == 2]
    assert anchors == [
        *("agenda", "open-breaches", "open-disputes", "overdue", "answered", "compliance"),
        *("by-party", "by-owner", "by-clause", "over-time", "held", "proof"),
    ]


def test_there_is_room_for_a_decision_on_what_is_open_alone() -> None:
    cards = [block for block in paper().blocks if isinstance(block, Card)]
    assert [("Decision of the meeting" in str(card), card.tone) for card in cards] == [
        (True, "open"),
        (True, "open"),
        (False, "closed"),
    ]


def test_every_statement_behind_a_case_is_listed_once_with_its_cases() -> None:
    proofs = [block for block in paper().blocks if isinstance(block, Table)][-1]
    listed = [row[3].runs[0].text for row in proofs.rows]
    found = {
        evidence.id
        for matter in report().matters
        for evidence in (matter.finding.trigger, *matter.finding.evidence, *matter.finding.explained)
    }
    assert (sorted(listed), EXPLAINED.id in listed) == (sorted(found), True)
    assert {row[2].runs[0].text for row in proofs.rows} == {"1", "2", "3"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_quarter_without_anything_is_a_short_pack(language: str) -> None:
    short = paper(language, empty=True)
    assert [block for block in short.blocks if isinstance(block, Card | Table)] == []
    assert list(all_text(short)) != []
