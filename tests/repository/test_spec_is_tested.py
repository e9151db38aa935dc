"""Every numbered sentence of docs/spec is cited by a test, and every citation exists.

A sentence begins a line with its number and a colon, `LOG-12: A log never signs …`, and runs to the next empty line.
A test cites it by its number anywhere in its file, usually as its docstring; `LOG-12 to LOG-15` cites all four.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable

import pytest

from tests.repository.source_tree import SOURCE, SPEC, TESTS, collected_files, files, name_of, parse

_SENTENCE = re.compile(r"^([A-Z]{2,12})-([1-9][0-9]*): \S", re.MULTILINE)
_ALMOST = re.compile(r"^[ \t]*(?:[-*>#]+[ \t]*)*[*_`]*[A-Z]{2,12}-[0-9]+[*_`]*[.:)][*_`]*(?:\s|$)", re.MULTILINE)
_CITATION = re.compile(r"\b([A-Z]{2,12})-([1-9][0-9]*)(?: (?:to|–) \1-([1-9][0-9]*))?\b")
_NAMES_OF_OTHERS = {"AES", "BIP", "CVE", "HTTP", "ISO", "ML", "RFC", "SHA", "TLP", "UTF"}


def sentences(text: str) -> list[str]:
    """Numbers of the sentences in one document, in its order."""
    return [f"{prefix}-{number}" for prefix, number in _SENTENCE.findall(text)]


def malformed(text: str) -> list[str]:
    """Lines that look like a numbered sentence and do not have its exact form."""
    return [match.group().strip() for match in _ALMOST.finditer(text) if not _SENTENCE.match(text, match.start())]


def citations(text: str, prefixes: Iterable[str]) -> set[str]:
    """Numbers that the text cites, ranges written out, of sentences with these prefixes."""
    known = set(prefixes)
    found = set[str]()
    for prefix, first, last in _CITATION.findall(text):
        if prefix in known:
            found.update(f"{prefix}-{number}" for number in range(int(first), int(last or first) + 1))
    return found


def _spec() -> dict[str, str]:
    """Number of each sentence → file that has it."""
    return {number: name_of(path) for path in files(SPEC, "*.md") for number in sentences(path.read_text("utf-8"))}


def _prefixes() -> set[str]:
    return {number.partition("-")[0] for number in _spec()}


def test_the_form_of_a_sentence_is_exact() -> None:
    text = "LOG-1: A.\n- LOG-2: B.\n**LOG-3.** C.\nsee LOG-4: not a sentence\n\nLOG-12: D.\n"
    assert (sentences(text), malformed(text)) == (["LOG-1", "LOG-12"], ["- LOG-2:", "**LOG-3.**"])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('"""LOG-4"""', {"LOG-4"}),
        ('"""LOG-4 to LOG-6"""', {"LOG-4", "LOG-5", "LOG-6"}),
        ('"""LOG-4, LOG-6; SHA-256"""', {"LOG-4", "LOG-6"}),
        ("nothing", set()),
    ],
)
def test_a_range_cites_each_of_its_sentences(text: str, expected: set[str]) -> None:
    assert citations(text, ["LOG"]) == expected


def test_numbered_sentences_have_the_exact_form() -> None:
    found = [f"{name_of(path)}: {line}" for path in files(SPEC, "*.md") for line in malformed(path.read_text("utf-8"))]
    assert found == []


def test_a_number_is_used_once() -> None:
    numbers = [number for path in files(SPEC, "*.md") for number in sentences(path.read_text("utf-8"))]
    assert sorted(number for number in set(numbers) if numbers.count(number) > 1) == []


def test_every_numbered_sentence_is_cited_by_a_test() -> None:
    prefixes = _prefixes()
    cited = set[str]()
    for path in files(TESTS, "*.py"):
        if path.parent.name != "repository":
            cited |= citations(path.read_text("utf-8"), prefixes)
    assert {number: where for number, where in _spec().items() if number not in cited} == {}


def test_every_citation_of_a_sentence_exists() -> None:
    spec = _spec()
    prefixes = _prefixes()
    cited = {
        f"{name_of(path)}: {number}": number
        for folder in (SOURCE, TESTS)
        for path in files(folder, "*.py")
        if path.parent.name != "repository"
        for number in citations(path.read_text("utf-8"), prefixes)
    }
    assert sorted(where for where, number in cited.items() if number not in spec) == []


def test_a_docstring_that_is_a_citation_cites_the_spec() -> None:
    """Catches a whole document that is missing: its prefix is then unknown to the test above."""
    spec = _spec()
    found = []
    for path in collected_files():
        for node in ast.walk(parse(path)):
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                first = _CITATION.match(ast.get_docstring(node) or "")
                if first and first[1] not in _NAMES_OF_OTHERS and f"{first[1]}-{first[2]}" not in spec:
                    found.append(f"{name_of(path)}: {first.group()}")
    assert found == []


def test_every_document_of_the_spec_that_the_code_names_exists() -> None:
    named = {
        name
        for path in files(SOURCE, "*.py")
        for name in re.findall(r"docs/spec/[a-z0-9_-]+\.md", path.read_text("utf-8"))
    }
    assert sorted(name for name in named if not (SPEC.parent.parent / name).is_file()) == []
