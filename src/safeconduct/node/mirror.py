"""Federation: offer our checkpoint, fetch a peer's log, verify, store, fold, and only then cosign: the receipt.

INVARIANT (receipt-after-store): our mirror's key signs a checkpoint only when every entry below it is on our disk,
verified and folded. So a receipt in the other side's hands says what it seems to say.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import BrokenExecutor
from typing import TypeVar

from safeconduct.core.acts import AgreementProposed, KnownAct, RecordReceived, UnknownAct
from safeconduct.core.log import (
    NoteSignature,
    ReadTile,
    SignedCheckpoint,
    cosign,
    equivocation,
    find_equivocation,
    leaf_hash,
    open_checkpoint,
)
from safeconduct.core.record import KeyBook, Position, place, read_unverified
from safeconduct.core.statement import Signed
from safeconduct.errors import (
    CheckFailed,
    InputInvalid,
    LimitExceeded,
    SafeconductError,
    Unavailable,
)
from safeconduct.node.append import commit_rows
from safeconduct.node.limits import (
    BLOB_BYTES_MAX,
    CLOCK_SKEW_MAX_MS,
    SYNC_ENTRIES_MAX,
    SYNC_TREE_MAX,
    VERIFY_INLINE_MAX,
)
from safeconduct.node.memory import read_tile
from safeconduct.node.node import Node, read_text
from safeconduct.node.ports import Cosignature, Row
from safeconduct.node.witness import report_fork

T = TypeVar("T")


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
        # An old disk, or another history: what we hold of the one tells whether this belongs to it.
        evidence = find_equivocation(theirs, known, _held(node, peer)) if known and known.size <= head.size else None
        if evidence is not None:
            await report_fork(node, peer, evidence.encode())
            return
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


def _held(node: Node, peer: str) -> ReadTile:
    return lambda level, n, width: read_tile(node.store, peer, level, n, width)


async def _keep_aim(node: Node, peer: str, theirs: SignedCheckpoint) -> None:
    """Remember what the log has signed while we hold a part of it, to hold it against what the log signs next."""
    aim = Cosignature(log=peer, by=peer, role="aim", size=theirs.size, time=0, note=theirs.note.encode())
    await asyncio.get_running_loop().run_in_executor(None, node.store.put_cosignature, aim)


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
        await _keep_aim(node, peer, theirs)
    done = 0
    while entries:
        for entry, leaf in zip(entries, leaves[done : done + len(entries)], strict=True):
            if leaf_hash(entry) != leaf:
                raise InputInvalid(f"entries of {peer} that lead to its signed root, got another near {start + done}")
        try:
            await _accept(node, peer, entries, theirs)
        except Unavailable:
            await _keep_aim(node, peer, theirs)
            raise
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
