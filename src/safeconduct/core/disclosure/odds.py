"""What each explanation of a leaked text weighs: whose copy it was, that somebody watched, that somebody guessed."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import cache
from itertools import combinations
from math import comb, prod
from typing import NamedTuple

import msgspec

from safeconduct.core.disclosure.leak import Fit
from safeconduct.core.statement import Digest
from safeconduct.errors import InputInvalid

# The candidates carry this much of what the leak hypotheses weigh together.
CANDIDATES_SHARE = Fraction(95, 100)

_MILLION = 1_000_000


class Priors(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How much each explanation weighs before the text is looked at; only their ratios matter.

    leaked_by_one and leaked_by_two are spread evenly over the recipients and over the pairs.
    """

    observed: int
    predictable: int
    leaked_by_one: int
    leaked_by_two: int


class Odds(msgspec.Struct, frozen=True, kw_only=True):
    """What one explanation weighs, of a million for all of them, the rivals of a leak too; rounded down."""

    recipients: tuple[Digest, ...]
    millionths: int


class Weights:
    """What each explanation weighs: its prior times the likelihood of what is shown, all over one denominator.

    A surviving slot of q values shows k of them. By chance each set of k is equally likely. Told by one who holds one
    of them it is q/k times likelier, but for what is misheard, which is chance again; of two colluders either may have
    told it.
    """

    def __init__(self, fit: Fit, misheard_one_in: int, priors: Priors) -> None:
        _check(misheard_one_in, priors)
        names = list(fit.masks)
        pairs = max(1, comb(len(names), 2))
        groups = _groups(fit, misheard_one_in)
        chance = prod(group.by_chance for group in groups)
        self.observed = priors.observed * len(names) * pairs * chance
        self.predictable = priors.predictable * len(names) * pairs * chance
        by_one, by_two = priors.leaked_by_one * pairs, priors.leaked_by_two * len(names)
        self.sources: dict[tuple[Digest, ...], int] = {}
        for name in names:
            mask = fit.masks[name]
            self.sources[(name,)] = by_one * prod(group.likelihood(mask, mask) for group in groups)
        for one, other in combinations(names, 2):
            masks = fit.masks[one], fit.masks[other]
            self.sources[one, other] = by_two * prod(group.likelihood(*masks) for group in groups)
        self.leaked = sum(self.sources.values())
        self._all = self.leaked + self.observed + self.predictable
        self._names = names

    def share(self, weight: int) -> int:
        """Of a million, rounded down."""
        return weight * _MILLION // self._all

    def odds(self) -> tuple[Odds, ...]:
        """The explanations by a leak that reach a millionth, heaviest first."""
        ranked = sorted(self.sources.items(), key=lambda entry: (-entry[1], entry[0]))
        found = [Odds(recipients=names, millionths=self.share(weight)) for names, weight in ranked]
        return tuple(odds for odds in found if odds.millionths)

    def candidates(self) -> tuple[Digest, ...]:
        """Few recipients with one in explanations of 95 % of what a leak weighs, each the one that adds most.

        Taking the best each time is not always the smallest set, but never more than one that was found one by one.
        """
        adds = dict.fromkeys(self._names, 0)
        for names, weight in self.sources.items():
            for name in names:
                adds[name] += weight
        chosen: list[Digest] = []
        covered = 0
        while covered < CANDIDATES_SHARE * self.leaked:
            best = max(adds, key=lambda name: adds[name])
            covered += adds.pop(best)
            for name in adds:
                adds[name] -= self.sources[min(best, name), max(best, name)]
            chosen.append(best)
        return tuple(chosen)


class _Group(NamedTuple):
    """The surviving slots that have the same number of values and show the same number: one mask."""

    mask: int
    by_chance: int
    likely: Callable[[int, int], int]

    def likelihood(self, one: int, other: int) -> int:
        """How likely two masks make these slots; of the same mask twice, how likely one source does."""
        return self.likely((one & other & self.mask).bit_count(), ((one ^ other) & self.mask).bit_count())


def _groups(fit: Fit, misheard_one_in: int) -> list[_Group]:
    kinds = sorted({(slot.shown, slot.values) for slot in fit.slots})
    return [_group(shown, values, fit.of_kind(shown, values), misheard_one_in) for shown, values in kinds]


def _group(shown: int, values: int, mask: int, misheard_one_in: int) -> _Group:
    """Likelihoods times 2·k·misheard for each slot, so that all of them are whole numbers."""
    told = (misheard_one_in - 1) * values
    both, one, neither = 2 * (told + shown), told + 2 * shown, 2 * shown
    slots = mask.bit_count()

    @cache
    def likely(in_both: int, in_one: int) -> int:
        return int(both**in_both * one**in_one * neither ** (slots - in_both - in_one))

    return _Group(mask, (2 * shown * misheard_one_in) ** slots, likely)


def _check(misheard_one_in: int, priors: Priors) -> None:
    if misheard_one_in < 2:
        raise InputInvalid(f"misheard one in 2 or more, got {misheard_one_in}")
    rivals, leaks = (priors.observed, priors.predictable), (priors.leaked_by_one, priors.leaked_by_two)
    # Without rivals every text would be a leak, and with nothing for a leak there is nothing to trace.
    if min(*rivals, *leaks) < 0 or sum(rivals) == 0 or priors.leaked_by_one == 0:
        raise InputInvalid("priors of 0 or more, above 0 for a rival and for one leaker, got others")
