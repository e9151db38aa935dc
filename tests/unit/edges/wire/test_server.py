"""What peers, and other people's tools, ask of a node: answers byte by byte, and every refusal."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import pytest
from litestar import Litestar

from safeconduct.core.acts import SiteRegistered
from safeconduct.core.log import (
    AddCheckpoint,
    consistency_proof,
    decode_bundle,
    open_checkpoint,
    parse_note,
    sign_checkpoint,
    split_hashes,
)
from safeconduct.edges.wire import Federation, Turnstile, federation_routes
from safeconduct.edges.wire.limits import REQUESTS_BURST_MAX
from safeconduct.node import queries, sync
from safeconduct.node.access import viewer
from safeconduct.testing import keys_of
from tests.unit.edges.asking import AUTHORITY, OFFICER, Asking, asking

SITE = SiteRegistered(name="Gate", district="malir", latitude_e7=0, longitude_e7=0)


def hash_of(party: str) -> str:
    return hashlib.sha256(f"{party}.example/log".encode()).hexdigest()


def test_a_log_is_where_other_peoples_tools_look_for_it() -> None:
    """WIRE-10, WIRE-13"""

    async def scenario(a: Asking) -> None:
        note = await a.ask("GET", "/log/checkpoint")
        head = a.host.memory.heads["host"]
        signed = open_checkpoint(note.content, head.log_key)
        tile = await a.ask("GET", f"/log/tile/0/000.p/{signed.size}")
        leaves = a.host.store.leaves("host", 0, signed.size)
        assert (split_hashes(tile.content, signed.size), tile.headers["cache-control"]) == (
            split_hashes(leaves, signed.size),
            "public, max-age=31536000, immutable",
        )
        assert (note.headers["content-type"], note.headers["cache-control"]) == (
            "text/plain; charset=utf-8",
            "public, max-age=2",
        )

    asking(scenario)


def test_a_mirrored_log_is_shown_under_the_hash_of_its_origin_with_our_cosignature() -> None:
    """WIRE-10, WIRE-15"""

    async def scenario(a: Asking) -> None:
        note = await a.ask("GET", f"/mirror/{hash_of('sending')}/checkpoint")
        heads = a.host.memory.heads
        signed = open_checkpoint(note.content, heads["sending"].log_key, [heads["host"].mirror_key])
        tile = await a.ask("GET", f"/mirror/{hash_of('sending')}/tile/0/000.p/{signed.size}")
        assert (len(signed.cosignatures), tile.content) == (1, a.host.store.leaves("sending", 0, signed.size))

    asking(scenario)


@pytest.mark.parametrize(
    ("by", "status"),
    [
        (None, 401),
        ("sending", 200),
        ("third", 401),
        (OFFICER, 403),
        (AUTHORITY, 200),
        ("sending/journey_manager", 401),
    ],
)
@pytest.mark.parametrize("party", ["host", "sending"])
def test_entries_are_shown_to_peers_and_to_our_own_auditors(party: str, by: str | None, status: int) -> None:
    """WIRE-7, WIRE-11, SIGHT-13: a stranger gets none, nor does somebody of the other side who is not its node."""

    async def scenario(a: Asking) -> None:
        prefix = "/log" if party == "host" else f"/mirror/{hash_of(party)}"
        answer = await a.ask("GET", f"{prefix}/tile/entries/000.p/4", by=by)
        shown = decode_bundle(answer.content, 4) if answer.status_code == 200 else []
        assert (answer.status_code, shown) == (
            status,
            [row.entry for row in a.host.store.rows(party, 0, 4)] if status == 200 else [],
        )

    asking(scenario)


@pytest.mark.parametrize(("accepted", "encoding"), [("gzip, br", "gzip"), ("br", None), ("", None)])
def test_a_bundle_is_packed_for_who_can_unpack(accepted: str, encoding: str | None) -> None:
    """WIRE-13, WIRE-14"""

    async def scenario(a: Asking) -> None:
        answer = await a.ask("GET", "/log/tile/entries/000.p/4", by="sending", headers={"accept-encoding": accepted})
        headers = answer.headers
        assert (headers.get("content-encoding"), headers["vary"], headers["cache-control"]) == (
            encoding,
            "accept-encoding",
            "private, max-age=31536000, immutable",
        )
        assert len(decode_bundle(answer.content, 4)) == 4

    asking(scenario)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/log/tile/0/000.p/4", 200),
        ("/log/tile/0/000.p/5", 404),
        ("/log/tile/0/000", 404),
        ("/log/tile/0/001.p/1", 404),
        ("/log/tile/1/000.p/1", 404),
        ("/log/tile/0/000.p/0", 400),
        ("/log/tile/0/000.p/256", 400),
        ("/log/tile/0/000.p/04", 400),
        ("/log/tile/00/000.p/4", 400),
        ("/log/tile/0/0.p/4", 400),
        ("/log/tile/0/x000/000.p/4", 400),
        ("/log/tile/0/000.p/4/", 400),
        ("/log/tile/0/%30%30%30.p/4", 400),
        ("/log/tile/%30/000.p/4", 400),
        ("/log//tile/0/000.p/4", 400),
        ("/log/tile/-1/000.p/4", 400),
        ("/log/tile/64/000.p/4", 400),
        ("/log/tile/0/" + "x999/" * 7 + "999", 400),
        ("/log/tile/entries/000.p/4", 401),
        ("/mirror/" + "0" * 64 + "/checkpoint", 404),
        ("/mirror/" + "0" * 64 + "/tile/0/000.p/4", 404),
        ("/mirror/x/checkpoint", 404),
        ("/witness/" + "0" * 64 + "/checkpoint", 404),
    ],
)
def test_a_tile_has_one_path_and_only_what_the_log_has_is_there(path: str, status: int) -> None:
    """WIRE-12"""

    async def scenario(a: Asking) -> None:
        assert (await a.ask("GET", path)).status_code == status

    asking(scenario)


def test_a_refused_bundle_is_a_bundle_that_the_log_has_not() -> None:
    """WIRE-12"""

    async def scenario(a: Asking) -> None:
        paths = ["000.p/5", "000", "001.p/1", "000.p/4/x"]
        answers = [(await a.ask("GET", f"/log/tile/entries/{path}", by="sending")).status_code for path in paths]
        assert answers == [404, 404, 404, 400]

    asking(scenario)


def test_our_own_log_is_not_mirrored_by_us() -> None:
    """WIRE-10"""

    async def scenario(a: Asking) -> None:
        assert (await a.ask("GET", f"/mirror/{hash_of('host')}/checkpoint")).status_code == 404

    asking(scenario)


# --- witness ----------------------------------------------------------------------------------------------------------


async def request_of(a: Asking, old: int, extra: Sequence[bytes] = ()) -> bytes:
    """What the sending side's node asks of our witness about its log."""
    node = a.federation.node("sending")
    ours = node.signed_checkpoint("sending")
    assert ours is not None
    proof = consistency_proof(old, ours.size, lambda level, n, width: queries.tile(node, "sending", level, n, width))
    return AddCheckpoint(old, (*proof, *extra), ours.note).encode()


@pytest.mark.parametrize(
    ("old", "extra", "status", "content_type"),
    [
        (4, (), 200, "text/plain; charset=utf-8"),
        (0, (), 409, "text/x.tlog.size"),
        (4, (b"\0" * 32,), 422, "text/plain; charset=utf-8"),
    ],
)
def test_the_witness_answers_as_its_specification_says(
    old: int, extra: tuple[bytes, ...], status: int, content_type: str
) -> None:
    """WIRE-20"""

    async def scenario(a: Asking) -> None:
        answer = await a.ask("POST", "/witness/add-checkpoint", body=await request_of(a, old, extra))
        assert (answer.status_code, answer.headers["content-type"]) == (status, content_type)

    asking(scenario)


@pytest.mark.parametrize(
    ("body", "status"),
    [(b"", 400), (b"old x\n\n", 400), (b"\xff" * 100, 400), (b"old 0\n" + b"a" * 2_000_000, 413)],
)
def test_the_witness_refuses_what_is_no_request(body: bytes, status: int) -> None:
    """WIRE-20, WIRE-33"""

    async def scenario(a: Asking) -> None:
        assert (await a.ask("POST", "/witness/add-checkpoint", body=body)).status_code == status

    asking(scenario)


def test_the_latest_cosigned_checkpoint_can_be_looked_up() -> None:
    """WIRE-21"""

    async def scenario(a: Asking) -> None:
        note = await a.ask("GET", f"/witness/{hash_of('sending')}/checkpoint")
        heads = a.host.memory.heads
        signed = open_checkpoint(note.content, heads["sending"].log_key, [heads["host"].witness_key])
        assert (signed.size, len(signed.cosignatures)) == (4, 1)

    asking(scenario)


def test_before_the_first_there_is_none() -> None:
    """WIRE-21"""

    async def scenario(a: Asking) -> None:
        paths = [f"/witness/{hash_of('sending')}/checkpoint", f"/mirror/{hash_of('sending')}/checkpoint"]
        answers = [(await a.ask("GET", path)).status_code for path in [*paths, "/log/checkpoint"]]
        assert answers == [404, 404, 404]

    asking(scenario, agreed=False)


def test_two_histories_shown_to_the_witness_are_evidence() -> None:
    """WIRE-20: signed by the log's own key, so it convicts itself."""

    async def scenario(a: Asking) -> None:
        other = sign_checkpoint("sending.example/log", 4, b"\7" * 32, keys_of("sending").log)
        body = AddCheckpoint(4, (), other.note).encode()
        answer = await a.ask("POST", "/witness/add-checkpoint", body=body)
        assert (answer.status_code, len(a.host.store.evidence()), a.host.statuses["sending"].forked) == (422, 1, True)

    asking(scenario)


# --- between nodes ----------------------------------------------------------------------------------------------------


async def receipt_of(a: Asking) -> bytes:
    """What the sending side's node hands over once it has stored our log."""
    await a.federation.say(OFFICER, "site/gate", SITE)
    handed: list[bytes] = []

    async def keep(peer: str, note: bytes) -> None:
        handed.append(note)

    node = a.federation.node("sending")
    node.peers.give_receipt = keep  # type: ignore[method-assign]
    await sync.visit(node, "host")
    return handed[0]


def test_a_receipt_is_taken_from_the_peer_that_gives_it() -> None:
    """WIRE-30"""

    async def scenario(a: Asking) -> None:
        note = await receipt_of(a)
        answer = await a.ask("POST", "/federation/v1/receipt", by="sending", body=note)
        given = a.host.store.cosignature("host", "sending", "mirror")
        assert (answer.status_code, given.note if given else None) == (200, note)

    asking(scenario)


@pytest.mark.parametrize(
    ("by", "body", "status"),
    [
        (None, None, 401),
        ("host", None, 401),
        ("third", None, 401),
        (OFFICER, None, 401),
        ("sending", b"", 400),
        ("sending", b"no note\n", 400),
        ("sending", b"x" * 2_000_000, 413),
    ],
)
def test_a_receipt_of_any_other_kind_is_refused(by: str | None, body: bytes | None, status: int) -> None:
    """WIRE-3, WIRE-7, WIRE-30, WIRE-33"""

    async def scenario(a: Asking) -> None:
        note = await receipt_of(a) if body is None else body
        before = a.host.store.cosignature("host", "sending", "mirror")
        answer = await a.ask("POST", "/federation/v1/receipt", by=by, body=note)
        assert (answer.status_code, a.host.store.cosignature("host", "sending", "mirror")) == (status, before)

    asking(scenario)


def test_a_checkpoint_without_the_mirrors_cosignature_is_no_receipt() -> None:
    """WIRE-30"""

    async def scenario(a: Asking) -> None:
        note = parse_note(await receipt_of(a))
        bare = type(note)(note.text, note.signatures[:1]).encode()
        assert (await a.ask("POST", "/federation/v1/receipt", by="sending", body=bare)).status_code == 400

    asking(scenario)


def test_the_same_receipt_request_is_not_heard_twice() -> None:
    """WIRE-6"""

    async def scenario(a: Asking) -> None:
        note = await receipt_of(a)
        url = "http://host.example/federation/v1/receipt"
        headers = a.signer("sending").headers("POST", url, note)
        answers = [await a.ask("POST", "/federation/v1/receipt", body=note, headers=headers) for _ in range(2)]
        assert [answer.status_code for answer in answers] == [200, 401]

    asking(scenario)


@pytest.mark.parametrize(
    ("by", "digest", "status"),
    [
        ("sending", None, 200),
        (None, None, 401),
        (OFFICER, None, 401),
        ("sending", "0" * 64, 404),
        ("sending", "x", 404),
    ],
)
def test_a_text_is_given_to_peers_by_its_digest(by: str | None, digest: str | None, status: int) -> None:
    """WIRE-31"""

    async def scenario(a: Asking) -> None:
        wanted = digest or a.host.memory.law.in_force() or ""
        answer = await a.ask("GET", f"/federation/v1/blob/{wanted}", by=by)
        shown = hashlib.sha256(answer.content).hexdigest() == wanted
        assert (answer.status_code, shown) == (status, status == 200)

    asking(scenario)


def test_who_asks_without_end_is_told_to_wait_and_others_are_served() -> None:
    """WIRE-32"""

    async def scenario(a: Asking) -> None:
        turnstile = Turnstile(a.federation.clock.now)
        for _ in range(REQUESTS_BURST_MAX):
            with turnstile.turn("address 10.0.0.1"):
                pass
        routes = federation_routes(
            Federation(a.host, lambda *_: "sending", lambda _: viewer(a.host, OFFICER), turnstile)
        )
        a.apps["host"] = Litestar([routes], openapi_config=None, logging_config=None)
        told = await a.ask("GET", "/log/checkpoint", client="10.0.0.1")
        served = await a.ask("GET", "/log/checkpoint", client="10.0.0.2")
        assert (told.status_code, told.headers.get("retry-after"), served.status_code) == (503, "1", 200)

    asking(scenario)


def test_a_refusal_is_one_line_of_text() -> None:
    """WIRE-8"""

    async def scenario(a: Asking) -> None:
        answer = await a.ask("GET", "/log/tile/0/000.p/9")
        assert (answer.text, answer.headers["content-type"]) == (
            "log 'host' has no tile 0/0 of width 9 here\n",
            "text/plain; charset=utf-8",
        )

    asking(scenario)
