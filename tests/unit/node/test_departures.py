"""What an observer at the places of departure has seen, as a node keeps it at hand."""

from __future__ import annotations

import pytest

from safeconduct.node import departures
from safeconduct.node.departures import Departures
from safeconduct.testing import HOUR, START, MemoryStore
from tests.unit.node.departed import DAY, departed, keep

M1, M2 = "movement/m1", "movement/m2"


def seen(index: Departures, group: str = "engineers", origin: str = "airport", besides: str = "") -> list[int]:
    return sorted(journey.departed - START for journey in index.of(group, origin, besides=besides))


def test_every_departure_on_record_is_there_when_a_node_starts() -> None:
    """PRED-3, PRED-16: by group and place; also one without consent; none that never left."""
    store = MemoryStore()
    states = [
        departed(M1, START),
        departed(M2, START + HOUR, consented=False),
        departed("movement/m3", START + 2 * HOUR, left=False),
        departed("movement/m4", START + 3 * HOUR, group="guests"),
        departed("movement/m5", START + 4 * HOUR, origin="camp"),
    ]
    keep(store, states)
    index = Departures(store)
    assert [seen(index), seen(index, group="guests"), seen(index, origin="camp")] == [
        [0, HOUR],
        [3 * HOUR],
        [4 * HOUR],
    ]


def test_a_movement_is_no_past_of_its_own() -> None:
    """PRED-3"""
    store = MemoryStore()
    keep(store, [departed(M1, START), departed(M2, START + HOUR)])
    assert seen(Departures(store), besides=M1) == [HOUR]


def test_what_is_taken_in_later_replaces_what_was_known() -> None:
    """PRED-16: it leaves, it turns out to have left later, it turns out not to have left."""
    index = Departures(MemoryStore())
    known = []
    for state in (departed(M1, START), departed(M1, START + HOUR), departed(M1, START + HOUR, left=False), None):
        index.take(M1, state)
        known.append(seen(index))
    assert known == [[0], [HOUR], [], []]


def test_a_start_and_what_is_taken_in_later_come_to_the_same() -> None:
    """PRED-16"""
    states = [departed(f"movement/{n}", START + n * DAY, consented=n % 2 == 0, left=n % 3 > 0) for n in range(12)]
    store, grown = MemoryStore(), Departures(MemoryStore())
    keep(store, states)
    for state in states:
        grown.take(state.subject, state)
    assert seen(Departures(store)) == seen(grown)


@pytest.mark.parametrize("at_once", [False, True])
def test_movements_of_several_pages_are_read_also_where_their_windows_open_together(
    monkeypatch: pytest.MonkeyPatch, at_once: bool
) -> None:
    """PRED-16: three a page; of those of one millisecond, a page."""
    monkeypatch.setattr(departures, "DEPARTURES_PAGE", 3)
    store = MemoryStore()
    keep(store, [departed(f"movement/{n}", START + (n // 2 * HOUR if not at_once else 0)) for n in range(8)])
    assert len(seen(Departures(store))) == (3 if at_once else 8)


def test_beyond_the_bound_the_earliest_departures_are_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    """PRED-16: at a tenth more than ten, down to ten."""
    monkeypatch.setattr(departures, "DEPARTURES_MAX", 10)
    index = Departures(MemoryStore())
    sizes = []
    for n in range(12):
        index.take(f"movement/{n}", departed(f"movement/{n}", START + n * HOUR))
        sizes.append(len(seen(index)))
    assert (sizes[9:], min(seen(index))) == ([10, 11, 10], 2 * HOUR)


def test_a_start_reads_no_more_than_the_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    """PRED-16"""
    monkeypatch.setattr(departures, "DEPARTURES_MAX", 4)
    monkeypatch.setattr(departures, "DEPARTURES_PAGE", 2)
    store = MemoryStore()
    keep(store, [departed(f"movement/{n}", START + n * HOUR) for n in range(9)])
    assert min(seen(Departures(store))) >= 4 * HOUR
