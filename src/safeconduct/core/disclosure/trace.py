"""Whose copies a leaked text fits, and how much of that is chance (docs/spec/canary.md CAN-16 to CAN-26).

Two questions that are kept apart. *Which explanation is likelier* is answered by odds, with the rivals of a leak on the
same scale: it was watched, it was guessed. *May a name be shown* is answered by an exact bound that needs no prior and
no model of the leaker, for each hand's half by itself. Nothing here says what anybody did.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import combinations

import msgspec

from safeconduct.core.disclosure.leak import Fit, LeakedOrder, fit_of
from safeconduct.core.disclosure.odds import Odds, Priors, Weights
from safeconduct.core.disclosure.score import Agreed, Score, Scorer
from safeconduct.core.statement import Digest, PartyId

# What chance gives the best fit of all recipients more often than this is at the level of chance.
CHANCE_LEVEL = Fraction(1, 100)


class Framing(msgspec.Struct, frozen=True, kw_only=True):
    """The leak fits one hand's half of this recipient's copy, and in every other hand nobody better than chance.

    Then it points at the party whose hand it is, whose node or seed was enough to make it, and no longer at the
    recipient alone; a recipient who makes up the other half gives the same picture, so it accuses nobody.
    """

    hand: PartyId
    score: Score


class Surviving(msgspec.Struct, frozen=True, kw_only=True):
    """How many of one hand's slots survive in the leaks, of how many, and how many of those are ambiguous."""

    party: PartyId
    surviving: int
    slots: int
    ambiguous: int


class Panel(msgspec.Struct, frozen=True, kw_only=True):
    """For the joint panel's eyes only, because it has names that are not proved.

    candidates: few recipients of whom at least one is in explanations that carry 95 % of what a leak weighs.
    pairs: of each, at least one is a source, at the agreed bound; the other may have nothing to do with it.
    odds: the explanations by a leak that reach a millionth, heaviest first.
    """

    candidates: tuple[Digest, ...]
    pairs: tuple[Score, ...]
    odds: tuple[Odds, ...]
    framings: tuple[Framing, ...]


class Trace(msgspec.Struct, frozen=True, kw_only=True):
    """What the leaks show, for all who may see that there was a leak.

    named: recipients whose every half passes the agreed bound by itself. best_one_in: the bound that anybody reaches.
    framing_hands: parties at whose node or seed the leak points. observed, predictable, leaked: of a million.
    """

    agreed: Agreed
    priors: Priors
    recipients: int
    surviving: tuple[Surviving, ...]
    named: tuple[Score, ...]
    best_one_in: int
    framing_hands: tuple[PartyId, ...]
    observed: int
    predictable: int
    leaked: int


def trace(leaks: Sequence[LeakedOrder], agreed: Agreed, priors: Priors) -> tuple[Trace, Panel]:
    """Odds of a leak and its rivals with the names that the bound allows, if any; apart from it, what the panel sees.

    leaks: each order once, all of those found in one investigation: leaving some out after they were scored would be
    choosing. Two colluders at most are looked for. Raises InputInvalid for what cannot be scored and CheckFailed for
    an order whose seeds were opened before its leak was found.
    """
    fit = fit_of(leaks)
    weighed = Weights(fit, agreed.misheard_one_in, priors)
    single = Scorer(fit, agreed, colluders=1)
    pair = Scorer(fit, agreed, colluders=2)
    named = [r for r, mask in fit.masks.items() if single.passes(mask)]
    pairs = [
        both
        for both in combinations([r for r in fit.masks if r not in named], 2)
        if pair.passes(fit.masks[both[0]] | fit.masks[both[1]])
    ]
    framings = _framings(fit, single, pairs)
    shown = Trace(
        agreed=agreed,
        priors=priors,
        recipients=len(fit.masks),
        surviving=tuple(_surviving(leaks, hand) for hand in fit.hands),
        named=tuple(single.score((r,)) for r in named),
        best_one_in=max(single.score((r,)).bound_one_in for r in fit.masks),
        framing_hands=tuple(sorted({framing.hand for framing in framings})),
        observed=weighed.share(weighed.observed),
        predictable=weighed.share(weighed.predictable),
        leaked=weighed.share(weighed.leaked),
    )
    panel = Panel(
        candidates=weighed.candidates(),
        pairs=tuple(pair.score(both) for both in sorted(pairs, key=lambda both: -weighed.sources[both])),
        odds=weighed.odds(),
        framings=framings,
    )
    return shown, panel


def _framings(fit: Fit, single: Scorer, pairs: Sequence[tuple[Digest, Digest]]) -> tuple[Framing, ...]:
    """Recipients who pass in some hands, where in all others the leak fits nobody better than chance.

    Nobody, not only not them: two who merge their copies by halves give each hand a recipient of its own.
    """
    in_pairs = {name for both in pairs for name in both}
    found = []
    for name, mask in fit.masks.items():
        fits = [hand for hand in fit.hands if single.half_passes(hand, mask)]
        others = [hand for hand in fit.hands if hand not in fits]
        if fits and others and name not in in_pairs and all(_fits_nobody(fit, single, hand) for hand in others):
            found += [Framing(hand=hand, score=single.score((name,))) for hand in fits]
    return tuple(found)


def _fits_nobody(fit: Fit, single: Scorer, hand: PartyId) -> bool:
    """Whether enough of the hand survives to tell, and even the best fit of all recipients is what chance gives."""
    many = len(fit.masks)
    best = min(single.tail(hand, mask) for mask in fit.masks.values())
    return many * single.smallest_tail(hand) <= CHANCE_LEVEL < many * best


def _surviving(leaks: Sequence[LeakedOrder], hand: PartyId) -> Surviving:
    own = [{slot.id for slot in leaked.order.slots.slots if slot.party == hand} for leaked in leaks]
    shown = [s for leaked, ids in zip(leaks, own, strict=True) for s in leaked.shown if s.slot in ids]
    return Surviving(
        party=hand,
        surviving=len(shown),
        slots=sum(len(ids) for ids in own),
        ambiguous=sum(1 for s in shown if len(s.values) > 1),
    )
