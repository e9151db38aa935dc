"""What people do with sealed compartments at their node."""

from __future__ import annotations

import asyncio
import hashlib

import pytest

from safeconduct.core.acts import CompartmentOpened, MovementAcknowledged, MovementCancelled, offer
from safeconduct.core.disclosure import Content, seal_with_shares
from safeconduct.errors import CheckFailed, InputInvalid, LimitExceeded, NotAllowed, NotFound, Refused
from safeconduct.node import commands, orders, queries
from safeconduct.node.access import Viewer
from safeconduct.node.limits import BLOB_BYTES_MAX
from safeconduct.testing import (
    BLURRED,
    HOUR,
    MOVEMENT,
    Federation,
    asked_for,
    authority,
    come_to,
    content_of,
    counted,
    key,
    latest_keys,
    open_as,
    sealed_movement,
    sealing_terms,
)

AUTHOR = "sending/journey_manager"
LEAD = "host/escort_lead"
CONTENT = Content(text="gate 2")


async def opened(federation: Federation) -> str:
    """The rendezvous sealed, approved, and its shares given to the host; the digest of its content."""
    await sealed_movement(federation, ("rendezvous", "exact", CONTENT))
    await come_to(federation, 28 * HOUR)
    return content_of(federation)


def sealed_offer(federation: Federation, **changed: str) -> tuple[bytes, bytes]:
    node = federation.node("sending")
    what = {"subject": MOVEMENT, "compartment": "rendezvous", "variant": "exact", **changed}
    act, ciphertext, _ = seal_with_shares(CONTENT, holders=latest_keys(node), randomness=counted(), **what)
    return offer(queries.standing(node), AUTHOR, key(AUTHOR), MOVEMENT, act), ciphertext


def test_another_ciphertext_than_the_statement_names_is_refused_and_not_kept() -> None:
    """SEAL-40"""

    async def scenario() -> None:
        async with Federation() as federation:
            await asked_for(federation)
            envelope, ciphertext = sealed_offer(federation)
            with pytest.raises(CheckFailed, match="ciphertext"):
                await orders.seal_compartment(federation.node("sending"), envelope, ciphertext[:-1])
            with pytest.raises(LimitExceeded, match=f"at most {BLOB_BYTES_MAX}"):
                await orders.seal_compartment(federation.node("sending"), envelope, bytes(BLOB_BYTES_MAX + 1))
            assert (
                orders.order(federation.node("sending"), authority(federation.node("sending")), MOVEMENT).sealings == ()
            )

    asyncio.run(scenario())


def test_what_the_record_refuses_leaves_no_ciphertext_behind() -> None:
    """SEAL-40"""

    async def scenario() -> None:
        async with Federation() as federation:
            await asked_for(federation)
            envelope, ciphertext = sealed_offer(federation, compartment="no_such")
            with pytest.raises(Refused, match="releases no_such as nothing"):
                await orders.seal_compartment(federation.node("sending"), envelope, ciphertext)
            act_digest = hashlib.sha256(ciphertext).hexdigest()
            assert federation.vaults["sending"].kept(act_digest) is None

    asyncio.run(scenario())


def test_a_statement_without_its_ciphertext_is_not_logged() -> None:
    """SEAL-60"""

    async def scenario() -> None:
        async with Federation() as federation:
            await asked_for(federation)
            envelope, _ = sealed_offer(federation)
            with pytest.raises(InputInvalid, match="given to this node with its statement"):
                await commands.say(federation.node("sending"), envelope)

    asyncio.run(scenario())


def test_another_kind_of_statement_seals_and_opens_nothing() -> None:
    """SEAL-64"""

    async def scenario() -> None:
        async with Federation() as federation:
            await asked_for(federation)
            node = federation.node("host")
            envelope = offer(
                queries.standing(node), "host/unit", key("host/unit"), MOVEMENT, MovementAcknowledged(role="unit")
            )
            with pytest.raises(InputInvalid, match=r"expected a statement compartment\.sealed"):
                await orders.seal_compartment(node, envelope, b"")
            with pytest.raises(InputInvalid, match=r"expected a statement compartment\.opened"):
                await orders.open_compartment(node, Viewer("host/unit", ()), envelope)

    asyncio.run(scenario())


def test_whoever_finds_the_statement_of_an_opening_on_the_record_is_shown_nothing() -> None:
    """SEAL-64: the signed words are everybody's; the content is its signer's."""

    async def scenario() -> None:
        async with Federation() as federation:
            content = await opened(federation)
            node = federation.node("host")
            envelope = offer(queries.standing(node), LEAD, key(LEAD), MOVEMENT, CompartmentOpened(content=content))
            await orders.open_compartment(node, Viewer(LEAD, ()), envelope)
            for thief in ("host/unit", "host/duty_officer", "host/authority", "sending/approver"):
                with pytest.raises(NotAllowed, match="shown to the actor who signed"):
                    await orders.open_compartment(node, Viewer(thief, ()), envelope)

    asyncio.run(scenario())


def test_an_opening_that_a_word_said_before_it_undoes_opens_nothing_any_more() -> None:
    """SEAL-64: not even when the same statement, which was logged, is offered once more."""

    async def scenario() -> None:
        async with Federation() as federation:
            content = await opened(federation)
            federation.links.cut = {("host", "sending"), ("sending", "host")}
            await federation.say(AUTHOR, MOVEMENT, MovementCancelled(reason="no longer needed"))
            federation.clock.advance(5_000)
            node = federation.node("host")
            act = CompartmentOpened(content=content)
            envelope = offer(queries.standing(node), LEAD, key(LEAD), MOVEMENT, act)
            first = await orders.open_compartment(node, Viewer(LEAD, ()), envelope)
            again = await orders.open_compartment(node, Viewer(LEAD, ()), envelope)
            assert (again.content, again.statement.id) == (first.content, first.statement.id)
            federation.links.cut = set()
            await federation.sync()
            with pytest.raises(Refused):
                await orders.open_compartment(node, Viewer(LEAD, ()), envelope)

    asyncio.run(scenario())


def test_the_view_says_who_is_due_what_and_never_what_it_says() -> None:
    """REC-60, SEAL-65"""

    async def scenario() -> None:
        async with Federation() as federation:
            content = await opened(federation)
            await open_as(federation, LEAD, MOVEMENT, content)
            view = orders.order(federation.node("host"), authority(federation.node("host")), MOVEMENT)
            (sealing,) = view.sealings
            assert view.asked == {"rendezvous": (BLURRED, "exact"), "manifest": ("exact",)}
            assert set(sealing.opens) == {"escort_lead", "approver"}
            assert (sealing.released["host"] is not None, sealing.released["sending"]) == (True, None)
            assert set(sealing.opened) == {LEAD}
            assert "gate 2" not in repr(view)

    asyncio.run(scenario())


def test_a_movement_that_is_not_there_has_no_order() -> None:
    async def scenario() -> None:
        async with Federation() as federation:
            await federation.agree(sealing_terms(federation.cards.values()))
            with pytest.raises(NotFound, match="movement/none"):
                orders.order(federation.node("host"), authority(federation.node("host")), "movement/none")

    asyncio.run(scenario())


def test_before_a_node_has_published_there_is_nothing_to_seal_to() -> None:
    """SEAL-24"""

    async def scenario() -> None:
        async with Federation() as federation:
            await federation.agree(sealing_terms(federation.cards.values()))
            assert [party.keys for party in orders.sealing_keys(federation.node("host"))] == [(), ()]

    asyncio.run(scenario())
