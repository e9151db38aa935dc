"""Compliance is counts of findings over a period, with what people said about breaches and disputes."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from safeconduct.core.agreement import Evidence, Finding, Outcome, Parameter, Reason, Terms
from safeconduct.core.agreement.compliance import Account, Compliance, Tally, decided_at, measure
from safeconduct.errors import InputInvalid
from safeconduct.testing import card_of, small_terms

DAY = 86_400_000


@cache
def terms() -> Terms:
    """Four clauses, of which the first is critical and the last minor."""
    small = small_terms([card_of("host"), card_of("sending")])
    severities = ("critical", "major", "major", "minor")
    return msgspec.structs.replace(
        small,
        parameters=(Parameter(id="mending", duration="P2D", source="parameter to agree"),),
        clauses=tuple(
            msgspec.structs.replace(clause, severity=severity)
            for clause, severity in zip(small.clauses, severities, strict=True)
        ),
    )


def ms(text: str) -> int:
    return round(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()) * 1000


START = ms("2026-10-01")
END = ms("2026-11-01")


def evidence(at: int = START, index: int = 0) -> Evidence:
    return Evidence(party="host", index=index, id=f"{index:064x}", at=at)


def role_of(clause: str) -> str:
    return next(c.owed_by for c in terms().clauses if c.id == clause)


A, B = terms().clauses[0].id, terms().clauses[1].id
OWNER = role_of(A)
PARTY = next(role.party for role in terms().roles if role.id == OWNER)


def finding(outcome: str = "met", clause: str = A, **changed: Any) -> Finding:
    reasons = {"met": Reason.DONE_IN_TIME, "breached": Reason.NOT_DONE, "disputed": Reason.CONTESTED}
    fields: dict[str, Any] = {
        "clause": clause,
        "subject": "movement/m-1",
        "outcome": Outcome(outcome),
        "owed_by": role_of(clause),
        "reason": reasons.get(outcome, Reason.NOT_DONE_YET),
        "agreement": terms().digest,
        "trigger": evidence(),
        "due_at": START + DAY,
    }
    return Finding(**{**fields, **changed})


def measured(*found: Finding, now: int = END, **options: Any) -> Compliance:
    period = options.pop("period", (START, END))
    return measure(found, {terms().digest: terms()}, period, now, **options)


def test_outcomes_are_counted_by_what_they_are() -> None:
    report = measured(
        finding(),
        finding(near=True),
        finding(late_word=True),
        finding("breached"),
        finding("breached", cured_at=START + 2 * DAY),
        finding("waived"),
        finding("disputed"),
        finding("pending"),
        finding("not_due"),
    )
    expected = Tally(met=3, near=1, late_word=1, breached=2, cured=1, waived=1, disputed=1, pending=1)
    assert (report.tally, report.clauses[0].tally, report.owners[0].tally, report.parties[0].tally) == (expected,) * 4
    assert (report.tally.kept, report.tally.decided) == (3, 5)


def test_a_finding_of_several_periods_counts_as_many_times() -> None:
    assert measured(finding(times=4)).tally == Tally(met=4)


def test_rows_name_the_role_and_the_party_that_owed() -> None:
    report = measured(finding())
    assert [(r.clause, r.owed_by, r.party) for r in report.clauses] == [(A, OWNER, PARTY)]
    assert [(r.role, r.party) for r in (*report.owners, *report.parties)] == [(OWNER, PARTY), ("", PARTY)]


@pytest.mark.parametrize(
    ("changed", "at"),
    [
        ({"due_at": START + DAY}, START + DAY),
        ({"due_at": START + 3 * DAY, "happened_at": START + DAY}, START + DAY),
        ({"due_at": START + DAY, "happened_at": START + 3 * DAY}, START + DAY),
        ({"due_at": START, "happened_at": START - 5 * DAY}, START),
        ({"due_at": None, "happened_at": START + DAY}, START + DAY),
        ({"due_at": None}, START),
        ({"outcome": Outcome.BREACHED, "due_at": START + DAY, "happened_at": START + 3 * DAY}, START + DAY),
        ({"outcome": Outcome.BREACHED, "due_at": None, "happened_at": START + 3 * DAY}, START + 3 * DAY),
    ],
)
def test_a_finding_belongs_to_the_instant_that_decides_it(changed: dict[str, Any], at: int) -> None:
    assert decided_at(finding(**changed)) == at


def test_a_period_holds_its_beginning_and_not_its_end() -> None:
    at_start, before_end, at_end = (finding(due_at=at) for at in (START, END - 1, END))
    assert measured(at_start, before_end, at_end).tally == Tally(met=2)


@given(st.lists(st.integers(min_value=START - 90 * DAY, max_value=END + 90 * DAY), max_size=20), st.integers(1, 40))
def test_periods_side_by_side_count_every_finding_once(due: list[int], days: int) -> None:
    found = [finding("breached", due_at=at) for at in due]
    border = START + days * DAY
    whole = measured(*found, period=(START - DAY, border + 9 * DAY))
    parts = [measured(*found, period=period) for period in ((START - DAY, border), (border, border + 9 * DAY))]
    assert whole.tally == parts[0].tally + parts[1].tally
    assert sum((tally.breached for tally in whole.series), 0) == whole.tally.breached


@pytest.mark.parametrize(
    ("period", "step", "starts"),
    [
        (("2026-10-01", "2026-10-03"), "day", ["2026-10-01", "2026-10-02"]),
        (("2026-10-01 10:00", "2026-10-02 01:00"), "day", ["2026-10-01 10:00", "2026-10-02"]),
        (("2026-10-01", "2026-10-16"), "week", ["2026-10-01", "2026-10-05", "2026-10-12"]),
        (("2026-11-15", "2027-02-01"), "month", ["2026-11-15", "2026-12-01", "2027-01-01"]),
    ],
)
def test_the_series_goes_by_days_weeks_from_monday_and_months(
    period: tuple[str, str], step: str, starts: list[str]
) -> None:
    since, until = map(ms, period)
    assert measured(period=(since, until), step=step).starts == tuple(map(ms, starts))


@pytest.mark.parametrize(("days", "step"), [(31, "day"), (32, "week"), (182, "week"), (183, "month"), (365, "month")])
def test_the_step_follows_from_the_length_of_the_period(days: int, step: str) -> None:
    assert measured(period=(START, START + days * DAY)).step == step


@pytest.mark.parametrize(
    ("since", "until", "step"),
    [
        (END, START, None),
        (START, START, None),
        (-1, START, None),
        (START, 10**16, None),
        (START, START + 400 * DAY, "day"),
        (0, ms("2026-10-01"), "month"),
    ],
)
def test_a_period_that_shows_nothing_is_refused(since: int, until: int, step: str | None) -> None:
    with pytest.raises(InputInvalid, match="a period"):
        measured(period=(since, until), step=step)


def test_each_step_has_what_was_decided_in_it() -> None:
    report = measured(
        finding(due_at=START + DAY), finding("breached", due_at=START + DAY), finding(due_at=END - 1), step="day"
    )
    found = {place: tally for place, tally in enumerate(report.series) if tally != Tally()}
    assert found == {1: Tally(met=1, breached=1), 30: Tally(met=1)}
    assert report.clauses[0].series == report.series


def test_open_matters_come_first_and_the_gravest_of_them() -> None:
    grave, slight = terms().clauses[0].id, terms().clauses[-1].id
    explained = finding("breached", grave, explained=(evidence(index=7),), subject="movement/explained")
    cured = finding("breached", grave, cured_at=START, subject="movement/cured")
    report = measured(
        finding("breached", slight, subject="movement/slight"),
        explained,
        cured,
        finding("disputed", grave, subject="movement/disputed"),
        finding(clause=grave),
    )
    shown = [(matter.finding.subject.removeprefix("movement/"), matter.open) for matter in report.matters]
    assert shown == [("disputed", True), ("slight", True), ("cured", False), ("explained", False)]


def account(kind: str, about: str, index: int, **changed: Any) -> Account:
    fields = {"party": "host", "actor": "host/duty", "t": START, "text": "why"}
    return msgspec.convert({"id": f"{index:064x}", "kind": kind, "about": about, **fields, **changed}, Account)


def test_a_matter_bears_what_was_said_about_it_and_nothing_else() -> None:
    fact = "f" * 64
    given_ = [
        account("finding.explained", A, 1),
        account("finding.explained", A, 2),
        account("fact.contested", fact, 3),
        account("fact.ruled", fact, 4, stands=True),
        account("fact.contested", "e" * 64, 5),
        account("duty.waived", A, 6),
    ]
    breached = finding("breached", explained=(evidence(index=1),))
    disputed = finding("disputed", B, contested=(fact,))
    report = measured(breached, disputed, accounts={"movement/m-1": given_, "movement/m-2": given_})
    shown = {m.finding.clause: [int(a.id, 16) for a in m.accounts] for m in report.matters}
    assert shown == {A: [1], B: [3, 4]}


def test_what_was_owed_and_kept_without_exception_held() -> None:
    assert measured(finding(), finding(clause=B), finding("breached", B)).held == (A,)
    assert measured(finding("pending")).held == ()
    assert measured(finding(), finding("disputed")).held == ()


def with_cure(span: str) -> Terms:
    clause = next(c for c in terms().clauses if c.rule is not None)
    assert clause.rule is not None
    changed = msgspec.structs.replace(clause, rule=msgspec.structs.replace(clause.rule, cure=span))
    return msgspec.structs.replace(terms(), clauses=(changed,))


@pytest.mark.parametrize(
    ("changed", "now", "late"),
    [
        ({"outcome": Outcome.PENDING}, START + DAY, True),
        ({"outcome": Outcome.PENDING}, START + DAY - 1, False),
        ({}, START + 2 * DAY, True),
        ({}, START + 3 * DAY, True),
        ({}, START + 3 * DAY + 1, False),
        ({"cured_at": START + 2 * DAY}, START + 2 * DAY, False),
        ({"reason": Reason.DONE_LATE}, START + 2 * DAY, False),
        ({"reason": Reason.SILENT_NOW}, END, True),
        ({"outcome": Outcome.MET}, START + 2 * DAY, False),
    ],
)
def test_overdue_is_what_is_late_and_can_still_be_done(changed: dict[str, Any], now: int, late: bool) -> None:
    agreed = with_cure("P2D")
    [clause] = agreed.clauses
    found = finding("breached", clause.id, agreement=agreed.digest)
    report = measure([msgspec.structs.replace(found, **changed)], {agreed.digest: agreed}, (START, START + DAY), now)
    assert bool(report.overdue) is late


def test_a_cure_may_be_a_parameter_of_the_agreement() -> None:
    agreed = with_cure("param.mending")
    [clause] = agreed.clauses
    found = finding("breached", clause.id, agreement=agreed.digest)
    report = measure([found], {agreed.digest: agreed}, (START, END), START + DAY)
    assert report.overdue == (found,)


def test_a_breach_without_a_cure_is_not_overdue_for_ever() -> None:
    clause = next(c for c in terms().clauses if c.rule is not None and c.rule.cure is None)
    assert measured(finding("breached", clause.id)).overdue == ()


def test_each_finding_is_counted_by_the_version_that_judged_it() -> None:
    newer = msgspec.structs.replace(
        terms(),
        version=2,
        previous=terms().digest,
        clauses=tuple(msgspec.structs.replace(c, severity="minor") for c in terms().clauses),
    )
    found = [finding(agreement=newer.digest), finding(), finding(agreement="0" * 64)]
    for told in (found, found[::-1]):
        report = measure(told, {terms().digest: terms(), newer.digest: newer}, (START, END), END)
        [row] = report.clauses
        assert (row.agreement, row.severity, row.tally) == (newer.digest, "minor", Tally(met=2))


def test_clauses_stand_in_the_order_of_their_numbers() -> None:
    ids = ("NTC-10", "NTC-2", "APR-1")
    first = terms().clauses[0]
    agreed = msgspec.structs.replace(
        terms(), clauses=tuple(msgspec.structs.replace(first, id=number) for number in ids)
    )
    found = [msgspec.structs.replace(finding(), clause=number, agreement=agreed.digest) for number in ids]
    report = measure(found, {agreed.digest: agreed}, (START, END), END)
    assert [row.clause for row in report.clauses] == ["APR-1", "NTC-2", "NTC-10"]


def test_the_order_of_findings_changes_nothing() -> None:
    found = [finding("breached", c, subject=f"movement/{n}") for c in (A, B) for n in range(3)]
    assert measured(*found) == measured(*reversed(found))


def test_a_report_travels_as_json_and_comes_back_the_same() -> None:
    report = measured(finding(), finding("breached"), finding("pending", due_at=START))
    assert msgspec.json.decode(msgspec.json.encode(report), type=Compliance) == report
