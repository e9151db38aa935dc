"""Unusual openings between nodes: each raises each case once, and the same ones."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from safeconduct.core.acts import MovementArrived, MovementAttested, MovementDeparted, MovementRequested
from safeconduct.core.agreement import AccessTerms, Compartment, Need, Release
from safeconduct.core.record import IncidentState, MovementState
from safeconduct.node import openings
from safeconduct.node.access import Viewer
from safeconduct.testing import (
    HOUR,
    MINUTE,
    MOVEMENT,
    Federation,
    authority,
    come_to,
    keep_custody,
    open_as,
    seal_as,
    sealing_terms,
    small_plan,
)
from tests.unit.node.test_custody import AUTHOR, CONTENT, LEAD, approve, played

PARTS = (
    Compartment(
        id="rendezvous",
        name={"en": "rendezvous"},
        releases=(
            Release(
                role="escort_lead",
                opens="plan.earliest - PT2H",
                needs=(Need(why={"en": "meets them there"}, begins="plan.earliest"),),
            ),
            Release(role="approver", opens="plan.earliest - PT2H"),
        ),
    ),
    Compartment(
        id="manifest",
        name={"en": "names"},
        releases=(Release(role="escort_lead", opens="plan.earliest - PT2H", needs=(Need(item="radio"),)),),
    ),
)


@asynccontextmanager
async def due(access: AccessTerms | None) -> AsyncIterator[Federation]:
    """A movement whose rendezvous and names are sealed, approved, and due to the escort lead."""
    async with Federation() as federation:
        terms = sealing_terms(federation.cards.values(), compartments=PARTS, access=access)
        await federation.agree(terms)
        await keep_custody(federation, 1)
        await federation.say(AUTHOR, MOVEMENT, MovementRequested(plan=small_plan()))
        await federation.sync()
        for part in PARTS:
            await seal_as(federation, AUTHOR, MOVEMENT, part.id, CONTENT)
        await federation.sync()
        await keep_custody(federation)
        await approve(federation)
        await come_to(federation, 28 * HOUR)
        yield federation


def content(federation: Federation, part: str) -> str:
    state = federation.node("host").memory.state(MOVEMENT)
    assert isinstance(state, MovementState)
    return next(sealing.content for sealing in state.sealings.values() if sealing.compartment == part)


async def watch(federation: Federation, rounds: int = 2) -> None:
    for _ in range(rounds):
        federation.clock.advance(2_000)
        for node in list(federation.links.nodes.values()):
            await openings.watch_openings(node)
        await federation.sync(2)


def incidents(federation: Federation, party: str) -> dict[str, list[str]]:
    """Account → who raised it, as a node has them."""
    node = federation.node(party)
    states = [node.memory.state(row.subject) for row in node.store.subjects("incident/", before=None, limit=100)]
    return {
        state.account: sorted(mark.party for mark in state.raised)
        for state in states
        if isinstance(state, IncidentState) and state.category == "opening"
    }


@played
async def test_each_node_raises_an_opening_without_a_duty_once_and_the_same() -> None:
    """ACC-34, ACC-36"""
    async with due(AccessTerms()) as federation:
        await federation.say(LEAD, MOVEMENT, MovementAttested(item="radio", holds=True))
        await open_as(federation, LEAD, MOVEMENT, content(federation, "manifest"))
        await open_as(federation, LEAD, MOVEMENT, content(federation, "rendezvous"))
        await watch(federation, 4)
        (account,) = incidents(federation, "host")
        assert "opened manifest (exact) of movement/m1" in account
        assert incidents(federation, "host") == incidents(federation, "sending") == {account: ["host", "sending"]}


@played
async def test_too_many_are_one_incident_of_each_node() -> None:
    """ACC-33, ACC-34"""
    async with due(AccessTerms(openings=1, within="PT1H")) as federation:
        for part in ("rendezvous", "manifest", "rendezvous"):
            await open_as(federation, LEAD, MOVEMENT, content(federation, part))
            await watch(federation, 1)
        await watch(federation, 3)
        (account,) = incidents(federation, "sending")
        assert account.startswith("host/escort_lead opened more than 1 sealed contents within PT1H")
        assert incidents(federation, "sending") == {account: ["host", "sending"]}


@pytest.mark.parametrize("access", [None, AccessTerms(openings=5, within="PT1H")])
def test_openings_for_a_duty_raise_nothing(access: AccessTerms | None) -> None:
    """ACC-30, ACC-35"""

    @played
    async def run() -> None:
        async with due(access) as federation:
            for part in ("rendezvous", "manifest"):
                await open_as(federation, LEAD, MOVEMENT, content(federation, part))
            await watch(federation)
            assert incidents(federation, "host") == {}

    run()


@played
async def test_a_node_that_was_started_anew_raises_nothing_again() -> None:
    """ACC-34"""
    async with due(AccessTerms()) as federation:
        await federation.say(LEAD, MOVEMENT, MovementAttested(item="radio", holds=True))
        await open_as(federation, LEAD, MOVEMENT, content(federation, "manifest"))
        await watch(federation)
        host = federation.node("host")
        host.openings_read, host.opened = {}, {}
        before = federation.stores["host"].size("host")
        await watch(federation, 1)
        rows = federation.stores["host"].rows("host", before, federation.stores["host"].size("host"))
        assert [row.kind for row in rows if row.kind == "incident.raised"] == []


@played
async def test_a_page_can_ask_which_openings_of_a_movement_are_unusual() -> None:
    """ACC-30, SIGHT-11"""
    async with due(AccessTerms()) as federation:
        for item in ("heads", "radio"):
            heads = 12 if item == "heads" else None
            await federation.say(LEAD, MOVEMENT, MovementAttested(item=item, holds=True, heads=heads))
        await federation.say(AUTHOR, MOVEMENT, MovementAttested(item="heads", holds=True, heads=12))
        await come_to(federation, 30 * HOUR)
        await federation.say("host/duty_officer", MOVEMENT, MovementAttested(item="sweep", holds=True))
        await federation.say(LEAD, MOVEMENT, MovementDeparted(heads=12))
        federation.clock.advance(MINUTE)
        await federation.say(LEAD, MOVEMENT, MovementArrived(heads=12))
        await open_as(federation, LEAD, MOVEMENT, content(federation, "rendezvous"))
        host = federation.node("host")
        cases = openings.unusual_openings(host, authority(host), MOVEMENT)
        assert [case.opening.compartment for case in cases] == ["rendezvous"]
        assert openings.unusual_openings(host, authority(host), "movement/none") == ()
        # A case names what was sealed, and who opened it.
        assert openings.unusual_openings(host, Viewer("host/unit", ("unit",)), MOVEMENT) == ()
