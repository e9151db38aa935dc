"""How a log is cut into files: hash tiles and entry bundles (c2sp.org/tlog-tiles).

A tile is a row of up to 256 hashes of one level. Level 0 holds leaf hashes; a hash of level L covers 256^L entries and
is the root of one full tile below it. Entries lie in bundles that match the tiles of level 0. A full tile or bundle
never changes, and a partial one is another file with its width in the name, so all of them may be cached for ever.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from safeconduct.core.log.encoding import QUOTED_MAX, SIZE_MAX
from safeconduct.core.log.merkle import HASH_BYTES
from safeconduct.errors import LimitExceeded, TileInvalid

TILE_WIDTH = 256
TILE_HEIGHT = 8
LEVEL_MAX = 63

# The length of an entry is two bytes in a bundle.
ENTRY_BYTES_MAX = 65_535
_LENGTH_BYTES = 2

# "tile/entries/", seven groups of up to four characters and a slash, ".p/255".
_PATH_CHARACTERS_MAX = 64

ReadTile = Callable[[int, int, int], bytes]
"""Reads the hashes of a tile by level, number and width: `width` times 32 bytes, or raises."""


class TileName(NamedTuple):
    """Which tile: its level, its number within the level and how many hashes it has."""

    level: int
    n: int
    width: int


class BundleName(NamedTuple):
    """Which entry bundle: its number and how many entries it has."""

    n: int
    width: int


@dataclass(frozen=True, slots=True)
class Tile:
    """A row of 1 to 256 hashes. `hashes` is the content of the file: 32 bytes each, nothing between them."""

    level: int
    n: int
    hashes: bytes

    @property
    def width(self) -> int:
        """How many hashes the tile has."""
        return len(self.hashes) // HASH_BYTES

    @property
    def path(self) -> str:
        """Path of the tile below the log's prefix."""
        return tile_path(self.level, self.n, self.width)


# --- which tiles and bundles a log has ----------------------------------------------------------------------


def tile_width(level: int, n: int, size: int) -> int:
    """How many hashes tile (level, n) of a log of `size` entries has; 0 if that log has no such tile."""
    hashes_in_level = size >> (TILE_HEIGHT * level)
    return max(0, min(TILE_WIDTH, hashes_in_level - n * TILE_WIDTH))


def tiles_of(size: int, since: int = 0) -> Iterator[TileName]:
    """Every tile of a log of `size` entries that the same log did not have at `since` entries.

    In order of level and number. A tile that has grown is another tile: its width is part of its name.
    """
    level = 0
    while hashes_in_level := size >> (TILE_HEIGHT * level):
        first = (since >> (TILE_HEIGHT * level)) // TILE_WIDTH
        for n in range(first, -(-hashes_in_level // TILE_WIDTH)):
            width = tile_width(level, n, size)
            if width != tile_width(level, n, since):
                yield TileName(level, n, width)
        level += 1


def bundles_of(size: int, since: int = 0) -> Iterator[BundleName]:
    """Every entry bundle of a log of `size` entries that the same log did not have at `since` entries."""
    for n in range(since // TILE_WIDTH, -(-size // TILE_WIDTH)):
        width = tile_width(0, n, size)
        if width != tile_width(0, n, since):
            yield BundleName(n, width)


# --- paths --------------------------------------------------------------------------------------------------


def tile_path(level: int, n: int, width: int = TILE_WIDTH) -> str:
    """Path of a tile below the log's prefix, such as `tile/0/x001/x234/067` or `tile/1/000.p/17`."""
    if not 0 <= level <= LEVEL_MAX:
        raise TileInvalid(f"a tile's level is 0 to {LEVEL_MAX}, got {level}")
    return f"tile/{level}/{_number_path(n)}{_width_suffix(width)}"


def entries_path(n: int, width: int = TILE_WIDTH) -> str:
    """Path of an entry bundle below the log's prefix, such as `tile/entries/000.p/112`."""
    return f"tile/entries/{_number_path(n)}{_width_suffix(width)}"


def parse_tile_path(path: str) -> TileName:
    """Read what `tile_path` writes; any other text raises TileInvalid."""
    level_text, n, width = _parse_path(path)
    level = int(level_text) if level_text.isascii() and level_text.isdigit() else -1
    # INVARIANT (one-path): a path is accepted if and only if writing what was read gives the same path. This refuses
    # leading zeros, "x000" in front, ".p/256" and all else at once, so no tile can be cached under two names.
    if 0 <= level <= LEVEL_MAX and tile_path(level, n, width) == path:
        return TileName(level, n, width)
    raise TileInvalid(f"a tile's path is like tile/0/x001/234 or tile/1/000.p/17, got {path[:QUOTED_MAX]!r}")


def parse_entries_path(path: str) -> BundleName:
    """Read what `entries_path` writes; any other text raises TileInvalid."""
    _, n, width = _parse_path(path)
    if entries_path(n, width) == path:  # INVARIANT (one-path)
        return BundleName(n, width)
    raise TileInvalid(f"a bundle's path is like tile/entries/x001/234.p/17, got {path[:QUOTED_MAX]!r}")


def _parse_path(path: str) -> tuple[str, int, int]:
    """Second element, number and width of a path; lenient, because the caller writes it again and compares."""
    if len(path) <= _PATH_CHARACTERS_MAX:
        number_path, _, width_text = path.partition(".p/")
        _, _, rest = number_path.partition("/")
        second, _, groups = rest.partition("/")
        digits = groups.replace("/", "").replace("x", "")
        if digits.isascii() and digits.isdigit() and int(digits) <= SIZE_MAX:
            if not width_text:
                return second, int(digits), TILE_WIDTH
            if width_text.isascii() and width_text.isdigit() and 1 <= int(width_text) < TILE_WIDTH:
                return second, int(digits), int(width_text)
    raise TileInvalid(f"a path is like tile/0/x001/234 or tile/entries/000.p/17, got {path[:QUOTED_MAX]!r}")


def _number_path(n: int) -> str:
    """Groups of three digits, all but the last marked with an x, so that no file has the name of a folder."""
    if not 0 <= n <= SIZE_MAX:
        raise TileInvalid(f"a tile's number is 0 to {SIZE_MAX}, got {n}")
    groups = f"{n:,}".split(",")
    groups[0] = groups[0].zfill(3)
    return "/".join([*(f"x{group}" for group in groups[:-1]), groups[-1]])


def _width_suffix(width: int) -> str:
    if not 1 <= width <= TILE_WIDTH:
        raise TileInvalid(f"a tile has 1 to {TILE_WIDTH} hashes, got {width}")
    return "" if width == TILE_WIDTH else f".p/{width}"


# --- contents -----------------------------------------------------------------------------------------------


def split_hashes(data: bytes, width: int) -> list[bytes]:
    """The hashes of a tile's file; raises TileInvalid if it has not exactly `width` of them."""
    if len(data) != width * HASH_BYTES:
        raise TileInvalid(f"a tile of {width} hashes has {width * HASH_BYTES} bytes, got {len(data)}")
    return [data[start : start + HASH_BYTES] for start in range(0, len(data), HASH_BYTES)]


def encode_bundle(entries: Sequence[bytes]) -> bytes:
    """The file of 1 to 256 entries: each with its length before it, as two bytes, the higher first.

    Raises LimitExceeded for an entry of more than 65,535 bytes.
    """
    if not 1 <= len(entries) <= TILE_WIDTH:
        raise TileInvalid(f"a bundle has 1 to {TILE_WIDTH} entries, got {len(entries)}")
    parts: list[bytes] = []
    for entry in entries:
        if len(entry) > ENTRY_BYTES_MAX:
            raise LimitExceeded(f"an entry has at most {ENTRY_BYTES_MAX} bytes, got {len(entry)}")
        parts += [len(entry).to_bytes(_LENGTH_BYTES, "big"), entry]
    return b"".join(parts)


def decode_bundle(data: bytes, width: int) -> list[bytes]:
    """The entries of a bundle's file; raises TileInvalid if it is not exactly `width` whole entries."""
    if not 1 <= width <= TILE_WIDTH:
        raise TileInvalid(f"a bundle has 1 to {TILE_WIDTH} entries, got {width}")
    entries: list[bytes] = []
    at = 0
    for number in range(width):
        start = at + _LENGTH_BYTES
        end = start + int.from_bytes(data[at:start], "big")
        if end > len(data):
            raise TileInvalid(f"a bundle of {width} entries ends early, in entry {number}, after {len(data)} bytes")
        entries.append(data[start:end])
        at = end
    if at != len(data):
        raise TileInvalid(f"a bundle of {width} entries ends after {at} bytes, got {len(data)}")
    return entries
