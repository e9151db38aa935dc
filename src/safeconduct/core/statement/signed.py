"""The signed wrapper: a statement's payload, its identity, and the envelope that is a log's entry.

Format: DSSE (secure-systems-lab/dsse) with the stricter rules of docs/spec/statement.md ST-7 to ST-20. What is said
inside is an *act* (`core/acts`); this file does not know any.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Annotated

import msgspec

from safeconduct.core.identity import PublicKey
from safeconduct.core.statement import canonical
from safeconduct.core.statement.limits import (
    ENTRY_BYTES_MAX,
    INTEGER_MAX,
    PARTIES_MAX,
    PAYLOAD_BYTES_MAX,
    SIGNATURES_MAX,
)
from safeconduct.errors import CanonicalInvalid, EntryInvalid, LimitExceeded, SignatureInvalid

PAYLOAD_TYPE = "application/vnd.safeconduct.statement+json"
_PAE_HEAD = f"DSSEv1 {len(PAYLOAD_TYPE)} {PAYLOAD_TYPE} ".encode()

PartyId = Annotated[str, msgspec.Meta(pattern=r"^[a-z][a-z0-9-]{0,31}\Z")]
ActorId = Annotated[str, msgspec.Meta(pattern=r"^[a-z][a-z0-9-]{0,31}/[a-z0-9][a-z0-9._-]{0,63}\Z")]
SubjectId = Annotated[str, msgspec.Meta(pattern=r"^[a-z]+(/[a-z0-9][a-z0-9._-]{0,63}){0,3}\Z")]
Kind = Annotated[str, msgspec.Meta(pattern=r"^[a-z]+\.[a-z_]{1,40}\Z")]
Digest = Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{64}\Z")]
Count = Annotated[int, msgspec.Meta(ge=0, le=INTEGER_MAX)]


class Statement(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One claim by one actor of one party.

    agreement: digest of the version in force, empty before there is one. at: the author's clock, milliseconds since
    1970 UTC. after: how many entries of each party's log the author's node had folded. signers: key ids of exactly
    those who sign. body: canonical JSON of the act.
    """

    kind: Kind
    agreement: Annotated[str, msgspec.Meta(pattern=r"^([0-9a-f]{64})?\Z")]
    party: PartyId
    actor: ActorId
    subject: SubjectId
    at: Count
    after: Annotated[dict[PartyId, Count], msgspec.Meta(max_length=PARTIES_MAX)]
    signers: Annotated[tuple[Digest, ...], msgspec.Meta(min_length=1, max_length=SIGNATURES_MAX)]
    body: msgspec.Raw


class Signed(msgspec.Struct, frozen=True, gc=False):
    """A statement with its payload bytes and the signatures that came with it, not yet verified.

    message: the bytes that are signed (`pae` of the payload).
    """

    statement: Statement
    payload: bytes
    message: bytes
    signatures: dict[str, bytes]

    @property
    def id(self) -> str:
        """Hex SHA-256 of what is signed: the same whoever carries it, however the envelope is written."""
        return hashlib.sha256(self.message).hexdigest()


class _Signature(msgspec.Struct, frozen=True, forbid_unknown_fields=True, gc=False):
    keyid: Digest
    sig: bytes


class _Envelope(msgspec.Struct, frozen=True, forbid_unknown_fields=True, gc=False):
    """As DSSE writes it: bytes stand as base64. `read_envelope` admits the one canonical writing alone."""

    payload: bytes
    payloadType: str  # noqa: N815, the format's name
    signatures: Annotated[tuple[_Signature, ...], msgspec.Meta(min_length=1, max_length=SIGNATURES_MAX)]


_statement_decoder = msgspec.json.Decoder(Statement)
_envelope_decoder = msgspec.json.Decoder(_Envelope)


def pae(payload: bytes) -> bytes:
    """The bytes that are signed: DSSE's pre-authentication encoding."""
    return b"%b%d %b" % (_PAE_HEAD, len(payload), payload)


def statement_id(payload: bytes) -> str:
    """Hex SHA-256 of the signed bytes."""
    return hashlib.sha256(pae(payload)).hexdigest()


def encode_statement(statement: Statement) -> bytes:
    """Payload bytes of a new statement. Raises LimitExceeded when it is too large to be logged."""
    payload = canonical.encode(statement)
    if len(payload) > PAYLOAD_BYTES_MAX:
        raise LimitExceeded(f"a payload has at most {PAYLOAD_BYTES_MAX} bytes, got {len(payload)}: use a blob")
    canonical.require_text_normal(payload)
    return payload


def write_envelope(payload: bytes, signatures: dict[str, bytes]) -> bytes:
    """The canonical envelope: an entry of a log when every signer has signed."""
    envelope = _Envelope(
        payload=payload,
        payloadType=PAYLOAD_TYPE,
        # INVARIANT (one-encoding): signatures are sorted by key id, or one statement would have two leaf hashes.
        signatures=tuple(_Signature(keyid=key_id, sig=signatures[key_id]) for key_id in sorted(signatures)),
    )
    return canonical.encode(envelope)


def read_envelope(data: bytes) -> Signed:
    """Read an envelope that may still lack signatures (an actor's offer to its node).

    Raises EntryInvalid for anything that is not the canonical envelope of a canonical statement. Verifies no
    signature.
    """
    if len(data) > ENTRY_BYTES_MAX:
        raise EntryInvalid(f"an entry has at most {ENTRY_BYTES_MAX} bytes, got {len(data)}")
    try:
        envelope = _envelope_decoder.decode(data)
        payload = envelope.payload
        signatures = {s.keyid: s.sig for s in envelope.signatures}
        if envelope.payloadType != PAYLOAD_TYPE:
            raise EntryInvalid(f"payload type {PAYLOAD_TYPE}, got {envelope.payloadType[:80]!r}")
        if len(payload) > PAYLOAD_BYTES_MAX:
            raise EntryInvalid(f"a payload has at most {PAYLOAD_BYTES_MAX} bytes, got {len(payload)}")
        if canonical.encode(envelope) != data or list(signatures) != sorted(s.keyid for s in envelope.signatures):
            raise EntryInvalid("expected the one canonical envelope, got another writing of it")
        statement = _statement_decoder.decode(payload)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise EntryInvalid(f"expected a signed statement, got {str(error)[:200]}") from None
    if canonical.encode(statement) != payload:
        raise EntryInvalid("expected the one canonical encoding of a statement, got another")
    try:
        canonical.require_text_normal(payload)
    except CanonicalInvalid as error:
        raise EntryInvalid(str(error)) from None
    if not statement.actor.startswith(statement.party + "/"):
        raise EntryInvalid(f"an actor of party {statement.party}, got {statement.actor}")
    return Signed(statement, payload, pae(payload), signatures)


def read_entry(entry: bytes) -> Signed:
    """Read a complete entry: as `read_envelope`, and signed by exactly the signers that the statement names."""
    signed = read_envelope(entry)
    if tuple(sorted(signed.signatures)) != signed.statement.signers:
        raise EntryInvalid("signatures by exactly the named signers in order, got others, fewer or more")
    return signed


def verify_signatures(signed: Signed, key_of: Callable[[str], PublicKey | None]) -> None:
    """Return if every signature verifies; raise SignatureInvalid naming the first that does not.

    key_of: the key that the log's party has made known under a key id, None for a stranger's.
    """
    for key_id, signature in signed.signatures.items():
        key = key_of(key_id)
        if key is None:
            raise SignatureInvalid(f"a key enrolled by {signed.statement.party}, got unknown key {key_id[:16]}")
        key.verify(signed.message, signature)
