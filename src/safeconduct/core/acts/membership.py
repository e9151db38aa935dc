"""Who may speak for a party. Said by the party's authority alone (its root key)."""

from __future__ import annotations

from typing import Annotated

import msgspec

from safeconduct.core.acts.words import Act, Identifier, Text

KeyText = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9+/]{43}=\Z")]


class ActorEnrolled(Act, frozen=True, kw_only=True):
    """An actor holds these roles and signs with this Ed25519 key (standard base64). Said again, it replaces."""

    key: KeyText
    roles: Annotated[tuple[Identifier, ...], msgspec.Meta(min_length=1, max_length=16)]


class ActorRevoked(Act, frozen=True, kw_only=True):
    """The actor's key signs no more from here on."""

    reason: Text


MembershipAct = ActorEnrolled | ActorRevoked
