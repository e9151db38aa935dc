"""Sealed marks, for those who are told of them: what each says, how it stands, by when it is reviewed."""

from __future__ import annotations

from safeconduct.edges.console.board import command
from safeconduct.edges.console.markup import Html, el, join
from safeconduct.edges.console.names import Names
from safeconduct.edges.console.page import View
from safeconduct.edges.console.reader import Reader, code, person
from safeconduct.edges.console.tables import card, cards
from safeconduct.node import marks
from safeconduct.node.access import Viewer
from safeconduct.node.marks import MarkView
from safeconduct.node.node import Node

_COLUMNS = ("mark_id", "mark_says", "mark_stands", "mark_made", "mark_ends", "mark_consent")


def sealed_marks(node: Node, reader: Reader, viewer: Viewer) -> View:
    """The page `/marks`: the same empty page for whoever is told of none as where there is none."""
    names = Names(node, reader, node.terms())
    found = marks.marks(node, viewer)
    head = el("div", el("h1", reader.word("marks")), el("p", reader.word("marks_rule"), class_="rule"), class_="head")
    if not found:
        return View(title=reader.word("marks"), body=join(head, el("p", reader.word("marks_none"), class_="empty")))
    table = cards(reader, _COLUMNS, [_row(names, view) for view in found], kind="marks")
    agree, opening = command("safeconduct mark agree"), command("safeconduct mark open")
    body = join(head, table, el("p", reader.say("marks_do", agree=agree, open=opening)))
    return View(title=reader.word("marks"), body=body, attention=sum(view.overdue for view in found))


def _row(names: Names, view: MarkView) -> Html:
    reader = names.reader
    ends = view.ends_at if view.ends_at is not None else view.until
    review = reader.say("mark_review_by", time=reader.instant(view.review_by)) if view.opened_at is None else None
    return card(
        reader,
        (
            ("mark_id", el("div", code(view.subject.removeprefix("mark/")))),
            ("mark_says", el("div", _says(names, view))),
            ("mark_stands", el("div", _stands(reader, view))),
            ("mark_made", el("div", person(view.sealed_by), el("small", reader.instant(view.sealed_at)))),
            ("mark_ends", el("div", reader.instant(ends), el("small", review) if review is not None else None)),
            ("mark_consent", el("ul", _consents(names, view), class_="plain")),
        ),
    )


def _says(names: Names, view: MarkView) -> Html:
    reader, says = names.reader, view.says
    if says is None:
        return el("span", reader.word("mark_unread"))
    about = code(says.about)
    if says.unit is None:
        return join(el("strong", reader.say("mark_decoy", about=about)), el("small", el("bdi", says.reason)))
    unit = person(says.unit) if "/" in says.unit else names.role(says.unit)
    return join(el("strong", reader.say("mark_shut_out", about=about, unit=unit)), el("small", el("bdi", says.reason)))


def _stands(reader: Reader, view: MarkView) -> Html:
    if view.opened_by is not None and view.opened_at is not None:
        return reader.say("mark_opened", actor=person(view.opened_by), time=reader.instant(view.opened_at))
    overdue = el("strong", reader.word("mark_overdue"), class_="alarm") if view.overdue else None
    return join(el("span", reader.word(f"mark_{view.stands}")), overdue)


def _consents(names: Names, view: MarkView) -> list[Html]:
    reader = names.reader
    agreed = [el("li", reader.say("mark_agreed_by", actor=person(actor))) for actor in view.agreed.values()]
    kept = [
        el("li", reader.say("mark_kept_by" if holds else "mark_not_kept_by", party=names.party(party)))
        for party, holds in view.kept.items()
    ]
    return [*agreed, *kept]
