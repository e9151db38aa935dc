"""Our own log at the peers: what they have seen of it, their witnesses' cosignatures, and their receipts."""

from __future__ import annotations

import asyncio

from safeconduct.core.log import (
    SIZE_MAX,
    AddCheckpoint,
    SignedCheckpoint,
    Tree,
    consistency_proof,
    open_checkpoint,
    parse_signature_lines,
)
from safeconduct.errors import (
    CheckFailed,
    InputInvalid,
    LimitExceeded,
    NotFound,
    ProofInvalid,
    Unavailable,
)
from safeconduct.node.memory import read_tile
from safeconduct.node.node import Node
from safeconduct.node.ports import Cosignature


async def compare(node: Node, peer: str) -> None:
    """Ask what the peer has cosigned of our log, and stop signing if that is not a part of what we have.

    A node restored from an old backup or snapshot would otherwise sign a second history.
    """
    note = await node.peers.checkpoint(peer, node.party)
    status = node.statuses[peer]
    if note is not None:
        head = node.memory.heads[node.party]
        theirs = open_checkpoint(note, head.log_key, [node.memory.heads[peer].mirror_key])
        _require_ours(node, peer, theirs)
    status.compared = True


async def compare_at_start(node: Node, wait_ms: int) -> None:
    """Ask every peer what it has seen of our log before we sign anything; those that do not answer are asked later.

    A peer that cannot be reached must not keep us from working, so the wait is bounded.
    """
    asking = {asyncio.create_task(visit_to_compare(node, peer)) for peer in node.peer_ids}
    patience = asyncio.create_task(node.clock.sleep(wait_ms))
    while asking and not patience.done():
        done, _ = await asyncio.wait({*asking, patience}, return_when=asyncio.FIRST_COMPLETED)
        asking -= done
    for task in (patience, *asking):
        task.cancel()


async def visit_to_compare(node: Node, peer: str) -> None:
    """Compare, keeping what goes wrong in the peer's status."""
    try:
        await compare(node, peer)
    except (Unavailable, InputInvalid, CheckFailed, LimitExceeded, NotFound) as error:
        node.statuses[peer].problem = str(error)


def _require_ours(node: Node, peer: str, theirs: SignedCheckpoint) -> None:
    """Halt the node if a checkpoint under our own log's signature is not a part of our log."""
    size = node.memory.heads[node.party].size
    if theirs.size > size:
        node.halted = (
            f"{peer} holds {theirs.size} entries under this log's signature and here are {size}: this disk is older "
            f"than what was published. Take the missing entries back from {peer} (safeconduct log recover)"
        )
    else:
        try:
            Tree.resume(theirs.size, theirs.root, lambda level, n, width: _own_tile(node, level, n, width))
        except ProofInvalid:
            node.halted = (
                f"{peer} holds a checkpoint of size {theirs.size} under this log's signature that this log does not "
                "continue: the log has been signed in two places"
            )
    if node.halted is not None:
        node.changed()
        raise CheckFailed(node.halted)


def _own_tile(node: Node, level: int, n: int, width: int) -> bytes:
    return read_tile(node.store, node.party, level, n, width)


async def offer(node: Node, peer: str) -> None:
    """Offer our latest checkpoint to the peer's witness, which is also the poke that makes it fetch."""
    status = node.statuses[peer]
    ours = node.signed_checkpoint(node.party)
    if ours is None or ours.size <= status.offered_size:
        return
    cosigned = node.store.cosignature(node.party, peer, "witness")
    code, body = await _ask_witness(node, peer, ours, cosigned.size if cosigned is not None else 0)
    if code == 409:
        cosigned_size = _size_in(body, peer)
        if cosigned_size > ours.size:
            later = node.signed_checkpoint(node.party)
            if later is not None and later.size >= cosigned_size:
                # A newer checkpoint of ours overtook this one.
                return
            # A bare number proves nothing; what the peer holds under our signature does: ask for that next time.
            status.compared = False
            raise InputInvalid(f"the witness of {peer} says it has cosigned {cosigned_size} entries of our log")
        code, body = await _ask_witness(node, peer, ours, cosigned_size)
    if code != 200:
        account = body[:200].decode(errors="replace").strip()
        raise InputInvalid(f"the witness of {peer} does not cosign: {code} {account}")
    await _keep_cosignature(node, peer, ours, body)
    status.offered_size = ours.size


def _size_in(body: bytes, peer: str) -> int:
    digits = body.removesuffix(b"\n")
    if not digits.isdigit() or len(digits) > len(str(SIZE_MAX)) or int(digits) > SIZE_MAX:
        raise InputInvalid(f"the witness of {peer} answers 409 with the size that it has cosigned, got {body[:40]!r}")
    return int(digits)


async def _ask_witness(node: Node, peer: str, ours: SignedCheckpoint, old: int) -> tuple[int, bytes]:
    proof = consistency_proof(old, ours.size, lambda level, n, width: _own_tile(node, level, n, width))
    return await node.peers.add_checkpoint(peer, AddCheckpoint(old, proof, ours.note).encode())


async def _keep_cosignature(node: Node, peer: str, ours: SignedCheckpoint, lines: bytes) -> None:
    try:
        signatures = parse_signature_lines(lines.decode())
    except UnicodeDecodeError:
        raise InputInvalid(f"an answer of {peer}'s witness is text, got {lines[:40]!r}") from None
    note = ours.note.with_signatures(signatures)
    signed = open_checkpoint(
        note.encode(), node.memory.heads[node.party].log_key, [node.memory.heads[peer].witness_key]
    )
    if not signed.cosignatures:
        raise InputInvalid(f"an answer with the cosignature of {peer}'s witness, got none of its key")
    status = node.statuses[peer]
    status.vouched_at = max(status.vouched_at, signed.cosignatures[0].time)
    await _store_cosignature(node, node.party, peer, "witness", signed)


async def _store_cosignature(node: Node, log: str, by: str, role: str, signed: SignedCheckpoint) -> None:
    cosignature = Cosignature(
        log=log, by=by, role=role, size=signed.size, time=signed.cosignatures[0].time, note=signed.note.encode()
    )
    # The disk may be busy with a batch, and nobody else must wait for that.
    await asyncio.get_running_loop().run_in_executor(None, node.store.put_cosignature, cosignature)


async def take_receipt(node: Node, peer: str, note: bytes) -> None:
    """A peer hands us its mirror's cosignature of our checkpoint: proof of delivery, kept for packs."""
    head = node.memory.heads[node.party]
    signed = open_checkpoint(note, head.log_key, [node.memory.heads[peer].mirror_key])
    if not signed.cosignatures:
        raise InputInvalid(f"a receipt carries the cosignature of {peer}'s mirror, got none of its key")
    _require_ours(node, peer, signed)
    await _store_cosignature(node, node.party, peer, "mirror", signed)
    node.changed()
