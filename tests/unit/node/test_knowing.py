"""What an inquiry asks of a node: several movements, each with its moment, and what they have in common."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from safeconduct.core.acts import CompartmentTold, MovementRequested
from safeconduct.core.disclosure import Content
from safeconduct.errors import InputInvalid, NotFound
from safeconduct.node import knowing, orders
from safeconduct.node.knowing import Fact, Inquiry
from safeconduct.testing import (
    HOUR,
    START,
    Federation,
    authority,
    come_to,
    content_of,
    open_as,
    seal_as,
    sealed_movement,
    small_plan,
)

AUTHOR = "sending/journey_manager"
LEAD = "host/escort_lead"
MOVEMENTS = ("movement/m1", "movement/m2", "movement/m3")


def played(look: Callable[[Federation], Awaitable[None]]) -> None:
    """Three movements with their rendezvous sealed, approved and given to the host; two were opened by the lead."""

    async def run() -> None:
        async with Federation() as federation:
            part = ("rendezvous", "exact", Content(text="gate 2"))
            await sealed_movement(federation, part, subjects=MOVEMENTS[:2])
            await federation.say(AUTHOR, MOVEMENTS[2], MovementRequested(plan=small_plan()))
            await seal_as(federation, AUTHOR, MOVEMENTS[2], part[0], part[2])
            await federation.sync()
            await come_to(federation, 28 * HOUR)
            for subject in MOVEMENTS[:2]:
                await open_as(federation, LEAD, subject, content_of(federation, subject=subject))
            federation.clock.advance(1_000)
            await federation.sync()
            await look(federation)

    asyncio.run(run())


def asked(federation: Federation, *subjects: str, before: int | None = None, party: str = "sending") -> Inquiry:
    facts = [Fact(subject=subject, compartment="rendezvous", before=before) for subject in subjects]
    return knowing.inquire(federation.node(party), authority(federation.node(party)), facts)


@pytest.mark.slow
def test_a_leak_of_two_movements_leaves_who_could_have_known_both() -> None:
    """KNEW-10, KNEW-11, KNEW-13: of the third, which nobody approved, only its author."""

    async def look(federation: Federation) -> None:
        two = asked(federation, *MOVEMENTS[:2])
        assert [one.who for one in two.common] == [LEAD, "host/node", AUTHOR]
        three = asked(federation, *MOVEMENTS)
        assert [(one.who, one.knew, one.of, one.missed) for one in three.common] == [
            (AUTHOR, 3, 3, ()),
            (LEAD, 2, 3, (2,)),
            ("host/node", 2, 3, (2,)),
        ]
        assert three == asked(federation, *MOVEMENTS, party="host")
        assert [one.who for one in asked(federation, MOVEMENTS[0], before=START + HOUR).facts[0].knowers] == [AUTHOR]

    played(look)


@pytest.mark.slow
def test_whom_somebody_told_is_there_with_who_told_them() -> None:
    """KNEW-5, REC-70"""

    async def look(federation: Federation) -> None:
        content = (
            orders.order(federation.node("host"), authority(federation.node("host")), MOVEMENTS[0]).sealings[0].content
        )
        await federation.say(LEAD, MOVEMENTS[0], CompartmentTold(content=content, to="gate guard"))
        await federation.sync()
        federation.clock.advance(1_000)
        (known,) = asked(federation, MOVEMENTS[0]).facts
        (guard,) = (knower for knower in known.knowers if knower.who == "gate guard")
        assert [(way.how, way.by) for way in guard.ways] == [("told", LEAD)]
        assert orders.order(federation.node("host"), authority(federation.node("host")), MOVEMENTS[0]).sealings[
            0
        ].told.keys() == {"gate guard"}

    played(look)


@pytest.mark.slow
def test_what_was_never_sealed_says_so_and_what_nobody_agreed_on_is_refused() -> None:
    """KNEW-14, KNEW-15"""

    async def look(federation: Federation) -> None:
        node = federation.node("host")
        known = knowing.inquire(node, authority(node), [Fact(subject=MOVEMENTS[0], compartment="manifest")]).facts[0]
        assert (known.is_sealed, known.knowers, known.is_departure) == (False, (), False)
        assert [one.compartment for one in knowing.who_knew(node, authority(node), MOVEMENTS[0])] == ["rendezvous"]
        with pytest.raises(InputInvalid, match="expected a compartment of the agreement"):
            knowing.inquire(node, authority(node), [Fact(subject=MOVEMENTS[0], compartment="kitchen")])
        with pytest.raises(NotFound):
            knowing.who_knew(node, authority(node), "movement/m9")
        assert "gate 2" not in str(asked(federation, *MOVEMENTS))

    played(look)
