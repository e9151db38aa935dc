"""Seal a mark to every party's node, open it there, and say who is told of it, from whom it hides, whom it convicts.

Method: docs/spec/marks.md.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping, Sequence
from typing import Literal, TypeAlias

import msgspec

from safeconduct.core.acts import MarkContent, MarkHolder, MarkSealed
from safeconduct.core.agreement import Terms
from safeconduct.core.disclosure.compartment import Randomness
from safeconduct.core.record import (
    MarkState,
    allowed,
    box_digest,
    ends_at,
    mark_key_commitment,
    read_mark,
    sort_terms,
    works_from,
)
from safeconduct.core.sealing import BOX_KEY_BYTES, BUCKETS, NONCE_BYTES, SealingKey, SealingPublicKey, pad, seal_box
from safeconduct.core.statement import encode
from safeconduct.errors import CheckFailed, InputInvalid, LimitExceeded

# How much of a mark somebody is shown: nothing, that there is one, or what it says too.
MarkSight: TypeAlias = Literal["nothing", "existence", "content"]


class _Use(msgspec.Struct, frozen=True, kw_only=True):
    """What a sealed key is for. It opens for exactly this: no key can be put under another mark."""

    subject: str
    content: str
    holder: str
    to: str


# --- sealing and opening ----------------------------------------------------------------------------------------------


def seal_mark(
    content: MarkContent,
    *,
    subject: str,
    until: int,
    holders: Mapping[str, SealingPublicKey],
    randomness: Randomness,
) -> MarkSealed:
    """The act that makes a mark. MARK-1 to MARK-3.

    until: ms. holders: the sealing key of every party's node. randomness: gives so many bytes that nobody can guess.
    Raises LimitExceeded for a reason that is too long in bytes, InputInvalid for content of no sort.
    """
    data = encode(content)
    require_content_of_its_sort(content)
    if len(data) >= BUCKETS[0]:
        raise LimitExceeded(f"what a mark says has at most {BUCKETS[0] - 1} bytes, got {len(data)}: say it shorter")
    key = randomness(BOX_KEY_BYTES)
    box = base64.b64encode(seal_box(pad(data), subject, key, randomness(NONCE_BYTES))).decode()
    digest = box_digest(box)
    sealed = [
        MarkHolder(
            party=party,
            to=holder.key_id,
            sealed=base64.b64encode(holder.seal(key, encode(_use(subject, digest, party, holder)))).decode(),
        )
        for party, holder in sorted(holders.items())
    ]
    committed = mark_key_commitment(subject, digest, key)
    if read_mark(subject, box, committed, key) != content:
        raise InputInvalid("expected what a mark may say, got another subject, unit or reason")
    return MarkSealed(until=until, box=box, key=committed, holders=tuple(sealed))


def require_content_of_its_sort(content: MarkContent) -> None:
    """Raise InputInvalid for a shut-out without a unit, or a decoy with one or of something that does not move."""
    if content.sort == "shut_out" and content.unit is None:
        raise InputInvalid("expected the unit that is shut out, got none")
    if content.sort == "decoy" and (content.unit is not None or not content.about.startswith("movement/")):
        raise InputInvalid("expected a decoy that is a movement and names no unit, got another")


def open_mark_key(act: MarkSealed, subject: str, party: str, key: SealingKey) -> bytes:
    """The key of a mark's box, from what was sealed to a party's node.

    Raises CheckFailed if it was not sealed to this key for this mark, or is not the key that was committed to.
    """
    holder = next((holder for holder in act.holders if holder.party == party), None)
    if holder is None:
        raise CheckFailed(f"expected a key of {subject} for {party}, got none")
    digest = box_digest(act.box)
    try:
        opened = key.open(
            base64.b64decode(holder.sealed, validate=True), encode(_use(subject, digest, party, key.public))
        )
    except binascii.Error:
        raise CheckFailed("expected a sealed key in base64, got something else") from None
    if len(opened) != BOX_KEY_BYTES:
        raise CheckFailed(f"a key of a mark has {BOX_KEY_BYTES} bytes, got {len(opened)}")
    # INVARIANT (one-content): every node reads the same, because there is one key to one box.
    read_mark(subject, act.box, act.key, opened)
    return opened


def _use(subject: str, content: str, holder: str, to: SealingPublicKey) -> _Use:
    return _Use(subject=subject, content=content, holder=holder, to=to.key_id)


# --- whom it concerns -------------------------------------------------------------------------------------------------


def mark_works(terms: Terms, state: MarkState, content: MarkContent, unit_roles: Sequence[str], now: int) -> bool:
    """Whether a mark counts at `now` (ms, the node's clock). MARK-13 to MARK-16.

    It begins with its statement, whatever the clock says, or a slow clock would show what is hidden already.
    unit_roles: as in `allowed`.
    """
    if allowed(terms, state, content, unit_roles) is not None:
        return False
    return works_from(terms, state, content) is not None and now < ends_at(terms, state, content)


def is_shut_out(content: MarkContent, actor: str, roles: Sequence[str]) -> bool:
    """Whether a mark of this content hides its subject from somebody: the actor itself, or who holds the role."""
    return content.sort == "shut_out" and (content.unit == actor or content.unit in roles)


def told_of_marks(terms: Terms) -> frozenset[str]:
    """The roles that are told that a mark exists: whoever seals, agrees to or opens any, and auditors. MARK-20."""
    marks = terms.marks
    if marks is None:
        return frozenset()
    sorts = [sort for sort in (marks.shut_out, marks.decoy) if sort is not None]
    return frozenset(role for sort in sorts for role in (*sort.by, *sort.agreed_by)) | {
        *marks.opened_by,
        *terms.auditors,
    }


def mark_sight(
    terms: Terms, state: MarkState, content: MarkContent | None, actor: str, roles: Sequence[str]
) -> MarkSight:
    """How much of a mark somebody is shown. MARK-20 to MARK-23.

    content: as this node reads it; None if it cannot. roles: `authority` for the holder of the party's root key.
    """
    if state.opened is not None:
        return "content"
    # Before everything else: who is shut out reads nothing of it in any other capacity.
    if content is not None and is_shut_out(content, actor, roles):
        return "nothing"
    if "authority" in roles or actor == state.sealed.actor:
        return "content"
    told = told_of_marks(terms)
    if not any(role in told for role in roles):
        return "nothing"
    agreed = sort_terms(terms, content) if content is not None else None
    concerned = (*agreed.by, *agreed.agreed_by) if agreed is not None else ()
    reviews = terms.marks.opened_by if terms.marks is not None else ()
    return "content" if any(role in concerned or role in reviews for role in roles) else "existence"
