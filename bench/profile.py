"""Where the CPU time of one append goes: by function, and by what disappears when a part is left out.

The second table is the one to trust: a profiler makes small functions look slower than they are.
"""

from __future__ import annotations

import asyncio
import cProfile
import gc
import io
import pstats
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

from bench.report import Report, check_bare, command
from bench.solo import Offers, make_offers, say_all, solo_node
from safeconduct.core.identity import PublicKey, SigningKey
from safeconduct.core.record import Said
from safeconduct.edges.storage import SqliteStore
from safeconduct.node.memory import Memory, Weighed
from safeconduct.node.ports import Batch
from safeconduct.testing import MemoryStore

Without = Callable[[], AbstractContextManager[None]]


@dataclass(frozen=True)
class _Spent:
    """CPU microseconds a statement: of the event loop's thread, and of the thread that writes."""

    loop: float
    writer: float

    @property
    def whole(self) -> float:
        return self.loop + self.writer


def run(report: Report) -> None:
    count, repeats = (3_000, 2) if report.quick else (10_000, 7)
    with ProcessPoolExecutor() as workers:
        offers = asyncio.run(_sign(count, workers))
    report.section(f"What disappears when a part is left out; the least of {repeats}, {count:,} statements")
    checked, _, spent = check_bare(1.0)
    report.figure("one bare signature check", 1e6 * spent / checked, "µs")
    before = _least(report, offers, repeats, _nothing)
    report.figure("whole append: event loop", before.loop, "µs a statement")
    report.figure("whole append: thread that writes", before.writer, "µs a statement")
    for what, without in _PARTS:
        left = _least(report, offers, repeats, without)
        report.figure(what, before.whole - left.whole, "µs a statement")
        before = left
    report.figure("the rest: envelope, waiting, rows, tree, checkpoint, SQLite", before.whole, "µs a statement")
    report.section("By function (with the profiler's own weight)")
    profiler = cProfile.Profile()
    asyncio.run(_say(report.folder, offers, _nothing, profiler))
    text = io.StringIO()
    pstats.Stats(profiler, stream=text).strip_dirs().sort_stats("tottime").print_stats(25)
    report.series["by_function"] = text.getvalue()
    print(text.getvalue())


async def _sign(count: int, workers: ProcessPoolExecutor) -> Offers:
    async with solo_node(MemoryStore()) as node:
        return make_offers(node, count, workers)


def _least(report: Report, offers: Offers, repeats: int, without: Without) -> _Spent:
    took = [asyncio.run(_say(report.folder, offers, without)) for _ in range(repeats)]
    return _Spent(min(one.loop for one in took), min(one.writer for one in took))


async def _say(folder: Path, offers: Offers, without: Without, profiler: cProfile.Profile | None = None) -> _Spent:
    with TemporaryDirectory(dir=folder) as place:
        store = _Timed(Path(place) / "node.sqlite")
        async with solo_node(store) as node:
            node.clock.advance(offers.at + 100 - node.clock.now())  # type: ignore[attr-defined]  # a StepClock
            store.seconds = 0.0
            gc.collect()
            with without():
                begun = time.thread_time()
                if profiler is not None:
                    profiler.enable()
                await say_all(node, offers)
                if profiler is not None:
                    profiler.disable()
                spent = time.thread_time() - begun
        store.close()
    return _Spent(1e6 * spent / len(offers), 1e6 * store.seconds / len(offers))


class _Timed(SqliteStore):
    """The real store; adds up the CPU time of its commits."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.seconds = 0.0

    def commit(self, batch: Batch) -> None:
        begun = time.thread_time()
        super().commit(batch)
        self.seconds += time.thread_time() - begun


# --- parts to leave out, each with those before it --------------------------------------------------------------------


@contextmanager
def _nothing() -> Iterator[None]:
    yield


@contextmanager
def _checks() -> Iterator[None]:
    with patch.object(PublicKey, "verify", lambda *_: None):
        yield


@contextmanager
def _signing() -> Iterator[None]:
    with _checks(), patch.object(SigningKey, "sign", lambda *_: bytes(64)):
        yield


@contextmanager
def _looking_for_repeats() -> Iterator[None]:
    with _signing(), patch.object(SqliteStore, "find", lambda *_: None):
        yield


@contextmanager
def _record() -> Iterator[None]:
    def weigh(_: Memory, said: Said) -> Weighed:
        return Weighed(None, said.position, None)

    with _looking_for_repeats(), patch.object(Memory, "weigh", weigh):
        yield


_PARTS: tuple[tuple[str, Without], ...] = (
    ("checking the actor's signature", _checks),
    ("signing as node", _signing),
    ("looking whether it was logged before", _looking_for_repeats),
    ("judging, folding, storing the state", _record),
)


if __name__ == "__main__":
    command("profile", run)
