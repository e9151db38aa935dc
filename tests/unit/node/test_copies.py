"""The node as one hand of several: what it commits to, delivers and opens by itself, and what it shows to whom."""

from __future__ import annotations

import asyncio

from safeconduct.core.record import CopiesState
from safeconduct.core.statement import encode
from safeconduct.node import copies
from safeconduct.testing import Desks, Federation, keep_copies
from safeconduct.testing.copies import OTHER_PANEL, PANEL


def state_of(federation: Federation, party: str = "host", order: str = "m1") -> CopiesState:
    state = federation.node(party).memory.state(f"copies/{order}")
    assert isinstance(state, CopiesState)
    return state


def test_both_hands_commit_and_deliver_and_every_reader_merges_another_copy() -> None:
    """CAN-27"""

    async def run() -> None:
        async with Federation() as federation:
            desks = await Desks.open(federation)
            content = await desks.deliver()
            state = state_of(federation)
            assert (sorted(state.committed), sorted(state.delivered)) == (["host", "sending"], ["host", "sending"])
            assert state == state_of(federation, "sending")
            texts = [await desks.receive(actor, content) for actor in desks.readers().values()]
            assert len(set(texts)) == len(texts) == 4

    asyncio.run(run())


def test_a_leak_is_traced_alike_on_both_nodes() -> None:
    async def run() -> None:
        async with Federation() as federation:
            desks = await Desks.open(federation)
            for order in ("m1", "m2", "m3"):
                await desks.deliver(order)
            told = {order: copies_text(federation, "host/reader-0", order) for order in ("m1", "m2", "m3")}
            for order, text in told.items():
                await desks.find(text, order)
            await keep_copies(federation)
            texts = [text.encode() for text in told.values()]
            one = copies.traced(federation.node("host"), PANEL, "l1", texts)
            other = copies.traced(federation.node("sending"), OTHER_PANEL, "l1", texts)
            assert encode(one) == encode(other)
            assert one.trace is not None
            assert [one.readers[r] for s in one.trace.named for r in s.recipients] == ["host/reader-0"]

    asyncio.run(run())


def copies_text(federation: Federation, actor: str, order: str) -> str:
    from safeconduct.testing import opened_copy

    return opened_copy(federation, actor, order)
