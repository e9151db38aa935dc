"""Who signs: keys, and the one rule by which a signature is accepted."""

from safeconduct.core.identity.keys import LOW_ORDER_ENCODINGS, PublicKey, SigningKey

__all__ = ["LOW_ORDER_ENCODINGS", "PublicKey", "SigningKey"]
