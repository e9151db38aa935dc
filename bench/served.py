"""Served nodes for measuring: two real ones, each in a process of its own, with keys that everybody knows.

Run as a program it is one such node, until it reads a line; then it says, as JSON, what it saw of itself.
"""

from __future__ import annotations

import asyncio
import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import uvicorn

from bench.report import ROOT
from safeconduct.core.statement import encode
from safeconduct.edges.storage import SqliteStore
from safeconduct.main import build_app, build_node, listen, serving
from safeconduct.node import schedule
from safeconduct.node.clock import SystemClock
from safeconduct.node.node import Node
from safeconduct.testing import Federation, MemoryVault, StepClock, card_of, keys_of

PARTIES = ("host", "sending")
HOST = "127.0.0.1"


@dataclass(frozen=True)
class Prepared:
    """Two stores with an agreement in force between their parties, ready to be served at these ports."""

    folder: Path
    ports: dict[str, int]
    agreement: str
    after: dict[str, int]

    def store(self, party: str) -> Path:
        return self.folder / f"{party}.sqlite"


def prepare(folder: Path) -> Prepared:
    """Let two nodes agree in this process; afterwards their stores can be served."""
    folder.mkdir()
    return asyncio.run(_agree(folder))


async def _agree(folder: Path) -> Prepared:
    ports = dict(zip(PARTIES, _free_ports(len(PARTIES)), strict=True))
    stores = {party: SqliteStore(folder / f"{party}.sqlite") for party in PARTIES}
    clock = StepClock(SystemClock().now())
    federation = Federation(PARTIES, clock=clock, stores=dict(stores))
    federation.cards = {party: card_of(party, f"http://{HOST}:{ports[party]}") for party in PARTIES}
    for store in stores.values():
        for party, card in federation.cards.items():
            store.put_card(party, encode(card))
    async with federation:
        terms = await federation.agree()
        after = federation.node("sending").memory.after()
    for store in stores.values():
        store.close()
    return Prepared(folder, ports, terms.digest, after)


def _free_ports(count: int) -> list[int]:
    with ExitStack() as stack:
        listeners = [stack.enter_context(listen(HOST, 0)) for _ in range(count)]
        return [int(listener.getsockname()[1]) for listener in listeners]


class Serving:
    """A node that runs in another process."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def wait_until_it_answers(self) -> None:
        assert self._process.stdout is not None
        if not self._process.stdout.readline():
            raise RuntimeError("the node under measurement ended before its time")

    def cpu_seconds(self) -> float:
        """CPU time that it has used so far, in all its threads."""
        fields = Path(f"/proc/{self._process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def stop(self) -> dict[str, Any]:
        """End it; returns what it says of itself: its log's size, its peak memory, and when which receipt came."""
        # A line, not the end of its input: worker processes of ours may hold that open.
        rest, _ = self._process.communicate("stop\n", timeout=60)
        told: dict[str, Any] = json.loads(rest)
        return told


@contextmanager
def serve(prepared: Prepared, party: str) -> Iterator[Serving]:
    """A node of a prepared party, answering."""
    command = [sys.executable, "-m", "bench.served", party, str(prepared.store(party)), str(prepared.ports[party])]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        serving_now = Serving(process)
        serving_now.wait_until_it_answers()
        try:
            yield serving_now
        finally:
            if process.poll() is None:
                process.communicate("stop\n", timeout=60)


# --- the program ------------------------------------------------------------------------------------------------------


async def _run(party: str, store: SqliteStore, port: int) -> None:
    node, peers = build_node(party, keys_of(party), store, MemoryVault(party), SystemClock())
    node.workers = ProcessPoolExecutor(2, mp_context=get_context("spawn"))
    app, _ = build_app(node, [f"http://{HOST}:{port}"])
    async with _in_background(node), serving(app, listen(HOST, port)):
        _tell({"serving": party})
        receipts: list[tuple[int, float]] = []
        watching = asyncio.create_task(_watch_receipts(node, receipts))
        await asyncio.get_running_loop().run_in_executor(None, sys.stdin.readline)
        watching.cancel()
    await peers.aclose()
    node.workers.shutdown()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    _tell({"peak_rss_kib": peak, "size": store.size(party), "receipts": receipts})
    store.close()


@asynccontextmanager
async def _in_background(node: Node) -> AsyncIterator[None]:
    running = asyncio.create_task(schedule.run(node))
    try:
        yield
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def _watch_receipts(node: Node, receipts: list[tuple[int, float]]) -> None:
    """Note when each receipt of a peer's mirror for our log was stored: its size, and the machine's clock."""
    event, size = node.watch(), 0
    while True:
        await event.wait()
        event.clear()
        for peer in node.peer_ids:
            given = node.store.cosignature(node.party, peer, "mirror")
            if given is not None and given.size > size:
                size = given.size
                receipts.append((size, time.perf_counter()))


def _tell(what: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


def _main() -> None:
    _, party, path, port = sys.argv
    with asyncio.Runner(loop_factory=uvicorn.Config("", log_config=None).get_loop_factory()) as runner:
        runner.run(_run(party, SqliteStore(Path(path)), int(port)))


if __name__ == "__main__":
    _main()
