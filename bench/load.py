"""A client that costs little: raw HTTP/1.1 over kept connections, requests written before the clock starts."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import cast

_ONE = "application/json"
_MANY = "application/x-ndjson"


def request(port: int, envelopes: Sequence[bytes]) -> bytes:
    """POST /v1/statements with one envelope, or with several, one a line."""
    body = b"\n".join(envelopes)
    head = (
        f"POST /v1/statements HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n"
        f"Content-Type: {_ONE if len(envelopes) == 1 else _MANY}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


@dataclass
class Answer:
    """What came back, and the machine's clock before the request went and after its answer was there."""

    status: int
    body: bytes
    sent: float
    got: float


@dataclass
class _Connection(asyncio.Protocol):
    """One request at a time; answers have a Content-Length."""

    _data: bytearray = field(default_factory=bytearray)
    _answer: asyncio.Future[tuple[int, bytes]] | None = None
    _transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)  # uvloop's is none by its class

    def data_received(self, data: bytes) -> None:
        self._data += data
        end = self._data.find(b"\r\n\r\n")
        if end < 0:
            return
        head = bytes(self._data[:end]).lower()
        length = int(head.partition(b"content-length:")[2].split(b"\r\n", 1)[0])
        if len(self._data) >= end + 4 + length and self._answer is not None:
            self._answer.set_result((int(head[9:12]), bytes(self._data[end + 4 :])))
            self._data.clear()

    def connection_lost(self, exc: Exception | None) -> None:
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(exc or ConnectionError("the node closed the connection"))

    async def ask(self, data: bytes) -> Answer:
        assert self._transport is not None
        self._answer = asyncio.get_running_loop().create_future()
        sent = time.perf_counter()
        self._transport.write(data)
        status, body = await self._answer
        return Answer(status, body, sent, time.perf_counter())

    def close(self) -> None:
        assert self._transport is not None
        self._transport.close()


async def _connect(port: int) -> _Connection:
    _, connection = await asyncio.get_running_loop().create_connection(_Connection, "127.0.0.1", port)
    return connection


async def side_by_side(port: int, work: Iterable[Sequence[bytes]], connections: int) -> list[Answer]:
    """Ask as fast as that many connections go; requests of one list go one after the other."""
    answers: list[Answer] = []
    queue = iter(work)

    async def client(queue: Iterator[Sequence[bytes]]) -> None:
        connection = await _connect(port)
        for requests in queue:
            for data in requests:
                answers.append(await connection.ask(data))  # noqa: PERF401, it waits for each
        connection.close()

    await asyncio.gather(*(client(queue) for _ in range(connections)))
    return answers


async def steadily(port: int, requests: Sequence[bytes], rate: float) -> list[Answer]:
    """Ask at a rate, each request when its time has come, whether or not those before are answered."""
    free: list[_Connection] = []
    begun = time.perf_counter()

    async def one(data: bytes) -> Answer:
        connection = free.pop() if free else await _connect(port)
        answer = await connection.ask(data)
        free.append(connection)
        return answer

    tasks = []
    for number, data in enumerate(requests):
        await asyncio.sleep(max(0.0, begun + number / rate - time.perf_counter()))
        tasks.append(asyncio.create_task(one(data)))
    answers = await asyncio.gather(*tasks)
    for connection in free:
        connection.close()
    return list(answers)
