"""Whether something sealed is forgotten: by the record, the last key that could open it is destroyed (SEAL-80).

A ciphertext that nobody has any more is then as it should be, and one whose keys live is lost.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from safeconduct.core.acts import CompartmentReleased, CompartmentSealed, GlassGiven
from safeconduct.core.record.state import SealingState

# Whose node's key it is, and its key id.
HolderKey = tuple[str, str]


def keys_of_sealing(
    act: CompartmentSealed, released: Iterable[CompartmentReleased], given: Iterable[tuple[str, GlassGiven]]
) -> tuple[HolderKey, ...]:
    """Every node's key that a share of this content was ever sealed to, sorted.

    given: officers' pieces, each with the party that asked for it.
    """
    sealed = [(share.party, share.to) for share in act.shares]
    passed_on = [(share.party, share.to) for share in released] + [(asking, piece.to) for asking, piece in given]
    return tuple(sorted({*sealed, *passed_on}))


def is_forgotten(keys: Iterable[HolderKey], states: Mapping[str, SealingState]) -> bool:
    """Whether every one of these keys was destroyed. states: every party's sealing keys, by party.

    A key that the record does not have counts as one that lives: to keep too long can be mended, to forget cannot.
    """
    for party, key_id in keys:
        known = states[party].keys.get(key_id) if party in states else None
        if known is None or known.destroyed is None:
            return False
    return True
