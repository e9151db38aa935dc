"""One party's running node: its keys, its store, its memory, and what it knows of its peers."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from concurrent.futures import Executor
from dataclasses import dataclass, field

import msgspec

from safeconduct.core.acts import AgreementProposed, MarkContent, read_act
from safeconduct.core.agreement import Finding, PartyTerms, Terms
from safeconduct.core.disclosure import OpenedContent
from safeconduct.core.identity import SigningKey
from safeconduct.core.log import SignedCheckpoint, open_checkpoint
from safeconduct.core.statement import read_entry
from safeconduct.errors import InputInvalid, NotAllowed, Unavailable
from safeconduct.node.limits import CUSTODY_BACK_MS, QUEUE_MAX
from safeconduct.node.memory import Memory
from safeconduct.node.ports import Clock, Peers, Store, Vault

TWO_HISTORIES = "its log's key has signed two histories; the evidence is kept and its receipts have stopped"

card_decoder = msgspec.json.Decoder(PartyTerms)


@dataclass(frozen=True, slots=True)
class Keys:
    """The node's four private keys: statements and requests, its log, its witness, its mirror."""

    node: SigningKey
    log: SigningKey
    witness: SigningKey
    mirror: SigningKey


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """A subject on which two nodes judge otherwise from the same statements.

    theirs: its digest by the peer, empty if the peer has no findings of it. ours: our findings that the peer does not
    have, each with the smallest set of statements (ids) that leads to it; peers: those that we do not have.
    """

    subject: str
    theirs: str
    ours: tuple[tuple[Finding, tuple[str, ...]], ...]
    peers: tuple[Finding, ...]


class Judgement(msgspec.Struct, frozen=True, kw_only=True):
    """What a peer's node stated of its findings, compared with ours at the same sizes of all logs.

    statement: its id. agrees: None while it cannot be compared here.
    """

    statement: str
    as_of: int
    digest: str
    count: int
    agrees: bool | None
    differences: tuple[Difference, ...] = ()


@dataclass(slots=True)
class PeerStatus:
    """What this node knows of a peer right now; nothing here is evidence.

    reached_at, failed_at: last contact and last failed try, ms. problem: why its log is not being taken in, for people.
    forked: its log's key has signed two histories: no more receipts.
    """

    reached_at: int | None = None
    failed_at: int | None = None
    problem: str | None = None
    forked: bool = False
    wake: asyncio.Event = field(default_factory=asyncio.Event)
    offered_size: int = 0
    # Unix seconds by the peer's own clock, as its witness signed last.
    vouched_at: int = 0
    receipt_due: bool = False
    receipt_said_at: int = 0
    compared: bool = False
    # Statement of findings that was compared last.
    judged: str = ""
    judgement: Judgement | None = None


class Node:
    """Built by the assembly with its ports; every command and query takes it as first argument."""

    def __init__(
        self,
        *,
        party: str,
        keys: Keys,
        store: Store,
        vault: Vault,
        peers: Peers,
        clock: Clock,
        workers: Executor | None = None,
    ) -> None:
        self.party = party
        self.keys = keys
        self.store = store
        self.vault = vault
        self.peers = peers
        self.clock = clock
        self.workers = workers
        self.cards: dict[str, PartyTerms] = {}
        self.memory: Memory
        # INVARIANT (one-writer): memory and log change only under this lock.
        self.writing = asyncio.Lock()
        # One at a time: our witness compares and stores in one step.
        self.witnessing = asyncio.Lock()
        self.offers: asyncio.Queue[object] = asyncio.Queue(QUEUE_MAX)
        self.statuses: dict[str, PeerStatus] = {}
        # Why the node does not sign, for people; None when it does.
        self.halted: str | None = None
        # What this node stated last of its findings: digest of the list, and the list by subject.
        self.stated_at = 0
        self.stated_words = 0
        self.stated: dict[str, bytes] = {}
        # When sealings are looked at next.
        self.custody_at = 0
        # When items are looked at next.
        self.items_at = 0
        # When openings are looked at next, how much of each log was, and what was opened lately, by movement.
        self.openings_at = 0
        self.openings_read: dict[str, int] = {}
        self.opened: dict[str, tuple[OpenedContent, ...]] = {}
        # When copies are looked at next.
        self.copies_at = 0
        # Marks that were read with our sealing keys, by the statement that sealed each: the key of its box, and what it
        # says. On no disk.
        self.read_marks: dict[str, tuple[bytes, MarkContent | None]] = {}
        # When marks are looked at next.
        self.marks_at = 0
        # How many destroyed keys the record had when ciphertexts were looked through last.
        self.forgotten_with = -1
        self._watchers: set[asyncio.Event] = set()
        self.reload()

    def reload(self) -> None:
        """Read everything derived from the store again."""
        self.cards = {party: card_decoder.decode(card) for party, card in self.store.cards().items()}
        if self.party not in self.cards:
            raise InputInvalid(f"the card of party {self.party} is pinned at init, found none")
        texts = known_texts(self.store)
        self.memory = Memory(self.store, self.cards, texts)
        self.memory.recall_sealed(self.clock.now() - CUSTODY_BACK_MS)
        self.memory.recall_items()
        self.memory.recall_copies()
        self.memory.recall_marks()
        for party in self.cards:
            if party != self.party:
                self.statuses.setdefault(party, PeerStatus())
        convicted = {origin for origin, _, _ in self.store.evidence()}
        for party, status in self.statuses.items():
            if self.memory.heads[party].origin in convicted:
                # Also after a restart: a log that told two histories does not become one again.
                status.forked, status.problem = True, TWO_HISTORIES

    @property
    def card(self) -> PartyTerms:
        """This party's own card."""
        return self.cards[self.party]

    @property
    def peer_ids(self) -> list[str]:
        """Every other party whose card is pinned, sorted."""
        return sorted(party for party in self.cards if party != self.party)

    def require_signing(self) -> None:
        """Raise Unavailable when this node must not sign."""
        if self.halted is not None:
            raise Unavailable(f"this node does not sign: {self.halted}")

    def require_peer(self, party: str) -> PartyTerms:
        """The card of a peer. Raises NotAllowed for anybody else."""
        if party == self.party or party not in self.cards:
            raise NotAllowed(f"a party whose card is pinned here, got {party[:40]!r}")
        return self.cards[party]

    def signed_checkpoint(self, party: str) -> SignedCheckpoint | None:
        """The latest checkpoint stored of a log, verified."""
        note = self.store.checkpoint(party)
        if note is None:
            return None
        return open_checkpoint(note, self.memory.heads[party].log_key)

    def terms(self) -> Terms | None:
        """The agreement in force."""
        digest = self.memory.law.in_force()
        return self.memory.texts[digest] if digest is not None else None

    # --- telling whoever looks ----------------------------------------------------------------------------------------

    def watch(self) -> asyncio.Event:
        """An event that is set whenever something changes; give it back with `unwatch`."""
        event = asyncio.Event()
        self._watchers.add(event)
        return event

    def unwatch(self, event: asyncio.Event) -> None:
        self._watchers.discard(event)

    def changed(self) -> None:
        """Tell watchers and the sync with every peer that there is something new."""
        for event in self._watchers:
            event.set()

    def wake_peers(self) -> None:
        for status in self.statuses.values():
            status.wake.set()


def known_texts(store: Store) -> Mapping[str, Terms]:
    """Every agreement text that a stored proposal names and whose blob is here."""
    texts: dict[str, Terms] = {}
    for row in store.about("agreement"):
        if row.kind == "agreement.proposed":
            terms = text_of(store, row.entry)
            if terms is not None:
                texts[terms.digest] = terms
    return texts


def text_of(store: Store, entry: bytes) -> Terms | None:
    """The text that a stored proposal names, None when its blob is not here."""
    signed = read_entry(entry)
    act = read_act(signed.statement.kind, bytes(signed.statement.body))
    if not isinstance(act, AgreementProposed):
        return None
    blob = store.blob(act.digest)
    return read_text(blob, act.digest) if blob is not None else None


_terms_decoder = msgspec.json.Decoder(Terms)


def read_text(blob: bytes, digest: str) -> Terms:
    """An agreement's text from its canonical bytes. Raises InputInvalid for other bytes."""
    try:
        terms = _terms_decoder.decode(blob)
    except ValueError as error:  # msgspec's own, and text that is not UTF-8
        raise InputInvalid(f"expected the text of an agreement, got {error}") from None
    if terms.digest != digest:
        raise InputInvalid(f"expected the text with digest {digest}, got {terms.digest}")
    return terms
