"""The agreement as a paper says what its document says."""

from __future__ import annotations

import msgspec
import pytest

from safeconduct.core.agreement import render
from safeconduct.edges.papers.agreement import _runs, agreement_paper
from safeconduct.edges.papers.blocks import Heading, Items, Paragraph, Run, Signatures, all_text
from safeconduct.errors import InputInvalid
from tests.unit.edges.papers.sample import LANGUAGES, terms


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_line_of_the_document_is_on_the_paper(language: str) -> None:
    printed = "".join(all_text(agreement_paper(terms(), language)))
    lines = [line.lstrip(" ->#").replace("**", "").replace("`", "") for line in render(terms(), language).split("\n")]
    assert [line for line in lines if line not in printed] == []


def test_sections_are_headings_with_places_to_link_to() -> None:
    headings = [block for block in agreement_paper(terms(), "en").blocks if isinstance(block, Heading)]
    assert {heading.level for heading in headings} == {1, 2, 3}
    anchors = [heading.anchor for heading in headings]
    assert len(set(anchors)) == len(anchors)


def test_lists_keep_their_inner_lines_and_strong_words() -> None:
    paper = agreement_paper(terms(), "en")
    [parties, *_] = [block for block in paper.blocks if isinstance(block, Items)]
    assert parties.items[0].runs[0] == Run("Home Department", "strong")
    assert len(parties.items[0].inner) == 2


def test_a_clause_that_looks_like_markup_stays_text() -> None:
    hostile = "# Clauses\n- **not** a list\n> not a quote\n#set page(width: 1pt)"
    clauses = (msgspec.structs.replace(terms().clauses[0], text=dict.fromkeys(LANGUAGES, hostile)),)
    paper = agreement_paper(msgspec.structs.replace(terms(), clauses=clauses), "en")
    quotes = [block for block in paper.blocks if isinstance(block, Paragraph) and block.style == "quote"]
    assert [quote.runs for quote in quotes] == [(Run(hostile),)]


@pytest.mark.parametrize(
    ("line", "runs"),
    [
        ("plain **not strong**", (Run("plain **not strong**"),)),
        ("**Name** (id)", (Run("Name", "strong"), Run(" (id)"))),
        (r"a \` b \\ c \< d", (Run("a ` b \\ c < d"),)),
        ("when `plan.count > 5` holds", (Run("when "), Run("plan.count > 5", "code"), Run(" holds"))),
        ("`` a`b `` and `c`", (Run("a`b", "code"), Run(" and "), Run("c", "code"))),
        ("an open ` stays", (Run("an open ` stays"),)),
    ],
)
def test_marks_within_a_line(line: str, runs: tuple[Run, ...]) -> None:
    assert _runs(line) == runs


def test_each_party_has_a_place_to_sign_and_the_digest_is_there() -> None:
    paper = agreement_paper(terms(), "zh")
    [signatures] = [block for block in paper.blocks if isinstance(block, Signatures)]
    assert [line[0].text[:3] for line in signatures.lines] == ["内政厅", "总领事"]
    assert terms().digest in list(all_text(paper))


def test_a_paper_in_urdu_reads_from_the_right() -> None:
    assert [agreement_paper(terms(), language).direction for language in LANGUAGES] == ["ltr", "ltr", "rtl"]


def test_another_language_is_refused() -> None:
    with pytest.raises(InputInvalid):
        agreement_paper(msgspec.structs.replace(terms(), languages=("en",)), "ur")
