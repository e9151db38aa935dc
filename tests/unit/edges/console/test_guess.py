"""The bars of what an observer would guess: their numbers, the warning, and what stands there when there are none."""

from __future__ import annotations

import re

import pytest

from safeconduct.core.disclosure import Chance, Guess, Predictability, explain_predictability
from safeconduct.edges.console.guess import guess_section
from safeconduct.edges.console.movement import movement
from safeconduct.edges.console.reader import Reader
from safeconduct.edges.console.words import LANGUAGES
from safeconduct.testing import authority
from tests.unit.edges.console.night import NOW, told


def odds(chance: int, even: int, times: int = 9, days: int = 10) -> Chance:
    return Chance(chance=chance, even=even, times=times, days=days)


GUESS = Guess(
    weekday=1,
    half_hour=29,
    who=odds(900, 1000),
    place=odds(800, 500),
    hour=odds(700, 250),
    route=odds(600, 333),
    together=302,
    even=41,
)


def found(*, is_warning: bool = True, guess: Guess | None = GUESS) -> Predictability:
    return Predictability(days=10, least=8, warn=200, is_warning=is_warning, clock="+05:00", guess=guess)


def section(predictability: Predictability | None, language: str = "en") -> str:
    return str(guess_section(Reader(language, NOW), predictability))


def test_there_is_a_bar_for_each_answer_and_one_for_their_product() -> None:
    """PRED-10: as wide as the chance, with the mark where an even draw would be, and both as words."""
    markup = section(found())
    widths = re.findall(r'class="chance" width="(\d+)"', markup)
    marks = re.findall(r'class="even" x="(\d+)"', markup)
    said = re.findall(r"<strong>(\d+) in 1000</strong><small>(.*?)</small>", markup)
    assert (widths, marks) == (["900", "800", "700", "600", "302"], ["992", "500", "250", "333", "41"])
    assert said == [
        ("900", "9 of 10 days · even draw: 1000"),
        ("800", "9 of 10 days · even draw: 500"),
        ("700", "9 of 10 days · even draw: 250"),
        ("600", "9 of 10 days · even draw: 333"),
        ("302", "warning from 200 on · even draw: 41"),
    ]


@pytest.mark.parametrize(
    ("is_warning", "tone", "words"),
    [
        (True, "badge warn", "Guessed: 302 in 1000. The agreement warns from 200 on."),
        (False, "badge plain", "Guessed: 302 in 1000, below the agreed 200."),
    ],
)
def test_the_warning_stands_first_and_as_words(is_warning: bool, tone: str, words: str) -> None:
    """PRED-12"""
    markup = section(found(is_warning=is_warning))
    assert (tone in markup, words in markup, markup.index(words) < markup.index("<ul")) == (True, True, True)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_sentence_is_in_the_reader_s_language(language: str) -> None:
    """PRED-15"""
    assert explain_predictability(found(), language) in section(found(), language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_on_too_few_days_there_is_a_sentence_and_no_bar(language: str) -> None:
    """PRED-11"""
    nothing = found(is_warning=False, guess=None)
    markup = section(nothing, language)
    assert (explain_predictability(nothing, language) in markup, "<svg" in markup) == (True, False)


def test_where_nothing_is_agreed_it_says_so() -> None:
    """PRED-1"""
    assert "The agreement says nothing about it" in section(None)


def test_it_stands_before_the_approvals() -> None:
    """PRED-12: whoever approves has seen it."""
    page = str(movement(told().host, authority(told().host), Reader("en", NOW), "m-110").body)
    assert page.index('<section class="guess"') < page.index('<section class="approvals"')
