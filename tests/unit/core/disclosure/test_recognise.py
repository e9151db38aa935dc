"""What survives of a copy when somebody retells it."""

from __future__ import annotations

import pytest

from safeconduct.core.disclosure import LEAK_CHARS_MAX, Shown, Slot, SlotList, Value, recognise
from safeconduct.errors import LimitExceeded
from tests.unit.core.disclosure.sample import HOST, SENDING, SLOTS


def found(text: str, slots: SlotList = SLOTS) -> dict[str, tuple[int, ...]]:
    return {shown.slot: shown.values for shown in recognise(text, slots)}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("they go in at GATE 3, I think", {"gate": (2,)}),
        ("door number 3 around 25 past two", {"gate": (2,), "minute": (4,)}),
        ("گیٹ نمبر ۳ پر آؤ", {"gate": (2,)}),
        ("二号门，口令橡树", {"gate": (1,), "word": (7,)}),
        ("14:21 at gate 3", {"gate": (2,)}),
        ("he wears the Red-Badge", {"badge": (0,)}),
        ("they leave in the morning", {}),
        ("", {}),
        ("gate 9, gate 33, floodgate 3", {}),
        ("gate 3 to 4", {"gate": (2,)}),
    ],
)
def test_a_value_is_found_in_other_words(text: str, expected: dict[str, tuple[int, ...]]) -> None:
    """CAN-13, CAN-15"""
    assert found(text) == expected


def test_a_slot_with_several_values_keeps_all_of_them() -> None:
    """CAN-15"""
    assert found("gate 5 or door number 2; gate 5 for sure. Say oak") == {"gate": (1, 4), "word": (7,)}


def test_slots_come_in_the_order_of_the_list() -> None:
    """CAN-15"""
    assert recognise("locker 51, gate 1", SLOTS) == (Shown(slot="gate", values=(0,)), Shown(slot="locker", values=(0,)))


BANKS = SlotList(
    slots=(
        Slot(
            id="bank",
            party=HOST,
            values=tuple(
                Value(said={"en": (w,)}) for w in ("river", "river bank", "bank road", "old river bank house")
            ),
        ),
        Slot(id="tone", party=SENDING, values=tuple(Value(said={"en": (w,)}) for w in ("low", "high"))),
    ),
    signers={HOST: "a", SENDING: "b"},
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("by the river", (0,)),
        ("by the river bank", (1,)),
        ("the old river bank house", (3,)),
        ("the old river bank", (1,)),
        ("the river bank road", (1, 2)),
        ("river bank, then the river", (0, 1)),
    ],
)
def test_a_way_of_saying_inside_a_longer_one_does_not_count(text: str, expected: tuple[int, ...]) -> None:
    """CAN-14: what only overlaps does count, because nobody can tell which was meant."""
    assert found(text, BANKS) == {"bank": expected}


def test_a_text_longer_than_anybody_reads_is_refused() -> None:
    assert found("x" * LEAK_CHARS_MAX) == {}
    with pytest.raises(LimitExceeded, match=f"at most {LEAK_CHARS_MAX} characters"):
        recognise("x" * (LEAK_CHARS_MAX + 1), SLOTS)
