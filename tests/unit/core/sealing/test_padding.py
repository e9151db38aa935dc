"""Sizes that say little."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safeconduct.core.sealing import BUCKETS, PADDED_MAX, pad, unpad
from safeconduct.errors import CheckFailed, LimitExceeded


@given(st.binary(max_size=5_000))
def test_what_was_filled_up_comes_back(data: bytes) -> None:
    """SEAL-35"""
    assert unpad(pad(data)) == data


@pytest.mark.parametrize(
    ("size", "bucket"), [(0, 1024), (1023, 1024), (1024, 4096), (65_535, 65_536), (65_536, 262_144)]
)
def test_every_size_becomes_one_of_a_few(size: int, bucket: int) -> None:
    """SEAL-35"""
    assert len(pad(b"\x80" * size)) == bucket


def test_more_than_the_largest_is_refused() -> None:
    """SEAL-35"""
    assert len(pad(bytes(PADDED_MAX))) == BUCKETS[-1]
    with pytest.raises(LimitExceeded, match=f"{PADDED_MAX} bytes, got {PADDED_MAX + 1}"):
        pad(bytes(PADDED_MAX + 1))


@pytest.mark.parametrize(
    "padded",
    [
        b"",
        bytes(1024),
        b"a".ljust(1024, b"\0"),
        b"a\x80".ljust(1023, b"\0"),
        b"a\x80".ljust(4096, b"\0"),
        b"a\x80".ljust(1023, b"\0") + b"\1",
    ],
    ids=["nothing", "no end", "no mark", "no bucket", "a larger bucket than needed", "something after the mark"],
)
def test_another_filling_is_refused(padded: bytes) -> None:
    """SEAL-35: one content has one filling."""
    with pytest.raises(CheckFailed, match="filled up"):
        unpad(padded)
