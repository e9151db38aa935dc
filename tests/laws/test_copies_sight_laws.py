"""Two worlds of which one has copies, or a leak of them, answer whoever may not know alike: routes and refusals."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable

import msgspec
import pytest

from safeconduct.core.acts import (
    Act,
    CopyReceived,
    CopyRefused,
    MovementApproved,
    MovementRequested,
    SeedAsked,
    TraceStated,
)
from safeconduct.core.agreement import Role, Terms
from safeconduct.core.disclosure import Content
from safeconduct.core.record import CopiesState
from safeconduct.core.statement import digest
from safeconduct.testing import (
    COMPARTMENTS,
    HOUR,
    MOVEMENT,
    START,
    TEMPLATE,
    Desks,
    Federation,
    StepClock,
    copies_terms,
    keep_copies,
    opened_copy,
    seal_as,
    small_plan,
)
from safeconduct.testing.copies import reading_key
from tests.laws.test_sight_laws import AUTHOR, EARLIEST, Pair, by_themselves, offered, told, twin_of, until

READER, LATER_READER = "host/reader-0", "sending/reader-1"
PANEL = ("host/duty_officer", "sending/security_manager")
SEE_ALL = ("host/auditor", "host/authority", "sending/authority")
VIEWERS = (READER, LATER_READER, *PANEL, AUTHOR, "host/escort_lead", "host/unit", "sending/approver")
COPY = "/v1/movements/m1/copy"


def terms_of(federation: Federation) -> Terms:
    """Slots in the rendezvous, which opens two hours before and later; an auditor."""
    terms = copies_terms(federation.cards.values(), compartments=COMPARTMENTS)
    auditor = Role(id="auditor", party="host", name={"en": "auditor"}, may=())
    return msgspec.structs.replace(terms, roles=(*terms.roles, auditor), auditors=("auditor",))


async def approved() -> tuple[Federation, Desks]:
    federation = await Federation(clock=StepClock(START)).__aenter__()
    desks = await Desks.open(federation, 2, terms_of(federation))
    await federation.say(AUTHOR, MOVEMENT, MovementRequested(plan=small_plan()))
    await federation.sync()
    for actor in ("host/duty_officer", "sending/approver"):
        await federation.say(actor, MOVEMENT, MovementApproved(plan=digest(small_plan())))
    await by_themselves(federation)
    return federation, desks


async def copied(federation: Federation, desks: Desks, rounds: int = 6) -> None:
    """The rendezvous sealed with slots, and copies of it delivered; after two rounds they are committed to alone."""
    await seal_as(federation, AUTHOR, MOVEMENT, "rendezvous", Content(text=TEMPLATE), change=desks.with_slots)
    await by_themselves(federation)
    await keep_copies(federation, rounds)


async def shown_otherwise(pair: Pair, viewers: Iterable[str], knows: Callable[[str], bool]) -> dict[str, set[str]]:
    """The paths that are answered otherwise in the second world, for whoever may know; nothing is for anybody else."""
    found = {}
    for viewer in viewers:
        paths = await pair.differences(viewer)
        assert bool(paths) == knows(viewer), f"{viewer}\n{told(paths)}"
        found[viewer] = set(paths)
    return found


@pytest.mark.slow
def test_that_there_are_copies_shows_to_nobody_before_the_sealing_does() -> None:
    """CAN-31, CAN-43, SIGHT-5, SIGHT-7: a reader's own copy is there from its moment on."""

    async def scenario() -> None:
        base, desks = await approved()
        pair = Pair(await twin_of(base), await twin_of(base))
        await copied(pair.worlds[1], desks)
        await until(pair.worlds, EARLIEST - 4 * HOUR)
        await shown_otherwise(pair, VIEWERS, lambda viewer: viewer == AUTHOR)
        # The duty officer is due by now that something is sealed, and has no copy of it.
        due = {AUTHOR, "host/duty_officer"}
        await until(pair.worlds, EARLIEST - 2 * HOUR - 1)
        found = await shown_otherwise(pair, VIEWERS, lambda viewer: viewer in due)
        assert not any(COPY in paths for paths in found.values())
        due |= {READER, "host/escort_lead"}
        await until(pair.worlds, EARLIEST - 2 * HOUR)
        found = await shown_otherwise(pair, VIEWERS, lambda viewer: viewer in due)
        assert {viewer for viewer, paths in found.items() if COPY in paths} == {READER}
        assert opened_copy(pair.worlds[1], READER) != TEMPLATE
        await shown_otherwise(pair, SEE_ALL, lambda _: True)
        await pair.close(base)

    asyncio.run(scenario())


@pytest.mark.slow
def test_a_leak_shows_to_the_panel_and_that_there_is_one_to_whoever_sees_all() -> None:
    """CAN-43, SIGHT-2, SIGHT-11: also once the seeds are open."""

    async def scenario() -> None:
        base, desks = await approved()
        await copied(base, desks)
        pair = Pair(await twin_of(base), await twin_of(base))
        await Desks(pair.worlds[1], desks.slots).find("red host 0", "m1")
        for world in pair.worlds:
            await keep_copies(world)
        await until(pair.worlds, EARLIEST - 4 * HOUR)
        found = await shown_otherwise(pair, VIEWERS, lambda viewer: viewer in PANEL)
        assert all({"/v1/leaks", "/v1/leaks/l1"} <= found[viewer] for viewer in PANEL)
        found = await shown_otherwise(pair, SEE_ALL, lambda _: True)
        assert all("/v1/leaks" in paths and "/v1/leaks/l1" not in paths for paths in found.values())
        await pair.close(base)

    asyncio.run(scenario())


@pytest.mark.slow
def test_a_recipient_whose_moment_has_not_come_is_refused_as_if_there_were_no_copies() -> None:
    """CAN-45, SIGHT-10: copies were committed to, and nothing is delivered that could be received."""

    async def scenario() -> None:
        base, desks = await approved()
        pair = Pair(await twin_of(base), await twin_of(base))
        await copied(pair.worlds[1], desks, rounds=2)
        state = pair.worlds[1].node("host").memory.state("copies/m1")
        assert isinstance(state, CopiesState)
        assert (sorted(state.committed), sorted(state.delivered)) == (["host", "sending"], [])
        recipient = reading_key(READER).public.key_id
        acts: tuple[Act, ...] = (
            CopyRefused(content="ab" * 32, recipient=recipient, party="host", reason="does not open"),
            CopyReceived(content="ab" * 32, recipient=recipient, receipt="cd" * 32),
        )
        for moment, alike in ((EARLIEST - 2 * HOUR - 1, True), (EARLIEST - 2 * HOUR, False)):
            await until(pair.worlds, moment)
            for act in acts:
                for path in ("/v1/statements", "/v1/statements?check=true"):
                    found = [await offered(a, path, READER, act, "copies/m1") for a in pair.asking]
                    assert (found[0] == found[1]) == alike, (moment, path, act, found)
        await pair.close(base)

    asyncio.run(scenario())


@pytest.mark.slow
def test_what_is_offered_about_copies_is_refused_as_if_there_were_none() -> None:
    """CAN-45, SIGHT-10"""

    async def scenario() -> None:
        base, desks = await approved()
        pair = Pair(await twin_of(base), await twin_of(base))
        await copied(pair.worlds[1], desks)
        await Desks(pair.worlds[1], desks.slots).find("red host 0", "m1")
        await until(pair.worlds, EARLIEST - 4 * HOUR)
        recipients = [reading_key(actor).public.key_id for actor in (READER, LATER_READER)]
        acts: list[Act] = [SeedAsked(leak="l1", reason="a chat"), TraceStated(leak="l1", result="ab" * 32)]
        for recipient in recipients:
            acts.append(CopyRefused(content="ab" * 32, recipient=recipient, party="host", reason="does not open"))
            acts.append(CopyReceived(content="ab" * 32, recipient=recipient, receipt="cd" * 32))
        # Not the recipients themselves: what the record would take of theirs is not refused.
        for viewer in ("host/escort_lead", "host/unit", "sending/approver"):
            for act in acts:
                for path in ("/v1/statements", "/v1/statements?check=true"):
                    found = [await offered(a, path, viewer, act, "copies/m1") for a in pair.asking]
                    assert found[0] == found[1], (viewer, path, act, found)
        await pair.close(base)

    asyncio.run(scenario())
