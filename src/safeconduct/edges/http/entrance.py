"""Where a one-time link leads: it begins a session and goes on to the console."""

from __future__ import annotations

from collections.abc import Callable

from litestar import MediaType, Response, get
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromQuery

from safeconduct.edges.http.gate import AnyRequest
from safeconduct.edges.http.sessions import Sessions

# A redirect would not do: where another site or program opened the link, a browser does not yet send a SameSite=Strict
# cookie along with it. A page that moves on by itself is a visit of its own.
_PAGE = b"""\
<!doctype html><html lang="en"><meta charset="utf-8"><meta http-equiv="refresh" content="0; url=/">
<title>safeconduct</title><p><a href="/">safeconduct</a></p></html>
"""
_HEADERS = {
    "cache-control": "no-store",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
    "referrer-policy": "no-referrer",
}


def entrance(sessions: Sessions, address_of: Callable[[str], str]) -> HTTPRouteHandler:
    """GET /enter?code=…; address_of: under which of our URLs the browser asked, from the request's Host."""

    @get("/enter", media_type=MediaType.HTML, include_in_schema=False)
    async def enter(request: AnyRequest, code: FromQuery[str]) -> Response[bytes]:
        is_tls = address_of(request.headers.get("host", "")).startswith("https:")
        cookie = sessions.enter(code, secure=is_tls)
        return Response(_PAGE, media_type=MediaType.HTML, headers=_HEADERS, cookies=[cookie])

    return enter
