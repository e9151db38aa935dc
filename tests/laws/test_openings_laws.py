"""What holds for all openings: arrival changes nothing, an honest year raises nothing, what is planted is found."""

from __future__ import annotations

import hashlib
from functools import cache
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safeconduct.core.acts import (
    Act,
    CompartmentOpened,
    CompartmentSealed,
    MovementArrived,
    MovementAttested,
    MovementDeparted,
    Share,
)
from safeconduct.core.agreement import AccessTerms, GateItem, Terms, moment
from safeconduct.core.disclosure import OpenedContent, Unusual, openings_in, too_many, without_duty
from safeconduct.core.record import Enrolments, Line, variants
from safeconduct.testing import HOUR, MINUTE, START, Story
from tests.unit.core.agreement.sample import terms as template_terms
from tests.unit.core.disclosure.test_openings import one

ACCESS = AccessTerms(openings=2, openings_of_role=3, within="PT1H")
DAY = 24 * HOUR


@st.composite
def logs(draw: st.DrawFn) -> dict[str, list[OpenedContent]]:
    """The openings in each party's log, in its order."""
    found = {}
    for party in ("host", "sending"):
        minutes = sorted(draw(st.lists(st.integers(0, 300), max_size=30)))
        found[party] = [
            one(
                minute,
                actor=f"{party}/{draw(st.sampled_from('abc'))}",
                roles=tuple(draw(st.sets(st.sampled_from(["driver", "lead"])))),
                content=draw(st.sampled_from([f"{n:064x}" for n in range(12)])),
                index=index,
            )
            for index, minute in enumerate(minutes)
        ]
    return found


@given(logs(), st.randoms(use_true_random=False))
def test_the_order_in_which_openings_arrive_changes_no_case(
    told: dict[str, list[OpenedContent]], chance: Random
) -> None:
    """ACC-36"""
    openings = [opening for log in told.values() for opening in log]
    expected = too_many(ACCESS, openings)
    chance.shuffle(openings)
    assert too_many(ACCESS, openings) == expected


@given(logs(), st.data())
def test_what_was_found_in_a_part_of_the_logs_is_found_in_all_of_them(
    told: dict[str, list[OpenedContent]], data: st.DataObject
) -> None:
    """ACC-36: a node that has less of a log so far raises nothing that another would not raise."""
    part = [o for log in told.values() for o in log[: data.draw(st.integers(0, len(log)))]]
    whole = {case.incident for case in too_many(ACCESS, [o for log in told.values() for o in log])}
    assert {case.incident for case in too_many(ACCESS, part)} <= whole


@given(logs())
def test_a_case_has_more_contents_in_its_span_than_the_number(told: dict[str, list[OpenedContent]]) -> None:
    """ACC-33: counted again in another way."""
    openings = [opening for log in told.values() for opening in log]
    for case in too_many(ACCESS, openings):
        at = case.opening.evidence.at
        same = [
            o
            for o in openings
            if o.party == case.opening.party
            and (o.actor == case.opening.actor if case.kind == "bulk" else case.role in o.roles)
            and at - HOUR <= o.evidence.at <= at
        ]
        assert len({o.content for o in same}) >= (3 if case.kind == "bulk" else 4)


@given(logs())
def test_no_actor_beyond_the_number_is_missed(told: dict[str, list[OpenedContent]]) -> None:
    """ACC-33"""
    openings = [opening for log in told.values() for opening in log]
    found = {case.opening.actor for case in too_many(ACCESS, openings) if case.kind == "bulk"}
    beyond = {
        last.actor
        for last in openings
        if len(
            {
                o.content
                for o in openings
                if o.actor == last.actor and last.evidence.at - HOUR <= o.evidence.at <= last.evidence.at
            }
        )
        > 2
    }
    assert found == beyond


# --- a year of the template's duties ----------------------------------------------------------------------------------


class Journey:
    """One movement of an honest year under the shipped template: what was said of it, all of it with effect."""

    def __init__(self, chance: Random, number: int) -> None:
        self.terms = template_terms()
        self.story = Story(self.terms, agreed=False)
        self.subject = f"movement/m{number}"
        self.opens = START + (number + 2) * DAY + chance.randrange(6 * 60) * MINUTE
        self.chance = chance
        # When, who, what: put into order at the end, as each party's log has it.
        self.said: list[tuple[int, str, Act]] = []
        self.contents = {
            (part.id, variant): hashlib.sha256(f"{number}/{part.id}/{variant}".encode()).hexdigest()
            for part in self.terms.compartments
            for variant in variants(self.terms, part.id)
        }
        for (part, variant), content in self.contents.items():
            self.say(self.opens - 20 * HOUR, "sending/journey_manager", _sealed(part, variant, content))
        self.departs = self.opens + chance.randrange(30) * MINUTE
        self.arrives = self.departs + HOUR + chance.randrange(60) * MINUTE
        for item in self.terms.movement.ready_gate:
            self._attested(item)
        for part_terms in self.terms.compartments:
            for release in part_terms.releases:
                if release.variant is not None:
                    self._opened(release.role, release.opens, self.contents[part_terms.id, release.variant])
        self.say(self.departs, "host/escort_lead", MovementDeparted())
        self.say(self.arrives, "host/escort_lead", MovementArrived(heads=12))

    def say(self, at: int, actor: str, act: Act) -> None:
        self.said.append((at, actor, act))

    def actor(self, role: str) -> str:
        known = self.terms.role(role)
        assert known is not None
        return f"{known.party}/{role}"

    def _attested(self, item: GateItem) -> None:
        for role in item.by:
            self.say(
                self.opens - self.chance.randrange(1, 9) * 1_000,
                self.actor(role),
                MovementAttested(item=item.id, holds=True),
            )

    def _opened(self, role: str, opens: str, content: str) -> None:
        """Somewhere between its moment and the opening of the window, before what it is for is done."""
        timing = {"plan.earliest": self.opens, "plan.latest": self.opens + HOUR, "plan.review_by": self.opens - HOUR}
        first = moment(opens, self.terms.lengths(), timing)
        assert first is not None
        last = max(first, self.opens - MINUTE)
        at = self.chance.randrange(first, last + 1)
        self.say(min(at, self.opens - MINUTE), self.actor(role), CompartmentOpened(content=content))

    def lines(self) -> tuple[Line, ...]:
        for at, actor, act in sorted(self.said, key=lambda said: said[0]):
            self.story.say(actor, act, at=at, subject=self.subject)
        return tuple(Line(said, None) for said in self.story.about(self.subject))


def _sealed(part: str, variant: str, content: str) -> CompartmentSealed:
    share = "A" * 150 + "=="
    shares = tuple(
        Share(party=party, to="ab" * 32, sealed=share, commitment="cd" * 32) for party in ("host", "sending")
    )
    return CompartmentSealed(compartment=part, variant=variant, content=content, size=1, key="ef" * 32, shares=shares)


@cache
def enrolments() -> Enrolments:
    return Story(template_terms()).law().enrolments()


def found(terms: Terms, journeys: list[Journey]) -> list[Unusual]:
    assert terms.access is not None
    histories = [journey.lines() for journey in journeys]
    opened = [o for lines in histories for o in openings_in(enrolments(), terms, lines)]
    return [
        *(case for lines in histories for case in without_duty(enrolments(), terms, lines)),
        *too_many(terms.access, opened),
    ]


@pytest.mark.slow
def test_an_honest_year_under_the_template_raises_nothing() -> None:
    """ACC-30, ACC-33"""
    chance = Random(7)
    journeys = [Journey(chance, number) for number in range(365)]
    cases = found(template_terms(), journeys)
    openings = sum(isinstance(act, CompartmentOpened) for journey in journeys for _, _, act in journey.said)
    assert (openings > 3_000, [case.account for case in cases]) == (True, [])


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
def test_every_planted_opening_without_a_duty_is_found_and_nothing_else(seed: int) -> None:
    """ACC-30, ACC-32"""
    chance = Random(seed)
    journeys = [Journey(chance, number) for number in range(60)]
    planted = set()
    releases = [
        (part.id, release.variant, release.role)
        for part in template_terms().compartments
        for release in part.releases
        if release.variant is not None
    ]
    for journey in chance.sample(journeys, 20):
        part, variant, role = chance.choice(releases)
        content = journey.contents[part, variant]
        journey.say(journey.arrives + MINUTE, journey.actor(role), CompartmentOpened(content=content))
        planted.add((journey.subject, journey.actor(role), content))
    cases = found(template_terms(), journeys)
    assert {(case.opening.subject, case.opening.actor, case.opening.content) for case in cases} == planted


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
def test_every_planted_harvest_is_found_once_and_nothing_else(seed: int) -> None:
    """ACC-33: somebody opens what is to come on many days, in one hour."""
    chance = Random(seed)
    terms = template_terms()
    assert terms.access is not None
    honest = [o for n in range(60) for o in openings_in(enrolments(), terms, Journey(chance, n).lines())]
    number = terms.access.openings
    assert number is not None
    begin = chance.randrange(0, 50 * 24 * 60)
    many = [one(begin + n, actor="host/driver", roles=("driver",), index=100_000 + n) for n in range(number + 1)]
    cases = too_many(terms.access, [*honest, *many])
    assert [(case.kind, case.opening.actor) for case in cases] == [("bulk", "host/driver")]
