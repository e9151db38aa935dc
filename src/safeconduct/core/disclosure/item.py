"""Seal information under its caveat, hand its key on, open it, and open what it was made from.

Its terms are sealed with it: the same ciphertext under another level, other recipients or another end does not open.
Method: docs/spec/items.md ITEM-1 to ITEM-6, ITEM-13, ITEM-14 and ITEM-20 to ITEM-23.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Iterable, Mapping
from typing import Annotated, Literal, TypeAlias

import msgspec

from safeconduct.core.acts import Caveat, Instant, ItemKey, ItemPassed, ItemShared, Recipients
from safeconduct.core.disclosure.ciphertext import key_commitment, require_ciphertext
from safeconduct.core.disclosure.compartment import Randomness
from safeconduct.core.disclosure.content import PLACES_MAX, TEXT_MAX, Content, Place, as_variant
from safeconduct.core.record import ItemState, is_reader, originator
from safeconduct.core.sealing import (
    BOX_KEY_BYTES,
    NONCE_BYTES,
    SALT_BYTES,
    SealingKey,
    SealingPublicKey,
    check_commitment,
    commitment,
    open_box,
    pad,
    seal_box,
    unpad,
)
from safeconduct.core.statement import digest, encode
from safeconduct.errors import CheckFailed, InputInvalid

# Domains of the commitments.
_KEY = "item-key"
_LINK = "item-link"
# What an item that was made from nothing is linked to: the same length as a digest.
_NOTHING = bytes(32)

# What the record shows somebody of an item: nothing at all, that it is there and its terms, or its words too.
ItemSight: TypeAlias = Literal["nothing", "terms", "words"]


class ItemContent(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """What an item says.

    title: in a few words. text: all of it. source: who told, and how it is known. at: one moment, milliseconds UTC.
    places: in 1e-7 degree.
    """

    title: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
    text: Annotated[str, msgspec.Meta(min_length=1, max_length=TEXT_MAX)] | None = None
    source: Annotated[str, msgspec.Meta(min_length=1, max_length=1_000)] | None = None
    at: Annotated[int, msgspec.Meta(ge=0, le=2**53 - 1)] | None = None
    places: Annotated[tuple[Place, ...], msgspec.Meta(max_length=PLACES_MAX)] = ()


class ItemTerms(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The terms of an item, as they are sealed into it; as in `ItemShared`."""

    subject: str
    caveat: Caveat
    recipients: Recipients
    until: Instant
    kept_until: Instant


class _Sealed(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What is in the box."""

    terms: ItemTerms
    content: ItemContent


class _Use(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """What a sealed key is for. terms: digest of the item's terms. giver: who passed the item on."""

    content: str
    terms: str
    holder: str
    to: str
    giver: str | None = None


class _LinkUse(msgspec.Struct, frozen=True, kw_only=True):
    """What a sealed link is for. link: digest of the item's terms."""

    link: str


_decoder = msgspec.json.Decoder(_Sealed)


# --- who sees it ------------------------------------------------------------------------------------------------------


def sight_of(
    state: ItemState, actor: str, roles: Iterable[str], answers: Iterable[str], *, sees_all: bool = False
) -> ItemSight:
    """What somebody may know of an item at all, time and recall aside.

    answers: roles that consent and recall for their own party's items. sees_all: an auditor, or a party's authority.
    Readers see the words once they open it; those who answer for it and those who see all see its terms, its requests
    and its holders, and never its words; to everybody else it is not there.
    """
    roles, answers = tuple(roles), tuple(answers)
    if is_reader(state, actor, roles):
        return "words"
    if sees_all or (actor.split("/", 1)[0] == originator(state) and any(role in answers for role in roles)):
        return "terms"
    return "nothing"


# --- sealing ----------------------------------------------------------------------------------------------------------


def terms_of_item(act: ItemShared, subject: str) -> ItemTerms:
    """The terms that a statement gives its item."""
    return ItemTerms(
        subject=subject,
        caveat=act.caveat,
        recipients=act.recipients,
        until=act.until,
        kept_until=act.kept_until,
    )


def seal_item(
    content: ItemContent,
    terms: ItemTerms,
    *,
    holders: Mapping[str, SealingPublicKey],
    origin: str,
    made_from: str | None,
    derived_from: tuple[str, ...] = (),
    randomness: Randomness,
) -> tuple[ItemShared, bytes]:
    """The act that says it, and the ciphertext that it names.

    holders: the sealing key of the node of every recipient's party and of the originator's, `origin`. made_from: digest
    of the content that this one was made from, which only the originator's node can find out. randomness: gives so many
    bytes that nobody can guess. Raises LimitExceeded for too much content.
    """
    key = randomness(BOX_KEY_BYTES)
    box = seal_box(pad(encode(_Sealed(terms=terms, content=content))), _label(terms), key, randomness(NONCE_BYTES))
    found = hashlib.sha256(box).hexdigest()
    salt = randomness(SALT_BYTES)
    linked = bytes.fromhex(made_from) if made_from is not None else _NOTHING
    act = ItemShared(
        caveat=terms.caveat,
        recipients=terms.recipients,
        until=terms.until,
        kept_until=terms.kept_until,
        content=found,
        size=len(box),
        key=key_commitment(_KEY, found, key),
        keys=tuple(_key_for(party, holders[party], found, terms, key) for party in sorted(holders)),
        link=commitment(_LINK, terms.subject, salt, linked),
        origin=_text(holders[origin].seal(salt + linked, _link_info(terms))),
        derived_from=derived_from,
    )
    return act, box


def pass_key_on(act: ItemShared, subject: str, key: bytes, *, giver: str, holder: str, to: SealingPublicKey) -> ItemKey:
    """The content key for the node of one more party, as `item.passed` carries it."""
    return _key_for(holder, to, act.content, terms_of_item(act, subject), key, giver=giver)


def open_key(
    act: ItemShared, subject: str, party: str, private: SealingKey, passed: tuple[str, ItemPassed] | None = None
) -> bytes:
    """The content key, from what was sealed to a party's node: by its originator, or by who passed the item on.

    passed: the party that did, and what it said. Raises InputInvalid where nothing was sealed to the party, CheckFailed
    for another use or other terms, and for a key that the originator did not commit to.
    """
    giver = passed[0] if passed is not None else None
    keys = act.keys if passed is None else (passed[1].key,)
    sealed = next((key for key in keys if key is not None and key.party == party), None)
    if sealed is None:
        raise InputInvalid(f"expected a key of item {act.content[:16]} for {party}, got none")
    terms = terms_of_item(act, subject)
    use = _Use(content=act.content, terms=digest(terms), holder=party, to=private.public.key_id, giver=giver)
    key = private.open(_bytes(sealed.sealed), encode(use))
    # INVARIANT (one-content): the cipher alone would let one ciphertext open to two texts under two keys.
    if len(key) != BOX_KEY_BYTES or key_commitment(_KEY, act.content, key) != act.key:
        raise CheckFailed(f"the key that item {act.content[:16]} was committed to, got another")
    return key


def open_item(act: ItemShared, subject: str, box: bytes, key: bytes) -> ItemContent:
    """What an item says. Raises CheckFailed for another ciphertext, another key, or terms that are not those sealed."""
    require_ciphertext(act, box)
    terms = terms_of_item(act, subject)
    data = unpad(open_box(box, _label(terms), key))
    try:
        sealed = _decoder.decode(data)
    except ValueError as error:  # msgspec's own, and text that is not UTF-8
        raise CheckFailed(f"expected an item and its terms, got {error}") from None
    if encode(sealed) != data or sealed.terms != terms:
        raise CheckFailed(f"item {act.content[:16]} under the terms that it was sealed with, got others")
    return sealed.content


def open_link(act: ItemShared, subject: str, private: SealingKey) -> str | None:
    """Digest of the content that an item was made from, None if from nothing: for the originator's node alone.

    Raises CheckFailed for another key, or for what is not what the act commits to.
    """
    opened = private.open(_bytes(act.origin), _link_info(terms_of_item(act, subject)))
    salt, linked = opened[:SALT_BYTES], opened[SALT_BYTES:]
    check_commitment(act.link, _LINK, subject, salt, linked)
    return linked.hex() if linked != _NOTHING else None


def _label(terms: ItemTerms) -> str:
    return f"{terms.subject}/{digest(terms)}"


def _key_for(
    party: str, to: SealingPublicKey, content: str, terms: ItemTerms, key: bytes, *, giver: str | None = None
) -> ItemKey:
    use = _Use(content=content, terms=digest(terms), holder=party, to=to.key_id, giver=giver)
    return ItemKey(party=party, to=to.key_id, sealed=_text(to.seal(key, encode(use))))


def _link_info(terms: ItemTerms) -> bytes:
    return encode(_LinkUse(link=digest(terms)))


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _bytes(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error:
        raise InputInvalid("what is sealed to a key is standard base64, got something else") from None


# --- twins ------------------------------------------------------------------------------------------------------------


def sanitised(
    content: ItemContent, *, title: str, text: str | None, metres: int | None, minutes: int | None
) -> ItemContent:
    """The item without its source, its words replaced, its places and moment rounded on the fixed grid.

    metres, minutes: to how much; without one, places or times are left out.
    """
    blurred = Content()
    bare = Content(at=content.at if minutes is not None else None, places=content.places if metres is not None else ())
    if bare != Content():
        metres_text = f"-{metres}m" if metres is not None else ""
        minutes_text = f"-{minutes}min" if minutes is not None else ""
        blurred = as_variant(bare, f"blurred{metres_text}{minutes_text}")
    return ItemContent(title=title, text=text, at=blurred.at, places=blurred.places)
