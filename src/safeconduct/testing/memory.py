"""A Store and a Clock in memory: same contract as the real ones (tests/contract), no disk, no waiting."""

from __future__ import annotations

import asyncio
import hashlib
import heapq
from collections.abc import Iterable, Iterator, Sequence

from safeconduct.core.sealing import SealingKey, SealingPublicKey
from safeconduct.errors import OutOfSequence
from safeconduct.node.ports import Batch, Cosignature, Passkey, Row, Sighting, Subject

_LAW_SUBJECTS = ("agreement", "relation", "slots")
_LAW_PREFIX = "actor/"
_TILE_BYTES = 8_192


class MemoryStore:
    """ports.Store in dictionaries. `copy()` is what a disk would hold at that moment."""

    def __init__(self) -> None:
        self._rows: dict[str, list[Row]] = {}
        self._checkpoints: dict[str, bytes] = {}
        self._tiles: dict[tuple[str, int, int], bytes] = {}
        self._by_subject: dict[str, list[Row]] = {}
        self._by_id: dict[str, Row] = {}
        self._void: list[Row] = []
        self._sightings: dict[tuple[str, str], list[Sighting]] = {}
        self._subjects: dict[str, Subject] = {}
        self._cosignatures: dict[tuple[str, str, str], dict[int, Cosignature]] = {}
        self._blobs: dict[str, bytes] = {}
        self._cards: dict[str, bytes] = {}
        self._evidence: dict[str, tuple[str, bytes]] = {}
        self._passkeys: dict[bytes, Passkey] = {}

    def copy(self) -> MemoryStore:
        """A store with the same content that goes its own way from here."""
        twin = MemoryStore()
        twin._rows = {party: list(rows) for party, rows in self._rows.items()}
        twin._checkpoints = dict(self._checkpoints)
        twin._tiles = dict(self._tiles)
        twin._by_subject = {subject: list(rows) for subject, rows in self._by_subject.items()}
        twin._by_id = dict(self._by_id)
        twin._void = list(self._void)
        twin._sightings = {pair: list(sightings) for pair, sightings in self._sightings.items()}
        twin._subjects = dict(self._subjects)
        twin._cosignatures = {key: dict(by_size) for key, by_size in self._cosignatures.items()}
        twin._blobs = dict(self._blobs)
        twin._cards = dict(self._cards)
        twin._evidence = dict(self._evidence)
        twin._passkeys = dict(self._passkeys)
        return twin

    # --- logs ---------------------------------------------------------------------------------------------------------

    def commit(self, batch: Batch) -> None:
        """As ports.Store. Everything is checked before anything changes."""
        _require_continues(batch, self.size(batch.party))
        self._require_same_tiles(batch)
        for row in batch.rows:
            self._add(row)
        if batch.checkpoint is not None:
            self._checkpoints[batch.party] = batch.checkpoint
        for level, n, hashes in batch.tiles:
            self._tiles[batch.party, level, n] = hashes
        for sighting in batch.sightings:
            seen = self._sightings.setdefault((sighting.of, sighting.by), [])
            if not seen or sighting.size > seen[-1].size:
                seen.append(sighting)
        self.put_subjects(batch.subjects)
        for cosignature in batch.cosignatures:
            self.put_cosignature(cosignature)

    def size(self, party: str) -> int:
        """As ports.Store."""
        return len(self._rows.get(party, ()))

    def checkpoint(self, party: str) -> bytes | None:
        """As ports.Store."""
        return self._checkpoints.get(party)

    def rows(self, party: str, start: int, end: int) -> Sequence[Row]:
        """As ports.Store."""
        return self._rows.get(party, [])[max(start, 0) : max(end, 0)]

    def leaves(self, party: str, start: int, end: int) -> bytes:
        """As ports.Store."""
        return b"".join(row.leaf for row in self.rows(party, start, end))

    def places(self, party: str) -> Iterator[tuple[int, int]]:
        """As ports.Store."""
        for row in self._rows.get(party, ()):
            yield row.t, row.n

    def tile(self, party: str, level: int, n: int) -> bytes | None:
        """As ports.Store."""
        return self._tiles.get((party, level, n))

    # --- statements ---------------------------------------------------------------------------------------------------

    def about(self, subject: str) -> Sequence[Row]:
        """As ports.Store."""
        return sorted(self._by_subject.get(subject, ()), key=_order)

    def about_law(self) -> Sequence[Row]:
        """As ports.Store."""
        law = [s for s in self._by_subject if s in _LAW_SUBJECTS or s.startswith(_LAW_PREFIX)]
        return sorted((row for subject in law for row in self._by_subject[subject]), key=_order)

    def find(self, statement_id: str) -> Row | None:
        """As ports.Store."""
        return self._by_id.get(statement_id)

    def void_entries(self) -> Sequence[Row]:
        """As ports.Store."""
        return sorted(self._void, key=lambda row: (row.party, row.index))

    def first_sighting(self, of: str, index: int, by: str) -> Sighting | None:
        """As ports.Store."""
        return next((seen for seen in self._sightings.get((of, by), ()) if seen.size > index), None)

    # --- projections --------------------------------------------------------------------------------------------------

    def subject(self, subject: str) -> Subject | None:
        """As ports.Store."""
        return self._subjects.get(subject)

    def subjects(self, prefix: str, *, before: int | None, limit: int) -> Sequence[Subject]:
        """As ports.Store; those of the same `sort` by their id."""
        found = [
            subject
            for subject in self._subjects.values()
            if subject.subject.startswith(prefix) and (before is None or subject.sort < before)
        ]
        return sorted(found, key=lambda subject: (-subject.sort, subject.subject))[:limit]

    def digests(self) -> Iterable[tuple[str, str]]:
        """As ports.Store; by subject."""
        return [(subject, self._subjects[subject].digest) for subject in sorted(self._subjects)]

    def put_subjects(self, subjects: Sequence[Subject]) -> None:
        """As ports.Store."""
        for subject in subjects:
            self._subjects[subject.subject] = subject

    # --- other parties' words -----------------------------------------------------------------------------------------

    def put_cosignature(self, cosignature: Cosignature) -> None:
        """As ports.Store."""
        by_size = self._cosignatures.setdefault((cosignature.log, cosignature.by, cosignature.role), {})
        by_size.setdefault(cosignature.size, cosignature)

    def cosignature(self, log: str, by: str, role: str, *, covering: int | None = None) -> Cosignature | None:
        """As ports.Store."""
        by_size = self._cosignatures.get((log, by, role), {})
        if covering is None:
            return by_size[max(by_size)] if by_size else None
        above = [size for size in by_size if size > covering]
        return by_size[min(above)] if above else None

    def put_blob(self, digest: str, data: bytes) -> None:
        """As ports.Store."""
        self._blobs.setdefault(digest, data)

    def blob(self, digest: str) -> bytes | None:
        """As ports.Store."""
        return self._blobs.get(digest)

    def put_card(self, party: str, card: bytes) -> None:
        """As ports.Store."""
        self._cards[party] = card

    def cards(self) -> dict[str, bytes]:
        """As ports.Store; by party."""
        return {party: self._cards[party] for party in sorted(self._cards)}

    def put_evidence(self, origin: str, digest: str, data: bytes) -> None:
        """As ports.Store."""
        self._evidence.setdefault(digest, (origin, data))

    def evidence(self) -> Sequence[tuple[str, str, bytes]]:
        """As ports.Store."""
        return [(origin, digest, data) for digest, (origin, data) in self._evidence.items()]

    def put_passkey(self, passkey: Passkey) -> None:
        """As ports.Store."""
        self._passkeys[passkey.credential] = passkey

    def passkey(self, credential: bytes) -> Passkey | None:
        """As ports.Store."""
        return self._passkeys.get(credential)

    def passkeys(self, actor: str) -> Sequence[Passkey]:
        """As ports.Store."""
        found = [passkey for passkey in self._passkeys.values() if passkey.actor == actor]
        return sorted(found, key=lambda passkey: (passkey.added, passkey.credential))

    def remove_passkey(self, credential: bytes) -> None:
        """As ports.Store."""
        self._passkeys.pop(credential, None)

    def close(self) -> None:
        """As ports.Store."""

    def _add(self, row: Row) -> None:
        self._rows.setdefault(row.party, []).append(row)
        if row.void:
            self._void.append(row)
        if row.subject:
            self._by_subject.setdefault(row.subject, []).append(row)
        if row.id and (row.id not in self._by_id or _order(row) < _order(self._by_id[row.id])):
            self._by_id[row.id] = row

    def _require_same_tiles(self, batch: Batch) -> None:
        for level, n, hashes in batch.tiles:
            assert len(hashes) == _TILE_BYTES
            if self._tiles.get((batch.party, level, n), hashes) != hashes:
                raise OutOfSequence(f"tile {level}/{n} of log {batch.party} is full and never changes, got another one")


class MemoryVault:
    """ports.Vault in memory; its keys are the same ones in every run."""

    def __init__(self, name: str = "vault") -> None:
        self._name = name
        self._made = 0
        self._keys: dict[str, SealingKey] = {}
        self._ciphertexts: dict[str, bytes] = {}

    def make(self) -> SealingPublicKey:
        """As ports.Vault."""
        self._made += 1
        key = SealingKey.from_seed(hashlib.sha256(f"{self._name}/{self._made}".encode()).digest())
        self._keys[key.public.key_id] = key
        return key.public

    def key(self, key_id: str) -> SealingKey | None:
        """As ports.Vault."""
        return self._keys.get(key_id)

    def secret(self, name: str) -> bytes:
        """As ports.Vault."""
        return hashlib.sha256(f"{self._name}/secret/{name}".encode()).digest()

    def destroy(self, key_id: str) -> None:
        """As ports.Vault."""
        self._keys.pop(key_id, None)

    def keep(self, digest: str, data: bytes) -> None:
        """As ports.Vault."""
        self._ciphertexts[digest] = data

    def kept(self, digest: str) -> bytes | None:
        """As ports.Vault."""
        return self._ciphertexts.get(digest)

    def held(self) -> frozenset[str]:
        """As ports.Vault."""
        return frozenset(self._ciphertexts)

    def forget(self, digest: str) -> None:
        """As ports.Vault."""
        self._ciphertexts.pop(digest, None)


class StepClock:
    """ports.Clock that stands still until it is told to move.

    Deterministic: who sleeps is woken in order of the time due, then of falling asleep.
    """

    is_replay = False

    def __init__(self, now: int = 1_800_000_000_000) -> None:
        self._now = now
        self._asleep: list[tuple[int, int, asyncio.Future[None]]] = []
        self._count = 0

    def now(self) -> int:
        """As ports.Clock."""
        return self._now

    async def sleep(self, milliseconds: int) -> None:
        """As ports.Clock: returns when the clock was moved that far. At once if there is nothing to wait for."""
        if milliseconds <= 0:
            await asyncio.sleep(0)
            return
        woken: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._count += 1
        heapq.heappush(self._asleep, (self._now + milliseconds, self._count, woken))
        await woken

    @property
    def next_wake(self) -> int | None:
        """When the next sleeper is due; None if nobody sleeps."""
        while self._asleep and self._asleep[0][2].done():  # cancelled while asleep
            heapq.heappop(self._asleep)
        return self._asleep[0][0] if self._asleep else None

    def advance(self, milliseconds: int) -> None:
        """Move at once. Everybody due by then wakes at the new time, at the event loop's next turn."""
        if milliseconds < 0:
            raise ValueError(f"a clock moves on, got {milliseconds} ms")
        self._move_to(self._now + milliseconds)

    async def run_for(self, milliseconds: int) -> None:
        """Move from one sleeper to the next, as time would, and let each do its work before going on."""
        end = self._now + milliseconds
        await settle()
        while (due := self.next_wake) is not None and due <= end:
            self._move_to(due)
            await settle()
        self._now = max(self._now, end)

    def _move_to(self, moment: int) -> None:
        self._now = max(self._now, moment)
        while (due := self.next_wake) is not None and due <= self._now:
            heapq.heappop(self._asleep)[2].set_result(None)


async def settle() -> None:
    """Return when every other task of this event loop waits for something. Does not see threads and sockets."""
    # The queue of what runs next is not public, but asking it is exact; a fixed number of turns would be a guess.
    ready = vars(asyncio.get_running_loop())["_ready"]
    await asyncio.sleep(0)
    while ready:  # noqa: ASYNC110, there is no event that says it
        await asyncio.sleep(0)


def _order(row: Row) -> tuple[int, int, str, int]:
    """The order of the record."""
    return row.t, row.n, row.party, row.index


def _require_continues(batch: Batch, size: int) -> None:
    for index, row in enumerate(batch.rows, start=size):
        if (row.party, row.index) != (batch.party, index):
            raise OutOfSequence(f"log {batch.party} goes on at entry {index}, got entry {row.index} of {row.party}")
