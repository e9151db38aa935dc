"""Somebody with one party's disk, keys and administrator's rights, who tries everything to open what is sealed."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import msgspec

from safeconduct.core.acts import CompartmentReleased, CompartmentSealed
from safeconduct.core.disclosure import Content, KeyShare, open_content, open_share, read_content, take_over
from safeconduct.core.record import SealingState
from safeconduct.core.sealing import SealingKey, open_box, unpad
from safeconduct.core.statement import read_entry
from safeconduct.errors import SafeconductError
from safeconduct.testing import Federation


def loot(federation: Federation, party: str) -> dict[str, Content]:
    """Every content that one party's disk and keys give, by its digest."""
    keys = list(_keys(federation, party))
    store = federation.stores[party]
    sealed: list[tuple[str, CompartmentSealed]] = []
    released: list[tuple[str, str, CompartmentReleased]] = []
    for log in federation.cards:
        for row in store.rows(log, 0, store.size(log)):
            statement = read_entry(row.entry).statement
            if row.kind == "compartment.sealed":
                sealed.append((row.subject, msgspec.json.decode(bytes(statement.body), type=CompartmentSealed)))
            elif row.kind == "compartment.released":
                given = msgspec.json.decode(bytes(statement.body), type=CompartmentReleased)
                released.append((row.subject, log, given))
    found = {}
    for subject, act in sealed:
        ciphertext = store.blob(act.content)
        shares = list(_shares(subject, act, released, keys))
        if ciphertext is None:
            continue
        opened = _by_the_book(subject, act, ciphertext, shares) or _by_force(subject, act, ciphertext, shares)
        if opened is not None:
            found[act.content] = opened
    return found


def _keys(federation: Federation, party: str) -> Iterator[SealingKey]:
    """Every private sealing key that is in the party's vault."""
    state = federation.node(party).memory.state(f"sealing/{party}")
    for key_id in state.keys if isinstance(state, SealingState) else ():
        key = federation.vaults[party].key(key_id)
        if key is not None:
            yield key


def _shares(
    subject: str, act: CompartmentSealed, released: list[tuple[str, str, CompartmentReleased]], keys: list[SealingKey]
) -> Iterator[tuple[str, KeyShare]]:
    """Every share that one of the keys opens, whomever it is for, under every movement that anything was sealed for."""
    for key, share in itertools.product(keys, act.shares):
        try:
            yield share.party, open_share(act, subject, share.party, key)
        except SafeconductError:
            continue
    for key, (about, giver, given) in itertools.product(keys, released):
        for where in {subject, about}:  # order-free: every one is tried
            try:
                yield giver, take_over(act, where, giver, given, key)
            except SafeconductError:
                continue


def _by_the_book(
    subject: str, act: CompartmentSealed, ciphertext: bytes, shares: list[tuple[str, KeyShare]]
) -> Content | None:
    try:
        return open_content(act, subject, ciphertext, dict(shares))
    except SafeconductError:
        return None


def _by_force(
    subject: str, act: CompartmentSealed, ciphertext: bytes, shares: list[tuple[str, KeyShare]]
) -> Content | None:
    """Every exclusive or of what was found, and of what stands in the record, as the key itself."""
    parts = [share.secret for _, share in shares] + [share.salt for _, share in shares]
    parts += [bytes.fromhex(act.key), *(bytes.fromhex(share.commitment) for share in act.shares)]
    label = f"{subject}/{act.compartment}/{act.variant}"
    for size in range(1, min(3, len(parts)) + 1):
        for some in itertools.combinations(parts, size):
            key = 0
            for part in some:
                key ^= int.from_bytes(part)
            try:
                return read_content(unpad(open_box(ciphertext, label, key.to_bytes(32))))
            except SafeconductError:
                continue
    return None
