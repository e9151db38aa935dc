"""What a person or a peer can ask this node: one function each. They read committed state and change nothing."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from safeconduct.core.acts import CATALOGUE, AgreementProposed, AgreementSigned, Plan, Standing, UnknownAct
from safeconduct.core.agreement import Evidence, Finding, Terms, may_return, steps_called_for
from safeconduct.core.disclosure import Predictability, predictability
from safeconduct.core.log import encode_bundle, inclusion_proof, tile_width
from safeconduct.core.record import (
    GateLine,
    Hop,
    MovementState,
    Phase,
    fold,
    law_digest,
    notice_chain,
    phase_at,
    ready_gate,
    record_digest,
    terms_of,
)
from safeconduct.core.statement import encode
from safeconduct.errors import NotFound
from safeconduct.node.judgement import stated_blob
from safeconduct.node.limits import PAGE_MAX
from safeconduct.node.memory import decode_state, first_receipt, read_tile
from safeconduct.node.node import Judgement, Node
from safeconduct.node.ports import Row, Subject


class MovementRow(msgspec.Struct, frozen=True, kw_only=True):
    """A line on the board. open_items: gate items that keep it from departing. breaches: clauses broken so far."""

    subject: str
    phase: Phase
    requested_by: str
    plan: Plan
    approved_by: tuple[str, ...]
    consent_missing: tuple[str, ...]
    open_items: tuple[str, ...]
    not_relayed: tuple[str, ...]
    breaches: tuple[str, ...]
    last_sign_at: int


class HistoryLine(msgspec.Struct, frozen=True, kw_only=True):
    """A statement about a subject.

    void, account: code and account of why it has no effect, empty if it has. received: for each other party when it
    had it, by its own word on the record; cosigned: Unix seconds of that party's first receipt (mirror cosignature)
    that covers it.
    """

    id: str
    party: str
    index: int
    t: int
    at: int
    kind: str
    title: dict[str, str]
    actor: str
    body: msgspec.Raw
    void: str
    account: str
    received: dict[str, int | None]
    cosigned: dict[str, int | None]


class MovementPage(msgspec.Struct, frozen=True, kw_only=True):
    """Everything about one movement on one page.

    predictability: None if the agreement has no terms for it.
    """

    row: MovementRow
    predictability: Predictability | None
    gate: tuple[GateLine, ...]
    chain: tuple[Hop, ...]
    findings: tuple[Finding, ...]
    check_ins: tuple[Evidence, ...]
    position_e7: tuple[int, int] | None
    departed_at: int | None
    ended_at: int | None
    closed_at: int | None
    reason: str | None
    agreement: str
    history: tuple[HistoryLine, ...]


class LogPage(msgspec.Struct, frozen=True, kw_only=True):
    """A log as this node holds it. receipts: for each other party (size, Unix seconds) of its latest receipt.

    reached_at, problem: how it stands with the peer whose log it is; None for our own.
    """

    party: str
    origin: str
    size: int
    root: str
    void_entries: int
    receipts: dict[str, tuple[int, int] | None]
    reached_at: int | None
    problem: str | None
    forked: bool


class RelationStep(msgspec.Struct, frozen=True, kw_only=True):
    """A step of the parties' relation. t: milliseconds of the record."""

    t: int
    party: str
    level: str


class Relation(msgspec.Struct, frozen=True, kw_only=True):
    """How far the parties work together.

    level: empty where no grades are agreed. called_for: levels to which the findings call for a step.
    may_return: whether there was no breach for the agreed time.
    """

    level: str
    refuses: tuple[str, ...]
    called_for: tuple[str, ...]
    may_return: bool
    steps: tuple[RelationStep, ...]


class PeerJudgement(msgspec.Struct, frozen=True, kw_only=True):
    """What a peer stated last of its findings, compared with ours; None while it has stated nothing."""

    party: str
    judgement: Judgement | None


class NodeHealth(msgspec.Struct, frozen=True, kw_only=True):
    """How this node is.

    replay: its clock plays a past day again. digest: of the whole folded record at sizes `after`, to compare with a
    peer's.
    """

    party: str
    now: int
    replay: bool
    halted: str | None
    agreement: str | None
    after: dict[str, int]
    digest: str
    evidence: tuple[tuple[str, str], ...]


def standing(node: Node) -> Standing:
    """What an actor needs to draft a statement."""
    return Standing(
        party=node.party,
        agreement=node.memory.law.in_force() or "",
        after=node.memory.after(),
        node_key=node.keys.node.public.key_id,
        now=node.clock.now(),
        floor=node.memory.floor(),
    )


def board(node: Node, *, before: int | None = None, limit: int = 100) -> list[MovementRow]:
    """Movements by the opening of their window, latest first; before: only those whose window opens earlier."""
    rows = node.store.subjects("movement/", before=before, limit=min(limit, PAGE_MAX))
    return [_row(node, state) for state in map(_movement, rows) if state is not None]


def movement(node: Node, subject: str) -> MovementPage:
    """One movement with its gate, notice chain, findings and history. Raises NotFound."""
    stored = node.store.subject(subject)
    state = _movement(stored) if stored is not None else None
    if state is None:
        raise NotFound(f"no movement {subject[:80]!r} here")
    terms = terms_of(node.memory.law, state)
    now = node.clock.now()
    return MovementPage(
        row=_row(node, state),
        predictability=guessed(node, state),
        gate=_gate(terms, state, now),
        chain=notice_chain(terms.movement, state),
        findings=subject_findings(node, state.subject, now),
        check_ins=tuple(mark.evidence for mark in state.check_ins),
        position_e7=state.position_e7,
        departed_at=state.departed.t if state.departed else None,
        ended_at=state.ended.t if state.ended else None,
        closed_at=state.closed.t if state.closed else None,
        reason=state.reason,
        agreement=state.agreement,
        history=history(node, subject),
    )


def guessed(node: Node, state: MovementState) -> Predictability | None:
    """How well somebody who has only watched could guess a movement; None if the parties have agreed nothing about it.

    Counts departures before the movement's window, so that the answer stays when the movement itself has left.
    """
    terms = terms_of(node.memory.law, state).movement.predictability
    if terms is None:
        return None
    past = node.memory.departures.of(state.plan.people.group, state.plan.route.origin, besides=state.subject)
    return predictability(terms, state.plan, past)


def history(node: Node, subject: str) -> tuple[HistoryLine, ...]:
    """Every statement about a subject, in order of the record, with who had it when."""
    rows = {(row.party, row.index): row for row in node.store.about(subject)}
    folded = fold(node.memory.law, [node.memory.said(row) for row in rows.values()])
    return tuple(
        _line(
            node,
            rows[line.said.party, line.said.index],
            line.void.code if line.void else "",
            line.void.account if line.void else "",
        )
        for line in folded.lines
    )


def findings(node: Node, *, kind: str = "", limit: int = PAGE_MAX) -> list[Finding]:
    """How every obligation of the latest subjects stands; kind: of this kind alone, such as `movement`."""
    prefix = f"{kind}/" if kind else ""
    rows = node.store.subjects(prefix, before=None, limit=min(limit, PAGE_MAX))
    now = node.clock.now()
    return [found for row in rows for found in subject_findings(node, row.subject, now)]


def findings_of(node: Node, subject: str) -> list[Finding]:
    """How every obligation of one subject stands now. Raises NotFound for a subject of which nothing was said."""
    if not node.store.about(subject):
        raise NotFound(f"nothing was said of {subject[:80]} here")
    return list(subject_findings(node, subject, node.clock.now()))


def subject_findings(node: Node, subject: str, now: int) -> tuple[Finding, ...]:
    """How every obligation of one subject stands at `now`."""

    def receipt(of: str, index: int, by: str) -> Evidence | None:
        return first_receipt(node.store, of, index, by)

    return node.memory.findings(subject, now, receipt)


def relation(node: Node) -> Relation:
    """How far the parties work together now, and which steps the findings call for."""
    law, terms, now = node.memory.law, node.terms(), node.clock.now()
    digest = law.in_force()
    if terms is None or digest is None:
        raise NotFound("no agreement is in force here")
    found = findings(node) if terms.suspension is not None else []
    return Relation(
        level=law.level(digest),
        refuses=law.refuses(digest),
        called_for=tuple(dict.fromkeys(step.to for step in steps_called_for(terms, found, now))),
        may_return=may_return(terms, found, now),
        steps=tuple(RelationStep(t=place.t, party=place.party, level=level) for place, level in law.levels()),
    )


def agreement_statements(node: Node) -> dict[str, dict[str, str]]:
    """Digest of each text → party → the statement by which it proposed or signed that text first."""
    found: dict[str, dict[str, str]] = {}
    for row in node.store.about("agreement"):
        act = node.memory.said(row).act
        if isinstance(act, AgreementProposed | AgreementSigned):
            found.setdefault(act.digest, {}).setdefault(row.party, row.id)
    return found


def judgements(node: Node) -> list[PeerJudgement]:
    """What every peer stated last of its findings, compared with ours."""
    return [PeerJudgement(party=peer, judgement=node.statuses[peer].judgement) for peer in node.peer_ids]


def logs(node: Node) -> list[LogPage]:
    """Every log that this node holds, its own first."""
    void = [row.party for row in node.store.void_entries()]
    pages = []
    for party in sorted(node.cards, key=lambda p: (p != node.party, p)):
        head = node.memory.heads[party]
        status = node.statuses.get(party)
        receipts: dict[str, tuple[int, int] | None] = {}
        for by in sorted(node.cards):
            if by != party:
                given = node.store.cosignature(party, by, "mirror")
                receipts[by] = (given.size, given.time) if given is not None else None
        pages.append(
            LogPage(
                party=party,
                origin=head.origin,
                size=head.tree.size,
                root=head.tree.root().hex(),
                void_entries=void.count(party),
                receipts=receipts,
                reached_at=status.reached_at if status else None,
                problem=status.problem if status else None,
                forked=status.forked if status else False,
            )
        )
    return pages


def health(node: Node) -> NodeHealth:
    """How this node is, with the digest of everything it knows."""
    return NodeHealth(
        party=node.party,
        now=node.clock.now(),
        replay=node.clock.is_replay,
        halted=node.halted,
        agreement=node.memory.law.in_force(),
        after=node.memory.after(),
        digest=state_of_record(node),
        evidence=tuple((origin, digest) for origin, digest, _ in node.store.evidence()),
    )


def state_of_record(node: Node) -> str:
    """The digest of the folded record: subjects, law, and entries that are void."""
    void = ((f"void/{row.party}/{row.index:016d}", row.leaf.hex()) for row in node.store.void_entries())
    return record_digest([*node.store.digests(), *void, ("law", law_digest(node.memory.law))])


def statement(node: Node, statement_id: str) -> Row:
    """The stored row of a statement. Raises NotFound."""
    row = node.store.find(statement_id)
    if row is None:
        raise NotFound(f"no statement {statement_id[:64]!r} here")
    return row


def entries(node: Node, party: str, start: int, limit: int) -> Sequence[Row]:
    """Rows of a log from `start` on."""
    if party not in node.cards:
        raise NotFound(f"no log of party {party[:40]!r} here")
    return node.store.rows(party, start, start + min(limit, PAGE_MAX))


def proof(node: Node, party: str, index: int, size: int) -> tuple[bytes, ...]:
    """Inclusion proof of an entry in the log's tree of that size. Raises NotFound."""
    head = node.memory.heads.get(party)
    if head is None or not index < size <= head.tree.size:
        raise NotFound(f"no entry {index} in a tree of size {size} of log {party[:40]!r} here")
    return inclusion_proof(index, size, lambda level, n, width: read_tile(node.store, party, level, n, width))


# --- what peers and other people's tools fetch ------------------------------------------------------------------------


def checkpoint(node: Node, party: str) -> bytes:
    """The current checkpoint of our log, or of a mirrored one with our mirror's cosignature. Raises NotFound."""
    if party == node.party:
        note = node.store.checkpoint(party)
    else:
        given = node.store.cosignature(party, node.party, "mirror")
        note = given.note if given is not None else None
    if note is None:
        raise NotFound(f"no checkpoint of log {party[:40]!r} here yet")
    return note


def witnessed_checkpoint(node: Node, party: str) -> bytes:
    """The latest checkpoint of a peer's log with our witness's cosignature. Raises NotFound."""
    given = node.store.cosignature(party, node.party, "witness")
    if given is None:
        raise NotFound(f"no checkpoint of log {party[:40]!r} is cosigned here yet")
    return given.note


def bundle(node: Node, party: str, n: int, width: int) -> bytes:
    """Entry bundle n of a log with `width` entries. Raises NotFound for one that its size does not imply."""
    _require_tile(node, party, 0, n, width)
    return encode_bundle([row.entry for row in node.store.rows(party, n * 256, n * 256 + width)])


def tile(node: Node, party: str, level: int, n: int, width: int) -> bytes:
    """Hash tile of a log. Raises NotFound for one that its size does not imply."""
    _require_tile(node, party, level, n, width)
    return read_tile(node.store, party, level, n, width)


def _require_tile(node: Node, party: str, level: int, n: int, width: int) -> None:
    head = node.memory.heads.get(party)
    if head is None or not 1 <= width <= tile_width(level, n, head.tree.size):
        raise NotFound(f"log {party[:40]!r} has no tile {level}/{n} of width {width} here")


def blob(node: Node, digest: str) -> bytes:
    """Content by digest. Raises NotFound."""
    data = node.store.blob(digest)
    if data is None:
        data = node.vault.kept(digest)
    if data is None:
        data = stated_blob(node, digest)
    if data is None:
        raise NotFound(f"no blob {digest[:64]!r} here")
    return data


def _movement(stored: Subject) -> MovementState | None:
    state = decode_state(stored)
    return state if isinstance(state, MovementState) else None


def _row(node: Node, state: MovementState) -> MovementRow:
    terms = terms_of(node.memory.law, state)
    now = node.clock.now()
    gate = _gate(terms, state, now)
    consent = next((line.missing for line in gate if line.why == "consent_missing"), ())
    attested = [a.mark for by_role in state.attestations.values() for a in by_role.values()]
    heard = [*state.acknowledged.values(), *state.relayed.values(), *state.approval_marks, *attested]
    passed = [mark for mark in (state.departed, state.stopped, state.ended, state.closed) if mark is not None]
    marks = [state.requested, *heard, *state.check_ins, *passed]
    judged = subject_findings(node, state.subject, now)
    return MovementRow(
        subject=state.subject,
        phase=phase_at(state, now),
        requested_by=state.requested.party,
        plan=state.plan,
        approved_by=tuple(sorted(state.approvals)),
        consent_missing=consent,
        open_items=tuple(line.item for line in gate if line.is_open),
        not_relayed=tuple(
            hop.role
            for hop in notice_chain(terms.movement, state)
            if (hop.acknowledged is None if hop.is_last else hop.relayed is None)
        ),
        breaches=tuple(dict.fromkeys(f.clause for f in judged if f.outcome == "breached")),
        last_sign_at=max(mark.t for mark in marks),
    )


def _gate(terms: Terms, state: MovementState, now: int) -> tuple[GateLine, ...]:
    """The gate as it stands, or as it stood when the movement went."""
    return ready_gate(terms.movement, state, state.departed.t if state.departed is not None else now)


def _line(node: Node, row: Row, void: str, account: str) -> HistoryLine:
    said = node.memory.said(row)
    entry = CATALOGUE.get(said.kind)
    others = [party for party in sorted(node.cards) if party != row.party]
    received = {by: first_receipt(node.store, row.party, row.index, by) for by in others}
    cosigned = {by: node.store.cosignature(row.party, by, "mirror", covering=row.index) for by in others}
    return HistoryLine(
        id=row.id,
        party=row.party,
        index=row.index,
        t=row.t,
        at=said.at,
        kind=row.kind,
        title=dict(entry.title) if entry is not None else {},
        actor=said.actor,
        body=msgspec.Raw(said.act.body if isinstance(said.act, UnknownAct) else encode(said.act)),
        void=void,
        account=account,
        received={by: receipt.at if receipt else None for by, receipt in received.items()},
        cosigned={by: given.time if given else None for by, given in cosigned.items()},
    )
