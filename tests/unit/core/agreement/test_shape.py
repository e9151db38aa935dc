from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import inspect

from safeconduct.core.agreement import Terms
from safeconduct.core.agreement.shape import (
    FORMS,
    TERMS_TYPE,
    check_shape,
    expected,
    field_name,
    form_of,
    one_of,
    shown,
    suggestion,
)
from safeconduct.core.agreement.tree import Path, Value
from safeconduct.core.statement import PartyId
from tests.unit.core.agreement.sample import terms


def said_against(value: Value, kind: inspect.Type = TERMS_TYPE) -> list[tuple[Path, str]]:
    found: list[tuple[Path, str]] = []
    check_shape(value, kind, (), lambda path, text: found.append((path, text)))
    return found


def plain() -> dict[str, Value]:
    """The template's terms as plain values, as a folder gives them."""
    value: dict[str, Value] = msgspec.json.decode(msgspec.json.encode(terms()))
    return value


def with_value(path: Path, value: Value) -> Value:
    """The plain terms with one value replaced; ... is written as None and means: taken out."""
    tree = plain()
    inner: Value = tree
    for step in path[:-1]:
        inner = inner[step]  # type: ignore[index]  # the path is one of the tree
    if value is None:
        del inner[path[-1]]  # type: ignore[union-attr,arg-type]
    else:
        inner[path[-1]] = value  # type: ignore[index]
    return tree


ID = "an identifier (lower-case letters, digits, . _ -)"
PARTY = "a party id (a lower-case letter, then letters, digits, -; at most 32)"
DURATION = "a duration in days, hours, minutes, seconds such as P7D or PT15M"
TOP = (
    "one of name, version, previous, title, languages, parties, roles, movement, parameters, forms, compartments,"
    " disputes, suspension, break_glass, auditors, marks, dossiers, information, access, canaries, clauses"
)
RULE_FIELDS = (
    "one of for_each, when, each, must, always, never, relay, gap, recur, count, equal, one, unless, waived_by, grace,"
    " cure"
)
MUST_FIELDS = "one of event, by, party, where, effect, due, not_before, since, parties, received_by, clock, needs"
ITEM = "one of id, name, check, by, valid_for, exception_by"
GATE: Path = ("movement", "ready_gate", 1)
# The first clause of the template: notice, a `must` proved by receipt.
RULE: Path = ("clauses", 0, "rule")
MUST: Path = (*RULE, "must")
SPAN = "a duration such as P7D or PT15M, or a parameter such as param.notice_lead"
INSTANT = "an instant such as trigger + PT4H or plan.earliest - param.notice_lead"


def test_good_terms_have_no_problem() -> None:
    """AG-6"""
    assert said_against(plain()) == []


@pytest.mark.parametrize(
    ("path", "value", "at", "says"),
    [
        (("name",), None, (), "expected the field name, got none"),
        (("name",), "Host", ("name",), f"expected name as {ID}, got 'Host'"),
        (("name",), 12, ("name",), f"expected name as {ID}, got the integer 12 (quote it to make it text)"),
        (("name",), ["a"], ("name",), f"expected name as {ID}, got a list"),
        (("nmae",), "a", ("nmae",),
         f"expected {TOP}, got the field 'nmae' (did you mean 'name'?)"),
        (("version",), "1", ("version",), "expected version as an integer from 1 to 10000, got '1'"),
        (("version",), 0, ("version",), "expected version as an integer from 1 to 10000, got the integer 0"),
        (("version",), 10_001, ("version",), "expected version as an integer from 1 to 10000, got the integer 10001"),
        (("previous",), "ab", ("previous",), "expected previous as a digest (64 hex digits), got 'ab'"),
        (("title",), "a", ("title",), "expected title as a text in each language, got 'a'"),
        (("title", "fr"), "a", ("title", "fr"), "expected one of en, zh, ur as a language of title, got 'fr'"),
        (("title", "en"), "", ("title", "en"), "expected title.en as text of at least 1 character, got ''"),
        (("title", "en"), "x" * 2001, ("title", "en"), "expected title.en of at most 2000 characters, got 2001"),
        (("title", "en"), {"a": "b"}, ("title", "en"), "expected title.en as text, got a mapping"),
        (("languages",), [], ("languages",), "expected at least 1 in languages, got 0"),
        (("languages", 0), "eng", ("languages", 0),
         "expected languages[0] as one of en, ur, zh, got 'eng' (did you mean 'en'?)"),
        (("languages",), "en", ("languages",), "expected languages as a list, got 'en'"),
        (("parties",), [], ("parties",), "expected at least 2 in parties, got 0"),
        (("parties", 0, "id"), "Host", ("parties", 0, "id"), f"expected id as {PARTY}, got 'Host'"),
        (("parties", 0, "root"), "ab", ("parties", 0, "root"),
         "expected root as a public key in base64 (44 characters), got 'ab'"),
        (("parties", 0, "node"), "ab", ("parties", 0, "node"), "expected node as a mapping, got 'ab'"),
        (("parties", 0, "node", "log"), "ab", ("parties", 0, "node", "log"),
         "expected log as a note key name+hash+key, got 'ab'"),
        (("parties", 0, "node", "url"), "ftp://a", ("parties", 0, "node", "url"),
            "expected url as an address such as https://node.example:8443 without a path, got 'ftp://a'"),
        (("parties", 0, "node", "url"), "https://a/b", ("parties", 0, "node", "url"),
            "expected url as an address such as https://node.example:8443 without a path, got 'https://a/b'"),
        (("roles",), "a", ("roles",), "expected roles as a list, got 'a'"),
        (("roles", 0), "a", ("roles", 0), "expected roles[0] as a mapping, got 'a'"),
        (("roles", 0, "may"), None, ("roles", 0), "expected the field may, got none"),
        (("roles", 0, "may", 0), 7, ("roles", 0, "may", 0),
         "expected may[0] as text, got the integer 7 (quote it to make it text)"),
        (("roles", 0, "may"), ["a"] * 65, ("roles", 0, "may"), "expected at most 64 in may, got 65"),
        (("movement", "predictability", "warn"), 1_001, ("movement", "predictability", "warn"),
         "expected warn as an integer from 1 to 1000, got the integer 1001"),
        (("movement", "predictability", "least"), 1, ("movement", "predictability", "least"),
         "expected least as an integer from 2 to 100, got the integer 1"),
        (("movement", "predictability", "clock"), "+5:00", ("movement", "predictability", "clock"),
         "expected clock as an offset from UTC such as +05:00 or -03:30, got '+5:00'"),
        (("movement", "predictability", "refuse"), 900, ("movement", "predictability", "refuse"),
         "expected one of warn, span, half_life, least, clock, got the field 'refuse'"),
        (("movement", "drift"), "15 minutes", ("movement", "drift"), f"expected drift as {DURATION}, got '15 minutes'"),
        (("movement", "consent", 0, "parts", 0), "rout", ("movement", "consent", 0, "parts", 0),
            "expected parts[0] as one of escort, people, route, timing, got 'rout' (did you mean 'route'?)"),
        ((*GATE, "check"), "atested", (*GATE, "check"),
            "expected check as one of approvals, attested, heads, got 'atested' (did you mean 'attested'?)"),
        ((*GATE, "valid"), "PT1H", (*GATE, "valid"),
            f"expected {ITEM}, got the field 'valid' (did you mean 'valid_for'?)"),
        (("clauses", 0, "id"), "PK1", ("clauses", 0, "id"), "expected id as a clause number such as PK-7, got 'PK1'"),
        (("clauses", 0, "severity"), "bad", ("clauses", 0, "severity"),
         "expected severity as one of critical, major, minor, got 'bad'"),
        (RULE, "x", RULE, "expected rule as a mapping, got 'x'"),
        ((*RULE, "when"), None, RULE, "expected the field when, got none"),
        ((*RULE, "when"), "movement.requested", (*RULE, "when"),
         "expected when as a mapping, got 'movement.requested'"),
        ((*RULE, "graze"), "PT1M", (*RULE, "graze"),
         f"expected {RULE_FIELDS}, got the field 'graze' (did you mean 'grace'?)"),
        ((*RULE, "for_each"), "Movement", (*RULE, "for_each"),
         "expected for_each as a kind of subject such as movement, got 'Movement'"),
        ((*RULE, "each"), "fist", (*RULE, "each"),
         "expected each as one of every, first, got 'fist' (did you mean 'first'?)"),
        ((*RULE, "grace"), "2 minutes", (*RULE, "grace"), f"expected grace as {SPAN}, got '2 minutes'"),
        ((*RULE, "grace"), "P1M", (*RULE, "grace"), f"expected grace as {SPAN}, got 'P1M'"),
        ((*RULE, "waived_by"), ["a"] * 9, (*RULE, "waived_by"), "expected at most 8 in waived_by, got 9"),
        ((*MUST, "due"), None, MUST, "expected the field due, got none"),
        ((*MUST, "due"), "tomorrow", (*MUST, "due"), f"expected due as {INSTANT}, got 'tomorrow'"),
        ((*MUST, "within"), "PT1H", (*MUST, "within"), f"expected {MUST_FIELDS}, got the field 'within'"),
        ((*MUST, "event"), "departed", (*MUST, "event"),
         "expected event as an event such as movement.departed, got 'departed'"),
        ((*MUST, "where"), "x" * 601, (*MUST, "where"), "expected where of at most 600 characters, got 601"),
        ((*RULE, "recur"), {"event": "post.scanned", "every": "monthly"}, (*RULE, "recur", "every"),
         ("expected every as a period such as PT1H, P3M or P1Y, or a parameter such as param.meeting_period,"
          " got 'monthly'")),
        (("parameters", 0, "id"), "notice-lead", ("parameters", 0, "id"),
         "expected id as a name (a lower-case letter, then letters, digits, _; at most 40), got 'notice-lead'"),
        (("parameters", 0, "duration"), "param.other", ("parameters", 0, "duration"),
         f"expected duration as {DURATION}, got 'param.other'"),
        (("parameters", 0, "number"), -1, ("parameters", 0, "number"),
         "expected number as an integer from 0 to 1000000000, got the integer -1"),
        (("forms", 0, "fields", 0, "type"), "texts", ("forms", 0, "fields", 0, "type"),
         ("expected type as one of choice, digest, instant, names, number, text, yes_no, got 'texts'"
          " (did you mean 'text'?)")),
        (("suspension", "quiet"), None, ("suspension",), "expected the field quiet, got none"),
        (("disputes", "ruled_by"), [], ("disputes", "ruled_by"), "expected at least 1 in ruled_by, got 0"),
    ],
)  # fmt: skip
def test_a_value_of_another_form_is_named_with_what_was_expected(path: Path, value: Value, at: Path, says: str) -> None:
    """AG-6"""
    assert said_against(with_value(path, value)) == [(at, says)]


def test_every_problem_is_reported_not_the_first_alone() -> None:
    """AG-2, AG-6"""
    assert len(said_against({"name": "A", "version": 0, "colour": "red"})) == 3 + 6


def test_what_was_refused_before_is_not_reported_again() -> None:
    """AG-2"""
    refused: dict[str, Value] = dict.fromkeys(plain())
    assert said_against(refused) == []


class _Nothing(msgspec.Struct, forbid_unknown_fields=True):
    """A struct of no fields, which terms do not have today."""


def test_a_mapping_of_no_fields_says_so() -> None:
    """AG-6"""
    found = said_against({"lead": "PT1H"}, inspect.type_info(_Nothing))
    assert found == [(("lead",), "expected no field, got the field 'lead'")]


class _Square(msgspec.Struct, tag_field="shape", tag="square", forbid_unknown_fields=True):
    side: Annotated[int, msgspec.Meta(ge=1, le=9)]


class _Circle(msgspec.Struct, tag_field="shape", tag="circle", forbid_unknown_fields=True):
    pass


@pytest.mark.parametrize(
    ("value", "at", "says"),
    [
        ("x", (), "expected the file as a mapping with a shape, got 'x'"),
        ({"side": 1}, (), "expected shape (one of square, circle), got none"),
        ({"shape": "squre"}, ("shape",),
         "expected shape as one of square, circle, got 'squre' (did you mean 'square'?)"),
        ({"shape": "square"}, (), "expected the field side, got none"),
        ({"shape": "square", "side": 10}, ("side",), "expected side as an integer from 1 to 9, got the integer 10"),
        ({"shape": "circle", "side": 1}, ("side",), "expected no field, got the field 'side'"),
    ],
)  # fmt: skip
def test_one_of_several_mappings_is_told_by_its_tag(value: Value, at: Path, says: str) -> None:
    """AG-6"""
    assert said_against(value, inspect.type_info(_Square | _Circle)) == [(at, says)]


@pytest.mark.parametrize("value", [None, {"shape": None}, {"shape": "square", "side": 9}, {"shape": "circle"}])
def test_one_of_several_mappings_may_be_any_of_them(value: Value) -> None:
    """AG-6: and what was refused before is no news."""
    assert said_against(value, inspect.type_info(_Square | _Circle)) == []


@pytest.mark.parametrize(
    ("character", "name"),
    [
        ("\u202e", "U+202E"), ("\u2066", "U+2066"), ("\u2069", "U+2069"), ("\u200e", "U+200E"), ("\u200f", "U+200F"),
        ("\u061c", "U+061C"), ("\u200b", "U+200B"), ("\ufeff", "U+FEFF"), ("\u00ad", "U+00AD"), ("\t", "U+0009"),
        ("\r", "U+000D"), ("\x1b", "U+001B"), ("\x7f", "U+007F"), ("\u2028", "U+2028"), ("\ue000", "U+E000"),
        ("\U000e0041", "U+E0041"),
    ],
)  # fmt: skip
def test_text_that_reads_otherwise_than_it_is_is_refused(character: str, name: str) -> None:
    """AG-8"""
    found = said_against(with_value(("title", "en"), f"pay{character}10"))
    assert [text for _, text in found] == [f"expected title.en in visible characters, got {name}"]


@pytest.mark.parametrize("text", ["a\nb", "می\u200cخواہم", "न\u200dत", "出行 🚗", " a ", "§ 7 (b)"])
def test_visible_text_is_accepted(text: str) -> None:
    """AG-8"""
    assert said_against(with_value(("title", "en"), text)) == []


def test_text_in_another_normal_form_is_refused() -> None:
    """AG-8"""
    found = said_against(with_value(("title", "ur"), "\u0627\u0653"))
    assert [text for _, text in found] == ["expected title.ur in Unicode normal form C, got another form"]


ANYTHING: st.SearchStrategy[Value] = st.recursive(
    st.integers() | st.text(max_size=5) | st.sampled_from(["host", "PT1H", "P1D", "attested", "NTC-1"]),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text("aeiou", max_size=2), inner, max_size=2),
)


def paths(value: Value, path: Path = ()) -> list[Path]:
    match value:
        case dict():
            return [path, *(p for key, inner in value.items() for p in paths(inner, (*path, key)))]
        case list():
            return [path, *(p for index, inner in enumerate(value) for p in paths(inner, (*path, index)))]
        case _:
            return [path]


PATHS = [path for path in paths(plain()) if path]


@pytest.mark.slow
@given(st.sampled_from(PATHS), ANYTHING)
def test_what_has_no_problem_has_the_type(path: Path, value: Value) -> None:
    """AG-6: or a folder would end in an error of another kind than a list of problems."""
    changed = with_value(path, value)
    if said_against(changed) == []:
        assert isinstance(msgspec.convert(changed, Terms), Terms)


def patterns(kind: inspect.Type) -> Iterator[str]:
    match kind:
        case inspect.StructType():
            for field in kind.fields:
                yield from patterns(field.type)
        case inspect.VarTupleType():
            yield from patterns(kind.item_type)
        case inspect.DictType():
            yield from patterns(kind.value_type)
        case inspect.UnionType():
            for option in kind.types:
                yield from patterns(option)
        case inspect.StrType(pattern=str() as pattern):
            yield pattern
        case _:
            pass


def test_every_form_in_terms_has_words() -> None:
    """AG-6"""
    assert set(patterns(TERMS_TYPE)) == set(FORMS)


def test_a_form_is_that_of_its_annotation() -> None:
    assert form_of(PartyId) == r"^[a-z][a-z0-9-]{0,31}\Z"


def test_a_type_that_terms_are_not_made_of_is_a_mistake_of_ours() -> None:
    with pytest.raises(TypeError, match="a type that terms are made of"):
        said_against("x", inspect.FloatType())


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ((), "the file"),
        ((4,), "the file"),
        (("a",), "a"),
        (("a", 1), "a[1]"),
        (("a", 1, "b", 2, 3), "b[2][3]"),
        (("a", "en"), "a.en"),
        (("en",), "en"),
    ],
)
def test_a_field_is_called_by_the_end_of_its_path(path: Path, name: str) -> None:
    """AG-2"""
    assert field_name(path) == name


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("a", "'a'"), ("x" * 61, repr("x" * 57 + "...")), (7, "the integer 7"), ([], "a list"), ({}, "a mapping"),
        (None, "nothing"),
    ],
)  # fmt: skip
def test_a_value_is_shown_briefly(value: Value, text: str) -> None:
    """AG-2"""
    assert (shown(value), expected(("a",), "b", value)) == (text, f"expected a as b, got {text}")


@pytest.mark.parametrize(
    ("value", "text"), [("hots", " (did you mean 'host'?)"), ("zebra", ""), ("", ""), (7, ""), (None, "")]
)
def test_a_near_name_is_suggested(value: Value, text: str) -> None:
    """AG-10"""
    assert (suggestion(value, ["host", "sending"]), one_of(["host", "sending"])) == (text, "one of host, sending")
