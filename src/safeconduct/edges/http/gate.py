"""Who asks: an actor's signed request, or a session's cookie. Every route goes through here, or says why not."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from litestar import Request
from litestar.connection import ASGIConnection

from safeconduct.edges.http.limits import BODY_SECONDS_MAX
from safeconduct.edges.http.sessions import Sessions
from safeconduct.errors import InputInvalid, LimitExceeded
from safeconduct.node import access
from safeconduct.node.access import Viewer
from safeconduct.node.node import Node

if TYPE_CHECKING:
    from litestar.types import Receive

Connection = ASGIConnection[Any, Any, Any, Any]
AnyRequest = Request[Any, Any, Any]


@dataclass(frozen=True, slots=True)
class Gate:
    """check_actor: which actor signed a request, from its ASGI scope and body; raises NotIdentified."""

    node: Node
    sessions: Sessions
    check_actor: Callable[[Mapping[str, Any], bytes], str]

    def current_viewer(self, connection: Connection) -> Viewer:
        """Who looks, by signature or by session. Raises NotIdentified, or NotAllowed once that actor is revoked.

        For requests that change nothing and have no body.
        """
        if "signature-input" in connection.headers:
            return self.signer(connection, b"")
        return access.viewer(self.node, self.sessions.actor(connection.cookies))

    def signer(self, connection: Connection, body: bytes) -> Viewer:
        """Who signed a request. A session is not enough for what changes something."""
        return access.viewer(self.node, self.check_actor(connection.scope, body))


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
