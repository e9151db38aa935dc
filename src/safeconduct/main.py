"""Assembly: the only file that imports the edges, and the only one that reads the environment."""

from __future__ import annotations

import asyncio
import errno
import logging
import os
import secrets
import signal
import socket
import ssl
import sys
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import asynccontextmanager, contextmanager
from multiprocessing import get_context
from pathlib import Path

import httpx
import uvicorn
from litestar import Litestar
from litestar.datastructures import State

from safeconduct import __version__
from safeconduct.core.acts import Timing
from safeconduct.core.agreement import PartyTerms, Terms
from safeconduct.core.identity import SigningKey
from safeconduct.edges.cli import (
    CARD_FILE,
    NODE_KEY_NAMES,
    NODE_KEYS_FILE,
    Assembly,
    ExportedLog,
    Press,
    ServeOptions,
    Settings,
    build_cli,
)
from safeconduct.edges.console import Door, asks_by_itself, console_routes, look_path
from safeconduct.edges.http import (
    CONNECTIONS_MAX,
    IDLE_SECONDS_MAX,
    STOP_SECONDS_MAX,
    Api,
    BoundedHttp,
    Ceremonies,
    Challenges,
    Connection,
    Events,
    Gate,
    Sessions,
    api_routes,
    description,
    entrance,
    error_handlers,
    exits,
    looking,
    passkey_host,
    passkey_routes,
)
from safeconduct.edges.papers import (
    Paper,
    agreement_paper,
    compliance_paper,
    disclosure_paper,
    meeting_paper,
    person_paper,
    to_html,
    to_pdf,
)
from safeconduct.edges.storage import (
    FileVault,
    LogFolder,
    SqliteStore,
    TileFiles,
    export_log,
    held_ciphertexts,
    read_keys,
    write_keys,
)
from safeconduct.edges.wire import (
    ACTOR_TAG,
    NODE_TAG,
    Federation,
    HttpPeers,
    Names,
    Replays,
    RequestCheck,
    Signer,
    Turnstile,
    federation_routes,
)
from safeconduct.errors import InputInvalid, NotAllowed, Unavailable
from safeconduct.node import access, commands, schedule
from safeconduct.node.clock import ReplayClock, SystemClock
from safeconduct.node.compliance import CompliancePage
from safeconduct.node.dossiers import PersonPage
from safeconduct.node.node import Keys, Node
from safeconduct.node.ports import Clock, Peers, Store, Vault

logger = logging.getLogger("safeconduct")

STORE_FILE = "node.sqlite"
TILES_FOLDER = "tiles"
VAULT_FOLDER = "sealing"

# Full tiles never change, so the folder may lag: a log of one statement a second fills one in four minutes.
_TILES_EVERY_MS = 10_000

# Catching up with a long log is bound by signature checks; two processes leave the event loop alone.
_WORKERS = 2
_NONCE_BYTES = 16
_SECRET_BYTES = 32
_BACKLOG = 2048
# Of the seeds in a node's key file, the one that its vault is locked with.
NODE_SEED = "node"
# Where an application says what ends its streams.
_ON_STOP = "on_stop"


# --- one node ---------------------------------------------------------------------------------------------------------


def open_store(directory: Path) -> SqliteStore:
    """The store in a party's folder. Raises Unavailable while another process has it."""
    return SqliteStore(directory / STORE_FILE)


def node_keys(seeds: Mapping[str, bytes]) -> Keys:
    """A node's four keys from the seeds in its key file. Raises InputInvalid if one is missing."""
    missing = [name for name in NODE_KEY_NAMES if name not in seeds]
    if missing:
        raise InputInvalid(f"the key file of a node has the keys {', '.join(NODE_KEY_NAMES)}, missing {missing[0]}")
    return Keys(**{name: SigningKey.from_seed(seeds[name]) for name in NODE_KEY_NAMES})


def _nonce() -> str:
    return secrets.token_urlsafe(_NONCE_BYTES)


def _secret() -> str:
    return secrets.token_urlsafe(_SECRET_BYTES)


def build_node(
    party: str, keys: Keys, store: Store, vault: Vault, clock: Clock, *, tls: ssl.SSLContext | None = None
) -> tuple[Node, HttpPeers]:
    """A node that reaches its peers over HTTP, and what is to be closed after it."""

    def card_of(peer: str) -> PartyTerms:
        return node.card if peer == party else node.require_peer(peer)

    peers = HttpPeers(Signer(party, keys.node, NODE_TAG, clock.now, _nonce), card_of, tls=tls or True)
    node = Node(party=party, keys=keys, store=store, vault=vault, peers=peers, clock=clock)
    return node, peers


def build_app(node: Node, urls: list[str]) -> tuple[Litestar, Sessions]:
    """The web side of a node that is asked under these URLs and the one of its card: JSON API, console, federation."""
    now = node.clock.now
    names = Names([node.card.node.url, *urls])
    replays = Replays()
    sessions = Sessions(
        node.party,
        now,
        _secret,
        lambda actor: access.enrolment(node, actor),
        is_replay=node.clock.is_replay,
    )
    check_actor = RequestCheck(ACTOR_TAG, names, lambda actor: access.key_of_actor(node, actor), now, replays)
    gate = Gate(node, sessions, check_actor, asks_by_itself)
    check_peer = RequestCheck(NODE_TAG, names, lambda peer: access.key_of_peer(node, peer), now, replays)

    def address_of(host: str) -> str:
        return names.url(host, "")

    def takes_passkeys(connection: Connection) -> bool:
        try:
            return passkey_host(address_of(connection.headers.get("host", ""))) is not None
        except NotAllowed:
            return False

    events = Events(node)
    door = Door(gate.sitting, takes_passkeys, sessions.of)
    ceremonies = Ceremonies(node, gate, Challenges(now, _secret), address_of, _secret)
    app = Litestar(
        route_handlers=[
            federation_routes(Federation(node, check_peer, gate.current_viewer, Turnstile(now))),
            api_routes(Api(node, gate, events, address_of)),
            entrance(sessions, address_of),
            *exits(gate, address_of),
            *passkey_routes(ceremonies),
            looking(node, gate, address_of, look_path),
            *console_routes(node, gate.current_viewer, door, replay=node.clock.is_replay),
        ],
        exception_handlers=error_handlers,
        openapi_config=description(node.party, __version__),
        # Each route reads its body within its own bound.
        request_max_body_size=None,
        logging_config=None,
        state=State({_ON_STOP: events.end}),
    )
    return app, sessions


class _Server(uvicorn.Server):
    """uvicorn without its own signal handling, which ends the process before the store is closed."""

    def __init__(self, config: uvicorn.Config, on_stop: Callable[[], None]) -> None:
        super().__init__(config)
        self._stop = asyncio.Event()
        self._on_stop = on_stop

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._on_stop()
        await super().shutdown(sockets)

    def stop(self) -> None:
        """Finish what is under way; at the second call, do not even that."""
        self.force_exit = self.should_exit
        self.should_exit = True
        self._stop.set()

    async def stopped(self) -> None:
        """Return when it was told to stop."""
        await self._stop.wait()


def _nothing() -> None:
    pass


@asynccontextmanager
async def serving(
    app: Litestar, listener: socket.socket, certificate: Path | None = None, certificate_key: Path | None = None
) -> AsyncIterator[_Server]:
    """Answer on a socket that listens, while the block runs."""
    config = uvicorn.Config(
        app,
        http=BoundedHttp,
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        limit_concurrency=CONNECTIONS_MAX,
        timeout_keep_alive=IDLE_SECONDS_MAX,
        timeout_graceful_shutdown=STOP_SECONDS_MAX,
        ssl_certfile=certificate,
        ssl_keyfile=certificate_key,
    )
    server = _Server(config, app.state.get(_ON_STOP, _nothing))
    task = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        yield server
    finally:
        server.should_exit = True
        await task


# --- serve ------------------------------------------------------------------------------------------------------------


def serve(options: ServeOptions) -> None:
    """Run a party's node until it is told to stop.

    Raises Unavailable if another process has the folder or the port, NotAllowed for a wrong passphrase, InputInvalid
    for a folder, a key file or a certificate that is not as it must be.
    """
    _log_to_stderr()
    store = open_store(options.directory)
    try:
        card = _own_card(options.directory)
        seeds = read_keys(options.directory / NODE_KEYS_FILE, options.passphrase)
        keys = node_keys(seeds)
        _require_keys_of(card, keys)
        vault = FileVault(options.directory / VAULT_FOLDER, seeds[NODE_SEED])
        clock: Clock = ReplayClock(options.replay_clock) if options.replay_clock is not None else SystemClock()
        _require_certificate(options)
        listener = listen(options.host, options.port)
        try:
            loop_factory = uvicorn.Config("", log_config=None).get_loop_factory()
            with asyncio.Runner(loop_factory=loop_factory) as runner:
                runner.run(_serve(options, card, keys, store, vault, clock, listener))
        finally:
            listener.close()
    finally:
        store.close()


async def keep_tiles(node: Node, files: TileFiles) -> None:
    """Keep every log beside the database as files that any web server can hand out. Derived: may be deleted."""
    written: dict[str, int] = {}
    while True:
        for party in sorted(node.cards):
            size = node.store.size(party)
            if size == written.get(party, 0):
                continue
            try:
                await asyncio.to_thread(files.catch_up, node.store, party)
            except Unavailable as error:
                logger.warning("tile files of %s are behind: %s", party, error)
            else:
                written[party] = size
        await node.clock.sleep(_TILES_EVERY_MS)


async def _serve(
    options: ServeOptions,
    card: PartyTerms,
    keys: Keys,
    store: Store,
    vault: Vault,
    clock: Clock,
    listener: socket.socket,
) -> None:
    node, peers = build_node(card.id, keys, store, vault, clock, tls=_trust(options.peer_authority))
    # Processes start with the first long catching-up, and not before.
    workers = ProcessPoolExecutor(_WORKERS, mp_context=get_context("spawn"), initializer=_ignore_interrupts)
    node.workers = workers
    urls = _local_urls(options)
    app, sessions = build_app(node, [*urls, *options.also_as])
    background = asyncio.create_task(schedule.run(node))
    tiles = asyncio.create_task(keep_tiles(node, TileFiles(options.directory / TILES_FOLDER)))
    try:
        async with serving(app, listener, options.certificate, options.certificate_key) as server:
            background.add_done_callback(lambda _: server.stop())
            for name in (signal.SIGINT, signal.SIGTERM):
                asyncio.get_running_loop().add_signal_handler(name, server.stop)
            _announce(node, urls, sessions)
            await server.stopped()
        if background.done():
            # It never ends by itself: a promise of our own code is broken, and the node must not go on without it.
            background.result()
    finally:
        background.cancel()
        tiles.cancel()
        await asyncio.gather(background, tiles, return_exceptions=True)
        await peers.aclose()
        workers.shutdown(cancel_futures=True)


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens. Raises Unavailable if the port is not free for us, InputInvalid for no address."""
    try:
        family = socket.getaddrinfo(host or None, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0][0]
        return socket.create_server((host, port), family=family, backlog=_BACKLOG)
    except socket.gaierror:
        raise InputInvalid(f"expected an address of this machine to listen on, got {host!r}") from None
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise Unavailable(
                f"port {port} on {host} is taken by another program: stop it, or choose another with --port"
            ) from None
        raise Unavailable(f"cannot listen on port {port} of {host}: {error.strerror}") from None


def _own_card(directory: Path) -> PartyTerms:
    path = directory / CARD_FILE
    try:
        return commands.read_card(path.read_bytes())
    except FileNotFoundError:
        raise InputInvalid(
            f"expected a party's folder, made by safeconduct init, got {directory} without card.json"
        ) from None
    except OSError as error:
        raise Unavailable(f"cannot read {path}: {error.strerror}") from None


def _require_keys_of(card: PartyTerms, keys: Keys) -> None:
    """A node that signed with keys that nobody has pinned would be a stranger to everybody."""
    if card.node.node != keys.node.public.text:
        raise InputInvalid(
            f"the key file holds other keys than those in the card of {card.id}: it is of another folder"
        )


def _require_certificate(options: ServeOptions) -> None:
    if options.certificate is None:
        return
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(options.certificate, options.certificate_key)
    except (OSError, ssl.SSLError) as error:
        files = f"{options.certificate} and {options.certificate_key}"
        raise InputInvalid(f"expected a certificate and its key in {files}, got {error}") from None


def _trust(authority: Path | None) -> ssl.SSLContext:
    """Whose certificates vouch for nodes: those that this machine trusts, and those in a file beside them."""
    context = ssl.create_default_context()
    if authority is not None:
        try:
            context.load_verify_locations(cafile=authority)
        except (OSError, ssl.SSLError) as error:
            raise InputInvalid(f"expected certificates that vouch for nodes in {authority}, got {error}") from None
    return context


def _local_urls(options: ServeOptions) -> list[str]:
    """Under which URLs people on this machine ask, the one to show them first."""
    scheme = "http" if options.certificate is None else "https"
    hosts = [options.host] if options.host not in ("0.0.0.0", "::") else []  # noqa: S104, compared, not bound
    hosts += ["127.0.0.1", "localhost"]
    bracketed = (f"[{host}]" if ":" in host else host for host in dict.fromkeys(hosts))
    return [f"{scheme}://{host}:{options.port}" for host in bracketed]


def _announce(node: Node, urls: list[str], sessions: Sessions) -> None:
    code, _ = sessions.offer(f"{node.party}/authority")
    lines = [
        f"safeconduct {__version__}, node of {node.party}",
        f"  peers and people reach it at  {node.card.node.url}",
        f"  it listens at                 {urls[0]}",
        f"  console, once, for ten minutes: {urls[0]}/enter?code={code}",
    ]
    if node.clock.is_replay:
        lines.insert(1, "  A PAST DAY IS PLAYED AGAIN HERE: its clock does not show the time")
    sys.stdout.write("\n".join(lines) + "\n")
    sys.stdout.flush()


def _log_to_stderr() -> None:
    logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s: %(message)s", level=logging.WARNING)


def _ignore_interrupts() -> None:
    """Ctrl-C reaches every process of the terminal; the workers are stopped by the node."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


# --- the command line -------------------------------------------------------------------------------------------------


def assemble(settings: Settings, clock: Clock) -> Assembly:
    """What the command line needs of everything else."""

    def sign_request(request: httpx.Request, actor: str, key: SigningKey) -> None:
        Signer(actor, key, ACTOR_TAG, clock.now, _nonce).sign(request)

    @asynccontextmanager
    async def open_peers(party: str, key: SigningKey, cards: Mapping[str, PartyTerms]) -> AsyncIterator[Peers]:
        def card_of(peer: str) -> PartyTerms:
            if peer not in cards:
                raise NotAllowed(f"a party whose card is pinned here, got {peer[:40]!r}")
            return cards[peer]

        peers = HttpPeers(Signer(party, key, NODE_TAG, clock.now, _nonce), card_of, tls=_trust(settings.tls_authority))
        try:
            yield peers
        finally:
            await peers.aclose()

    return Assembly(
        settings=settings,
        clock=clock,
        randomness=secrets.token_bytes,
        serve=serve,
        open_store=open_store,
        look_into_store=lambda directory: SqliteStore(directory / STORE_FILE, read_only=True),
        check_store=_check_store,
        held_ciphertexts=lambda directory: held_ciphertexts(directory / VAULT_FOLDER),
        read_keys=read_keys,
        write_keys=write_keys,
        export_log=export_log,
        read_log=_read_log,
        sign_request=sign_request,
        open_peers=open_peers,
        press=_press(),
        replaying=lambda file: assemble(settings, ReplayClock(file)),
    )


def _press() -> Press:
    def printed(paper: Paper, form: str) -> bytes:
        return to_pdf(paper) if form == "pdf" else to_html(paper)

    def agreement(terms: Terms, language: str, form: str) -> bytes:
        return printed(agreement_paper(terms, language), form)

    def compliance(page: CompliancePage, texts: Mapping[str, Terms], language: str, form: str) -> bytes:
        return printed(compliance_paper(page.report, texts, language, page.party), form)

    def meeting(page: CompliancePage, texts: Mapping[str, Terms], language: str, form: str) -> bytes:
        return printed(meeting_paper(page.report, texts, language, page.party), form)

    def disclosure(terms: Terms, timing: Timing, movement: str, language: str) -> bytes:
        return to_html(disclosure_paper(terms, timing, movement, language))

    def person(page: PersonPage, opened: Sequence[str], boxes: int, terms: Terms, language: str) -> bytes:
        return to_html(person_paper(page, opened, boxes, terms, language))

    return Press(agreement=agreement, compliance=compliance, meeting=meeting, disclosure=disclosure, person=person)


def _check_store(directory: Path) -> Sequence[str]:
    try:
        store = SqliteStore(directory / STORE_FILE, read_only=True)
        try:
            return store.damage()
        finally:
            store.close()
    except Unavailable as error:
        return [str(error)]


def _read_log(folder: Path) -> ExportedLog:
    log = LogFolder(folder)
    return ExportedLog(
        checkpoint=log.checkpoint,
        origin=log.origin,
        size=log.size,
        entries=log.entries,
        tile=log.tile,
        chunks=log.chunks,
    )


def read_settings(environment: Mapping[str, str]) -> Settings:
    """The settings that the environment gives; docs/guide/operators.md lists them."""

    def path(name: str) -> Path | None:
        text = environment.get(name, "")
        return Path(text) if text else None

    return Settings(
        directory=path("SAFECONDUCT_DIR"),
        profile=path("SAFECONDUCT_PROFILE"),
        passphrase=environment.get("SAFECONDUCT_PASSPHRASE") or None,
        tls_authority=path("SAFECONDUCT_TLS_AUTHORITY"),
    )


def main() -> None:
    """The `safeconduct` command."""
    build_cli(assemble(read_settings(os.environ), SystemClock())).main()
