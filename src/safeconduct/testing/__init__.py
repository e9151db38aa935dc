"""Fakes that ship with the product: whoever builds on it can test without a disk, a network or a wait."""

from safeconduct.testing.copies import (
    CANARIES,
    TEMPLATE,
    Desks,
    copies_terms,
    keep_copies,
    opened_copy,
    slot_list,
)
from safeconduct.testing.faulty import FailingStore
from safeconduct.testing.federation import START, DirectPeers, Federation, Links, card_of, key, keys_of, small_terms
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
    "CANARIES",
    "COMPARTMENTS",
    "GLASS",
    "HOUR",
    "MINUTE",
    "MOVEMENT",
    "OFFICERS",
    "START",
    "TEMPLATE",
    "Desks",
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
    "copies_terms",
    "counted",
    "forged_entry",
    "glass_terms",
    "keep_copies",
    "keep_custody",
    "key",
    "keys_of",
    "latest_keys",
    "open_as",
    "opened_copy",
    "seal_as",
    "sealing_terms",
    "settle",
    "slot_list",
    "small_plan",
    "small_terms",
]
