"""Information with caveats that concerns the viewer, and what was given out jointly. Never what an item says."""

from __future__ import annotations

from safeconduct.core.acts import TLP_NAMES, ReleasedCount
from safeconduct.edges.console.board import command
from safeconduct.edges.console.markup import Content, Html, el, join
from safeconduct.edges.console.names import Names
from safeconduct.edges.console.page import View
from safeconduct.edges.console.reader import Reader, code, person
from safeconduct.edges.console.shapes import badge
from safeconduct.edges.console.tables import card, cards
from safeconduct.node import holdings, press
from safeconduct.node.access import Viewer
from safeconduct.node.holdings import ItemRow
from safeconduct.node.node import Node
from safeconduct.node.press import ReleaseView

_COLUMNS = ("item_level", "item_what", "item_for", "item_stands")
_RELEASE_COLUMNS = ("release_what", "release_words", "release_stands")
# What `say` leaves out of a list that is too long for a cell.
_WORDS_MAX = 400


def information(node: Node, viewer: Viewer, reader: Reader) -> View:
    """The page `/items`: what concerns the viewer, and nothing of the rest."""
    names = Names(node, reader, node.terms())
    rows = holdings.list_items(node, viewer)
    releases = press.list_releases(node, viewer)
    head = el(
        "div", el("h1", reader.word("information")), el("p", reader.word("item_rule"), class_="rule"), class_="head"
    )
    shown = cards(reader, _COLUMNS, (_row(names, row) for row in rows), kind="information") if rows else _none(reader)
    return View(
        title=reader.word("information"),
        body=join(head, shown, _releases(names, releases)),
        attention=sum(_waits(row) for row in rows),
    )


def _waits(row: ItemRow) -> bool:
    """Whether something is asked of the viewer: to confirm a recall, or to answer a request."""
    confirms = row.standing == "recalled" and row.acknowledged_at is None and row.opened_at is not None
    return bool(row.asks) or confirms


def _none(reader: Reader) -> Html:
    advice = reader.say("item_none_do", command=command("safeconduct item share"))
    return el("section", el("h2", reader.word("item_none")), el("p", advice), class_="empty")


def tlp(caveat: str) -> Html:
    """A level in FIRST's colour on black, said in FIRST's letters."""
    name = next(words for level, words in TLP_NAMES.items() if level == caveat)
    return el("span", name, class_=f"tlp {caveat.replace('_', '-')}", dir="ltr")


def _row(names: Names, row: ItemRow) -> Html:
    reader = names.reader
    what = (
        code(row.subject.removeprefix("item/")),
        el("small", reader.say("item_by", actor=person(row.shared_by), time=reader.instant(row.shared_at))),
    )
    whom: Content = reader.listed(person(name) if "/" in name else names.role(name) for name in row.recipients)
    return card(
        reader,
        (
            ("item_level", (tlp(row.caveat), el("small", reader.word(f"tlp_{row.caveat}")))),
            ("item_what", what),
            ("item_for", (el("div", whom), el("small", reader.say("item_until", time=reader.instant(row.until))))),
            ("item_stands", (_standing(names, row), _next(reader, row))),
        ),
    )


def _standing(names: Names, row: ItemRow) -> Html:
    reader = names.reader
    if row.standing == "recalled":
        why = el("small", el("bdi", el("q", row.reason or "")))
        by = el("small", reader.say("item_confirm_by", time=reader.instant(row.acknowledge_by or 0)))
        tone = "plain" if row.acknowledged_at is not None else "alarm"
        done = el("small", reader.word("item_confirmed")) if row.acknowledged_at is not None else by
        return join(badge("cross", tone, reader.word("item_recalled")), why, done)
    if row.standing == "expired":
        return badge("bar", "plain", reader.word("item_expired"))
    if row.opened_at is not None:
        return badge("tick", "calm", reader.say("item_opened", time=reader.instant(row.opened_at)))
    return badge("circle", "plain", reader.word("item_unread" if row.sight == "words" else "item_terms"))


def _next(reader: Reader, row: ItemRow) -> Html | None:
    """What the viewer can do now, as the command that does it."""
    name = row.subject.removeprefix("item/")
    if row.asks:
        return el("small", reader.say("item_asks", n=row.asks), " ", command(f"safeconduct item show {name}"))
    if row.standing == "recalled" and row.opened_at is not None and row.acknowledged_at is None:
        return el("small", command(f"safeconduct item confirm {name}"))
    if row.standing == "shown" and row.opened_at is None and row.sight == "words":
        return el("small", command(f"safeconduct item open {name}"))
    return None


# --- joint releases ---------------------------------------------------------------------------------------------------


def _releases(names: Names, views: list[ReleaseView]) -> Html:
    reader = names.reader
    title = el("h2", reader.word("releases"))
    if not views:
        return el("section", title, el("p", reader.word("release_none")))
    rows = (_release(names, view) for view in views)
    return el("section", title, cards(reader, _RELEASE_COLUMNS, rows, kind="releases"))


def _release(names: Names, view: ReleaseView) -> Html:
    reader = names.reader
    what = (
        code(view.subject.removeprefix("release/")),
        el("small", reader.say("item_by", actor=person(view.proposed_by), time=reader.instant(view.proposed_at))),
    )
    counts = (
        el("ul", (el("li", _count(reader, count)) for count in view.counts), class_="plain") if view.counts else None
    )
    words = reader.chosen({language: text[:_WORDS_MAX] for language, text in view.texts.items()})
    return card(
        reader,
        (
            ("release_what", what),
            ("release_words", (el("div", words), el("ul", counts, class_="plain") if counts else None)),
            ("release_stands", _release_standing(names, view)),
        ),
    )


def _count(reader: Reader, count: ReleasedCount) -> Html:
    name = el("bdi", count.of)
    if count.number is None:
        return reader.say("release_fewer", name=name, n=count.fewer_than or 0)
    return reader.say("release_count", name=name, n=count.number)


def _release_standing(names: Names, view: ReleaseView) -> Html:
    reader = names.reader
    if view.standing == "released":
        return badge("tick", "calm", reader.say("release_out", time=reader.instant(view.released_at or 0)))
    if view.standing == "proposed":
        parties = reader.listed(names.party(party) for party in view.awaited)
        return badge("clock", "warn", reader.say("release_draft", parties=parties))
    why = el("small", el("bdi", el("q", view.reason or "")))
    return join(badge("cross", "plain", reader.word(f"release_{view.standing}")), why)
