"""Who is logged in: one-time codes and passkeys begin sessions, which are kept in memory only.

A session looks, and says nothing on the record: what is said there is signed by the actor's own key, elsewhere.
docs/spec/access.md ACC-1 to ACC-7.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping

import msgspec
from litestar.datastructures import Cookie

from safeconduct.edges.http.limits import (
    CODE_LIFETIME_MS,
    CODES_MAX,
    SESSION_FRESH_MS,
    SESSION_IDLE_MS,
    SESSION_LIFETIME_MS,
    SESSIONS_MAX,
)
from safeconduct.errors import NotAllowed, NotIdentified
from safeconduct.node.access import Sitting

_TAG_CHARACTERS = 16


class _Code(msgspec.Struct, frozen=True):
    actor: str
    enrolment: str
    expires: int


class _Session(msgspec.Struct, frozen=True):
    """enrolment: id of the key that the actor had when it began. touched: ms, by a person."""

    actor: str
    enrolment: str
    by: str
    begun: int
    touched: int


def _hash(secret: str) -> bytes:
    # Only hashes are kept: a dump of memory logs nobody in.
    return hashlib.sha256(secret.encode()).digest()


class Sessions:
    """The sessions of one node.

    now: milliseconds. secret: a new unpredictable text. enrolment_of: the id of an actor's own key as it is enrolled
    now; raises NotAllowed for one that is not. is_replay: a past day is played again, whose clock jumps: it locks
    nothing.
    """

    def __init__(
        self,
        party: str,
        now: Callable[[], int],
        secret: Callable[[], str],
        enrolment_of: Callable[[str], str],
        *,
        is_replay: bool = False,
    ) -> None:
        # Browsers share cookies between the ports of a host, so two nodes on one machine need two names.
        self.cookie_name = f"safeconduct-{party}"
        self._now, self._secret, self._enrolment_of = now, secret, enrolment_of
        self._idle_ms = SESSION_LIFETIME_MS if is_replay else SESSION_IDLE_MS
        self._fresh_ms = SESSION_LIFETIME_MS if is_replay else SESSION_FRESH_MS
        self._codes: dict[bytes, _Code] = {}
        self._sessions: dict[bytes, _Session] = {}

    # --- beginning and ending -----------------------------------------------------------------------------------------

    def offer(self, actor: str) -> tuple[str, int]:
        """A code with which this actor's browser may begin a session once, and until when."""
        now = self._now()
        self._codes = {key: code for key, code in self._codes.items() if code.expires > now}
        while len(self._codes) >= CODES_MAX:
            del self._codes[next(iter(self._codes))]
        secret, expires = self._secret(), now + CODE_LIFETIME_MS
        self._codes[_hash(secret)] = _Code(actor, self._enrolment_of(actor), expires)
        return secret, expires

    def enter(self, code: str, *, secure: bool) -> Cookie:
        """The cookie of a new session for a code. secure: the browser came over TLS.

        Raises NotIdentified for a code that is unknown, used or too old.
        """
        known = self._codes.pop(_hash(code), None)
        if known is None or self._now() >= known.expires:
            raise NotIdentified("expected a fresh link for one use, got one that is unknown, used or too old")
        return self._begin(known.actor, known.enrolment, "link", secure=secure)

    def enter_by_passkey(self, actor: str, enrolment: str, *, secure: bool) -> Cookie:
        """The cookie of a new session for an actor whose passkey has been checked. enrolment: as it was added for."""
        return self._begin(actor, enrolment, "passkey", secure=secure)

    def leave(self, cookies: Mapping[str, str]) -> Cookie:
        """End the session of these cookies, if there is one. The cookie that takes its place."""
        self._sessions.pop(_hash(cookies.get(self.cookie_name, "")), None)
        return Cookie(key=self.cookie_name, value="", path="/", httponly=True, samesite="strict", max_age=0)

    def end(self, actor: str, tag: str) -> None:
        """End the actor's session of that tag, wherever it is open. Raises NotAllowed if it has none such."""
        for key, session in self._sessions.items():
            if session.actor == actor and _tag(key) == tag:
                del self._sessions[key]
                return
        raise NotAllowed(f"expected a session of {actor} that runs, got another")

    def _begin(self, actor: str, enrolment: str, by: str, *, secure: bool) -> Cookie:
        now = self._now()
        self._sessions = {key: session for key, session in self._sessions.items() if _ends(session) > now}
        while len(self._sessions) >= SESSIONS_MAX:
            del self._sessions[next(iter(self._sessions))]
        token = self._secret()
        self._sessions[_hash(token)] = _Session(actor, enrolment, by, begun=now, touched=now)
        return Cookie(
            key=self.cookie_name,
            value=token,
            path="/",
            httponly=True,
            samesite="strict",
            secure=secure,
            max_age=SESSION_LIFETIME_MS // 1000,
        )

    # --- looking ------------------------------------------------------------------------------------------------------

    def actor(self, cookies: Mapping[str, str], *, by_itself: bool = False, even_locked: bool = False) -> str:
        """Who has the session of these cookies.

        by_itself: no person asks, but the page's script, which keeps no session alive. even_locked: for what a locked
        screen goes on showing. Raises NotIdentified without a session that runs, NotAllowed once its actor is revoked.
        """
        key, session = self._running(cookies)
        now = self._now()
        if now >= session.touched + self._idle_ms and not (by_itself and even_locked):
            raise NotIdentified(
                "expected a session in use, got one that is locked after a while without anybody: enter again"
            )
        if not by_itself:
            self._sessions[key] = msgspec.structs.replace(session, touched=now)
        return session.actor

    def sitting(self, cookies: Mapping[str, str]) -> Sitting:
        """The session of these cookies, as its screen tells of it. Raises as `actor`."""
        return self._sitting(*self._running(cookies))

    def of(self, actor: str) -> list[Sitting]:
        """The sessions of an actor that run, oldest first."""
        now = self._now()
        return [
            self._sitting(key, session)
            for key, session in self._sessions.items()
            if session.actor == actor and _ends(session) > now
        ]

    def _running(self, cookies: Mapping[str, str]) -> tuple[bytes, _Session]:
        token = cookies.get(self.cookie_name)
        if token is None:
            raise NotIdentified("expected a session or a signed request, got neither")
        key = _hash(token)
        session = self._sessions.get(key)
        if session is None or self._now() >= _ends(session):
            raise NotIdentified("expected a session that runs, got one that is unknown or has ended")
        # INVARIANT (same-enrolment): whoever is enrolled anew under an old name enters anew.
        if self._enrolment_of(session.actor) != session.enrolment:
            raise NotIdentified("expected a session of the present enrolment, got one of an earlier one: enter again")
        return key, session

    def _sitting(self, key: bytes, session: _Session) -> Sitting:
        return Sitting(
            actor=session.actor,
            tag=_tag(key),
            by=session.by,
            begun=session.begun,
            touched=session.touched,
            locks=session.touched + self._idle_ms,
            ends=_ends(session),
            fresh_until=session.begun + self._fresh_ms,
        )


def _ends(session: _Session) -> int:
    return session.begun + SESSION_LIFETIME_MS


def _tag(key: bytes) -> str:
    return key.hex()[:_TAG_CHARACTERS]
