"""Who may open a node's file, and what is said to whoever may not."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from safeconduct.edges.storage import SqliteStore
from safeconduct.edges.storage.schema import SCHEMA_VERSION
from safeconduct.errors import InputInvalid, Unavailable
from tests.contract.sample_rows import batch

_NOBODY = 65_534


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "node.db"


# --- one writer ------------------------------------------------------------------------------------------------------


def test_a_second_writer_is_refused(path: Path) -> None:
    with closing(SqliteStore(path)), pytest.raises(Unavailable, match="is open for writing already: stop the other"):
        SqliteStore(path)


@pytest.mark.slow
def test_a_second_process_is_refused(path: Path) -> None:
    open_it = "import sys; from safeconduct.edges.storage import SqliteStore; from pathlib import Path; "
    with closing(SqliteStore(path)):
        second = subprocess.run(
            [sys.executable, "-c", f"{open_it} SqliteStore(Path(sys.argv[1]))", path],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
    said = second.stderr.strip().splitlines()[-1]
    assert said == f"safeconduct.errors.Unavailable: {path} is open for writing already: stop the other process first"


def test_a_store_can_be_opened_again_when_it_was_closed(path: Path) -> None:
    with closing(SqliteStore(path)) as first:
        first.commit(batch("alpha", 0, 3))
    with closing(SqliteStore(path)) as again:
        assert again.size("alpha") == 3


def test_a_refused_second_writer_does_not_disturb_the_first(path: Path) -> None:
    with closing(SqliteStore(path)) as store:
        with pytest.raises(Unavailable):
            SqliteStore(path)
        store.commit(batch("alpha", 0, 3))
        assert store.size("alpha") == 3


# --- readers beside the writer ---------------------------------------------------------------------------------------


def test_a_reader_beside_the_writer_sees_what_is_committed(path: Path) -> None:
    with closing(SqliteStore(path)) as writer, closing(SqliteStore(path, read_only=True)) as reader:
        writer.commit(batch("alpha", 0, 3))
        assert list(reader.rows("alpha", 0, 9)) == list(writer.rows("alpha", 0, 9))


def test_a_reader_writes_nothing(path: Path) -> None:
    with closing(SqliteStore(path)), closing(SqliteStore(path, read_only=True)) as reader:
        with pytest.raises(Unavailable, match="it was opened for reading only"):
            reader.commit(batch("alpha", 0, 3))
        assert reader.size("alpha") == 0


def test_no_connection_but_the_writer_can_write(path: Path) -> None:
    with closing(SqliteStore(path)) as store, pytest.raises(sqlite3.OperationalError, match="readonly database"):
        store._connections.reader().execute("INSERT INTO card VALUES ('alpha', x'00')")


def test_a_reader_makes_no_file(path: Path) -> None:
    with pytest.raises(Unavailable, match="does not exist"):
        SqliteStore(path, read_only=True)
    assert list(path.parent.iterdir()) == []


def test_a_reader_does_not_keep_a_writer_out(path: Path) -> None:
    SqliteStore(path).close()
    with closing(SqliteStore(path, read_only=True)), closing(SqliteStore(path)) as writer:
        writer.commit(batch("alpha", 0, 1))
        assert writer.size("alpha") == 1


# --- closed ----------------------------------------------------------------------------------------------------------


def test_a_closed_store_says_so(path: Path) -> None:
    store = SqliteStore(path)
    store.size("alpha")
    store.close()
    with pytest.raises(Unavailable, match="it is closed"):
        store.size("alpha")
    with pytest.raises(Unavailable, match="it is closed"):
        store.commit(batch("alpha", 0, 1))


def test_closing_twice_is_the_same_as_closing_once(path: Path) -> None:
    store = SqliteStore(path)
    store.close()
    store.close()
    assert path.exists()


# --- places where no store can be ------------------------------------------------------------------------------------


@contextmanager
def _ordinary_user() -> Iterator[None]:
    """Root may write everywhere, so tests that run as root step down for a moment."""
    is_root = os.geteuid() == 0
    if is_root:
        os.seteuid(_NOBODY)
    try:
        yield
    finally:
        if is_root:
            os.seteuid(0)


def test_a_folder_that_may_not_be_written_is_unavailable() -> None:
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o555)
        with _ordinary_user(), pytest.raises(Unavailable, match="check that the folder exists and is writable"):
            SqliteStore(Path(folder) / "node.db")
        Path(folder).chmod(0o755)


def test_a_file_that_may_not_be_written_is_unavailable() -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "node.db"
        SqliteStore(path).close()
        Path(folder).chmod(0o777)
        path.chmod(0o444)
        Path(f"{path}.lock").chmod(0o666)
        with _ordinary_user(), pytest.raises(Unavailable, match="it cannot be written: make file and folder writable"):
            SqliteStore(path)


def test_a_folder_that_does_not_exist_is_unavailable(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="check that the folder exists"):
        SqliteStore(tmp_path / "nowhere" / "node.db")


def test_the_file_is_for_its_owner_only(path: Path) -> None:
    """It says who travels where."""
    with closing(SqliteStore(path)) as store:
        store.commit(batch("alpha", 0, 1))
        store.size("alpha")
        modes = {name: oct(path.with_name(name).stat().st_mode & 0o777) for name in ("node.db", "node.db-wal")}
    assert modes == {"node.db": "0o600", "node.db-wal": "0o600"}


# --- files that are not ours to read ---------------------------------------------------------------------------------


def _executed(path: Path, sql: str) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.executescript(sql)


def test_a_file_of_a_newer_version_is_refused_and_left_as_it_is(path: Path) -> None:
    SqliteStore(path).close()
    _executed(path, "UPDATE store SET version = version + 1")
    before = path.read_bytes()
    with pytest.raises(
        Unavailable, match=rf"newer safeconduct \(tables of version {SCHEMA_VERSION + 1}, this one knows"
    ):
        SqliteStore(path)
    assert path.read_bytes() == before


def test_a_file_of_an_older_version_is_brought_up_to_date_on_opening(path: Path) -> None:
    SqliteStore(path).close()
    _executed(path, "DROP TABLE passkey; UPDATE store SET version = 1")
    with closing(SqliteStore(path)) as store:
        assert list(store.passkeys("host/duty_officer")) == []
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT version FROM store").fetchall() == [(SCHEMA_VERSION,)]


def test_a_database_of_another_program_is_refused_and_left_as_it_is(path: Path) -> None:
    _executed(path, "CREATE TABLE contacts (name TEXT)")
    with pytest.raises(InputInvalid, match="is a database of another program"):
        SqliteStore(path)
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT name FROM sqlite_schema").fetchall() == [("contacts",)]


def test_a_file_that_is_no_database_is_refused_and_left_as_it_is(path: Path) -> None:
    path.write_bytes(b"minutes of the joint meeting\n" * 1000)
    with pytest.raises(Unavailable, match="it is damaged or another kind of file"):
        SqliteStore(path)
    assert path.read_bytes() == b"minutes of the joint meeting\n" * 1000


def test_an_empty_file_becomes_a_store(path: Path) -> None:
    """What is left when the very first opening was interrupted."""
    path.touch()
    with closing(SqliteStore(path)) as store:
        store.commit(batch("alpha", 0, 1))
        assert store.size("alpha") == 1


def test_a_file_that_another_program_holds_is_unavailable(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("safeconduct.edges.storage.connection._BUSY_SECONDS", 0.0)
    with closing(SqliteStore(path)) as store, closing(sqlite3.connect(path, isolation_level=None)) as other:
        store.commit(batch("alpha", 0, 1))
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(Unavailable, match="another program holds it: close that program, then try again"):
            store.commit(batch("alpha", 1, 2))
        other.execute("ROLLBACK")
        store.commit(batch("alpha", 1, 2))
        assert store.size("alpha") == 2


def test_an_old_sqlite_is_refused(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite3, "sqlite_version_info", (3, 34, 1))
    with pytest.raises(Unavailable, match=r"needs SQLite 3\.37 or newer"):
        SqliteStore(path)


@pytest.mark.parametrize(
    ("pragma", "expected"), [("journal_mode", "wal"), ("synchronous", 2), ("recursive_triggers", 1)]
)
def test_the_writer_is_as_durable_as_promised(path: Path, pragma: str, expected: object) -> None:
    """2 is FULL: every commit waits for the disk."""
    with closing(SqliteStore(path)) as store:
        assert store._connections.writer().execute(f"PRAGMA {pragma}").fetchone() == (expected,)
