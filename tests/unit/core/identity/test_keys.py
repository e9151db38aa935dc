from __future__ import annotations

import base64
import hashlib

import pytest

from safeconduct.core.identity import LOW_ORDER_ENCODINGS, PublicKey, SigningKey
from safeconduct.errors import InputInvalid, KeyInvalid, SignatureInvalid
from vectors.edwards import (
    BASE,
    NEUTRAL,
    ORDER,
    SMALL_ENCODINGS,
    SMALL_POINTS,
    P,
    Point,
    add,
    challenge,
    decode,
    encode,
    holds,
    secret_scalar,
    times,
)

SEED = bytes(range(32))
KEY = SigningKey.from_seed(SEED)
MESSAGE = b"the convoy waits"
SIGNATURE = KEY.sign(MESSAGE)

# RFC 8032, section 7.1, test 2.
RFC_SEED = bytes.fromhex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb")
RFC_PUBLIC = bytes.fromhex("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c")
RFC_SIGNATURE = bytes.fromhex(
    "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
    "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
)


# --- keys -------------------------------------------------------------------------------------------------


def test_a_key_is_called_by_the_hash_of_its_bytes() -> None:
    """ID-1"""
    assert KEY.public.key_id == hashlib.sha256(KEY.public.raw).hexdigest()


def test_a_keys_text_reads_back_to_the_key() -> None:
    """ID-1"""
    assert PublicKey.from_text(KEY.public.text) == KEY.public


@pytest.mark.parametrize("length", [0, 31, 33, 64])
def test_a_key_of_another_length_is_refused(length: int) -> None:
    """ID-1"""
    with pytest.raises(KeyInvalid, match=f"a public key has 32 bytes, got {length}"):
        PublicKey(b"\x05" * length)


def with_spare_bit(text: str) -> str:
    """The same 32 bytes, written with a bit set that no byte holds."""
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    return text[:-2] + letters[letters.index(text[-2]) + 1] + "="


@pytest.mark.parametrize(
    "text",
    [
        KEY.public.text[:-1],
        KEY.public.text + "\n",
        " " + KEY.public.text,
        base64.urlsafe_b64encode(b"\xff" * 31 + b"\x7f").decode(),
        with_spare_bit(KEY.public.text),
        "کلید",
    ],
    ids=["padding", "newline", "space", "url alphabet", "spare bit", "not ASCII"],
)
def test_a_key_has_one_text(text: str) -> None:
    """ID-1"""
    with pytest.raises(InputInvalid, match="a public key is"):
        PublicKey.from_text(text)


def test_the_spare_bit_is_one_that_decodes_to_the_same_key() -> None:
    """ID-1"""
    assert base64.b64decode(with_spare_bit(KEY.public.text)) == KEY.public.raw


def test_there_are_eight_points_whose_order_divides_eight() -> None:
    """ID-2"""
    assert (len(set(SMALL_POINTS)), {times(8, point) for point in SMALL_POINTS}) == (8, {NEUTRAL})


def test_the_refused_encodings_are_all_those_of_the_eight_points() -> None:
    """ID-2"""
    assert sorted(LOW_ORDER_ENCODINGS) == list(SMALL_ENCODINGS)


@pytest.mark.parametrize("raw", sorted(LOW_ORDER_ENCODINGS), ids=bytes.hex)
def test_times_eight_a_refused_encoding_is_nothing(raw: bytes) -> None:
    """ID-2"""
    point = decode(raw)
    assert point is not None
    assert times(8, point) == NEUTRAL


@pytest.mark.parametrize("raw", sorted(LOW_ORDER_ENCODINGS), ids=bytes.hex)
def test_a_point_of_low_order_is_no_key(raw: bytes) -> None:
    """ID-2"""
    with pytest.raises(KeyInvalid, match="not a point of low order"):
        PublicKey(raw)


@pytest.mark.parametrize("sign", [0, 1])
@pytest.mark.parametrize("above", range(2, 19))
def test_a_key_with_a_coordinate_of_at_least_p_is_refused(above: int, sign: int) -> None:
    """ID-2"""
    with pytest.raises(KeyInvalid, match="encoded canonically"):
        PublicKey((P + above | sign << 255).to_bytes(32, "little"))


# --- signatures -------------------------------------------------------------------------------------------


def test_keys_and_signatures_are_those_of_rfc_8032() -> None:
    """ID-3, ID-5"""
    key = SigningKey.from_seed(RFC_SEED)
    assert (key.public.raw, key.sign(b"\x72")) == (RFC_PUBLIC, RFC_SIGNATURE)


def test_a_signature_verifies() -> None:
    """ID-3"""
    KEY.public.verify(MESSAGE, SIGNATURE)
    assert holds(KEY.public.raw, MESSAGE, SIGNATURE, cofactor=1)


@pytest.mark.parametrize("byte", [0, 31, 32, 63])
def test_a_signature_with_a_changed_byte_does_not_verify(byte: int) -> None:
    """ID-3"""
    changed = bytes(b ^ (i == byte) for i, b in enumerate(SIGNATURE))
    with pytest.raises(SignatureInvalid, match="does not verify"):
        KEY.public.verify(MESSAGE, changed)


def test_a_signature_does_not_verify_for_another_message() -> None:
    """ID-3"""
    with pytest.raises(SignatureInvalid, match="does not verify"):
        KEY.public.verify(MESSAGE + b".", SIGNATURE)


def test_a_signature_does_not_verify_under_another_key() -> None:
    """ID-3"""
    with pytest.raises(SignatureInvalid, match="does not verify"):
        SigningKey.from_seed(b"\x07" * 32).public.verify(MESSAGE, SIGNATURE)


@pytest.mark.parametrize("signature", [b"", SIGNATURE[:63], SIGNATURE + b"\x00"], ids=["0", "63", "65"])
def test_a_signature_of_another_length_is_refused(signature: bytes) -> None:
    """ID-3"""
    with pytest.raises(SignatureInvalid, match=f"a signature has 64 bytes, got {len(signature)}"):
        KEY.public.verify(MESSAGE, signature)


@pytest.mark.parametrize("times_order", [1, 2, 15])
def test_an_s_of_at_least_the_order_is_refused(times_order: int) -> None:
    """ID-3: S + L satisfies the same equation, so one signature would have several forms."""
    s = int.from_bytes(SIGNATURE[32:], "little") + times_order * ORDER
    with pytest.raises(SignatureInvalid, match="does not verify"):
        KEY.public.verify(MESSAGE, SIGNATURE[:32] + s.to_bytes(32, "little"))


@pytest.mark.parametrize("r", sorted(LOW_ORDER_ENCODINGS), ids=bytes.hex)
def test_an_r_of_low_order_is_refused_even_where_the_equation_holds(r: bytes) -> None:
    """ID-3: the holder of the key can make S fit, S = k·a, up to the part of R that the cofactor removes."""
    s = challenge(r, KEY.public.raw, MESSAGE) * secret_scalar(SEED) % ORDER
    signature = r + s.to_bytes(32, "little")
    assert holds(KEY.public.raw, MESSAGE, signature, cofactor=8)
    with pytest.raises(SignatureInvalid, match="R of low order"):
        KEY.public.verify(MESSAGE, signature)


def mixed_signature(a: bytes, point: Point) -> bytes:
    """By whoever holds SEED's scalar: valid times eight, and not without, where a small point is mixed in."""
    nonce = 123456789
    r = encode(add(times(nonce, BASE), point))
    s = (nonce + challenge(r, a, MESSAGE) * secret_scalar(SEED)) % ORDER
    return r + s.to_bytes(32, "little")


@pytest.mark.parametrize("part", range(1, 8))
def test_a_small_part_in_r_is_refused_although_the_cofactor_would_hide_it(part: int) -> None:
    """ID-3, ID-4"""
    signature = mixed_signature(KEY.public.raw, SMALL_POINTS[part])
    assert holds(KEY.public.raw, MESSAGE, signature, cofactor=8)
    with pytest.raises(SignatureInvalid, match="does not verify"):
        KEY.public.verify(MESSAGE, signature)


@pytest.mark.parametrize("part", range(8))
def test_a_small_part_in_the_key_gives_the_answer_of_the_equation_without_cofactor(part: int) -> None:
    """ID-3, ID-4"""
    own = decode(KEY.public.raw)
    assert own is not None
    mixed = PublicKey(encode(add(own, SMALL_POINTS[part])))
    signature = mixed_signature(mixed.raw, NEUTRAL)
    expected = holds(mixed.raw, MESSAGE, signature, cofactor=1)
    try:
        mixed.verify(MESSAGE, signature)
        accepted = True
    except SignatureInvalid:
        accepted = False
    assert accepted == expected


def test_signing_again_gives_the_same_bytes() -> None:
    """ID-5"""
    assert KEY.sign(MESSAGE) == SIGNATURE


@pytest.mark.parametrize("length", [0, 31, 33])
def test_a_seed_of_another_length_is_refused(length: int) -> None:
    """ID-6"""
    with pytest.raises(KeyInvalid, match=f"a key seed has 32 bytes, got {length}"):
        SigningKey.from_seed(b"s" * length)


def test_a_private_key_shows_its_public_name_and_nothing_else() -> None:
    """ID-6"""
    assert (repr(KEY), str(KEY)) == (f"SigningKey({KEY.public.key_id[:16]})",) * 2


def test_an_error_about_a_seed_does_not_show_it() -> None:
    """ID-6"""
    with pytest.raises(KeyInvalid) as caught:
        SigningKey.from_seed(b"secret")
    assert "secret" not in str(caught.value)
