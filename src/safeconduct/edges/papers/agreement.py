"""The agreement as a paper: the document that `core.agreement.render` writes, for hands instead of screens."""

from __future__ import annotations

import re

from safeconduct.core.agreement import Terms, render
from safeconduct.edges.papers.blocks import (
    Block,
    Heading,
    Item,
    Items,
    NewPage,
    Paper,
    Paragraph,
    Run,
    Runs,
    Signatures,
    text,
)
from safeconduct.edges.papers.speaker import Speaker
from safeconduct.edges.papers.words import DIRECTIONS

_LEVELS = (("### ", 3), ("## ", 2), ("# ", 1))
_STRONG = re.compile(r"\*\*(.+?)\*\*")


def agreement_paper(terms: Terms, language: str) -> Paper:
    """The whole agreement in one of its languages. Raises InputInvalid for another one."""
    speaker = Speaker(language, {terms.digest: terms})
    blocks = list(_blocks(render(terms, language)))
    signatures = (
        NewPage(),
        Heading(level=2, runs=text(speaker.word("signatures")), anchor="signatures"),
        Paragraph(runs=text(speaker.word("signed_by_key"))),
        Paragraph(runs=text(speaker.word("digest"), ": ", Run(terms.digest, "code"))),
        Signatures(
            lines=tuple(text(speaker.say("signature_of", party=speaker.party(party.id))) for party in terms.parties)
        ),
    )
    return Paper(
        language=language,
        direction=DIRECTIONS[language],
        title=terms.title[language],
        running=speaker.title(),
        contents=speaker.word("contents"),
        page=speaker.word("page"),
        blocks=(*blocks, *signatures),
    )


def _blocks(markdown: str) -> list[Block]:
    """The Markdown that `render` writes: headings, lists of two depths, quotes, paragraphs.

    Anything else in it is text that a party wrote and stays text.
    """
    found: list[Block] = []
    quote: list[str] = []
    items: list[tuple[Runs, list[Runs]]] = []
    for line in [*markdown.split("\n"), ""]:
        if quote and not line.startswith(">"):
            found.append(Paragraph(runs=text("\n".join(quote)), style="quote"))
            quote = []
        if items and not line.lstrip(" ").startswith("- "):
            found.append(Items(items=tuple(Item(runs=runs, inner=tuple(inner)) for runs, inner in items)))
            items = []
        mark, level = next(((mark, level) for mark, level in _LEVELS if line.startswith(mark)), ("", 0))
        if level:
            anchor = f"part-{sum(isinstance(block, Heading) for block in found)}"
            found.append(Heading(level=level, runs=_runs(line.removeprefix(mark)), anchor=anchor))
        elif line.startswith("  - ") and items:
            items[-1][1].append(_runs(line[4:]))
        elif line.lstrip(" ").startswith("- "):
            items.append((_runs(line.lstrip(" ")[2:]), []))
        elif line.startswith(">"):
            quote.append(line.removeprefix(">").removeprefix(" "))
        elif line:
            found.append(Paragraph(runs=_runs(line)))
    return found


def _runs(line: str) -> Runs:
    """A line with what stands between double asterisks as strong."""
    pieces = _STRONG.split(line)
    return text(*(Run(piece, "strong") if place % 2 else piece for place, piece in enumerate(pieces)))
