"""Instants, lengths of time, and periods of the calendar."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from safeconduct.core.agreement.instants import (
    Calendar,
    InstantAt,
    milliseconds,
    moment,
    read_instant,
    read_period,
    span_ms,
)
from tests.unit.core.agreement.judged import DAY, HOUR, MINUTE

LEAD = {"lead": 5}
NEVER = 2**53 - 1


def at(text: str) -> int:
    return (datetime.fromisoformat(text).replace(tzinfo=UTC) - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(
        milliseconds=1
    )


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("P1D", DAY),
        ("PT2H", 2 * HOUR),
        ("PT3M", 3 * MINUTE),
        ("PT4S", 4_000),
        ("P1DT1H1M1S", DAY + HOUR + MINUTE + 1000),
    ],
)
def test_lengths_of_time(text: str, length: int) -> None:
    """AG-16"""
    assert (milliseconds(text), span_ms(text, {})) == (length, length)


def test_a_length_of_time_may_be_a_parameter_or_nothing() -> None:
    """AG-24"""
    assert (span_ms("param.lead", LEAD), span_ms(None, LEAD)) == (5, 0)


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("trigger", InstantAt("trigger", 0)),
        ("trigger.body.at", InstantAt("trigger.body.at", 0)),
        ("plan.earliest + PT1H", InstantAt("plan.earliest", HOUR)),
        ("plan.review_by - param.lead", InstantAt("plan.review_by", -5)),
        ("filed.noted.at - P1D", InstantAt("filed.noted.at", -DAY)),
    ],
)
def test_instants(text: str, instant: InstantAt) -> None:
    """AG-26"""
    assert read_instant(text, LEAD) == instant


@pytest.mark.parametrize(
    ("text", "calendar"),
    [
        ("P1M", Calendar(months=1)),
        ("P2Y", Calendar(months=24)),
        ("PT1M", Calendar(length=MINUTE)),
        ("P30D", Calendar(length=30 * DAY)),
        ("param.lead", Calendar(length=5)),
    ],
)
def test_periods(text: str, calendar: Calendar) -> None:
    """AG-27"""
    assert read_period(text, LEAD) == calendar


def test_a_day_that_a_month_does_not_have_is_its_last_and_the_next_period_has_it_again() -> None:
    """AG-27"""
    first = at("2027-10-31T23:30:00.001")
    starts = [Calendar(months=1).start(first, n) for n in range(1, 6)]
    assert starts == [
        at(f"{day}T23:30:00.001") for day in ("2027-11-30", "2027-12-31", "2028-01-31", "2028-02-29", "2028-03-31")
    ]
    assert Calendar(months=12).start(at("2028-02-29T00:00:00"), 1) == at("2029-02-28T00:00:00")
    assert Calendar(months=12).start(at("2028-02-29T00:00:00"), 4) == at("2032-02-29T00:00:00")


@pytest.mark.parametrize(
    "calendar", [Calendar(months=1), Calendar(months=3), Calendar(months=12), Calendar(length=DAY)]
)
def test_an_instant_lies_in_the_period_that_has_begun_and_not_ended(calendar: Calendar) -> None:
    """AG-27"""
    first = at("2024-01-31T12:00:00")
    for n in range(40):
        start = calendar.start(first, n)
        assert calendar.index(first, start) == n
        assert n == 0 or calendar.index(first, start - 1) == n - 1


def test_calendars_end_with_the_year_9998() -> None:
    """AG-27: whatever somebody's clock says, a period is found."""
    months = Calendar(months=1)
    first = at("2024-01-01T00:00:00")
    assert months.start(first, 12 * 9_000) == NEVER
    last = months.index(first, NEVER)
    assert months.start(first, last) < at("9999-01-01T00:00:00") <= months.start(first, last + 1)
    assert (months.index(NEVER - 1, NEVER), months.start(NEVER - 1, 0), months.start(NEVER - 1, 1)) == (
        0, NEVER - 1, NEVER,
    )  # fmt: skip


def test_a_moment_is_there_when_its_anchor_is() -> None:
    anchors = {"plan.earliest": 10_000}
    found = [
        moment(text, {"lead": 2_000}, anchors) for text in ("plan.earliest - param.lead", "plan.earliest", "trigger")
    ]
    assert found == [8_000, 10_000, None]
