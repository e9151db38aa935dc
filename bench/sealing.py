"""Sealed orders: what one costs beside `age`, and what a node does when a thousand of them open in the same minute.

The scene is the small agreement of the tests with two compartments: the sending side's journey manager seals the
rendezvous, and two hours before the window its node gives its share to the host's node. The node that is measured keeps
its store and its sealing keys on the disk; the host's is in memory.
"""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pyrage
from msgspec.structs import replace

from bench.report import Report, command
from safeconduct.core.acts import CompartmentReleased, CompartmentSealed, MovementApproved, MovementRequested
from safeconduct.core.disclosure import (
    Content,
    KeyShare,
    Place,
    open_content,
    open_share,
    pass_on,
    seal_with_shares,
    take_over,
)
from safeconduct.core.record import MovementState, in_force, state_digest
from safeconduct.core.sealing import SealingKey
from safeconduct.core.statement import digest, encode
from safeconduct.edges.storage import FileVault, SqliteStore
from safeconduct.node import custody
from safeconduct.node.limits import CUSTODY_BACK_MS, CUSTODY_EVERY_MS, SCHEDULE_TICK_MS
from safeconduct.node.memory import decode_state
from safeconduct.node.node import Node
from safeconduct.testing import (
    HOUR,
    START,
    Federation,
    MemoryStore,
    keep_custody,
    key,
    seal_as,
    sealing_terms,
    small_plan,
)

_CONTENT = Content(
    text="Gate 2, by the clinic. Vehicles face south, engines off, lights on inside. " * 5,
    count=12,
    at=START + 30 * HOUR,
    places=tuple(
        Place(latitude_e7=248_949_000 + 7_000 * n, longitude_e7=671_580_000 - 9_000 * n, name=f"point {n}")
        for n in range(2)
    ),
)
_COMPARTMENT, _VARIANT = "rendezvous", "exact"
_PARTIES = ("host", "sending")
_AUTHOR = "sending/journey_manager"
# The host is due its share two hours before the window, which opens 30 hours after the start.
_DUE = 28 * HOUR
_AT_ONCE = 250
_BEAT_S = 0.001
# Folders of the two nodes that are measured.
_RELEASED, _STANDING = "released", "standing"


def run(report: Report) -> None:
    for name in (_RELEASED, _STANDING):
        (report.folder / name).mkdir()
    _beside_age(report, *((200, 2) if report.quick else (2_000, 5)))
    asyncio.run(_released(report, 100 if report.quick else 1_000))
    asyncio.run(_standing(report, (200, 1_000) if report.quick else (5_000, 20_000)))


# --- one compartment, beside age --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Spent:
    """Microseconds for each of the things done: by the clock, and of one processor."""

    wall: float
    cpu: float


def _beside_age(report: Report, count: int, repeats: int) -> None:
    size = len(encode(_CONTENT))
    report.section(f"Sealed to two parties and opened: {size} bytes, {repeats} rounds of {count:,} in turns, medians")
    rounds: list[dict[str, _Spent]] = []
    for turn in range(repeats):
        both = [_ours, _age]
        spent: dict[str, _Spent] = {}
        for one in both if turn % 2 == 0 else both[::-1]:
            spent.update(one(count))
        rounds.append(spent)
    for name in sorted(rounds[0], key=_ORDER.index):
        report.figure(f"{name}, CPU time", [r[name].cpu for r in rounds], "µs each")
        report.figure(f"{name}, by the clock", [r[name].wall for r in rounds], "µs each")
    for what in ("sealed", "opened"):
        ratios = [r[f"age: {what}"].cpu / r[f"ours: {what}"].cpu for r in rounds]
        report.figure(f"{what}: age / ours, CPU time", ratios, "times", goal="≥ 1")
    whole = ("sealed", "a share checked and passed on", "opened")
    ours = [1e6 / sum(r[f"ours: {what}"].cpu for what in whole) for r in rounds]
    age = [1e6 / (r["age: sealed"].cpu + r["age: opened"].cpu) for r in rounds]
    report.figure("ours: the whole way of a compartment", ours, "a CPU second")
    report.figure("age: the whole way of a file", age, "a CPU second")
    sealed = _seal(0, {party: SealingKey.from_seed(secrets.token_bytes(32)) for party in _PARTIES})
    person = pyrage.x25519.Identity.generate().to_public()
    report.figure("ours: ciphertext", len(sealed[1]), "bytes")
    report.figure("ours: body of the statement that names it", len(encode(sealed[0])), "bytes")
    report.figure("age: file", len(pyrage.encrypt(encode(_CONTENT), [person, person])), "bytes")


_ORDER = (
    "ours: sealed",
    "ours: of that, its two calls of HPKE",
    "age: sealed",
    "ours: a share checked and passed on",
    "ours: opened",
    "age: opened",
)


def _seal(number: int, keys: dict[str, SealingKey]) -> tuple[CompartmentSealed, bytes]:
    act, sealed, _ = seal_with_shares(
        _CONTENT,
        subject=f"movement/m-{number}",
        compartment=_COMPARTMENT,
        variant=_VARIANT,
        holders={party: key.public for party, key in keys.items()},
        randomness=secrets.token_bytes,
    )
    return act, sealed


def _ours(count: int) -> dict[str, _Spent]:
    keys = {party: SealingKey.from_seed(secrets.token_bytes(32)) for party in _PARTIES}
    host, sending = (keys[party] for party in _PARTIES)
    sealed: list[tuple[CompartmentSealed, bytes]] = []
    given: list[CompartmentReleased] = []

    def give(number: int) -> None:
        act, subject = sealed[number][0], f"movement/m-{number}"
        share = open_share(act, subject, "sending", sending)
        given.append(pass_on(act, subject, "sending", share, "host", host.public))

    def take(number: int) -> None:
        (act, ciphertext), subject = sealed[number], f"movement/m-{number}"
        shares: dict[str, KeyShare] = {
            "host": open_share(act, subject, "host", host),
            "sending": take_over(act, subject, "sending", given[number], host),
        }
        assert open_content(act, subject, ciphertext, shares) == _CONTENT

    def to_both(_: int) -> None:
        for each in keys.values():
            each.public.seal(bytes(64), b"info")

    return {
        "ours: sealed": _each(count, lambda number: sealed.append(_seal(number, keys))),
        "ours: of that, its two calls of HPKE": _each(count, to_both),
        "ours: a share checked and passed on": _each(count, give),
        "ours: opened": _each(count, take),
    }


def _age(count: int) -> dict[str, _Spent]:
    people = [pyrage.x25519.Identity.generate() for _ in _PARTIES]
    recipients = [person.to_public() for person in people]
    data = encode(_CONTENT)
    files: list[bytes] = []

    def take(number: int) -> None:
        assert pyrage.decrypt(files[number], [people[0]]) == data

    return {
        "age: sealed": _each(count, lambda _: files.append(pyrage.encrypt(encode(_CONTENT), recipients))),
        "age: opened": _each(count, take),
    }


def _each(count: int, work: Callable[[int], object]) -> _Spent:
    begun, cpu = time.perf_counter(), time.process_time()
    for number in range(count):
        work(number)
    return _Spent(1e6 * (time.perf_counter() - begun) / count, 1e6 * (time.process_time() - cpu) / count)


# --- a thousand in the same minute ------------------------------------------------------------------------------------


async def _released(report: Report, count: int) -> None:
    report.section(f"{count:,} movements open in the same minute: a node gives its shares")
    async with _agreed(report.folder / _RELEASED) as federation:
        begun = time.perf_counter()
        await _seal_all(federation, count)
        report.figure(
            "made ready: requested, sealed, checked, approved, on both nodes", time.perf_counter() - begun, "s"
        )
        node = federation.node("sending")
        federation.clock.advance(START + _DUE - federation.clock.now())
        while node.statuses["host"].vouched_at * 1_000 < START + _DUE:
            node.statuses["host"].offered_size = 0
            await federation.sync(1)
        before = node.memory.heads["sending"].size
        async with _Beats() as beats:
            begun, cpu = time.perf_counter(), time.process_time()
            while node.memory.heads["sending"].size < before + count:
                await custody.keep_custody(node)
                federation.clock.advance(SCHEDULE_TICK_MS)
                await asyncio.sleep(SCHEDULE_TICK_MS / 1_000)
            took, spent = time.perf_counter() - begun, time.process_time() - cpu
        report.figure(
            "from due to given and durable, all of them, with the pauses between rounds", took, "s", goal="< 60"
        )
        report.figure("CPU time", 1e6 * spent / count, "µs a share")
        report.figure("longest that the event loop was blocked", 1e3 * beats.longest, "ms", goal="< 50")
        bare = _bare(200)
        report.figure("bare: a share opened, checked, sealed again, and one signature", bare, "µs a share")
        report.figure("a share given / its bare cryptography", 1e6 * spent / count / bare, "times")


def _bare(count: int) -> float:
    """CPU microseconds of the cryptography in one release, by the core alone."""
    keys = {party: SealingKey.from_seed(secrets.token_bytes(32)) for party in _PARTIES}
    act, _ = _seal(0, keys)
    signing = key("sending/node")

    def give(_: int) -> None:
        share = open_share(act, "movement/m-0", "sending", keys["sending"])
        signing.sign(encode(pass_on(act, "movement/m-0", "sending", share, "host", keys["host"].public)))

    return _each(count, give).cpu


class _Beats:
    """Looks every millisecond whether the event loop still turns. longest: how much later than that it looked, s."""

    def __init__(self) -> None:
        self.longest = 0.0

    async def __aenter__(self) -> _Beats:
        self._task = asyncio.create_task(self._beat())
        await asyncio.sleep(_BEAT_S)
        return self

    async def __aexit__(self, *_: object) -> None:
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)

    async def _beat(self) -> None:
        last = time.perf_counter()
        while True:
            await asyncio.sleep(_BEAT_S)
            now = time.perf_counter()
            self.longest = max(self.longest, now - last - _BEAT_S)
            last = now


# --- thousands that wait ----------------------------------------------------------------------------------------------


async def _standing(report: Report, counts: Sequence[int]) -> None:
    async with _agreed(report.folder / _STANDING) as federation:
        await _seal_all(federation, 1)
        store = federation.stores["sending"]
        (model,) = store.subjects("movement/", before=None, limit=1)
        state = decode_state(model)
        assert isinstance(state, MovementState)
        stored = 1
        for count in counts:
            report.section(f"{count:,} movements are sealed and approved, and nothing is due")
            for start in range(stored, count, 1_000):
                copies = [replace(state, subject=f"movement/c-{n}") for n in range(start, min(count, start + 1_000))]
                store.put_subjects(
                    [
                        replace(model, subject=copy.subject, digest=state_digest(copy), state=encode(copy))
                        for copy in copies
                    ]
                )
            stored = count
            begun = time.perf_counter()
            node = federation.start("sending")
            report.figure("a node starts", time.perf_counter() - begun, "s")
            recalled = _recalled(node)
            report.figure("of that: its index of what is sealed, CPU time", 1e3 * recalled, "ms")
            async with _Beats() as beats:
                report.figure("first look after the start, CPU time", 1e3 * await _look(federation, node), "ms")
            report.figure("longest that it blocked the event loop", 1e3 * beats.longest, "ms", goal="< 50")
            looks = [1e3 * await _look(federation, node) for _ in range(9)]
            report.figure("each look after that, CPU time", looks, "ms", goal="< 10")
            assert len(node.memory.sealed.due(2**62)) == count


def _recalled(node: Node) -> float:
    """CPU seconds to make the index once."""
    return _each(3, lambda _: node.memory.recall_sealed(START - CUSTODY_BACK_MS)).cpu / 1e6


async def _look(federation: Federation, node: Node) -> float:
    """CPU seconds of one round of custody, a second after the one before."""
    federation.clock.advance(CUSTODY_EVERY_MS)
    cpu = time.process_time()
    await custody.keep_custody(node)
    return time.process_time() - cpu


# --- the scene --------------------------------------------------------------------------------------------------------


@asynccontextmanager
async def _agreed(folder: Path) -> AsyncIterator[Federation]:
    """Two nodes under the agreement with compartments, their sealing keys published; `sending` on the disk."""
    store = SqliteStore(folder / "store.db")
    federation = Federation(stores={"host": MemoryStore(), "sending": store})
    federation.vaults["sending"] = FileVault(folder / "vault", secrets.token_bytes(32))
    async with federation:
        await federation.agree(sealing_terms(federation.cards.values()))
        await keep_custody(federation, 1)
        yield federation
    store.close()


async def _seal_all(federation: Federation, count: int) -> None:
    """So many movements requested, sealed, checked by both nodes and approved."""
    subjects = [f"movement/m-{number}" for number in range(count)]
    approved = MovementApproved(plan=digest(small_plan()))
    for start in range(0, count, _AT_ONCE):
        some = subjects[start : start + _AT_ONCE]
        await asyncio.gather(*(federation.say(_AUTHOR, s, MovementRequested(plan=small_plan())) for s in some))
        await asyncio.gather(*(seal_as(federation, _AUTHOR, s, _COMPARTMENT, _CONTENT) for s in some))
        await federation.sync(1)
        await keep_custody(federation, 2)
        for actor in ("host/duty_officer", "sending/approver"):
            await asyncio.gather(*(federation.say(actor, s, approved) for s in some))
        await federation.sync(2)
    for subject in subjects:
        for node in federation.links.nodes.values():
            state = custody.movement_state(node, subject)
            terms = node.terms()
            assert terms is not None
            assert all(in_force(terms, sealing) for sealing in state.sealings.values())


if __name__ == "__main__":
    command("sealing", run)
