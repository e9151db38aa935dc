"""Hash of the state, so that two nodes compare everything they know in 32 bytes (docs/spec/record.md REC-50)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from safeconduct.core.record.law import Law
from safeconduct.core.record.state import State
from safeconduct.core.statement import encode


def state_digest(state: State) -> str:
    """Hex SHA-256 of one subject's state in canonical bytes."""
    return hashlib.sha256(encode(state)).hexdigest()


def law_digest(law: Law) -> str:
    """Hex SHA-256 of the law: versions in force, actors as enrolled last, steps, reading keys, slot lists."""
    whole = hashlib.sha256()
    for position, digest in law.history():
        whole.update(f"{position.t} {position.n} {position.party} {position.entry} {digest}\n".encode())
    for actor, member in law.members().items():
        enrolled = f"{member.key_id} {' '.join(member.roles)}" if member is not None else "revoked"
        whole.update(f"{actor} {enrolled}\n".encode())
    for position, level in law.levels():
        whole.update(f"{position.t} {position.n} {position.party} {position.entry} {level}\n".encode())
    for actor in law.members():
        key_id = law.reader(actor)
        if key_id is not None:
            whole.update(f"{actor} reads {key_id}\n".encode())
    for digest, listed in sorted(law.lists.items()):
        whole.update(f"slots {digest} {' '.join(listed.signed_by)}\n".encode())
    return whole.hexdigest()


def record_digest(subjects: Iterable[tuple[str, str]]) -> str:
    """Hex SHA-256 over (subject, digest) of every subject, whatever the order they come in."""
    whole = hashlib.sha256()
    for subject, digest in sorted(subjects):
        whole.update(f"{subject} {digest}\n".encode())
    return whole.hexdigest()
