"""The client against peers that are slow, broken, or mean harm: on this machine's own network."""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import itertools
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from safeconduct.core.agreement import PartyTerms
from safeconduct.core.log import NOTE_BYTES_MAX, encode_bundle
from safeconduct.edges.wire import client as client_module
from safeconduct.edges.wire.client import HttpPeers
from safeconduct.edges.wire.limits import BUNDLE_BYTES_MAX, REASON_BYTES_MAX
from safeconduct.edges.wire.signatures import NODE_TAG, Signer
from safeconduct.errors import InputInvalid, LimitExceeded, SafeconductError, TileInvalid, Unavailable
from safeconduct.node.limits import BLOB_BYTES_MAX
from safeconduct.testing import StepClock, card_of, keys_of

ENTRIES = [b"one", b"two", b"three"]
OK = b"HTTP/1.1 200 OK\r\n"

Answer = Callable[[bytes, asyncio.StreamWriter], Awaitable[None]]


def says(data: bytes, *headers: str, status: str = "200 OK", length: int | None = None) -> Answer:
    """A peer that gives this answer to whatever it is asked."""

    async def answer(request: bytes, out: asyncio.StreamWriter) -> None:
        head = [f"HTTP/1.1 {status}", f"content-length: {len(data) if length is None else length}", *headers]
        out.write("\r\n".join(head).encode() + b"\r\n\r\n" + data)

    return answer


def raw(data: bytes) -> Answer:
    async def answer(request: bytes, out: asyncio.StreamWriter) -> None:
        out.write(data)

    return answer


def endless(head: bytes, piece: bytes) -> Answer:
    """A peer that does not stop."""

    async def answer(request: bytes, out: asyncio.StreamWriter) -> None:
        out.write(head)
        while not out.is_closing():
            out.write(piece)
            await out.drain()

    return answer


async def half(request: bytes, out: asyncio.StreamWriter) -> None:
    """A peer that begins well."""
    out.write(OK + b"\r\nthe first")
    await asyncio.Event().wait()


async def silence(request: bytes, out: asyncio.StreamWriter) -> None:
    """A peer that takes a request and says nothing."""
    await asyncio.Event().wait()


def by_path(answers: dict[str, Answer]) -> Answer:
    async def answer(request: bytes, out: asyncio.StreamWriter) -> None:
        path = request.split(b" ")[1].decode()
        await answers.get(path, says(b"no such file\n", status="404 Not Found"))(request, out)

    return answer


@asynccontextmanager
async def peer(answer: Answer, asked: list[bytes] | None = None) -> AsyncIterator[HttpPeers]:
    """A client whose peer `host` answers so."""

    async def serve(reader: asyncio.StreamReader, out: asyncio.StreamWriter) -> None:
        try:
            request = await reader.readuntil(b"\r\n\r\n")
            length = re.search(rb"content-length: (\d+)", request.lower())
            request += await reader.readexactly(int(length[1])) if length else b""
            if asked is not None:
                asked.append(request)
            await answer(request, out)
            await out.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            out.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]

        def card(party: str) -> PartyTerms:
            return card_of(party, f"http://127.0.0.1:{port}" if party == "host" else "")

        nonces = itertools.count()
        signer = Signer("sending", keys_of("sending").node, NODE_TAG, StepClock().now, lambda: str(next(nonces)))
        peers = HttpPeers(signer, card)
        try:
            yield peers
        finally:
            await peers.aclose()


def asks(answer: Answer, question: Callable[[HttpPeers], Awaitable[object]]) -> object:
    async def whole() -> object:
        async with peer(answer) as peers:
            return await question(peers)

    return asyncio.run(whole())


def checkpoint(peers: HttpPeers) -> Awaitable[object]:
    return peers.checkpoint("host", "host")


def entries(peers: HttpPeers) -> Awaitable[object]:
    return peers.entries("host", "host", 0, 3)


def tile(peers: HttpPeers) -> Awaitable[object]:
    return peers.tile("host", "host", 0, 0, 3)


def blob(peers: HttpPeers) -> Awaitable[object]:
    return peers.blob("host", "ab" * 32)


def witness(peers: HttpPeers) -> Awaitable[object]:
    return peers.add_checkpoint("host", b"old 0\n")


def receipt(peers: HttpPeers) -> Awaitable[object]:
    return peers.give_receipt("host", b"a note")


QUESTIONS = [checkpoint, entries, tile, blob, witness, receipt]
BUNDLE = encode_bundle(ENTRIES)


@pytest.mark.parametrize(
    ("question", "answer", "expected"),
    [
        pytest.param(checkpoint, says(b"a note\n"), b"a note\n", id="checkpoint"),
        pytest.param(checkpoint, says(b"", status="404 Not Found"), None, id="no-checkpoint-yet"),
        pytest.param(entries, says(BUNDLE), ENTRIES, id="entries"),
        pytest.param(entries, says(gzip.compress(BUNDLE), "content-encoding: gzip"), ENTRIES, id="entries-packed"),
        pytest.param(tile, says(b"h" * 96), b"h" * 96, id="tile"),
        pytest.param(blob, says(b"text"), b"text", id="blob"),
        pytest.param(witness, says(b"line\n"), (200, b"line\n"), id="witness"),
        pytest.param(witness, says(b"7\n", status="409 Conflict"), (409, b"7\n"), id="witness-is-further"),
        pytest.param(witness, says(b"no\n", status="422 X"), (422, b"no\n"), id="witness-declines"),
        pytest.param(receipt, says(b""), None, id="receipt"),
    ],
)
def test_a_good_answer_is_what_was_asked_for(
    question: Callable[[HttpPeers], Awaitable[object]], answer: Answer, expected: object
) -> None:
    """WIRE-10, WIRE-14, WIRE-20, WIRE-30, WIRE-31"""
    assert asks(answer, question) == expected


@pytest.mark.parametrize(
    ("question", "answer", "error", "says_"),
    [
        (entries, says(b""), TileInvalid, "bundle"),
        (entries, says(b"\x00\x03on"), TileInvalid, "bundle"),
        (entries, says(encode_bundle([*ENTRIES, b"four"])), TileInvalid, "bundle of 3 entries"),
        (entries, says(encode_bundle(ENTRIES[:2])), TileInvalid, "bundle"),
        (entries, says(b"", status="404 X"), InputInvalid, "expected /log/tile/entries/000 of host, got status 404"),
        (entries, says(b"who?\n", status="401 X"), InputInvalid, "got status 401, 'who?'"),
        (entries, says(b"\x1b[2Jhi\n", status="403 X"), InputInvalid, "got status 403, '[2Jhi'"),
        (entries, says(b"busy", status="503 X"), Unavailable, "cannot answer for /log/tile/entries/000.p/3 now"),
        (entries, says(b"", status="500 X"), Unavailable, "status 500"),
        (entries, says(b"", status="429 X"), Unavailable, "status 429"),
        (entries, says(b"", "location: http://127.0.0.1:1/", status="302 X"), InputInvalid, "status 302"),
        (entries, says(b"x", "content-encoding: br"), InputInvalid, "sends 'br'"),
        (entries, says(b"no gzip", "content-encoding: gzip"), InputInvalid, "does not unfold"),
        (entries, says(gzip.compress(BUNDLE)[:-9], "content-encoding: gzip"), InputInvalid, "one whole answer"),
        (entries, says(gzip.compress(BUNDLE) + b"x", "content-encoding: gzip"), InputInvalid, "one whole answer"),
        (tile, says(b"h" * 95), TileInvalid, "96 bytes, got 95"),
        (tile, says(b"h" * 128), TileInvalid, "96 bytes, got 128"),
        (tile, says(b"h" * 8_193), LimitExceeded, "at most 8192 bytes, host sends more"),
        (checkpoint, says(b"x" * (NOTE_BYTES_MAX + 1)), LimitExceeded, "host sends more"),
        (blob, says(b"x" * (BLOB_BYTES_MAX + 1)), LimitExceeded, "host sends more"),
        (receipt, says(b"no\n", status="422 X"), InputInvalid, "got status 422, 'no'"),
        (witness, says(b"", status="302 X"), InputInvalid, "status 302"),
        (witness, says(b"x", status="500 X"), Unavailable, "status 500, 'x'"),
        (checkpoint, raw(b""), Unavailable, "cannot be reached for /log/checkpoint"),
        (checkpoint, raw(b"garbage\r\n\r\n"), Unavailable, "cannot be reached for /log/checkpoint"),
        (checkpoint, raw(OK + b"content-length: -5\r\n\r\n"), Unavailable, "cannot be reached"),
        (checkpoint, raw(OK + b"transfer-encoding: chunked\r\n\r\nzz\r\n"), Unavailable, "cannot be reached"),
        (checkpoint, says(b"part", length=100), Unavailable, "cannot be reached"),
    ],
)
def test_any_other_answer_is_an_error_with_peer_path_and_what_came(
    question: Callable[[HttpPeers], Awaitable[object]], answer: Answer, error: type[SafeconductError], says_: str
) -> None:
    """WIRE-40 to WIRE-42, WIRE-44"""
    with pytest.raises(error, match=re.escape(says_)):
        asks(answer, question)


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(
            endless(OK + b"transfer-encoding: chunked\r\n\r\n", b"10000\r\n" + b"x" * 65_536 + b"\r\n"), id="body"
        ),
        pytest.param(endless(OK + b"\r\n", b"x" * 65_536), id="body-until-closed"),
        pytest.param(endless(OK, b"x: " + b"y" * 65_536 + b"\r\n"), id="headers"),
        pytest.param(endless(OK + b"x: ", b"y" * 65_536), id="header"),
        pytest.param(endless(b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 1_000), id="informational"),
        pytest.param(endless(OK + b"transfer-encoding: chunked\r\n\r\n", b"0" * 65_536), id="chunk-length"),
    ],
)
@pytest.mark.slow
def test_no_answer_goes_on_for_ever(
    question: Callable[[HttpPeers], Awaitable[object]], answer: Answer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """WIRE-41"""
    monkeypatch.setattr(client_module, "ANSWER_SECONDS_MAX", 0.5)
    with pytest.raises((Unavailable, LimitExceeded)):
        asks(answer, question)


@pytest.mark.slow
@pytest.mark.parametrize("answer", [silence, half], ids=["says-nothing", "says-nothing-more"])
def test_no_peer_is_waited_for_without_end(answer: Answer, monkeypatch: pytest.MonkeyPatch) -> None:
    """WIRE-41"""
    monkeypatch.setattr(client_module, "ANSWER_SECONDS_MAX", 0.2)
    with pytest.raises(Unavailable, match="host has not finished its answer for /log/checkpoint in"):
        asks(answer, checkpoint)


def test_a_small_parcel_cannot_unfold_into_a_large_one() -> None:
    """WIRE-41: 17 MiB of zeroes are 17 KiB of gzip."""
    parcel = gzip.compress(bytes(BUNDLE_BYTES_MAX + 1))
    with pytest.raises(LimitExceeded, match="host sends more, packed"):
        asks(says(parcel, "content-encoding: gzip"), entries)


def test_of_a_refusal_only_the_beginning_is_read() -> None:
    """WIRE-41"""
    with pytest.raises(InputInvalid) as caught:
        asks(says(b"n" * 100_000, status="400 X"), entries)
    assert len(str(caught.value)) < 2 * REASON_BYTES_MAX


def test_a_partial_file_that_is_gone_is_taken_from_the_full_one() -> None:
    """WIRE-43"""
    full = encode_bundle([b"%d" % number for number in range(256)])
    answer = by_path({"/log/tile/entries/000": says(full), "/log/tile/0/000": says(b"h" * 8_192)})

    async def both(peers: HttpPeers) -> object:
        return await entries(peers), await tile(peers)

    assert asks(answer, both) == ([b"0", b"1", b"2"], b"h" * 96)


def test_a_mirrored_log_is_asked_for_under_the_hash_of_its_origin() -> None:
    """WIRE-10"""
    origin_hash = hashlib.sha256(b"sending.example/log").hexdigest()
    answer = by_path({f"/mirror/{origin_hash}/checkpoint": says(b"a note\n")})
    assert asks(answer, lambda peers: peers.checkpoint("host", "sending")) == b"a note\n"


def test_nobody_listening_is_an_error_with_a_reason() -> None:
    """WIRE-40"""

    async def ask() -> None:
        async with peer(says(b"")) as peers:
            pass
        signer = peers.signer
        gone = HttpPeers(signer, lambda party: card_of(party, "http://127.0.0.1:1"))
        try:
            await gone.checkpoint("host", "host")
        finally:
            await gone.aclose()

    with pytest.raises(Unavailable, match="host cannot be reached for /log/checkpoint: ConnectError"):
        asyncio.run(ask())


@pytest.mark.parametrize(
    "url",
    [
        "http://[",
        "http://a:b",
        "http://127.0.0.1:99999999",
        "http://\x7f",
        "http://[::1",
        "http://" + "a" * 64 + ".localhost:1",
        "http://.",
        "http://a..b:1",
        "http://xn--a:1",
    ],
)
def test_a_card_with_an_address_that_is_none_is_an_error_not_an_end(url: str) -> None:
    """WIRE-40"""
    card = card_of("host")
    odd = msgspec.structs.replace(card, node=msgspec.structs.replace(card.node, url=url))
    signer = Signer("sending", keys_of("sending").node, NODE_TAG, StepClock().now, lambda: "n")

    async def ask() -> None:
        peers = HttpPeers(signer, lambda _: odd)
        try:
            await peers.checkpoint("host", "host")
        finally:
            await peers.aclose()

    with pytest.raises((InputInvalid, Unavailable)):
        asyncio.run(ask())


def test_entries_texts_and_receipts_are_asked_for_by_signature_and_the_rest_without() -> None:
    """WIRE-11, WIRE-30, WIRE-31: what everybody may see needs no identity, so none is given away."""
    asked: list[bytes] = []

    async def all_of_them() -> None:
        async with peer(says(b"h" * 96), asked) as peers:
            for question in QUESTIONS:
                try:
                    await question(peers)
                except SafeconductError:
                    pass

    asyncio.run(all_of_them())
    signed = [f'tag="{NODE_TAG}"'.encode() in request for request in asked]
    assert signed == [question in (entries, blob, receipt) for question in QUESTIONS]


@settings(max_examples=40)
@given(st.binary(max_size=300), st.sampled_from(QUESTIONS))
def test_no_bytes_raise_anything_but_our_own_errors(
    garbage: bytes, question: Callable[[HttpPeers], Awaitable[object]]
) -> None:
    """WIRE-40"""
    head = OK + b"content-length: %d\r\ncontent-encoding: gzip\r\n\r\n" % len(garbage)
    for answer in (raw(garbage), raw(OK + garbage), raw(head + garbage), says(garbage)):
        try:
            assert asks(answer, question) is not ...
        except SafeconductError as error:
            assert str(error)  # noqa: PT017, any of our errors will do
