"""What an observer at the places of departure has seen: a small index over the movements that left.

docs/spec/predictability.md. The projections have it all, but to read five thousand of them takes a tenth of a second,
and a page is asked for often.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

import msgspec

from safeconduct.core.acts import Plan
from safeconduct.core.disclosure import Journey
from safeconduct.core.record import MovementState, State
from safeconduct.node.limits import DEPARTURES_MAX, DEPARTURES_PAGE
from safeconduct.node.ports import Store, Subject


class _Left(msgspec.Struct):
    t: int


class _Moved(msgspec.Struct):
    """As much of a movement's projection as is needed here; to pass over the rest is more than twice as fast."""

    plan: Plan | None = None
    departed: _Left | None = None
    departed_without_consent: _Left | None = None


_decoder = msgspec.json.Decoder(_Moved)


class Departures:
    """Every movement that has left, by group and place of departure; the latest `DEPARTURES_MAX` of them."""

    def __init__(self, store: Store) -> None:
        # From the earliest to the latest, so that what is dropped first comes first.
        self._by_place: dict[tuple[str, str], dict[str, Journey]] = {}
        self._place_of: dict[str, tuple[str, str]] = {}
        for subject in _projections(store):
            moved = _decoder.decode(subject.state)
            self._put(subject.subject, moved.plan, moved.departed or moved.departed_without_consent)
        self._drop()

    def take(self, subject: str, state: State | None) -> None:
        """A subject is now like this."""
        if not isinstance(state, MovementState):
            self._put(subject, None, None)
            return
        # Wheels that moved without consent were seen to move all the same.
        left = state.departed or state.departed_without_consent
        self._put(subject, state.plan, _Left(left.t) if left is not None else None)
        self._drop()

    def of(self, group: str, origin: str, *, besides: Collection[str]) -> Collection[Journey]:
        """Everything that this group was seen to leave this place for, besides some subjects; in no order."""
        journeys = self._by_place.get((group, origin), {})
        return [journey for subject, journey in journeys.items() if subject not in besides]

    def _put(self, subject: str, plan: Plan | None, left: _Left | None) -> None:
        place = self._place_of.pop(subject, None)
        if place is not None:
            del self._by_place[place][subject]
        if plan is None or left is None:
            return
        journey = Journey.of(plan, left.t)
        place = (journey.group, journey.origin)
        self._place_of[subject] = place
        self._by_place.setdefault(place, {})[subject] = journey

    def _drop(self) -> None:
        """Down to the bound, once there is a tenth more: the earliest go."""
        if len(self._place_of) * 10 <= DEPARTURES_MAX * 11:
            return
        left = sorted((self._by_place[place][subject].departed, subject) for subject, place in self._place_of.items())
        for _, subject in left[:-DEPARTURES_MAX]:
            self._put(subject, None, None)


def _projections(store: Store) -> Iterator[Subject]:
    """Movements with the latest windows, as many as there may be departures."""
    before: int | None = None
    seen: set[str] = set()
    while len(seen) < DEPARTURES_MAX:
        page = store.subjects("movement/", before=before, limit=DEPARTURES_PAGE)
        new = [subject for subject in page if subject.subject not in seen]
        yield from new
        seen.update(subject.subject for subject in new)
        if len(page) < DEPARTURES_PAGE:
            return
        # Others may open at the same millisecond as the last of the page; a whole page of them is passed over.
        before = page[-1].sort + 1 if new else page[-1].sort
