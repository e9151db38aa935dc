"""A paper as PDF: the same bytes for the same paper, and never boxes instead of letters."""

from __future__ import annotations

import pytest
import typst

from safeconduct.edges.papers import agreement_paper, compliance_paper, meeting_paper, to_pdf
from safeconduct.edges.papers.pdf import _families
from safeconduct.errors import Unavailable
from tests.unit.edges.papers.sample import LANGUAGES, report, terms, versions

# typst's own four families, which have neither Chinese nor Urdu letters.
BARE = typst.Fonts(include_system_fonts=False)


@pytest.mark.slow
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_paper_is_printed_in_every_language(language: str) -> None:
    for paper in (
        agreement_paper(terms(), language),
        compliance_paper(report(), versions(), language, "host"),
        meeting_paper(report(), versions(), language, "host"),
        meeting_paper(report(empty=True), versions(), language, "host"),
    ):
        data = to_pdf(paper)
        assert (data[:5], data == to_pdf(paper)) == (b"%PDF-", True)


@pytest.mark.parametrize(
    ("language", "script", "package"), [("zh", "Chinese", "fonts-noto-cjk"), ("ur", "Urdu", "fonts-noto-core")]
)
def test_a_language_without_a_font_is_said_and_not_printed(language: str, script: str, package: str) -> None:
    with pytest.raises(Unavailable, match=f"no font for {script} .* {package}"):
        to_pdf(agreement_paper(terms(), language), BARE)


def test_letters_of_another_language_need_their_font_too() -> None:
    with pytest.raises(Unavailable, match="no font for Urdu"):
        to_pdf(compliance_paper(report(), versions(), "en", "host"), BARE)


def test_a_paper_in_english_needs_no_font_of_the_machine() -> None:
    assert to_pdf(meeting_paper(report(empty=True), versions(), "en", "host"), BARE)[:5] == b"%PDF-"


def test_the_best_font_there_is_comes_first_and_the_others_help_out() -> None:
    paper = agreement_paper(terms(), "ur")
    known = frozenset({"Noto Naskh Arabic", "Amiri", "DejaVu Sans", "Noto Sans CJK SC"})
    assert _families(paper, known) == {
        "en": ["DejaVu Sans", "Noto Sans CJK SC", "Noto Naskh Arabic"],
        "zh": ["Noto Sans CJK SC", "DejaVu Sans", "Noto Naskh Arabic"],
        "ur": ["Noto Naskh Arabic", "DejaVu Sans", "Noto Sans CJK SC"],
        "code": ["DejaVu Sans", "Noto Sans CJK SC", "Noto Naskh Arabic"],
    }
