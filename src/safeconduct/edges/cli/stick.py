"""A log carried by hand: what an exported folder holds beside the tiles, and a peer that is such a folder.

    card.json            card of the log's party
    texts/<digest>.json  every agreement that was ever proposed there
    cosigned/<by>.note   checkpoints of this log that others have cosigned: their receipts for it
    receipts/<of>.note   checkpoints of others' logs that this party has cosigned: its receipts for them

Whoever made a folder may mean no good: nothing in it is believed before a signature or a digest says so.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

from safeconduct.core.agreement import PartyTerms, Terms, read_terms
from safeconduct.core.log import NOTE_BYTES_MAX, TILE_WIDTH, tile_width
from safeconduct.core.statement import encode
from safeconduct.edges.cli.folder import write_new
from safeconduct.edges.cli.inputs import read_file
from safeconduct.edges.cli.profiles import read_card_file
from safeconduct.edges.cli.seam import CARD_FILE, Assembly, ExportedLog
from safeconduct.errors import InputInvalid, NotFound, Unavailable
from safeconduct.node.limits import BLOB_BYTES_MAX
from safeconduct.node.node import known_texts
from safeconduct.node.ports import Store

_TEXTS, _COSIGNED, _RECEIPTS = "texts", "cosigned", "receipts"
# More versions of an agreement than two governments sign in a century.
_TEXTS_MAX = 1_000


def write_stick(assembly: Assembly, store: Store, card: PartyTerms, folder: Path) -> int:
    """Export a party's log from a store to a new folder; returns its size. Raises as `Assembly.export_log`."""
    size = assembly.export_log(store, card.id, folder)
    _write(folder / CARD_FILE, encode(card) + b"\n")
    for digest in sorted(known_texts(store)):
        text = store.blob(digest)
        if text is not None:
            _write(folder / _TEXTS / f"{digest}.json", text)
    for other in sorted(store.cards()):
        given = store.cosignature(card.id, other, "mirror")
        if given is not None:
            _write(folder / _COSIGNED / f"{other}.note", given.note)
        taken = store.cosignature(other, card.id, "mirror")
        if taken is not None:
            _write(folder / _RECEIPTS / f"{other}.note", taken.note)
    return size


def _write(path: Path, data: bytes) -> None:
    try:
        path.parent.mkdir(exist_ok=True)
    except OSError as error:
        raise Unavailable(f"cannot make folder {path.parent}: {error.strerror}") from error
    write_new(path, data)


class Stick:
    """An exported folder, opened for reading."""

    def __init__(self, assembly: Assembly, folder: Path) -> None:
        """Raises InputInvalid for what is no exported log."""
        if not folder.is_dir():
            raise InputInvalid(f"expected the folder of an exported log, got {folder}, which is none")
        self.folder = folder
        self.log: ExportedLog = assembly.read_log(folder)

    def card(self) -> PartyTerms:
        """The card that came along. Who it belongs to is for people to say."""
        return read_card_file(self.folder / CARD_FILE)

    def texts(self) -> dict[str, Terms]:
        """The agreements that came along, each checked to be the text with its digest."""
        files = sorted((self.folder / _TEXTS).glob("*.json"))[: _TEXTS_MAX + 1]
        if len(files) > _TEXTS_MAX:
            raise InputInvalid(f"expected at most {_TEXTS_MAX} texts in {self.folder / _TEXTS}, got more")
        return {file.stem: read_terms(self.text(file.stem)) for file in files}

    def text(self, digest: str) -> bytes:
        """The bytes of an agreement by its digest. Raises InputInvalid if it is not there or another one."""
        data = read_file(self.folder / _TEXTS / f"{digest}.json", BLOB_BYTES_MAX, f"the text of agreement {digest}")
        found = hashlib.sha256(data).hexdigest()
        if found != digest:
            raise InputInvalid(f"expected the text with digest {digest} in {self.folder / _TEXTS}, got {found}")
        return data

    def cosigned(self) -> Iterator[bytes]:
        """Checkpoints of this log with others' cosignatures."""
        for file in sorted((self.folder / _COSIGNED).glob("*.note"))[:TILE_WIDTH]:
            yield read_file(file, NOTE_BYTES_MAX, "a checkpoint")

    def receipt(self, party: str) -> bytes | None:
        """The checkpoint of another party's log that this party has cosigned last."""
        file = self.folder / _RECEIPTS / f"{party}.note"
        return read_file(file, NOTE_BYTES_MAX, "a checkpoint") if file.exists() else None


class FolderPeers:
    """ports.Peers where the only peer that answers is a folder that somebody carried here."""

    def __init__(self, party: str, stick: Stick) -> None:
        self._party, self._stick = party, stick

    async def checkpoint(self, peer: str, log: str) -> bytes | None:
        """As ports.Peers: the log in the folder, and what its party has cosigned of others' logs."""
        self._require(peer)
        return self._stick.log.checkpoint if log == peer else self._stick.receipt(log)

    async def entries(self, peer: str, log: str, n: int, width: int) -> list[bytes]:
        """As ports.Peers."""
        there = self._width(peer, log, 0, n, width)
        return self._stick.log.entries(n, there)[:width]

    async def tile(self, peer: str, log: str, level: int, n: int, width: int) -> bytes:
        """As ports.Peers."""
        there = self._width(peer, log, level, n, width)
        return self._stick.log.tile(level, n, there)[: 32 * width]

    async def blob(self, peer: str, digest: str) -> bytes:
        """As ports.Peers: the agreements that came along."""
        self._require(peer)
        return self._stick.text(digest)

    async def add_checkpoint(self, peer: str, body: bytes) -> tuple[int, bytes]:  # noqa: ARG002, a folder cosigns nothing
        """As ports.Peers."""
        raise Unavailable(f"{peer} is a folder here: its witness answers when its node is reached")

    async def give_receipt(self, peer: str, note: bytes) -> None:  # noqa: ARG002, it is in our store by now
        """Nothing to do: our receipt travels back with the next export of our own log."""
        self._require(peer)

    def _require(self, peer: str) -> None:
        if peer != self._party:
            raise Unavailable(f"{peer} is not reached from a folder of {self._party}")

    def _width(self, peer: str, log: str, level: int, n: int, width: int) -> int:
        """How wide the file is that the folder has: as wide as the log's size makes it, and at least `width`."""
        self._require(peer)
        there = tile_width(level, n, self._stick.log.size) if log == peer else 0
        if there < width:
            raise NotFound(f"the folder has no tile {level}/{n} of width {width} of log {log[:40]!r}")
        return there
