"""A share in pieces: enough of them give it back, fewer say nothing, and each opens for its officer alone."""

from __future__ import annotations

import itertools

import pytest

from safeconduct.core.sealing import OfflineKey, join_pieces, require_recipient, seal_for_recipient, split_in_pieces
from safeconduct.errors import CheckFailed, InputInvalid, KeyInvalid

SECRET = bytes(range(64))


def _times(a: int, b: int) -> int:
    """GF(2^8) by the schoolbook, not by the library."""
    product = 0
    for bit in range(8):
        if b >> bit & 1:
            product ^= a << bit
    for bit in range(14, 7, -1):
        if product >> bit & 1:
            product ^= 0x11B << (bit - 8)
    return product


def _over(a: int, b: int) -> int:
    return next(c for c in range(256) if _times(b, c) == a)


def _at_zero(pieces: list[bytes]) -> bytes:
    secret = bytearray()
    for n in range(64):
        value = 0
        for piece in pieces:
            term = piece[n]
            for other in pieces:
                if other is not piece:
                    term = _times(term, _over(other[64], other[64] ^ piece[64]))
            value ^= term
        secret.append(value)
    return bytes(secret)


@pytest.mark.parametrize(("count", "needed"), [(2, 2), (3, 2), (5, 3)])
def test_any_so_many_pieces_give_the_secret_back(count: int, needed: int) -> None:
    """SEAL-70"""
    pieces = split_in_pieces(SECRET, count, needed)
    assert {join_pieces(some) for some in itertools.combinations(pieces, needed)} == {SECRET}


@pytest.mark.slow
def test_the_pieces_are_those_of_the_method_as_somebody_else_writes_it() -> None:
    """SEAL-70"""
    pieces = list(split_in_pieces(SECRET, 3, 2))
    assert [_at_zero(pieces[:2]), _at_zero(pieces[1:])] == [SECRET, SECRET]
    assert [len(piece) for piece in pieces] == [65] * 3


def test_fewer_pieces_give_something_else() -> None:
    """SEAL-71"""
    pieces = split_in_pieces(SECRET, 4, 3)
    assert SECRET not in {join_pieces(some) for some in itertools.combinations(pieces, 2)}


def test_one_piece_fewer_leaves_every_secret_as_likely() -> None:
    """SEAL-71: to one piece of two, any first byte of the secret belongs with some other piece."""
    piece = split_in_pieces(SECRET, 2, 2)[0]
    place = piece[64] % 255 + 1
    others = [bytes([value]) + bytes(63) + bytes([place]) for value in range(256)]
    assert len({join_pieces([piece, other])[0] for other in others}) == 256


@pytest.mark.parametrize(("size", "count", "needed"), [(63, 3, 2), (64, 3, 1), (64, 2, 3), (64, 17, 2)])
def test_other_numbers_are_refused(size: int, count: int, needed: int) -> None:
    """SEAL-70"""
    with pytest.raises(InputInvalid, match="expected"):
        split_in_pieces(bytes(size), count, needed)


def test_a_piece_twice_or_of_another_length_is_refused() -> None:
    """SEAL-70"""
    piece, other = split_in_pieces(SECRET, 2, 2)
    for some in ([piece, piece], [piece], [piece, other[1:]]):
        with pytest.raises(InputInvalid):
            join_pieces(some)


def test_what_is_sealed_to_an_officer_opens_for_that_officer_alone() -> None:
    """SEAL-72"""
    anna, bilal = OfflineKey.make(), OfflineKey.make()
    sealed = seal_for_recipient(b"piece", anna.recipient)
    assert OfflineKey(anna.text).open(sealed) == b"piece"
    with pytest.raises(CheckFailed, match=bilal.recipient):
        bilal.open(sealed)


def test_a_key_with_a_wrong_checksum_is_none_and_is_not_repeated() -> None:
    """AG-151"""
    key = OfflineKey.make()
    with pytest.raises(KeyInvalid):
        require_recipient(key.recipient[:-1] + ("q" if key.recipient[-1] != "q" else "p"))
    with pytest.raises(KeyInvalid) as caught:
        OfflineKey(key.text[:-1])
    assert key.text[20:40] not in str(caught.value) + repr(key)
