from __future__ import annotations

import re
from typing import Any

import msgspec
import pytest

from safeconduct.core.agreement import LANGUAGES, Finding, Outcome, Reason, explain
from tests.unit.core.agreement.wording_sample import (
    BELONGS,
    DUE,
    HOUR,
    MINUTE,
    NUMBER,
    ROLES,
    TERMS,
    evidence,
    finding,
    full,
)

STOP = {"en": ".", "zh": "。", "ur": "۔"}
SHAPES = list(NUMBER)
LATE = DUE + MINUTE


def without_isolates(sentence: str) -> str:
    """What stands outside of every isolate, which may stand in one another."""
    while (shorter := re.sub("\u2068[^\u2068\u2069]*\u2069", "", sentence)) != sentence:
        sentence = shorter
    return sentence


def test_the_sample_has_every_reason() -> None:
    """AG-35"""
    assert set(BELONGS) == set(Reason)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("reason", Reason)
@pytest.mark.parametrize("made", [finding, full])
def test_every_reason_has_one_sentence_in_every_language(made: Any, reason: Reason, language: str) -> None:
    """AG-35: whatever the finding has or lacks."""
    sentence = explain(TERMS, made(reason), language)
    odd = re.search(r"[{}\[\]|\n]|  | [,.;:]|\( |,,|;;", sentence)
    assert (sentence.endswith(STOP[language]), odd) == (True, None)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("reason", Reason)
@pytest.mark.parametrize("shape", SHAPES)
def test_a_reason_can_be_said_of_any_clause(shape: str, reason: Reason, language: str) -> None:
    """AG-35: the version at hand may have the clause in another shape than the one that judged."""
    sentences = [explain(TERMS, made(reason, shape), language) for made in (finding, full)]
    assert [s.endswith(STOP[language]) for s in sentences] == [True, True]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("reason", Reason)
def test_a_sentence_names_the_clause_and_who_owes(reason: Reason, language: str) -> None:
    """AG-35"""
    sentence = explain(TERMS, finding(reason), language)
    assert (finding(reason).clause in sentence, ROLES[0].name[language] in sentence) == (True, True)


OWN = {Reason.NOTICE_IS_OWN}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("reason", [r for r in Reason if r not in OWN])
def test_a_sentence_names_to_whom_it_is_owed(reason: Reason, language: str) -> None:
    """AG-35"""
    assert ROLES[1].name[language] in explain(TERMS, finding(reason), language)


@pytest.mark.parametrize("language", ["zh", "ur"])
@pytest.mark.parametrize("reason", Reason)
def test_a_sentence_says_the_same_instants_and_numbers_in_every_language(reason: Reason, language: str) -> None:
    """AG-35"""
    form = r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+Z|abcdef01"
    said = re.findall(form, explain(TERMS, full(reason), language))
    assert (sorted(said) == sorted(re.findall(form, explain(TERMS, full(reason), "en"))), len(said) > 0) == (True, True)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_two_reasons_of_one_clause_read_the_same(language: str) -> None:
    """AG-35"""
    sentences = {explain(TERMS, full(reason), language) for reason in Reason}
    assert len(sentences) == len(Reason)


@pytest.mark.parametrize("outcome", Outcome)
@pytest.mark.parametrize("language", LANGUAGES)
def test_how_it_stands_is_said_in_every_language(language: str, outcome: Outcome) -> None:
    """AG-35"""
    sentences = {explain(TERMS, finding(Reason.CONTESTED, outcome=one), language) for one in Outcome}
    assert (len(sentences), explain(TERMS, finding(Reason.CONTESTED, outcome=outcome), language) in sentences) == (
        len(Outcome),
        True,
    )


MUST = "the convoy leader owed the duty officer the statement “vehicle checked” by each of the Host, the Sender"
GRACE = "by 2026-11-24T10:00:00Z (and 10 minutes of grace)"


@pytest.mark.parametrize(
    ("found", "sentence"),
    [
        (
            finding(Reason.DONE_LATE, due_at=DUE, happened_at=DUE + HOUR),
            f"T-1 (title 1) is breached: {MUST} {GRACE}, and it came only at 2026-11-24T11:00:00Z.",
        ),
        (
            finding(Reason.DONE_IN_TIME, due_at=DUE, happened_at=LATE, near=True),
            (
                f"T-1 (title 1) is met: {MUST} {GRACE}, and it came at 2026-11-24T10:01:00Z, late by no more than the "
                "grace of 10 minutes."
            ),
        ),
        (
            finding(Reason.DONE_IN_TIME, due_at=DUE, happened_at=DUE - 1, near=True),
            (
                f"T-1 (title 1) is met: {MUST} {GRACE}, and it came at 2026-11-24T09:59:59.999Z, with less than a "
                "tenth of the time left."
            ),
        ),
        (
            finding(Reason.NOT_DONE, due_at=DUE, missing=("host",)),
            f"T-1 (title 1) is breached: {MUST} {GRACE}, and it has not come; the Host is missing.",
        ),
        (
            finding(Reason.OFFERED_IN_TIME_NO_RECEIPT, due_at=DUE, evidence=(evidence(),)),
            (
                "T-2 (title 2) is disputed: the convoy leader owed the duty officer notice to the Host (the statement "
                "“movement requested”, proved by the statements of the Host) by 2026-11-24T10:00:00Z and says that it "
                "was offered at 2026-11-24T09:00:00Z; no statement by the Host shows that it was received."
            ),
        ),
        (
            finding(Reason.HAPPENED, due_at=LATE, happened_at=LATE),
            (
                "T-4 (title 4) is breached: the convoy leader answered to the duty officer for “departed” not "
                "happening, and it happened at 2026-11-24T10:01:00Z."
            ),
        ),
        (
            finding(Reason.HOP_MISSING, due_at=DUE, missing=("observer",)),
            (
                "T-5 (title 5) is breached: the convoy leader answered to the duty officer for the passing on of the "
                "notice, shown by “notice acknowledged” within 4 hours for each hop, and observer has not done its "
                "part, due by 2026-11-24T10:00:00Z."
            ),
        ),
        (
            finding(Reason.NEVER_TOO_LONG, happened_at=DUE, near=True),
            (
                "T-6 (title 6) is met: the convoy leader owed the duty officer a statement “checked in” at least every "
                "60 minutes (and 5 minutes of grace), and none was late until the end at 2026-11-24T10:00:00Z; at the "
                "closest, less than a tenth of the time allowed was left."
            ),
        ),
        (
            finding(Reason.PERIOD_MISSED, due_at=DUE, times=3, missing=("sending",)),
            (
                "T-7 (title 7) is breached: the convoy leader owed the duty officer the statement “meeting.held” once "
                "in every 3 months by each of the Host, the Sender, this one by 2026-11-24T10:00:00Z, and it did not "
                "come, 3 times in a row; the Sender is missing."
            ),
        ),
        (
            finding(Reason.TOO_MANY, due_at=DUE, happened_at=DUE, planned="8", actual="9"),
            (
                "T-8 (title 8) is breached: the convoy leader answered to the duty officer for the agreed number of "
                "statements “checked in”, at most 8, and there were 9, the last at 2026-11-24T10:00:00Z."
            ),
        ),
        (
            finding(Reason.TOO_FEW, due_at=DUE, planned="2", actual="0"),
            (
                "T-8 (title 8) is breached: the convoy leader answered to the duty officer for the agreed number of "
                "statements “checked in”, at least 2 by 2026-11-24T10:00:00Z, and there were only 0."
            ),
        ),
        (
            finding(Reason.DIFFERS, due_at=DUE, happened_at=DUE, planned="12", actual="11"),
            (
                "T-10 (title 10) is breached: the convoy leader owed the duty officer the statement “arrived” saying "
                "what was planned (12) by 2026-11-24T10:00:00Z, and it says 11, at 2026-11-24T10:00:00Z."
            ),
        ),
        (
            finding(Reason.SEVERAL_HOLDERS, due_at=DUE, actual="observer, duty_officer"),
            (
                "T-11 (title 11) is breached: the convoy leader answered to the duty officer for exactly one holder "
                "who answers at any time, and there were several from 2026-11-24T10:00:00Z on; last known: observer, "
                "duty officer."
            ),
        ),
    ],
)
def test_a_sentence_says_what_was_due_and_what_came_instead(found: Finding, sentence: str) -> None:
    """AG-35"""
    assert explain(TERMS, found, "en") == sentence


@pytest.mark.parametrize(
    ("more", "tail"),
    [
        (
            {"cured_at": DUE + HOUR},
            "; it was made good at 2026-11-24T11:00:00Z, within the time for cure of 1 day.",
        ),
        (
            {"late_word": True},
            "; the word that decides reached the side of the duty officer only after it was due.",
        ),
        (
            {"explained": (evidence(LATE), evidence(LATE, "host", 2), evidence(LATE, "host", 3))},
            "; an explanation by the Sender, the Host stands beside this finding.",
        ),
    ],
)
def test_what_a_finding_carries_besides_is_said_at_the_end(more: dict[str, Any], tail: str) -> None:
    """AG-35"""
    assert explain(TERMS, finding(Reason.NOT_DONE, **more), "en").endswith(tail)


def test_a_waived_duty_says_who_waived_it() -> None:
    """AG-35"""
    sentence = explain(TERMS, finding(Reason.WAIVED, happened_at=DUE), "zh")
    assert sentence.endswith("但已由值班官员、车队领队于2026-11-24T10:00:00Z豁免。")


def test_where_the_clause_no_longer_says_who_may_waive_the_parties_that_did_are_named() -> None:
    """AG-35"""
    sentence = explain(TERMS, finding(Reason.WAIVED, "notice", evidence=(evidence(), evidence(DUE, "host", 1))), "en")
    assert sentence.endswith("and it was waived by the Host.")


def test_a_disputed_verdict_says_on_which_statements_it_hangs() -> None:
    """AG-35: by the first eight digits, as the board shows them."""
    sentence = explain(TERMS, finding(Reason.CONTESTED, contested=("0123456789" * 6, "f" * 64)), "en")
    assert sentence.endswith("whether what is contested is true: the statement 01234567, ffffffff.")


@pytest.mark.parametrize(
    ("proofs", "why"),
    [
        (
            (evidence(), evidence(DUE, "host", 1)),
            "what excuses it under the clause came first, at 2026-11-24T10:00:00Z",
        ),
        ((evidence(),), "the time for it ended at 2026-11-24T10:01:00Z"),
    ],
)
def test_an_excuse_and_a_last_period_that_was_cut_short_read_differently(proofs: Any, why: str) -> None:
    """AG-35"""
    sentence = explain(TERMS, finding(Reason.EXCUSED, "recur", happened_at=LATE, evidence=proofs), "en")
    assert sentence.endswith(f"because {why}.")


def test_a_condition_did_not_hold_when_it_broke_not_when_it_held_again() -> None:
    """AG-35"""
    found = finding(Reason.DID_NOT_HOLD, due_at=DUE, happened_at=DUE, cured_at=DUE + HOUR)
    assert explain(TERMS, found, "en").endswith(
        "and at 2026-11-24T10:00:00Z it did not hold; it was made good at 2026-11-24T11:00:00Z, "
        "within the time for cure."
    )


def test_what_is_true_or_not_is_said_in_the_language() -> None:
    """AG-35"""
    found = finding(Reason.DIFFERS, planned="yes", actual="no")
    assert [word in explain(TERMS, found, "zh") for word in ("计划（是）", "所述为否")] == [True, True]


@pytest.mark.parametrize("made", [finding, full])
@pytest.mark.parametrize("reason", Reason)
def test_in_urdu_every_number_and_name_is_isolated(reason: Reason, made: Any) -> None:
    """AG-36"""
    outside = without_isolates(explain(TERMS, made(reason), "ur"))
    assert re.findall("[A-Za-z0-9\u2068\u2069]", outside) == []


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("reason", Reason)
def test_elsewhere_nothing_invisible_stands_in_a_sentence(reason: Reason, language: str) -> None:
    """AG-36"""
    assert re.findall("[\u2066-\u2069\u200b-\u200f]", explain(TERMS, full(reason), language)) == []


def test_a_text_cannot_end_its_own_isolation_or_its_line() -> None:
    """AG-36"""
    hostile = dict.fromkeys(LANGUAGES, "a\u2069b\nc\u2067")
    agreed = msgspec.structs.replace(TERMS, clauses=(msgspec.structs.replace(TERMS.clauses[0], title=hostile),))
    assert "(\u2068ab c\u2069)" in explain(agreed, finding(Reason.NOT_DONE), "ur")


def test_a_text_with_braces_is_not_taken_for_a_place_to_fill() -> None:
    """AG-35"""
    braces = dict.fromkeys(LANGUAGES, "{who} {0} [x|y]")
    agreed = msgspec.structs.replace(TERMS, clauses=(msgspec.structs.replace(TERMS.clauses[0], title=braces),))
    assert "({who} {0} [x|y])" in explain(agreed, finding(Reason.NOT_DONE), "en")


def test_an_owner_or_party_that_the_terms_have_no_more_is_called_by_its_id() -> None:
    """AG-35"""
    agreed = msgspec.structs.replace(TERMS, roles=(), parties=TERMS.parties[1:])
    sentence = explain(agreed, finding(Reason.OFFERED_LATE), "en")
    assert "the convoy_leader owed the duty_officer notice to host" in sentence


@pytest.mark.parametrize(("number", "language"), [("T-99", "en"), ("T-1", "fr")])
def test_a_finding_of_another_agreement_is_not_explained(number: str, language: str) -> None:
    """AG-35"""
    found = finding(Reason.NOT_DONE, clause=number)
    with pytest.raises(ValueError, match=f"a clause and a language of agreement test, got {number} and '{language}'"):
        explain(TERMS, found, language)
