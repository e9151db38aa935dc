"""What can be said about sealed content: that it exists, that its shares fit, to whom it opens, who opened or told it.

Nothing here says what is sealed. The ciphertext is a blob that the statement names by its digest.
"""

from __future__ import annotations

from typing import Annotated

import msgspec

from safeconduct.core.acts.words import Act, Instant, Name, Text
from safeconduct.core.statement import Digest, PartyId

CompartmentId = Annotated[str, msgspec.Meta(pattern=r"^[a-z][a-z0-9_]{0,39}\Z")]
# How exactly: everything, how many there are, or rounded to a grid of so many metres, so many minutes, or both.
Variant = Annotated[str, msgspec.Meta(pattern=r"^(exact|count|blurred(-[1-9][0-9]{0,6}m)?(-[1-9][0-9]{0,5}min)?)\Z")]
KeyText = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9+/]{43}=\Z")]
# A share and its salt, 64 bytes, sealed to a key: 112 bytes in base64.
SealedShare = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9+/]{150}==\Z")]


class Share(Act, frozen=True, kw_only=True):
    """One party's share of the content key. to: key id of its node's sealing key. commitment: of the share."""

    party: PartyId
    to: Digest
    sealed: SealedShare
    commitment: Digest


class CompartmentSealed(Act, frozen=True, kw_only=True):
    """A compartment is sealed: for every party one share of its key.

    content: SHA-256 of the ciphertext, of `size` bytes. key: commitment to the content key. escrow: SHA-256 of the
    pieces that officers may give; absent where the agreement has no break-glass. slots: digest of the slot list whose
    slots the words name, each as `{slot}`; absent where they name none.
    """

    compartment: CompartmentId
    variant: Variant
    content: Digest
    size: Annotated[int, msgspec.Meta(ge=1, le=2**22)]
    key: Digest
    shares: Annotated[tuple[Share, ...], msgspec.Meta(min_length=2, max_length=16)]
    escrow: Digest | None = None
    slots: Digest | None = None


class CompartmentChecked(Act, frozen=True, kw_only=True):
    """This node has the ciphertext and opened its share: it fits its commitment, or not, and why."""

    content: Digest
    holds: bool
    account: Text | None = None


class CompartmentReleased(Act, frozen=True, kw_only=True):
    """This node gives its share to another party's node. to: key id of that node's sealing key."""

    content: Digest
    party: PartyId
    to: Digest
    sealed: SealedShare


class CompartmentOpened(Act, frozen=True, kw_only=True):
    """The actor wants to see the content, and its node shows it once this is on the record.

    reason: why, where the agreement asks it.
    """

    content: Digest
    reason: Text | None = None


class CompartmentTold(Act, frozen=True, kw_only=True):
    """The actor has told somebody what a content says, by word of mouth or otherwise.

    to: an actor's id; for somebody without one, a role or a place in words, never a person's name.
    """

    content: Digest
    to: Name
    note: Text | None = None


class SealingKeyPublished(Act, frozen=True, kw_only=True):
    """A key that content may be sealed to for this node, until its private part is destroyed."""

    key: KeyText
    until: Instant


class SealingKeyDestroyed(Act, frozen=True, kw_only=True):
    """The private part of a sealing key is no more: what was sealed to it stays closed for ever."""

    key: Digest


CompartmentAct = (
    CompartmentSealed
    | CompartmentChecked
    | CompartmentReleased
    | CompartmentOpened
    | CompartmentTold
    | SealingKeyPublished
    | SealingKeyDestroyed
)
