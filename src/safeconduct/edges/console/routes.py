"""The console's addresses. The assembly mounts them and says who is looking; the pages ask the node."""

from __future__ import annotations

import asyncio
import gzip
import hashlib
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Any
from urllib.parse import urlencode

import msgspec
from litestar import Request, Response, get
from litestar.connection import ASGIConnection
from litestar.datastructures import Cookie
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from safeconduct.core.acts import Look
from safeconduct.edges.console.agreement import agreement
from safeconduct.edges.console.board import Cursor, board
from safeconduct.edges.console.entering import Door, confirm, sign_in, you
from safeconduct.edges.console.glass import glass
from safeconduct.edges.console.items import information
from safeconduct.edges.console.knowers import knowers
from safeconduct.edges.console.logs import logs
from safeconduct.edges.console.marks import sealed_marks
from safeconduct.edges.console.markup import Html, el, join
from safeconduct.edges.console.movement import movement
from safeconduct.edges.console.names import Names
from safeconduct.edges.console.page import RELOAD, Place, View, document, live_part, plain_document
from safeconduct.edges.console.reader import Reader, preferred
from safeconduct.edges.console.reasons import pack, why
from safeconduct.edges.console.words import LANGUAGES
from safeconduct.errors import (
    InputInvalid,
    LimitExceeded,
    NotAllowed,
    NotFound,
    NotIdentified,
    SafeconductError,
    Unavailable,
)
from safeconduct.node import queries
from safeconduct.node.access import Sitting, Viewer
from safeconduct.node.marks import is_told_of_marks
from safeconduct.node.node import Node
from safeconduct.node.queries import NodeHealth
from safeconduct.node.reasons import missing_reasons, require_looker

_Request = Request[Any, Any, Any]
CurrentViewer = Callable[[_Request], Viewer]
# A page for its reader; asked only once it is known who looks.
_Make = Callable[[Viewer, Reader], Awaitable[View]]

# The script asks with this header for the live part of a page alone; its value is not looked at.
PART_HEADER = "Safeconduct-Part"
# Until when the session is not locked if nobody does anything more, milliseconds.
LOCKS_HEADER = "Safeconduct-Locks"
# The instant on the node's clock at which an answer was made, milliseconds.
NOW_HEADER = "Safeconduct-Now"

# Working out the digest takes no more than this part of the time, however many look.
_DIGEST_SHARE_MAX = 0.05

_LANGUAGE_COOKIE = "language"
_YEAR_SECONDS = 365 * 86_400

# Nothing inline, nothing from elsewhere, no frame around us: what a statement's author writes cannot become code.
_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
_HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    # Nothing to anybody else; and not `no-referrer`, under which browsers do not say which page a form is of.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "geolocation=(), camera=(), microphone=()",
}
_PACKED: Mapping[str, str] = {"Content-Encoding": "gzip", "Vary": "Accept-Encoding"}
# Half a millisecond for a page; the highest level takes three times that to save another twentieth.
_GZIP_LEVEL = 6
_ASSET_TYPES: Mapping[str, str] = {
    "console.css": "text/css",
    "console.js": "text/javascript",
    "passkeys.js": "text/javascript",
    "icon.svg": "image/svg+xml",
}
_STATUS: tuple[tuple[type[SafeconductError], int], ...] = (
    (NotAllowed, 403),
    (NotFound, 404),
    (LimitExceeded, 413),
    (InputInvalid, 400),
    (Unavailable, 503),
)


def asks_by_itself(request: ASGIConnection[Any, Any, Any, Any]) -> bool:
    """Whether a page of ours asks without anybody: its script, or where there is none a page that reloads itself."""
    return PART_HEADER.lower() in request.headers or RELOAD in request.query_params


def console_routes(
    node: Node, current_viewer: CurrentViewer, door: Door, *, replay: bool = False
) -> list[HTTPRouteHandler]:
    """The handlers of every page and asset.

    current_viewer: who is looking, from the session; raises NotIdentified for nobody, NotAllowed for somebody revoked.
    door: how people enter. replay: what happens here is not happening now, and every page says so.
    """
    assets = _Assets()
    digest = _Digest(node)

    async def answer(request: _Request, make: _Make) -> Response[bytes]:
        return await _answer(_Console(node, current_viewer, door, assets, replay), request, make)

    async def answer_fresh(request: _Request, what: Look, movement_id: str, make: _Make) -> Response[bytes]:
        """For what is sensitive: asks whoever entered a while ago to do so again, and for a reason where one is due."""

        async def page(viewer: Viewer, reader: Reader) -> View:
            require_looker(node, viewer, what)
            sitting = door.sitting(request)
            if sitting is not None and reader.now >= sitting.fresh_until:
                return confirm(reader, by_passkey=door.takes_passkeys(request))
            if missing_reasons(node, viewer, what, [f"movement/{movement_id}"]):
                return why(node, viewer, reader, what, movement_id)
            return await make(viewer, reader)

        return await answer(request, page)

    @get("/", include_in_schema=False)
    async def board_page(request: _Request) -> Response[bytes]:
        async def page(viewer: Viewer, reader: Reader) -> View:
            return board(node, viewer, reader, Cursor.of(dict(request.query_params)))

        return await answer(request, page)

    @get("/movements/{movement_id:str}", include_in_schema=False)
    async def movement_page(request: _Request, movement_id: FromPath[str]) -> Response[bytes]:
        async def page(viewer: Viewer, reader: Reader) -> View:
            return movement(node, viewer, reader, movement_id)

        return await answer(request, page)

    @get("/knew/{movement_id:str}", include_in_schema=False)
    async def knew_page(request: _Request, movement_id: FromPath[str]) -> Response[bytes]:
        async def page(viewer: Viewer, reader: Reader) -> View:
            return knowers(node, viewer, reader, movement_id)

        return await answer_fresh(request, "knew", movement_id, page)

    @get("/packs/{movement_id:str}", include_in_schema=False)
    async def pack_page(request: _Request, movement_id: FromPath[str]) -> Response[bytes]:
        async def page(viewer: Viewer, reader: Reader) -> View:
            return pack(node, viewer, reader, movement_id)

        return await answer_fresh(request, "pack", movement_id, page)

    @get("/glass/{movement_id:str}", include_in_schema=False)
    async def glass_page(request: _Request, movement_id: FromPath[str]) -> Response[bytes]:
        async def page(viewer: Viewer, reader: Reader) -> View:
            return glass(node, viewer, reader, movement_id)

        return await answer(request, page)

    @get("/items", include_in_schema=False)
    async def items_page(request: _Request) -> Response[bytes]:
        async def page(viewer: Viewer, reader: Reader) -> View:
            return information(node, viewer, reader)

        return await answer(request, page)

    @get("/you", include_in_schema=False)
    async def you_page(request: _Request) -> Response[bytes]:
        async def page(viewer: Viewer, reader: Reader) -> View:
            return you(node, reader, viewer, door, request)

        return await answer(request, page)

    @get("/logs", include_in_schema=False)
    async def logs_page(request: _Request) -> Response[bytes]:
        async def page(viewer: Viewer, reader: Reader) -> View:
            return logs(node, viewer, reader, await digest.health())

        return await answer(request, page)

    @get("/marks", include_in_schema=False)
    async def marks_page(request: _Request) -> Response[bytes]:
        async def page(viewer: Viewer, reader: Reader) -> View:
            return sealed_marks(node, reader, viewer)

        return await answer(request, page)

    @get("/agreement", include_in_schema=False)
    async def agreement_page(request: _Request) -> Response[bytes]:
        async def page(_viewer: Viewer, reader: Reader) -> View:
            return agreement(node, reader)

        return await answer(request, page)

    @get("/console/{name:str}", include_in_schema=False)
    async def asset(request: _Request, name: FromPath[str]) -> Response[bytes]:
        return assets.response(request, name)

    return [
        *(board_page, movement_page, knew_page, pack_page, glass_page, items_page, you_page),
        *(logs_page, agreement_page, marks_page, asset),
    ]


class _Digest:
    """The digest of the record, worked out for everybody who looks and not again all the time.

    It reads every subject, which takes a second where there are many. An older one is as good to compare: it names
    the sizes that it is of.
    """

    def __init__(self, node: Node) -> None:
        self._node = node
        self._health: NodeHealth | None = None
        self._again_at = 0.0

    async def health(self) -> NodeHealth:
        clock = asyncio.get_running_loop().time
        # Between two writes, where sizes and digest belong together.
        async with self._node.writing:
            if self._health is None or clock() >= self._again_at:
                begun = clock()
                self._health = queries.health(self._node)
                self._again_at = clock() + (clock() - begun) / _DIGEST_SHARE_MAX
            return self._health


class _Assets:
    """The style, the script and the icon, each under an address that changes with its content."""

    def __init__(self) -> None:
        folder = resources.files("safeconduct.edges.console") / "assets"
        self._data = {name: (folder / name).read_bytes() for name in _ASSET_TYPES}
        self._packed = {name: gzip.compress(data) for name, data in self._data.items()}

    def address(self, name: str) -> str:
        return f"/console/{name}?v={hashlib.sha256(self._data[name]).hexdigest()[:12]}"

    def response(self, request: _Request, name: str) -> Response[bytes]:
        if name not in self._data:
            return Response(b"", status_code=404, headers=dict(_HEADERS))
        headers = {**_HEADERS, "Cache-Control": f"public, max-age={_YEAR_SECONDS}, immutable"}
        if _takes_gzip(request):
            return Response(self._packed[name], media_type=_ASSET_TYPES[name], headers={**headers, **_PACKED})
        return Response(self._data[name], media_type=_ASSET_TYPES[name], headers=headers)


@dataclass(frozen=True, slots=True)
class _Console:
    """What every page is made with."""

    node: Node
    current_viewer: CurrentViewer
    door: Door
    assets: _Assets
    replay: bool


async def _answer(console: _Console, request: _Request, make: _Make) -> Response[bytes]:
    node, assets, door = console.node, console.assets, console.door
    reader = Reader(_language(request), node.clock.now())
    place = Place(
        path=request.url.path,
        query=urlencode(
            [(name, value) for name, value in request.query_params.multi_items() if name not in ("lang", RELOAD)]
        ),
        style=assets.address("console.css"),
        script=assets.address("console.js"),
        passkeys=assets.address("passkeys.js"),
        icon=assets.address("icon.svg"),
    )
    try:
        viewer = console.current_viewer(request)
        sitting = door.sitting(request)
    except NotAllowed as error:
        by_passkey = isinstance(error, NotIdentified) and door.takes_passkeys(request)
        view = sign_in(reader, by_passkey=by_passkey) if isinstance(error, NotIdentified) else _failure(reader, error)
        return _respond(request, reader, plain_document(reader, place, view), view.status)
    try:
        view = await make(viewer, reader)
    except SafeconductError as error:
        view = _failure(reader, error, is_known=True)
    if view.status == 401:
        # Nothing on it is live, and a script that heard 401 again would take it away.
        return _respond(request, reader, plain_document(reader, place, view), view.status)
    live = live_part(node, viewer, reader, view, replay=console.replay)
    tag = hashlib.sha256(str(live).encode("utf-8")).hexdigest()[:20]
    if PART_HEADER.lower() in request.headers:
        # On a poor link nothing is sent twice.
        if view.status == 200 and request.headers.get("if-none-match") == f'"{tag}"':
            return Response(b"", status_code=304, headers=_headers(reader, tag, sitting))
        return _respond(request, reader, live, view.status, tag, sitting)
    party = Names(node, reader, node.terms()).party(node.party)
    place = msgspec.structs.replace(place, marks=is_told_of_marks(node, viewer))
    return _respond(request, reader, document(reader, viewer, sitting, place, live, tag, party, view), view.status)


def _respond(
    request: _Request, reader: Reader, page: Html, status: int, tag: str | None = None, sitting: Sitting | None = None
) -> Response[bytes]:
    headers = _headers(reader, tag, sitting)
    if status == 401:
        headers["WWW-Authenticate"] = "safeconduct-link"
    chosen = request.query_params.get("lang")
    cookies = [_language_cookie(chosen)] if chosen in LANGUAGES else []
    data = str(page).encode("utf-8")
    if _takes_gzip(request):
        # A page weighs a sixth then. Nobody can measure secrets by it: another site cannot ask with our cookie, which
        # is SameSite=Strict, and the page holds no token.
        data, headers = gzip.compress(data, _GZIP_LEVEL), {**headers, **_PACKED}
    return Response(data, status_code=status, media_type="text/html", headers=headers, cookies=cookies)


def _takes_gzip(request: _Request) -> bool:
    return "gzip" in request.headers.get("accept-encoding", "")


def _headers(reader: Reader, tag: str | None, sitting: Sitting | None = None) -> dict[str, str]:
    # A page tells where people will be: it stays in no cache.
    about = {"Cache-Control": "no-store", NOW_HEADER: str(reader.now)}
    if sitting is not None:
        about[LOCKS_HEADER] = str(sitting.locks)
    return {**_HEADERS, **about, "ETag": f'"{tag}"'} if tag is not None else {**_HEADERS, **about}


def _language(request: _Request) -> str:
    for language in (request.query_params.get("lang"), request.cookies.get(_LANGUAGE_COOKIE)):
        if language in LANGUAGES:
            return str(language)
    return preferred(request.headers.get("accept-language", ""))


def _language_cookie(language: str | None) -> Cookie:
    return Cookie(key=_LANGUAGE_COOKIE, value=language, max_age=_YEAR_SECONDS, samesite="lax", httponly=True)


def _failure(reader: Reader, error: SafeconductError, *, is_known: bool = False) -> View:
    """is_known: whether whoever asks has a session that holds."""
    status = next((status for kind, status in _STATUS if isinstance(error, kind)), 422)
    if status == 404:
        title, advice = reader.word("not_found"), el("p", reader.word("not_found_do"))
    elif is_known and status == 403:
        title, advice = reader.word("not_yours"), el("p", reader.word("not_yours_do"))
    else:
        title, advice = reader.word("failed"), None
    message = el("p", el("bdi", str(error), lang="en", dir="ltr"))
    links = el("p", el("a", reader.word("back"), href="/"), " · ", el("a", reader.word("logs"), href="/logs"))
    return View(
        title=title, body=el("section", join(el("h1", title), advice, message, links), class_="empty"), status=status
    )
