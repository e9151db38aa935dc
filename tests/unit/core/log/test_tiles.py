from __future__ import annotations

import pytest

from safeconduct.core.log import (
    ENTRY_BYTES_MAX,
    SIZE_MAX,
    BundleName,
    Tile,
    TileName,
    bundles_of,
    decode_bundle,
    encode_bundle,
    entries_path,
    parse_entries_path,
    parse_tile_path,
    split_hashes,
    tile_path,
    tile_width,
    tiles_of,
)
from safeconduct.errors import LimitExceeded, TileInvalid

TILE_PATHS = [
    (TileName(0, 0, 256), "tile/0/000"),
    (TileName(0, 5, 256), "tile/0/005"),
    (TileName(0, 999, 256), "tile/0/999"),
    (TileName(0, 1000, 256), "tile/0/x001/000"),
    (TileName(0, 1_234_067, 256), "tile/0/x001/x234/067"),
    (TileName(1, 0, 1), "tile/1/000.p/1"),
    (TileName(10, 70_000, 255), "tile/10/x070/000.p/255"),
    (TileName(63, SIZE_MAX, 17), "tile/63/x009/x223/x372/x036/x854/x775/807.p/17"),
]

ENTRIES_PATHS = [
    (BundleName(0, 256), "tile/entries/000"),
    (BundleName(273, 112), "tile/entries/273.p/112"),
    (BundleName(1_234_067, 256), "tile/entries/x001/x234/067"),
]

# Behind "tile/0/" or "tile/entries/".
WRONG_REST = [
    "",
    "0",
    "00",
    "0000",
    "x000",
    "x000/000",
    "x000/x000/000",
    "x000/x001/000",
    "001/000",
    "1000",
    "x1/000",
    "x001/00",
    "X001/000",
    "xx001/000",
    "x001/x000",
    "x001//000",
    "/000",
    "000/",
    "-01",
    "+01",
    "0 0",
    "٠٠٠",
    "²²²",
    "000.p",
    "000.p/",
    "000.p/0",
    "000.p/00",
    "000.p/01",
    "000.p/256",
    "000.p/257",
    "000.p/-1",
    "000.p/1/",
    "000.p/1.p/1",
    "000.p/١",
    "000.P/1",
    "000/p/1",
    "000\n",
    "000?",
    "../000",
    "x009/x223/x372/x036/x854/x775/808",
    "x999/x999/x999/x999/x999/x999/x999/999",
    "x001/" * 500 + "000",
]

WRONG_TILE_PATHS = [
    *(f"tile/0/{rest}" for rest in WRONG_REST),
    "",
    "tile",
    "tile/",
    "tile/0",
    "tile//000",
    "tile/64/000",
    "tile/00/000",
    "tile/01/000",
    "tile/-1/000",
    "tile/+1/000",
    "tile/١/000",
    "tile/1 /000",
    "tile/0/000 ",
    "/tile/0/000",
    "Tile/0/000",
    "tiles/0/000",
    "tile/entries/000",
]

WRONG_ENTRIES_PATHS = [
    *(f"tile/entries/{rest}" for rest in WRONG_REST),
    "tile/entry/000",
    "tile/0/000",
    "entries/000",
    "/tile/entries/000",
]


@pytest.mark.parametrize(("name", "path"), TILE_PATHS)
def test_a_tiles_path_is_written(name: TileName, path: str) -> None:
    """LOG-10"""
    assert tile_path(*name) == path


@pytest.mark.parametrize(("name", "path"), TILE_PATHS)
def test_a_tiles_path_is_read(name: TileName, path: str) -> None:
    """LOG-10"""
    assert parse_tile_path(path) == name


@pytest.mark.parametrize("path", WRONG_TILE_PATHS)
def test_any_other_spelling_of_a_tiles_path_is_refused(path: str) -> None:
    """LOG-12"""
    with pytest.raises(TileInvalid, match="path is like"):
        parse_tile_path(path)


@pytest.mark.parametrize(("name", "path"), ENTRIES_PATHS)
def test_a_bundles_path_is_written(name: BundleName, path: str) -> None:
    """LOG-11"""
    assert entries_path(*name) == path


@pytest.mark.parametrize(("name", "path"), ENTRIES_PATHS)
def test_a_bundles_path_is_read(name: BundleName, path: str) -> None:
    """LOG-11"""
    assert parse_entries_path(path) == name


@pytest.mark.parametrize("path", WRONG_ENTRIES_PATHS)
def test_any_other_spelling_of_a_bundles_path_is_refused(path: str) -> None:
    """LOG-12"""
    with pytest.raises(TileInvalid, match="path is like"):
        parse_entries_path(path)


@pytest.mark.parametrize(
    ("level", "n", "width"), [(-1, 0, 256), (64, 0, 256), (0, -1, 256), (0, SIZE_MAX + 1, 256), (0, 0, 0), (0, 0, 257)]
)
def test_a_tile_that_cannot_be_has_no_path(level: int, n: int, width: int) -> None:
    """LOG-10"""
    with pytest.raises(TileInvalid, match="a tile"):
        tile_path(level, n, width)


def test_a_tile_knows_its_width_and_path() -> None:
    """LOG-8, LOG-10"""
    tile = Tile(1, 1000, b"h" * 64)
    assert (tile.width, tile.path) == (2, "tile/1/x001/000.p/2")


@pytest.mark.parametrize(
    ("size", "names"),
    [
        (0, []),
        (1, [(0, 0, 1)]),
        (255, [(0, 0, 255)]),
        (256, [(0, 0, 256), (1, 0, 1)]),
        (257, [(0, 0, 256), (0, 1, 1), (1, 0, 1)]),
        (512, [(0, 0, 256), (0, 1, 256), (1, 0, 2)]),
    ],
)
def test_a_log_has_these_tiles(size: int, names: list[tuple[int, int, int]]) -> None:
    """LOG-9"""
    assert [tuple(name) for name in tiles_of(size)] == names


def test_a_log_of_70_000_entries_has_the_tiles_of_the_specifications_example() -> None:
    """LOG-9"""
    names = list(tiles_of(70_000))
    full_0 = [TileName(0, n, 256) for n in range(273)]
    assert names == [*full_0, TileName(0, 273, 112), TileName(1, 0, 256), TileName(1, 1, 17), TileName(2, 0, 1)]


@pytest.mark.parametrize(
    ("since", "size", "names"),
    [
        (0, 1, [(0, 0, 1)]),
        (1, 1, []),
        (1, 2, [(0, 0, 2)]),
        (255, 257, [(0, 0, 256), (0, 1, 1), (1, 0, 1)]),
        (256, 257, [(0, 1, 1)]),
        (512, 768, [(0, 2, 256), (1, 0, 3)]),
        (65_535, 65_536, [(0, 255, 256), (1, 0, 256), (2, 0, 1)]),
        (70_000, 70_001, [(0, 273, 113)]),
    ],
)
def test_a_log_that_has_grown_has_these_new_tiles(since: int, size: int, names: list[tuple[int, int, int]]) -> None:
    """LOG-9"""
    assert [tuple(name) for name in tiles_of(size, since)] == names


@pytest.mark.parametrize(
    ("since", "size", "names"),
    [
        (0, 0, []),
        (0, 1, [(0, 1)]),
        (0, 256, [(0, 256)]),
        (0, 257, [(0, 256), (1, 1)]),
        (1, 1, []),
        (255, 256, [(0, 256)]),
        (256, 256, []),
        (100, 513, [(0, 256), (1, 256), (2, 1)]),
    ],
)
def test_a_log_has_these_bundles(since: int, size: int, names: list[tuple[int, int]]) -> None:
    """LOG-11, LOG-13"""
    assert [tuple(name) for name in bundles_of(size, since)] == names


@pytest.mark.parametrize(
    ("level", "n", "size", "width"),
    [
        (0, 0, 0, 0),
        (0, 1, 256, 0),
        (0, 1, 257, 1),
        (1, 0, 255, 0),
        (1, 0, 256, 1),
        (1, 1, 70_000, 17),
        (9, 0, 70_000, 0),
    ],
)
def test_the_width_of_a_tile_follows_from_the_size(level: int, n: int, size: int, width: int) -> None:
    """LOG-9"""
    assert tile_width(level, n, size) == width


@pytest.mark.parametrize("length", [0, 63, 65, 96])
def test_a_tile_of_another_length_is_refused(length: int) -> None:
    """LOG-8"""
    with pytest.raises(TileInvalid, match=f"a tile of 2 hashes has 64 bytes, got {length}"):
        split_hashes(b"x" * length, 2)


def test_a_bundle_is_entries_behind_their_lengths() -> None:
    """LOG-13"""
    assert encode_bundle([b"", b"ab", b"x" * 258]) == b"\x00\x00" + b"\x00\x02ab" + b"\x01\x02" + b"x" * 258


@pytest.mark.parametrize("entries", [[b""], [b"a", b"bc"], [b"x"] * 256, [b"x" * ENTRY_BYTES_MAX]])
def test_a_bundle_is_read(entries: list[bytes]) -> None:
    """LOG-13, LOG-14"""
    assert decode_bundle(encode_bundle(entries), len(entries)) == entries


@pytest.mark.parametrize("count", [0, 257])
def test_a_bundle_of_no_entries_or_too_many_is_never_written(count: int) -> None:
    """LOG-13"""
    with pytest.raises(TileInvalid, match=f"a bundle has 1 to 256 entries, got {count}"):
        encode_bundle([b"x"] * count)


@pytest.mark.parametrize("count", [0, 257])
def test_a_bundle_of_no_entries_or_too_many_is_never_read(count: int) -> None:
    """LOG-13"""
    with pytest.raises(TileInvalid, match=f"a bundle has 1 to 256 entries, got {count}"):
        decode_bundle(b"\x00\x00" * count, count)


def test_an_entry_that_is_too_long_is_never_written() -> None:
    """LOG-14"""
    with pytest.raises(LimitExceeded, match="an entry has at most 65535 bytes, got 65536"):
        encode_bundle([b"x" * (ENTRY_BYTES_MAX + 1)])


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "ends early, in entry 0"),
        (b"\x00", "ends early, in entry 0"),
        (b"\x00\x02a", "ends early, in entry 0"),
        (b"\x00\x01a", "ends early, in entry 1"),
        (b"\x00\x01a\x00", "ends early, in entry 1"),
        (b"\x00\x01a\x00\x01", "ends early, in entry 1"),
        (b"\x00\x01a\x00\x01bc", "ends after 6 bytes, got 7"),
        (b"\x00\x01a\x00\x01b\x00\x00", "ends after 6 bytes, got 8"),
    ],
)
def test_a_bundle_that_is_not_whole_entries_is_refused(data: bytes, reason: str) -> None:
    """LOG-13"""
    with pytest.raises(TileInvalid, match=f"a bundle of 2 entries {reason}"):
        decode_bundle(data, 2)
