"""Break-glass: what is said when a compartment must open and the node of a party that holds a share is silent.

Who asks says why, and everybody sees it. What the officers give is a piece of the silent party's share, sealed to the
asking party's node.
"""

from __future__ import annotations

from typing import Annotated

import msgspec

from safeconduct.core.acts.words import Act, Identifier, Text
from safeconduct.core.statement import Digest, PartyId

# A piece of 65 bytes and its salt, sealed to a key: 145 bytes in base64.
SealedPiece = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9+/]{194}==\Z")]


class GlassAsked(Act, frozen=True, kw_only=True):
    """The actor asks the officers who hold the silent party's share in pieces to give them, and says why."""

    content: Digest
    party: PartyId
    reason: Text


class GlassGiven(Act, frozen=True, kw_only=True):
    """An officer gave a piece of the silent party's share. to: key id of the asking node's sealing key."""

    content: Digest
    party: PartyId
    officer: Identifier
    to: Digest
    sealed: SealedPiece


class GlassObjected(Act, frozen=True, kw_only=True):
    """The party that was called silent is not: nothing more is given until somebody asks anew."""

    content: Digest
    reason: Text


GlassAct = GlassAsked | GlassGiven | GlassObjected
