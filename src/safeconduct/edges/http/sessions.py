"""Who is logged in: one-time codes that become session cookies, in memory only.

A session looks and changes nothing: what is said on the record is signed by the actor's own key, elsewhere.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from litestar.datastructures import Cookie

from safeconduct.edges.http.limits import CODE_LIFETIME_MS, CODES_MAX, SESSION_LIFETIME_MS, SESSIONS_MAX
from safeconduct.errors import NotIdentified


@dataclass(frozen=True, slots=True)
class _Ticket:
    actor: str
    expires: int


class _Tickets:
    """Secrets that stand for an actor for a time. Only their hashes are kept: a dump of memory logs nobody in."""

    def __init__(self, lifetime_ms: int, number_max: int) -> None:
        self._lifetime_ms, self._number_max = lifetime_ms, number_max
        self._tickets: dict[bytes, _Ticket] = {}

    def issue(self, secret: str, actor: str, now: int) -> int:
        """Until when it is good, in milliseconds."""
        self._tickets = {key: ticket for key, ticket in self._tickets.items() if ticket.expires > now}
        while len(self._tickets) >= self._number_max:
            del self._tickets[next(iter(self._tickets))]
        expires = now + self._lifetime_ms
        self._tickets[_hash(secret)] = _Ticket(actor, expires)
        return expires

    def actor(self, secret: str, now: int) -> str | None:
        ticket = self._tickets.get(_hash(secret))
        return ticket.actor if ticket is not None and now < ticket.expires else None

    def end(self, secret: str) -> None:
        self._tickets.pop(_hash(secret), None)


def _hash(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()


class Sessions:
    """The sessions of one node.

    now: milliseconds. secret: a new unpredictable text.
    """

    def __init__(self, party: str, now: Callable[[], int], secret: Callable[[], str]) -> None:
        # Browsers share cookies between the ports of a host, so two nodes on one machine need two names.
        self.cookie_name = f"safeconduct-{party}"
        self._now, self._secret = now, secret
        self._codes = _Tickets(CODE_LIFETIME_MS, CODES_MAX)
        self._sessions = _Tickets(SESSION_LIFETIME_MS, SESSIONS_MAX)

    def offer(self, actor: str) -> tuple[str, int]:
        """A code with which this actor's browser may begin a session once, and until when."""
        code = self._secret()
        return code, self._codes.issue(code, actor, self._now())

    def enter(self, code: str, *, secure: bool) -> Cookie:
        """The cookie of a new session for a code. secure: the browser came over TLS.

        Raises NotIdentified for a code that is unknown, used or too old.
        """
        actor = self._codes.actor(code, self._now())
        if actor is None:
            raise NotIdentified("expected a fresh link for one use, got one that is unknown, used or too old")
        self._codes.end(code)
        token = self._secret()
        self._sessions.issue(token, actor, self._now())
        return Cookie(
            key=self.cookie_name,
            value=token,
            path="/",
            httponly=True,
            samesite="strict",
            secure=secure,
            max_age=SESSION_LIFETIME_MS // 1000,
        )

    def leave(self, cookies: Mapping[str, str]) -> None:
        """End the session of these cookies, if there is one."""
        self._sessions.end(cookies.get(self.cookie_name, ""))

    def actor(self, cookies: Mapping[str, str]) -> str:
        """Who has the session of these cookies. Raises NotIdentified."""
        token = cookies.get(self.cookie_name)
        if token is None:
            raise NotIdentified("expected a session or a signed request, got neither")
        actor = self._sessions.actor(token, self._now())
        if actor is None:
            raise NotIdentified("expected a session that runs, got one that is unknown or has ended")
        return actor
