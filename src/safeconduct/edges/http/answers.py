"""What the API answers, where it is not a type of the node already."""

from __future__ import annotations

import base64
from typing import Any

import msgspec

from safeconduct.core.acts import ItemKey
from safeconduct.core.agreement import PartyTerms, Terms
from safeconduct.core.statement import read_entry
from safeconduct.errors import InputInvalid
from safeconduct.node.ports import Row
from safeconduct.node.queries import HiddenRow
from safeconduct.node.twins import CheckAsked


class Checked(msgspec.Struct, frozen=True):
    """What the record would answer to a statement. code, account: why it would have no effect, empty if it would."""

    takes_effect: bool = True
    code: str = ""
    account: str = ""


class SealingGiven(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is handed over to seal a compartment. statement: the envelope; ciphertext, escrow: in base64."""

    statement: msgspec.Raw
    ciphertext: bytes
    escrow: bytes | None = None


class ItemGiven(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is handed over to share an item. statement: the envelope; ciphertext: in base64."""

    statement: msgspec.Raw
    ciphertext: bytes


class PassingAsked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An item's subject, and to whom it is to be passed on."""

    item: str
    to: str


class PassingKey(msgspec.Struct, frozen=True):
    """What `item.passed` carries; null where the new recipient's node has the key already."""

    key: ItemKey | None


_item_decoder = msgspec.json.Decoder(ItemGiven)
_passing_decoder = msgspec.json.Decoder(PassingAsked)
_check_decoder = msgspec.json.Decoder(CheckAsked)
_sealing_decoder = msgspec.json.Decoder(SealingGiven)


def read_sealing(body: bytes) -> SealingGiven:
    """What was handed over. Raises InputInvalid for something else."""
    try:
        return _sealing_decoder.decode(body)
    except ValueError as error:  # msgspec's own, and text that is not UTF-8
        raise InputInvalid(f"expected a statement and its ciphertext, got {error}") from None


def read_item(body: bytes) -> ItemGiven:
    """What was handed over. Raises InputInvalid for something else."""
    try:
        return _item_decoder.decode(body)
    except ValueError as error:  # msgspec's own, and text that is not UTF-8
        raise InputInvalid(f"expected a statement and its ciphertext, got {error}") from None


def read_passing(body: bytes) -> PassingAsked:
    """What is to be passed on. Raises InputInvalid for something else."""
    try:
        return _passing_decoder.decode(body)
    except ValueError as error:
        raise InputInvalid(f"expected an item and to whom it goes, got {error}") from None


def read_check(body: bytes) -> CheckAsked:
    """What is to be checked. Raises InputInvalid for something else."""
    try:
        return _check_decoder.decode(body)
    except ValueError as error:
        raise InputInvalid(f"expected a sanitised item and its source, got {error}") from None


class TextsGiven(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Leaked texts, to be scored and forgotten: their bytes as found, in base64."""

    texts: tuple[bytes, ...]


_texts_decoder = msgspec.json.Decoder(TextsGiven)


def read_texts(body: bytes) -> tuple[bytes, ...]:
    """What was handed over. Raises InputInvalid for something else, and repeats nothing of it."""
    try:
        return _texts_decoder.decode(body).texts
    except ValueError:  # msgspec's own, and text that is not UTF-8
        raise InputInvalid('expected {"texts": […]} with leaked texts in base64, got something else') from None


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """An entry of a log.

    t, n: its place in the order of the record. entry: its bytes in base64, what the leaf hash is over. payload: the
    statement inside, as signed; null if the entry is void, and `void` says why. hidden: whoever asks is shown its
    index and its leaf hash alone, and everything else is null or empty.
    """

    party: str
    index: int
    t: int | None
    n: int | None
    id: str
    kind: str
    subject: str
    void: str
    leaf: str
    entry: str
    payload: Any
    hidden: bool = False

    @classmethod
    def of(cls, row: Row | HiddenRow) -> Entry:
        if isinstance(row, HiddenRow):
            return cls(
                party=row.party,
                index=row.index,
                t=None,
                n=None,
                id="",
                kind="",
                subject="",
                void="",
                leaf=row.leaf.hex(),
                entry="",
                payload=None,
                hidden=True,
            )
        return cls(
            party=row.party,
            index=row.index,
            t=row.t,
            n=row.n,
            id=row.id,
            kind=row.kind,
            subject=row.subject,
            void=row.void,
            leaf=row.leaf.hex(),
            entry=base64.b64encode(row.entry).decode(),
            # Canonical JSON by the rules of a statement, so its bytes can stand in ours as they are.
            payload=msgspec.Raw(read_entry(row.entry).payload) if row.id else None,
        )


class Card(msgspec.Struct, frozen=True, kw_only=True):
    """A party's pinned card and what people compare by voice."""

    card: PartyTerms
    fingerprint: str


class Text(msgspec.Struct, frozen=True):
    """An agreement's text that is kept here now."""

    digest: str


class Proposal(msgspec.Struct, frozen=True):
    """A text that was put forward, and which parties have signed it.

    in_force_from: milliseconds of the record. statements: party → id of the statement by which it signed or proposed.
    """

    digest: str
    signed_by: tuple[str, ...]
    in_force_from: int | None
    statements: dict[str, str]


class Agreement(msgspec.Struct, frozen=True, kw_only=True):
    """digest, terms: of the agreement in force, null before the first. versions: every text ever put forward."""

    digest: str | None
    terms: Terms | None
    versions: tuple[Proposal, ...]


class Evidence(msgspec.Struct, frozen=True):
    """Proof that a log's key has signed two histories; anybody can check the text with that key."""

    origin: str
    digest: str
    text: str


class SessionLink(msgspec.Struct, frozen=True):
    """A link that begins a session once. expires: milliseconds."""

    url: str
    expires: int
