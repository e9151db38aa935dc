"""Somebody with one party's disk, keys and administrator's rights, who tries everything to open what is sealed."""

from __future__ import annotations

import base64
import itertools
from collections.abc import Iterable, Iterator

import msgspec

from safeconduct.core.acts import CompartmentReleased, CompartmentSealed, GlassGiven, PersonSealed
from safeconduct.core.disclosure import (
    Content,
    Escrow,
    KeyShare,
    open_content,
    open_copy,
    open_dossier,
    open_piece,
    open_share,
    read_content,
    share_of_pieces,
    take_over,
    take_piece,
)
from safeconduct.core.record import SealingState
from safeconduct.core.sealing import OfflineKey, SealingKey, open_box, unpad
from safeconduct.core.statement import read_entry
from safeconduct.errors import SafeconductError
from safeconduct.testing import Federation


def loot(
    federation: Federation, party: str, officers: Iterable[OfflineKey] = (), copied: Iterable[SealingKey] = ()
) -> dict[str, Content]:
    """Every content that one party's disk and keys give, by its digest.

    officers, copied: keys of officers, and sealing keys, that the thief has besides.
    """
    offline = list(officers)
    keys = [*keys_in(federation, party), *copied]
    store = federation.stores[party]
    sealed: list[tuple[str, CompartmentSealed]] = []
    released: list[tuple[str, str, CompartmentReleased]] = []
    given: list[GlassGiven] = []
    for log in federation.cards:
        for row in store.rows(log, 0, store.size(log)):
            statement = read_entry(row.entry).statement
            if row.kind == "compartment.sealed":
                sealed.append((row.subject, msgspec.json.decode(bytes(statement.body), type=CompartmentSealed)))
            elif row.kind == "compartment.released":
                share = msgspec.json.decode(bytes(statement.body), type=CompartmentReleased)
                released.append((row.subject, log, share))
            elif row.kind == "glass.given":
                given.append(msgspec.json.decode(bytes(statement.body), type=GlassGiven))
    found = {}
    for subject, act in sealed:
        ciphertext = federation.vaults[party].kept(act.content)
        shares = list(_shares(subject, act, released, keys))
        escrow = federation.vaults[party].kept(act.escrow) if act.escrow is not None else None
        if escrow is not None:
            shares += _by_glass(subject, act, escrow, given, keys, offline, party)
        if ciphertext is None:
            continue
        opened = _by_the_book(subject, act, ciphertext, shares) or _by_force(subject, act, ciphertext, shares)
        if opened is not None:
            found[act.content] = opened
    return found


def dossiers_of(federation: Federation, party: str, copied: Iterable[SealingKey] = ()) -> list[bytes]:
    """Every dossier that one party's disk and keys give.

    copied: keys that the thief has besides.
    """
    keys = [*keys_in(federation, party), *copied]
    store = federation.stores[party]
    found = []
    for row in (row for log in federation.cards for row in store.rows(log, 0, store.size(log))):
        if row.kind != "person.sealed":
            continue
        act = msgspec.json.decode(bytes(read_entry(row.entry).statement.body), type=PersonSealed)
        ciphertext = federation.vaults[party].kept(act.content)
        for copy, key in itertools.product(act.copies, keys) if ciphertext is not None else ():
            try:
                content_key = open_copy(act, row.subject, copy.party, key)
                found.append(open_dossier(act, row.subject, ciphertext or b"", content_key).data)
            except SafeconductError:
                continue
    return found


def keys_in(federation: Federation, party: str) -> Iterator[SealingKey]:
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


def _by_glass(
    subject: str,
    act: CompartmentSealed,
    escrow: bytes,
    given: list[GlassGiven],
    keys: list[SealingKey],
    officers: list[OfflineKey],
    holder: str,
) -> Iterator[tuple[str, KeyShare]]:
    """Every share that pieces make, any together: those that a key opens in the escrow, and those that were given."""
    read = msgspec.json.decode(escrow, type=Escrow)
    pieces: dict[str, set[bytes]] = {}
    for listed, officer in itertools.product(read.pieces, officers):
        try:
            held = open_piece(read, listed.party, listed.officer, officer)
        except SafeconductError:
            continue
        pieces.setdefault(listed.party, set()).add(base64.b64decode(held.piece))
    for one, key in itertools.product(given, keys):
        try:
            pieces.setdefault(one.party, set()).add(take_piece(read, subject, one, holder, key))
        except SafeconductError:
            continue
    # What is sealed to officers, tried with the node's own keys: another cipher, and it must stay so.
    for listed, key in itertools.product(read.pieces, keys):
        try:
            pieces.setdefault(listed.party, set()).add(key.open(base64.b64decode(listed.sealed), b""))
        except SafeconductError:
            continue
    for party, found in sorted(pieces.items()):
        for size in range(1, len(found) + 1):
            for some in itertools.combinations(sorted(found), size):
                try:
                    yield party, share_of_pieces(act, party, some)
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
