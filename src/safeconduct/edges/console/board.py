"""The board: movements by their window, with what each still waits for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from urllib.parse import quote, urlencode

import msgspec

from safeconduct.edges.console.markup import Content, Html, el, join
from safeconduct.edges.console.names import Names
from safeconduct.edges.console.page import View
from safeconduct.edges.console.reader import Reader, code
from safeconduct.edges.console.shapes import PHASES, badge, shape
from safeconduct.edges.console.tables import Cell, card, cards
from safeconduct.errors import InputInvalid
from safeconduct.node import queries
from safeconduct.node.access import Viewer
from safeconduct.node.node import Node
from safeconduct.node.queries import MovementRow

# Rows on one page: with its style and script a page stays under 60 KB, which a slow link brings in seconds.
ROWS_PER_PAGE = 25
# Rows that one page looks through for those that it shows; each costs some tens of microseconds.
SCAN_MAX = 500
_SCAN_STEP = 100
_CURSOR_MAX = 2**53

UNDER_WAY = ("under_way",)
BEFORE_DEPARTURE = ("requested", "approved")
ENDED_NOT_CLOSED = ("arrived", "aborted")
ACTIVE = (*UNDER_WAY, *BEFORE_DEPARTURE, *ENDED_NOT_CLOSED)

_TONES: Mapping[str, str] = {
    "requested": "plain",
    "approved": "calm",
    "under_way": "active",
    "arrived": "calm",
    "closed": "done",
    "refused": "warn",
    "cancelled": "done",
    "lapsed": "warn",
    "aborted": "alarm",
}

_WANTED: Mapping[str, Callable[[MovementRow], bool]] = {
    "active": lambda row: row.phase.value in ACTIVE,
    "past": lambda row: row.phase.value not in ACTIVE,
    "all": lambda _: True,
}


class Cursor(msgspec.Struct, frozen=True, kw_only=True):
    """Which part of the board. before: only windows that open earlier (ms). skip: rows shown on the pages before."""

    show: str = "active"
    before: int | None = None
    skip: int = 0

    @classmethod
    def of(cls, query: Mapping[str, str]) -> Cursor:
        """From an address. Raises InputInvalid."""
        show = query.get("show", "active")
        if show not in _WANTED:
            raise InputInvalid(f"show is one of {', '.join(_WANTED)}, got {show[:20]!r}")
        before = _number(query, "before")
        return cls(show=show, before=before, skip=_number(query, "skip") or 0)

    @property
    def address(self) -> str:
        query = {"show": self.show, "before": self.before, "skip": self.skip or None}
        return "/?" + urlencode({name: value for name, value in query.items() if value is not None})


class Slice(msgspec.Struct, frozen=True, kw_only=True):
    """The rows of one page. total: how many were found; is_whole: there are no others. more: where to go on."""

    rows: tuple[MovementRow, ...]
    total: int
    is_whole: bool
    more: Cursor | None


def board(node: Node, viewer: Viewer, reader: Reader, cursor: Cursor) -> View:
    """The page `/`."""
    names = Names(node, reader, node.terms())
    part = slice_of(node, viewer, cursor)
    table = _table(names, part.rows) if part.rows else _empty(node, reader, cursor, part)
    body = join(
        el("h1", reader.word("board")),
        _filters(reader, cursor.show),
        table,
        _paging(reader, cursor, part),
    )
    attention = sum(1 for row in part.rows if wants_a_person(row))
    return View(title=reader.word("board"), body=body, attention=attention)


def slice_of(node: Node, viewer: Viewer, cursor: Cursor) -> Slice:
    """The movements of one page.

    Active ones come with those under way first, then by the soonest window; others by the latest window.
    """
    found: list[MovementRow] = []
    before, reached_end = cursor.before, False
    enough = SCAN_MAX if cursor.show == "active" else cursor.skip + ROWS_PER_PAGE + 1
    scanned = 0
    while scanned < SCAN_MAX and len(found) < enough and not reached_end:
        rows, reached_end = _step(node, viewer, before)
        scanned += len(rows)
        found += filter(_WANTED[cursor.show], rows)
        if rows:
            before = rows[-1].plan.timing.earliest
    if cursor.show == "active":
        found.sort(key=_urgency)
    shown = found[cursor.skip : cursor.skip + ROWS_PER_PAGE]
    if len(found) > cursor.skip + len(shown):
        more: Cursor | None = msgspec.structs.replace(cursor, skip=cursor.skip + len(shown))
    elif not reached_end:
        more = Cursor(show=cursor.show, before=before)
    else:
        more = None
    return Slice(rows=tuple(shown), total=len(found), is_whole=reached_end, more=more)


def _step(node: Node, viewer: Viewer, before: int | None) -> tuple[list[MovementRow], bool]:
    """The next rows, and whether they are the last.

    Several movements may open at one instant and the store pages by instants, so a step ends where the instant
    changes: otherwise the rest of that instant would be on no page.
    """
    limit = _SCAN_STEP
    while True:
        rows = queries.board(node, viewer, before=before, limit=limit)
        if len(rows) < limit:
            return rows, True
        last = rows[-1].plan.timing.earliest
        whole = [row for row in rows if row.plan.timing.earliest != last]
        if whole:
            return whole, False
        if limit == SCAN_MAX:
            return rows, False
        limit = SCAN_MAX


def _urgency(row: MovementRow) -> tuple[int, int, str]:
    phase = row.phase.value
    group = 0 if phase in UNDER_WAY else 1 if phase in BEFORE_DEPARTURE else 2
    return group, row.plan.timing.earliest, row.subject


def wants_a_person(row: MovementRow) -> bool:
    """Whether something about a row waits for somebody."""
    return bool(row.breaches) or (row.phase.value in BEFORE_DEPARTURE and bool(row.open_items or row.not_relayed))


def phase_badge(reader: Reader, phase: str) -> Html:
    """A movement's phase in words and shape."""
    return badge(PHASES[phase], _TONES[phase], reader.word(f"phase_{phase}"))


def movement_path(subject: str) -> str:
    """The address of a movement's page."""
    return "/movements/" + quote(subject.removeprefix("movement/"), safe="")


def command(text: str) -> Html:
    """A command to type."""
    return el("code", text, dir="ltr")


# --- the table --------------------------------------------------------------------------------------------------------


def _filters(reader: Reader, shown: str) -> Html:
    links = (
        el(
            "a",
            reader.word(f"show_{show}"),
            href=f"/?show={show}",
            aria_current="true" if show == shown else None,
        )
        for show in _WANTED
    )
    return el("nav", links, aria_label=reader.word("show"), class_="filters")


def _table(names: Names, rows: Iterable[MovementRow]) -> Html:
    columns = ("window", "movement", "people", "phase", "open_points", "last_sign")
    return cards(names.reader, columns, (_row(names, row) for row in rows), kind="board")


def _row(names: Names, row: MovementRow) -> Html:
    reader, phase = names.reader, row.phase.value
    movement_id = row.subject.removeprefix("movement/")
    link = el("a", from_to(names, row), href=movement_path(row.subject), id=f"to-{movement_id}")
    cells: tuple[Cell, ...] = (
        ("window", _window(reader, row)),
        ("movement", (link, el("small", code(movement_id)))),
        ("people", (el("span", names.group(row.plan.people.group)), el("small", _count(reader, row)))),
        ("phase", (phase_badge(reader, phase),)),
        ("open_points", (open_points(names, row),)),
        ("last_sign", (reader.age(row.last_sign_at),)),
    )
    tone = "alarm" if row.breaches else "active" if phase in UNDER_WAY else "warn" if wants_a_person(row) else "calm"
    return card(reader, cells, class_=tone, data_key=row.subject, data_mark=_mark(row))


def _window(reader: Reader, row: MovementRow) -> Iterator[Html]:
    timing, phase = row.plan.timing, row.phase.value
    yield el("strong", reader.window(timing.earliest, timing.latest))
    yield el("span", class_="local", data_from=timing.earliest, data_to=timing.latest)
    if phase in BEFORE_DEPARTURE:
        yield el("small", reader.age(timing.earliest))
    if phase == "requested":
        by = reader.say("approvals_by", time=reader.instant(timing.review_by))
        yield el("small", by, " · ", reader.age(timing.review_by))


def _count(reader: Reader, row: MovementRow) -> Html:
    return reader.say("count", n=row.plan.people.count)


def _mark(row: MovementRow) -> str:
    """Changes when the row says something else than before, but not because time passed."""
    counts = (row.open_items, row.not_relayed, row.breaches, row.consent_missing)
    return "/".join([row.phase.value, str(row.last_sign_at), *(str(len(points)) for points in counts)])


def from_to(names: Names, row: MovementRow) -> Html:
    """Where from and where to."""
    route = row.plan.route
    return names.reader.say("from_to", origin=names.site(route.origin), destination=names.site(route.destination))


def open_points(names: Names, row: MovementRow) -> Html:
    """What a movement waits for and what went wrong, one line each."""
    reader = names.reader
    points: list[Html] = []
    if row.breaches:
        clauses = reader.listed(map(code, row.breaches))
        points.append(_point("alarm", "cross", reader.say("breached", clauses=clauses)))
    if row.phase.value in BEFORE_DEPARTURE:
        if row.consent_missing:
            parties = reader.listed(map(names.party, row.consent_missing))
            points.append(_point("warn", "circle", reader.say("approval_missing", parties=parties)))
        items = [item for item in row.open_items if not _is_approvals(names, item)]
        if items and row.consent_missing:
            # The gate comes after the approvals: until they are here, which items are open is no news.
            total = len(names.terms.movement.ready_gate) if names.terms is not None else len(items)
            points.append(_point("warn", "warning", reader.say("gate_open_count", n=len(row.open_items), total=total)))
        elif items:
            listed = reader.listed(map(names.gate_item, items))
            points.append(_point("warn", "warning", reader.say("gate_open", items=listed)))
    if row.not_relayed and row.phase.value in (*BEFORE_DEPARTURE, *UNDER_WAY):
        waits = reader.say("notice_waits", role=names.role(row.not_relayed[0]), n=len(row.not_relayed))
        points.append(_point("warn", "bar", waits))
    if not points:
        return el("span", reader.word("nothing_open"), class_="nothing")
    return el("ul", points, class_="points")


def _is_approvals(names: Names, item: str) -> bool:
    known = names.item_terms(item)
    return known is not None and known.check == "approvals"


def _point(tone: str, picture: str, content: Content) -> Html:
    return el("li", shape(picture), el("span", content), class_=tone)


def _paging(reader: Reader, cursor: Cursor, part: Slice) -> Html | None:
    first = None
    if cursor.skip or cursor.before is not None:
        first = el("a", reader.word("first_page"), href=f"/?show={cursor.show}")
    more = el("a", reader.word("more"), href=part.more.address, rel="next") if part.more is not None else None
    if first is None and more is None:
        return None
    shown = reader.say("shown", n=len(part.rows), total=f"{part.total}{'' if part.is_whole else '+'}")
    return el("nav", el("span", shown), first, more, aria_label=reader.word("more"), class_="paging")


def _empty(node: Node, reader: Reader, cursor: Cursor, part: Slice) -> Html:
    if node.terms() is None:
        heading = reader.word("no_agreement")
        advice = reader.say(
            "no_agreement_do",
            propose=command("safeconduct agreement propose"),
            sign=command("safeconduct agreement sign"),
        )
    elif part.more is not None:
        heading, advice = reader.word("none_so_far"), join(reader.word("none_so_far_do"))
    else:
        heading = reader.word(f"empty_{cursor.show}")
        advice = reader.say("empty_do", command=command("safeconduct movement request"))
    return el("section", el("h2", heading), el("p", advice), class_="empty")


def _number(query: Mapping[str, str], name: str) -> int | None:
    text = query.get(name)
    if text is None:
        return None
    if not text.isascii() or not text.isdigit() or len(text) > 16 or int(text) > _CURSOR_MAX:
        raise InputInvalid(f"{name} is a number, got {text[:20]!r}")
    return int(text)
