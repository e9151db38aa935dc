"""From "said" to "both sides have it, and can prove it": two served nodes on loopback, a steady stream of statements.

A statement's journey ends when its node has stored the other node's receipt: that node has fetched, verified, stored
and folded it, and its mirror has cosigned a checkpoint that covers it.
"""

from __future__ import annotations

import time
from bisect import bisect_right
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor

import msgspec

from bench.http import one_of_each, run_requests, sign_offers
from bench.load import Answer, steadily
from bench.report import Report, command, percentile
from bench.served import prepare, serve
from safeconduct.node.append import Accepted

_LAST_RECEIPT_SECONDS = 2.0
_accepted = msgspec.json.Decoder(Accepted)


def run(report: Report) -> None:
    repeats, seconds = (1, 6) if report.quick else (3, 60)
    for rate, goals in ((50.0, ("< 100 ms", "< 1,000 ms")), (500.0, ("", ""))):
        report.section(f"{rate:.0f} statements a second for {seconds} s, {repeats} times, two nodes on this machine")
        took = [_once(report, f"{rate:.0f}-{number}", rate, seconds) for number in range(repeats)]
        for what in ("answered durable at home", "durable on both nodes, receipt at home"):
            goal = goals if what.startswith("durable on") else ("", "")
            report.figure(f"{what}, p50", [1e3 * percentile(one[what], 0.5) for one in took], "ms", goal=goal[0])
            report.figure(f"{what}, p99", [1e3 * percentile(one[what], 0.99) for one in took], "ms", goal=goal[1])
            report.figure(f"{what}, longest", [1e3 * max(one[what]) for one in took], "ms")


def _once(report: Report, name: str, rate: float, seconds: int) -> dict[str, list[float]]:
    prepared = prepare(report.folder / name)
    with serve(prepared, "host") as host, serve(prepared, "sending") as sending:
        with ProcessPoolExecutor() as workers:
            movements = sign_offers(prepared, int(rate) * (seconds + 1), workers, first=0)
        requests = one_of_each(prepared, movements)
        # The first second opens connections between the nodes.
        warming, measured = requests[: int(rate)], requests[int(rate) :]
        run_requests(steadily(prepared.ports["sending"], warming, rate))
        answers = run_requests(steadily(prepared.ports["sending"], measured, rate))
        # The last one's receipt may still be under way.
        time.sleep(_LAST_RECEIPT_SECONDS)
        receipts = [(int(size), float(at)) for size, at in sending.stop()["receipts"]]
        host.stop()
    if any(answer.status != 200 for answer in answers):
        raise RuntimeError("every statement is accepted, got a refusal")
    return {
        "answered durable at home": [answer.got - answer.sent for answer in answers],
        "durable on both nodes, receipt at home": _delivered(answers, receipts),
    }


def _delivered(answers: Sequence[Answer], receipts: Sequence[tuple[int, float]]) -> list[float]:
    """For each statement the time from sending it to the first receipt that covers it."""
    sizes = [size for size, _ in receipts]
    waits = []
    for answer in answers:
        place = bisect_right(sizes, _accepted.decode(answer.body).index)
        if place == len(sizes):
            raise RuntimeError("every statement gets its receipt while the nodes run, got one without")
        waits.append(receipts[place][1] - answer.sent)
    return waits


if __name__ == "__main__":
    command("round_trip", run)
