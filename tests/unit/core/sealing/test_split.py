"""A secret in n shares: all give it back, fewer say nothing."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safeconduct.core.sealing import combine, split
from safeconduct.errors import InputInvalid

secrets = st.binary(min_size=32, max_size=32)


@given(secrets, st.lists(secrets, min_size=1, max_size=6))
def test_all_shares_give_the_secret_back_in_any_order(secret: bytes, randoms: list[bytes]) -> None:
    """SEAL-30"""
    shares = split(secret, randoms)
    assert (len(shares), combine(shares[::-1])) == (len(randoms) + 1, secret)


@given(secrets, secrets, st.lists(secrets, min_size=1, max_size=3))
def test_any_other_secret_fits_all_shares_but_one(secret: bytes, other: bytes, randoms: list[bytes]) -> None:
    """SEAL-31: whatever the secret, there is a last share that makes it of the ones that somebody has."""
    shares = split(secret, randoms)
    for held in itertools.combinations(shares, len(shares) - 1):
        missing = split(other, list(held))[-1]
        assert combine([*held, missing]) == other


@pytest.mark.parametrize("randoms", [[], [bytes(31)], [bytes(33)]])
def test_too_few_holders_or_other_lengths_are_refused(randoms: list[bytes]) -> None:
    """SEAL-30"""
    with pytest.raises(InputInvalid):
        split(bytes(32), randoms)


@pytest.mark.parametrize("shares", [[], [bytes(32)], [bytes(32), bytes(31)]])
def test_what_is_no_set_of_shares_is_refused(shares: list[bytes]) -> None:
    """SEAL-30"""
    with pytest.raises(InputInvalid):
        combine(shares)
