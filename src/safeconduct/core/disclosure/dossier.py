"""Seal a person's dossier to the nodes that keep it, and open one: each of these nodes can, once the record has it.

Unlike a compartment, which no party opens alone, a dossier belongs to the side of the person. Its key is not split:
every node that the agreement names has it whole, under a sealing key that is destroyed when the dossier's time is over.
Method: docs/spec/sealing.md SEAL-84 to SEAL-88.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Iterable, Mapping

import msgspec

from safeconduct.core.acts import DossierCopy, PersonSealed
from safeconduct.core.disclosure.ciphertext import key_commitment, require_ciphertext
from safeconduct.core.disclosure.compartment import Randomness
from safeconduct.core.sealing import (
    BOX_KEY_BYTES,
    NONCE_BYTES,
    SealingKey,
    SealingPublicKey,
    check_commitment,
    commitment,
    open_box,
    pad,
    seal_box,
    unpad,
)
from safeconduct.core.statement import encode
from safeconduct.errors import CheckFailed, InputInvalid

# Domains of the commitments.
_KEY = "content-key"
DOSSIER_DOMAIN = "dossier"


class HeldDossier(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is sealed, and what an actor's own box has: the dossier's canonical JSON, and the salt of its commitment."""

    data: bytes
    salt: bytes

    def __repr__(self) -> str:
        return "HeldDossier(…)"


class _Use(msgspec.Struct, frozen=True, kw_only=True):
    """What a sealed key is for. It opens for exactly this."""

    subject: str
    content: str
    holder: str
    to: str


def seal_dossier(
    held: HeldDossier,
    *,
    subject: str,
    until: int,
    holders: Mapping[str, SealingPublicKey],
    randomness: Randomness,
) -> tuple[PersonSealed, bytes]:
    """The act that says it, and the ciphertext that it names.

    until: ms, from when on nobody may open it. holders: the sealing key of every node that keeps it, by party.
    Raises InputInvalid for nobody who keeps it, LimitExceeded for a dossier that is too large.
    """
    if not holders:
        raise InputInvalid("expected somebody who keeps the dossier, got nobody")
    key = randomness(BOX_KEY_BYTES)
    sealed = seal_box(pad(msgspec.json.encode(held)), _label(subject), key, randomness(NONCE_BYTES))
    digest = hashlib.sha256(sealed).hexdigest()
    copies = tuple(
        DossierCopy(
            party=party,
            to=to.key_id,
            sealed=base64.b64encode(to.seal(key, encode(_use(subject, digest, party, to.key_id)))).decode(),
        )
        for party, to in sorted(holders.items())
    )
    act = PersonSealed(
        dossier=dossier_commitment(subject, held),
        content=digest,
        size=len(sealed),
        key=key_commitment(_KEY, digest, key),
        copies=copies,
        until=until,
    )
    return act, sealed


def dossier_commitment(subject: str, held: HeldDossier) -> str:
    """What `person.registered` and `person.sealed` say of a dossier (SEAL-5)."""
    return commitment(DOSSIER_DOMAIN, subject, held.salt, held.data)


def open_copy(act: PersonSealed, subject: str, party: str, key: SealingKey) -> bytes:
    """A party's copy of the key. Raises CheckFailed if it is not sealed to this key for this use, or another key."""
    copy = next((copy for copy in act.copies if copy.party == party), None)
    if copy is None:
        raise InputInvalid(f"expected a copy for {party}, got copies for {', '.join(c.party for c in act.copies)}")
    use = _use(subject, act.content, party, key.public.key_id)
    try:
        found = key.open(base64.b64decode(copy.sealed, validate=True), encode(use))
    except binascii.Error:
        raise InputInvalid("a sealed key is standard base64, got something else") from None
    # INVARIANT (one-content): every node that keeps it has the same key, and so the same dossier.
    if len(found) != BOX_KEY_BYTES or key_commitment(_KEY, act.content, found) != act.key:
        raise CheckFailed("expected the key that was committed to, got another: its author sealed it wrongly")
    return found


def open_dossier(act: PersonSealed, subject: str, sealed: bytes, key: bytes) -> HeldDossier:
    """What was sealed. key: from `open_copy`. Raises CheckFailed for another ciphertext, or another dossier."""
    require_ciphertext(act, sealed)
    try:
        held = msgspec.json.decode(unpad(open_box(sealed, _label(subject), key)), type=HeldDossier)
    except msgspec.MsgspecError:
        raise CheckFailed("expected a dossier in what was sealed, got something else") from None
    check_commitment(act.dossier, DOSSIER_DOMAIN, subject, held.salt, held.data)
    return held


def may_read_person(
    *, opened_by: Iterable[str], sides: Iterable[str], authors: Iterable[str], viewer: str, roles: Iterable[str]
) -> bool:
    """Whether somebody is shown what is held of a person (SEAL-88).

    That is whoever said some of it; and of a party that registered the person or keeps the dossier, the authority and
    the roles that may open it. Whoever else asks must not even learn that there is such a person.

    opened_by: roles of the agreement. sides: those parties. authors: actors who said something of the person.
    """
    if viewer in authors:
        return True
    held = {*opened_by, "authority"}
    return viewer.split("/", 1)[0] in sides and not held.isdisjoint(roles)


def _label(subject: str) -> str:
    return f"{subject}/dossier"


def _use(subject: str, content: str, holder: str, to: str) -> _Use:
    return _Use(subject=subject, content=content, holder=holder, to=to)
