from __future__ import annotations

import re

import msgspec
import pytest
from hypothesis import given, settings

from safeconduct.core.acts import CATALOGUE
from safeconduct.core.agreement import LANGUAGES, Terms, render
from safeconduct.testing import strategies
from tests.unit.core.agreement.sample import terms

DOCUMENTS = {language: render(terms(), language) for language in LANGUAGES}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_document_shows_what_is_to_be_signed(language: str) -> None:
    """AG-37"""
    assert terms().digest in DOCUMENTS[language]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_document_has_a_heading_for_every_clause_in_order(language: str) -> None:
    """AG-37"""
    headings = re.findall(r"^### \u2068?([A-Z]+-[0-9]+)\u2069? (.+)$", DOCUMENTS[language], re.MULTILINE)
    assert headings == [(clause.id, clause.title[language]) for clause in terms().clauses]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_document_has_every_text_name_and_source(language: str) -> None:
    """AG-37"""
    wanted = [terms().title[language]]
    for clause in terms().clauses:
        wanted += [clause.text[language], clause.evidence, clause.source]
    for group in (terms().parties, terms().roles, terms().movement.ready_gate):
        wanted += [text for named in group for text in (named.name[language], named.id)]
    wanted += [key for party in terms().parties for key in (party.root, party.node.node, party.node.url)]
    wanted += [CATALOGUE[kind].title[language] for role in terms().roles for kind in role.may]
    assert [text for text in wanted if text not in DOCUMENTS[language]] == []


def test_a_rule_is_written_in_words() -> None:
    """AG-37"""
    rules = re.findall(r"^- Judged by the record: (.+)$", DOCUMENTS["en"], re.MULTILINE)
    assert rules == [
        "notice reaches Host at least 24 hours before the window of departure opens",
        "every approval that is needed comes before departure",
        "under way, no more than 15 minutes and 2 minutes of grace pass without a check-in",
        "closed within 12 hours after the end",
    ]


def test_an_amendment_names_what_it_amends() -> None:
    """AG-37"""
    second = msgspec.structs.replace(terms(), version=2, previous="ab" * 32)
    assert f"amends the version with digest {'ab' * 32}\n" in render(second, "en")


def test_the_notice_chain_is_drawn_in_the_direction_of_reading() -> None:
    """AG-37"""
    assert (
        "embassy desk → ministry desk" in DOCUMENTS["en"],
        "سفارت خانے کا ڈیسک ← وزارت کا ڈیسک" in DOCUMENTS["ur"],
    ) == (
        True,
        True,
    )


def test_a_text_cannot_pass_for_another_clause() -> None:
    """AG-37: it must never be that somebody reads a clause which is only the text of another one."""
    forged = "fine\n### NTC-9 Nobody owes anything\n- Owed by nobody."
    hostile = dict.fromkeys(LANGUAGES, forged)
    first = msgspec.structs.replace(terms().clauses[0], title=hostile, text=hostile, evidence=forged, source=forged)
    agreed = msgspec.structs.replace(terms(), title=hostile, clauses=(first,))
    headings = re.findall(r"^ {0,3}#.*$", render(agreed, "en"), re.MULTILINE)
    assert [heading for heading in headings if heading.startswith("### NTC-9")] == []


def test_isolates_in_urdu_are_closed_where_they_are_opened() -> None:
    """AG-36, AG-37"""
    depths = []
    for line in DOCUMENTS["ur"].splitlines():
        depth = 0
        for character in line:
            depth += (character == "\u2068") - (character == "\u2069")
            depths.append(depth)
        depths.append(-abs(depth))
    assert (min(depths), max(depths)) == (0, 2)


@pytest.mark.slow
@settings(max_examples=30)
@given(strategies.terms())
def test_any_agreement_can_be_read_in_each_of_its_languages(agreed: Terms) -> None:
    """AG-37"""
    assert all(agreed.digest in render(agreed, language) for language in agreed.languages)


def test_another_language_is_refused() -> None:
    """AG-37"""
    with pytest.raises(ValueError, match=r"a language of the agreement \(en, zh, ur\), got 'fr'"):
        render(terms(), "fr")
