"""Server-sent events."""

from __future__ import annotations

from contextlib import aclosing

import msgspec
import pytest

from safeconduct.core.acts import SiteRegistered
from safeconduct.edges.http import events as events_module
from safeconduct.edges.http.events import Events
from safeconduct.edges.http.limits import STREAMS_MAX
from safeconduct.errors import Unavailable
from safeconduct.node import queries
from safeconduct.node.queries import NodeHealth
from tests.unit.edges.asking import OFFICER, Asking, asking

SITE = SiteRegistered(name="Gate", district="malir", latitude_e7=0, longitude_e7=0)


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits here for the sake of a reader's eyes."""
    monkeypatch.setattr(events_module, "EVENT_EVERY_SECONDS", 0.0)
    monkeypatch.setattr(events_module, "EVENT_SHARE_MAX", 1e9)


def _anybody() -> None:
    """Whoever looks may go on looking."""


def health_in(event: bytes) -> NodeHealth:
    head, data, *rest = event.split(b"\n")
    assert (head, rest) == (b"event: changed", [b"", b""])
    return msgspec.json.decode(data.removeprefix(b"data: "), type=NodeHealth)


def test_who_begins_to_listen_hears_at_once_how_the_node_is() -> None:
    """WIRE-57"""

    async def scenario(a: Asking) -> None:
        async with aclosing(Events(a.host).stream(_anybody)) as stream:
            assert health_in(await anext(stream)) == queries.health(a.host)

    asking(scenario)


def test_every_change_is_heard_by_everybody() -> None:
    """WIRE-57"""

    async def scenario(a: Asking) -> None:
        events = Events(a.host)
        async with aclosing(events.stream(_anybody)) as one, aclosing(events.stream(_anybody)) as other:
            await anext(one), await anext(other)
            await a.federation.say(OFFICER, "site/gate", SITE)
            heard = [health_in(await anext(stream)).after["host"] for stream in (one, other)]
            assert heard == [a.host.store.size("host")] * 2

    asking(scenario)


def test_many_changes_are_one_event() -> None:
    """WIRE-57: whoever is slow hears the last word, not every word."""

    async def scenario(a: Asking) -> None:
        async with aclosing(Events(a.host).stream(_anybody)) as stream:
            await anext(stream)
            for number in range(5):
                await a.federation.say(OFFICER, f"site/{number}", SITE)
            assert health_in(await anext(stream)).after["host"] == a.host.store.size("host")

    asking(scenario)


def test_silence_is_filled_with_comments(monkeypatch: pytest.MonkeyPatch) -> None:
    """WIRE-57"""
    monkeypatch.setattr(events_module, "KEEP_ALIVE_SECONDS", 0.01)

    async def scenario(a: Asking) -> None:
        async with aclosing(Events(a.host).stream(_anybody)) as stream:
            await anext(stream)
            assert (await anext(stream)).startswith(b": ")

    asking(scenario)


def test_streams_are_a_bounded_number_and_one_that_ends_makes_room() -> None:
    """WIRE-32"""

    async def scenario(a: Asking) -> None:
        events = Events(a.host)
        streams = [events.stream(_anybody) for _ in range(STREAMS_MAX)]
        for stream in streams:
            await anext(stream)
        with pytest.raises(Unavailable, match="at most 200 event streams"):
            events.require_room()
        await streams[0].aclose()
        events.require_room()
        for stream in streams[1:]:
            await stream.aclose()
        assert len(a.host._watchers) == 1

    asking(scenario)


def test_a_node_that_stops_ends_its_streams() -> None:
    """WIRE-57: or it would wait for them."""

    async def scenario(a: Asking) -> None:
        events = Events(a.host)
        stream = events.stream(_anybody)
        await anext(stream)
        events.end()
        with pytest.raises(StopAsyncIteration):
            await anext(stream)

    asking(scenario)
