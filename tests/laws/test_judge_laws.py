"""The judge of clauses against a slow one that was written from the sentences, on random agreements and histories."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from safeconduct.core.acts import Act, FactContested, FactRuled
from safeconduct.core.agreement import Book, Docket, Evidence, Finding, Outcome, event_name, judge_subject
from tests.laws.histories import World, world_of
from tests.laws.slow_judge import Row, judge, judge_world
from tests.unit.core.agreement.judged import PARTY, statement_id

# Enough to see that nothing broke; whoever changes the judge raises it to some ten thousand once.
CASES = 240
FEWER = CASES // 4
SEEDS = st.integers(0, 2**64)


def books(world: World) -> tuple[tuple[int, Book], ...]:
    return tuple((begins, Book(terms)) for begins, terms in world.versions)


def row_of(finding: Finding) -> Row:
    return Row(
        finding.clause,
        finding.trigger.id,
        finding.n,
        finding.outcome.value,
        finding.due_at,
        finding.happened_at,
        finding.cured_at,
        finding.near,
        finding.missing,
        finding.times,
        finding.contested,
    )


def comparable(rows: Sequence[Row]) -> list[Row]:
    """In one order; of what is disputed for its facts, which of several accounts is told is left open."""
    bare = [row._replace(due_at=None, happened_at=None, missing=(), times=1) if row.contested else row for row in rows]
    return sorted(bare, key=lambda row: (row.clause, row.trigger, row.n))


@settings(max_examples=CASES, deadline=None)
@given(SEEDS)
def test_a_docket_says_what_the_sentences_say(seed: int) -> None:
    """AG-50 to AG-59, and each demand: events one by one, asked about in the middle, come to what the whole says."""
    world = world_of(seed)
    docket = Docket(f"{world.kind}/s", books(world))
    for event in world.events:
        docket.take(event)
        docket.findings(event.t, world.receipts)
    found = [row_of(f) for f in docket.findings(world.now, world.receipts)]
    wanted = judge_world(world.kind, world.versions, world.events, world.now, world.receipts)
    assert comparable(found) == comparable(wanted)


@settings(max_examples=CASES, deadline=None)
@given(SEEDS)
def test_a_subject_with_contested_facts_is_judged_as_the_sentences_say(seed: int) -> None:
    """AG-100 to AG-104"""
    world = world_of(seed)
    found = judge_subject(f"{world.kind}/s", books(world), world.events, world.now, world.receipts)
    wanted = judge(world.kind, world.versions, world.events, world.now, world.receipts)
    assert comparable([row_of(f) for f in found]) == comparable(wanted)


@settings(max_examples=FEWER, deadline=None)
@given(SEEDS)
def test_asking_changes_nothing(seed: int) -> None:
    """AG-50: whoever asked in between, and whatever was asked, a docket comes to the findings of a new one."""
    world = world_of(seed)
    asked, kept = (Docket(f"{world.kind}/s", books(world)) for _ in range(2))
    for event in world.events:
        asked.take(event)
        kept.take(event)
        asked.findings(world.now + 1_000 * (seed % 10_000_000), world.receipts)
        asked.look_again_at  # noqa: B018, it is asked
        assert asked.findings(event.t, world.receipts) == asked.findings(event.t, world.receipts)
    once = kept.findings(world.now, world.receipts)
    assert asked.findings(world.now, world.receipts) == once
    assert kept.findings(world.now, world.receipts) == once


@settings(max_examples=FEWER, deadline=None)
@given(SEEDS, st.integers(0, 30))
def test_a_statement_that_comes_late_counts_where_it_belongs(seed: int, place: int) -> None:
    """AG-50: a docket made again with it says what one says that had it in its place all along."""
    world = world_of(seed)
    late = place % len(world.events)
    without = [event for index, event in enumerate(world.events) if index != late]
    docket = Docket(f"{world.kind}/s", books(world))
    for event in without:
        docket.take(event)
    docket.findings(world.now, world.receipts)
    again, there = (Docket(f"{world.kind}/s", books(world)) for _ in range(2))
    for event in [*without[:late], world.events[late], *without[late:]]:
        again.take(event)
    for event in world.events:
        there.take(event)
        there.findings(event.t, world.receipts)
    assert again.findings(world.now, world.receipts) == there.findings(world.now, world.receipts)


@settings(max_examples=FEWER, deadline=None)
@given(SEEDS, st.integers(0, 2**32))
def test_nothing_changes_before_it_is_looked_at_again(seed: int, ahead: int) -> None:
    """AG-50: while nobody says anything, no outcome changes before the instant that a finding names."""
    world = world_of(seed)
    docket = Docket(f"{world.kind}/s", books(world))
    for event in world.events:
        docket.take(event)
    now = docket.findings(world.now, world.receipts)
    looks = [f.look_again_at for f in now if f.look_again_at is not None]
    until = min(looks, default=world.now + 400 * 24 * 3_600_000)
    assert until > world.now
    later = world.now + ahead % (until - world.now)
    for at in (later, until - 1):
        found = docket.findings(at, world.receipts)
        assert [(f.key, f.outcome) for f in found] == [(f.key, f.outcome) for f in now]


@settings(max_examples=FEWER, deadline=None)
@given(SEEDS, st.booleans())
def test_closing_a_dispute_turns_no_definite_outcome_into_another(seed: int, stands: bool) -> None:
    """AG-103"""
    world = world_of(seed)
    last = world.events[-1]
    contested = [e.act.statement for e in world.events if isinstance(e.act, FactContested) and not e.void]
    if not contested:
        about = world.events[seed % len(world.events)].evidence.id
        contested = [about]
        world = told_more(world, [FactContested(statement=about, account="not so")], ("escort_lead",))
    before = judge_subject(f"{world.kind}/s", books(world), world.events, world.now, world.receipts)
    ruling = FactRuled(statement=contested[0], stands=stands, reason="both were heard")
    after = told_more(world, [ruling, ruling], ("duty_officer", "approver"))
    assert after.events[-1].t == last.t
    found = judge_subject(f"{world.kind}/s", books(after), after.events, after.now, after.receipts)
    outcomes = {f.key: f.outcome for f in found}
    for finding in before:
        if not finding.contested:
            assert outcomes.get(finding.key, Outcome.NOT_DUE) is finding.outcome


def told_more(world: World, acts: Sequence[Act], roles: Sequence[str]) -> World:
    """The world with more said at its end, in the same millisecond."""
    last = world.events[-1]
    more = []
    for number, (act, role) in enumerate(zip(acts, roles, strict=True)):
        place = 10_000 + len(world.events) + number
        more.append(
            msgspec.structs.replace(
                last,
                evidence=Evidence(party=PARTY[role], index=place, id=statement_id(PARTY[role], place), at=last.t),
                name=event_name(act),
                roles=(role,),
                act=act,
                void="",
            )
        )
    return replace(world, events=(*world.events, *more))
