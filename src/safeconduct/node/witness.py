"""Our witness: it cosigns a peer's log that has merely grown, and keeps the proof of one that has not."""

from __future__ import annotations

import asyncio
import hashlib

from safeconduct.core.acts import IncidentRaised
from safeconduct.core.log import Answer as WitnessAnswer
from safeconduct.core.log import Cosign as WitnessCosign
from safeconduct.core.log import (
    KnownLog,
    answer_cosigned,
    cosign,
    decide,
    open_checkpoint,
)
from safeconduct.node.append import say_as_node
from safeconduct.node.node import TWO_HISTORIES, Node
from safeconduct.node.ports import Cosignature


async def witness(node: Node, body: bytes) -> WitnessAnswer:
    """Answer a log that asks our witness to cosign (C2SP tlog-witness), and fetch what it has."""
    known = {}
    by_origin = {}
    async with node.witnessing:
        for peer in node.peer_ids:
            head = node.memory.heads[peer]
            cosigned = node.store.cosignature(peer, node.party, "witness")
            latest = open_checkpoint(cosigned.note, head.log_key) if cosigned is not None else None
            known[head.origin] = KnownLog(head.log_key, latest)
            by_origin[head.origin] = peer
        decision = decide(body, known)
        if isinstance(decision, WitnessCosign):
            checkpoint = decision.checkpoint
            peer = by_origin[checkpoint.origin]
            if node.statuses[peer].forked:
                return WitnessAnswer(422, b"this log has signed two histories\n")
            signature = cosign(
                checkpoint, node.memory.heads[node.party].witness_key.name, node.keys.witness, node.clock.now() // 1000
            )
            note = checkpoint.note.with_signatures([signature]).encode()
            cosignature = Cosignature(
                log=peer,
                by=node.party,
                role="witness",
                size=checkpoint.size,
                time=node.clock.now() // 1000,
                note=note,
            )
            # Stored before it is answered: a crash between the two must not let us cosign two histories.
            await asyncio.get_running_loop().run_in_executor(None, node.store.put_cosignature, cosignature)
            node.statuses[peer].wake.set()
            return answer_cosigned([signature])
    if decision.evidence is not None:
        await report_fork(node, by_origin[_origin_of(decision.evidence.earlier.text)], decision.evidence.encode())
    elif decision.unproven is not None:
        # It may have forked: fetching its tiles will tell.
        node.statuses[by_origin[decision.unproven.origin]].wake.set()
    return decision.answer


def _origin_of(text: str) -> str:
    return text.split("\n", 1)[0]


async def report_fork(node: Node, peer: str, evidence: bytes) -> None:
    """Keep evidence that a log's key signed two histories, stop its receipts, and say so on our own record.

    Once: who cheats could make as many histories as there are numbers, and fill our disk and our record with them.
    """
    origin = node.memory.heads[peer].origin
    digest = hashlib.sha256(evidence).hexdigest()
    status = node.statuses[peer]
    if status.forked:
        return
    status.forked, status.problem = True, TWO_HISTORIES
    node.store.put_evidence(origin, digest, evidence)
    node.changed()
    if node.halted is None:
        account = f"the key of log {origin} signed two histories; anybody can check the evidence with that key alone"
        act = IncidentRaised(about=peer, category="equivocation", account=account, evidence=evidence.decode())
        await say_as_node(node, act, f"incident/{digest[:32]}")
