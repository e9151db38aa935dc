"""Forgetting: a ciphertext goes from this disk once the record says that nothing can open it any more.

Whoever had copied a key away before it was destroyed finds nothing here to open with it (docs/spec/sealing.md SEAL-80
to SEAL-83).
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping

import msgspec

from safeconduct.core.acts import CompartmentReleased, CompartmentSealed, GlassGiven, PersonSealed
from safeconduct.core.record import (
    DossierSealing,
    MovementState,
    RegisterState,
    Sealing,
    SealingState,
    is_forgotten,
    keys_of_sealing,
)
from safeconduct.node.limits import FORGET_AT_ONCE
from safeconduct.node.memory import Memory
from safeconduct.node.node import Node
from safeconduct.node.ports import Store

_FAMILIES = ("movement/", "person/")


class SealedThing(msgspec.Struct, frozen=True, kw_only=True):
    """Something that was sealed, by this record. digests: of its ciphertext and of what goes with it.

    kept_by: parties whose nodes keep it; held_by: those that have had it, by their own word. forgotten: every key that
    could open it is destroyed.
    """

    subject: str
    digests: tuple[str, ...]
    kept_by: tuple[str, ...]
    held_by: tuple[str, ...]
    forgotten: bool


def forgotten_sealing(memory: Memory, sealing: Sealing) -> bool:
    """Whether every key that a share of this content was sealed to is destroyed."""
    act = memory.act(sealing.mark.id, CompartmentSealed)
    released = [
        memory.act(evidence.id, CompartmentReleased)
        for shares in sealing.released.values()
        for evidence in shares.values()
    ]
    given = [
        (asking, memory.act(evidence.id, GlassGiven))
        for by_asking in sealing.glass.values()
        for asking, used in by_asking.items()
        for evidence in used.given.values()
    ]
    return is_forgotten(keys_of_sealing(act, released, given), sealing_states(memory))


def forgotten_dossier(memory: Memory, sealing: DossierSealing) -> bool:
    """Whether every key that this dossier was sealed to is destroyed."""
    act = memory.act(sealing.mark.id, PersonSealed)
    return is_forgotten([(copy.party, copy.to) for copy in act.copies], sealing_states(memory))


def sealing_states(memory: Memory) -> Mapping[str, SealingState]:
    """Every party's sealing keys, as the record has them, by party."""
    states = {party: memory.state(f"sealing/{party}") for party in sorted(memory.heads)}
    return {party: state for party, state in states.items() if isinstance(state, SealingState)}


def sealed_things(memory: Memory, subject: str) -> Iterator[SealedThing]:
    """Everything that was ever sealed for one subject."""
    state = memory.state(subject)
    for dossier in state.dossiers.values() if isinstance(state, RegisterState) else ():
        yield SealedThing(
            subject=subject,
            digests=(dossier.content,),
            kept_by=tuple(sorted({dossier.mark.party, *dossier.holders})),
            held_by=(dossier.mark.party,),
            forgotten=forgotten_dossier(memory, dossier),
        )
    for sealing in state.sealings.values() if isinstance(state, MovementState) else ():
        yield SealedThing(
            subject=subject,
            digests=(sealing.content, *([sealing.escrow] if sealing.escrow is not None else [])),
            kept_by=tuple(sorted(memory.heads)),
            held_by=tuple(sorted({sealing.mark.party, *sealing.checked})),
            forgotten=forgotten_sealing(memory, sealing),
        )


def sealed_subjects(store: Store) -> list[str]:
    """Every subject for which something may be sealed, sorted."""
    return [subject for subject, _ in store.digests() if subject.startswith(_FAMILIES)]


async def forget(node: Node) -> None:
    """Destroy every ciphertext here that no key opens any more.

    Looks only when another key was destroyed since the last time. Raises Unavailable when the disk refuses; what is
    left is destroyed the next time.
    """
    destroyed = sum(
        line.destroyed is not None for state in sealing_states(node.memory).values() for line in state.keys.values()
    )
    if destroyed == node.forgotten_with:
        return
    held = node.vault.held() if destroyed else frozenset()
    for count, subject in enumerate(sealed_subjects(node.store) if held else ()):
        for thing in sealed_things(node.memory, subject):
            if thing.forgotten:
                for digest in thing.digests:
                    node.vault.forget(digest)
        if count % FORGET_AT_ONCE == FORGET_AT_ONCE - 1:
            await asyncio.sleep(0)
    node.forgotten_with = destroyed
