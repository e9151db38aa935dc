from __future__ import annotations

from safeconduct.core.acts import (
    FormFiled,
    MovementApproved,
    MovementCancelled,
    MovementChanged,
    MovementCheckedIn,
    UnknownAct,
)
from safeconduct.core.agreement import Evidence, Form, Must, Outcome, Pattern, Rule
from safeconduct.core.record import event_of, findings_of, step, versions_for
from safeconduct.core.statement import digest
from safeconduct.testing import HOUR, MINUTE, MOVEMENT, START, Story, card_of, small_plan, small_terms
from tests.unit.core.record.reported import with_form

NOTICE, APPROVED, SILENT, CLOSED = "T-1", "T-2", "T-3", "T-4"


def outcomes(story: Story, now: int, *, received: int | None = None) -> dict[str, Outcome]:
    """The last finding of each clause on the movement."""

    def receipt(_of: str, _index: int, by: str) -> Evidence | None:
        return None if received is None else Evidence(party=by, index=0, id="aa" * 32, at=received)

    return {f.clause: f.outcome for f in findings_of(story.law(), MOVEMENT, story.about(), now, receipt)}


def test_a_movement_that_went_well_has_nothing_open() -> None:
    """AG-50"""
    story = Story()
    departed = story.under_way()
    story.say("host/escort_lead", MovementCheckedIn(), at=departed.t + 10 * MINUTE)
    found = outcomes(story, departed.t + 11 * MINUTE, received=START + 1)
    assert found == {NOTICE: Outcome.MET, APPROVED: Outcome.PENDING, SILENT: Outcome.PENDING}


def test_silence_under_way_is_a_breach_although_nobody_says_anything() -> None:
    """AG-78"""
    story = Story()
    departed = story.under_way()
    assert outcomes(story, departed.t + 17 * MINUTE)[SILENT] is Outcome.PENDING
    assert outcomes(story, departed.t + 17 * MINUTE + 1)[SILENT] is Outcome.BREACHED


def test_for_a_movement_that_lapsed_nothing_more_is_owed() -> None:
    """AG-58, REC-30"""
    story = Story()
    story.request()
    found = outcomes(story, small_plan().timing.latest, received=START + 1)
    assert found == {NOTICE: Outcome.MET, APPROVED: Outcome.NOT_DUE}


def test_an_event_shows_the_movement_just_after_it() -> None:
    """AG-41"""
    story = Story()
    plan = story.request()
    story.say("host/duty_officer", MovementApproved(plan=digest(plan)))
    state, law, missing = None, story.law(), []
    for said in story.about():
        state, void = step(law, state, said)
        event = event_of(law, said, void, state)
        assert event is not None
        assert event.view is not None
        missing.append((event.view.unapproved(), event.view.phase, event.roles))
    assert missing == [
        (("host", "sending"), "requested", ("journey_manager",)),
        (("sending",), "requested", ("duty_officer",)),
    ]


def test_a_kind_that_is_not_known_is_no_event() -> None:
    """ACT-2"""
    story = Story()
    story.request()
    said = story.say("host/duty_officer", UnknownAct("movement.blessed", b"{}"))
    state, void = step(story.law(), story.folded().state, said)
    assert event_of(story.law(), said, void, state) is None


def test_a_notice_counts_for_the_plan_as_it_is_at_last() -> None:
    """AG-65"""
    story = Story()
    story.request(at=START + 7 * HOUR)
    assert outcomes(story, START + 8 * HOUR, received=START + 7 * HOUR)[NOTICE] is Outcome.BREACHED
    later = small_plan()
    timing = type(later.timing)(
        earliest=later.timing.earliest + 5 * HOUR,
        latest=later.timing.latest + 5 * HOUR,
        review_by=later.timing.review_by + 5 * HOUR,
    )
    changed = MovementChanged(plan=small_plan(timing=timing), reason="later flight")
    story.say("sending/journey_manager", changed, at=START + 8 * HOUR)
    assert outcomes(story, START + 8 * HOUR, received=START + 7 * HOUR)[NOTICE] is Outcome.MET


def test_a_cancelled_movement_owes_no_closing() -> None:
    """AG-58"""
    story = Story()
    story.request()
    story.say("sending/journey_manager", MovementCancelled(reason="not needed"), at=START + HOUR)
    assert CLOSED not in outcomes(story, START + 100 * HOUR)


def test_a_movement_is_judged_by_the_version_of_its_request_and_others_by_all() -> None:
    """AG-52, REC-35"""
    story = Story()
    story.request()
    law = story.law()
    assert [book.digest for _, book in versions_for(law, story.folded().state)] == [story.terms.digest]
    assert [t for t, _ in versions_for(law, None)] == [START]


def test_clauses_judge_reports_on_any_subject() -> None:
    """AG-23, REC-40: the patrol that did not come."""
    scanned = Form(id="post.scanned", name={"en": "scan"})
    rule = Rule(
        for_each="post",
        when=Pattern(event="post.scanned"),
        each="first",
        must=Must(event="post.scanned", where="event.t > trigger.t", due="trigger + PT1H"),
    )
    story = Story(with_form(small_terms([card_of("host"), card_of("sending")]), scanned, rule))
    for minutes in (0, 61):
        act = FormFiled(form="post.scanned", fields={})
        story.say("host/duty_officer", act, subject="post/gate", at=START + minutes * MINUTE)
    found = findings_of(story.law(), "post/gate", story.about("post/gate"), START + 2 * HOUR)
    assert [(f.outcome, f.happened_at) for f in found] == [(Outcome.BREACHED, START + 61 * MINUTE)]
