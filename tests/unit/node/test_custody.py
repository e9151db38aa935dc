"""What a node does with its share by itself, and does not do whoever asks."""

from __future__ import annotations

import asyncio
import functools
import hashlib
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import ParamSpec

import msgspec
import pytest

from safeconduct.core.acts import (
    CompartmentChecked,
    CompartmentReleased,
    CompartmentSealed,
    MovementApproved,
    MovementCancelled,
    MovementRequested,
)
from safeconduct.core.disclosure import Content, KeyShare, Place, pass_on
from safeconduct.core.record import MovementState, Sealing
from safeconduct.core.sealing import SealingPublicKey
from safeconduct.core.statement import digest
from safeconduct.errors import CheckFailed, Refused, Unavailable
from safeconduct.node import custody, orders
from safeconduct.node.append import say_as_node
from safeconduct.node.custody import key_lines, movement_state, sealed_act
from safeconduct.testing import (
    BLURRED,
    HOUR,
    MINUTE,
    MOVEMENT,
    START,
    FailingStore,
    Federation,
    StepClock,
    asked_for,
    authority,
    come_to,
    content_of,
    keep_custody,
    open_as,
    seal_as,
    sealed_movement,
    small_plan,
)

P = ParamSpec("P")

AUTHOR = "sending/journey_manager"
LEAD = "host/escort_lead"
CONTENT = Content(
    text="gate 2, by the clinic",
    at=START + 30 * HOUR,
    places=(Place(latitude_e7=248_949_000, longitude_e7=671_580_000, name="gate 2"),),
)
FOR_HOST, FOR_SENDING = 28 * HOUR, 29 * HOUR
DAY = 24 * HOUR


def played(test: Callable[P, Coroutine[None, None, None]]) -> Callable[P, None]:
    """A test that is one event loop's work."""

    @functools.wraps(test)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        asyncio.run(test(*args, **kwargs))

    return run


@asynccontextmanager
async def agreed() -> AsyncIterator[Federation]:
    """Two nodes under an agreement with compartments, with their sealing keys published, and a movement asked for."""
    async with Federation() as federation:
        await asked_for(federation)
        yield federation


@asynccontextmanager
async def sealed() -> AsyncIterator[tuple[Federation, str]]:
    """The same with its rendezvous sealed, in force, and both consents; and the digest of the content."""
    async with Federation() as federation:
        await sealed_movement(federation, ("rendezvous", "exact", CONTENT), ("rendezvous", BLURRED, CONTENT))
        yield federation, content_of(federation)


async def approve(federation: Federation) -> None:
    for actor in ("host/duty_officer", "sending/approver"):
        await federation.say(actor, MOVEMENT, MovementApproved(plan=digest(small_plan())))
    await federation.sync()


def found(federation: Federation, variant: str, party: str = "host") -> Sealing:
    state = movement_state(federation.node(party), MOVEMENT)
    return next(s for s in state.sealings.values() if s.variant == variant)


# --- the way it goes --------------------------------------------------------------------------------------------------


@played
async def test_a_compartment_opens_for_each_role_at_its_moment_and_not_before() -> None:
    """SEAL-61, SEAL-64, SIGHT-10: and before, it is refused like what is not there."""
    async with sealed() as (federation, content):
        await come_to(federation, FOR_HOST - MINUTE)
        with pytest.raises(Refused, match=r"no content .* was sealed"):
            await open_as(federation, LEAD, MOVEMENT, content)
        await come_to(federation, FOR_HOST)
        opened = await open_as(federation, LEAD, MOVEMENT, content)
        with pytest.raises(Refused, match=r"no content .* was sealed"):
            await open_as(federation, "sending/approver", MOVEMENT, content)
        await come_to(federation, FOR_SENDING)
        assert opened.content == CONTENT
        assert (await open_as(federation, "sending/approver", MOVEMENT, content)).content == CONTENT


@played
async def test_a_role_that_is_due_less_gets_less() -> None:
    """SEAL-51, REC-68"""
    async with sealed() as (federation, content):
        await come_to(federation, 30 * HOUR)
        with pytest.raises(Refused, match=r"no content .* was sealed"):
            await open_as(federation, "host/unit", MOVEMENT, content)
        opened = await open_as(federation, "host/unit", MOVEMENT, found(federation, BLURRED).content)
        assert (opened.variant, opened.content.text, opened.content.places == CONTENT.places) == (BLURRED, None, False)


@played
async def test_an_opening_is_on_both_records_before_it_is_shown() -> None:
    """SEAL-64"""
    async with sealed() as (federation, content):
        await come_to(federation, FOR_HOST)
        opened = await open_as(federation, LEAD, MOVEMENT, content)
        await federation.sync()
        theirs = found(federation, "exact", "sending").opened
        assert theirs[LEAD].id == opened.statement.id


@played
async def test_the_blurred_shares_do_not_wait_for_the_exact_ones() -> None:
    """SEAL-61"""
    async with sealed() as (federation, _):
        await come_to(federation, FOR_HOST)
        assert [set(found(federation, variant).released) for variant in ("exact", BLURRED)] == [{"host"}, set()]


# --- shares -----------------------------------------------------------------------------------------------------------


@played
async def test_until_every_node_has_checked_nothing_is_in_force() -> None:
    """SEAL-60"""
    async with agreed() as federation:
        accepted = await seal_as(federation, AUTHOR, MOVEMENT, "rendezvous", CONTENT)
        view = orders.order(federation.node("sending"), authority(federation.node("sending")), MOVEMENT)
        assert (accepted.party, view.sealings[0].in_force) == ("sending", False)
        await federation.sync()
        await keep_custody(federation)
        assert orders.order(federation.node("host"), authority(federation.node("host")), MOVEMENT).sealings[0].in_force


@played
async def test_a_share_that_does_not_fit_is_said_at_once_and_keeps_it_from_force() -> None:
    """SEAL-60: an author who hands one node something else."""

    def swap(act: CompartmentSealed) -> CompartmentSealed:
        host, sending = act.shares
        return msgspec.structs.replace(act, shares=(msgspec.structs.replace(host, sealed=sending.sealed), sending))

    async with agreed() as federation:
        await seal_as(federation, AUTHOR, MOVEMENT, "rendezvous", CONTENT, change=swap)
        await federation.sync()
        await keep_custody(federation)
        sealing = found(federation, "exact", "sending")
        assert sealing.checked == {"host": False, "sending": True}


@played
async def test_a_ciphertext_that_never_comes_is_never_checked() -> None:
    """SEAL-60: its author's node does not give it; the other side goes on asking."""

    def another(_: str, __: str, what: str, answer: object) -> object:
        return b"something else" if what == "blob" else answer

    async with agreed() as federation:
        federation.links.tamper = another
        await seal_as(federation, AUTHOR, MOVEMENT, "rendezvous", CONTENT)
        await federation.sync()
        await keep_custody(federation)
        assert found(federation, "exact").checked == {"sending": True}
        federation.links.tamper = None
        federation.clock.advance(5_000)
        await keep_custody(federation)
        assert found(federation, "exact").checked == {"host": True, "sending": True}


@played
async def test_a_key_that_was_committed_to_otherwise_is_found_at_opening_and_points_at_the_author() -> None:
    """SEAL-46"""

    def other_key(act: CompartmentSealed) -> CompartmentSealed:
        return msgspec.structs.replace(act, key="ab" * 32)

    async with agreed() as federation:
        await seal_as(federation, AUTHOR, MOVEMENT, "rendezvous", CONTENT, change=other_key)
        await federation.sync()
        await keep_custody(federation)
        await approve(federation)
        await come_to(federation, FOR_HOST)
        with pytest.raises(CheckFailed, match="its author sealed it wrongly"):
            await open_as(federation, LEAD, MOVEMENT, found(federation, "exact").content)


# --- nobody early -----------------------------------------------------------------------------------------------------


@played
async def test_nothing_is_released_while_the_movement_is_not_approved() -> None:
    """SEAL-61"""
    async with agreed() as federation:
        await seal_as(federation, AUTHOR, MOVEMENT, "rendezvous", CONTENT)
        await federation.sync()
        await keep_custody(federation)
        await come_to(federation, FOR_HOST)
        assert found(federation, "exact").released == {}


@played
async def test_nothing_is_released_for_a_movement_that_was_called_off() -> None:
    """SEAL-61"""
    async with sealed() as (federation, _):
        await federation.say(AUTHOR, MOVEMENT, MovementCancelled(reason="fog"))
        await come_to(federation, FOR_HOST)
        assert found(federation, "exact").released == {}


@pytest.mark.parametrize("skew", [-10 * MINUTE, 10 * MINUTE])
@played
async def test_a_clock_that_is_ten_minutes_off_on_one_side_opens_nothing_early(skew: int) -> None:
    """SEAL-62: neither that of the giver, set forward, nor that of the receiver."""
    for wrong in ("host", "sending"):
        async with sealed() as (federation, content):
            clock = StepClock(START + FOR_HOST - 5 * MINUTE + skew)
            right = federation.clock
            federation.node(wrong).clock = clock
            await come_to(federation, FOR_HOST - 5 * MINUTE)
            assert found(federation, "exact", "sending").released == {}
            with pytest.raises(Refused):
                await open_as(federation, LEAD, MOVEMENT, content)
            # Once it is time by both clocks it is released, and nothing was lost.
            clock.advance(max(0, START + FOR_HOST - clock.now()) + MINUTE)
            right.advance(6 * MINUTE)
            await come_to(federation, right.now() - START)
            assert set(found(federation, "exact", "sending").released) == {"host"}


@played
async def test_a_node_that_gives_its_share_early_is_void_on_every_record() -> None:
    """REC-66: and what it gave opens nothing, since the record does not say that it is due."""
    async with sealed() as (federation, content):
        rogue = CompartmentReleased(
            content=content, party="host", to=hashlib.sha256(b"key").hexdigest(), sealed="A" * 150 + "=="
        )
        with pytest.raises(Refused, match="opens for host later"):
            await say_as_node(federation.node("sending"), rogue, MOVEMENT)


@played
async def test_a_node_that_releases_something_else_than_its_share_is_found_out_at_the_opening() -> None:
    """SEAL-46: what it gave is on the record, and is not what was committed to."""
    async with sealed() as (federation, content):
        federation.clock.advance(FOR_HOST)
        node = federation.node("sending")
        act = sealed_act(node, found(federation, "exact", "sending"))
        (until, key) = min((line.until, line.text) for line in key_lines(node, "host").values())
        made_up = pass_on(
            act, MOVEMENT, "sending", KeyShare(bytes(32), bytes(32)), "host", SealingPublicKey.from_text(key)
        )
        assert until > federation.clock.now()
        await say_as_node(node, made_up, MOVEMENT)
        await federation.sync()
        with pytest.raises(CheckFailed, match="committed to"):
            await open_as(federation, LEAD, MOVEMENT, content)
        assert found(federation, "exact").opened == {}


@played
async def test_a_silent_peer_is_waited_for_and_nothing_is_lost() -> None:
    """SEAL-62, SEAL-67"""
    async with sealed() as (federation, content):
        federation.links.cut = {("host", "sending"), ("sending", "host")}
        await come_to(federation, FOR_HOST + HOUR // 2)
        assert found(federation, "exact", "sending").released == {}
        federation.links.cut = set()
        federation.clock.advance(10_000)
        await come_to(federation, FOR_HOST + HOUR // 2 + MINUTE)
        assert (await open_as(federation, LEAD, MOVEMENT, content)).content == CONTENT


@played
async def test_a_share_is_given_once_however_often_the_node_looks() -> None:
    """SEAL-63"""
    async with sealed() as (federation, _):
        await come_to(federation, FOR_HOST, rounds=6)
        kinds = [row.kind for row in federation.stores["sending"].about(MOVEMENT)]
        assert kinds.count("compartment.released") == 1


@played
async def test_a_node_started_again_goes_on_where_it_was() -> None:
    """SEAL-67"""
    async with sealed() as (federation, content):
        federation.start("sending")
        await come_to(federation, FOR_HOST)
        assert (await open_as(federation, LEAD, MOVEMENT, content)).content == CONTENT


async def vouched(federation: Federation) -> None:
    """It is time for the host, and the host's witness has signed that it is; nothing has been given yet."""
    federation.clock.advance(START + FOR_HOST - federation.clock.now())
    status = federation.node("sending").statuses["host"]
    while status.vouched_at * 1_000 < START + FOR_HOST:
        status.offered_size = 0
        await federation.sync(1)


async def look(federation: Federation) -> int:
    """The giver looks once more, three seconds later; how many movements' shares it has given the host by then."""
    federation.clock.advance(3_000)
    node = federation.node("sending")
    await custody.keep_custody(node)
    subjects = node.store.subjects("movement/", before=None, limit=100)
    given = [s for row in subjects for s in movement_state(node, row.subject).sealings.values() if s.released]
    return len(given)


@played
async def test_a_share_that_the_disk_refused_is_given_at_the_next_look() -> None:
    """SEAL-67"""
    async with sealed() as (federation, _):
        await vouched(federation)
        node = federation.node("sending")
        node.store = FailingStore(node.store, fail_at=0, persists=False)
        assert [await look(federation), await look(federation)] == [0, 1]


@played
async def test_a_share_that_found_the_queue_full_is_given_at_the_next_look() -> None:
    """SEAL-67"""
    async with sealed() as (federation, _):
        await vouched(federation)
        node = federation.node("sending")
        queue, node.offers = node.offers, asyncio.Queue(1)
        node.offers.put_nowait(object())
        given = [await look(federation)]
        node.offers = queue
        assert [*given, await look(federation)] == [0, 1]


@played
async def test_a_movement_that_waits_is_left_alone_until_its_time_or_a_word_about_it() -> None:
    async with sealed() as (federation, _):
        await keep_custody(federation)
        memory, now = federation.node("sending").memory, federation.clock.now()
        assert (memory.sealed.due(now), memory.sealed.due(START + FOR_HOST)) == ([], [MOVEMENT])
        await federation.say("sending/approver", MOVEMENT, MovementApproved(plan=digest(small_plan())))
        assert memory.sealed.due(now) == [MOVEMENT]


@played
async def test_more_than_one_chunk_and_more_than_one_round_are_all_given(monkeypatch: pytest.MonkeyPatch) -> None:
    """SEAL-61"""
    monkeypatch.setattr(custody, "CUSTODY_CHUNK", 1)
    monkeypatch.setattr(custody, "CUSTODY_AT_ONCE_MAX", 2)
    async with sealed() as (federation, _):
        for number in range(3):
            subject = f"movement/more-{number}"
            await federation.say(AUTHOR, subject, MovementRequested(plan=small_plan()))
            await seal_as(federation, AUTHOR, subject, "rendezvous", CONTENT)
            await federation.sync()
            await keep_custody(federation)
            for actor in ("host/duty_officer", "sending/approver"):
                await federation.say(actor, subject, MovementApproved(plan=digest(small_plan())))
        await keep_custody(federation)
        await vouched(federation)
        assert [await look(federation), await look(federation)] == [2, 4]


# --- keys -------------------------------------------------------------------------------------------------------------


@played
async def test_keys_are_published_to_the_end_of_each_quarter_that_is_needed() -> None:
    """SEAL-65"""
    async with agreed() as federation:
        (host, _) = orders.sealing_keys(federation.node("sending"))
        ends = [key.until for key in host.keys]
        # The starts of 2025 and of its second quarter; the start is 2024-10-06, what is kept longest 30 days.
        assert ends == [1_735_689_600_000, 1_743_465_600_000]
        before = len(federation.stores["host"].about("sealing/host"))
        await keep_custody(federation)
        assert len(federation.stores["host"].about("sealing/host")) == before


@played
async def test_after_its_key_is_destroyed_nothing_opens_and_the_record_still_says_everything() -> None:
    """SEAL-66"""
    async with sealed() as (federation, content):
        await come_to(federation, FOR_HOST)
        assert (await open_as(federation, LEAD, MOVEMENT, content)).content == CONTENT
        await come_to(federation, 100 * DAY)
        for party in ("host", "sending"):
            (share,) = (s for s in _shares(federation, content) if s[0] == party)
            assert federation.vaults[party].key(share[1]) is None
        state = federation.node("host").memory.state("sealing/host")
        lines = state.keys.values()  # type: ignore[union-attr]  # it is there
        assert [line.destroyed is not None for line in sorted(lines, key=lambda line: line.until)][:1] == [True]
        assert found(federation, "exact").opened[LEAD].id
        with pytest.raises((Refused, Unavailable)):
            await open_as(federation, LEAD, MOVEMENT, content)


def _shares(federation: Federation, content: str) -> list[tuple[str, str]]:
    state = movement_state(federation.node("host"), MOVEMENT)
    row = federation.stores["host"].find(state.sealings[content].mark.id)
    assert row is not None
    act = federation.node("host").memory.said(row).act
    assert isinstance(act, CompartmentSealed)
    return [(share.party, share.to) for share in act.shares]


@played
async def test_a_node_that_is_halted_gives_nothing() -> None:
    """SEAL-61"""
    async with sealed() as (federation, _):
        federation.node("sending").halted = "an older disk"
        await come_to(federation, FOR_HOST)
        assert found(federation, "exact", "sending").released == {}


@played
async def test_a_word_that_is_no_checked_share_has_no_effect() -> None:
    """REC-64"""
    async with sealed() as (federation, content):
        with pytest.raises(Refused, match="has checked its share"):
            await say_as_node(federation.node("host"), CompartmentChecked(content=content, holds=False), MOVEMENT)


def test_the_state_of_a_movement_holds_no_share() -> None:
    """SEAL-47: what lists and pages are made of."""
    assert {field for field in Sealing.__struct_fields__ if "share" in field} == set()
    assert "sealings" in MovementState.__struct_fields__
