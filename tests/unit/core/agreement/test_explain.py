from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest

from safeconduct.core.agreement import (
    LANGUAGES,
    ApprovedBeforeDeparture,
    CheckInGap,
    ClosedWithin,
    Finding,
    MovementFacts,
    NoticeLead,
    Outcome,
    Reason,
    Rule,
    Terms,
    explain,
    judge,
)
from tests.unit.core.agreement.sample import EARLIEST, HOUR, MINUTE, SECOND, clause, facts, said, terms

DUE = EARLIEST - 24 * HOUR
GONE = EARLIEST + MINUTE
ENDED = GONE + MINUTE

NAMES = {"host": {"en": "the Host", "zh": "东道方", "ur": "میزبان فریق"}}
RULES: list[Rule] = [
    NoticeLead(lead="PT24H", to="host"),
    ApprovedBeforeDeparture(),
    CheckInGap(gap="PT15M", grace="PT2M"),
    ClosedWithin(span="PT12H"),
]
TERMS: Terms = msgspec.structs.replace(
    terms(),
    parties=tuple(msgspec.structs.replace(p, name=NAMES.get(p.id, p.name)) for p in terms().parties),
    clauses=tuple(clause(rule, number) for number, rule in enumerate(RULES, 1)),
)


def movements() -> Iterator[tuple[MovementFacts, int]]:
    """Facts and a time to judge them at which bring about every reason there is."""
    gone: dict[str, Any] = {"departed": said(GONE)}
    ended: dict[str, Any] = {**gone, "ended": said(ENDED)}
    yield facts(by="host"), EARLIEST
    yield facts(offered=DUE + 1), EARLIEST
    yield facts(offered=DUE), DUE
    yield facts(offered=DUE), DUE + 1
    yield facts(offered=DUE, received=DUE + 1), EARLIEST
    yield facts(offered=DUE - 2, received=DUE - 1), EARLIEST
    yield facts(**gone, unapproved_at_departure=("host", "sending")), GONE
    yield facts(**gone, approvals=(said(5, "host"), said(6))), GONE
    yield facts(**gone), GONE + HOUR
    yield facts(**gone, check_ins=(said(GONE + HOUR),)), GONE + HOUR
    yield facts(**ended), ENDED
    yield facts(**ended), ENDED + 13 * HOUR
    yield facts(**ended, closed=said(ENDED + 12 * HOUR)), ENDED + 12 * HOUR
    yield facts(**ended, closed=said(ENDED + 12 * HOUR + SECOND)), ENDED + 13 * HOUR


FINDINGS: dict[Reason, Finding] = {f.reason: f for m, now in movements() for f in judge(TERMS, m, now)}


def test_the_sample_brings_about_every_reason() -> None:
    """AG-35"""
    assert set(FINDINGS) == set(Reason)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("reason", Reason)
def test_every_reason_has_one_sentence_in_every_language(reason: Reason, language: str) -> None:
    """AG-35"""
    sentence = explain(TERMS, FINDINGS[reason], language)
    stop = {"en": ".", "zh": "。", "ur": "۔"}[language]
    assert (sentence.endswith(stop), "\n" in sentence, re.search("[{}]", sentence)) == (True, False, None)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("reason", Reason)
def test_a_sentence_names_the_clause_and_who_owes(reason: Reason, language: str) -> None:
    """AG-35"""
    sentence = explain(TERMS, FINDINGS[reason], language)
    role = TERMS.role("journey_manager")
    assert role is not None
    assert (FINDINGS[reason].clause in sentence, role.name[language] in sentence) == (True, True)


ITS_OWN_INSTANT = {Reason.NOT_DEPARTED, Reason.NOTICE_IS_OWN, Reason.NOT_ENDED}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("reason", [r for r in Reason if r not in ITS_OWN_INSTANT])
def test_a_sentence_says_the_same_instants_in_every_language(reason: Reason, language: str) -> None:
    """AG-35"""
    form = r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+Z"
    instants = set(re.findall(form, explain(TERMS, FINDINGS[reason], language)))
    assert (instants == set(re.findall(form, explain(TERMS, FINDINGS[reason], "en"))), len(instants) > 0) == (
        True,
        True,
    )


@pytest.mark.parametrize(
    ("reason", "sentence"),
    [
        (
            Reason.NOTICE_OFFERED_LATE,
            (
                "T-1 (text) is breached: the journey manager owed the Host notice by 2026-09-20T14:13:20Z, and offered "
                "it only at 2026-09-20T14:13:20.001Z."
            ),
        ),
        (
            Reason.NOTICE_RECEIVED_IN_TIME,
            (
                "T-1 (text) is met: the journey manager owed the Host notice by 2026-09-20T14:13:20Z, and the Host "
                "received it at 2026-09-20T14:13:19.999Z, with less than a tenth of the time left."
            ),
        ),
        (
            Reason.DEPARTED_WITHOUT_APPROVAL,
            (
                "T-2 (text) is breached: the journey manager owed approval by every party before departure, and the "
                "movement departed at 2026-09-21T14:14:20Z without the approval of the Host, Sending."
            ),
        ),
        (
            Reason.NEVER_SILENT_TOO_LONG,
            (
                "T-3 (text) is met: the journey manager owed a check-in every 15 minutes, with 2 minutes of grace, and "
                "none was late until the movement ended at 2026-09-21T14:15:20Z."
            ),
        ),
        (
            Reason.NOT_CLOSED,
            (
                "T-4 (text) is breached: the journey manager owed the closing by 2026-09-22T02:15:20Z, 12 hours after "
                "the movement ended, and none has come."
            ),
        ),
    ],
)
def test_a_sentence_says_what_was_due_and_what_came_instead(reason: Reason, sentence: str) -> None:
    """AG-35"""
    assert explain(TERMS, FINDINGS[reason], "en") == sentence


@pytest.mark.parametrize("reason", Reason)
def test_in_urdu_every_number_and_name_is_isolated(reason: Reason) -> None:
    """AG-36"""
    sentence = explain(TERMS, FINDINGS[reason], "ur")
    outside = re.sub("\u2068[^\u2068\u2069]*\u2069", "", sentence)
    assert re.findall("[A-Za-z0-9\u2068\u2069]", outside) == []


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("reason", Reason)
def test_elsewhere_nothing_invisible_stands_in_a_sentence(reason: Reason, language: str) -> None:
    """AG-36"""
    assert re.findall("[\u2066-\u2069\u200b-\u200f]", explain(TERMS, FINDINGS[reason], language)) == []


@pytest.mark.parametrize("outcome", Outcome)
def test_how_it_stands_is_said_in_every_language(outcome: Outcome) -> None:
    """AG-35"""
    finding = msgspec.structs.replace(FINDINGS[Reason.NOT_DEPARTED], outcome=outcome)
    assert len({explain(TERMS, finding, language) for language in LANGUAGES}) == len(LANGUAGES)


def test_a_text_with_braces_is_not_taken_for_a_place_to_fill() -> None:
    """AG-35"""
    braces = dict.fromkeys(LANGUAGES, "{who} {0}")
    agreed = msgspec.structs.replace(TERMS, clauses=(msgspec.structs.replace(TERMS.clauses[0], title=braces),))
    assert "({who} {0})" in explain(agreed, FINDINGS[Reason.NOTICE_OFFERED_LATE], "en")


def test_an_owner_or_party_that_the_terms_have_no_more_is_called_by_its_id() -> None:
    """AG-35"""
    agreed = msgspec.structs.replace(TERMS, roles=(), parties=TERMS.parties[1:])
    sentence = explain(agreed, FINDINGS[Reason.NOTICE_OFFERED_LATE], "en")
    assert "the journey_manager owed host notice" in sentence


@pytest.mark.parametrize(("number", "language"), [("T-9", "en"), ("T-1", "fr")])
def test_a_finding_of_another_agreement_is_not_explained(number: str, language: str) -> None:
    """AG-35"""
    finding = msgspec.structs.replace(FINDINGS[Reason.NOTICE_OFFERED_LATE], clause=number)
    with pytest.raises(ValueError, match=f"a clause and a language of agreement test, got {number} and '{language}'"):
        explain(TERMS, finding, language)
