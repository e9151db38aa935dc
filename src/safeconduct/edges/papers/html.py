"""Papers as HTML: one file that needs nothing else, for a screen, a telephone or a printer."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from html import escape
from importlib.resources import files

from safeconduct.edges.papers.blocks import (
    Block,
    Card,
    Cell,
    Column,
    Facts,
    Figure,
    Figures,
    Heading,
    Items,
    Legend,
    NewPage,
    Paper,
    Paragraph,
    Run,
    Runs,
    Signatures,
    Table,
)
from safeconduct.edges.papers.words import DIRECTIONS

_TAGS = {"en": "en", "zh": "zh-Hans", "ur": "ur"}
# Nothing is fetched and nothing runs, also when somebody opens the file years later.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"


def to_html(paper: Paper) -> bytes:
    """The paper as one HTML file in UTF-8."""
    head = (
        '<meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{escape(_POLICY)}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(paper.title)}</title><style>{_style()}</style>"
    )
    body = "".join(map(_block, _with_contents(paper)))
    document = (
        f'<!doctype html><html lang="{_TAGS[paper.language]}" dir="{paper.direction}"><head>{head}</head>'
        f"<body><main>{body}</main><footer><p>{_text(paper.running)}</p></footer></body></html>\n"
    )
    return document.encode()


@cache
def _style() -> str:
    return (files(__package__) / "assets" / "paper.css").read_text("utf-8")


def _with_contents(paper: Paper) -> Iterable[Block | str]:
    """The blocks, with the list of sections before the first of them."""
    sections = [block for block in paper.blocks if isinstance(block, Heading) and block.level == 2 and block.anchor]
    shown = not paper.contents
    for block in paper.blocks:
        if not shown and block in sections[:1]:
            shown = True
            links = "".join(f'<li><a href="#{escape(s.anchor)}">{_runs(s.runs)}</a></li>' for s in sections)
            yield f'<nav aria-label="{escape(paper.contents)}"><h2>{escape(paper.contents)}</h2><ol>{links}</ol></nav>'
        yield block


def _block(block: Block | str) -> str:
    match block:
        case str():
            return block
        case Heading():
            anchor = f' id="{escape(block.anchor)}"' if block.anchor else ""
            return f"<h{block.level}{anchor}>{_runs(block.runs)}</h{block.level}>"
        case Paragraph():
            return _paragraph(block)
        case Items():
            return _items(block)
        case Facts():
            rows = "".join(
                f"<div><dt>{escape(fact.name)}</dt><dd>{_runs(fact.runs)}</dd></div>" for fact in block.facts
            )
            return f"<dl>{rows}</dl>"
        case Table():
            return _table(block)
        case Figures():
            return f'<div class="figures">{"".join(map(_figure, block.figures))}</div>'
        case Legend():
            entries = "".join(f"<li>{picture.svg}<span>{escape(name)}</span></li>" for picture, name in block.entries)
            return f'<ul class="legend">{entries}</ul>'
        case Card():
            body = "".join(map(_block, block.body))
            return f'<section class="card {block.tone}"><h3>{_runs(block.head)}</h3>{body}</section>'
        case Signatures():
            lines = "".join(f"<p>{_runs(line)}</p>" for line in block.lines)
            return f'<div class="signatures">{lines}</div>'
        case NewPage():
            return '<div class="new-page"></div>'


def _figure(figure: Figure) -> str:
    ends = "".join(f"<bdi>{_text(end)}</bdi>" for end in (figure.first, figure.middle, figure.last))
    return (
        f"<figure><figcaption>{_runs(figure.caption)}</figcaption>{figure.picture.svg}"
        f'<p class="ends">{ends}</p></figure>'
    )


def _paragraph(block: Paragraph) -> str:
    if block.style == "quote":
        return f'<blockquote dir="auto">{_runs(block.runs)}</blockquote>'
    style = f' class="{block.style}"' if block.style != "plain" else ""
    return f"<p{style}>{_runs(block.runs)}</p>"


def _items(block: Items) -> str:
    element = "ol" if block.numbered else "ul"
    lines = []
    for item in block.items:
        inner = "".join(f"<li>{_runs(runs)}</li>" for runs in item.inner)
        lines.append(f"<li>{_runs(item.runs)}{f'<ul>{inner}</ul>' if inner else ''}</li>")
    return f"<{element}>{''.join(lines)}</{element}>"


def _table(block: Table) -> str:
    # Roles say again what the elements say: the style for a telephone lays rows out as cards and takes that away.
    head = "".join(
        f'<th scope="col" role="columnheader" class="{column.kind}">{escape(column.title)}</th>'
        for column in block.columns
    )
    shares = "".join(f'<col style="width:{column.share}%">' for column in block.columns)
    rows = "".join(f'<tr role="row">{"".join(map(_cell, block.columns, row))}</tr>' for row in block.rows)
    return (
        f'<table role="table"><colgroup>{shares}</colgroup><thead role="rowgroup"><tr role="row">{head}</tr></thead>'
        f'<tbody role="rowgroup">{rows}</tbody></table>'
    )


def _cell(column: Column, cell: Cell) -> str:
    picture = cell.picture.svg if cell.picture is not None else ""
    under = f'<span class="under">{_runs(cell.under)}</span>' if cell.under else ""
    kind = f"{column.kind} nothing" if cell.is_nothing else column.kind
    return f'<td role="cell" class="{kind}" data-label="{escape(column.title)}">{picture}{_runs(cell.runs)}{under}</td>'


def _runs(runs: Runs) -> str:
    return "".join(map(_run, runs))


def _run(run: Run) -> str:
    written = _text(run.text)
    if run.language:
        written = f'<bdi lang="{_TAGS[run.language]}" dir="{DIRECTIONS[run.language]}">{written}</bdi>'
    match run.mark:
        case "strong":
            return f"<strong>{written}</strong>"
        case "code":
            return f'<bdi dir="ltr" class="code">{written}</bdi>'
        case "soft" | "alarm":
            return f'<span class="{run.mark}">{written}</span>'
        case "plain":
            return written


# In a line from right to left, the halves of an instant that is broken would change places.
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+Z", re.ASCII)
_OPENED = {"\u2066": '<bdi dir="ltr">', "\u2067": '<bdi dir="rtl">', "\u2068": "<bdi>"}
_CLOSED = "\u2069"


def _text(text: str) -> str:
    """Text as markup; characters that isolate a direction as elements that do, each closed within the text.

    A browser that takes letters and digits from several fonts has been seen to move a digit out of nested ones.
    """
    pieces = []
    opened = 0
    for letter in escape(text):
        if letter in _OPENED:
            pieces.append(_OPENED[letter])
            opened += 1
        elif letter != _CLOSED:
            pieces.append(letter)
        elif opened:
            pieces.append("</bdi>")
            opened -= 1
    return _INSTANT.sub(r'<span class="whole">\g<0></span>', "".join(pieces)) + "</bdi>" * opened
