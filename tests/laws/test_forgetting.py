"""What was sealed is gone from a whole disk when its time is over, and every proof about it still verifies."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from safeconduct.core.audit import LogFile, audit_logs, verify_pack
from safeconduct.core.disclosure import Content, HeldDossier
from safeconduct.edges.storage import FileVault, SqliteStore
from safeconduct.node.packing import evidence_pack
from safeconduct.testing import (
    HOUR,
    MOVEMENT,
    OFFICERS,
    START,
    Federation,
    MemoryStore,
    authority,
    come_to,
    content_of,
    dossier_terms,
    glass_terms,
    keep_custody,
    keep_dossier_as,
    open_as,
    register_as,
    sealed_movement,
)
from tests.laws.thief import dossiers_of, keys_in, loot
from tests.unit.edges.storage.disk import Disk, needs_a_disk

_DISK_BYTES = 48 * 1024 * 1024
SEED = bytes(range(32))
AUTHOR = "sending/journey_manager"
CONTENT = Content(text="gate 2, by the clinic")
WORDS = b"gate 2, by the clinic"
DAY = 24 * HOUR
PERSON = "person/p-0417"
DOSSIER = HeldDossier(data=b'{"name":"Somebody of the clinic"}', salt=bytes(range(32)))
# The least that a sealed dossier has; a key's file has less.
_CIPHERTEXT = 1024


def boxes(folder: Path) -> list[bytes]:
    """What stands on the disk of each sealing key, and of each ciphertext."""
    return [path.read_bytes() for path in sorted((folder / "sealing").rglob("*")) if path.is_file()]


async def opened(federation: Federation) -> None:
    """A compartment sealed, released to the host, and opened there."""
    terms = glass_terms(federation.cards.values())
    await sealed_movement(federation, ("manifest", "exact", CONTENT), terms=terms)
    await come_to(federation, 30 * HOUR)
    content = content_of(federation)
    assert (await open_as(federation, "host/escort_lead", MOVEMENT, content)).content == CONTENT
    await federation.sync()


def proved(federation: Federation, party: str = "host", subject: str = MOVEMENT) -> tuple[object, int]:
    """Problems that an audit of a party's logs finds, and how many lines the subject's evidence pack proves."""
    store, node = federation.stores[party], federation.node(party)
    logs = [
        LogFile(
            card=card,
            notes=[store.checkpoint(other) or b""],
            chunks=[[row.entry for row in store.rows(other, 0, store.size(other))]],
        )
        for other, card in federation.cards.items()
    ]
    audit = audit_logs(logs, node.memory.texts, as_of=federation.clock.now())
    return audit.problems, len(verify_pack(evidence_pack(node, authority(node), subject), federation.cards).lines)


@pytest.mark.slow
@needs_a_disk
def test_after_its_end_the_whole_disk_yields_nothing_of_what_was_sealed(tmp_path: Path) -> None:
    """SEAL-66, SEAL-80, SEAL-83: with the disk's every byte, the node's secret and the record.

    Before, the thief had it.

    With keys that were copied away in time, and those of every officer: what they would open is on no disk any more.
    """
    disk = Disk(tmp_path, _DISK_BYTES)

    async def scenario() -> list[bytes]:
        with disk.mounted() as folder:
            store = SqliteStore(folder / "node.sqlite")
            federation = Federation(stores={"host": store, "sending": MemoryStore()})
            federation.vaults["host"] = FileVault(folder / "sealing", SEED)
            async with federation:
                await opened(federation)
                had = boxes(folder)
                assert list(loot(federation, "host").values()) == [CONTENT]
                copied = [key for party in federation.cards for key in keys_in(federation, party)]
                before = proved(federation)
                federation.clock.advance(START + 400 * DAY - federation.clock.now())
                for _ in range(3):
                    federation.clock.advance(1_000)
                    await keep_custody(federation, 1)
                assert loot(federation, "host", OFFICERS.values(), copied) == {}
                assert [federation.vaults[party].held() for party in federation.cards] == [frozenset(), frozenset()]
                after = proved(federation)
                assert (before[0], after[0], before[1]) == ((), (), after[1])
                assert not set(had) & set(boxes(folder))
            store.close()
        return had

    had = asyncio.run(scenario())
    found = disk.image.read_bytes()
    assert [box for box in had if box in found] == []
    assert WORDS not in found


@pytest.mark.slow
@needs_a_disk
def test_after_its_retention_the_whole_disk_yields_nothing_of_a_dossier(tmp_path: Path) -> None:
    """SEAL-89, SEAL-83: of the side that keeps it, with keys that were copied away in time; every proof verifies."""
    disk = Disk(tmp_path, _DISK_BYTES)

    async def scenario() -> list[bytes]:
        with disk.mounted() as folder:
            store = SqliteStore(folder / "node.sqlite")
            federation = Federation(stores={"host": MemoryStore(), "sending": store})
            federation.vaults["sending"] = FileVault(folder / "sealing", SEED)
            async with federation:
                await federation.agree(dossier_terms(federation.cards.values()))
                await keep_custody(federation, 1)
                await register_as(federation, AUTHOR, PERSON, DOSSIER)
                await keep_dossier_as(federation, AUTHOR, PERSON, DOSSIER, START + 60 * DAY)
                await federation.sync()
                had = boxes(folder)
                assert dossiers_of(federation, "sending") == [DOSSIER.data]
                copied = list(keys_in(federation, "sending"))
                before = proved(federation, "sending", PERSON)
                federation.clock.advance(100 * DAY)
                for _ in range(3):
                    federation.clock.advance(1_000)
                    await keep_custody(federation, 1)
                assert dossiers_of(federation, "sending", copied) == []
                after = proved(federation, "sending", PERSON)
                assert (before[0], after[0], before[1]) == ((), (), after[1])
                gone = sorted(set(had) - set(boxes(folder)), key=len)
                assert federation.vaults["sending"].held() == frozenset()
            store.close()
        return gone

    gone = asyncio.run(scenario())
    found = disk.image.read_bytes()
    # Keys of later quarters live on; of the first, and of the ciphertext, nothing is left.
    assert [len(box) < _CIPHERTEXT for box in gone] == [True, False]
    assert [box for box in gone if box in found] == []
    assert DOSSIER.data not in found
