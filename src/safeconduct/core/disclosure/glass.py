"""Break-glass: each party's share again in pieces, sealed to officers' offline keys, for when its node is silent.

The author makes the escrow when it seals; the nodes keep it as they keep the ciphertext. Nobody holds a content key by
it: pieces give back one party's share, and the other shares are needed all the same. Method: docs/spec/sealing.md
SEAL-70 to SEAL-78.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Mapping, Sequence
from typing import Annotated

import msgspec

from safeconduct.core.acts import CompartmentSealed, GlassGiven, Identifier
from safeconduct.core.agreement import BreakGlass
from safeconduct.core.disclosure.compartment import KeyShare, Randomness, require_fits, seal_with_shares
from safeconduct.core.disclosure.content import Content
from safeconduct.core.sealing import (
    PIECE_BYTES,
    SALT_BYTES,
    SECRET_BYTES,
    OfflineKey,
    SealingKey,
    SealingPublicKey,
    check_commitment,
    commitment,
    join_pieces,
    seal_for_recipient,
    split_in_pieces,
)
from safeconduct.core.statement import Digest, PartyId, SubjectId, encode
from safeconduct.errors import CheckFailed, InputInvalid

ESCROW_FORMAT = "safeconduct/escrow/1"
PIECE_FORMAT = "safeconduct/piece/1"
# 16 parties with 16 officers each, at some 1,400 bytes a piece.
ESCROW_BYTES_MAX = 512 * 1024

_PIECE = "glass-piece"


class EscrowPiece(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A piece of a party's share as it travels: an age file for one officer, and the commitment to what is in it."""

    party: PartyId
    officer: Identifier
    commitment: Digest
    sealed: Annotated[str, msgspec.Meta(max_length=4_000)]


class Escrow(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """All pieces of one content, in the order of the agreement."""

    format: str
    content: Digest
    pieces: Annotated[tuple[EscrowPiece, ...], msgspec.Meta(min_length=2, max_length=256)]


class HeldPiece(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What an officer finds in his age file. agreement: digest of the terms by which alone it is given."""

    format: str
    agreement: Digest
    subject: SubjectId
    compartment: str
    variant: str
    content: Digest
    party: PartyId
    officer: Identifier
    piece: str
    salt: str

    def __repr__(self) -> str:
        return f"HeldPiece({self.content[:16]}, {self.party}, {self.officer})"


class _PieceUse(msgspec.Struct, frozen=True, kw_only=True):
    """What a given piece is for: it opens for exactly this."""

    subject: str
    content: str
    party: str
    officer: str
    holder: str
    to: str


_escrow_decoder = msgspec.json.Decoder(Escrow)
_held_decoder = msgspec.json.Decoder(HeldPiece)


# --- the author -------------------------------------------------------------------------------------------------------


def seal_behind_glass(
    content: Content,
    *,
    subject: str,
    compartment: str,
    variant: str,
    holders: Mapping[str, SealingPublicKey],
    randomness: Randomness,
    agreement: str,
    break_glass: Sequence[BreakGlass],
    slots: str | None = None,
) -> tuple[CompartmentSealed, bytes, bytes | None]:
    """As `seal_with_shares`, with the escrow that the agreement asks instead of the shares; None if it asks none.

    slots: digest of the slot list whose slots the words name, if they name any. agreement: digest of the terms by which
    the movement is judged. Raises KeyInvalid for an officer's key that is none.
    """
    act, sealed, shares = seal_with_shares(
        content,
        subject=subject,
        compartment=compartment,
        variant=variant,
        holders=holders,
        randomness=randomness,
        slots=slots,
    )
    if not break_glass:
        return act, sealed, None
    pieces = []
    for glass in break_glass:
        share = shares[glass.party]
        parts = split_in_pieces(share.secret + share.salt, len(glass.officers), glass.needed)
        for officer, part in zip(glass.officers, parts, strict=True):
            salt = randomness(SALT_BYTES)
            held = HeldPiece(
                format=PIECE_FORMAT,
                agreement=agreement,
                subject=subject,
                compartment=compartment,
                variant=variant,
                content=act.content,
                party=glass.party,
                officer=officer.id,
                piece=base64.b64encode(part).decode(),
                salt=base64.b64encode(salt).decode(),
            )
            pieces.append(
                EscrowPiece(
                    party=glass.party,
                    officer=officer.id,
                    commitment=commitment(_PIECE, _label(act.content, glass.party, officer.id), salt, part),
                    sealed=base64.b64encode(seal_for_recipient(encode(held), officer.key)).decode(),
                )
            )
    escrow = encode(Escrow(format=ESCROW_FORMAT, content=act.content, pieces=tuple(pieces)))
    return msgspec.structs.replace(act, escrow=hashlib.sha256(escrow).hexdigest()), sealed, escrow


# --- the nodes --------------------------------------------------------------------------------------------------------


def require_escrow(act: CompartmentSealed, break_glass: Sequence[BreakGlass], escrow: bytes) -> Escrow:
    """The escrow that the act names, with one piece for each officer of the agreement.

    Raises CheckFailed for other bytes, for another content, or for other officers. Whether a piece is what it commits
    to shows when its officer opens it.
    """
    found = hashlib.sha256(escrow).hexdigest()
    if found != act.escrow or len(escrow) > ESCROW_BYTES_MAX:
        raise CheckFailed(f"expected escrow {(act.escrow or 'none')[:16]}, got {found[:16]} of {len(escrow)} bytes")
    try:
        read = _escrow_decoder.decode(escrow)
    except ValueError as error:  # msgspec's own, and text that is not UTF-8
        raise CheckFailed(f"expected the pieces for officers, got {error}") from None
    if read.format != ESCROW_FORMAT or encode(read) != escrow or read.content != act.content:
        raise CheckFailed(f"expected the canonical {ESCROW_FORMAT} of {act.content[:16]}, got another")
    wanted = [(glass.party, officer.id) for glass in break_glass for officer in glass.officers]
    if [(piece.party, piece.officer) for piece in read.pieces] != wanted:
        raise CheckFailed("expected one piece for each officer of the agreement, in its order, got others")
    return read


def take_piece(escrow: Escrow, subject: str, given: GlassGiven, holder: str, key: SealingKey) -> bytes:
    """The piece that was given to a node. Raises CheckFailed unless it is the officer's, for this content."""
    listed = _listed(escrow, given.party, given.officer)
    use = _piece_use(subject, given.content, given.party, given.officer, holder, given.to)
    try:
        data = key.open(base64.b64decode(given.sealed, validate=True), encode(use))
    except binascii.Error:
        raise InputInvalid("a given piece is standard base64, got something else") from None
    piece, salt = data[:PIECE_BYTES], data[PIECE_BYTES:]
    if len(salt) != SALT_BYTES or given.content != escrow.content:
        raise CheckFailed(f"expected a piece of {escrow.content[:16]}, got one of {given.content[:16]}")
    check_commitment(listed.commitment, _PIECE, _label(escrow.content, given.party, given.officer), salt, piece)
    return piece


def share_of_pieces(act: CompartmentSealed, party: str, pieces: Sequence[bytes]) -> KeyShare:
    """A party's share, from the pieces of enough of its officers. Raises CheckFailed for too few, or others."""
    data = join_pieces(pieces)
    share = KeyShare(data[:SECRET_BYTES], data[SECRET_BYTES:])
    require_fits(act, party, share)
    return share


# --- an officer -------------------------------------------------------------------------------------------------------


def open_piece(escrow: Escrow, party: str, officer: str, key: OfflineKey) -> HeldPiece:
    """What an officer holds of a party's share.

    Raises CheckFailed if it is not sealed to this key, is for another content, party or officer, or is not what the
    escrow commits to.
    """
    listed = _listed(escrow, party, officer)
    try:
        held = _held_decoder.decode(key.open(base64.b64decode(listed.sealed, validate=True)))
        piece, salt = (base64.b64decode(text, validate=True) for text in (held.piece, held.salt))
    except ValueError:  # msgspec's own, not UTF-8, no base64
        raise CheckFailed("expected a piece in what was sealed to this officer, got something else") from None
    if (held.format, held.content, held.party, held.officer) != (PIECE_FORMAT, escrow.content, party, officer):
        raise CheckFailed(f"expected the piece of {officer} of {escrow.content[:16]}, got another")
    if len(piece) != PIECE_BYTES:
        raise CheckFailed(f"a piece has {PIECE_BYTES} bytes, got {len(piece)}")
    check_commitment(listed.commitment, _PIECE, _label(held.content, party, officer), salt, piece)
    return held


def give_piece(held: HeldPiece, holder: str, to: SealingPublicKey) -> GlassGiven:
    """An officer's piece for a party's node: what is said when it is brought there."""
    use = _piece_use(held.subject, held.content, held.party, held.officer, holder, to.key_id)
    secret = base64.b64decode(held.piece) + base64.b64decode(held.salt)
    return GlassGiven(
        content=held.content,
        party=held.party,
        officer=held.officer,
        to=to.key_id,
        sealed=base64.b64encode(to.seal(secret, encode(use))).decode(),
    )


def _listed(escrow: Escrow, party: str, officer: str) -> EscrowPiece:
    listed = next((p for p in escrow.pieces if (p.party, p.officer) == (party, officer)), None)
    if listed is None:
        raise InputInvalid(f"expected an officer who holds a piece of the share of {party}, got {officer}")
    return listed


def _label(content: str, party: str, officer: str) -> str:
    return f"{content}/{party}/{officer}"


def _piece_use(subject: str, content: str, party: str, officer: str, holder: str, to: str) -> _PieceUse:
    return _PieceUse(subject=subject, content=content, party=party, officer=officer, holder=holder, to=to)
