"""Sealed to a key: who has it opens, under the same use alone."""

from __future__ import annotations

import base64

import pytest
from pyhpke import AEADId, CipherSuite, KDFId, KEMId, KEMKey

from safeconduct.core.sealing import SEALED_OVERHEAD, SEALING_KEY_BYTES, SealingKey, SealingPublicKey
from safeconduct.errors import CheckFailed, InputInvalid, KeyInvalid

KEY = SealingKey.from_seed(bytes(range(32)))
OTHER = SealingKey.from_seed(bytes(range(1, 33)))
# u-coordinates of the points of low order (RFC 7748 §6.1 and the list that every library refuses).
LOW_ORDER = (0, 1, 2**255 - 20, 2**255 - 19, 2**255 - 18)


def test_who_has_the_key_opens() -> None:
    """SEAL-20"""
    sealed = KEY.public.seal(b"gate 2", b"use")
    assert (KEY.open(sealed, b"use"), len(sealed)) == (b"gate 2", len(b"gate 2") + SEALED_OVERHEAD)


def test_another_implementation_opens_what_we_seal() -> None:
    """SEAL-20"""
    suite = CipherSuite.new(KEMId.DHKEM_X25519_HKDF_SHA256, KDFId.HKDF_SHA256, AEADId.CHACHA20_POLY1305)
    sealed = KEY.public.seal(b"gate 2", b"use")
    jwk = {
        "kty": "OKP",
        "crv": "X25519",
        "x": _url(KEY.public.raw),
        "d": _url(bytes(range(32))),
    }
    receiver = suite.create_recipient_context(sealed[:32], KEMKey.from_jwk(jwk), info=b"use")
    assert receiver.open(sealed[32:]) == b"gate 2"


def test_we_open_what_another_implementation_seals() -> None:
    """SEAL-20"""
    suite = CipherSuite.new(KEMId.DHKEM_X25519_HKDF_SHA256, KDFId.HKDF_SHA256, AEADId.CHACHA20_POLY1305)
    public = KEMKey.from_jwk({"kty": "OKP", "crv": "X25519", "x": _url(KEY.public.raw)})
    encapsulated, sender = suite.create_sender_context(public, info=b"use")
    assert KEY.open(encapsulated + sender.seal(b"gate 2"), b"use") == b"gate 2"


def _url(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


@pytest.mark.parametrize("bit", [0, 8 * 31 + 3, 8 * 32, 8 * 40])
def test_a_changed_bit_does_not_open(bit: int) -> None:
    """SEAL-23"""
    sealed = bytearray(KEY.public.seal(b"gate 2", b"use"))
    sealed[bit // 8] ^= 1 << bit % 8
    with pytest.raises(CheckFailed, match=KEY.public.key_id[:16]):
        KEY.open(bytes(sealed), b"use")


@pytest.mark.parametrize("size", [0, 1, 31, 32, 47])
def test_what_is_cut_off_does_not_open(size: int) -> None:
    """SEAL-23"""
    sealed = KEY.public.seal(b"", b"use")
    with pytest.raises(CheckFailed, match="altered"):
        KEY.open(sealed[:size], b"use")


def test_another_key_or_another_use_does_not_open() -> None:
    """SEAL-23"""
    sealed = KEY.public.seal(b"gate 2", b"use")
    with pytest.raises(CheckFailed, match="another key"):
        OTHER.open(sealed, b"use")
    with pytest.raises(CheckFailed, match="another key"):
        KEY.open(sealed, b"other use")


@pytest.mark.parametrize("point", LOW_ORDER)
def test_a_key_that_everybody_opens_is_refused(point: int) -> None:
    """SEAL-22"""
    with pytest.raises(KeyInvalid, match="low order"):
        SealingPublicKey(point.to_bytes(32, "little"))


def test_a_key_has_one_text() -> None:
    """SEAL-21"""
    text = KEY.public.text
    assert SealingPublicKey.from_text(text) == KEY.public
    spare = text[:-2] + chr(ord(text[-2]) + 1) + "="
    with pytest.raises(InputInvalid, match="written"):
        SealingPublicKey.from_text(spare)


@pytest.mark.parametrize("text", ["", "no base64!", "AAAA"])
def test_a_text_that_is_no_key_is_refused(text: str) -> None:
    """SEAL-21"""
    with pytest.raises((InputInvalid, KeyInvalid)):
        SealingPublicKey.from_text(text)


@pytest.mark.parametrize("size", [0, SEALING_KEY_BYTES - 1, SEALING_KEY_BYTES + 1])
def test_a_seed_of_another_length_is_no_key(size: int) -> None:
    """SEAL-21"""
    with pytest.raises(KeyInvalid, match="32 bytes"):
        SealingKey.from_seed(bytes(size))


def test_a_private_key_prints_no_secret() -> None:
    """ID-6"""
    assert repr(KEY) == f"SealingKey({KEY.public.key_id[:16]})"
