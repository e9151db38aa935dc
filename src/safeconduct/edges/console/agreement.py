"""The agreement in force as people read it."""

from __future__ import annotations

import re

from safeconduct.core.agreement import render
from safeconduct.edges.console.board import command
from safeconduct.edges.console.markup import Html, el, join
from safeconduct.edges.console.names import Names
from safeconduct.edges.console.page import View
from safeconduct.edges.console.reader import Reader, short
from safeconduct.edges.console.words import DIRECTIONS
from safeconduct.node import queries
from safeconduct.node.node import Node

_LEVELS = {"# ": "h2", "## ": "h3", "### ": "h4"}
_NAMED = re.compile(r"\*\*(.+?)\*\*(.*)", re.DOTALL)
# Code within as many backticks as it needs, and what `render` escapes so that no text of a party passes for either.
_CODE = re.compile(r"(?<!\\)(`+)(.+?)(?<!`)\1(?!`)")
_ESCAPED = re.compile(r"\\([\\`<#=-])")


def agreement(node: Node, reader: Reader) -> View:
    """The page `/agreement`."""
    terms, law = node.terms(), queries.law(node)
    title = reader.word("agreement")
    names = Names(node, reader, terms)
    proposals = _proposals(node, names)
    if terms is None:
        advice = reader.say(
            "no_agreement_do",
            propose=command("safeconduct agreement propose"),
            sign=command("safeconduct agreement sign"),
        )
        empty = el("section", el("h1", reader.word("no_agreement")), el("p", advice), class_="empty")
        return View(title=title, body=join(empty, proposals))
    language = reader.language if reader.language in terms.languages else terms.languages[0]
    version = law.versions[terms.digest]
    lines = [reader.say("signed_by", parties=reader.listed(map(names.party, version.signed_by)))]
    if version.in_force_from is not None:
        lines.insert(0, reader.say("in_force_since", time=reader.instant(version.in_force_from.t)))
    body = join(
        el("h1", reader.say("in_force", n=terms.version)),
        el("p", join(*lines, between=" · ")),
        el("p", reader.word("other_language")) if language != reader.language else None,
        proposals,
        el("article", markdown(render(terms, language)), lang=language, dir=DIRECTIONS[language], class_="terms"),
    )
    return View(title=title, body=body)


def _proposals(node: Node, names: Names) -> Html | None:
    reader, law = names.reader, queries.law(node)
    # An amendment names the version that it amends; once another one is in force, what was proposed before it is moot.
    waiting = [
        version
        for version in law.versions.values()
        if version.in_force_from is None and law.texts[version.digest].previous == law.in_force()
    ]
    if not waiting:
        return None
    lines = []
    for version in waiting:
        unsigned = [party.id for party in law.texts[version.digest].parties if party.id not in version.signed_by]
        parties = reader.listed(map(names.party, unsigned))
        lines.append(el("li", reader.say("proposal_waits", digest=short(version.digest), parties=parties)))
    return el("section", el("h2", reader.word("proposals")), el("ul", lines, class_="plain"), class_="proposals")


def markdown(text: str) -> Html:
    """The Markdown that `core.agreement.render` writes, as markup: headings, two depths of lists, quotes, code.

    Anything else in it is text that a party wrote and stays text.
    """
    pieces: list[Html] = []
    open_list: list[Html] = []
    quote: list[str] = []
    for line in [*text.split("\n"), ""]:
        if quote and not line.startswith(">"):
            pieces.append(el("blockquote", el("bdi", "\n".join(quote))))
            quote = []
        if open_list and not line.lstrip(" ").startswith("- "):
            pieces.append(el("ul", open_list))
            open_list = []
        level = next((mark for mark in _LEVELS if line.startswith(mark)), None)
        if level is not None:
            pieces.append(el(_LEVELS[level], _inline(line.removeprefix(level))))
        elif line.startswith("  - "):
            open_list.append(el("li", _named(line[4:]), class_="inner"))
        elif line.startswith("- "):
            open_list.append(el("li", _named(line[2:])))
        elif line.startswith(">"):
            quote.append(_ESCAPED.sub(r"\1", line.removeprefix(">").removeprefix(" ")))
        elif line:
            pieces.append(el("p", _inline(line)))
    return join(*pieces)


def _named(text: str) -> Html:
    match = _NAMED.fullmatch(text)
    return join(el("strong", _inline(match[1])), _inline(match[2])) if match else _inline(text)


def _inline(text: str) -> Html:
    pieces: list[Html | str] = []
    end = 0
    for code in _CODE.finditer(text):
        pieces += [_ESCAPED.sub(r"\1", text[end : code.start()]), el("code", code[2], dir="ltr")]
        end = code.end()
    return join(*pieces, _ESCAPED.sub(r"\1", text[end:]))
