from __future__ import annotations

import msgspec
import pytest
from hypothesis import given, settings

from safeconduct.core.agreement import Terms, fill_template, read_folder, read_terms, write_folder
from safeconduct.core.statement import encode
from safeconduct.errors import TermsInvalid
from safeconduct.testing import strategies
from tests.unit.core.agreement.sample import HOST, SENDING, template, terms


@pytest.mark.slow
@settings(max_examples=50)
@given(strategies.terms())
def test_what_is_written_reads_back_to_equal_terms(agreed: Terms) -> None:
    """AG-19"""
    read = read_folder(write_folder(agreed))
    assert (read, read.digest) == (agreed, agreed.digest)


@pytest.mark.slow
@settings(max_examples=50)
@given(strategies.terms())
def test_canonical_bytes_read_back_to_equal_terms(agreed: Terms) -> None:
    """AG-19"""
    assert read_terms(encode(agreed)) == agreed


def test_the_template_survives_writing_and_reading() -> None:
    """AG-19"""
    assert read_folder(write_folder(terms())) == terms()


@pytest.mark.parametrize(
    "text",
    ["no", "12", "2024-01-01", "a: b", "- a", "# a", " a ", "a\n\nb\n", "*a", "&a b", "!a", "'", '"', "نہیں: ہاں"],
)
def test_a_text_that_yaml_would_misread_is_quoted(text: str) -> None:
    """AG-3, AG-19"""
    agreed = msgspec.structs.replace(terms(), title={"en": text, "zh": text, "ur": text})
    assert read_folder(write_folder(agreed)).title["en"] == text


def test_a_value_that_occurs_twice_is_written_twice() -> None:
    """AG-3, AG-19"""
    once = {"en": "a", "zh": "b", "ur": "c"}
    clauses = tuple(msgspec.structs.replace(clause, title=once, text=once) for clause in terms().clauses)
    agreed = msgspec.structs.replace(terms(), title=once, clauses=clauses)
    assert read_folder(write_folder(agreed)) == agreed


# --- templates --------------------------------------------------------------------------------------------


def test_filling_changes_the_name_and_adds_the_cards() -> None:
    """AG-38"""
    filled = fill_template(template(), [HOST, SENDING], "bin-qasim")
    changed = {path for path in filled if filled[path] != template().get(path)}
    assert changed == {"agreement.yaml", "cards/host.json", "cards/sending.json"}


def test_filling_keeps_what_people_wrote_beside_the_name() -> None:
    """AG-38"""
    filled = fill_template(template(), [HOST, SENDING], "bin-qasim")["agreement.yaml"]
    assert filled == template()["agreement.yaml"].replace("name: host-sending", "name: bin-qasim", 1)


@pytest.mark.parametrize(
    ("given_", "carried"),
    [
        ({"en": "Host"}, {"en": "Host", "zh": "Host", "ur": "Host"}),
        ({"zh": "东道方"}, {"en": "东道方", "zh": "东道方", "ur": "东道方"}),
        ({"en": "Host", "ur": "میزبان"}, {"en": "Host", "zh": "Host", "ur": "میزبان"}),
        ({}, {"en": "host", "zh": "host", "ur": "host"}),
    ],
)
def test_a_party_is_called_something_in_every_language(given_: dict[str, str], carried: dict[str, str]) -> None:
    """AG-7, AG-38"""
    filled = fill_template(template(), [msgspec.structs.replace(HOST, name=given_), SENDING], "test")
    assert read_folder(filled).parties[0].name == carried


def test_a_name_that_is_none_is_refused_by_the_reader_at_its_line() -> None:
    """AG-6"""
    with pytest.raises(TermsInvalid, match=r"^agreement\.yaml:4: expected name as an identifier"):
        read_folder(fill_template(template(), [HOST, SENDING], "Bin Qasim"))


@pytest.mark.parametrize("files", [{}, {"agreement.yaml": "version: 1"}])
def test_a_template_without_a_name_is_refused(files: dict[str, str]) -> None:
    """AG-38"""
    with pytest.raises(TermsInvalid, match=r"^agreement\.yaml:1: expected a line 'name: …' in the template, got none"):
        fill_template(files, [HOST, SENDING], "test")
