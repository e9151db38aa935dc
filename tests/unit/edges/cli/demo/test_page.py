"""The day as one page: no scripts, nothing from elsewhere, in the reader's language and direction."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest

from safeconduct.edges.cli.demo.inquiry import Expected
from safeconduct.edges.cli.demo.page import page
from safeconduct.edges.cli.demo.roads import read_net
from safeconduct.edges.cli.demo.timeline import Names
from safeconduct.edges.cli.demo.words import LANGUAGES, Words
from tests.unit.edges.cli.demo.telling import drive, outage, template_terms, told

pytestmark = pytest.mark.slow


def made(language: str, checks: tuple[Expected, ...] = ()) -> str:
    words, terms = Words(language), template_terms()
    names = Names(words, terms)
    seen = told().seen()
    return page(words, names, terms, seen, net=read_net(), drive=drive(), outage=outage(), checks=checks)


class Tags(HTMLParser):
    """Every tag with its attributes, and the tags that were left open."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.seen: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))
        if tag != "meta":
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_tag_is_closed(language: str) -> None:
    assert Tags(made(language)).open == []


@pytest.mark.parametrize(("language", "direction"), [("en", "ltr"), ("zh", "ltr"), ("ur", "rtl")])
def test_the_page_reads_in_the_languages_direction(language: str, direction: str) -> None:
    assert Tags(made(language)).seen[0] == ("html", {"lang": language, "dir": direction})


def test_nothing_is_run_and_nothing_is_fetched() -> None:
    tags = Tags(made("en")).seen
    wanted = {"script", "link", "img", "iframe", "object"}
    assert [tag for tag, attributes in tags if tag in wanted or {"src", "href", "onclick"} & set(attributes)] == []


def test_the_page_says_what_is_made_up_before_anything_else() -> None:
    text = made("en")
    assert text.index("Nobody is accused") < text.index("<svg")


def test_three_pictures_are_on_it() -> None:
    assert len(re.findall("<svg ", made("en"))) == 3


def test_what_the_record_does_not_show_stands_out_and_is_escaped() -> None:
    assert '<li class="no">a &lt; b</li>' in made("en", (Expected("a < b", holds=False),))
