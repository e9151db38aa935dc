"""What the node needs from the world. The only Protocols in the project: each has a real implementation and a fake."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

import msgspec

from safeconduct.core.sealing import SealingKey, SealingPublicKey


class Row(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """One entry of a log as stored.

    t, n: its place in the order of the record. id, kind, subject: empty when the entry is void. leaf: its 32-byte leaf
    hash. void: why the entry is no valid signed statement, empty when it is one (whether it takes *effect* is another
    question, asked when folding).
    """

    party: str
    index: int
    t: int
    n: int
    id: str
    kind: str
    subject: str
    entry: bytes
    leaf: bytes
    void: str = ""


class Sighting(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """The first statement that shows that party `by` had `size` entries of log `of`.

    index, id, t: the statement's place in the log of `by`, its id and its record time. A store keeps sightings with
    `size` strictly growing for each (by, of).
    """

    by: str
    of: str
    size: int
    t: int
    index: int
    id: str


class Subject(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """A folded subject: projection, rebuilt from the rows at any time.

    sort: what lists are ordered by (a movement's earliest departure, else the time it was last touched), milliseconds.
    t, n, party, index: position of the last statement folded in. state: canonical JSON. digest: hex SHA-256 of it.
    """

    subject: str
    sort: int
    t: int
    n: int
    party: str
    index: int
    digest: str
    state: bytes


class Cosignature(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """A checkpoint of `log` of `size` cosigned by party `by`. role: `witness` or `mirror`. time: Unix seconds.

    note: the checkpoint with the log's signature and this cosignature.
    """

    log: str
    by: str
    role: str
    size: int
    time: int
    note: bytes


class Passkey(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """A person's passkey as this node knows it: it opens the screen for one actor, and signs nothing.

    credential: its id. key: the public key, COSE; the private one never leaves the person's device. enrolment: id of
    the actor's own key when it was added: an actor that is enrolled anew adds its passkeys anew. host: the name of this
    node under which it was made. count: what the device counted last. added, used: ms; used: None before its first use.
    """

    credential: bytes
    actor: str
    enrolment: str
    host: str
    label: str
    key: bytes
    count: int
    added: int
    used: int | None = None


class Batch(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """What one durable write changes, all of it or nothing.

    party: the log that grows. rows: its next entries without a gap. checkpoint: the signed checkpoint that covers
    them, None while a mirror is still catching up to the one it has verified. tiles: hash tiles that are now full, as
    (level, n, 8,192 bytes). sightings, subjects: projections that changed. cosignatures: made in the same step.
    """

    party: str
    rows: Sequence[Row]
    checkpoint: bytes | None = None
    tiles: Sequence[tuple[int, int, bytes]] = ()
    sightings: Sequence[Sighting] = ()
    subjects: Sequence[Subject] = ()
    cosignatures: Sequence[Cosignature] = ()


class Store(Protocol):
    """Durable storage of one node.

    A method that writes returns only when the disk has it, or raises and changes nothing.

    Writes come from one writer at a time; reads may come from other threads and see committed state only.
    Raises Unavailable when the disk refuses (full, read-only, broken).
    """

    def commit(self, batch: Batch) -> None:
        """Write a batch atomically. Raises SafeconductError if its rows do not continue the log."""

    def size(self, party: str) -> int:
        """Number of entries stored of a party's log."""

    def checkpoint(self, party: str) -> bytes | None:
        """The latest signed checkpoint stored of a party's log (its size may be below `size` while catching up)."""

    def rows(self, party: str, start: int, end: int) -> Sequence[Row]:
        """Entries start..end-1 of a log that are stored, in order."""

    def leaves(self, party: str, start: int, end: int) -> bytes:
        """Leaf hashes of entries start..end-1, 32 bytes each."""

    def places(self, party: str) -> Iterable[tuple[int, int]]:
        """(t, n) of every entry of a log, in index order."""

    def tile(self, party: str, level: int, n: int) -> bytes | None:
        """A full hash tile (8,192 bytes), None if it is not full yet."""

    def about(self, subject: str) -> Sequence[Row]:
        """Every row about a subject, in order of the record (t, n, party, index)."""

    def about_law(self) -> Sequence[Row]:
        """Every row about the subjects `agreement`, `relation`, `slots` and `actor/…`, in order of the record."""

    def find(self, statement_id: str) -> Row | None:
        """The row with this statement id, if one is stored."""

    def subject(self, subject: str) -> Subject | None:
        """The projection of one subject."""

    def subjects(self, prefix: str, *, before: int | None, limit: int) -> Sequence[Subject]:
        """Projections whose id starts with prefix, latest `sort` first; before: only those with a smaller `sort`."""

    def digests(self) -> Iterable[tuple[str, str]]:
        """(subject, digest) of every projection."""

    def put_subjects(self, subjects: Sequence[Subject]) -> None:
        """Replace projections outside of a batch (a refold)."""

    def void_entries(self) -> Sequence[Row]:
        """Every row whose entry is void, by party and index."""

    def first_sighting(self, of: str, index: int, by: str) -> Sighting | None:
        """The sighting with the smallest size above `index`: the first that shows `by` had that entry of log `of`."""

    def put_cosignature(self, cosignature: Cosignature) -> None:
        """Keep a cosignature; for each (log, by, role) the one of the largest size is `latest`, earlier ones stay."""

    def cosignature(self, log: str, by: str, role: str, *, covering: int | None = None) -> Cosignature | None:
        """The latest cosignature, or the earliest one whose size is above `covering`."""

    def put_blob(self, digest: str, data: bytes) -> None:
        """Keep content under its hex SHA-256 (the caller has checked it)."""

    def blob(self, digest: str) -> bytes | None:
        """Content by digest."""

    def put_card(self, party: str, card: bytes) -> None:
        """Pin a party's card (canonical JSON of PartyTerms). Replaces the one before."""

    def cards(self) -> dict[str, bytes]:
        """Every pinned card by party."""

    def put_evidence(self, origin: str, digest: str, data: bytes) -> None:
        """Keep evidence against a log for ever. The same digest again changes nothing."""

    def evidence(self) -> Sequence[tuple[str, str, bytes]]:
        """(origin, digest, data) of everything kept, oldest first."""

    def put_passkey(self, passkey: Passkey) -> None:
        """Keep a passkey; one with the same credential is replaced."""

    def passkey(self, credential: bytes) -> Passkey | None:
        """The passkey of that credential."""

    def passkeys(self, actor: str) -> Sequence[Passkey]:
        """An actor's passkeys, oldest first, then by credential."""

    def remove_passkey(self, credential: bytes) -> None:
        """Forget a passkey. One that is not here: changes nothing."""

    def close(self) -> None:
        """Release files. Nothing is lost by not calling it."""


class Vault(Protocol):
    """The private parts of the node's sealing keys, and what is sealed to them: each is destroyed one day.

    Raises Unavailable when the disk refuses.
    """

    def make(self) -> SealingPublicKey:
        """A new key, durable before this returns."""

    def key(self, key_id: str) -> SealingKey | None:
        """The private key of that id; None when it is not here, or no more."""

    def secret(self, name: str) -> bytes:
        """The node's own secret of that name (lower-case letters): 32 bytes, made and durable when first asked for."""

    def destroy(self, key_id: str) -> None:
        """Make a key unreadable, its place on the disk too. Again, or of a key that is not here: changes nothing."""

    def keep(self, digest: str, data: bytes) -> None:
        """Keep a ciphertext under its hex SHA-256 (the caller has checked it), durable before this returns."""

    def kept(self, digest: str) -> bytes | None:
        """The ciphertext of that digest; None when it is not here, or no more, or damaged."""

    def held(self) -> frozenset[str]:
        """The digests of all ciphertexts that are here."""

    def forget(self, digest: str) -> None:
        """Make a ciphertext unreadable as `destroy` does a key. Of one that is not here: changes nothing."""


class Peers(Protocol):
    """The other parties' nodes.

    Every method raises Unavailable when the peer cannot be reached in time, and
    InputInvalid or LimitExceeded when it answers with something that is no answer.

    log: whose log is asked for, at the peer `peer` (its own, or one that it mirrors).
    """

    async def checkpoint(self, peer: str, log: str) -> bytes | None:
        """The peer's current checkpoint of its own log, or the cosigned one of its mirror; None if it has none."""

    async def entries(self, peer: str, log: str, n: int, width: int) -> list[bytes]:
        """Entry bundle n with `width` entries (256 when full)."""

    async def tile(self, peer: str, log: str, level: int, n: int, width: int) -> bytes:
        """Hash tile, 32 × width bytes."""

    async def blob(self, peer: str, digest: str) -> bytes:
        """Content by digest; the caller checks it."""

    async def add_checkpoint(self, peer: str, body: bytes) -> tuple[int, bytes]:
        """Offer our checkpoint to the peer's witness (C2SP tlog-witness); also a poke. Status code and body."""

    async def give_receipt(self, peer: str, note: bytes) -> None:
        """Hand the peer our mirror's cosignature of its checkpoint."""


class Clock(Protocol):
    """The time. The only place where the node reads it.

    is_replay: whether this is a past day played again rather than the time; everybody who looks is told.
    """

    @property
    def is_replay(self) -> bool: ...

    def now(self) -> int:
        """Milliseconds since 1970 UTC."""

    async def sleep(self, milliseconds: int) -> None:
        """Return after that time has passed on this clock."""
