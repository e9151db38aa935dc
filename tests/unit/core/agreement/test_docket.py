"""The obligations of one subject as its statements come."""

from __future__ import annotations

import msgspec
import pytest

from safeconduct.core.agreement import Book, Docket, Rule, Terms, judge_subject
from tests.unit.core.agreement.judged import (
    DAY,
    HOUR,
    REQUEST,
    START,
    Told,
    judged,
    receipts,
    rule,
    terms,
)

H = HOUR
MUST = rule(when="post.opened", must={"event": "post.scanned", "due": "trigger + PT1H"})


def told_of(*said: tuple[str, int], agreement: str = "") -> Told:
    told = Told(agreement=agreement)
    for name, t in said:
        told.file(name, t)
    return told


def docket_of(told: Told, *versions: tuple[int, Terms]) -> Docket:
    docket = Docket("post/s", tuple((START + begins, Book(version)) for begins, version in versions))
    for event in told.events:
        docket.take(event)
    return docket


def test_every_event_that_is_meant_opens_an_obligation() -> None:
    """AG-51"""
    told = told_of(("opened", 0), ("opened", 2 * H), ("scanned", 2 * H))
    found = judged(MUST, told)
    assert [(f.trigger, f.outcome) for f in found] == [
        (told.events[0].evidence, "breached"),
        (told.events[1].evidence, "met"),
    ]


def test_with_each_first_only_the_first_on_the_subject_does() -> None:
    """AG-51"""
    first = rule(
        when={"event": "post.opened", "where": "body.ok"},
        each="first",
        must={"event": "post.scanned", "due": "trigger + PT1H"},
    )
    told = Told()
    told.file("opened", 0, ok=False)
    told.file("opened", 1, ok=True)
    told.file("opened", 2, ok=True)
    assert [f.trigger for f in judged(first, told)] == [told.events[1].evidence]


def test_findings_come_by_clause_trigger_and_n() -> None:
    """AG-51"""
    recur = rule(when="post.opened", recur={"event": "post.scanned", "every": "P1D"})
    told = told_of(("opened", 0), ("opened", 1), ("scanned", DAY + 2))
    found = docket_of(told, (0, terms(recur, MUST))).findings(START + DAY + 2)
    order = [(f.clause, f.trigger.at - START, f.n) for f in found]
    assert order == [("F-1", 0, 0), ("F-1", 0, 1), ("F-1", 1, 0), ("F-1", 1, 1), ("F-2", 0, 0), ("F-2", 1, 0)]


def test_now_is_never_before_the_last_statement() -> None:
    """AG-50"""
    docket = docket_of(told_of(("opened", 0), ("handed", 2 * H)), (0, terms(MUST)))
    assert docket.findings(START) == docket.findings(START + 2 * H)
    assert [f.outcome for f in docket.findings(START)] == ["breached"]


def test_it_is_named_when_an_outcome_changes() -> None:
    """AG-50"""
    docket = docket_of(told_of(("opened", 0)), (0, terms(MUST)))
    assert docket.look_again_at == START + H + 1
    (found,) = docket.findings(START)
    assert (found.look_again_at, found.outcome) == (START + H + 1, "pending")
    (found,) = docket.findings(START + H + 1)
    assert (found.look_again_at, found.outcome) == (None, "breached")


def test_there_is_nothing_to_look_at_again_where_all_is_settled() -> None:
    """AG-50"""
    assert docket_of(told_of(("opened", 0), ("scanned", 1)), (0, terms(MUST))).look_again_at is None


# --- versions ---------------------------------------------------------------------------------------------------------


def amended(before: Terms, *rules: Rule, lead: str = "PT2H") -> Terms:
    changed = terms(*rules)
    parameters = (msgspec.structs.replace(changed.parameters[0], duration=lead), *changed.parameters[1:])
    return msgspec.structs.replace(changed, version=before.version + 1, previous=before.digest, parameters=parameters)


def test_an_obligation_is_judged_by_the_version_that_called_it_up() -> None:
    """AG-52: that which the statement names, or else the one in force at the time."""
    one = terms(MUST)
    two = amended(one, rule(when="post.opened", must={"event": "post.scanned", "due": "trigger + PT2H"}))
    told = Told(agreement=one.digest)
    told.file("opened", 5)
    told.agreement = ""
    told.file("opened", 6)
    found = docket_of(told, (0, one), (3, two)).findings(START + 6)
    assert [(f.agreement, f.due_at) for f in found] == [(one.digest, START + 5 + H), (two.digest, START + 6 + 2 * H)]


def test_a_movement_is_judged_by_the_version_of_its_request() -> None:
    """AG-52"""
    noted = rule(for_each="movement", when="movement.noted", must={"event": "movement.noted", "due": "trigger + PT1H"})
    one = terms(noted)
    told = Told("movement", agreement=one.digest)
    told.say(REQUEST)
    told.agreement = "ff" * 32
    told.file("noted", 5)
    found = judge_subject("movement/s", ((START, Book(one)),), told.events, START + 5)
    assert [f.agreement for f in found] == [one.digest]


GAP = rule(when="post.opened", gap={"event": "post.scanned", "at_most": "PT2H"})
BY_LEAD = rule(when="post.opened", gap={"event": "post.scanned", "at_most": "param.lead"})


@pytest.mark.parametrize(
    ("before", "after", "lead", "expected"),
    [
        (GAP, GAP, "PT9H", [(0, "breached", 2 * H)]),
        (BY_LEAD, BY_LEAD, "PT2H", [(0, "breached", 2 * H)]),
        (BY_LEAD, BY_LEAD, "PT3H", [(0, "met", None), (1, "breached", H + 3 * H)]),
        (GAP, BY_LEAD, "PT3H", [(0, "met", None), (1, "breached", H + 3 * H)]),
        (GAP, MUST, "PT2H", [(0, "met", None)]),
    ],
)
def test_what_lasts_passes_over_into_the_next_version(
    before: Rule, after: Rule, lead: str, expected: list[tuple[int, str, int | None]]
) -> None:
    """AG-53: kept if nothing that it says has changed, else ended and begun anew; `n` goes on counting."""
    one = terms(before)
    told = told_of(("opened", 0), agreement=one.digest)
    two = amended(one, after, lead=lead)
    told.agreement = two.digest
    told.file("handed", H)
    found = docket_of(told, (0, one), (0, two)).findings(START + 9 * H)
    assert [(f.n, f.outcome, f.due_at) for f in found] == [
        (n, outcome, None if due is None else START + due) for n, outcome, due in expected
    ]


def test_a_statement_under_an_older_version_brings_that_back_for_nothing() -> None:
    """AG-53"""
    one = terms(GAP)
    two = amended(one, BY_LEAD, lead="PT3H")
    told = told_of(("opened", 0), agreement=one.digest)
    for version, t in ((two, 1), (one, 2), (two, 3)):
        told.agreement = version.digest
        told.file("handed", t)
    assert [(f.n, f.agreement) for f in docket_of(told, (0, one), (0, two)).findings(START + H)] == [
        (0, one.digest),
        (1, two.digest),
    ]


def test_what_is_over_is_not_begun_anew() -> None:
    """AG-53"""
    one = terms(rule(when="post.opened", never={"event": "post.scanned"}))
    two = amended(one, rule(when="post.opened", never={"event": "post.scanned", "where": "body.ok"}))
    told = told_of(("opened", 0), ("scanned", 1), agreement=one.digest)
    told.agreement = two.digest
    told.file("handed", 2)
    assert [f.outcome for f in docket_of(told, (0, one), (0, two)).findings(START + 3)] == ["breached"]


@pytest.mark.parametrize(
    ("demand", "changed", "outcomes"),
    [
        (
            {"always": {"hold": "filed.scanned.n < 2", "until": {"event": "post.closed"}}},
            {"always": {"hold": "filed.scanned.n < 1", "until": {"event": "post.closed"}}},
            ["met", "breached"],
        ),
        (
            {"one": {"taken": {"event": "post.scanned"}, "given_up": {"event": "post.closed"}, "holder": "body.who"}},
            {
                "one": {
                    "taken": {"event": "post.scanned"},
                    "given_up": {"event": "post.closed"},
                    "holder": "event.party",
                }
            },
            ["met", "pending"],
        ),
        (
            {"recur": {"event": "post.scanned", "every": "P1D"}},
            {"recur": {"event": "post.scanned", "every": "P2D"}},
            ["met", "pending"],
        ),
    ],
)
def test_each_lasting_demand_is_begun_anew(
    demand: dict[str, object], changed: dict[str, object], outcomes: list[str]
) -> None:
    """AG-53: with the first statement under the new version, by what has become of the subject."""
    one = terms(rule(when="post.opened", **demand))
    two = amended(one, rule(when="post.opened", **changed))
    told = Told(agreement=one.digest)
    told.file("opened", 0)
    told.file("scanned", 0, n=1, who="a")
    told.agreement = two.digest
    told.file("handed", 2)
    found = docket_of(told, (0, one), (0, two)).findings(START + 3)
    assert [f.outcome for f in found if f.trigger.at == START and f.clause == "F-1"] == outcomes


def test_what_an_older_version_did_not_ask_about_is_kept_for_the_next() -> None:
    """AG-61"""
    one = terms(MUST)
    since = {"event": "post.handed", "due": "trigger", "since": "start"}
    two = amended(one, rule(when="post.opened", must=since))
    told = told_of(("handed", 0), agreement=one.digest)
    told.agreement = two.digest
    told.file("opened", 1)
    assert [f.outcome for f in docket_of(told, (0, one), (0, two)).findings(START + 2)] == ["met"]


def test_what_is_said_before_any_agreement_is_in_force_is_not_judged() -> None:
    """AG-52"""
    assert docket_of(told_of(("opened", 0)), (1, terms(MUST))).findings(START + 9 * H) == ()


# --- words that come late ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("received", "now", "late"),
    [(H, 2 * H, False), (H + 1, 2 * H, True), (None, H, False), (None, H + 1, True)],
)
def test_a_duty_met_by_a_word_that_the_creditor_had_late_is_marked(received: int | None, now: int, late: bool) -> None:
    """AG-96"""
    told = told_of(("opened", 0), ("scanned", 5))
    shown = {} if received is None else {told.events[1].evidence.id: received}
    (found,) = judged(MUST, told, now, shown)
    assert (found.outcome, found.late_word) == ("met", late)


def test_the_creditors_own_word_is_never_late() -> None:
    """AG-96"""
    told = told_of(("opened", 0))
    told.file("scanned", 5, "approver")
    assert [f.late_word for f in judged(MUST, told, 9 * H)] == [False]


def test_a_trigger_that_met_its_own_duty_may_be_a_late_word() -> None:
    """AG-96"""
    itself = rule(when="post.opened", must={"event": "post.opened", "due": "trigger + PT1H"})
    assert [f.late_word for f in judged(itself, told_of(("opened", 0)), 2 * H)] == [True]


def test_a_receipt_that_is_shown_later_takes_the_mark_away() -> None:
    """AG-96"""
    told = told_of(("opened", 0), ("scanned", 5))
    docket = docket_of(told, (0, terms(MUST)))
    assert [f.late_word for f in docket.findings(START + 2 * H)] == [True]
    shown = receipts({told.events[1].evidence.id: 6})
    assert [f.late_word for f in docket.findings(START + 2 * H, shown)] == [False]


def test_an_explanation_stands_beside_the_finding() -> None:
    """AG-50: it changes no verdict."""
    told = told_of(("opened", 0))
    explained = told.explain(2 * H, "escort_lead")
    (found,) = judged(MUST, told)
    assert (found.outcome, found.explained) == ("breached", (explained.evidence,))
