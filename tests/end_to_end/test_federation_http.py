"""Two whole nodes that know each other over HTTP alone, each with its own directory."""

from __future__ import annotations

import asyncio
import itertools
import shutil
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from safeconduct.core.acts import Act, SiteRegistered, Standing, offer
from safeconduct.core.log import parse_equivocation, verify_equivocation
from safeconduct.core.statement import encode
from safeconduct.edges.wire import ACTOR_TAG, HttpPeers, Signer
from safeconduct.main import build_app, build_node, listen, open_store, serving
from safeconduct.node import append, offering, sync
from safeconduct.node.limits import RECEIPT_EVERY_MS
from safeconduct.node.node import Node
from safeconduct.testing import MINUTE, Federation, MemoryVault, StepClock, card_of, key, keys_of
from tests.laws.test_federation_laws import BEGINNING, SAYINGS, USUAL_WAY, judged_terms

PARTIES = ("host", "sending")
VIEWERS = {"host": "host/duty_officer", "sending": "sending/journey_manager"}
SITE = SiteRegistered(name="Gate", district="malir", latitude_e7=0, longitude_e7=0)


@dataclass(frozen=True)
class Ground:
    """Two directories with an agreement in force, and the ports that both nodes keep whatever happens to them."""

    root: Path
    listeners: dict[str, socket.socket]

    def url(self, party: str) -> str:
        host, port = self.listeners[party].getsockname()
        return f"http://{host}:{port}"


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ground]:
    made = Ground(tmp_path_factory.mktemp("ground"), {party: listen("127.0.0.1", 0) for party in PARTIES})
    asyncio.run(agree(made))
    yield made
    for listener in made.listeners.values():
        listener.close()


async def agree(ground: Ground) -> None:
    """Enrol everybody and bring the agreement into force, then leave the directories as a stopped node would."""
    stores = {}
    for party in PARTIES:
        (ground.root / party).mkdir()
        stores[party] = open_store(ground.root / party)
    federation = Federation(clock=StepClock(BEGINNING), stores=dict(stores))
    federation.cards = {party: card_of(party, ground.url(party)) for party in PARTIES}
    for store in stores.values():
        for party, card in federation.cards.items():
            store.put_card(party, encode(card))
    async with federation:
        await federation.agree(judged_terms(federation.cards.values()))
    for store in stores.values():
        store.close()


class Cable(httpx.AsyncBaseTransport):
    """The real network, which a test may cut, and which may deliver something a second time."""

    def __init__(self) -> None:
        self.is_down = False
        self.delivered: list[httpx.Request] = []
        self._network = httpx.AsyncHTTPTransport()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if self.is_down:
            raise httpx.ConnectError("cut", request=request)
        self.delivered.append(request)
        return await self._network.handle_async_request(request)

    async def repeat(self, index: int) -> int:
        """Deliver an earlier request once more, byte by byte; returns the status of the answer."""
        earlier = self.delivered[index % len(self.delivered)]
        again = httpx.Request(earlier.method, earlier.url, headers=earlier.headers, content=earlier.content)
        response = await self._network.handle_async_request(again)
        await response.aread()
        await response.aclose()
        return response.status_code

    async def aclose(self) -> None:
        await self._network.aclose()


@dataclass
class Place:
    """One party's running node."""

    node: Node
    cable: Cable
    closing: AsyncExitStack


@dataclass
class Pair:
    """Both nodes, driven by hand: the network, the disks and the processes are real, the time is not."""

    ground: Ground
    root: Path
    clock: StepClock
    places: dict[str, Place] = field(default_factory=dict)
    client: httpx.AsyncClient = field(default_factory=httpx.AsyncClient)
    nonces: Iterator[int] = field(default_factory=itertools.count)

    def node(self, party: str) -> Node:
        return self.places[party].node

    async def start(self, party: str) -> None:
        """Start a node on its directory, as a process would."""
        async with AsyncExitStack() as stack:
            store = open_store(self.root / party)
            stack.callback(store.close)
            node, peers = build_node(party, keys_of(party), store, MemoryVault(party), self.clock)
            await peers.aclose()
            cable = Cable()
            signer = peers.signer
            node.peers = reached = HttpPeers(signer, lambda p: node.cards[p], transport=cable)
            stack.push_async_callback(reached.aclose)
            app, _ = build_app(node, [])
            await stack.enter_async_context(serving(app, self.ground.listeners[party].dup()))
            writer = asyncio.create_task(append.write_forever(node))
            stack.push_async_callback(ended, writer)
            self.places[party] = Place(node, cable, stack.pop_all())

    async def stop(self, party: str) -> None:
        await self.places.pop(party).closing.aclose()

    async def restart(self, party: str) -> None:
        was_down = self.places[party].cable.is_down
        await self.stop(party)
        await self.start(party)
        self.places[party].cable.is_down = was_down

    async def visit(self, party: str) -> None:
        other = next(p for p in PARTIES if p != party)
        await sync.visit(self.node(party), other)

    async def heal(self) -> None:
        for place in self.places.values():
            place.cable.is_down = False
        for _ in range(4):
            self.clock.advance(RECEIPT_EVERY_MS)
            for party in PARTIES:
                await self.visit(party)
                await sync.say_receipts(self.node(party))
        for party in PARTIES * 2:
            await self.visit(party)

    async def get(self, party: str, path: str) -> Any:
        answer = await self.ask(party, "GET", path)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def ask(self, party: str, method: str, path: str, body: bytes = b"") -> httpx.Response:
        actor = VIEWERS[party]
        signer = Signer(actor, key(actor), ACTOR_TAG, self.clock.now, lambda: str(next(self.nonces)))
        request = self.client.build_request(method, self.ground.url(party) + path, content=body)
        signer.sign(request)
        return await self.client.send(request)

    async def say(self, actor: str, subject: str, act: Act) -> httpx.Response:
        """As an actor's own machine does it: ask how it stands, sign, hand over."""
        party = actor.split("/", 1)[0]
        standing = msgspec.json.decode((await self.ask(party, "GET", "/v1/standing")).content, type=Standing)
        return await self.ask(party, "POST", "/v1/statements", offer(standing, actor, key(actor), subject, act))


async def ended(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


@asynccontextmanager
async def pair(ground: Ground, root: Path) -> AsyncIterator[Pair]:
    shutil.copytree(ground.root, root)
    both = Pair(ground, root, StepClock(BEGINNING + 10 * MINUTE))
    try:
        for party in PARTIES:
            await both.start(party)
        yield both
    finally:
        await both.client.aclose()
        for party in list(both.places):
            await both.stop(party)


def play(ground: Ground, root: Path, scenario: Callable[[Pair], Awaitable[None]]) -> None:
    async def whole() -> None:
        async with pair(ground, root) as both:
            await scenario(both)

    asyncio.run(whole())


# --- whatever happens between them ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Say:
    saying: int


@dataclass(frozen=True)
class Visit:
    party: str


@dataclass(frozen=True)
class Cut:
    down: bool


@dataclass(frozen=True)
class Repeat:
    party: str
    index: int


@dataclass(frozen=True)
class Restart:
    party: str


@dataclass(frozen=True)
class Wait:
    minutes: int


WHO = st.sampled_from(PARTIES)
SAY = st.builds(Say, st.integers(0, len(SAYINGS) - 1))
STEP = st.one_of(
    *[SAY] * 6,
    *[st.builds(Visit, WHO)] * 4,
    st.builds(Cut, st.booleans()),
    st.builds(Repeat, WHO, st.integers(-3, 3)),
    st.builds(Restart, WHO),
    st.builds(Wait, st.integers(0, 20)),
)
# The first steps of a movement's usual way, as far as the road, so that histories come somewhere.
BEGUN = [*map(Say, USUAL_WAY[:2]), Visit("host"), *map(Say, USUAL_WAY[2:]), Visit("host"), Wait(10), Say(14)]


async def step(both: Pair, what: object) -> None:
    match what:
        case Say():
            actor, act = SAYINGS[what.saying]
            answer = await both.say(actor, "movement/m1", act)
            assert answer.status_code in (200, 409), answer.text
        case Visit():
            await both.visit(what.party)
        case Cut():
            for place in both.places.values():
                place.cable.is_down = what.down
        case Repeat():
            cable = both.places[what.party].cable
            if cable.delivered and not cable.is_down:
                assert await cable.repeat(what.index) in (200, 401, 404, 409, 422)
        case Restart():
            await both.restart(what.party)
        case Wait():
            both.clock.advance(what.minutes * MINUTE)


@pytest.mark.slow
@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(st.lists(STEP, min_size=5, max_size=20))
def test_after_any_outage_repeat_and_restart_both_nodes_know_the_same(
    ground: Ground, tmp_path_factory: pytest.TempPathFactory, steps: list[object]
) -> None:
    """REC-5, WIRE-6, WIRE-40, WIRE-53: compared as an officer of each side would, by asking their own node."""

    async def scenario(both: Pair) -> None:
        for what in [*BEGUN, *steps]:
            await step(both, what)
        await both.heal()
        host, sending = [await both.get(party, "/v1/health") for party in PARTIES]
        assert (host["digest"], host["after"]) == (sending["digest"], sending["after"])
        host, sending = [await both.get(party, "/v1/findings") for party in PARTIES]
        assert len(host) >= 4
        assert host == sending

    play(ground, tmp_path_factory.mktemp("pair") / "parties", scenario)


@pytest.mark.slow
def test_a_receipt_reaches_the_other_side_and_a_repeat_of_it_does_not(ground: Ground, tmp_path: Path) -> None:
    """WIRE-6, WIRE-30"""

    async def scenario(both: Pair) -> None:
        await both.say("sending/journey_manager", "movement/m1", SAYINGS[0][1])
        await both.visit("host")
        cable = both.places["host"].cable
        last = next(i for i, r in enumerate(cable.delivered) if r.url.path == "/federation/v1/receipt")
        again = await cable.repeat(last)
        (log, *_) = await both.get("sending", "/v1/logs")
        assert (log["receipts"]["host"][0], again) == (log["size"], 401)

    play(ground, tmp_path / "parties", scenario)


# --- cheats and accidents ---------------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize(("first", "second"), [(1, 1), (1, 2), (2, 1)])
def test_a_party_that_signs_two_histories_is_convicted_and_gets_no_more_receipts(
    ground: Ground, tmp_path: Path, first: int, second: int
) -> None:
    """LOG-54, LOG-56, WIRE-40: by its own key's signature, shown to anybody; the other side goes on working."""

    async def scenario(both: Pair) -> None:
        await both.stop("sending")
        shutil.copytree(both.root / "sending", tmp_path / "another history")
        await both.start("sending")
        for number in range(first):
            await both.say("sending/journey_manager", f"movement/m{number}", SAYINGS[0][1])
        await both.visit("host")
        await both.stop("sending")
        shutil.rmtree(both.root / "sending")
        shutil.copytree(tmp_path / "another history", both.root / "sending")
        await both.start("sending")
        before = await both.get("host", "/v1/logs")
        for number in range(second):
            await both.say("sending/journey_manager", f"movement/other{number}", SAYINGS[0][1])
        await both.visit("host")
        (evidence,) = await both.get("host", "/v1/evidence")
        key_of_log = both.node("host").memory.heads["sending"].log_key
        verify_equivocation(parse_equivocation(evidence["text"].encode()), key_of_log)
        own, theirs = await both.get("host", "/v1/logs")
        assert (theirs["forked"], theirs["receipts"]["host"]) == (True, before[1]["receipts"]["host"])
        assert (await both.say("host/duty_officer", "site/gate", SITE)).status_code == 200
        (incident,) = [
            entry
            for entry in await both.get("host", "/v1/entries/host?limit=500")
            if entry["kind"] == "incident.raised"
        ]
        assert (incident["payload"]["body"]["about"], own["problem"]) == ("sending", None)

    play(ground, tmp_path / "parties", scenario)


@pytest.mark.slow
def test_a_node_restored_from_an_old_copy_refuses_to_sign(ground: Ground, tmp_path: Path) -> None:
    """WIRE-45: it would fork its own log; it says so, to its own people and to its peer alike."""

    async def scenario(both: Pair) -> None:
        await both.stop("sending")
        shutil.copytree(both.root / "sending", tmp_path / "old copy")
        await both.start("sending")
        await both.say("sending/journey_manager", "movement/m1", SAYINGS[0][1])
        await both.visit("host")
        await both.stop("sending")
        shutil.rmtree(both.root / "sending")
        shutil.copytree(tmp_path / "old copy", both.root / "sending")
        await both.start("sending")
        await offering.compare_at_start(both.node("sending"), 1_000)
        answer = await both.say("sending/journey_manager", "movement/m2", SAYINGS[0][1])
        health = await both.get("sending", "/v1/health")
        assert (answer.status_code, answer.json()["error"]["code"]) == (503, "unavailable")
        assert "this disk is older than what was published" in answer.json()["error"]["message"]
        assert ("older than what was published" in health["halted"], both.node("sending").store.size("sending")) == (
            True,
            open_store_size(tmp_path / "old copy"),
        )

    play(ground, tmp_path / "parties", scenario)


def open_store_size(directory: Path) -> int:
    store = open_store(directory)
    try:
        return store.size("sending")
    finally:
        store.close()
