"""A node counts how the agreement was kept, from its record and as of its clock."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import msgspec
import pytest

from safeconduct.core.acts import FactContested, FindingExplained, MovementRequested, Timing
from safeconduct.core.agreement import Disputes, Outcome, Terms
from safeconduct.errors import InputInvalid, NotFound
from safeconduct.node.compliance import compliance
from safeconduct.node.queries import subject_findings
from safeconduct.testing import HOUR, MOVEMENT, START, Federation, authority, small_plan, small_terms

MONTH = 31 * 24 * HOUR


def outspoken(terms: Terms) -> Terms:
    """The agreement with a duty officer who explains and contests."""
    more = ("finding.explained", "fact.contested", "fact.ruled")
    roles = (
        msgspec.structs.replace(role, may=(*role.may, *more)) if role.id == "duty_officer" else role
        for role in terms.roles
    )
    return msgspec.structs.replace(terms, roles=tuple(roles), disputes=Disputes(ruled_by=("duty_officer",)))


def play(scenario: Callable[[Federation], Awaitable[None]]) -> None:
    async def whole() -> None:
        async with Federation() as federation:
            await federation.agree(outspoken(small_terms(federation.cards.values())))
            # A day's notice is owed, and there is less.
            timing = Timing(earliest=START + 20 * HOUR, latest=START + 22 * HOUR, review_by=START + 19 * HOUR)
            act = MovementRequested(plan=small_plan(timing=timing))
            await federation.say("sending/journey_manager", MOVEMENT, act)
            await federation.sync()
            await scenario(federation)

    asyncio.run(whole())


def test_every_finding_of_the_period_is_counted_on_every_node_alike() -> None:
    async def scenario(federation: Federation) -> None:
        federation.clock.advance(40 * HOUR)
        await federation.sync()
        pages = [
            await compliance(federation.node(p), authority(federation.node(p)), START - 30 * HOUR, START + MONTH)
            for p in ("host", "sending")
        ]
        node = federation.node("host")
        found = subject_findings(node, MOVEMENT, node.clock.now())
        tally = pages[0].report.tally
        counted = tally.met + tally.breached + tally.waived + tally.disputed + tally.pending
        assert counted == sum(f.times for f in found if f.outcome is not Outcome.NOT_DUE) > 0
        assert [page.report for page in pages] == [pages[0].report] * 2
        assert [page.party for page in pages] == ["host", "sending"]
        assert pages[0].versions == (node.memory.law.in_force(),)

    play(scenario)


def test_a_period_without_anything_has_nothing() -> None:
    async def scenario(federation: Federation) -> None:
        page = await compliance(
            federation.node("host"), authority(federation.node("host")), START - MONTH, START - 30 * HOUR
        )
        assert (page.report.clauses, page.report.matters, page.report.tally.decided) == ((), (), 0)

    play(scenario)


def test_a_breach_comes_with_what_was_said_about_it() -> None:
    async def scenario(federation: Federation) -> None:
        node = federation.node("host")
        page = await compliance(node, authority(node), START - 30 * HOUR, START + MONTH)
        [first, *_] = [m for m in page.report.matters if m.finding.outcome is Outcome.BREACHED]
        assert (first.open, first.accounts) == (True, ())
        clause = first.finding.clause
        await federation.say(
            "host/duty_officer", MOVEMENT, FindingExplained(clause=clause, account="the line was down")
        )
        await federation.sync()
        page = await compliance(node, authority(node), START - 30 * HOUR, START + MONTH)
        [again] = [m for m in page.report.matters if m.finding.key == first.finding.key]
        assert [(a.actor, a.kind, a.text) for a in again.accounts] == [
            ("host/duty_officer", "finding.explained", "the line was down")
        ]
        assert again.open is False

    play(scenario)


def test_a_dispute_comes_with_the_other_account() -> None:
    async def scenario(federation: Federation) -> None:
        node = federation.node("host")
        requested = node.memory.in_order(MOVEMENT)[0].id
        act = FactContested(statement=requested, account="we never asked for this")
        await federation.say("host/duty_officer", MOVEMENT, act)
        await federation.sync()
        page = await compliance(node, authority(node), START - 30 * HOUR, START + MONTH)
        disputes = [m for m in page.report.matters if m.finding.outcome is Outcome.DISPUTED]
        texts = {account.text for matter in disputes for account in matter.accounts}  # order-free: compared as a set
        assert texts == {"we never asked for this"}

    play(scenario)


def test_a_period_that_cannot_be_shown_is_refused() -> None:
    async def scenario(federation: Federation) -> None:
        with pytest.raises(InputInvalid, match="a period"):
            await compliance(federation.node("host"), authority(federation.node("host")), START, START)

    play(scenario)


def test_where_nothing_is_in_force_there_is_nothing_to_count() -> None:
    async def whole() -> None:
        async with Federation() as federation:
            with pytest.raises(NotFound, match="no agreement"):
                await compliance(federation.node("host"), authority(federation.node("host")), START, START + HOUR)

    asyncio.run(whole())
