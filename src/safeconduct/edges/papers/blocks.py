"""What a paper is made of, whatever it is printed as: blocks of marked text, tables and pictures.

A paper is written once as these values; `html.py` and `pdf.py` print them. Text is text here and never markup, so that
what a party wrote cannot become anything else on paper.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, TypeAlias

import msgspec

Mark = Literal["plain", "strong", "soft", "code", "alarm"]
Style = Literal["plain", "lead", "soft", "quote", "alarm"]


class Run(msgspec.Struct, frozen=True, omit_defaults=True):
    """A piece of text with one mark. code: an identifier, left to right in every language.

    language: of this piece where it is not the paper's; empty otherwise.
    """

    text: str
    mark: Mark = "plain"
    language: str = ""


Runs: TypeAlias = tuple[Run, ...]


NOTHING: Runs = (Run("–", "soft"),)


class Picture(msgspec.Struct, frozen=True, kw_only=True):
    """An SVG without text, at most some kilobytes. alt: what it shows, for whoever cannot see it."""

    svg: str
    alt: str


class _Block(msgspec.Struct, frozen=True, kw_only=True, tag_field="block"):
    pass


class Heading(_Block, frozen=True, tag="heading"):
    """level: 1 for the paper's title, 2 for a section. anchor: by which it is linked to, empty for none."""

    level: int
    runs: Runs
    anchor: str = ""


class Paragraph(_Block, frozen=True, tag="paragraph"):
    """style: of the whole paragraph."""

    runs: Runs
    style: Style = "plain"


class Item(msgspec.Struct, frozen=True, kw_only=True):
    """A line of a list, with lines below it."""

    runs: Runs
    inner: tuple[Runs, ...] = ()


class Items(_Block, frozen=True, tag="items"):
    """A list; numbered where its order says something."""

    items: tuple[Item, ...]
    numbered: bool = False


class Fact(msgspec.Struct, frozen=True, kw_only=True):
    """A name with what is known under it."""

    name: str
    runs: Runs


class Facts(_Block, frozen=True, tag="facts"):
    """Names, each with what is known under it."""

    facts: tuple[Fact, ...]


class Column(msgspec.Struct, frozen=True, kw_only=True):
    """share: of the width, in percent; the shares of a table make 100."""

    title: str
    kind: Literal["text", "number", "picture"]
    share: int


class Cell(msgspec.Struct, frozen=True, kw_only=True):
    """What stands in a table's cell. under: a second, smaller line."""

    runs: Runs = ()
    under: Runs = ()
    picture: Picture | None = None

    @property
    def is_nothing(self) -> bool:
        """Whether it says that there is nothing; a telephone leaves such a cell out."""
        return self.runs == NOTHING


class Table(_Block, frozen=True, tag="table"):
    """Rows as long as there are columns."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]


class Figure(msgspec.Struct, frozen=True, kw_only=True):
    """A small picture over time. first, middle, last: what stands below it, in reading direction."""

    caption: Runs
    picture: Picture
    first: str
    middle: str
    last: str


class Figures(_Block, frozen=True, tag="figures"):
    """Small multiples: many pictures of one kind side by side."""

    figures: tuple[Figure, ...]


class Legend(_Block, frozen=True, tag="legend"):
    """What the colours of the pictures mean: sample and word."""

    entries: tuple[tuple[Picture, str], ...]


class Card(_Block, frozen=True, tag="card"):
    """One thing to talk about, kept together. tone: `open` wants an answer."""

    tone: Literal["open", "closed"]
    head: Runs
    body: tuple[Paragraph | Items, ...]


class Signatures(_Block, frozen=True, tag="signatures"):
    """A place for a hand's signature for each of these."""

    lines: tuple[Runs, ...]


class NewPage(_Block, frozen=True, tag="new_page"):
    """What follows begins on a new page, where there are pages."""


Block: TypeAlias = Heading | Paragraph | Items | Facts | Table | Figures | Legend | Card | Signatures | NewPage


class Paper(msgspec.Struct, frozen=True, kw_only=True):
    """A whole paper.

    direction: of its language. running: what stands on every page. contents: title of the list of sections, empty for
    none. page: the words for the number of a page, with {n} and {of}.
    """

    language: str
    direction: Literal["ltr", "rtl"]
    title: str
    running: str
    contents: str
    page: str
    blocks: tuple[Block, ...]


def text(*pieces: str | Run) -> Runs:
    """Pieces in a row; those without text are left out."""
    runs = (Run(piece) if isinstance(piece, str) else piece for piece in pieces)
    return tuple(run for run in runs if run.text)


# What says how a text is shown, and is none.
_NO_TEXT = frozenset({"svg", "block", "mark", "style", "kind", "tone", "language", "direction", "anchor"})


def all_text(paper: Paper) -> Iterator[str]:
    """Every text on the paper, to see what letters it needs."""
    yield from _texts(msgspec.to_builtins(paper))


def _texts(value: object) -> Iterator[str]:
    match value:
        case str():
            yield value
        case dict():
            for key, part in value.items():
                if key not in _NO_TEXT:
                    yield from _texts(part)
        case list() | tuple():
            for part in value:
                yield from _texts(part)
        case _:
            pass
