"""A store that fails where it is told to, once, and says so. What it passes on: tests/contract."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from safeconduct.errors import Unavailable
from safeconduct.node.ports import Batch, Cosignature, Store
from safeconduct.testing import FailingStore, MemoryStore
from tests.contract.sample_rows import rows, subject

_WRITES: dict[str, tuple[Callable[[Store], object], Callable[[Store], object]]] = {
    "commit": (lambda s: s.commit(Batch(party="alpha", rows=rows("alpha", 0, 1))), lambda s: s.size("alpha")),
    "put_subjects": (lambda s: s.put_subjects([subject("site/s1")]), lambda s: len(list(s.digests()))),
    "put_cosignature": (
        lambda s: s.put_cosignature(Cosignature(log="a", by="b", role="mirror", size=1, time=1, note=b"n")),
        lambda s: int(s.cosignature("a", "b", "mirror") is not None),
    ),
    "put_blob": (lambda s: s.put_blob("d", b"data"), lambda s: int(s.blob("d") is not None)),
    "put_card": (lambda s: s.put_card("alpha", b"card"), lambda s: len(s.cards())),
    "put_evidence": (lambda s: s.put_evidence("o", "d", b"data"), lambda s: len(s.evidence())),
}


@pytest.mark.parametrize("name", list(_WRITES))
@pytest.mark.parametrize(("persists", "saved"), [(False, 0), (True, 1)])
def test_every_kind_of_write_fails_lost_or_saved(name: str, persists: bool, saved: int) -> None:
    write, count = _WRITES[name]
    store = FailingStore(MemoryStore(), fail_at=0, persists=persists)
    with pytest.raises(Unavailable, match="write 0 failed on purpose"):
        write(store)
    assert (store.failed, count(store.inner)) == (True, saved)


@pytest.mark.parametrize("fail_at", [0, 1, 2, 5])
def test_the_chosen_write_fails_and_no_other(fail_at: int) -> None:
    store = FailingStore(MemoryStore(), fail_at=fail_at, persists=False)
    refused = []
    for number, (write, _) in enumerate(_WRITES.values()):
        try:
            write(store)
        except Unavailable:
            refused.append(number)
    assert (refused, store.writes) == ([fail_at], len(_WRITES))


def test_a_store_whose_write_never_comes_has_not_failed() -> None:
    store = FailingStore(MemoryStore(), fail_at=1, persists=False)
    store.put_card("alpha", b"card")
    assert (store.failed, store.writes) == (False, 1)
