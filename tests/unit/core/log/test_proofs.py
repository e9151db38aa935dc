from __future__ import annotations

import pytest

from safeconduct.core.log import (
    EMPTY_ROOT,
    PROOF_HASHES_MAX,
    SIZE_MAX,
    consistency_proof,
    full_consistency_proof,
    inclusion_proof,
    roots_from_consistency,
    verify_consistency,
    verify_inclusion,
)
from safeconduct.errors import NotFound, ProofInvalid, TileInvalid
from tests.unit.core.log.sample import SampleLog, defined_root, large_tile, large_tree, leaves

SEVEN = SampleLog(leaves(7))


def of_seven(start: int, end: int) -> bytes:
    return defined_root(SEVEN.leaves[start:end])


INCLUSION_OF_SEVEN = [
    (0, [of_seven(1, 2), of_seven(2, 4), of_seven(4, 7)]),
    (3, [of_seven(2, 3), of_seven(0, 2), of_seven(4, 7)]),
    (4, [of_seven(5, 6), of_seven(6, 7), of_seven(0, 4)]),
    (6, [of_seven(4, 6), of_seven(0, 4)]),
]

CONSISTENCY_OF_SEVEN = [
    (0, []),
    (3, [of_seven(2, 3), of_seven(3, 4), of_seven(0, 2), of_seven(4, 7)]),
    (4, [of_seven(4, 7)]),
    (6, [of_seven(4, 6), of_seven(6, 7), of_seven(0, 4)]),
    (7, []),
]


@pytest.mark.parametrize(("index", "proof"), INCLUSION_OF_SEVEN)
def test_inclusion_is_proved_as_in_the_example_of_rfc_6962(index: int, proof: list[bytes]) -> None:
    """LOG-15"""
    assert list(inclusion_proof(index, 7, SEVEN.read_tile)) == proof


@pytest.mark.parametrize(("old", "proof"), CONSISTENCY_OF_SEVEN)
def test_consistency_is_proved_as_in_the_example_of_rfc_6962(old: int, proof: list[bytes]) -> None:
    """LOG-16"""
    assert list(consistency_proof(old, 7, SEVEN.read_tile)) == proof


@pytest.mark.parametrize(("old", "first"), [(3, of_seven(2, 3)), (4, of_seven(0, 4)), (6, of_seven(4, 6))])
def test_a_full_proof_begins_with_the_end_of_the_old_tree(old: int, first: bytes) -> None:
    """LOG-20"""
    proof = full_consistency_proof(old, 7, SEVEN.read_tile)
    rest = consistency_proof(old, 7, SEVEN.read_tile)
    assert (proof[0], proof[-len(rest) :]) == (first, rest)


@pytest.mark.parametrize("old", [1, 2, 3, 4, 5, 6])
def test_a_full_proof_leads_to_both_roots(old: int) -> None:
    """LOG-20"""
    proof = full_consistency_proof(old, 7, SEVEN.read_tile)
    assert roots_from_consistency(old, 7, proof) == (of_seven(0, old), SEVEN.root)


@pytest.mark.parametrize("size", [256, 257, 600])
def test_proofs_hold_across_the_edges_of_tiles(size: int) -> None:
    """LOG-15, LOG-16"""
    log = SampleLog(leaves(size))
    for index in (0, 1, 127, 128, 254, 255, size - 1):
        proof = inclusion_proof(index, size, log.read_tile)
        verify_inclusion(log.leaves[index], index, size, proof, log.root)
        step = consistency_proof(index, size, log.read_tile)
        verify_consistency(index, size, step, defined_root(log.leaves[:index]), log.root)
    assert len(inclusion_proof(0, size, log.read_tile)) == (size - 1).bit_length()


def test_a_proof_reads_each_tile_once() -> None:
    """LOG-15"""
    log = SampleLog(leaves(600))
    asked: list[tuple[int, int, int]] = []

    def read_tile(level: int, n: int, width: int) -> bytes:
        asked.append((level, n, width))
        return log.read_tile(level, n, width)

    inclusion_proof(0, 600, read_tile)
    assert sorted(asked) == [(0, 0, 256), (0, 2, 88), (1, 0, 2)]


@pytest.mark.parametrize(("index", "size"), [(0, 0), (7, 7), (8, 7), (-1, 7)])
def test_an_entry_that_is_not_there_has_no_proof(index: int, size: int) -> None:
    """LOG-18"""
    with pytest.raises(NotFound, match=f"no entry {index} in a log of {size} entries"):
        inclusion_proof(index, size, SEVEN.read_tile)


@pytest.mark.parametrize(("old", "new"), [(8, 7), (-1, 7)])
def test_a_tree_that_is_not_there_has_no_proof(old: int, new: int) -> None:
    """LOG-16"""
    with pytest.raises(NotFound, match=f"no tree of {old} entries in a log of {new} entries"):
        consistency_proof(old, new, SEVEN.read_tile)


def test_a_tile_of_another_width_makes_no_proof() -> None:
    """LOG-8"""
    with pytest.raises(TileInvalid, match="a tile of 7 hashes has 224 bytes, got 192"):
        inclusion_proof(0, 7, lambda level, n, width: SEVEN.read_tile(level, n, width)[:-32])


def test_the_error_names_the_root_found_and_the_root_signed() -> None:
    """LOG-17"""
    wrong = bytes(32)
    with pytest.raises(ProofInvalid, match=f"leads to {SEVEN.root.hex()}, signed root is {wrong.hex()}"):
        verify_inclusion(SEVEN.leaves[2], 2, 7, inclusion_proof(2, 7, SEVEN.read_tile), wrong)


@pytest.mark.parametrize(("old_root", "new_root", "size"), [(bytes(32), SEVEN.root, 3), (of_seven(0, 3), bytes(32), 7)])
def test_the_error_names_the_size_at_which_roots_differ(old_root: bytes, new_root: bytes, size: int) -> None:
    """LOG-17"""
    found = {3: of_seven(0, 3), 7: SEVEN.root}[size]
    with pytest.raises(ProofInvalid, match=f"leads to {found.hex()} at size {size}, signed root is {bytes(32).hex()}"):
        verify_consistency(3, 7, consistency_proof(3, 7, SEVEN.read_tile), old_root, new_root)


@pytest.mark.parametrize("change", [-1, 1])
def test_inclusion_with_a_hash_too_few_or_too_many_is_refused(change: int) -> None:
    """LOG-17"""
    proof = (*inclusion_proof(2, 7, SEVEN.read_tile), SEVEN.root)[: 3 + change]
    with pytest.raises(ProofInvalid, match=f"has 3 hashes, got {3 + change}"):
        verify_inclusion(SEVEN.leaves[2], 2, 7, proof, SEVEN.root)


@pytest.mark.parametrize(
    ("old", "change"), [(0, 1), (3, -1), (3, 1), (4, -1), (4, 1), (5, -1), (5, 1), (6, -1), (6, 1), (7, 1)]
)
def test_consistency_with_a_hash_too_few_or_too_many_is_refused(old: int, change: int) -> None:
    """LOG-17"""
    right = consistency_proof(old, 7, SEVEN.read_tile)
    proof = (*right, SEVEN.root)[: len(right) + change]
    with pytest.raises(ProofInvalid, match=r"has \d hashes, got \d"):
        verify_consistency(old, 7, proof, of_seven(0, old), SEVEN.root)


@pytest.mark.parametrize("length", [0, 31, 33])
def test_a_hash_of_another_length_is_refused(length: int) -> None:
    """LOG-17"""
    first, *rest = inclusion_proof(2, 7, SEVEN.read_tile)
    with pytest.raises(ProofInvalid, match=f"hash 0 of a proof has 32 bytes, got {length}"):
        verify_inclusion(SEVEN.leaves[2], 2, 7, [(first * 2)[:length], *rest], SEVEN.root)


@pytest.mark.parametrize(("index", "size"), [(0, 0), (1, 1), (7, 7), (-1, 7), (0, SIZE_MAX + 1)])
def test_inclusion_is_never_verified_outside_a_log(index: int, size: int) -> None:
    """LOG-18"""
    with pytest.raises(ProofInvalid, match=f"a proof for entry {index} is of a log of more entries, got size {size}"):
        verify_inclusion(EMPTY_ROOT, index, size, (), EMPTY_ROOT)


@pytest.mark.parametrize(("old", "new"), [(4, 3), (-1, 3), (0, SIZE_MAX + 1)])
def test_consistency_is_never_verified_backwards(old: int, new: int) -> None:
    """LOG-16"""
    with pytest.raises(ProofInvalid, match=f"a log grows, got size {old} before size {new}"):
        verify_consistency(old, new, (), EMPTY_ROOT, EMPTY_ROOT)


@pytest.mark.parametrize(("old", "new"), [(0, 3), (3, 3), (4, 3), (1, SIZE_MAX + 1)])
def test_a_full_proof_leads_from_one_size_to_a_larger_one(old: int, new: int) -> None:
    """LOG-20"""
    with pytest.raises(ProofInvalid, match=f"has 0 < old < new, got {old} and {new}"):
        roots_from_consistency(old, new, (EMPTY_ROOT,))


def test_one_size_is_consistent_with_itself_only() -> None:
    """LOG-16"""
    with pytest.raises(ProofInvalid, match=f"at size 7, signed root is {bytes(32).hex()}"):
        verify_consistency(7, 7, (), bytes(32), SEVEN.root)


@pytest.mark.parametrize("new", [0, 7])
def test_nothing_grows_from_an_empty_tree_with_another_root(new: int) -> None:
    """LOG-3, LOG-16"""
    with pytest.raises(ProofInvalid, match="at size 0, signed root is"):
        verify_consistency(0, new, (), bytes(32), SEVEN.root if new else EMPTY_ROOT)


def test_an_inclusion_proof_in_the_largest_log_has_as_many_hashes_as_are_allowed() -> None:
    """LOG-7, LOG-19"""
    assert len(inclusion_proof(0, SIZE_MAX, large_tile)) == PROOF_HASHES_MAX


def test_the_last_entry_of_the_largest_log_is_proved() -> None:
    """LOG-7, LOG-15"""
    (same,) = leaves(1)
    proof = inclusion_proof(SIZE_MAX - 1, SIZE_MAX, large_tile)
    verify_inclusion(same, SIZE_MAX - 1, SIZE_MAX, proof, large_tree(SIZE_MAX).root())
    assert len(proof) == SIZE_MAX.bit_count() - 1


def test_the_last_growth_of_the_largest_log_is_proved() -> None:
    """LOG-7, LOG-16, LOG-20"""
    old_root, new_root = large_tree(SIZE_MAX - 1).root(), large_tree(SIZE_MAX).root()
    proof = consistency_proof(SIZE_MAX - 1, SIZE_MAX, large_tile)
    verify_consistency(SIZE_MAX - 1, SIZE_MAX, proof, old_root, new_root)
    assert roots_from_consistency(SIZE_MAX - 1, SIZE_MAX, proof) == (old_root, new_root)
