"""From an act to an offer: what an actor's own machine does before anything reaches a server."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from safeconduct.core.acts.catalogue import kind_of
from safeconduct.core.acts.words import Act
from safeconduct.core.identity import SigningKey
from safeconduct.core.statement import Statement, encode, encode_statement, pae, write_envelope


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """What a node tells its actors so that they can draft: the agreement in force and what it has folded.

    now: the node's clock, ms. floor: the latest record time among what it has folded: nothing said now is dated
    earlier. node_key: key id of the node, which will sign too.
    """

    party: str
    agreement: str
    after: Mapping[str, int]
    node_key: str
    now: int
    floor: int


def offer(standing: Standing, actor: str, key: SigningKey, subject: str, act: Act, *, at: int | None = None) -> bytes:
    """An envelope with the actor's signature, for its node to judge, sign and log.

    at: the actor's own clock, ms; the node's if None. Raises LimitExceeded for an act that is too large.
    """
    statement = Statement(
        kind=kind_of(act),
        agreement=standing.agreement,
        party=standing.party,
        actor=actor,
        subject=subject,
        at=max(standing.now if at is None else at, standing.floor),
        after=dict(standing.after),
        signers=tuple(sorted((key.public.key_id, standing.node_key))),
        body=msgspec.Raw(encode(act)),
    )
    payload = encode_statement(statement)
    return write_envelope(payload, {key.public.key_id: key.sign(pae(payload))})
