"""Break-glass on one movement: each request, who asked and why, how long there is to object, and what comes next."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote

from safeconduct.core.agreement import BreakGlass
from safeconduct.core.record import ALIVE
from safeconduct.edges.console.board import command, movement_path
from safeconduct.edges.console.history import quoted
from safeconduct.edges.console.markup import Content, Html, el, join
from safeconduct.edges.console.names import Names
from safeconduct.edges.console.page import View
from safeconduct.edges.console.reader import Reader, code, person
from safeconduct.edges.console.sealed import part
from safeconduct.edges.console.shapes import badge
from safeconduct.edges.console.tables import Cell, facts
from safeconduct.node import orders, queries
from safeconduct.node.access import Viewer
from safeconduct.node.node import Node
from safeconduct.node.orders import GlassView, OrderView, SealingView

# How a request stands, in order: picture and tone.
_STAGES = {
    "over": ("bar", "done"),
    "stopped": ("octagon", "calm"),
    "few": ("circle", "warn"),
    "waits": ("clock", "alarm"),
    "gives": ("warning", "alarm"),
    "enough": ("tick", "alarm"),
}


def glass(node: Node, viewer: Viewer, reader: Reader, movement_id: str) -> View:
    """The page `/glass/<movement>`. Raises NotFound."""
    subject = f"movement/{movement_id}"
    view = orders.order(node, viewer, subject)
    names = Names(node, reader, queries.text_of(node, view.agreement))
    alive = queries.movement(node, viewer, subject).row.phase in ALIVE
    head = el(
        "div",
        el("p", el("a", reader.word("knew_back"), href=movement_path(subject)), class_="back"),
        el("h1", reader.word("glass"), " ", el("small", code(movement_id))),
        el("p", reader.word("glass_rule"), class_="rule"),
        class_="head",
    )
    sections = [
        _section(names, node.party, movement_id, sealing, used, alive=alive)
        for sealing in view.sealings
        for used in sealing.glass
    ]
    body = join(head, *sections) if sections else join(head, _nothing(names, movement_id))
    return View(title=f"{movement_id} · {reader.word('glass')}", body=body)


def glass_link(reader: Reader, view: OrderView) -> Html | None:
    """On a movement's page: that somebody has asked, and where it stands."""
    if not any(sealing.glass for sealing in view.sealings):
        return None
    link = el("a", reader.word("glass_link"), href=f"/glass/{quote(view.subject.partition('/')[2], safe='')}")
    return el("p", badge("warning", "alarm", reader.word("glass")), " ", link)


def _nothing(names: Names, movement_id: str) -> Html:
    reader = names.reader
    agreed = names.terms is not None and bool(names.terms.break_glass)
    advice = (
        reader.say("glass_none_do", command=command(f"safeconduct glass ask {movement_id}"))
        if agreed
        else reader.word("glass_not_agreed")
    )
    return el("section", el("h2", reader.word("glass_none")), el("p", advice), class_="empty")


def _section(names: Names, own: str, movement_id: str, sealing: SealingView, used: GlassView, *, alive: bool) -> Html:
    reader = names.reader
    agreed = names.terms.glass(used.party) if names.terms is not None else None
    stage = _stage(agreed, used, reader.now, alive=alive and not sealing.replaced)
    picture, tone = _STAGES[stage]
    asked = [
        el("li", person(actor), " ", reader.instant(at), el("div", quoted(used.reasons[actor])))
        for actor, at in used.asked.items()
    ]
    given = [el("li", person(officer), " ", reader.instant(at)) for officer, at in used.given.items()]
    asks, needed = (agreed.asks, agreed.needed) if agreed is not None else (0, 0)
    cells: list[Cell] = [
        ("glass_share", names.party(used.party)),
        ("glass_wanted", names.party(used.asking)),
        ("glass_asked", (reader.say("glass_of", n=len(asked), needed=asks), _listed(asked))),
        ("glass_gives", _gives(reader, used)),
        ("glass_pieces", (reader.say("glass_of", n=len(given), needed=needed), _listed(given))),
        (
            "glass_objected",
            reader.instant(used.objected) if used.objected is not None else reader.word("glass_none_yet"),
        ),
    ]
    steps = [
        el("li", reader.word(key), el("p", command(text)) if text else None)
        for key, text in _steps(own, movement_id, sealing, used, stage)
    ]
    return el(
        "section",
        el("h2", part(names, sealing.compartment, sealing.variant)),
        el("p", badge(picture, tone, reader.word(f"stage_{stage}"))),
        facts(reader, cells),
        el("h3", reader.word("glass_next")),
        el("ol", steps, class_="steps"),
        class_="glass",
    )


def _stage(agreed: BreakGlass | None, used: GlassView, now: int, *, alive: bool) -> str:
    """How a request stands. agreed: what the agreement says of this share. now: ms."""
    if not alive or agreed is None:
        return "over"
    if len(used.given) >= agreed.needed:
        return "enough"
    if not used.asked and used.objected is not None:
        return "stopped"
    if len(used.asked) < agreed.asks or used.gives_from is None:
        return "few"
    return "gives" if now >= used.gives_from else "waits"


def _gives(reader: Reader, used: GlassView) -> Content:
    if used.gives_from is None:
        return reader.word("glass_none_yet")
    return reader.instant(used.gives_from), " · ", reader.age(used.gives_from)


def _objected(reader: Reader, used: GlassView) -> Content:
    return reader.instant(used.objected) if used.objected is not None else reader.word("glass_none_yet")


def _listed(lines: list[Html]) -> Html | None:
    return el("ul", lines, class_="plain") if lines else None


def _steps(own: str, movement_id: str, sealing: SealingView, used: GlassView, stage: str) -> Iterator[tuple[str, str]]:
    """What this party's people do next: a sentence of the catalogue, and the command, empty for none."""
    what = f"{movement_id} {sealing.compartment}"
    variant = f" --variant {sealing.variant}" if sealing.variant != "exact" else ""
    asking, silent = own == used.asking, own == used.party
    if stage == "over":
        yield "glass_do_nothing", ""
    elif silent and stage in ("few", "waits", "gives"):
        yield "glass_do_object", f'safeconduct glass object {what}{variant} --reason "…"'
    elif not asking:
        yield "glass_do_other", ""
    elif stage == "enough":
        yield "glass_do_open", f"safeconduct order open {what}"
    elif stage in ("few", "stopped"):
        yield "glass_do_ask", f'safeconduct glass ask {what} --party {used.party}{variant} --reason "…"'
    else:
        if stage == "waits":
            yield "glass_do_call", ""
        yield "glass_do_request", f"safeconduct glass request {what} --party {used.party}{variant} --out request.json"
        yield "glass_do_give", "safeconduct glass give request.json --key-file officer.key --out officer.piece"
        yield "glass_do_bring", "safeconduct glass bring officer.piece"
