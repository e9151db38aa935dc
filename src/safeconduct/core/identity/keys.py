"""Ed25519 keys under one acceptance rule that every node shares.

Two well-kept libraries disagree on 165 of 914 published edge cases; all of them involve points of low order. A
signature that one node accepts and the other rejects would be an attack, so the rule is ours and the library only
computes: docs/spec/identity.md ID-1 to ID-4.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from dataclasses import dataclass, field

from nacl.bindings import crypto_sign, crypto_sign_open, crypto_sign_seed_keypair
from nacl.exceptions import BadSignatureError

from safeconduct.errors import InputInvalid, KeyInvalid, SignatureInvalid

KEY_BYTES = 32
SEED_BYTES = 32
SIGNATURE_BYTES = 64

_P = 2**255 - 19
# The y-coordinates of the eight points whose order divides the cofactor: 0 (order 4), 1 (neutral), -1 (order 2)
# and the two of order 8. Derived from the curve equation; a test multiplies each by eight.
_Y_ORDER_8 = 2707385501144840649318225287225658788936804267575313519463743609750303402022
# INVARIANT (one-acceptance): no low-order point as key or as R, in canonical or non-canonical encoding, or two
# libraries would disagree about a signature and each node would call the other a liar.
LOW_ORDER_ENCODINGS: frozenset[bytes] = frozenset(
    (y | sign << 255).to_bytes(32, "little")
    for y in (0, 1, _P - 1, _P, _P + 1, _Y_ORDER_8, _P - _Y_ORDER_8)
    for sign in (0, 1)
)


@dataclass(frozen=True, slots=True)
class PublicKey:
    """An Ed25519 public key that the acceptance rule admits.

    raw: 32 bytes. Raises KeyInvalid for another length, a low-order point or a non-canonical encoding.
    """

    raw: bytes
    key_id: str = field(init=False, compare=False)

    def __post_init__(self) -> None:
        if len(self.raw) != KEY_BYTES:
            raise KeyInvalid(f"a public key has {KEY_BYTES} bytes, got {len(self.raw)}")
        if self.raw in LOW_ORDER_ENCODINGS:
            raise KeyInvalid("a public key is not a point of low order, got one")
        if int.from_bytes(self.raw, "little") & (2**255 - 1) >= _P:
            raise KeyInvalid("a public key is encoded canonically, got a coordinate of at least 2^255-19")
        object.__setattr__(self, "key_id", hashlib.sha256(self.raw).hexdigest())

    @classmethod
    def from_text(cls, text: str) -> PublicKey:
        """Read the standard base64 text that `text` writes."""
        try:
            raw = base64.b64decode(text, validate=True)
        except (binascii.Error, ValueError):
            raise InputInvalid(f"a public key is standard base64, got {text[:60]!r}") from None
        key = cls(raw)
        # INVARIANT (one-encoding): the last character has bits to spare, and a key has one text.
        if key.text != text:
            raise InputInvalid(f"a public key is written {key.text}, got {text[:60]!r}")
        return key

    @property
    def text(self) -> str:
        """Standard padded base64 of the raw key."""
        return base64.b64encode(self.raw).decode()

    def verify(self, message: bytes, signature: bytes) -> None:
        """Return if the signature is valid under the acceptance rule, raise SignatureInvalid if not."""
        if len(signature) != SIGNATURE_BYTES:
            raise SignatureInvalid(f"a signature has {SIGNATURE_BYTES} bytes, got {len(signature)}")
        if signature[:32] in LOW_ORDER_ENCODINGS:
            raise SignatureInvalid(f"signature by key {self.key_id[:16]} has an R of low order")
        try:
            crypto_sign_open(signature + message, self.raw)
        except BadSignatureError:
            raise SignatureInvalid(f"signature does not verify under key {self.key_id[:16]}") from None


class SigningKey:
    """An Ed25519 private key in memory. Its secret is in no repr and in no error."""

    __slots__ = ("_secret", "public")

    def __init__(self, secret: bytes, public: PublicKey) -> None:
        self._secret = secret
        self.public = public

    @classmethod
    def from_seed(cls, seed: bytes) -> SigningKey:
        """Derive the key pair from 32 secret bytes (RFC 8032)."""
        if len(seed) != SEED_BYTES:
            raise KeyInvalid(f"a key seed has {SEED_BYTES} bytes, got {len(seed)}")
        public, secret = crypto_sign_seed_keypair(seed)
        return cls(secret, PublicKey(public))

    def sign(self, message: bytes) -> bytes:
        """64 bytes: the deterministic signature of RFC 8032."""
        return crypto_sign(message, self._secret)[:SIGNATURE_BYTES]

    def __repr__(self) -> str:
        return f"SigningKey({self.public.key_id[:16]})"
