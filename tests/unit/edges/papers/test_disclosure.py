"""The time line on paper: every opening with its words, its bar, and the window beside it."""

from __future__ import annotations

import pytest

from safeconduct.core.acts import Timing
from safeconduct.core.disclosure import releases, rows
from safeconduct.edges.papers.blocks import Facts, Legend, Paper, Table, all_text
from safeconduct.edges.papers.disclosure import disclosure_paper
from safeconduct.edges.papers.html import to_html
from safeconduct.errors import InputInvalid
from safeconduct.testing import HOUR
from tests.unit.core.agreement.sample import terms as template_terms
from tests.unit.core.disclosure.test_release import blurred, opens, terms

# 2026-11-25T06:00:00Z
OPENS = 1_795_586_400_000
TIMING = Timing(earliest=OPENS, latest=OPENS + HOUR, review_by=OPENS - 2 * HOUR)


def table(paper: Paper) -> Table:
    return next(block for block in paper.blocks if isinstance(block, Table))


@pytest.mark.parametrize("language", ["en", "zh", "ur"])
def test_every_opening_has_its_line_its_picture_and_its_words(language: str) -> None:
    """DIS-14"""
    agreed = template_terms()
    paper = disclosure_paper(agreed, TIMING, "", language)
    window, *lines = table(paper).rows
    assert len(lines) == len(rows(agreed, TIMING)) == len(releases(agreed, TIMING))
    assert all(row[2].picture is not None and row[2].picture.alt for row in (window, *lines))
    shown = "\n".join(all_text(paper))
    named = {role.id: role.name[language] for role in agreed.roles}
    assert [named[row.role] for row in rows(agreed, TIMING) if named[row.role] not in shown] == []
    assert [c.name[language] for c in agreed.compartments if c.name[language] not in shown] == []


def test_a_role_is_named_once_above_its_parts() -> None:
    lines = table(disclosure_paper(template_terms(), TIMING, "", "en")).rows[1:]
    named = ["".join(run.text for run in row[0].runs) for row in lines]
    assert [name for name in named if name] == [
        "unit commander", "escort lead", "convoy leader", "sweep lead", "gate guard of the site", "driver",
    ]  # fmt: skip


def test_the_paper_of_a_movement_names_it() -> None:
    facts = next(b for b in disclosure_paper(template_terms(), TIMING, "m-7", "en").blocks if isinstance(b, Facts))
    assert next((fact.name, fact.runs[0].text) for fact in facts.facts) == ("Movement", "m-7")


def test_what_is_learned_in_steps_is_told_in_one_cell() -> None:
    """DIS-3, DIS-16"""
    staged = terms(
        blurred("plan.earliest - PT2H", metres=500), opens("plan.earliest"), more=(opens("filed.gathered.at"),)
    )
    _, route, people = table(disclosure_paper(staged, TIMING, "", "en")).rows
    assert [row[3].runs[0].text for row in (route, people)] == [
        "25 November 2026 04:00 UTC: blurred: places to within 500 metres; 25 November 2026 06:00 UTC: in full",
        "when it is reported: “at” of the latest “name”",
    ]


def test_the_legend_has_the_grades_that_are_there_and_the_window() -> None:
    legend = next(b for b in disclosure_paper(template_terms(), TIMING, "", "en").blocks if isinstance(b, Legend))
    assert [word for _, word in legend.entries] == ["in full", "blurred", "only how many", "Window of departure"]


def test_without_compartments_the_paper_says_so() -> None:
    paper = disclosure_paper(terms(), TIMING, "", "en")
    assert "nothing opens for anybody" in "\n".join(all_text(paper))
    assert not [block for block in paper.blocks if isinstance(block, Table | Legend)]


def test_a_language_that_the_agreement_is_not_in_is_refused() -> None:
    with pytest.raises(InputInvalid, match="a language of the agreement"):
        disclosure_paper(terms(), TIMING, "", "ur")


def test_it_is_printed_from_right_to_left_in_urdu() -> None:
    assert b'lang="ur" dir="rtl"' in to_html(disclosure_paper(template_terms(), TIMING, "", "ur"))
