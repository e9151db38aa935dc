"""The server against connections that never come to the point."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from litestar import Litestar, Request, post

from safeconduct.edges.http import protocol as protocol_module
from safeconduct.edges.http.limits import HEAD_BYTES_MAX
from safeconduct.main import listen, serving

Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[bytes]]


@post("/", status_code=200)
async def size_of_body(request: Request[Any, Any, Any]) -> str:
    return str(len(await request.body()))


def talk(say: Talk) -> bytes:
    """What a connection hears from the server."""

    async def whole() -> bytes:
        listener = listen("127.0.0.1", 0)
        app = Litestar([size_of_body], openapi_config=None, logging_config=None)
        async with serving(app, listener):
            reader, writer = await asyncio.open_connection(*listener.getsockname())
            try:
                async with asyncio.timeout(20):
                    return await say(reader, writer)
            finally:
                writer.close()

    return asyncio.run(whole())


def sends(*pieces: bytes) -> Talk:
    async def say(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bytes:
        try:
            for piece in pieces:
                writer.write(piece)
                await writer.drain()
            return await reader.read()
        except ConnectionError:
            return b"closed"

    return say


CLOSE = b"host: x\r\nconnection: close\r\n"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("pieces", "begins"),
    [
        pytest.param((b"POST / HTTP/1.1\r\n" + CLOSE + b"content-length: 3\r\n\r\nabc",), b"HTTP/1.1 200", id="good"),
        pytest.param(
            (b"POST / HTTP/1.1\r\n" + CLOSE + b"content-length: 100000\r\n\r\n" + b"x" * 100_000,),
            b"HTTP/1.1 200",
            id="a-large-body-is-no-large-head",
        ),
        pytest.param(
            (
                b"POST / HTTP/1.1\r\n"
                + CLOSE
                + b"x: "
                + b"y" * (HEAD_BYTES_MAX // 2)
                + b"\r\ncontent-length: 0\r\n\r\n",
            ),
            b"HTTP/1.1 200",
            id="a-long-header",
        ),
        pytest.param((b"POST / HTTP/1.1\r\n", *[b"x: y\r\n" * 1_000] * 100), b"HTTP/1.1 400", id="endless-headers"),
        pytest.param((b"POST / HTTP/1.1\r\nx: ", *[b"y" * 4_096] * 100), b"HTTP/1.1 400", id="endless-header"),
        pytest.param((b"POST /", *[b"y" * 4_096] * 100), b"HTTP/1.1 400", id="endless-address"),
        pytest.param((b"\x16\x03\x01\x02\x00", b"\x01" * 512), b"HTTP/1.1 400", id="tls-to-a-plain-port"),
        pytest.param((b"garbage\r\n\r\n",), b"HTTP/1.1 400", id="garbage"),
    ],
)
def test_a_request_is_taken_whole_or_refused(pieces: tuple[bytes, ...], begins: bytes) -> None:
    """WIRE-34"""
    heard = talk(sends(*pieces))
    assert heard.startswith(begins) or (begins != b"HTTP/1.1 200" and heard in (b"", b"closed"))


@pytest.mark.slow
@pytest.mark.parametrize(
    "pieces", [(), (b"POST / HTTP/1.1\r\nhost:",), (b"POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 0\r\n\r\nPOST",)]
)
def test_a_head_that_does_not_come_to_an_end_ends_the_connection(
    pieces: tuple[bytes, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    """WIRE-34"""
    monkeypatch.setattr(protocol_module, "HEAD_SECONDS_MAX", 0.2)
    heard = talk(sends(*pieces))
    assert heard == b"" or heard.startswith(b"HTTP/1.1 200")
