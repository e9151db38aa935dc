"""The node as one hand of several: what it commits to, delivers and opens by itself, and what it shows to whom."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import msgspec
import pytest

from safeconduct.core.acts import CopyRefused, MovementCancelled
from safeconduct.core.agreement import Terms
from safeconduct.core.record import CopiesState
from safeconduct.core.statement import encode
from safeconduct.errors import NotFound, Refused
from safeconduct.node import copies
from safeconduct.node.access import Viewer
from safeconduct.testing import (
    CANARIES,
    MARKS,
    SHUT_OUT,
    SHUT_OUT_TERMS,
    Desks,
    Federation,
    keep_copies,
    mark_as,
    marks_terms,
    opened_copy,
)
from safeconduct.testing.copies import OTHER_PANEL, PANEL, reading_key, with_canaries

NOBODY = Viewer("host/unit", ("unit",))


def state_of(federation: Federation, party: str = "host", order: str = "m1") -> CopiesState:
    state = federation.node(party).memory.state(f"copies/{order}")
    assert isinstance(state, CopiesState)
    return state


def with_desks(scenario: Callable[[Desks], Awaitable[None]], people: int = 4) -> None:
    async def run() -> None:
        async with Federation() as federation:
            await scenario(await Desks.open(federation, people))

    asyncio.run(run())


@pytest.mark.slow
def test_both_hands_commit_and_deliver_and_every_reader_merges_another_copy() -> None:
    """CAN-29, CAN-32, CAN-33"""

    async def scenario(desks: Desks) -> None:
        content = await desks.deliver()
        state = state_of(desks.federation)
        assert (sorted(state.committed), sorted(state.delivered)) == (["host", "sending"], ["host", "sending"])
        assert state == state_of(desks.federation, "sending")
        texts = [await desks.receive(actor, content) for actor in desks.readers().values()]
        assert len(set(texts)) == len(texts) == 4

    with_desks(scenario)


@pytest.mark.slow
def test_what_each_hand_chose_is_in_no_statement() -> None:
    """CAN-31: nor in any blob, in the clear."""

    async def scenario(desks: Desks) -> None:
        await desks.deliver()
        for party in ("host", "sending"):
            node = desks.federation.node(party)
            seed = copies._variants(node, "copies/m1", desks.slots.digest, state_of(desks.federation).recipients).seed
            said = b"".join(row.entry for p in ("host", "sending") for row in node.store.rows(p, 0, node.store.size(p)))
            blobs = [node.store.blob(line.halves) or b"" for line in state_of(desks.federation).delivered.values()]
            assert not any(seed in data or b"host_0" in data for data in blobs)
            assert seed not in said

    with_desks(scenario)


@pytest.mark.slow
def test_nothing_is_committed_to_for_a_movement_that_is_not_approved() -> None:
    """CAN-32"""

    async def scenario(desks: Desks) -> None:
        await desks.request()
        cancelled = MovementCancelled(reason="rain")
        await desks.federation.say("sending/journey_manager", "movement/m1", cancelled)
        await desks.federation.sync()
        await keep_copies(desks.federation)
        assert desks.federation.node("host").memory.state("copies/m1") is None
        assert desks.federation.node("host").memory.copies.due(2**60) == []

    with_desks(scenario)


def test_an_order_for_nobody_with_a_reading_key_waits_for_one() -> None:
    """CAN-32"""

    async def scenario(desks: Desks) -> None:
        await desks.request()
        await keep_copies(desks.federation)
        host = desks.federation.node("host")
        assert (host.memory.state("copies/m1"), host.memory.copies.due(2**60)) == (None, ["copies/m1"])

    with_desks(scenario, people=0)


@pytest.mark.slow
def test_a_node_that_has_said_all_looks_at_nothing_more() -> None:
    """CAN-32: until something is said of the order."""

    async def scenario(desks: Desks) -> None:
        await desks.deliver()
        await keep_copies(desks.federation)
        assert [desks.federation.node(party).memory.copies.due(2**60) for party in ("host", "sending")] == [[], []]

    with_desks(scenario)


@pytest.mark.slow
def test_a_leak_is_traced_alike_on_both_nodes() -> None:
    """CAN-41"""

    async def scenario(desks: Desks) -> None:
        federation = desks.federation
        told = {}
        for order in ("m1", "m2", "m3"):
            await desks.deliver(order)
            told[order] = opened_copy(federation, "host/reader-0", order)
            await desks.find(told[order], order)
        await keep_copies(federation)
        texts = [text.encode() for text in told.values()]
        one = copies.traced(federation.node("host"), PANEL, "l1", texts)
        other = copies.traced(federation.node("sending"), OTHER_PANEL, "l1", texts)
        assert encode(one) == encode(other)
        assert one.trace is not None
        assert [one.readers[r] for s in one.trace.named for r in s.recipients] == ["host/reader-0"]

    with_desks(scenario)


@pytest.mark.slow
def test_nobody_but_the_panel_is_shown_that_there_was_a_leak() -> None:
    """CAN-43"""

    async def scenario(desks: Desks) -> None:
        await desks.deliver()
        await desks.find("red host 0", "m1")
        node = desks.federation.node("host")
        (view,) = copies.leaks(node, PANEL)
        assert (view.leak, [order.order for order in view.orders], view.orders[0].asked) == (
            "l1",
            ["m1"],
            ("host/duty_officer", "sending/security_manager"),
        )
        for ask in (lambda v: copies.leaks(node, v), lambda v: copies.slot_lists(node, v)):
            with pytest.raises(NotFound):
                ask(NOBODY)
        said = []
        for viewer, leak in ((NOBODY, "l1"), (PANEL, "l2")):
            with pytest.raises(NotFound) as refused:
                copies.case(node, viewer, leak)
            said.append(str(refused.value).replace("l2", "l1"))
        assert said[0] == said[1]
        with pytest.raises(NotFound, match="no copy of 'm1' here"):
            copies.own_copy(node, NOBODY, "copies/m1")

    with_desks(scenario)


@pytest.mark.slow
def test_of_a_movement_that_is_hidden_the_copies_and_their_leak_are_hidden_too() -> None:
    """CAN-45, SIGHT-15: from a reader who is of the panel as well; the rest of the panel goes on."""

    async def scenario() -> None:
        async with Federation() as federation:
            desks = await Desks.open(federation, 2, _terms_with_a_lead_to_shut_out(federation))
            content = await desks.deliver()
            await desks.find("red host 0", "m1")
            await keep_copies(federation)
            node, lead = federation.node("host"), Viewer("host/reader-0", ("escort_lead",))
            assert copies.own_copy(node, lead, "copies/m1").recipient
            assert copies.leaks(node, lead) == copies.leaks(node, PANEL) != []
            assert copies.case(node, lead, "l1") == copies.case(node, PANEL, "l1")
            hides = msgspec.structs.replace(SHUT_OUT, unit="escort_lead")
            await mark_as(federation, "sending/security_manager", hides)
            await federation.sync()
            with pytest.raises(NotFound, match="no copy of 'm1' here"):
                copies.own_copy(node, lead, "copies/m1")
            assert (copies.leaks(node, lead), copies.leaks(node, PANEL) != []) == ([], True)
            with pytest.raises(NotFound, match="no leak 'l1' here"):
                copies.case(node, lead, "l1")
            assert copies.case(node, PANEL, "l1").orders
            # What the record would take is taken even of what is hidden; what it refuses, as if it were not there.
            recipient = reading_key("host/reader-0").public.key_id
            unfit = CopyRefused(content=content, recipient=recipient, party="third", reason="does not open")
            with pytest.raises(Refused, match="no recipient of this order"):
                await federation.say("host/reader-0", "copies/m1", unfit)

    asyncio.run(scenario())


def _terms_with_a_lead_to_shut_out(federation: Federation) -> Terms:
    """Marks that may hide from leads, who are of the panel too."""
    terms = with_canaries(
        marks_terms(federation.cards.values()),
        canaries=msgspec.structs.replace(CANARIES, panel=(*CANARIES.panel, "escort_lead")),
        marks=msgspec.structs.replace(MARKS, shut_out=msgspec.structs.replace(SHUT_OUT_TERMS, units=("escort_lead",))),
    )
    roles = tuple(
        msgspec.structs.replace(role, may=(*role.may, "seed.asked")) if role.id == "escort_lead" else role
        for role in terms.roles
    )
    return msgspec.structs.replace(terms, roles=roles)


def test_slot_lists_come_with_who_has_signed_them() -> None:
    """REC-120"""

    async def scenario(desks: Desks) -> None:
        (view,) = copies.slot_lists(desks.federation.node("host"), PANEL)
        assert (view.digest, view.signed_by, view.usable, view.list) == (
            desks.slots.digest,
            ("host", "sending"),
            True,
            desks.slots,
        )

    with_desks(scenario, people=0)


def test_the_law_is_read_again_whole_when_a_node_starts() -> None:
    """REC-120, REC-121"""

    async def scenario(desks: Desks) -> None:
        before = desks.federation.node("host").memory.law
        law = desks.federation.start("host").memory.law
        assert (law.slots(desks.slots.digest), law.lists) == (desks.slots, before.lists)
        assert {actor: law.reader(actor) for actor in law.members()} == {
            actor: before.reader(actor) for actor in before.members()
        }

    with_desks(scenario)
