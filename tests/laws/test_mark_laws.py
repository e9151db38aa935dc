"""Who is shut out cannot tell a movement that is hidden from one that is not there; one party alone makes no decoy."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Awaitable, Callable

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from safeconduct.core.acts import (
    Act,
    CompartmentOpened,
    CompartmentTold,
    GlassGiven,
    IncidentRaised,
    MarkAgreed,
    MarkChecked,
    MarkExpired,
    MarkOpened,
    MovementAcknowledged,
    MovementApproved,
    MovementAttested,
    MovementCheckedIn,
    MovementRequested,
    offer,
)
from safeconduct.core.disclosure import Content
from safeconduct.core.record import MarkState, box_digest
from safeconduct.core.statement import digest
from safeconduct.errors import Refused, SafeconductError
from safeconduct.node import commands, marks, queries, sync
from safeconduct.node.access import Viewer
from safeconduct.node.append import say_as_node, submit
from safeconduct.node.commands import read_offer
from safeconduct.testing import (
    DECOY,
    HOUR,
    MARK,
    MINUTE,
    MOVEMENT,
    SHUT_OUT,
    Federation,
    agree_to,
    keep_custody,
    keep_marks,
    key,
    mark_as,
    marks_terms,
    seal_as,
    small_plan,
)

# Random histories; each is two federations.
CASES = 20

JM, SM, APPROVER = "sending/journey_manager", "sending/security_manager", "sending/approver"
DUTY, LEAD, UNIT = "host/duty_officer", "host/escort_lead", "host/unit"
OTHER = "movement/m2"
PLAN = small_plan()
VIEWER = Viewer(UNIT, ("unit",))


async def prepared() -> Federation:
    """An agreement with marks, and one movement that everybody sees."""
    federation = Federation()
    await federation.__aenter__()
    await federation.agree(marks_terms(federation.cards.values()))
    await keep_custody(federation, 1)
    await federation.say(JM, OTHER, MovementRequested(plan=PLAN))
    await federation.sync(1)
    return federation


# --- hidden, or not there ---------------------------------------------------------------------------------------------

# What others do with the hidden movement; it happens in one of the two worlds.
Deed = Callable[[Federation], Awaitable[None]]


def saying(actor: str, act: Act) -> Deed:
    async def do(federation: Federation) -> None:
        await federation.say(actor, MOVEMENT, act)

    return do


async def seal(federation: Federation) -> None:
    await seal_as(federation, JM, MOVEMENT, "rendezvous", Content(text="gate 2"))


async def consent(federation: Federation) -> None:
    await agree_to(federation, DUTY)


async def raise_an_incident(federation: Federation) -> None:
    act = IncidentRaised(about="sending", category="other", account=f"the escort of {MOVEMENT} is late")
    await say_as_node(federation.node("host"), act, "incident/i1")


DEEDS: dict[str, Deed] = {
    "approve": saying(DUTY, MovementApproved(plan=digest(PLAN))),
    "approve too": saying(APPROVER, MovementApproved(plan=digest(PLAN))),
    "attest": saying(LEAD, MovementAttested(item="radio", holds=True)),
    "acknowledge": saying(DUTY, MovementAcknowledged(role="duty_officer")),
    "seal": seal,
    "consent": consent,
    "incident": raise_an_incident,
}

PIECE = GlassGiven(content="a" * 64, party="sending", officer="anna", to="b" * 64, sealed="A" * 194 + "==")
# What the unit tries, of the hidden movement and of the one that it sees.
TRIES: dict[str, tuple[str, Act]] = {
    "acknowledge": (MOVEMENT, MovementAcknowledged(role="unit")),
    "check in": (MOVEMENT, MovementCheckedIn(note="here")),
    "open": (MOVEMENT, CompartmentOpened(content="ab" * 32)),
    "tell": (MOVEMENT, CompartmentTold(content="ab" * 32, to="host/x")),
    "piece": (
        MOVEMENT,
        GlassGiven(content="a" * 64, party="sending", officer="anna", to="b" * 64, sealed="A" * 194 + "=="),
    ),
    "approve": (MOVEMENT, MovementApproved(plan=digest(PLAN))),
    "agree": (MARK, MarkAgreed(content="ab" * 32)),
    "open the mark": (MARK, MarkOpened(content="ab" * 32, key="A" * 43 + "=")),
    "acknowledge another": (OTHER, MovementAcknowledged(role="unit")),
    "check in on another": (OTHER, MovementCheckedIn(note="here")),
}

STEPS = st.lists(
    st.one_of(
        st.sampled_from(sorted(DEEDS)).map(lambda name: ("deed", name)),
        st.sampled_from(sorted(TRIES)).map(lambda name: ("try", name)),
        st.just(("ask", "")),
        st.just(("wait", "")),
        st.just(("restart", "")),
    ),
    max_size=10,
)


async def attempt(federation: Federation, name: str) -> list[str]:
    """What the unit's node answers, asked first and then told."""
    subject, act = TRIES[name]
    node = federation.node("host")
    answers = []
    envelope = offer(queries.standing(node), UNIT, key(UNIT), subject, act)
    for ask in (commands.would, commands.say):
        try:
            answer = ask(node, envelope)
            if isinstance(answer, Awaitable):
                await answer
                answers.append("said")
            else:
                answers.append(f"{answer}")
        except SafeconductError as error:
            answers.append(f"{type(error).__name__} {error.code if isinstance(error, Refused) else ''} {error}")
    return answers


def seen(federation: Federation) -> list[str]:
    """Every answer that the node's queries give the unit."""
    node = federation.node("host")
    board = queries.board(node, VIEWER)
    # Ids differ between two worlds: each statement names the sizes of the logs that its author had seen.
    histories = [
        (page.gate, page.chain, [(line.kind, line.actor, line.t, line.void) for line in page.history])
        for page in (queries.movement(node, VIEWER, row.subject) for row in board)
    ]
    findings = [(f.subject, f.clause, f.outcome, f.due_at) for f in queries.findings(node, VIEWER)]
    rows = [msgspec.structs.replace(row, last_sign_at=0) for row in board]
    return [str(rows), str(histories), str(findings), str(marks.marks(node, VIEWER))]


async def carry(federation: Federation) -> None:
    """The network, and what nodes say they received."""
    federation.clock.advance(2_000)
    await federation.sync(1)
    for node in federation.links.nodes.values():
        await sync.say_receipts(node)
    await federation.sync(1)


async def world(steps: list[tuple[str, str]], *, hides: bool) -> list[list[str]]:
    federation = await prepared()
    try:
        if hides:
            await mark_as(federation, SM, SHUT_OUT)
            await federation.say(JM, MOVEMENT, MovementRequested(plan=PLAN))
        await carry(federation)
        answers = []
        for kind, name in [*steps, ("ask", "")]:
            match kind:
                case "deed" if hides:
                    try:
                        await DEEDS[name](federation)
                    except SafeconductError:
                        continue
                case "try":
                    answers.append(await attempt(federation, name))
                case "ask":
                    answers.append(seen(federation))
                case "wait":
                    federation.clock.advance(10 * MINUTE)
                    await keep_marks(federation, 1)
                case "restart":
                    federation.start("host")
                case _:
                    pass
            await carry(federation)
        return answers
    finally:
        await federation.__aexit__()


@pytest.mark.slow
@settings(max_examples=CASES)
@given(STEPS)
def test_a_hidden_movement_is_answered_in_every_byte_like_one_that_is_not_there(steps: list[tuple[str, str]]) -> None:
    """MARK-15, MARK-17, MARK-18, MARK-20, MARK-22"""

    async def both() -> tuple[list[list[str]], list[list[str]]]:
        return await world(steps, hides=False), await world(steps, hides=True)

    without, hidden = asyncio.run(both())
    assert hidden == without


# --- one party alone --------------------------------------------------------------------------------------------------

ALONE = ("agree", "agree as reviewer", "check", "expire", "open", "wait", "again")


async def alone(federation: Federation, name: str) -> None:
    """What the administrator of the sending party can have its node say of its own mark."""
    node = federation.node("sending")
    state = node.memory.state(MARK)
    assert isinstance(state, MarkState)
    content = box_digest(state.box)
    secret = next((mark.key for mark in marks.unopened_marks(node) if mark.state.subject == MARK), None)
    text = base64.b64encode(secret or bytes(32)).decode()

    async def force(actor: str, act: Act) -> None:
        await submit(node, *read_offer(node, offer(queries.standing(node), actor, key(actor), MARK, act)))

    match name:
        case "agree":
            await force(SM, MarkAgreed(content=content))
        case "agree as reviewer":
            await force(APPROVER, MarkAgreed(content=content))
        case "check":
            await say_as_node(node, MarkChecked(content=content, holds=True), MARK)
        case "expire":
            await say_as_node(node, MarkExpired(content=content, key=text), MARK)
        case "open":
            await force(APPROVER, MarkOpened(content=content, key=text))
        case "again":
            await mark_as(federation, SM, DECOY, subject="mark/k2")
        case _:
            federation.clock.advance(HOUR)


@pytest.mark.slow
@settings(max_examples=CASES)
@given(st.lists(st.sampled_from(ALONE), max_size=8))
def test_no_sequence_of_one_party_makes_a_decoy(deeds: list[str]) -> None:
    """MARK-14: its people travel as before, and an audit convicts nobody."""

    async def whole() -> None:
        federation = await prepared()
        try:
            await federation.say(JM, MOVEMENT, MovementRequested(plan=PLAN))
            await mark_as(federation, SM, DECOY)
            for deed in deeds:
                try:
                    await alone(federation, deed)
                except SafeconductError:
                    continue
                await federation.sync(1)
            await federation.sync(1)
            await federation.say(LEAD, MOVEMENT, MovementAttested(item="heads", holds=True, heads=12))
            await federation.say(JM, MOVEMENT, MovementAttested(item="heads", holds=True, heads=12))
            assert [view.stands for view in marks.marks(federation.node("host"), Viewer(DUTY, ("duty_officer",)))] != [
                "works"
            ]
        finally:
            await federation.__aexit__()

    asyncio.run(whole())
