"""Own statements made durable: ours beside the bare disk, SQLite alone and Tessera's POSIX driver.

All get the very same entries of about 1 KB, on the same disk, in turns within one run. Our node also reads each
statement, verifies its actor, judges it by the record and signs it; the others take bytes as they come. So there are
two more to compare like with like: our log alone, which does what Tessera does (hash, tree, tiles, checkpoint, disk),
and Tessera behind one signature check and one signature for each entry, which is the least that a node does.
"""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import sqlite3
import struct
import subprocess
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from msgspec.structs import replace

from bench.report import RESULTS, ROOT, Report, command, percentile
from bench.solo import AT_ONCE, make_offers, say_all, solo_node
from bench.workload import START, draft, one_sided, sign_as_both
from safeconduct.core.log import Tree, leaf_hash, sign_checkpoint
from safeconduct.edges.storage import SqliteStore
from safeconduct.node import commands
from safeconduct.node.ports import Batch, Row
from safeconduct.testing import key as test_key

_RATE = 20.0

NODE = "our node"
LOG_ALONE = "our log alone"
TESSERA_CHECKED = "Tessera POSIX, 10 ms batches, entries checked and signed"
_PLAIN_TESSERA = (
    "Tessera POSIX, default",
    "Tessera POSIX, 10 ms batches",
    "Tessera POSIX, batches of 1,024 from 4,096 writers",
)


@dataclass(frozen=True)
class Took:
    """One competitor's run. waits: seconds from offering an entry to knowing that it is durable."""

    entries: int
    wall: float
    cpu: float
    p50: float
    p99: float

    @classmethod
    def of(cls, entries: int, wall: float, cpu: float, waits: Sequence[float]) -> Took:
        return cls(entries, wall, cpu, percentile(waits, 0.5), percentile(waits, 0.99))

    @property
    def rate(self) -> float:
        return self.entries / self.wall

    @property
    def cpu_each(self) -> float:
        return self.cpu / self.entries


class _Watched(SqliteStore):
    """The real store; remembers which rows went to the disk together."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.batches: list[Sequence[Row]] = []

    def commit(self, batch: Batch) -> None:
        super().commit(batch)
        self.batches.append(batch.rows)


def run(report: Report) -> None:
    count, repeats, seconds = (3_000, 1, 2.0) if report.quick else (20_000, 5, 20.0)
    tessera = build_tessera(report)
    with ProcessPoolExecutor() as workers:
        rounds = [_round(report.folder / f"{n}", count, tessera, workers) for n in range(repeats)]
        calm = _calm(report.folder / "calm", int(_RATE * seconds), tessera, workers)
    _saturated(report, rounds)
    report.section(f"Latency at low load: {_RATE:.0f} statements a second")
    for name, took in calm.items():
        goal = "< 5 ms" if name == NODE else ""
        report.figure(f"{name}: offered → durable, p50", 1e3 * took.p50, "ms", goal=goal)
        report.figure(f"{name}: offered → durable, p99", 1e3 * took.p99, "ms")
    _signing(report)


def _saturated(report: Report, rounds: Sequence[dict[str, Took]]) -> None:
    report.section(f"At saturation: {rounds[0][NODE].entries:,} entries, {len(rounds)} rounds in turns, medians")
    for name in rounds[0]:
        took = [one[name] for one in rounds]
        report.figure(f"{name}: durable", [t.rate for t in took], "a second")
        report.figure(f"{name}: CPU time", [1e6 * t.cpu_each for t in took], "µs an entry")
        report.figure(f"{name}: offered → durable, p50", [1e3 * t.p50 for t in took], "ms")
        report.figure(f"{name}: offered → durable, p99", [1e3 * t.p99 for t in took], "ms")
    report.section("Ratios, round by round, medians")
    _ratio(report, rounds, NODE, "bare disk, the same batches")
    _ratio(report, rounds, NODE, "SQLite, one transaction a statement")
    if TESSERA_CHECKED in rounds[0]:
        _ratio(report, rounds, NODE, TESSERA_CHECKED)
        cpu = [one[TESSERA_CHECKED].cpu_each / one[NODE].cpu_each for one in rounds]
        report.figure(f"CPU time: {TESSERA_CHECKED} / {NODE}", cpu, "times")
        _ratio(report, rounds, NODE, *_PLAIN_TESSERA, goal="≥ 3")
        _ratio(report, rounds, LOG_ALONE, *_PLAIN_TESSERA, goal="≥ 3")


def _ratio(report: Report, rounds: Sequence[dict[str, Took]], ours: str, *rivals: str, goal: str = "") -> None:
    """Ours against the best of these in each round."""
    name = rivals[0] if len(rivals) == 1 else "Tessera POSIX at its best settings"
    ratios = [one[ours].rate / max(one[rival].rate for rival in rivals) for one in rounds]
    report.figure(f"{ours} / {name}", ratios, "times", goal=goal)


def _round(folder: Path, count: int, tessera: Path | None, workers: ProcessPoolExecutor) -> dict[str, Took]:
    folder.mkdir()
    ours, batches = asyncio.run(_ours(folder, count, workers))
    took = {
        NODE: ours,
        "bare disk, the same batches": _bare_disk(folder / "bare", batches),
        "SQLite, one transaction a statement": _sqlite_alone(folder / "alone.sqlite", _flat(batches)[: count // 4]),
    }
    took[LOG_ALONE] = _log_alone(folder / "log.sqlite", batches)
    if tessera is not None:
        file = _write_entries(folder / "entries", _flat(batches))
        default, tuned, wide = _PLAIN_TESSERA
        took[default] = run_tessera(tessera, folder / "default", file)
        took[tuned] = run_tessera(tessera, folder / "tuned", file, "-max-age=10ms")
        options = ("-max-age=50ms", "-max-size=1024", "-workers=4096")
        took[wide] = run_tessera(tessera, folder / "wide", file, *options)
        took[TESSERA_CHECKED] = run_tessera(tessera, folder / "checked", file, "-max-age=10ms", "-check-and-sign")
    shutil.rmtree(folder)
    return took


async def _ours(folder: Path, count: int, workers: ProcessPoolExecutor) -> tuple[Took, list[Sequence[Row]]]:
    store = _Watched(folder / "node.sqlite")
    async with solo_node(store) as node:
        offers = make_offers(node, count, workers)
        node.clock.advance(offers.at + 100 - node.clock.now())  # type: ignore[attr-defined]  # a StepClock
        store.batches.clear()
        wall, cpu = time.perf_counter(), time.process_time()
        waits = await say_all(node, offers)
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    store.close()
    return Took.of(len(offers), wall, cpu, waits), store.batches


def _bare_disk(path: Path, batches: Sequence[Sequence[Row]]) -> Took:
    descriptor = os.open(path, os.O_CREAT | os.O_WRONLY | os.O_APPEND, 0o600)
    waits = []
    wall, cpu = time.perf_counter(), time.process_time()
    for batch in batches:
        begun = time.perf_counter()
        os.write(descriptor, b"".join([row.entry for row in batch]))
        os.fdatasync(descriptor)
        waits.append(time.perf_counter() - begun)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    os.close(descriptor)
    return Took.of(sum(len(batch) for batch in batches), wall, cpu, waits)


def _log_alone(path: Path, batches: Sequence[Sequence[Row]]) -> Took:
    """What remains when signatures and the record are somebody else's: hash, tree, tiles, checkpoint, SQLite."""
    store, key, tree = SqliteStore(path), test_key("sending/log"), Tree()
    waits, size = [], 0
    wall, cpu = time.perf_counter(), time.process_time()
    for batch in batches:
        begun = time.perf_counter()
        leaves = [leaf_hash(row.entry) for row in batch]
        rows = [
            replace(row, index=at, leaf=leaf) for at, (row, leaf) in enumerate(zip(batch, leaves, strict=True), size)
        ]
        full = [(tile.level, tile.n, tile.hashes) for tile in tree.append(leaves)]
        note = sign_checkpoint("sending.example/log", tree.size, tree.root(), key).note.encode()
        store.commit(Batch(party="sending", rows=rows, checkpoint=note, tiles=full))
        size += len(rows)
        waits.append(time.perf_counter() - begun)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    store.close()
    return Took.of(size, wall, cpu, waits)


def _open_alone(path: Path) -> sqlite3.Connection:
    db = sqlite3.connect(path, isolation_level=None)
    db.execute("PRAGMA journal_mode = WAL")
    db.execute("PRAGMA synchronous = FULL")
    db.execute("CREATE TABLE entry (position INTEGER PRIMARY KEY, entry BLOB NOT NULL) STRICT")
    return db


def _sqlite_alone(path: Path, entries: Sequence[bytes]) -> Took:
    db = _open_alone(path)
    waits = []
    wall, cpu = time.perf_counter(), time.process_time()
    for entry in entries:
        begun = time.perf_counter()
        db.execute("INSERT INTO entry (entry) VALUES (?)", (entry,))
        waits.append(time.perf_counter() - begun)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    db.close()
    return Took.of(len(entries), wall, cpu, waits)


# --- low load ---------------------------------------------------------------------------------------------------------


def _calm(folder: Path, count: int, tessera: Path | None, workers: ProcessPoolExecutor) -> dict[str, Took]:
    folder.mkdir()
    ours, entries = asyncio.run(_ours_calmly(folder, count, workers))
    took = {NODE: ours, "SQLite, one transaction a statement": asyncio.run(_alone_calmly(folder, entries))}
    if tessera is not None:
        file = _write_entries(folder / "entries", entries)
        rate = f"-rate={_RATE}"
        took["Tessera POSIX, default"] = run_tessera(tessera, folder / "default", file, rate)
        took["Tessera POSIX, 1 ms batches"] = run_tessera(tessera, folder / "tuned", file, rate, "-max-age=1ms")
    return took


async def _ours_calmly(folder: Path, count: int, workers: ProcessPoolExecutor) -> tuple[Took, list[bytes]]:
    store = _Watched(folder / "node.sqlite")
    async with solo_node(store) as node:
        offers = make_offers(node, count, workers)
        node.clock.advance(offers.at + 100 - node.clock.now())  # type: ignore[attr-defined]  # a StepClock
        store.batches.clear()
        waits: list[float] = []
        wall, cpu = time.perf_counter(), time.process_time()
        for number, envelope in enumerate(offers.all()):
            await _until(wall + number / _RATE)
            begun = time.perf_counter()
            await commands.say(node, envelope)
            waits.append(time.perf_counter() - begun)
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    store.close()
    return Took.of(len(waits), wall, cpu, waits), _flat(store.batches)


async def _alone_calmly(folder: Path, entries: Sequence[bytes]) -> Took:
    db = _open_alone(folder / "alone.sqlite")
    waits: list[float] = []
    wall, cpu = time.perf_counter(), time.process_time()
    for number, entry in enumerate(entries):
        await _until(wall + number / _RATE)
        begun = time.perf_counter()
        db.execute("INSERT INTO entry (entry) VALUES (?)", (entry,))
        waits.append(time.perf_counter() - begun)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    db.close()
    return Took.of(len(entries), wall, cpu, waits)


async def _until(moment: float) -> None:
    await asyncio.sleep(max(0.0, moment - time.perf_counter()))


# --- Tessera ----------------------------------------------------------------------------------------------------------


def build_tessera(report: Report) -> Path | None:
    """The Go program, built outside of the sources; None where Go or its modules are not to be had."""
    program = RESULTS.resolve() / "tessera_append"
    if shutil.which("go") is None:
        report.note("no Go here, so no comparison with Tessera")
        return None
    source = ROOT / "bench" / "tessera_append"
    built = subprocess.run(["go", "build", "-o", program, "."], cwd=source, check=False, capture_output=True, text=True)
    if built.returncode:
        report.note(f"Tessera could not be built, so no comparison: {built.stderr.strip()[-200:]}")
        return None
    return program


def run_tessera(program: Path, folder: Path, entries: Path, *options: str) -> Took:
    """Add the entries in a file to a new log."""
    done = subprocess.run(
        [program, f"-dir={folder}", f"-entries={entries}", f"-workers={AT_ONCE}", *options],
        check=True,
        capture_output=True,
        text=True,
    )
    told = json.loads(done.stdout)
    shutil.rmtree(folder)
    return Took(told["entries"], told["wall_seconds"], told["cpu_seconds"], told["p50_ms"] / 1e3, told["p99_ms"] / 1e3)


def _write_entries(path: Path, entries: Sequence[bytes]) -> Path:
    path.write_bytes(b"".join(struct.pack(">I", len(entry)) + entry for entry in entries))
    return path


def _flat(batches: Sequence[Sequence[Row]]) -> list[bytes]:
    return [row.entry for batch in batches for row in batch]


# --- signing alone ----------------------------------------------------------------------------------------------------


def _signing(report: Report) -> None:
    report.section("Own statements drafted and signed by actor and node, nothing stored")
    rates = []
    lines = one_sided(START)
    for repeat in range(1 if report.quick else 7):
        begun, made = time.process_time(), 0
        while time.process_time() - begun < 0.5:
            for number in range(20):
                work = [
                    (line.actor, draft(line, f"movement/m{repeat}-{number}", START + line.at, "0" * 64, {"host": 9}))
                    for line in lines
                ]
                made += len(sign_as_both(work))
        rates.append(made / (time.process_time() - begun))
    report.figure("drafted, signed twice, enveloped", rates, "a CPU second", goal="≥ 10,000")


if __name__ == "__main__":
    command("append", run)
