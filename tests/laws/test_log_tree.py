"""What holds for a growing tree whatever its entries and in whatever batches they come."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from safeconduct.core.log import (
    EMPTY_ROOT,
    Tile,
    Tree,
    bundles_of,
    decode_bundle,
    encode_bundle,
    entries_path,
    parse_entries_path,
    parse_tile_path,
    tile_path,
    tile_width,
    tiles_of,
)
from safeconduct.errors import TileInvalid
from tests.unit.core.log.sample import SampleLog, defined_root, leaves, tile_reader

SIZES = st.integers(0, 1100)
LEAVES = leaves(1100)


@given(SIZES, st.lists(SIZES, max_size=8))
@settings(max_examples=60)
def test_the_same_leaves_give_the_same_tree_in_any_batches(size: int, cuts: list[int]) -> None:
    """LOG-4"""
    tree = Tree()
    tiles: list[Tile] = []
    for start, end in pairwise(sorted([0, *(min(cut, size) for cut in cuts), size])):
        tiles += tree.append(LEAVES[start:end])
    at_once = SampleLog(LEAVES[:size])
    assert (tree.root(), sorted(tiles + tree.edge(), key=repr)) == (at_once.root, sorted(at_once.tiles, key=repr))


@given(SIZES)
@settings(max_examples=60)
def test_the_root_is_the_defined_one(size: int) -> None:
    """LOG-2, LOG-3"""
    assert SampleLog(LEAVES[:size]).root == defined_root(LEAVES[:size])


@given(SIZES, st.integers(0, 600), st.data())
@settings(max_examples=60)
def test_a_tree_that_starts_again_grows_as_if_it_had_never_stopped(size: int, more: int, data: st.DataObject) -> None:
    """LOG-5, LOG-6"""
    log = SampleLog(LEAVES[:size])
    again = Tree.resume(size, log.root, tile_reader(log.tree.edge()))
    given_up = again.copy()
    given_up.append(leaves(data.draw(st.integers(0, 600)), "given up"))
    grown = leaves(more, "later")
    assert (again.append(grown), again.root(), again.edge()) == (
        log.tree.append(grown),
        log.tree.root(),
        log.tree.edge(),
    )


def test_a_tree_starts_again_at_every_small_size() -> None:
    """LOG-5"""
    tree = Tree()
    for size, leaf in enumerate(LEAVES[:600]):
        again = Tree.resume(size, tree.root(), tile_reader(tree.edge()))
        tree.append([leaf])
        again.append([leaf])
        assert (again.root(), again.edge()) == (tree.root(), tree.edge())


@given(SIZES, SIZES)
def test_the_new_tiles_of_a_larger_log_are_those_that_the_smaller_one_has_not(one: int, other: int) -> None:
    """LOG-9, LOG-11"""
    since, size = sorted((one, other))
    old_tiles, old_bundles = set(tiles_of(since)), set(bundles_of(since))
    assert list(tiles_of(size, since)) == [name for name in tiles_of(size) if name not in old_tiles]
    assert list(bundles_of(size, since)) == [name for name in bundles_of(size) if name not in old_bundles]


@given(st.integers(0, 2**63 - 1), st.integers(0, 9))
def test_the_tiles_of_a_level_hold_every_hash_of_the_level(size: int, level: int) -> None:
    """LOG-9"""
    hashes = size // 256**level
    n = hashes // 256
    widths = [tile_width(level, n - 1, size) if n else 256, tile_width(level, n, size), tile_width(level, n + 1, size)]
    assert widths == [256, hashes % 256, 0]


@given(st.integers(0, 63), st.integers(0, 2**63 - 1), st.integers(1, 256))
def test_a_path_is_read_as_it_was_written(level: int, n: int, width: int) -> None:
    """LOG-10, LOG-11"""
    assert parse_tile_path(tile_path(level, n, width)) == (level, n, width)
    assert parse_entries_path(entries_path(n, width)) == (n, width)


@given(
    st.text("0123456789x/.p-+tile٣ ", max_size=30),
    st.sampled_from(["", "tile/", "tile/0/", "tile/entries/", "tile/7/x"]),
)
def test_a_path_that_is_accepted_is_the_one_that_is_written(rest: str, start: str) -> None:
    """LOG-12"""
    for parse, write in ((parse_tile_path, tile_path), (parse_entries_path, entries_path)):
        try:
            name = parse(start + rest)
        except TileInvalid:
            continue
        assert write(*name) == start + rest


@given(st.lists(st.binary(max_size=300), min_size=1, max_size=256))
def test_a_bundle_is_read_as_it_was_written(entries: list[bytes]) -> None:
    """LOG-13"""
    assert decode_bundle(encode_bundle(entries), len(entries)) == entries


@given(st.binary(max_size=40), st.integers(1, 5))
def test_a_bundle_that_is_accepted_is_the_one_that_is_written(data: bytes, width: int) -> None:
    """LOG-13"""
    try:
        entries = decode_bundle(data, width)
    except TileInvalid:
        return
    assert encode_bundle(entries) == data


def test_a_tree_of_nothing_has_no_tiles_and_the_empty_root() -> None:
    """LOG-3, LOG-9"""
    assert (Tree().root(), Tree().edge(), list(tiles_of(0)), list(bundles_of(0))) == (EMPTY_ROOT, [], [], [])
