"""Take back what this node has said and lost: from a peer's mirror of our own log, under our own log's signature.

A disk that was restored from a backup is older than what peers have stored. Signing on from there would make a second
history, so the node refuses to sign (`offering.compare`) until the missing entries are here again. They come by the
same way as a peer's entries do, and are verified as strictly: our own key's signature on them is what makes them ours.
"""

from __future__ import annotations

import msgspec

from safeconduct.core.log import open_checkpoint
from safeconduct.errors import CheckFailed, Unavailable
from safeconduct.node.mirror import pull
from safeconduct.node.node import Node, PeerStatus
from safeconduct.node.offering import compare
from safeconduct.node.ports import Peers


class Recovered(msgspec.Struct, frozen=True, kw_only=True):
    """What came back. size: of our log now. entries: of our own log. others: entries of other logs, by party."""

    size: int
    entries: int
    others: dict[str, int]


async def recover(node: Node, peer: str) -> Recovered:
    """Store the entries of our own log that the peer mirrors and this disk lacks.

    The node must not be serving. Taking back nothing because nothing is missing is fine. Raises CheckFailed when the
    peer's mirror and this log are two histories, Unavailable when causes of our entries cannot be fetched; what has
    been taken back by then stays, and the next try goes on from there. Afterwards the node may sign again.
    """
    card = node.require_peer(peer)
    own = node.memory.heads[node.party]
    note = await node.peers.checkpoint(peer, node.party)
    if note is None:
        raise Unavailable(f"{peer} has no checkpoint of our log yet: there is nothing to take back from it")
    theirs = open_checkpoint(note, own.log_key, [node.memory.heads[card.id].mirror_key])
    before = {party: head.size for party, head in node.memory.heads.items()}
    if theirs.size > own.size:
        # INVARIANT (one-writer, receipt-after-store): nothing is signed while our own log is incomplete.
        node.halted = f"{theirs.size - own.size} entries of this log are being taken back from {peer}"
        await _take_back(node, peer, theirs.size)
    node.halted = None
    await compare(node, peer)
    gained = {party: head.size - before[party] for party, head in node.memory.heads.items()}
    return Recovered(
        size=node.memory.heads[node.party].size,
        entries=gained.pop(node.party),
        others={party: count for party, count in sorted(gained.items()) if count},
    )


async def _take_back(node: Node, peer: str, size: int) -> None:
    """Pull our own log from the peer's mirror, and the others' logs as far as our entries follow from them."""
    usual = node.peers
    try:
        while node.memory.heads[node.party].size < size:
            known = node.memory.after()
            problems = [await _pull_own(node, usual, peer)]
            node.peers = usual
            problems += [await _try_to_pull(node, party) for party in node.peer_ids]
            if node.memory.after() == known:
                reasons = "; ".join(dict.fromkeys(reason for reason in problems if reason))
                raise Unavailable(f"our log cannot be taken back as far as {peer} has it: {reasons}")
    finally:
        node.peers = usual
        node.statuses.pop(node.party, None)


async def _pull_own(node: Node, usual: Peers, peer: str) -> str:
    node.peers = _MirrorAsSource(usual, node.party, peer)
    # For this visit we are a peer of our own.
    status = node.statuses.setdefault(node.party, PeerStatus())
    reason = await _try_to_pull(node, node.party)
    if status.forked:
        raise CheckFailed(f"{peer} mirrors entries under our log's signature that this log does not continue: {reason}")
    return reason


async def _try_to_pull(node: Node, party: str) -> str:
    """Pull, and say why it did not go all the way: a cause is not here yet, or a peer is down."""
    try:
        await pull(node, party)
    except Unavailable as error:
        return str(error)
    return node.statuses[party].problem or ""


class _MirrorAsSource:
    """Peers on which our own log is served by the mirror of one peer; all else is as usual."""

    def __init__(self, usual: Peers, own: str, mirror: str) -> None:
        self._usual, self._own, self._mirror = usual, own, mirror

    def _at(self, peer: str) -> str:
        return self._mirror if peer == self._own else peer

    async def checkpoint(self, peer: str, log: str) -> bytes | None:
        return await self._usual.checkpoint(self._at(peer), log)

    async def entries(self, peer: str, log: str, n: int, width: int) -> list[bytes]:
        return await self._usual.entries(self._at(peer), log, n, width)

    async def tile(self, peer: str, log: str, level: int, n: int, width: int) -> bytes:
        return await self._usual.tile(self._at(peer), log, level, n, width)

    async def blob(self, peer: str, digest: str) -> bytes:
        return await self._usual.blob(self._at(peer), digest)

    async def add_checkpoint(self, peer: str, body: bytes) -> tuple[int, bytes]:
        return await self._usual.add_checkpoint(self._at(peer), body)

    async def give_receipt(self, peer: str, note: bytes) -> None:
        await self._usual.give_receipt(self._at(peer), note)
