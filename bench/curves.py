"""Does it stay flat? Memory and time for each statement as a log grows from ten thousand to a million statements.

Append: one node in one process takes statement after statement by its real path. Audit: fresh processes, one for each
size. The picture goes to docs/pictures/, whatever it shows.
"""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from bench.audit import audit_elsewhere
from bench.logs import make_logs
from bench.report import ROOT, Report, check_bare, command
from bench.solo import make_offers, say_all, solo_node
from safeconduct.edges.storage import SqliteStore

_STEP = 10_000


def run(report: Report) -> None:
    append_to, audits = (
        (30_000, (5_000, 10_000)) if report.quick else (1_000_000, (10_000, 30_000, 100_000, 300_000, 1_000_000))
    )
    report.section(f"Append, one node, 1 to {append_to:,} statements")
    appended = _append_elsewhere(report.folder / "node.sqlite", append_to)
    report.series["append"] = appended
    _compare(report, "append", appended)
    report.figure(
        "append: file on disk", (report.folder / "node.sqlite").stat().st_size / append_to, "bytes a statement"
    )
    restart = _restart_elsewhere(report.folder / "node.sqlite")
    report.figure(f"restart of a node with {append_to:,} statements", restart["seconds"], "s", goal="< 10 s")
    report.section("Audit, one process")
    audited = []
    for size in audits:
        with ProcessPoolExecutor() as workers:
            logs = make_logs(report.folder / f"{size}", size, workers)
        checked, _, spent = check_bare(1.0)
        took = audit_elsewhere(logs.folder, 1)
        audited.append(
            {
                "statements": logs.statements,
                "cpu_us": 1e6 * took["cpu"] / logs.statements,
                "fold_us": 1e6 * took["after_reading"] / logs.statements,
                "rss_mib": took["own_peak_mib"],
                "bare_us": 1e6 * spent / checked,
            }
        )
        print(f"  {audited[-1]}", flush=True)
    report.series["audit"] = audited
    _compare(report, "audit", audited)
    path = ROOT / "docs" / "pictures" / "curves.png" if not report.quick else report.folder.parent / "curves-quick.png"
    _draw(path, appended, audited)
    report.note(f"drawn: {path.relative_to(ROOT)}")


def _compare(report: Report, what: str, points: list[dict[str, float]]) -> None:
    """First and last point, and what is between them."""
    first, last = points[0], points[-1]
    for point in (first, last):
        at = f"at {point['statements']:,.0f}"
        report.figure(f"{what}: CPU time {at}", point["cpu_us"], "µs a statement")
        report.figure(f"{what}: memory {at}", point["rss_mib"], "MiB")
    report.figure(
        f"{what}: CPU time, last / first, in units of one bare check",
        _in_checks(last) / _in_checks(first),
        "times",
        goal="1",
    )
    grown = (last["rss_mib"] - first["rss_mib"]) * 2**20 / (last["statements"] - first["statements"])
    report.figure(f"{what}: memory that each further statement takes", grown, "bytes")


def _in_checks(point: dict[str, float]) -> float:
    """CPU time in units of one bare signature check measured just before: cancels most of what others did meanwhile."""
    return point["cpu_us"] / point["bare_us"]


# --- append, in a process of its own ----------------------------------------------------------------------------------


def _append_elsewhere(path: Path, count: int) -> list[dict[str, float]]:
    return _elsewhere("--append", path, count)


def _restart_elsewhere(path: Path) -> dict[str, float]:
    return _elsewhere("--restart", path, 0)[0]


def _elsewhere(what: str, path: Path, count: int) -> list[dict[str, float]]:
    asked = [sys.executable, "-m", "bench.curves", what, str(path.resolve()), str(count)]
    with subprocess.Popen(asked, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        lines: list[dict[str, float]] = []
        for line in process.stdout:
            lines.append(json.loads(line))
            print(f"  {lines[-1]}", flush=True)
    if process.wait():
        raise RuntimeError(f"the measured process ended with {process.returncode}")
    return lines


async def _append_here(path: Path, count: int) -> None:
    store = SqliteStore(path)
    with ProcessPoolExecutor(mp_context=get_context("spawn")) as workers:
        async with solo_node(store) as node:
            for start in range(0, count, _STEP):
                offers = make_offers(node, _STEP, workers, first=start)
                node.clock.advance(offers.at + 100 - node.clock.now())  # type: ignore[attr-defined]  # a StepClock
                checked, _, spent = check_bare(0.2)
                wall, cpu = time.perf_counter(), time.process_time()
                await say_all(node, offers)
                wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
                if start == 0:
                    continue  # the first portion fills caches
                point = {
                    "statements": start + len(offers),
                    "cpu_us": 1e6 * cpu / len(offers),
                    "wall_us": 1e6 * wall / len(offers),
                    "rss_mib": _rss_mib(),
                    "bare_us": 1e6 * spent / checked,
                }
                print(json.dumps(point), flush=True)
    store.close()


async def _restart_here(path: Path) -> None:
    begun = time.perf_counter()
    store = SqliteStore(path)
    async with solo_node(store, agree=False) as node:
        print(json.dumps({"seconds": time.perf_counter() - begun, "statements": node.memory.heads["sending"].size}))
    store.close()


def _rss_mib() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


# --- the picture ------------------------------------------------------------------------------------------------------


def _draw(path: Path, appended: list[dict[str, float]], audited: list[dict[str, float]]) -> None:
    import matplotlib as mpl

    mpl.use("agg")
    from matplotlib import pyplot as plt

    path.parent.mkdir(parents=True, exist_ok=True)
    figure, ((time_a, time_b), (memory_a, memory_b)) = plt.subplots(2, 2, figsize=(11, 7), constrained_layout=True)
    for axes, points, title in ((time_a, appended, "append"), (time_b, audited, "audit")):
        axes.plot(
            _of(points, "statements"), [_in_checks(point) for point in points], ".-", label="CPU time of one statement"
        )
        axes.axhline(1 if title == "append" else 1.91, color="grey", ls=":", label="its signature checks alone")
        axes.set(title=f"{title}: CPU time, in bare signature checks", xlabel="statements", ylim=(0, None))
        axes.legend()
    for axes, points, title in (
        (memory_a, appended, "append: memory of the node"),
        (memory_b, audited, "audit: peak memory"),
    ):
        axes.plot(_of(points, "statements"), _of(points, "rss_mib"), ".-")
        axes.set(title=f"{title}, MiB", xlabel="statements", ylim=(0, None))
    for axes in (time_a, time_b):
        axes.set_xscale("log")  # memory stays linear: there a straight line means so much for each statement
    for axes in (time_a, time_b, memory_a, memory_b):
        axes.grid(alpha=0.3)
    figure.savefig(path, dpi=110)


def _of(points: list[dict[str, float]], what: str) -> list[float]:
    return [point[what] for point in points]


if __name__ == "__main__":
    if "--append" in sys.argv:
        asyncio.run(_append_here(Path(sys.argv[-2]), int(sys.argv[-1])))
    elif "--restart" in sys.argv:
        asyncio.run(_restart_here(Path(sys.argv[-2])))
    else:
        command("curves", run)
