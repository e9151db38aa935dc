"""What nodes make of the record: each states the digest of its findings, and compares what the others state.

A node computes findings by itself, so two that differ have different programs, or one of them lies. The difference
shows at the next statement, with the subject, the findings of both, and the smallest set of statements behind ours.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import Mapping

import msgspec

from safeconduct.core.acts import FindingsStated, IncidentRaised
from safeconduct.core.agreement import Evidence, Finding, Receipts
from safeconduct.core.record import (
    FindingsState,
    explaining,
    findings_bytes,
    findings_digest,
    findings_of,
    is_law,
    subject_digest,
)
from safeconduct.errors import InputInvalid, LimitExceeded, NotFound, Refused, Unavailable
from safeconduct.node.append import say_as_node
from safeconduct.node.limits import BLOB_BYTES_MAX, FINDINGS_CHUNK, FINDINGS_DAYS, FINDINGS_EVERY_MS
from safeconduct.node.memory import first_receipt
from safeconduct.node.node import Difference, Judgement, Node

logger = logging.getLogger(__name__)

_DAY_MS = 86_400_000
_finding_decoder = msgspec.json.Decoder(tuple[Finding, ...])


async def state_findings(node: Node) -> None:
    """Say on our own record what we make of all records, when there is something new and the last time is past."""
    now = node.clock.now()
    if node.halted is not None or node.memory.law.in_force() is None:
        return
    if node.memory.words == node.stated_words or now - node.stated_at < FINDINGS_EVERY_MS:
        return
    node.stated_at, node.stated_words = now, node.memory.words
    cut = node.memory.after()
    found = await findings_at(node, cut, now)
    digest, count = findings_digest(found.items())
    lines = {subject: subject_digest(findings) for subject, findings in found.items() if findings}
    listed = "".join(f"{subject} {line}\n" for subject, line in sorted(lines.items())).encode()
    node.stated = {hashlib.sha256(listed).hexdigest(): listed}
    for subject, line in lines.items():
        node.stated[line] = findings_bytes(found[subject])
    await say_as_node(node, FindingsStated(as_of=now, digest=digest, count=count), f"findings/{node.party}", cut)


async def compare_findings(node: Node) -> None:
    """Compare what each peer stated last with our own findings at the same sizes of all logs."""
    for peer in node.peer_ids:
        status = node.statuses[peer]
        state = node.memory.state(f"findings/{peer}")
        if not isinstance(state, FindingsState) or state.mark.id == status.judged:
            continue
        status.judged = state.mark.id
        status.judgement = await _compared(node, peer, state)
        node.changed()
        if status.judgement.agrees is False and node.halted is None:
            await _report(node, peer, status.judgement)


async def findings_at(node: Node, cut: Mapping[str, int], as_of: int) -> dict[str, tuple[Finding, ...]]:
    """The findings of every subject of which something was said lately, from the first entries of each log alone.

    cut: how many entries of each log. as_of: `now` of the findings, ms.
    """
    touched = _said_since(node, cut)
    receipts = _receipts_within(node, cut)
    found = {}
    subjects = [row.subject for row in node.store.subjects("", before=None, limit=_EVERY) if row.t >= as_of - _OLDEST]
    for place, subject in enumerate(subjects):
        if is_law(subject):
            continue
        if subject in touched:
            statements = [s for s in node.memory.in_order(subject) if s.index < cut.get(s.party, 0)]
            if not statements or max(s.t for s in statements) < as_of - _OLDEST:
                continue
            found[subject] = findings_of(node.memory.law, subject, statements, as_of, receipts)
        else:
            found[subject] = node.memory.findings(subject, as_of, receipts)
        if place % FINDINGS_CHUNK == FINDINGS_CHUNK - 1:
            await asyncio.sleep(0)
            touched = _said_since(node, cut)
    return found


# SQLite's own bound of a LIMIT; a list of subjects that did not fit in memory would not fit in a statement's blob.
_EVERY = 2**31
_OLDEST = FINDINGS_DAYS * _DAY_MS


def _said_since(node: Node, cut: Mapping[str, int]) -> set[str]:
    """Subjects of which something was said beyond the cut."""
    touched = set()
    for party, head in node.memory.heads.items():
        for row in node.store.rows(party, cut.get(party, 0), head.size):
            touched.add(row.subject)
    return touched


def _receipts_within(node: Node, cut: Mapping[str, int]) -> Receipts:
    def receipt(of: str, index: int, by: str) -> Evidence | None:
        first = first_receipt(node.store, of, index, by)
        return first if first is not None and first.index < cut.get(by, 0) else None

    return receipt


async def _compared(node: Node, peer: str, state: FindingsState) -> Judgement:
    # A statement is of what its author had folded, itself not included.
    cut = state.mark.after
    judgement = Judgement(
        statement=state.mark.id, as_of=state.as_of, digest=state.digest, count=state.count, agrees=None
    )
    if any(is_law(subject) for subject in _said_since(node, cut)):  # order-free: any
        # The law of that moment is not at hand any more; the next statement is of the present one.
        return judgement
    found = await findings_at(node, cut, state.as_of)
    digest, _ = findings_digest(found.items())
    if digest == state.digest:
        return msgspec.structs.replace(judgement, agrees=True)
    try:
        listed = await node.peers.blob(peer, state.digest)
    except (Unavailable, NotFound, InputInvalid, LimitExceeded) as error:
        logger.warning("findings of %s differ, and it does not show them: %s", peer, error)
        return msgspec.structs.replace(judgement, agrees=False)
    if hashlib.sha256(listed).hexdigest() != state.digest:
        return msgspec.structs.replace(judgement, agrees=False)
    theirs = dict(line.split(" ", 1) for line in listed.decode(errors="replace").splitlines() if " " in line)
    ours = {subject: subject_digest(findings) for subject, findings in found.items() if findings}
    differing = [s for s in sorted(theirs.keys() | ours.keys()) if theirs.get(s) != ours.get(s)]
    differences = [
        await _difference(node, peer, subject, theirs.get(subject, ""), found.get(subject, ()), cut, state.as_of)
        for subject in differing[:_SHOWN_MAX]
    ]
    return msgspec.structs.replace(judgement, agrees=False, differences=tuple(differences))


# More than these are one cause, seen often.
_SHOWN_MAX = 10


async def _difference(
    node: Node, peer: str, subject: str, theirs: str, found: tuple[Finding, ...], cut: Mapping[str, int], as_of: int
) -> Difference:
    peers: tuple[Finding, ...] = ()
    if theirs:
        try:
            data = await node.peers.blob(peer, theirs)
            if hashlib.sha256(data).hexdigest() == theirs:
                peers = _finding_decoder.decode(data)
        except (Unavailable, NotFound, InputInvalid, LimitExceeded, msgspec.MsgspecError) as error:
            logger.warning("findings of %s on %s cannot be read: %s", peer, subject, error)
    bare = [msgspec.structs.replace(f, look_again_at=None, late_word=False) for f in found]
    statements = [s for s in node.memory.in_order(subject) if s.index < cut.get(s.party, 0)]
    receipts = _receipts_within(node, cut)
    only_ours = []
    for finding in bare:
        if finding not in peers:
            why = explaining(node.memory.law, subject, statements, finding.key, as_of, receipts)
            only_ours.append((finding, tuple(said.id for said in why)))
    only_theirs = tuple(finding for finding in peers if finding not in bare)
    return Difference(subject=subject, theirs=theirs, ours=tuple(only_ours), peers=only_theirs)


async def _report(node: Node, peer: str, judgement: Judgement) -> None:
    """Say it on our own record, once for each statement of the peer."""
    first = judgement.differences[0] if judgement.differences else None
    where = f", first on {first.subject}" if first is not None else ""
    account = (
        f"the node of {peer} states other findings than this one from the same statements{where}: "
        f"{judgement.digest} as of {judgement.as_of}"
    )
    act = IncidentRaised(about=peer, category="judgement", account=account)
    try:
        await say_as_node(node, act, f"incident/{judgement.statement[:32]}")
    except (Refused, Unavailable) as error:
        logger.warning("no incident about findings of %s now: %s", peer, error)


def stated_blob(node: Node, digest: str) -> bytes | None:
    """The list of our last statement, or the findings of one subject in it, by digest; None for anything else."""
    data = node.stated.get(digest)
    return data if data is not None and len(data) <= BLOB_BYTES_MAX else None
