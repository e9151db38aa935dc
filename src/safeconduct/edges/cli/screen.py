"""What people and programs get to see: tables and sentences on a terminal, or one JSON value.

Half of what is shown was written by the other side. INVARIANT (clean-screen): it passes through `clean`, so that no
statement moves the cursor, recolours a line or turns its reading direction round.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import msgspec
from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

# Control characters, and those that change the direction of what follows.
_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_CONTROLS = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f]")
# Narrower than any terminal today; wider, for a pipe or a file, so that no cell is cut there.
_PIPE_COLUMNS = 200


def clean(text: str) -> str:
    """The text on one line, with everything that a terminal would obey replaced by U+FFFD."""
    return _UNSEEN.sub("\ufffd", text.replace("\r\n", " ").replace("\n", " ").replace("\t", " "))


def clean_lines(text: str) -> str:
    """Our own text of several lines; it may say which way it reads, as Urdu needs, and steers no terminal."""
    return _CONTROLS.sub("\ufffd", text)


def moment_text(milliseconds: int | None) -> str:
    """An instant as people read it, UTC, or a dash."""
    if milliseconds is None:
        return "–"
    seconds, rest = divmod(milliseconds, 1000)
    try:
        text = datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M:%S")
    except (ValueError, OverflowError, OSError):
        return f"{milliseconds} ms"
    return f"{text}.{rest:03d}Z" if rest else f"{text}Z"


def span_text(milliseconds: int) -> str:
    """A length of time in its two largest units: 1 d 2 h, 14 min, 3 s."""
    seconds = abs(milliseconds) // 1000
    parts = []
    for unit, length in (("d", 86_400), ("h", 3_600), ("min", 60), ("s", 1)):
        count, seconds = divmod(seconds, length)
        if count:
            parts.append(f"{count} {unit}")
    return " ".join(parts[:2]) or "0 s"


@dataclass(frozen=True, slots=True)
class Screen:
    """Where a command shows its result. as_json: to a program, as one JSON value on standard output."""

    as_json: bool = False

    def show(self, value: object, *pictures: RenderableType) -> None:
        """The result: the value for a program, the pictures for people."""
        if self.as_json:
            sys.stdout.write(msgspec.json.format(_json.encode(value), indent=2).decode() + "\n")
        else:
            _draw(_console(), pictures)

    def ask_about(self, *pictures: RenderableType) -> None:
        """Something to look at before a question; on standard error, so that a program's JSON stays whole."""
        _draw(_console(to_errors=True), pictures)

    def note(self, text: str) -> None:
        """A remark for people, on standard error."""
        sys.stderr.write(clean_lines(text) + "\n")


def table(columns: Sequence[str], rows: Iterable[Sequence[object]], *, title: str | None = None) -> RenderableType:
    """Rows under headings; every cell is cleaned. An empty table says so."""
    lines = [[_cell(cell) for cell in row] for row in rows]
    if not lines:
        return Text(f"{title}: none" if title else "none")
    drawn = Table(title=title, title_justify="left", box=None, pad_edge=False, header_style="bold")
    for column in columns:
        drawn.add_column(column, overflow="fold")
    for line in lines:
        drawn.add_row(*line)
    return drawn


def pairs(rows: Iterable[tuple[str, object]], *, title: str | None = None) -> RenderableType:
    """Names and what they are, one a line."""
    drawn = Table(title=title, title_justify="left", box=None, pad_edge=False, show_header=False)
    drawn.add_column(style="bold", no_wrap=True)
    drawn.add_column(overflow="fold")
    for name, value in rows:
        drawn.add_row(name, _cell(value))
    return drawn


def line(text: str, style: str = "") -> Text:
    """One line of text, cleaned."""
    return Text(clean(text), style=style)


def _draw(console: Console, pictures: Sequence[RenderableType]) -> None:
    # Plain text is our own, such as an agreement in Urdu; what it quotes still steers no terminal.
    console.print(Group(*(clean_lines(picture) if isinstance(picture, str) else picture for picture in pictures)))


def _cell(value: object) -> Text:
    if isinstance(value, Text):
        return value
    if isinstance(value, (list, tuple)):
        return Text(clean(", ".join(str(item) for item in value)) or "–")
    return Text(clean(str(value)) if value not in (None, "") else "–")


def _console(*, to_errors: bool = False) -> Console:
    stream = sys.stderr if to_errors else sys.stdout
    width = None if stream.isatty() else _PIPE_COLUMNS
    return Console(file=stream, width=width, highlight=False, markup=False, emoji=False)


def _to_builtin(value: Any) -> Any:
    raise TypeError(f"no JSON for {type(value).__name__}")


_json = msgspec.json.Encoder(enc_hook=_to_builtin)
