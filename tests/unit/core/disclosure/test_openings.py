"""Openings that people are to ask about: without a duty, and too many."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

import pytest

from safeconduct.core.acts import (
    CompartmentChecked,
    CompartmentOpened,
    MovementAborted,
    MovementAcknowledged,
    MovementArrived,
    MovementAttested,
    MovementRelayed,
)
from safeconduct.core.agreement import AccessTerms, Compartment, Evidence, Need, Release, Terms
from safeconduct.core.disclosure import OpenedContent, Unusual, openings_in, too_many, without_duty
from safeconduct.testing import HOUR, MINUTE, START, Story, card_of, sealing_terms
from tests.unit.core.record.test_compartments import AUTHOR, KEYS, OPENS, content_of, released

LEAD, DUTY, UNIT = "host/escort_lead", "host/duty_officer", "host/unit"
ACCESS = AccessTerms(openings=2, openings_of_role=3, within="PT1H")
SEALED = content_of()
OPEN = CompartmentOpened(content=SEALED.content)
EARLY = "plan.earliest - PT4H"
RELAYED = MovementRelayed(role="duty_officer", to_role="unit")
WHY = {"en": "drives it"}


def agreement(*releases: Release, access: AccessTerms | None = ACCESS) -> Terms:
    """The small agreement, whose rendezvous opens for these."""
    part = Compartment(id="rendezvous", name={"en": "rendezvous"}, releases=releases)
    cards = [card_of(party) for party in KEYS]
    return sealing_terms(cards, compartments=(part,), access=access)


def told_of(*releases: Release, access: AccessTerms | None = ACCESS) -> Story:
    """An approved movement whose rendezvous is sealed and whose shares are given."""
    told = Story(agreement(*releases, access=access))
    plan = told.request()
    told.say(AUTHOR, SEALED)
    for party in KEYS:
        told.say(f"{party}/node", CompartmentChecked(content=SEALED.content, holds=True))
    told.approve(plan)
    told.say("sending/node", released("host"), at=OPENS - 4 * HOUR)
    return told


def cases(told: Story) -> list[tuple[str, int]]:
    """Who opened without a duty, and with which entry of its log."""
    folded = told.folded()
    assert [line.void for line in folded.lines if line.void is not None] == []
    found = without_duty(told.law().enrolments(), told.terms, folded.lines)
    return [(case.opening.actor, case.opening.evidence.index) for case in found]


ITEM = Release(role="escort_lead", opens=EARLY, needs=(Need(item="radio"),))
SWEEP = Release(role="duty_officer", opens=EARLY, needs=(Need(item="sweep"),))
DRIVES = Release(role="escort_lead", opens=EARLY, needs=(Need(why=WHY, begins="plan.earliest"),))
CHECKS_IN = Release(role="escort_lead", opens=EARLY, needs=(Need(clause="T-3"),))
AFTERWARDS = Release(role="escort_lead", opens=EARLY, needs=(Need(clause="T-4"),))
UNSTATED = Release(role="escort_lead", opens=EARLY)


def _attested(told: Story) -> None:
    told.say(LEAD, MovementAttested(item="radio", holds=True), at=OPENS - 30 * MINUTE)


def _taken_back(told: Story) -> None:
    _attested(told)
    told.say(LEAD, MovementAttested(item="radio", holds=False), at=OPENS - 20 * MINUTE)


def _departed(told: Story) -> None:
    told.close_gate(at=OPENS)
    told.depart(at=OPENS)


def _arrived(told: Story) -> None:
    _departed(told)
    told.say(LEAD, MovementArrived(heads=12), at=OPENS + HOUR)


def _nothing(_: Story) -> None:
    pass


@pytest.mark.parametrize(
    ("release", "before", "is_case"),
    [
        (ITEM, _nothing, False),
        (ITEM, _attested, True),
        (ITEM, _taken_back, False),
        (ITEM, _departed, True),
        (DRIVES, _nothing, False),
        (DRIVES, _attested, False),
        (DRIVES, _departed, False),
        (DRIVES, _arrived, True),
        (CHECKS_IN, _departed, False),
        (CHECKS_IN, _arrived, True),
        (AFTERWARDS, _arrived, False),
        (UNSTATED, _departed, False),
        (UNSTATED, _arrived, True),
    ],
)
def test_a_need_is_left_until_what_it_is_for_is_done(
    release: Release, before: Callable[[Story], None], is_case: bool
) -> None:
    """ACC-30, ACC-31"""
    told = told_of(release)
    before(told)
    said = told.say(LEAD, OPEN, at=OPENS + 2 * HOUR if before is _arrived else OPENS)
    assert cases(told) == ([(LEAD, said.index)] if is_case else [])


@pytest.mark.parametrize(("later", "is_case"), [(30 * MINUTE, True), (30 * MINUTE + 1, False)])
def test_an_attestation_that_is_no_longer_fresh_is_to_be_given_again(later: int, is_case: bool) -> None:
    """ACC-31"""
    told = told_of(SWEEP)
    for role in ("duty_officer", "unit"):
        told.say(f"host/{role}", MovementAcknowledged(role=role), at=OPENS - 3 * HOUR)
    told.say(DUTY, RELAYED, at=OPENS - 3 * HOUR)
    told.say(DUTY, MovementAttested(item="sweep", holds=True), at=OPENS - 2 * HOUR)
    told.say(DUTY, OPEN, at=OPENS - 2 * HOUR + later)
    assert (cases(told) != []) == is_case


@pytest.mark.parametrize(
    ("acknowledged", "relayed", "is_case"), [(False, False, False), (True, False, False), (True, True, True)]
)
def test_who_has_not_passed_a_notice_on_has_a_duty(acknowledged: bool, relayed: bool, is_case: bool) -> None:
    """ACC-30"""
    told = told_of(SWEEP)
    told.say(DUTY, MovementAttested(item="sweep", holds=True), at=OPENS - 10 * MINUTE)
    if acknowledged:
        told.say(DUTY, MovementAcknowledged(role="duty_officer"), at=OPENS - 9 * MINUTE)
    if relayed:
        told.say(DUTY, RELAYED, at=OPENS - 8 * MINUTE)
    told.say(DUTY, OPEN, at=OPENS - 5 * MINUTE)
    assert (cases(told) != []) == is_case


def test_the_last_of_the_chain_has_nobody_to_pass_it_on_to() -> None:
    """ACC-30"""
    told = told_of(Release(role="unit", opens=EARLY, needs=(Need(item="radio"),)))
    told.say(UNIT, MovementAcknowledged(role="unit"), at=OPENS - HOUR)
    _departed(told)
    told.say(UNIT, OPEN, at=OPENS + MINUTE)
    assert [who for who, _ in cases(told)] == [UNIT]


def test_the_duty_of_another_role_is_no_duty() -> None:
    """ACC-30"""
    told = told_of(ITEM, SWEEP)
    told.say(LEAD, MovementAttested(item="radio", holds=True), at=OPENS - HOUR)
    told.say(LEAD, OPEN, at=OPENS)
    told.say(DUTY, OPEN, at=OPENS)
    assert [who for who, _ in cases(told)] == [LEAD]


def test_of_one_actors_openings_of_a_content_the_first_without_a_duty_is_the_case() -> None:
    """ACC-32"""
    told = told_of(ITEM)
    told.say(LEAD, OPEN, at=OPENS - HOUR)
    _attested(told)
    first = told.say(LEAD, OPEN, at=OPENS - 10 * MINUTE)
    told.say(LEAD, OPEN, at=OPENS)
    assert cases(told) == [(LEAD, first.index)]


def test_an_opening_without_effect_is_no_case() -> None:
    """ACC-30"""
    told = told_of(ITEM)
    _departed(told)
    told.say(LEAD, MovementAborted(reason="fog"), at=OPENS + HOUR)
    told.say(LEAD, OPEN, at=OPENS + 2 * HOUR)
    folded = told.folded()
    assert without_duty(told.law().enrolments(), told.terms, folded.lines) == ()


def test_an_agreement_without_access_counts_nothing() -> None:
    """ACC-35"""
    told = told_of(ITEM, access=None)
    _departed(told)
    told.say(LEAD, OPEN, at=OPENS + MINUTE)
    assert (cases(told), too_many(AccessTerms(), openings(range(50)))) == ([], ())


def test_what_is_said_of_a_case_names_what_and_whose_and_no_motive() -> None:
    """ACC-34"""
    told = told_of(ITEM)
    _departed(told)
    said = told.say(LEAD, OPEN, at=OPENS + MINUTE)
    (case,) = without_duty(told.law().enrolments(), told.terms, told.folded().lines)
    name = hashlib.sha256(f"no_duty//{said.id}".encode()).hexdigest()[:32]
    assert (case.kind, case.opening.party, case.incident) == ("no_duty", "host", f"incident/{name}")
    assert case.account == (
        f"host/escort_lead opened rendezvous (exact) of movement/m1, content {SEALED.content[:16]}, when no duty was "
        "left for which the agreement gives it to escort_lead"
    )


# --- too many ---------------------------------------------------------------------------------------------------------


def one(
    minute: int,
    *,
    actor: str = LEAD,
    roles: tuple[str, ...] = ("escort_lead",),
    content: str | None = None,
    index: int | None = None,
) -> OpenedContent:
    """An opening at a minute, of a content of its own if nothing else is said."""
    party = actor.split("/", 1)[0]
    place = minute if index is None else index
    return OpenedContent(
        subject=f"movement/m{minute}",
        actor=actor,
        party=party,
        roles=roles,
        content=content or hashlib.sha256(f"{minute}".encode()).hexdigest(),
        compartment="rendezvous",
        variant="exact",
        evidence=Evidence(
            party=party,
            index=place,
            id=hashlib.sha256(f"{party} {place}".encode()).hexdigest(),
            at=START + minute * MINUTE,
        ),
    )


def openings(minutes: object, **parts: str) -> list[OpenedContent]:
    return [one(minute, **parts) for minute in minutes]  # type: ignore[attr-defined, arg-type]  # some numbers


def begins(found: tuple[Unusual, ...], kind: str = "bulk") -> list[int]:
    return [(case.opening.evidence.at - START) // MINUTE for case in found if case.kind == kind]


ONE_ACTOR = AccessTerms(openings=2, within="PT1H")


@pytest.mark.parametrize(
    ("minutes", "expected"),
    [
        ((0, 10), []),
        ((0, 10, 20), [20]),
        ((0, 30, 60), [60]),
        ((0, 30, 61), []),
        ((0, 10, 20, 30, 40), [20]),
        # One too many every half hour is one long case.
        (tuple(range(0, 600, 25)), [50]),
        # And another one after an hour in which nothing was.
        ((0, 10, 20, 200, 210, 220), [20, 220]),
    ],
)
def test_one_too_many_within_the_span_begins_a_case(minutes: tuple[int, ...], expected: list[int]) -> None:
    """ACC-33"""
    assert begins(too_many(ONE_ACTOR, openings(minutes))) == expected


def test_looking_again_at_the_same_content_is_not_one_more() -> None:
    """ACC-33"""
    assert too_many(ONE_ACTOR, [one(minute, content="ab" * 32) for minute in range(30)]) == ()


def test_what_has_left_the_span_is_counted_no_more_and_what_was_opened_again_is() -> None:
    """ACC-33"""
    again = [one(0, content="aa"), one(10, content="bb"), one(50, content="aa"), one(65, content="cc")]
    assert begins(too_many(ONE_ACTOR, again)) == [65]


def test_two_actors_are_two_and_the_holders_of_one_role_are_counted_together() -> None:
    """ACC-33"""
    by_two = [one(minute, actor=f"host/lead{minute % 2}") for minute in range(4)]
    found = too_many(ACCESS, by_two)
    assert (begins(found), begins(found, "bulk_of_role")) == ([], [3])
    assert "holders of escort_lead at host opened more than 3" in found[0].account


def test_the_same_role_of_another_party_is_another_one() -> None:
    """ACC-33"""
    two = [one(minute, actor=f"{('host', 'sending')[minute % 2]}/lead") for minute in range(4)]
    assert too_many(ACCESS, two) == ()


def test_openings_are_told_with_the_roles_of_their_time() -> None:
    """ACC-30"""
    told = told_of(ITEM)
    said = told.say(LEAD, OPEN, at=OPENS)
    (opened,) = openings_in(told.law().enrolments(), told.terms, told.folded().lines)
    assert (opened.roles, opened.compartment, opened.variant, opened.evidence.id) == (
        ("escort_lead",), "rendezvous", "exact", said.id,
    )  # fmt: skip
    (nobody,) = openings_in({}, told.terms, told.folded().lines)
    assert nobody.roles == ()
