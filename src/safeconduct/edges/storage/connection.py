"""Connections to a node's file: opened with care, one writer in one process, every refusal explained.

A message says what to do, for the person who finds it at night in a log.
"""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from safeconduct.edges.storage.durable import sync_folder
from safeconduct.edges.storage.schema import ADDED, APPLICATION_ID, SCHEMA, SCHEMA_VERSION
from safeconduct.errors import InputInvalid, OutOfSequence, Unavailable

# Strict tables came with it (2021-11).
_SQLITE_MIN = (3, 37, 0)

# Another program (a backup, the sqlite3 tool) may hold the file for a moment.
_BUSY_SECONDS = 5.0

# Five entries of 1.4 KB share a page; of 4,096 bytes only two would. Measured: a third more entries a second in batches
# of 256, the same in batches of one.
_PAGE_BYTES = 8_192

# The write-ahead log goes into the file when it has grown to 32 MiB: a page that every batch touches is then written to
# the file once in some 30 batches of 256, a restart reads no more than that, and no commit waits longer for it than
# some 30 ms.
_WAL_PAGES = 32 * 1024 * 1024 // _PAGE_BYTES

# Pages in memory, in KiB (a negative number says so). The writer touches the end of each index with every batch.
_WRITER_CACHE_KIB = 64 * 1024
_READER_CACHE_KIB = 16 * 1024

_WHAT_TO_DO = {
    sqlite3.SQLITE_FULL: "the disk is full: free some space, then try again",
    sqlite3.SQLITE_READONLY: "it cannot be written: make file and folder writable for this user",
    sqlite3.SQLITE_PERM: "it cannot be written: make file and folder writable for this user",
    sqlite3.SQLITE_CANTOPEN: "it cannot be opened: check that the folder exists and is writable for this user",
    sqlite3.SQLITE_BUSY: "another program holds it: close that program, then try again",
    sqlite3.SQLITE_LOCKED: "another program holds it: close that program, then try again",
    sqlite3.SQLITE_CORRUPT: "it is damaged: stop this node, keep the file, and restore the last backup",
    sqlite3.SQLITE_NOTADB: "it is damaged or another kind of file: stop this node and restore the last backup",
    sqlite3.SQLITE_IOERR: "the disk reports an error: check the disk, then start this node again",
}


class Connections:
    """The writer and one reader for each thread. Opening takes the file for this process, closing gives it back.

    read_only: look into a file that another process may be writing.
    """

    def __init__(self, path: Path, *, read_only: bool) -> None:
        self._path = path
        self._thread = threading.local()
        self._opened: list[sqlite3.Connection] = []
        self._no_writes = "it was opened for reading only" if read_only else ""
        self._closed = False
        if sqlite3.sqlite_version_info < _SQLITE_MIN:
            raise Unavailable(f"needs SQLite 3.37 or newer, got {sqlite3.sqlite_version}: install a newer Python")
        if read_only and not path.exists():
            raise Unavailable(f"{path} does not exist")
        try:
            with explain(path):
                self._writer = self._open_to_read() if read_only else self._open_to_write()
        except BaseException:
            self.close()
            raise

    def writer(self) -> sqlite3.Connection:
        """The one that writes; the caller sees to it that one thread at a time does."""
        if self._no_writes or self._closed:
            raise Unavailable(f"cannot write {self._path}: {self._no_writes or 'it is closed'}")
        return self._writer

    def reader(self) -> sqlite3.Connection:
        """This thread's own."""
        connection: sqlite3.Connection | None = getattr(self._thread, "reader", None)
        if connection is None:
            connection = self._connect()
            connection.execute("PRAGMA query_only = ON")
            connection.execute(f"PRAGMA cache_size = -{_READER_CACHE_KIB}")
            self._thread.reader = connection
        if self._closed:
            raise Unavailable(f"cannot read {self._path}: it is closed")
        return connection

    def stop_writing(self, reason: str) -> None:
        """Refuse every write from now on."""
        self._no_writes = reason

    def close(self) -> None:
        """Close all. The lock, which was opened first, goes last."""
        self._closed = True
        while self._opened:
            self._opened.pop().close()

    def _open_to_write(self) -> sqlite3.Connection:
        self._take()
        if not self._path.exists():
            # For its owner only: it says who travels where.
            os.close(os.open(self._path, os.O_CREAT | os.O_RDWR, 0o600))
        writer = self._connect()
        writer.execute(f"PRAGMA page_size = {_PAGE_BYTES}")  # of a new file; an old one keeps its own
        writer.execute("PRAGMA journal_mode = WAL")
        writer.execute("PRAGMA synchronous = FULL")
        writer.execute(f"PRAGMA wal_autocheckpoint = {_WAL_PAGES}")
        writer.execute(f"PRAGMA journal_size_limit = {2 * _WAL_PAGES * _PAGE_BYTES}")
        writer.execute(f"PRAGMA cache_size = -{_WRITER_CACHE_KIB}")
        # INVARIANT (append-only): without it, INSERT OR REPLACE would delete without asking the triggers.
        writer.execute("PRAGMA recursive_triggers = ON")
        if writer.execute("SELECT COUNT(*) FROM sqlite_schema").fetchone() == (0,):
            writer.executescript(f"BEGIN IMMEDIATE; PRAGMA application_id = {APPLICATION_ID}; {SCHEMA}")
            writer.execute("INSERT INTO store VALUES (?)", (SCHEMA_VERSION,))
            writer.execute("COMMIT")
            sync_folder(self._path.parent)
        if _require_known_schema(writer, self._path) < SCHEMA_VERSION:
            writer.executescript(f"BEGIN IMMEDIATE; {ADDED}")
            writer.execute("UPDATE store SET version = ?", (SCHEMA_VERSION,))
            writer.execute("COMMIT")
        # A file that may only be read opens without complaint; better to hear it now than with the first statement.
        writer.execute("BEGIN IMMEDIATE")
        writer.execute("UPDATE store SET version = version")
        writer.execute("ROLLBACK")
        return writer

    def _open_to_read(self) -> sqlite3.Connection:
        connection = self._connect()
        connection.execute("PRAGMA query_only = ON")
        _require_known_schema(connection, self._path)
        return connection

    def _take(self) -> None:
        """Lock out other processes, until this one ends, however it ends.

        SQLite's lock on an empty file of its own. Tried before: flock, which a worker process inherits and keeps when
        the node is killed; and the exclusive mode of the file itself, which locks out our own readers.
        """
        lock = self._connect_to(self._path.with_name(f"{self._path.name}.lock"), 0.0)
        try:
            lock.execute("PRAGMA journal_mode = MEMORY")  # or a second empty file lies beside it
            lock.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                raise
            raise Unavailable(f"{self._path} is open for writing already: stop the other process first") from None

    def _connect(self) -> sqlite3.Connection:
        return self._connect_to(self._path, _BUSY_SECONDS)

    def _connect_to(self, path: Path, busy_seconds: float) -> sqlite3.Connection:
        # Closing happens in another thread than opening; otherwise each connection stays in its own.
        connection = sqlite3.connect(path, timeout=busy_seconds, isolation_level=None, check_same_thread=False)
        self._opened.append(connection)
        return connection


@contextmanager
def explain(path: Path, writing: Connections | None = None) -> Iterator[None]:
    """Raise our own errors for SQLite's: Unavailable with what to do, OutOfSequence where a rule of the tables refused.

    writing: of a write; after an error of the disk there are no more, because after a failed sync the operating system
    may forget what it could not write, and the next sync would succeed without it.
    """
    try:
        yield
    except sqlite3.Error as error:
        # Errors of Python's module itself (a closed connection) have no code.
        code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR)
        if code == sqlite3.SQLITE_CONSTRAINT_TRIGGER:
            raise OutOfSequence(str(error)) from None
        what_to_do = _WHAT_TO_DO.get(code & 0xFF)
        if what_to_do is None:
            raise
        if writing is not None and code & 0xFF in (sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CORRUPT):
            writing.stop_writing(what_to_do)
        raise Unavailable(f"cannot use {path}: {what_to_do} ({error.sqlite_errorname})") from error
    except OSError as error:
        raise Unavailable(f"cannot use {path}: {error.strerror}") from error


def _require_known_schema(db: sqlite3.Connection, path: Path) -> int:
    """Of which version the tables are."""
    if db.execute("PRAGMA application_id").fetchone() != (APPLICATION_ID,):
        raise InputInvalid(f"{path} is a database of another program")
    found = db.execute("SELECT version FROM store").fetchone()
    if found is None or not isinstance(found[0], int):
        # SQLite has not noticed: the page of this table reads as an empty one.
        raise Unavailable(f"cannot use {path}: {_WHAT_TO_DO[sqlite3.SQLITE_CORRUPT]} (no version of its tables)")
    version: int = found[0]
    if version > SCHEMA_VERSION:
        raise Unavailable(
            f"{path} was written by a newer safeconduct (tables of version {version}, this one knows"
            f" {SCHEMA_VERSION}): install that version, or restore the backup that was made before"
        )
    return version
