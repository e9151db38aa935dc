"""Every text of the papers is there in every language, with the same parts."""

from __future__ import annotations

from string import Formatter

import pytest

from safeconduct.edges.papers.words import DIRECTIONS, WORDS, word


def parts(template: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(template) if name}


@pytest.mark.parametrize("key", WORDS)
def test_a_text_has_the_same_parts_in_each_language(key: str) -> None:
    english, *others = (parts(text) for text in WORDS[key])
    assert others == [english] * 2


@pytest.mark.parametrize("key", WORDS)
def test_no_text_is_left_in_another_language(key: str) -> None:
    english, chinese, urdu = WORDS[key]
    mixed = key in ("kept_of", "part_count", "entry", "listed", "date", "short_date", "highest")
    assert mixed or any("\u4e00" <= letter <= "\u9fff" for letter in chinese)
    assert mixed or any("\u0600" <= letter <= "\u06ff" for letter in urdu)
    assert all(letter < "\u2e80" for letter in english)


def test_a_year_has_twelve_months_in_each_language() -> None:
    assert [len(word("months", language).split(" ")) for language in DIRECTIONS] == [12] * 3
