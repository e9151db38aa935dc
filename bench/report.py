"""What every measurement reports: figures with their goals, printed as a table and kept as JSON, and on what machine.

Nothing here fails because a figure is low: a shared machine would make liars of all of us. Ratios of things measured
side by side in one run are what to read.
"""

from __future__ import annotations

import json
import os
import platform
import sqlite3
import ssl
import statistics
import sys
import time
from argparse import ArgumentParser
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from nacl.bindings import crypto_sign_open

from safeconduct.core.identity import SigningKey

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "build" / "bench"


@dataclass(frozen=True)
class Figure:
    """One number. spread: smallest and largest of the repeats, if any. goal: what we aim at, for people."""

    what: str
    value: float
    unit: str
    goal: str = ""
    spread: tuple[float, float] | None = None
    section: str = ""


@dataclass
class Report:
    """The figures of one measurement. quick: a smoke test, whose figures nobody should quote."""

    name: str
    quick: bool
    folder: Path
    figures: list[Figure] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    series: dict[str, Any] = field(default_factory=dict)
    machine: dict[str, Any] = field(default_factory=dict)
    title: str = ""

    def section(self, title: str) -> None:
        """Figures from here on are about this."""
        self.title = title
        print(f"\n{title}", flush=True)

    def figure(self, what: str, values: float | Sequence[float], unit: str, *, goal: str = "") -> float:
        """Report a number, or the median of repeats; returns it."""
        repeats = [float(values)] if isinstance(values, (int, float)) else [float(value) for value in values]
        value = statistics.median(repeats)
        spread = (min(repeats), max(repeats)) if len(repeats) > 1 else None
        self.figures.append(Figure(what, value, unit, goal, spread, self.title))
        between = f"  ({short(spread[0])} to {short(spread[1])})" if spread else ""
        aim = f"  goal: {goal}" if goal else ""
        print(f"  {what:<58} {short(value):>10} {unit}{between}{aim}", flush=True)
        return value

    def note(self, text: str) -> None:
        self.notes.append(text)
        print(f"  {text}", flush=True)

    def save(self) -> Path:
        RESULTS.mkdir(parents=True, exist_ok=True)
        path = RESULTS / f"{self.name}{'-quick' if self.quick else ''}.json"
        path.write_text(json.dumps(asdict(self), indent=1, default=str, ensure_ascii=False) + "\n")
        return path


def short(value: float) -> str:
    """Three digits, and none behind the point from a hundred on."""
    if value == 0 or abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}"


def command(name: str, run: Callable[[Report], None]) -> None:
    """The command line of one measurement."""
    parser = ArgumentParser(prog=f"python -m bench.{name}")
    parser.add_argument("--quick", action="store_true", help="a smoke test: small counts, one repeat")
    parser.add_argument("--folder", type=Path, default=RESULTS, help="on the disk to measure (default: build/bench)")
    given = parser.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix=f"{name}-", dir=given.folder) as folder:
        report = Report(name, given.quick, Path(folder))
        report.machine = machine(report.folder)
        print(f"== {name}{' (quick: not to be quoted)' if given.quick else ''}")
        print(f"  {report.machine['cpu']}, {report.machine['cores']} cores; load {report.machine['load']}")
        begun = time.perf_counter()
        run(report)
        report.machine["load_at_end"] = os.getloadavg()
        report.machine["seconds"] = round(time.perf_counter() - begun, 1)
        path = report.save()
    load = ", ".join(f"{part:.1f}" for part in os.getloadavg())
    print(f"\n  {report.machine['seconds']:.0f} s, load at the end {load}; kept in {path.relative_to(ROOT)}")
    sys.stdout.flush()


# --- the machine ------------------------------------------------------------------------------------------------------


def machine(folder: Path) -> dict[str, Any]:
    """What a reader needs to compare: processor, memory, disk, versions, and how busy it was."""
    sync = sync_seconds(folder)
    checked, _, spent = check_bare(0.2)
    return {
        "at": time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime()),
        "cpu": _cpu(),
        "cores": os.cpu_count(),
        "memory_gib": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1),
        "system": f"{platform.system()} {platform.release()}",
        "file_system": _file_system(folder),
        "fdatasync_ms": {"p50": round(1e3 * statistics.median(sync), 3), "max": round(1e3 * max(sync), 3)},
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        "openssl": ssl.OPENSSL_VERSION,
        "packages": {name: version(name) for name in ("PyNaCl", "msgspec", "uvicorn", "uvloop", "litestar")},
        "load": os.getloadavg(),
        "bare_verify_us": round(1e6 * spent / checked, 1),
    }


def _cpu() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    return next((line.partition(": ")[2] for line in lines if line.startswith("model name")), platform.machine())


def _file_system(folder: Path) -> str:
    try:
        mounts = [line.split() for line in Path("/proc/self/mounts").read_text().splitlines()]
    except OSError:
        return "unknown"
    holding = [(len(where), kind) for _, where, kind, *_ in mounts if folder.resolve().is_relative_to(where)]
    return max(holding)[1]


def sync_seconds(folder: Path, count: int = 100) -> list[float]:
    """How long the disk takes for 1 KB and fdatasync, `count` times."""
    path = folder / "sync"
    descriptor = os.open(path, os.O_CREAT | os.O_WRONLY | os.O_APPEND, 0o600)
    took = []
    try:
        for _ in range(count):
            begun = time.perf_counter()
            os.write(descriptor, bytes(1_024))
            os.fdatasync(descriptor)
            took.append(time.perf_counter() - begun)
    finally:
        os.close(descriptor)
        path.unlink()
    return took


def check_bare(seconds: float) -> tuple[int, float, float]:
    """Check signatures over 600 bytes, as long as most payloads, by the library alone.

    Returns how many, the seconds that it took, and the CPU seconds.
    """
    key = SigningKey.from_seed(bytes(32))
    signed = [key.sign(message) + message for message in (os.urandom(600) for _ in range(64))]
    raw = key.public.raw
    count, begun, cpu = 0, time.perf_counter(), time.process_time()
    while time.perf_counter() - begun < seconds:
        for message in signed:
            crypto_sign_open(message, raw)
        count += len(signed)
    return count, time.perf_counter() - begun, time.process_time() - cpu


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that `share` of all values do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
