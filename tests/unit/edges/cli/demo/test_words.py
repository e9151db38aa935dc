"""Every text of the demo is there in each language, with the same facts to put in."""

from __future__ import annotations

import string

import pytest

from safeconduct.edges.cli.demo.scenario import Again, Look, Say, Scene, day, pkt
from safeconduct.edges.cli.demo.words import LANGUAGES, Text, Words, read_texts
from safeconduct.errors import InputInvalid
from tests.unit.edges.cli.demo.telling import drive

TEXTS = read_texts()


def facts(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def in_all(text: Text) -> list[str]:
    return [getattr(text, language) for language in LANGUAGES]


@pytest.mark.parametrize("key", sorted(TEXTS))
def test_a_text_asks_for_the_same_facts_in_every_language(key: str) -> None:
    asked = [facts(text) for text in in_all(TEXTS[key])]
    assert asked == [asked[0]] * len(LANGUAGES)


@pytest.mark.parametrize("key", sorted(TEXTS))
def test_no_text_is_empty_or_left_in_english(key: str) -> None:
    english, *others = in_all(TEXTS[key])
    assert all(text and text != english for text in others)


@pytest.mark.parametrize(
    ("at", "text"),
    [(pkt(6, 23), "23:00"), (pkt(5, 0, 0, 7), "00:00:07"), (pkt(6, 15, 44) + 999, "15:44"), (pkt(7, 0), "00:00")],
)
def test_a_moment_is_shown_by_karachis_clock(at: int, text: str) -> None:
    assert Words("en").moment(at) == text


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_that_the_script_names_is_there(language: str) -> None:
    spoken = Words(language)
    named = set()
    for step in day(spoken, drive()):
        if isinstance(step, Scene):
            named.add(step.key)
        elif isinstance(step, Say | Again | Look) and step.comment is not None:
            named.add(step.comment)
    assert all(spoken[key] for key in named)


def test_another_language_is_refused() -> None:
    with pytest.raises(InputInvalid, match="a language of en, zh, ur, got 'fr'"):
        Words("fr")
