"""How the API describes itself (OpenAPI 3.1), at /schema. No page with other people's scripts."""

from __future__ import annotations

from typing import Any

from litestar import Request
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.openapi.spec import Components, SecurityScheme, Tag

from safeconduct.edges.http.statements import DESCRIPTION

_TEXT = """\
What people of this party ask of their node, and do there.

A request is signed by an actor's key after RFC 9421 (tag `safeconduct-api`, key id = actor id, covering `@method`,
`@target-uri` and, with a body, `content-digest`; created within a minute; with a nonce where it changes something), or
carries the cookie of a session. A session looks and changes nothing. `POST /v1/statements` needs neither: a statement
is signed itself.

Every answer that is not what was asked for has the body `{"error": {"code", "message", "where"}}`: 400 for what is not
as it must be, 401 for who has not proved who it is, 403 for who may not, 404 for what is not here, 409 for what the
record refuses, 413 for what is larger or slower than a bound, 422 for what is well-formed and not true, 503 for what
cannot be done now.
"""


class _WithStatements(JsonRenderPlugin):
    """Adds the one route that is too fast for the framework to know what it takes."""

    def render(self, request: Request[Any, Any, Any], openapi_schema: dict[str, Any]) -> bytes:
        paths = dict(sorted({**openapi_schema["paths"], "/v1/statements": DESCRIPTION}.items()))
        return super().render(request, {**openapi_schema, "paths": paths})


def description(party: str, version: str) -> OpenAPIConfig:
    """The description of one party's node."""
    return OpenAPIConfig(
        title=f"safeconduct, node of {party}",
        version=version,
        description=_TEXT,
        path="/schema",
        use_handler_docstrings=True,
        render_plugins=[_WithStatements(path=["/", "/openapi.json"])],
        tags=[
            Tag(name="do", description="what changes something"),
            Tag(name="ask", description="what only looks"),
            Tag(name="federation", description="what other parties' nodes and other people's tools ask"),
        ],
        components=Components(
            security_schemes={
                "signature": SecurityScheme(
                    type="http", scheme="signature", description="HTTP Message Signatures (RFC 9421), see above"
                ),
                "session": SecurityScheme(
                    type="apiKey",
                    security_scheme_in="cookie",
                    name=f"safeconduct-{party}",
                    description="begun with a one-time link from POST /v1/sessions",
                ),
            }
        ),
        security=[{"signature": []}, {"session": []}],
    )
