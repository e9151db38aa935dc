"""What if the disk fails here, for every *here*: fail the nth write, lost and saved, and look at what is left."""

from __future__ import annotations

import asyncio
import itertools
from typing import cast

import pytest

from safeconduct.core.acts import MovementApproved, MovementAttested, MovementRequested, Timing
from safeconduct.core.audit import LogFile, audit_logs
from safeconduct.core.statement import digest
from safeconduct.errors import Unavailable
from safeconduct.node import queries, sync
from safeconduct.node.ports import Store
from safeconduct.testing import HOUR, FailingStore, Federation, MemoryStore, StepClock, small_plan

BEGINNING = 1_728_172_800_000
PLAN = small_plan(timing=Timing(earliest=BEGINNING, latest=BEGINNING + 3 * HOUR, review_by=BEGINNING + 2 * HOUR))


async def scenario(federation: Federation, acknowledged: list[str]) -> None:
    """A movement asked for and approved, with what the network does in between. Raises when the disk does."""
    await federation.agree()
    for actor, act in (
        ("sending/journey_manager", MovementRequested(plan=PLAN)),
        ("sending/approver", MovementApproved(plan=digest(PLAN))),
        ("host/duty_officer", MovementApproved(plan=digest(PLAN))),
        ("host/escort_lead", MovementAttested(item="radio", holds=True)),
    ):
        acknowledged.append((await federation.say(actor, "movement/m1", act)).id)
        federation.clock.advance(1_500)
        await federation.sync(rounds=1)
        for node in federation.links.nodes.values():
            await sync.say_receipts(node)
    await federation.sync()


def what_is_left(stores: dict[str, Store], party: str) -> list[str]:
    """Problems that an audit of one node's disk finds."""
    federation = Federation(stores=stores)
    store = stores[party]
    logs = [
        LogFile(
            card=card,
            notes=[note] if (note := store.checkpoint(other)) is not None else [],
            chunks=[[row.entry for row in store.rows(other, 0, store.size(other))]],
        )
        for other, card in federation.cards.items()
    ]
    # A mirror that was stopped half way has rows beyond the checkpoint that it had reached.
    return [problem for problem in audit_logs(logs, {}).problems if "its checkpoint covers" not in problem]


async def run(failing: str, fail_at: int, *, persists: bool) -> FailingStore:
    """Play the scenario until the disk of one node fails, restart it, let everybody sync, and check everything."""
    store = FailingStore(MemoryStore(), fail_at=fail_at, persists=persists)
    other = "host" if failing == "sending" else "sending"
    federation = Federation(stores={failing: cast(Store, store), other: MemoryStore()}, clock=StepClock(BEGINNING))
    acknowledged: list[str] = []
    async with federation:
        try:
            await scenario(federation, acknowledged)
        except Unavailable:
            assert store.failed
    stores = {failing: store.inner, other: federation.stores[other]}
    assert what_is_left(stores, failing) == []
    async with Federation(stores=stores, clock=federation.clock) as again:
        await again.sync()
        kept = {row.id for party in stores for row in stores[failing].rows(party, 0, 1_000)}
        assert set(acknowledged) <= kept
        assert again.node(failing).halted is None
        assert queries.health(again.node("host")).digest == queries.health(again.node("sending")).digest
    return store


@pytest.mark.parametrize("failing", ["host", "sending"])
@pytest.mark.parametrize("persists", [False, True], ids=["failed-and-lost", "failed-but-saved"])
def test_no_single_storage_failure_breaks_the_record(failing: str, persists: bool) -> None:
    # The first two writes pin the cards, before there is a node.
    for n in itertools.count(2):
        store = asyncio.run(run(failing, n, persists=persists))
        if not store.failed:
            # n is past the last write: every write has been tried.
            assert n > 20
            return
