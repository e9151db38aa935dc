"""What can be said about the copies of an order: committed to, delivered, received; and about a leak of it.

Who has which value is never said, until a leak was recorded and people of every party have asked for the seeds.
"""

from __future__ import annotations

from typing import Annotated

import msgspec

from safeconduct.core.acts.words import Act, Identifier, Instant, Name, Text
from safeconduct.core.statement import Digest, PartyId

# Tracing scores every pair of them: 500 make 124,750.
RECIPIENTS_MAX = 500

KeyText = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9+/]{43}=\Z")]
# 32 bytes that were secret until they were said.
Opened = KeyText


class ReaderPublished(Act, frozen=True, kw_only=True):
    """The actor's machine reads with this X25519 key (standard base64). Said again, it replaces."""

    key: KeyText


class VariantsCommitted(Act, frozen=True, kw_only=True):
    """This node has chosen its values of an order's slots for each recipient, before it delivers any.

    slots: digest of the slot list. recipients: key ids of their reading keys, ascending. commitment: CAN-7.
    """

    slots: Digest
    recipients: Annotated[tuple[Digest, ...], msgspec.Meta(min_length=1, max_length=RECIPIENTS_MAX)]
    commitment: Digest


class HalvesDelivered(Act, frozen=True, kw_only=True):
    """This node's half of each copy, sealed to its recipient. halves: SHA-256 of the blob with all of them."""

    halves: Digest
    size: Annotated[int, msgspec.Meta(ge=1, le=2**22)]


class CopyReceived(Act, frozen=True, kw_only=True):
    """The recipient has merged its copy of a content. receipt: salted commitment to the words of it (CAN-11)."""

    content: Digest
    recipient: Digest
    receipt: Digest


class CopyRefused(Act, frozen=True, kw_only=True):
    """The half of a party did not fit, so that the recipient has no copy of the content. reason: without values."""

    content: Digest
    recipient: Digest
    party: PartyId
    reason: Text


class LeakFound(Act, frozen=True, kw_only=True):
    """A text was found that may come from this order. Said of each order that it may come from.

    leak: the investigation, one for all of its texts and orders. evidence: SHA-256 of the text as found; the text stays
    with the finder. found_by: in words, never a person's name.
    """

    leak: Identifier
    evidence: Digest
    found_at: Instant
    found_by: Name


class SeedAsked(Act, frozen=True, kw_only=True):
    """A member of the joint panel asks every node to open its seed of this order."""

    leak: Identifier
    reason: Text


class SeedOpened(Act, frozen=True, kw_only=True):
    """This node's seed of the order, and the salt of its commitment: 32 bytes each, in base64."""

    leak: Identifier
    seed: Opened
    salt: Opened


class TraceStated(Act, frozen=True, kw_only=True):
    """What a member of the panel got when the leak was traced. result: SHA-256 of its canonical bytes."""

    leak: Identifier
    result: Digest


CopiesAct = (
    VariantsCommitted | HalvesDelivered | CopyReceived | CopyRefused | LeakFound | SeedAsked | SeedOpened | TraceStated
)
