"""An agreement made ready: which events a pattern means, and what its conditions see."""

from __future__ import annotations

import pytest

from safeconduct.core.agreement import Book, Event
from safeconduct.core.agreement.book import Scopes
from safeconduct.core.agreement.case import Case, Frame
from tests.unit.core.agreement.judged import (
    APPROVE,
    CHECK_IN,
    DEPART,
    FORMS,
    HOUR,
    PARAMETERS,
    REQUEST,
    START,
    Told,
    judged,
    rule,
    terms,
)


def is_meant(pattern: dict[str, object], event: Event) -> bool:
    book = Book(terms(rule(when=pattern, must={"event": "post.scanned", "due": "trigger"})))
    case = Case("post/s")
    case.note(event, keep=False)
    return book.ready[0].when.matches(Frame(case, event, None))


@pytest.mark.parametrize(
    ("pattern", "meant"),
    [
        ({}, True),
        ({"by": ["escort_lead", "approver"]}, True),
        ({"by": ["approver"]}, False),
        ({"party": "host"}, True),
        ({"party": "sending"}, False),
        ({"where": "body.n == 3"}, True),
        ({"where": "body.n == 4"}, False),
        ({"where": "body.n / 0 == 1"}, False),
        ({"effect": "void"}, False),
        ({"effect": "any"}, True),
        ({"by": ["escort_lead"], "party": "host", "where": "body.n == 4"}, False),
    ],
)
def test_a_pattern_means_events_by_speaker_party_condition_and_effect(pattern: dict[str, object], meant: bool) -> None:
    """AG-25"""
    told = Told()
    assert is_meant({"event": "post.opened", **pattern}, told.file("opened", 0, n=3)) is meant


@pytest.mark.parametrize(("effect", "meant"), [("taken", False), ("void", True), ("any", True)])
def test_what_was_said_without_effect_is_meant_where_a_pattern_says_so(effect: str, meant: bool) -> None:
    """AG-25"""
    event = Told().file("opened", 0, void="not_now")
    assert is_meant({"event": "post.opened", "effect": effect}, event) is meant


@pytest.mark.parametrize(
    "hold",
    [
        "event.name == 'movement.noted' && event.party == 'sending' && event.actor == 'sending/approver'",
        "event.roles == ['approver'] && event.void == ''",
        f"event.t == {START + HOUR} && trigger.t == {START} && trigger.party == 'sending'",
        "trigger.actor == 'sending/journey_manager' && trigger.body.n == 0 && trigger.body.who == ''",
        "plan.purpose == 'shift change' && plan.route.origin == 'airport' && plan.people.count == 4",
        f"plan.timing.earliest == {START + 30 * HOUR} && plan.escort.protection_level == 'b6'",
        "size(plan.route.path) == 0 && plan.people.manifest == ''",
        "movement.phase == 'under_way' && movement.requested_by == 'sending' && size(movement.unapproved) == 0",
        "size(movement.open_items) == 0 && size(movement.excepted) == 0 && size(movement.approved_by) == 0",
        f"filed.noted.count == 2 && filed.noted.t == {START + HOUR} && filed.noted.n == 7 && filed.noted.who == ''",
        "said.checked_in == 1 && said.departed == 1 && said.arrived == 0",
        "param.lead == 7200000 && param.two == 2 && param.chain == ['a', 'b'] && param.word == 'a'",
    ],
)  # fmt: skip
def test_a_condition_sees_the_event_its_trigger_the_subject_and_the_parameters(hold: str) -> None:
    """AG-41, AG-42"""
    always = rule(
        for_each="movement",
        when={"event": "movement.noted", "party": "sending"},
        each="first",
        always={"hold": f"event.t == trigger.t || ({hold})", "until": {"event": "movement.closed"}},
    )
    told = Told("movement")
    for act in (REQUEST, APPROVE, DEPART, CHECK_IN):
        told.say(act)
    told.say(CHECK_IN, void="doubled")
    told.file("noted", 0, "journey_manager")
    told.file("noted", HOUR, "approver", n=7)
    told.file("noted", HOUR, "approver", n=9, void="not_now")
    told.events.pop()
    assert [f.outcome for f in judged(always, told)] == ["pending"]
    wrong = always.always
    assert wrong is not None
    assert "||" in wrong.hold


def test_without_a_filed_form_there_is_nothing_of_it() -> None:
    """AG-42"""
    hold = "filed.scanned.count == 0 && filed.scanned.t == 0 && filed.scanned.who == '' && !filed.scanned.ok"
    always = rule(when="post.opened", always={"hold": hold})
    told = Told()
    told.file("opened")
    assert [f.outcome for f in judged(always, told)] == ["met"]


def test_an_event_from_before_is_asked_about_when_the_duty_is_called_up() -> None:
    """AG-41"""
    must = {"event": "post.scanned", "due": "trigger", "since": "start", "where": "filed.handed.count == 1"}
    told = Told()
    told.file("scanned")
    told.file("handed")
    told.file("opened")
    assert [f.outcome for f in judged(rule(when="post.opened", must=must), told)] == ["met"]


def test_a_book_knows_which_clauses_hear_an_event() -> None:
    """AG-51"""
    one = {"taken": {"event": "post.opened"}, "given_up": {"event": "post.handed"}, "holder": "body.who"}
    book = Book(
        terms(
            rule(when="post.opened", must={"event": "post.scanned", "due": "trigger", "since": "start"}),
            rule(when="post.scanned", one=one, unless=[{"event": "post.closed"}]),
        )
    )
    assert [r.clause.id for r in book.calls["post", "post.opened"]] == ["F-1"]
    assert {name: [r.clause.id for r in heard] for (_, name), heard in book.listens.items()} == {
        "post.scanned": ["F-1"], "post.opened": ["F-2"], "post.handed": ["F-2"], "post.closed": ["F-2"],
    }  # fmt: skip
    assert book.keeps == {("post", name) for name in ("post.scanned", "post.opened", "post.handed")}
    second = book.clause("F-2")
    assert second is not None
    assert (second.creditor, book.clause("F-3")) == ("sending", None)


def test_a_rule_is_the_same_if_it_and_its_parameters_are() -> None:
    """AG-53"""
    by_lead = rule(when="post.opened", must={"event": "post.scanned", "due": "trigger + param.lead"})
    one, same = (Book(terms(by_lead)).ready[0] for _ in range(2))
    other = Book(terms(by_lead, parameters=(PARAMETERS[1], *PARAMETERS[1:]), clauses=())).ready
    assert (one.is_same(same), other) == (True, ())
    changed = Book(terms(rule(when="post.opened", must={"event": "post.scanned", "due": "trigger"}))).ready[0]
    assert not one.is_same(changed)


def test_scopes_are_made_once() -> None:
    """AG-41"""
    scopes = Scopes(FORMS, PARAMETERS)
    assert scopes.scope("post", "post.opened", None) is scopes.scope("post", "post.opened", None)
    assert "trigger.t" not in scopes.scope("post", "post.opened", None).names
