"""The judge of clauses, online: statements a second, from deciding statement to verdict, memory, flat or not.

One trace of movements under sixty clauses; beside it the same findings computed from the subject's whole history at
every statement, and, on the four clauses that they can express, three monitors of other people: rtamt, reelay and
rego (OPA's language) through regopy. Receipts are known two seconds after each statement. Signatures, the record's own
step and the disk are measured elsewhere and are not in these figures.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from gc import collect, freeze, unfreeze
from itertools import islice
from pathlib import Path
from typing import Any

from bench.monitor_trace import (
    SHARED,
    Trace,
    agreement,
    long_movement,
    shared_agreement,
    without_recurring,
)
from bench.report import RESULTS, ROOT, Report, command, percentile, short
from safeconduct.core.agreement import Book, Docket, Event, Outcome, Receipts

_CHUNK = 5_000
_EACH = "µs a statement"
PEERS = {"rtamt": "0.4.10", "reelay": "25.0.0", "regopy": "1.5.2"}
_NAMES = {
    "rtamt": "rtamt, dense time",
    "reelay": "reelay, dense time",
    "rego": "rego through regopy, state kept for it",
    "rego_history": "rego through regopy, given the history",
}


def run(report: Report) -> None:
    count = 50_000 if report.quick else 1_000_000
    judged = _elsewhere("--judge", count)
    report.series["judge"] = judged
    report.section(f"One trace, {judged['clauses']} clauses, {count:,} statements, {judged['movements']:,} movements")
    report.figure("taken in: rate by CPU time", 1e6 / judged["take_cpu_us"], "statements/s")
    report.figure("taken in: CPU time", judged["take_cpu_us"], _EACH)
    report.figure(
        "taken in and all its subject's verdicts told: rate by CPU time", 1e6 / judged["cpu_us"], "statements/s"
    )
    report.figure("taken in and all its subject's verdicts told: CPU time", judged["cpu_us"], _EACH)
    report.figure("deciding statement → verdict, p50", judged["p50_ms"], "ms")
    report.figure("deciding statement → verdict, p99", judged["p99_ms"], "ms", goal="< 50 ms")
    report.figure("deciding statement → verdict, longest", judged["longest_ms"], "ms")
    report.figure("the record's own step before it: CPU time", judged["step_cpu_us"], _EACH)
    report.figure("memory, every subject kept for ever", judged["bytes"], "bytes a statement")
    report.figure("the same, for each subject", judged["bytes_subject"] / 1024, "KiB")
    under_way = _elsewhere("--under-way", 300 if report.quick else 3_000)
    report.figure("memory of a movement that is under way", under_way["bytes_subject"] / 1024, "KiB")
    report.note(f"findings at the end: {judged['findings']:,}, of them breached {judged['breached']:,}")
    _against_history(report)
    _against_peers(report)
    _flat(report)


# --- one trace, in a process of its own ------------------------------------------------------------------------------


def _judge(count: int) -> None:
    """Prints what it has come to after each tenth of the statements, and in the end."""
    terms = agreement()
    trace = Trace(terms)
    book = trace.law.book(trace.digest)
    events = trace.events(count)
    dockets: dict[str, Docket] = {}
    waits: list[float] = []
    taking = cpu = step_cpu = 0.0
    before = 0
    while True:
        begun = time.process_time()
        chunk = list(islice(events, _CHUNK))
        step_cpu += time.process_time() - begun
        if not chunk:
            break
        before = before or _rss()
        begun = time.process_time()
        taking += _take_chunk(chunk, trace, book, dockets, waits)
        cpu += time.process_time() - begun
        told = len(waits)
        if told % (count // 10) == 0:
            grown = _rss() - before
            point = {
                "clauses": len(terms.clauses),
                "statements": told,
                "movements": len(dockets),
                "cpu_us": 1e6 * cpu / told,
                # The clock tells how the CPU time is shared out; the two alternate within microseconds.
                "take_cpu_us": 1e6 * cpu * taking / sum(waits) / told,
                "step_cpu_us": 1e6 * step_cpu / told,
                "p50_ms": 1e3 * percentile(waits, 0.5),
                "p99_ms": 1e3 * percentile(waits, 0.99),
                "longest_ms": 1e3 * max(waits),
                "bytes": grown / told,
                "bytes_subject": grown / len(dockets),
            }
            if told == count:
                found = [f for docket in dockets.values() for f in docket.findings(trace.now, trace.receipts)]
                point["findings"] = len(found)
                point["breached"] = sum(f.outcome is Outcome.BREACHED for f in found)
            print(json.dumps(point), flush=True)


def _take_chunk(
    chunk: Sequence[tuple[str, Event]], trace: Trace, book: Book, dockets: dict[str, Docket], waits: list[float]
) -> float:
    """Judge these statements one by one; the seconds that taking in took, without telling."""
    taking = 0.0
    clock = time.perf_counter
    for subject, event in chunk:
        trace.now = event.t
        begun = clock()
        docket = dockets.get(subject)
        if docket is None:
            docket = dockets[subject] = Docket(subject, ((0, book),))
        docket.take(event)
        taken = clock()
        docket.findings(event.t, trace.receipts)
        done = clock()
        taking += taken - begun
        waits.append(done - begun)
    return taking


def _under_way(movements: int) -> dict[str, Any]:
    """What one open subject costs: movements with two hours of check-ins."""
    trace = Trace(agreement(), script=long_movement(12))
    book = trace.law.book(trace.digest)
    warm = Docket("movement/warm", ((0, book),))
    for event in trace.one():
        warm.take(event)
    collect()
    before, dockets = _rss(), []
    for number in range(movements):
        docket = Docket(f"movement/m-{number}", ((0, book),))
        for event in trace.one(number):
            docket.take(event)
        dockets.append(docket)
    collect()
    return {"bytes_subject": (_rss() - before) / len(dockets)}


def _rss() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def _elsewhere(what: str, count: int) -> dict[str, Any]:
    asked = [sys.executable, "-m", "bench.monitor", what, str(count)]
    done = subprocess.run(asked, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return told


# --- the slow way -----------------------------------------------------------------------------------------------------


def _against_history(report: Report) -> None:
    """The same findings, told after every statement, from the subject's whole history each time."""
    movements = 20 if report.quick else 200
    trace = Trace(agreement())
    book = trace.law.book(trace.digest)
    histories = [trace.one(number) for number in range(movements)]
    count = sum(len(history) for history in histories)
    ours, slow = [], []
    for _ in range(1 if report.quick else 3):
        ours.append(_cpu(lambda: _tell_online(book, histories, trace.receipts)) / count)
        slow.append(_cpu(lambda: _tell_from_history(book, histories, trace.receipts)) / count)
    report.section(
        f"From history at every statement: the same clauses, {movements} whole movements, {count:,} statements"
    )
    report.figure("ours: CPU time", [1e6 * each for each in ours], _EACH)
    report.figure("from history: CPU time", [1e6 * each for each in slow], _EACH)
    ratios = [a / b for a, b in zip(slow, ours, strict=True)]
    report.figure("from history / ours", ratios, "times", goal="≥ 10")


def _tell_online(book: Book, histories: Sequence[Sequence[Event]], receipts: Receipts) -> None:
    for history in histories:
        docket = Docket("movement/m", ((0, book),))
        for event in history:
            docket.take(event)
            docket.findings(event.t, receipts)


def _tell_from_history(book: Book, histories: Sequence[Sequence[Event]], receipts: Receipts) -> None:
    for history in histories:
        for size in range(1, len(history) + 1):
            docket = Docket("movement/m", ((0, book),))
            for event in history[:size]:
                docket.take(event)
            docket.findings(history[size - 1].t, receipts)


def _cpu(work: Callable[[], object]) -> float:
    begun = time.process_time()
    work()
    return time.process_time() - begun


# --- other people's monitors ------------------------------------------------------------------------------------------


def _against_peers(report: Report) -> None:
    movements, repeats = (100, 1) if report.quick else (300, 3)
    python = _peers_python(report)
    trace = Trace(shared_agreement())
    book = trace.law.book(trace.digest)
    histories = [trace.one(number) for number in range(movements)]
    count = sum(len(history) for history in histories)
    ours = [1e6 * _cpu(lambda: _tell_online(book, histories, trace.receipts)) / count for _ in range(repeats)]
    breached = [_breached(book, histories, trace.receipts, n) for n in range(1, len(SHARED) + 1)]
    report.section(f"{len(SHARED)} clauses that others can express, too: {movements} movements, {count:,} statements")
    mine = report.figure("ours: CPU time, every verdict told after every statement", ours, _EACH)
    taken = [1e6 * _cpu(lambda: _take_all(book, histories)) / count for _ in range(repeats)]
    report.figure("ours: CPU time, statements taken in alone", taken, _EACH)
    for (what, _), found in zip(SHARED, breached, strict=True):
        report.note(f"breached by our judge: {what}: {len(found)}")
    if python is None:
        return
    path = report.folder / "rows.json"
    path.write_text(json.dumps([_row(n, event) for n, history in enumerate(histories) for event in history]))
    for peer, name in _NAMES.items():
        told = _ask_peer(report, python, peer, path, 1 if peer == "rego_history" else repeats)
        if told is None:
            continue
        report.series[peer] = told
        each = [1e6 * spent / count for spent in told["update_cpu"]]
        report.figure(f"{name}: CPU time", each, _EACH)
        report.figure(f"{name}: making its monitors", told["make_cpu"] * 1e6 / movements, "µs a subject")
        report.figure(f"{name}, without making / ours", [one / mine for one in each], "times", goal="≥ 10")
        whole = [1e6 * (spent + told["make_cpu"]) / count for spent in told["update_cpu"]]
        report.figure(f"{name}, with making / ours", [one / mine for one in whole], "times", goal="≥ 10")
        for place, (what, _) in enumerate(SHARED):
            theirs = set(told["breached"][place])
            if theirs != breached[place]:
                more, less = len(theirs - breached[place]), len(breached[place] - theirs)
                report.note(f"{name}, {what}: {more} movements breached that are not by ours, {less} the other way")
    _one_clause(report, python, histories[:100], trace.receipts)
    _one_subject(report, python)


def _one_clause(report: Report, python: Path, histories: Sequence[Sequence[Event]], receipts: Receipts) -> None:
    report.section(f"One of these clauses alone: {len(histories)} movements, monitors made before")
    count = sum(len(history) for history in histories)
    path = report.folder / "one.json"
    path.write_text(json.dumps([_row(n, event) for n, history in enumerate(histories) for event in history]))
    for place, (what, _) in enumerate(SHARED):
        book = Book(shared_agreement(place))
        mine = 1e6 * _cpu(partial(_tell_online, book, histories, receipts)) / count
        report.figure(f"{what}: ours", mine, _EACH)
        for peer, name in _NAMES.items():
            told = _ask_peer(report, python, peer, path, 1, str(place))
            if told is not None:
                spent = 1e6 * told["update_cpu"][0] / count
                report.figure(f"{what}: {name}", spent, _EACH)
                report.series[f"{peer} {place}"] = {"us": spent, "ours_us": mine}


def _one_subject(report: Report, python: Path) -> None:
    """Does anybody else stay flat on one subject?"""
    sizes = (300, 600) if report.quick else (300, 3_000)
    report.section("The four clauses on one movement that goes on and on")
    trace = Trace(shared_agreement(), script=long_movement(sizes[-1]))
    book = trace.law.book(trace.digest)
    history = trace.one(forget_check_ins=True)
    for size in sizes:
        part = history[:size]
        path = report.folder / f"long-{size}.json"
        path.write_text(json.dumps([_row(0, event) for event in part]))
        ours = 1e6 * _cpu(partial(_tell_online, book, [part], trace.receipts)) / size
        report.figure(f"ours: CPU time, {size:,} statements", ours, _EACH)
        for peer, name in _NAMES.items():
            # It would take minutes: what it is asked grows with every statement.
            told = _ask_peer(report, python, peer, path, 1) if peer != "rego_history" or size < 1_000 else None
            if told is not None:
                report.figure(f"{name}: CPU time, {size:,} statements", 1e6 * told["update_cpu"][0] / size, _EACH)


def _take_all(book: Book, histories: Sequence[Sequence[Event]]) -> None:
    for history in histories:
        docket = Docket("movement/m", ((0, book),))
        for event in history:
            docket.take(event)


def _breached(book: Book, histories: Sequence[Sequence[Event]], receipts: Receipts, clause: int) -> set[int]:
    """Movements on which the clause is breached as of their last statement."""
    found = set()
    for number, history in enumerate(histories):
        docket = Docket("movement/m", ((0, book),))
        for event in history:
            docket.take(event)
        findings = docket.findings(history[-1].t, receipts)
        if any(f.clause == f"BEN-{clause}" and f.outcome is Outcome.BREACHED for f in findings):
            found.add(number)
    return found


def _row(number: int, event: Event) -> tuple[int, int, str, bool, int, int]:
    """What the others get of a statement: subject, ms, name, whether it took effect, approvals missing, window."""
    view = event.view
    assert view is not None
    name = event.name.split(".", 1)[1]
    return (number, event.t, name, not event.void, len(view.unapproved()), view.plan.timing.earliest)


def _peers_python(report: Report) -> Path | None:
    """The Python of an environment with the other monitors, made once beside the results; None if it cannot be had."""
    folder = RESULTS.resolve() / "monitor_peers"
    python = folder / "bin" / "python"
    wanted = [f"{name}=={version}" for name, version in PEERS.items()]
    stamp = folder / "stamp"
    if stamp.exists() and stamp.read_text() == "\n".join(wanted):
        return python
    uv = Path(sys.executable).with_name("uv")
    made = subprocess.run(
        [uv, "venv", "--quiet", "--clear", "--python", sys.executable, folder],
        check=False,
        capture_output=True,
        text=True,
    )
    if made.returncode:
        report.note(f"no environment for the other monitors, so no comparison: {made.stderr.strip()[-200:]}")
        return None
    missing = False
    for package in wanted:
        done = subprocess.run(
            [uv, "pip", "install", "--quiet", "--python", python, package], check=False, capture_output=True, text=True
        )
        if done.returncode:
            report.note(f"{package} could not be installed, so no comparison with it: {done.stderr.strip()[-200:]}")
            missing = True
    if not missing:
        stamp.write_text("\n".join(wanted))
    return python


def _ask_peer(
    report: Report, python: Path, peer: str, rows: Path, repeats: int, clauses: str = "0123"
) -> dict[str, Any] | None:
    script = ROOT / "bench" / "monitor_peers.py"
    asked: list[str | Path] = [python, script, peer, rows.resolve(), str(repeats), clauses]
    done = subprocess.run(asked, check=False, capture_output=True, text=True)
    if done.returncode:
        report.note(f"{_NAMES[peer]} did not run, so no comparison with it: {done.stderr.strip()[-200:]}")
        return None
    told: dict[str, Any] = json.loads(done.stdout)
    return told


# --- flat or not ------------------------------------------------------------------------------------------------------

TAKEN = "taken in"
TOLD = "taken in and verdicts told"
RECURRING = "the same, with a duty of every hour"
FROM_HISTORY = "from history each time"


def _flat(report: Report) -> None:
    sizes = (50, 100, 300, 1_000, 3_000) if report.quick else (50, 100, 300, 1_000, 3_000, 10_000, 30_000, 100_000)
    report.section(f"One movement that goes on and on: {sizes[0]:,} to {sizes[-1]:,} statements")
    with_all = agreement()
    trace = Trace(without_recurring(with_all), script=long_movement(sizes[-1]))
    again = Trace(with_all, script=long_movement(sizes[-1]))
    lines = {
        TAKEN: _cost_at(trace, sizes, ask=False),
        TOLD: _cost_at(trace, sizes, ask=True),
        RECURRING: _cost_at(again, sizes, ask=True),
        FROM_HISTORY: _cost_from_history(trace, [size for size in sizes if size <= 10_000]),
    }
    report.series["flat"] = lines
    for what, points in lines.items():
        first, last = points[0], points[-1]
        for size, cost in (first, last):
            report.figure(f"{what}: CPU time at {size:,}", cost, _EACH)
        goal = "1" if what in (TAKEN, TOLD) else ""
        report.figure(f"{what}: last / first", last[1] / first[1], "times", goal=goal)
    path = (
        ROOT / "docs" / "pictures" / "monitor.png" if not report.quick else report.folder.parent / "monitor-quick.png"
    )
    _draw(path, lines)
    report.note(f"drawn: {path.relative_to(ROOT)}")


def _cost_at(trace: Trace, sizes: Sequence[int], *, ask: bool) -> list[tuple[int, float]]:
    """CPU µs of a statement when the subject's history has this size; small ones on many subjects."""
    book = trace.law.book(trace.digest)
    history = trace.one(forget_check_ins=True)
    points = []
    for size in sizes:
        window = min(max(size // 5, 10), 2_000)
        spent = 0.0
        repeats = max(1, min(30, 30_000 // size))
        # The history at hand is ours, not the judge's; its size is not to weigh on the collector of garbage.
        freeze()
        for _ in range(repeats):
            docket = Docket("movement/m", ((0, book),))
            for event in history[: size - window]:
                docket.take(event)
            if ask:
                docket.findings(history[size - window].t, trace.receipts)
            begun = time.process_time()
            for event in history[size - window : size]:
                docket.take(event)
                if ask:
                    docket.findings(event.t, trace.receipts)
            spent += time.process_time() - begun
        points.append((size, 1e6 * spent / window / repeats))
    unfreeze()
    return points


def _cost_from_history(trace: Trace, sizes: Iterable[int]) -> list[tuple[int, float]]:
    book = trace.law.book(trace.digest)
    history = trace.one(forget_check_ins=True)
    points = []
    for size in sizes:
        repeats = max(1, min(30, 30_000 // size))
        begun = time.process_time()
        for _ in range(repeats):
            docket = Docket("movement/m", ((0, book),))
            for event in history[:size]:
                docket.take(event)
            docket.findings(history[size - 1].t, trace.receipts)
        points.append((size, 1e6 * (time.process_time() - begun) / repeats))
    return points


def _draw(path: Path, lines: dict[str, list[tuple[int, float]]]) -> None:
    import matplotlib as mpl

    mpl.use("agg")
    from matplotlib import pyplot as plt

    path.parent.mkdir(parents=True, exist_ok=True)
    figure, axes = plt.subplots(figsize=(9, 5.5), constrained_layout=True)
    for what, points in lines.items():
        axes.plot([size for size, _ in points], [cost for _, cost in points], ".-", label=what)
        size, cost = points[-1]
        axes.annotate(f"{short(cost)} µs", (size, cost), textcoords="offset points", xytext=(0, 6), ha="right")
    axes.set(
        title="CPU time of one statement on a movement that is never done",
        xlabel="statements about it so far",
        ylabel="µs",
        xscale="log",
        yscale="log",
    )
    axes.legend()
    axes.grid(alpha=0.3)
    figure.savefig(path, dpi=110)


if __name__ == "__main__":
    if "--judge" in sys.argv:
        _judge(int(sys.argv[-1]))
    elif "--under-way" in sys.argv:
        print(json.dumps(_under_way(int(sys.argv[-1]))))
    else:
        command("monitor", run)
