"""No slot list that could endanger or frame anybody exists."""

from __future__ import annotations

import msgspec
import pytest

from safeconduct.core.disclosure import SLOTS_MAX, VALUES_MAX, WAYS_MAX, Slot, SlotList, Value
from safeconduct.core.statement import encode
from safeconduct.errors import InputInvalid
from tests.unit.core.disclosure.sample import GATES, HOST, LOCKERS, SENDING, SLOTS, WORDS

SIGNERS = {HOST: "security_officer", SENDING: "journey_manager"}
GATE = Slot(id="gate", party=HOST, values=GATES)
WORD = Slot(id="word", party=SENDING, values=WORDS)


def english(*ways: str) -> Value:
    return Value(said={"en": ways})


def numbered(slot: str, party: str, count: int = 2) -> Slot:
    return Slot(id=slot, party=party, values=tuple(english(f"{slot} {n}") for n in range(count)))


def test_a_list_is_read_back_as_it_was_written() -> None:
    """CAN-1"""
    assert msgspec.json.decode(encode(SLOTS), type=SlotList) == SLOTS


def test_a_list_that_is_refused_cannot_be_decoded_either() -> None:
    """CAN-2"""
    raw = encode(SLOTS).replace(b'"id":"gate"', b'"coordinating":true,"id":"gate"')
    with pytest.raises(InputInvalid, match="agree on to meet, got gate"):
        msgspec.json.decode(raw, type=SlotList)


@pytest.mark.parametrize(
    ("slots", "signers", "message"),
    [
        ((), {}, "two parties or more, got 0"),
        ((GATE,), {HOST: "officer"}, "two parties or more, got 1"),
        ((GATE, WORD), {HOST: "officer"}, "safety signer of each of host, sending, got host"),
        ((GATE, WORD), {**SIGNERS, "operator": "officer"}, "got host, operator, sending"),
        ((GATE, WORD), {**SIGNERS, SENDING: ""}, "the safety signer of sending, got none"),
        ((GATE, WORD, GATE), SIGNERS, "each slot once, got gate twice"),
    ],
)
def test_slots_are_in_two_hands_and_each_hand_has_its_signer(
    slots: tuple[Slot, ...], signers: dict[str, str], message: str
) -> None:
    """CAN-1"""
    with pytest.raises(InputInvalid, match=message):
        SlotList(slots=slots, signers=signers)


def test_a_list_has_at_most_so_many_slots() -> None:
    """CAN-1"""
    slots = tuple(numbered(f"s{chr(97 + n % 26)}{'x' * (n // 26)}", (HOST, SENDING)[n % 2]) for n in range(SLOTS_MAX))
    assert len(SlotList(slots=slots, signers=SIGNERS).slots) == SLOTS_MAX
    with pytest.raises(InputInvalid, match=f"at most {SLOTS_MAX} slots, got {SLOTS_MAX + 1}"):
        SlotList(slots=(*slots, numbered("one_more", HOST)), signers=SIGNERS)


@pytest.mark.parametrize(
    ("flag", "message"), [("coordinating", "agree on to meet, got gate"), ("safety", "safety depends on, got gate")]
)
def test_what_people_meet_by_or_a_life_hangs_on_is_no_slot(flag: str, message: str) -> None:
    """CAN-2"""
    with pytest.raises(InputInvalid, match=message):
        SlotList(slots=(msgspec.structs.replace(GATE, **{flag: True}), WORD), signers=SIGNERS)


@pytest.mark.parametrize("count", [0, 1, VALUES_MAX + 1])
def test_a_slot_is_a_choice_of_some_values(count: int) -> None:
    """CAN-3"""
    with pytest.raises(InputInvalid, match=f"2 to {VALUES_MAX} values of slot desk, got {count}"):
        SlotList(slots=(numbered("desk", HOST, count), WORD), signers=SIGNERS)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ((Value(said={}), Value(said={})), "ways of saying in en, zh, ur"),
        ((Value(said={"xx": ("a",)}), Value(said={"xx": ("b",)})), r"got \['xx'\]"),
        ((english("a"), Value(said={"en": ("b",), "ur": ("ب",)})), "said in en, got value 2"),
        ((english("a"), english()), "ways of saying value 2 of slot desk in en, got 0"),
        ((english("a"), english(*(f"b {n}" for n in range(WAYS_MAX + 1)))), f"in en, got {WAYS_MAX + 1}"),
    ],
)
def test_each_value_is_said_in_each_language_of_the_slot(values: tuple[Value, ...], message: str) -> None:
    """CAN-3"""
    with pytest.raises(InputInvalid, match=message):
        SlotList(slots=(Slot(id="desk", party=HOST, values=values), WORD), signers=SIGNERS)


@pytest.mark.parametrize("way", ["", " — ", "x" * 201])
def test_a_way_of_saying_can_be_recognised(way: str) -> None:
    """CAN-4"""
    desk = Slot(id="desk", party=HOST, values=(english("a"), english(way)))
    with pytest.raises(InputInvalid, match=f"in slot desk, got one of {len(way)} characters"):
        SlotList(slots=(desk, WORD), signers=SIGNERS)


def test_two_values_are_not_said_in_the_same_way() -> None:
    """CAN-4"""
    desk = Slot(id="desk", party=HOST, values=(english("desk 7"), english("third desk", "Desk: ۰۷")))
    with pytest.raises(InputInvalid, match="one way of saying two of them"):
        SlotList(slots=(desk, WORD), signers=SIGNERS)


def test_two_slots_are_not_said_in_the_same_way() -> None:
    """CAN-4"""
    boxes = Slot(id="boxes", party=SENDING, values=LOCKERS[:4])
    with pytest.raises(InputInvalid, match="got one of slots boxes, locker"):
        SlotList(slots=(GATE, boxes, Slot(id="locker", party=SENDING, values=LOCKERS[3:])), signers=SIGNERS)
