"""The demo's day, told by itself in one process: what its steps say of the record is what the record says."""

from __future__ import annotations

import pytest

from safeconduct.core.agreement import Outcome
from safeconduct.edges.cli.demo.scenario import (
    AFTERNOON,
    CAST,
    CHAIN,
    EVENING,
    HOST,
    MORNING,
    MOVEMENTS,
    NEXT,
    SENDING,
    Say,
    day,
    pkt,
)
from safeconduct.edges.cli.demo.words import Words
from safeconduct.node import queries
from safeconduct.testing import authority
from tests.unit.edges.cli.demo.telling import drive, outage, template_terms, told

pytestmark = pytest.mark.slow


def test_the_record_refuses_what_the_script_says_and_nothing_else() -> None:
    assert told().refused == told().wanted


def test_both_boards_show_what_the_script_says() -> None:
    for look, *rows in told().boards:
        for row in rows:
            shown = (
                row.phase,
                look.consent_missing if look.consent_missing is None else row.consent_missing,
                look.open_items if look.open_items is None else row.open_items,
                look.not_relayed if look.not_relayed is None else row.not_relayed,
            )
            assert shown == (look.phase, look.consent_missing, look.open_items, look.not_relayed), look


def test_both_nodes_end_with_the_same_record_and_findings() -> None:
    host, sending = (told().federation.node(party) for party in (HOST, SENDING))
    assert (queries.state_of_record(host), queries.findings(host, authority(host))) == (
        queries.state_of_record(sending),
        queries.findings(sending, authority(sending)),
    )


@pytest.mark.parametrize(
    ("subject", "breached"),
    [
        (AFTERNOON, []),
        (MORNING, ["APR-5", "APR-8", "NTC-4"]),
        (EVENING, ["NTC-1", "NTC-2"]),
        (NEXT, []),
    ],
)
def test_the_clauses_end_as_the_story_needs(subject: str, breached: list[str]) -> None:
    findings = queries.movement(
        told().federation.node(SENDING), authority(told().federation.node(SENDING)), subject
    ).findings
    assert [finding.clause for finding in findings if finding.outcome is Outcome.BREACHED] == breached


def test_the_morning_run_was_asked_for_nearly_too_late() -> None:
    findings = queries.movement(told().federation.node(HOST), authority(told().federation.node(HOST)), MORNING).findings
    assert next(finding for finding in findings if finding.clause == "NTC-1").near


def test_no_check_in_said_while_the_sending_node_was_down_is_proved_before_it_came_back() -> None:
    killed, back = outage()
    history = queries.movement(told().federation.node(HOST), authority(told().federation.node(HOST)), AFTERNOON).history
    alone = [line for line in history if line.kind == "movement.checked_in" and line.party == HOST]
    assert [killed < line.t < back <= (line.received[SENDING] or 0) for line in alone] == [True] * 3


def test_every_actor_that_speaks_is_in_the_cast() -> None:
    speakers = {step.actor for step in day(Words("en"), drive()) if isinstance(step, Say)}
    assert speakers | {actor for _, actor in CHAIN} <= set(CAST)


def test_the_cast_and_the_chain_are_those_of_the_template() -> None:
    terms = template_terms()
    roles = {role.id for role in terms.roles}
    assert ({role for held in CAST.values() for role in held} - roles, terms.movement.notice_chain) == (
        set(),
        tuple(role for role, _ in CHAIN),
    )


def test_moments_are_karachis() -> None:
    """2024-10-06T18:00:00Z"""
    assert pkt(6, 23) == 1_728_237_600_000


def test_the_story_has_these_movements() -> None:
    assert {
        row.subject for row in queries.board(told().federation.node(HOST), authority(told().federation.node(HOST)))
    } == set(MOVEMENTS)
