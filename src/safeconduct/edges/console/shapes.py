"""Small pictures that say by their shape what a word beside them says: nobody depends on colour."""

from __future__ import annotations

from collections.abc import Mapping

from safeconduct.edges.console.markup import Html, el

# One path each, in a square of 16. "Outline" ones are drawn, the others filled.
_CIRCLE = "M8 1.5a6.5 6.5 0 1 0 0 13a6.5 6.5 0 0 0 0-13z"
_FILLED: Mapping[str, str] = {
    "disc": _CIRCLE,
    "square": "M2 2h12v12H2z",
    "play": "M3 1.5l11 6.5l-11 6.5z",
    "octagon": "M5 1h6l4 4v6l-4 4H5l-4-4V5z",
}
_DRAWN: Mapping[str, str] = {
    "circle": _CIRCLE,
    "tick": f"{_CIRCLE}M4.6 8.2l2.5 2.5l4.4-5",
    "clock": f"{_CIRCLE}M8 4.2v4l2.8 1.8",
    "bar": f"{_CIRCLE}M4.8 8h6.4",
    "cross": "M3 3l10 10M13 3l-10 10",
    "slash": f"{_CIRCLE}M3.5 12.5l9-9",
    "frame": "M2.5 2.5h11v11h-11z",
    "frame-tick": "M2.5 2.5h11v11h-11zM5 8.2l2.3 2.3l4-4.8",
    "glass": "M3.5 2h9L8 8l4.5 6h-9L8 8z",
    "unequal": "M2.5 5.5h11M2.5 10.5h11M11 2l-6 12",
    "pen": "M3 13l1-3.5L11.5 2L14 4.5L6.5 12zM2 15h12",
    "warning": "M8 1.5L15 14.5H1zM8 6v4M8 12v.6",
}

PHASES: Mapping[str, str] = {
    "requested": "circle",
    "approved": "tick",
    "under_way": "play",
    "arrived": "square",
    "closed": "frame-tick",
    "refused": "cross",
    "cancelled": "slash",
    "lapsed": "glass",
    "aborted": "octagon",
}
OUTCOMES: Mapping[str, str] = {
    "not_due": "bar",
    "pending": "clock",
    "met": "tick",
    "breached": "cross",
    "disputed": "unequal",
    "waived": "pen",
}
ITEMS: Mapping[str, str] = {
    "holds": "tick",
    "open": "warning",
    "excepted": "pen",
    "at_departure": "tick",
    "not_needed": "bar",
}


def shape(name: str) -> Html:
    """The picture of that name. Raises KeyError for none of them."""
    drawn = name in _DRAWN
    path = el("path", d=_DRAWN[name] if drawn else _FILLED[name])
    return el("svg", path, class_="shape drawn" if drawn else "shape", viewBox="0 0 16 16", aria_hidden="true")


def badge(name: str, tone: str, *words: str | Html) -> Html:
    """A shape with its words. tone: calm, plain, warn, alarm, active or done; colour only repeats what both say."""
    return el("span", shape(name), el("span", *words), class_=f"badge {tone}")
