"""A node whose disk was restored from a backup takes back what it had said, and nothing else."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from safeconduct.core.acts import MovementAcknowledged, MovementRequested, SiteRegistered
from safeconduct.errors import CheckFailed, InputInvalid, NotAllowed, Unavailable
from safeconduct.node import offering, queries
from safeconduct.node.recover import Recovered, recover
from safeconduct.testing import START, Federation, MemoryStore, StepClock, small_plan

SITE = SiteRegistered(name="Airport", district="malir", latitude_e7=248_900_000, longitude_e7=671_600_000)


def store_of(federation: Federation, party: str) -> MemoryStore:
    store = federation.stores[party]
    assert isinstance(store, MemoryStore)
    return store


async def say_sites(federation: Federation, first: int, last: int) -> None:
    for number in range(first, last):
        await federation.say("host/duty_officer", f"site/s{number}", SITE)


async def restored(federation: Federation, backup: MemoryStore) -> None:
    """Start the host again on an older disk."""
    federation.stores["host"] = backup
    federation.start("host")


async def lose_and_recover(federation: Federation) -> Recovered:
    """The host says and hears things that its backup does not have, and recovers them."""
    await federation.agree()
    backup = store_of(federation, "host").copy()
    await say_sites(federation, 0, 3)
    await federation.sync()
    await federation.say("sending/journey_manager", "movement/m1", MovementRequested(plan=small_plan()))
    await federation.sync()
    await federation.say("host/duty_officer", "movement/m1", MovementAcknowledged(role="duty_officer"))
    await federation.sync()
    await restored(federation, backup)
    return await recover(federation.node("host"), "sending")


def drive(test: Callable[[Federation], Awaitable[None]]) -> None:
    async def run() -> None:
        async with Federation(clock=StepClock(START)) as federation:
            await test(federation)

    asyncio.run(run())


def test_a_restored_node_gets_back_its_own_entries_and_what_they_follow() -> None:
    async def test(federation: Federation) -> None:
        recovered = await lose_and_recover(federation)
        assert (recovered.entries, recovered.others) == (4, {"sending": 1})

    drive(test)


def test_after_recovering_both_nodes_know_the_same() -> None:
    async def test(federation: Federation) -> None:
        await lose_and_recover(federation)
        host, sending = (queries.state_of_record(federation.node(party)) for party in ("host", "sending"))
        assert host == sending

    drive(test)


def test_a_recovered_node_signs_again_and_its_peer_goes_on_taking_it_in() -> None:
    async def test(federation: Federation) -> None:
        recovered = await lose_and_recover(federation)
        await say_sites(federation, 9, 10)
        await federation.sync()
        assert store_of(federation, "sending").size("host") == recovered.size + 1

    drive(test)


def test_nothing_is_signed_between_the_restore_and_the_recovery() -> None:
    async def test(federation: Federation) -> None:
        await federation.agree()
        backup = store_of(federation, "host").copy()
        await say_sites(federation, 0, 1)
        await federation.sync()
        await restored(federation, backup)
        with pytest.raises(CheckFailed, match="safeconduct log recover"):
            await offering.compare(federation.node("host"), "sending")
        with pytest.raises(Unavailable, match="does not sign"):
            await say_sites(federation, 1, 2)

    drive(test)


@pytest.mark.slow
def test_more_entries_than_one_visit_takes_come_back() -> None:
    async def test(federation: Federation) -> None:
        await federation.agree()
        backup = store_of(federation, "host").copy()
        await asyncio.gather(*(say_sites(federation, at, at + 50) for at in range(0, 1_100, 50)))
        await federation.sync()
        await restored(federation, backup)
        assert (await recover(federation.node("host"), "sending")).entries == 1_100

    drive(test)


def test_a_node_that_lacks_nothing_takes_nothing_back() -> None:
    async def test(federation: Federation) -> None:
        await federation.agree()
        size = store_of(federation, "host").size("host")
        assert await recover(federation.node("host"), "sending") == Recovered(size=size, entries=0, others={})

    drive(test)


def test_what_was_taken_back_before_the_link_broke_stays() -> None:
    async def test(federation: Federation) -> None:
        await federation.agree()
        backup = store_of(federation, "host").copy()
        await say_sites(federation, 0, 1)
        await federation.sync()
        await federation.say("sending/journey_manager", "movement/m1", MovementRequested(plan=small_plan()))
        await federation.sync()
        await federation.say("host/duty_officer", "movement/m1", MovementAcknowledged(role="duty_officer"))
        await federation.sync()
        await restored(federation, backup)

        def own_mirror_only(_source: str, _target: str, what: str, answer: object) -> object:
            if what == "checkpoint" and b"sending.example/log\n" in (answer or b""):  # type: ignore[operator]
                raise Unavailable("the link is down")
            return answer

        federation.links.tamper = own_mirror_only
        with pytest.raises(Unavailable, match=r"cannot be taken back as far as sending has it: entry .* the link is"):
            await recover(federation.node("host"), "sending")
        federation.links.tamper = None
        recovered = await recover(federation.node("host"), "sending")
        assert (recovered.entries, recovered.others) == (1, {"sending": 1})

    drive(test)


def test_a_log_that_was_signed_on_from_the_backup_is_two_histories_and_is_not_mixed() -> None:
    async def test(federation: Federation) -> None:
        await federation.agree()
        backup = store_of(federation, "host").copy()
        await say_sites(federation, 0, 2)
        await federation.sync()
        await restored(federation, backup)
        await say_sites(federation, 7, 8)
        size = store_of(federation, "host").size("host")
        with pytest.raises(CheckFailed, match="two histories"):
            await recover(federation.node("host"), "sending")
        with pytest.raises(Unavailable, match="does not sign"):
            await say_sites(federation, 8, 9)
        kept = [origin for origin, _, _ in federation.stores["host"].evidence()]
        assert (store_of(federation, "host").size("host"), kept) == (size, ["host.example/log"])

    drive(test)


def test_a_peer_that_hands_back_altered_entries_is_refused() -> None:
    async def test(federation: Federation) -> None:
        await federation.agree()
        backup = store_of(federation, "host").copy()
        await say_sites(federation, 0, 2)
        await federation.sync()
        await restored(federation, backup)

        def altered(_source: str, _target: str, what: str, answer: object) -> object:
            if what == "entries":
                assert isinstance(answer, list)
                return [*answer[:-1], answer[-1].replace(b"e", b"f")]
            return answer

        federation.links.tamper = altered
        size = backup.size("host")
        with pytest.raises(InputInvalid, match="lead to its signed root"):
            await recover(federation.node("host"), "sending")
        assert backup.size("host") == size

    drive(test)


def test_a_stranger_has_nothing_to_give_back() -> None:
    async def test(federation: Federation) -> None:
        with pytest.raises(NotAllowed, match="a party whose card is pinned here"):
            await recover(federation.node("host"), "nobody")

    drive(test)


def test_a_peer_that_has_never_seen_our_log_is_named() -> None:
    async def test(federation: Federation) -> None:
        with pytest.raises(Unavailable, match="sending has no checkpoint of our log yet"):
            await recover(federation.node("host"), "sending")

    drive(test)
