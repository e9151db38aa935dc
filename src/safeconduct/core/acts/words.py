"""The value types that acts are made of."""

from __future__ import annotations

from typing import Annotated

import msgspec

from safeconduct.core.statement import INTEGER_MAX

# In which people read and say things here.
LANGUAGES = ("en", "zh", "ur")

Identifier = Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9][a-z0-9._-]{0,63}\Z")]
# Names that conditions use: no hyphen, which is a minus there, and no dot.
FieldName = Annotated[str, msgspec.Meta(pattern=r"^[a-z][a-z0-9_]{0,39}\Z")]
# Milliseconds since 1970-01-01T00:00:00Z.
Instant = Annotated[int, msgspec.Meta(ge=0, le=INTEGER_MAX)]
Small = Annotated[int, msgspec.Meta(ge=0, le=10_000)]
Text = Annotated[str, msgspec.Meta(min_length=1, max_length=2_000)]
Name = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]


class Act(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True, gc=False):
    """Base of every act's body: immutable, strict, absent instead of null."""
