"""What a running node holds in memory: the edge of each log's tree, the law, and the states it has touched last.

All of it is derived from the store and is thrown away and read again when a write fails: there is one path from the
disk to the memory, and a crash takes the same one.
"""

from __future__ import annotations

from array import array
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from typing import TypeVar

import msgspec

from safeconduct.core.acts import Act
from safeconduct.core.agreement import Docket, Evidence, Finding, PartyTerms, Receipts, Terms
from safeconduct.core.log import Tree, VerifierKey, open_checkpoint
from safeconduct.core.record import (
    Anchor,
    CopiesState,
    IncidentState,
    ItemState,
    KeyBook,
    Law,
    MarkState,
    MovementState,
    Position,
    RegisterState,
    Said,
    State,
    Void,
    copies_of,
    event_of,
    findings_of,
    fold,
    fold_law,
    is_law,
    judge,
    place,
    read_unverified,
    state_digest,
    step,
    tick,
    versions_for,
)
from safeconduct.core.statement import INTEGER_MAX, encode
from safeconduct.errors import NotFound, Unavailable
from safeconduct.node.agenda import Agenda
from safeconduct.node.departures import Departures
from safeconduct.node.limits import DOCKETS_CACHED_MAX, PAGE_MAX, STATES_CACHED_MAX
from safeconduct.node.ports import Row, Sighting, Store, Subject

_BEFORE_ALL = Position(-1, 0, "", 0)
_state_decoder: msgspec.json.Decoder[State] = msgspec.json.Decoder(State)


_A = TypeVar("_A", bound=Act)


class _Sealings(msgspec.Struct):
    """As much of a movement's projection as its place in the index needs; to pass over the rest is far faster."""

    sealings: dict[str, msgspec.Raw] = {}


_sealings_decoder = msgspec.json.Decoder(_Sealings)


class Head:
    """One log as far as this node holds it: its tree, and for each size the latest place among its entries."""

    def __init__(self, party: PartyTerms, store: Store) -> None:
        self.party = party.id
        self.log_key = VerifierKey.from_text(party.node.log)
        self.witness_key = VerifierKey.from_text(party.node.witness)
        self.mirror_key = VerifierKey.from_text(party.node.mirror)
        self._times = array("q")
        self._steps = array("q")
        for t, n in store.places(party.id):
            self.remember(t, n)
        self.tree = _resume(store, self.party, self.log_key, len(self._times))

    @property
    def origin(self) -> str:
        return self.log_key.name

    @property
    def size(self) -> int:
        return len(self._times)

    def remember(self, t: int, n: int) -> None:
        """Note the place of the next entry."""
        if self.size and (t, n) < (self._times[-1], self._steps[-1]):
            t, n = self._times[-1], self._steps[-1]
        self._times.append(t)
        self._steps.append(n)

    def latest(self, size: int) -> tuple[int, int]:
        """The latest (t, n) among the first `size` entries, which must be stored here and at least one."""
        return self._times[size - 1], self._steps[size - 1]


def _resume(store: Store, party: str, key: VerifierKey, size: int) -> Tree:
    """The tree of what is stored: from full tiles, and from the leaves behind the last one."""
    edge = _StoredEdge(store, party, size)
    note = store.checkpoint(party)
    if note is not None:
        checkpoint = open_checkpoint(note, key)
        if checkpoint.size == size:
            return Tree.resume(size, checkpoint.root, edge)
    return edge.rebuilt()


class _StoredEdge:
    """Reads any tile of a stored log: full ones as they are, unfinished ones from the level below."""

    def __init__(self, store: Store, party: str, size: int) -> None:
        self._store, self._party, self._size = store, party, size

    def __call__(self, level: int, n: int, width: int) -> bytes:
        return read_tile(self._store, self._party, level, n, width)

    def rebuilt(self) -> Tree:
        # A mirror that stopped half way through catching up has rows beyond its checkpoint. Hashing leaves again
        # costs a second for a million.
        tree = Tree()
        for start in range(0, self._size, 65_536):
            leaves = self._store.leaves(self._party, start, min(start + 65_536, self._size))
            tree.append(leaves[at : at + 32] for at in range(0, len(leaves), 32))
        return tree


def read_tile(store: Store, party: str, level: int, n: int, width: int) -> bytes:
    """`width` hashes of a tile of a stored log, whether it is full yet or not."""
    full = store.tile(party, level, n)
    if full is not None:
        return full[: 32 * width]
    if level == 0:
        return store.leaves(party, n * 256, n * 256 + width)
    below = (read_tile(store, party, level - 1, n * 256 + i, 256) for i in range(width))
    return b"".join(tile_root(hashes) for hashes in below)


def tile_root(hashes: bytes) -> bytes:
    """The hash of a full tile, as it stands in the tile above."""
    tree = Tree()
    tree.append(hashes[at : at + 32] for at in range(0, len(hashes), 32))
    return tree.root()


class Weighed(msgspec.Struct, frozen=True):
    """What a statement would do: the subject's state and last position after it, and why it has no effect if so."""

    state: State | None
    last: Position
    void: Void | None
    law: Law | None = None


class Changes(msgspec.Struct, frozen=True):
    """What the statements taken in since the last commit changed, besides their rows."""

    subjects: Sequence[Subject]
    sightings: Sequence[Sighting]


class Memory:
    """Everything derived. Changed by the single writer only; a write that fails calls for a new `Memory`.

    Statements are weighed, taken in one by one, and written as one batch; until then they are in `_pending`.
    """

    def __init__(self, store: Store, cards: Mapping[str, PartyTerms], texts: Mapping[str, Terms]) -> None:
        self._store = store
        self.texts = dict(texts)
        self.heads = {party: Head(card, store) for party, card in sorted(cards.items())}
        self.anchors = {party: Anchor.of(card) for party, card in cards.items()}
        self.key_books = {party: KeyBook(party, anchor) for party, anchor in self.anchors.items()}
        self._states: OrderedDict[str, tuple[State | None, Position]] = OrderedDict()
        # What this node may still have to do something about by itself; after a start or a failed write everything is
        # new. sealed: movements of which something is sealed and that may still come to a release, and people whose
        # dossier may have to be fetched. copies: orders whose copies may not be finished.
        self.sealed, self.items, self.copies = Agenda(), Agenda(), Agenda()
        # Sealed marks that are still to be kept to.
        self._marks: dict[str, None] = {}
        # How many statements of people were taken in, to see whether there is anything new to judge.
        self.words = 0
        # Obligations of a subject as of its last position.
        self._dockets: OrderedDict[str, tuple[Docket, Position]] = OrderedDict()
        self._pending: dict[str, list[Said]] = {}
        self._sightings: list[Sighting] = []
        self._law_came_late = False
        self.departures = Departures(store)
        self.law = Law(self.anchors, self.texts)
        self._law_last = _BEFORE_ALL
        for row in store.about_law():
            said = self.said(row)
            if judge(self.law, None, said) is None:
                self.law.enact(said)
            self._law_last = said.position
        # Keys are learned in order of the log, which for one log is the order of the record.
        for row in store.about_law():
            signed, act = read_unverified(row.entry, row.party)
            self.key_books[row.party].learn(signed, act)
        places = [(*head.latest(head.size), head.party) for head in self.heads.values() if head.size]
        self._last = max((Position(t, n, party, INTEGER_MAX) for t, n, party in places), default=_BEFORE_ALL)
        self._seen = {
            (by, of): _largest_sighting(store, of, by, head.size)
            for by in self.heads
            for of, head in self.heads.items()
            if by != of
        }

    # --- reading ------------------------------------------------------------------------------------------------------

    def said(self, row: Row) -> Said:
        """A stored row as a statement at its place."""
        signed, act = read_unverified(row.entry, row.party)
        return place(signed, act, Position(row.t, row.n, row.party, row.index))

    def act(self, statement_id: str, kind: type[_A]) -> _A:
        """What a statement says that is of this kind, by the record. Raises NotFound."""
        row = self._store.find(statement_id)
        if row is None:
            raise NotFound(f"no statement {statement_id[:16]} here")
        act = self.said(row).act
        if not isinstance(act, kind):
            raise AssertionError(statement_id)
        return act

    def has_raised(self, incident: str, party: str) -> bool:
        """Whether a party has raised this incident (its subject)."""
        known = self.state(incident)
        return isinstance(known, IncidentState) and any(mark.party == party for mark in known.raised)

    def state(self, subject: str) -> State | None:
        """The state of a subject as of everything taken in."""
        return self._load(subject)[0]

    def findings(self, subject: str, now: int, receipts: Receipts) -> tuple[Finding, ...]:
        """How every obligation of a subject stands at `now`, as of everything taken in."""
        state, last = self._load(subject)
        if isinstance(state, MovementState | RegisterState | IncidentState) and state.contested:
            return findings_of(self.law, subject, self.in_order(subject), now, receipts)
        docket, position = self._dockets.get(subject, (None, _BEFORE_ALL))
        if docket is None or position != last:
            docket = self._docket(subject, state)
            self._dockets[subject] = (docket, last)
            while len(self._dockets) > DOCKETS_CACHED_MAX:
                self._dockets.popitem(last=False)
        self._dockets.move_to_end(subject)
        return docket.findings(now, receipts)

    def _docket(self, subject: str, state: State | None) -> Docket:
        docket = Docket(subject, versions_for(self.law, state))
        so_far: State | None = None
        for said in self.in_order(subject):
            so_far, void = step(self.law, so_far, said)
            event = event_of(self.law, said, void, so_far)
            if event is not None:
                docket.take(event)
        return docket

    def _follow(self, said: Said, weighed: Weighed) -> None:
        """A docket at hand takes the next statement, unless that comes before others or is the first of a movement."""
        docket, position = self._dockets.get(said.subject, (None, _BEFORE_ALL))
        if docket is None:
            return
        if said.position < position or position != self._load(said.subject)[1]:
            del self._dockets[said.subject]
            return
        event = event_of(self.law, said, weighed.void, weighed.state)
        if event is not None:
            docket.take(event)
        self._dockets[said.subject] = (docket, said.position)

    def version(self, subject: str) -> Position:
        """Place of the last statement in a subject's state."""
        return self._load(subject)[1]

    def recall_sealed(self, since: int) -> None:
        """Find the movements again of which something is sealed and whose window opens at `since` (ms) or later."""
        limit = PAGE_MAX
        while True:
            rows = self._store.subjects("movement/", before=None, limit=limit)
            if len(rows) < limit or rows[-1].sort < since:
                break
            limit *= 4
        for row in rows:
            if row.sort >= since and _sealings_decoder.decode(row.state).sealings:
                self.sealed.touch(row.subject)

    def recall_copies(self) -> None:
        """Find the orders again whose copies may not be finished: of movements that are not, and those said of last."""
        for subject in self.sealed:
            if subject.startswith("movement/"):
                self.copies.touch(copies_of(subject))
        for row in self._store.subjects("copies/", before=None, limit=PAGE_MAX):
            self.copies.touch(row.subject)

    def recall_items(self) -> None:
        """Find every item again, each to be looked at once."""
        for row in self._store.subjects("item/", before=None, limit=INTEGER_MAX):
            self.items.touch(row.subject)

    def recall_marks(self) -> None:
        """Find the marks again that nobody opened, and the decoys."""
        for row in every_subject(self._store, "mark/"):
            self._track_mark(decode_state(row))

    def tracked_marks(self) -> list[str]:
        """The marks that may still hide something or keep people out of a decoy, sorted. No state is read."""
        return sorted(self._marks)

    def _track_mark(self, state: State | None) -> None:
        if not isinstance(state, MarkState):
            return
        if state.opened is None or (state.content is not None and state.content.sort == "decoy"):
            self._marks[state.subject] = None
        else:
            self._marks.pop(state.subject, None)

    def after(self) -> dict[str, int]:
        """How many entries of each log have been folded: what a statement drafted now names as its causes."""
        return {party: head.size for party, head in self.heads.items() if head.size}

    def floor(self) -> int:
        """The latest record time among everything folded."""
        return max((head.latest(head.size)[0] for head in self.heads.values() if head.size), default=0)

    def place_next(self, party: str, at: int, after: Mapping[str, int]) -> tuple[int, int]:
        """(t, n) of the next entry of a log, from its author's clock and its causes, all of which must be stored.

        Raises Unavailable, naming the log, when a cause is not here yet.
        """
        causes = []
        for other, size in after.items():
            if size == 0:
                continue
            known = self.heads.get(other)
            if known is None or known.size < size:
                here = known.size if known is not None else 0
                raise Unavailable(
                    f"entry {self.heads[party].size} of {party} follows {size} entries of {other}, here are {here}"
                )
            causes.append(known.latest(size))
        return tick(at, causes)

    # --- taking in ----------------------------------------------------------------------------------------------------

    def weigh(self, said: Said) -> Weighed:
        """What a statement would do at its place. Changes nothing."""
        if is_law(said.subject):
            return self._weigh_law(said)
        state, last = self._load(said.subject)
        if said.position > last:
            after, void = step(self.law, state, said)
            return Weighed(after, said.position, void)
        statements = sorted([*self._history(said.subject), said], key=lambda s: s.position)
        folded = fold(self.law, statements)
        void = next(line.void for line in folded.lines if line.said.position == said.position)
        return Weighed(folded.state, statements[-1].position, void)

    def take(self, row: Row, said: Said | None, weighed: Weighed | None) -> None:
        """Take in the next entry of a log; None for an entry that is void."""
        self.heads[row.party].remember(row.t, row.n)
        if said is None or weighed is None:
            return
        self._pending.setdefault(said.subject, []).append(said)
        self._sight(said)
        self.words += not said.actor.endswith("/node")
        if (isinstance(weighed.state, MovementState) and weighed.state.sealings) or (
            isinstance(weighed.state, RegisterState) and weighed.state.dossiers
        ):
            self.sealed.touch(said.subject)
        if isinstance(weighed.state, ItemState):
            self.items.touch(said.subject)
        if isinstance(weighed.state, MovementState) and any(
            sealing.slots is not None for sealing in weighed.state.sealings.values()
        ):
            self.copies.touch(copies_of(said.subject))
        if isinstance(weighed.state, CopiesState):
            self.copies.touch(said.subject)
        self._track_mark(weighed.state)
        if is_law(said.subject):
            # The law reaches only forward. Statements already judged that come later in the order are judged again.
            self._law_came_late |= said.position < self._last and weighed.void is None
            self._law_last = max(self._law_last, said.position)
            self._dockets.clear()
            if weighed.law is not None:
                self.law = weighed.law
            elif weighed.void is None:
                self.law.enact(said)
        else:
            self._follow(said, weighed)
            self._keep(said.subject, weighed.state, weighed.last)
            self.departures.take(said.subject, weighed.state)
        self._last = max(self._last, said.position)

    def changes(self) -> Changes:
        """What is to be written with the rows taken in since the last `written`."""
        if self._law_came_late:
            return Changes(self._fold_all_again(), tuple(self._sightings))
        projections = []
        for subject in self._pending:
            if not is_law(subject):
                state, last = self._load(subject)
                if state is not None:
                    projections.append(_projection(subject, state, last))
        return Changes(projections, tuple(self._sightings))

    def written(self) -> None:
        """The disk has what `changes` gave."""
        self._pending.clear()
        self._sightings.clear()
        if self._law_came_late:
            self.departures = Departures(self._store)
        self._law_came_late = False

    def _weigh_law(self, said: Said) -> Weighed:
        if said.position > self._law_last:
            return Weighed(None, said.position, judge(self.law, None, said))
        known = [self.said(row) for row in self._store.about_law()]
        pending = [s for subject, said_of in self._pending.items() if is_law(subject) for s in said_of]
        law = Law(self.anchors, self.texts)
        lines = fold_law(law, sorted([*known, *pending, said], key=lambda s: s.position))
        void = next(line.void for line in lines if line.said.position == said.position)
        return Weighed(None, said.position, void, law)

    def in_order(self, subject: str) -> list[Said]:
        """Everything said of a subject, in order of the record."""
        return sorted(self._history(subject), key=lambda s: s.position)

    def _history(self, subject: str) -> list[Said]:
        return [*(self.said(row) for row in self._store.about(subject)), *self._pending.get(subject, ())]

    def _fold_all_again(self) -> Sequence[Subject]:
        self._states.clear()
        subjects = {subject for subject, _ in self._store.digests()} | set(self._pending)
        projections = []
        for subject in sorted(subjects):
            if is_law(subject):
                continue
            statements = self.in_order(subject)
            folded = fold(self.law, statements)
            if folded.state is not None:
                projections.append(_projection(subject, folded.state, statements[-1].position))
        return projections

    def _load(self, subject: str) -> tuple[State | None, Position]:
        cached = self._states.get(subject)
        if cached is not None:
            self._states.move_to_end(subject)
            return cached
        stored = self._store.subject(subject)
        if stored is not None:
            last = Position(stored.t, stored.n, stored.party, stored.index)
            loaded: tuple[State | None, Position] = (decode_state(stored), last)
        else:
            # Nothing was said, or void statements alone, which leave no projection.
            rows = self._store.about(subject)
            last = Position(rows[-1].t, rows[-1].n, rows[-1].party, rows[-1].index) if rows else _BEFORE_ALL
            loaded = (None, last)
        self._keep(subject, *loaded)
        return loaded

    def _keep(self, subject: str, state: State | None, last: Position) -> None:
        self._states[subject] = (state, last)
        self._states.move_to_end(subject)
        # What is pending is not in the store yet, so it must stay here until it is written.
        while len(self._states) > STATES_CACHED_MAX and next(iter(self._states)) not in self._pending:
            self._states.popitem(last=False)

    def _sight(self, said: Said) -> None:
        for of, size in said.after.items():
            if of != said.party and size > self._seen.get((said.party, of), 0):
                self._seen[said.party, of] = size
                self._sightings.append(
                    Sighting(by=said.party, of=of, size=size, t=said.t, index=said.index, id=said.id)
                )


def every_subject(store: Store, prefix: str) -> Sequence[Subject]:
    """Every projection whose id starts with prefix. For kinds of which there are few."""
    limit = PAGE_MAX
    while True:
        # Asked anew from the beginning: two of one instant at the edge of a page would else be one.
        rows = store.subjects(prefix, before=None, limit=limit)
        if len(rows) < limit:
            return rows
        limit *= 4


def first_receipt(store: Store, of: str, index: int, by: str) -> Evidence | None:
    """The first statement of party `by` that shows it had an entry of log `of` (docs/spec/record.md REC-7)."""
    sighting = store.first_sighting(of, index, by)
    if sighting is None:
        return None
    return Evidence(party=by, index=sighting.index, id=sighting.id, at=sighting.t)


def decode_state(projection: Subject) -> State:
    """The folded state in a projection."""
    return _state_decoder.decode(projection.state)


def _projection(subject: str, state: State, last: Position) -> Subject:
    sort = state.plan.timing.earliest if isinstance(state, MovementState) else last.t
    return Subject(
        subject=subject,
        sort=sort,
        t=last.t,
        n=last.n,
        party=last.party,
        index=last.entry,
        digest=state_digest(state),
        state=encode(state),
    )


def _largest_sighting(store: Store, of: str, by: str, size: int) -> int:
    """The most entries of log `of` that party `by` is known to have had."""
    # Sightings grow strictly, so the last one is found by halving.
    low, high = 0, size
    while low < high:
        middle = (low + high) // 2
        found = store.first_sighting(of, middle, by)
        if found is None:
            high = middle
        else:
            low = found.size
    return low
