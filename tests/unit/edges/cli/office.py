"""Two parties at one desk: their folders, their nodes in this process, and the command line over them.

Nodes are the real ones on SQLite files; requests reach their real web side without a network, and time stands still
until a test moves it. Key files are the one fake: the real ones take a second each, on purpose.
"""

from __future__ import annotations

import asyncio
import dataclasses
import json
import re
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
from click.testing import CliRunner
from litestar import Litestar

from safeconduct.core.agreement import PartyTerms
from safeconduct.core.identity import SigningKey
from safeconduct.edges.cli import NODE_KEYS_FILE, Assembly, ServeOptions, Settings, build_cli
from safeconduct.edges.storage import FileVault
from safeconduct.errors import InputInvalid, NotAllowed
from safeconduct.main import NODE_SEED, VAULT_FOLDER, assemble, build_app, node_keys
from safeconduct.node import append, sync
from safeconduct.node.node import Node
from safeconduct.node.ports import Peers, Store
from safeconduct.testing import START, DirectPeers, Links, StepClock

PASSPHRASE = "correct horse battery"
PARTIES = ("host", "sending")
# name → (party, role in the template)
PEOPLE: Mapping[str, tuple[str, str]] = {
    "duty": ("host", "duty_officer"),
    "ministry": ("host", "ministry_desk"),
    "district": ("host", "district_approver"),
    "escort": ("host", "escort_lead"),
    "guard": ("host", "site_guard"),
    "sweep": ("host", "sweep_lead"),
    "manager": ("sending", "journey_manager"),
    "approver": ("sending", "approver"),
    "leader": ("sending", "convoy_leader"),
    "embassy": ("sending", "embassy_desk"),
    "registrar": ("sending", "sending_registrar"),
    "security": ("sending", "security_manager"),
    "host_arbiter": ("host", "host_arbiter"),
    "sending_arbiter": ("sending", "sending_arbiter"),
    "patrol": ("host", "patrol_lead"),
    "host_auditor": ("host", "host_auditor"),
    "auditor": ("sending", "sending_auditor"),
}


@dataclasses.dataclass(frozen=True)
class Answer:
    """What a command left behind."""

    code: int
    out: str
    err: str

    def json(self) -> Any:
        """Standard output as the one JSON value that it must be."""
        assert self.code == 0, self
        return json.loads(self.out)


class WakefulClock(StepClock):
    """Stands still, and nobody has to wait on it."""

    async def sleep(self, milliseconds: int) -> None:
        self.advance(milliseconds)


class Office:
    """Runs commands; starts, stops and syncs nodes by hand. Use it as a context, for its files."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.clock = WakefulClock(START)
        self.links = Links()
        self.served: list[ServeOptions] = []
        self.requests: list[httpx.Request] = []
        # Requests that are answered with this response instead, in turn.
        self.instead: list[httpx.Response] = []
        self.loop = asyncio.new_event_loop()
        self._apps: dict[str, Litestar] = {}
        self._writers: dict[str, asyncio.Task[None]] = {}
        self._stores: dict[str, Store] = {}
        self.assembly: Assembly = dataclasses.replace(
            assemble(Settings(passphrase=PASSPHRASE), self.clock),
            serve=self.served.append,
            read_keys=read_keys,
            write_keys=write_keys,
            open_peers=self._open_peers,
            transport=InProcess(self),
        )

    def __enter__(self) -> Office:
        return self

    def __exit__(self, *_: object) -> None:
        for party in list(self._stores):
            self.stop(party)
        self.loop.run_until_complete(self.loop.shutdown_default_executor())
        self.loop.close()

    # --- commands -----------------------------------------------------------------------------------------------------

    def run(self, *words: str, typed: str | None = None, settings: Settings | None = None) -> Answer:
        """Run a command. typed: what somebody answers to its questions."""
        assembly = self.assembly if settings is None else dataclasses.replace(self.assembly, settings=settings)
        result = CliRunner().invoke(build_cli(assembly), words, input=typed)
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return Answer(result.exit_code, result.stdout, result.stderr)

    def must(self, *words: str, typed: str | None = None) -> Answer:
        """Run a command that works."""
        answer = self.run(*words, typed=typed)
        assert answer.code == 0, (words, answer)
        return answer

    def path(self, *parts: str) -> str:
        """A file of the office, as a command takes it."""
        return str(self.folder.joinpath(*parts))

    def by(self, name: str) -> tuple[str, str]:
        """The option that makes somebody speak."""
        return ("--profile", self.path(name))

    def at(self, party: str) -> tuple[str, str]:
        """The option that names a party's folder."""
        return ("--dir", self.path(party))

    # --- nodes --------------------------------------------------------------------------------------------------------

    def start(self, party: str) -> Node:
        """A node on the party's folder, that answers at its card's address."""
        folder = self.folder / party
        store = self.assembly.open_store(folder)
        node = Node(
            party=party,
            keys=node_keys(read_keys(folder / NODE_KEYS_FILE, PASSPHRASE)),
            store=store,
            vault=FileVault(folder / VAULT_FOLDER, read_keys(folder / NODE_KEYS_FILE, PASSPHRASE)[NODE_SEED]),
            peers=DirectPeers(party, self.links),
            clock=self.clock,
        )
        self.links.nodes[party] = node
        self._stores[party] = store
        self._writers[party] = self.loop.create_task(append.write_forever(node))
        return node

    def stop(self, party: str) -> None:
        """Stop a node and give back its files."""
        writer = self._writers.pop(party)
        writer.cancel()
        self.loop.run_until_complete(asyncio.gather(writer, return_exceptions=True))
        self._apps.pop(party, None)
        del self.links.nodes[party]
        self._stores.pop(party).close()

    def web_side(self, party: str) -> Litestar | None:
        """What answers at a party's address, None while nothing does. Made when somebody asks: it takes a while."""
        node = self.links.nodes.get(party)
        if node is not None and party not in self._apps:
            self._apps[party], _ = build_app(node, [])
        return self._apps.get(party)

    def sync(self) -> None:
        """Let every node visit every other a few times and say what it received."""
        self.loop.run_until_complete(self._sync())

    async def _sync(self) -> None:
        for _ in range(3):
            for node in list(self.links.nodes.values()):
                for peer in node.peer_ids:
                    await sync.visit(node, peer)
                await sync.say_receipts(node)
            self.clock.advance(1_000)

    @asynccontextmanager
    async def _open_peers(
        self,
        party: str,
        key: SigningKey,  # noqa: ARG002, nobody checks it here
        cards: Mapping[str, PartyTerms],  # noqa: ARG002, they are known here
    ) -> AsyncIterator[Peers]:
        yield DirectPeers(party, self.links)


class InProcess(httpx.BaseTransport):
    """Hands requests to the web side of the node that has the address.

    lose_answers_to: a path; once, what the node answers there is lost and a proxy says that it is busy.
    """

    def __init__(self, office: Office) -> None:
        self._office = office
        self.lose_answers_to = ""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        office = self._office
        office.requests.append(request)
        if office.instead:
            return office.instead.pop(0)
        app = office.web_side(request.url.netloc.decode().removesuffix(".example"))
        if app is None:
            raise httpx.ConnectError("nobody listens there", request=request)
        answer = office.loop.run_until_complete(self._answer(app, request))
        if request.url.path == self.lose_answers_to:
            self.lose_answers_to = ""
            return httpx.Response(503)
        return answer

    async def _answer(self, app: Litestar, request: httpx.Request) -> httpx.Response:
        transport = httpx.ASGITransport(app=app)  # type: ignore[arg-type]  # Litestar has its own ASGI types
        response = await transport.handle_async_request(request)
        return httpx.Response(response.status_code, headers=response.headers, content=await response.aread())


def write_keys(path: Path, seeds: Mapping[str, bytes], passphrase: str) -> None:
    """As Assembly.write_keys, at once."""
    if path.exists():
        raise InputInvalid(f"{path} exists: a key file is never overwritten, choose another name")
    content = {"passphrase": passphrase, "keys": {name: seed.hex() for name, seed in seeds.items()}}
    path.write_text(json.dumps(content), "utf-8")


def read_keys(path: Path, passphrase: str) -> Mapping[str, bytes]:
    """As Assembly.read_keys, at once."""
    content = json.loads(path.read_text("utf-8"))
    if content["passphrase"] != passphrase:
        raise NotAllowed(f"wrong passphrase for {path}")
    return {name: bytes.fromhex(seed) for name, seed in content["keys"].items()}


# --- how far an office has come ---------------------------------------------------------------------------------------


def found(office: Office) -> None:
    """Make both parties, pin each other's cards, start both nodes."""
    for party in PARTIES:
        office.must(
            *("init", "--party", party, "--name", party.capitalize(), "--url", f"http://{party}.example"),
            *office.at(party),
        )
    for party, other in (PARTIES, PARTIES[::-1]):
        office.must("join", office.path(other, "card.json"), *office.at(party), "--yes")
    for party in PARTIES:
        office.start(party)


def staff(office: Office, people: Mapping[str, tuple[str, str]] = PEOPLE) -> None:
    """Make a profile for each person and enrol it."""
    for name, (party, role) in people.items():
        card = office.path(party, "card.json")
        made = office.must("actor", "new", f"{party}/{name}", "--card", card, *office.at(name), "--json").json()
        office.must("actor", "enrol", f"{party}/{name}", "--key", made["key"], "--role", role, *office.at(party))


def agree(office: Office, change: Callable[[str], str] = str) -> str:
    """Write the template's agreement, propose it as the host, sign it as the sending side; returns its digest.

    change: what is written otherwise in its text.
    """
    cards = [f"--party={party}={office.path(party, 'card.json')}" for party in PARTIES]
    office.must("agreement", "new", office.path("agreement"), "--template", "host_sending", *cards)
    # A third of its clauses is enough here, and every command that reads the text is the faster for it.
    for file in (office.folder / "agreement" / "clauses").iterdir():
        if file.name not in ("10-notice.yaml", "20-approval.yaml", "40-under-way.yaml"):
            file.unlink()
    text = office.folder / "agreement" / "agreement.yaml"
    text.write_text(change(_without_needs(text.read_text("utf-8"))), "utf-8")
    office.must("agreement", "propose", office.path("agreement"), *office.at("host"), "--yes")
    office.sync()
    office.must("agreement", "sign", *office.at("sending"), "--yes")
    office.sync()
    return str(office.must("agreement", "list", *office.at("host"), "--json").json()[0]["digest"])


def _without_needs(text: str) -> str:
    """Releases are needed for no clause that is not there."""
    return re.sub(r"\{clause: (?:ESC|DEP)-[^}]*\}(?:, )?", "", text)


def furnish(office: Office) -> None:
    """Register what movements need."""
    places = {"airport": ("Karachi airport", "malir", "24.9065,67.1608"), "port": ("Port", "qasim", "24.7840,67.3350")}
    for site, (name, district, where) in places.items():
        words = ("register", "site", site, "--name", name, "--district", district, "--at", where)
        office.must(*words, *office.by("registrar"))
    words = ("register", "group", "engineers", "--label", "Unit 7", "--category", "engineers", "--people", "12")
    office.must(*words, *office.by("registrar"))
    office.sync()


PLAN = (
    *("--from", "airport", "--to", "port", "--earliest", "+30h", "--latest", "+32h", "--group", "engineers"),
    *("--carrying-vehicles", "2", "--protection-level", "b6", "--escort-vehicles", "3", "--purpose", "shift change"),
)


def request(office: Office, movement: str) -> None:
    """Ask for a movement and let the other side hear of it."""
    office.must("movement", "request", "--id", movement, *PLAN, *office.by("manager"))
    office.sync()


def approve(office: Office, movement: str) -> None:
    """Both sides consent."""
    for name in ("approver", "district"):
        office.must("movement", "approve", movement, "--yes", *office.by(name))
    office.sync()


def let_go(office: Office, movement: str) -> None:
    """Close every item of the gate; time moves to the opening of the window; wheels move."""
    office.clock.advance(31 * 3_600_000)
    items = {
        "vehicle_protection": ("leader", "escort"),
        "radio_check": ("leader", "escort"),
        "head_count": ("guard", "leader"),
        "sweep": ("sweep",),
    }
    for item, people in items.items():
        heads = ("--heads", "12") if item == "head_count" else ()
        for name in people:
            office.must("movement", "attest", movement, "--item", item, "--holds", *heads, *office.by(name))
    office.sync()
    office.must("movement", "depart", movement, "--heads", "12", *office.by("escort"))
    office.sync()
