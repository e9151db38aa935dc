"""What a person or a peer can ask this node: one function each. They read committed state and change nothing.

INVARIANT (one-sight): what is asked for a person takes the viewer and passes `sight.py`. What does not is the same for
everybody, or for peers' nodes; a repository test has the list.
"""

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
    Law,
    MovementState,
    Phase,
    RegisterState,
    Registration,
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
from safeconduct.node.access import Viewer
from safeconduct.node.judgement import stated_blob
from safeconduct.node.limits import PAGE_MAX
from safeconduct.node.memory import decode_state, first_receipt, read_tile
from safeconduct.node.node import Judgement, Node
from safeconduct.node.ports import Row, Subject
from safeconduct.node.sight import Sight


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


class HiddenRow(msgspec.Struct, frozen=True, kw_only=True):
    """An entry of a log of which its viewer is shown nothing but its place, so that proofs over it still verify."""

    party: str
    index: int
    leaf: bytes


class Registered(msgspec.Struct, frozen=True, kw_only=True):
    """A site, a group or a person as its party registered it last. at: milliseconds of the record."""

    subject: str
    party: str
    kind: str
    at: int
    body: msgspec.Raw


class Actor(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who was enrolled. enrolled: still so. key: base64, None for a key that is not known here any more."""

    actor: str
    party: str
    enrolled: bool
    roles: tuple[str, ...]
    key_id: str | None
    key: str | None


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


def board(node: Node, viewer: Viewer, *, before: int | None = None, limit: int = 100) -> list[MovementRow]:
    """Movements by the opening of their window, latest first; before: only those whose window opens earlier."""
    sight = Sight(node, viewer)
    rows = _subjects(node, sight, "movement/", before, min(limit, PAGE_MAX))
    return [_row(node, sight, state) for state in map(_movement, rows) if state is not None]


def _subjects(node: Node, sight: Sight, prefix: str, before: int | None, limit: int) -> list[Subject]:
    """As the store gives them, as many as were asked for, without those of which nothing is shown."""
    asked = limit
    while True:
        rows = node.store.subjects(prefix, before=before, limit=asked)
        shown = [row for row in rows if sight.lists(row.subject)]
        if len(shown) >= limit or len(rows) < asked:
            return shown[:limit]
        # What is hidden takes nobody's place, or a list's length would tell of it.
        asked *= 4


def movement(node: Node, viewer: Viewer, subject: str) -> MovementPage:
    """One movement with its gate, notice chain, findings and history. Raises NotFound."""
    sight = Sight(node, viewer)
    state = sight.movement(subject)
    terms = terms_of(node.memory.law, state)
    now = node.clock.now()
    return MovementPage(
        row=_row(node, sight, state),
        predictability=guessed(node, sight, state),
        gate=_gate(terms, state, now),
        chain=notice_chain(terms.movement, state),
        findings=sight.findings(state.subject, subject_findings(node, state.subject, now)),
        check_ins=tuple(mark.evidence for mark in state.check_ins),
        position_e7=state.position_e7,
        departed_at=state.departed.t if state.departed else None,
        ended_at=state.ended.t if state.ended else None,
        closed_at=state.closed.t if state.closed else None,
        reason=state.reason,
        agreement=state.agreement,
        history=_history(node, sight, subject),
    )


def guessed(node: Node, sight: Sight, state: MovementState) -> Predictability | None:
    """How well somebody who has only watched could guess a movement; None if the parties have agreed nothing about it.

    Counts departures before the movement's window, so that the answer stays when the movement itself has left.
    """
    terms = terms_of(node.memory.law, state).movement.predictability
    if terms is None:
        return None
    past = node.memory.departures.of(
        state.plan.people.group, state.plan.route.origin, besides={state.subject, *sight.hidden}
    )
    return predictability(terms, state.plan, past)


def history(node: Node, viewer: Viewer, subject: str) -> tuple[HistoryLine, ...]:
    """Every statement about a subject that the viewer is shown, in order of the record, with who had it when."""
    return _history(node, Sight(node, viewer), subject)


def _history(node: Node, sight: Sight, subject: str) -> tuple[HistoryLine, ...]:
    rows = {(row.party, row.index): row for row in node.store.about(subject)}
    folded = fold(node.memory.law, [node.memory.said(row) for row in rows.values()])
    return tuple(
        _line(
            node,
            sight,
            rows[line.said.party, line.said.index],
            line.void.code if line.void else "",
            line.void.account if line.void else "",
        )
        for line in folded.lines
        if sight.shows_said(line.said)
    )


def findings(node: Node, viewer: Viewer, *, kind: str = "", limit: int = PAGE_MAX) -> list[Finding]:
    """How every obligation of the latest subjects stands; kind: of this kind alone, such as `movement`."""
    return _findings(node, Sight(node, viewer), kind, limit)


def _findings(node: Node, sight: Sight, kind: str = "", limit: int = PAGE_MAX) -> list[Finding]:
    now = node.clock.now()
    rows = _subjects(node, sight, f"{kind}/" if kind else "", None, min(limit, PAGE_MAX))
    return [found for row in rows for found in sight.findings(row.subject, subject_findings(node, row.subject, now))]


def findings_of(node: Node, viewer: Viewer, subject: str) -> list[Finding]:
    """How every obligation of one subject stands now. Raises NotFound for a subject of which nothing was said."""
    sight = Sight(node, viewer)
    if not sight.shows_subject(subject):
        raise NotFound(f"nothing was said of {subject[:80]} here")
    return list(sight.findings(subject, subject_findings(node, subject, node.clock.now())))


def subject_findings(node: Node, subject: str, now: int) -> tuple[Finding, ...]:
    """How every obligation of one subject stands at `now`, for whoever sees everything: see `Sight.findings`."""

    def receipt(of: str, index: int, by: str) -> Evidence | None:
        return first_receipt(node.store, of, index, by)

    return node.memory.findings(subject, now, receipt)


def relation(node: Node, viewer: Viewer) -> Relation:
    """How far the parties work together now, and which steps the findings that the viewer is shown call for."""
    law, terms, now = node.memory.law, node.terms(), node.clock.now()
    digest = law.in_force()
    if terms is None or digest is None:
        raise NotFound("no agreement is in force here")
    found = _findings(node, Sight(node, viewer)) if terms.suspension is not None else []
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


def judgements(node: Node, viewer: Viewer) -> list[PeerJudgement]:
    """What every peer stated last of its findings, compared with ours; nothing for whoever is not shown all of them."""
    sees_all = Sight(node, viewer).sees_all
    return [
        PeerJudgement(party=peer, judgement=node.statuses[peer].judgement if sees_all else None)
        for peer in node.peer_ids
    ]


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


def statement(node: Node, viewer: Viewer, statement_id: str) -> Row:
    """The stored row of a statement. Raises NotFound, also for one that the viewer is not shown."""
    row = node.store.find(statement_id)
    if row is None or not Sight(node, viewer).shows(row):
        raise NotFound(f"no statement {statement_id[:64]!r} here")
    return row


def entries(node: Node, viewer: Viewer, party: str, start: int, limit: int) -> Sequence[Row | HiddenRow]:
    """Rows of a log from `start` on; of those that the viewer is not shown their places alone."""
    if party not in node.cards:
        raise NotFound(f"no log of party {party[:40]!r} here")
    sight = Sight(node, viewer)
    rows = node.store.rows(party, start, start + min(limit, PAGE_MAX))
    return [row if sight.shows(row) else HiddenRow(party=party, index=row.index, leaf=row.leaf) for row in rows]


def register(node: Node, viewer: Viewer, family: str, *, before: int | None, limit: int) -> list[Registered]:
    """Sites, groups or persons as registered last, latest first. before: only those touched earlier, ms."""
    rows = _subjects(node, Sight(node, viewer), f"{family}/", before, min(limit, PAGE_MAX))
    states = ((row, decode_state(row)) for row in rows)
    return [
        Registered(subject=row.subject, party=known.party, kind=known.kind, at=row.t, body=known.body)
        for row, state in states
        if isinstance(state, RegisterState) and (known := state.registered) is not None
    ]


def registration(node: Node, subject: str) -> Registration | None:
    """As what a site or a group is registered that a page names."""
    state = node.memory.state(subject)
    return state.registered if isinstance(state, RegisterState) else None


def actors(node: Node) -> list[Actor]:
    """Everybody who was ever enrolled, at any party."""
    found = []
    for actor, member in node.memory.law.members().items():
        party = actor.split("/", 1)[0]
        key = node.memory.key_books[party].key(member.key_id) if member is not None else None
        found.append(
            Actor(
                actor=actor,
                party=party,
                enrolled=member is not None,
                roles=member.roles if member is not None else (),
                key_id=member.key_id if member is not None else None,
                key=key.text if key is not None else None,
            )
        )
    return found


def evidence(node: Node) -> list[tuple[str, str, bytes]]:
    """Everything kept that proves a log's key to have signed two histories: origin, digest, text."""
    return list(node.store.evidence())


def law(node: Node) -> Law:
    """The agreement's versions and who signed them."""
    return node.memory.law


def text_of(node: Node, digest: str) -> Terms | None:
    """The agreement of that digest, if it is at hand."""
    return node.memory.texts.get(digest)


def text(node: Node, viewer: Viewer, digest: str) -> bytes:
    """The text of an agreement by its digest, in its canonical bytes; for whoever sees all also what else is kept.

    Raises NotFound, in the same words for what is sealed.
    """
    if digest not in node.memory.texts and not Sight(node, viewer).sees_all:
        raise NotFound(f"no blob {digest[:64]!r} here")
    return blob(node, digest)


def entry_bundle(node: Node, viewer: Viewer, party: str, n: int, width: int) -> bytes:
    """As `bundle`, for one of our own people: raises NotAllowed for whoever is not shown everything."""
    Sight(node, viewer).require_all("a log in whole")
    return bundle(node, party, n, width)


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


def _row(node: Node, sight: Sight, state: MovementState) -> MovementRow:
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
        breaches=tuple(
            dict.fromkeys(
                f.clause
                for f in judged
                if f.outcome == "breached" and sight.shows_clause(f.subject, f.agreement, f.clause)
            )
        ),
        last_sign_at=max(mark.t for mark in marks),
    )


def _gate(terms: Terms, state: MovementState, now: int) -> tuple[GateLine, ...]:
    """The gate as it stands, or as it stood when the movement went."""
    return ready_gate(terms.movement, state, state.departed.t if state.departed is not None else now)


def _line(node: Node, sight: Sight, row: Row, void: str, account: str) -> HistoryLine:
    said = node.memory.said(row)
    entry = CATALOGUE.get(said.kind)
    others = [party for party in sorted(node.cards) if party != row.party]
    received = {by: sight.received_at(row, by) for by in others}
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
        received=received,
        cosigned={by: given.time if given else None for by, given in cosigned.items()},
    )
