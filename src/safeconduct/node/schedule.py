"""What a node does by itself as time passes."""

from __future__ import annotations

import asyncio
import logging

from safeconduct.errors import Refused, Unavailable
from safeconduct.node.append import write_forever
from safeconduct.node.copies import keep_copies
from safeconduct.node.custody import keep_custody
from safeconduct.node.items import keep_items
from safeconduct.node.judgement import compare_findings, state_findings
from safeconduct.node.limits import COMPARE_AT_START_MS, SCHEDULE_TICK_MS
from safeconduct.node.mark_keeping import keep_marks
from safeconduct.node.node import Node
from safeconduct.node.offering import compare_at_start
from safeconduct.node.openings import watch_openings
from safeconduct.node.sync import say_receipts, sync_forever

logger = logging.getLogger(__name__)


async def run(node: Node) -> None:
    """Everything that a serving node does in the background, until it is cancelled.

    Peers are joined while it runs: a new one is visited from the next tick on.
    """
    async with asyncio.TaskGroup() as tasks:
        # What peers have seen of our log is asked before anything can be signed.
        await compare_at_start(node, COMPARE_AT_START_MS)
        tasks.create_task(write_forever(node))
        visited: set[str] = set()
        while True:
            for peer in set(node.peer_ids) - visited:
                tasks.create_task(sync_forever(node, peer))
                visited.add(peer)
            try:
                await say_receipts(node)
                await keep_marks(node)
                await keep_custody(node)
                await keep_items(node)
                await watch_openings(node)
                await keep_copies(node)
                await compare_findings(node)
                await state_findings(node)
            except (Refused, Unavailable) as error:
                logger.warning("nothing said by the node itself now: %s", error)
            await node.clock.sleep(SCHEDULE_TICK_MS)
