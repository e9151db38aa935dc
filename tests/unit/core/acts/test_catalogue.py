from __future__ import annotations

import re
from collections.abc import Iterator
from typing import get_args

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import inspect

from safeconduct.core.acts import (
    CATALOGUE,
    PARTS,
    Act,
    MovementApproved,
    MovementAttested,
    MovementClosed,
    MovementDeparted,
    Part,
    Plan,
    Speaker,
    UnknownAct,
    kind_of,
    read_act,
)
from safeconduct.core.statement import Statement, encode
from safeconduct.errors import CanonicalInvalid, EntryInvalid
from safeconduct.testing.strategies import acts
from tests.unit.core.acts.table import PAGE, between_marks, table

LONG = "x" * 2_000
# Letters that each language's titles are written in.
SCRIPTS = {"en": r"[A-Za-z ]+", "zh": r"[\u4e00-\u9fff]+", "ur": r"[\u0600-\u06ff ]+"}


@given(acts())
def test_every_act_reads_back_from_its_body(act: Act) -> None:
    """ACT-1"""
    assert read_act(kind_of(act), encode(act)) == act


@given(acts(), st.data())
def test_no_required_field_of_a_body_may_be_missing(act: Act, data: st.DataObject) -> None:
    """ACT-1"""
    body = inspect.type_info(type(act))
    assert isinstance(body, inspect.StructType)
    required = [field.encode_name for field in body.fields if field.required]
    if required:
        fields = msgspec.json.decode(encode(act))
        del fields[data.draw(st.sampled_from(required))]
        with pytest.raises(EntryInvalid, match="missing required field"):
            read_act(kind_of(act), msgspec.json.encode(fields, order="sorted"))


@given(acts())
def test_no_other_field_may_be_in_a_body(act: Act) -> None:
    """ACT-1"""
    fields = {**msgspec.json.decode(encode(act)), "zz": 1}
    with pytest.raises(EntryInvalid, match="unknown field `zz`"):
        read_act(kind_of(act), msgspec.json.encode(fields, order="sorted"))


@pytest.mark.parametrize(
    "body",
    [
        b'{"plan": "' + b"ab" * 32 + b'"}',
        b'{"plan":"' + b"ab" * 32 + b'","plan":"' + b"ab" * 32 + b'"}',
        b'{"plan":"' + b"AB" * 32 + b'"}',
        b'{"plan":"' + b"ab" * 31 + b'"}',
        b'{"plan":"\\u0061b' + b"ab" * 31 + b'"}',
        b'{"plan":null}',
        b'{"plan":1}',
        b"{}",
        b"[]",
        b"null",
        b"",
        b"\xff",
        b"[" * 20_000,
    ],
)
def test_a_body_of_another_form_or_writing_is_refused(body: bytes) -> None:
    """ACT-1"""
    with pytest.raises(EntryInvalid, match=r"^movement\.approved: "):
        read_act("movement.approved", body)


@pytest.mark.parametrize(
    ("body", "read"),
    [
        (b'{"heads":0,"holds":true,"item":"a"}', MovementAttested(item="a", holds=True, heads=0)),
        (b'{"heads":10000,"holds":true,"item":"a"}', MovementAttested(item="a", holds=True, heads=10_000)),
        (b'{"heads":10001,"holds":true,"item":"a"}', None),
        (b'{"heads":-1,"holds":true,"item":"a"}', None),
        (b'{"heads":-0,"holds":true,"item":"a"}', None),
        (b'{"heads":1.0,"holds":true,"item":"a"}', None),
        (b'{"heads":1e2,"holds":true,"item":"a"}', None),
        (b'{"heads":123456789012345678901234,"holds":true,"item":"a"}', None),
        (b'{"heads":1,"holds":1,"item":"a"}', None),
        (b'{"holds":true,"item":"A"}', None),
        (b'{"holds":true,"item":""}', None),
        (b'{"holds":true,"item":"a","note":"%b"}' % LONG.encode(), MovementAttested(item="a", holds=True, note=LONG)),
        (b'{"holds":true,"item":"a","note":"%bx"}' % LONG.encode(), None),
        (b'{"holds":true,"item":"a","note":""}', None),
    ],
)  # fmt: skip
def test_a_field_ends_at_its_bounds(body: bytes, read: Act | None) -> None:
    """ACT-1"""
    if read is not None:
        assert read_act("movement.attested", body) == read
    else:
        with pytest.raises(EntryInvalid):
            read_act("movement.attested", body)


@given(st.dictionaries(st.text("abcxyz_", min_size=1, max_size=5), st.integers(0, 9) | st.text("abc")))
def test_a_later_kind_is_carried_as_it_came(fields: dict[str, int | str]) -> None:
    """ACT-2"""
    body = msgspec.json.encode(fields, order="sorted")
    assert read_act("later.said_by_a_newer_one", body) == UnknownAct("later.said_by_a_newer_one", body)


@pytest.mark.parametrize("body", [b'{"a": 1}', b'{"a":1.5}', b'{"a":null}', b"[]", b'{"b":1,"a":1}', b'{"a":1,"a":1}'])
def test_a_later_kind_outside_the_profile_is_refused(body: bytes) -> None:
    """ACT-2"""
    with pytest.raises(CanonicalInvalid):
        read_act("later.said_by_a_newer_one", body)


@pytest.mark.parametrize("kind", CATALOGUE)
def test_a_kind_has_one_type_and_a_type_one_kind(kind: str) -> None:
    """ACT-3"""
    types = [entry.body for entry in CATALOGUE.values()]
    assert (CATALOGUE[kind].kind, types.count(CATALOGUE[kind].body)) == (kind, 1)


@pytest.mark.parametrize("kind", CATALOGUE)
def test_a_kind_and_its_subject_have_the_form_that_statements_ask_for(kind: str) -> None:
    """ACT-3, ST-8"""
    statement = {
        "kind": kind,
        "agreement": "",
        "party": "host",
        "actor": "host/a",
        "subject": CATALOGUE[kind].subject,
        "at": 0,
        "after": {},
        "signers": ["00" * 32],
        "body": msgspec.Raw(b"{}"),
    }
    assert msgspec.convert(statement, Statement).kind == kind


@pytest.mark.parametrize("language", SCRIPTS)
@pytest.mark.parametrize("kind", CATALOGUE)
def test_every_kind_has_a_title_in_every_language(kind: str, language: str) -> None:
    """ACT-3"""
    assert re.fullmatch(SCRIPTS[language], CATALOGUE[kind].title[language])


@pytest.mark.parametrize("kind", CATALOGUE)
def test_a_kind_follows_kinds_about_the_same_subject(kind: str) -> None:
    """ACT-3"""
    entry = CATALOGUE[kind]
    assert all(CATALOGUE[before].subject == entry.subject for before in entry.follows)


def test_every_way_to_speak_is_used() -> None:
    """ACT-3"""
    assert {entry.speaker for entry in CATALOGUE.values()} == set(Speaker)


def test_the_parts_of_a_plan_are_its_fields_but_the_purpose() -> None:
    """ACT-1: approvals, consent and material changes speak of the same four parts."""
    fields = [field.name for field in msgspec.structs.fields(Plan)]
    assert ([*PARTS, "purpose"], list(PARTS)) == (fields, list(get_args(Part)))


def leaves(kind: inspect.Type, name: str = "") -> Iterator[tuple[str, inspect.Type]]:
    """Every field of a type that is no structure itself, with its name."""
    match kind:
        case inspect.StructType():
            for field in kind.fields:
                yield from leaves(field.type, field.encode_name)
        case inspect.VarTupleType():
            yield from leaves(kind.item_type, name)
        case inspect.DictType():
            yield from leaves(kind.value_type, name)
        case inspect.UnionType():
            for option in kind.types:
                yield from leaves(option, name)
        case _:
            yield name, kind


@pytest.mark.parametrize("kind", CATALOGUE)
def test_no_body_has_a_fraction(kind: str) -> None:
    """ACT-4"""
    allowed = (inspect.StrType, inspect.IntType, inspect.BoolType, inspect.LiteralType, inspect.NoneType)
    assert all(isinstance(leaf, allowed) for _, leaf in leaves(inspect.type_info(CATALOGUE[kind].body)))


@pytest.mark.parametrize(
    "kind", [k for k, entry in CATALOGUE.items() if entry.subject in ("person", "movement", "actor")]
)
def test_no_body_about_people_has_a_field_for_their_names(kind: str) -> None:
    """ACT-4"""
    names = {name for name, _ in leaves(inspect.type_info(CATALOGUE[kind].body))}
    assert names & {"name", "label", "title", "passport", "nationality", "religion", "ethnicity"} == set()


def everything_in(value: object) -> list[object]:
    match value:
        case dict():
            return [inner for item in value.values() for inner in everything_in(item)]
        case list():
            return [inner for item in value for inner in everything_in(item)]
        case _:
            return [value]


@given(acts())
def test_nothing_that_is_absent_is_written_as_null(act: Act) -> None:
    """ACT-4, ACT-5"""
    assert None not in everything_in(msgspec.json.decode(encode(act)))


@pytest.mark.parametrize(
    ("act", "body"),
    [
        (MovementClosed(), b"{}"),
        (MovementDeparted(), b"{}"),
        (MovementDeparted(heads=0), b'{"heads":0}'),
        (MovementApproved(plan="ab" * 32), b'{"plan":"' + b"ab" * 32 + b'"}'),
    ],
)
def test_a_field_with_its_default_is_left_out(act: Act, body: bytes) -> None:
    """ACT-5"""
    assert encode(act) == body


def test_no_default_but_absence_is_left_out() -> None:
    """ACT-5: a default is left out only if it is the same object, and None is the one that always is."""
    bodies = [inspect.type_info(entry.body) for entry in CATALOGUE.values()]
    fields = [field for body in bodies if isinstance(body, inspect.StructType) for field in body.fields]
    assert [field.name for field in fields if not field.required and field.default is not None] == []


def test_the_page_has_the_catalogue_as_it_is() -> None:
    """ACT-3"""
    assert between_marks(PAGE.read_text("utf-8")) == table()
