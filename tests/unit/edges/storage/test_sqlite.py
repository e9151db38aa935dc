"""What only the disk can spoil: killed processes, torn files, full disks. The rest is in tests/contract."""

from __future__ import annotations

import os
import random
import resource
import shutil
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import msgspec
import pytest

from safeconduct.edges.storage import SqliteStore
from safeconduct.errors import Unavailable
from safeconduct.node.ports import Batch, Subject
from tests.contract.sample_rows import batch, digest_of, row, rows, subject
from tests.unit.edges.storage.append_until_killed import BATCH_MAX, PARTY, append, problems

_ROOT = Path(__file__).resolve().parents[4]
_KILLS = 20


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "node.db"


@pytest.fixture
def store(path: Path) -> Iterator[SqliteStore]:
    opened = SqliteStore(path)
    yield opened
    opened.close()


# --- killed processes -----------------------------------------------------------------------------------------------


def _acknowledged_before_kill(path: Path, seed: int, after: int) -> int:
    """Let a process append, kill it when it has acknowledged `after` batches; the last size that it acknowledged."""
    command = [sys.executable, "-m", "tests.unit.edges.storage.append_until_killed", str(path), str(seed)]
    acknowledged = 0
    with subprocess.Popen(command, cwd=_ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for _ in range(after):
            acknowledged = int(process.stdout.readline())
        process.kill()
        for line in process.stdout:
            if line.endswith("\n"):  # said while the signal was under way
                acknowledged = int(line)
    return acknowledged


@pytest.mark.slow
def test_nothing_acknowledged_is_lost_whenever_the_process_is_killed(path: Path) -> None:
    """Twenty kills of one growing file; the seed fixes how many batches each process gets through."""
    moments = random.Random(7)
    found = []
    for kill in range(_KILLS):
        acknowledged = _acknowledged_before_kill(path, kill, moments.choice([1, 1, 2, 5, 20, 100]))
        store = SqliteStore(path)
        found += [f"kill {kill}: {problem}" for problem in problems(store)]
        # One batch may have reached the disk without its acknowledgement reaching us.
        if not acknowledged <= store.size(PARTY) <= acknowledged + BATCH_MAX:
            found.append(f"kill {kill}: acknowledged {acknowledged}, found {store.size(PARTY)}")
        store.close()
    assert found == []


# --- torn files -----------------------------------------------------------------------------------------------------

_SIZES = [3, 8, 9, 20, 64]


def _crashed_copy(path: Path, folder: Path) -> Path:
    """What a power cut would leave of a store that is open: its file and write-ahead log, and no shared memory."""
    folder.mkdir()
    for name in (path.name, f"{path.name}-wal"):
        shutil.copy(path.with_name(name), folder / name)
    return folder / path.name


def _fill(store: SqliteStore) -> None:
    for size in _SIZES:
        append(store, size - store.size(PARTY))


@pytest.mark.parametrize("kept", [0.0, 0.1, 0.35, 0.5, 0.65, 0.8, 0.95, 0.999])
def test_a_write_ahead_log_that_was_cut_off_leaves_whole_batches(
    store: SqliteStore, path: Path, tmp_path: Path, kept: float
) -> None:
    _fill(store)
    copy = _crashed_copy(path, tmp_path / "crashed")
    wal = copy.with_name(f"{copy.name}-wal")
    os.truncate(wal, int(wal.stat().st_size * kept))
    reopened = SqliteStore(copy)
    found = (reopened.size(PARTY) in [0, *_SIZES], problems(reopened))
    reopened.close()
    assert found == (True, [])


@pytest.mark.parametrize("torn_bytes", [1, 24, 512, 4096, 8192])
def test_garbage_at_the_end_of_the_write_ahead_log_costs_the_last_batch_alone(
    store: SqliteStore, path: Path, tmp_path: Path, torn_bytes: int
) -> None:
    _fill(store)
    copy = _crashed_copy(path, tmp_path / "crashed")
    wal = copy.with_name(f"{copy.name}-wal")
    whole = wal.read_bytes()
    wal.write_bytes(whole[:-torn_bytes] + random.Random(torn_bytes).randbytes(torn_bytes))
    reopened = SqliteStore(copy)
    found = (reopened.size(PARTY), problems(reopened))
    reopened.close()
    assert found == (_SIZES[-2], [])


def test_the_log_goes_on_after_a_torn_batch(store: SqliteStore, path: Path, tmp_path: Path) -> None:
    _fill(store)
    copy = _crashed_copy(path, tmp_path / "crashed")
    wal = copy.with_name(f"{copy.name}-wal")
    os.truncate(wal, wal.stat().st_size - 1)
    reopened = SqliteStore(copy)
    size = append(reopened, 7)
    found = (size, problems(reopened))
    reopened.close()
    assert found == (_SIZES[-2] + 7, [])


def test_what_is_in_the_file_stays_when_the_write_ahead_log_is_lost(
    store: SqliteStore, path: Path, tmp_path: Path
) -> None:
    _fill(store)
    store._connections.writer().execute("PRAGMA wal_checkpoint(TRUNCATE)")
    copy = _crashed_copy(path, tmp_path / "crashed")
    copy.with_name(f"{copy.name}-wal").unlink()
    reopened = SqliteStore(copy)
    found = (reopened.size(PARTY), problems(reopened))
    reopened.close()
    assert found == (_SIZES[-1], [])


def _open_and_read(path: Path) -> None:
    with closing(SqliteStore(path)) as store:
        store.rows(PARTY, 0, store.size(PARTY))


@pytest.mark.parametrize("first_damaged_page", [1, 10, 20])
def test_a_damaged_file_is_said_to_be_damaged(path: Path, first_damaged_page: int) -> None:
    with closing(SqliteStore(path)) as store:
        for _ in range(10):
            append(store, BATCH_MAX)
    whole = path.read_bytes()
    path.write_bytes(whole[: first_damaged_page * 8192].ljust(len(whole), b"\0"))
    with pytest.raises(Unavailable, match="it is damaged: stop this node, keep the file, and restore the last backup"):
        _open_and_read(path)


# --- full and failing disks -----------------------------------------------------------------------------------------


def _append_until_refused(store: SqliteStore) -> tuple[int, str]:
    for _ in range(10_000):
        try:
            append(store, 16)
        except Unavailable as error:
            return store.size(PARTY), str(error)
    raise AssertionError("the disk never filled up")


def test_a_full_disk_is_unavailable_and_loses_nothing(store: SqliteStore) -> None:
    append(store, 16)
    store._connections.writer().execute("PRAGMA max_page_count = 60")
    _, message = _append_until_refused(store)
    assert ("the disk is full: free some space, then try again" in message, problems(store)) == (True, [])


def test_a_log_goes_on_when_the_disk_has_space_again(store: SqliteStore) -> None:
    store._connections.writer().execute("PRAGMA max_page_count = 60")
    size, _ = _append_until_refused(store)
    store._connections.writer().execute("PRAGMA max_page_count = 100000")
    assert (append(store, 16), problems(store)) == (size + 16, [])


@contextmanager
def _small_disk(folder: Path) -> Iterator[Path]:
    folder.mkdir()
    mounted = os.geteuid() == 0 and subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=3M", "none", folder], check=False, capture_output=True
    )
    if not mounted or mounted.returncode != 0:
        pytest.skip("a small disk of its own can only be mounted by root")
    try:
        yield folder
    finally:
        subprocess.run(["umount", folder], check=True)


@pytest.mark.slow
def test_a_disk_that_is_really_full_loses_nothing_and_works_again_with_space(tmp_path: Path) -> None:
    with _small_disk(tmp_path / "small") as folder:
        ballast = folder / "ballast"
        ballast.write_bytes(bytes(1024 * 1024))
        store = SqliteStore(folder / "node.db")
        size, message = _append_until_refused(store)
        before = problems(store)
        ballast.unlink()
        after = (append(store, 16), problems(store))
        store.close()
    assert ("the disk is full" in message, size > 0, before, after) == (True, True, [], (size + 16, []))


@contextmanager
def _no_file_grows_beyond(size: int) -> Iterator[None]:
    """The kernel refuses to write beyond: to SQLite, a disk with an error."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_after_an_error_of_the_disk_nothing_is_written_until_the_store_is_opened_again(
    store: SqliteStore, path: Path
) -> None:
    """What the operating system could not write it may forget, and then a later sync would seem to succeed."""
    append(store, 16)
    wal = path.with_name(f"{path.name}-wal")
    with _no_file_grows_beyond(wal.stat().st_size + 100), pytest.raises(Unavailable, match="the disk reports an error"):
        append(store, 16)
    with pytest.raises(Unavailable, match="the disk reports an error: check the disk, then start this node again"):
        append(store, 16)
    store.close()
    reopened = SqliteStore(path)
    found = (append(reopened, 16), problems(reopened))
    reopened.close()
    assert found == (32, [])


def test_a_broken_promise_of_our_own_rolls_back_and_is_not_hidden(store: SqliteStore) -> None:
    append(store, 2)
    no_id = Batch(party=PARTY, rows=rows(PARTY, 2, 3), cosignatures=(), sightings=(), subjects=[_unwritable()])
    with pytest.raises(sqlite3.IntegrityError):
        store.commit(no_id)
    assert (append(store, 2), problems(store)) == (4, [])


def _unwritable() -> Subject:
    return msgspec.structs.replace(subject("site/s1"), state=None)


# --- threads --------------------------------------------------------------------------------------------------------


def test_a_thread_that_reads_sees_whole_batches_while_another_writes(store: SqliteStore) -> None:
    append(store, 1)
    torn: list[str] = []
    done = threading.Event()

    def read() -> None:
        while not done.is_set():
            size = store.size(PARTY)
            if list(store.rows(PARTY, 0, size)) != rows(PARTY, 0, size):
                torn.append(f"at size {size}")

    readers = [threading.Thread(target=read) for _ in range(2)]
    for reader in readers:
        reader.start()
    for _ in range(40):
        append(store, 5)
    done.set()
    for reader in readers:
        reader.join()
    assert (torn, store.size(PARTY)) == ([], 201)


def test_writes_from_several_threads_wait_for_each_other(store: SqliteStore) -> None:
    def write(number: int) -> None:
        for index in range(20):
            store.put_blob(digest_of(f"{number} {index}"), b"data")
            store.commit(Batch(party=f"party{number}", rows=[row(f"party{number}", index)]))

    writers = [threading.Thread(target=write, args=(number,)) for number in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert [store.size(f"party{number}") for number in range(4)] == [20] * 4


# --- for a person with the sqlite3 tool -----------------------------------------------------------------------------


def test_the_view_of_the_record_shows_what_was_said_in_order(store: SqliteStore) -> None:
    store.commit(batch("beta", 0, 2))
    store.commit(batch("alpha", 0, 1))
    shown = store._connections.reader().execute("SELECT party, idx, time, kind, subject, entry FROM record").fetchall()
    said = ("movement.requested", "movement/m1")
    assert shown == [
        ("alpha", 0, "2027-01-15 08:00:00", *said, '{"said":"alpha 0"}'),
        ("beta", 0, "2027-01-15 08:00:00", *said, '{"said":"beta 0"}'),
        ("beta", 1, "2027-01-15 08:00:00", *said, '{"said":"beta 1"}'),
    ]
