"""Logs to test with, and the tree hash of RFC 6962 written as its definition, which our code is compared with."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import sha256

from safeconduct.core.identity import SigningKey
from safeconduct.core.log import (
    EMPTY_ROOT,
    KeyType,
    ReadTile,
    SignedCheckpoint,
    Tile,
    Tree,
    VerifierKey,
    leaf_hash,
    sign_checkpoint,
    tile_width,
)
from safeconduct.core.log.merkle import push_peaks, root_of_peaks

ORIGIN = "north.example/log/host"
LOG_SIGNER = SigningKey.from_seed(b"\x01" * 32)
LOG_KEY = VerifierKey(ORIGIN, KeyType.ED25519, LOG_SIGNER.public)

WITNESS = "south.example/witness"
WITNESS_SIGNER = SigningKey.from_seed(b"\x02" * 32)
WITNESS_KEY = VerifierKey(WITNESS, KeyType.COSIGNATURE_V1, WITNESS_SIGNER.public)

OTHER = "east.example/witness"
OTHER_SIGNER = SigningKey.from_seed(b"\x03" * 32)
OTHER_KEY = VerifierKey(OTHER, KeyType.COSIGNATURE_V1, OTHER_SIGNER.public)

NOON = 1_767_268_800


def leaves(count: int, word: str = "entry") -> list[bytes]:
    """Leaf hashes of `count` entries, each with another text."""
    return [leaf_hash(f"{word} {number}".encode()) for number in range(count)]


def defined_root(hashes: Sequence[bytes]) -> bytes:
    """MTH of RFC 6962, section 2.1, from leaf hashes: slow, and as it stands in the text."""
    if not hashes:
        return EMPTY_ROOT
    if len(hashes) == 1:
        return hashes[0]
    k = 1
    while 2 * k < len(hashes):
        k *= 2
    return sha256(b"\x01" + defined_root(hashes[:k]) + defined_root(hashes[k:])).digest()


def tile_reader(tiles: Iterable[Tile]) -> ReadTile:
    """Reads from these tiles; a KeyError says that a tile was asked for that such a log does not have."""
    contents = {(tile.level, tile.n, tile.width): tile.hashes for tile in tiles}
    return lambda level, n, width: contents[level, n, width]


def large_tile(_level: int, _n: int, width: int) -> bytes:
    """Reads tiles of a log with more entries than anybody has the disk for: all hashes are the same."""
    return leaves(1)[0] * width


def large_tree(size: int) -> Tree:
    """The tree of that log. Only its edge is sound, and its edge is eight small tiles."""
    peaks: list[bytes] = []
    for level in reversed(range(8)):
        push_peaks(peaks, 0, leaves(1) * tile_width(level, size >> 8 * (level + 1), size))
    return Tree.resume(size, root_of_peaks(peaks), large_tile)


class SampleLog:
    """A log with these leaves, all of its tiles, and a signed checkpoint."""

    def __init__(self, leaf_hashes: Sequence[bytes]) -> None:
        self.leaves = list(leaf_hashes)
        self.size = len(self.leaves)
        self.tree = Tree()
        self.tiles = self.tree.append(self.leaves)
        self.tiles += self.tree.edge()
        self.root = self.tree.root()
        self.read_tile = tile_reader(self.tiles)

    def signed(self, signer: SigningKey = LOG_SIGNER) -> SignedCheckpoint:
        return sign_checkpoint(ORIGIN, self.size, self.root, signer)
