"""Two whole logs checked by somebody who trusts neither side, beside the bare rate of signature checks.

The bare rate is what the same number of processes reach when they do nothing but call the library's check for messages
of the same size. An audit also reads files, hashes, compares encodings, folds the record and judges every clause.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from bench.logs import Logs, make_logs
from bench.report import ROOT, Report, check_bare, command
from safeconduct.core.audit import Chunk, LogFile, audit_logs
from safeconduct.edges.storage import LogFolder
from safeconduct.testing import card_of, small_terms

Map = Callable[[Callable[[Chunk], bytes], Iterable[Chunk]], Iterable[bytes]]

# Chunks on their way to each process.
_AHEAD = 8
_BARE_SECONDS = 4.0


def run(report: Report) -> None:
    sizes, repeats = ((5_000,), 1) if report.quick else ((100_000, 1_000_000), 3)
    for size in sizes:
        with ProcessPoolExecutor() as workers:
            logs = make_logs(report.folder / f"{size}", size, workers)
        per_entry = logs.signatures / logs.statements
        report.section(
            f"{logs.statements:,} statements of {logs.movements:,} movements, {per_entry:.2f} signatures a statement"
        )
        for processes in (1, 2):
            few = size > 200_000
            if not (few and processes == 1):
                _measure(report, logs, processes, 1 if few else repeats)


def _measure(report: Report, logs: Logs, processes: int, repeats: int) -> None:
    took, bare = [], []
    for _ in range(repeats):
        before = bare_rates(processes)
        took.append(audit_elsewhere(logs.folder, processes))
        after = bare_rates(processes)
        bare.append({what: (before[what] + after[what]) / 2 for what in before})
    name = "one process" if processes == 1 else f"{processes} processes and the one that folds"
    for one in took:
        if one["problems"] or one["statements"] != logs.statements or one["without_effect"]:
            raise RuntimeError(f"sound logs are found sound, got {one}")
    goal = "< 60 s" if logs.statements > 500_000 else ""
    report.figure(f"{name}: whole audit", [one["wall"] for one in took], "s", goal=goal)
    report.figure(f"{name}: of it after the last signature", [one["after_reading"] for one in took], "s")
    report.figure(f"{name}: rate", [one["statements"] / one["wall"] for one in took], "statements/s")
    report.figure(f"{name}: CPU time", [1e6 * one["cpu"] / one["statements"] for one in took], "µs a statement")
    report.figure(f"{name}: bare checks, same number of processes", [one["wall"] for one in bare], "signatures/s")
    by_cpu = [one["cpu"] * logs.signatures / each["cpu"] for one, each in _pairs(bare, took)]
    by_wall = [logs.signatures / each["wall"] / one["wall"] for one, each in _pairs(bare, took)]
    report.figure(f"{name}: of the bare rate, by CPU time", [100 * share for share in by_cpu], "%", goal="≥ 80 %")
    report.figure(f"{name}: of the bare rate, by the clock", [100 * share for share in by_wall], "%", goal="≥ 80 %")
    report.figure(f"{name}: peak memory, all together", [one["peak_mib"] for one in took], "MiB")


def _pairs(bare: Sequence[dict[str, float]], took: Sequence[dict[str, Any]]) -> list[tuple[dict[str, float], Any]]:
    return list(zip(bare, took, strict=True))


def bare_rates(processes: int) -> dict[str, float]:
    """What so many processes reach side by side. wall: signatures a second in all. cpu: CPU seconds of each."""
    with ProcessPoolExecutor(processes) as pool:
        done = list(pool.map(check_bare, [_BARE_SECONDS] * processes))
    return {
        "wall": sum(count / wall for count, wall, _ in done),
        "cpu": sum(cpu for _, _, cpu in done) / sum(count for count, _, _ in done),
    }


# --- one audit, in a process of its own -------------------------------------------------------------------------------


def audit_elsewhere(folder: Path, processes: int) -> dict[str, Any]:
    """Audit the logs in a folder in a fresh process, so that its memory and CPU time are its own."""
    asked = [sys.executable, "-m", "bench.audit", "--here", str(folder.resolve()), str(processes)]
    done = subprocess.run(asked, cwd=ROOT, check=True, capture_output=True, text=True)
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def _audit_here(folder: Path, processes: int) -> dict[str, Any]:
    cards = {party.name: card_of(party.name) for party in sorted(folder.iterdir())}
    terms = small_terms(cards.values())
    read_at: list[float] = []

    def chunks(log: LogFolder) -> Iterator[list[bytes]]:
        yield from log.chunks()
        read_at.append(time.perf_counter())

    begun, started = time.perf_counter(), time.process_time()
    logs = []
    for party, card in cards.items():
        log = LogFolder(folder / party)
        logs.append(LogFile(card=card, notes=[log.checkpoint], chunks=chunks(log)))
    with _processes(processes) as parallel:
        found = audit_logs(logs, {terms.digest: terms}, parallel=parallel)
    ended = time.perf_counter()
    usage = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    own, others = usage
    return {
        "statements": found.statements,
        "subjects": found.subjects,
        "findings": len(found.findings),
        "without_effect": len(found.without_effect),
        "problems": found.problems[:3],
        "wall": ended - begun,
        "after_reading": ended - read_at[-1],
        "cpu": sum(one.ru_utime + one.ru_stime for one in usage) - started,
        # The largest worker counts for each of them.
        "peak_mib": (own.ru_maxrss + others.ru_maxrss * (processes if processes > 1 else 0)) / 1024,
        "own_peak_mib": own.ru_maxrss / 1024,
    }


@contextmanager
def _processes(count: int) -> Iterator[Map]:
    """A `map` over so many processes that works a bounded way ahead; the plain one for a single process."""
    if count == 1:
        yield map
        return
    with ProcessPoolExecutor(count, mp_context=get_context("spawn")) as pool:

        def ahead(work: Callable[[Chunk], bytes], given: Iterable[Chunk]) -> Iterator[bytes]:
            waiting: deque[Future[bytes]] = deque()
            for chunk in given:
                waiting.append(pool.submit(work, chunk))
                if len(waiting) >= _AHEAD * count:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()

        yield ahead


if __name__ == "__main__":
    if "--here" in sys.argv:
        print(json.dumps(_audit_here(Path(sys.argv[-2]), int(sys.argv[-1]))))
    else:
        command("audit", run)
