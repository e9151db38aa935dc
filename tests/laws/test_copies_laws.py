"""Leaks planted on a real record of two nodes: whoever cheats, nobody who did not leak is named."""

from __future__ import annotations

import asyncio
import base64
import hashlib
from collections.abc import Mapping
from random import Random

import msgspec
import pytest

from safeconduct.core.acts import CopyReceived, CopyRefused, HalvesDelivered, SeedOpened
from safeconduct.core.disclosure import Result, Variants, half_of, order_seed, read_halves, seal_halves
from safeconduct.core.record import CopiesState
from safeconduct.core.sealing import SealingPublicKey
from safeconduct.core.statement import digest, encode
from safeconduct.errors import CheckFailed, Refused
from safeconduct.node import copies
from safeconduct.node.append import say_as_node
from safeconduct.node.node import Node
from safeconduct.testing import Desks, Federation, append_rogue, forged_entry, keep_copies, keys_of, opened_copy
from safeconduct.testing.copies import OTHER_PANEL, PANEL, reading_key

MOVEMENTS, RECIPIENTS = 200, 12
LEAKER, INNOCENT = "host/reader-0", "sending/reader-1"


def state_of(node: Node, order: str) -> CopiesState:
    state = node.memory.state(f"copies/{order}")
    assert isinstance(state, CopiesState)
    return state


def traced(federation: Federation, texts: list[str]) -> Result:
    """The trace from both nodes' records, which must be the same bytes."""
    given = [text.encode() for text in texts]
    host = copies.traced(federation.node("host"), PANEL, "l1", given)
    sending = copies.traced(federation.node("sending"), OTHER_PANEL, "l1", given)
    assert encode(host) == encode(sending)
    return host


def named(result: Result) -> set[str]:
    found = result.trace.named if result.trace is not None else ()
    return {result.readers[recipient] for score in found for recipient in score.recipients}


def held(node: Node, party: str, order: str, recipient: str) -> Mapping[str, int]:
    """The values in one hand, as that hand's administrator can compute them."""
    state = state_of(node, order)
    listed = node.memory.law.slots(state.slots)
    assert listed is not None
    seed = order_seed(node.vault.secret("variants"), order)
    made = Variants(order=order, slots=state.slots, party=party, recipients=state.recipients, seed=seed)
    return half_of(listed, made, recipient).values


def all_held(federation: Federation, order: str, actor: str) -> dict[str, int]:
    """The values of an actor's copy, from both hands."""
    recipient = reading_key(actor).public.key_id
    halves = [held(federation.node(party), party, order, recipient) for party in ("host", "sending")]
    return {slot: value for half in halves for slot, value in half.items()}


def said_as(desks: Desks, values: Mapping[str, int]) -> str:
    """A text that shows these values, and nothing else of the list."""
    by_id = {slot.id: slot for slot in desks.slots.slots}
    return "; ".join(by_id[slot].values[value].said["en"][-1] for slot, value in sorted(values.items()))


async def leak_and_open(desks: Desks, texts: Mapping[str, str]) -> Result:
    for order, text in texts.items():
        await desks.find(text, order)
    await keep_copies(desks.federation)
    return traced(desks.federation, list(texts.values()))


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
def test_a_leaker_of_three_orders_is_named_and_nobody_else(seed: int) -> None:
    """CAN-38, CAN-39, CAN-41"""

    async def run() -> None:
        async with Federation() as federation:
            chance = Random(f"one {seed}")
            desks = await Desks.open(federation, 6)
            people = sorted(desks.readers().values())
            source = chance.choice(people)
            texts = {}
            for order in ("m1", "m2", "m3"):
                content = await desks.deliver(order)
                for actor in people:
                    await desks.receive(actor, content, order)
                texts[order] = opened_copy(federation, source, order).upper()
            result = await leak_and_open(desks, texts)
            assert (named(result), result.orders) == ({source}, ("m1", "m2", "m3"))
            case = copies.case(federation.node("host"), PANEL, "l1")
            assert all(len(order.receipts) == len(people) for order in case.orders)

    asyncio.run(run())


@pytest.mark.slow
def test_the_candidates_contain_one_of_two_colluders_among_two_hundred_movements() -> None:
    """CAN-24, CAN-38: a tenth of the movements leaks, each text mixed from two copies, a quarter of its slots lost."""

    async def run() -> None:
        async with Federation() as federation:
            chance = Random("two hundred")
            desks = await Desks.open(federation, RECIPIENTS)
            sources = set(chance.sample(sorted(desks.readers().values()), 2))
            orders = [f"m{number}" for number in range(MOVEMENTS)]
            for order in orders:
                await desks.request(order)
            await keep_copies(federation)
            texts = {}
            for order in chance.sample(orders, MOVEMENTS // 10):
                one, other = (all_held(federation, order, source) for source in sorted(sources))
                mixed = {slot: chance.choice((one, other))[slot] for slot in one if chance.random() < 0.75}
                texts[order] = said_as(desks, mixed)
            result = await leak_and_open(desks, texts)
            assert (result.trace is not None, result.panel is not None) == (True, True)
            candidates = {result.readers[r] for r in result.panel.candidates} if result.panel is not None else set()
            assert candidates & sources
            assert named(result) <= sources

    asyncio.run(run())


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
def test_an_administrator_who_makes_a_text_from_its_own_half_names_nobody(seed: int) -> None:
    """CAN-25, CAN-37: it knows its own values of everybody's copies, and must guess the other's."""

    async def run() -> None:
        async with Federation() as federation:
            chance = Random(f"forged {seed}")
            desks = await Desks.open(federation, 6)
            victim = reading_key(INNOCENT).public.key_id
            texts = {}
            for order in ("m1", "m2", "m3", "m4"):
                await desks.deliver(order)
                own = held(federation.node("host"), "host", order, victim)
                guessed = {slot.id: chance.randrange(8) for slot in desks.slots.slots if slot.party == "sending"}
                texts[order] = said_as(desks, {**own, **guessed})
            result = await leak_and_open(desks, texts)
            assert named(result) == set()
            assert result.trace is not None
            assert result.trace.framing_hands in ((), ("host",))

    asyncio.run(run())


@pytest.mark.slow
def test_a_node_that_commits_late_is_refused_and_its_order_is_not_scored() -> None:
    """REC-123, CAN-37: a commitment or a half after the leak is worth nothing."""

    async def run() -> None:
        async with Federation() as federation:
            desks = await Desks.open(federation)
            await desks.request()
            host, sending = federation.node("host"), federation.node("sending")
            host.copies_at = 0
            await copies.keep_copies(host)
            await federation.sync()
            await desks.find("red host 0", "m1")
            sending.copies_at = 0
            await copies.keep_copies(sending)
            await keep_copies(federation)
            assert sorted(state_of(host, "m1").committed) == ["host"]
            late = copies._commitment(sending, "copies/m1", msgspec.structs.replace(state_of(sending, "m1"), texts=()))
            assert late is not None
            with pytest.raises(Refused, match="once a leak of the order was found"):
                await say_as_node(sending, late, "copies/m1")
            result = traced(federation, ["red host 0"])
            assert [one.problem for one in result.unscored] == ["sending has not committed to its halves of it"]

    asyncio.run(run())


@pytest.mark.slow
def test_a_half_that_does_not_open_is_refused_by_its_recipient_by_name_of_the_hand() -> None:
    """REC-127, CAN-34"""

    async def run() -> None:
        async with Federation() as federation:
            desks = await Desks.open(federation)
            content = await desks.request()
            await keep_copies(federation, 2)
            host = federation.node("host")
            state = state_of(host, "m1")
            assert sorted(state.committed) == ["host", "sending"]
            # Its administrator seals everybody's half to a key of its own.
            own = SealingPublicKey(reading_key("host/administrator").public.raw)
            made = Variants(
                order="m1",
                slots=state.slots,
                party="host",
                recipients=state.recipients,
                seed=order_seed(host.vault.secret("variants"), "m1"),
            )
            blob = seal_halves(desks.slots, made, dict.fromkeys(state.recipients, own))
            host.store.put_blob(hashlib.sha256(blob).hexdigest(), blob)
            act = HalvesDelivered(halves=hashlib.sha256(blob).hexdigest(), size=len(blob))
            await say_as_node(host, act, "copies/m1")
            await federation.sync()
            await keep_copies(federation)
            assert len(read_halves(blob).halves) == 4
            with pytest.raises(CheckFailed, match="expected a half by host"):
                opened_copy(federation, LEAKER)
            recipient = reading_key(LEAKER).public.key_id
            refused = CopyRefused(content=content, recipient=recipient, party="host", reason="does not open")
            await federation.say(LEAKER, "copies/m1", refused)
            await desks.find("red host 0", "m1")
            await keep_copies(federation)
            case = copies.case(host, PANEL, "l1")
            assert case.orders[0].refused == {recipient: ("host",)}
            assert named(traced(federation, ["red host 0"])) == set()

    asyncio.run(run())


@pytest.mark.slow
def test_halves_that_are_not_those_committed_to_name_nobody() -> None:
    """CAN-12, CAN-37: everybody's values are made again from the seed; other ones match nobody."""

    async def run() -> None:
        async with Federation() as federation:
            desks = await Desks.open(federation)
            texts = {}
            for order in ("m1", "m2", "m3"):
                await desks.request(order)
                await keep_copies(federation, 2)
                host = federation.node("host")
                state = state_of(host, order)
                keys = {r: host.memory.law.reading_key(r) or "" for r in state.recipients}
                other = Variants(
                    order=order, slots=state.slots, party="host", recipients=state.recipients, seed=b"other" * 6 + b"!!"
                )
                blob = seal_halves(desks.slots, other, {r: SealingPublicKey.from_text(k) for r, k in keys.items()})
                host.store.put_blob(hashlib.sha256(blob).hexdigest(), blob)
                act = HalvesDelivered(halves=hashlib.sha256(blob).hexdigest(), size=len(blob))
                await say_as_node(host, act, f"copies/{order}")
                await federation.sync()
                await keep_copies(federation)
                texts[order] = opened_copy(federation, LEAKER, order)
            result = await leak_and_open(desks, texts)
            assert (named(result), result.orders) == (set(), ("m1", "m2", "m3"))

    asyncio.run(run())


def _true_opening(node: Node, order: str) -> SeedOpened:
    state = state_of(node, order)
    seed = order_seed(node.vault.secret("variants"), order)
    made = Variants(order=order, slots=state.slots, party=node.party, recipients=state.recipients, seed=seed)
    salt = copies._salt_of(made)
    return SeedOpened(leak="l1", seed=base64.b64encode(seed).decode(), salt=base64.b64encode(salt).decode())


@pytest.mark.slow
def test_a_seed_that_is_opened_before_the_leak_spoils_its_order_on_every_other_node() -> None:
    """REC-133, CAN-37"""

    async def run() -> None:
        async with Federation() as federation:
            desks = await Desks.open(federation)
            await desks.deliver()
            host, sending = federation.node("host"), federation.node("sending")
            act = _true_opening(host, "m1")
            with pytest.raises(Refused, match="no leak l1 of this order"):
                await say_as_node(host, act, "copies/m1")
            entry = forged_entry(
                "host/node",
                act,
                subject="copies/m1",
                at=federation.clock.now(),
                agreement=host.memory.law.in_force() or "",
                after=host.memory.after(),
                signers=[keys_of("host").node],
            )
            append_rogue(host, [entry])
            await federation.sync()
            assert list(state_of(sending, "m1").spoiled) == ["host"]
            with pytest.raises(Refused, match="could have written this text"):
                await desks.find("red host 0", "m1", by="sending/security_manager")

    asyncio.run(run())


@pytest.mark.slow
def test_a_seed_that_does_not_fit_its_commitment_is_refused_and_the_order_not_scored() -> None:
    """REC-132, CAN-37"""

    async def run() -> None:
        async with Federation() as federation:
            desks = await Desks.open(federation)
            await desks.deliver()
            await desks.find("red host 0", "m1")
            federation.clock.advance(2_000)
            host = federation.node("host")
            with pytest.raises(Refused, match="not those that it committed to"):
                await say_as_node(host, _true_opening_of_another(host), "copies/m1")
            sending = federation.node("sending")
            sending.copies_at = 0
            await copies.keep_copies(sending)
            await federation.sync()
            assert [one.problem for one in traced(federation, ["red host 0"]).unscored] == [
                "host has not opened its seed"
            ]

    asyncio.run(run())


def _true_opening_of_another(node: Node) -> SeedOpened:
    true = _true_opening(node, "m1")
    return SeedOpened(leak="l1", seed=base64.b64encode(b"x" * 32).decode(), salt=true.salt)


@pytest.mark.slow
def test_a_silent_node_keeps_copies_and_traces_back_and_nothing_else() -> None:
    """CAN-33, CAN-36: no half of the other hand is delivered, and no seed opened, without it."""

    async def run() -> None:
        async with Federation() as federation:
            desks = await Desks.open(federation)
            await desks.request()
            federation.links.cut |= {("host", "sending"), ("sending", "host")}
            await keep_copies(federation)
            assert (sorted(state_of(federation.node("host"), "m1").committed), len(federation.links.cut)) == (
                ["host"],
                2,
            )
            assert state_of(federation.node("host"), "m1").delivered == {}
            federation.links.cut.clear()
            await keep_copies(federation, 8)
            assert sorted(state_of(federation.node("host"), "m1").delivered) == ["host", "sending"]
            federation.links.cut |= {("host", "sending"), ("sending", "host")}
            host = federation.node("host")
            with pytest.raises(Refused, match="no leak l1"):
                await desks.find("red host 0", "m1")
            await keep_copies(federation)
            with pytest.raises(Refused, match="somebody of every party's panel has asked"):
                await say_as_node(host, _true_opening(host, "m1"), "copies/m1")
            assert state_of(host, "m1").opened == {}

    asyncio.run(run())


@pytest.mark.slow
def test_a_receipt_that_is_said_again_for_another_copy_has_no_effect() -> None:
    """REC-126"""

    async def run() -> None:
        async with Federation() as federation:
            desks = await Desks.open(federation)
            content = await desks.deliver()
            await desks.receive(LEAKER, content)
            first = state_of(federation.node("host"), "m1").received[reading_key(LEAKER).public.key_id][content]
            await federation.sync()
            replay = CopyReceived(content=content, recipient=reading_key(INNOCENT).public.key_id, receipt=first.receipt)
            with pytest.raises(Refused, match="each has a salt of its own"):
                await federation.say(INNOCENT, "copies/m1", replay)

    asyncio.run(run())


@pytest.mark.slow
def test_a_restarted_node_goes_on_where_it_stopped() -> None:
    """CAN-32: its seeds are those of its vault, and what it had to say it still says."""

    async def run() -> None:
        async with Federation() as federation:
            desks = await Desks.open(federation, 2)
            await desks.request()
            await keep_copies(federation, 2)
            before = state_of(federation.node("host"), "m1").committed
            for party in ("host", "sending"):
                federation.start(party)
            await keep_copies(federation)
            state = state_of(federation.node("host"), "m1")
            assert (state.committed, sorted(state.delivered)) == (before, ["host", "sending"])
            assert digest(state) == digest(state_of(federation.node("sending"), "m1"))

    asyncio.run(run())
