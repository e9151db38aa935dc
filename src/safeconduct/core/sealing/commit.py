"""Commitments: a digest that says nothing now and can be opened later to one text alone (docs/spec/sealing.md).

The record carries the commitment, never the data; the salt keeps a name from being guessed by trying all names.
"""

from __future__ import annotations

import hashlib
import hmac

from safeconduct.errors import CheckFailed, InputInvalid

SALT_BYTES = 32

_HEAD = b"safeconduct/commit/v1\n"
# The lengths of domain and subject are one byte each.
_LABEL_BYTES_MAX = 255


def commitment(domain: str, subject: str, salt: bytes, data: bytes) -> str:
    """Hex SHA-256 that binds the data to what it is (`domain`) and whom it is about (`subject`).

    salt: 32 bytes that nobody can guess, kept with the data and never used twice.
    Raises InputInvalid for a salt of another length and for labels that are empty or too long.
    Method: docs/spec/sealing.md SEAL-1.
    """
    if len(salt) != SALT_BYTES:
        raise InputInvalid(f"expected a salt of {SALT_BYTES} bytes, got {len(salt)}")
    # INVARIANT (one-encoding): every part but the last has its length before it, or two meanings would have one digest.
    parts = [_HEAD, *(_with_length(label) for label in (domain, subject)), salt, data]
    return hashlib.sha256(b"".join(parts)).hexdigest()


def check_commitment(committed: str, domain: str, subject: str, salt: bytes, data: bytes) -> None:
    """Return if the commitment opens to this data with this salt; raise CheckFailed if not."""
    opened = commitment(domain, subject, salt, data)
    if not hmac.compare_digest(opened.encode(), committed.encode()):
        raise CheckFailed(f"data that was committed to as {committed[:16]}, got data that commits to {opened[:16]}")


def _with_length(label: str) -> bytes:
    raw = label.encode()
    if not 1 <= len(raw) <= _LABEL_BYTES_MAX:
        raise InputInvalid(f"expected a label of 1 to {_LABEL_BYTES_MAX} bytes, got {len(raw)}")
    return bytes([len(raw)]) + raw
