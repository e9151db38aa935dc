"""The JSON API under load: signed statements posted to a served node, each answered once it is durable.

Client and node are processes of their own on one machine, so they share its cores; the client's share is told.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Coroutine, Sequence
from concurrent.futures import ProcessPoolExecutor

import uvicorn

from bench.load import Answer, request, side_by_side, steadily
from bench.report import Report, command, percentile
from bench.served import Prepared, prepare, serve
from bench.workload import draft, one_sided, sign_as_actor
from safeconduct.node.clock import SystemClock

# An offer is taken for two minutes after it was signed; each portion is signed just before it is sent.
_PORTION = 20_000
_CONNECTIONS = 64
# A whole movement, as a machine that was offline sends it.
_TOGETHER = 20


def run(report: Report) -> None:
    count, repeats, calm = (2_000, 1, 60) if report.quick else (_PORTION, 5, 600)
    prepared = prepare(report.folder / "node")
    with ProcessPoolExecutor() as workers, serve(prepared, "sending") as node:
        first = 0

        def offers(number: int) -> list[list[bytes]]:
            nonlocal first
            signed = sign_offers(prepared, number, workers, first=first)
            first += len(signed)
            return signed

        def measured(work: Sequence[Sequence[bytes]], connections: int, statements: int) -> dict[str, float]:
            cpu, own, begun = node.cpu_seconds(), time.process_time(), time.perf_counter()
            answers = run_requests(side_by_side(prepared.ports["sending"], work, connections))
            wall = time.perf_counter() - begun
            waits = _waits(answers)
            return {
                "rate": statements / wall,
                "cpu": 1e6 * (node.cpu_seconds() - cpu) / statements,
                "client": 1e6 * (time.process_time() - own) / statements,
                "p50": 1e3 * percentile(waits, 0.5),
                "p99": 1e3 * percentile(waits, 0.99),
            }

        measured(_singly(prepared, offers(count // 10)), _CONNECTIONS, count // 10)
        report.section(f"One statement a request, {_CONNECTIONS} connections, {count:,} statements, {repeats} times")
        _tell(report, [measured(_singly(prepared, offers(count)), _CONNECTIONS, count) for _ in range(repeats)])
        report.section(f"{_TOGETHER} statements a request (NDJSON), 4 connections")
        _tell(report, [measured(_together(prepared, offers(count)), 4, count) for _ in range(repeats)])
        report.section("Latency at low load: 20 statements a second, one a request")
        requests = one_of_each(prepared, offers(calm))
        waits = _waits(run_requests(steadily(prepared.ports["sending"], requests, 20.0)))
        report.figure("request sent → answered durable, p50", 1e3 * percentile(waits, 0.5), "ms", goal="< 5 ms")
        report.figure("request sent → answered durable, p99", 1e3 * percentile(waits, 0.99), "ms")
        told = node.stop()
        report.figure("peak memory of the node", told["peak_rss_kib"] / 1024, "MiB")


def sign_offers(prepared: Prepared, count: int, workers: ProcessPoolExecutor, *, first: int) -> list[list[bytes]]:
    """Offers of movements for `sending`, signed now."""
    at = SystemClock().now()
    lines = one_sided(at)
    work = [
        [
            (line.actor, draft(line, f"movement/h{number}", at + line.at, prepared.agreement, prepared.after))
            for line in lines
        ]
        for number in range(first, first + count // len(lines))
    ]
    return list(workers.map(sign_as_actor, work, chunksize=32))


def _singly(prepared: Prepared, movements: Sequence[Sequence[bytes]]) -> list[list[bytes]]:
    port = prepared.ports["sending"]
    return [[request(port, [envelope]) for envelope in movement] for movement in movements]


def one_of_each(prepared: Prepared, movements: Sequence[Sequence[bytes]]) -> list[bytes]:
    """The first of every movement, then the second of every one: at a steady rate none overtakes the one before it."""
    return [
        request(prepared.ports["sending"], [envelope]) for step in zip(*movements, strict=True) for envelope in step
    ]


def _together(prepared: Prepared, movements: Sequence[Sequence[bytes]]) -> list[list[bytes]]:
    port = prepared.ports["sending"]
    flat = [envelope for movement in movements for envelope in movement]
    return [[request(port, flat[at : at + _TOGETHER])] for at in range(0, len(flat), _TOGETHER)]


def run_requests(work: Coroutine[object, object, list[Answer]]) -> list[Answer]:
    """Run a client of `load` on the loop that servers use, too."""
    with asyncio.Runner(loop_factory=uvicorn.Config("", log_config=None).get_loop_factory()) as runner:
        return runner.run(work)


def _waits(answers: Sequence[Answer]) -> list[float]:
    wrong = next((answer for answer in answers if answer.status != 200 or b'"error"' in answer.body), None)
    if wrong is not None:
        raise RuntimeError(f"every statement is accepted, got {wrong.status} {wrong.body[:300]!r}")
    return [answer.got - answer.sent for answer in answers]


def _tell(report: Report, took: Sequence[dict[str, float]]) -> None:
    report.figure("durable through HTTP", [one["rate"] for one in took], "a second", goal="≥ 3,000")
    report.figure("CPU time of the node", [one["cpu"] for one in took], "µs a statement")
    report.figure("CPU time of the client", [one["client"] for one in took], "µs a statement")
    report.figure("request sent → answered, p50", [one["p50"] for one in took], "ms")
    report.figure("request sent → answered, p99", [one["p99"] for one in took], "ms")


if __name__ == "__main__":
    command("http", run)
