"""A table stays a table for those who hear it, also where the style makes cards of it."""

from __future__ import annotations

from safeconduct.edges.console.reader import Reader
from safeconduct.edges.console.tables import card, cards, facts

READER = Reader("en", 0)


def test_a_cell_brings_its_columns_name_along() -> None:
    assert str(card(READER, [("last_sign", "now")], class_="warn")) == (
        '<tr role="row" class="warn"><td data-label="Last sign" class="last-sign" role="cell">now</td></tr>'
    )


def test_a_table_says_its_roles_again() -> None:
    table = str(cards(READER, ("window",), [], kind="board"))
    assert [role for role in ("table", "rowgroup", "row", "columnheader") if f'role="{role}"' not in table] == []


def test_facts_are_terms_with_what_is_known() -> None:
    assert str(facts(READER, [("purpose", "<visit>")])) == (
        '<dl class="facts"><div><dt>Purpose</dt><dd>&lt;visit&gt;</dd></div></dl>'
    )
