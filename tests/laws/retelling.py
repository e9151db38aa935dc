"""Leaks by a seed: who tells what of which orders, and in what words."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from random import Random
from typing import NamedTuple

from safeconduct.core.disclosure import LeakedOrder, OpenedOrder, SlotList, recognise
from tests.unit.core.disclosure.sample import HOST, SENDING, keys, leaked, opened

RECIPIENTS = 50
MOVEMENTS = 200
# One value in so many is told or heard wrong, as in `Agreed`.
MISHEARD = 0.02

_DIGITS = ["0123456789", "۰۱۲۳۴۵۶۷۸۹", "٠١٢٣٤٥٦٧٨٩", "０１２３４５６７８９"]
_BETWEEN = [". I heard ", ", they said: ", "；听说", "، سنا ہے کہ ", "\n\n> ", " …and (so he says) ", " \u200f— "]
_CASES: list[Callable[[str], str]] = [str, str.upper, str.lower, str.title]

Values = Mapping[str, int]


class Case(NamedTuple):
    """Some leaked orders, and which recipients are behind them, if any."""

    leaks: list[LeakedOrder]
    sources: frozenset[str]
    kind: str


@cache
def movements() -> tuple[OpenedOrder, ...]:
    """The orders of 200 movements, with the copies of 50 recipients."""
    return tuple(opened(keys(RECIPIENTS), f"mv-{number}") for number in range(MOVEMENTS))


def in_other_words(chance: Random, slots: SlotList, values: Values) -> str:
    """The values, each in some way and language, with other case, digits, marks and filling, in any order."""
    said = []
    for slot in slots.slots:
        if slot.id in values:
            by_language = slot.values[values[slot.id]].said
            way = chance.choice(by_language[chance.choice(sorted(by_language))])
            way = chance.choice(_CASES)(way).translate(str.maketrans(_DIGITS[0], chance.choice(_DIGITS)))
            said.append(way.replace(" ", chance.choice([" ", "  ", "\t", " *"])))
    chance.shuffle(said)
    return "".join(chance.choice(_BETWEEN) + way for way in said) + "."


def retold(chance: Random, order: OpenedOrder, values: Values, kept: float) -> LeakedOrder:
    """Some of the values, in other words, now and then one heard wrong, as recognised in the text."""
    told = {
        slot.id: chance.randrange(len(slot.values)) if chance.random() < MISHEARD else values[slot.id]
        for slot in order.slots.slots
        if chance.random() < kept
    }
    found = recognise(in_other_words(chance, order.slots, told), order.slots)
    return leaked(order, {shown.slot: shown.values for shown in found})


def copy_of(order: OpenedOrder, recipient: str) -> dict[str, int]:
    """What a recipient's copy says."""
    return dict(zip([slot.id for slot in order.slots.slots], order.held[recipient], strict=True))


def invented(chance: Random, order: OpenedOrder) -> dict[str, int]:
    """Any values."""
    return {slot.id: chance.randrange(len(slot.values)) for slot in order.slots.slots}


def in_hand(order: OpenedOrder, party: str, values: Values) -> dict[str, int]:
    """The values of one hand's slots."""
    return {slot.id: values[slot.id] for slot in order.slots.slots if slot.party == party}


# --- who is behind it: each gives what is told of one order -----------------------------------------------------------

Telling = Callable[[Random, OpenedOrder, Sequence[str]], dict[str, int]]


def _one(chance: Random, order: OpenedOrder, people: Sequence[str]) -> dict[str, int]:
    return copy_of(order, people[0])


def _one_who_invents(chance: Random, order: OpenedOrder, people: Sequence[str]) -> dict[str, int]:
    own, other = copy_of(order, people[0]), invented(chance, order)
    return {slot: chance.choice([own, other])[slot] for slot in own}


def _two(chance: Random, order: OpenedOrder, people: Sequence[str]) -> dict[str, int]:
    copies = [copy_of(order, people[0]), copy_of(order, people[1])]
    return {slot: chance.choice(copies)[slot] for slot in copies[0]}


def _two_the_lower(chance: Random, order: OpenedOrder, people: Sequence[str]) -> dict[str, int]:
    one, other = copy_of(order, people[0]), copy_of(order, people[1])
    return {slot: min(one[slot], other[slot]) for slot in one}


def _two_by_halves(chance: Random, order: OpenedOrder, people: Sequence[str]) -> dict[str, int]:
    one, other = copy_of(order, people[0]), copy_of(order, people[1])
    return in_hand(order, HOST, one) | in_hand(order, SENDING, other)


def _framed_by_host(chance: Random, order: OpenedOrder, people: Sequence[str]) -> dict[str, int]:
    """The host's administrator knows the host's half for everybody and guesses the other."""
    return invented(chance, order) | in_hand(order, HOST, copy_of(order, people[-1]))


def _framed_by_sending(chance: Random, order: OpenedOrder, people: Sequence[str]) -> dict[str, int]:
    return invented(chance, order) | in_hand(order, SENDING, copy_of(order, people[-1]))


def _framed_with_a_reader(chance: Random, order: OpenedOrder, people: Sequence[str]) -> dict[str, int]:
    """The host's administrator frames one with the sending party's half of a reader who helps."""
    return in_hand(order, HOST, copy_of(order, people[-1])) | in_hand(order, SENDING, copy_of(order, people[0]))


def _observed(chance: Random, order: OpenedOrder, people: Sequence[str]) -> dict[str, int]:
    return invented(chance, order)


def _predictable(chance: Random, order: OpenedOrder, people: Sequence[str]) -> dict[str, int]:
    """What everybody guesses, every time."""
    return {slot.id: place % len(slot.values) for place, slot in enumerate(order.slots.slots)}


# Each with how many of the people are sources.
KINDS: Mapping[str, tuple[int, Telling]] = {
    "one leaker": (1, _one),
    "one who invents": (1, _one_who_invents),
    "two at random": (2, _two),
    "two, the lower value": (2, _two_the_lower),
    "two by halves": (2, _two_by_halves),
    "framed by host": (0, _framed_by_host),
    "framed by sending": (0, _framed_by_sending),
    "framed with a reader": (1, _framed_with_a_reader),
    "observed": (0, _observed),
    "predictable": (0, _predictable),
}


def case(chance: Random, kind: str, orders: int, kept: float) -> Case:
    """So many leaked orders of some movements, told by people drawn from the recipients."""
    behind, tell = KINDS[kind]
    people = chance.sample(keys(RECIPIENTS), 3)
    some = chance.sample(movements(), orders)
    leaks = [retold(chance, order, tell(chance, order, people), kept) for order in some]
    return Case(leaks, frozenset(people[:behind]), kind)
