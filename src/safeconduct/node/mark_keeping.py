"""What the node does with sealed marks as time passes: check each, open what is over, say what is overdue."""

from __future__ import annotations

import base64
import logging
from datetime import UTC, datetime

from safeconduct.core.acts import IncidentRaised, MarkChecked, MarkExpired
from safeconduct.core.record import box_digest, review_by
from safeconduct.errors import Refused, Unavailable
from safeconduct.node.append import say_as_node
from safeconduct.node.custody import key_lines
from safeconduct.node.limits import MARK_OPENS_AFTER_MS, MARKS_EVERY_MS
from safeconduct.node.marks import ReadMark, incident_of, sealed_to, unopened_marks, why_not_kept
from safeconduct.node.node import Node

logger = logging.getLogger(__name__)


async def keep_marks(node: Node) -> None:
    """Check marks, open those that are over, raise incidents. Called every tick before `keep_custody`; cheap if idle.

    MARK-19, MARK-24 to MARK-26. Before, because what a key opens is opened before the key is destroyed.
    """
    now = node.clock.now()
    if node.halted is not None or now < node.marks_at or not node.memory.tracked_marks():
        return
    node.marks_at = now + MARKS_EVERY_MS
    for mark in list(unopened_marks(node)):
        try:
            await _keep(node, mark, now)
        except (Refused, Unavailable) as error:
            # The other node was first, or the disk refuses: looked at again in the next round.
            logger.warning("nothing said of %s now: %s", mark.state.subject, error)


async def _keep(node: Node, mark: ReadMark, now: int) -> None:
    state = mark.state
    content = box_digest(state.box)
    if node.party not in state.checked:
        account = why_not_kept(node, mark)
        act = MarkChecked(content=content, holds=account is None, account=account)
        await say_as_node(node, act, state.subject)
    due = review_by(mark.terms, state.until)
    if now > due:
        await _raise_incident(node, mark, due)
    if mark.key is not None and now >= state.until + MARK_OPENS_AFTER_MS and _is_ours_to_open(node, mark, now):
        key = base64.b64encode(mark.key).decode()
        await say_as_node(node, MarkExpired(content=content, key=key), state.subject)


def _is_ours_to_open(node: Node, mark: ReadMark, now: int) -> bool:
    """A decoy, which ends by itself; what is no mark; and what our key will not open any more."""
    if mark.content is None or mark.content.sort == "decoy":
        return True
    line = key_lines(node, node.party).get(sealed_to(node, mark.state))
    return line is not None and line.until <= now


async def _raise_incident(node: Node, mark: ReadMark, due: int) -> None:
    subject = incident_of(mark.state)
    if node.memory.has_raised(subject, node.party):
        return
    moment = datetime.fromtimestamp(due // 1000, UTC).strftime("%Y-%m-%d %H:%M:%SZ")
    account = f"{mark.state.subject}, sealed by {mark.state.sealed.party}, was to be opened for review by {moment}"
    act = IncidentRaised(about=mark.state.sealed.party, category="mark", account=account)
    await say_as_node(node, act, subject)
