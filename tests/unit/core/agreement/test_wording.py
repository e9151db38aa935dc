from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safeconduct.core.agreement import LANGUAGES
from safeconduct.core.agreement.wording import (
    duration_text,
    filled,
    grade_text,
    instant_text,
    isolated,
    listed,
    one_line,
)
from safeconduct.core.statement import INTEGER_MAX


@pytest.mark.parametrize(
    ("instant", "text"),
    [
        (0, "1970-01-01T00:00:00Z"),
        (1, "1970-01-01T00:00:00.001Z"),
        (-1, "1969-12-31T23:59:59.999Z"),
        (1_795_514_400_000, "2026-11-24T10:00:00Z"),
        (1_795_514_400_050, "2026-11-24T10:00:00.050Z"),
        (253_402_300_799_999, "9999-12-31T23:59:59.999Z"),
        (253_402_300_800_000, "253402300800000 ms"),
        (INTEGER_MAX, "9007199254740991 ms"),
    ],
)
def test_an_instant_is_written_in_utc(instant: int, text: str) -> None:
    """AG-35"""
    assert instant_text(instant) == text


@given(st.integers(-INTEGER_MAX // 1000, INTEGER_MAX))
def test_no_claimed_instant_is_too_far_to_be_written(instant: int) -> None:
    """AG-35"""
    assert instant_text(instant)


@pytest.mark.parametrize(
    ("duration", "en", "zh", "ur"),
    [
        ("PT24H", "24 hours", "24小时", "24 گھنٹے"),
        ("PT1H", "1 hour", "1小时", "1 گھنٹہ"),
        ("P1DT30M", "1 day 30 minutes", "1天30分钟", "1 دن 30 منٹ"),
        ("P7D", "7 days", "7天", "7 دن"),
        ("PT1M1S", "1 minute 1 second", "1分钟1秒", "1 منٹ 1 سیکنڈ"),
        ("P3M", "3 months", "3个月", "3 ماہ"),
        ("P1Y", "1 year", "1年", "1 سال"),
        ("PT0S", "0 seconds", "0秒", "0 سیکنڈ"),
        ("PT0H0M", "0 seconds", "0秒", "0 سیکنڈ"),
    ],
)
def test_a_duration_is_written_in_words(duration: str, en: str, zh: str, ur: str) -> None:
    """AG-35"""
    assert [duration_text(duration, language) for language in LANGUAGES] == [en, zh, ur]


def test_another_text_is_no_duration() -> None:
    with pytest.raises(ValueError, match="a duration such as PT15M, got 'soon'"):
        duration_text("soon", "en")


def test_names_stand_in_a_row_with_each_languages_comma() -> None:
    """AG-35"""
    assert [listed(["a", "b"], language) for language in LANGUAGES] == ["a, b", "a、b", "a، b"]


def test_in_urdu_what_is_put_in_is_isolated() -> None:
    """AG-36"""
    assert [isolated("T-1", language) for language in LANGUAGES] == ["T-1", "T-1", "\u2068T-1\u2069"]


def test_a_text_is_put_in_on_one_line_and_keeps_to_its_isolation() -> None:
    """AG-36"""
    assert [one_line(text) for text in ("a\r\nb\u2028c", "a\u2066b\u2067\u2068\u2069", "plain")] == [
        "a b c",
        "ab",
        "plain",
    ]


@pytest.mark.parametrize(
    ("facts", "text"),
    [
        ({"who": "W"}, "W came late"),
        ({"who": "W", "came": "C"}, "W came at C"),
        ({"who": "W", "came": "C", "due": ""}, "W came at C"),
        ({"who": "W", "came": "C", "due": "D"}, "W came at C, due D"),
        ({"who": "{came}[|]", "came": "{who}"}, "{came}[|] came at {who}"),
    ],
)
def test_a_template_says_only_what_there_is(facts: dict[str, str], text: str) -> None:
    """AG-35"""
    assert filled("{who} came [at {came}|late][, due {due}]", facts) == text


def test_a_template_without_its_facts_is_a_mistake() -> None:
    """AG-35"""
    with pytest.raises(KeyError, match="who"):
        filled("{who} came", {})


@pytest.mark.parametrize(
    ("grade", "metres", "minutes", "english", "chinese"),
    [
        ("exact", None, None, "in full", "全部内容"),
        ("count", None, None, "only how many", "仅知数量"),
        ("existence", None, None, "only that it exists", "仅知其存在"),
        ("blurred", 1, None, "blurred: places to within 1 metre", "模糊内容：地点精确到1米"),
        ("blurred", None, 1, "blurred: times to within 1 minute", "模糊内容：时间精确到1分钟"),
        (
            "blurred",
            500,
            30,
            "blurred: places to within 500 metres, times to within 30 minutes",
            "模糊内容：地点精确到500米、时间精确到30分钟",
        ),
    ],
)
def test_a_grade_says_how_much_is_told(
    grade: str, metres: int | None, minutes: int | None, english: str, chinese: str
) -> None:
    """AG-30"""
    assert [grade_text(grade, metres, minutes, language) for language in ("en", "zh")] == [english, chinese]
