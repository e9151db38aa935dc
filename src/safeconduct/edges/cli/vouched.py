"""What a person's own machine believes of its node: nothing that no key vouches for which people handed over.

The administrator of the own node could else name a key of their own as the other side's, and have every share.
The chain is short: the root key on the party's card signed the agreement, the agreement has every node's key, and with
that key each node signed the sealing keys that it published.
"""

from __future__ import annotations

import base64
import binascii

import msgspec

from safeconduct.core.acts import AgreementProposed, AgreementSigned, SealingKeyPublished, read_act
from safeconduct.core.agreement import Terms, read_terms
from safeconduct.core.identity import PublicKey
from safeconduct.core.sealing import SealingPublicKey
from safeconduct.core.statement import Signed, read_entry, verify_signatures
from safeconduct.edges.cli.agreements import InForce
from safeconduct.edges.cli.desk import Desk
from safeconduct.errors import CheckFailed, InputInvalid
from safeconduct.node.orders import PublishedKey


class _Entry(msgspec.Struct, frozen=True):
    """An entry of a log as the API answers: its bytes in base64."""

    entry: str


def vouched_terms(desk: Desk, digest: str) -> Terms:
    """The text of an agreement that the own party's root key has signed. Raises CheckFailed for another."""
    terms = read_terms(desk.client.fetch(f"/v1/texts/{digest}"))
    if terms.digest != digest:
        raise CheckFailed(f"expected the text of agreement {digest[:16]}, got {terms.digest[:16]}")
    party = desk.client.speaker.party
    versions = desk.client.get("/v1/agreement", InForce).versions
    statement = next((v.statements.get(party) for v in versions if v.digest == digest), None)
    if statement is None:
        raise CheckFailed(f"expected agreement {digest[:16]} to be signed by {party}, got no such statement")
    own = terms.party(party)
    if own is None:
        raise CheckFailed(f"expected an agreement of {party}, got one without it")
    root = PublicKey.from_text(desk.client.speaker.root)
    signed = _signed(desk, statement, root, PublicKey.from_text(own.node.node))
    act = read_act(signed.statement.kind, bytes(signed.statement.body))
    if not isinstance(act, AgreementProposed | AgreementSigned) or act.digest != digest:
        raise CheckFailed(f"expected {party}'s signature of agreement {digest[:16]}, got another statement")
    if root.key_id not in signed.signatures:
        raise CheckFailed(f"expected agreement {digest[:16]} to be signed with {party}'s root key, got it without")
    return terms


def vouched_key(desk: Desk, terms: Terms, party: str, published: PublishedKey) -> SealingPublicKey:
    """A sealing key that the node of a party published, by the node's key in the agreement. Raises CheckFailed."""
    known = terms.party(party)
    if known is None:
        raise CheckFailed(f"expected a party of the agreement, got {party[:40]!r}")
    node = PublicKey.from_text(known.node.node)
    signed = _signed(desk, published.statement, node)
    act = read_act(signed.statement.kind, bytes(signed.statement.body))
    if (
        not isinstance(act, SealingKeyPublished)
        or act.key != published.key
        or signed.statement.subject != f"sealing/{party}"
        or node.key_id not in signed.signatures
    ):
        raise CheckFailed(f"expected a sealing key that {party}'s node published, got one that it did not")
    return SealingPublicKey.from_text(published.key)


def _signed(desk: Desk, statement: str, *keys: PublicKey) -> Signed:
    """A statement with its signatures checked, each by one of these keys."""
    try:
        entry = base64.b64decode(desk.client.get(f"/v1/statements/{statement}", _Entry).entry, validate=True)
    except binascii.Error:
        raise InputInvalid("expected an entry in base64 from the node, got something else") from None
    signed = read_entry(entry)
    by_id = {key.key_id: key for key in keys}
    verify_signatures(signed, by_id.get)
    return signed
