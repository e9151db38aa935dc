"""A node left to itself: it visits its peers, says its receipts, and writes what is offered."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from safeconduct.core.acts import SiteRegistered
from safeconduct.errors import Unavailable
from safeconduct.node import queries, schedule, sync
from safeconduct.testing import Federation, StepClock, authority, settle

SITE = SiteRegistered(name="Gate", district="malir", latitude_e7=0, longitude_e7=0)


async def pass_until(clock: StepClock, happened: Callable[[], bool]) -> None:
    """Let virtual time pass, and writes that run beside the event loop finish, until something has happened."""
    for _ in range(400):
        if happened():
            return
        await clock.run_for(100)
        await settle()
        await asyncio.to_thread(bool)
    raise AssertionError("it did not happen in 40 virtual seconds")


def test_two_nodes_left_alone_come_to_know_the_same() -> None:
    """REC-5, REC-7"""

    async def whole() -> None:
        clock = StepClock(1_728_172_800_000)
        async with Federation(clock=clock) as federation:
            await federation.agree()
            running = [asyncio.ensure_future(schedule.run(node)) for node in federation.links.nodes.values()]
            host, sending = federation.node("host"), federation.node("sending")
            await pass_until(clock, lambda: sending.statuses["host"].reached_at is not None)
            await federation.say("host/duty_officer", "site/a", SITE)
            await pass_until(clock, lambda: len(queries.history(host, authority(host), "log/host")) > 0)
            received = queries.history(host, authority(host), "log/host")
            for task in running:
                task.cancel()
            await asyncio.gather(*running, return_exceptions=True)
            await federation.sync()
            assert queries.health(host).digest == queries.health(sending).digest
            assert sending.store.subject("site/a") is not None
            assert received[-1].party == "sending"

    asyncio.run(whole())


@pytest.mark.parametrize(("down", "visits"), [(False, range(15, 22)), (True, range(1, 3))])
def test_pokes_without_end_are_not_visits_without_end(down: bool, visits: range) -> None:
    """WIRE-32: anybody may poke, and a busy log does so hundreds of times a second."""

    async def whole() -> int:
        clock = StepClock()
        async with Federation(clock=clock) as federation:
            await federation.agree()
            host = federation.node("host")
            asked: list[str] = []

            def count(source: str, _target: str, what: str, answer: object) -> object:
                asked.append(f"{source} {what}")
                if down:
                    raise Unavailable("cut")
                return answer

            federation.links.tamper = count
            visiting = asyncio.ensure_future(sync.sync_forever(host, "sending"))
            for _ in range(100):
                host.statuses["sending"].wake.set()
                await clock.run_for(10)
            visiting.cancel()
            await asyncio.gather(visiting, return_exceptions=True)
            return asked.count("host checkpoint")

    assert asyncio.run(whole()) in visits
