"""Files that other people's tools read: the same whenever they are written, and a folder from hand to hand."""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from pathlib import Path

import msgspec
import pytest

from safeconduct.core.identity import SigningKey
from safeconduct.core.log import KeyType, Tree, VerifierKey, leaf_hash, open_checkpoint, sign_checkpoint
from safeconduct.edges.storage import LogFolder, TileFiles, export_log
from safeconduct.errors import InputInvalid, NotFound, TileInvalid, Unavailable
from safeconduct.node.ports import Batch
from safeconduct.testing import MemoryStore
from tests.contract.sample_rows import TIME, row, rows

_ORIGIN = "alpha.example.org/log"
_KEY = SigningKey.from_seed(b"k" * 32)
_LOG_KEY = VerifierKey(_ORIGIN, KeyType.ED25519, _KEY.public)


def _entry(index: int) -> bytes:
    """Of different lengths, none among them."""
    return f"entry {index} ".encode() * (index % 5)


def _grow(store: MemoryStore, tree: Tree, end: int) -> Tree:
    """Entries up to `end` in one batch, with the tiles that they fill and a signed checkpoint."""
    grown = tree.copy()
    entries = {index: _entry(index) for index in range(tree.size, end)}
    leaves = [leaf_hash(entry) for entry in entries.values()]
    tiles = [(tile.level, tile.n, tile.hashes) for tile in grown.append(leaves)]
    written = [
        msgspec.structs.replace(row("alpha", index, t=TIME), entry=entry, leaf=leaf)
        for (index, entry), leaf in zip(entries.items(), leaves, strict=True)
    ]
    note = sign_checkpoint(_ORIGIN, end, grown.root(), _KEY).note.encode()
    store.commit(Batch(party="alpha", rows=written, tiles=tiles, checkpoint=note))
    return grown


def _store(*sizes: int) -> MemoryStore:
    """A log that was written in batches up to these sizes."""
    store, tree = MemoryStore(), Tree()
    for size in sizes:
        tree = _grow(store, tree, size)
    return store


def _content(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def _root(chunks: Sequence[list[bytes]]) -> bytes:
    tree = Tree()
    for entries in chunks:
        tree.append(leaf_hash(entry) for entry in entries)
    return tree.root()


# --- tile files beside the store -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("size", "names"),
    [
        (1, []),
        (255, []),
        (256, ["tile/0/000", "tile/entries/000"]),
        (600, ["tile/0/000", "tile/0/001", "tile/entries/000", "tile/entries/001"]),
    ],
)
def test_full_tiles_and_bundles_are_written_and_the_checkpoint(tmp_path: Path, size: int, names: list[str]) -> None:
    TileFiles(tmp_path).catch_up(_store(size), "alpha")
    assert sorted(_content(tmp_path / "alpha")) == ["checkpoint", *names]


def test_files_are_the_same_in_whatever_steps_they_are_written(tmp_path: Path) -> None:
    once, stepwise = TileFiles(tmp_path / "once"), TileFiles(tmp_path / "stepwise")
    once.catch_up(_store(1100), "alpha")
    store, tree = MemoryStore(), Tree()
    for size in (1, 255, 256, 257, 700, 768, 1100):
        tree = _grow(store, tree, size)
        stepwise.catch_up(store, "alpha")
    assert _content(tmp_path / "stepwise") == _content(tmp_path / "once")


@pytest.mark.parametrize("lost", ["tile/0/001", "tile/entries/002", "checkpoint", "tile/entries", "tile"])
def test_what_was_lost_is_written_again(tmp_path: Path, lost: str) -> None:
    store = _store(1100)
    TileFiles(tmp_path).catch_up(store, "alpha")
    before = _content(tmp_path)
    path = tmp_path / "alpha" / lost
    shutil.rmtree(path) if path.is_dir() else path.unlink()
    TileFiles(tmp_path).catch_up(store, "alpha")
    assert _content(tmp_path) == before


def test_nothing_is_missing_a_second_time(tmp_path: Path) -> None:
    files, store = TileFiles(tmp_path), _store(1100)
    counts = [
        files.catch_up(store, "alpha"),
        files.catch_up(store, "alpha"),
        TileFiles(tmp_path).catch_up(store, "alpha"),
    ]
    assert counts == [8, 0, 0]


def test_what_a_crash_left_half_written_is_not_taken_for_a_tile(tmp_path: Path) -> None:
    store, folder = _store(256), tmp_path / "alpha" / "tile" / "0"
    folder.mkdir(parents=True)
    (folder / "000.tmp").write_bytes(b"half")
    TileFiles(tmp_path).catch_up(store, "alpha")
    assert sorted(_content(tmp_path)) == ["alpha/checkpoint", "alpha/tile/0/000", "alpha/tile/entries/000"]


def test_a_log_without_a_checkpoint_has_its_full_tiles(tmp_path: Path) -> None:
    """A mirror that is still catching up."""
    store = MemoryStore()
    store.commit(Batch(party="alpha", rows=rows("alpha", 0, 256), tiles=[(0, 0, bytes(8192))]))
    TileFiles(tmp_path).catch_up(store, "alpha")
    assert sorted(_content(tmp_path)) == ["alpha/tile/0/000", "alpha/tile/entries/000"]


def test_a_folder_that_cannot_be_made_is_unavailable(tmp_path: Path) -> None:
    (tmp_path / "alpha").write_text("a file in the way")
    with pytest.raises(Unavailable, match="cannot make folder"):
        TileFiles(tmp_path).catch_up(_store(256), "alpha")


# --- a log from hand to hand -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [0, 1, 2, 255, 256, 257, 512, 700])
def test_a_log_comes_out_of_a_folder_as_it_went_in(tmp_path: Path, size: int) -> None:
    store = _store(size)
    export_log(store, "alpha", tmp_path / "out")
    folder = LogFolder(tmp_path / "out")
    entries = [entry for chunk in folder.chunks() for entry in chunk]
    found = (folder.checkpoint, folder.origin, folder.size, entries)
    assert found == (store.checkpoint("alpha"), _ORIGIN, size, [_entry(index) for index in range(size)])


def test_the_files_are_named_and_cut_as_others_expect(tmp_path: Path) -> None:
    export_log(_store(600), "alpha", tmp_path)
    assert sorted(_content(tmp_path)) == [
        "checkpoint",
        "tile/0/000", "tile/0/001", "tile/0/002.p/88",
        "tile/1/000.p/2",
        "tile/entries/000", "tile/entries/001", "tile/entries/002.p/88",
    ]  # fmt: skip


@pytest.mark.parametrize("size", [1, 256, 257, 700])
def test_what_was_exported_leads_to_the_signed_root(tmp_path: Path, size: int) -> None:
    """As a stranger would check it: from the entries alone, and from the tiles alone."""
    export_log(_store(size), "alpha", tmp_path)
    folder = LogFolder(tmp_path)
    signed = open_checkpoint(folder.checkpoint, _LOG_KEY)
    from_tiles = Tree.resume(signed.size, signed.root, folder.tile).root()
    assert (_root(list(folder.chunks())), from_tiles) == (signed.root, signed.root)


@pytest.mark.slow
def test_a_log_of_three_levels_leads_to_the_signed_root(tmp_path: Path) -> None:
    export_log(_store(60_000, 65_536 + 300), "alpha", tmp_path)
    folder = LogFolder(tmp_path)
    signed = open_checkpoint(folder.checkpoint, _LOG_KEY)
    assert Tree.resume(signed.size, signed.root, folder.tile).root() == signed.root


def test_a_log_is_exported_as_of_its_checkpoint(tmp_path: Path) -> None:
    """A mirror may have stored entries that no checkpoint covers yet, and tiles that these filled."""
    store = _store(250)
    ahead = _store(300)
    tile = ahead.tile("alpha", 0, 0)
    assert tile is not None
    store.commit(Batch(party="alpha", rows=ahead.rows("alpha", 250, 300), tiles=[(0, 0, tile)]))
    export_log(store, "alpha", tmp_path / "out")
    export_log(_store(250), "alpha", tmp_path / "expected")
    assert _content(tmp_path / "out") == _content(tmp_path / "expected")


def test_a_log_without_a_checkpoint_is_not_exported(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="no checkpoint of log alpha"):
        export_log(MemoryStore(), "alpha", tmp_path)


def test_nothing_is_exported_on_top_of_something(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(InputInvalid, match="to a new or empty folder"):
        export_log(_store(3), "alpha", tmp_path)
    assert list(_content(tmp_path)) == ["notes.txt"]


def test_an_interrupted_export_has_no_checkpoint_and_is_refused(tmp_path: Path) -> None:
    export_log(_store(300), "alpha", tmp_path)
    (tmp_path / "checkpoint").unlink()
    with pytest.raises(TileInvalid, match="has the file checkpoint"):
        LogFolder(tmp_path)


@pytest.mark.parametrize("name", ["tile/entries/000", "tile/entries/001.p/44"])
@pytest.mark.parametrize("change", [-1, 1, 70_000])
def test_a_bundle_of_another_length_is_refused(tmp_path: Path, name: str, change: int) -> None:
    export_log(_store(300), "alpha", tmp_path)
    path = tmp_path / name
    whole = path.read_bytes()
    path.write_bytes(whole[:change] if change < 0 else whole + bytes(change))
    with pytest.raises(TileInvalid):
        list(LogFolder(tmp_path).chunks())


@pytest.mark.parametrize(("n", "width"), [(0, 256), (1, 44)])
@pytest.mark.parametrize("change", [-32, -1, 1, 32, 9_000])
def test_a_tile_of_another_length_is_refused(tmp_path: Path, n: int, width: int, change: int) -> None:
    export_log(_store(300), "alpha", tmp_path)
    path = tmp_path / ("tile/0/000" if n == 0 else "tile/0/001.p/44")
    whole = path.read_bytes()
    path.write_bytes(whole[:change] if change < 0 else whole + bytes(change))
    with pytest.raises(TileInvalid):
        LogFolder(tmp_path).tile(0, n, width)


def test_a_changed_byte_leads_to_another_root(tmp_path: Path) -> None:
    """No length betrays it, so whoever imports compares the root."""
    export_log(_store(300), "alpha", tmp_path)
    path = tmp_path / "tile/entries/001.p/44"
    whole = bytearray(path.read_bytes())
    whole[-1] ^= 1
    path.write_bytes(whole)
    folder = LogFolder(tmp_path)
    assert _root(list(folder.chunks())) != open_checkpoint(folder.checkpoint, _LOG_KEY).root


def test_a_missing_bundle_is_refused_by_name(tmp_path: Path) -> None:
    export_log(_store(300), "alpha", tmp_path)
    (tmp_path / "tile/entries/000").unlink()
    with pytest.raises(TileInvalid, match="has the file tile/entries/000"):
        list(LogFolder(tmp_path).chunks())


@pytest.mark.parametrize("name", ["checkpoint", "tile/entries/000.p/3"])
def test_a_pipe_in_the_place_of_a_file_is_refused_and_not_waited_for(tmp_path: Path, name: str) -> None:
    export_log(_store(3), "alpha", tmp_path)
    (tmp_path / name).unlink()
    os.mkfifo(tmp_path / name)
    with pytest.raises(TileInvalid, match="has the file"):
        list(LogFolder(tmp_path).chunks())


@pytest.mark.parametrize("note", [b"", b"no checkpoint\n", b"x" * 2_000_000])
def test_a_checkpoint_that_is_none_is_refused(tmp_path: Path, note: bytes) -> None:
    (tmp_path / "checkpoint").write_bytes(note)
    with pytest.raises(InputInvalid):
        LogFolder(tmp_path)
