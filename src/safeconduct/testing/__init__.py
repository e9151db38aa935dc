"""Fakes that ship with the product: whoever builds on it can test without a disk, a network or a wait."""

from safeconduct.testing.faulty import FailingStore
from safeconduct.testing.federation import DirectPeers, Federation, Links, card_of, key, keys_of, small_terms
from safeconduct.testing.memory import MemoryStore, StepClock, settle

__all__ = [
    "DirectPeers",
    "FailingStore",
    "Federation",
    "Links",
    "MemoryStore",
    "StepClock",
    "card_of",
    "key",
    "keys_of",
    "settle",
    "small_terms",
]
