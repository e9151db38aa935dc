"""Tables that the style turns into cards on a phone, and lists of facts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from safeconduct.edges.console.markup import Content, Html, el
from safeconduct.edges.console.reader import Reader

# A term of the catalogue, and what stands under it.
Cell = tuple[str, Content]


def cards(reader: Reader, columns: Sequence[str], rows: Iterable[Html], *, kind: str) -> Html:
    """A table. The roles say again what its elements say: a style that lays rows out as cards takes that away."""
    head = el("tr", (el("th", reader.word(key), scope="col", role="columnheader") for key in columns), role="row")
    return el(
        "table",
        el("thead", head, role="rowgroup"),
        el("tbody", rows, role="rowgroup"),
        class_=f"cards {kind}",
        role="table",
    )


def card(reader: Reader, cells: Iterable[Cell], **attributes: str | int | None) -> Html:
    """A row of such a table; each cell brings its column's name along for the phone."""
    written = (
        el("td", content, data_label=reader.word(key), class_=key.replace("_", "-"), role="cell")
        for key, content in cells
    )
    return el("tr", written, role="row", **attributes)


def facts(reader: Reader, cells: Iterable[Cell]) -> Html:
    """Terms, each with what is known of it."""
    return el("dl", (el("div", el("dt", reader.word(key)), el("dd", what)) for key, what in cells), class_="facts")
