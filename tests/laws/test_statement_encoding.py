"""One meaning has one byte string, and nobody but the signers can make another that verifies."""

from __future__ import annotations

import json
import math
import unicodedata
from typing import Any

import msgspec
import pytest
import rfc8785
from hypothesis import example, given
from hypothesis import strategies as st

from safeconduct.core.acts import read_act
from safeconduct.core.identity import SigningKey
from safeconduct.core.statement import (
    INTEGER_MAX,
    SIGNATURES_MAX,
    Statement,
    digest,
    encode,
    encode_statement,
    pae,
    read_entry,
    require_canonical,
    statement_id,
    verify_signatures,
    write_envelope,
)
from safeconduct.errors import CanonicalInvalid, SafeconductError
from safeconduct.testing.strategies import statements
from tests.unit.core.statement.sample import ACTOR, ENTRY, NODE, PAYLOAD

pytestmark = pytest.mark.slow

KEY_LETTERS = "ABCXYZabcxyz0189_./-"
KEY = st.text(KEY_LETTERS, min_size=1, max_size=8)
NORMAL_TEXT = st.text(st.characters(codec="utf-8"), max_size=20).map(lambda t: unicodedata.normalize("NFC", t))
LEAF = st.booleans() | st.integers(-INTEGER_MAX, INTEGER_MAX) | NORMAL_TEXT
DOCUMENT = st.dictionaries(
    KEY,
    st.recursive(LEAF, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEY, inner, max_size=4)),
    max_size=5,
)
# Anything that JSON can say, inside the profile or not.
ANY_LEAF = LEAF | st.none() | st.floats(allow_nan=False) | st.integers() | st.text(max_size=5)
ANY_DOCUMENT = st.dictionaries(
    st.text(max_size=5) | KEY,
    st.recursive(ANY_LEAF, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEY, inner, max_size=3)),
    max_size=4,
)


@given(DOCUMENT)
def test_our_encoder_is_rfc_8785_within_the_profile(document: dict[str, Any]) -> None:
    """ST-1"""
    assert msgspec.json.encode(document, order="sorted") == rfc8785.dumps(document)


@given(DOCUMENT)
def test_what_rfc_8785_writes_within_the_profile_is_accepted(document: dict[str, Any]) -> None:
    """ST-1 to ST-6"""
    raw = rfc8785.dumps(document)
    require_canonical(raw)
    assert json.loads(raw) == document


def in_profile(value: object) -> bool:
    match value:
        case bool():
            return True
        case int():
            return abs(value) <= INTEGER_MAX
        case str():
            return unicodedata.is_normalized("NFC", value)
        case list():
            return all(in_profile(item) for item in value)
        case dict():
            keys = all(0 < len(k) <= 128 and set(k) <= set(LETTERS_DIGITS_AND_FOUR) for k in value)
            return keys and all(in_profile(item) for item in value.values())
        case _:
            return False


LETTERS_DIGITS_AND_FOUR = "".join(chr(n) for n in range(128) if chr(n).isalnum() or chr(n) in "_./-")


@given(ANY_DOCUMENT, st.booleans(), st.booleans(), st.booleans())
@example({"a": 1.0}, True, True, False)
@example({"a": -0.0}, True, True, False)
@example({"a": math.inf}, True, True, False)
def test_accepted_is_exactly_what_is_in_the_profile_and_written_as_rfc_8785_says(
    document: dict[str, Any], sort: bool, compact: bool, escape: bool
) -> None:
    """ST-1 to ST-6"""
    separators = (",", ":") if compact else None
    raw = json.dumps(document, sort_keys=sort, separators=separators, ensure_ascii=escape).encode(errors="replace")
    expected = in_profile(document) and raw == rfc8785.dumps(document)
    try:
        require_canonical(raw)
        accepted = True
    except CanonicalInvalid:
        accepted = False
    assert accepted == expected


@given(st.binary(max_size=60))
def test_hostile_bytes_meet_our_own_errors_only(data: bytes) -> None:
    """ST-1, ST-14"""
    with pytest.raises(SafeconductError):
        read_entry(data)


@given(statements(), st.lists(st.binary(min_size=32, max_size=32), min_size=1, max_size=SIGNATURES_MAX, unique=True))
def test_what_is_said_and_signed_is_read_as_it_was_said(statement: Statement, seeds: list[bytes]) -> None:
    """ST-7, ST-13, ST-17, ST-19; ACT-1"""
    keys = {key.public.key_id: key for key in map(SigningKey.from_seed, seeds)}
    statement = msgspec.structs.replace(statement, signers=tuple(sorted(keys)))
    payload = encode_statement(statement)
    signed = read_entry(write_envelope(payload, {i: key.sign(pae(payload)) for i, key in keys.items()}))
    verify_signatures(signed, lambda key_id: keys[key_id].public)
    act = read_act(signed.statement.kind, bytes(signed.statement.body))
    assert (signed.statement, signed.id, encode(act)) == (statement, statement_id(payload), bytes(statement.body))


@given(statements())
def test_a_statements_bytes_are_those_of_rfc_8785(statement: Statement) -> None:
    """ST-1"""
    payload = encode_statement(statement)
    assert rfc8785.dumps(json.loads(payload)) == payload


@given(statements(), statements())
def test_two_statements_have_one_digest_only_if_they_are_one(a: Statement, b: Statement) -> None:
    """ST-1, ST-13"""
    assert (digest(a) == digest(b)) == (a == b)


def knows(key_id: str) -> Any:
    return {key.public.key_id: key.public for key in (ACTOR, NODE)}.get(key_id)


def accepted(entry: bytes) -> bool:
    try:
        verify_signatures(read_entry(entry), knows)
    except SafeconductError:
        return False
    return True


@given(st.integers(0, len(ENTRY) - 1), st.integers(1, 255))
def test_no_byte_of_an_entry_can_be_changed(place: int, change: int) -> None:
    """ST-14 to ST-19"""
    assert not accepted(bytes(byte ^ (change if i == place else 0) for i, byte in enumerate(ENTRY)))


@given(st.integers(0, len(PAYLOAD) - 1), st.integers(1, 255))
def test_no_byte_of_a_payload_can_be_changed_under_its_signatures(place: int, change: int) -> None:
    """ST-12, ST-19"""
    changed = bytes(byte ^ (change if i == place else 0) for i, byte in enumerate(PAYLOAD))
    assert not accepted(write_envelope(changed, read_entry(ENTRY).signatures))


@given(st.integers(0, len(ENTRY)), st.integers(0, len(ENTRY)), st.binary(max_size=3))
def test_no_part_of_an_entry_can_be_cut_out_or_put_in(start: int, end: int, put_in: bytes) -> None:
    """ST-14 to ST-19"""
    start, end = sorted((start, end))
    changed = ENTRY[:start] + put_in + ENTRY[end:]
    assert accepted(changed) == (changed == ENTRY)
