"""Fakes that ship with the product: whoever builds on it can test without a disk, a network or a wait."""

from safeconduct.testing.faulty import FailingStore
from safeconduct.testing.federation import START, DirectPeers, Federation, Links, card_of, key, keys_of, small_terms
from safeconduct.testing.items import (
    INFORMATION,
    UNTIL,
    information_terms,
    item_of,
    keep_items,
    open_item_as,
    share_as,
    viewer_of,
)
from safeconduct.testing.memory import MemoryStore, MemoryVault, StepClock, settle
from safeconduct.testing.rogue import append_rogue, forged_entry
from safeconduct.testing.sealing import (
    BLURRED,
    COMPARTMENTS,
    GLASS,
    OFFICERS,
    counted,
    glass_terms,
    keep_custody,
    latest_keys,
    open_as,
    seal_as,
    sealing_terms,
)
from safeconduct.testing.story import HOUR, MINUTE, MOVEMENT, Story, small_plan

__all__ = [
    "BLURRED",
    "COMPARTMENTS",
    "GLASS",
    "HOUR",
    "INFORMATION",
    "MINUTE",
    "MOVEMENT",
    "OFFICERS",
    "START",
    "UNTIL",
    "DirectPeers",
    "FailingStore",
    "Federation",
    "Links",
    "MemoryStore",
    "MemoryVault",
    "StepClock",
    "Story",
    "append_rogue",
    "card_of",
    "counted",
    "forged_entry",
    "glass_terms",
    "information_terms",
    "item_of",
    "keep_custody",
    "keep_items",
    "key",
    "keys_of",
    "latest_keys",
    "open_as",
    "open_item_as",
    "seal_as",
    "sealing_terms",
    "settle",
    "share_as",
    "small_plan",
    "small_terms",
    "viewer_of",
]
