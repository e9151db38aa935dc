"""What is said to the press and as statistics: proposed by one party, and out only when every other has signed it.

The words are meant for everybody, so they stand in the statement; until all have signed, no node gives them out.
"""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from safeconduct.core.acts.words import Act, Name, Text
from safeconduct.core.statement import Digest

PressLanguage = Literal["en", "zh", "ur"]
# Three languages of this length leave room in a statement.
PressText = Annotated[str, msgspec.Meta(min_length=1, max_length=4_000)]


class ReleasedCount(Act, frozen=True, kw_only=True):
    """One number. Exactly one of number and fewer_than: what is below the agreed number is not told exactly."""

    of: Name
    number: Annotated[int, msgspec.Meta(ge=0, le=1_000_000_000)] | None = None
    fewer_than: Annotated[int, msgspec.Meta(ge=1, le=1_000)] | None = None


class ReleaseProposed(Act, frozen=True, kw_only=True):
    """Words, numbers or both that are to be given out jointly. texts: language → words."""

    texts: Annotated[dict[PressLanguage, PressText], msgspec.Meta(max_length=3)]
    counts: Annotated[tuple[ReleasedCount, ...], msgspec.Meta(max_length=200)]


class ReleaseSigned(Act, frozen=True, kw_only=True):
    """The party gives this out too. digest: of the proposal's body."""

    digest: Digest


class ReleaseRefused(Act, frozen=True, kw_only=True):
    """The party does not give this out; of both said at once, this counts."""

    digest: Digest
    reason: Text


class ReleaseWithdrawn(Act, frozen=True, kw_only=True):
    """Whoever proposed it takes it back before every party has signed."""

    digest: Digest
    reason: Text


ReleaseAct = ReleaseProposed | ReleaseSigned | ReleaseRefused | ReleaseWithdrawn
