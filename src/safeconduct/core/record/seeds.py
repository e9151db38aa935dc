"""What a node commits to before it delivers halves of copies, and what opens it (docs/spec/canary.md CAN-7, CAN-12).

Every node checks an opened seed when it folds it, so this stands with the record.
"""

from __future__ import annotations

import msgspec

from safeconduct.core.acts import RECIPIENTS_MAX, Identifier
from safeconduct.core.sealing import check_commitment, commitment
from safeconduct.core.statement import Digest, PartyId, encode
from safeconduct.errors import InputInvalid

SEED_BYTES = 32


class Variants(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What one party's node commits to before it delivers any half of an order, and opens after a leak was recorded.

    recipients: key ids, ascending. The commitment binds them and the slot list too, or the number by which a bound is
    multiplied could be chosen afterwards.
    """

    order: Identifier
    slots: Digest
    party: PartyId
    recipients: tuple[Digest, ...]
    seed: bytes


class SeedOpening(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A commitment from the record with what opens it."""

    committed: Digest
    salt: bytes
    variants: Variants


def commit_variants(variants: Variants, salt: bytes) -> Digest:
    """What goes on the record before the first half is delivered. Raises InputInvalid for what tracing would refuse."""
    if len(variants.seed) != SEED_BYTES:
        raise InputInvalid(f"expected a seed of {SEED_BYTES} bytes, got {len(variants.seed)}")
    names = variants.recipients
    if not 1 <= len(names) <= RECIPIENTS_MAX:
        raise InputInvalid(f"1 to {RECIPIENTS_MAX} recipients of order {variants.order}, got {len(names)}")
    if list(names) != sorted(set(names)):
        raise InputInvalid(f"recipients of order {variants.order} ascending, each once, got another order")
    return commitment("variants", _hand(variants), salt, encode(variants))


def check_opening(opening: SeedOpening) -> None:
    """Return if seed, slots and recipients are those committed to; else raise CheckFailed."""
    variants = opening.variants
    check_commitment(opening.committed, "variants", _hand(variants), opening.salt, encode(variants))


def _hand(variants: Variants) -> str:
    return f"order/{variants.order}/{variants.party}"
