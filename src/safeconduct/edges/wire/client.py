"""The other parties' nodes over HTTP. Nothing that comes from there is believed, and nothing is read without end."""

from __future__ import annotations

import asyncio
import hashlib
import ssl
import zlib
from collections.abc import Callable
from dataclasses import dataclass

import httpx

from safeconduct.core.agreement import PartyTerms
from safeconduct.core.log import (
    HASH_BYTES,
    NOTE_BYTES_MAX,
    TILE_WIDTH,
    VerifierKey,
    decode_bundle,
    entries_path,
    split_hashes,
    tile_path,
)
from safeconduct.edges.wire.limits import (
    ANSWER_SECONDS_MAX,
    BUNDLE_BYTES_MAX,
    CONNECT_SECONDS_MAX,
    CONNECTIONS_MAX,
    IDLE_CONNECTION_SECONDS,
    REASON_BYTES_MAX,
    SILENCE_SECONDS_MAX,
)
from safeconduct.edges.wire.signatures import Signer
from safeconduct.errors import InputInvalid, LimitExceeded, Unavailable
from safeconduct.node.limits import BLOB_BYTES_MAX

_OK = 200
_NOT_FOUND = 404
_TOO_MANY = 429
_SERVER_ERRORS = 500

_HEADERS = {"accept-encoding": "gzip"}

# A witness refuses with these, and what its body says then matters.
_WITNESS_ANSWERS = (200, 400, 403, 404, 409, 422)


@dataclass(frozen=True, slots=True)
class _Answer:
    status: int
    body: bytes


class HttpPeers:
    """ports.Peers over HTTP.

    signer: with this node's own key. card_of: the card of any party, our own too; raises NotAllowed for a stranger.
    tls: whom to trust that a peer's address is the peer's; what the peer says is checked by its own keys anyway.
    transport: another way to travel than the network, for tests.
    """

    def __init__(
        self,
        signer: Signer,
        card_of: Callable[[str], PartyTerms],
        *,
        tls: ssl.SSLContext | bool = True,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self.signer = signer
        self._card_of = card_of
        self._client = httpx.AsyncClient(
            verify=tls,
            transport=transport,
            # The environment's proxies and credentials are nobody's decision here.
            trust_env=False,
            follow_redirects=False,
            timeout=httpx.Timeout(SILENCE_SECONDS_MAX, connect=CONNECT_SECONDS_MAX),
            limits=httpx.Limits(max_connections=CONNECTIONS_MAX, keepalive_expiry=IDLE_CONNECTION_SECONDS),
        )

    async def aclose(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    async def checkpoint(self, peer: str, log: str) -> bytes | None:
        """As ports.Peers."""
        answer = await self._ask(peer, "GET", f"{self._prefix(peer, log)}/checkpoint", NOTE_BYTES_MAX)
        if answer.status == _NOT_FOUND:
            return None
        return self._content(peer, "its checkpoint", answer)

    async def entries(self, peer: str, log: str, n: int, width: int) -> list[bytes]:
        """As ports.Peers."""
        prefix = self._prefix(peer, log)
        for asked in _widths(width):
            path = f"{prefix}/{entries_path(n, asked)}"
            answer = await self._ask(peer, "GET", path, BUNDLE_BYTES_MAX, signed=True)
            if answer.status == _NOT_FOUND and asked != TILE_WIDTH:
                continue
            return decode_bundle(self._content(peer, path, answer), asked)[:width]
        raise AssertionError("a full bundle is asked for last, and has been answered")

    async def tile(self, peer: str, log: str, level: int, n: int, width: int) -> bytes:
        """As ports.Peers."""
        prefix = self._prefix(peer, log)
        for asked in _widths(width):
            path = f"{prefix}/{tile_path(level, n, asked)}"
            answer = await self._ask(peer, "GET", path, TILE_WIDTH * HASH_BYTES)
            if answer.status == _NOT_FOUND and asked != TILE_WIDTH:
                continue
            return b"".join(split_hashes(self._content(peer, path, answer), asked)[:width])
        raise AssertionError("a full tile is asked for last, and has been answered")

    async def blob(self, peer: str, digest: str) -> bytes:
        """As ports.Peers."""
        path = f"/federation/v1/blob/{digest}"
        return self._content(peer, path, await self._ask(peer, "GET", path, BLOB_BYTES_MAX, signed=True))

    async def add_checkpoint(self, peer: str, body: bytes) -> tuple[int, bytes]:
        """As ports.Peers."""
        path = "/witness/add-checkpoint"
        answer = await self._ask(peer, "POST", path, NOTE_BYTES_MAX, body=body)
        if answer.status not in _WITNESS_ANSWERS:
            raise self._no_answer(peer, path, answer)
        return answer.status, answer.body

    async def give_receipt(self, peer: str, note: bytes) -> None:
        """As ports.Peers."""
        path = "/federation/v1/receipt"
        self._content(peer, path, await self._ask(peer, "POST", path, REASON_BYTES_MAX, body=note, signed=True))

    # --- how it asks --------------------------------------------------------------------------------------------------

    def _prefix(self, peer: str, log: str) -> str:
        if log == peer:
            return "/log"
        origin = VerifierKey.from_text(self._card_of(log).node.log).name
        return f"/mirror/{hashlib.sha256(origin.encode()).hexdigest()}"

    def _content(self, peer: str, what: str, answer: _Answer) -> bytes:
        """The body of a good answer. Raises Unavailable or InputInvalid for any other."""
        if answer.status != _OK:
            raise self._no_answer(peer, what, answer)
        return answer.body

    def _no_answer(self, peer: str, what: str, answer: _Answer) -> Unavailable | InputInvalid:
        came = f"status {answer.status}{_quoted(answer.body)}"
        if answer.status == _TOO_MANY or answer.status >= _SERVER_ERRORS:
            return Unavailable(f"{peer} cannot answer for {what} now: {came}")
        return InputInvalid(f"expected {what} of {peer}, got {came}")

    async def _ask(
        self, peer: str, method: str, path: str, size_max: int, *, body: bytes = b"", signed: bool = False
    ) -> _Answer:
        url = self._card_of(peer).node.url
        try:
            request = self._client.build_request(method, url + path, content=body or None, headers=_HEADERS)
            if body:
                request.headers["content-type"] = "text/plain; charset=utf-8"
            if signed:
                self.signer.sign(request)
            async with asyncio.timeout(ANSWER_SECONDS_MAX):
                return await self._answer(request, peer, path, size_max)
        except TimeoutError:
            raise Unavailable(f"{peer} has not finished its answer for {path} in {ANSWER_SECONDS_MAX:.0f} s") from None
        except httpx.HTTPError as error:
            raise Unavailable(f"{peer} cannot be reached for {path}: {_cause(error)}") from None
        except (httpx.InvalidURL, ValueError, ExceptionGroup) as error:
            # Ports above 65,535 and names that no resolver takes come up as these, from far below the client.
            raise InputInvalid(f"expected an address of {peer} in its card, got {url!r}: {error}") from None

    async def _answer(self, request: httpx.Request, peer: str, path: str, size_max: int) -> _Answer:
        response = await self._client.send(request, stream=True)
        try:
            good = response.status_code == _OK
            size = size_max if good else REASON_BYTES_MAX
            raw = bytearray()
            async for chunk in response.aiter_raw():
                raw += chunk
                if len(raw) > size:
                    if good:
                        raise LimitExceeded(f"an answer for {path} has at most {size} bytes, {peer} sends more")
                    break
            encoding = response.headers.get("content-encoding", "identity")
            if good:
                return _Answer(_OK, _unpacked(bytes(raw), encoding, size, peer, path))
            # Of a refusal the beginning is enough, if it can be read at all.
            return _Answer(response.status_code, bytes(raw[:size]) if encoding == "identity" else b"")
        finally:
            await response.aclose()


def _widths(width: int) -> tuple[int, ...]:
    """A log may have deleted a partial file once the full one is there (c2sp.org/tlog-tiles)."""
    return (width,) if width == TILE_WIDTH else (width, TILE_WIDTH)


def _unpacked(raw: bytes, encoding: str, size_max: int, peer: str, path: str) -> bytes:
    if encoding == "identity":
        return raw
    if encoding != "gzip":
        raise InputInvalid(f"expected an answer for {path} as it is or in gzip, {peer} sends {encoding[:40]!r}")
    unzip = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
    try:
        # Never more than the bound, however small the parcel: a megabyte of gzip may unfold to a gigabyte.
        data = unzip.decompress(raw, size_max + 1)
    except zlib.error as error:
        raise InputInvalid(
            f"expected an answer for {path} in gzip, {peer} sends what does not unfold: {error}"
        ) from None
    if len(data) > size_max:
        raise LimitExceeded(f"an answer for {path} has at most {size_max} bytes, {peer} sends more, packed")
    if not unzip.eof or unzip.unused_data:
        raise InputInvalid(f"expected one whole answer for {path} in gzip, {peer} sends a part of it or more")
    return data


def _quoted(body: bytes) -> str:
    text = body[:REASON_BYTES_MAX].decode(errors="replace")
    printable = "".join(c if c.isprintable() else " " for c in text).strip()
    return f", {printable!r}" if printable else ""


def _cause(error: httpx.HTTPError) -> str:
    return f"{type(error).__name__} {error}".strip()
