from __future__ import annotations

import pytest

from safeconduct.core.log import EMPTY_ROOT, SIZE_MAX, Tile, Tree, tiles_of
from safeconduct.errors import LimitExceeded, ProofInvalid, TileInvalid
from tests.unit.core.log.sample import SampleLog, defined_root, large_tree, leaves, tile_reader

SIZES = [0, 1, 2, 3, 255, 256, 257, 511, 512, 1000]


@pytest.mark.parametrize("size", SIZES)
def test_a_tree_has_the_defined_root(size: int) -> None:
    """LOG-2, LOG-3"""
    assert SampleLog(leaves(size)).root == defined_root(leaves(size))


@pytest.mark.parametrize("size", SIZES)
def test_a_tree_hands_out_every_tile_of_its_size(size: int) -> None:
    """LOG-9"""
    names = sorted((tile.level, tile.n, tile.width) for tile in SampleLog(leaves(size)).tiles)
    assert names == [tuple(name) for name in tiles_of(size)]


def test_a_tile_holds_the_hashes_of_its_level() -> None:
    """LOG-8"""
    level_1 = [tile for tile in SampleLog(leaves(1000)).tiles if tile.level == 1]
    roots = b"".join(defined_root(leaves(1000)[256 * i : 256 * (i + 1)]) for i in range(3))
    assert level_1 == [Tile(1, 0, roots)]


@pytest.mark.parametrize("first", [1, 200, 255, 256, 300])
def test_a_batch_may_fill_tiles_that_an_earlier_one_began(first: int) -> None:
    """LOG-4, LOG-8"""
    tree = Tree()
    full = [*tree.append(leaves(700)[:first]), *tree.append(leaves(700)[first:])]
    assert ([tile.hashes for tile in full], tree.root()) == (
        [b"".join(leaves(256)), b"".join(leaves(512)[256:])],
        defined_root(leaves(700)),
    )


def test_a_full_tile_is_handed_out_once() -> None:
    """LOG-8, LOG-9"""
    tree = Tree()
    handed_out = [[(tile.level, tile.n) for tile in tree.append(leaves(128))] for _ in range(4)]
    assert handed_out == [[], [(0, 0)], [], [(0, 1)]]


@pytest.mark.slow
def test_a_tree_of_a_full_second_level_begins_a_third() -> None:
    """LOG-8, LOG-9"""
    tree = Tree()
    full = tree.append(leaves(65_536))
    edge = [(tile.level, tile.n, tile.width) for tile in tree.edge()]
    assert (len(full), full[-1].level, edge) == (257, 1, [(2, 0, 1)])


@pytest.mark.parametrize("size", SIZES)
def test_a_writer_starts_again_from_the_edge(size: int) -> None:
    """LOG-5"""
    whole = SampleLog(leaves(size))
    again = Tree.resume(size, whole.root, tile_reader(whole.tree.edge()))
    more = leaves(300, "later")
    assert (again.append(more), again.root(), again.edge(), again.size) == (
        whole.tree.append(more),
        whole.tree.root(),
        whole.tree.edge(),
        size + 300,
    )


def test_a_writer_refuses_to_start_from_tiles_with_another_root() -> None:
    """LOG-5"""
    ours, theirs = SampleLog(leaves(300)), SampleLog(leaves(300, "other"))
    with pytest.raises(ProofInvalid, match=rf"lead to {theirs.root.hex()}, signed root is {ours.root.hex()}"):
        Tree.resume(300, ours.root, theirs.read_tile)


def test_a_writer_refuses_to_start_from_a_tile_of_another_width() -> None:
    """LOG-5"""
    log = SampleLog(leaves(3))
    with pytest.raises(TileInvalid, match="a tile of 3 hashes has 96 bytes, got 64"):
        Tree.resume(3, log.root, lambda _level, _n, _width: log.tree.edge()[0].hashes[:64])


def test_a_batch_that_is_given_up_leaves_the_tree_as_it_was() -> None:
    """LOG-6"""
    tree = SampleLog(leaves(255)).tree
    before = (tree.size, tree.root(), tree.edge())
    tried = tree.copy()
    tried.append(leaves(300, "given up"))
    assert ((tree.size, tree.root(), tree.edge()), tried.size) == (before, 555)


@pytest.mark.parametrize("length", [0, 31, 33])
def test_a_leaf_hash_of_another_length_changes_nothing(length: int) -> None:
    """LOG-6, LOG-8"""
    tree = Tree()
    with pytest.raises(TileInvalid, match="a leaf hash has 32 bytes"):
        tree.append([*leaves(3), b"x" * length])
    assert (tree.size, tree.root()) == (0, EMPTY_ROOT)


def test_a_log_may_grow_to_the_largest_size() -> None:
    """LOG-7"""
    tree = large_tree(SIZE_MAX - 1)
    tree.append(leaves(1))
    assert tree.size == SIZE_MAX


def test_a_log_never_grows_past_the_largest_size() -> None:
    """LOG-7"""
    tree = large_tree(SIZE_MAX)
    with pytest.raises(LimitExceeded, match=f"a log has at most {SIZE_MAX} entries, got {SIZE_MAX + 1}"):
        tree.append(leaves(1))


@pytest.mark.parametrize("size", [-1, SIZE_MAX + 1])
def test_a_writer_never_starts_from_a_size_that_no_log_has(size: int) -> None:
    """LOG-7"""
    with pytest.raises(LimitExceeded, match=f"at most {SIZE_MAX} entries, got {size}"):
        Tree.resume(size, EMPTY_ROOT, tile_reader([]))
