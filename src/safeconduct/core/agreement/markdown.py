"""Texts of an agreement inside a Markdown document, so that none of them can pass for a part of the document."""

from __future__ import annotations

import re

from safeconduct.core.agreement.wording import isolated, one_line

_BACKTICKS = re.compile("`+")
# A backslash first: one of the text's own would undo the one that is put in.
_MEANINGFUL = re.compile(r"([\\`<])")
# What makes a line a heading, or the line before it one.
_HEADING = re.compile(r"^(\s*)(#|=+\s*$|-+\s*$)")


def plain(text: str) -> str:
    """A text within a line: no line breaks, no code, no HTML."""
    return _MEANINGFUL.sub(r"\\\1", one_line(text))


def quoted(text: str) -> list[str]:
    """A text of several lines as a quotation in which no line is a heading."""
    lines = [_MEANINGFUL.sub(r"\\\1", line) for line in text.splitlines()]
    return [f"> {_HEADING.sub(_escaped, line)}" for line in lines]


def _escaped(found: re.Match[str]) -> str:
    return f"{found[1]}\\{found[2]}"


def code(text: str, language: str) -> str:
    """A condition as it was agreed, as a code span that it cannot leave."""
    text = one_line(text)
    fence = "`" * (max((len(run) for run in _BACKTICKS.findall(text)), default=0) + 1)
    inner = f" {text} " if text.startswith("`") or text.endswith("`") else text
    return isolated(f"{fence}{inner}{fence}", language)
