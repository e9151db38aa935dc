"""Two whole logs of a federation that worked for months, written as the folders that `log export` makes.

Everything in them is as nodes would have written it: causes, receipts about every tenth statement, both signatures,
cosigned checkpoints. Only the nodes are left out, so that a million statements take a minute or two.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from bench.workload import MINUTE, START, Line, draft, movement, sign_as_both
from safeconduct.core.acts import ActorEnrolled, AgreementProposed, AgreementSigned, RecordReceived
from safeconduct.core.agreement import PartyTerms, Terms
from safeconduct.core.log import TILE_WIDTH, Tree, cosign, encode_bundle, entries_path, leaf_hash, sign_checkpoint
from safeconduct.core.statement import encode
from safeconduct.testing import card_of, key, keys_of, small_terms

PARTIES = ("host", "sending")

# Drafted, signed in parallel and written before the next ones are drafted.
_WINDOW = 20_000
_RECEIPT_EVERY = 10
_BETWEEN_MOVEMENTS = MINUTE


@dataclass(frozen=True)
class Logs:
    """Where they are and what is in them. signatures: on entries, of both logs together."""

    folder: Path
    cards: dict[str, PartyTerms]
    terms: Terms
    statements: int
    signatures: int
    movements: int


@dataclass(frozen=True)
class _Moment:
    """Something to be said at a time: by an actor, or by a node about the log of another party."""

    at: int
    subject: str
    line: Line | None = None
    receipt_by: str = ""


@dataclass
class _Writer:
    """One log while it is written."""

    party: str
    folder: Path
    tree: Tree = field(default_factory=Tree)
    size: int = 0
    _bundle: list[bytes] = field(default_factory=list)

    def add(self, entry: bytes) -> None:
        self.tree.append([leaf_hash(entry)])
        self._bundle.append(entry)
        if len(self._bundle) == TILE_WIDTH:
            self._write()

    def finish(self, at: int) -> None:
        """Write what is left, and the checkpoint with the other's receipt under it."""
        if self._bundle:
            self._write()
        keys = keys_of(self.party)
        checkpoint = sign_checkpoint(f"{self.party}.example/log", self.tree.size, self.tree.root(), keys.log)
        (other,) = (party for party in PARTIES if party != self.party)
        receipt = cosign(checkpoint, f"{other}.example/mirror", keys_of(other).mirror, at // 1000)
        (self.folder / "checkpoint").write_bytes(checkpoint.note.with_signatures([receipt]).encode())

    def _write(self) -> None:
        path = self.folder / entries_path((self.tree.size - 1) // TILE_WIDTH, len(self._bundle))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(encode_bundle(self._bundle))
        self._bundle.clear()


def make_logs(folder: Path, statements: int, workers: ProcessPoolExecutor) -> Logs:
    """Logs of at least `statements` statements in all, below `folder`/<party>."""
    cards = {party: card_of(party) for party in PARTIES}
    terms = small_terms(cards.values())
    writers = {party: _Writer(party, folder / party) for party in PARTIES}
    movements = -(-statements * _RECEIPT_EVERY // (_RECEIPT_EVERY + 1) // len(movement(START)))
    signatures, latest = 0, START
    sizes = dict.fromkeys(PARTIES, 0)
    for window in _windows(_all_moments(terms, movements)):
        signatures += _say(window, terms.digest, writers, sizes, workers)
        latest = window[-1].at
    for writer in writers.values():
        writer.finish(latest + MINUTE)
    return Logs(folder, cards, terms, sum(sizes.values()), signatures, movements)


def _windows(moments: Iterator[_Moment]) -> Iterator[list[_Moment]]:
    window: list[_Moment] = []
    for moment in moments:
        window.append(moment)
        if len(window) == _WINDOW:
            yield window
            window = []
    if window:
        yield window


def _all_moments(terms: Terms, movements: int) -> Iterator[_Moment]:
    yield from _beginning(terms)
    for said, moment in enumerate(_movements(START + MINUTE, movements), 1):
        yield moment
        if said % _RECEIPT_EVERY == 0:
            by, of = PARTIES if (said // _RECEIPT_EVERY) % 2 else PARTIES[::-1]
            yield _Moment(moment.at, f"log/{of}", receipt_by=by)


def _beginning(terms: Terms) -> Iterator[_Moment]:
    for role in terms.roles:
        act = ActorEnrolled(key=key(f"{role.party}/{role.id}").public.text, roles=(role.id,))
        yield _Moment(START, f"actor/{role.party}/{role.id}", Line(f"{role.party}/authority", act, 0))
    proposed = AgreementProposed(digest=terms.digest, size=len(encode(terms)))
    yield _Moment(START, "agreement", Line("host/authority", proposed, 0))
    yield _Moment(START, "agreement", Line("sending/authority", AgreementSigned(digest=terms.digest), 0))


def _movements(since: int, count: int) -> Iterator[_Moment]:
    """What is said of movements that begin a minute apart, in order of time."""

    def one(number: int) -> Iterator[tuple[int, int, _Moment]]:
        begun = since + number * _BETWEEN_MOVEMENTS
        for place, line in enumerate(movement(begun)):
            moment = _Moment(begun + line.at, f"movement/m{number}", line)
            yield moment.at, number * 100 + place, moment

    under_way: list[tuple[int, int, _Moment, Iterator[tuple[int, int, _Moment]]]] = []
    begun = 0
    while begun < count or under_way:
        while begun < count and (not under_way or since + begun * _BETWEEN_MOVEMENTS <= under_way[0][0]):
            rest = one(begun)
            heapq.heappush(under_way, (*next(rest), rest))
            begun += 1
        _, _, moment, rest = heapq.heappop(under_way)
        yield moment
        following = next(rest, None)
        if following is not None:
            heapq.heappush(under_way, (*following, rest))


def _say(
    window: Sequence[_Moment],
    agreement: str,
    writers: dict[str, _Writer],
    sizes: dict[str, int],
    workers: ProcessPoolExecutor,
) -> int:
    """Draft, sign and write one window; returns how many signatures were made."""
    work: list[tuple[str, bytes]] = []
    causes: list[dict[str, int]] = []
    for moment in window:
        after = {party: size for party, size in sizes.items() if size}
        causes.append(after)
        if moment.line is not None:
            under = "" if moment.subject.startswith(("actor/", "agreement")) else agreement
            work.append((moment.line.actor, draft(moment.line, moment.subject, moment.at, under, after)))
        sizes[moment.line.party if moment.line is not None else moment.receipt_by] += 1
    pieces = [work[at : at + 500] for at in range(0, len(work), 500)]
    entries = (entry for piece in workers.map(sign_as_both, pieces) for entry in piece)
    signatures = 0
    for moment, after in zip(window, causes, strict=True):
        if moment.line is not None:
            writers[moment.line.party].add(next(entries))
            signatures += 2
        else:
            writers[moment.receipt_by].add(_receipt(moment, agreement, after, writers))
            signatures += 1
    return signatures


def _receipt(moment: _Moment, agreement: str, after: dict[str, int], writers: dict[str, _Writer]) -> bytes:
    of = writers[moment.subject.removeprefix("log/")]
    actor = f"{moment.receipt_by}/node"
    line = Line(actor, RecordReceived(log=of.party, size=of.tree.size, root=of.tree.root().hex()), 0)
    return sign_as_both([(actor, draft(line, moment.subject, moment.at, agreement, after))])[0]
