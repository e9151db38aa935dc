"""A paper as HTML is one whole file in which nothing runs and nothing is fetched."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest

from safeconduct.edges.papers import Paper, agreement_paper, compliance_paper, meeting_paper, to_html
from safeconduct.edges.papers.html import _text
from tests.unit.edges.papers.sample import CONTESTED, LANGUAGES, report, terms, versions

_VOID = {"meta", "col", "path"}


class Outline(HTMLParser):
    """Elements with their attributes; every one that is opened must be closed in turn."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.astray: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))
        if tag not in _VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.astray.append(tag)


def papers(language: str) -> list[Paper]:
    return [
        agreement_paper(terms(), language),
        compliance_paper(report(), versions(), language, "host"),
        meeting_paper(report(), versions(), language, "host"),
        meeting_paper(report(empty=True), versions(), language, "host"),
    ]


def outline(paper: Paper) -> Outline:
    parser = Outline()
    parser.feed(to_html(paper).decode())
    return parser


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_opened_is_closed(language: str) -> None:
    for paper in papers(language):
        parser = outline(paper)
        assert (parser.open, parser.astray) == ([], [])


@pytest.mark.parametrize(
    ("language", "tag", "direction"), [("en", "en", "ltr"), ("zh", "zh-Hans", "ltr"), ("ur", "ur", "rtl")]
)
def test_the_file_says_its_language_and_direction(language: str, tag: str, direction: str) -> None:
    for paper in papers(language):
        [html] = [attributes for name, attributes in outline(paper).found if name == "html"]
        assert html == {"lang": tag, "dir": direction}


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_runs_and_nothing_is_fetched(language: str) -> None:
    for paper in papers(language):
        found = outline(paper).found
        assert {name for name, _ in found} & {"script", "img", "link", "iframe", "object"} == set()
        assert [a for _, attributes in found for a in attributes if a.startswith("on") or a == "src"] == []
        links = [attributes["href"] for name, attributes in found if name == "a"]
        assert [link for link in links if link is None or not link.startswith("#")] == []
        assert "url(" not in to_html(paper).decode()


def test_what_a_person_wrote_stays_text() -> None:
    written = to_html(compliance_paper(report(), versions(), "en", "host")).decode()
    assert (CONTESTED.text in written, "&lt;script&gt;" in written) == (False, True)


def test_the_contents_lead_to_every_section() -> None:
    found = outline(agreement_paper(terms(), "en")).found
    places = {attributes["id"] for name, attributes in found if name == "h2" and "id" in attributes}
    assert {str(attributes["href"])[1:] for name, attributes in found if name == "a"} == places


def test_text_in_another_language_says_so() -> None:
    written = to_html(compliance_paper(report(), versions(), "en", "host")).decode()
    assert '<bdi lang="ur" dir="rtl">سڑک بند تھی</bdi>' in written


def test_cells_bring_their_columns_name_along_and_leave_out_nothing_on_a_telephone() -> None:
    written = to_html(compliance_paper(report(), versions(), "en", "host")).decode()
    assert re.search(r'class="number nothing" data-label="Waived">', written)
    assert 'class="number" data-label="Kept">40 of 42<' in written


def test_every_picture_says_what_it_shows() -> None:
    found = outline(meeting_paper(report(), versions(), "ur", "host")).found
    assert [a for name, a in found if name == "svg" and (a.get("role") != "img" or "aria-label" not in a)] == []


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("\u2068a\u2069 b", "<bdi>a</bdi> b"),
        ("\u2068a \u206610:00\u2069\u2069", '<bdi>a <bdi dir="ltr">10:00</bdi></bdi>'),
        ("a\u2069 b", "a b"),
        ("a \u2067b", 'a <bdi dir="rtl">b</bdi>'),
        ("<\u2068>", "&lt;<bdi>&gt;</bdi>"),
        ("\u20682026-11-24T10:00:00Z", '<bdi><span class="whole">2026-11-24T10:00:00Z</span></bdi>'),
    ],
)
def test_directions_are_isolated_by_closed_elements_and_instants_kept_whole(text: str, written: str) -> None:
    assert _text(text) == written
