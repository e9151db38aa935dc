"""One secret in n shares: all of them give it back, and any n - 1 say nothing of it (docs/spec/sealing.md SEAL-30).

Exclusive or, n of n. Who must be able to open without one of the holders splits that holder's share again.
"""

from __future__ import annotations

from collections.abc import Sequence

from safeconduct.errors import InputInvalid

SECRET_BYTES = 32


def split(secret: bytes, randoms: Sequence[bytes]) -> tuple[bytes, ...]:
    """Shares of a secret of 32 bytes, one more than there are randoms: these, and what makes them whole.

    randoms: each 32 bytes that nobody can guess. Raises InputInvalid for other lengths and without a random.
    """
    _require(secret, *randoms)
    if not randoms:
        raise InputInvalid("a secret is split between two or more, got one holder")
    return (*randoms, _xor(secret, *randoms))


def combine(shares: Sequence[bytes]) -> bytes:
    """The secret that was split, if these are all of its shares. Raises InputInvalid for fewer than two."""
    if len(shares) < 2:
        raise InputInvalid(f"two or more shares make a secret, got {len(shares)}")
    _require(*shares)
    return _xor(*shares)


def _xor(*parts: bytes) -> bytes:
    whole = 0
    for part in parts:
        whole ^= int.from_bytes(part)
    return whole.to_bytes(SECRET_BYTES)


def _require(*parts: bytes) -> None:
    for part in parts:
        if len(part) != SECRET_BYTES:
            raise InputInvalid(f"a secret and its shares have {SECRET_BYTES} bytes, got {len(part)}")
