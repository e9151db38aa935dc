"""Reports, disputes and grades of suspension: what takes effect, and what it does."""

from __future__ import annotations

import msgspec
import pytest

from safeconduct.core.acts import (
    Act,
    DutyWaived,
    FactContested,
    FactRuled,
    FieldValue,
    FindingExplained,
    FindingsStated,
    FormFiled,
    GroupRegistered,
    MovementCheckedIn,
    MovementRequested,
    RelationStepped,
)
from safeconduct.core.agreement import Field, Form, Must, Pattern, Rule
from safeconduct.core.record import FindingsState, MovementState, Phase, RegisterState
from safeconduct.testing import HOUR, MINUTE, START, Story, card_of, small_plan, small_terms
from tests.unit.core.record.reported import graded, with_form

TYPES = ("text", "number", "instant", "yes_no", "choice", "names", "digest")
ASKED = Form(
    id="post.checked",
    name={"en": "check"},
    fields=tuple(Field(id=kind, type=kind, options=("green", "red") if kind == "choice" else ()) for kind in TYPES),  # type: ignore[arg-type]
)
FILLED: dict[str, FieldValue] = {
    "text": "ok",
    "number": -3,
    "instant": START,
    "yes_no": True,
    "choice": "red",
    "names": ("a", "b"),
    "digest": "ab" * 32,
}


def reporting() -> Story:
    return Story(with_form(small_terms([card_of("host"), card_of("sending")]), ASKED))


def test_a_report_stands_in_the_state_of_its_subject() -> None:
    """REC-40"""
    story = reporting()
    for number in (1, 2):
        filed = FormFiled(form="post.checked", fields={**FILLED, "number": number})
        said = story.say("host/escort_lead", filed, subject="post/gate", at=START + number)
        assert story.why_void(said) is None
    state = story.folded("post/gate").state
    assert isinstance(state, RegisterState)
    assert (state.registered, state.filed["post.checked"].fields["number"], state.filed["post.checked"].mark.t) == (
        None,
        2,
        START + 2,
    )


@pytest.mark.parametrize(
    ("changed", "subject", "code"),
    [
        ({"number": "3"}, "post/gate", "form_invalid"),
        ({"number": True}, "post/gate", "form_invalid"),
        ({"instant": -1}, "post/gate", "form_invalid"),
        ({"yes_no": 1}, "post/gate", "form_invalid"),
        ({"choice": "blue"}, "post/gate", "form_invalid"),
        ({"names": "a"}, "post/gate", "form_invalid"),
        ({"digest": "AB" * 32}, "post/gate", "form_invalid"),
        ({"text": 5}, "post/gate", "form_invalid"),
        ({"more": 1}, "post/gate", "form_incomplete"),
        ({}, "site/gate", "other_subject"),
        ({}, "post", "other_subject"),
    ],
)
def test_a_report_that_does_not_fit_its_form_has_no_effect(
    changed: dict[str, FieldValue], subject: str, code: str
) -> None:
    """REC-40, ACT-7"""
    story = reporting()
    act = FormFiled(form="post.checked", fields={**FILLED, **changed})
    assert story.why_void(story.say("host/escort_lead", act, subject=subject)) == code


def test_a_report_needs_its_form_its_role_and_its_movement() -> None:
    """REC-40"""
    story = reporting()
    unknown = story.say("host/escort_lead", FormFiled(form="post.swept", fields={}), subject="post/gate")
    assert story.why_void(unknown) == "role_may_not"
    terms = with_form(small_terms([card_of("host"), card_of("sending")]), Form(id="movement.seen", name={"en": "seen"}))
    story = Story(terms)
    seen = FormFiled(form="movement.seen", fields={})
    assert story.why_void(story.say("host/unit", seen)) == "not_requested"
    story.request()
    assert story.why_void(story.say("host/unit", seen)) is None
    story = Story()
    story.request()
    assert story.why_void(story.say("host/unit", seen)) == "role_may_not"


def test_a_report_leaves_a_movement_as_it_was() -> None:
    """REC-40"""
    terms = with_form(small_terms([card_of("host"), card_of("sending")]), Form(id="movement.seen", name={"en": "seen"}))
    story = Story(terms)
    story.request()
    story.say("host/unit", FormFiled(form="movement.seen", fields={}))
    state = story.folded().state
    assert isinstance(state, MovementState)
    assert (state.phase, tuple(state.filed)) == (Phase.REQUESTED, ("movement.seen",))


# --- disputes


def contested(story: Story, statement: str = "ab" * 32, by: str = "host/escort_lead") -> str | None:
    return story.why_void(story.say(by, FactContested(statement=statement, account="it was not so")))


def test_a_party_contests_three_facts_of_a_subject_at_once() -> None:
    """REC-41, AG-104"""
    story = Story(graded())
    story.request()
    found = [contested(story, f"{number:064x}") for number in range(4)]
    assert found == [None, None, None, "too_many_contests"]
    assert contested(story, f"{9:064x}", by="sending/approver") is None
    for who in ("host/duty_officer", "sending/approver"):
        story.say(who, FactRuled(statement=f"{0:064x}", stands=True, reason="seen on camera"))
    assert contested(story, f"{5:064x}") is None


def test_a_fact_is_contested_once() -> None:
    """REC-41"""
    story = Story(graded())
    story.request()
    assert (contested(story), contested(story, by="sending/approver")) == (None, "contested_already")


def test_nothing_is_contested_of_a_subject_of_which_nothing_was_said() -> None:
    """ACT-7"""
    assert contested(Story(graded())) == "nothing_said"


@pytest.mark.parametrize(
    ("who", "statement", "code"),
    [
        ("host/duty_officer", "ab" * 32, None),
        ("host/escort_lead", "ab" * 32, "not_your_ruling"),
        ("host/duty_officer", "cd" * 32, "not_contested"),
    ],
)
def test_who_rules_and_on_what(who: str, statement: str, code: str | None) -> None:
    """REC-41"""
    story = Story(graded())
    story.request()
    contested(story)
    ruling = story.say(who, FactRuled(statement=statement, stands=False, reason="the camera shows it"))
    assert story.why_void(ruling) == code


@pytest.mark.parametrize(
    ("who", "clause", "code"),
    [
        ("host/duty_officer", "F-1", None),
        ("host/escort_lead", "F-1", "not_your_waiver"),
        ("host/duty_officer", "F-9", "not_waivable"),
    ],
)
def test_who_waives_what(who: str, clause: str, code: str | None) -> None:
    """REC-41, AG-57"""
    rule = Rule(
        for_each="movement",
        when=Pattern(event="movement.requested"),
        must=Must(event="movement.closed", due="trigger + PT1H"),
        waived_by=("duty_officer",),
    )
    terms = with_form(
        small_terms([card_of("host"), card_of("sending")]), Form(id="post.scanned", name={"en": "s"}), rule
    )
    story = Story(terms)
    story.request()
    assert story.why_void(story.say(who, DutyWaived(clause=clause, reason="no vehicle to be had"))) == code


def test_a_finding_is_explained_by_its_clause() -> None:
    """REC-41"""
    story = Story(graded())
    story.request()
    acts: list[tuple[str, Act]] = [
        ("T-1", FindingExplained(clause="T-1", account="the link was down")),
        ("T-9", FindingExplained(clause="T-9", account="the link was down")),
    ]
    assert [story.why_void(story.say("host/unit", act)) for _, act in acts] == [None, "no_such_clause"]


# --- grades


def stepped(story: Story, who: str, level: str, at: int = START) -> str | None:
    act = RelationStepped(level=level, reason="breaches of this month")
    return story.why_void(story.say(who, act, subject="relation", at=at))


def test_a_step_down_is_taken_by_who_may_and_refuses_new_movements() -> None:
    """REC-42, REC-43"""
    story = Story(graded())
    assert stepped(story, "host/escort_lead", "limited") == "not_your_step"
    assert stepped(story, "host/duty_officer", "nowhere") == "no_such_level"
    assert stepped(story, "host/duty_officer", "full") == "is_at_level"
    assert stepped(story, "host/duty_officer", "limited", at=START + 1) is None
    asked = story.say("sending/journey_manager", MovementRequested(plan=small_plan()), at=START + 2)
    assert (story.law().level(story.terms.digest), story.why_void(asked)) == ("limited", "suspended")


def test_the_way_back_needs_everybody_and_goes_one_grade_at_a_time() -> None:
    """REC-42"""
    story = Story(graded())
    stepped(story, "host/duty_officer", "stopped", at=START + 1)
    assert stepped(story, "host/duty_officer", "full", at=START + 2) == "too_far_back"
    levels = []
    for who, level in [
        ("host/duty_officer", "limited"),
        ("sending/journey_manager", "limited"),
        ("sending/journey_manager", "full"),
        ("host/duty_officer", "full"),
    ]:
        assert stepped(story, who, level, at=START + 3) is None
        levels.append(story.law().level(story.terms.digest))
    assert levels == ["stopped", "limited", "limited", "full"]


def test_an_agreement_without_grades_has_no_steps() -> None:
    """REC-42"""
    terms = with_form(small_terms([card_of("host"), card_of("sending")]), Form(id="post.scanned", name={"en": "s"}))
    assert stepped(Story(terms), "host/duty_officer", "limited") == "no_grades"


def test_a_movement_under_way_goes_on_at_every_grade() -> None:
    """REC-43: no grade leaves people on the road without somebody who answers for them."""
    story = Story(graded())
    departed = story.under_way()
    stepped(story, "host/duty_officer", "stopped", at=departed.t + MINUTE)
    said = story.say("host/escort_lead", MovementCheckedIn(), at=departed.t + 2 * MINUTE)
    assert story.why_void(said) is None


def test_a_movement_that_was_approved_does_not_depart_at_a_grade_that_refuses_it() -> None:
    """REC-43"""
    story = Story(graded())
    plan = story.request()
    story.approve(plan, at=START + HOUR)
    stepped(story, "host/duty_officer", "stopped", at=START + 2 * HOUR)
    story.close_gate(at=plan.timing.earliest)
    assert story.why_void(story.depart(at=plan.timing.earliest)) == "suspended"


# --- findings


@pytest.mark.parametrize(
    ("subject", "as_of", "code"),
    [
        ("findings/host", START, None),
        ("findings/sending", START, "other_subject"),
        ("findings/host", START + 2, "not_yet"),
    ],
)
def test_a_node_states_its_own_findings(subject: str, as_of: int, code: str | None) -> None:
    """REC-44"""
    story = Story()
    act = FindingsStated(as_of=as_of, digest="ab" * 32, count=3)
    said = story.say("host/node", act, subject=subject, at=START + 1)
    assert story.why_void(said) == code
    state = story.folded(subject).state
    assert (isinstance(state, FindingsState) and state.count == 3) == (code is None)


def test_registering_and_reporting_keep_each_other() -> None:
    """REC-40, REC-36"""
    terms = with_form(small_terms([card_of("host"), card_of("sending")]), Form(id="group.seen", name={"en": "seen"}))
    roles = tuple(
        msgspec.structs.replace(role, may=tuple(dict.fromkeys((*role.may, "group.registered")))) for role in terms.roles
    )
    story = Story(msgspec.structs.replace(terms, roles=roles))
    story.say("host/unit", FormFiled(form="group.seen", fields={}), subject="group/a")
    story.say("sending/journey_manager", GroupRegistered(label="A", category="x", people=1), subject="group/a")
    state = story.folded("group/a").state
    assert isinstance(state, RegisterState)
    assert state.registered is not None
    assert (state.registered.party, tuple(state.filed)) == ("sending", ("group.seen",))
