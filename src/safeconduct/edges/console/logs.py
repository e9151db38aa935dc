"""Both logs as this node holds them, and how to check them without it."""

from __future__ import annotations

from safeconduct.edges.console.board import command
from safeconduct.edges.console.markup import Html, el, join
from safeconduct.edges.console.names import Names
from safeconduct.edges.console.page import View, contact
from safeconduct.edges.console.reader import Reader, code
from safeconduct.edges.console.tables import Cell, facts
from safeconduct.node import queries, sight
from safeconduct.node.access import Viewer
from safeconduct.node.node import Node
from safeconduct.node.queries import LogPage, NodeHealth

VERIFY_RECORD = "safeconduct audit"
VERIFY_PACK = "safeconduct evidence verify FILE"


def logs(node: Node, viewer: Viewer, reader: Reader, health: NodeHealth) -> View:
    """The page `/logs`. health: with the digest of the record at its own sizes.

    Sizes, roots, receipts and digest move with everything that is said, and are for whoever is shown all of it.
    """
    names = Names(node, reader, node.terms())
    sees_all = sight.sees_all(node, viewer)
    body = join(
        el("h1", reader.word("logs_title")),
        None if sees_all else el("p", reader.word("logs_partial"), class_="rule"),
        *(_log(node, names, log, sees_all=sees_all) for log in queries.logs(node)),
        _section(reader, "forks", _forks(reader, health)),
        _section(reader, "digest", _digest(reader, health)) if sees_all else None,
        _section(reader, "verify", _verify(reader)),
    )
    return View(title=reader.word("logs"), body=body)


def _section(reader: Reader, key: str, content: Html) -> Html:
    return el("section", el("h2", reader.word(key)), content, class_=key)


def _log(node: Node, names: Names, log: LogPage, *, sees_all: bool) -> Html:
    reader = names.reader
    is_ours = log.party == node.party
    cells: list[Cell] = [("origin", code(log.origin))]
    if sees_all:
        cells += [
            ("size", log.size),
            ("root_hash", code(log.root)),
            ("receipts", el("ul", [_receipt(names, log, by) for by in log.receipts], class_="plain")),
            ("void_entries", log.void_entries if log.void_entries else reader.word("none")),
        ]
    if not is_ours:
        cells.append(("contact", contact(names, log)))
    heading = reader.word("our_log") if is_ours else reader.say("log_of", party=names.party(log.party))
    return el("section", el("h2", heading), facts(reader, cells), class_="one-log")


def _receipt(names: Names, log: LogPage, by: str) -> Html:
    reader = names.reader
    given = log.receipts[by]
    if given is None:
        return el("li", reader.say("receipt_line_none", party=names.party(by)), class_="behind")
    size, seconds = given
    when = reader.instant(seconds * 1_000, seconds=True)
    text = reader.say("receipt_line", party=names.party(by), n=size, time=when, age=reader.age(seconds * 1_000))
    if size >= log.size:
        return el("li", text)
    return el("li", text, " · ", el("span", reader.say("receipt_behind", n=log.size - size), class_="behind"))


def _forks(reader: Reader, health: NodeHealth) -> Html:
    if not health.evidence:
        return el("p", reader.word("forks_none"))
    lines = (
        el("li", reader.say("evidence_of", origin=code(origin), digest=code(digest)), class_="alarm")
        for origin, digest in health.evidence
    )
    return el("ul", lines, class_="plain")


def _digest(reader: Reader, health: NodeHealth) -> Html:
    digits = [health.digest[at : at + 4] for at in range(0, len(health.digest), 4)]
    sizes = reader.listed(code(f"{party} {size}") for party, size in sorted(health.after.items()))
    return join(
        el("p", reader.word("digest_rule")),
        el("p", el("bdi", " ".join(digits), dir="ltr", class_="code digest")),
        el("p", reader.say("at_sizes", sizes=sizes)),
    )


def _verify(reader: Reader) -> Html:
    return join(
        el("p", reader.word("verify_record")),
        el("p", command(VERIFY_RECORD)),
        el("p", reader.word("verify_pack")),
        el("p", command(VERIFY_PACK)),
        el("p", reader.word("verify_foreign")),
    )
