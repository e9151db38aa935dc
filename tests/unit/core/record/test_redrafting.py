from __future__ import annotations

from typing import Any

import pytest

from safeconduct.core.agreement import TreePath
from safeconduct.core.agreement.clauses import Parameter
from safeconduct.core.record.redrafting import changed_terms, drafted, stand_in_key, with_parameters
from safeconduct.testing import card_of, small_terms
from tests.unit.core.record.small_book import FOLDER, TERMS

CARDS = [card_of("host"), card_of("sending")]
WITH_NUMBERS = small_terms(
    CARDS,
    parameters=(
        Parameter(id="lead", duration="P7D", source="agreed"),
        Parameter(id="most", number=8, source="agreed"),
        Parameter(id="places", texts=("north", "south"), source="agreed"),
    ),
)


class Ear:
    """What was reported."""

    def __init__(self) -> None:
        self.problems: list[tuple[TreePath, str]] = []

    def __call__(self, path: TreePath, text: str) -> None:
        self.problems.append((path, text))


def test_parties_of_a_template_get_stand_in_cards() -> None:
    """AG-120"""
    template = {path: text for path, text in FOLDER.items() if not path.startswith("cards/")}
    found = drafted(template)
    assert [party.id for party in found.parties] == ["host", "sending"]
    assert found.parties[0].root == stand_in_key("host/root").public.text
    assert (found.name, found.digest) == ("test", drafted(template).digest)


def test_a_folder_with_cards_is_taken_as_it_is() -> None:
    """AG-120"""
    assert drafted(FOLDER) == TERMS


# --- parameters -------------------------------------------------------------------------------------------------------


def test_parameters_get_other_values_of_their_type() -> None:
    ear = Ear()
    found = with_parameters(WITH_NUMBERS, {"lead": "PT1H", "most": 3, "places": ["west"]}, (), ear)
    assert found is not None
    assert [(p.duration, p.number, p.texts) for p in found.parameters] == [
        ("PT1H", None, None),
        (None, 3, None),
        (None, None, ("west",)),
    ]
    assert ear.problems == []


@pytest.mark.parametrize(
    ("values", "path", "problem"),
    [
        ({"leads": "P1D"}, ("p", "leads"), "expected a parameter of the agreement, got 'leads' (did you mean 'lead'?)"),
        ({"lead": "a week"}, ("p",), "expected an agreement without problems, got terms.parameters[0].duration"),
    ],
)
def test_a_wrong_value_of_a_parameter_is_told(values: dict[str, Any], path: TreePath, problem: str) -> None:
    """AG-120"""
    ear = Ear()
    assert with_parameters(WITH_NUMBERS, values, ("p",), ear) is None
    assert (ear.problems[0][0], ear.problems[0][1].startswith(problem)) == (path, True), ear.problems


# --- one word ---------------------------------------------------------------------------------------------------------


def word(ear: Ear, **given: object) -> Any:
    return changed_terms(WITH_NUMBERS, {{"was": "from", "now": "to"}.get(k, k): v for k, v in given.items()}, (), ear)


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ({"parameter": "lead", "was": "P7D", "now": "PT24H"}, lambda t: t.parameters[0].duration == "PT24H"),
        ({"parameter": "most", "was": 8, "now": 9}, lambda t: t.parameters[1].number == 9),
        ({"parameter": "places", "was": "south", "now": "west"}, lambda t: t.parameters[2].texts == ("north", "west")),
        (
            {"clause": "T-1", "field": "rule.must.due", "was": "PT24H", "now": "PT6H"},
            lambda t: t.clauses[0].rule.must.due == "plan.earliest - PT6H",
        ),
        (
            {"clause": "T-3", "field": "rule.unless.0.event", "was": "movement.aborted", "now": "movement.closed"},
            lambda t: t.clauses[2].rule.unless[0].event == "movement.closed",
        ),
        (
            {"clause": "T-3", "field": "rule.grace", "was": "PT2M", "now": "absent"},
            lambda t: t.clauses[2].rule.grace is None,
        ),
        (
            {"clause": "T-4", "field": "rule.grace", "was": "absent", "now": "PT1M"},
            lambda t: t.clauses[3].rule.grace == "PT1M",
        ),
        (
            {"clause": "T-2", "field": "rule.never.effect", "was": "any", "now": "taken"},
            lambda t: t.clauses[1].rule.never.effect == "taken",
        ),
    ],
)
def test_one_word_is_changed_and_nothing_else(given: dict[str, object], found: Any) -> None:
    """AG-125"""
    ear = Ear()
    terms = word(ear, **given)
    assert (ear.problems, terms is not None and found(terms)) == ([], True)
    assert terms.digest != WITH_NUMBERS.digest


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ({"parameter": "lead", "was": "P7D"}, "expected the fields from and to, got not both"),
        ({"was": "a", "now": "b"}, "expected either parameter, or clause and field, got neither or both"),
        ({"clause": "T-1", "was": "a", "now": "b"}, "expected either parameter, or clause and field"),
        ({"parameter": "leed", "was": "P7D", "now": "P8D"}, "expected a parameter of the agreement, got 'leed'"),
        ({"parameter": "lead", "was": "P6D", "now": "P8D"}, "expected a word that stands once in 'P7D', got 'P6D'"),
        (
            {"clause": "T-9", "field": "rule.must.due", "was": "a", "now": "b"},
            "expected a clause of the agreement, got 'T-9'",
        ),
        (
            {"clause": "T-1", "field": "rule.mus.due", "was": "a", "now": "b"},
            "expected a field of T-1 such as rule.must.due, got 'rule.mus.due'",
        ),
        ({"clause": "T-3", "field": "rule.unless.4.event", "was": "a", "now": "b"}, "expected a field of T-3"),
        (
            {"clause": "T-1", "field": "rule.must.due", "was": "PT2", "now": "PT3"},
            "expected a word that stands once in 'plan.earliest - PT24H', got 'PT2'",
        ),
        (
            {"clause": "T-1", "field": "owed_by", "was": "journey_manager", "now": "nobody"},
            "expected an agreement without problems, got terms.clauses[0]",
        ),
    ],
)
def test_what_is_no_change_of_one_word_is_told(given: dict[str, object], problem: str) -> None:
    """AG-125"""
    ear = Ear()
    assert word(ear, **given) is None
    assert ear.problems[0][1].startswith(problem), ear.problems
