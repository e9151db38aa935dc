"""Why a movement is as guessable as it is, in a sentence."""

from __future__ import annotations

import pytest

from safeconduct.core.disclosure import Chance, Guess, Predictability, explain_predictability

LANGUAGES = ("en", "zh", "ur")


def odds(times: int, days: int) -> Chance:
    return Chance(chance=500, even=100, times=times, days=days)


WEEKDAY, PLACE, HOUR, ROUTE = odds(11, 12), odds(55, 60), odds(54, 55), odds(54, 54)


def told(
    who: Chance = WEEKDAY, place: Chance = PLACE, hour: Chance = HOUR, route: Chance = ROUTE, language: str = "en"
) -> str:
    guess = Guess(weekday=0, half_hour=12, who=who, place=place, hour=hour, route=route, together=820, even=125)
    found = Predictability(days=60, least=8, warn=200, is_warning=True, clock="+05:00", guess=guess)
    return explain_predictability(found, language)


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        (
            told(),
            (
                "They left from there on 11 of the last 12 Mondays; to this destination on 55 of 60 days; "
                "between 06:00 and 06:30 (UTC+05:00) on 54 of 55, always by this route."
            ),
        ),
        (
            told(odds(12, 12), odds(60, 60), odds(60, 60), odds(48, 60)),
            (
                "They left from there on each of the last 12 Mondays; always to this destination; "
                "always between 06:00 and 06:30 (UTC+05:00), by this route on 48 of 60."
            ),
        ),
        (
            told(odds(0, 12), odds(9, 60), odds(2, 9), odds(0, 2)),
            (
                "They left from there on none of the last 12 Mondays; to this destination on 9 of 60 days; "
                "between 06:00 and 06:30 (UTC+05:00) on 2 of 9, never by this route."
            ),
        ),
        (
            told(odds(1, 1), odds(0, 60)),
            "They left from there on the one Monday that was watched; never to this destination.",
        ),
        (
            told(odds(0, 1), odds(8, 60), odds(0, 8)),
            (
                "They did not leave from there on the one Monday that was watched; "
                "to this destination on 8 of 60 days; never between 06:00 and 06:30 (UTC+05:00)."
            ),
        ),
        (told(odds(0, 0), odds(0, 60)), "No Monday has been watched yet; never to this destination."),
    ],
)
def test_a_sentence_says_what_was_seen_up_to_the_first_that_never_was(sentence: str, expected: str) -> None:
    """PRED-15"""
    assert sentence == expected


def test_a_sentence_says_that_it_is_too_few_to_say() -> None:
    """PRED-11, PRED-15"""
    found = Predictability(days=3, least=8, warn=200, is_warning=False, clock="+05:00", guess=None)
    assert explain_predictability(found, "en") == (
        "Too few to say. Days on which they were seen to leave from there: 3; needed: 8."
    )


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("who", [odds(11, 12), odds(12, 12), odds(0, 12), odds(1, 1), odds(0, 1), odds(0, 0)])
@pytest.mark.parametrize("route", [odds(54, 54), odds(1, 54), odds(0, 54)])
def test_every_wording_is_there_in_each_language(language: str, who: Chance, route: Chance) -> None:
    """PRED-15"""
    for place in (PLACE, odds(60, 60), odds(0, 60)):
        for hour in (HOUR, odds(55, 55), odds(0, 55)):
            sentence = told(who, place, hour, route, language)
            assert ("{" in sentence, sentence[-1] in ".。۔") == (False, True)


def test_in_urdu_every_number_is_isolated() -> None:
    """PRED-15, AG-36"""
    text = told(language="ur")
    assert (text.count("\u2068"), text.count("\u2069"), "\u2068UTC+05:00\u2069" in text) == (10, 10, True)


def test_the_weekdays_are_seven_in_each_language() -> None:
    """PRED-15"""
    guess = Guess(weekday=6, half_hour=47, who=WEEKDAY, place=PLACE, hour=HOUR, route=ROUTE, together=1, even=1)
    found = Predictability(days=60, least=8, warn=200, is_warning=False, clock="+00:00", guess=guess)
    sentences = [explain_predictability(found, language) for language in LANGUAGES]
    assert [
        (name in text, "23:30" in text, "24:00" in text)
        for name, text in zip(("Sundays", "星期日", "اتوار"), sentences, strict=True)
    ] == [(True, True, True)] * 3
