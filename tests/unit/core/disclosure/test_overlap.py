"""What leads from a sanitised item to its source, beside everything that its receiver holds."""

from __future__ import annotations

import pytest

from safeconduct.core.disclosure import Held, ItemContent, Place, overlaps, sanitised
from safeconduct.testing import START

GATE = Place(latitude_e7=248_949_000, longitude_e7=671_580_000, name="gate 2")
NEAR = Place(latitude_e7=248_949_100, longitude_e7=671_580_100)
FAR = Place(latitude_e7=258_949_000, longitude_e7=671_580_000)
HOUR_MS = 3_600_000
SOURCE = ItemContent(
    title="a van at the gate",
    text="A white van waits every morning at gate 2 and leaves by nine.",
    source="a shopkeeper called Rashid",
    at=START + 61_234,
    places=(GATE,),
)


def kinds(twin: ItemContent, *held: Held, metres: int | None = 500, minutes: int | None = 60) -> list[tuple[str, str]]:
    found = overlaps(twin, SOURCE, held, metres=metres, minutes=minutes)
    return [(one.kind, one.of) for one in found]


def twin(text: str | None = None, title: str = "vehicle seen") -> ItemContent:
    return sanitised(SOURCE, title=title, text=text, metres=500, minutes=60)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Somebody may be watching an entrance.", []),
        ("Rashid saw somebody.", [("source_named", "source")]),
        ("A van waits there every day.", []),
        ("A van WAITS every morning, at gate two.", [("words", "source")]),
        ("We hear: white van waits every morning.", [("words", "source")]),
        ("A white  van\twaits, every day.", [("words", "source")]),
    ],
)
def test_words_of_the_source_and_of_who_told_it_are_found(text: str, found: list[tuple[str, str]]) -> None:
    """ITEM-24, ITEM-25"""
    assert kinds(twin(text)) == found


def test_each_chinese_character_counts_as_a_word() -> None:
    """ITEM-25"""
    source = ItemContent(title="车辆", text="一辆白色面包车每天早上停在二号门")
    said = [ItemContent(title="车辆", text=text) for text in ("白色面包车出现", "有车辆出现")]
    assert [[one.kind for one in overlaps(one, source, (), metres=None, minutes=None)] for one in said] == [
        ["words"],
        [],
    ]


def test_a_place_or_a_moment_that_was_not_rounded_is_found() -> None:
    """ITEM-26"""
    exact = ItemContent(title="t", at=SOURCE.at, places=(GATE,))
    assert kinds(exact) == [("place", "source"), ("minute", "source")]


@pytest.mark.parametrize(
    ("held", "found"),
    [
        (Held(what="item/a", text="the white van waits every morning at nine"), []),
        (Held(what="item/a", text="somebody may be watching an entrance there"), [("words", "item/a")]),
        (Held(what="item/a", places=(NEAR,)), [("place", "item/a")]),
        (Held(what="item/a", places=(FAR,)), []),
        (Held(what="item/a", at=START + 30_000), [("minute", "item/a")]),
        (Held(what="item/a", at=START + HOUR_MS), []),
        (
            Held(what="item/a", at=START + 120_000, places=(NEAR,)),
            [("place", "item/a"), ("singled_out", "item/a")],
        ),
    ],
)
def test_what_the_receiver_holds_is_compared(held: Held, found: list[tuple[str, str]]) -> None:
    """ITEM-25 to ITEM-27"""
    assert kinds(twin("Somebody may be watching an entrance."), held) == found


def test_several_that_fit_single_nobody_out() -> None:
    """ITEM-27"""
    several = [Held(what=f"item/{name}", at=START + 120_000, places=(NEAR,)) for name in "ab"]
    assert ("singled_out", "item/a") not in kinds(twin(), *several)
    assert [kind for kind, _ in kinds(twin(), several[0])] == ["place", "singled_out"]
