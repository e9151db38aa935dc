"""A node left to itself: it visits its peers, says its receipts, and writes what is offered."""

from __future__ import annotations

import asyncio

from safeconduct.core.acts import SiteRegistered
from safeconduct.node import queries, schedule
from safeconduct.testing import Federation, StepClock, settle

SITE = SiteRegistered(name="Gate", district="malir", latitude_e7=0, longitude_e7=0)


def test_two_nodes_left_alone_come_to_know_the_same() -> None:
    """REC-5, REC-7"""

    async def whole() -> None:
        clock = StepClock(1_728_172_800_000)
        async with Federation(clock=clock) as federation:
            await federation.agree()
            running = [asyncio.ensure_future(schedule.run(node)) for node in federation.links.nodes.values()]
            await clock.run_for(2_000)
            await federation.say("host/duty_officer", "site/a", SITE)
            await clock.run_for(20_000)
            await settle()
            host, sending = federation.node("host"), federation.node("sending")
            received = queries.history(host, "log/host")
            for task in running:
                task.cancel()
            await asyncio.gather(*running, return_exceptions=True)
            assert queries.health(host).digest == queries.health(sending).digest
            assert sending.store.subject("site/a") is not None
            assert received[-1].party == "sending"

    asyncio.run(whole())
