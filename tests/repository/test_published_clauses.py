"""The 94 clauses that were found published: each is in a template, judged by the record or by people with a reason."""

from __future__ import annotations

from functools import cache

import pytest
import yaml

from safeconduct.core.agreement import Book, Clause, Terms, fill_template, read_folder
from safeconduct.edges.cli.agreements import read_template
from safeconduct.testing import card_of
from tests.repository.source_tree import SOURCE

# 56 of Pakistan, 19 of the United Nations and aid, 19 of companies and law.
PUBLISHED = [*(f"PK-{n}" for n in range(1, 57)), *(f"UN-{n}" for n in range(1, 20)), *(f"CO-{n}" for n in range(1, 20))]
PARTIES = {
    "host_sending": ("host", "sending"),
    "agency_host": ("agency", "host"),
    "company_forces": ("company", "forces"),
}
TEMPLATES = SOURCE / "core" / "agreement" / "template"


@cache
def terms(template: str) -> Terms:
    return read_folder(fill_template(read_template(template), [card_of(party) for party in PARTIES[template]], "test"))


def clauses() -> list[Clause]:
    return [clause for template in PARTIES for clause in terms(template).clauses]


def test_there_are_94() -> None:
    assert len(PUBLISHED) == 94


@pytest.mark.parametrize("number", PUBLISHED)
def test_every_published_clause_is_in_a_template(number: str) -> None:
    """AG-20, AG-38: with a rule, or with the reason why people judge it."""
    found = [clause for clause in clauses() if number in clause.covers]
    assert [clause.id for clause in found if clause.rule is not None or clause.by_people is not None] != []


@pytest.mark.parametrize(("template", "least"), [("host_sending", 60), ("agency_host", 19), ("company_forces", 19)])
def test_a_template_is_large_enough_and_mostly_judged_by_the_record(template: str, least: int) -> None:
    """AG-38"""
    known = terms(template).clauses
    judged = sum(clause.rule is not None for clause in known)
    assert (len(known) >= least, judged * 10 >= len(known) * 8) == (True, True)


@pytest.mark.parametrize("template", PARTIES)
def test_every_clause_of_a_template_cites_its_source_and_is_made_ready(template: str) -> None:
    """AG-38"""
    known = terms(template)
    sourced = all("." in c.source or "parameter to agree" in c.source for c in known.clauses)
    assert (sourced, len(Book(known).ready)) == (True, sum(c.rule is not None for c in known.clauses))


@pytest.mark.parametrize("template", PARTIES)
def test_a_template_asks_the_few_questions_that_matter(template: str) -> None:
    """AG-38"""
    asked = [parameter.id for parameter in terms(template).parameters if parameter.question is not None]
    assert 3 <= len(asked) <= 8


def test_all_nine_demands_are_used() -> None:
    """AG-21: a demand that no published clause needs would be one too many."""
    used = {type(clause.rule.demand).__name__ for clause in clauses() if clause.rule is not None}
    assert used == {"Must", "Always", "Never", "Relay", "Gap", "Recur", "Count", "Equal", "One"}


def test_templates_are_data_alone() -> None:
    """AG-3"""
    others = [path for path in TEMPLATES.rglob("*") if path.is_file() and path.suffix not in (".yaml", ".pyc")]
    loaded = [yaml.safe_load(path.read_text("utf-8")) for path in TEMPLATES.rglob("*.yaml")]
    assert (others, all(loaded)) == ([], True)
