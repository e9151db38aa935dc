"""What can be said about information that is shared with a caveat: shared, opened, passed on, derived from, recalled.

Nothing here says what an item says. Its ciphertext is a blob that the statement names by its digest, and the terms
under which it may be read are signed with it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

import msgspec

from safeconduct.core.acts.compartment import SealedShare
from safeconduct.core.acts.words import Act, Identifier, Instant, Text
from safeconduct.core.statement import ActorId, Digest, PartyId

# Levels of the Traffic Light Protocol 2.0 of FIRST, from the loosest to the strictest.
Caveat = Literal["clear", "green", "amber", "amber_strict", "red"]
CAVEATS: tuple[Caveat, ...] = ("clear", "green", "amber", "amber_strict", "red")
# As FIRST writes them.
TLP_NAMES: Mapping[Caveat, str] = {
    "clear": "TLP:CLEAR",
    "green": "TLP:GREEN",
    "amber": "TLP:AMBER",
    "amber_strict": "TLP:AMBER+STRICT",
    "red": "TLP:RED",
}
# An actor's id, or the id of a role of the agreement.
Recipient = Annotated[str, msgspec.Meta(pattern=r"^([a-z][a-z0-9-]{0,31}/)?[a-z0-9][a-z0-9._-]{0,63}\Z")]
Recipients = Annotated[tuple[Recipient, ...], msgspec.Meta(min_length=1, max_length=32)]
# A content key of 32 bytes, sealed to a key: 80 bytes in base64.
SealedItemKey = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9+/]{107}=\Z")]


class ItemKey(Act, frozen=True, kw_only=True):
    """The content key for one party's node. to: key id of its sealing key."""

    party: PartyId
    to: Digest
    sealed: SealedItemKey


class ItemShared(Act, frozen=True, kw_only=True):
    """Information is shared under terms that go with it.

    caveat: how far it may go at most. recipients: who may be shown it, sorted. until, kept_until: when it is shown no
    more, and when nodes drop the ciphertext; both whole days of UTC. content: SHA-256 of the ciphertext, of `size`
    bytes. key: commitment to the content key. keys: it, sealed to the nodes of the recipients' parties and of its
    originator. link: commitment to what it was made from, or to nothing; origin: what opens that, sealed to the
    originator's node. Every item has both, so that nobody else sees which was made from another.
    """

    caveat: Caveat
    recipients: Recipients
    until: Instant
    kept_until: Instant
    content: Digest
    size: Annotated[int, msgspec.Meta(ge=1, le=2**22)]
    key: Digest
    keys: Annotated[tuple[ItemKey, ...], msgspec.Meta(min_length=1, max_length=16)]
    link: Digest
    origin: SealedShare
    derived_from: Annotated[tuple[Identifier, ...], msgspec.Meta(max_length=8)]


class ItemOpened(Act, frozen=True, kw_only=True):
    """The actor wants to see the item, and its node shows it once this is on the record."""

    content: Digest


class ItemOnwardAsked(Act, frozen=True, kw_only=True):
    """The actor asks the originator whether somebody else may be shown the item too, and says why."""

    content: Digest
    to: Recipient
    reason: Text


class ItemOnwardAllowed(Act, frozen=True, kw_only=True):
    """The originator lets `asker` pass this item on to `to`, once."""

    content: Digest
    asker: ActorId
    to: Recipient


class ItemOnwardRefused(Act, frozen=True, kw_only=True):
    """The originator does not let `asker` pass this item on to `to`; said after a consent, it takes that back."""

    content: Digest
    asker: ActorId
    to: Recipient
    reason: Text


class ItemPassed(Act, frozen=True, kw_only=True):
    """The item is passed on under the same terms. key: for the node of a party that has none yet."""

    content: Digest
    to: Recipient
    key: ItemKey | None = None


class ItemDerived(Act, frozen=True, kw_only=True):
    """Said of a source before an item made from it is shared.

    content: of the source. item, made, caveat, recipients: the derived item's id, the digest of its ciphertext, and the
    terms under which it will be shared.
    """

    content: Digest
    item: Identifier
    made: Digest
    caveat: Caveat
    recipients: Recipients


class ItemRecalled(Act, frozen=True, kw_only=True):
    """The originator takes the item back: nothing of it is shown any more. acknowledge_by: when all have confirmed."""

    content: Digest
    reason: Text
    acknowledge_by: Instant


class ItemDestroyed(Act, frozen=True, kw_only=True):
    """This node's copy of a recalled item's ciphertext is no more."""

    content: Digest


class ItemAcknowledged(Act, frozen=True, kw_only=True):
    """The actor has read the recall and has destroyed what it had of the item outside of its node."""

    content: Digest


ItemAct = (
    ItemShared
    | ItemOpened
    | ItemOnwardAsked
    | ItemOnwardAllowed
    | ItemOnwardRefused
    | ItemPassed
    | ItemDerived
    | ItemRecalled
    | ItemDestroyed
    | ItemAcknowledged
)
