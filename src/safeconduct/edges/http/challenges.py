"""Challenges for passkeys: each for one browser, one purpose and two minutes, and good for one success.

Nothing is kept until one has succeeded, so that whoever asks for many pushes out nobody's. Method: the challenge is its
end and a nonce, under a MAC that also covers browser and purpose. docs/spec/access.md ACC-13.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable

from safeconduct.edges.http.limits import CHALLENGE_LIFETIME_MS
from safeconduct.errors import NotIdentified

_TIME_BYTES = 8
_NONCE_BYTES = 16
_MAC_BYTES = 32


class Challenges:
    """The challenges of one node. now: milliseconds. secret: a new unpredictable text."""

    def __init__(self, now: Callable[[], int], secret: Callable[[], str]) -> None:
        self._now, self._secret = now, secret
        self._key = hashlib.sha256(secret().encode()).digest()
        self._used: dict[bytes, int] = {}

    def issue(self, holder: str, purpose: str) -> bytes:
        """A challenge for the browser that holds this secret."""
        nonce = hashlib.sha256(self._secret().encode()).digest()[:_NONCE_BYTES]
        head = (self._now() + CHALLENGE_LIFETIME_MS).to_bytes(_TIME_BYTES) + nonce
        return head + self._mac(head, holder, purpose)

    def require(self, challenge: bytes, holder: str, purpose: str) -> None:
        """Raise NotIdentified unless it was issued here to this browser for this purpose, is fresh, and not used up."""
        head, mac = challenge[:-_MAC_BYTES], challenge[-_MAC_BYTES:]
        if len(head) != _TIME_BYTES + _NONCE_BYTES or not hmac.compare_digest(mac, self._mac(head, holder, purpose)):
            raise NotIdentified("expected the challenge that this browser was given, got another")
        if self._now() >= int.from_bytes(head[:_TIME_BYTES]):
            raise NotIdentified("expected a passkey within two minutes of asking for it, got one later: try again")
        if challenge in self._used:
            raise NotIdentified("expected a challenge for one use, got one that is used up: try again")

    def use_up(self, challenge: bytes) -> None:
        """No second success with this one. Each costs a person a touch, and goes when its time is over."""
        now = self._now()
        self._used = {used: end for used, end in self._used.items() if end > now}
        self._used[challenge] = int.from_bytes(challenge[:_TIME_BYTES])

    def _mac(self, head: bytes, holder: str, purpose: str) -> bytes:
        return hmac.digest(self._key, b"\0".join((purpose.encode(), holder.encode(), head)), "sha256")
