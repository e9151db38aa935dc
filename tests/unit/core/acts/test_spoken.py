"""Texts are compared as people repeat them."""

from __future__ import annotations

import pytest

from safeconduct.core.acts.spoken import spoken


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Gate 7", "GATE\t7!"),
        ("gate 07", "Gate ۷"),
        ("gate 7", "gate ７"),
        ("gate 7", "gate ७"),
        ("Kite-31", "kite31"),
        ("14:05", "14.5"),
        ("Straße", "STRASSE"),
        ("café", "cafe"),
        ("３号门", "3号门"),
        ("گیٹ نمبر ۳", "گيٹ، نمبر 3"),
        ("کاغذ", "كاغذ"),
        ("سُرخ", "سرخ"),
        ("جنگ\u200cبندی", "جنگبندی"),
        ("0", "000"),
    ],
)
def test_what_retelling_changes_makes_no_difference(one: str, other: str) -> None:
    """CAN-13"""
    assert spoken(one) == spoken(other) != ()


@pytest.mark.parametrize(
    ("one", "other"),
    [("gate 1", "gate 12"), ("三号", "二十三号"), ("gate 7", "gates 7"), ("10", "1 0"), ("سرخ", "سبز"), ("x", "")],
)
def test_what_people_tell_apart_stays_apart(one: str, other: str) -> None:
    """CAN-13"""
    assert spoken(one) != spoken(other)


def test_letters_digits_and_chinese_characters_are_apart_and_numerals_together() -> None:
    """CAN-13"""
    assert spoken("K7b: 二十三号门, _x_") == ("k", "7", "b", "二十三", "号", "门", "x")
