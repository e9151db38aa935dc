"""Proof of one entry for a stranger, as a file to carry by hand (c2sp.org/tlog-proof)."""

from __future__ import annotations

from safeconduct.core.log import Note, NoteSignature, ProofFile, VerifierKey, open_checkpoint
from safeconduct.errors import Unavailable
from safeconduct.node.node import Node
from safeconduct.node.ports import Row
from safeconduct.node.queries import proof


def proof_file(node: Node, row: Row) -> bytes:
    """The proof that an entry is in its log, under the covering checkpoint that most others have cosigned.

    Raises Unavailable while no checkpoint covers it.
    """
    notes = _cosigned(node, row)
    if not notes:
        raise Unavailable(f"no checkpoint here covers entry {row.index} of {row.party} yet")
    size = max(notes, key=lambda s: (len(notes[s].signatures), s))
    return ProofFile(row.index, proof(node, row.party, row.index, size), notes[size]).encode()


def _cosigned(node: Node, row: Row) -> dict[int, Note]:
    """By size, the checkpoints that cover the entry, with every cosignature of them that is here."""
    head = node.memory.heads[row.party]
    signatures: dict[int, list[NoteSignature]] = {}
    texts: dict[int, Note] = {}
    for data, keys in _stored(node, row):
        signed = open_checkpoint(data, head.log_key, keys)
        # A mirror that is catching up may have a checkpoint of more than it holds.
        if row.index < signed.size <= head.tree.size:
            texts.setdefault(signed.size, Note(signed.note.text, (signed.signature,)))
            signatures.setdefault(signed.size, []).extend(c.signature for c in signed.cosignatures)
    return {size: note.with_signatures(signatures[size]) for size, note in texts.items()}


def _stored(node: Node, row: Row) -> list[tuple[bytes, list[VerifierKey]]]:
    latest = node.store.checkpoint(row.party)
    found: list[tuple[bytes, list[VerifierKey]]] = [(latest, [])] if latest is not None else []
    for by, head in sorted(node.memory.heads.items()):
        for role, key in (("mirror", head.mirror_key), ("witness", head.witness_key)):
            for covering in (None, row.index):
                given = node.store.cosignature(row.party, by, role, covering=covering)
                if given is not None:
                    found.append((given.note, [key]))
    return found
