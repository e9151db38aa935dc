from __future__ import annotations

import msgspec
import pytest
from hypothesis import given, settings

from safeconduct.core.agreement import Terms, fill_template, read_folder, read_terms, set_parameters, write_folder
from safeconduct.core.statement import encode
from safeconduct.errors import TermsInvalid
from safeconduct.testing import strategies
from tests.unit.core.agreement.sample import HOST, SENDING, folder, template, terms


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
    with pytest.raises(TermsInvalid, match=r"^agreement\.yaml:4:1: expected name as an identifier"):
        read_folder(fill_template(template(), [HOST, SENDING], "Bin Qasim"))


@pytest.mark.parametrize("files", [{}, {"agreement.yaml": "version: 1"}])
def test_a_template_without_a_name_is_refused(files: dict[str, str]) -> None:
    """AG-38"""
    with pytest.raises(
        TermsInvalid, match=r"^agreement\.yaml:1:1: expected a line 'name: …' in the template, got none"
    ):
        fill_template(files, [HOST, SENDING], "test")


# --- other values of parameters ---------------------------------------------------------------------------

PARAMETERS = """\
name: small # as people call it
parameters:
  # In flow style.
  - {id: hop_ack, duration: PT1H, source: parameter to agree} # each desk
  - {id: hop_ack_late, number: 3, source: parameter to agree}
  # In block style.
  - id: convoy_max # vehicles
    number: 8
    # Published for another country.
    source: parameter to agree
  - id: lead
    duration: PT24H
    source: parameter to agree
  - {id: word, text: amber, source: parameter to agree}
  - {id: levels, texts: [b6, b7], source: parameter to agree}
  - id: districts
    texts: [malir, korangi]
    source: parameter to agree
"""


@pytest.mark.parametrize(
    ("name", "value", "old", "new"),
    [
        ("hop_ack", "PT30M", "duration: PT1H, source", "duration: PT30M, source"),
        ("hop_ack_late", "5", "number: 3, source", "number: 5, source"),
        ("lead", "P7D", "duration: PT24H\n", "duration: P7D\n"),
        ("word", "red", "text: amber, source", "text: red, source"),
    ],
    ids=["flow", "a longer name of the same beginning", "block", "text"],
)
def test_another_value_leaves_everything_else_as_it_stands(name: str, value: str, old: str, new: str) -> None:
    """AG-24: comments too, which reading and writing would lose."""
    files = {"agreement.yaml": PARAMETERS, "clauses/all.yaml": "# nothing of this\n[]\n"}
    assert set_parameters(files, {name: value}) == {**files, "agreement.yaml": PARAMETERS.replace(old, new, 1)}


def test_values_of_several_parameters_are_read_as_they_were_set() -> None:
    """AG-24, AG-38"""
    set_ = read_folder(set_parameters(folder(), {"notice_lead": "P7D", "convoy_max": "5", "hop_ack": "PT30M"}))
    changed = {new.id: (new.duration, new.number) for new, old in zip(set_.parameters, terms().parameters, strict=True)
               if new != old}  # fmt: skip
    assert changed == {"notice_lead": ("P7D", None), "convoy_max": (None, 5), "hop_ack": ("PT30M", None)}
    assert msgspec.structs.replace(set_, parameters=terms().parameters) == terms()


def test_no_value_leaves_the_folder_as_it_is() -> None:
    """AG-24"""
    assert set_parameters(folder(), {}) == folder()


def test_a_value_of_another_form_is_refused_by_the_reader_at_its_line() -> None:
    """AG-6, AG-24"""
    files = set_parameters(folder(), {"notice_lead": "a week"})
    before, _, _ = files["agreement.yaml"].partition("duration: a week")
    place = f"{before.count(chr(10)) + 1}:{len(before) - before.rfind(chr(10))}"
    with pytest.raises(TermsInvalid, match=rf"^agreement\.yaml:{place}: expected duration as a duration in days"):
        read_folder(files)


@pytest.mark.parametrize("name", ["hop", "press", "h.p_ack", "levels", "districts"])
def test_a_parameter_that_is_not_there_or_is_a_list_is_refused(name: str) -> None:
    """AG-24"""
    with pytest.raises(TermsInvalid) as caught:
        set_parameters({"agreement.yaml": PARAMETERS}, {"lead": "P7D", name: "P1D"})
    says = f"agreement.yaml:1:1: expected a parameter {name} with a single value, got none"
    assert caught.value.problems == (says,)


def test_a_folder_without_an_agreement_has_no_parameter() -> None:
    """AG-24"""
    with pytest.raises(TermsInvalid, match="expected a parameter lead with a single value, got none"):
        set_parameters({}, {"lead": "P7D"})


REMARKS = """\
forms:
  - id: late
    number: 3
parameters:
  - id: lead
    duration: PT24H # agreed in March
    source: a
  - {id: named, text: "a, b", source: a}
  - {id: late, source: x, number: 3}
clauses: 1
"""


@pytest.mark.parametrize(
    ("name", "value", "line"),
    [
        ("lead", "P7D", "    duration: P7D # agreed in March\n"),
        ("named", "c", "  - {id: named, text: c, source: a}\n"),
        ("late", "4", "  - {id: late, source: x, number: 4}\n"),
    ],
)
def test_a_value_is_found_wherever_it_stands_and_what_is_around_it_stays(name: str, value: str, line: str) -> None:
    """AG-38: remarks, quotation marks, other fields first, and forms that have a field of that name."""
    text = set_parameters({"agreement.yaml": REMARKS}, {name: value})["agreement.yaml"]
    changed = [new for old, new in zip(REMARKS.splitlines(True), text.splitlines(True), strict=True) if old != new]
    assert changed == [line]
