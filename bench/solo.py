"""One node on its own, in this process, driven as fast as it goes: what `append`, `curves` and `profile` share."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bench.workload import START, draft, one_sided, sign_as_actor
from safeconduct.node import commands
from safeconduct.testing import Federation, MemoryStore, StepClock

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from safeconduct.node.node import Node
    from safeconduct.node.ports import Store

# As many actors wait for their answer at once as fill two of the writer's batches.
AT_ONCE = 512


@asynccontextmanager
async def solo_node(store: Store, *, agree: bool = True) -> AsyncIterator[Node]:
    """The node of `sending` on this store, under a small agreement. Its peer is in memory and stays silent.

    agree: False for a store that has an agreement already.
    """
    async with Federation(clock=StepClock(START), stores={"host": MemoryStore(), "sending": store}) as federation:
        if agree:
            await federation.agree()
        yield federation.node("sending")


@dataclass(frozen=True)
class Offers:
    """Signed offers of movements, each a list in the order in which it must be said. at: the clock that they need."""

    movements: list[list[bytes]]
    at: int

    def __len__(self) -> int:
        return sum(len(offers) for offers in self.movements)

    def all(self) -> Iterator[bytes]:
        for offers in self.movements:
            yield from offers


def make_offers(node: Node, count: int, workers: ProcessPoolExecutor, *, first: int = 0) -> Offers:
    """At least `count` offers of different movements, signed by their actors."""
    terms = node.memory.law.in_force()
    assert terms is not None
    after = node.memory.after()
    at = max(node.clock.now(), node.memory.floor()) + 1_000
    lines = one_sided(at)
    movements = range(first, first + -(-count // len(lines)))
    work = [
        [(line.actor, draft(line, f"movement/m{number}", at + line.at, terms, after)) for line in lines]
        for number in movements
    ]
    return Offers(list(workers.map(sign_as_actor, work, chunksize=32)), at)


async def say_all(node: Node, offers: Offers) -> list[float]:
    """Say every offer, AT_ONCE movements side by side; returns how long each waited, in seconds."""
    waits: list[float] = []
    queue = iter(offers.movements)

    async def actor() -> None:
        for movement in queue:
            for envelope in movement:
                begun = time.perf_counter()
                await commands.say(node, envelope)
                waits.append(time.perf_counter() - begun)

    await asyncio.gather(*(actor() for _ in range(AT_ONCE)))
    return waits
