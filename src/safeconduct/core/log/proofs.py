"""Proofs that an entry is in a log, and that a log has only grown (RFC 6962, sections 2.1.1 and 2.1.2).

Prover and verifier walk down from the root by the same two functions, `_path_to_leaf` and `_path_to_old_end`. At each
step the tree splits, one half is walked into, and the hash of the other half is one hash of the proof. The prover
looks those hashes up; the verifier joins them again, from the bottom, and compares roots.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from safeconduct.core.log.encoding import SIZE_MAX
from safeconduct.core.log.merkle import EMPTY_ROOT, HASH_BYTES, node_hash, perfect_root, root_of_peaks, split_point
from safeconduct.core.log.tiles import TILE_HEIGHT, TILE_WIDTH, ReadTile, split_hashes, tile_width
from safeconduct.errors import NotFound, ProofInvalid

# c2sp.org/tlog-witness allows no more in a request, and no proof in a log of 2^62 entries has more.
PROOF_HASHES_MAX = 63

Proof = Sequence[bytes]
"""Hashes of 32 bytes each, the one nearest to the leaves first."""


# --- making proofs ------------------------------------------------------------------------------------------


def inclusion_proof(index: int, size: int, read_tile: ReadTile) -> tuple[bytes, ...]:
    """Proof that leaf `index` is in the tree of `size` leaves, from that tree's tiles.

    Raises NotFound if there is no such leaf.
    """
    if not 0 <= index < size:
        raise NotFound(f"no entry {index} in a log of {size} entries")
    subtrees = _Subtrees(size, read_tile)
    return tuple(reversed([subtrees.hash(step.other) for step in _path_to_leaf(index, size)]))


def consistency_proof(old: int, new: int, read_tile: ReadTile) -> tuple[bytes, ...]:
    """Proof that the tree of `old` leaves is the beginning of the tree of `new` leaves, from the latter's tiles.

    Empty if the sizes are equal or `old` is 0. Raises NotFound if `old` is larger than `new`.
    """
    full = full_consistency_proof(old, new, read_tile)
    # Whoever checks this proof has the old root, so RFC 6962 does not repeat it where it would be the first hash.
    return full[1:] if _is_power_of_two(old) else full


def full_consistency_proof(old: int, new: int, read_tile: ReadTile) -> tuple[bytes, ...]:
    """As `consistency_proof`, and never without its first hash, so that it shows the old root by itself.

    See `roots_from_consistency`.
    """
    if not 0 <= old <= new:
        raise NotFound(f"no tree of {old} entries in a log of {new} entries")
    if old in (0, new):
        return ()
    subtrees = _Subtrees(new, read_tile)
    path = _path_to_old_end(old, new)
    shared = path[-1].walked
    return (subtrees.hash(shared), *reversed([subtrees.hash(step.other) for step in path]))


# --- checking proofs ----------------------------------------------------------------------------------------


def verify_inclusion(leaf: bytes, index: int, size: int, proof: Proof, root: bytes) -> None:
    """Return if the proof shows that the leaf with hash `leaf` is number `index` of the tree with this size and root.

    Raises ProofInvalid, naming both roots, if it does not.
    """
    if not 0 <= index < size <= SIZE_MAX:
        raise ProofInvalid(f"a proof for entry {index} is of a log of more entries, got size {size}")
    path = _path_to_leaf(index, size)
    _require_hashes(proof, len(path))
    found = leaf
    for step, other in zip(reversed(path), proof, strict=True):
        found = node_hash(found, other) if step.other.start > step.walked.start else node_hash(other, found)
    if found != root:
        raise ProofInvalid(f"proof of entry {index} leads to {found.hex()}, signed root is {root.hex()}")


def verify_consistency(old: int, new: int, proof: Proof, old_root: bytes, new_root: bytes) -> None:
    """Return if the proof shows that the tree with size `old` is the beginning of the tree with size `new`.

    Raises ProofInvalid, naming the roots that differ, if it does not.
    """
    if not 0 <= old <= new <= SIZE_MAX:
        raise ProofInvalid(f"a log grows, got size {old} before size {new}")
    if old in (0, new):
        _require_hashes(proof, 0)
        found_old, found_new = (new_root if old == new else EMPTY_ROOT), new_root
    else:
        full = (old_root, *proof) if _is_power_of_two(old) else proof
        found_old, found_new = roots_from_consistency(old, new, full)
    if found_new != new_root:
        raise ProofInvalid(f"proof leads to {found_new.hex()} at size {new}, signed root is {new_root.hex()}")
    if found_old != old_root:
        raise ProofInvalid(f"proof leads to {found_old.hex()} at size {old}, signed root is {old_root.hex()}")


def roots_from_consistency(old: int, new: int, full_proof: Proof) -> tuple[bytes, bytes]:
    """The roots at both sizes that a proof from `full_consistency_proof` leads to; 0 < old < new.

    If the second is the root that a log signed at size `new`, then the first is the root that the same log has at
    size `old`, whatever it may have signed there: one who signed both has told two histories.
    """
    if not 0 < old < new <= SIZE_MAX:
        raise ProofInvalid(f"a proof from one size to another has 0 < old < new, got {old} and {new}")
    path = _path_to_old_end(old, new)
    _require_hashes(full_proof, len(path) + 1)
    found_old = found_new = full_proof[0]
    for step, other in zip(reversed(path), full_proof[1:], strict=True):
        if step.other.start >= old:
            found_new = node_hash(found_new, other)
        else:
            found_old = node_hash(other, found_old)
            found_new = node_hash(other, found_new)
    return found_old, found_new


def _require_hashes(proof: Proof, expected: int) -> None:
    if len(proof) != expected:
        raise ProofInvalid(f"a proof between these sizes has {expected} hashes, got {len(proof)}")
    for number, part in enumerate(proof):
        if len(part) != HASH_BYTES:
            raise ProofInvalid(f"hash {number} of a proof has {HASH_BYTES} bytes, got {len(part)}")


# --- the walk that both sides share -------------------------------------------------------------------------


class _Span(NamedTuple):
    """The leaves from `start` up to, not including, `end`."""

    start: int
    end: int


class _Step(NamedTuple):
    """One step down: the half that was walked into, and the other one, whose hash is in the proof."""

    walked: _Span
    other: _Span


def _halves(span: _Span) -> tuple[_Span, _Span]:
    middle = span.start + split_point(span.end - span.start)
    return _Span(span.start, middle), _Span(middle, span.end)


def _path_to_leaf(index: int, size: int) -> list[_Step]:
    """Steps from the root of a tree of `size` leaves down to leaf `index` (PATH of RFC 6962)."""
    path: list[_Step] = []
    here = _Span(0, size)
    while here.end - here.start > 1:
        left, right = _halves(here)
        here, other = (left, right) if index < right.start else (right, left)
        path.append(_Step(here, other))
    return path


def _path_to_old_end(old: int, new: int) -> list[_Step]:
    """Steps from the root of the new tree down to the perfect subtree with which the old tree ends.

    That subtree is the largest that both trees have at that place (SUBPROOF of RFC 6962); 0 < old < new.
    """
    path: list[_Step] = []
    here = _Span(0, new)
    while here.end != old:
        left, right = _halves(here)
        here, other = (left, right) if old <= right.start else (right, left)
        path.append(_Step(here, other))
    return path


def _is_power_of_two(size: int) -> bool:
    return size.bit_count() == 1


class _Subtrees:
    """Hashes of subtrees of one tree, from its tiles; each tile is read once."""

    def __init__(self, size: int, read_tile: ReadTile) -> None:
        self._size = size
        self._read_tile = read_tile
        self._tiles: dict[tuple[int, int], list[bytes]] = {}

    def hash(self, span: _Span) -> bytes:
        """Root of the tree over these leaves, which `_halves` cut out of the whole tree."""
        return root_of_peaks([self._perfect(start, height) for start, height in _peaks(span)])

    def _perfect(self, start: int, height: int) -> bytes:
        """Root of the perfect tree of 2^height leaves from `start`: one hash of a tile, or a few of them joined."""
        level, within = divmod(height, TILE_HEIGHT)
        n, first = divmod(start >> (TILE_HEIGHT * level), TILE_WIDTH)
        return perfect_root(self._tile(level, n)[first : first + (1 << within)])

    def _tile(self, level: int, n: int) -> list[bytes]:
        if (level, n) not in self._tiles:
            width = tile_width(level, n, self._size)
            self._tiles[level, n] = split_hashes(self._read_tile(level, n, width), width)
        return self._tiles[level, n]


def _peaks(span: _Span) -> Iterator[tuple[int, int]]:
    """The perfect trees in a row of leaves, each as its first leaf and its height, the largest first."""
    at = span.start
    while at < span.end:
        height = (span.end - at).bit_length() - 1
        yield at, height
        at += 1 << height
