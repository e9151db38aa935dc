"""Which signed requests were here before."""

from __future__ import annotations

from safeconduct.edges.wire.limits import NONCES_PER_KEY_MAX, SIGNED_WITHIN_SECONDS
from safeconduct.errors import LimitExceeded

# One signed by the fastest clock allowed is good until it is as old as the slowest one allowed.
_REMEMBERED_MS = 2 * SIGNED_WITHIN_SECONDS * 1000


class Replays:
    """The nonces of each key, for as long as a request that bears one could still pass.

    Bounded for each key, so that one caller cannot push out what another has sent. Forgotten at a restart: what could
    be heard twice then (receipts, texts, cards) changes nothing the second time.
    """

    def __init__(self) -> None:
        # Dictionaries keep the order of arrival, which is the order of forgetting.
        self._seen: dict[str, dict[str, int]] = {}

    def first(self, key_id: str, nonce: str, now: int) -> bool:
        """Whether this is the first time, in milliseconds `now`. Raises LimitExceeded if it cannot be remembered."""
        seen = self._seen.setdefault(key_id, {})
        # Also when the clock was put back that far: what was signed then is from the future now, and does not pass.
        while seen and abs(now - next(iter(seen.values()))) > _REMEMBERED_MS:
            del seen[next(iter(seen))]
        if nonce in seen:
            return False
        if len(seen) >= NONCES_PER_KEY_MAX:
            raise LimitExceeded(
                f"at most {NONCES_PER_KEY_MAX} signed requests in {_REMEMBERED_MS // 1000} s, {key_id} sent more"
            )
        seen[nonce] = now
        return True
