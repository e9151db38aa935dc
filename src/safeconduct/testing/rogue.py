"""A party that cheats with its own keys: it signs what no honest node would."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from safeconduct.core.acts import Act, kind_of
from safeconduct.core.identity import SigningKey
from safeconduct.core.log import Tree, leaf_hash, sign_checkpoint
from safeconduct.core.statement import Statement, encode, encode_statement, pae, write_envelope
from safeconduct.node.node import Node
from safeconduct.node.ports import Batch, Row
from safeconduct.testing.federation import key, keys_of


def forged_entry(
    actor: str,
    act: Act,
    *,
    subject: str,
    at: int,
    agreement: str,
    after: Mapping[str, int],
    signers: Sequence[SigningKey] | None = None,
) -> bytes:
    """An entry as the party's own keys can make it, whatever the rules say."""
    party = actor.split("/", 1)[0]
    keys = list(signers) if signers is not None else [key(actor), keys_of(party).node]
    statement = Statement(
        kind=kind_of(act),
        agreement=agreement,
        party=party,
        actor=actor,
        subject=subject,
        at=at,
        after=dict(after),
        signers=tuple(sorted(k.public.key_id for k in keys)),
        body=msgspec.Raw(encode(act)),
    )
    payload = encode_statement(statement)
    return write_envelope(payload, {k.public.key_id: k.sign(pae(payload)) for k in keys})


def append_rogue(node: Node, entries: Sequence[bytes]) -> None:
    """Put entries into a node's own log past its judge, under a good checkpoint."""
    party = node.party
    size = node.store.size(party)
    leaves = node.store.leaves(party, 0, size)
    tree = Tree()
    tree.append(leaves[at : at + 32] for at in range(0, len(leaves), 32))
    full = tree.append(leaf_hash(entry) for entry in entries)
    rows = [
        Row(
            party=party,
            index=size + offset,
            t=0,
            n=0,
            id="",
            kind="",
            subject="",
            entry=entry,
            leaf=leaf_hash(entry),
            void="rogue",
        )
        for offset, entry in enumerate(entries)
    ]
    checkpoint = sign_checkpoint(node.memory.heads[party].origin, tree.size, tree.root(), node.keys.log)
    tiles = [(tile.level, tile.n, tile.hashes) for tile in full]
    node.store.commit(Batch(party=party, rows=rows, checkpoint=checkpoint.note.encode(), tiles=tiles))
    node.reload()
