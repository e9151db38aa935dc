"""Leaks of orders traced: how long it takes, how many candidates are left, and whether a wrong name is ever shown.

The leaks are those of `tests/laws/retelling.py`: six slots of eight values in two hands, 50 recipients, values lost,
misheard and said in other words. The laws in `tests/laws` assert the same on fewer runs. Last, the whole way on the
record of two nodes: sealed, committed to, delivered, found, asked about, opened, traced.
"""

from __future__ import annotations

import asyncio
import statistics
import time
from collections.abc import Callable
from random import Random

from bench.report import Report, command
from safeconduct.core.disclosure import LEAK_CHARS_MAX, Agreed, OpenedOrder, recognise, trace
from safeconduct.testing import Desks, Federation, keep_copies
from tests.laws.retelling import KINDS, MOVEMENTS, RECIPIENTS, case, copy_of, in_other_words
from tests.laws.test_copies_laws import all_held, leak_and_open, named, said_as
from tests.unit.core.disclosure.sample import PRIORS, SLOTS, keys, leaked, opened, whole

_LEAKED = MOVEMENTS // 10
_COUNTS = (1, 2, 3, 5, 10, _LEAKED)
_TELLERS = ("one leaker", "two at random", "two, the lower value", "two by halves")


def run(report: Report) -> None:
    _times(report, RECIPIENTS, 5 if report.quick else 50)
    _times(report, 500, 2 if report.quick else 10)
    _recognition(report, 2 if report.quick else 20)
    for kept in (1.0, 0.5):
        _candidates(report, kept, 20 if report.quick else 500)
    _names(report, 100 if report.quick else 10_000)
    asyncio.run(_on_the_record(report, 20 if report.quick else MOVEMENTS, 8 if report.quick else RECIPIENTS))


def _times(report: Report, recipients: int, repeats: int) -> None:
    report.section(f"10 orders of six slots, {recipients} recipients; the median of {repeats}")
    people = keys(recipients)
    leaks = [leaked(order, whole(order, people[3])) for order in _open(people)]
    report.figure("everybody's copies made again", _took(repeats, lambda: _open(people)), "ms")
    pairs = recipients * (recipients - 1) // 2
    report.figure(f"all scored, and {pairs:,} pairs", _took(repeats, lambda: trace(leaks, Agreed(), PRIORS)), "ms")


def _recognition(report: Report, repeats: int) -> None:
    report.section(f"What survives in a text; the median of {repeats}")
    order = opened(keys(1))
    text = in_other_words(Random(1), SLOTS, copy_of(order, keys(1)[0]))
    long = (text * (LEAK_CHARS_MAX // len(text) + 1))[:LEAK_CHARS_MAX]
    for one in (text, long):
        report.figure(f"{len(one):,} characters", _took(repeats, lambda one=one: recognise(one, SLOTS)), "ms")


def _open(people: tuple[str, ...]) -> list[OpenedOrder]:
    return [opened(people, f"o-{number}") for number in range(10)]


def _took(repeats: int, work: Callable[[], object]) -> list[float]:
    took = []
    for _ in range(repeats):
        begun = time.perf_counter()
        work()
        took.append(1e3 * (time.perf_counter() - begun))
    return took


def _candidates(report: Report, kept: float, worlds: int) -> None:
    for kind in _TELLERS:
        report.section(
            f"{kind}, {kept:.0%} of the slots told: {worlds} times {_LEAKED} leaks of {MOVEMENTS} movements, "
            f"{RECIPIENTS} recipients"
        )
        chance = Random(f"bench {kind} {kept}")
        cases = [case(chance, kind, _LEAKED, kept) for _ in range(worlds)]
        least = 100.0
        for count in _COUNTS:
            traced = [trace(one.leaks[:count], Agreed(), PRIORS) for one in cases]
            found = [not one.sources.isdisjoint(p.candidates) for one, (_, p) in zip(cases, traced, strict=True)]
            sizes = sorted(len(panel.candidates) for _, panel in traced)
            what = f"{count} leaked:"
            least = min(least, report.figure(f"{what} a source is a candidate", 100 * sum(found) / worlds, "%"))
            report.figure(f"{what} candidates", statistics.median(sizes), "recipients")
            report.figure(f"{what} candidates in 95 of 100 cases, at most", sizes[-(worlds // 20) - 1], "recipients")
            report.figure(f"{what} a name is shown", 100 * sum(bool(s.named) for s, _ in traced) / worlds, "%")
            report.figure(f"{what} a pair for the panel", 100 * sum(bool(p.pairs) for _, p in traced) / worlds, "%")
        report.figure("a source is a candidate, the least of these", least, "%", goal="≥ 95")


def _names(report: Report, runs: int) -> None:
    report.section(f"Names shown at one in a million, {runs:,} runs of 1 to 12 leaks")
    each, all_wrong = runs // len(KINDS), 0
    for kind in KINDS:
        chance = Random(f"bench names {kind}")
        named = wrong = hands = 0
        for _ in range(each):
            leaks, sources, _ = case(chance, kind, chance.randint(1, 12), chance.choice([0.3, 0.6, 1.0]))
            shown, panel = trace(leaks, Agreed(), PRIORS)
            named += bool(shown.named)
            hands += bool(shown.framing_hands)
            told = [score.recipients for score in (*shown.named, *panel.pairs)]
            wrong += sum(sources.isdisjoint(recipients) for recipients in told)
        report.figure(f"{kind}: a name is shown", 100 * named / each, "%")
        report.figure(f"{kind}: points at a hand", 100 * hands / each, "%")
        all_wrong += wrong
    report.figure("wrong names and pairs without a source, all kinds", all_wrong, "", goal="< 1")


async def _on_the_record(report: Report, movements: int, recipients: int) -> None:
    report.section(f"{movements} movements through the record of two nodes, {recipients} recipients, two colluders")
    chance = Random("bench record")
    async with Federation() as federation:
        desks = await Desks.open(federation, recipients)
        sources = set(chance.sample(sorted(desks.readers().values()), 2))
        orders = [f"m{number}" for number in range(movements)]
        for order in orders:
            await desks.request(order)
        begun = time.perf_counter()
        await keep_copies(federation)
        each = 1e3 * (time.perf_counter() - begun) / movements
        report.figure("copies committed to, sealed, delivered and mirrored by both nodes, an order", each, "ms")
        texts = {}
        for order in chance.sample(orders, movements // 10):
            copies_of = [all_held(federation, order, source) for source in sorted(sources)]
            told = [slot for slot in copies_of[0] if chance.random() < 0.5]
            texts[order] = said_as(desks, {slot: chance.choice(copies_of)[slot] for slot in told})
        begun = time.perf_counter()
        result = await leak_and_open(desks, texts)
        report.figure("all leaks found, asked about, opened and traced on both nodes", time.perf_counter() - begun, "s")
        candidates = {result.readers[r] for r in result.panel.candidates} if result.panel is not None else set()
        report.figure("a source is a candidate", float(not candidates.isdisjoint(sources)), "", goal="≥ 1")
        report.figure("candidates", len(candidates), "recipients")
        report.figure("wrong names", len(named(result) - sources), "", goal="< 1")


if __name__ == "__main__":
    command("canary", run)
