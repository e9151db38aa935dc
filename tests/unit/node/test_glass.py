"""Break-glass between nodes: the peer is cut off, officers give, it opens, and the peer sees it when it is back."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import msgspec
import pytest

from safeconduct.core.acts import (
    Act,
    CompartmentSealed,
    GlassAsked,
    GlassGiven,
    GlassObjected,
    offer,
)
from safeconduct.core.disclosure import give_piece, open_piece
from safeconduct.core.record import IncidentState, MovementState
from safeconduct.errors import CheckFailed, Refused
from safeconduct.node import commands, orders, queries
from safeconduct.node.custody import sealed_act
from safeconduct.node.glass import escrow_of
from safeconduct.testing import (
    HOUR,
    MINUTE,
    MOVEMENT,
    OFFICERS,
    Federation,
    asked_for,
    authority,
    come_to,
    content_of,
    glass_terms,
    keep_custody,
    key,
    latest_keys,
    open_as,
    seal_as,
    sealed_movement,
)
from tests.unit.node.test_custody import AUTHOR, CONTENT, FOR_HOST, LEAD, approve, found, played

DUTY = "host/duty_officer"
CUT = {("host", "sending"), ("sending", "host")}


@asynccontextmanager
async def agreed() -> AsyncIterator[Federation]:
    async with Federation() as federation:
        await asked_for(federation, glass_terms(federation.cards.values()))
        yield federation


@asynccontextmanager
async def cut_off() -> AsyncIterator[tuple[Federation, str]]:
    """The rendezvous sealed, in force, approved; then the sending party's node is gone, and it is due to the host."""
    async with Federation() as federation:
        await sealed_movement(
            federation, ("rendezvous", "exact", CONTENT), terms=glass_terms(federation.cards.values())
        )
        federation.links.cut = set(CUT)
        await come_to(federation, FOR_HOST)
        yield federation, content_of(federation)


async def ask(federation: Federation, content: str) -> None:
    for actor in (DUTY, LEAD):
        await federation.say(
            actor, MOVEMENT, GlassAsked(content=content, party="sending", reason="no answer since 04:10")
        )


def piece(federation: Federation, content: str, officer: str, party: str = "host") -> GlassGiven:
    """An officer's piece of the sending party's share, for the node of another."""
    node = federation.node(party)
    state = node.memory.state(MOVEMENT)
    assert isinstance(state, MovementState)
    act = sealed_act(node, state.sealings[content])
    terms = node.terms()
    assert terms is not None
    held = open_piece(escrow_of(node, terms, act), "sending", officer, OFFICERS[officer])
    return give_piece(held, party, latest_keys(node)[party])


async def bring(federation: Federation, act: Act, actor: str = LEAD) -> None:
    node = federation.node(actor.split("/")[0])
    await commands.say(node, offer(queries.standing(node), actor, key(actor), MOVEMENT, act))


def incidents(federation: Federation, party: str) -> list[IncidentState]:
    node = federation.node(party)
    rows = node.store.subjects("incident/", before=None, limit=100)
    states = [node.memory.state(row.subject) for row in rows]
    return [state for state in states if isinstance(state, IncidentState) and state.category == "glass"]


@played
async def test_the_whole_way_with_the_peer_cut_off() -> None:
    """REC-87, SEAL-70, SEAL-77"""
    async with cut_off() as (federation, content):
        with pytest.raises(Refused, match="has not released its share"):
            await open_as(federation, LEAD, MOVEMENT, content)
        await ask(federation, content)
        federation.clock.advance(15 * MINUTE)
        await bring(federation, piece(federation, content, "anna"))
        with pytest.raises(Refused, match="has not released its share"):
            await open_as(federation, LEAD, MOVEMENT, content)
        await bring(federation, piece(federation, content, "chen"))
        assert (await open_as(federation, LEAD, MOVEMENT, content)).content == CONTENT
        (view,) = orders.order(federation.node("host"), authority(federation.node("host")), MOVEMENT).sealings
        (used,) = view.glass
        assert (sorted(used.asked), sorted(used.given), used.objected) == ([DUTY, LEAD], ["anna", "chen"], None)
        assert used.reasons[LEAD] == "no answer since 04:10"


@played
async def test_the_silent_node_sees_it_first_of_all_when_it_is_back() -> None:
    """SEAL-79: it raises the incident too, before it says anything else about the order."""
    async with cut_off() as (federation, content):
        await ask(federation, content)
        await keep_custody(federation, 1)
        assert [[mark.party for mark in one.raised] for one in incidents(federation, "host")] == [["host"]]
        federation.clock.advance(15 * MINUTE)
        for officer in ("anna", "bilal"):
            await bring(federation, piece(federation, content, officer))
        await open_as(federation, LEAD, MOVEMENT, content)
        said = federation.stores["sending"].size("sending")
        federation.links.cut = set()
        federation.clock.advance(10_000)
        await federation.sync()
        await keep_custody(federation, 2)
        rows = federation.stores["sending"].rows("sending", said, federation.stores["sending"].size("sending"))
        kinds = [row.kind for row in rows if row.kind != "record.received"]
        assert kinds[0] == "incident.raised"
        (one,) = incidents(federation, "sending")
        assert (one.about, {mark.party for mark in one.raised}) == ("host", {"host", "sending"})
        assert "sending" in one.account
        theirs = found(federation, "exact", "sending")
        assert (set(theirs.opened), set(theirs.glass["sending"]["host"].given)) == ({LEAD}, {"anna", "bilal"})


@played
async def test_each_request_is_one_incident_of_each_node() -> None:
    """SEAL-79"""
    async with cut_off() as (federation, content):
        await ask(federation, content)
        federation.links.cut = set()
        federation.clock.advance(10_000)
        await federation.sync()
        await keep_custody(federation, 4)
        (one,) = incidents(federation, "host")
        assert sorted(mark.party for mark in one.raised) == ["host", "sending"]


@played
async def test_a_piece_of_another_content_does_not_fit_and_is_not_logged() -> None:
    """SEAL-77"""
    async with agreed() as federation:
        for compartment in ("rendezvous", "manifest"):
            await seal_as(federation, AUTHOR, MOVEMENT, compartment, CONTENT)
        await federation.sync()
        await keep_custody(federation)
        await approve(federation)
        federation.links.cut = set(CUT)
        await come_to(federation, FOR_HOST)
        state = federation.node("host").memory.state(MOVEMENT)
        assert isinstance(state, MovementState)
        contents = {sealing.compartment: sealing.content for sealing in state.sealings.values()}
        await ask(federation, contents["rendezvous"])
        federation.clock.advance(15 * MINUTE)
        other = piece(federation, contents["manifest"], "anna")
        swapped = msgspec.structs.replace(other, content=contents["rendezvous"])
        own = piece(federation, contents["rendezvous"], "anna")
        before = federation.stores["host"].size("host")
        with pytest.raises(CheckFailed):
            await bring(federation, swapped)
        with pytest.raises(CheckFailed):
            await bring(federation, msgspec.structs.replace(own, officer="bilal"))
        with pytest.raises(CheckFailed, match="sealed to a key of host"):
            await bring(federation, msgspec.structs.replace(own, to="ab" * 32))
        with pytest.raises(Refused, match="was sealed for this movement"):
            await bring(federation, msgspec.structs.replace(own, content="ab" * 32))
        assert federation.stores["host"].size("host") == before
        await bring(federation, own)


@played
async def test_an_objection_of_the_party_that_is_there_after_all_stops_it() -> None:
    """REC-86"""
    async with cut_off() as (federation, content):
        await ask(federation, content)
        federation.links.cut = set()
        federation.clock.advance(10_000)
        await federation.sync()
        await bring(federation, GlassObjected(content=content, reason="we are here"), "sending/approver")
        await federation.sync()
        federation.clock.advance(15 * MINUTE)
        with pytest.raises(Refused, match="have since it objected"):
            await bring(federation, piece(federation, content, "anna"))


@played
async def test_without_the_escrow_a_content_is_not_in_force() -> None:
    """SEAL-74, SEAL-75"""

    def other(act: CompartmentSealed) -> CompartmentSealed:
        return msgspec.structs.replace(act, escrow="ab" * 32)

    def without(act: CompartmentSealed) -> CompartmentSealed:
        return msgspec.structs.replace(act, escrow=None)

    async with agreed() as federation:
        with pytest.raises(CheckFailed, match="expected escrow"):
            await seal_as(federation, AUTHOR, MOVEMENT, "rendezvous", CONTENT, change=other)
        with pytest.raises(Refused, match="shares are kept for officers"):
            await seal_as(federation, AUTHOR, MOVEMENT, "rendezvous", CONTENT, change=without)

        def withheld(_: str, __: str, what: str, answer: object) -> object:
            return b"something else" if what == "blob" and answer == escrow else answer

        await seal_as(federation, AUTHOR, MOVEMENT, "rendezvous", CONTENT)
        digest = found(federation, "exact", "sending").escrow
        escrow = federation.vaults["sending"].kept(digest or "")
        federation.links.tamper = withheld
        await federation.sync()
        await keep_custody(federation)
        assert found(federation, "exact").checked == {"sending": True}
        federation.links.tamper = None
        federation.clock.advance(HOUR)
        await keep_custody(federation)
        assert found(federation, "exact").checked == {"host": True, "sending": True}
        assert federation.vaults["host"].kept(digest or "") == escrow
