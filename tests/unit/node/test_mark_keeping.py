"""What a node does with marks by itself: it checks them, opens what is over, and says whose review is overdue."""

from __future__ import annotations

import base64
import json

import msgspec
import pytest

from safeconduct.core.acts import MarkContent, MarkSealed, offer
from safeconduct.core.disclosure import seal_mark
from safeconduct.core.record import IncidentState, box_digest, mark_key_commitment
from safeconduct.core.sealing import NONCE_BYTES, pad, seal_box
from safeconduct.errors import InputInvalid
from safeconduct.node import queries
from safeconduct.node.append import submit
from safeconduct.node.commands import read_offer
from safeconduct.node.marks import hidden_subjects, incident_of
from safeconduct.testing import (
    DECOY,
    HOUR,
    MARK,
    MINUTE,
    MOVEMENT,
    SHUT_OUT,
    Federation,
    StepClock,
    counted,
    keep_custody,
    keep_marks,
    key,
    latest_keys,
    mark_as,
    mark_state,
    open_mark,
)
from tests.unit.node.test_custody import played
from tests.unit.node.test_marks import APPROVER, OF_UNIT, SM, agreed, decoy, hidden, hiding

DAY = 24 * HOUR


def incidents(federation: Federation) -> dict[str, list[str]]:
    """For each node who raised what about marks, as it has it."""
    found: dict[str, list[str]] = {}
    for party in ("host", "sending"):
        state = federation.node(party).memory.state(incident_of(mark_state(federation, party)))
        found[party] = sorted(mark.party for mark in state.raised) if isinstance(state, IncidentState) else []
    return found


@pytest.mark.parametrize("content", [SHUT_OUT, DECOY])
def test_each_node_says_once_that_it_keeps_to_it(content: MarkContent) -> None:
    """MARK-19"""

    @played
    async def run() -> None:
        async with agreed() as federation:
            await mark_as(federation, SM, content)
            await federation.sync()
            await keep_marks(federation, 3)
            assert mark_state(federation).checked == {"host": True, "sending": True}
            said = [row for row in federation.node("host").store.about(MARK) if row.kind == "mark.checked"]
            assert len(said) == 2

    run()


@played
async def test_an_overdue_review_is_an_incident_that_each_node_raises_once() -> None:
    """MARK-24"""
    async with hiding() as federation:
        federation.clock.advance(48 * HOUR + 14 * DAY)
        await keep_marks(federation, 3)
        assert incidents(federation) == {"host": [], "sending": []}
        federation.clock.advance(1)
        await keep_marks(federation, 3)
        assert incidents(federation) == {"host": ["host", "sending"], "sending": ["host", "sending"]}
        state = federation.node("host").memory.state(incident_of(mark_state(federation)))
        assert isinstance(state, IncidentState)
        assert (state.category, state.about) == ("mark", "sending")
        assert state.account == ("mark/k1, sealed by sending, was to be opened for review by 2024-10-22 00:00:00Z")
        assert incident_of(mark_state(federation)) in hidden(federation)


@played
async def test_a_review_in_time_is_no_incident() -> None:
    """MARK-24"""
    async with hiding() as federation:
        federation.clock.advance(3 * DAY)
        await open_mark(federation, APPROVER)
        await federation.sync()
        federation.clock.advance(30 * DAY)
        await keep_marks(federation, 2)
        assert incidents(federation) == {"host": [], "sending": []}


@played
async def test_a_decoy_opens_by_itself_and_a_shut_out_does_not() -> None:
    """MARK-25"""
    async with decoy() as federation:
        await mark_as(federation, SM, SHUT_OUT, subject="mark/k2")
        await federation.sync()
        federation.clock.advance(48 * HOUR + 15 * MINUTE - 1)
        await keep_marks(federation)
        assert mark_state(federation).opened is None
        federation.clock.advance(1)
        await keep_marks(federation)
        for party in ("host", "sending"):
            assert mark_state(federation, party).content == DECOY
            assert mark_state(federation, party, "mark/k2").opened is None


@pytest.mark.parametrize("skew", [-10 * MINUTE, 10 * MINUTE])
def test_a_clock_that_is_ten_minutes_wrong_opens_nothing_before_its_end(skew: int) -> None:
    """MARK-25"""

    @played
    async def run() -> None:
        async with decoy() as federation:
            clock = StepClock(federation.clock.now() + skew)
            federation.node("host").clock = clock
            for step in (48 * HOUR - 1, 6 * MINUTE):
                federation.clock.advance(step)
                clock.advance(step)
                await keep_marks(federation)
                assert mark_state(federation).opened is None or federation.clock.now() >= mark_state(federation).until
            federation.clock.advance(20 * MINUTE)
            clock.advance(20 * MINUTE)
            await keep_marks(federation)
            assert mark_state(federation).content == DECOY

    run()


@played
async def test_what_a_key_opens_is_opened_before_the_key_is_destroyed() -> None:
    """MARK-26: nothing stays a secret for want of a reviewer."""
    async with hiding() as federation:
        federation.clock.advance(400 * DAY)
        await keep_marks(federation, 1)
        await keep_custody(federation, 1)
        assert mark_state(federation).content == SHUT_OUT
        assert hidden_subjects(federation.start("host"), OF_UNIT) == frozenset()


@played
async def test_a_mark_under_a_key_that_is_destroyed_before_the_review_is_not_signed() -> None:
    """MARK-19: the quarter ends in a week, and the review is due in sixteen days."""
    async with agreed() as federation:
        federation.clock.advance(80 * DAY)
        await keep_custody(federation, 1)
        node = federation.node("sending")
        until = federation.clock.now() + 48 * HOUR
        act = seal_mark(SHUT_OUT, subject=MARK, until=until, holders=latest_keys(node), randomness=counted())
        with pytest.raises(InputInvalid, match="a key that outlives its review"):
            await federation.say(SM, MARK, act)
        await mark_as(federation, SM, SHUT_OUT)


@played
async def test_what_is_no_mark_is_not_kept_to_and_opened_by_the_nodes() -> None:
    """MARK-19, MARK-25, MARK-42: an author whose node does not look."""
    async with agreed() as federation:
        secret = bytes(range(32))
        box = base64.b64encode(seal_box(pad(b"nothing"), MARK, secret, bytes(NONCE_BYTES))).decode()
        content = box_digest(box)
        until = federation.clock.now() + 48 * HOUR
        holders = []
        for party, public in sorted(latest_keys(federation.node("sending"), until + 15 * DAY).items()):
            use = {"content": content, "holder": party, "subject": MARK, "to": public.key_id}
            use_bytes = json.dumps(use, separators=(",", ":")).encode()
            sealed = base64.b64encode(public.seal(secret, use_bytes)).decode()
            holders.append({"party": party, "to": public.key_id, "sealed": sealed})
        act = msgspec.convert(
            {"until": until, "box": box, "key": mark_key_commitment(MARK, content, secret), "holders": holders},
            MarkSealed,
        )
        node = federation.node("sending")
        await submit(node, *read_offer(node, offer(queries.standing(node), SM, key(SM), MARK, act)))
        await federation.sync()
        await keep_marks(federation)
        assert mark_state(federation).checked == {"host": False, "sending": False}
        assert MOVEMENT not in hidden(federation)
        federation.clock.advance(48 * HOUR + 15 * MINUTE)
        await keep_marks(federation)
        assert (mark_state(federation).opened is not None, mark_state(federation).content) == (True, None)


@played
async def test_a_disk_that_refuses_is_tried_again() -> None:
    """MARK-19"""
    async with hiding() as federation:
        node = federation.node("host")
        node.halted = "a drill"
        await keep_marks(federation, 1)
        assert "host" not in mark_state(federation).checked
        node.halted = None
        await keep_marks(federation, 1)
        assert mark_state(federation).checked["host"] is True
