"""Sealed to a key: who holds its private part can open, and nobody else.

HPKE (RFC 9180), base mode, DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, ChaCha20-Poly1305, by the `cryptography` package,
which draws the ephemeral key itself. Method: docs/spec/sealing.md SEAL-20 to SEAL-23.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from safeconduct.errors import CheckFailed, InputInvalid, KeyInvalid

SEALING_KEY_BYTES = 32
# What sealing adds: the encapsulated key and the tag.
SEALED_OVERHEAD = 48

_SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.CHACHA20_POLY1305)
# Where the secret is no secret (RFC 7748 §6.1): sealed to such a key, anybody can open.
_PROBE = X25519PrivateKey.from_private_bytes(hashlib.sha256(b"safeconduct/sealing/probe").digest())


@dataclass(frozen=True, slots=True)
class SealingPublicKey:
    """A key that things are sealed to. raw: 32 bytes of X25519. Raises KeyInvalid for a key that everybody opens."""

    raw: bytes
    key_id: str = field(init=False, compare=False)

    def __post_init__(self) -> None:
        if len(self.raw) != SEALING_KEY_BYTES:
            raise KeyInvalid(f"a sealing key has {SEALING_KEY_BYTES} bytes, got {len(self.raw)}")
        try:
            _PROBE.exchange(X25519PublicKey.from_public_bytes(self.raw))
        except ValueError:
            raise KeyInvalid("a sealing key is not a point of low order, got one") from None
        object.__setattr__(self, "key_id", hashlib.sha256(self.raw).hexdigest())

    @classmethod
    def from_text(cls, text: str) -> SealingPublicKey:
        """Read the standard base64 text that `text` writes."""
        try:
            raw = base64.b64decode(text, validate=True)
        except (binascii.Error, ValueError):
            raise InputInvalid(f"a sealing key is standard base64, got {text[:60]!r}") from None
        key = cls(raw)
        # INVARIANT (one-encoding): the last character has bits to spare, and a key has one text.
        if key.text != text:
            raise InputInvalid(f"a sealing key is written {key.text}, got {text[:60]!r}")
        return key

    @property
    def text(self) -> str:
        """Standard padded base64 of the raw key."""
        return base64.b64encode(self.raw).decode()

    def seal(self, data: bytes, info: bytes) -> bytes:
        """The data for the key's holder, 48 bytes longer; it opens under the same info alone."""
        return _SUITE.encrypt(data, X25519PublicKey.from_public_bytes(self.raw), info=info)


class SealingKey:
    """A private sealing key in memory. Its secret is in no repr and in no error."""

    __slots__ = ("_private", "public")

    def __init__(self, private: X25519PrivateKey) -> None:
        self._private = private
        self.public = SealingPublicKey(private.public_key().public_bytes_raw())

    @classmethod
    def from_seed(cls, seed: bytes) -> SealingKey:
        """The key pair whose private part these 32 secret bytes are (RFC 7748)."""
        if len(seed) != SEALING_KEY_BYTES:
            raise KeyInvalid(f"a sealing key seed has {SEALING_KEY_BYTES} bytes, got {len(seed)}")
        return cls(X25519PrivateKey.from_private_bytes(seed))

    def open(self, sealed: bytes, info: bytes) -> bytes:
        """What was sealed. Raises CheckFailed for another key, another info, or one bit changed."""
        try:
            return _SUITE.decrypt(sealed, self._private, info=info)
        except (InvalidTag, ValueError):
            raise CheckFailed(
                f"what was sealed to key {self.public.key_id[:16]} opens with it, got another key, use or altered bytes"
            ) from None

    def __repr__(self) -> str:
        return f"SealingKey({self.public.key_id[:16]})"
