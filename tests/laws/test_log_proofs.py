"""What a proof can show and, above all, what it can never show."""

from __future__ import annotations

from itertools import combinations_with_replacement

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from safeconduct.core.log import (
    EMPTY_ROOT,
    consistency_proof,
    equivocation,
    find_equivocation,
    full_consistency_proof,
    inclusion_proof,
    roots_from_consistency,
    verify_consistency,
    verify_equivocation,
    verify_inclusion,
)
from safeconduct.errors import ProofInvalid
from tests.unit.core.log.sample import LOG_KEY, SampleLog, leaves

SMALL = 20
LOGS = [SampleLog(leaves(size)) for size in range(SMALL + 1)]
PAIRS = list(combinations_with_replacement(range(SMALL + 1), 2))


@pytest.mark.parametrize("size", range(1, SMALL + 1))
def test_a_proof_for_one_leaf_never_verifies_for_another_leaf_or_index(size: int) -> None:
    """LOG-15, LOG-18"""
    log = LOGS[size]
    for proved in range(size):
        proof = inclusion_proof(proved, size, log.read_tile)
        verify_inclusion(log.leaves[proved], proved, size, proof, log.root)
        for index in range(size):
            for leaf in range(size):
                if (index, leaf) != (proved, proved):
                    with pytest.raises(ProofInvalid):
                        verify_inclusion(log.leaves[leaf], index, size, proof, log.root)


@given(st.integers(1, 1000), st.data())
@settings(max_examples=60)
def test_a_proof_for_one_leaf_never_verifies_for_another_in_larger_logs(size: int, data: st.DataObject) -> None:
    """LOG-15, LOG-18"""
    log = SampleLog(leaves(size))
    i, j = data.draw(st.integers(0, size - 1)), data.draw(st.integers(0, size - 1))
    proof = inclusion_proof(i, size, log.read_tile)
    verify_inclusion(log.leaves[i], i, size, proof, log.root)
    for leaf, index in ((j, i), (i, j)):
        if i != j:
            with pytest.raises(ProofInvalid):
                verify_inclusion(log.leaves[leaf], index, size, proof, log.root)


@pytest.mark.parametrize(("old", "new"), PAIRS)
def test_every_log_is_consistent_with_every_beginning_of_it(old: int, new: int) -> None:
    """LOG-16"""
    proof = consistency_proof(old, new, LOGS[new].read_tile)
    verify_consistency(old, new, proof, LOGS[old].root, LOGS[new].root)
    assert len(proof) <= max(0, (new - 1).bit_length() + 1)


@pytest.mark.parametrize(("old", "new"), PAIRS)
def test_no_log_is_consistent_with_another_history(old: int, new: int) -> None:
    """LOG-16, LOG-17"""
    proof = consistency_proof(old, new, LOGS[new].read_tile)
    for wrong_old, wrong_new in ((bytes(32), LOGS[new].root), (LOGS[old].root, bytes(32))):
        # From nothing, everything is consistent: an empty tree says nothing about what comes.
        if old > 0 or wrong_old != LOGS[old].root:
            with pytest.raises(ProofInvalid):
                verify_consistency(old, new, proof, wrong_old, wrong_new)


@pytest.mark.parametrize(("old", "new"), [(old, new) for old, new in PAIRS if 0 < old < new])
def test_a_full_proof_leads_to_the_roots_of_both_sizes(old: int, new: int) -> None:
    """LOG-20"""
    proof = full_consistency_proof(old, new, LOGS[new].read_tile)
    assert roots_from_consistency(old, new, proof) == (LOGS[old].root, LOGS[new].root)


def _changed(proof: tuple[bytes, ...], data: st.DataObject) -> tuple[bytes, ...]:
    """The proof with one bit changed, a hash added or left out, or two exchanged."""
    at = data.draw(st.integers(0, len(proof) - 1))
    bit = data.draw(st.integers(0, 255))
    flipped = (int.from_bytes(proof[at], "big") ^ (1 << bit)).to_bytes(32, "big")
    other = data.draw(st.integers(0, len(proof) - 1))
    exchanged = list(proof)
    exchanged[at], exchanged[other] = exchanged[other], exchanged[at]
    return data.draw(
        st.sampled_from(
            [
                (*proof[:at], flipped, *proof[at + 1 :]),
                (*proof[:at], flipped, *proof[at:]),
                (*proof[:at], *proof[at + 1 :]),
                (*proof[:at], proof[at][:31], *proof[at + 1 :]),
                tuple(exchanged),
            ]
        ).filter(lambda changed: changed != proof)
    )


@given(st.integers(2, 1000), st.data())
@settings(max_examples=60)
def test_a_changed_inclusion_proof_proves_nothing(size: int, data: st.DataObject) -> None:
    """LOG-17"""
    log = SampleLog(leaves(size))
    index = data.draw(st.integers(0, size - 1))
    changed = _changed(inclusion_proof(index, size, log.read_tile), data)
    with pytest.raises(ProofInvalid):
        verify_inclusion(log.leaves[index], index, size, changed, log.root)


@given(st.integers(2, 1000), st.data())
@settings(max_examples=60)
def test_a_changed_consistency_proof_proves_nothing(size: int, data: st.DataObject) -> None:
    """LOG-17"""
    log = SampleLog(leaves(size))
    old = data.draw(st.integers(1, size - 1))
    changed = _changed(consistency_proof(old, size, log.read_tile), data)
    with pytest.raises(ProofInvalid):
        verify_consistency(old, size, changed, SampleLog(log.leaves[:old]).root, log.root)


@given(st.integers(0, 600), st.integers(0, 600), st.integers(0, 600))
@settings(max_examples=60)
def test_a_log_that_forked_is_always_found_out_and_an_honest_one_never(one: int, other: int, fork: int) -> None:
    """LOG-54, LOG-56, LOG-57"""
    honest = SampleLog(leaves(one))
    second = SampleLog([*leaves(min(fork, other)), *leaves(max(0, other - fork), "other")])
    larger = honest if one > other else second
    found = find_equivocation(honest.signed(), second.signed(), larger.read_tile)
    if min(one, other) <= fork:
        assert found is None
    else:
        assert found is not None
        verify_equivocation(found, LOG_KEY)


@given(st.integers(1, 300), st.integers(1, 300), st.lists(st.binary(min_size=32, max_size=32), max_size=12))
def test_no_proof_accuses_an_honest_log(one: int, other: int, proof: list[bytes]) -> None:
    """LOG-57"""
    false = equivocation(SampleLog(leaves(one)).signed(), SampleLog(leaves(other)).signed(), tuple(proof))
    with pytest.raises(ProofInvalid):
        verify_equivocation(false, LOG_KEY)


def test_an_empty_tree_is_the_beginning_of_every_log() -> None:
    """LOG-16"""
    for log in LOGS:
        verify_consistency(0, log.size, (), EMPTY_ROOT, log.root)
    assert LOGS[0].root == EMPTY_ROOT
