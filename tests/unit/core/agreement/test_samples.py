from __future__ import annotations

import msgspec

from safeconduct.core.acts import FormFiled, MovementRequested
from safeconduct.core.agreement import Always, Count, Must, Never, Pattern, Rule
from safeconduct.core.agreement.samples import BEGIN, BODIES_MAX, asked_about, conditions_of, patterns_of
from safeconduct.core.agreement.stage import Move, Stage
from tests.unit.core.agreement.planted import ASKED, DEPARTED, search_of

BRIEFED = "movement.briefed"
RULE = Rule(
    for_each="movement",
    when=Pattern(event=BRIEFED, where='body.kind == "written"'),
    must=Must(event="movement.counted", where="body.guards >= 7", due="trigger.body.level + PT1H"),
    unless=(Pattern(event="movement.aborted"),),
)


def test_every_condition_and_every_pattern_of_a_rule_is_looked_at() -> None:
    assert list(conditions_of(RULE)) == ['body.kind == "written"', "body.guards >= 7", "trigger.body.level + PT1H"]
    assert [pattern.event for pattern in patterns_of(RULE)] == [BRIEFED, "movement.counted", "movement.aborted"]


def test_what_a_condition_asks_about_is_what_was_filed_or_said() -> None:
    hold = "filed.briefed.level > said.checked_in && said.nothing == 0"
    rule = Rule(for_each="movement", when=DEPARTED, always=Always(hold=hold))
    assert asked_about(rule) == (BRIEFED, "movement.checked_in")


def test_bodies_lie_on_both_sides_of_each_number() -> None:
    """AG-110"""
    search = search_of(RULE)
    stage = Stage(search.terms, "movement")
    acts = list(search.sampler.acts("movement.counted", "journey_manager", BEGIN, stage))
    guards = {act.fields["guards"] for act in acts if isinstance(act, FormFiled)}
    assert {6, 7, 8} <= guards
    assert len(acts) <= BODIES_MAX


def test_a_compared_field_takes_what_was_said_before() -> None:
    """AG-110"""
    where = "body.finding == trigger.body.finding"
    when = Pattern(event="site.warned")
    rule = Rule(for_each="site", when=when, must=Must(event="site.mended", where=where, due="trigger + P1D"))
    search = search_of(rule)
    stage = Stage(search.terms, "site")
    stage.said.append(FormFiled(form="site.warned", fields={"finding": "a broken wall", "until": 0}))
    first = next(search.sampler.acts("site.mended", "journey_manager", BEGIN, stage))
    assert isinstance(first, FormFiled)
    assert first.fields["finding"] == "a broken wall"


def test_plans_lie_on_both_sides_of_a_condition_and_open_by_day() -> None:
    """AG-110"""
    rule = Rule(for_each="movement", when=DEPARTED, always=Always(hold="plan.people.count <= 9"))
    plans = list(search_of(rule).sampler.plans(BEGIN))
    assert {8, 9, 10} <= {plan.people.count for plan in plans}
    assert {plan.timing.earliest % 86_400_000 // 3_600_000 for plan in plans} == {9}


def test_speakers_are_those_who_may_and_those_that_the_clause_names_come_first() -> None:
    rule = Rule(for_each="movement", when=DEPARTED, never=Never(event="movement.checked_in", by=("unit",)))
    speakers = search_of(rule).sampler.speakers("movement.checked_in")
    assert set(speakers) == {"escort_lead", "unit", "duty_officer"}
    assert set(speakers[:2]) == {"escort_lead", "unit"}


def test_what_is_counted_is_said_as_often_as_the_condition_changes() -> None:
    rule = Rule(
        for_each="site",
        when=Pattern(event="site.warned", where="filed.warned.count >= 3"),
        count=Count(event="site.mended", at_least="1", due="trigger + P1D"),
    )
    search = search_of(rule)
    assert dict(search.sampler.repeats(search.book.ready[0])) == {"site.warned": 4}


def test_a_plan_is_asked_for_by_an_act_that_the_record_would_take() -> None:
    search = search_of(Rule(for_each="movement", when=ASKED, always=Always(hold="size(plan.purpose) >= 30")))
    acts = list(search.sampler.acts("movement.requested", "journey_manager", BEGIN, Stage(search.terms, "movement")))
    sizes = {len(act.plan.purpose) for act in acts if isinstance(act, MovementRequested)}
    assert {29, 30, 31} <= sizes
    assert all(msgspec.json.decode(msgspec.json.encode(act), type=MovementRequested) == act for act in acts)
    assert Move(BEGIN, "journey_manager", acts[0]) != Move(BEGIN, "journey_manager", acts[0])
