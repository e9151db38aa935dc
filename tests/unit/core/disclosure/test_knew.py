"""Who could have known a sealed part of an order, as an inquiry asks it."""

from __future__ import annotations

import msgspec
import pytest

from safeconduct.core.acts import (
    ActorEnrolled,
    ActorRevoked,
    CompartmentChecked,
    CompartmentOpened,
    CompartmentTold,
    MovementCancelled,
    MovementChanged,
    Timing,
)
from safeconduct.core.agreement import Release
from safeconduct.core.disclosure import Knower, Way, common, knew, read_variant
from safeconduct.errors import InputInvalid
from safeconduct.testing import BLURRED, HOUR, MINUTE, START, Story, key, small_plan
from tests.unit.core.record import test_glass as behind_glass
from tests.unit.core.record.test_compartments import (
    AUTHOR,
    FOR_HOST,
    FOR_SENDING,
    OPENS,
    SEALED,
    content_of,
    given_to_both,
    movement,
    released,
    story,
)

LEAD = "host/escort_lead"
OPEN = CompartmentOpened(content=SEALED.content)


def told_to(to: str) -> CompartmentTold:
    return CompartmentTold(content=SEALED.content, to=to)


def asked(told: Story, before: int = OPENS) -> dict[str, Knower]:
    found = knew(told.terms, movement(told), told.law().enrolments(), "rendezvous", before)
    return {knower.who: knower for knower in found}


def ways(told: Story, before: int = OPENS) -> dict[str, list[tuple[str, int]]]:
    return {who: [(way.how, way.since) for way in found.ways] for who, found in asked(told, before).items()}


def test_everybody_is_there_with_from_when_and_how() -> None:
    """KNEW-1, KNEW-2, KNEW-3, KNEW-6, KNEW-9"""
    told = given_to_both()
    found = ways(told)
    assert found == {
        AUTHOR: [("sealed", START)],
        LEAD: [("could_open", FOR_HOST)],
        "host/node": [("node", FOR_HOST)],
        "sending/approver": [("could_open", FOR_SENDING)],
        "sending/node": [("node", FOR_SENDING)],
    }
    assert list(found) == [AUTHOR, LEAD, "host/node", "sending/approver", "sending/node"]


def test_the_moment_itself_is_too_late() -> None:
    """KNEW-1"""
    told = given_to_both()
    assert set(asked(told, FOR_SENDING)) == {AUTHOR, LEAD, "host/node"}
    assert set(asked(told, FOR_SENDING + 1)) == {AUTHOR, LEAD, "host/node", "sending/approver", "sending/node"}


def test_who_opened_it_or_was_told_is_there_from_that_statement_on() -> None:
    """KNEW-5, REC-70"""
    told = given_to_both()
    opened = told.say(LEAD, OPEN, at=FOR_SENDING + MINUTE)
    first = told.say(LEAD, told_to("host/unit"), at=FOR_SENDING + 2 * MINUTE)
    second = told.say("host/unit", told_to("toll plaza, shift leader"), at=FOR_SENDING + 3 * MINUTE)
    found = asked(told)
    (way,) = found["host/unit"].ways
    assert (way.how, way.since, way.by) == ("told", FOR_SENDING + 2 * MINUTE, LEAD)
    leader = found["toll plaza, shift leader"]
    assert (leader.party, leader.ways[0].by, leader.ways[0].evidence[0].id) == ("", "host/unit", second.id)
    assert found["host/unit"].ways[0].evidence[0].id == first.id
    assert [(way.how, way.evidence[0].id == opened.id) for way in found[LEAD].ways] == [
        ("could_open", False),
        ("opened", True),
    ]


def test_an_actor_who_was_revoked_before_the_moment_is_not_there() -> None:
    """KNEW-3: and one who was revoked after it is."""
    for at, is_there in ((FOR_HOST - 1, False), (FOR_HOST + 1, True)):
        told = story()
        told.say("host/authority", ActorRevoked(reason="left"), subject=f"actor/{LEAD}", at=at)
        told.say("sending/node", released("host"), at=max(at, FOR_HOST))
        assert (LEAD in asked(told), "host/node" in asked(told)) == (is_there and at < FOR_HOST, True)
        before = given_to_both()
        before.say("host/authority", ActorRevoked(reason="left"), subject=f"actor/{LEAD}", at=FOR_SENDING)
        assert LEAD in asked(before)


def test_an_actor_who_gets_the_role_later_is_there_from_then_on() -> None:
    """KNEW-3"""
    told = given_to_both()
    act = ActorEnrolled(key=key("host/late").public.text, roles=("escort_lead",))
    told.say("host/authority", act, subject="actor/host/late", at=FOR_SENDING + MINUTE)
    assert ways(told)["host/late"] == [("could_open", FOR_SENDING + MINUTE)]


def test_a_cancelled_movement_was_open_until_it_was_cancelled() -> None:
    """KNEW-3"""
    told = given_to_both()
    told.say(AUTHOR, MovementCancelled(reason="fog"), at=FOR_SENDING + MINUTE)
    act = ActorEnrolled(key=key("host/late").public.text, roles=("escort_lead",))
    told.say("host/authority", act, subject="actor/host/late", at=FOR_SENDING + 2 * MINUTE)
    assert (LEAD in asked(told), "host/late" in asked(told)) == (True, False)
    early = story()
    early.say(AUTHOR, MovementCancelled(reason="fog"), at=START + HOUR)
    assert set(asked(early)) == {AUTHOR}


def test_after_its_window_a_movement_that_never_went_opens_for_nobody_new() -> None:
    """KNEW-3"""
    told = given_to_both()
    act = ActorEnrolled(key=key("host/late").public.text, roles=("escort_lead",))
    told.say("host/authority", act, subject="actor/host/late", at=OPENS + 3 * HOUR)
    assert "host/late" not in asked(told, OPENS + 9 * HOUR)


def test_a_plan_that_moves_later_hides_nobody_who_could_open_by_the_one_before() -> None:
    """KNEW-4"""
    told = given_to_both()
    later = Timing(earliest=OPENS + 10 * HOUR, latest=OPENS + 12 * HOUR, review_by=OPENS + 9 * HOUR)
    told.say(AUTHOR, MovementChanged(plan=small_plan(timing=later), reason="flight"), at=FOR_SENDING + MINUTE)
    assert ways(told)[LEAD] == [("could_open", FOR_HOST)]


def test_a_plan_that_nobody_approved_opens_nothing() -> None:
    """KNEW-4: by the plan that was only asked for, the unit's moment would have come hours before."""
    rendezvous, manifest = story().terms.compartments
    releases = tuple(
        Release(role="unit", opens="plan.earliest - PT5M") if release.role == "unit" else release
        for release in rendezvous.releases
    )
    late = msgspec.structs.replace(rendezvous, releases=releases)
    told = Story(msgspec.structs.replace(story().terms, compartments=(late, manifest)))
    told.request(small_plan(timing=Timing(earliest=OPENS - 5 * HOUR, latest=OPENS + HOUR, review_by=OPENS - 6 * HOUR)))
    told.say(AUTHOR, SEALED)
    for party in ("host", "sending"):
        told.say(f"{party}/node", CompartmentChecked(content=SEALED.content, holds=True))
    told.say(AUTHOR, MovementChanged(plan=small_plan(), reason="flight"))
    told.approve(small_plan())
    told.say("sending/node", released("host"), at=FOR_HOST)
    assert ways(told)["host/unit"] == [("could_open", OPENS - 5 * MINUTE)]


def test_what_was_replaced_was_true_once() -> None:
    """KNEW-7"""
    told = given_to_both()
    anew = content_of(seed="t")
    told.say(AUTHOR, anew, at=FOR_SENDING + MINUTE)
    found = ways(told)
    assert found[AUTHOR] == [("sealed", START), ("sealed", FOR_SENDING + MINUTE)]
    assert found[LEAD] == [("could_open", FOR_HOST)]


def test_a_blurred_grade_is_shown_as_such_and_the_finest_stands_on_the_line() -> None:
    """KNEW-8"""
    told = given_to_both()
    blurred = content_of(variant=BLURRED, seed="b")
    told.say(AUTHOR, blurred, at=FOR_SENDING)
    for party in ("host", "sending"):
        told.say(f"{party}/node", CompartmentChecked(content=blurred.content, holds=True), at=FOR_SENDING)
    told.say("sending/node", released("host", blurred), at=OPENS - 30 * MINUTE)
    told.say(LEAD, OPEN, at=OPENS - 20 * MINUTE)
    told.say(LEAD, told_to("host/unit"), at=OPENS - 10 * MINUTE)
    early = asked(told, OPENS - 15 * MINUTE)["host/unit"]
    late = asked(told)["host/unit"]
    assert (early.variant, early.since) == (BLURRED, OPENS - 30 * MINUTE)
    assert (late.variant, late.since, late.finest_since) == ("exact", OPENS - 30 * MINUTE, OPENS - 10 * MINUTE)


@pytest.mark.parametrize(
    ("variants", "finest"),
    [
        (("count", "blurred-500m"), "blurred-500m"),
        (("blurred-500m", "blurred-2000m-5min"), "blurred-500m"),
        (("blurred-500m-30min", "blurred-500m-15min"), "blurred-500m-15min"),
        (("blurred-15min", "blurred-9000m"), "blurred-9000m"),
        (("exact", "blurred-1m-1min"), "exact"),
    ],
)
def test_finer_is_what_tells_more(variants: tuple[str, str], finest: str) -> None:
    """KNEW-8"""
    told = given_to_both()
    state = movement(told)
    (sealing,) = state.sealings.values()
    both = {
        name: msgspec.structs.replace(sealing, content=name, variant=variant)
        for name, variant in zip("ab", variants, strict=True)
    }
    found = knew(told.terms, msgspec.structs.replace(state, sealings=both), {}, "rendezvous", OPENS)
    assert {knower.who: knower.variant for knower in found}[AUTHOR] == finest


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("exact", ("exact", None, None)),
        ("blurred-500m-15min", ("blurred", 500, 15)),
        ("blurred-15min", ("blurred", None, 15)),
        ("guessed", None),
    ],
)
def test_a_variant_is_read_back(text: str, read: tuple[str, int | None, int | None] | None) -> None:
    """SEAL-51"""
    if read is not None:
        assert read_variant(text) == read
    else:
        with pytest.raises(InputInvalid, match="expected a variant such as"):
            read_variant(text)


# --- several ----------------------------------------------------------------------------------------------------------


def knower(who: str) -> Knower:
    way = Way(how="opened", since=1, variant="exact", evidence=())
    party = who.split("/", 1)[0] if "/" in who else ""
    return Knower(who=who, party=party, since=1, variant="exact", finest_since=1, ways=(way,))


def test_a_planted_leak_is_narrowed_to_those_who_could_have_known_every_part() -> None:
    """KNEW-10, KNEW-11: three movements, three drivers; one more had two of them, and may have been told the third."""
    lists = [
        [knower("host/lead"), knower("host/a"), knower("host/mole")],
        [knower("host/mole"), knower("host/b"), knower("host/lead")],
        [knower("host/c"), knower("host/mole"), knower("sending/x")],
    ]
    found = [(one.who, one.knew, one.of, one.missed) for one in common(lists)]
    assert found == [("host/mole", 3, 3, ()), ("host/lead", 2, 3, (2,))]


def test_of_two_facts_one_is_not_all_but_one() -> None:
    """KNEW-11"""
    assert [one.who for one in common([[knower("host/a"), knower("host/b")], [knower("host/b")]])] == ["host/b"]


def test_whom_words_describe_is_the_same_one_by_the_same_words() -> None:
    """KNEW-12"""
    lists = [[knower("gate guard"), knower("cook")], [knower("gate guard"), knower("the cook")]]
    assert [one.who for one in common(lists)] == ["gate guard"]


def test_nobody_is_in_common_where_nothing_was_asked() -> None:
    """KNEW-10"""
    assert common([]) == ()


def test_officers_pieces_stand_for_the_share_that_a_silent_party_did_not_give() -> None:
    """KNEW-6, KNEW-3: from the last piece that was needed on."""
    told = behind_glass.asked(at=FOR_HOST)
    for minute, officer in ((15, "anna"), (20, "bilal")):
        told.say("host/duty_officer", behind_glass.give(officer), at=FOR_HOST + minute * MINUTE)
    found = ways(told)
    since = FOR_HOST + 20 * MINUTE
    assert (found["host/node"], found[LEAD]) == ([("node", since)], [("could_open", since)])
    assert len(asked(told)["host/node"].ways[0].evidence) == 2


def test_too_few_pieces_give_nothing() -> None:
    """KNEW-6"""
    told = behind_glass.asked(at=FOR_HOST)
    told.say("host/duty_officer", behind_glass.give("anna"), at=FOR_HOST + 15 * MINUTE)
    assert set(ways(told)) == {AUTHOR}
