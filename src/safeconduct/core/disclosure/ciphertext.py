"""What every ciphertext that an act names has in common: its digest and size, and the commitment to its key."""

from __future__ import annotations

import hashlib

from safeconduct.core.acts import CompartmentSealed, ItemShared, PersonSealed
from safeconduct.core.sealing import commitment
from safeconduct.errors import CheckFailed


def require_ciphertext(act: CompartmentSealed | PersonSealed | ItemShared, sealed: bytes) -> None:
    """Raise CheckFailed unless this is the ciphertext that the act names."""
    found = hashlib.sha256(sealed).hexdigest()
    if found != act.content or len(sealed) != act.size:
        raise CheckFailed(f"ciphertext {act.content[:16]} of {act.size} bytes, got {found[:16]} of {len(sealed)} bytes")


def key_commitment(domain: str, content: str, key: bytes) -> str:
    """What binds a ciphertext to one key: the cipher alone would let it open to two texts under two keys.

    The key itself is the salt: nobody can guess it, and it stays with whoever may open.
    """
    return commitment(domain, content, key, b"")
