"""What opens, for whom, when: compartments of an order, each sealed so that every party's node is needed to open it."""

from safeconduct.core.disclosure.compartment import (
    KeyShare,
    Randomness,
    open_content,
    open_share,
    pass_on,
    require_ciphertext,
    seal,
    take_over,
)
from safeconduct.core.disclosure.content import (
    PLACES_MAX,
    TEXT_MAX,
    Content,
    Place,
    as_variant,
    read_content,
    require_content,
)

__all__ = [
    "PLACES_MAX",
    "TEXT_MAX",
    "Content",
    "KeyShare",
    "Place",
    "Randomness",
    "as_variant",
    "open_content",
    "open_share",
    "pass_on",
    "read_content",
    "require_ciphertext",
    "require_content",
    "seal",
    "take_over",
]
