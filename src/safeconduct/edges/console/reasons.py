"""The form for a reason, and the page where an evidence pack is taken."""

from __future__ import annotations

from urllib.parse import quote

from safeconduct.core.acts import Look
from safeconduct.edges.console.board import command, movement_path
from safeconduct.edges.console.markup import el
from safeconduct.edges.console.page import View
from safeconduct.edges.console.reader import Reader, code
from safeconduct.node.access import Viewer
from safeconduct.node.limits import REASON_CHARS_MAX
from safeconduct.node.node import Node
from safeconduct.node.reasons import movement_to_look_at


def look_path(what: Look, movement_id: str) -> str:
    """Where a look at a movement leads."""
    return f"/{'packs' if what == 'pack' else 'knew'}/{quote(movement_id, safe='')}"


def why(node: Node, viewer: Viewer, reader: Reader, what: Look, movement_id: str) -> View:
    """For somebody whose reason is not on the record yet. Raises NotAllowed, NotFound."""
    subject = movement_to_look_at(node, viewer, what, movement_id)
    title = reader.word(f"look_{what}")
    body = el(
        "section",
        el("p", el("a", reader.word("knew_back"), href=movement_path(subject)), class_="back"),
        el("h1", title, " ", el("small", code(movement_id))),
        el("p", reader.word("why_rule")),
        el(
            "form",
            el("input", type="hidden", name="what", value=what),
            el("input", type="hidden", name="movement", value=movement_id),
            el("p", el("label", reader.word("why_label"), for_="reason")),
            el("p", el("textarea", id="reason", name="reason", rows=3, maxlength=REASON_CHARS_MAX, required=True)),
            el("p", el("button", reader.word("why_do"), type="submit", class_="button")),
            method="post",
            action="/reasons",
        ),
        class_="empty",
    )
    return View(title=title, body=body, is_still=True)


def pack(node: Node, viewer: Viewer, reader: Reader, movement_id: str) -> View:
    """The page `/packs/<movement>`. Raises NotAllowed, NotFound."""
    subject = movement_to_look_at(node, viewer, "pack", movement_id)
    # The API's path, not this edge's: a file for people to keep.
    href = f"/v1{movement_path(subject)}/pack"
    body = el(
        "section",
        el("p", el("a", reader.word("knew_back"), href=movement_path(subject)), class_="back"),
        el("h1", reader.word("look_pack"), " ", el("small", code(movement_id))),
        el("p", reader.word("pack_rule")),
        el("p", el("a", reader.word("pack"), href=href, download=True, class_="button")),
        el("p", reader.say("pack_check", command=command("safeconduct evidence verify FILE"))),
        class_="empty",
    )
    return View(title=reader.word("look_pack"), body=body)
