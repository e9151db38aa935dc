"""One hand's halves of all copies of an order, each sealed to its recipient (docs/spec/canary.md CAN-30, CAN-31).

A recipient's machine opens its own with a key that no node has. So neither node ever holds the other's half.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Annotated, Literal

import msgspec

from safeconduct.core.acts import RECIPIENTS_MAX, Identifier, SlotList
from safeconduct.core.disclosure.canary import Half, half_of
from safeconduct.core.record import Variants
from safeconduct.core.sealing import SealingKey, SealingPublicKey, pad, unpad
from safeconduct.core.statement import Digest, PartyId, encode
from safeconduct.errors import CheckFailed, InputInvalid


class SealedHalf(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A half that its recipient's machine opens. recipient: key id. sealed: base64 as msgspec writes bytes."""

    recipient: Digest
    sealed: bytes


class Halves(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What `halves.delivered` names by its digest: one half for each recipient, ascending."""

    format: Literal["safeconduct/halves/1"]
    order: Identifier
    party: PartyId
    slots: Digest
    halves: Annotated[tuple[SealedHalf, ...], msgspec.Meta(min_length=1, max_length=RECIPIENTS_MAX)]


class _Use(msgspec.Struct, frozen=True, kw_only=True):
    """What a sealed half is for: it opens for exactly this."""

    order: str
    party: str
    slots: str
    recipient: str


_decoder = msgspec.json.Decoder(Halves)
_half_decoder = msgspec.json.Decoder(Half)


def seal_halves(slots: SlotList, variants: Variants, keys: Mapping[Digest, SealingPublicKey]) -> bytes:
    """The blob with a hand's halves. keys: each recipient's reading key by its id. Method: CAN-30.

    All sealed halves are of one length, so that none tells by it which values it has.
    """
    halves = tuple(
        SealedHalf(
            recipient=recipient,
            sealed=keys[recipient].seal(
                pad(encode(half_of(slots, variants, recipient))), _info(variants.order, variants, recipient)
            ),
        )
        for recipient in variants.recipients
    )
    blob = Halves(
        format="safeconduct/halves/1", order=variants.order, party=variants.party, slots=variants.slots, halves=halves
    )
    return encode(blob)


def read_halves(data: bytes) -> Halves:
    """The halves in a blob. Raises InputInvalid for other bytes."""
    try:
        halves = _decoder.decode(data)
    except ValueError as error:  # msgspec's own, and text that is not UTF-8
        raise InputInvalid(f"expected the sealed halves of an order, got {error}") from None
    if encode(halves) != data:
        raise InputInvalid("expected the canonical bytes of sealed halves, got another writing of them")
    return halves


def require_halves(data: bytes, digest: Digest, size: int) -> None:
    """Raise CheckFailed unless this is the blob that was named."""
    found = hashlib.sha256(data).hexdigest()
    if (found, len(data)) != (digest, size):
        raise CheckFailed(f"halves {digest[:16]} of {size} bytes, got {found[:16]} of {len(data)} bytes")


def open_half(sealed: bytes, slots: SlotList, order: Identifier, party: PartyId, key: SealingKey) -> Half:
    """A recipient's own half of one hand. Raises CheckFailed, naming the hand, for one that does not fit.

    It must open with the recipient's key for this order and hand, and have exactly one value for each slot of the hand
    (CAN-8). That it is the one that was committed to shows when the seed is opened.
    """
    recipient = key.public.key_id
    use = _Use(order=order, party=party, slots=slots.digest, recipient=recipient)
    try:
        half = _half_decoder.decode(unpad(key.open(sealed, encode(use))))
    except (CheckFailed, ValueError):
        raise CheckFailed(f"expected a half by {party} sealed to this key for order {order}, got another") from None
    if (half.order, half.party, half.recipient, half.slots) != (order, party, recipient, slots.digest):
        raise CheckFailed(f"expected a half by {party} of order {order} for this recipient, got another")
    sizes = {slot.id: len(slot.values) for slot in slots.slots if slot.party == party}
    if half.values.keys() != sizes.keys() or any(not 0 <= half.values[slot] < sizes[slot] for slot in sizes):
        raise CheckFailed(f"expected one value of each slot in the hand of {party}, got others")
    return half


def _info(order: Identifier, variants: Variants, recipient: Digest) -> bytes:
    return encode(_Use(order=order, party=variants.party, slots=variants.slots, recipient=recipient))
