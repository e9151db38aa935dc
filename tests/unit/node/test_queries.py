"""What screens and peers are told."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import msgspec
import pytest

from safeconduct.core.acts import (
    MovementAcknowledged,
    MovementApproved,
    MovementAttested,
    MovementDeparted,
    MovementRequested,
    RelationStepped,
    Timing,
)
from safeconduct.core.agreement import PredictabilityTerms
from safeconduct.core.log import decode_bundle, leaf_hash, verify_inclusion
from safeconduct.core.record import Phase
from safeconduct.core.statement import digest
from safeconduct.errors import NotAllowed, NotFound, SafeconductError
from safeconduct.node import access, queries
from safeconduct.node.node import Node
from safeconduct.node.ports import Row
from safeconduct.testing import HOUR, MINUTE, START, Federation, authority, small_plan, small_terms
from tests.unit.core.record.reported import graded
from tests.unit.node.departed import departed, every_day, keep

PLAN = small_plan()


def play(scenario: Callable[[Federation], Awaitable[None]]) -> None:
    async def whole() -> None:
        async with Federation() as federation:
            await federation.agree()
            await federation.say("sending/journey_manager", "movement/m1", MovementRequested(plan=PLAN))
            await federation.sync()
            await scenario(federation)

    asyncio.run(whole())


def test_the_board_shows_what_is_missing() -> None:
    """REC-21, REC-33"""

    async def scenario(federation: Federation) -> None:
        await federation.say("host/duty_officer", "movement/m1", MovementAcknowledged(role="duty_officer"))
        (row,) = queries.board(federation.node("host"), authority(federation.node("host")))
        assert (row.phase, row.consent_missing, row.open_items, row.not_relayed) == (
            Phase.REQUESTED,
            ("host", "sending"),
            ("approvals", "heads", "radio", "sweep"),
            ("duty_officer", "unit"),
        )

    play(scenario)


def test_the_board_is_paged_by_the_opening_of_the_window() -> None:
    """REC-30"""

    async def scenario(federation: Federation) -> None:
        for number in range(2, 5):
            timing = Timing(
                earliest=START + (30 + number) * HOUR,
                latest=START + 40 * HOUR,
                review_by=START + 29 * HOUR,
            )
            act = MovementRequested(plan=small_plan(timing=timing))
            await federation.say("sending/journey_manager", f"movement/m{number}", act)
        node = federation.node("sending")
        first = queries.board(node, authority(node), limit=2)
        rest = queries.board(node, authority(node), before=first[-1].plan.timing.earliest, limit=9)
        assert [row.subject for row in [*first, *rest]] == [f"movement/m{n}" for n in (4, 3, 2, 1)]

    play(scenario)


def test_a_page_has_the_whole_history_with_receipts() -> None:
    """REC-7"""

    async def scenario(federation: Federation) -> None:
        await federation.say("host/duty_officer", "movement/m1", MovementApproved(plan=digest(PLAN)))
        await federation.sync()
        page = queries.movement(federation.node("sending"), authority(federation.node("sending")), "movement/m1")
        assert [(line.kind, line.party) for line in page.history] == [
            ("movement.requested", "sending"),
            ("movement.approved", "host"),
        ]
        assert page.history[0].received["host"] == page.history[1].t
        assert page.history[0].cosigned["host"] == federation.clock.now() // 1000

    play(scenario)


@pytest.mark.parametrize(
    ("ask", "error"),
    [
        (lambda node: queries.movement(node, authority(node), "movement/none"), NotFound),
        (lambda node: queries.movement(node, authority(node), "site/none"), NotFound),
        (lambda node: queries.statement(node, authority(node), "ab" * 32), NotFound),
        (lambda node: queries.entries(node, authority(node), "press", 0, 1), NotFound),
        (lambda node: queries.proof(node, "host", 99, 100), NotFound),
        (lambda node: queries.proof(node, "host", 1, 1), NotFound),
        (lambda node: queries.bundle(node, "host", 0, 200), NotFound),
        (lambda node: queries.bundle(node, "host", 0, 0), NotFound),
        (lambda node: queries.bundle(node, "press", 0, 1), NotFound),
        (lambda node: queries.tile(node, "host", 9, 0, 1), NotFound),
        (lambda node: queries.checkpoint(node, "press"), NotFound),
        (lambda node: queries.blob(node, "ab" * 32), NotFound),
        (lambda node: access.viewer(node, "host/nobody"), NotAllowed),
        (lambda node: access.key_of_actor(node, "sending/approver"), NotAllowed),
        (lambda node: access.key_of_actor(node, "host/nobody"), NotAllowed),
        (lambda node: access.key_of_peer(node, "press"), NotAllowed),
        (lambda node: access.key_of_peer(node, "host"), NotAllowed),
        (lambda node: access.require_authority(access.viewer(node, "host/unit")), NotAllowed),
    ],
)
def test_what_is_not_here_or_not_yours_is_an_error(
    ask: Callable[[Node], object], error: type[SafeconductError]
) -> None:
    """REC-10"""

    async def scenario(federation: Federation) -> None:
        with pytest.raises(error):
            ask(federation.node("host"))

    play(scenario)


def test_an_entry_is_proved_against_the_checkpoint() -> None:
    """LOG-9"""

    async def scenario(federation: Federation) -> None:
        node = federation.node("host")
        checkpoint = node.signed_checkpoint("host")
        assert checkpoint is not None
        row = queries.entries(node, authority(node), "host", 2, 1)[0]
        assert isinstance(row, Row)
        proof = queries.proof(node, "host", 2, checkpoint.size)
        verify_inclusion(leaf_hash(row.entry), 2, checkpoint.size, proof, checkpoint.root)
        bundle = decode_bundle(queries.bundle(node, "host", 0, 3), 3)
        assert bundle[2] == row.entry

    play(scenario)


def test_every_actor_of_the_party_may_look_and_the_authority_is_known() -> None:
    """REC-15, REC-16"""

    async def scenario(federation: Federation) -> None:
        node = federation.node("host")
        assert access.viewer(node, "host/unit").roles == ("unit",)
        access.require_authority(access.viewer(node, "host/authority"))
        assert access.key_of_actor(node, "host/authority") == node.memory.anchors["host"].root

    play(scenario)


def test_both_logs_are_listed_with_their_receipts() -> None:
    """REC-7"""

    async def scenario(federation: Federation) -> None:
        own, peers = queries.logs(federation.node("host"))
        assert (own.party, own.receipts["sending"], peers.party, peers.problem) == (
            "host",
            (own.size, federation.clock.now() // 1000),
            "sending",
            None,
        )

    play(scenario)


# --- how guessable a movement is --------------------------------------------------------------------------------------

HABIT = PredictabilityTerms(warn=200, span="P90D", half_life="P30D", least=8)


def with_habits(scenario: Callable[[Federation], Awaitable[None]]) -> None:
    """As `play`, under an agreement that says how an observer counts."""

    async def whole() -> None:
        async with Federation() as federation:
            plain = small_terms(federation.cards.values())
            movement = msgspec.structs.replace(plain.movement, predictability=HABIT)
            await federation.agree(msgspec.structs.replace(plain, movement=movement))
            await federation.say("sending/journey_manager", "movement/m1", MovementRequested(plan=PLAN))
            await federation.sync()
            await scenario(federation)

    asyncio.run(whole())


def test_a_movement_shows_how_well_it_could_be_guessed_the_same_on_both_nodes() -> None:
    """PRED-9, PRED-12"""

    async def scenario(federation: Federation) -> None:
        for node in federation.links.nodes.values():
            every_day(node, PLAN, 40, at=20 * MINUTE)
        found = [
            queries.movement(federation.node(p), authority(federation.node(p)), "movement/m1").predictability
            for p in ("host", "sending")
        ]
        assert found[0] is not None
        assert (found[0] == found[1], found[0].days, found[0].is_warning) == (True, 40, True)

    with_habits(scenario)


def test_where_nothing_is_agreed_nothing_is_counted() -> None:
    """PRED-1, AG-142"""

    async def scenario(federation: Federation) -> None:
        node = federation.node("host")
        every_day(node, PLAN, 40)
        assert queries.movement(node, authority(node), "movement/m1").predictability is None

    play(scenario)


def test_a_warning_keeps_no_approval_from_taking_effect() -> None:
    """PRED-12"""

    async def scenario(federation: Federation) -> None:
        node = federation.node("host")
        every_day(node, PLAN, 40)
        await federation.say("host/duty_officer", "movement/m1", MovementApproved(plan=digest(PLAN)))
        page = queries.movement(node, authority(node), "movement/m1")
        assert page.predictability is not None
        assert (page.predictability.is_warning, page.row.approved_by) == (True, ("host",))

    with_habits(scenario)


def test_a_departure_counts_for_the_next_day_and_not_for_its_own() -> None:
    """PRED-4, PRED-16: said on the record, on both nodes, also after a restart."""

    async def scenario(federation: Federation) -> None:
        timing = msgspec.structs.replace(PLAN.timing, earliest=START + 54 * HOUR, latest=START + 56 * HOUR)
        later = MovementRequested(plan=small_plan(timing=timing))
        await federation.say("sending/journey_manager", "movement/m2", later)
        for actor in ("host/duty_officer", "sending/approver"):
            await federation.say(actor, "movement/m1", MovementApproved(plan=digest(PLAN)))
            await federation.sync()
        federation.clock.advance(30 * HOUR)
        for actor, item, heads in [
            ("host/escort_lead", "heads", 12),
            ("sending/journey_manager", "heads", 12),
            ("host/escort_lead", "radio", None),
            ("host/duty_officer", "sweep", None),
        ]:
            await federation.say(actor, "movement/m1", MovementAttested(item=item, holds=True, heads=heads))
            await federation.sync()
        await federation.say("host/escort_lead", "movement/m1", MovementDeparted(heads=12))
        await federation.sync()
        federation.node("sending").reload()
        days = []
        for party in ("host", "sending"):
            pages = [
                queries.movement(federation.node(party), authority(federation.node(party)), f"movement/{name}")
                for name in ("m1", "m2")
            ]
            days.append([page.predictability.days for page in pages if page.predictability is not None])
        assert days == [[0, 1], [0, 1]]

    with_habits(scenario)


def test_after_law_that_came_late_the_departures_are_read_again() -> None:
    """PRED-16: the whole record was folded anew, and what left may be another set."""

    async def scenario(federation: Federation) -> None:
        node = federation.node("host")
        every_day(node, PLAN, 40)
        keep(node.store, [departed("movement/refolded", PLAN.timing.earliest - 24 * HOUR)])
        node.memory._law_came_late = True
        node.memory.written()
        page = queries.movement(node, authority(node), "movement/m1")
        assert page.predictability is not None
        assert page.predictability.days == 1

    with_habits(scenario)


def test_a_node_that_starts_again_knows_the_grade_in_force() -> None:
    """REC-42: steps of the relation are read with the law."""

    async def scenario() -> None:
        async with Federation() as federation:
            await federation.agree(graded())
            await federation.say("host/duty_officer", "relation", RelationStepped(level="limited", reason="a breach"))
            assert queries.relation(federation.node("host"), authority(federation.node("host"))).level == "limited"
            again = federation.start("host")
            assert queries.relation(again, authority(again)).level == "limited"

    asyncio.run(scenario())
