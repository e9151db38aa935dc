"""Whole logs in, everything that is wrong with them out, trusting neither side (docs/spec/audit.md AUD-1 to AUD-9).

What a laptop without a network runs over two exported logs: every hash, every signature, the order, the fold, and every
clause. Signature checks are nine tenths of the work, so the caller gives a `map` that may run in several processes.
"""

from __future__ import annotations

import gc
from array import array
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager

import msgspec

from safeconduct.core.acts import RecordReceived, read_act
from safeconduct.core.agreement import Evidence, Finding, PartyTerms, Terms
from safeconduct.core.audit.marks import MarkFault, mark_faults
from safeconduct.core.log import EMPTY_ROOT, SignedCheckpoint, Tree, VerifierKey, leaf_hash, open_checkpoint
from safeconduct.core.record import (
    Anchor,
    KeyBook,
    Law,
    MarkState,
    Position,
    Said,
    findings_of,
    fold,
    fold_law,
    is_law,
    law_digest,
    record_digest,
    state_digest,
    tick,
)
from safeconduct.errors import CheckFailed, InputInvalid, ProofInvalid

# One bundle of the tile format: small enough to balance work between processes, large enough that handing it over
# costs nothing beside its signatures.
CHUNK = 256


class LogFile(msgspec.Struct, frozen=True, kw_only=True):
    """One exported log.

    chunks: its entries in order, in lists of any size. notes: the checkpoint, and every other checkpoint of it with
    cosignatures that is to be checked.
    """

    card: PartyTerms
    notes: Sequence[bytes]
    chunks: Iterable[list[bytes]]


class LogAudit(msgspec.Struct, frozen=True, kw_only=True):
    """What was found of one log. cosigned: (cosigner, size, Unix seconds) of every cosignature that holds.

    void: (index, reason) of entries that are no valid statements. problems: what should not be, for people.
    """

    party: str
    size: int
    root: str
    signed_size: int
    cosigned: tuple[tuple[str, int, int], ...]
    void: tuple[tuple[int, str], ...]
    problems: tuple[str, ...]


class Audit(msgspec.Struct, frozen=True, kw_only=True):
    """The result.

    digest: of the folded record, to compare with what a node says. as_of: the instant at which clauses are judged.
    without_effect: (statement id, code) of valid statements that the rules refuse. mark_faults: against opened marks.
    """

    logs: tuple[LogAudit, ...]
    statements: int
    subjects: int
    digest: str
    as_of: int
    agreement: str | None
    findings: tuple[Finding, ...]
    without_effect: tuple[tuple[str, str], ...]
    mark_faults: tuple[MarkFault, ...] = ()

    @property
    def problems(self) -> tuple[str, ...]:
        """Every problem of every log, and whoever went against a sealed mark that it had."""
        of_logs = tuple(f"{log.party}: {problem}" for log in self.logs for problem in log.problems)
        return of_logs + tuple(f"{fault.party}: {fault.account}" for fault in self.mark_faults if fault.knew)


class Chunk(msgspec.Struct, frozen=True, gc=False):
    """Work for one process: entries of one log from `start` on, with the keys known before them."""

    book: KeyBook
    start: int
    entries: list[bytes]


class Parsed(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A valid entry without its signatures."""

    id: str
    kind: str
    subject: str
    actor: str
    agreement: str
    at: int
    after: dict[str, int]
    signers: tuple[str, ...]
    body: bytes

    def said(self, position: Position) -> Said:
        """The statement at its place."""
        return Said(
            position,
            self.id,
            self.kind,
            self.subject,
            self.actor,
            self.agreement,
            self.at,
            self.after,
            self.signers,
            read_act(self.kind, self.body),
        )


class ChunkResult(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """What a process found: leaf hashes, and for each entry what it says or why it is void."""

    leaves: bytes
    items: list[Parsed | str]


Map = Callable[[Callable[[Chunk], bytes], Iterable[Chunk]], Iterable[bytes]]

_result_encoder = msgspec.msgpack.Encoder()
_result_decoder = msgspec.msgpack.Decoder(ChunkResult)
_UNKNOWN_KEY = "a key enrolled by"


def check_chunk(chunk: Chunk) -> bytes:
    """Hash and verify one chunk; a ChunkResult in MessagePack, which is cheap to hand to another process."""
    items: list[Parsed | str] = []
    leaves = []
    for entry in chunk.entries:
        leaves.append(leaf_hash(entry))
        items.append(_check(chunk.book, entry))
    return _result_encoder.encode(ChunkResult(b"".join(leaves), items))


def _check(book: KeyBook, entry: bytes) -> Parsed | str:
    try:
        signed, act = book.read(entry)
    except (InputInvalid, CheckFailed) as error:
        return str(error)
    book.learn(signed, act)
    s = signed.statement
    return Parsed(signed.id, s.kind, s.subject, s.actor, s.agreement, s.at, s.after, s.signers, bytes(s.body))


def audit_logs(
    logs: Sequence[LogFile], texts: Mapping[str, Terms], *, as_of: int | None = None, parallel: Map = map
) -> Audit:
    """Check every log on its own, then the record that they make together.

    texts: agreements by digest. as_of: judge clauses at this instant (ms), by default the latest of the record.
    parallel: a `map` that may work ahead in other processes, in order. Never raises for what a log contains.
    """
    with _no_garbage():
        readings = [_LogReading(log) for log in logs]
        for reading in readings:
            reading.read(parallel)
        return _Record(readings, texts).audit(as_of)


@contextmanager
def _no_garbage() -> Iterator[None]:
    """Let Python's cycle collector rest: an audit keeps what it reads, and there are no cycles in it.

    The collector would look through all statements again and again: 6 % of the time of an audit of 100,000.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


class _LogReading:
    """One log while it is read: its tree, its entries as they parse, and what is wrong."""

    def __init__(self, log: LogFile) -> None:
        self.log = log
        self.party = log.card.id
        self.tree = Tree()
        self.items: list[Parsed | None] = []
        self.void: list[tuple[int, str]] = []
        self.problems: list[str] = []
        self.cosigned: list[tuple[str, int, int]] = []
        self.signed_size = 0
        self._tiles: dict[tuple[int, int], bytes] = {}

    def read(self, parallel: Map) -> None:
        """Verify all entries. Keys are learned in order, so a chunk that meets a key too early is looked at again."""
        book = KeyBook(self.party, Anchor.of(self.log.card))
        waiting: list[Chunk] = []

        def chunks() -> Iterator[Chunk]:
            start = 0
            for entries in self.log.chunks:
                for at in range(0, len(entries), CHUNK):
                    piece = entries[at : at + CHUNK]
                    chunk = Chunk(book.copy(), start, piece)
                    start += len(piece)
                    waiting.append(chunk)
                    yield chunk

        for answer in parallel(check_chunk, chunks()):
            chunk = waiting.pop(0)
            result = _result_decoder.decode(answer)
            for tile in self.tree.append(result.leaves[at : at + 32] for at in range(0, len(result.leaves), 32)):
                self._tiles[tile.level, tile.n] = tile.hashes
            for index, item in enumerate(result.items):
                again = _check(book, chunk.entries[index]) if isinstance(item, str) and _UNKNOWN_KEY in item else item
                if isinstance(again, str):
                    self.void.append((chunk.start + index, again))
                    self.items.append(None)
                else:
                    if again.kind == "actor.enrolled":
                        _check(book, chunk.entries[index])
                    self.items.append(again)

    def tile(self, level: int, n: int, width: int) -> bytes:
        """A tile of the log as read."""
        full = self._tiles.get((level, n))
        if full is None:
            full = next(tile.hashes for tile in self.tree.edge() if (tile.level, tile.n) == (level, n))
        return full[: 32 * width]

    def root_holds(self, size: int, root: bytes) -> bool:
        """Whether the log as read had this root at that size."""
        if size > self.tree.size:
            return False
        if size == 0:
            return root == EMPTY_ROOT
        try:
            Tree.resume(size, root, self.tile)
        except ProofInvalid:
            return False
        return True

    def check_notes(self, cosigners: Sequence[VerifierKey]) -> None:
        """Hold the log's signed checkpoints, and others' cosignatures under them, against the entries."""
        key = VerifierKey.from_text(self.log.card.node.log)
        for note in self.log.notes:
            try:
                signed = open_checkpoint(note, key, cosigners)
            except (InputInvalid, CheckFailed) as error:
                self.problems.append(f"a checkpoint does not hold: {error}")
                continue
            self._check_note(signed)
        if self.signed_size < self.tree.size:
            self.problems.append(f"its checkpoint covers {self.signed_size} of {self.tree.size} entries")

    def _check_note(self, signed: SignedCheckpoint) -> None:
        if not self.root_holds(signed.size, signed.root):
            self.problems.append(f"it signed another root at size {signed.size} than its entries have")
            return
        self.signed_size = max(self.signed_size, signed.size)
        for given in signed.cosignatures:
            self.cosigned.append((given.key.name, signed.size, given.time))


class _Record:
    """Several logs as one history."""

    def __init__(self, readings: Sequence[_LogReading], texts: Mapping[str, Terms]) -> None:
        self.readings = {reading.party: reading for reading in readings}
        self.texts = texts
        self.sightings: dict[tuple[str, str], _Sightings] = {}
        self.latest = 0

    def audit(self, as_of: int | None) -> Audit:
        cosigners = [
            VerifierKey.from_text(vkey)
            for reading in self.readings.values()
            for vkey in (reading.log.card.node.witness, reading.log.card.node.mirror)
        ]
        for reading in self.readings.values():
            reading.check_notes(cosigners)
        by_subject = self._place()
        law = Law({p: Anchor.of(r.log.card) for p, r in self.readings.items()}, dict(self.texts))
        refused: list[tuple[str, str]] = []
        statutes = sorted((s for subject in by_subject if is_law(subject) for s in by_subject[subject]), key=_position)
        lines = fold_law(law, [parsed.said(position) for position, parsed in statutes])
        refused.extend((line.said.id, line.void.code) for line in lines if line.void is not None)
        moment = self.latest if as_of is None else as_of
        digests: list[tuple[str, str]] = []
        findings: list[Finding] = []
        marks: list[MarkState] = []
        for subject, statements in by_subject.items():
            if is_law(subject):
                continue
            statements.sort(key=_position)
            saids = [parsed.said(position) for position, parsed in statements]
            folded = fold(law, saids)
            refused.extend((line.said.id, line.void.code) for line in folded.lines if line.void is not None)
            if folded.state is not None:
                digests.append((subject, state_digest(folded.state)))
                if isinstance(folded.state, MarkState):
                    marks.append(folded.state)
            findings.extend(findings_of(law, subject, saids, moment, self._receipt))
        for party, reading in self.readings.items():
            digests.extend((f"void/{party}/{index:016d}", self._leaf(reading, index)) for index, _ in reading.void)
        digests.append(("law", law_digest(law)))
        return Audit(
            logs=tuple(_log_audit(reading) for reading in self.readings.values()),
            statements=sum(len(reading.items) for reading in self.readings.values()),
            subjects=len(by_subject),
            digest=record_digest(digests),
            as_of=moment,
            agreement=law.in_force(),
            findings=tuple(sorted(findings, key=lambda f: f.subject)),
            without_effect=tuple(sorted(refused)),
            mark_faults=mark_faults(law, marks, lambda s: [p.said(at) for at, p in by_subject.get(s, ())]),
        )

    def _leaf(self, reading: _LogReading, index: int) -> str:
        tile = reading.tile(0, index // 256, index % 256 + 1)
        return tile[-32:].hex()

    def _receipt(self, of: str, index: int, by: str) -> Evidence | None:
        known = self.sightings.get((by, of))
        return known.first_above(index) if known is not None else None

    def _place(self) -> dict[str, list[tuple[Position, Parsed]]]:
        """Give every statement its place, which needs its causes to have one: go round the logs until none moves."""
        by_subject: dict[str, list[tuple[Position, Parsed]]] = {}
        latest = {party: _Places() for party in self.readings}
        moved = True
        while moved:
            moved = False
            for party, reading in self.readings.items():
                places = latest[party]
                while len(places) < len(reading.items):
                    item = reading.items[len(places)]
                    if item is None:
                        places.add(0, 0)
                    elif not self._place_one(party, item, latest, by_subject):
                        break
                    moved = True
        for party, reading in self.readings.items():
            placed = len(latest[party])
            if placed < len(reading.items):
                item = reading.items[placed]
                after = item.after if item is not None else {}
                reading.problems.append(f"entry {placed} names causes that no log here has: {after}")
        return by_subject

    def _place_one(
        self,
        party: str,
        item: Parsed,
        latest: Mapping[str, _Places],
        by_subject: dict[str, list[tuple[Position, Parsed]]],
    ) -> bool:
        causes = []
        for other, size in item.after.items():
            if size:
                places = latest.get(other)
                if places is None or len(places) < size:
                    return False
                causes.append(places.latest(size))
        t, n = tick(item.at, causes)
        index = len(latest[party])
        latest[party].add(t, n)
        self.latest = max(self.latest, t)
        position = Position(t, n, party, index)
        by_subject.setdefault(item.subject, []).append((position, item))
        self._sight(position, item)
        return True

    def _sight(self, position: Position, item: Parsed) -> None:
        if item.kind == "record.received":
            act = read_act(item.kind, item.body)
            assert isinstance(act, RecordReceived)
            reading = self.readings.get(act.log)
            if reading is not None and not reading.root_holds(act.size, bytes.fromhex(act.root)):
                self.readings[position.party].problems.append(
                    f"entry {position.entry} says it received a root of {act.log} that its log never had at {act.size}"
                )
        for of, size in item.after.items():
            if of != position.party:
                known = self.sightings.setdefault((position.party, of), _Sightings(position.party))
                known.add(size, position, item.id)


class _Places:
    """For each size of a log the latest (t, n) among its entries."""

    def __init__(self) -> None:
        self._t = array("q")
        self._n = array("q")

    def __len__(self) -> int:
        return len(self._t)

    def add(self, t: int, n: int) -> None:
        if self._t and (t, n) < (self._t[-1], self._n[-1]):
            t, n = self._t[-1], self._n[-1]
        self._t.append(t)
        self._n.append(n)

    def latest(self, size: int) -> tuple[int, int]:
        return self._t[size - 1], self._n[size - 1]


class _Sightings:
    """The statements of one party that show more and more of another's log, in order of its own log."""

    def __init__(self, by: str) -> None:
        self._by = by
        self._sizes = array("q")
        self._seen: list[tuple[int, int, str]] = []

    def add(self, size: int, position: Position, statement_id: str) -> None:
        if not self._sizes or size > self._sizes[-1]:
            self._sizes.append(size)
            self._seen.append((position.entry, position.t, statement_id))

    def first_above(self, index: int) -> Evidence | None:
        place = bisect_right(self._sizes, index)
        if place == len(self._seen):
            return None
        entry, t, statement_id = self._seen[place]
        return Evidence(party=self._by, index=entry, id=statement_id, at=t)


def _position(placed: tuple[Position, Parsed]) -> Position:
    return placed[0]


def _log_audit(reading: _LogReading) -> LogAudit:
    return LogAudit(
        party=reading.party,
        size=reading.tree.size,
        root=reading.tree.root().hex(),
        signed_size=reading.signed_size,
        cosigned=tuple(reading.cosigned),
        void=tuple(reading.void),
        problems=(*reading.problems, *(f"entry {i} is void: {why}" for i, why in reading.void)),
    )
