"""Sizes that say little: what is sealed is filled up to one of a few lengths first (docs/spec/sealing.md SEAL-35).

A sealed text is as long as the text, and a route through the mountains is longer than one along the coast.
"""

from __future__ import annotations

from safeconduct.errors import CheckFailed, LimitExceeded

# Each four times the one before; the largest is what a sealed photograph or map needs.
BUCKETS = (1024, 4096, 16_384, 65_536, 262_144, 1_048_576)
PADDED_MAX = BUCKETS[-1] - 1

_END = b"\x80"


def pad(data: bytes) -> bytes:
    """The data, a byte 0x80 and zeros up to the next bucket. Raises LimitExceeded for more than the largest holds."""
    for bucket in BUCKETS:
        if len(data) < bucket:
            return (data + _END).ljust(bucket, b"\0")
    raise LimitExceeded(f"what is sealed in one has at most {PADDED_MAX} bytes, got {len(data)}")


def unpad(padded: bytes) -> bytes:
    """What was filled up. Raises CheckFailed for what `pad` does not make."""
    data, end, rest = padded.rpartition(_END)
    if len(padded) not in BUCKETS or not end or rest.strip(b"\0") or pad(data) != padded:
        raise CheckFailed(f"expected content filled up to one of the lengths {BUCKETS}, got {len(padded)} other bytes")
    return data
