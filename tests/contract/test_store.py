"""What every Store does: one suite, run on the one in memory and on the one on disk."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest

from safeconduct.edges.storage import SqliteStore
from safeconduct.errors import OutOfSequence
from safeconduct.node.ports import Batch, Cosignature, Passkey, Row, Sighting, Store
from safeconduct.testing import FailingStore, MemoryStore
from tests.contract.sample_rows import TIME, batch, digest_of, row, rows, subject, void_row


def _failing(_: Path) -> Store:
    """One that never fails, because no run has so many writes: it passes everything on."""
    return FailingStore(MemoryStore(), fail_at=1_000_000, persists=False)


_STORES: dict[str, Callable[[Path], Store]] = {
    "memory": lambda _: MemoryStore(),
    "copied": lambda _: MemoryStore().copy(),
    "failing": _failing,
    "sqlite": SqliteStore,
}


@pytest.fixture(params=list(_STORES))
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    opened = _STORES[request.param](tmp_path / "node.db")
    yield opened
    opened.close()


# --- logs -------------------------------------------------------------------------------------------------------------


def test_a_log_that_nobody_wrote_is_empty(store: Store) -> None:
    found = (
        store.size("alpha"),
        store.checkpoint("alpha"),
        list(store.rows("alpha", 0, 10)),
        store.leaves("alpha", 0, 9),
    )
    assert found == (0, None, [], b"")


def test_rows_come_back_as_they_were_written(store: Store) -> None:
    written = [*rows("alpha", 0, 3), void_row("alpha", 3)]
    store.commit(Batch(party="alpha", rows=written))
    assert list(store.rows("alpha", 0, 4)) == written


def test_batches_continue_each_other(store: Store) -> None:
    store.commit(batch("alpha", 0, 2))
    store.commit(batch("alpha", 2, 5))
    assert (store.size("alpha"), list(store.rows("alpha", 0, 5))) == (5, rows("alpha", 0, 5))


def test_logs_grow_apart(store: Store) -> None:
    store.commit(batch("beta", 0, 3))
    store.commit(batch("alpha", 0, 2))
    store.commit(batch("beta", 3, 4))
    sizes = {party: store.size(party) for party in ("alpha", "beta")}
    assert (sizes, list(store.rows("alpha", 0, 9))) == ({"alpha": 2, "beta": 4}, rows("alpha", 0, 2))


def test_a_log_may_begin_after_another_was_read(store: Store) -> None:
    store.commit(batch("beta", 0, 1))
    read_before = list(store.rows("beta", 0, 1))
    store.commit(batch("alpha", 0, 1))
    assert [*read_before, *store.rows("alpha", 0, 1)] == [row("beta", 0), row("alpha", 0)]


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [(0, 5, [0, 1, 2, 3, 4]), (1, 3, [1, 2]), (3, 99, [3, 4]), (5, 9, []), (3, 3, []), (4, 2, []), (-3, 2, [0, 1])],
)
def test_a_range_is_cut_to_what_is_stored(store: Store, start: int, end: int, expected: list[int]) -> None:
    store.commit(batch("alpha", 0, 5))
    store.commit(batch("beta", 0, 5))
    assert [found.index for found in store.rows("beta", start, end)] == expected


def test_leaves_are_the_leaf_hashes_of_a_range(store: Store) -> None:
    store.commit(batch("alpha", 0, 5))
    assert store.leaves("alpha", 1, 4) == b"".join(written.leaf for written in rows("alpha", 1, 4))


def test_places_of_a_whole_log_come_in_order_of_the_index(store: Store) -> None:
    written = [row("alpha", 0, t=TIME + 9, n=1), row("alpha", 1, t=TIME + 9, n=2), row("alpha", 2, t=TIME + 12)]
    store.commit(Batch(party="alpha", rows=written))
    assert list(store.places("alpha")) == [(TIME + 9, 1), (TIME + 9, 2), (TIME + 12, 0)]


def test_places_of_a_log_that_nobody_wrote_are_none(store: Store) -> None:
    assert list(store.places("alpha")) == []


def test_the_log_may_grow_while_its_places_are_read(store: Store) -> None:
    store.commit(batch("alpha", 0, 2))
    places = iter(store.places("alpha"))
    first = next(places)
    store.commit(batch("alpha", 2, 3))
    assert [first, *places][:2] == [(TIME, 0), (TIME + 1, 0)]


@pytest.mark.parametrize(
    "bad",
    [
        pytest.param(rows("alpha", 3, 5), id="gap"),
        pytest.param(rows("alpha", 1, 3), id="repetition"),
        pytest.param(rows("alpha", 0, 1), id="from the start"),
        pytest.param([row("alpha", 2), row("alpha", 4)], id="gap inside"),
        pytest.param([row("alpha", 2), row("alpha", 2)], id="repetition inside"),
        pytest.param([row("alpha", 3), row("alpha", 2)], id="out of order"),
        pytest.param([row("alpha", 2), row("beta", 3)], id="of another log"),
    ],
)
def test_rows_that_do_not_continue_the_log_are_refused(store: Store, bad: list[Row]) -> None:
    store.commit(batch("alpha", 0, 2))
    with pytest.raises(OutOfSequence, match="log alpha goes on at entry"):
        store.commit(Batch(party="alpha", rows=bad))


def test_a_refused_batch_changes_nothing(store: Store) -> None:
    store.commit(batch("alpha", 0, 2))
    bad = Batch(
        party="alpha",
        rows=[row("alpha", 2, subject="site/s1"), row("alpha", 4)],
        checkpoint=b"never",
        tiles=[(0, 0, bytes(8192))],
        sightings=[_sighting("alpha", "beta", 1)],
        subjects=[subject("site/s1")],
        cosignatures=[_cosigned(4)],
    )
    with pytest.raises(OutOfSequence):
        store.commit(bad)
    found = [
        store.size("alpha"), store.checkpoint("alpha"), list(store.about("site/s1")), store.tile("alpha", 0, 0),
        store.first_sighting("beta", 0, "alpha"), store.subject("site/s1"),
        store.cosignature("alpha", "beta", "mirror"),
    ]  # fmt: skip
    assert found == [2, b"alpha 2", [], None, None, None, None]


def test_a_log_goes_on_after_a_refused_batch(store: Store) -> None:
    with pytest.raises(OutOfSequence):
        store.commit(batch("alpha", 1, 2))
    store.commit(batch("alpha", 0, 1))
    assert store.size("alpha") == 1


def test_a_batch_without_a_checkpoint_leaves_the_one_before(store: Store) -> None:
    store.commit(batch("alpha", 0, 2))
    store.commit(Batch(party="alpha", rows=rows("alpha", 2, 3)))
    assert (store.size("alpha"), store.checkpoint("alpha")) == (3, b"alpha 2")


def test_a_batch_may_bring_a_checkpoint_alone(store: Store) -> None:
    store.commit(Batch(party="alpha", rows=[], checkpoint="alpha 0 ✓".encode()))
    assert (store.size("alpha"), store.checkpoint("alpha")) == (0, "alpha 0 ✓".encode())


# --- tiles ------------------------------------------------------------------------------------------------------------


def test_a_tile_is_found_by_log_level_and_number(store: Store) -> None:
    store.commit(Batch(party="alpha", rows=[], tiles=[(0, 1, b"a" * 8192), (1, 0, b"b" * 8192)]))
    store.commit(Batch(party="beta", rows=[], tiles=[(0, 1, b"c" * 8192)]))
    found = [store.tile("alpha", 0, 1), store.tile("alpha", 1, 0), store.tile("beta", 0, 1), store.tile("beta", 1, 0)]
    assert found == [b"a" * 8192, b"b" * 8192, b"c" * 8192, None]


def test_the_same_tile_again_changes_nothing(store: Store) -> None:
    for _ in range(2):
        store.commit(Batch(party="alpha", rows=[], tiles=[(0, 0, b"a" * 8192)]))
    assert store.tile("alpha", 0, 0) == b"a" * 8192


def test_another_content_of_a_full_tile_is_refused(store: Store) -> None:
    store.commit(Batch(party="alpha", rows=[], tiles=[(0, 0, b"a" * 8192)]))
    with pytest.raises(OutOfSequence):
        store.commit(Batch(party="alpha", rows=rows("alpha", 0, 1), tiles=[(0, 0, b"b" * 8192)]))
    assert (store.size("alpha"), store.tile("alpha", 0, 0)) == (0, b"a" * 8192)


# --- statements -------------------------------------------------------------------------------------------------------


def test_what_is_about_a_subject_comes_in_order_of_the_record(store: Store) -> None:
    """t, then n, then party, then index: whatever was written first."""
    b = [row("beta", 0, t=TIME, n=1), row("beta", 1, t=TIME + 1), row("beta", 2, t=TIME + 1, n=1)]
    a = [row("alpha", 0, t=TIME + 1), row("alpha", 1, t=TIME + 1), row("alpha", 2, t=TIME + 2)]
    store.commit(Batch(party="beta", rows=b))
    store.commit(Batch(party="alpha", rows=a))
    places = [(found.party, found.index) for found in store.about("movement/m1")]
    assert places == [("beta", 0), ("alpha", 0), ("alpha", 1), ("beta", 1), ("beta", 2), ("alpha", 2)]


def test_what_is_about_a_subject_is_about_no_other(store: Store) -> None:
    subjects = ["movement/m1", "movement/m10", "movement", "movement/m1/x"]
    store.commit(Batch(party="alpha", rows=[row("alpha", i, subject=name) for i, name in enumerate(subjects)]))
    assert [found.subject for found in store.about("movement/m1")] == ["movement/m1"]


def test_nothing_is_about_the_empty_subject(store: Store) -> None:
    store.commit(Batch(party="alpha", rows=[void_row("alpha", 0)]))
    assert list(store.about("")) == []


def test_the_law_is_the_agreement_and_the_actors_in_order_of_the_record(store: Store) -> None:
    subjects = [
        "actor/alpha/bo",
        "actors/x",
        "agreement",
        "actor",
        "agreement/x",
        "actor0",
        "movement/m1",
        "actor/beta",
        "relation",
        "slots",
        "slots/x",
    ]
    written = [row("alpha", i, subject=name, t=TIME - i) for i, name in enumerate(subjects)]
    store.commit(Batch(party="alpha", rows=written))
    law = ["slots", "relation", "actor/beta", "agreement", "actor/alpha/bo"]
    assert [found.subject for found in store.about_law()] == law


def test_a_statement_is_found_by_its_id(store: Store) -> None:
    store.commit(batch("alpha", 0, 3))
    assert store.find(digest_of("alpha 1")) == row("alpha", 1)


@pytest.mark.parametrize("unknown", [digest_of("never said"), "", "no hex", "ab"])
def test_a_statement_that_is_not_stored_is_not_found(store: Store, unknown: str) -> None:
    store.commit(Batch(party="alpha", rows=[row("alpha", 0), void_row("alpha", 1)]))
    assert store.find(unknown) is None


def test_of_a_statement_logged_twice_the_first_in_the_record_is_found(store: Store) -> None:
    """A party may lie; its lie must not stop the node that mirrors it."""
    store.commit(Batch(party="beta", rows=[row("beta", 0, said="same", t=TIME + 5), row("beta", 1, said="same")]))
    store.commit(Batch(party="alpha", rows=[row("alpha", 0, said="same", t=TIME + 1)]))
    found = store.find(digest_of("same"))
    assert found is not None
    assert (found.party, found.index) == ("alpha", 0)


def test_void_entries_come_by_party_and_index(store: Store) -> None:
    store.commit(Batch(party="beta", rows=[void_row("beta", 0), row("beta", 1), void_row("beta", 2, why="نادرست")]))
    store.commit(Batch(party="alpha", rows=[void_row("alpha", 0)]))
    found = [(void.party, void.index, void.void) for void in store.void_entries()]
    why = "expected a signed statement"
    assert found == [("alpha", 0, why), ("beta", 0, why), ("beta", 2, "نادرست")]


# --- sightings --------------------------------------------------------------------------------------------------------


def _sighting(by: str, of: str, size: int, index: int = 0) -> Sighting:
    return Sighting(by=by, of=of, size=size, t=TIME, index=index, id=digest_of(f"{by} {index}"))


_SEEN = [_sighting("beta", "alpha", 3, 0), _sighting("beta", "alpha", 7, 1), _sighting("beta", "alpha", 8, 5)]


@pytest.mark.parametrize(("index", "size"), [(0, 3), (2, 3), (3, 7), (6, 7), (7, 8), (8, None), (99, None)])
def test_the_first_sighting_of_an_entry_is_the_smallest_size_above_its_index(
    store: Store, index: int, size: int | None
) -> None:
    store.commit(Batch(party="beta", rows=[], sightings=_SEEN))
    expected = next((seen for seen in _SEEN if seen.size == size), None)
    assert store.first_sighting("alpha", index, "beta") == expected


def test_sightings_by_others_or_of_others_do_not_count(store: Store) -> None:
    store.commit(Batch(party="beta", rows=[], sightings=_SEEN))
    found = [store.first_sighting("beta", 0, "alpha"), store.first_sighting("alpha", 0, "gamma")]
    assert found == [None, None]


def test_a_sighting_that_shows_no_more_than_before_is_not_kept(store: Store) -> None:
    store.commit(Batch(party="beta", rows=[], sightings=_SEEN[:2]))
    store.commit(
        Batch(party="beta", rows=[], sightings=[_sighting("beta", "alpha", 7, 8), _sighting("beta", "alpha", 5, 9)])
    )
    found = [store.first_sighting("alpha", index, "beta") for index in (2, 4, 6)]
    assert found == [_SEEN[0], _SEEN[1], _SEEN[1]]


# --- projections ------------------------------------------------------------------------------------------------------


def test_a_subject_comes_back_as_it_was_put(store: Store) -> None:
    store.put_subjects([subject("movement/m1", state='{"目的地":"خیبر"}')])
    assert store.subject("movement/m1") == subject("movement/m1", state='{"目的地":"خیبر"}')


def test_a_subject_put_again_replaces_the_one_before(store: Store) -> None:
    store.commit(Batch(party="alpha", rows=[], subjects=[subject("movement/m1", sort=1, state="old")]))
    store.commit(Batch(party="alpha", rows=[], subjects=[subject("movement/m1", sort=2, state="new")]))
    listed = list(store.subjects("movement/", before=None, limit=9))
    assert (store.subject("movement/m1"), listed) == (
        subject("movement/m1", 2, "new"),
        [subject("movement/m1", 2, "new")],
    )


def test_a_subject_that_was_never_put_is_none(store: Store) -> None:
    assert store.subject("movement/m1") is None


def _listed(store: Store, prefix: str, before: int | None = None, limit: int = 99) -> list[str]:
    return [found.subject for found in store.subjects(prefix, before=before, limit=limit)]


@pytest.mark.parametrize(
    ("prefix", "before", "limit", "expected"),
    [
        ("movement/", None, 99, ["movement/c", "movement/a", "movement/d", "movement/b"]),
        ("movement/", None, 2, ["movement/c", "movement/a"]),
        ("movement/", 30, 99, ["movement/a", "movement/d", "movement/b"]),
        ("movement/", 20, 99, ["movement/b"]),
        ("movement/", 10, 99, []),
        ("movement/", None, 0, []),
        ("movement/a", None, 99, ["movement/a"]),
        ("move", None, 99, ["movement/c", "movement/a", "movement/d", "movement/b", "movements/x"]),
        ("", None, 3, ["site/s1", "movement/c", "movement/a"]),
        ("site/", None, 99, ["site/s1"]),
        ("%/", None, 99, []),
        ("movement_", None, 99, []),
        ("MOVEMENT/", None, 99, []),
    ],
)
def test_subjects_are_listed_by_prefix_latest_first_then_by_id(
    store: Store, prefix: str, before: int | None, limit: int, expected: list[str]
) -> None:
    sorts = {"movement/d": 20, "movement/b": 10, "movement/c": 30, "movement/a": 20, "movements/x": 5, "site/s1": 40}
    store.put_subjects([subject(name, sort) for name, sort in sorts.items()])
    assert _listed(store, prefix, before, limit) == expected


def test_digests_name_every_subject_once(store: Store) -> None:
    store.put_subjects([subject("site/s", state="1"), subject("movement/m", state="2"), subject("site/s", state="3")])
    assert list(store.digests()) == [("movement/m", digest_of("2")), ("site/s", digest_of("3"))]


# --- other parties' words ---------------------------------------------------------------------------------------------


def _cosigned(size: int, *, by: str = "beta", role: str = "mirror", time: int = 1_800_000_000) -> Cosignature:
    return Cosignature(log="alpha", by=by, role=role, size=size, time=time, note=f"{by} {role} {size} {time}".encode())


@pytest.mark.parametrize(("covering", "size"), [(None, 9), (0, 2), (1, 2), (2, 5), (4, 5), (5, 9), (8, 9), (9, None)])
def test_the_cosignature_asked_for_is_the_latest_or_the_earliest_above(
    store: Store, covering: int | None, size: int | None
) -> None:
    for put in (5, 2, 9):
        store.put_cosignature(_cosigned(put))
    expected = None if size is None else _cosigned(size)
    assert store.cosignature("alpha", "beta", "mirror", covering=covering) == expected


def test_cosignatures_of_other_logs_parties_and_roles_are_apart(store: Store) -> None:
    store.commit(Batch(party="alpha", rows=[], cosignatures=[_cosigned(3), _cosigned(4, role="witness")]))
    store.put_cosignature(_cosigned(5, by="gamma"))
    found = [
        store.cosignature("alpha", "beta", "mirror"), store.cosignature("alpha", "beta", "witness"),
        store.cosignature("alpha", "gamma", "mirror"), store.cosignature("beta", "beta", "mirror"),
    ]  # fmt: skip
    assert found == [_cosigned(3), _cosigned(4, role="witness"), _cosigned(5, by="gamma"), None]


def test_of_two_cosignatures_of_one_size_the_first_stays(store: Store) -> None:
    store.put_cosignature(_cosigned(3, time=100))
    store.put_cosignature(_cosigned(3, time=200))
    assert store.cosignature("alpha", "beta", "mirror") == _cosigned(3, time=100)


@pytest.mark.parametrize("data", [b"", b"\x00\xff", bytes(100_000)])
def test_a_blob_comes_back_byte_for_byte(store: Store, data: bytes) -> None:
    store.put_blob(digest_of("blob"), data)
    assert store.blob(digest_of("blob")) == data


def test_a_blob_is_kept_once_and_an_unknown_one_is_none(store: Store) -> None:
    store.put_blob(digest_of("blob"), b"data")
    store.put_blob(digest_of("blob"), b"data")
    assert (store.blob(digest_of("blob")), store.blob(digest_of("other"))) == (b"data", None)


def test_a_card_replaces_the_one_before(store: Store) -> None:
    for party, card in [("beta", "1"), ("alpha", "بطاقة"), ("beta", "2")]:
        store.put_card(party, card.encode())
    assert list(store.cards().items()) == [("alpha", "بطاقة".encode()), ("beta", b"2")]


def test_evidence_stays_oldest_first_and_the_same_again_changes_nothing(store: Store) -> None:
    for origin, digest, data in [("z.org/log", "d9", b"1"), ("a.org/log", "d2", b"2"), ("z.org/log", "d9", b"3")]:
        store.put_evidence(origin, digest, data)
    assert list(store.evidence()) == [("z.org/log", "d9", b"1"), ("a.org/log", "d2", b"2")]


# --- passkeys ---------------------------------------------------------------------------------------------------------


def _passkey(credential: bytes, *, actor: str = "host/duty_officer", added: int = TIME, count: int = 0) -> Passkey:
    return Passkey(
        credential=credential,
        actor=actor,
        enrolment=digest_of("its own key"),
        host="host.example",
        label="ڈیوٹی روم",
        key=b"\xa5\x00",
        count=count,
        added=added,
    )


def test_a_passkey_comes_back_as_it_was_put_and_an_unknown_one_is_none(store: Store) -> None:
    used = msgspec.structs.replace(_passkey(b"\x00\xff"), used=TIME + 9)
    store.put_passkey(used)
    assert (store.passkey(b"\x00\xff"), store.passkey(b"\x00")) == (used, None)


def test_a_passkey_put_again_replaces_the_one_before(store: Store) -> None:
    for count in (1, 2):
        store.put_passkey(_passkey(b"a", count=count))
    assert list(store.passkeys("host/duty_officer")) == [_passkey(b"a", count=2)]


def test_an_actors_passkeys_come_oldest_first_and_are_nobody_elses(store: Store) -> None:
    for name, added in ((b"c", 2), (b"b", 1), (b"a", 2)):
        store.put_passkey(_passkey(name, added=added))
    store.put_passkey(_passkey(b"x", actor="host/duty_officer2"))
    assert [found.credential for found in store.passkeys("host/duty_officer")] == [b"b", b"a", b"c"]


def test_a_removed_passkey_is_gone_and_one_that_was_never_there_changes_nothing(store: Store) -> None:
    store.put_passkey(_passkey(b"a"))
    store.put_passkey(_passkey(b"b"))
    for credential in (b"a", b"a", b"never"):
        store.remove_passkey(credential)
    assert (store.passkey(b"a"), list(store.passkeys("host/duty_officer"))) == (None, [_passkey(b"b")])
