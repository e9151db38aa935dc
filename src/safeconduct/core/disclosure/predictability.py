"""How well an observer who has only watched could guess a planned movement (docs/spec/predictability.md).

The observer stands where a group sets out from, counts on which days it left, where to, in which half-hour and by which
route, and lets old days count less. What is computed is the chance of his best guess: exact fractions, so that
two nodes get the same number.

Method: the sequential estimator of Krichevsky and Trofimov (1981) where there are two outcomes, and the one with
Perks's prior (1947; a Dirichlet prior of total weight one) where there are more. Each is (n·K + 1) / ((N + 1)·K) for n
of N days and K alternatives.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction

import msgspec

from safeconduct.core.acts import Plan
from safeconduct.core.agreement import PredictabilityTerms, milliseconds

_DAY = 86_400_000
_HALF_HOUR = 1_800_000
_HALF_HOURS = 48
_WEEK = 7
# 1 January 1970 was a Thursday; weekdays count from Monday.
_FIRST_WEEKDAY = 3
# What a day counts that is younger than one half-life. After so many halvings a day counts nothing.
_WHOLE = 1 << 20
# What one weekday and half-hour after another can be before they come again: a longer window has no other moments.
_MOMENTS_MAX = _WEEK * _HALF_HOURS


class Journey(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """A movement that was seen to leave. departed: ms of the record. route: what tells one way from another."""

    group: str
    origin: str
    destination: str
    route: tuple[str, ...]
    departed: int

    @classmethod
    def of(cls, plan: Plan, departed: int) -> Journey:
        """A movement by this plan that left at that time."""
        return cls(
            group=plan.people.group,
            origin=plan.route.origin,
            destination=plan.route.destination,
            # Two sealed routes through the same districts are two ways.
            route=(plan.route.path or "", *plan.route.districts),
            departed=departed,
        )


class Chance(msgspec.Struct, frozen=True, kw_only=True):
    """One question that the observer answers, in per mille.

    chance: that he is right. even: what an even draw over the plan's window and the known alternatives would leave
    him. times, days: of how many days it was so on how many, uncorrected for age.
    """

    chance: int
    even: int
    times: int
    days: int


class Guess(msgspec.Struct, frozen=True, kw_only=True):
    """The observer's best guess among the moments of the plan's window.

    weekday: 0 is Monday. half_hour: of the day by the agreed clock, 0 is 00:00 to 00:30. who: that they leave on that
    day; place, hour, route: each given the ones before. together: that all four are right, which is their product.
    """

    weekday: int
    half_hour: int
    who: Chance
    place: Chance
    hour: Chance
    route: Chance
    together: int
    even: int


class Predictability(msgspec.Struct, frozen=True, kw_only=True):
    """How guessable a planned movement is.

    days: on how many days of the span the group was seen to leave from there. least: with fewer there is no guess.
    warn: per mille from which the agreement wants approvers to be warned; is_warning: whether they are. clock: as
    agreed, +05:00.
    """

    days: int
    least: int
    warn: int
    is_warning: bool
    clock: str
    guess: Guess | None


class _Day(msgspec.Struct, gc=False):
    """A day on which the group left. weight: what it counts.

    places: where to. there: half-hour → the routes of those departures that went where the plan goes.
    """

    weight: int
    places: list[str]
    there: dict[int, list[tuple[str, ...]]]


class _Count(msgspec.Struct, frozen=True, kw_only=True):
    """An answer of the observer's: of how many days it was so on how many, by weight and plainly.

    alternatives: how many answers he knows, this one among them. even: how many an even draw would be from.
    """

    so: int
    all: int
    times: int
    days: int
    alternatives: int
    even: int

    @property
    def chance(self) -> Fraction:
        return Fraction(self.so * self.alternatives + _WHOLE, (self.all + _WHOLE) * self.alternatives)

    @property
    def odds(self) -> Chance:
        return Chance(
            chance=_per_mille(self.chance),
            even=_per_mille(Fraction(1, self.even)),
            times=self.times,
            days=self.days,
        )


def predictability(terms: PredictabilityTerms, plan: Plan, past: Iterable[Journey]) -> Predictability:
    """How guessable the plan is for somebody who saw `past`, in any order; what is not of its group and origin is left.

    docs/spec/predictability.md, PRED-1 to PRED-12.
    """
    watch = _Watch(terms, plan, past)
    guess = watch.best() if len(watch.days) >= terms.least else None
    return Predictability(
        days=len(watch.days),
        least=terms.least,
        warn=terms.warn,
        is_warning=guess is not None and guess.together >= terms.warn,
        clock=terms.clock,
        guess=guess,
    )


class _Watch:
    """What the observer has counted when the window opens."""

    def __init__(self, terms: PredictabilityTerms, plan: Plan, past: Iterable[Journey]) -> None:
        self._plan = Journey.of(plan, plan.timing.earliest)
        self._ahead = _offset(terms.clock)
        self._half_life = milliseconds(terms.half_life)
        self._today = self._day(plan.timing.earliest)
        self._moments = self._window(plan.timing.earliest, plan.timing.latest)
        self.days = self._seen(past, self._today - milliseconds(terms.span) // _DAY)
        self._went = [day for day in self.days.values() if day.there]

    def best(self) -> Guess:
        """The likeliest moment of the window, the earliest of them if several are."""
        who = self._by_weekday()
        hour, route = self._by_half_hour()
        place = self._place()
        chance_of = {at: hour[at].chance * route[at].chance for at in hour}
        # `max` keeps the first of equals, and the window is in order.
        moment = max(self._moments, key=lambda m: who[m // _HALF_HOURS].chance * chance_of[m % _HALF_HOURS])
        weekday, at = divmod(moment, _HALF_HOURS)
        return Guess(
            weekday=weekday,
            half_hour=at,
            who=who[weekday].odds,
            place=place.odds,
            hour=hour[at].odds,
            route=route[at].odds,
            together=_per_mille(who[weekday].chance * place.chance * chance_of[at]),
            even=_per_mille(Fraction(1, len(self._moments) * place.even * route[at].even)),
        )

    def _seen(self, past: Iterable[Journey], first: int) -> Mapping[int, _Day]:
        """The days from `first` on, before the window's, on which the group left from there."""
        days: dict[int, _Day] = {}
        for journey in past:
            if journey.group != self._plan.group or journey.origin != self._plan.origin:
                continue
            day = self._day(journey.departed)
            if not first <= day < self._today:
                continue
            if day not in days:
                days[day] = _Day(self._weight(day), [], {})
            days[day].places.append(journey.destination)
            if journey.destination == self._plan.destination:
                days[day].there.setdefault(self._half_hour(journey.departed), []).append(journey.route)
        return days

    def _by_weekday(self) -> Mapping[int, _Count]:
        """Whether they leave: of the days with that name since the first on which they left, those on which they did.

        What an even draw can hide is on which of the window's days they leave.
        """
        first = min(self.days, default=self._today)
        counts = {}
        weekdays = tuple(dict.fromkeys(moment // _HALF_HOURS for moment in self._moments))
        for weekday in weekdays:
            watched = [day for day in range(first, self._today) if _weekday(day) == weekday]
            left = [self._weight(day) for day in watched if day in self.days]
            counts[weekday] = _Count(
                so=sum(left),
                all=sum(map(self._weight, watched)),
                times=len(left),
                days=len(watched),
                alternatives=2,
                even=len(weekdays),
            )
        return counts

    def _place(self) -> _Count:
        """Where they go on a day on which they leave."""
        known = {self._plan.destination, *(place for day in self.days.values() for place in day.places)}
        return _count(self._went, list(self.days.values()), len(known), len(known))

    def _by_half_hour(self) -> tuple[Mapping[int, _Count], Mapping[int, _Count]]:
        """When they leave on a day on which they go there; and by which route on a day on which they leave then."""
        half_hours = tuple(dict.fromkeys(moment % _HALF_HOURS for moment in self._moments))
        routes = {self._plan.route, *(way for day in self._went for ways in day.there.values() for way in ways)}
        hour, route = {}, {}
        for at in half_hours:
            then = [day for day in self._went if at in day.there]
            so = [day for day in then if self._plan.route in day.there[at]]
            hour[at] = _count(then, self._went, _HALF_HOURS, len(half_hours))
            route[at] = _count(so, then, len(routes), len(routes))
        return hour, route

    def _weight(self, day: int) -> int:
        return _WHOLE >> ((self._today - day) * _DAY // self._half_life)

    def _day(self, t: int) -> int:
        """Days since 1970 by the agreed clock."""
        return (t + self._ahead) // _DAY

    def _half_hour(self, t: int) -> int:
        return (t + self._ahead) // _HALF_HOUR % _HALF_HOURS

    def _window(self, earliest: int, latest: int) -> Sequence[int]:
        """Weekday and half-hour, as one number, of every half-hour in which the window is open."""
        first = (earliest + self._ahead) // _HALF_HOUR
        # A window that closes at six has no half-hour that begins at six.
        last = max(first, (latest + self._ahead - 1) // _HALF_HOUR)
        return [
            _weekday(n // _HALF_HOURS) * _HALF_HOURS + n % _HALF_HOURS
            for n in range(first, min(last + 1, first + _MOMENTS_MAX))
        ]


def _count(so: Sequence[_Day], of: Sequence[_Day], alternatives: int, even: int) -> _Count:
    return _Count(
        so=sum(day.weight for day in so),
        all=sum(day.weight for day in of),
        times=len(so),
        days=len(of),
        alternatives=alternatives,
        even=even,
    )


def _per_mille(chance: Fraction) -> int:
    """Rounded down."""
    return 1000 * chance.numerator // chance.denominator


def _weekday(day: int) -> int:
    return (day + _FIRST_WEEKDAY) % _WEEK


def _offset(clock: str) -> int:
    """How far the agreed clock is ahead of UTC, ms: +05:30."""
    hours, minutes = clock[1:].split(":")
    return (int(hours) * 60 + int(minutes)) * 60_000 * (-1 if clock[0] == "-" else 1)
