"""What may be scored, and which slots of whom the leaks show."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
import pytest

from safeconduct.core.disclosure import ORDERS_MAX, LeakedOrder, Shown
from safeconduct.core.disclosure.leak import SURVIVING_MAX, SurvivingSlot, fit_of
from safeconduct.errors import CheckFailed, InputInvalid
from tests.unit.core.disclosure.sample import HOST, SENDING, keys, leaked, opened, whole

PEOPLE = keys(5)
FIRST, SECOND = opened(PEOPLE, "o-1"), opened(PEOPLE[1:], "o-2")
replace = msgspec.structs.replace


def test_a_bit_stands_for_a_slot_in_which_the_leak_shows_what_one_holds() -> None:
    """CAN-15"""
    values = {"gate": [0, 3], "word": [5]}
    fit = fit_of([leaked(FIRST, values)])
    expected = {r: (held[0] in (0, 3)) | (held[3] == 5) << 1 for r, held in FIRST.held.items()}
    assert (fit.masks, fit.slots) == (expected, (SurvivingSlot(HOST, 2, 8), SurvivingSlot(SENDING, 1, 8)))


def test_all_of_a_copy_is_a_bit_in_each_slot() -> None:
    fit = fit_of([leaked(FIRST, whole(FIRST, PEOPLE[2])), leaked(SECOND, whole(SECOND, PEOPLE[2]))])
    assert (fit.masks[PEOPLE[2]], fit.in_hand(HOST), fit.in_hand(SENDING)) == (
        2**12 - 1,
        0b000111000111,
        0b111000111000,
    )


def test_who_got_no_copy_of_an_order_has_no_bit_in_it() -> None:
    """CAN-21"""
    fit = fit_of([leaked(FIRST, {}), leaked(SECOND, {"gate": range(8)})])
    assert fit.masks == {PEOPLE[0]: 0, **dict.fromkeys(PEOPLE[1:], 1)}


def test_slots_are_grouped_by_how_much_they_show() -> None:
    fit = fit_of([leaked(FIRST, {"gate": [1], "minute": [1, 2], "word": [4]})])
    assert (fit.of_kind(1, 8), fit.of_kind(2, 8), fit.of_kind(3, 8)) == (0b101, 0b010, 0)


def test_an_order_is_scored_once() -> None:
    """CAN-19"""
    with pytest.raises(InputInvalid, match="each order once, with all of its evidence, got o-1 twice"):
        fit_of([leaked(FIRST, {"gate": [1]}), leaked(SECOND, {}), leaked(FIRST, {"word": [1]})])


@pytest.mark.parametrize(("found_at", "good"), [(1_999, True), (2_000, False), (2_001, False)])
def test_seeds_are_opened_after_the_leak_was_found(found_at: int, *, good: bool) -> None:
    """CAN-20"""
    leaks = [leaked(FIRST, {"gate": [1]}, found_at)]
    if good:
        assert fit_of(leaks).slots == (SurvivingSlot(HOST, 1, 8),)
    else:
        with pytest.raises(CheckFailed, match="seeds of order o-1 opened after its leak was found, got before"):
            fit_of(leaks)


@pytest.mark.parametrize(
    ("shown", "message"),
    [
        ([("colour", (1,))], "slots of order o-1, each once"),
        ([("gate", (1,)), ("gate", (2,))], "slots of order o-1, each once"),
        ([("gate", ())], "values of slot gate, ascending"),
        ([("gate", (2, 1))], "values of slot gate, ascending"),
        ([("gate", (1, 1))], "values of slot gate, ascending"),
        ([("gate", (8,))], "values of slot gate, ascending"),
        ([("gate", (-1,))], "values of slot gate, ascending"),
    ],
)
def test_what_no_recognition_gives_is_refused(shown: list[tuple[str, tuple[int, ...]]], message: str) -> None:
    """CAN-15"""
    leak = replace(leaked(FIRST, {}), shown=tuple(Shown(slot=slot, values=values) for slot, values in shown))
    with pytest.raises(InputInvalid, match=message):
        fit_of([leak])


def many(orders: int, slots: list[str]) -> list[LeakedOrder]:
    """Orders alike but for the id: the seeds do not matter here."""
    return [leaked(replace(FIRST, order=f"o-{n}"), {slot: [1] for slot in slots}) for n in range(orders)]


@pytest.mark.parametrize(
    ("leaks", "message"),
    [
        (list, f"1 to {ORDERS_MAX} leaked orders, got 0"),
        (lambda: many(ORDERS_MAX + 1, []), f"leaked orders, got {ORDERS_MAX + 1}"),
        (lambda: many(ORDERS_MAX, list(whole(FIRST, PEOPLE[0]))), f"{SURVIVING_MAX} surviving slots, got 1200"),
        (lambda: [leaked(replace(FIRST, held={}), {})], "recipients, got 0"),
    ],
)
def test_more_than_anybody_leaks_is_refused(leaks: Callable[[], list[LeakedOrder]], message: str) -> None:
    with pytest.raises(InputInvalid, match=message):
        fit_of(leaks())


def test_as_much_as_is_allowed_is_taken() -> None:
    assert len(fit_of(many(ORDERS_MAX, ["gate", "minute", "badge", "word", "sign"])).slots) == SURVIVING_MAX
