"""The single writer: weigh → sign → store → publish, in an order that a crash cannot spoil.

Nothing signed leaves the process before the disk has it. So whatever instruction a crash falls on, no statement is
acknowledged that is not there after the restart, and no checkpoint is seen that the log does not continue.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence

import msgspec

from safeconduct.core.acts import Act, KnownAct, UnknownAct, kind_of
from safeconduct.core.log import leaf_hash, sign_checkpoint
from safeconduct.core.record import Position, Said, place
from safeconduct.core.statement import Signed, Statement, encode, encode_statement, pae, read_envelope, write_envelope
from safeconduct.errors import Refused, SafeconductError, Unavailable
from safeconduct.node.limits import BATCH_MAX
from safeconduct.node.marks import refusal
from safeconduct.node.memory import Weighed
from safeconduct.node.node import Node
from safeconduct.node.ports import Batch, Row


class Accepted(msgspec.Struct, frozen=True):
    """A statement is durable in this party's log. known_already: it had been logged before (a repeat)."""

    id: str
    party: str
    index: int
    t: int
    known_already: bool = False


class Offer(msgspec.Struct, frozen=True):
    """A statement that its actor has signed and that waits for the writer; `done` hears what came of it."""

    signed: Signed
    act: KnownAct | UnknownAct
    done: asyncio.Future[Accepted]


async def submit(node: Node, signed: Signed, act: KnownAct | UnknownAct) -> Accepted:
    """Queue a verified offer and wait until it is durable or refused.

    Raises Refused with the reason, Unavailable when the queue is full, the disk refuses or the node does not sign.
    """
    node.require_signing()
    done: asyncio.Future[Accepted] = asyncio.get_running_loop().create_future()
    try:
        node.offers.put_nowait(Offer(signed, act, done))
    except asyncio.QueueFull:
        raise Unavailable(f"{node.offers.maxsize} statements wait to be written already, try again later") from None
    return await done


async def say_as_node(node: Node, act: Act, subject: str, after: Mapping[str, int] | None = None) -> Accepted:
    """Say something with the node's own key alone (receipts, incidents, findings).

    after: what it is said of, when that is less than everything folded.
    """
    key = node.keys.node
    statement = Statement(
        kind=kind_of(act),
        agreement=node.memory.law.in_force() or "",
        party=node.party,
        actor=f"{node.party}/node",
        subject=subject,
        at=max(node.clock.now(), node.memory.floor()),
        after=node.memory.after() if after is None else dict(after),
        signers=(key.public.key_id,),
        body=msgspec.Raw(encode(act)),
    )
    payload = encode_statement(statement)
    signed = read_envelope(write_envelope(payload, {key.public.key_id: key.sign(pae(payload))}))
    return await submit(node, signed, act)  # type: ignore[arg-type]  # acts of the catalogue


async def write_forever(node: Node) -> None:
    """Write what is offered, everything that waits in one durable write."""
    while True:
        offers = [await node.offers.get()]
        while len(offers) < BATCH_MAX and not node.offers.empty():
            offers.append(node.offers.get_nowait())
        async with node.writing:
            await asyncio.shield(_write(node, [offer for offer in offers if isinstance(offer, Offer)]))


async def _write(node: Node, offers: Sequence[Offer]) -> None:
    # By statement id, in order of the log.
    taken: dict[str, tuple[Offer, Row]] = {}
    first = node.memory.heads[node.party].size
    try:
        for offer in offers:
            _weigh_and_sign(node, offer, taken)
        if taken:
            await commit_rows(node, node.party, [row for _, row in taken.values()], sign=True)
    except SafeconductError as error:
        # The disk refused, or our own rules were broken. Memory may be ahead of the disk: read it again.
        node.reload()
        for offer, _ in taken.values():
            _fail(offer, error if isinstance(error, Unavailable) else Unavailable(str(error)))
        return
    for offer, row in taken.values():
        if not offer.done.done():
            offer.done.set_result(Accepted(row.id, row.party, row.index, row.t))
    if taken:
        assert node.memory.heads[node.party].size == first + len(taken)
        node.changed()
        node.wake_peers()


def _weigh_and_sign(node: Node, offer: Offer, taken: dict[str, tuple[Offer, Row]]) -> None:
    """Add the offer's row to `taken` and to memory, or tell its author why not."""
    signed = offer.signed
    statement_id = signed.id
    if statement_id in taken:
        # A repeat within one batch: it is durable when its twin is.
        twin, _ = taken[statement_id]
        _chain(offer, twin)
        return
    known = node.store.find(statement_id)
    if known is not None:
        if not offer.done.done():
            offer.done.set_result(Accepted(known.id, known.party, known.index, known.t, known_already=True))
        return
    try:
        node.require_signing()
        said, weighed = weigh_own(node, signed, offer.act)
    except SafeconductError as error:
        _fail(offer, error)
        return
    if weighed.void is not None:
        _fail(offer, Refused(weighed.void.code, weighed.void.account))
        return
    signatures = dict(signed.signatures)
    node_key = node.keys.node
    if node_key.public.key_id not in signatures:
        signatures[node_key.public.key_id] = node_key.sign(signed.message)
    entry = write_envelope(signed.payload, signatures)
    row = Row(
        party=node.party,
        index=said.index,
        t=said.position.t,
        n=said.position.n,
        id=said.id,
        kind=said.kind,
        subject=said.subject,
        entry=entry,
        leaf=leaf_hash(entry),
    )
    node.memory.take(row, said, weighed)
    node.memory.key_books[node.party].learn(signed, offer.act)
    taken[statement_id] = (offer, row)


def weigh_own(node: Node, signed: Signed, act: KnownAct | UnknownAct) -> tuple[Said, Weighed]:
    """What an offer would do as the next entry of our log. Raises Unavailable for unknown causes."""
    statement = signed.statement
    t, n = node.memory.place_next(node.party, statement.at, statement.after)
    said = place(signed, act, Position(t, n, node.party, node.memory.heads[node.party].size))
    void = refusal(node, said)
    if void is not None:
        return said, Weighed(None, said.position, void)
    return said, node.memory.weigh(said)


async def commit_rows(
    node: Node, party: str, rows: Sequence[Row], *, sign: bool = False, checkpoint: bytes | None = None
) -> None:
    """Make rows that memory has taken in durable, with the tiles they fill and what they changed.

    sign: our own log, whose new checkpoint is signed here. checkpoint: a mirrored log's, if these rows reach it.
    """
    head = node.memory.heads[party]
    tree = head.tree.copy()
    tiles = [(tile.level, tile.n, tile.hashes) for tile in tree.append(row.leaf for row in rows)]
    if sign:
        checkpoint = sign_checkpoint(head.origin, tree.size, tree.root(), node.keys.log).note.encode()
    changes = node.memory.changes()
    batch = Batch(
        party=party,
        rows=rows,
        checkpoint=checkpoint,
        tiles=tiles,
        sightings=changes.sightings,
        subjects=changes.subjects,
    )
    await asyncio.get_running_loop().run_in_executor(None, node.store.commit, batch)
    head.tree = tree
    node.memory.written()


def _fail(offer: Offer, error: SafeconductError) -> None:
    if not offer.done.done():
        offer.done.set_exception(error)


def _chain(offer: Offer, twin: Offer) -> None:
    def tell(done: asyncio.Future[Accepted]) -> None:
        if offer.done.done() or done.cancelled():
            return
        error = done.exception()
        if error is not None:
            offer.done.set_exception(error)
        else:
            offer.done.set_result(msgspec.structs.replace(done.result(), known_already=True))

    twin.done.add_done_callback(tell)
