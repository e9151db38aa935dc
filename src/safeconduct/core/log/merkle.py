"""The hash tree of RFC 6962, section 2.1, over SHA-256.

Leaves and inner nodes are hashed with different first bytes, so that nobody can pass an inner node off as an entry.
A tree whose size is a power of two is *perfect*; any other is a row of perfect trees, the largest first, whose roots
are called its *peaks*.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256

HASH_BYTES = 32
EMPTY_ROOT = sha256(b"").digest()

_LEAF = b"\x00"
_NODE = b"\x01"


def leaf_hash(entry: bytes) -> bytes:
    """Hash of one entry as a leaf of the tree."""
    return sha256(_LEAF + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash of the tree whose halves have these hashes."""
    return sha256(_NODE + left + right).digest()


def perfect_root(hashes: Sequence[bytes]) -> bytes:
    """Root of the perfect tree over these hashes, whose number is a power of two."""
    while len(hashes) > 1:
        # The hottest line of an audit: written out, because a call of node_hash would cost a third of the rate.
        hashes = [sha256(_NODE + left + right).digest() for left, right in zip(hashes[::2], hashes[1::2], strict=True)]
    return hashes[0]


def push_peaks(peaks: list[bytes], count: int, hashes: Sequence[bytes]) -> None:
    """Add hashes to the peaks of a tree of `count` hashes, in place.

    A tree of `count` has one peak for each 1 in the binary digits of `count`. Adding one hash is adding one to that
    number: each carry joins two peaks of the same height.
    """
    for node in hashes:
        carry = count
        while carry & 1:
            node = sha256(_NODE + peaks.pop() + node).digest()
            carry >>= 1
        peaks.append(node)
        count += 1


def root_of_peaks(peaks: Sequence[bytes]) -> bytes:
    """Root of the tree with these peaks, the largest first; EMPTY_ROOT if there are none."""
    if not peaks:
        return EMPTY_ROOT
    root = peaks[-1]
    for peak in reversed(peaks[:-1]):
        root = node_hash(peak, root)
    return root


def split_point(size: int) -> int:
    """Size of the left half of a tree of `size` > 1 leaves: the largest power of two below `size`."""
    return 1 << (size - 1).bit_length() - 1
