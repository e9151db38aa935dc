"""The rounds of federation: visit each peer when poked and anyway, and say on our record what we have received."""

from __future__ import annotations

import asyncio

from safeconduct.core.acts import RecordReceived
from safeconduct.errors import (
    CheckFailed,
    InputInvalid,
    LimitExceeded,
    NotFound,
    Refused,
    SafeconductError,
    Unavailable,
)
from safeconduct.node.append import say_as_node
from safeconduct.node.limits import POLL_MS, RECEIPT_EVERY_MS, RETRY_MS, VISIT_PAUSE_MS
from safeconduct.node.mirror import pull
from safeconduct.node.node import Node
from safeconduct.node.offering import compare, offer


async def sync_forever(node: Node, peer: str) -> None:
    """Visit a peer whenever somebody pokes, and anyway every few seconds."""
    status = node.statuses[peer]
    while True:
        status.wake.clear()
        failed_before = status.failed_at
        await visit(node, peer)
        await node.clock.sleep(VISIT_PAUSE_MS if status.failed_at == failed_before else RETRY_MS)
        wake = asyncio.ensure_future(status.wake.wait())
        sleep = asyncio.ensure_future(node.clock.sleep(POLL_MS))
        _, pending = await asyncio.wait({wake, sleep}, return_when=asyncio.FIRST_COMPLETED)
        for task in pending:
            task.cancel()


async def visit(node: Node, peer: str) -> None:
    """One round with a peer. Never raises for what a peer does: the reason is in its status, evidence in the store."""
    status = node.statuses[peer]
    try:
        if not status.compared:
            await compare(node, peer)
        refused = await _offered(node, peer) if node.halted is None else None
        if not status.forked:
            await pull(node, peer)
            status.problem = None
        if refused is not None:
            raise refused
        status.reached_at = node.clock.now()
    except Unavailable as error:
        status.failed_at, status.problem = node.clock.now(), str(error)
        if status.reached_at is not None:
            # It may come back with an older disk.
            status.compared = False
    except (InputInvalid, CheckFailed, LimitExceeded, NotFound, Refused) as error:
        status.reached_at = node.clock.now()
        status.problem = str(error)
    node.changed()


async def _offered(node: Node, peer: str) -> SafeconductError | None:
    """Offer our checkpoint; what a peer does with it must not keep us from reading what it says."""
    try:
        await offer(node, peer)
    except (InputInvalid, CheckFailed, LimitExceeded) as error:
        return error
    return None


async def say_receipts(node: Node) -> None:
    """Say on our own record what we have received since the last time, at most once a second for each peer."""
    for peer in node.peer_ids:
        status = node.statuses[peer]
        now = node.clock.now()
        if not status.receipt_due or now - status.receipt_said_at < RECEIPT_EVERY_MS or node.halted is not None:
            continue
        held = node.signed_checkpoint(peer)
        if held is None or held.size != node.memory.heads[peer].size:
            continue
        status.receipt_due, status.receipt_said_at = False, now
        act = RecordReceived(log=peer, size=held.size, root=held.root.hex())
        await say_as_node(node, act, f"log/{peer}")
