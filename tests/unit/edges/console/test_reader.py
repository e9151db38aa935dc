"""Times, ages and names as an officer reads them."""

from __future__ import annotations

import pytest

from safeconduct.edges.console.reader import Reader, code, milliseconds_of, preferred, short

# 2027-01-15T22:03:00Z
NOW = 1_800_050_580_000
SECOND, MINUTE, HOUR, DAY = 1_000, 60_000, 3_600_000, 86_400_000


@pytest.mark.parametrize(
    ("distance", "text"),
    [
        (0, "just now"),
        (-9 * SECOND, "just now"),
        (9 * SECOND, "just now"),
        (-10 * SECOND, "10 s ago"),
        (10 * SECOND, "in 10 s"),
        (-59 * SECOND, "59 s ago"),
        (-60 * SECOND, "1 min ago"),
        (-59 * MINUTE - 59 * SECOND, "59 min ago"),
        (-HOUR, "1 h ago"),
        (-HOUR - MINUTE, "1 h 1 min ago"),
        (2 * HOUR + 10 * MINUTE, "in 2 h 10 min"),
        (-23 * HOUR - 59 * MINUTE, "23 h 59 min ago"),
        (-DAY, "1 d ago"),
        (-DAY - 5 * HOUR - 3 * MINUTE, "1 d 5 h ago"),
        (40 * DAY, "in 40 d"),
    ],
)
def test_an_age_is_told_in_its_two_largest_units(distance: int, text: str) -> None:
    assert Reader("en", NOW).age_text(NOW + distance) == text


@pytest.mark.parametrize(
    ("language", "text"), [("en", "1 h 2 min ago"), ("zh", "1小时2分钟前"), ("ur", "1 گھنٹہ 2 منٹ پہلے")]
)
def test_an_age_is_told_in_each_language(language: str, text: str) -> None:
    assert Reader(language, NOW).age_text(NOW - HOUR - 2 * MINUTE) == text


def test_an_age_carries_its_instant_for_the_script() -> None:
    assert str(Reader("en", NOW).age(NOW)) == f'<span class="age" data-at="{NOW}">just now</span>'


@pytest.mark.parametrize(("language", "date"), [("en", "15 Jan"), ("zh", "1月15日"), ("ur", "15 جنوری")])
def test_an_instant_is_told_in_utc_with_its_time_left_to_right(language: str, date: str) -> None:
    assert str(Reader(language, NOW).instant(NOW)) == (
        f'<time datetime="2027-01-15T22:03:00.000Z">{date} <bdi dir="ltr">22:03 UTC</bdi></time>'
    )


def test_the_year_is_told_where_it_is_another() -> None:
    assert "31 Dec 2026" in str(Reader("en", NOW).instant(NOW - 15 * DAY))


def test_seconds_are_told_where_they_decide() -> None:
    assert "22:03:07 UTC" in str(Reader("en", NOW).instant(NOW + 7 * SECOND, seconds=True))


@pytest.mark.parametrize(
    ("hours", "times", "dates"), [(1, "22:03–23:03 UTC", 1), (2, "00:03 UTC", 2)], ids=["one day", "two days"]
)
def test_a_window_names_its_day_once_if_it_is_one(hours: int, times: str, dates: int) -> None:
    window = str(Reader("en", NOW).window(NOW, NOW + hours * HOUR))
    assert (times in window, window.count("Jan")) == (True, dates)


def test_an_instant_beyond_every_calendar_is_shown_as_it_was_said() -> None:
    assert "9007199254740991 ms" in str(Reader("en", NOW).instant(2**53 - 1))


def test_a_window_beyond_every_calendar_is_shown_as_it_was_said() -> None:
    assert "9007199254740991 ms" in str(Reader("en", NOW).window(NOW, 2**53 - 1))


@pytest.mark.parametrize(
    ("texts", "markup"),
    [
        ({"en": "host", "ur": "میزبان"}, "<bdi>میزبان</bdi>"),
        ({"en": "host", "zh": "东道国"}, '<bdi lang="en" dir="ltr">host</bdi>'),
        ({"zh": "东道国"}, '<bdi lang="zh" dir="ltr">东道国</bdi>'),
        ({"fr": "hôte"}, '<bdi lang="fr" dir="auto">hôte</bdi>'),
        ({}, ""),
    ],
)
def test_a_text_in_another_language_is_marked_as_such(texts: dict[str, str], markup: str) -> None:
    assert str(Reader("ur", NOW).chosen(texts)) == markup


@pytest.mark.parametrize(
    ("accept", "language"),
    [
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh"),
        ("ur-PK", "ur"),
        ("fr-FR,ur;q=0.5,en;q=0.3", "ur"),
        ("fr", "en"),
        ("", "en"),
        (";;,,", "en"),
    ],
)
def test_a_browser_is_answered_in_the_first_of_its_languages_that_we_speak(accept: str, language: str) -> None:
    assert preferred(accept) == language


def test_a_digest_is_shown_short_and_is_whole_on_demand() -> None:
    assert str(short("ab" * 32)) == f'<bdi dir="ltr" class="code" title="{"ab" * 32}">abababab…</bdi>'


def test_an_identifier_runs_left_to_right_everywhere() -> None:
    assert str(code("m-101")) == '<bdi dir="ltr" class="code">m-101</bdi>'


@pytest.mark.parametrize(("text", "instant"), [("2027-01-15T22:03:00Z", NOW), ("2027-01-15T22:03:00.250Z", NOW + 250)])
def test_an_instant_of_a_sentence_is_read(text: str, instant: int) -> None:
    assert milliseconds_of(text) == instant
