"""Where a one-time link leads: it begins a session and goes on to the console. And the way out."""

from __future__ import annotations

from collections.abc import Callable

from litestar import MediaType, Response, get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromQuery
from litestar.response import Redirect

from safeconduct.edges.http.gate import AnyRequest, Gate, read_form, require_own_page
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
        # A browser has one session: whoever enters anew leaves the one before.
        sessions.leave(request.cookies)
        return Response(_PAGE, media_type=MediaType.HTML, headers=_HEADERS, cookies=[cookie])

    return enter


def exits(gate: Gate, address_of: Callable[[str], str]) -> list[HTTPRouteHandler]:
    """POST /leave ends the session of this browser, POST /leave/other another one of the same actor."""

    @post("/leave", status_code=303, include_in_schema=False)
    async def leave(request: AnyRequest) -> Redirect:
        require_own_page(request, address_of)
        return Redirect("/", status_code=303, headers=_HEADERS, cookies=[gate.sessions.leave(request.cookies)])

    @post("/leave/other", status_code=303, include_in_schema=False)
    async def leave_other(request: AnyRequest) -> Redirect:
        require_own_page(request, address_of)
        form = await read_form(request.receive)
        gate.sessions.end(gate.sitter(request).actor, form.get("session", ""))
        return Redirect("/you", status_code=303, headers=_HEADERS)

    return [leave, leave_other]
