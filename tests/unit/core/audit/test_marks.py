"""What an opened mark convicts, and whom not."""

from __future__ import annotations

import asyncio
from base64 import b64encode
from collections.abc import Mapping

import msgspec
import pytest

from safeconduct.core.acts import (
    Act,
    MarkOpened,
    MovementAcknowledged,
    MovementApproved,
    MovementArrived,
    MovementAttested,
    MovementDeparted,
    MovementExcepted,
    MovementRequested,
    SiteRegistered,
    offer,
)
from safeconduct.core.audit import MarkFault, mark_faults
from safeconduct.core.record import MarkState, box_digest
from safeconduct.core.statement import digest
from safeconduct.node import queries
from safeconduct.node.append import submit
from safeconduct.node.commands import read_offer
from safeconduct.testing import (
    DECOY,
    HOUR,
    MARK,
    MINUTE,
    MOVEMENT,
    SHUT_OUT,
    START,
    Federation,
    Story,
    agree_to,
    keep_custody,
    key,
    mark_as,
    marks_terms,
    open_mark,
    small_plan,
)
from tests.unit.core.audit.test_check import audit_of
from tests.unit.core.record.test_marks import AUTHOR, OTHER, REVIEWER, TERMS, agreed, box_of, made, opened

LEAD, UNIT, JM = "host/escort_lead", "host/unit", "sending/journey_manager"


def faults(told: Story) -> list[tuple[str, str, bool]]:
    """Every fault as (what, party, knew)."""
    return [(fault.what, fault.party, fault.knew) for fault in found(told)]


def found(told: Story) -> tuple[MarkFault, ...]:
    state = told.folded(MARK).state
    assert isinstance(state, MarkState)
    return mark_faults(told.law(), [state], told.about)


def decoy(*, consent: bool = True) -> tuple[Story, Act]:
    """A movement asked for and made a decoy; and what opens the mark."""
    told = Story(TERMS)
    told.request()
    act = made(DECOY)
    told.say(AUTHOR, act, subject=MARK)
    if consent:
        told.say(OTHER, agreed(act), subject=MARK, at=START + MINUTE)
    return told, opened(act)


def count(told: Story, actor: str, heads: int, *, after: Mapping[str, int] | None = None) -> None:
    act = MovementAttested(item="heads", holds=True, heads=heads)
    told.say(actor, act, at=START + HOUR, after=after)


def test_people_counted_in_a_decoy_convict_whose_node_signed_it() -> None:
    """MARK-40"""
    told, opening = decoy()
    count(told, LEAD, 12)
    count(told, JM, 0)
    told.say(REVIEWER, opening, subject=MARK, at=START + 2 * HOUR)
    (fault,) = found(told)
    assert (fault.what, fault.party, fault.knew, fault.about) == ("people_in_decoy", "host", True, MOVEMENT)
    assert fault.account == "mark/k1: 12 people were counted in movement/m1, a decoy, by movement.attested"


def test_a_departure_and_an_arrival_with_people_convict_too() -> None:
    """MARK-40: also after the mark's end."""
    told, opening = decoy()
    plan = small_plan()
    told.approve(plan, at=START + HOUR)
    told.close_gate(at=plan.timing.earliest, heads=0)
    told.say("sending/security_manager", MovementExcepted(item="heads", reason="as agreed"), at=plan.timing.earliest)
    told.say(LEAD, MovementDeparted(heads=3), at=plan.timing.earliest)
    told.say(REVIEWER, opening, subject=MARK, at=plan.timing.earliest + HOUR)
    told.say(LEAD, MovementArrived(heads=3), at=plan.timing.earliest + 2 * HOUR)
    assert faults(told) == [("people_in_decoy", "host", True)] * 2


def test_who_did_not_know_is_not_convicted() -> None:
    """MARK-43: and what was counted shows all the same."""
    told, opening = decoy(consent=False)
    before = told.after()
    told.say(OTHER, agreed(made(DECOY)), subject=MARK, at=START + MINUTE)
    count(told, JM, 12, after=before)
    told.say(REVIEWER, opening, subject=MARK, at=START + 2 * HOUR)
    assert faults(told) == [("people_in_decoy", "sending", False)]


def test_nothing_is_told_before_the_review() -> None:
    """MARK-40"""
    told, _ = decoy()
    count(told, LEAD, 12)
    assert found(told) == ()


def test_a_decoy_that_was_never_agreed_convicts_nobody() -> None:
    """MARK-14, MARK-40"""
    told, opening = decoy(consent=False)
    count(told, LEAD, 12)
    told.say(REVIEWER, opening, subject=MARK, at=START + 2 * HOUR)
    assert found(told) == ()


@pytest.mark.parametrize(
    ("actor", "at", "expected"),
    [
        (UNIT, HOUR, [("unit_spoke", "host", True)]),
        (OTHER, HOUR, []),
        (UNIT, 12 * HOUR, []),
    ],
    ids=["while it was hidden", "somebody else", "when it was no more"],
)
def test_a_word_of_a_shut_out_unit_convicts_whose_node_signed_it(
    actor: str, at: int, expected: list[tuple[str, str, bool]]
) -> None:
    """MARK-41"""
    told = Story(TERMS)
    told.request()
    act = made()
    told.say(AUTHOR, act, subject=MARK)
    told.say(actor, MovementAcknowledged(role=actor.split("/")[1]), at=START + at)
    told.say(REVIEWER, opened(act), subject=MARK, at=START + 20 * HOUR)
    assert faults(told) == expected


def test_a_word_from_before_the_mark_was_there_convicts_nobody() -> None:
    """MARK-43"""
    told = Story(TERMS)
    told.request()
    before = told.after()
    act = made()
    told.say(AUTHOR, act, subject=MARK)
    told.say(UNIT, MovementAcknowledged(role="unit"), at=START + MINUTE, after=before)
    told.say(REVIEWER, opened(act), subject=MARK, at=START + HOUR)
    assert faults(told) == [("unit_spoke", "host", False)]


def test_what_takes_effect_where_nothing_is_convicts_nobody() -> None:
    """MARK-41: a node signs it for everybody (MARK-18), or its refusal would tell."""
    told = Story(TERMS)
    act = made(msgspec.structs.replace(SHUT_OUT, about="site/depot"))
    told.say(AUTHOR, act, subject=MARK)
    site = SiteRegistered(name="depot", district="malir", latitude_e7=0, longitude_e7=0)
    told.say(UNIT, site, at=START + MINUTE, subject="site/depot")
    told.say(REVIEWER, opened(act), subject=MARK, at=START + HOUR)
    assert found(told) == ()


def test_whoever_sealed_what_is_no_mark_is_convicted() -> None:
    """MARK-42"""
    box, committed, secret = box_of(b"x" * 1024)
    told = Story(TERMS)
    act = msgspec.structs.replace(made(), box=box, key=committed)
    told.say(AUTHOR, act, subject=MARK)
    opening = MarkOpened(content=box_digest(box), key=b64encode(secret).decode())
    told.say(REVIEWER, opening, subject=MARK)
    assert faults(told) == [("not_a_mark", "sending", True)]


def test_whoever_sealed_a_mark_that_is_not_theirs_to_make_is_convicted() -> None:
    """MARK-42"""
    told = Story(TERMS)
    act = made(msgspec.structs.replace(SHUT_OUT, unit="escort_lead"))
    told.say(AUTHOR, act, subject=MARK)
    told.say(REVIEWER, opened(act), subject=MARK)
    assert faults(told) == [("not_allowed", "sending", True)]


def test_an_audit_of_whole_logs_convicts_a_node_that_skipped_its_marks() -> None:
    """MARK-30, MARK-40: an administrator who makes the node forget them."""

    async def whole() -> None:
        async with Federation() as federation:
            await federation.agree(marks_terms(federation.cards.values()))
            await keep_custody(federation, 1)
            await federation.say(JM, MOVEMENT, MovementRequested(plan=small_plan()))
            await federation.sync()
            await mark_as(federation, AUTHOR, DECOY)
            await federation.sync()
            await agree_to(federation, OTHER)
            await federation.sync()
            await federation.say(OTHER, MOVEMENT, MovementApproved(plan=digest(small_plan())))
            node = federation.node("host")
            node.memory._marks.clear()
            act = MovementAttested(item="heads", holds=True, heads=12)
            await submit(node, *read_offer(node, offer(queries.standing(node), LEAD, key(LEAD), MOVEMENT, act)))
            await federation.sync()
            assert audit_of(federation, "sending").problems == ()
            await open_mark(federation, REVIEWER)
            await federation.sync()
            for party in ("host", "sending"):
                assert audit_of(federation, party).problems == (
                    "host: mark/k1: 12 people were counted in movement/m1, a decoy, by movement.attested",
                )

    asyncio.run(whole())
