"""The template as an agreement of two test parties."""

from __future__ import annotations

from functools import cache

import pytest

from safeconduct.core.agreement import PartyTerms, Terms, fill_template, read_folder
from safeconduct.edges.cli.agreements import read_template
from safeconduct.errors import TermsInvalid
from safeconduct.testing import card_of

HOST: PartyTerms = card_of("host")
SENDING: PartyTerms = card_of("sending")


@cache
def template(name: str = "host_sending") -> dict[str, str]:
    """The files of a template as they are shipped."""
    return read_template(name)


def folder(**changed: str | None) -> dict[str, str]:
    """The template with both cards; files replaced, added or, with None, taken out."""
    texts = {**fill_template(template(), [HOST, SENDING], "test"), **changed}
    return {path: text for path, text in texts.items() if text is not None}


@cache
def terms() -> Terms:
    """The template with both cards, read."""
    return read_folder(folder())


def edited(path: str, old: str, new: str) -> dict[str, str]:
    """The folder with one passage of one file replaced; it must be there."""
    text = folder()[path]
    assert old in text, f"{path} has no {old!r}"
    return folder(**{path: text.replace(old, new, 1)})


def problems(files_: dict[str, str]) -> list[str]:
    """What the reader says against a folder."""
    with pytest.raises(TermsInvalid) as caught:
        read_folder(files_)
    return list(caught.value.problems)


def problems_of_lines(files_: dict[str, str]) -> list[str]:
    """The same as `file:line: text`, with a look at each column: something begins there."""
    found = []
    for problem in problems(files_):
        file, line, column, text = problem.split(":", 3)
        text_of_line = " " + files_[file].splitlines()[int(line) - 1]
        before, here = text_of_line[int(column) - 1], text_of_line[int(column)]
        assert (before in " [{", here in " ]},-") == (True, False), problem
        found.append(f"{file}:{line}:{text}")
    return found


def line_of(path: str, passage: str, files_: dict[str, str] | None = None) -> int:
    """The line on which a passage of a file begins."""
    text = (files_ or folder())[path]
    return text[: text.index(passage)].count("\n") + 1
