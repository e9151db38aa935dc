"""Who asks: an actor's signed request, or a session's cookie. Every route goes through here, or says why not."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from litestar import Request
from litestar.connection import ASGIConnection

from safeconduct.edges.http.limits import BODY_SECONDS_MAX, FORM_BYTES_MAX
from safeconduct.edges.http.sessions import Sessions
from safeconduct.errors import InputInvalid, LimitExceeded, NotAllowed
from safeconduct.node import access
from safeconduct.node.access import Sitting, Viewer
from safeconduct.node.node import Node

if TYPE_CHECKING:
    from litestar.types import Receive

Connection = ASGIConnection[Any, Any, Any, Any]
AnyRequest = Request[Any, Any, Any]

_EVENTS = "/v1/events"
# What a screen goes on showing when its officer was called away: the board, and that something has changed.
_SHOWN_LOCKED = ("/", _EVENTS)
_FIELDS_MAX = 8
_EXPECTED_FRESH = "expected a session that began within 5 minutes by a {}, got another: enter again"


@dataclass(frozen=True, slots=True)
class Gate:
    """check_actor: which actor signed a request, from its ASGI scope and body; raises NotIdentified.

    by_itself says whether no person asks, but the script of a page of ours.
    """

    node: Node
    sessions: Sessions
    check_actor: Callable[[Mapping[str, Any], bytes], str]
    by_itself: Callable[[Connection], bool]

    def current_viewer(self, connection: Connection) -> Viewer:
        """Who looks, by signature or by session. Raises NotIdentified, or NotAllowed once that actor is revoked.

        For requests that change nothing and have no body.
        """
        if "signature-input" in connection.headers:
            return self.signer(connection, b"")
        return self.sitter(connection)

    def sitter(self, connection: Connection) -> Viewer:
        """Who looks by a session. Raises as `current_viewer`."""
        path = connection.url.path
        by_itself = path == _EVENTS or self.by_itself(connection)
        actor = self.sessions.actor(connection.cookies, by_itself=by_itself, even_locked=path in _SHOWN_LOCKED)
        return access.viewer(self.node, actor)

    def sitting(self, connection: Connection) -> Sitting | None:
        """The session by which somebody looks; None for a signed request. Raises as `current_viewer`."""
        return None if "signature-input" in connection.headers else self.sessions.sitting(connection.cookies)

    def require_fresh(self, connection: Connection) -> None:
        """Raise NotAllowed for a session whose actor has not shown passkey or key lately. A signature is fresh."""
        sitting = self.sitting(connection)
        if sitting is not None and self.node.clock.now() >= sitting.fresh_until:
            raise NotAllowed(_EXPECTED_FRESH.format("passkey or a link"))

    def require_fresh_link(self, connection: Connection) -> None:
        """Raise NotAllowed unless the session began by the actor's own key, and lately: passkeys make no passkeys."""
        sitting = self.sessions.sitting(connection.cookies)
        if sitting.by != "link" or self.node.clock.now() >= sitting.fresh_until:
            raise NotAllowed(_EXPECTED_FRESH.format("link of safeconduct console"))

    def signer(self, connection: Connection, body: bytes) -> Viewer:
        """Who signed a request. A session is not enough for what changes something."""
        return access.viewer(self.node, self.check_actor(connection.scope, body))


def require_own_page(request: AnyRequest, address_of: Callable[[str], str]) -> str:
    """Our address under which the request came. Raises NotAllowed unless one of our own pages has made it.

    SameSite=Strict is not enough: for a cookie another port of this host is the same site.
    """
    own = address_of(request.headers.get("host", ""))
    origin = request.headers.get("origin", "")
    if origin != own:
        raise NotAllowed(f"expected a request of a page of {own}, got one of {origin[:80] or 'no page'}")
    return own


async def read_form(receive: Receive) -> dict[str, str]:
    """The fields of a page's form. Raises InputInvalid for something else, LimitExceeded as `read_body`."""
    body = await read_body(receive, FORM_BYTES_MAX)
    try:
        return dict(
            parse_qsl(body.decode("ascii"), keep_blank_values=True, max_num_fields=_FIELDS_MAX, errors="strict")
        )
    except ValueError:  # not ASCII, not UTF-8 inside, too many
        raise InputInvalid("expected the fields of a form, got something else") from None


async def read_body(receive: Receive, size_max: int) -> bytes:
    """The whole body. Raises LimitExceeded for one that is larger or slower than a bound, InputInvalid for a part."""
    body = bytearray()
    try:
        async with asyncio.timeout(BODY_SECONDS_MAX):
            while True:
                message = await receive()
                if message["type"] != "http.request":
                    raise InputInvalid(f"expected a whole body, got {len(body)} bytes of it and then no more")
                body += message.get("body", b"")
                if len(body) > size_max:
                    raise LimitExceeded(f"a body here has at most {size_max} bytes, got more")
                if not message.get("more_body", False):
                    return bytes(body)
    except TimeoutError:
        raise LimitExceeded(f"a body arrives within {BODY_SECONDS_MAX} s, got {len(body)} bytes until then") from None
