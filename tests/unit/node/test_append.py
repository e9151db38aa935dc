"""The single writer under load, and when its disk fails."""

from __future__ import annotations

import asyncio
from typing import cast

import pytest

from safeconduct.core.acts import SiteRegistered
from safeconduct.core.log import open_checkpoint
from safeconduct.errors import Unavailable
from safeconduct.node import append
from safeconduct.node.limits import QUEUE_MAX
from safeconduct.node.ports import Store
from safeconduct.testing import FailingStore, Federation, MemoryStore

SITE = SiteRegistered(name="Gate", district="malir", latitude_e7=0, longitude_e7=0)


def test_statements_offered_at_once_share_a_checkpoint() -> None:
    """LOG-6: group commit."""

    async def whole() -> None:
        async with Federation() as federation:
            await federation.agree()
            commits = 0
            node = federation.node("host")
            inner = node.store.commit

            def counting(batch: object) -> None:
                nonlocal commits
                commits += 1
                inner(batch)  # type: ignore[arg-type]

            node.store.commit = counting  # type: ignore[method-assign]
            await asyncio.gather(*(federation.say("host/duty_officer", f"site/s{n}", SITE) for n in range(100)))
            signed = open_checkpoint(node.store.checkpoint("host") or b"", node.memory.heads["host"].log_key)
            assert (signed.size, commits < 10) == (node.store.size("host"), True)

    asyncio.run(whole())


def test_a_disk_that_refuses_once_loses_nothing_and_the_node_works_on() -> None:
    """REC-5"""

    async def whole() -> None:
        store = FailingStore(MemoryStore(), fail_at=10**9, persists=False)
        stores: dict[str, Store] = {"host": cast(Store, store), "sending": MemoryStore()}
        async with Federation(stores=stores) as federation:
            await federation.agree()
            store._fail_at = store.writes
            with pytest.raises(Unavailable, match="failed on purpose"):
                await federation.say("host/duty_officer", "site/a", SITE)
            await federation.say("host/duty_officer", "site/b", SITE)
            await federation.sync()
            assert federation.stores["sending"].subject("site/a") is None
            assert federation.stores["sending"].subject("site/b") is not None

    asyncio.run(whole())


def test_a_full_queue_answers_at_once() -> None:
    """REC-10: busy now is better than an answer in minutes."""

    async def whole() -> None:
        async with Federation() as federation:
            await federation.agree()
            node = federation.node("host")
            async with node.writing:
                waiting = [asyncio.ensure_future(federation.say("host/duty_officer", "site/a", SITE)) for _ in range(3)]
                await asyncio.sleep(0)
                while not node.offers.full():
                    node.offers.put_nowait(None)
                with pytest.raises(Unavailable, match=f"{QUEUE_MAX} statements wait"):
                    await federation.say("host/duty_officer", "site/b", SITE)
                while not node.offers.empty():
                    node.offers.get_nowait()
                for task in waiting:
                    task.cancel()

    asyncio.run(whole())


def test_a_node_speaks_for_itself_with_its_own_key_alone() -> None:
    """REC-14"""
    from safeconduct.core.acts import IncidentRaised

    async def whole() -> None:
        async with Federation() as federation:
            await federation.agree()
            node = federation.node("host")
            act = IncidentRaised(about="sending", category="other", account="a camera went dark")
            accepted = await append.say_as_node(node, act, "incident/x")
            await federation.sync()
            row = federation.node("sending").store.find(accepted.id)
            assert row is not None
            assert row.void == ""

    asyncio.run(whole())
