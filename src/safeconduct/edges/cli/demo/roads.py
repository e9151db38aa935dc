"""The demo's roads: a small net made by hand, the fastest way through it, and where a convoy is after some minutes.

`karachi_roads.yaml` says how the net was made and how far it can be trusted: far enough for a demo. The planner has its
own roads, from map data.
"""

from __future__ import annotations

import heapq
import math
from bisect import bisect_right
from collections.abc import Mapping
from importlib.resources import files
from itertools import pairwise
from typing import NamedTuple

import msgspec
import yaml

from safeconduct.errors import InputInvalid, NotFound

_DATA = "karachi_roads.yaml"
# Metres of one degree of latitude, on a sphere of 6,371 km: the net is not more exact than that.
_DEGREE_METRES = 111_195
_E7 = 10_000_000


class Position(NamedTuple):
    """Degrees × 10⁷, as on the record."""

    latitude_e7: int
    longitude_e7: int


class Box(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the whole net lies in, degrees × 10⁷."""

    south: int
    north: int
    west: int
    east: int

    def has(self, at: Position) -> bool:
        return self.south <= at.latitude_e7 <= self.north and self.west <= at.longitude_e7 <= self.east


class Place(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A crossing, a place by the road, or a bend, which has no name."""

    at: tuple[int, int]
    name: str = ""

    @property
    def position(self) -> Position:
        return Position(*self.at)


class Road(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A road through places in turn, both ways, at the pace of a convoy."""

    name: str
    kmh: int
    through: tuple[str, ...]


class Net(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The net as its file has it."""

    box: Box
    places: Mapping[str, Place]
    roads: tuple[Road, ...]


class Leg(NamedTuple):
    """A stretch of road between two neighbouring places. seconds: at a convoy's pace."""

    start: str
    end: str
    road: str
    metres: int
    seconds: int


def read_net() -> Net:
    """The net of the data file. Raises InputInvalid when the file is not one."""
    text = files(__package__).joinpath(_DATA).read_text(encoding="utf-8")
    try:
        net = msgspec.convert(yaml.safe_load(text), Net)
    except (msgspec.ValidationError, yaml.YAMLError) as error:
        raise InputInvalid(f"{_DATA}: expected a net of roads, got {error}") from None
    unknown = {place for road in net.roads for place in road.through} - set(net.places)
    if unknown:
        raise InputInvalid(f"{_DATA}: expected roads through places of the file, got {', '.join(sorted(unknown))}")
    return net


def metres_between(a: Position, b: Position) -> int:
    """Distance as the crow flies, by the equirectangular formula: exact enough over a city."""
    north = (b.latitude_e7 - a.latitude_e7) / _E7
    middle = math.radians((a.latitude_e7 + b.latitude_e7) / 2 / _E7)
    east = (b.longitude_e7 - a.longitude_e7) / _E7 * math.cos(middle)
    return round(math.hypot(north, east) * _DEGREE_METRES)


def legs(net: Net) -> list[Leg]:
    """Every stretch of the net, in both directions."""
    found = []
    for road in net.roads:
        for start, end in pairwise(road.through):
            metres = metres_between(net.places[start].position, net.places[end].position)
            seconds = max(1, round(metres * 3.6 / road.kmh))
            found += [Leg(start, end, road.name, metres, seconds), Leg(end, start, road.name, metres, seconds)]
    return found


def fastest(net: Net, origin: str, destination: str) -> tuple[Leg, ...]:
    """The way that takes the fewest seconds (Dijkstra, 1959). Raises NotFound when there is none."""
    outward: dict[str, list[Leg]] = {}
    for leg in legs(net):
        outward.setdefault(leg.start, []).append(leg)
    came_by: dict[str, Leg | None] = {}
    waiting: list[tuple[int, str, Leg | None]] = [(0, origin, None)]
    while waiting:
        seconds, place, by = heapq.heappop(waiting)
        if place in came_by:
            continue
        came_by[place] = by
        if place == destination:
            return _way(came_by, destination)
        for leg in outward.get(place, ()):
            if leg.end not in came_by:
                heapq.heappush(waiting, (seconds + leg.seconds, leg.end, leg))
    raise NotFound(f"no way from {origin} to {destination} in the demo's roads")


def _way(came_by: Mapping[str, Leg | None], destination: str) -> tuple[Leg, ...]:
    way: list[Leg] = []
    leg = came_by[destination]
    while leg is not None:
        way.append(leg)
        leg = came_by[leg.start]
    return tuple(reversed(way))


class Drive:
    """A convoy on its way: where it is so many seconds after wheels moved."""

    def __init__(self, net: Net, way: tuple[Leg, ...]) -> None:
        if not way:
            raise NotFound("a drive has at least one stretch of road, got none")
        self._net = net
        self.way = way
        self._reached = [0]
        for leg in way:
            self._reached.append(self._reached[-1] + leg.seconds)

    @property
    def seconds(self) -> int:
        """How long the whole way takes."""
        return self._reached[-1]

    @property
    def metres(self) -> int:
        """How long the whole way is."""
        return sum(leg.metres for leg in self.way)

    @property
    def line(self) -> tuple[Position, ...]:
        """Every place and bend of the way, in turn."""
        return tuple(self._net.places[place].position for place in (self.way[0].start, *(leg.end for leg in self.way)))

    def position(self, seconds: int) -> Position:
        """Where the convoy is then; at an end before it moved and after it has come."""
        index, done = self._leg_at(seconds)
        leg = self.way[index]
        start, end = self._net.places[leg.start].position, self._net.places[leg.end].position
        return Position(
            start.latitude_e7 + (end.latitude_e7 - start.latitude_e7) * done // leg.seconds,
            start.longitude_e7 + (end.longitude_e7 - start.longitude_e7) * done // leg.seconds,
        )

    def near(self, seconds: int) -> str:
        """The named place that the convoy has passed last."""
        index, done = self._leg_at(seconds)
        passed = [leg.start for leg in self.way[: index + 1]]
        if done == self.way[index].seconds:
            passed.append(self.way[index].end)
        return next((name for place in reversed(passed) if (name := self._net.places[place].name)), self.way[0].start)

    def _leg_at(self, seconds: int) -> tuple[int, int]:
        """Index of the leg, and seconds driven on it."""
        seconds = min(max(seconds, 0), self.seconds)
        index = min(bisect_right(self._reached, seconds) - 1, len(self.way) - 1)
        return index, seconds - self._reached[index]
