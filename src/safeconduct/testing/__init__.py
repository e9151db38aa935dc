"""Fakes that ship with the product: whoever builds on it can test without a disk, a network or a wait."""

from safeconduct.testing.faulty import FailingStore
from safeconduct.testing.federation import START, DirectPeers, Federation, Links, card_of, key, keys_of, small_terms
from safeconduct.testing.memory import MemoryStore, StepClock, settle
from safeconduct.testing.rogue import append_rogue, forged_entry
from safeconduct.testing.story import HOUR, MINUTE, MOVEMENT, Story, small_plan

__all__ = [
    "HOUR",
    "MINUTE",
    "MOVEMENT",
    "START",
    "DirectPeers",
    "FailingStore",
    "Federation",
    "Links",
    "MemoryStore",
    "StepClock",
    "Story",
    "append_rogue",
    "card_of",
    "forged_entry",
    "key",
    "keys_of",
    "settle",
    "small_plan",
    "small_terms",
]
