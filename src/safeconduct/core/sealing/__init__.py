"""What is hidden and can be shown later: commitments, and boxes for what stays at home."""

from safeconduct.core.sealing.box import BOX_KEY_BYTES, NONCE_BYTES, open_box, seal_box
from safeconduct.core.sealing.commit import SALT_BYTES, check_commitment, commitment

__all__ = [
    "BOX_KEY_BYTES",
    "NONCE_BYTES",
    "SALT_BYTES",
    "check_commitment",
    "commitment",
    "open_box",
    "seal_box",
]
