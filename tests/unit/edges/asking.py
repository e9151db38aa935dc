"""Two whole nodes whose web sides are asked without a network: what the tests of both edges stand on."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import httpx
from litestar import Litestar

from safeconduct.edges.http import Sessions
from safeconduct.edges.wire import ACTOR_TAG, NODE_TAG, Signer
from safeconduct.main import build_app
from safeconduct.node.node import Node
from safeconduct.testing import Federation, key, keys_of

OFFICER = "host/duty_officer"
AUTHORITY = "host/authority"


class Asking:
    """Asks the nodes of a federation by HTTP, as whoever one says."""

    def __init__(self, federation: Federation) -> None:
        self.federation = federation
        self.apps: dict[str, Litestar] = {}
        self.sessions: dict[str, Sessions] = {}
        self._nonces = itertools.count()
        for party in federation.links.nodes:
            self.reach(party, "http://127.0.0.1:8801")

    @property
    def host(self) -> Node:
        return self.federation.node("host")

    def reach(self, party: str, *urls: str) -> None:
        """Begin a node's web side anew, asked under these addresses too; the last one given for a host counts."""
        self.apps[party], self.sessions[party] = build_app(self.federation.node(party), list(urls))

    def signer(self, who: str) -> Signer:
        """An actor's by its id, a node's by its party."""
        now = self.federation.clock.now
        tag, its_key = (ACTOR_TAG, key(who)) if "/" in who else (NODE_TAG, keys_of(who).node)
        return Signer(who, its_key, tag, now, lambda: f"nonce {next(self._nonces)}")

    async def ask(
        self,
        method: str,
        path: str,
        *,
        by: str | None = None,
        at: str = "host",
        body: bytes = b"",
        headers: Mapping[str, str] | None = None,
        base: str | None = None,
        client: str = "127.0.0.1",
    ) -> httpx.Response:
        """by: whose signature the request bears. at: which node is asked. client: from which address."""
        transport = httpx.ASGITransport(app=self.apps[at], client=(client, 1))  # type: ignore[arg-type]  # Litestar has its own ASGI types
        async with httpx.AsyncClient(transport=transport, base_url=base or f"http://{at}.example") as asker:
            request = asker.build_request(method, path, content=body, headers=dict(headers or {}))
            if by is not None:
                self.signer(by).sign(request)
            return await asker.send(request)


def asking(scenario: Callable[[Asking], Awaitable[None]], *, agreed: bool = True) -> None:
    """Run a scenario on a federation of host and sending, whose agreement is in force."""

    async def whole() -> None:
        async with Federation() as federation:
            if agreed:
                await federation.agree()
            await scenario(Asking(federation))

    asyncio.run(whole())


def error_of(response: httpx.Response) -> tuple[int, Any]:
    """Status and code of a refusal of the API."""
    return response.status_code, response.json()["error"]["code"]
