from __future__ import annotations

from hashlib import sha256

import pytest

from safeconduct.core.log import EMPTY_ROOT, leaf_hash, node_hash
from safeconduct.core.log.merkle import perfect_root, push_peaks, root_of_peaks, split_point
from tests.unit.core.log.sample import defined_root, leaves


def test_an_entry_is_hashed_behind_a_zero_byte() -> None:
    """LOG-1"""
    assert leaf_hash(b"entry") == sha256(b"\x00entry").digest()


def test_two_halves_are_hashed_behind_a_one_byte() -> None:
    """LOG-2"""
    left, right = leaves(2)
    assert node_hash(left, right) == sha256(b"\x01" + left + right).digest()


def test_an_inner_node_never_passes_for_an_entry() -> None:
    """LOG-1, LOG-2"""
    left, right = leaves(2)
    assert leaf_hash(left + right) != node_hash(left, right)


def test_the_empty_tree_has_the_hash_of_nothing() -> None:
    """LOG-3"""
    assert root_of_peaks([]) == EMPTY_ROOT == sha256(b"").digest()


def test_a_tree_of_one_entry_has_that_entrys_hash() -> None:
    """LOG-3"""
    (only,) = leaves(1)
    assert root_of_peaks([only]) == perfect_root([only]) == only


@pytest.mark.parametrize(("size", "left"), [(2, 1), (3, 2), (4, 2), (5, 4), (8, 4), (9, 8), (257, 256), (2**63, 2**62)])
def test_a_tree_splits_at_the_largest_power_of_two_below_its_size(size: int, left: int) -> None:
    """LOG-2"""
    assert split_point(size) == left


@pytest.mark.parametrize("size", [1, 2, 4, 64, 256])
def test_a_perfect_tree_has_the_defined_root(size: int) -> None:
    """LOG-2"""
    assert perfect_root(leaves(size)) == defined_root(leaves(size))


@pytest.mark.parametrize("size", [0, 1, 2, 3, 5, 7, 8, 100, 257])
def test_peaks_join_to_the_defined_root(size: int) -> None:
    """LOG-2, LOG-3"""
    peaks: list[bytes] = []
    push_peaks(peaks, 0, leaves(size))
    assert (len(peaks), root_of_peaks(peaks)) == (size.bit_count(), defined_root(leaves(size)))
