"""Bounds on request heads, byte by byte, on a real connection of loopback."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest
import uvicorn

from safeconduct.edges.http import BoundedHttp
from safeconduct.edges.http.limits import HEAD_BYTES_MAX

# Small enough to arrive with its head in one read, and longer than a head may be.
_BODY = b"x" * (HEAD_BYTES_MAX + 4096)


async def _app(scope: dict[str, object], receive: Callable[[], Awaitable[dict[str, object]]], send: object) -> None:
    """Answers with the number of body bytes that it got."""
    assert scope["type"] == "http"
    size, more = 0, True
    while more:
        message = await receive()
        size += len(message.get("body", b""))  # type: ignore[arg-type]  # bytes by the protocol
        more = bool(message.get("more_body"))
    answer = str(size).encode()
    headers = [(b"content-length", str(len(answer)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})  # type: ignore[operator]
    await send({"type": "http.response.body", "body": answer})  # type: ignore[operator]


async def _statuses(pieces: list[bytes], answers: int) -> list[bytes]:
    """What the server answers to bytes that arrive in these pieces: a status code for each answer."""
    config = uvicorn.Config(_app, http=BoundedHttp, lifespan="off", log_config=None)
    loop = asyncio.get_running_loop()
    state = uvicorn.Server(config)
    config.load()
    server = await loop.create_server(
        lambda: BoundedHttp(config=config, server_state=state.server_state, app_state={}), "127.0.0.1", 0
    )
    host, port = server.sockets[0].getsockname()
    reader, writer = await asyncio.open_connection(host, port)
    try:
        for piece in pieces:
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(0)
        found = []
        for _ in range(answers):
            head = await reader.readuntil(b"\r\n\r\n")
            length = next((int(h.split(b":")[1]) for h in head.split(b"\r\n") if h.startswith(b"content-length")), 0)
            await reader.readexactly(length)
            found.append(head.split(b" ")[1])
        return found
    finally:
        writer.close()
        server.close()


def _post(body: bytes) -> bytes:
    return b"POST / HTTP/1.1\r\nhost: x\r\ncontent-length: %d\r\n\r\n" % len(body) + body


@pytest.mark.parametrize(
    ("pieces", "statuses"),
    [
        ([_post(_BODY)], [b"200"]),
        ([_post(_BODY), _post(b"a")], [b"200", b"200"]),
        ([_post(_BODY)[:50], _post(_BODY)[50:]], [b"200"]),
        ([b"GET / HTTP/1.1\r\nhost: x\r\n\r\n"] * 40, [b"200"] * 40),
        ([b"GET / HTTP/1.1\r\nhost: x\r\nlong: " + b"y" * (HEAD_BYTES_MAX + 1)], [b"400"]),
    ],
    ids=["a large body in one piece", "then another request", "cut in the head", "many requests", "an endless head"],
)
def test_only_heads_are_bounded_here(pieces: list[bytes], statuses: list[bytes]) -> None:
    assert asyncio.run(_statuses(pieces, len(statuses))) == statuses
