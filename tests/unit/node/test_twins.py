"""The leak check reads for its viewer what the viewer has read on the record, and counts the rest."""

from __future__ import annotations

import pytest

from safeconduct.core.acts import MovementRequested
from safeconduct.core.disclosure import Content, ItemContent, Place, sanitised
from safeconduct.errors import NotFound, Refused
from safeconduct.node import items, twins
from safeconduct.node.twins import CheckAsked, CheckFound
from safeconduct.testing import (
    HOUR,
    MOVEMENT,
    START,
    Federation,
    come_to,
    content_of,
    keep_items,
    open_as,
    open_item_as,
    seal_as,
    share_as,
    small_plan,
    viewer_of,
)
from tests.unit.node.test_custody import approve, played
from tests.unit.node.test_items import APPROVER, DUTY, ITEM, LEAD, UNIT, agreed

GATE = Place(latitude_e7=248_949_000, longitude_e7=671_580_000, name="gate 2")
SOURCE = ItemContent(title="a van", text="A white van waits there.", source="a shopkeeper", at=START, places=(GATE,))
TWIN = sanitised(SOURCE, title="vehicle seen", text="Keep away.", metres=500, minutes=60)


async def check(federation: Federation, actor: str = DUTY, recipients: tuple[str, ...] = ("approver",)) -> CheckFound:
    asked = CheckAsked(source=ITEM, content=TWIN, recipients=recipients, metres=500, minutes=60)
    return await twins.check_item(federation.node(actor.split("/")[0]), viewer_of(federation, actor), asked)


@played
async def test_what_the_receiver_holds_is_compared_and_what_was_not_read_is_counted() -> None:
    """ITEM-28"""
    async with agreed() as federation:
        await share_as(federation, DUTY, ITEM, SOURCE, recipients=("unit",))
        assert (await check(federation)) == CheckFound(overlaps=(), compared=0, unread=0)
        held = ItemContent(title="roads", places=(GATE,), at=START + 60_000)
        await share_as(federation, LEAD, "item/h1", held, recipients=("approver", "duty_officer"))
        assert (await check(federation)) == CheckFound(overlaps=(), compared=0, unread=1)
        shared = items.item_state(federation.node("host"), "item/h1")
        assert shared is not None
        await open_item_as(federation, DUTY, "item/h1", shared.content)
        found = await check(federation)
        assert ([(one.kind, one.of) for one in found.overlaps], found.compared, found.unread) == (
            [("place", "item/h1"), ("singled_out", "item/h1")],
            1,
            0,
        )
        assert (await check(federation, recipients=("unit",))).compared == 1


@played
async def test_a_check_is_for_whoever_may_read_the_source_and_has() -> None:
    """ITEM-28: asked-first, as for everything that is opened."""
    async with agreed() as federation:
        act, _ = await share_as(federation, DUTY, ITEM, SOURCE, recipients=("unit", "approver"))
        await federation.sync()
        await keep_items(federation)
        with pytest.raises(NotFound, match="no item"):
            await check(federation, LEAD)
        with pytest.raises(Refused, match="has opened it before"):
            await check(federation, UNIT)
        await open_item_as(federation, UNIT, ITEM, act.content)
        assert (await check(federation, UNIT)).overlaps == ()
        with pytest.raises(Refused):
            await check(federation, APPROVER)


@played
async def test_a_compartment_that_was_released_to_the_receiver_is_compared_once_the_viewer_has_opened_it() -> None:
    """ITEM-28"""
    async with agreed() as federation:
        author = "sending/journey_manager"
        await federation.say(author, MOVEMENT, MovementRequested(plan=small_plan()))
        await federation.sync()
        await seal_as(federation, author, MOVEMENT, "rendezvous", Content(text="gate 2", places=(GATE,)))
        await federation.sync()
        await approve(federation)
        await come_to(federation, 28 * HOUR)
        await share_as(federation, LEAD, ITEM, SOURCE, recipients=("unit",))
        assert (await check(federation, LEAD, ("unit",))).unread == 1
        await open_as(federation, LEAD, MOVEMENT, content_of(federation))
        found = await check(federation, LEAD, ("unit",))
        assert ([one.of for one in found.overlaps], found.compared, found.unread) == (
            [f"{MOVEMENT} rendezvous"],
            1,
            0,
        )
