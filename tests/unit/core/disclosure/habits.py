"""Groups with habits: what an observer saw, and the plan that he guesses."""

from __future__ import annotations

import random
from collections.abc import Iterable

from safeconduct.core.acts import People, Plan, Route, Timing
from safeconduct.core.agreement import PredictabilityTerms
from safeconduct.core.disclosure import Journey
from safeconduct.testing import HOUR, small_plan

MINUTE, DAY = 60_000, 24 * HOUR
# Tuesday 12 January 2027, 00:00 UTC.
TUESDAY = 20_830 * DAY
TERMS = PredictabilityTerms(warn=200, span="P90D", half_life="P30D", least=8)
COAST, HILL = ("malir", "korangi"), ("malir", "landhi")


def plan(
    begin: int = 6 * HOUR,
    end: int = 8 * HOUR,
    *,
    to: str = "port",
    by: tuple[str, ...] = COAST,
    path: str | None = None,
) -> Plan:
    """A plan for that Tuesday whose window opens and closes so long after midnight."""
    return small_plan(
        route=Route(origin="camp", destination=to, districts=by, path=path),
        timing=Timing(earliest=TUESDAY + begin, latest=TUESDAY + end, review_by=TUESDAY + begin - HOUR),
        people=People(group="engineers", count=12),
    )


def seen(
    days_before: int, at: int, *, to: str = "port", by: tuple[str, ...] = COAST, origin: str = "camp",
    group: str = "engineers",
) -> Journey:  # fmt: skip
    """A departure so many days before that Tuesday, so long after midnight."""
    return Journey(
        group=group, origin=origin, destination=to, route=("", *by), departed=TUESDAY - days_before * DAY + at
    )


def working_days(count: int) -> list[int]:
    """The last so many days that were neither a Saturday nor a Sunday, as days before that Tuesday."""
    # A Tuesday: yesterday was a Monday.
    return [days for days in range(1, 2 * count + 8) if (1 - days) % 7 < 5][:count]


def bus(days: Iterable[int], at: int = 6 * HOUR + 10 * MINUTE) -> list[Journey]:
    """The same way at the same time on each of the days."""
    return [seen(day, at) for day in days]


def drawn(days: int, *, seed: int) -> list[Journey]:
    """Every day, in a half-hour of the window from six to eight and by a route, both drawn fresh."""
    chance = random.Random(seed)
    return [
        seen(day, 6 * HOUR + 30 * MINUTE * chance.randrange(4), by=chance.choice((COAST, HILL)))
        for day in range(1, days + 1)
    ]
