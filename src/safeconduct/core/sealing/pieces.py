"""A secret in pieces of which some are enough, each for somebody whose key is on no node (SEAL-70 to SEAL-72).

Shamir's secret sharing over GF(256), by the `pyshamir` package, which draws the polynomials itself; sealed to an
officer's key with age, by `pyrage`.
"""

from __future__ import annotations

from collections.abc import Sequence

import pyrage  # type: ignore[import-untyped]
import pyshamir  # type: ignore[import-untyped]

from safeconduct.core.sealing.split import SECRET_BYTES
from safeconduct.errors import CheckFailed, InputInvalid, KeyInvalid

# The byte that the library adds is the place at which the polynomials were evaluated.
PIECE_BYTES = SECRET_BYTES * 2 + 1
PIECES_MAX = 16


def split_in_pieces(secret: bytes, count: int, needed: int) -> tuple[bytes, ...]:
    """Pieces of 65 bytes of a secret of 64, of which `needed` give it back and fewer say nothing of it.

    Raises InputInvalid for another length, or numbers other than 2 ≤ needed ≤ count ≤ 16.
    """
    if len(secret) != PIECE_BYTES - 1:
        raise InputInvalid(f"expected {PIECE_BYTES - 1} bytes to be split in pieces, got {len(secret)}")
    if not 2 <= needed <= count <= PIECES_MAX:
        raise InputInvalid(f"expected 2 to {PIECES_MAX} pieces of which 2 or more are needed, got {needed} of {count}")
    return tuple(bytes(piece) for piece in pyshamir.split(secret, count, needed))


def join_pieces(pieces: Sequence[bytes]) -> bytes:
    """The secret, if these are enough of its pieces; else other bytes: whoever joins checks what comes of it.

    Raises InputInvalid for fewer than two, for another length, and for the same piece twice.
    """
    if len(pieces) < 2 or any(len(piece) != PIECE_BYTES for piece in pieces):
        raise InputInvalid(f"expected two or more pieces of {PIECE_BYTES} bytes, got others")
    try:
        return bytes(pyshamir.combine([bytearray(piece) for piece in pieces]))
    except ValueError:
        raise InputInvalid("expected different pieces, got one of them twice") from None


def require_recipient(text: str) -> None:
    """Raise KeyInvalid unless the text is an X25519 recipient of age, with its right checksum."""
    _recipient(text)


def seal_for_recipient(data: bytes, recipient: str) -> bytes:
    """An age file that the holder of the recipient's key opens. Raises KeyInvalid for what is no recipient."""
    sealed: bytes = pyrage.encrypt(data, [_recipient(recipient)])
    return sealed


class OfflineKey:
    """An officer's private key, an identity of age. Its secret is in no repr and in no error."""

    __slots__ = ("_identity", "recipient", "text")

    def __init__(self, text: str) -> None:
        try:
            self._identity = pyrage.x25519.Identity.from_str(text)
        except pyrage.IdentityError:
            raise KeyInvalid("expected an age key (AGE-SECRET-KEY-1…), got something else") from None
        self.text = text
        self.recipient = str(self._identity.to_public())

    @classmethod
    def make(cls) -> OfflineKey:
        """A new one, drawn by the library."""
        return cls(str(pyrage.x25519.Identity.generate()))

    def open(self, sealed: bytes) -> bytes:
        """What was sealed to its recipient. Raises CheckFailed for another key or altered bytes."""
        try:
            opened: bytes = pyrage.decrypt(sealed, [self._identity])
        except pyrage.DecryptError:
            raise CheckFailed(f"expected what was sealed to {self.recipient}, got another or altered bytes") from None
        return opened

    def __repr__(self) -> str:
        return f"OfflineKey({self.recipient})"


def _recipient(text: str) -> pyrage.x25519.Recipient:
    try:
        return pyrage.x25519.Recipient.from_str(text)
    except pyrage.RecipientError:
        raise KeyInvalid("its checksum or its form is wrong") from None
