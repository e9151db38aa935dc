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
_NAMED = re.compile(r"\*\*(.+?)\*\*")
# A letter that would mean something and is meant as itself; code between as many backticks on both sides.
_MARKED = re.compile(r"\\([\\`<#=-])|(`+)(.+?)(?<!`)\2(?!`)")


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
    """The Markdown that `render` writes: headings, lists of two depths, quotes, paragraphs, code, strong names.

    Anything else in it is text that a party wrote and stays text.
    """
    found: list[Block] = []
    quote: list[str] = []
    items: list[tuple[Runs, list[Runs]]] = []
    for line in [*markdown.split("\n"), ""]:
        if quote and not line.startswith(">"):
            found.append(Paragraph(runs=_inline("\n".join(quote)), style="quote"))
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
    """A line: a name between double asterisks at its beginning as strong, conditions in backticks as code."""
    named = _NAMED.match(line)
    if named is None:
        return _inline(line)
    return text(*(Run(run.text, "strong") for run in _inline(named[1])), *_inline(line[named.end() :]))


def _inline(line: str) -> Runs:
    """What stands behind a backslash is a letter like any other; what stands in backticks is code."""
    runs: list[Run] = []
    plain = ""
    place = 0
    for found in _MARKED.finditer(line):
        plain += line[place : found.start()]
        place = found.end()
        if found[1]:
            plain += found[1]
            continue
        runs += [Run(plain), Run(_unpadded(found[3]), "code")]
        plain = ""
    return text(*runs, plain + line[place:])


def _unpadded(code: str) -> str:
    """Code that begins or ends with a backtick has a space around it, which is not its own."""
    is_padded = code.startswith(" ") and code.endswith(" ") and code.strip()
    return code[1:-1] if is_padded else code
