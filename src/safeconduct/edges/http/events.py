"""Server-sent events: whoever looks hears that something has changed, and how the node stands then."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable

import msgspec

from safeconduct.edges.http.limits import EVENT_EVERY_SECONDS, EVENT_SHARE_MAX, KEEP_ALIVE_SECONDS, STREAMS_MAX
from safeconduct.errors import NotAllowed, Unavailable
from safeconduct.node import queries
from safeconduct.node.node import Node
from safeconduct.node.queries import NodeHealth

_KEEP_ALIVE = b": nothing new\n\n"


async def health_now(node: Node) -> NodeHealth:
    """How the node is, between two writes: sizes and digest belong together."""
    async with node.writing:
        return queries.health(node)


class Events:
    """The event streams of one node. What they all say is worked out once for all of them."""

    def __init__(self, node: Node) -> None:
        self._node = node
        self._streams: set[asyncio.Event] = set()
        self._ended = False
        self._news: asyncio.Event | None = None
        self._said = b""
        self._saying = asyncio.Lock()
        self._pause = EVENT_EVERY_SECONDS

    def require_room(self) -> None:
        """Raise Unavailable if as many streams are open as may be."""
        if len(self._streams) >= STREAMS_MAX:
            raise Unavailable(f"at most {STREAMS_MAX} event streams at once, there are as many: close one")

    async def stream(self, require_viewer: Callable[[], object]) -> AsyncGenerator[bytes, None]:
        """One `changed` event at once, and another whenever something has changed; comments in between.

        require_viewer: raises NotAllowed once whoever looks may not any more, and the stream ends.
        """
        changed = self._node.watch()
        self._streams.add(changed)
        try:
            while not self._ended:
                changed.clear()
                require_viewer()
                yield await self._say()
                # Also for whoever is slow: what changes meanwhile is one event.
                await asyncio.sleep(self._pause)
                while not await _within(changed, KEEP_ALIVE_SECONDS):
                    yield _KEEP_ALIVE
        except NotAllowed:
            return
        finally:
            self._node.unwatch(changed)
            self._streams.discard(changed)

    def end(self) -> None:
        """End every stream: the node stops, and would wait for them."""
        self._ended = True
        for changed in self._streams:
            changed.set()

    async def _say(self) -> bytes:
        async with self._saying:
            if self._news is None:
                self._news = self._node.watch()
                self._news.set()
            if self._news.is_set():
                self._news.clear()
                loop = asyncio.get_running_loop()
                begun = loop.time()
                health = await health_now(self._node)
                self._pause = max(EVENT_EVERY_SECONDS, (loop.time() - begun) / EVENT_SHARE_MAX)
                self._said = b"event: changed\ndata: " + msgspec.json.encode(health) + b"\n\n"
            return self._said


async def _within(event: asyncio.Event, seconds: float) -> bool:
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        return False
    return True
