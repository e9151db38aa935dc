"""How a leak fits recipients, and pairs of them: exact bounds, the tail of each hand's half by itself."""

from __future__ import annotations

from fractions import Fraction

import msgspec

from safeconduct.core.disclosure.bound import chance_of_one, chance_of_two, family, one_in, tails
from safeconduct.core.disclosure.leak import Fit
from safeconduct.core.statement import INTEGER_MAX, Digest, PartyId
from safeconduct.errors import InputInvalid


class Agreed(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What the parties agreed on before.

    bound_one_in: a name is shown where chance would show a wrong one at most once in so many investigations.
    looks: how often at most the evidence of one investigation is scored while it grows; each time is a chance to err.
    misheard_one_in: one slot value in so many is told or heard wrong; it moves the odds and never the bound.
    """

    bound_one_in: int = 1_000_000
    looks: int = 1
    misheard_one_in: int = 50


class HandScore(msgspec.Struct, frozen=True, kw_only=True):
    """How one hand's half fits: how many surviving slots match, and how rarely chance does as well: one in so many."""

    party: PartyId
    surviving: int
    matching: int
    chance_one_in: int


class Score(msgspec.Struct, frozen=True, kw_only=True):
    """How the leak fits a recipient, or at least one of two.

    bound_one_in: chance fits any of all recipients (or pairs) so well, in the weakest half, at most one in so many.
    """

    recipients: tuple[Digest, ...]
    hands: tuple[HandScore, ...]
    bound_one_in: int


class Scorer:
    """Bounds of recipients, or of pairs: each half's own tail, times all that are scored, times the looks."""

    def __init__(self, fit: Fit, agreed: Agreed, *, colluders: int) -> None:
        if agreed.bound_one_in < 1 or agreed.looks < 1:
            raise InputInvalid(
                f"a bound of one in 1 or more and 1 look or more, got {agreed.bound_one_in}, {agreed.looks}"
            )
        chance = chance_of_one if colluders == 1 else chance_of_two
        self._fit = fit
        self._many = family(len(fit.masks), colluders) * agreed.looks
        self._masks = {hand: fit.in_hand(hand) for hand in fit.hands}
        self._tails = {
            hand: tails([chance(slot.shown, slot.values) for slot in fit.slots if slot.party == hand])
            for hand in fit.hands
        }
        bound = Fraction(1, agreed.bound_one_in)
        # Tails fall with every match, so a half passes from some number of matches on. None at all never passes.
        self._needed = {
            hand: sum(1 for tail in own if self._many * tail > bound) or 1 for hand, own in self._tails.items()
        }

    def tail(self, hand: PartyId, mask: int) -> Fraction:
        """The chance of at least as many matches in this hand."""
        return self._tails[hand][(mask & self._masks[hand]).bit_count()]

    def smallest_tail(self, hand: PartyId) -> Fraction:
        """What a whole match in this hand would reach."""
        return self._tails[hand][-1]

    def half_passes(self, hand: PartyId, mask: int) -> bool:
        """Whether this half is below the bound, for all that are scored together."""
        return (mask & self._masks[hand]).bit_count() >= self._needed[hand]

    def passes(self, mask: int) -> bool:
        """Whether each half is. A half of which nothing survives is not."""
        return all(self.half_passes(hand, mask) for hand in self._masks)

    def score(self, recipients: tuple[Digest, ...]) -> Score:
        """The figures that are shown."""
        mask = 0
        for recipient in recipients:
            mask |= self._fit.masks[recipient]
        worst = max(self.tail(hand, mask) for hand in self._masks)
        return Score(
            recipients=recipients,
            hands=tuple(
                HandScore(
                    party=hand,
                    surviving=own.bit_count(),
                    matching=(mask & own).bit_count(),
                    chance_one_in=one_in(self.tail(hand, mask), INTEGER_MAX),
                )
                for hand, own in self._masks.items()
            ),
            bound_one_in=one_in(self._many * worst, INTEGER_MAX),
        )
