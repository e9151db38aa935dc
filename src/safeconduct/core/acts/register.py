"""Who and what is protected. No name of a person stands in a statement: only commitments to sealed dossiers."""

from __future__ import annotations

from typing import Annotated

import msgspec

from safeconduct.core.acts.words import Act, Identifier, Name, Small
from safeconduct.core.statement import Digest


class SiteRegistered(Act, frozen=True, kw_only=True):
    """A place that movements start from or go to. Position in 1e-7 degree."""

    name: Name
    district: Identifier
    latitude_e7: Annotated[int, msgspec.Meta(ge=-900_000_000, le=900_000_000)]
    longitude_e7: Annotated[int, msgspec.Meta(ge=-1_800_000_000, le=1_800_000_000)]


class GroupRegistered(Act, frozen=True, kw_only=True):
    """A group of protected people, by a label that names nobody."""

    label: Name
    category: Identifier
    people: Small


class PersonRegistered(Act, frozen=True, kw_only=True):
    """A protected person under a pseudonym (the subject). dossier: commitment to the sealed name and papers."""

    group: Identifier
    dossier: Digest


RegisterAct = SiteRegistered | GroupRegistered | PersonRegistered
