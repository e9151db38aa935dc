"""A request to an officer who holds a piece of a silent party's share: one file, checked without a network.

It carries the evidence pack of the movement, that of the asking node's sealing keys, and the escrow. What it is proved
under is not the file's own word: the officer's piece names the agreement, and the agreement has the parties' keys
(docs/spec/audit.md AUD-30 to AUD-34).
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping

import msgspec

from safeconduct.core.acts import CompartmentSealed, GlassGiven
from safeconduct.core.agreement import PartyTerms, Terms
from safeconduct.core.audit.pack import PACK_BYTES_MAX, Pack, PackReport, read_pack, verify_pack
from safeconduct.core.disclosure import Escrow, HeldPiece, give_piece, open_piece, require_escrow
from safeconduct.core.record import Asked, MovementState, Sealing, SealingState, glass_of, may_give, phase_at
from safeconduct.core.sealing import OfflineKey, SealingPublicKey
from safeconduct.core.statement import Digest, PartyId, SubjectId, encode
from safeconduct.errors import CheckFailed, InputInvalid, KeyInvalid, Refused

REQUEST_FORMAT = "safeconduct/glass-request/1"
PIECE_FILE_FORMAT = "safeconduct/glass-piece/1"
# Two packs and an escrow, in base64.
REQUEST_BYTES_MAX = 2 * PACK_BYTES_MAX
PIECE_FILE_BYTES_MAX = 4_096


class GlassRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The file. movement, keys: packs about the movement and `sealing/<asking>`; escrow: all in base64."""

    format: str
    content: Digest
    party: PartyId
    asking: PartyId
    movement: bytes
    keys: bytes
    escrow: bytes


class GlassPieceFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What an officer hands back, for the asking party's node alone."""

    format: str
    subject: SubjectId
    given: GlassGiven


class ProvedRequest(msgspec.Struct, frozen=True, kw_only=True):
    """A request that an officer may follow. asked: actor → when and why. as_of: of the evidence, ms."""

    subject: str
    compartment: str
    variant: str
    content: str
    party: str
    asking: str
    officer: str
    asked: Mapping[str, Asked]
    as_of: int
    piece: GlassPieceFile


_request_decoder = msgspec.json.Decoder(GlassRequest)
_piece_decoder = msgspec.json.Decoder(GlassPieceFile)
_escrow_decoder = msgspec.json.Decoder(Escrow)
_act_decoder = msgspec.json.Decoder(CompartmentSealed)


def prove_request(data: bytes, key: OfflineKey, now: int) -> ProvedRequest:
    """Check a request and make the officer's piece for it.

    now: this machine's clock, ms. Raises Refused with the reason while the record does not let the officer give,
    PackInvalid, CheckFailed or InputInvalid for what proves nothing.
    """
    request = _read(data)
    held = _held(request, key)
    pack = read_pack(request.movement)
    terms = next((text for text in pack.texts if text.digest == held.agreement), None)
    if terms is None:
        raise CheckFailed(
            f"expected evidence under agreement {held.agreement[:16]}, which the piece names, got another"
        )
    report = verify_pack(request.movement, _cards(pack, terms))
    state = report.state
    if report.subject != held.subject or not isinstance(state, MovementState) or state.agreement != held.agreement:
        raise CheckFailed(f"expected evidence about {held.subject}, which the piece is for, got {report.subject}")
    sealing = state.sealings.get(held.content)
    if sealing is None:
        raise CheckFailed(f"expected content {held.content[:16]} in the evidence, got none of it")
    act = _sealed(report, sealing)
    require_escrow(act, terms.break_glass, request.escrow)
    if report.as_of > now:
        raise Refused("clock_behind", "the evidence is of later than this machine's clock says: set the clock right")
    void = may_give(terms, state, phase_at(state, now), sealing, request.party, request.asking, held.officer, now)
    if void is not None:
        raise Refused(void.code, void.account)
    given = give_piece(held, request.asking, _receiving_key(request, terms, now))
    return ProvedRequest(
        subject=report.subject,
        compartment=sealing.compartment,
        variant=sealing.variant,
        content=held.content,
        party=request.party,
        asking=request.asking,
        officer=held.officer,
        asked=glass_of(sealing, request.party, request.asking).asked,
        as_of=report.as_of,
        piece=GlassPieceFile(format=PIECE_FILE_FORMAT, subject=report.subject, given=given),
    )


def read_piece_file(data: bytes) -> GlassPieceFile:
    """What an officer handed back. Raises InputInvalid for something else."""
    try:
        piece = _piece_decoder.decode(data)
    except ValueError as error:  # msgspec's own, and text that is not UTF-8
        raise InputInvalid(f"expected the piece of an officer, got {error}") from None
    if piece.format != PIECE_FILE_FORMAT:
        raise InputInvalid(f"expected format {PIECE_FILE_FORMAT}, got {piece.format[:60]!r}")
    return piece


def _read(data: bytes) -> GlassRequest:
    try:
        request = _request_decoder.decode(data)
    except ValueError as error:  # msgspec's own, and text that is not UTF-8
        raise InputInvalid(f"expected a request for an officer's piece, got {str(error)[:200]}") from None
    if request.format != REQUEST_FORMAT:
        raise InputInvalid(f"expected format {REQUEST_FORMAT}, got {request.format[:60]!r}")
    return request


def _held(request: GlassRequest, key: OfflineKey) -> HeldPiece:
    """The piece that this key opens, of the party and content that the request names."""
    try:
        escrow = _escrow_decoder.decode(request.escrow)
    except ValueError:  # msgspec's own, and text that is not UTF-8
        raise InputInvalid("expected the officers' pieces in the request, got something else") from None
    if escrow.content != request.content:
        raise CheckFailed(f"expected pieces of content {request.content[:16]}, got pieces of {escrow.content[:16]}")
    for listed in escrow.pieces:
        if listed.party != request.party:
            continue
        try:
            key.open(base64.b64decode(listed.sealed, validate=True))
        except (CheckFailed, binascii.Error):
            continue
        return open_piece(escrow, listed.party, listed.officer, key)
    raise CheckFailed(f"expected a piece of the share of {request.party} for key {key.recipient}, got none")


def _cards(pack: Pack, terms: Terms) -> dict[str, PartyTerms]:
    """The pack's cards, if they have the keys that the agreement gives; an address or a name may have changed."""
    cards = {card.id: card for card in pack.cards}
    for party in terms.parties:
        card = cards.get(party.id)
        if card is None or (card.root, _keys_of(card)) != (party.root, _keys_of(party)):
            raise CheckFailed(f"expected evidence under the keys that the agreement gives {party.id}, got others")
    if sorted(cards) != sorted(party.id for party in terms.parties):
        raise CheckFailed("expected evidence of the parties of the agreement, got others too")
    return cards


def _keys_of(card: PartyTerms) -> tuple[str, ...]:
    return (card.node.node, card.node.log, card.node.witness, card.node.mirror)


def _sealed(report: PackReport, sealing: Sealing) -> CompartmentSealed:
    return next(
        line.said.act
        for line in report.lines
        if line.said.id == sealing.mark.id and isinstance(line.said.act, CompartmentSealed)
    )


def _receiving_key(request: GlassRequest, terms: Terms, now: int) -> SealingPublicKey:
    """The asking node's key that is destroyed first, as its own log proves: nobody in between can put another."""
    report = verify_pack(request.keys, _cards(read_pack(request.keys), terms))
    if report.subject != f"sealing/{request.asking}" or not isinstance(report.state, SealingState):
        raise CheckFailed(f"expected the sealing keys of {request.asking}, got evidence about {report.subject}")
    lines = [line for line in report.state.keys.values() if line.destroyed is None and line.until > now]
    if not lines:
        raise CheckFailed(f"expected a sealing key of {request.asking} that is not destroyed, got none")
    try:
        return SealingPublicKey.from_text(min(lines, key=lambda line: (line.until, line.text)).text)
    except KeyInvalid as error:
        raise CheckFailed(str(error)) from None


def write_request(request: GlassRequest) -> bytes:
    """The file's bytes."""
    return encode(request)
