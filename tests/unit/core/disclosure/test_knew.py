"""Who could have known a sealed part: by the record alone, and nobody who could not."""

from __future__ import annotations

import pytest

from safeconduct.core.acts import (
    ActorEnrolled,
    ActorRevoked,
    CompartmentChecked,
    CompartmentOpened,
    CompartmentReleased,
    CompartmentSealed,
    MovementCancelled,
)
from safeconduct.core.disclosure import Common, Knower, common, knew
from safeconduct.core.record import MovementState, terms_of
from safeconduct.testing import BLURRED, HOUR, MINUTE, MOVEMENT, START, Story, key
from tests.unit.core.record.test_compartments import (
    AUTHOR,
    FOR_HOST,
    FOR_SENDING,
    OPENS,
    SEALED,
    check,
    content_of,
    released,
    story,
)

LEAD, APPROVER = "host/escort_lead", "sending/approver"


def asked(told: Story, before: int = OPENS, compartment: str = "rendezvous") -> dict[str, Knower]:
    state, law = told.folded().state, told.law()
    assert isinstance(state, MovementState)
    found = knew(terms_of(law, state), state, law.enrolments(), compartment, before)
    return {knower.who: knower for knower in found}


def given(*, host_at: int = FOR_HOST, sending_at: int = FOR_SENDING) -> Story:
    told = story()
    told.say("sending/node", released("host"), at=host_at)
    told.say("host/node", released("sending"), at=sending_at)
    return told


def ways(knower: Knower) -> list[tuple[str, int]]:
    return [(way.how, way.at) for way in knower.ways]


def test_before_anything_is_given_its_author_alone_could_have_known() -> None:
    """KNEW-1"""
    assert {who: ways(knower) for who, knower in asked(story()).items()} == {AUTHOR: [("sealed", START)]}


def test_whoever_it_was_open_for_could_have_known_and_each_node_that_had_every_share() -> None:
    """KNEW-3, KNEW-4"""
    assert {who: knower.since for who, knower in asked(given()).items()} == {
        AUTHOR: START,
        "host/node": FOR_HOST,
        LEAD: FOR_HOST,
        APPROVER: FOR_SENDING,
        "sending/node": FOR_SENDING,
    }


def test_an_opening_is_a_way_of_its_own_with_its_statement() -> None:
    """KNEW-2, KNEW-7"""
    told = given()
    opened = told.say(LEAD, CompartmentOpened(content=SEALED.content), at=FOR_SENDING + MINUTE)
    knower = asked(told)[LEAD]
    assert (ways(knower), knower.ways[-1].statement) == (
        [("could_open", FOR_HOST), ("opened", FOR_SENDING + MINUTE)],
        opened.id,
    )


@pytest.mark.parametrize(("late", "since"), [(0, FOR_HOST), (20 * MINUTE, FOR_HOST + 20 * MINUTE)])
def test_a_share_that_came_late_is_counted_from_when_it_came(late: int, since: int) -> None:
    """KNEW-4"""
    assert asked(given(host_at=FOR_HOST + late))[LEAD].since == since


def test_what_begins_at_the_asked_moment_is_left_out() -> None:
    """KNEW-7"""
    assert set(asked(given(), before=FOR_HOST)) == {AUTHOR}
    assert LEAD in asked(given(), before=FOR_HOST + 1)


def test_a_role_that_is_due_less_is_shown_with_less() -> None:
    """KNEW-7"""
    told = story()
    rough = content_of(variant=BLURRED, seed="rough")
    told.say(AUTHOR, rough)
    check(told, rough)
    told.say("sending/node", released("host", rough), at=OPENS - 30 * MINUTE)
    found = asked(told)
    assert (found["host/unit"].variant, LEAD in found) == (BLURRED, False)


def test_the_finest_is_shown_of_several() -> None:
    """KNEW-7"""
    told = given()
    rough = content_of(variant=BLURRED, seed="rough")
    told.say(AUTHOR, rough, at=FOR_SENDING)
    assert asked(told)[AUTHOR].variant == "exact"


def test_who_was_revoked_before_could_not() -> None:
    """KNEW-5"""
    told = story()
    told.say("host/authority", ActorRevoked(reason="left"), subject=f"actor/{LEAD}", at=FOR_HOST - HOUR)
    told.say("sending/node", released("host"), at=FOR_HOST)
    assert (LEAD in asked(told), "host/node" in asked(told)) == (False, True)


def test_who_was_revoked_afterwards_could() -> None:
    """KNEW-5"""
    told = given()
    told.say("host/authority", ActorRevoked(reason="left"), subject=f"actor/{LEAD}", at=FOR_SENDING)
    assert asked(told)[LEAD].since == FOR_HOST


def test_who_got_the_role_later_could_from_then_on() -> None:
    """KNEW-4"""
    told = given()
    act = ActorEnrolled(key=key("host/relief").public.text, roles=("escort_lead",))
    told.say("host/authority", act, subject="actor/host/relief", at=FOR_SENDING + MINUTE)
    assert asked(told)["host/relief"].since == FOR_SENDING + MINUTE


def test_a_movement_that_was_called_off_opens_for_nobody_any_more() -> None:
    """KNEW-5"""
    told = story()
    told.say("sending/node", released("host"), at=FOR_HOST)
    told.say(AUTHOR, MovementCancelled(reason="fog"), at=FOR_HOST + MINUTE)
    act = ActorEnrolled(key=key("host/relief").public.text, roles=("escort_lead",))
    told.say("host/authority", act, subject="actor/host/relief", at=FOR_HOST + 2 * MINUTE)
    assert (LEAD in asked(told), "host/relief" in asked(told)) == (True, False)


def test_what_was_replaced_counts_too() -> None:
    """KNEW-6"""
    told = given()
    told.say(AUTHOR, content_of(seed="anew"), at=FOR_SENDING)
    assert LEAD in asked(told)


def test_another_compartment_has_its_own_list() -> None:
    """KNEW-7"""
    assert asked(given(), compartment="manifest") == {}


def test_of_several_leaked_movements_the_one_who_knew_them_all_comes_first() -> None:
    """KNEW-8"""
    one, other = given(), story()
    other.say("sending/node", released("host"), at=FOR_HOST)
    lists = [tuple(asked(told).values()) for told in (one, other, one)]
    rows = common(lists)
    assert rows[0] == Common(who="host/escort_lead", knew=3, facts=3)
    assert {row.who: row.knew for row in rows}[APPROVER] == 2


def test_who_is_on_the_list_is_there_by_the_record_alone() -> None:
    """KNEW-9: nothing in it is a guess, so each way names the statement that shows it."""
    ids = {said.id for said in given().about(MOVEMENT)}
    assert {way.statement for knower in asked(given()).values() for way in knower.ways} <= ids


def test_the_kinds_that_make_it_are_those_of_a_compartment() -> None:
    """KNEW-1 to KNEW-3"""
    acts = (CompartmentSealed, CompartmentChecked, CompartmentReleased, CompartmentOpened)
    told = given()
    told.say(LEAD, CompartmentOpened(content=SEALED.content), at=FOR_SENDING)
    others = [said for said in told.about(MOVEMENT) if not isinstance(said.act, acts)]
    assert not {way.statement for k in asked(told).values() for way in k.ways} & {said.id for said in others}
