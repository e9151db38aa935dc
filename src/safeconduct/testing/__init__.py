"""Fakes that ship with the product: whoever builds on it can test without a disk, a network or a wait."""

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
    dossier_terms,
    glass_terms,
    keep_custody,
    keep_dossier_as,
    latest_keys,
    open_as,
    register_as,
    seal_as,
    sealing_terms,
    show_dossier_as,
)
from safeconduct.testing.story import HOUR, MINUTE, MOVEMENT, Story, small_plan

__all__ = [
    "BLURRED",
    "COMPARTMENTS",
    "GLASS",
    "HOUR",
    "MINUTE",
    "MOVEMENT",
    "OFFICERS",
    "START",
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
    "dossier_terms",
    "forged_entry",
    "glass_terms",
    "keep_custody",
    "keep_dossier_as",
    "key",
    "keys_of",
    "latest_keys",
    "open_as",
    "register_as",
    "seal_as",
    "sealing_terms",
    "settle",
    "show_dossier_as",
    "small_plan",
    "small_terms",
]
