"""What a node destroys of what is sealed, when, and how it tells forgotten from lost."""

from __future__ import annotations

import pytest

from safeconduct.core.disclosure import Content
from safeconduct.errors import NotFound, Unavailable
from safeconduct.node import custody, forgetting, orders, queries
from safeconduct.node.custody import movement_state
from safeconduct.testing import MOVEMENT, Federation, MemoryVault, authority, come_to, keep_custody, seal_as
from tests.unit.node.test_custody import AUTHOR, DAY, FOR_HOST, found, played, sealed

# The keys that the rendezvous is sealed to end with the year.
FORGOTTEN = 90 * DAY


def held(federation: Federation) -> list[int]:
    return [len(federation.vaults[party].held()) for party in ("host", "sending")]


@played
async def test_every_node_keeps_a_ciphertext_as_long_as_a_key_opens_it_and_no_longer() -> None:
    """SEAL-80"""
    async with sealed() as (federation, content):
        await come_to(federation, 80 * DAY)
        assert held(federation) == [2, 2]
        await come_to(federation, FORGOTTEN)
        assert held(federation) == [0, 0]
        views = [
            orders.order(federation.node(party), authority(federation.node(party)), MOVEMENT).sealings
            for party in ("host", "sending")
        ]
        assert [view.forgotten for sealings in views for view in sealings] == [True] * 4
        with pytest.raises(NotFound):
            queries.blob(federation.node("host"), content)


@played
async def test_while_one_party_has_not_said_that_its_key_is_gone_all_keep_it() -> None:
    """SEAL-81"""
    async with sealed() as (federation, _):
        federation.links.cut = {("host", "sending"), ("sending", "host")}
        await come_to(federation, FORGOTTEN)
        assert held(federation) == [2, 2]
        federation.links.cut = set()
        await come_to(federation, FORGOTTEN + DAY)
        assert held(federation) == [0, 0]


@played
async def test_after_a_restart_what_was_left_is_destroyed() -> None:
    """SEAL-80: whoever stopped in the middle goes on."""
    async with sealed() as (federation, content):
        kept = federation.vaults["host"].kept(content)
        await come_to(federation, FORGOTTEN)
        federation.vaults["host"].keep(content, kept or b"")
        await keep_custody(federation, 1)
        assert held(federation) == [1, 0]
        federation.start("host")
        await keep_custody(federation, 1)
        assert held(federation) == [0, 0]


@played
async def test_what_is_forgotten_is_not_fetched_again_and_says_so() -> None:
    """SEAL-82"""
    async with sealed() as (federation, content):
        await come_to(federation, FORGOTTEN)
        node = federation.node("host")
        asked: list[str] = []

        def note(_: str, __: str, what: str, answer: object) -> object:
            asked.append(what)
            return answer

        federation.links.tamper = note
        with pytest.raises(NotFound, match="is forgotten: every key that could open it is destroyed"):
            await custody.ciphertext(node, movement_state(node, MOVEMENT).sealings[content], content)
        assert "blob" not in asked


@pytest.mark.parametrize("party", ["host", "sending"])
def test_what_is_lost_while_its_keys_live_comes_from_another_node(party: str) -> None:
    """SEAL-82: to its author's node too."""

    @played
    async def look() -> None:
        async with sealed() as (federation, content):
            federation.vaults[party].forget(content)
            node = federation.node(party)
            sealing = movement_state(node, MOVEMENT).sealings[content]
            assert not orders.order(node, authority(node), MOVEMENT).sealings[0].forgotten
            data = await custody.ciphertext(node, sealing, content)
            assert federation.vaults[party].kept(content) == data
            federation.links.cut = {("host", "sending"), ("sending", "host")}
            federation.vaults[party].forget(content)
            with pytest.raises(Unavailable):
                await custody.ciphertext(node, sealing, content)

    look()


@played
async def test_what_was_sealed_anew_is_forgotten_with_its_own_keys() -> None:
    """SEAL-80: replaced content is content."""
    async with sealed() as (federation, content):
        await seal_as(federation, AUTHOR, MOVEMENT, "rendezvous", Content(text="gate 3"))
        await come_to(federation, FOR_HOST)
        assert (len(federation.vaults["host"].held()), found(federation, "exact").content == content) == (3, True)
        await come_to(federation, FORGOTTEN)
        assert held(federation) == [0, 0]


@played
async def test_a_disk_that_refuses_is_tried_again_and_holds_up_nothing_else(caplog: pytest.LogCaptureFixture) -> None:
    """SEAL-80"""
    async with sealed() as (federation, _):
        stubborn = federation.node("host").vault = _Stubborn(federation.vaults["host"])
        await come_to(federation, FORGOTTEN)
        assert (len(stubborn.held()), "the disk refuses" in caplog.text) == (2, True)
        stubborn.refuses = False
        await keep_custody(federation, 1)
        assert stubborn.held() == frozenset()


class _Stubborn(MemoryVault):
    """A vault whose disk does not let go of ciphertexts."""

    def __init__(self, inner: object) -> None:
        self.__dict__.update(vars(inner))
        self.refuses = True

    def forget(self, digest: str) -> None:
        if self.refuses:
            raise Unavailable("the disk refuses")
        super().forget(digest)


@played
async def test_looking_through_what_is_sealed_says_who_has_had_it() -> None:
    async with sealed() as (federation, _):
        node = federation.node("host")
        things = list(forgetting.sealed_things(node.memory, MOVEMENT))
        assert [(thing.held_by, thing.forgotten, len(thing.digests)) for thing in things] == [
            (("host", "sending"), False, 1)
        ] * 2
        assert forgetting.sealed_subjects(node.store) == [MOVEMENT]
