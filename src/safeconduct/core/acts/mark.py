"""Sealed marks: that a movement or a site is hidden from a unit, or that a movement is a decoy.

What a mark says is sealed to every party's node and of one size, whatever it says. The review opens it on the record.
"""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from safeconduct.core.acts.compartment import KeyText
from safeconduct.core.acts.words import Act, Instant, Text
from safeconduct.core.statement import Digest, PartyId

MarkSort = Literal["shut_out", "decoy"]
# What can be hidden from somebody.
MarkedSubject = Annotated[str, msgspec.Meta(pattern=r"^(movement|site)/[a-z0-9][a-z0-9._-]{0,63}\Z")]
# A role of the agreement, or one actor.
UnitId = Annotated[str, msgspec.Meta(pattern=r"^([a-z][a-z0-9-]{0,31}/)?[a-z0-9][a-z0-9._-]{0,63}\Z")]
# A box of 1,064 bytes: 24 of nonce, 1,024 of content, 16 of tag.
MarkBox = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9+/]{1419}=\Z")]
# A key of 32 bytes sealed to a node, 80 bytes.
SealedMarkKey = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9+/]{107}=\Z")]


class MarkContent(Act, frozen=True, kw_only=True):
    """What a mark says. unit: from whom `about` is hidden; absent for a decoy."""

    sort: MarkSort
    about: MarkedSubject
    unit: UnitId | None = None
    reason: Annotated[str, msgspec.Meta(min_length=1, max_length=400)]


class MarkHolder(Act, frozen=True, kw_only=True):
    """The key of the box for one party's node. to: key id of its sealing key."""

    party: PartyId
    to: Digest
    sealed: SealedMarkKey


class MarkSealed(Act, frozen=True, kw_only=True):
    """A mark is made. box: its content. key: commitment to the key of the box. until: when it ends, ms."""

    until: Instant
    box: MarkBox
    key: Digest
    holders: Annotated[tuple[MarkHolder, ...], msgspec.Meta(min_length=2, max_length=16)]


class MarkChecked(Act, frozen=True, kw_only=True):
    """This node opened the mark and keeps to it, or not, and why. content: SHA-256 of the box, as in the acts below."""

    content: Digest
    holds: bool
    account: Text | None = None


class MarkAgreed(Act, frozen=True, kw_only=True):
    """The actor has read the mark and agrees to it for its party."""

    content: Digest


class MarkOpened(Act, frozen=True, kw_only=True):
    """The review: from now on everybody reads the mark. key: of the box; the mark ends with it."""

    content: Digest
    key: KeyText


class MarkExpired(Act, frozen=True, kw_only=True):
    """The node opens a mark that has ended and that nobody opened."""

    content: Digest
    key: KeyText


MarkAct = MarkSealed | MarkChecked | MarkAgreed | MarkOpened | MarkExpired
