"""The clock that stands still, and the copy of a store that goes its own way. The store itself: tests/contract."""

from __future__ import annotations

import asyncio

import pytest

from safeconduct.node.ports import Batch, Cosignature, Sighting
from safeconduct.testing import MemoryStore, StepClock, settle
from tests.contract.sample_rows import batch, digest_of, row, subject, void_row


def _fill(store: MemoryStore, start: int) -> None:
    """Change everything that a store holds."""
    store.commit(batch("alpha", start, start + 2))
    grown = Cosignature(log="alpha", by="beta", role="mirror", size=start + 2, time=1, note=b"note")
    seen = Sighting(by="beta", of="alpha", size=start + 1, t=1, index=start, id=digest_of("seen"))
    store.commit(
        Batch(
            party="beta",
            rows=[void_row("beta", start), row("beta", start + 1, subject="agreement")],
            tiles=[(0, start, bytes(8192))],
            sightings=[seen],
            subjects=[subject("site/s1", state=str(start))],
            cosignatures=[grown],
        )
    )
    store.put_blob(str(start), b"blob")
    store.put_card("beta", str(start).encode())
    store.put_evidence("example.org/log", str(start), b"fork")


def _everything(store: MemoryStore) -> list[object]:
    return [
        [store.rows(party, 0, 99) for party in ("alpha", "beta")], store.checkpoint("alpha"), store.tile("beta", 0, 2),
        store.about("movement/m1"), store.about_law(), store.void_entries(), store.find(digest_of("alpha 2")),
        store.first_sighting("alpha", 1, "beta"), store.subject("site/s1"),
        store.cosignature("alpha", "beta", "mirror"), store.blob("2"), store.cards(), store.evidence(),
    ]  # fmt: skip


def test_a_copy_has_the_same_content() -> None:
    store = MemoryStore()
    _fill(store, 0)
    assert _everything(store.copy()) == _everything(store)


def test_a_copy_goes_its_own_way() -> None:
    store = MemoryStore()
    _fill(store, 0)
    copy, before = store.copy(), _everything(store)
    _fill(store, 2)
    assert (_everything(copy), [a == b for a, b in zip(before, _everything(store), strict=True)]) == (
        before,
        [False] * 13,
    )


# --- clock -----------------------------------------------------------------------------------------------------------


async def _napper(clock: StepClock, log: list[str], name: str, *naps: int) -> None:
    for nap in naps:
        await clock.sleep(nap)
        log.append(f"{name} {clock.now()}")


def test_time_stands_still_until_it_is_moved() -> None:
    clock = StepClock(1000)
    times = [clock.now(), clock.now()]
    clock.advance(250)
    assert [*times, clock.now()] == [1000, 1000, 1250]


def test_time_does_not_go_back() -> None:
    with pytest.raises(ValueError, match="a clock moves on, got -1 ms"):
        StepClock(1000).advance(-1)


def test_nobody_wakes_before_the_time() -> None:
    async def story() -> list[str]:
        clock, log = StepClock(0), list[str]()
        async with asyncio.TaskGroup() as group:
            group.create_task(_napper(clock, log, "a", 100))
            await settle()
            clock.advance(99)
            await settle()
            log.append(f"next {clock.next_wake}")
            clock.advance(1)
        return log

    assert asyncio.run(story()) == ["next 100", "a 100"]


def test_sleepers_wake_in_order_of_the_time_due_then_of_falling_asleep() -> None:
    async def story() -> list[str]:
        clock, log = StepClock(0), list[str]()
        async with asyncio.TaskGroup() as group:
            for name, nap in [("a", 30), ("b", 10), ("c", 30), ("d", 20)]:
                group.create_task(_napper(clock, log, name, nap))
            await settle()
            clock.advance(30)
        return log

    assert asyncio.run(story()) == ["b 30", "d 30", "a 30", "c 30"]


def test_running_stops_at_every_moment_that_somebody_waits_for() -> None:
    async def story() -> list[str]:
        clock, log = StepClock(0), list[str]()
        async with asyncio.TaskGroup() as group:
            group.create_task(_napper(clock, log, "a", 10, 10, 10))
            group.create_task(_napper(clock, log, "b", 15, 10))
            await clock.run_for(40)
        return [*log, f"end {clock.now()}"]

    assert asyncio.run(story()) == ["a 10", "b 15", "a 20", "b 25", "a 30", "end 40"]


def test_running_ends_on_time_even_if_somebody_sleeps_on() -> None:
    async def story() -> list[str]:
        clock, log = StepClock(0), list[str]()
        async with asyncio.TaskGroup() as group:
            task = group.create_task(_napper(clock, log, "a", 10, 10))
            await clock.run_for(19)
            log.append(f"end {clock.now()}, next {clock.next_wake}")
            task.cancel()
        return log

    assert asyncio.run(story()) == ["a 10", "end 19, next 20"]


def test_who_is_due_at_the_very_end_still_wakes() -> None:
    async def story() -> list[str]:
        clock, log = StepClock(0), list[str]()
        async with asyncio.TaskGroup() as group:
            task = group.create_task(_napper(clock, log, "a", 10, 10))
            await clock.run_for(20)
            await settle()
            log.append(f"done {task.done()}")
            task.cancel()
        return log

    assert asyncio.run(story()) == ["a 10", "a 20", "done True"]


def test_who_is_cancelled_asleep_is_not_waited_for() -> None:
    async def story() -> int | None:
        clock = StepClock(0)
        task = asyncio.create_task(clock.sleep(100))
        await settle()
        task.cancel()
        await settle()
        return clock.next_wake

    assert asyncio.run(story()) is None


@pytest.mark.parametrize("nothing", [0, -5])
def test_a_sleep_of_nothing_lets_others_run_and_returns(nothing: int) -> None:
    async def story() -> list[str]:
        clock, log = StepClock(0), list[str]()
        asyncio.get_running_loop().call_soon(log.append, "other")
        await clock.sleep(nothing)
        return [*log, str(clock.now())]

    assert asyncio.run(story()) == ["other", "0"]
