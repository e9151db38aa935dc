"""What a person or a peer can ask this node to do: one function each."""

from __future__ import annotations

import hashlib

from safeconduct.core.acts import (
    AgreementProposed,
    AgreementSigned,
    CompartmentSealed,
    GlassGiven,
    ItemShared,
    KnownAct,
    MarkSealed,
    PersonSealed,
    UnknownAct,
    read_act,
)
from safeconduct.core.agreement import PartyTerms, Terms, read_terms
from safeconduct.core.log import KeyType, VerifierKey
from safeconduct.core.record import Anchor, Void
from safeconduct.core.statement import Signed, encode, read_envelope, verify_signatures
from safeconduct.errors import CheckFailed, EntryInvalid, InputInvalid, LimitExceeded, NotAllowed
from safeconduct.node.append import Accepted, submit
from safeconduct.node.glass import require_given_piece
from safeconduct.node.limits import BLOB_BYTES_MAX, CLOCK_SKEW_MAX_MS, OFFER_AGE_MAX_MS
from safeconduct.node.marks import require_sound_mark
from safeconduct.node.node import Node, card_decoder
from safeconduct.node.sight import refusal, require_effect, tells_of_hidden


async def say(node: Node, envelope: bytes) -> Accepted:
    """Log a statement that an actor of this party has signed, once it is durable.

    Raises EntryInvalid, InputInvalid or SignatureInvalid for what is no statement of an actor of ours made now,
    Refused with the reason when it would have no effect, Unavailable when this node cannot write.
    """
    signed, act = read_offer(node, envelope)
    _require_ciphertext(node, act)
    if tells_of_hidden(node, signed, act):
        require_effect(node, signed, act)
    if isinstance(act, MarkSealed):
        require_sound_mark(node, signed.statement.subject, act, signed.statement.at, signed.statement.actor)
    if isinstance(act, GlassGiven):
        require_given_piece(node, signed.statement.subject, act)
    return await submit(node, signed, act)


def _require_ciphertext(node: Node, act: KnownAct | UnknownAct) -> None:
    """Raise InputInvalid for an act that names what is sealed, and that this node has not been given."""
    if not isinstance(act, CompartmentSealed | ItemShared | PersonSealed):
        return
    named = [act.content]
    if isinstance(act, CompartmentSealed) and act.escrow is not None:
        named.append(act.escrow)
    if any(node.vault.kept(digest) is None for digest in named):
        what = "dossier" if isinstance(act, PersonSealed) else "ciphertext"
        raise InputInvalid(f"{what} {act.content[:16]} is given to this node with its statement, it has none")


def require_size(ciphertext: bytes) -> None:
    """Raise LimitExceeded for more than a node keeps of one thing that is sealed."""
    if len(ciphertext) > BLOB_BYTES_MAX:
        raise LimitExceeded(f"a ciphertext has at most {BLOB_BYTES_MAX} bytes, got {len(ciphertext)}")


def would(node: Node, envelope: bytes) -> Void | None:
    """What the record would answer to this offer now: None if it would take effect. Logs nothing."""
    signed, act = read_offer(node, envelope)
    return refusal(node, signed, act)


def read_offer(node: Node, envelope: bytes) -> tuple[Signed, KnownAct | UnknownAct]:
    """Check everything about an offer that needs no state of the record."""
    signed = read_envelope(envelope)
    statement = signed.statement
    if statement.party != node.party:
        raise NotAllowed(f"this node speaks for {node.party}, got a statement of {statement.party}")
    node_id = node.keys.node.public.key_id
    if node_id not in statement.signers:
        raise EntryInvalid(f"signers with this node's key {node_id[:16]}, got none of it")
    if set(signed.signatures) != set(statement.signers) - {node_id}:
        raise EntryInvalid("an offer is signed by every named signer but the node, got others, fewer or more")
    now = node.clock.now()
    if not now - OFFER_AGE_MAX_MS <= statement.at <= now + CLOCK_SKEW_MAX_MS:
        raise EntryInvalid(
            f"a statement made now, within {OFFER_AGE_MAX_MS // 1000} seconds, got one that is"
            f" {(statement.at - now) // 1000:+d} s away: check the clock, or draft it again"
        )
    for party, size in statement.after.items():
        head = node.memory.heads.get(party)
        if head is None or head.size < size:
            raise EntryInvalid(
                f"`after` names what this node has folded, got {size} entries of {party}, here are "
                f"{head.size if head is not None else 0}"
            )
    act = read_act(statement.kind, bytes(statement.body))
    verify_signatures(signed, node.memory.key_books[node.party].key)
    if isinstance(act, AgreementProposed | AgreementSigned):
        _require_sound_text(node, act.digest)
    return signed, act


def _require_sound_text(node: Node, digest: str) -> None:
    """Nobody signs here what this version cannot read, or what is not sound as an agreement."""
    text = node.store.blob(digest)
    if text is None:
        raise InputInvalid(f"the text of agreement {digest[:16]} is given to this node first, it has none")
    require_own_keys(node, read_terms(text))


def put_text(node: Node, text: bytes) -> str:
    """Keep an agreement's text (canonical bytes of Terms), so that it can be proposed or signed. Returns its digest.

    Raises TermsInvalid naming every problem of the text, and InputInvalid for one that gives a party other keys than
    those of its card.
    """
    if len(text) > BLOB_BYTES_MAX:
        raise LimitExceeded(f"a text has at most {BLOB_BYTES_MAX} bytes, got {len(text)}")
    terms = read_terms(text)
    digest = terms.digest
    require_own_keys(node, terms)
    node.store.put_blob(digest, text)
    node.memory.texts[digest] = terms
    return digest


def require_own_keys(node: Node, terms: Terms) -> None:
    """Raise InputInvalid unless the text gives every party here the keys by which it is known here."""
    for party in terms.parties:
        card = node.cards.get(party.id)
        if card is None:
            raise InputInvalid(f"the text names party {party.id}, whose card is not pinned here: join it first")
        if (card.root, card.node.node, card.node.log) != (party.root, party.node.node, party.node.log):
            raise InputInvalid(f"the text gives party {party.id} other keys than its pinned card")
    if terms.party(node.party) is None:
        raise InputInvalid(f"the text has no party {node.party}")


def pin_card(node: Node, card: bytes) -> PartyTerms:
    """Pin another party's card. People have compared its fingerprint before. Raises InputInvalid, NotAllowed."""
    party = read_card(card)
    pinned = node.cards.get(party.id)
    if party.id == node.party:
        raise NotAllowed("a node does not join itself")
    if pinned is not None and (pinned.root, pinned.node.log) != (party.root, party.node.log):
        raise NotAllowed(f"party {party.id} is pinned with other keys: an amended agreement changes keys, not a card")
    # INVARIANT (one-origin): a checkpoint belongs to the party whose log has its origin.
    for other in node.cards.values():
        if other.id != party.id and _origin(other) == _origin(party):
            raise NotAllowed(f"the log of party {party.id} has the same name as that of {other.id}: {_origin(party)}")
    node.store.put_card(party.id, encode(party))
    node.reload()
    node.changed()
    return party


def _origin(card: PartyTerms) -> str:
    return VerifierKey.from_text(card.node.log).name


def read_card(card: bytes) -> PartyTerms:
    """A party's card from its canonical bytes. Raises InputInvalid, also for keys that a node could not work with."""
    try:
        party = card_decoder.decode(card.strip())
    except ValueError as error:  # msgspec's own, and text that is not UTF-8
        raise InputInvalid(f"expected a party's card, got {error}") from None
    if encode(party) != card.strip():
        raise InputInvalid("expected the canonical bytes of a card, got another writing of it")
    try:
        Anchor.of(party)
        kinds = tuple(
            VerifierKey.from_text(key).type for key in (party.node.log, party.node.witness, party.node.mirror)
        )
    except (InputInvalid, CheckFailed) as error:
        raise InputInvalid(
            f"expected keys that verify in the card of {party.id}, got one that does not: {error}"
        ) from None
    if kinds != (KeyType.ED25519, KeyType.COSIGNATURE_V1, KeyType.COSIGNATURE_V1):
        raise InputInvalid(f"expected a log key and two cosigners' keys in the card of {party.id}, got other types")
    return party


def fingerprint(card: PartyTerms) -> str:
    """What people compare by voice before they join: the first 128 bits of the card's hash in groups of four."""
    digits = hashlib.sha256(encode(card)).hexdigest()[:32]
    return " ".join(digits[at : at + 4] for at in range(0, 32, 4))
