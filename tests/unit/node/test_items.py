"""Information between nodes: shared, opened, passed on, recalled through an outage, and what a rogue node gains."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import msgspec
import pytest

from safeconduct.core.acts import (
    Act,
    Caveat,
    ItemAcknowledged,
    ItemDerived,
    ItemOnwardAllowed,
    ItemOnwardAsked,
    ItemOpened,
    ItemPassed,
    ItemRecalled,
    ItemShared,
    offer,
)
from safeconduct.core.disclosure import ItemContent, open_item, open_key
from safeconduct.core.record import IncidentState, ItemState
from safeconduct.errors import CheckFailed, InputInvalid, NotAllowed, NotFound, Refused, Unavailable
from safeconduct.node import commands, holdings, items, queries
from safeconduct.node.access import Viewer
from safeconduct.testing import (
    HOUR,
    MINUTE,
    UNTIL,
    Federation,
    authority,
    forged_entry,
    information_terms,
    item_of,
    keep_custody,
    keep_items,
    key,
    keys_of,
    latest_keys,
    open_item_as,
    share_as,
    viewer_of,
)
from safeconduct.testing.rogue import append_rogue
from tests.unit.node.test_custody import played

ITEM = "item/i1"
DUTY, LEAD, UNIT = "host/duty_officer", "host/escort_lead", "host/unit"
APPROVER, MANAGER, JOURNEY = "sending/approver", "sending/security_manager", "sending/journey_manager"
SAID = ItemContent(title="a van at the gate", text="A white van waits every morning.", source="a shopkeeper")
CUT = {("host", "sending"), ("sending", "host")}


@asynccontextmanager
async def agreed() -> AsyncIterator[Federation]:
    async with Federation() as federation:
        await federation.agree(information_terms(federation.cards.values()))
        await keep_custody(federation, 1)
        yield federation


@asynccontextmanager
async def shared(
    caveat: Caveat = "amber", recipients: tuple[str, ...] = ("approver",)
) -> AsyncIterator[tuple[Federation, str]]:
    """One item of the host that both nodes hold; and the digest of its content."""
    async with agreed() as federation:
        act, _ = await share_as(federation, DUTY, ITEM, SAID, caveat=caveat, recipients=recipients)
        await federation.sync()
        await keep_items(federation)
        yield federation, act.content


def state(federation: Federation, party: str = "host", subject: str = ITEM) -> ItemState:
    found = federation.node(party).memory.state(subject)
    assert isinstance(found, ItemState)
    return found


def incidents(federation: Federation, party: str) -> list[IncidentState]:
    node = federation.node(party)
    rows = node.store.subjects("incident/", before=None, limit=100)
    states = [node.memory.state(row.subject) for row in rows]
    return [found for found in states if isinstance(found, IncidentState) and found.category == "recall"]


async def recall(federation: Federation, content: str, *, within: int = HOUR) -> int:
    by = federation.clock.now() + within
    act = ItemRecalled(content=content, reason="it was not so", acknowledge_by=by)
    await federation.say(DUTY, ITEM, act)
    return by


# --- the way it goes --------------------------------------------------------------------------------------------------


@played
async def test_what_is_shared_is_opened_by_whom_it_names_once_the_record_says_so() -> None:
    """ITEM-15, REC-103"""
    async with shared() as (federation, content):
        opened = await open_item_as(federation, APPROVER, ITEM, content)
        assert (opened.content, opened.caveat) == (SAID, "amber")
        await federation.sync()
        assert set(state(federation).opened) == {APPROVER}
        heard = []
        for subject in (ITEM, "item/none"):
            with pytest.raises(Refused) as refused:
                await open_item_as(federation, JOURNEY, subject, content)
            heard.append((refused.value.code, str(refused.value)))
        # Of what does not concern it, it hears the same as of nothing.
        assert heard[0] == heard[1]
        assert set(state(federation, "sending").opened) == {APPROVER}


@played
async def test_nothing_that_an_item_says_is_on_the_record() -> None:
    """ITEM-1"""
    async with shared() as (federation, content):
        await open_item_as(federation, APPROVER, ITEM, content)
        for party, store in federation.stores.items():
            entries = b"".join(row.entry for row in store.rows(party, 0, store.size(party)))
            assert not any(word in entries for word in (b"white van", b"shopkeeper", b"at the gate"))


@played
async def test_an_item_is_shown_to_the_actor_who_signed_the_opening() -> None:
    """ITEM-15"""
    async with shared() as (federation, content):
        node = federation.node("sending")
        opening = offer(queries.standing(node), APPROVER, key(APPROVER), ITEM, ItemOpened(content=content))
        with pytest.raises(NotAllowed):
            await items.open_shared(node, Viewer(JOURNEY, ()), opening)
        other = ItemAcknowledged(content=content)
        with pytest.raises(InputInvalid, match="expected a statement"):
            await items.open_shared(
                node, Viewer(APPROVER, ()), offer(queries.standing(node), APPROVER, key(APPROVER), ITEM, other)
            )
        assert state(federation).opened == {}


@played
async def test_every_node_keeps_the_ciphertext_and_one_that_it_is_not_for_opens_nothing() -> None:
    """ITEM-3, ITEM-16: nobody of the sending party is named; its node has the blob and no key."""
    async with shared(recipients=("unit",)) as (federation, content):
        sending = federation.node("sending")
        assert sending.vault.kept(content) is not None
        with pytest.raises(Unavailable, match="was not sealed to the node of sending"):
            items.words_of(sending, state(federation, "sending"))
        assert (await open_item_as(federation, UNIT, ITEM, content)).content == SAID


@played
async def test_an_author_hands_over_the_ciphertext_that_it_names() -> None:
    """ITEM-1"""
    async with agreed() as federation:
        node = federation.node("host")
        terms = node.terms()
        assert terms is not None
        act, box = item_of(terms, latest_keys(node), SAID, subject=ITEM, party="host", recipients=("approver",))
        envelope = offer(queries.standing(node), DUTY, key(DUTY), ITEM, act)
        with pytest.raises(InputInvalid, match="is given to this node with its statement"):
            await commands.say(node, envelope)
        with pytest.raises(CheckFailed):
            await items.share_item(node, envelope, box + b"x")
        assert node.vault.kept(act.content) is None
        assert (await items.share_item(node, envelope, box)).party == "host"


@played
async def test_nothing_is_shown_at_its_end_whatever_time_the_statement_bears() -> None:
    """ITEM-17: a statement is taken for two minutes after it was signed, an item is not."""
    async with shared() as (federation, content):
        node = federation.node("sending")
        federation.clock.advance(UNTIL - MINUTE - federation.clock.now())
        early = offer(queries.standing(node), APPROVER, key(APPROVER), ITEM, ItemOpened(content=content))
        federation.clock.advance(MINUTE)
        with pytest.raises(Refused, match="is shown no more"):
            await items.open_shared(node, viewer_of(federation, APPROVER), early)


@played
async def test_a_node_drops_the_ciphertext_when_its_time_is_over() -> None:
    """ITEM-18"""
    async with shared() as (federation, content):
        federation.clock.advance(state(federation).kept_until - federation.clock.now())
        await keep_items(federation, 1)
        assert [vault.kept(content) for vault in federation.vaults.values()] == [None, None]


# --- passing on -------------------------------------------------------------------------------------------------------


@played
async def test_what_is_passed_on_with_consent_opens_at_a_node_that_had_no_key() -> None:
    """ITEM-6, REC-108"""
    async with shared(recipients=("unit",)) as (federation, content):
        host = federation.node("host")
        with pytest.raises(NotFound):
            items.key_for_passing(host, viewer_of(federation, "host/nobody"), ITEM, APPROVER)
        sealed = items.key_for_passing(host, viewer_of(federation, DUTY), ITEM, APPROVER)
        assert sealed is not None
        await federation.say(DUTY, ITEM, ItemPassed(content=content, to=APPROVER, key=sealed))
        await federation.sync()
        await keep_items(federation)
        assert (await open_item_as(federation, APPROVER, ITEM, content)).content == SAID
        assert items.key_for_passing(host, viewer_of(federation, DUTY), ITEM, MANAGER) is None


@played
async def test_a_node_gives_no_key_for_passing_on_without_consent() -> None:
    """ITEM-19, REC-107"""
    async with shared() as (federation, content):
        sending, viewer = federation.node("sending"), viewer_of(federation, APPROVER)
        with pytest.raises(Refused, match="has not let the actor pass it on"):
            items.key_for_passing(sending, viewer, ITEM, JOURNEY)
        await federation.say(APPROVER, ITEM, ItemOnwardAsked(content=content, to=JOURNEY, reason="she plans it"))
        await federation.sync()
        await federation.say(DUTY, ITEM, ItemOnwardAllowed(content=content, asker=APPROVER, to=JOURNEY))
        await federation.sync()
        assert items.key_for_passing(sending, viewer, ITEM, JOURNEY) is None
        await federation.say(APPROVER, ITEM, ItemPassed(content=content, to=JOURNEY))
        assert (await open_item_as(federation, JOURNEY, ITEM, content)).content == SAID
        with pytest.raises(Refused, match="has not let the actor pass it on"):
            items.key_for_passing(sending, viewer, ITEM, JOURNEY)


def rogue(federation: Federation, actor: str, act: Act) -> None:
    """Something that the actor's own node lets through although its judge says no."""
    node = federation.node(actor.split("/")[0])
    standing = queries.standing(node)
    signers = [keys_of(node.party).node] if actor.endswith("/node") else None
    entry = forged_entry(
        actor,
        act,
        subject=ITEM,
        at=federation.clock.now(),
        agreement=standing.agreement,
        after=standing.after,
        signers=signers,
    )
    append_rogue(node, [entry])


@pytest.mark.parametrize(
    ("actor", "act", "why"),
    [
        (JOURNEY, ItemOpened(content=""), "not_a_recipient"),
        (APPROVER, ItemPassed(content="", to=JOURNEY), "no_consent"),
        (MANAGER, ItemOnwardAllowed(content="", asker=APPROVER, to=JOURNEY), "not_the_originator"),
        (APPROVER, ItemAcknowledged(content=""), "not_recalled"),
        (MANAGER, ItemRecalled(content="", reason="ours", acknowledge_by=UNTIL), "not_the_originator"),
    ],
)
def test_what_a_rogue_node_lets_through_is_void_on_the_other(actor: str, act: Act, why: str) -> None:
    """REC-103, REC-107, REC-108, REC-112: opens for somebody not named, passes without consent, confirms falsely."""

    @played
    async def scenario() -> None:
        async with shared() as (federation, content):
            before = state(federation)
            rogue(federation, actor, msgspec.structs.replace(act, content=content))
            await federation.sync()
            line = queries.history(federation.node("host"), authority(federation.node("host")), ITEM)[-1]
            assert (line.actor, line.void, state(federation)) == (actor, why, before)

    scenario()


@played
async def test_a_looser_caveat_for_the_same_ciphertext_opens_nothing() -> None:
    """ITEM-2: a receiver shares what it was given anew, as if it were its own and CLEAR."""
    async with shared() as (federation, content):
        sending = federation.node("sending")
        given = queries.statement(sending, authority(sending), state(federation, "sending").shared.id)
        act = sending.memory.said(given).act
        box = sending.vault.kept(content)
        assert isinstance(act, ItemShared)
        assert box is not None
        stolen = msgspec.structs.replace(act, caveat="clear", recipients=("duty_officer",))
        await items.share_item(sending, offer(queries.standing(sending), MANAGER, key(MANAGER), "item/i2", stolen), box)
        await federation.sync()
        with pytest.raises(CheckFailed):
            await open_item_as(federation, DUTY, "item/i2", content)
        # With the key that its node does have, the box itself refuses the other terms.
        its_key = open_key(act, ITEM, "sending", sending.vault.key(act.keys[1].to) or pytest.fail("no key"))
        with pytest.raises(CheckFailed):
            open_item(stolen, "item/i2", box, its_key)


@played
async def test_a_recall_of_what_somebody_else_sealed_before_takes_nothing_from_them() -> None:
    """ITEM-30: the thief shares the same ciphertext as its own and recalls it."""
    async with shared(recipients=("security_manager",)) as (federation, content):
        sending = federation.node("sending")
        act, box = items.shared_act(sending, state(federation, "sending")), sending.vault.kept(content)
        assert box is not None
        stolen = msgspec.structs.replace(act, recipients=("duty_officer",))
        await items.share_item(sending, offer(queries.standing(sending), MANAGER, key(MANAGER), "item/i2", stolen), box)
        by = federation.clock.now() + HOUR
        said = ItemRecalled(content=content, reason="it is mine", acknowledge_by=by)
        await federation.say(MANAGER, "item/i2", said)
        await federation.sync()
        await keep_items(federation)
        assert state(federation, subject="item/i2").recalled is not None
        assert [vault.kept(content) for vault in federation.vaults.values()] == [box, box]
        await recall(federation, content)
        await federation.sync()
        await keep_items(federation)
        assert [vault.kept(content) for vault in federation.vaults.values()] == [None, None]


# --- derived items ----------------------------------------------------------------------------------------------------


async def derive(federation: Federation, *, declared: Caveat = "amber") -> ItemShared:
    """The approver's side makes an item of its own from what it was given, and says so."""
    node = federation.node("sending")
    terms = node.terms()
    assert terms is not None
    act, box = item_of(
        terms,
        latest_keys(node),
        ItemContent(title="a warning to drivers"),
        subject="item/i2",
        party="sending",
        recipients=("security_manager",),
        derived_from=("i1",),
    )
    said = ItemDerived(
        content=state(federation).content, item="i2", made=act.content, caveat=declared, recipients=act.recipients
    )
    await federation.say(MANAGER, ITEM, said)
    await items.share_item(node, offer(queries.standing(node), MANAGER, key(MANAGER), "item/i2", act), box)
    await federation.sync()
    return act


@played
async def test_what_was_made_from_an_item_is_found_by_its_recall() -> None:
    """ITEM-33, REC-109"""
    async with shared(recipients=("approver", "security_manager")) as (federation, content):
        act = await derive(federation)
        assert (await open_item_as(federation, MANAGER, "item/i2", act.content)).content.title == "a warning to drivers"
        await federation.sync()
        await recall(federation, content)
        (derived,) = holdings.holders(federation.node("host"), viewer_of(federation, DUTY), ITEM).derived
        assert (derived.subject, derived.by, derived.is_twin, derived.recalled) == ("item/i2", MANAGER, False, False)
        await federation.sync()
        with pytest.raises(Refused, match="which it was made from, has been recalled"):
            await open_item_as(federation, MANAGER, "item/i2", act.content)


@played
async def test_a_source_that_knows_other_terms_or_nothing_lets_nothing_be_shared() -> None:
    """ITEM-33"""
    async with shared(recipients=("approver", "security_manager")) as (federation, _):
        with pytest.raises(Refused, match="knows of no such item"):
            await derive(federation, declared="amber_strict")
        with pytest.raises(Refused, match="knows of no such item"):
            await share_as(federation, MANAGER, "item/i3", SAID, recipients=("approver",), derived_from=("i1",))


# --- recall -----------------------------------------------------------------------------------------------------------


@played
async def test_a_recall_reaches_every_holder_and_names_who_has_not_confirmed() -> None:
    """ITEM-30 to ITEM-32"""
    async with shared() as (federation, content):
        await open_item_as(federation, APPROVER, ITEM, content)
        opened_at = federation.clock.now()
        await federation.sync()
        await recall(federation, content)
        host, viewer = federation.node("host"), viewer_of(federation, DUTY)
        page = holdings.holders(host, viewer, ITEM)
        assert [(h.party, [(a.actor, a.opened_at) for a in h.actors]) for h in page.holders] == [
            ("host", []),
            ("sending", [(APPROVER, opened_at)]),
        ]
        assert page.unconfirmed == ("sending",)
        await federation.sync()
        await keep_items(federation)
        assert [vault.kept(content) for vault in federation.vaults.values()] == [None, None]
        assert holdings.holders(host, viewer, ITEM).unconfirmed == ("sending",)
        with pytest.raises(Refused, match="has been recalled"):
            await open_item_as(federation, APPROVER, ITEM, content)
        await federation.say(APPROVER, ITEM, ItemAcknowledged(content=content))
        await federation.sync()
        page = holdings.holders(host, viewer, ITEM)
        assert (page.unconfirmed, [h.confirmed for h in page.holders]) == ((), [False, True])
        federation.clock.advance(2 * HOUR)
        await keep_items(federation)
        assert incidents(federation, "host") == []


@played
async def test_a_recall_through_an_outage_names_the_holder_that_it_could_not_reach() -> None:
    """ITEM-31, ITEM-34: its node shows the item in ignorance, and that too is found when it is back."""
    async with shared() as (federation, content):
        federation.links.cut = set(CUT)
        deadline = await recall(federation, content)
        federation.clock.advance(10 * MINUTE)
        await open_item_as(federation, APPROVER, ITEM, content)
        host, viewer = federation.node("host"), viewer_of(federation, DUTY)
        federation.clock.advance(deadline - federation.clock.now())
        await keep_items(federation)
        assert holdings.holders(host, viewer, ITEM).unconfirmed == ("sending",)
        assert [(one.about, [mark.party for mark in one.raised]) for one in incidents(federation, "host")] == [
            ("sending", ["host"])
        ]
        federation.links.cut = set()
        federation.clock.advance(10_000)
        await federation.sync()
        await keep_items(federation)
        for party in ("host", "sending"):
            assert [(one.about, {mark.party for mark in one.raised}) for one in incidents(federation, party)] == [
                ("sending", {"host", "sending"})
            ]
        (_, holder) = holdings.holders(host, viewer, ITEM).holders
        assert ([actor.actor for actor in holder.actors], holder.destroyed_at is None) == ([APPROVER], False)
        await federation.say(APPROVER, ITEM, ItemAcknowledged(content=content))
        await federation.sync()
        assert holdings.holders(host, viewer, ITEM).unconfirmed == ()
        with pytest.raises(Refused):
            await open_item_as(federation, APPROVER, ITEM, content)


@played
async def test_an_incident_of_a_recall_says_nothing_of_the_item() -> None:
    """ITEM-34"""
    async with shared() as (federation, content):
        federation.links.cut = set(CUT)
        await recall(federation, content)
        federation.clock.advance(2 * HOUR)
        await keep_items(federation)
        (one,) = incidents(federation, "host")
        assert not any(word in one.account for word in ("i1", content[:16], "not so"))


@played
async def test_a_node_that_was_started_anew_destroys_what_was_recalled_meanwhile() -> None:
    """ITEM-30"""
    async with shared() as (federation, content):
        await recall(federation, content)
        await federation.sync()
        federation.start("sending")
        await keep_items(federation)
        assert (federation.vaults["sending"].kept(content), set(state(federation).destroyed)) == (
            None,
            {"host", "sending"},
        )
