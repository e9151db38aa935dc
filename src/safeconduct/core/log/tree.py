"""The growing tree of a log: what a writer keeps in memory, which is only the tree's right-hand edge.

Everything left of the edge is in full tiles that never change. So a log of a billion entries needs four unfinished
tiles in memory, and starts again from four small files.
"""

from __future__ import annotations

from collections.abc import Iterable

from safeconduct.core.log.encoding import SIZE_MAX
from safeconduct.core.log.merkle import HASH_BYTES, perfect_root, push_peaks, root_of_peaks
from safeconduct.core.log.tiles import TILE_HEIGHT, TILE_WIDTH, ReadTile, Tile, split_hashes, tile_width
from safeconduct.errors import LimitExceeded, ProofInvalid, TileInvalid


class Tree:
    """An append-only tree that hands out each tile as it fills up.

    A writer tries a batch on a `copy` and keeps the copy only when the disk has the batch:

        grown = tree.copy()
        full_tiles = grown.append(leaf_hash(entry) for entry in batch)
        store(batch, full_tiles, grown.edge(), grown.root())  # raises, and `tree` is as it was
        tree = grown

    Method: docs/spec/log.md LOG-4 to LOG-9.
    """

    __slots__ = ("_levels", "_size")

    def __init__(self) -> None:
        self._size = 0
        self._levels: list[_Level] = []

    @classmethod
    def resume(cls, size: int, root: bytes, read_tile: ReadTile) -> Tree:
        """The tree of a log of `size` entries, from the unfinished tiles of its edge; reads at most one a level.

        root: what the log last signed at this size. Raises ProofInvalid if the tiles lead to another root, and
        TileInvalid if one has another width than asked for.
        """
        if not 0 <= size <= SIZE_MAX:
            raise LimitExceeded(f"a log has at most {SIZE_MAX} entries, got {size}")
        tree = cls()
        tree._size = size
        level = 0
        while hashes_in_level := size >> (TILE_HEIGHT * level):
            n = hashes_in_level // TILE_WIDTH
            width = tile_width(level, n, size)
            hashes = split_hashes(read_tile(level, n, width), width) if width else []
            tree._levels.append(_Level(hashes, full_tiles=n))
            level += 1
        if tree.root() != root:
            raise ProofInvalid(f"tiles of size {size} lead to {tree.root().hex()}, signed root is {root.hex()}")
        return tree

    @property
    def size(self) -> int:
        """How many leaves the tree has."""
        return self._size

    def root(self) -> bytes:
        """Root hash of the tree as it is."""
        return root_of_peaks([peak for level in reversed(self._levels) for peak in level.peaks])

    def edge(self) -> list[Tile]:
        """The unfinished tiles at the right-hand edge, lowest level first: what `resume` will read."""
        return [
            Tile(number, level.full_tiles, bytes(level.hashes))
            for number, level in enumerate(self._levels)
            if level.hashes
        ]

    def append(self, leaf_hashes: Iterable[bytes]) -> list[Tile]:
        """Add leaves and return the tiles that became full, in the order in which they did.

        The same leaves give the same tiles and root, in whatever batches they come. Raises before anything changes.
        """
        batch = list(leaf_hashes)
        if not all(len(leaf) == HASH_BYTES for leaf in batch):
            raise TileInvalid(f"a leaf hash has {HASH_BYTES} bytes, got {sorted({len(leaf) for leaf in batch})}")
        if self._size + len(batch) > SIZE_MAX:
            raise LimitExceeded(f"a log has at most {SIZE_MAX} entries, got {self._size + len(batch)}")
        full: list[Tile] = []
        self._extend(0, batch, full)
        self._size += len(batch)
        return full

    def copy(self) -> Tree:
        """A tree that grows on its own from here. Costs a few microseconds, whatever the size."""
        twin = Tree()
        twin._size = self._size
        twin._levels = [level.copy() for level in self._levels]
        return twin

    def _extend(self, number: int, hashes: list[bytes], full: list[Tile]) -> None:
        """Add hashes to one level; each tile that fills up there is one hash of the level above."""
        if number == len(self._levels):
            self._levels.append(_Level([], full_tiles=0))
        level = self._levels[number]
        at = 0
        while at < len(hashes):
            chunk = hashes[at : at + TILE_WIDTH - level.width]
            level.add(chunk)
            at += len(chunk)
            if level.width == TILE_WIDTH:
                full.append(Tile(number, level.full_tiles, bytes(level.hashes)))
                self._extend(number + 1, [level.finish()], full)


class _Level:
    """One level of the edge: its unfinished tile, with the peaks of the tree over that tile's hashes."""

    __slots__ = ("full_tiles", "hashes", "peaks")

    def __init__(self, hashes: list[bytes], full_tiles: int) -> None:
        self.hashes = bytearray()
        self.peaks: list[bytes] = []
        self.full_tiles = full_tiles
        self.add(hashes)

    @property
    def width(self) -> int:
        return len(self.hashes) // HASH_BYTES

    def add(self, hashes: list[bytes]) -> None:
        if len(hashes) == TILE_WIDTH:
            self.peaks = [perfect_root(hashes)]  # the same as push_peaks on an empty tile, by half faster
        else:
            push_peaks(self.peaks, self.width, hashes)
        self.hashes += b"".join(hashes)

    def finish(self) -> bytes:
        """Begin the next tile; returns the root of the full one, which is its only peak."""
        (root,) = self.peaks
        self.hashes = bytearray()
        self.peaks = []
        self.full_tiles += 1
        return root

    def copy(self) -> _Level:
        twin = _Level([], self.full_tiles)
        twin.hashes = self.hashes[:]
        twin.peaks = self.peaks[:]
        return twin
