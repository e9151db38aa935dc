"""What peers and other people's tools ask of this node: its log, the logs that it mirrors, its witness.

Paths and status codes are those of c2sp.org/tlog-tiles, tlog-witness and tlog-mirror; docs/spec/wire.md, sections 2
to 4.
"""

from __future__ import annotations

import asyncio
import gzip
import hashlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from litestar import MediaType, Request, Response, Router, get, post
from litestar.connection import ASGIConnection
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, SkipValidation

from safeconduct.core.log import NOTE_BYTES_MAX, REQUEST_BYTES_MAX, parse_entries_path, parse_tile_path
from safeconduct.edges.wire.limits import (
    BODY_SECONDS_MAX,
    CHECKPOINT_CACHE,
    FOR_EVER_CACHE,
    FOR_EVER_PRIVATE_CACHE,
    REASON_BYTES_MAX,
)
from safeconduct.edges.wire.signatures import NODE_TAG
from safeconduct.edges.wire.turnstile import Turnstile
from safeconduct.errors import (
    CheckFailed,
    InputInvalid,
    LimitExceeded,
    NotAllowed,
    NotFound,
    NotIdentified,
    Refused,
    SafeconductError,
    Unavailable,
)
from safeconduct.node import offering, queries, witness
from safeconduct.node.access import Viewer
from safeconduct.node.node import Node

Connection = ASGIConnection[Any, Any, Any, Any]

_TEXT = "text/plain; charset=utf-8"
_BINARY = "application/octet-stream"
# Packing harder costs five times the time for a fifth of the size.
_GZIP_LEVEL = 1
_RETRY_AFTER_SECONDS = "1"

# The nearest class counts.
_STATUS: Mapping[type[SafeconductError], int] = {
    InputInvalid: 400,
    NotIdentified: 401,
    NotAllowed: 403,
    NotFound: 404,
    Refused: 409,
    LimitExceeded: 413,
    CheckFailed: 422,
    Unavailable: 503,
}


@dataclass(frozen=True, slots=True)
class Federation:
    """What every route here needs.

    check_peer: which party's node signed a request, from its ASGI scope and body. current_viewer: which of our own
    people asks. Both raise NotIdentified or NotAllowed.
    """

    node: Node
    check_peer: Callable[[Mapping[str, Any], bytes], str]
    current_viewer: Callable[[Connection], Viewer]
    turnstile: Turnstile

    @contextmanager
    def anybody(self, request: Connection) -> Iterator[None]:
        """Serve whoever asks, within bounds."""
        client = request.scope["client"]
        with self.turnstile.turn(f"address {client[0] if client else 'unknown'}"):
            yield

    @contextmanager
    def peer(self, request: Connection, body: bytes = b"") -> Iterator[str]:
        """Serve a peer's node, within bounds."""
        with self.anybody(request):
            party = self.check_peer(request.scope, body)
            with self.turnstile.turn(party):
                yield party

    @contextmanager
    def reader(self, request: Connection) -> Iterator[Viewer | None]:
        """Serve a peer's node, or one of our own people, who is given; within bounds."""
        if NODE_TAG in request.headers.get("signature-input", ""):
            with self.peer(request):
                yield None
        else:
            with self.anybody(request):
                yield self.current_viewer(request)

    def mirrored(self, origin_hash: str) -> str:
        """The peer whose log has an origin with this hash. Raises NotFound."""
        for party, head in self.node.memory.heads.items():
            if party != self.node.party and hashlib.sha256(head.origin.encode()).hexdigest() == origin_hash:
                return party
        raise NotFound(f"no log with the origin hash {origin_hash[:64]!r} is mirrored here")


_Federation = NamedDependency[SkipValidation[Federation]]
_Request = Request[Any, Any, Any]


def federation_routes(federation: Federation) -> Router:
    """The routes, for the assembly to serve."""
    return Router(
        path="/",
        route_handlers=[
            own_checkpoint,
            own_tile,
            mirrored_checkpoint,
            mirrored_tile,
            add_checkpoint,
            witnessed_checkpoint,
            take_receipt,
            give_blob,
        ],
        dependencies={"federation": Provide(lambda: federation, sync_to_thread=False)},
        exception_handlers={SafeconductError: refuse},
        tags=["federation"],
    )


# --- logs -------------------------------------------------------------------------------------------------------------


@get("/log/checkpoint", media_type=MediaType.TEXT)
async def own_checkpoint(request: _Request, federation: _Federation) -> Response[bytes]:
    """This party's log: its latest signed checkpoint (c2sp.org/tlog-tiles)."""
    with federation.anybody(request):
        return _checkpoint(federation.node, federation.node.party)


@get("/log/tile/{rest:path}", media_type=_BINARY)
async def own_tile(request: _Request, federation: _Federation, rest: FromPath[str]) -> Response[bytes]:  # noqa: ARG001, see _below
    """This party's log: a hash tile, or an entry bundle for peers and auditors (c2sp.org/tlog-tiles)."""
    return await _tile(request, federation, federation.node.party, _below(request, 2))


@get("/mirror/{origin_hash:str}/checkpoint", media_type=MediaType.TEXT)
async def mirrored_checkpoint(
    request: _Request, federation: _Federation, origin_hash: FromPath[str]
) -> Response[bytes]:
    """A peer's log as stored here: its checkpoint with our mirror's cosignature (c2sp.org/tlog-mirror)."""
    with federation.anybody(request):
        return _checkpoint(federation.node, federation.mirrored(origin_hash))


@get("/mirror/{origin_hash:str}/tile/{rest:path}", media_type=_BINARY)
async def mirrored_tile(
    request: _Request,
    federation: _Federation,
    origin_hash: FromPath[str],
    rest: FromPath[str],  # noqa: ARG001, see _below
) -> Response[bytes]:
    """A peer's log as stored here: a hash tile, or an entry bundle for peers and auditors."""
    return await _tile(request, federation, federation.mirrored(origin_hash), _below(request, 3))


def _checkpoint(node: Node, party: str) -> Response[bytes]:
    return _answer(queries.checkpoint(node, party), _TEXT, CHECKPOINT_CACHE)


def _below(request: _Request, elements: int) -> str:
    """The path as it was sent, without its first elements.

    INVARIANT (one-path): not the decoded one, or a tile could be cached under as many names as it has ways to escape.
    """
    raw: bytes = request.scope["raw_path"]
    return raw.decode("latin-1").split("/", elements)[-1]


async def _tile(request: _Request, federation: Federation, party: str, path: str) -> Response[bytes]:
    node = federation.node
    if not path.startswith("tile/entries/"):
        with federation.anybody(request):
            level, n, width = parse_tile_path(path)
            return _answer(queries.tile(node, party, level, n, width), _BINARY, FOR_EVER_CACHE)
    with federation.reader(request) as viewer:
        n, width = parse_entries_path(path)
        if viewer is None:
            data = queries.bundle(node, party, n, width)
        else:
            data = queries.entry_bundle(node, viewer, party, n, width)
        headers = {"vary": "accept-encoding"}
        if "gzip" in request.headers.get("accept-encoding", ""):
            data = await asyncio.to_thread(gzip.compress, data, _GZIP_LEVEL, mtime=0)
            headers["content-encoding"] = "gzip"
        return _answer(data, _BINARY, FOR_EVER_PRIVATE_CACHE, headers)


# --- witness ----------------------------------------------------------------------------------------------------------


@post("/witness/add-checkpoint", status_code=200, media_type=MediaType.TEXT)
async def add_checkpoint(request: _Request, federation: _Federation) -> Response[bytes]:
    """Our witness: cosign the checkpoint of a peer's log (c2sp.org/tlog-witness). Also tells us to fetch it."""
    with federation.anybody(request):
        answer = await witness.witness(federation.node, await read_body(request, REQUEST_BYTES_MAX))
        return Response(answer.body, status_code=answer.status, headers={"content-type": answer.content_type})


@get("/witness/{origin_hash:str}/checkpoint", media_type=MediaType.TEXT)
async def witnessed_checkpoint(
    request: _Request, federation: _Federation, origin_hash: FromPath[str]
) -> Response[bytes]:
    """Our witness: the latest checkpoint of a log that it has cosigned."""
    with federation.anybody(request):
        note = queries.witnessed_checkpoint(federation.node, federation.mirrored(origin_hash))
        return _answer(note, _TEXT, CHECKPOINT_CACHE)


# --- between nodes ----------------------------------------------------------------------------------------------------


@post("/federation/v1/receipt", status_code=200, media_type=MediaType.TEXT)
async def take_receipt(request: _Request, federation: _Federation) -> Response[bytes]:
    """A peer's receipt: its mirror's cosignature of our checkpoint. Signed by the peer's node."""
    body = await read_body(request, NOTE_BYTES_MAX)
    with federation.peer(request, body) as party:
        await offering.take_receipt(federation.node, party, body)
        return _answer(b"", _TEXT, "no-store")


@get("/federation/v1/blob/{digest:str}", media_type=_BINARY)
async def give_blob(request: _Request, federation: _Federation, digest: FromPath[str]) -> Response[bytes]:
    """The text of an agreement by its digest. Signed by the peer's node."""
    with federation.peer(request):
        return _answer(queries.blob(federation.node, digest), _BINARY, FOR_EVER_PRIVATE_CACHE)


# --- bodies, answers, refusals ----------------------------------------------------------------------------------------


async def read_body(request: _Request, size_max: int) -> bytes:
    """The whole body. Raises LimitExceeded for one that is larger, or slower than a bound."""
    body = bytearray()
    try:
        async with asyncio.timeout(BODY_SECONDS_MAX):
            async for chunk in request.stream():
                body += chunk
                if len(body) > size_max:
                    raise LimitExceeded(f"a body for {request.url.path} has at most {size_max} bytes, got more")
    except TimeoutError:
        raise LimitExceeded(f"a body arrives within {BODY_SECONDS_MAX} s, got {len(body)} bytes until then") from None
    return bytes(body)


def _answer(data: bytes, content_type: str, cache: str, headers: Mapping[str, str] = {}) -> Response[bytes]:
    return Response(data, headers={"content-type": content_type, "cache-control": cache, **headers})


def refuse(request: Request[Any, Any, Any], error: SafeconductError) -> Response[bytes]:  # noqa: ARG001, as Litestar calls it
    """An error as status code and one line of text."""
    status = next(status for kind in type(error).__mro__ if (status := _STATUS.get(kind)) is not None)
    headers = {"content-type": _TEXT, "cache-control": "no-store"}
    if isinstance(error, Unavailable):
        headers["retry-after"] = _RETRY_AFTER_SECONDS
    return Response(f"{str(error)[:REASON_BYTES_MAX]}\n".encode(), status_code=status, headers=headers)
