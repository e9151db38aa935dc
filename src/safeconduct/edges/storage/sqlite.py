"""One SQLite file holds what a node knows (docs/decisions/0002).

A write returns when the disk has it: WAL mode with synchronous=FULL syncs the write-ahead log at every commit. Readers
have a connection for each thread and see committed state only; they never wait for the writer.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec

from safeconduct.edges.storage.connection import Connections, explain
from safeconduct.edges.storage.schema import LOG_SPAN
from safeconduct.errors import OutOfSequence
from safeconduct.node.ports import Batch, Cosignature, Passkey, Row, Sighting, Subject

# Places are read in portions, so that a long scan keeps no snapshot open that the write-ahead log has to wait for.
_PLACES_AT_ONCE = 10_000

_NO_BOUND = 2**63 - 1

_ROWS = "SELECT position, t, n, id, kind, subject, entry, leaf, void FROM entry"
_PLACES = "FROM entry INDEXED BY entry_by_place WHERE position >= ? AND position < ? ORDER BY position"
_SUBJECTS = "SELECT subject, sort, t, n, party, idx, digest, state FROM subject"
_PASSKEYS = "SELECT credential, actor, enrolment, host, label, key, count, added, used FROM passkey"
_COSIGNATURES = "SELECT size, time, note FROM cosignature WHERE log = ? AND by = ? AND role = ?"


class SqliteStore:
    """ports.Store in the file `path`, which is made if it does not exist; its folder must exist.

    One process at a time may open a file; a second one gets Unavailable. read_only: beside the process that writes.
    Methods may be called from any thread; writes wait for each other.

    A write that fails changes nothing, with one exception that no disk can rule out: when the disk reports an error in
    the middle of a sync, the write may be there after a restart. The store then refuses all further writes until it is
    opened anew.
    """

    def __init__(self, path: Path, *, read_only: bool = False) -> None:
        self._path = path
        self._connections = Connections(path, read_only=read_only)
        self._writing = threading.Lock()
        self._parties: dict[int, str] = {}

    def close(self) -> None:
        """As ports.Store."""
        with self._writing:
            self._connections.close()

    def damage(self) -> Sequence[str]:
        """What is wrong with the file, in SQLite's words; empty if nothing. Reads all of it."""
        found = [line for (line,) in self._all("PRAGMA quick_check")]
        return [] if found == ["ok"] else found

    # --- logs ---------------------------------------------------------------------------------------------------------

    def commit(self, batch: Batch) -> None:
        """As ports.Store. Raises OutOfSequence if the rows do not continue the log."""
        with self._write() as db:
            no, size = _log(db, batch.party)
            _insert_rows(db, batch, no, size)
            db.execute(
                "UPDATE log SET size = size + ?, checkpoint = COALESCE(?, checkpoint) WHERE no = ?",
                (len(batch.rows), batch.checkpoint, no),
            )
            # The trigger refuses the update: another content for a tile that is full.
            db.executemany(
                "INSERT INTO tile VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET hashes = excluded.hashes"
                " WHERE hashes <> excluded.hashes",
                [(no, level, n, hashes) for level, n, hashes in batch.tiles],
            )
            _insert_sightings(db, batch.sightings)
            _upsert_subjects(db, batch.subjects)
            _insert_cosignatures(db, batch.cosignatures)

    def size(self, party: str) -> int:
        """As ports.Store."""
        found = self._one("SELECT size FROM log WHERE party = ?", party)
        return found[0] if found else 0

    def checkpoint(self, party: str) -> bytes | None:
        """As ports.Store."""
        found = self._one("SELECT checkpoint FROM log WHERE party = ?", party)
        return found[0] if found else None

    def rows(self, party: str, start: int, end: int) -> Sequence[Row]:
        """As ports.Store."""
        first, last = self._positions(party, start, end)
        return self._found(f"{_ROWS} WHERE position >= ? AND position < ? ORDER BY position", first, last)

    def leaves(self, party: str, start: int, end: int) -> bytes:
        """As ports.Store."""
        first, last = self._positions(party, start, end)
        found = self._all(f"SELECT leaf {_PLACES}", first, last)
        return b"".join([leaf for (leaf,) in found])

    def places(self, party: str) -> Iterator[tuple[int, int]]:
        """As ports.Store."""
        first, last = self._positions(party, 0, LOG_SPAN)
        for start in range(first, last, _PLACES_AT_ONCE):
            yield from self._all(f"SELECT t, n {_PLACES}", start, min(start + _PLACES_AT_ONCE, last))

    def tile(self, party: str, level: int, n: int) -> bytes | None:
        """As ports.Store."""
        found = self._one(
            "SELECT hashes FROM tile WHERE log = (SELECT no FROM log WHERE party = ?) AND level = ? AND n = ?",
            party, level, n,
        )  # fmt: skip
        return found[0] if found else None

    # --- statements ---------------------------------------------------------------------------------------------------

    def about(self, subject: str) -> Sequence[Row]:
        """As ports.Store."""
        return sorted(self._found(f"{_ROWS} WHERE subject = ? AND subject <> ''", subject), key=_order)

    def about_law(self) -> Sequence[Row]:
        """As ports.Store."""
        agreement = self._found(f"{_ROWS} WHERE subject IN ('agreement', 'relation', 'slots')")
        actors = self._found(f"{_ROWS} WHERE subject >= 'actor/' AND subject < 'actor0' AND subject <> ''")
        return sorted([*agreement, *actors], key=_order)

    def find(self, statement_id: str) -> Row | None:
        """As ports.Store; of a statement that was logged twice, the first in order of the record."""
        return min(self._found(f"{_ROWS} WHERE id = ?", _id_bytes(statement_id)), key=_order, default=None)

    def void_entries(self) -> Sequence[Row]:
        """As ports.Store."""
        return sorted(self._found(f"{_ROWS} WHERE void <> ''"), key=lambda row: (row.party, row.index))

    def first_sighting(self, of: str, index: int, by: str) -> Sighting | None:
        """As ports.Store."""
        found = self._one(
            "SELECT size, t, idx, id FROM sighting WHERE of = ? AND by = ? AND size > ? ORDER BY size LIMIT 1",
            of, by, index,
        )  # fmt: skip
        if found is None:
            return None
        size, t, idx, statement_id = found
        return Sighting(by=by, of=of, size=size, t=t, index=idx, id=statement_id.hex())

    # --- projections --------------------------------------------------------------------------------------------------

    def subject(self, subject: str) -> Subject | None:
        """As ports.Store."""
        found = self._one(f"{_SUBJECTS} WHERE subject = ?", subject)
        return _to_subject(found) if found else None

    def subjects(self, prefix: str, *, before: int | None, limit: int) -> Sequence[Subject]:
        """As ports.Store; those of the same `sort` by their id."""
        family, slash, _ = prefix.partition("/")
        in_family = "AND family = ?" if slash else ""
        found = self._all(
            f"{_SUBJECTS} WHERE substr(subject, 1, ?) = ? AND sort < ? {in_family} ORDER BY sort DESC, subject LIMIT ?",
            *(len(prefix), prefix, _NO_BOUND if before is None else before, *([family] if slash else []), limit),
        )
        return [_to_subject(values) for values in found]

    def digests(self) -> Iterable[tuple[str, str]]:
        """As ports.Store; by subject."""
        return self._all("SELECT subject, digest FROM subject ORDER BY subject")

    def put_subjects(self, subjects: Sequence[Subject]) -> None:
        """As ports.Store."""
        with self._write() as db:
            _upsert_subjects(db, subjects)

    # --- other parties' words -----------------------------------------------------------------------------------------

    def put_cosignature(self, cosignature: Cosignature) -> None:
        """As ports.Store. Of two of the same size the first stays: its time is the earlier proof."""
        with self._write() as db:
            _insert_cosignatures(db, [cosignature])

    def cosignature(self, log: str, by: str, role: str, *, covering: int | None = None) -> Cosignature | None:
        """As ports.Store."""
        found = (
            self._one(f"{_COSIGNATURES} ORDER BY size DESC LIMIT 1", log, by, role)
            if covering is None
            else self._one(f"{_COSIGNATURES} AND size > ? ORDER BY size LIMIT 1", log, by, role, covering)
        )
        if found is None:
            return None
        size, time, note = found
        return Cosignature(log=log, by=by, role=role, size=size, time=time, note=note)

    def put_blob(self, digest: str, data: bytes) -> None:
        """As ports.Store."""
        with self._write() as db:
            db.execute("INSERT INTO blob VALUES (?, ?) ON CONFLICT DO NOTHING", (digest, data))

    def blob(self, digest: str) -> bytes | None:
        """As ports.Store."""
        found = self._one("SELECT data FROM blob WHERE digest = ?", digest)
        return found[0] if found else None

    def put_card(self, party: str, card: bytes) -> None:
        """As ports.Store."""
        with self._write() as db:
            db.execute("INSERT INTO card VALUES (?, ?) ON CONFLICT DO UPDATE SET card = excluded.card", (party, card))

    def cards(self) -> dict[str, bytes]:
        """As ports.Store; by party."""
        return dict(self._all("SELECT party, card FROM card ORDER BY party"))

    def put_evidence(self, origin: str, digest: str, data: bytes) -> None:
        """As ports.Store."""
        with self._write() as db:
            db.execute(
                "INSERT INTO evidence (origin, digest, data) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
                (origin, digest, data),
            )

    def evidence(self) -> Sequence[tuple[str, str, bytes]]:
        """As ports.Store."""
        return self._all("SELECT origin, digest, data FROM evidence ORDER BY no")

    # --- who may look without a key ---------------------------------------------------------------------------------

    def put_passkey(self, passkey: Passkey) -> None:
        """As ports.Store."""
        with self._write() as db:
            db.execute(
                "INSERT OR REPLACE INTO passkey VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", msgspec.structs.astuple(passkey)
            )

    def passkey(self, credential: bytes) -> Passkey | None:
        """As ports.Store."""
        found = self._one(f"{_PASSKEYS} WHERE credential = ?", credential)
        return _passkey(found) if found is not None else None

    def passkeys(self, actor: str) -> Sequence[Passkey]:
        """As ports.Store."""
        return [_passkey(row) for row in self._all(f"{_PASSKEYS} WHERE actor = ? ORDER BY added, credential", actor)]

    def remove_passkey(self, credential: bytes) -> None:
        """As ports.Store."""
        with self._write() as db:
            db.execute("DELETE FROM passkey WHERE credential = ?", (credential,))

    # --- how it reads and writes --------------------------------------------------------------------------------------

    @contextmanager
    def _write(self) -> Iterator[sqlite3.Connection]:
        """One transaction: all of the block, durable when it ends, or nothing of it."""
        with self._writing, explain(self._path, self._connections):
            db = self._connections.writer()
            db.execute("BEGIN IMMEDIATE")
            try:
                yield db
                db.execute("COMMIT")
            except BaseException:
                # A full disk may have ended the transaction already.
                if db.in_transaction:
                    db.execute("ROLLBACK")
                raise

    def _all(self, sql: str, *values: object) -> list[Any]:
        with explain(self._path):
            return self._connections.reader().execute(sql, values).fetchall()

    def _one(self, sql: str, *values: object) -> Any:
        with explain(self._path):
            return self._connections.reader().execute(sql, values).fetchone()

    def _found(self, sql: str, *values: object) -> list[Row]:
        found = self._all(sql, *values)
        parties = self._party_names({position // LOG_SPAN for position, *_ in found})
        return [
            Row(
                party=parties[position // LOG_SPAN],
                index=position % LOG_SPAN,
                t=t,
                n=n,
                id=statement_id.hex() if statement_id else "",
                kind=kind,
                subject=subject,
                entry=entry,
                leaf=leaf,
                void=void,
            )
            for position, t, n, statement_id, kind, subject, entry, leaf, void in found
        ]

    def _party_names(self, numbers: set[int]) -> Mapping[int, str]:
        # A log's number never changes, so what was read once is known for good.
        if not numbers <= self._parties.keys():
            self._parties = dict(self._all("SELECT no, party FROM log"))
        return self._parties

    def _positions(self, party: str, start: int, end: int) -> tuple[int, int]:
        """First position and the one after the last, cut to what the log has."""
        found = self._one("SELECT no, size FROM log WHERE party = ?", party)
        if found is None:
            return 0, 0
        no, size = found
        first = no * LOG_SPAN  # INVARIANT (one-number)
        return first + max(start, 0), first + max(min(end, size), 0)


def _order(row: Row) -> tuple[int, int, str, int]:
    """The order of the record."""
    return row.t, row.n, row.party, row.index


def _id_bytes(statement_id: str) -> bytes:
    try:
        return bytes.fromhex(statement_id)
    except ValueError:
        return b""  # no statement has it


def _to_subject(values: tuple[Any, ...]) -> Subject:
    subject, sort, t, n, party, idx, digest, state = values
    return Subject(subject=subject, sort=sort, t=t, n=n, party=party, index=idx, digest=digest, state=state)


def _log(db: sqlite3.Connection, party: str) -> tuple[int, int]:
    """Number and size of a log, which begins if it has not."""
    found: tuple[int, int] | None = db.execute("SELECT no, size FROM log WHERE party = ?", (party,)).fetchone()
    if found is not None:
        return found
    begun = db.execute("INSERT INTO log (party) VALUES (?)", (party,))
    assert begun.lastrowid is not None
    return begun.lastrowid, 0


def _insert_rows(db: sqlite3.Connection, batch: Batch, no: int, size: int) -> None:
    for index, row in enumerate(batch.rows, start=size):
        if row.index != index or row.party != batch.party:
            raise OutOfSequence(f"log {batch.party} goes on at entry {index}, got entry {row.index} of {row.party}")
    first = no * LOG_SPAN + size  # INVARIANT (one-number)
    db.executemany(
        "INSERT INTO entry VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (position, r.t, r.n, bytes.fromhex(r.id) if r.id else None, r.kind, r.subject, r.leaf, r.void, r.entry)
            for position, r in enumerate(batch.rows, first)
        ],
    )


def _insert_sightings(db: sqlite3.Connection, sightings: Sequence[Sighting]) -> None:
    """Keep those that show more than was seen before."""
    seen: dict[tuple[str, str], int] = {}
    kept = []
    for s in sightings:
        pair = (s.of, s.by)
        if pair not in seen:
            found = db.execute("SELECT MAX(size) FROM sighting WHERE of = ? AND by = ?", pair).fetchone()
            seen[pair] = -1 if found[0] is None else found[0]
        if s.size > seen[pair]:
            seen[pair] = s.size
            kept.append((s.of, s.by, s.size, s.t, s.index, bytes.fromhex(s.id)))
    db.executemany("INSERT INTO sighting VALUES (?, ?, ?, ?, ?, ?)", kept)


def _upsert_subjects(db: sqlite3.Connection, subjects: Sequence[Subject]) -> None:
    for s in subjects:
        # Where `sort` stays, as it does for most, its index is left alone: half as many pages are written.
        stays = db.execute(
            "UPDATE subject SET t = ?, n = ?, party = ?, idx = ?, digest = ?, state = ? WHERE subject = ? AND sort = ?",
            (s.t, s.n, s.party, s.index, s.digest, s.state, s.subject, s.sort),
        )
        if stays.rowcount == 0:
            db.execute(
                "INSERT INTO subject VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET sort = excluded.sort,"
                " t = excluded.t, n = excluded.n, party = excluded.party, idx = excluded.idx, digest = excluded.digest,"
                " state = excluded.state",
                (s.subject, s.subject.partition("/")[0], s.sort, s.t, s.n, s.party, s.index, s.digest, s.state),
            )


def _insert_cosignatures(db: sqlite3.Connection, cosignatures: Sequence[Cosignature]) -> None:
    db.executemany(
        "INSERT INTO cosignature VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
        [(c.log, c.by, c.role, c.size, c.time, c.note) for c in cosignatures],
    )


def _passkey(row: Sequence[Any]) -> Passkey:
    return Passkey(**dict(zip(Passkey.__struct_fields__, row, strict=True)))
