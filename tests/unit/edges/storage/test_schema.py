"""INVARIANT (append-only) and INVARIANT (no-way-back): whoever asks the database, and however, is refused."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from safeconduct.edges.storage import SqliteStore
from safeconduct.edges.storage.sqlite import _PLACES, _ROWS
from safeconduct.node.ports import Batch, Cosignature, Sighting
from tests.contract.sample_rows import batch, digest_of, subject


@pytest.fixture
def db(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """The writer of a store with one row of everything."""
    store = SqliteStore(tmp_path / "node.db")
    store.commit(batch("alpha", 0, 3))
    store.commit(
        Batch(
            party="beta",
            rows=[],
            tiles=[(0, 0, bytes(8192))],
            sightings=[Sighting(by="beta", of="alpha", size=2, t=1, index=0, id=digest_of("s"))],
            subjects=[subject("site/s1")],
            cosignatures=[Cosignature(log="alpha", by="beta", role="mirror", size=3, time=1, note=b"note")],
        )
    )
    store.put_blob(digest_of("blob"), b"data")
    store.put_evidence("example.org/log", digest_of("evidence"), b"fork")
    yield store._connections.writer()
    store.close()


def _everything(db: sqlite3.Connection) -> list[list[object]]:
    questions = [
        "SELECT * FROM entry", "SELECT * FROM tile", "SELECT * FROM sighting", "SELECT * FROM cosignature",
        "SELECT * FROM blob", "SELECT * FROM evidence", "SELECT * FROM log",
    ]  # fmt: skip
    return [db.execute(question).fetchall() for question in questions]


@pytest.mark.parametrize(
    "command",
    [
        "DELETE FROM entry",
        "DELETE FROM tile",
        "DELETE FROM sighting",
        "DELETE FROM cosignature",
        "DELETE FROM blob",
        "DELETE FROM evidence",
        "UPDATE entry SET entry = x'00'",
        "UPDATE entry SET id = NULL WHERE subject = 'movement/m1'",
        "UPDATE tile SET hashes = zeroblob(8192)",
        "UPDATE sighting SET t = t",
        "UPDATE cosignature SET time = time + 1",
        "UPDATE blob SET data = x'00'",
        "UPDATE evidence SET origin = 'example.com/log'",
    ],
)
def test_what_was_signed_is_never_removed_or_changed(db: sqlite3.Connection, command: str) -> None:
    before = _everything(db)
    with pytest.raises(sqlite3.IntegrityError, match=r"out of sequence: \w+ is append-only"):
        db.execute(command)
    assert _everything(db) == before


@pytest.mark.parametrize(
    "forgery",
    [
        "INSERT OR REPLACE INTO entry SELECT position, t, n, id, kind, subject, leaf, void, x'00' FROM entry",
        "REPLACE INTO blob SELECT digest, x'00' FROM blob",
        "UPDATE OR REPLACE entry SET position = position + 1",
        "UPDATE OR IGNORE entry SET subject = 'movement/other'",
        "INSERT INTO evidence SELECT * FROM evidence WHERE TRUE ON CONFLICT DO UPDATE SET data = x'00'",
    ],
)
def test_what_was_signed_is_not_replaced_either(db: sqlite3.Connection, forgery: str) -> None:
    before = _everything(db)
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        db.execute(forgery)
    assert _everything(db) == before


@pytest.mark.parametrize(
    "step_back",
    [
        "UPDATE log SET size = size - 1 WHERE party = 'alpha'",
        "UPDATE log SET party = 'gamma'",
        "UPDATE log SET no = no + 7",
        "DELETE FROM log",
    ],
)
def test_a_size_never_goes_back(db: sqlite3.Connection, step_back: str) -> None:
    with pytest.raises(sqlite3.IntegrityError, match="out of sequence: a log only grows"):
        db.execute(step_back)
    assert db.execute("SELECT size FROM log").fetchall() == [(3,), (0,)]


@pytest.mark.parametrize(
    "wrong",
    [
        "INSERT INTO entry VALUES ((1 << 40) + 3, 1, 0, x'00', 'k', 's', zeroblob(32), '', x'00')",
        "INSERT INTO entry VALUES ((1 << 40) + 3, 1, 0, NULL, 'k', 's', zeroblob(31), '', x'00')",
        "INSERT INTO entry VALUES ((1 << 40) + 3, 'soon', 0, NULL, 'k', 's', zeroblob(32), '', x'00')",
        "INSERT INTO tile VALUES (1, 0, 1, zeroblob(8191))",
        "INSERT INTO log (party, size) VALUES ('gamma', -1)",
    ],
)
def test_values_of_another_size_or_type_are_refused(db: sqlite3.Connection, wrong: str) -> None:
    with pytest.raises(sqlite3.IntegrityError, match=r"CHECK constraint failed|cannot store TEXT value"):
        db.execute(wrong)


def _plan(db: sqlite3.Connection, question: str, *values: object) -> list[str]:
    return [step[3] for step in db.execute(f"EXPLAIN QUERY PLAN {question}", values)]


def test_a_scan_of_places_reads_no_entries(db: sqlite3.Connection) -> None:
    plan = _plan(db, f"SELECT t, n, leaf {_PLACES}", 0, 9)
    assert plan == ["SEARCH entry USING COVERING INDEX entry_by_place (position>? AND position<?)"]


def test_what_is_about_a_subject_is_found_by_its_index(db: sqlite3.Connection) -> None:
    plan = _plan(db, f"{_ROWS} WHERE subject = ? AND subject <> ''", "movement/m1")
    assert plan == ["SEARCH entry USING INDEX entry_by_subject (subject=?)"]
