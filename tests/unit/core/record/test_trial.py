from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import resources

import msgspec
import pytest

from safeconduct.core.agreement import Must, Pattern, Rule
from safeconduct.core.record import Scenario, Trial, read_scenario, try_scenario
from safeconduct.testing import HOUR, START, card_of, small_terms
from tests.unit.core.record.small_book import BOOK, TERMS, changed, read

SHIPPED = resources.files("safeconduct.core.record") / "books"
BOOKS = sorted(entry.name for entry in SHIPPED.iterdir())
NTC = "  - {at: +PT5H, clause: T-1, outcome: met, happened: +PT4H, near"


def tried(text: str = BOOK) -> Trial:
    return try_scenario(read(text))


@cache
def template(name: str) -> Mapping[str, str]:
    folder = resources.files("safeconduct.core.agreement") / "template" / name
    clauses = {f"clauses/{entry.name}": entry.read_text("utf-8") for entry in (folder / "clauses").iterdir()}
    return {"agreement.yaml": (folder / "agreement.yaml").read_text("utf-8"), **clauses}


@cache
def shipped(name: str) -> Scenario:
    def files_of(kind: str, wanted: str) -> Mapping[str, str] | None:
        return template(wanted) if kind == "template" else None

    return read_scenario(name, (SHIPPED / name).read_text("utf-8"), files_of)


# --- a book that holds ------------------------------------------------------------------------------------------------


def test_a_book_that_says_what_happens_has_no_difference() -> None:
    """AG-122, AG-124, AG-125"""
    trial = tried()
    assert (trial.differences, len(trial.verdicts), len(trial.mutations)) == ((), 5, 1)


def test_what_is_void_is_told_with_its_reason_and_judged_as_such() -> None:
    """AG-122"""
    told = {t.step.what: t.void.code for t in tried().told if t.step is not None and t.void is not None}
    assert told == {"movement.departed": "is_requested"}


def test_a_changed_word_changes_the_verdicts_that_the_book_names_and_no_other() -> None:
    """AG-125"""
    mutation = tried().mutations[0]
    assert mutation.changed == (
        ((START + 5 * HOUR, "T-1", "movement/m1", 1), "met", "disputed"),
        ((START + 29 * HOUR, "T-1", "movement/m1", 1), "met", "disputed"),
    )


def test_a_verdict_has_its_sentence_in_a_language_of_the_agreement() -> None:
    trial = tried()
    found = trial.verdicts[0].found
    assert found is not None
    assert trial.sentence(found, "zh") == trial.sentence(found, "en")
    assert trial.sentence(found, "en").startswith("T-1 (text) ")


# --- what the other side had ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("seen_by", "outcome", "happened"),
    [
        ("", "met", "+PT0H"),
        ("    seen_by: {host: +PT4H}\n", "met", "+PT4H"),
        ("    seen_by: {host: +PT7H}\n", "disputed", "+PT7H"),
        ("    seen_by: {host: never}\n", "disputed", ""),
    ],
)
def test_a_party_has_a_statement_at_once_or_when_the_book_says(seen_by: str, outcome: str, happened: str) -> None:
    """AG-123"""
    text = changed("    seen_by: {host: +PT4H}\n", seen_by)
    words = f"outcome: {outcome}" + (f", happened: {happened}" if happened else "")
    text = changed("{at: +PT29H, clause: T-1, outcome: met}", f"{{at: +PT29H, clause: T-1, {words}}}", text)
    assert tried(text).verdicts[2].differs == ()


def test_what_comes_late_is_told_and_what_comes_at_once_is_not() -> None:
    """AG-123"""
    assert [t.said.kind for t in tried().told] == [
        "movement.requested",
        "record.received",
        "movement.approved",
        "movement.departed",
    ]


def test_a_party_that_never_sees_a_statement_sees_nothing_after_it() -> None:
    """AG-123"""
    never, later = (
        [t.said.after["sending"] for t in trial.told if t.step is not None and t.said.party == "host"]
        for trial in (tried(changed("{host: +PT4H}", "{host: never}")), tried())
    )
    assert (never[1], later[0]) == (never[0], never[0] + 1)


def test_a_party_may_see_what_it_was_told_of_at_another_time_for_each() -> None:
    """AG-123: a receipt that shows nothing new is not said."""
    again = (
        "  - {at: +PT1H, who: journey_manager, what: movement.cancelled, fields: {reason: x}, seen_by: {host: +PT4H}}\n"
    )
    text = changed("  - {at: +PT5H, who: duty", again + "  - {at: +PT5H, who: duty")
    assert [t.said.kind for t in tried(text).told].count("record.received") == 1


def test_steps_of_the_parties_relation_are_judged_too() -> None:
    """AG-122"""
    step = (
        "  - {at: +PT6H, who: lead, what: relation.stepped, subject: relation, "
        "fields: {level: low, reason: x}, void: role_may_not}\n"
    )
    text = changed("  - {at: +PT28H", step + "  - {at: +PT28H")
    assert tried(text).differences == ()


# --- a book that does not hold ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "difference"),
    [
        (NTC, NTC.replace("met", "breached"), "T-1 on movement/m1 to be breached, got met (received_in_time)"),
        (NTC, NTC.replace("+PT4H", "+PT3H"), "happened_at of T-1 on movement/m1 to be 2024-10-06T03:00:00Z, got"),
        ('near: "yes"', 'near: "no"', "near of T-1 on movement/m1 to be False, got True"),
        ("owed_by: escort_lead", "owed_by: duty_officer", "to be 'duty_officer', got 'escort_lead'"),
        ("reason: happened", "reason: done_late", "reason of T-2 on movement/m1 to be 'done_late'"),
        ("outcome: pending}", "outcome: pending, missing: [host]}", "on movement/m1 to be ('host',), got ()"),
        ("outcome: pending}", "outcome: pending, which: 2}", "obligation 2 of T-2 on movement/m1, got pending"),
        ("outcome: pending}", "outcome: none}", "expected no obligation of T-2 on movement/m1, got pending"),
        ("outcome: pending}", 'outcome: pending, explained: "yes"}', "explained of T-2 on movement/m1 to be True"),
        ("clause: T-3, outcome: none", "clause: T-3, outcome: met", "one obligation of T-3 on movement/m1, got none"),
        (", void: is_requested", "", "expected movement.departed to have an effect, got void: is_requested ("),
        ("is_requested", "gate_open", "to have void: gate_open, got void: is_requested"),
        (
            "fields: {plan: asked}}",
            "fields: {plan: asked}, void: own_request}",
            "expected movement.approved to have void: own_request, got an effect",
        ),
        (
            "  - {at: +PT29H, clause: T-2, outcome: breached, owed_by: escort_lead, reason: happened}\n",
            "",
            "book.yaml: expected no other failure, got T-2 on movement/m1 breached",
        ),
        # One word.
        ("    to: PT29H", "    to: PT25H", "hours: expected T-1 on movement/m1 to be disputed, got met"),
        ("    to: PT29H", "    to: PT23H", "at 2024-10-06T05:00:00Z to change, got met as before"),
        (
            "      - {clause: T-1, outcome: disputed}\n",
            "",
            "expected T-1 (1) on movement/m1 at 2024-10-07T05:00:00Z as before, met, got disputed",
        ),
    ],
)  # fmt: skip
def test_what_is_not_as_the_book_says_is_told(old: str, new: str, difference: str) -> None:
    """AG-122, AG-124, AG-125"""
    found = tried(changed(old, new)).differences
    assert any(difference in one and one.startswith("book.yaml:") for one in found), found


def test_several_obligations_of_a_clause_are_told_apart() -> None:
    """AG-124"""
    must = Must(event="movement.closed", due="trigger + PT1H")
    rule = Rule(for_each="movement", when=Pattern(event="movement.approved"), must=must)
    clause = msgspec.structs.replace(TERMS.clauses[0], rule=rule)
    terms = small_terms([card_of("host"), card_of("sending")], clauses=(clause, *TERMS.clauses[1:]))
    twice = "{at: +PT5H, who: duty_officer, what: movement.approved, fields: {plan: asked}}\n"
    text = changed(twice, twice + "  - " + twice)
    found = [v.differs for v in try_scenario(read(text, terms)).verdicts if v.row.clause == "T-1"]
    assert found[0] == ("expected one obligation of T-1 on movement/m1, got pending, pending",)


# --- the books that come with the program -----------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("name", BOOKS)
def test_a_shipped_book_holds(name: str) -> None:
    """AG-122, AG-124, AG-125: what an inquiry would want, from what was published."""
    trial = try_scenario(shipped(name))
    assert trial.differences == ()
    assert (trial.scenario.id, len(trial.mutations) > 0) == (name.removesuffix(".yaml"), True)


@pytest.mark.slow
@pytest.mark.parametrize("name", BOOKS)
def test_a_wrong_verdict_planted_in_a_shipped_book_is_found(name: str) -> None:
    """AG-124, AG-125"""
    book = shipped(name)
    replace = msgspec.structs.replace
    wrong = next(row for row in book.rows if row.outcome == "met")
    changing = next(mutation for mutation in book.mutations if mutation.rows)
    planted = replace(
        book,
        rows=tuple(replace(row, outcome="waived") if row is wrong else row for row in book.rows),
        mutations=(replace(changing, rows=changing.rows[1:]),),
    )
    found = "\n".join(try_scenario(planted).differences)
    left_out = f"expected {changing.rows[0].clause} (1) on"
    assert ("to be waived, got met" in found, left_out in found) == (True, True), found


def test_the_books_of_the_published_incidents_are_there() -> None:
    assert [name.removesuffix(".yaml") for name in BOOKS] == [
        "aid-convoy-2024",
        "bisham-2024",
        "drc-2021",
        "karachi-airport-2024",
        "swat-2024",
    ]
