"""An evidence pack: one file that proves what was said about a subject, to whom and when, on a machine without a node.

It holds the statements about one subject and those of the law, each with an inclusion proof into a checkpoint that its
log signed and the other parties cosigned, their receipts, the agreement, and the findings. Whoever verifies it needs
nothing but the file and the parties' cards. What it cannot prove is that nothing else was said: for that the whole logs
are exported and audited (docs/spec/audit.md AUD-20 to AUD-26).
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping, Sequence
from typing import Annotated

import msgspec

from safeconduct.core.agreement import Evidence, Finding, PartyTerms, Terms
from safeconduct.core.identity import SigningKey
from safeconduct.core.log import SignedCheckpoint, VerifierKey, leaf_hash, open_checkpoint, verify_inclusion
from safeconduct.core.record import (
    Anchor,
    KeyBook,
    Law,
    Line,
    MovementState,
    Position,
    Said,
    State,
    findings_of,
    fold,
    fold_law,
    is_law,
    place,
    terms_of,
)
from safeconduct.core.statement import Digest, PartyId, encode
from safeconduct.errors import CheckFailed, InputInvalid, PackInvalid, SafeconductError

FORMAT = "safeconduct/pack/1"
PACK_BYTES_MAX = 64 * 1024 * 1024
_SIGNED = b"safeconduct/pack/1\n"

Base64 = Annotated[str, msgspec.Meta(max_length=1024 * 1024)]


class _Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    pass


class PackLog(_Part, frozen=True, kw_only=True):
    """A log's checkpoint, with the log's signature and the cosignatures of the other parties' mirrors."""

    party: PartyId
    note: Base64


class PackStatement(_Part, frozen=True, kw_only=True):
    """An entry, its place in the order of the record, and its inclusion proof into its log's checkpoint."""

    party: PartyId
    index: int
    t: int
    n: int
    entry: Base64
    proof: tuple[Base64, ...]


class PackReceipt(_Part, frozen=True, kw_only=True):
    """The first cosigned checkpoint of log `log` by the mirror of `by` that covers entry `index`, with the proof."""

    log: PartyId
    index: int
    by: PartyId
    note: Base64
    proof: tuple[Base64, ...]


class Pack(_Part, frozen=True, kw_only=True):
    """The file. as_of: the instant, in ms, at which the clauses were judged. texts: canonical bytes of agreements."""

    format: str
    subject: str
    as_of: int
    made_by: PartyId
    cards: tuple[PartyTerms, ...]
    texts: tuple[Terms, ...]
    logs: tuple[PackLog, ...]
    statements: tuple[PackStatement, ...]
    receipts: tuple[PackReceipt, ...]
    findings: tuple[Finding, ...]
    key: Digest | None = None
    signature: Base64 | None = None


class Delivery(msgspec.Struct, frozen=True, kw_only=True):
    """Proof that party `by` had a statement. said_at: its own word on the record, ms. cosigned_at: Unix seconds."""

    statement: str
    by: str
    said_at: int | None
    cosigned_at: int | None


class PackReport(msgspec.Struct, frozen=True, kw_only=True):
    """What a verified pack proves.

    known_cards: whether the parties' cards were given from elsewhere, or only taken from the pack itself, in which
    case it proves that the keys in it agree with each other and no more.
    """

    subject: str
    as_of: int
    made_by: str
    known_cards: bool
    lines: tuple[Line, ...]
    state: State | None
    deliveries: tuple[Delivery, ...]
    findings: tuple[Finding, ...]
    terms: Terms | None


_decoder = msgspec.json.Decoder(Pack)


def text(data: bytes) -> str:
    """Bytes as they stand in a pack."""
    return base64.b64encode(data).decode()


def sign_pack(pack: Pack, key: SigningKey) -> bytes:
    """The file: the pack in canonical bytes, under its maker's node key."""
    bare = msgspec.structs.replace(pack, key=key.public.key_id, signature=None)
    return encode(msgspec.structs.replace(bare, signature=text(key.sign(_SIGNED + encode(bare)))))


def verify_pack(data: bytes, cards: Mapping[str, PartyTerms] | None = None) -> PackReport:
    """Check a pack and say what it proves.

    cards: the parties' cards as known from elsewhere. Raises PackInvalid with the first reason why it proves nothing.
    """
    pack = read_pack(data)
    try:
        return _Verification(pack, cards).report()
    except PackInvalid:
        raise
    except SafeconductError as error:
        raise PackInvalid(str(error)) from error


def read_pack(data: bytes) -> Pack:
    """The parts of a pack, of which nothing is proved yet. Raises PackInvalid for what is none."""
    if len(data) > PACK_BYTES_MAX:
        raise PackInvalid(f"a pack has at most {PACK_BYTES_MAX} bytes, got {len(data)}")
    try:
        pack = _decoder.decode(data)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise PackInvalid(f"expected an evidence pack, got {str(error)[:200]}") from None
    if pack.format != FORMAT:
        raise PackInvalid(f"expected format {FORMAT}, got {pack.format[:60]!r}")
    if encode(pack) != data:
        raise PackInvalid("expected the one canonical encoding of a pack, got another: it has been altered")
    return pack


def _bytes(value: str, what: str) -> bytes:
    try:
        return binascii.a2b_base64(value, strict_mode=True)
    except (binascii.Error, ValueError):
        raise PackInvalid(f"{what} is standard base64, got something else") from None


def _in_force(law: Law) -> Terms | None:
    digest = law.in_force()
    return law.texts[digest] if digest is not None else None


class _Verification:
    """One pack while it is checked; each step raises with its reason."""

    def __init__(self, pack: Pack, cards: Mapping[str, PartyTerms] | None) -> None:
        self.pack = pack
        self.cards = {card.id: card for card in pack.cards}
        self.known_cards = cards is not None
        for party, card in sorted((cards or {}).items()):
            if party in self.cards and self.cards[party] != card:
                raise PackInvalid(f"the pack gives {party} other keys than its card")
        if cards is not None and not set(self.cards) <= set(cards):  # order-free: a comparison
            raise PackInvalid(f"cards of {', '.join(sorted(self.cards))} are needed, got {', '.join(sorted(cards))}")
        self.anchors = {party: Anchor.of(card) for party, card in self.cards.items()}
        self.mirrors = {party: VerifierKey.from_text(card.node.mirror) for party, card in self.cards.items()}
        self.texts = {terms.digest: terms for terms in pack.texts}

    def report(self) -> PackReport:
        checkpoints = {log.party: self._checkpoint(log) for log in self.pack.logs}
        statements = self._statements(checkpoints)
        cosigned = [self._receipt(receipt) for receipt in self.pack.receipts]
        law = Law(self.anchors, self.texts)
        fold_law(law, [said for said in statements if is_law(said.subject)])
        about = [said for said in statements if said.subject == self.pack.subject]
        folded = fold(law, about)
        terms = terms_of(law, folded.state) if isinstance(folded.state, MovementState) else _in_force(law)
        receipts = _FirstReceipts(statements)
        findings = findings_of(law, self.pack.subject, about, self.pack.as_of, receipts.first)
        if findings != self.pack.findings:
            raise PackInvalid("the findings in the pack are not those that its statements lead to")
        self._maker_signed()
        return PackReport(
            subject=self.pack.subject,
            as_of=self.pack.as_of,
            made_by=self.pack.made_by,
            known_cards=self.known_cards,
            lines=folded.lines,
            state=folded.state,
            deliveries=self._deliveries(about, statements, dict(cosigned)),
            findings=findings,
            terms=terms,
        )

    def _maker_signed(self) -> None:
        maker = self.anchors.get(self.pack.made_by)
        if maker is None or self.pack.key != maker.node.key_id or self.pack.signature is None:
            raise PackInvalid(f"a pack is signed by its maker's node, got no signature of {self.pack.made_by}")
        bare = msgspec.structs.replace(self.pack, signature=None)
        try:
            maker.node.verify(_SIGNED + encode(bare), _bytes(self.pack.signature, "the pack's signature"))
        except CheckFailed:
            raise PackInvalid("the pack's signature does not verify: it has been altered") from None

    def _checkpoint(self, log: PackLog) -> SignedCheckpoint:
        card = self.cards.get(log.party)
        if card is None:
            raise PackInvalid(f"a card for log {log.party}, got none")
        others = [key for party, key in sorted(self.mirrors.items()) if party != log.party]
        return open_checkpoint(
            _bytes(log.note, f"the checkpoint of {log.party}"), VerifierKey.from_text(card.node.log), others
        )

    def _statements(self, checkpoints: Mapping[str, SignedCheckpoint]) -> list[Said]:
        """Every statement, proved to be in its log and to be signed, in order of the record."""
        books = {party: KeyBook(party, anchor) for party, anchor in self.anchors.items()}
        saids = []
        before: tuple[str, int] = ("", -1)
        for item in self.pack.statements:
            where = f"statement {item.party}/{item.index}"
            if (item.party, item.index) <= before:
                raise PackInvalid(f"{where} stands out of order")
            before = (item.party, item.index)
            checkpoint = checkpoints.get(item.party)
            if checkpoint is None:
                raise PackInvalid(f"{where} comes without a checkpoint of its log")
            entry = _bytes(item.entry, where)
            proof = tuple(_bytes(h, f"proof of {where}") for h in item.proof)
            try:
                verify_inclusion(leaf_hash(entry), item.index, checkpoint.size, proof, checkpoint.root)
                signed, act = books[item.party].read(entry)
            except (InputInvalid, CheckFailed) as error:
                raise PackInvalid(f"{where}: {error}") from None
            books[item.party].learn(signed, act)
            said = place(signed, act, Position(item.t, item.n, item.party, item.index))
            if said.t < said.at:
                raise PackInvalid(f"{where} stands at {said.t} and was said at {said.at}")
            saids.append(said)
        _require_causal(saids)
        if any(said.t > self.pack.as_of for said in saids if said.subject == self.pack.subject):
            raise PackInvalid(f"a pack judges after its last statement, this one at {self.pack.as_of}")
        return sorted(saids, key=lambda said: said.position)

    def _receipt(self, receipt: PackReceipt) -> tuple[tuple[str, int, str], int]:
        where = f"receipt of {receipt.by} for {receipt.log}/{receipt.index}"
        item = next((s for s in self.pack.statements if (s.party, s.index) == (receipt.log, receipt.index)), None)
        if item is None or receipt.by not in self.mirrors or receipt.log not in self.cards:
            raise PackInvalid(f"{where} is about no statement or party of this pack")
        log_key = VerifierKey.from_text(self.cards[receipt.log].node.log)
        signed = open_checkpoint(_bytes(receipt.note, where), log_key, [self.mirrors[receipt.by]])
        if not signed.cosignatures:
            raise PackInvalid(f"{where} carries no cosignature of its mirror")
        proof = tuple(_bytes(h, f"proof of {where}") for h in receipt.proof)
        verify_inclusion(leaf_hash(_bytes(item.entry, where)), item.index, signed.size, proof, signed.root)
        return (receipt.log, receipt.index, receipt.by), signed.cosignatures[0].time

    def _deliveries(
        self, about: Sequence[Said], statements: Sequence[Said], cosigned: Mapping[tuple[str, int, str], int]
    ) -> tuple[Delivery, ...]:
        receipts = _FirstReceipts(statements)
        deliveries = []
        for said in about:
            for by in sorted(self.cards):
                if by != said.party:
                    first = receipts.first(said.party, said.index, by)
                    deliveries.append(
                        Delivery(
                            statement=said.id,
                            by=by,
                            said_at=first.at if first else None,
                            cosigned_at=cosigned.get((said.party, said.index, by)),
                        )
                    )
        return tuple(deliveries)


class _FirstReceipts:
    """The first statement in the pack by which a party shows that it had an entry of another's log."""

    def __init__(self, statements: Sequence[Said]) -> None:
        self._by_log = sorted(statements, key=lambda said: (said.party, said.index))

    def first(self, of: str, index: int, by: str) -> Evidence | None:
        for said in self._by_log:
            if said.party == by and said.after.get(of, 0) > index:
                return Evidence(party=by, index=said.index, id=said.id, at=said.t)
        return None


def _require_causal(saids: Sequence[Said]) -> None:
    """Raise PackInvalid if a statement stands before one that its author had seen, or is called backdated for none."""
    for said in saids:
        causes = [other for other in saids if other.index < said.after.get(other.party, 0)]
        for other in causes:
            if other.position >= said.position:
                raise PackInvalid(
                    f"statement {said.party}/{said.index} follows {other.party}/{other.index} and stands before it"
                )
        if said.is_backdated and all(other.t != said.t for other in causes):
            raise PackInvalid(
                f"statement {said.party}/{said.index} stands at {said.t}, was said at {said.at}, and no cause shows why"
            )
