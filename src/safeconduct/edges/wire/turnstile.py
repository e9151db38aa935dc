"""How often each caller is served: so many at once, so many a second."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from safeconduct.edges.wire.limits import (
    CALLERS_MAX,
    CONCURRENT_PER_CALLER_MAX,
    REQUESTS_BURST_MAX,
    REQUESTS_PER_SECOND,
)
from safeconduct.errors import Unavailable


class _Caller:
    __slots__ = ("left", "now", "under_way")

    def __init__(self, now: int) -> None:
        self.left = float(REQUESTS_BURST_MAX)
        self.now = now
        self.under_way = 0


class Turnstile:
    """Counts what each caller asks. now: milliseconds."""

    def __init__(self, now: Callable[[], int]) -> None:
        self._now = now
        self._callers: OrderedDict[str, _Caller] = OrderedDict()

    @contextmanager
    def turn(self, who: str) -> Iterator[None]:
        """Serve one request of a caller. Raises Unavailable if it has more under way, or asked more, than allowed."""
        caller = self._caller(who)
        now = self._now()
        caller.left = min(REQUESTS_BURST_MAX, caller.left + max(0, now - caller.now) * REQUESTS_PER_SECOND / 1000)
        caller.now = now
        if caller.left < 1:
            raise Unavailable(
                f"at most {REQUESTS_PER_SECOND} requests a second, {who} asks more: try again in a second"
            )
        if caller.under_way >= CONCURRENT_PER_CALLER_MAX:
            raise Unavailable(f"at most {CONCURRENT_PER_CALLER_MAX} requests at once, {who} has them under way")
        caller.left -= 1
        caller.under_way += 1
        try:
            yield
        finally:
            caller.under_way -= 1

    def _caller(self, who: str) -> _Caller:
        caller = self._callers.get(who)
        if caller is None:
            if len(self._callers) >= CALLERS_MAX:
                self._callers.popitem(last=False)
            caller = self._callers[who] = _Caller(self._now())
        self._callers.move_to_end(who)
        return caller
