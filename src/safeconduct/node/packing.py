"""Gather an evidence pack from the store: what `core.audit.verify_pack` will check elsewhere."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice

from safeconduct.core.audit import (
    FORMAT,
    REQUEST_FORMAT,
    GlassRequest,
    Pack,
    PackLog,
    PackReceipt,
    PackStatement,
    sign_pack,
    text,
    write_request,
)
from safeconduct.core.log import inclusion_proof, open_checkpoint
from safeconduct.core.record import gives_from, terms_of
from safeconduct.errors import NotFound, Refused, Unavailable
from safeconduct.node.access import Viewer
from safeconduct.node.memory import read_tile
from safeconduct.node.node import Node
from safeconduct.node.ports import Row
from safeconduct.node.queries import subject_findings
from safeconduct.node.sight import Sight


def evidence_pack(node: Node, viewer: Viewer, subject: str) -> bytes:
    """The pack about one subject as of now, for auditors and the authority.

    A pack proves by what is not in it too, and so is whole or worth nothing. Raises NotAllowed for anybody else,
    NotFound, or Unavailable while a log has no checkpoint yet.
    """
    sight = Sight(node, viewer)
    sight.require_all("an evidence pack")
    if sight.is_hidden(subject):
        raise NotFound(f"nothing is said of {subject[:80]!r} here")
    return _pack(node, subject)


def _pack(node: Node, subject: str) -> bytes:
    about = list(node.store.about(subject))
    if not about:
        raise NotFound(f"nothing is said of {subject[:80]!r} here")
    now = node.clock.now()
    findings = subject_findings(node, subject, now)
    needed = [*about, *node.store.about_law(), *_shown(node, about)]
    needed.extend(_causes_of_backdated(node, needed))
    rows = {(row.party, row.index): row for row in needed}
    parties = sorted({party for party, _ in rows})
    pack = Pack(
        format=FORMAT,
        subject=subject,
        as_of=now,
        made_by=node.party,
        cards=tuple(node.cards[party] for party in sorted(node.cards)),
        texts=tuple(node.memory.texts[digest] for _, digest in node.memory.law.history()),
        logs=tuple(PackLog(party=party, note=text(_note(node, party))) for party in parties),
        statements=tuple(_statement(node, row) for _, row in sorted(rows.items())),
        receipts=tuple(_receipts(node, about)),
        findings=findings,
    )
    return sign_pack(pack, node.keys.node)


def glass_request(node: Node, viewer: Viewer, subject: str, content: str, party: str) -> bytes:
    """What goes to the officers who hold the share of a silent party: that this party asked, and their pieces.

    It has all that was said of the movement, for the officers' own judgement: whoever sees the glass of this content
    may carry it.

    Raises NotFound for a content that was not sealed, Refused while too few have asked, Unavailable without the pieces.
    """
    sight = Sight(node, viewer)
    state = sight.movement(subject)
    sealing = state.sealings.get(content)
    if sealing is None or not sight.sealings(subject)[content].glass:
        raise NotFound(f"no content {content[:16]} was sealed for {subject[:80]}")
    if gives_from(terms_of(node.memory.law, state), state, sealing, party, node.party) is None:
        raise Refused("not_asked", f"the share of {party} has not been asked for by enough people of {node.party}")
    escrow = node.vault.kept(sealing.escrow) if sealing.escrow is not None else None
    if escrow is None:
        raise Unavailable(f"the officers' pieces of {content[:16]} are not here")
    request = GlassRequest(
        format=REQUEST_FORMAT,
        content=content,
        party=party,
        asking=node.party,
        movement=_pack(node, subject),
        keys=_pack(node, f"sealing/{node.party}"),
        escrow=escrow,
    )
    return write_request(request)


def _shown(node: Node, about: Iterable[Row]) -> Iterable[Row]:
    """The statements by which each other party first shows that it had each of these."""
    for row in about:
        for by in node.cards:
            if by != row.party:
                sighting = node.store.first_sighting(row.party, row.index, by)
                if sighting is not None:
                    yield node.store.rows(by, sighting.index, sighting.index + 1)[0]


def _causes_of_backdated(node: Node, rows: Iterable[Row]) -> Iterable[Row]:
    """For each statement dated before something that its author had seen: that something."""
    for row in list(rows):
        said = node.memory.said(row)
        if not said.is_backdated:
            continue
        for party, size in sorted(said.after.items()):
            for index, (t, _) in enumerate(islice(node.store.places(party), size)):
                if t == row.t:
                    yield node.store.rows(party, index, index + 1)[0]
                    break


def _note(node: Node, party: str) -> bytes:
    """The log's latest checkpoint here, with every cosignature of it that is here."""
    checkpoint = node.signed_checkpoint(party)
    if checkpoint is None:
        raise Unavailable(f"log {party} has no checkpoint here yet")
    note = checkpoint.note
    for by in sorted(node.cards):
        given = node.store.cosignature(party, by, "mirror") if by != party else None
        if given is not None and given.size == checkpoint.size:
            head = node.memory.heads[party]
            cosigned = open_checkpoint(given.note, head.log_key, [node.memory.heads[by].mirror_key])
            note = note.with_signatures(c.signature for c in cosigned.cosignatures)
    return note.encode()


def _proof(node: Node, party: str, index: int, size: int) -> tuple[str, ...]:
    hashes = inclusion_proof(index, size, lambda level, n, width: read_tile(node.store, party, level, n, width))
    return tuple(text(h) for h in hashes)


def _statement(node: Node, row: Row) -> PackStatement:
    checkpoint = node.signed_checkpoint(row.party)
    if checkpoint is None or checkpoint.size <= row.index:
        raise Unavailable(f"no checkpoint here covers entry {row.index} of {row.party} yet")
    return PackStatement(
        party=row.party,
        index=row.index,
        t=row.t,
        n=row.n,
        entry=text(row.entry),
        proof=_proof(node, row.party, row.index, checkpoint.size),
    )


def _receipts(node: Node, about: Iterable[Row]) -> Iterable[PackReceipt]:
    for row in sorted(about, key=lambda r: (r.party, r.index)):
        for by in sorted(node.cards):
            given = node.store.cosignature(row.party, by, "mirror", covering=row.index) if by != row.party else None
            if given is not None:
                yield PackReceipt(
                    log=row.party,
                    index=row.index,
                    by=by,
                    note=text(given.note),
                    proof=_proof(node, row.party, row.index, given.size),
                )
