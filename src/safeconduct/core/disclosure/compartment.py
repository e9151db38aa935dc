"""Seal a compartment so that every party's node is needed to open it, check a share, pass it on, open.

Its author makes a content key, seals the content with it, splits the key n of n between the parties' nodes, and
seals each share to one of them. No party opens alone, its author's own neither. Method: docs/spec/sealing.md SEAL-40
to SEAL-47.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Callable, Mapping

import msgspec

from safeconduct.core.acts import CompartmentReleased, CompartmentSealed, Share
from safeconduct.core.disclosure.ciphertext import key_commitment, require_ciphertext
from safeconduct.core.disclosure.content import Content, read_content, require_content
from safeconduct.core.sealing import (
    BOX_KEY_BYTES,
    NONCE_BYTES,
    SALT_BYTES,
    SECRET_BYTES,
    SealingKey,
    SealingPublicKey,
    check_commitment,
    combine,
    commitment,
    open_box,
    pad,
    seal_box,
    split,
    unpad,
)
from safeconduct.core.statement import encode
from safeconduct.errors import CheckFailed, InputInvalid

# Domains of the commitments.
_KEY = "content-key"
_SHARE = "key-share"

Randomness = Callable[[int], bytes]


class KeyShare(msgspec.Struct, frozen=True):
    """A share of a content key, and the salt of its commitment: 32 secret bytes each."""

    secret: bytes
    salt: bytes

    def __repr__(self) -> str:
        return "KeyShare(…)"


class _Use(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """What a sealed share is for. It opens for exactly this: no share can be put under another statement.

    giver: who passes its share on; absent when it comes from the author.
    """

    subject: str
    compartment: str
    variant: str
    content: str
    holder: str
    to: str
    giver: str | None = None


def seal_with_shares(
    content: Content,
    *,
    subject: str,
    compartment: str,
    variant: str,
    holders: Mapping[str, SealingPublicKey],
    randomness: Randomness,
    slots: str | None = None,
) -> tuple[CompartmentSealed, bytes, dict[str, KeyShare]]:
    """The act that says it, the ciphertext that it names, and each party's share.

    The shares stay with the author: `glass.py` splits them again. holders: the sealing key of every party's node.
    randomness: gives so many bytes that nobody can guess. slots: digest of the slot list whose slots the words name, if
    they name any. Raises InputInvalid for content that says nothing or fewer than two holders, LimitExceeded for too
    much of it.
    """
    require_content(content)
    key = randomness(BOX_KEY_BYTES)
    label = _label(subject, compartment, variant)
    sealed = seal_box(pad(encode(content)), label, key, randomness(NONCE_BYTES))
    digest = hashlib.sha256(sealed).hexdigest()
    parties = sorted(holders)
    secrets = split(key, [randomness(SECRET_BYTES) for _ in parties[1:]])
    shares = []
    opened = {}
    for party, secret in zip(parties, secrets, strict=True):
        share = opened[party] = KeyShare(secret, randomness(SALT_BYTES))
        holder = holders[party]
        use = _Use(
            subject=subject,
            compartment=compartment,
            variant=variant,
            content=digest,
            holder=party,
            to=holder.key_id,
        )
        shares.append(
            Share(
                party=party,
                to=holder.key_id,
                sealed=_sealed(share, holder, use),
                commitment=commitment(_SHARE, f"{digest}/{party}", share.salt, share.secret),
            )
        )
    act = CompartmentSealed(
        compartment=compartment,
        variant=variant,
        content=digest,
        size=len(sealed),
        key=key_commitment(_KEY, digest, key),
        shares=tuple(shares),
        slots=slots,
    )
    return act, sealed, opened


def open_share(act: CompartmentSealed, subject: str, party: str, key: SealingKey) -> KeyShare:
    """A party's own share. Raises CheckFailed if it is not sealed to this key for this use, or not what it commits to.

    Every node does so at once when something is sealed: a bad share shows then, and not when it is needed.
    """
    share = _share_of(act, party)
    opened = _opened(share.sealed, key, _use(act, subject, party, key.public))
    require_fits(act, party, opened)
    return opened


def pass_on(
    act: CompartmentSealed, subject: str, giver: str, share: KeyShare, receiver: str, to: SealingPublicKey
) -> CompartmentReleased:
    """A party's share, sealed to another party's node: what releasing says."""
    use = msgspec.structs.replace(_use(act, subject, receiver, to), giver=giver)
    return CompartmentReleased(content=act.content, party=receiver, to=to.key_id, sealed=_sealed(share, to, use))


def take_over(
    act: CompartmentSealed, subject: str, giver: str, released: CompartmentReleased, key: SealingKey
) -> KeyShare:
    """Another party's share from its release. Raises CheckFailed for another use, or what it did not commit to."""
    use = msgspec.structs.replace(_use(act, subject, released.party, key.public), giver=giver)
    opened = _opened(released.sealed, key, use)
    require_fits(act, giver, opened)
    return opened


def require_fits(act: CompartmentSealed, party: str, share: KeyShare) -> None:
    """Raise CheckFailed unless this is the share of the party that the act commits to."""
    check_commitment(_share_of(act, party).commitment, _SHARE, f"{act.content}/{party}", share.salt, share.secret)


def open_content(act: CompartmentSealed, subject: str, sealed: bytes, shares: Mapping[str, KeyShare]) -> Content:
    """What was sealed, with every party's share.

    Raises InputInvalid while a share is missing, CheckFailed if the shares do not make the key that the author
    committed to: then the author sealed it wrongly, since each share fits its own commitment.
    """
    missing = [share.party for share in act.shares if share.party not in shares]
    if missing:
        raise InputInvalid(f"expected the share of every party, got none of {', '.join(missing)}")
    require_ciphertext(act, sealed)
    key = combine([shares[share.party].secret for share in act.shares])
    # INVARIANT (one-content): the cipher alone would let one ciphertext open to two texts under two keys.
    if key_commitment(_KEY, act.content, key) != act.key:
        raise CheckFailed("shares that make the key that was committed to, got others: its author sealed it wrongly")
    return read_content(unpad(open_box(sealed, _label(subject, act.compartment, act.variant), key)))


def _label(subject: str, compartment: str, variant: str) -> str:
    return f"{subject}/{compartment}/{variant}"


def _share_of(act: CompartmentSealed, party: str) -> Share:
    share = next((share for share in act.shares if share.party == party), None)
    if share is None:
        raise InputInvalid(f"expected a share of {party}, got shares of {', '.join(s.party for s in act.shares)}")
    return share


def _use(act: CompartmentSealed, subject: str, holder: str, to: SealingPublicKey) -> _Use:
    return _Use(
        subject=subject,
        compartment=act.compartment,
        variant=act.variant,
        content=act.content,
        holder=holder,
        to=to.key_id,
    )


def _sealed(share: KeyShare, to: SealingPublicKey, use: _Use) -> str:
    return base64.b64encode(to.seal(share.secret + share.salt, encode(use))).decode()


def _opened(sealed: str, key: SealingKey, use: _Use) -> KeyShare:
    try:
        data = key.open(base64.b64decode(sealed, validate=True), encode(use))
    except binascii.Error:
        raise InputInvalid("a sealed share is standard base64, got something else") from None
    if len(data) != SECRET_BYTES + SALT_BYTES:
        raise CheckFailed(f"a share and its salt have {SECRET_BYTES + SALT_BYTES} bytes, got {len(data)}")
    return KeyShare(data[:SECRET_BYTES], data[SECRET_BYTES:])
