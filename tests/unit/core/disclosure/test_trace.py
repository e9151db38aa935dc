"""What is said about leaks, and what is not."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from safeconduct.core import disclosure
from safeconduct.core.disclosure import Agreed, LeakedOrder, Panel, Surviving, Trace, recognise, trace
from safeconduct.core.statement import encode
from tests.unit.core.disclosure.sample import HOST, PRIORS, SENDING, keys, leaked, opened, whole

PEOPLE = keys(50)
ALI, BO = PEOPLE[7], PEOPLE[30]
ORDERS = tuple(opened(PEOPLE, f"o-{n}") for n in range(8))
Told = Callable[[dict[str, list[int]], dict[str, list[int]], int], dict[str, list[int]]]


def told(orders: int, how: Told) -> list[LeakedOrder]:
    """So many leaks, made from what Ali and Bo hold."""
    return [leaked(o, how(whole(o, ALI), whole(o, BO), n)) for n, o in enumerate(ORDERS[:orders])]


def from_one(ali: dict[str, list[int]], _: dict[str, list[int]], __: int) -> dict[str, list[int]]:
    return ali


def by_turns(ali: dict[str, list[int]], bo: dict[str, list[int]], n: int) -> dict[str, list[int]]:
    return {slot: (ali, bo)[(place + n) % 2][slot] for place, slot in enumerate(ali)}


def by_halves(ali: dict[str, list[int]], bo: dict[str, list[int]], _: int) -> dict[str, list[int]]:
    return {slot: (ali if place < 3 else bo)[slot] for place, slot in enumerate(ali)}


def framed_by_host(ali: dict[str, list[int]], _: dict[str, list[int]], n: int) -> dict[str, list[int]]:
    """The host's administrator knows the first three slots of everybody and makes up the others."""
    return {slot: ali[slot] if place < 3 else [(5 * n + place) % 8] for place, slot in enumerate(ali)}


def run(orders: int, how: Told, agreed: Agreed | None = None) -> tuple[Trace, Panel]:
    return trace(told(orders, how), agreed or Agreed(), PRIORS)


def names_in(shown: Trace) -> set[str]:
    return set(re.findall("[0-9a-f]{64}", encode(shown).decode()))


@pytest.mark.parametrize(("orders", "named"), [(2, []), (3, [ALI]), (8, [ALI])])
def test_one_leaker_is_named_when_three_orders_of_three_slots_a_half_have_leaked(orders: int, named: list[str]) -> None:
    """CAN-17"""
    shown, _ = run(orders, from_one)
    assert [score.recipients for score in shown.named] == [(name,) for name in named]


def test_a_recipient_is_never_named_below_the_bound() -> None:
    """CAN-17, CAN-26: the odds leave no doubt, and there is no name in what is shown."""
    shown, panel = run(2, from_one)
    assert (names_in(shown), shown.leaked > 990_000, panel.candidates) == (set(), True, (ALI,))


def test_what_is_shown_has_the_slots_the_bound_the_odds_and_the_priors() -> None:
    """CAN-26"""
    shown, _ = run(2, from_one)
    assert (shown.surviving, shown.recipients, shown.best_one_in, shown.agreed, shown.priors) == (
        (
            Surviving(party=HOST, surviving=6, slots=6, ambiguous=0),
            Surviving(party=SENDING, surviving=6, slots=6, ambiguous=0),
        ),
        50,
        8**6 // 50,
        Agreed(),
        PRIORS,
    )


def test_slots_that_are_lost_or_ambiguous_are_counted() -> None:
    """CAN-15, CAN-26"""
    order = ORDERS[0]
    shown, _ = trace([leaked(order, {"gate": [1, 2], "word": [3]}), leaked(ORDERS[1], {})], Agreed(), PRIORS)
    assert shown.surviving == (
        Surviving(party=HOST, surviving=1, slots=6, ambiguous=1),
        Surviving(party=SENDING, surviving=1, slots=6, ambiguous=0),
    )


@pytest.mark.parametrize(("orders", "pairs"), [(4, False), (5, True)])
@pytest.mark.parametrize("how", [by_turns, by_halves])
def test_of_two_who_merge_their_copies_it_is_said_that_one_of_them_is_a_source(
    how: Told, orders: int, *, pairs: bool
) -> None:
    """CAN-17: to the panel, and none of them is named alone."""
    shown, panel = run(orders, how)
    both = tuple(sorted((ALI, BO)))
    assert ([score.recipients for score in panel.pairs] == [both], names_in(shown)) == (pairs, set())


def test_who_is_named_alone_is_in_no_pair() -> None:
    """CAN-17: with one whose copy fits everything anybody would make a pair that passes."""
    assert run(8, from_one)[1].pairs == ()


@pytest.mark.parametrize("how", [by_turns, by_halves])
def test_two_who_merge_their_copies_are_candidates(how: Told) -> None:
    """CAN-24"""
    _, panel = run(8, how)
    assert (panel.candidates[0] in (ALI, BO), panel.odds[0].recipients) == (True, tuple(sorted((ALI, BO))))


def test_a_leak_that_fits_one_hands_half_alone_points_at_that_hand() -> None:
    """CAN-25"""
    shown, panel = run(8, framed_by_host)
    framings = [(framing.hand, framing.score.recipients) for framing in panel.framings]
    assert (framings, shown.framing_hands, shown.named) == ([(HOST, (ALI,))], (HOST,), ())


def test_the_one_whom_a_hand_frames_is_not_in_what_is_shown() -> None:
    """CAN-25, CAN-26"""
    shown, _ = run(8, framed_by_host)
    assert names_in(shown) == set()


def test_two_who_merge_by_halves_are_not_taken_for_a_framing() -> None:
    """CAN-25: also before the pair itself passes."""
    assert [run(orders, by_halves)[0].framing_hands for orders in range(1, 9)] == [()] * 8


def test_who_completes_a_pair_that_passes_is_not_taken_for_framed() -> None:
    """CAN-25: at a bound so loose that two pass whom chance would fit one by one."""

    def half_by_turns(ali: dict[str, list[int]], bo: dict[str, list[int]], n: int) -> dict[str, list[int]]:
        merged = {slot: ali[slot] if place < 3 else by_turns(ali, bo, n)[slot] for place, slot in enumerate(ali)}
        return {slot: values for slot, values in merged.items() if (slot, n) != ("locker", 2)}

    shown, panel = run(3, half_by_turns, Agreed(bound_one_in=10))
    both = tuple(sorted((ALI, BO)))
    assert ([score.recipients for score in panel.pairs], shown.framing_hands, shown.named) == ([both], (), ())


def test_a_half_of_which_too_little_survives_points_at_nobody() -> None:
    """CAN-25: that the leaker told only the gate, the minute and the badge is no sign of framing."""

    def little(ali: dict[str, list[int]], _: dict[str, list[int]], n: int) -> dict[str, list[int]]:
        first = dict(list(ali.items())[:3])
        return first | ({"word": [(ali["word"][0] + 1) % 8]} if n < 4 else {})

    assert run(8, little)[0].framing_hands == ()


def test_a_leak_of_nothing_names_nobody_and_leaves_the_priors() -> None:
    """CAN-18, CAN-23"""
    shown, _ = run(8, lambda *_: {})
    assert (shown.named, shown.best_one_in, shown.leaked) == ((), 1, 100_000)


def test_a_retold_text_is_traced() -> None:
    """CAN-13: from the words to the candidates."""
    order = ORDERS[0]
    said = [slot.values[v].said["ur"][0] for slot, v in zip(order.slots.slots, order.held[ALI], strict=True)]
    shown = recognise("سنا ہے: " + "، پھر ".join(said), order.slots)
    leak = leaked(order, {s.slot: s.values for s in shown})
    assert trace([leak], Agreed(), PRIORS)[1].candidates == (ALI,)


def test_more_looks_need_more_leaks() -> None:
    """CAN-17: nine slots a half are 8^9 / 50, about 2.7 million."""
    assert [len(run(3, from_one, Agreed(looks=looks))[0].named) for looks in (1, 2, 3)] == [1, 1, 0]


def test_the_source_never_speaks_of_guilt() -> None:
    """CAN-26"""
    folder = Path(str(disclosure.__file__)).parent
    found = [path.name for path in folder.glob("*.py") if re.search(r"guilt|culprit|traitor|innocen", path.read_text())]
    assert found == []
