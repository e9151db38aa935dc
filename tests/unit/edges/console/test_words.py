"""The catalogue speaks three languages alike, and none of them gives a verdict."""

from __future__ import annotations

import re
from pathlib import Path
from string import Formatter

import pytest

import safeconduct.core.record.compartments
import safeconduct.core.record.copies
import safeconduct.core.record.dossiers
import safeconduct.core.record.effect
import safeconduct.core.record.glass
import safeconduct.core.record.marks
import safeconduct.core.record.reports
import safeconduct.edges.console
from safeconduct.core.acts import PARTS
from safeconduct.core.agreement import Outcome
from safeconduct.core.record import Phase
from safeconduct.edges.console.words import DIRECTIONS, LANGUAGES, WORDS, word

_CONSOLE = Path(str(safeconduct.edges.console.__file__)).parent
_SOURCES = {path.name: path.read_text("utf-8") for path in _CONSOLE.glob("*.py") if path.name != "words.py"}

# What no screen says of a journey or a place (design: screens never say "safe").
_VERDICT = re.compile(r"\b(safe|safely|safety|secure|secured)\b|安全|平安|محفوظ|سلامت", re.IGNORECASE)
_PRODUCT = "safeconduct"


def _names(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("key", WORDS)
def test_every_text_is_there_in_every_language_with_the_same_parts(key: str) -> None:
    texts = WORDS[key]
    assert len(texts) == len(LANGUAGES)
    assert all(texts) or key == "age_between"
    assert [_names(text) for text in texts[1:]] == [_names(texts[0])] * (len(LANGUAGES) - 1)


@pytest.mark.parametrize("key", WORDS)
def test_no_text_gives_a_verdict(key: str) -> None:
    assert [text for text in WORDS[key] if _VERDICT.search(text.replace(_PRODUCT, ""))] == []


@pytest.mark.parametrize("text", ["The road is safe.", "道路安全", "راستہ محفوظ ہے", "Safely arrived"])
def test_a_planted_verdict_is_found(text: str) -> None:
    assert _VERDICT.search(text)


_ALIKE = {"from_to", "detail_to", "had_at"}


@pytest.mark.parametrize("key", WORDS)
def test_no_text_is_left_in_english(key: str) -> None:
    english, *others = WORDS[key]
    letters = re.sub(r"\{\w+\}", "", english)
    if key not in _ALIKE and re.search("[A-Za-z]", letters):
        assert english not in others


def test_a_month_for_each_month() -> None:
    assert [len(text.split(" ")) for text in WORDS["months"]] == [12, 12, 12]


def test_every_language_has_a_direction() -> None:
    assert set(DIRECTIONS) == set(LANGUAGES)


def _asked_for() -> set[str]:
    """Keys that stand as they are in the code."""
    asked = r'\.(?:word|say)\(\s*"([a-z_]+)"'
    return {key for source in _SOURCES.values() for key in re.findall(asked, source)}


def test_every_key_in_the_code_is_in_the_catalogue() -> None:
    assert _asked_for() - set(WORDS) == set()


def test_every_key_of_the_catalogue_is_somewhere_in_the_code() -> None:
    code = "\n".join(_SOURCES.values())
    prefixes = set(re.findall(r'f"([a-z]+_)\{', code))
    unused = [key for key in WORDS if f'"{key}"' not in code and not any(key.startswith(prefix) for prefix in prefixes)]
    assert unused == []


def _void_codes() -> set[str]:
    judges = (
        safeconduct.core.record.compartments,
        safeconduct.core.record.copies,
        safeconduct.core.record.dossiers,
        safeconduct.core.record.glass,
        safeconduct.core.record.marks,
        safeconduct.core.record.effect,
        safeconduct.core.record.reports,
    )
    source = "".join(Path(str(judge.__file__)).read_text("utf-8") for judge in judges)
    return set(re.findall(r'Void\(\s*"([a-z_]+)"', source))


@pytest.mark.parametrize(
    "key",
    [
        *sorted(f"phase_{phase.value}" for phase in Phase),
        *sorted(f"outcome_{outcome.value}" for outcome in Outcome),
        *sorted(f"part_{part}" for part in PARTS),
        *sorted(f"void_{code}" for code in _void_codes()),
        *(f"severity_{severity}" for severity in ("minor", "major", "critical")),
    ],
)
def test_what_the_core_can_say_has_its_word(key: str) -> None:
    assert key in WORDS


def test_a_word_is_given_in_its_language() -> None:
    assert [word("board", language) for language in LANGUAGES] == list(WORDS["board"])
