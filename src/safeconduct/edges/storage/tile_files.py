"""A log as a folder of files in the layout of c2sp.org/tlog-tiles, which other people's tools read as it is.

    <folder>/checkpoint
    <folder>/tile/0/x001/234        hash tiles
    <folder>/tile/entries/x001/234  entry bundles

Two uses: `TileFiles` keeps the files that never change beside the database, for a plain web server to hand out; it is
derived and may be deleted at any time. `export_log` and `LogFolder` carry a whole log from hand to hand, for the day
when no link works or when somebody wants to check everything alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from safeconduct.core.log import (
    ENTRY_BYTES_MAX,
    HASH_BYTES,
    NOTE_BYTES_MAX,
    TILE_WIDTH,
    bundles_of,
    decode_bundle,
    encode_bundle,
    entries_path,
    parse_checkpoint,
    parse_note,
    split_hashes,
    tile_path,
    tiles_of,
)
from safeconduct.edges.storage.durable import write_whole
from safeconduct.errors import InputInvalid, NotFound, TileInvalid, Unavailable
from safeconduct.node.memory import read_tile
from safeconduct.node.ports import Store

_CHECKPOINT = "checkpoint"
_BUNDLE_BYTES_MAX = TILE_WIDTH * (2 + ENTRY_BYTES_MAX)


class TileFiles:
    """Full tiles and bundles of every log, below `folder`/`party`.

    Unfinished ones change with every entry; the node answers them from its store.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._written: dict[str, int] = {}

    def catch_up(self, store: Store, party: str) -> int:
        """Write every full tile and bundle that is missing, then the checkpoint; returns how many were missing.

        The first call for a log looks for every file, later ones only for what the log has grown by. Raises
        Unavailable if the disk refuses; calling again goes on.
        """
        folder = self._folder / party
        note, size = store.checkpoint(party), store.size(party)
        since = self._written.get(party, 0)
        missing = 0
        for level, n, width in tiles_of(size, since):
            path = folder / tile_path(level, n)
            if width == TILE_WIDTH and not path.exists():
                _write_file(path, read_tile(store, party, level, n, width))
                missing += 1
        for n, width in bundles_of(size, since):
            path = folder / entries_path(n)
            if width == TILE_WIDTH and not path.exists():
                _write_file(path, _bundle(store, party, n, width))
                missing += 1
        if note is not None:
            _write_file(folder / _CHECKPOINT, note)
        self._written[party] = size
        return missing


def export_log(store: Store, party: str, folder: Path) -> int:
    """Write the whole log of a party as of its checkpoint, unfinished tiles included; returns its size.

    Raises NotFound if there is no checkpoint yet, InputInvalid if the folder has something in it, Unavailable if the
    disk refuses. The checkpoint comes last: a folder without one is an export that was interrupted.
    """
    note = store.checkpoint(party)
    if note is None:
        raise NotFound(f"no checkpoint of log {party} is stored here yet")
    if folder.exists() and not (folder.is_dir() and next(folder.iterdir(), None) is None):
        raise InputInvalid(f"a log is exported to a new or empty folder, got {folder} with something in it")
    size = parse_checkpoint(parse_note(note).text).size
    for level, n, width in tiles_of(size):
        _write_file(folder / tile_path(level, n, width), read_tile(store, party, level, n, width))
    for n, width in bundles_of(size):
        _write_file(folder / entries_path(n, width), _bundle(store, party, n, width))
    _write_file(folder / _CHECKPOINT, note)
    return size


class LogFolder:
    """Reads what `export_log` wrote, perhaps for somebody who means no good.

    Every file must be there, whole, and of the one length that it can have. That the entries lead to the checkpoint's
    root, and that the log has signed it, is the caller's to check: only the caller has the key.

    checkpoint: its bytes, not verified. origin, size: what it says.
    """

    def __init__(self, folder: Path) -> None:
        """Raises InputInvalid if there is no checkpoint or it is malformed."""
        self._folder = folder
        self.checkpoint = self._read(_CHECKPOINT, NOTE_BYTES_MAX)
        said = parse_checkpoint(parse_note(self.checkpoint).text)
        self.origin, self.size = said.origin, said.size

    def entries(self, n: int, width: int) -> list[bytes]:
        """The entries of bundle n; raises TileInvalid."""
        return decode_bundle(self._read(entries_path(n, width), _BUNDLE_BYTES_MAX), width)

    def tile(self, level: int, n: int, width: int) -> bytes:
        """The hashes of a tile, 32 × width bytes; raises TileInvalid."""
        return b"".join(split_hashes(self._read(tile_path(level, n, width), TILE_WIDTH * HASH_BYTES), width))

    def chunks(self) -> Iterator[list[bytes]]:
        """All entries in order, a bundle at a time; raises TileInvalid."""
        for n, width in bundles_of(self.size):
            yield self.entries(n, width)

    def _read(self, name: str, bytes_max: int) -> bytes:
        path = self._folder / name
        # Neither a pipe that never answers nor a device that never ends.
        if not path.is_file():
            raise TileInvalid(f"a log's folder has the file {name}, {self._folder} has not")
        try:
            with path.open("rb") as file:
                data = file.read(bytes_max + 1)
        except OSError as error:
            raise Unavailable(f"cannot read {path}: {error.strerror}") from error
        if len(data) > bytes_max:
            raise TileInvalid(f"{name} has at most {bytes_max} bytes, got more")
        return data


def _bundle(store: Store, party: str, n: int, width: int) -> bytes:
    start = n * TILE_WIDTH
    return encode_bundle([row.entry for row in store.rows(party, start, start + width)])


def _write_file(path: Path, data: bytes) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Unavailable(f"cannot make folder {path.parent}: {error.strerror}") from error
    write_whole(path, data)
