"""Fakes that ship with the product: whoever builds on it can test without a disk, a network or a wait."""

from safeconduct.testing.faulty import FailingStore
from safeconduct.testing.memory import MemoryStore, StepClock, settle

__all__ = ["FailingStore", "MemoryStore", "StepClock", "settle"]
