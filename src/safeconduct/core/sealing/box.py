"""A box that only its own key opens: for what a party keeps to itself, such as the names behind its pseudonyms.

XChaCha20-Poly1305 by libsodium (docs/spec/sealing.md SEAL-10 to SEAL-13). One key for one holder: nothing here is
meant to be handed to somebody else, so the cipher need not commit to its key.
"""

from __future__ import annotations

from nacl.bindings import (
    crypto_aead_xchacha20poly1305_ietf_ABYTES,
    crypto_aead_xchacha20poly1305_ietf_decrypt,
    crypto_aead_xchacha20poly1305_ietf_encrypt,
    crypto_aead_xchacha20poly1305_ietf_KEYBYTES,
    crypto_aead_xchacha20poly1305_ietf_NPUBBYTES,
)
from nacl.exceptions import CryptoError

from safeconduct.errors import CheckFailed, InputInvalid

BOX_KEY_BYTES = crypto_aead_xchacha20poly1305_ietf_KEYBYTES
NONCE_BYTES = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES

_OVERHEAD = NONCE_BYTES + crypto_aead_xchacha20poly1305_ietf_ABYTES


def seal_box(data: bytes, label: str, key: bytes, nonce: bytes) -> bytes:
    """The data, encrypted and bound to `label`: a box under another label does not open.

    nonce: 24 random bytes, never used twice with a key. Raises InputInvalid for a key or nonce of another length.
    """
    _require_key(key)
    if len(nonce) != NONCE_BYTES:
        raise InputInvalid(f"expected a nonce of {NONCE_BYTES} bytes, got {len(nonce)}")
    return nonce + crypto_aead_xchacha20poly1305_ietf_encrypt(data, label.encode(), nonce, key)


def open_box(box: bytes, label: str, key: bytes) -> bytes:
    """What was sealed. Raises CheckFailed for another key, another label, or a box of which one bit was changed."""
    _require_key(key)
    if len(box) < _OVERHEAD:
        raise InputInvalid(f"expected a box of at least {_OVERHEAD} bytes, got {len(box)}")
    try:
        return crypto_aead_xchacha20poly1305_ietf_decrypt(box[NONCE_BYTES:], label.encode(), box[:NONCE_BYTES], key)
    except CryptoError:
        raise CheckFailed(f"box {label} opens with the key that sealed it, got another key or an altered box") from None


def _require_key(key: bytes) -> None:
    if len(key) != BOX_KEY_BYTES:
        raise InputInvalid(f"expected a key of {BOX_KEY_BYTES} bytes, got {len(key)}")
