"""What leaked, as bits: in which surviving slots the leaks show what each recipient holds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import msgspec

from safeconduct.core.acts import RECIPIENTS_MAX, Instant
from safeconduct.core.disclosure.canary import OpenedOrder
from safeconduct.core.disclosure.recognise import Shown
from safeconduct.core.statement import Digest, PartyId
from safeconduct.errors import CheckFailed, InputInvalid

# Years of leaks from one agreement; more is somebody trying.
ORDERS_MAX = 200
# Exact tails grow with the square of it; a proof needs some tens, and this many take about a second.
SURVIVING_MAX = 1_000


class Leak(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What the finder put on the record. evidence: digest of the text as found."""

    evidence: Digest
    found_at: Instant


class LeakedOrder(msgspec.Struct, frozen=True, kw_only=True):
    """One order of which something leaked.

    shown: what `recognise` found in all of the evidence about this order together.
    opened_at: when the first of its seeds was opened to anybody. The caller checks on the record, by peers' receipts,
    that the evidence's digest was there at `found_at` and that no seed was opened before `opened_at`.
    """

    leak: Leak
    opened_at: Instant
    order: OpenedOrder
    shown: tuple[Shown, ...]


class SurvivingSlot(NamedTuple):
    """A slot that survives in one leak: in whose hand it is, and how many of its values are shown."""

    party: PartyId
    shown: int
    values: int


class Fit(NamedTuple):
    """Every surviving slot of every leak is one bit.

    hands: the parties whose hands the orders' slots are in, sorted, also where nothing survives.
    masks: recipient → the slots in which the leak shows what the recipient holds; in the order of the recipients.
    """

    hands: tuple[PartyId, ...]
    slots: tuple[SurvivingSlot, ...]
    masks: dict[Digest, int]

    def in_hand(self, party: PartyId) -> int:
        """The mask of one hand's slots."""
        return sum(1 << bit for bit, slot in enumerate(self.slots) if slot.party == party)

    def of_kind(self, shown: int, values: int) -> int:
        """The mask of the slots that show so many of so many values."""
        return sum(1 << bit for bit, slot in enumerate(self.slots) if (slot.shown, slot.values) == (shown, values))


def fit_of(leaks: Sequence[LeakedOrder]) -> Fit:
    """How the leaks fit what each recipient holds.

    Who got no copy of an order has no bit in it: that never makes anybody look worse. Raises InputInvalid for what
    cannot be scored, CheckFailed for an order whose seeds were opened before its leak was found.
    """
    _check_orders(leaks)
    masks = dict.fromkeys(sorted({recipient for leaked in leaks for recipient in leaked.order.held}), 0)
    if not 1 <= len(masks) <= RECIPIENTS_MAX:
        raise InputInvalid(f"1 to {RECIPIENTS_MAX} recipients, got {len(masks)}")
    slots: list[SurvivingSlot] = []
    for leaked in leaks:
        places = {slot.id: place for place, slot in enumerate(leaked.order.slots.slots)}
        for shown in leaked.shown:
            place = places[shown.slot]
            slot = leaked.order.slots.slots[place]
            bit = 1 << len(slots)
            slots.append(SurvivingSlot(slot.party, len(shown.values), len(slot.values)))
            for recipient, held in leaked.order.held.items():
                if held[place] in shown.values:
                    masks[recipient] |= bit
    hands = sorted({party for leaked in leaks for party in leaked.order.slots.parties})
    return Fit(tuple(hands), tuple(slots), masks)


def _check_orders(leaks: Sequence[LeakedOrder]) -> None:
    if not 1 <= len(leaks) <= ORDERS_MAX:
        raise InputInvalid(f"1 to {ORDERS_MAX} leaked orders, got {len(leaks)}")
    orders = [leaked.order.order for leaked in leaks]
    twice = sorted(order for order in set(orders) if orders.count(order) > 1)
    if twice:
        # A value told twice is one piece of evidence; counted twice it would be a proof made of nothing.
        raise InputInvalid(f"each order once, with all of its evidence, got {twice[0]} twice")
    for leaked in leaks:
        if leaked.opened_at <= leaked.leak.found_at:
            # Whoever has the seeds can write a "leak" that fits anybody.
            raise CheckFailed(f"seeds of order {leaked.order.order} opened after its leak was found, got before")
        _check_shown(leaked)
    surviving = sum(len(leaked.shown) for leaked in leaks)
    if surviving > SURVIVING_MAX:
        raise InputInvalid(f"at most {SURVIVING_MAX} surviving slots, got {surviving}")


def _check_shown(leaked: LeakedOrder) -> None:
    sizes = {slot.id: len(slot.values) for slot in leaked.order.slots.slots}
    names = [shown.slot for shown in leaked.shown]
    if len(set(names)) != len(names) or any(name not in sizes for name in names):
        raise InputInvalid(f"slots of order {leaked.order.order}, each once, got others")
    for shown in leaked.shown:
        if not shown.values or list(shown.values) != sorted(set(shown.values) & set(range(sizes[shown.slot]))):
            raise InputInvalid(f"values of slot {shown.slot}, ascending, each once, got others")
