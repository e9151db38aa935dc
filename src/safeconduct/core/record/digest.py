"""Hash of the state, so that two nodes compare everything they know in 32 bytes (docs/spec/record.md REC-50)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from safeconduct.core.record.state import State
from safeconduct.core.statement import encode


def state_digest(state: State) -> str:
    """Hex SHA-256 of one subject's state in canonical bytes."""
    return hashlib.sha256(encode(state)).hexdigest()


def record_digest(subjects: Iterable[tuple[str, str]]) -> str:
    """Hex SHA-256 over (subject, digest) of every subject, whatever the order they come in."""
    whole = hashlib.sha256()
    for subject, digest in sorted(subjects):
        whole.update(f"{subject} {digest}\n".encode())
    return whole.hexdigest()
