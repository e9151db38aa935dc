"""Audits of whole logs, honest and not."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable

import pytest

from safeconduct.core.acts import ActorEnrolled, MovementApproved, MovementRequested
from safeconduct.core.audit import Audit, Chunk, LogFile, audit_logs
from safeconduct.core.log import sign_checkpoint
from safeconduct.core.statement import digest
from safeconduct.node import queries
from safeconduct.testing import Federation, append_rogue, authority, key, keys_of, small_plan

PLAN = small_plan()


def logs_of(federation: Federation, party: str, *, pieces: int = 1_000) -> list[LogFile]:
    store = federation.stores[party]
    logs = []
    for other, card in federation.cards.items():
        entries = [row.entry for row in store.rows(other, 0, store.size(other))]
        notes = [store.checkpoint(other) or b""]
        for by in federation.cards:
            given = store.cosignature(other, by, "mirror") if by != other else None
            if given is not None:
                notes.append(given.note)
        chunks = [entries[at : at + pieces] for at in range(0, len(entries), pieces)]
        logs.append(LogFile(card=card, notes=notes, chunks=chunks))
    return logs


def audit_of(federation: Federation, party: str, *, pieces: int = 1_000) -> Audit:
    node = federation.node(party)
    return audit_logs(logs_of(federation, party, pieces=pieces), node.memory.texts, as_of=federation.clock.now())


def play(scenario: Callable[[Federation], Awaitable[None]]) -> None:
    async def whole() -> None:
        async with Federation() as federation:
            await federation.agree()
            await federation.say("sending/journey_manager", "movement/m1", MovementRequested(plan=PLAN))
            await federation.sync()
            await federation.say("host/duty_officer", "movement/m1", MovementApproved(plan=digest(PLAN)))
            await federation.sync()
            await scenario(federation)

    asyncio.run(whole())


def test_an_honest_record_has_no_problems_and_the_nodes_digest() -> None:
    """AUD-1, AUD-7, AUD-8"""

    async def scenario(federation: Federation) -> None:
        audit = audit_of(federation, "host")
        assert (audit.problems, audit.digest) == ((), queries.health(federation.node("sending")).digest)
        assert audit.findings == tuple(queries.findings(federation.node("host"), authority(federation.node("host"))))

    play(scenario)


def test_cosignatures_are_listed_with_their_time() -> None:
    """AUD-2"""

    async def scenario(federation: Federation) -> None:
        log = next(log for log in audit_of(federation, "host").logs if log.party == "host")
        assert log.cosigned == (("sending.example/mirror", log.size, federation.clock.now() // 1000),)

    play(scenario)


@pytest.mark.parametrize("pieces", [1, 2, 3, 7])
def test_the_result_does_not_depend_on_how_entries_are_cut(pieces: int) -> None:
    """AUD-9"""

    async def scenario(federation: Federation) -> None:
        assert audit_of(federation, "host", pieces=pieces) == audit_of(federation, "host")

    play(scenario)


def test_a_chunk_that_meets_a_key_before_it_was_learned_is_looked_at_again() -> None:
    """AUD-9: all chunks may be cut before the first is answered, as a pool of processes does."""

    async def scenario(federation: Federation) -> None:
        def eager(check: Callable[[Chunk], bytes], chunks: Iterable[Chunk]) -> Iterable[bytes]:
            return [check(chunk) for chunk in list(chunks)]

        logs = logs_of(federation, "host", pieces=1)
        texts = federation.node("host").memory.texts
        assert audit_logs(logs, texts, parallel=eager) == audit_logs(logs_of(federation, "host"), texts)

    play(scenario)


@pytest.mark.parametrize("index", [0, 3, -1])
def test_an_altered_entry_breaks_the_root_and_its_signature(index: int) -> None:
    """AUD-2, AUD-3"""

    async def scenario(federation: Federation) -> None:
        host, sending = logs_of(federation, "host")
        entries = list(next(iter(host.chunks)))
        middle = len(entries[index]) // 2
        flipped = bytes([entries[index][middle] ^ 1])
        entries[index] = entries[index][:middle] + flipped + entries[index][middle + 1 :]
        audit = audit_logs(
            [LogFile(card=host.card, notes=host.notes, chunks=[entries]), sending], federation.node("host").memory.texts
        )
        assert any("it signed another root" in problem for problem in audit.problems)
        assert any("is void" in problem for problem in audit.problems)

    play(scenario)


def test_a_dropped_tail_shows_as_another_root() -> None:
    """AUD-2: what was signed once cannot be left out later."""

    async def scenario(federation: Federation) -> None:
        host, sending = logs_of(federation, "host")
        shorter = [list(next(iter(host.chunks)))[:-1]]
        audit = audit_logs(
            [LogFile(card=host.card, notes=host.notes, chunks=shorter), sending], federation.node("host").memory.texts
        )
        assert any("it signed another root" in problem for problem in audit.problems)

    play(scenario)


def test_entries_behind_the_last_checkpoint_are_reported() -> None:
    """AUD-4"""

    async def scenario(federation: Federation) -> None:
        host, sending = logs_of(federation, "host")
        more = [[*next(iter(host.chunks)), b"{}"]]
        audit = audit_logs(
            [LogFile(card=host.card, notes=host.notes, chunks=more), sending], federation.node("host").memory.texts
        )
        assert any("its checkpoint covers" in problem for problem in audit.problems)

    play(scenario)


def test_a_missing_log_is_reported_where_it_is_first_needed() -> None:
    """AUD-6"""

    async def scenario(federation: Federation) -> None:
        host, _ = logs_of(federation, "host")
        audit = audit_logs([host], federation.node("host").memory.texts)
        assert any("names causes that no log here has" in problem for problem in audit.problems)

    play(scenario)


def test_a_checkpoint_by_another_key_is_reported() -> None:
    """AUD-2"""

    async def scenario(federation: Federation) -> None:
        host, sending = logs_of(federation, "host")
        forged = sign_checkpoint("host.example/log", 3, b"\x01" * 32, keys_of("sending").log).note.encode()
        audit = audit_logs(
            [LogFile(card=host.card, notes=[*host.notes, forged], chunks=host.chunks), sending],
            federation.node("host").memory.texts,
        )
        assert any("a checkpoint does not hold" in problem for problem in audit.problems)

    play(scenario)


def test_void_entries_and_refused_statements_are_told_apart() -> None:
    """AUD-3, REC-9, REC-11"""

    async def scenario(federation: Federation) -> None:
        append_rogue(federation.node("host"), [b"{}"])
        await federation.say(
            "sending/authority", "actor/sending/x", ActorEnrolled(key=key("x").public.text, roles=("approver",))
        )
        await federation.sync()
        audit = audit_of(federation, "sending")
        assert [(log.party, len(log.void)) for log in audit.logs] == [("host", 1), ("sending", 0)]
        assert (audit.without_effect, audit.digest) == ((), queries.health(federation.node("host")).digest)

    play(scenario)
