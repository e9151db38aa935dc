"""What a paper is made of."""

from __future__ import annotations

from safeconduct.edges.papers.blocks import NOTHING, Cell, Run, all_text, text
from safeconduct.edges.papers.meeting import meeting_paper
from tests.unit.edges.papers.sample import CONTESTED, EXPLAINED, report, versions


def test_text_leaves_out_what_is_empty() -> None:
    assert text("a", "", Run("b", "strong"), Run("")) == (Run("a"), Run("b", "strong"))


def test_a_cell_knows_when_it_says_nothing() -> None:
    assert (Cell(runs=NOTHING).is_nothing, Cell(runs=text("0")).is_nothing) == (True, False)


def test_every_text_on_a_paper_is_found_and_no_picture() -> None:
    found = list(all_text(meeting_paper(report(), versions(), "en", "host")))
    assert {EXPLAINED.text, CONTESTED.text} <= set(found)
    assert [part for part in found if "<svg" in part] == []
