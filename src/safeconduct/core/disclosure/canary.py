"""A distinguishable copy of an order for each recipient, made by two hands (docs/spec/canary.md CAN-5 to CAN-12).

Each party's node derives the values of its own slots from its own committed seed and seals them to the recipient, whose
program merges the halves. Nobody but the recipient ever holds a whole copy, so neither side can leak one in a
recipient's name.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import count

import msgspec

from safeconduct.core.acts import FieldName, Identifier, Slot, SlotList
from safeconduct.core.disclosure.recognise import Shown, recognise
from safeconduct.core.record import SEED_BYTES, SeedOpening, Variants, check_opening
from safeconduct.core.sealing import check_commitment, commitment
from safeconduct.core.statement import Digest, PartyId, digest
from safeconduct.errors import CheckFailed, InputInvalid

_SEED_LABEL = b"safeconduct/variants/v1\n"
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")


class Half(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What one party's node chose for one recipient: slot → number of the value. It is sealed to the recipient.

    recipient: the key id of the recipient's key. slots: digest of the slot list.
    """

    order: Identifier
    slots: Digest
    party: PartyId
    recipient: Digest
    values: dict[FieldName, int]


class OpenedOrder(msgspec.Struct, frozen=True, kw_only=True):
    """An order all of whose hands were opened and fit their commitments.

    held: recipient → number of the value in each slot, in the order of the list.
    """

    order: Identifier
    slots: SlotList
    held: dict[Digest, tuple[int, ...]]


def order_seed(master: bytes, order: Identifier) -> bytes:
    """A party's seed for one order, 32 bytes: opening it opens no other order. Method: CAN-5."""
    if len(master) != SEED_BYTES:
        raise InputInvalid(f"expected a master seed of {SEED_BYTES} bytes, got {len(master)}")
    return hmac.digest(master, _SEED_LABEL + order.encode(), "sha256")


def value_for(seed: bytes, recipient: Digest, slot: Slot) -> int:
    """Number of the slot's value for the recipient, each equally likely to whoever lacks the seed. Method: CAN-6."""
    # INVARIANT (one-encoding): both names have their length before them.
    names = b"".join(bytes([len(raw)]) + raw for raw in (recipient.encode(), slot.id.encode()))
    return _reduced(_stream(seed, names), len(slot.values))


def half_of(slots: SlotList, variants: Variants, recipient: Digest) -> Half:
    """One hand's half of the recipient's copy. Raises InputInvalid for another list or somebody who gets no copy."""
    if variants.slots != digest(slots):
        raise InputInvalid(f"slot list {variants.slots[:16]}, got {digest(slots)[:16]}")
    if recipient not in variants.recipients:
        raise InputInvalid(f"one of the {len(variants.recipients)} recipients of order {variants.order}, got another")
    return Half(
        order=variants.order,
        slots=variants.slots,
        party=variants.party,
        recipient=recipient,
        values={s.id: value_for(variants.seed, recipient, s) for s in slots.slots if s.party == variants.party},
    )


def check_half(half: Half, slots: SlotList, opening: SeedOpening) -> None:
    """Return if the half is what the opened seed gives and the seed is the committed one; else raise CheckFailed."""
    check_opening(opening)
    due = half_of(slots, opening.variants, half.recipient)
    if half != due:
        raise CheckFailed(f"the half that {due.party}'s seed gives for order {due.order}, got another one")


def open_order(slots: SlotList, openings: Sequence[SeedOpening]) -> OpenedOrder:
    """Everybody's copy, made again from the opened seeds of all hands.

    Raises CheckFailed for an opening that does not fit its commitment, or hands that committed to different
    recipients or slots; InputInvalid if a hand is missing or there twice.
    The caller checks that the commitments were on the record, with the peer's receipt, before the first delivery.
    """
    hands = {opening.variants.party: opening.variants for opening in openings}
    if len(hands) != len(openings) or sorted(hands) != list(slots.parties):
        raise InputInvalid(f"an opening of each of {', '.join(slots.parties)}, got {', '.join(sorted(hands))}")
    for opening in openings:
        check_opening(opening)
    first = openings[0].variants
    for variants in hands.values():
        if (variants.order, variants.recipients) != (first.order, first.recipients):
            raise CheckFailed(f"one order to one list of recipients, got another from {variants.party}")
        if variants.slots != digest(slots):
            raise CheckFailed(f"slot list {digest(slots)[:16]}, got {variants.slots[:16]} from {variants.party}")
    seeds = {party: variants.seed for party, variants in hands.items()}
    return OpenedOrder(
        order=first.order,
        slots=slots,
        held={r: tuple(value_for(seeds[s.party], r, s) for s in slots.slots) for r in first.recipients},
    )


def merge(template: str, slots: SlotList, halves: Sequence[Half], language: str) -> str:
    """The recipient's copy: the template with each `{slot}` replaced by the value's first way of saying.

    Raises InputInvalid if a hand is missing, if halves are of different orders, recipients or lists, if the template
    names no slot of the list or leaves one out, and if its own words say the value of a slot, so that the copy would
    show other values than the halves or show them to everybody.
    """
    chosen = _joined(slots, halves)
    require_template(template, slots)
    texts = {slot.id: _written(slot, chosen[slot.id], language) for slot in slots.slots}
    copy = _PLACEHOLDER.sub(lambda found: texts[found[1]], template)
    shown = tuple(Shown(slot=slot.id, values=(chosen[slot.id],)) for slot in slots.slots)
    if recognise(copy, slots) != shown:
        raise _says_a_value()
    return copy


def slots_named(template: str) -> tuple[str, ...]:
    """The names in braces in a text, sorted, each once; none if it is a text like any other."""
    return tuple(sorted(set(_PLACEHOLDER.findall(template))))


def list_named(template: str, lists: Iterable[SlotList]) -> SlotList | None:
    """The list all of whose slots a text names and no other; of several such the first."""
    named = slots_named(template)
    return next((listed for listed in lists if tuple(sorted(slot.id for slot in listed.slots)) == named), None)


def require_template(template: str, slots: SlotList) -> None:
    """Raise InputInvalid for a text that names other slots than the list's, or whose own words say a value of one."""
    named, listed = slots_named(template), [slot.id for slot in slots.slots]
    unknown = [name for name in named if name not in listed]
    unused = sorted(name for name in listed if name not in named)
    if unknown or unused:
        raise InputInvalid(f"a template that names each slot, got unknown {unknown[:3]}, unused {unused[:3]}")
    # Or everybody would be shown the value, and whoever holds just that one would not notice.
    if any(recognise(own, slots) for own in _PLACEHOLDER.split(template)[::2]):
        raise _says_a_value()


def _says_a_value() -> InputInvalid:
    return InputInvalid("a template whose own words say no value of a slot, got one that does")


def receipt(order: Identifier, recipient: Digest, salt: bytes, copy: str) -> Digest:
    """What the recipient signs: a commitment to the merged copy. The salt stays with the recipient, with the copy."""
    return commitment("copy", f"order/{order}/{recipient}", salt, copy.encode())


def check_receipt(signed: Digest, order: Identifier, recipient: Digest, salt: bytes, copy: str) -> None:
    """Return if the receipt is for this copy; else raise CheckFailed."""
    check_commitment(signed, "copy", f"order/{order}/{recipient}", salt, copy.encode())


def _stream(seed: bytes, names: bytes) -> Iterator[bytes]:
    for block in count():
        yield hmac.digest(seed, names + block.to_bytes(4, "big"), "sha256")


def _reduced(blocks: Iterable[bytes], choices: int) -> int:
    """The first byte below the largest multiple of `choices`, modulo `choices`: a mere modulo would favour some."""
    fair = 256 - 256 % choices
    return next(byte % choices for block in blocks for byte in block if byte < fair)


def _joined(slots: SlotList, halves: Sequence[Half]) -> dict[str, int]:
    if sorted(half.party for half in halves) != list(slots.parties):
        got = ", ".join(sorted(half.party for half in halves))
        raise InputInvalid(f"one half of each of {', '.join(slots.parties)}, got {got or 'none'}")
    if len({(half.order, half.recipient, half.slots) for half in halves}) != 1 or halves[0].slots != digest(slots):
        raise InputInvalid("halves of one order for one recipient by this slot list, got others")
    chosen: dict[str, int] = {}
    for half in halves:
        sizes = {slot.id: len(slot.values) for slot in slots.slots if slot.party == half.party}
        if half.values.keys() != sizes.keys():
            raise InputInvalid(f"{half.party}'s half with its own slots, each once, got other slots")
        beyond = [slot for slot in sorted(sizes) if not 0 <= half.values[slot] < sizes[slot]]
        if beyond:
            raise InputInvalid(f"a value that slot {beyond[0]} has, got number {half.values[beyond[0]]}")
        chosen |= half.values
    return chosen


def _written(slot: Slot, value: int, language: str) -> str:
    said = slot.values[value].said
    if language not in said:
        raise InputInvalid(f"a language of slot {slot.id} ({', '.join(sorted(said))}), got {language[:10]}")
    return said[language][0]
