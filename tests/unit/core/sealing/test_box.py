"""A box opens with its key and its label, unchanged, and not otherwise."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safeconduct.core.sealing import BOX_KEY_BYTES, NONCE_BYTES, open_box, seal_box
from safeconduct.errors import CheckFailed, InputInvalid

KEY = bytes(range(32))
NONCE = bytes(range(24))
BOX = seal_box(b"Li Wei, passport E12345678", "person/p1", KEY, NONCE)


@given(st.binary(max_size=200), st.text(st.characters(codec="utf-8"), max_size=20))
def test_a_box_opens_to_what_was_sealed(data: bytes, label: str) -> None:
    """SEAL-10, SEAL-13"""
    assert open_box(seal_box(data, label, KEY, NONCE), label, KEY) == data


def test_a_box_is_the_nonce_and_the_data_with_a_tag_of_16_bytes() -> None:
    """SEAL-10"""
    assert (BOX[:NONCE_BYTES], len(BOX)) == (NONCE, 24 + 26 + 16)


def test_the_same_data_in_another_box_looks_different() -> None:
    """SEAL-11"""
    assert seal_box(b"x", "l", KEY, NONCE)[NONCE_BYTES:] != seal_box(b"x", "l", KEY, bytes(24))[NONCE_BYTES:]


@given(st.integers(0, len(BOX) * 8 - 1))
def test_a_box_with_one_bit_changed_does_not_open(bit: int) -> None:
    """SEAL-12"""
    altered = bytearray(BOX)
    altered[bit // 8] ^= 1 << (bit % 8)
    with pytest.raises(CheckFailed, match=r"box person/p1 opens with the key that sealed it"):
        open_box(bytes(altered), "person/p1", KEY)


@pytest.mark.parametrize(("label", "key"), [("person/p2", KEY), ("person/p1", bytes(32))])
def test_a_box_does_not_open_under_another_label_or_key(label: str, key: bytes) -> None:
    """SEAL-12"""
    with pytest.raises(CheckFailed):
        open_box(BOX, label, key)


@pytest.mark.parametrize("length", [0, 39])
def test_what_is_too_short_for_a_box_is_refused(length: int) -> None:
    """SEAL-12"""
    with pytest.raises(InputInvalid, match=f"at least 40 bytes, got {length}"):
        open_box(BOX[:length], "person/p1", KEY)


@pytest.mark.parametrize("length", [0, BOX_KEY_BYTES - 1, BOX_KEY_BYTES + 1])
def test_a_key_has_32_bytes(length: int) -> None:
    """SEAL-10"""
    with pytest.raises(InputInvalid, match=f"a key of 32 bytes, got {length}"):
        seal_box(b"", "l", bytes(length), NONCE)


@pytest.mark.parametrize("length", [0, NONCE_BYTES - 1, NONCE_BYTES + 1])
def test_a_nonce_has_24_bytes(length: int) -> None:
    """SEAL-11"""
    with pytest.raises(InputInvalid, match=f"a nonce of 24 bytes, got {length}"):
        seal_box(b"", "l", KEY, bytes(length))
