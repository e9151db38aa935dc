"""What opens for whom, when and how exactly: the releases of an order, and its parts sealed between all nodes."""

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
from safeconduct.core.disclosure.excess import Excess, excesses, excesses_of_folder
from safeconduct.core.disclosure.line import Row, instants, places, rows
from safeconduct.core.disclosure.release import Known, Moved, Opening, moved, opens_for, releases

__all__ = [
    "PLACES_MAX",
    "TEXT_MAX",
    "Content",
    "Excess",
    "KeyShare",
    "Known",
    "Moved",
    "Opening",
    "Place",
    "Randomness",
    "Row",
    "as_variant",
    "excesses",
    "excesses_of_folder",
    "instants",
    "moved",
    "open_content",
    "open_share",
    "opens_for",
    "pass_on",
    "places",
    "read_content",
    "releases",
    "require_ciphertext",
    "require_content",
    "rows",
    "seal",
    "take_over",
]
