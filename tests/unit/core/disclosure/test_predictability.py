"""The observer's guess: counted by hand, and the habits of which people were attacked."""

from __future__ import annotations

import msgspec
import pytest

from safeconduct.core.acts import Plan
from safeconduct.core.agreement import PredictabilityTerms
from safeconduct.core.disclosure import Guess, Journey, predictability
from safeconduct.testing import HOUR
from tests.unit.core.disclosure.habits import COAST, DAY, HILL, MINUTE, TERMS, bus, drawn, plan, seen, working_days

# No day counts less than another.
FLAT = msgspec.structs.replace(TERMS, half_life="P90D", least=2)


def guess(planned: Plan, past: list[Journey], terms: PredictabilityTerms = FLAT) -> Guess:
    found = predictability(terms, planned, past).guess
    assert found is not None
    return found


# --- the habits of which people were attacked -------------------------------------------------------------------------


def test_a_daily_bus_at_half_past_two_is_guessed_nearly_always() -> None:
    """PRED-9: every working day for three months, at 14:30, by one road."""
    lecture = bus(working_days(64), at=14 * HOUR + 32 * MINUTE)
    found = predictability(TERMS, plan(14 * HOUR, 16 * HOUR), lecture)
    assert found.guess is not None
    assert (found.guess.together >= 900, found.guess.half_hour, found.is_warning) == (True, 29, True)


def test_a_bus_of_two_and_a_half_weeks_is_a_habit_already() -> None:
    """PRED-7: days before the first that was seen are not held against him."""
    assert guess(plan(), bus(working_days(12)), TERMS).together >= 750


def test_the_other_hour_of_a_daily_bus_is_hardly_guessed() -> None:
    """PRED-8"""
    assert guess(plan(10 * HOUR, 12 * HOUR), bus(working_days(64)), TERMS).together <= 5


@pytest.mark.parametrize("seed", range(5))
def test_a_draw_afresh_each_day_is_guessed_about_as_well_as_an_even_draw(seed: int) -> None:
    """PRED-10: four half-hours and two routes leave one in eight."""
    found = guess(plan(), drawn(90, seed=seed), FLAT)
    assert (found.even, found.together <= 250) == (125, True)


# --- counted by hand --------------------------------------------------------------------------------------------------


def test_each_answer_is_the_count_that_the_page_defines() -> None:
    """PRED-7, PRED-8: 14 days; on 4 of them to the dam; of the other 10 twice later, once by the hill."""
    past = [
        *bus([1, 2, 3, 5, 6, 7, 8]),
        seen(9, 6 * HOUR, by=HILL),
        *(seen(day, 7 * HOUR) for day in (12, 13)),
        *(seen(day, 6 * HOUR, to="dam") for day in (4, 10, 11, 14)),
    ]
    found = guess(plan(), past)
    # Tuesdays: 7 and 14 days before. (2·2+1)/(3·2); (10·2+1)/(15·2); (8·48+1)/(11·48); (7·2+1)/(9·2)
    assert [(o.chance, o.times, o.days) for o in (found.who, found.place, found.hour, found.route)] == [
        (833, 2, 2),
        (700, 10, 14),
        (729, 8, 10),
        (833, 7, 8),
    ]
    assert (found.together, found.even) == (1000 * 5 * 7 * 385 * 5 // (6 * 10 * 528 * 6), 1000 // (4 * 2 * 2))


def test_the_even_draw_is_over_the_window_and_the_known_alternatives() -> None:
    """PRED-10"""
    found = guess(plan(), [*bus(range(1, 5)), seen(5, 7 * HOUR, by=HILL), seen(6, 6 * HOUR, to="dam")])
    assert [o.even for o in (found.who, found.place, found.hour, found.route)] == [1000, 500, 250, 500]


def test_what_was_never_seen_has_the_weight_of_one_day_spread_evenly() -> None:
    """PRED-8: the place, the half-hour and the route are new."""
    found = guess(plan(to="dam", by=HILL), bus(range(1, 4)))
    assert [(o.chance, o.times) for o in (found.place, found.hour, found.route)] == [
        (1000 * 1 // (4 * 2), 0),
        (1000 // 48, 0),
        (1000, 0),
    ]


def test_the_bet_is_the_likeliest_half_hour_of_the_window_and_the_earliest_of_equals() -> None:
    """PRED-9"""
    later = guess(plan(), [*bus([1, 2]), *bus([3, 4, 5], at=7 * HOUR + 45 * MINUTE)])
    equals = guess(plan(), [*bus([1, 2], at=7 * HOUR), *bus([3, 4])])
    assert (later.half_hour, equals.half_hour) == (15, 12)


def test_a_window_over_midnight_has_both_weekdays() -> None:
    """PRED-9, PRED-10: they leave on Wednesdays only, after midnight."""
    found = guess(plan(22 * HOUR, 26 * HOUR), bus([6, 13, 20], at=HOUR))
    assert (found.weekday, found.half_hour, found.who.even, found.who.times, found.even) == (2, 2, 500, 3, 1000 // 8)


def test_a_window_of_a_month_is_one_of_a_week() -> None:
    """PRED-10"""
    assert guess(plan(0, 30 * DAY), bus(range(1, 8))).even == 1000 // 336


def test_a_window_that_is_one_instant_has_one_half_hour() -> None:
    """PRED-9"""
    assert guess(plan(6 * HOUR, 6 * HOUR), bus(range(1, 8))).half_hour == 12


# --- what counts ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("other", "why"),
    [
        (seen(3, 6 * HOUR, group="guests"), "another group"),
        (seen(3, 6 * HOUR, origin="port"), "from elsewhere"),
        (seen(91, 6 * HOUR), "before the span"),
        (seen(0, 6 * HOUR), "on the day itself"),
        (seen(-1, 6 * HOUR), "afterwards"),
    ],
)
def test_what_he_cannot_have_counted_changes_nothing(other: Journey, why: str) -> None:
    """PRED-3, PRED-4"""
    past = bus([1, 2, 4])
    assert predictability(FLAT, plan(), [*past, other]) == predictability(FLAT, plan(), past), why


def test_the_first_day_of_the_span_counts() -> None:
    """PRED-4"""
    assert predictability(FLAT, plan(), bus([90])).days == 1


def test_a_day_counts_half_after_each_half_life() -> None:
    """PRED-5: 7 days by the coast, weight one; 7 by the hill, a half; 7 by the coast, a quarter."""
    terms = msgspec.structs.replace(FLAT, half_life="P8D")
    past = [*bus(range(1, 8)), *(seen(day, 6 * HOUR, by=HILL) for day in range(8, 16)), *bus(range(16, 24))]
    route = guess(plan(), past, terms).route
    assert route.chance == 1000 * ((7 + 2) * 2 + 1) // ((7 + 4 + 2 + 1) * 2)


def test_a_weekday_counts_by_its_age_too() -> None:
    """PRED-5, PRED-7: of three Tuesdays, weighing one, a half and a quarter, they left on the first and the last."""
    terms = msgspec.structs.replace(FLAT, half_life="P8D")
    # (5/4 · 2 + 1) / ((7/4 + 1) · 2)
    assert guess(plan(), bus([7, 21]), terms).who.chance == 1000 * 14 // 22


def test_two_departures_alike_on_one_day_are_seen_as_one_and_two_others_as_two() -> None:
    """PRED-5, PRED-7: an early and a late shift every day are each expected."""
    twice = guess(plan(), [*bus(range(1, 10)), *bus(range(1, 10), at=6 * HOUR)])
    shifts = guess(plan(), [*bus(range(1, 10)), *bus(range(1, 10), at=14 * HOUR)])
    assert (twice, shifts.hour.times) == (guess(plan(), bus(range(1, 10))), 9)


def test_a_sealed_path_is_a_route_of_its_own() -> None:
    """PRED-6"""
    assert guess(plan(path="ab" * 32), bus(range(1, 10))).route.times == 0


@pytest.mark.parametrize(
    ("clock", "weekday", "half_hour"),
    [("+00:00", 1, 40), ("+05:00", 2, 2), ("+05:30", 2, 3), ("-03:00", 1, 34), ("-14:45", 1, 10)],
)
def test_days_and_half_hours_are_those_of_the_agreed_clock(clock: str, weekday: int, half_hour: int) -> None:
    """PRED-2: 20:00 UTC on a Tuesday"""
    terms = msgspec.structs.replace(FLAT, clock=clock)
    found = guess(plan(20 * HOUR, 20 * HOUR + MINUTE), bus(range(1, 9), at=20 * HOUR), terms)
    assert (found.weekday, found.half_hour, found.hour.times) == (weekday, half_hour, 8)


# --- too few, and the threshold ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(("days", "says"), [(7, False), (8, True)])
def test_on_too_few_days_there_is_no_number_and_no_warning(days: int, says: bool) -> None:
    """PRED-11"""
    found = predictability(TERMS, plan(), bus(range(1, days + 1)))
    assert (found.days, found.guess is not None, found.is_warning) == (days, says, says)


@pytest.mark.parametrize(("above", "warns"), [(0, True), (1, False)])
def test_the_warning_begins_at_the_agreed_number(above: int, warns: bool) -> None:
    """PRED-12"""
    past = bus(working_days(20))
    warn = guess(plan(), past, TERMS).together + above
    assert predictability(msgspec.structs.replace(TERMS, warn=warn), plan(), past).is_warning is warns


def test_a_day_before_the_first_that_was_seen_shows_that_they_did_not_leave_for_long() -> None:
    """PRED-14"""
    past = bus(working_days(12))
    assert guess(plan(), [*past, seen(77, 6 * HOUR + 10 * MINUTE)]).who.chance < guess(plan(), past).who.chance


def test_the_route_is_the_districts_in_their_order() -> None:
    """PRED-6"""
    assert guess(plan(by=COAST[::-1]), bus(range(1, 10))).route.times == 0
