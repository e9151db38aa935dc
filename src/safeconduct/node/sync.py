"""Federation: offer our checkpoint, fetch a peer's log, verify, store, fold, and only then cosign: the receipt.

INVARIANT (receipt-after-store): our mirror's key signs a checkpoint only when every entry below it is on our disk,
verified and folded. So a receipt in the other side's hands says what it seems to say.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable, Sequence
from concurrent.futures import BrokenExecutor
from typing import TypeVar

from safeconduct.core.acts import AgreementProposed, IncidentRaised, KnownAct, RecordReceived, UnknownAct
from safeconduct.core.log import (
    SIZE_MAX,
    AddCheckpoint,
    KnownLog,
    NoteSignature,
    SignedCheckpoint,
    Tree,
    answer_cosigned,
    consistency_proof,
    cosign,
    decide,
    equivocation,
    find_equivocation,
    leaf_hash,
    open_checkpoint,
    parse_signature_lines,
    tile_width,
)
from safeconduct.core.log import Answer as WitnessAnswer
from safeconduct.core.log import Cosign as WitnessCosign
from safeconduct.core.record import KeyBook, Position, place, read_unverified
from safeconduct.core.statement import Signed
from safeconduct.errors import (
    CheckFailed,
    InputInvalid,
    LimitExceeded,
    NotFound,
    ProofInvalid,
    Refused,
    SafeconductError,
    Unavailable,
)
from safeconduct.node.append import commit_rows, say_as_node
from safeconduct.node.limits import (
    BLOB_BYTES_MAX,
    CLOCK_SKEW_MAX_MS,
    POLL_MS,
    RECEIPT_EVERY_MS,
    SYNC_ENTRIES_MAX,
    SYNC_TREE_MAX,
    VERIFY_INLINE_MAX,
)
from safeconduct.node.memory import read_tile
from safeconduct.node.node import Node, read_text
from safeconduct.node.ports import Cosignature, Row

T = TypeVar("T")


async def sync_forever(node: Node, peer: str) -> None:
    """Visit a peer whenever somebody pokes, and anyway every few seconds."""
    status = node.statuses[peer]
    while True:
        status.wake.clear()
        await visit(node, peer)
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


# --- our own log at the peer ------------------------------------------------------------------------------------------


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


# --- the witness ------------------------------------------------------------------------------------------------------


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
    """Keep evidence that a log's key signed two histories, stop its receipts, and say so on our own record."""
    origin = node.memory.heads[peer].origin
    digest = hashlib.sha256(evidence).hexdigest()
    status = node.statuses[peer]
    known = any(kept == digest for _, kept, _ in node.store.evidence())
    node.store.put_evidence(origin, digest, evidence)
    status.forked = True
    status.problem = "its log's key has signed two histories; the evidence is kept and its receipts have stopped"
    node.changed()
    if not known and node.halted is None:
        account = f"the key of log {origin} signed two histories; anybody can check the evidence with that key alone"
        act = IncidentRaised(about=peer, category="equivocation", account=account, evidence=evidence.decode())
        await say_as_node(node, act, f"incident/{digest[:32]}")


# --- the peer's log here ----------------------------------------------------------------------------------------------


async def pull(node: Node, peer: str) -> None:
    """Take in what is new in a peer's log, up to its latest checkpoint, and give it our receipt."""
    head = node.memory.heads[peer]
    note = await node.peers.checkpoint(peer, peer)
    if note is None:
        return
    theirs = open_checkpoint(note, head.log_key)
    known = _latest_seen(node, peer)
    if known is not None and known.size == theirs.size and known.root != theirs.root:
        await report_fork(node, peer, equivocation(known, theirs).encode())
        return
    if theirs.size < head.size:
        raise InputInvalid(f"{peer} shows a checkpoint of {theirs.size} entries and has signed {head.size} before")
    if theirs.size - head.size > SYNC_TREE_MAX:
        raise LimitExceeded(f"at most {SYNC_TREE_MAX} new entries a visit, {peer} claims {theirs.size - head.size}")
    if theirs.size > head.size:
        await _take_in(node, peer, theirs, known)
    elif known is not None and known.size == theirs.size:
        await _give_receipt(node, peer, theirs)


def _latest_seen(node: Node, peer: str) -> SignedCheckpoint | None:
    """The largest checkpoint of a peer's log that we have verified: stored, or the aim of an unfinished visit."""
    stored = node.signed_checkpoint(peer)
    aimed = node.store.cosignature(peer, peer, "aim")
    if aimed is not None and (stored is None or aimed.size > stored.size):
        return open_checkpoint(aimed.note, node.memory.heads[peer].log_key)
    return stored


async def _take_in(node: Node, peer: str, theirs: SignedCheckpoint, known: SignedCheckpoint | None) -> None:
    head = node.memory.heads[peer]
    start, whole = head.size, theirs.size - head.size
    in_one = whole <= SYNC_ENTRIES_MAX
    entries = await _fetch_entries(node, peer, start, min(theirs.size, start + SYNC_ENTRIES_MAX))
    leaves = [leaf_hash(entry) for entry in entries] if in_one else await _fetch_leaves(node, peer, start, theirs.size)
    tree = head.tree.copy()
    tree.append(leaves)
    if tree.root() != theirs.root:
        await _explain_mismatch(node, peer, theirs, known)
        return
    if not in_one:
        node.store.put_cosignature(
            Cosignature(log=peer, by=peer, role="aim", size=theirs.size, time=0, note=theirs.note.encode())
        )
    done = 0
    while entries:
        for entry, leaf in zip(entries, leaves[done : done + len(entries)], strict=True):
            if leaf_hash(entry) != leaf:
                raise InputInvalid(f"entries of {peer} that lead to its signed root, got another near {start + done}")
        await _accept(node, peer, entries, theirs)
        done += len(entries)
        entries = await _fetch_entries(node, peer, start + done, min(theirs.size, start + done + SYNC_ENTRIES_MAX))
    await _give_receipt(node, peer, theirs)


async def _fetch_entries(node: Node, peer: str, start: int, end: int) -> list[bytes]:
    entries: list[bytes] = []
    size = start
    while size < end:
        n = size // 256
        width = min(256, end - n * 256)
        bundle = await node.peers.entries(peer, peer, n, width)
        if len(bundle) != width:
            raise InputInvalid(f"bundle {n} of {peer} with {width} entries, got {len(bundle)}")
        entries.extend(bundle[size - n * 256 :])
        size = n * 256 + width
    return entries


async def _fetch_leaves(node: Node, peer: str, start: int, end: int) -> list[bytes]:
    leaves: list[bytes] = []
    size = start
    while size < end:
        n = size // 256
        width = min(256, end - n * 256)
        hashes = await node.peers.tile(peer, peer, 0, n, width)
        leaves.extend(hashes[at : at + 32] for at in range((size - n * 256) * 32, width * 32, 32))
        size = n * 256 + width
    return leaves


async def _explain_mismatch(node: Node, peer: str, theirs: SignedCheckpoint, known: SignedCheckpoint | None) -> None:
    """The entries shown do not lead to the root signed: a fork if the peer's own tiles prove it, else a bad answer."""
    if known is not None:
        evidence = await _with_tiles(node, peer, lambda tiles: find_equivocation(known, theirs, tiles))
        if evidence is not None:
            await report_fork(node, peer, evidence.encode())
            return
    raise InputInvalid(f"entries of {peer} that lead to its signed root of size {theirs.size}, got others")


class _TileMissing(Exception):
    def __init__(self, name: tuple[int, int, int]) -> None:
        self.name = name
        super().__init__(str(name))


async def _with_tiles(node: Node, peer: str, work: Callable[[Callable[[int, int, int], bytes]], T]) -> T:
    """Do work that reads a peer's tiles one by one: begin again with one tile more until none is missing."""
    tiles: dict[tuple[int, int, int], bytes] = {}

    def read(level: int, n: int, width: int) -> bytes:
        try:
            return tiles[level, n, width]
        except KeyError:
            raise _TileMissing((level, n, width)) from None

    while True:
        try:
            return work(read)
        except _TileMissing as missing:
            if len(tiles) >= 64:
                raise LimitExceeded("a consistency proof needs at most 64 tiles, got more") from None
            level, n, width = missing.name
            tiles[missing.name] = await node.peers.tile(peer, peer, level, n, width)


async def _accept(node: Node, peer: str, entries: Sequence[bytes], aim: SignedCheckpoint) -> None:
    """Verify the next entries of a peer's log, and store and fold those whose time and causes have come."""
    checked = await _check(node, peer, entries)
    for _, act, _ in checked:
        if isinstance(act, AgreementProposed):
            await _fetch_text(node, peer, act.digest)
    held: SafeconductError | None = None
    async with node.writing:
        rows: list[Row] = []
        news = False
        for entry, (signed, act, void) in zip(entries, checked, strict=True):
            try:
                row = _take_entry(node, peer, entry, signed, act, void)
            except Unavailable as error:
                held = error
                break
            rows.append(row)
            news = news or not isinstance(act, RecordReceived)
        if rows:
            reached = node.memory.heads[peer].size == aim.size
            try:
                await asyncio.shield(commit_rows(node, peer, rows, checkpoint=aim.note.encode() if reached else None))
            except SafeconductError:
                node.reload()
                raise
            node.statuses[peer].receipt_due |= news
            node.changed()
    if held is not None:
        raise held


def _take_entry(
    node: Node, peer: str, entry: bytes, signed: Signed | None, act: KnownAct | UnknownAct | None, void: str
) -> Row:
    """Take one entry into memory. Raises Unavailable when its time or its causes have not come yet."""
    memory = node.memory
    head = memory.heads[peer]
    leaf = leaf_hash(entry)
    if signed is None or act is None:
        t, n = memory.place_next(peer, 0, {})
        row = Row(party=peer, index=head.size, t=t, n=n, id="", kind="", subject="", entry=entry, leaf=leaf, void=void)
        memory.take(row, None, None)
        return row
    statement = signed.statement
    ahead = statement.at - node.clock.now()
    if ahead > CLOCK_SKEW_MAX_MS:
        raise Unavailable(
            f"entry {head.size} of {peer} is {ahead // 1000} s in the future: taken in when its time comes"
        )
    own = node.memory.heads[node.party].size
    if statement.after.get(node.party, 0) > own:
        raise Unavailable(
            f"entry {head.size} of {peer} follows {statement.after[node.party]} entries of our log, which has {own}"
        )
    t, n = memory.place_next(peer, statement.at, statement.after)
    said = place(signed, act, Position(t, n, peer, head.size))
    row = Row(
        party=peer,
        index=head.size,
        t=t,
        n=n,
        id=said.id,
        kind=said.kind,
        subject=said.subject,
        entry=entry,
        leaf=leaf,
    )
    memory.take(row, said, memory.weigh(said))
    memory.key_books[peer].learn(signed, act)
    return row


Checked = tuple["Signed | None", "KnownAct | UnknownAct | None", str]


async def _check(node: Node, peer: str, entries: Sequence[bytes]) -> list[Checked]:
    book = node.memory.key_books[peer]
    verified: set[int] = set()
    if node.workers is not None and len(entries) > VERIFY_INLINE_MAX:
        half = (len(entries) + 1) // 2
        loop = asyncio.get_running_loop()
        try:
            answers = await asyncio.gather(
                *(
                    loop.run_in_executor(node.workers, verified_entries, book, list(entries[at : at + half]))
                    for at in range(0, len(entries), half)
                )
            )
        except BrokenExecutor:
            # Somebody has killed a worker (out of memory, perhaps). We are slower without, and as right.
            node.workers = None
        else:
            verified = {at * half + index for at, indexes in enumerate(answers) for index in indexes}
    return check_entries(book, entries, verified)


def verified_entries(book: KeyBook, entries: Sequence[bytes]) -> list[int]:
    """Indexes of the entries whose signatures verify under keys known already. Runs in a worker process."""
    good = []
    for index, entry in enumerate(entries):
        try:
            book.read(entry)
        except (InputInvalid, CheckFailed):
            continue
        good.append(index)
    return good


def check_entries(book: KeyBook, entries: Sequence[bytes], verified: set[int]) -> list[Checked]:
    """Read entries in order of their log, learning keys on the way; void ones give their reason instead."""
    trial = book.copy()
    checked: list[Checked] = []
    for index, entry in enumerate(entries):
        try:
            signed, act = read_unverified(entry, book.party) if index in verified else trial.read(entry)
        except (InputInvalid, CheckFailed) as error:
            checked.append((None, None, str(error)))
            continue
        trial.learn(signed, act)
        checked.append((signed, act, ""))
    return checked


async def _fetch_text(node: Node, peer: str, digest: str) -> None:
    if digest in node.memory.texts:
        return
    blob = await node.peers.blob(peer, digest)
    if len(blob) > BLOB_BYTES_MAX:
        raise LimitExceeded(f"a text has at most {BLOB_BYTES_MAX} bytes, got {len(blob)}")
    terms = read_text(blob, digest)
    node.store.put_blob(digest, blob)
    node.memory.texts[digest] = terms


async def _give_receipt(node: Node, peer: str, theirs: SignedCheckpoint) -> None:
    head = node.memory.heads[peer]
    if head.size != theirs.size or node.halted is not None:
        return
    given = node.store.cosignature(peer, node.party, "mirror")
    if given is None or given.size < theirs.size:
        now = node.clock.now() // 1000
        own = node.memory.heads[node.party].mirror_key.name
        signature: NoteSignature = cosign(theirs, own, node.keys.mirror, now)
        note = theirs.note.with_signatures([signature]).encode()
        given = Cosignature(log=peer, by=node.party, role="mirror", size=theirs.size, time=now, note=note)
        await asyncio.get_running_loop().run_in_executor(None, node.store.put_cosignature, given)
        await node.peers.give_receipt(peer, note)


# --- receipts on the record -------------------------------------------------------------------------------------------


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


def tile_of(node: Node, party: str, level: int, n: int, width: int) -> bytes:
    """A tile of a log that this node holds. Raises NotFound for one that its size does not imply."""
    head = node.memory.heads.get(party)
    if head is None or width > tile_width(level, n, head.tree.size):
        raise NotFound(f"no tile {level}/{n} of width {width} of log {party[:40]!r} here")
    return read_tile(node.store, party, level, n, width)
