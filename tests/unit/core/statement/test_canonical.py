from __future__ import annotations

import hashlib

import msgspec
import pytest

from safeconduct.core.statement import (
    DEPTH_MAX,
    INTEGER_MAX,
    digest,
    encode,
    require_canonical,
    require_text_normal,
)
from safeconduct.errors import CanonicalInvalid


class Sample(msgspec.Struct):
    b: int
    a: str


class Renamed(msgspec.Struct, rename={"late": "z", "early": "A"}):
    late: int
    early: int


def test_keys_are_sorted_whatever_the_order_of_fields() -> None:
    """ST-1"""
    assert (encode(Sample(b=1, a="x")), encode(Renamed(late=1, early=2))) == (b'{"a":"x","b":1}', b'{"A":2,"z":1}')


def test_a_digest_is_the_hash_of_the_canonical_bytes() -> None:
    """ST-1"""
    assert digest(Sample(b=1, a="x")) == hashlib.sha256(b'{"a":"x","b":1}').hexdigest()


@pytest.mark.parametrize(
    "raw",
    [
        b"{}",
        b'{"a":1}',
        b'{"a":-1,"b":[true,false,"",[],{}]}',
        b'{"A":1,"Z":2,"_":3,"a":4}',
        '{"a":"出行","b":"نقل و حرکت"}'.encode(),
        '{"a":"\u2028 \u007f 😀"}'.encode(),
        b'{"a":"\\u0000\\b\\t\\n\\f\\r\\u001f\\"\\\\/"}',
        b'{"a":%d,"b":%d}' % (INTEGER_MAX, -INTEGER_MAX),
        b'{"%s":1}' % (b"k" * 128),
        b'{"a/b.c-d_e":1}',
    ],
)
def test_canonical_bytes_are_accepted(raw: bytes) -> None:
    """ST-1 to ST-6"""
    require_canonical(raw)


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (b'{"a":1,"a":2}', "one canonical encoding"),
        (b'{"a":2,"a":2}', "one canonical encoding"),
        (b'{"b":1,"a":2}', "one canonical encoding"),
        (b'{"a": 1}', "one canonical encoding"),
        (b' {"a":1}', "one canonical encoding"),
        (b'{"a":1}\n', "one canonical encoding"),
        (b'{"a":"\\u0041"}', "one canonical encoding"),
        (b'{"a":"\\/"}', "one canonical encoding"),
        (b'{"a":"\\u00e9"}', "one canonical encoding"),
        (b'{"a":"\\u001F"}', "one canonical encoding"),
        (b'{"a":"\\ud83d\\ude00"}', "one canonical encoding"),
        (b'{"a":-0}', "one canonical encoding"),
    ],
    ids=[
        "key twice", "key twice, same value", "unsorted", "space", "space before", "newline after", "escaped letter",
        "escaped slash", "escaped é", "upper-case escape", "escaped pair", "negative zero",
    ],
)  # fmt: skip
def test_another_writing_of_the_same_meaning_is_refused(raw: bytes, says: str) -> None:
    """ST-1, ST-3"""
    with pytest.raises(CanonicalInvalid, match=says):
        require_canonical(raw)


@pytest.mark.parametrize("raw", [b"", b"{", b"{'a':1}", b'{"a":01}', b'{"a":+1}', b'{"a":1,}', b'{"a":NaN}', b"\xff"])
def test_what_is_not_json_is_refused(raw: bytes) -> None:
    """ST-1"""
    with pytest.raises(CanonicalInvalid, match="expected JSON"):
        require_canonical(raw)


@pytest.mark.parametrize(("raw", "kind"), [(b"[]", "list"), (b'"a"', "str"), (b"1", "int"), (b"null", "NoneType")])
def test_a_payload_is_an_object(raw: bytes, kind: str) -> None:
    """ST-1"""
    with pytest.raises(CanonicalInvalid, match=f"expected a JSON object, got {kind}"):
        require_canonical(raw)


@pytest.mark.parametrize(
    "raw",
    [b'{"a":1.0}', b'{"a":1e2}', b'{"a":1E2}', b'{"a":0.5}', b'{"a":-0.0}', b'{"a":1e400}', b'{"a":[{"b":1.5}]}'],
)
def test_a_fraction_or_an_exponent_is_refused(raw: bytes) -> None:
    """ST-3"""
    with pytest.raises(CanonicalInvalid, match=r"no floating point|expected JSON"):
        require_canonical(raw)


@pytest.mark.parametrize(
    "number", [INTEGER_MAX + 1, -INTEGER_MAX - 1, 2**63, 2**64, -(2**64), 123456789012345678901234]
)
def test_an_integer_that_a_double_does_not_hold_is_refused(number: int) -> None:
    """ST-3"""
    with pytest.raises(CanonicalInvalid, match=r"integers within ±\(2\^53-1\)|no floating point"):
        require_canonical(b'{"a":%d}' % number)


@pytest.mark.parametrize("raw", [b'{"a":null}', b'{"a":[null]}', b'{"a":{"b":null}}'])
def test_null_is_refused(raw: bytes) -> None:
    """ST-4"""
    with pytest.raises(CanonicalInvalid, match="absent instead of null"):
        require_canonical(raw)


@pytest.mark.parametrize("key", ["", " ", "a b", "a:b", "é", "ک", "k" * 129, "a\\n"])
def test_a_key_of_another_form_is_refused(key: str) -> None:
    """ST-2"""
    with pytest.raises(CanonicalInvalid, match="keys match"):
        require_canonical(f'{{"{key}":1}}'.encode())


@pytest.mark.parametrize(("levels", "accepted"), [(DEPTH_MAX, True), (DEPTH_MAX + 1, False)])
def test_nesting_ends_at_its_bound(levels: int, accepted: bool) -> None:
    """ST-5"""
    raw = b'{"a":' + b"[" * (levels - 1) + b"1" + b"]" * (levels - 1) + b"}"
    if accepted:
        require_canonical(raw)
    else:
        with pytest.raises(CanonicalInvalid, match=f"at most {DEPTH_MAX} levels"):
            require_canonical(raw)


@pytest.mark.parametrize("opening", [b"[", b'{"a":'])
def test_hostile_nesting_is_refused_like_any_other(opening: bytes) -> None:
    """ST-5"""
    with pytest.raises(CanonicalInvalid):
        require_canonical(b'{"a":' + opening * 20_000)


@pytest.mark.parametrize("text", [b"\\ud800", b"\\udfff", b"\\ude00\\ud83d", b"\\ud83d"])
def test_a_lone_surrogate_is_refused(text: bytes) -> None:
    """ST-6"""
    with pytest.raises(CanonicalInvalid):
        require_canonical(b'{"a":"' + text + b'"}')


@pytest.mark.parametrize("raw", [b"\xed\xa0\x80", b"\xc0\xaf", b"\xf5\x80\x80\x80", b"\xff", b"\xe2\x82"])
def test_text_that_is_not_utf_8_is_refused(raw: bytes) -> None:
    """ST-6"""
    with pytest.raises(CanonicalInvalid):
        require_canonical(b'{"a":"' + raw + b'"}')


@pytest.mark.parametrize(
    "text", ["e\u0301", "\u0627\u0653", "\u1100\u1161", "\u212b", "\u0958"], ids=["é", "آ", "가", "Å", "क़"]
)
def test_text_in_another_normal_form_is_refused(text: str) -> None:
    """ST-6: two texts that look the same are the same."""
    with pytest.raises(CanonicalInvalid, match="Unicode normal form C"):
        require_canonical(f'{{"a":"{text}"}}'.encode())


def test_bytes_that_are_no_text_are_named_by_their_place() -> None:
    """ST-6"""
    with pytest.raises(CanonicalInvalid, match="payload is UTF-8, got byte 0xff at 2"):
        require_text_normal(b"ab\xff")
