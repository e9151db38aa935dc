"""Who could have known each sealed part of a movement's order before it left: a table for each part."""

from __future__ import annotations

from safeconduct.core.agreement import grade_text
from safeconduct.core.disclosure import Knower, Way, read_variant
from safeconduct.edges.console.board import command, movement_path
from safeconduct.edges.console.history import anchor
from safeconduct.edges.console.markup import Html, el, join
from safeconduct.edges.console.names import Names
from safeconduct.edges.console.page import View
from safeconduct.edges.console.reader import Reader, code, person
from safeconduct.edges.console.tables import card, cards
from safeconduct.node import knowing, queries
from safeconduct.node.access import Viewer
from safeconduct.node.knowing import Known
from safeconduct.node.node import Node

_COLUMNS = ("knew_who", "knew_since", "knew_grade", "knew_how")


def knowers(node: Node, viewer: Viewer, reader: Reader, movement_id: str) -> View:
    """The page `/knew/<movement>`. Raises NotFound, NotAllowed for whoever is no auditor."""
    subject = f"movement/{movement_id}"
    found = knowing.who_knew(node, viewer, subject)
    names = Names(node, reader, queries.text_of(node, knowing.agreement_of(node, viewer, subject)))
    head = el(
        "div",
        el("p", el("a", reader.word("knew_back"), href=movement_path(subject)), class_="back"),
        el("h1", reader.word("knew"), " ", el("small", code(movement_id))),
        el("p", reader.word("knew_rule"), " ", reader.word("knew_not_here"), class_="rule"),
        class_="head",
    )
    body = join(head, *(_section(names, known) for known in found)) if found else join(head, _nothing(reader))
    return View(title=f"{movement_id} · {reader.word('knew')}", body=body)


def _nothing(reader: Reader) -> Html:
    advice = reader.say("knew_nothing_do", command=command("safeconduct order seal"))
    return el("section", el("h2", reader.word("knew_nothing")), el("p", advice), class_="empty")


def _section(names: Names, known: Known) -> Html:
    reader = names.reader
    terms = names.terms.compartment(known.compartment) if names.terms is not None else None
    name = reader.chosen(terms.name) if terms is not None else code(known.compartment)
    key = "knew_departed" if known.is_departure else "knew_now"
    lead = el("p", reader.say(key, time=reader.instant(known.before), n=len(known.knowers)), class_="rule")
    rows = [_row(names, known, knower) for knower in known.knowers]
    shown = cards(reader, _COLUMNS, rows, kind="knowers") if rows else el("p", reader.word("knew_nobody"))
    return el("section", el("h2", name), lead, shown)


def _row(names: Names, known: Known, knower: Knower) -> Html:
    reader = names.reader
    finest = el("span", _grade(reader, knower.variant))
    if knower.finest_since != knower.since:
        finest = join(finest, el("small", reader.say("knew_from", time=reader.instant(knower.finest_since))))
    who = join(el("strong", person(knower.who)), el("small", names.party(knower.party)) if knower.party else None)
    if not knower.party:
        # Words of whoever told them, in whatever language.
        who = el("strong", el("bdi", knower.who))
    return card(
        reader,
        (
            ("knew_who", el("div", who)),
            ("knew_since", el("div", reader.instant(knower.since, seconds=True))),
            ("knew_grade", el("div", finest)),
            ("knew_how", el("ul", (_way(reader, known, knower, way) for way in knower.ways), class_="plain")),
        ),
    )


def _way(reader: Reader, known: Known, knower: Knower, way: Way) -> Html:
    text = reader.say("way_told", actor=person(way.by)) if way.by else el("span", reader.word(f"way_{way.how}"))
    # Where there is one way, its time and its grade stand in the row already.
    detail = None
    if len(knower.ways) > 1:
        detail = join(reader.instant(way.since, seconds=True), " · ", _grade(reader, way.variant))
    page = movement_path(known.subject)
    marks = reader.listed(
        el("a", code(f"{mark.party} {mark.index}"), href=f"{page}#{anchor(mark.party, mark.index)}")
        for mark in way.evidence
    )
    return el("li", text, " ", el("small", detail, " · " if detail else None, marks))


def _grade(reader: Reader, variant: str) -> str:
    return grade_text(*read_variant(variant), reader.language)
