from __future__ import annotations

import msgspec
import pytest

from safeconduct.core.acts import CATALOGUE
from safeconduct.core.agreement import LANGUAGES, Parameter, clause_text
from safeconduct.core.agreement.texts import act_title, field_title, name_of, parameter_text, span_text
from tests.unit.core.agreement.wording_sample import FORMS, PARAMETERS, TERMS, clause


@pytest.mark.parametrize(
    ("language", "text"),
    [("en", "text 1 with 24 hours"), ("zh", "文text 1 with 24小时"), ("ur", "متن text 1 with \u206824 گھنٹے\u2069")],
)
def test_the_text_of_a_clause_has_what_was_agreed_in_words(language: str, text: str) -> None:
    """AG-36, AG-37"""
    assert clause_text(TERMS, clause(1), language) == text


def test_every_kind_of_value_is_put_in_and_what_is_no_parameter_stays() -> None:
    """AG-37"""
    text = dict.fromkeys(LANGUAGES, "{convoy_max} {mark} {zones} {unknown} {} {Not one}")
    wanted = "8 EMERGENCY malir, korangi {unknown} {} {Not one}"
    assert clause_text(TERMS, clause(1, text=text), "en") == wanted


def test_a_value_is_not_looked_into_again() -> None:
    """AG-37"""
    trap = Parameter(id="trap", text="{mark}", source="a circular")
    agreed = msgspec.structs.replace(TERMS, parameters=(trap, *PARAMETERS))
    assert clause_text(agreed, clause(1, text=dict.fromkeys(LANGUAGES, "{trap}")), "en") == "{mark}"


def test_another_language_is_refused() -> None:
    """AG-37"""
    with pytest.raises(ValueError, match=r"a language of the agreement \(en, zh, ur\), got 'fr'"):
        clause_text(TERMS, clause(1), "fr")


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, ["24 hours", "24小时", "24 گھنٹے"]),
        (1, ["8", "8", "8"]),
        (2, ["EMERGENCY", "EMERGENCY", "EMERGENCY"]),
        (3, ["malir, korangi", "malir、korangi", "malir، korangi"]),
    ],
)
def test_the_value_of_a_parameter_is_said_in_each_language(number: int, words: list[str]) -> None:
    """AG-37"""
    assert [parameter_text(PARAMETERS[number], language) for language in LANGUAGES] == words


@pytest.mark.parametrize(
    ("span", "words"), [("PT4H", "4小时"), ("P3M", "3个月"), ("param.notice_lead", "24小时"), ("param.gone", "gone")]
)
def test_a_span_is_said_in_words_also_where_it_is_a_parameter(span: str, words: str) -> None:
    """AG-35, AG-37"""
    assert span_text(TERMS, span, "zh") == words


@pytest.mark.parametrize(
    ("identifier", "name"), [("duty_officer", "值班官员"), ("host", "东道方"), ("korangi", "korangi")]
)
def test_roles_and_parties_have_names_and_districts_their_own(identifier: str, name: str) -> None:
    """AG-35"""
    assert name_of(TERMS, identifier, "zh") == name


@pytest.mark.parametrize("language", LANGUAGES)
def test_acts_and_forms_are_called_by_their_titles(language: str) -> None:
    """AG-35"""
    events = ("movement.departed", "movement.vehicle_checked", "meeting.held")
    assert [act_title(TERMS, event, language) for event in events] == [
        CATALOGUE["movement.departed"].title[language],
        FORMS[0].name[language],
        "meeting.held",
    ]


@pytest.mark.parametrize(
    ("form", "field", "title"),
    [
        ("movement.vehicle_checked", "level", "防护等级"),
        ("movement.vehicle_checked", "valid_to", "valid_to"),
        ("movement.gone", "level", "level"),
    ],
)
def test_a_field_is_called_by_its_name_if_it_has_one(form: str, field: str, title: str) -> None:
    """AG-37"""
    assert field_title(TERMS, form, field, "zh") == title
