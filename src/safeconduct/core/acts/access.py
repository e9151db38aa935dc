"""Why somebody looks at what is sensitive: said before it is shown.

Opening a compartment says its reason itself. Who asks who knew, or takes an evidence pack, says it here: with a key, or
typed into a page, and then the node says who typed what.
"""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from safeconduct.core.acts.words import Act, Text
from safeconduct.core.statement import SubjectId

Look = Literal["knew", "pack"]
About = Annotated[tuple[SubjectId, ...], msgspec.Meta(min_length=1, max_length=20)]


class AccessReasoned(Act, frozen=True, kw_only=True):
    """The actor asks who knew, or takes evidence, about these subjects, and says why."""

    what: Look
    about: About
    reason: Text


class AccessNoted(Act, frozen=True, kw_only=True):
    """The same, typed into a page of this node by the actor that the subject names: no key of the actor signed it."""

    what: Look
    about: About
    reason: Text


AccessAct = AccessReasoned | AccessNoted
