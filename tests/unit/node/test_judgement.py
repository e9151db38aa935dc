"""Nodes state what they make of the record, and see at once who judges otherwise."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Awaitable, Callable

from safeconduct.core.acts import (
    ActorEnrolled,
    FindingsStated,
    MovementApproved,
    MovementCancelled,
    MovementRequested,
)
from safeconduct.core.agreement import Outcome
from safeconduct.core.record import FindingsState, IncidentState
from safeconduct.core.statement import digest
from safeconduct.node import judgement, sync
from safeconduct.node.append import say_as_node
from safeconduct.node.limits import FINDINGS_EVERY_MS
from safeconduct.node.node import Node
from safeconduct.testing import MOVEMENT, Federation, key, small_plan


def play(scenario: Callable[[Federation], Awaitable[None]]) -> None:
    """Run a scenario on two nodes with an agreement in force and one movement asked for."""

    async def run() -> None:
        async with Federation() as federation:
            await federation.agree()
            await federation.say("sending/journey_manager", MOVEMENT, MovementRequested(plan=small_plan()))
            await federation.sync()
            await scenario(federation)

    asyncio.run(run())


async def states(federation: Federation) -> None:
    """A minute later every node states its findings, and everybody has it."""
    federation.clock.advance(FINDINGS_EVERY_MS)
    for node in federation.links.nodes.values():
        await judgement.state_findings(node)
    await federation.sync()
    for node in federation.links.nodes.values():
        await judgement.compare_findings(node)


def of(node: Node, peer: str) -> tuple[bool | None, int]:
    judged = node.statuses[peer].judgement
    assert judged is not None
    return judged.agrees, judged.count


def test_two_nodes_that_judge_alike_see_that_they_agree() -> None:
    """AG-50, AG-106"""

    async def scenario(federation: Federation) -> None:
        await states(federation)
        assert [of(federation.node("host"), "sending"), of(federation.node("sending"), "host")] == [
            (True, 2),
            (True, 2),
        ]

    play(scenario)


def test_what_was_said_since_does_not_disturb_the_comparison() -> None:
    """AG-106: findings are of the sizes in the statement's `after`."""

    async def scenario(federation: Federation) -> None:
        host = federation.node("host")
        federation.clock.advance(FINDINGS_EVERY_MS)
        await judgement.state_findings(host)
        await federation.say("host/duty_officer", MOVEMENT, MovementApproved(plan=digest(small_plan())))
        await federation.say("sending/journey_manager", MOVEMENT, MovementCancelled(reason="not needed"))
        await federation.sync()
        await judgement.compare_findings(federation.node("sending"))
        assert of(federation.node("sending"), "host") == (True, 2)

    play(scenario)


def test_a_node_that_states_other_findings_is_seen_with_what_explains_ours() -> None:
    """AG-106: the smallest set of statements behind a finding, and an incident on the record."""

    async def scenario(federation: Federation) -> None:
        host, sending = federation.node("host"), federation.node("sending")
        federation.clock.advance(FINDINGS_EVERY_MS)
        listed = f"{MOVEMENT} {'ab' * 32}\n".encode()
        lie = hashlib.sha256(listed).hexdigest()
        host.stated = {lie: listed}
        act = FindingsStated(as_of=host.clock.now(), digest=lie, count=1)
        await say_as_node(host, act, "findings/host")
        await federation.sync()
        await judgement.compare_findings(sending)
        judged = sending.statuses["host"].judgement
        assert judged is not None
        (difference,) = judged.differences
        request = next(row.id for row in sending.store.about(MOVEMENT))
        assert (judged.agrees, difference.subject, {why for _, why in difference.ours}, difference.peers) == (
            False,
            MOVEMENT,
            {(request,)},
            (),
        )
        incident = sending.memory.state(f"incident/{judged.statement[:32]}")
        assert isinstance(incident, IncidentState)
        assert (incident.about, incident.category) == ("host", "judgement")

    play(scenario)


def test_a_peer_that_does_not_show_its_list_is_seen_to_differ() -> None:
    """AG-106"""

    async def scenario(federation: Federation) -> None:
        host, sending = federation.node("host"), federation.node("sending")
        act = FindingsStated(as_of=host.clock.now(), digest="ab" * 32, count=1)
        await say_as_node(host, act, "findings/host")
        await federation.sync()
        await judgement.compare_findings(sending)
        assert of(sending, "host") == (False, 1)

    play(scenario)


def test_findings_that_the_peer_shows_stand_beside_ours() -> None:
    """AG-106"""

    async def scenario(federation: Federation) -> None:
        host, sending = federation.node("host"), federation.node("sending")
        federation.clock.advance(FINDINGS_EVERY_MS)
        await judgement.state_findings(host)
        other = host.stated[next(d for d, data in host.stated.items() if data.startswith(b"["))]
        changed = other.replace(b'"pending"', b'"breached"')
        changed_digest = hashlib.sha256(changed).hexdigest()
        listed = f"{MOVEMENT} {changed_digest}\n".encode()
        host.stated = {hashlib.sha256(listed).hexdigest(): listed, changed_digest: changed}
        act = FindingsStated(as_of=host.clock.now(), digest=hashlib.sha256(listed).hexdigest(), count=2)
        await say_as_node(host, act, "findings/host")
        await federation.sync()
        await judgement.compare_findings(sending)
        judged = sending.statuses["host"].judgement
        assert judged is not None
        assert {f.outcome for f in judged.differences[0].peers} == {Outcome.BREACHED}

    play(scenario)


def test_nothing_is_stated_while_only_nodes_speak() -> None:
    """AG-106: no ping-pong."""

    async def scenario(federation: Federation) -> None:
        await states(federation)
        sizes = [node.memory.after() for node in federation.links.nodes.values()]
        for _ in range(3):
            await states(federation)
        assert [node.memory.after() for node in federation.links.nodes.values()] == sizes

    play(scenario)


def test_nothing_is_stated_before_its_time() -> None:
    """AG-106"""

    async def scenario(federation: Federation) -> None:
        host = federation.node("host")
        await states(federation)
        await federation.say("host/duty_officer", MOVEMENT, MovementApproved(plan=digest(small_plan())))
        before = host.memory.after()["host"]
        federation.clock.advance(FINDINGS_EVERY_MS - 1)
        await judgement.state_findings(host)
        assert host.memory.after()["host"] == before
        federation.clock.advance(1)
        await judgement.state_findings(host)
        assert host.memory.after()["host"] == before + 1

    play(scenario)


def test_a_law_that_changed_since_is_waited_for() -> None:
    """AG-106: findings by another law cannot be compared here."""

    async def scenario(federation: Federation) -> None:
        host, sending = federation.node("host"), federation.node("sending")
        federation.clock.advance(FINDINGS_EVERY_MS)
        await judgement.state_findings(host)
        enrolled = ActorEnrolled(key=key("sending/new").public.text, roles=("journey_manager",))
        await federation.say("sending/authority", "actor/sending/new", enrolled)
        await federation.sync()
        await judgement.compare_findings(sending)
        assert of(sending, "host") == (None, 2)

    play(scenario)


def test_receipts_beyond_the_cut_do_not_count() -> None:
    """AG-106, AG-64: what the peer shows to have had later was not known then."""

    async def scenario(federation: Federation) -> None:
        sending = federation.node("sending")
        federation.clock.advance(2_000)
        await sync.say_receipts(federation.node("host"))
        await federation.sync()
        cut = {"sending": sending.memory.after()["sending"], "host": 0}
        found = await judgement.findings_at(sending, cut, sending.clock.now())
        now = await judgement.findings_at(sending, sending.memory.after(), sending.clock.now())
        evidence = [len(next(f for f in each[MOVEMENT] if f.clause == "T-1").evidence) for each in (found, now)]
        assert evidence == [1, 2]

    play(scenario)


def test_a_statement_of_findings_is_the_state_of_its_subject() -> None:
    """REC-44"""

    async def scenario(federation: Federation) -> None:
        await states(federation)
        state = federation.node("sending").memory.state("findings/host")
        assert isinstance(state, FindingsState)
        assert (state.count, state.mark.party) == (2, "host")

    play(scenario)
