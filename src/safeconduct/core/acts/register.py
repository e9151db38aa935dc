"""Who and what is protected. No name of a person stands in a statement: only commitments to sealed dossiers."""

from __future__ import annotations

from typing import Annotated

import msgspec

from safeconduct.core.acts.words import Act, Identifier, Instant, Name, Small, Text
from safeconduct.core.statement import Digest, PartyId

# A key of 32 bytes sealed to another: 80 bytes in base64.
SealedKey = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9+/]{107}=\Z")]


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


class DossierCopy(Act, frozen=True, kw_only=True):
    """The dossier's key for one party's node. to: key id of its sealing key."""

    party: PartyId
    to: Digest
    sealed: SealedKey


class PersonSealed(Act, frozen=True, kw_only=True):
    """A person's dossier is kept by nodes, until its time is over. Said again, it is kept longer.

    dossier: the commitment of the registration. content: SHA-256 of the ciphertext, of `size` bytes. key: commitment to
    its key. until: from then on nobody may open it; the keys that it is sealed to are destroyed after that.
    """

    dossier: Digest
    content: Digest
    size: Annotated[int, msgspec.Meta(ge=1, le=2**20)]
    key: Digest
    copies: Annotated[tuple[DossierCopy, ...], msgspec.Meta(min_length=1, max_length=16)]
    until: Instant


class PersonOpened(Act, frozen=True, kw_only=True):
    """The actor wants to see the dossier and says what for; its node shows it once this is on the record."""

    content: Digest
    reason: Text


RegisterAct = SiteRegistered | GroupRegistered | PersonRegistered | PersonSealed | PersonOpened
