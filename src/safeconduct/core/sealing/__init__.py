"""What is hidden and can be shown later: commitments, boxes, shares of a secret, and what is sealed to a key."""

from safeconduct.core.sealing.box import BOX_KEY_BYTES, NONCE_BYTES, open_box, seal_box
from safeconduct.core.sealing.commit import SALT_BYTES, check_commitment, commitment
from safeconduct.core.sealing.padding import BUCKETS, PADDED_MAX, pad, unpad
from safeconduct.core.sealing.pieces import (
    PIECE_BYTES,
    OfflineKey,
    join_pieces,
    require_recipient,
    seal_for_recipient,
    split_in_pieces,
)
from safeconduct.core.sealing.recipient import SEALED_OVERHEAD, SEALING_KEY_BYTES, SealingKey, SealingPublicKey
from safeconduct.core.sealing.split import SECRET_BYTES, combine, split

__all__ = [
    "BOX_KEY_BYTES",
    "BUCKETS",
    "NONCE_BYTES",
    "PADDED_MAX",
    "PIECE_BYTES",
    "SALT_BYTES",
    "SEALED_OVERHEAD",
    "SEALING_KEY_BYTES",
    "SECRET_BYTES",
    "OfflineKey",
    "SealingKey",
    "SealingPublicKey",
    "check_commitment",
    "combine",
    "commitment",
    "join_pieces",
    "open_box",
    "pad",
    "require_recipient",
    "seal_box",
    "seal_for_recipient",
    "split",
    "split_in_pieces",
    "unpad",
]
