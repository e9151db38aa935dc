"""Who is told of an item, and that everybody else hears what is said of one that is not there."""

from __future__ import annotations

import pytest

from safeconduct.core.acts import ItemOnwardAllowed, ItemOnwardAsked, ItemPassed
from safeconduct.core.disclosure import ItemContent
from safeconduct.errors import NotFound, Refused
from safeconduct.node import holdings, items
from safeconduct.node.access import Viewer
from safeconduct.testing import MINUTE, Federation, authority, open_item_as, share_as, viewer_of
from tests.unit.node.test_custody import played
from tests.unit.node.test_items import APPROVER, DUTY, ITEM, JOURNEY, LEAD, MANAGER, UNIT, agreed, shared


def answer(federation: Federation, actor: str, subject: str = ITEM) -> str:
    node = federation.node(actor.split("/")[0])
    try:
        return holdings.one_item(node, viewer_of(federation, actor), subject).row.sight
    except NotFound as error:
        return str(error).replace(subject, "…")


@played
async def test_an_item_is_told_to_whom_it_concerns_and_the_others_hear_the_same_as_of_none() -> None:
    """ITEM-13, ITEM-14"""
    async with shared() as (federation, _):
        nothing = answer(federation, APPROVER, "item/none")
        seen = {actor: answer(federation, actor) for actor in (DUTY, LEAD, UNIT, APPROVER, MANAGER, JOURNEY)}
        assert seen == {
            DUTY: "words",
            LEAD: nothing,
            UNIT: nothing,
            APPROVER: "words",
            MANAGER: nothing,
            JOURNEY: nothing,
        }
        # Whoever sees all is told that it is there (SIGHT-2), and never what it says: see the test below.
        assert [answer(federation, f"{party}/authority") for party in ("host", "sending")] == ["terms", "terms"]


@played
async def test_a_list_has_what_concerns_its_viewer() -> None:
    """ITEM-13"""
    async with shared() as (federation, _):
        federation.clock.advance(MINUTE)
        await share_as(federation, LEAD, "item/i2", ItemContent(title="t"), recipients=("unit",))
        lists = {
            actor: [row.subject for row in holdings.list_items(federation.node("host"), viewer_of(federation, actor))]
            for actor in (DUTY, LEAD, UNIT, "host/authority")
        }
        # The duty officer consents and recalls for all that the host shares.
        assert lists == {
            DUTY: ["item/i2", ITEM],
            LEAD: ["item/i2"],
            UNIT: ["item/i2"],
            "host/authority": ["item/i2", ITEM],
        }
        rows = holdings.list_items(federation.node("host"), viewer_of(federation, DUTY))
        assert [row.sight for row in rows] == ["terms", "words"]


@played
async def test_who_holds_an_item_is_told_to_its_originators_side_alone() -> None:
    """ITEM-32"""
    async with shared(recipients=("approver", "unit")) as (federation, _):
        assert holdings.holders(federation.node("host"), viewer_of(federation, DUTY), ITEM).unconfirmed == ()
        for actor in (UNIT, APPROVER, MANAGER):
            with pytest.raises(NotFound, match="no item"):
                holdings.holders(federation.node(actor.split("/")[0]), viewer_of(federation, actor), ITEM)


@played
async def test_who_sees_all_is_told_of_an_item_and_its_holders_and_neither_its_words_nor_its_twins() -> None:
    """ITEM-13, ITEM-32"""
    async with shared() as (federation, content):
        await share_as(federation, DUTY, "item/t1", ItemContent(title="t"), made_from=content)
        await federation.sync()
        host, viewer = federation.node("host"), authority(federation.node("host"))
        page = holdings.holders(host, viewer, ITEM)
        assert ([one.party for one in page.holders], page.derived) == (["host", "sending"], ())
        with pytest.raises(Refused, match="is not enrolled"):
            await open_item_as(federation, "host/authority", ITEM, content)
        with pytest.raises(NotFound, match="no item"):
            items.key_for_passing(host, viewer, ITEM, "sending/journey_manager")


@played
async def test_requests_are_told_to_who_answers_them_and_to_who_made_them() -> None:
    """ITEM-13"""
    async with shared(recipients=("approver", "security_manager")) as (federation, content):
        await federation.say(APPROVER, ITEM, ItemOnwardAsked(content=content, to=JOURNEY, reason="she plans it"))
        await federation.sync()
        host, sending = federation.node("host"), federation.node("sending")

        def told(actor: str) -> list[tuple[str, str]]:
            node = host if actor.startswith("host/") else sending
            page = holdings.one_item(node, viewer_of(federation, actor), ITEM)
            return [(one.asker, one.standing) for one in page.onward]

        assert [told(actor) for actor in (DUTY, APPROVER, MANAGER)] == [
            [(APPROVER, "asked")],
            [(APPROVER, "asked")],
            [],
        ]
        assert [row.asks for row in holdings.list_items(host, viewer_of(federation, DUTY))] == [1]
        await federation.say(DUTY, ITEM, ItemOnwardAllowed(content=content, asker=APPROVER, to=JOURNEY))
        await federation.sync()
        await federation.say(APPROVER, ITEM, ItemPassed(content=content, to=JOURNEY))
        assert told(APPROVER) == [(APPROVER, "passed")]
        assert list(holdings.one_item(sending, viewer_of(federation, APPROVER), ITEM).passed) == [JOURNEY]


@played
async def test_a_twin_is_known_to_its_originators_node_and_to_no_other() -> None:
    """ITEM-20, ITEM-33"""
    async with shared(caveat="red", recipients=("host/unit",)) as (federation, content):
        await share_as(federation, DUTY, "item/t1", ItemContent(title="t"), caveat="green", made_from=content)
        await federation.sync()
        (twin,) = holdings.holders(federation.node("host"), viewer_of(federation, DUTY), ITEM).derived
        assert (twin.subject, twin.is_twin, twin.shared, twin.unconfirmed) == ("item/t1", True, True, ("sending",))
        # Even somebody who could ask: to the other node there is no such link.
        sending = federation.node("sending")
        page = holdings.one_item(sending, viewer_of(federation, APPROVER), "item/t1")
        assert (page.derived_from, page.row.subject) == ((), "item/t1")
        with pytest.raises(NotFound):
            holdings.holders(sending, Viewer(MANAGER, ("security_manager",)), "item/t1")


@played
async def test_where_nothing_was_shared_the_list_is_empty() -> None:
    async with agreed() as federation:
        assert holdings.list_items(federation.node("host"), viewer_of(federation, DUTY)) == []
