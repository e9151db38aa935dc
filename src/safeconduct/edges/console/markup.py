"""HTML that cannot be forgotten to escape: text becomes markup only inside `el`, and only `Html` passes unescaped."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from html import escape
from string import Formatter
from typing import TypeAlias

_VOID_ELEMENTS = frozenset({"br", "input", "link", "meta"})
_NAME = re.compile(r"[a-zA-Z][a-zA-Z0-9-]*")
# INVARIANT (own-links): a link leads into this server; so `javascript:` and foreign hosts cannot be linked to.
_OWN_LINK = re.compile(r"(?:/(?!/)|#|\?)[^\x00-\x20\\]*|/")
_LINKS = frozenset({"href", "src", "action"})


class Html:
    """Markup, as opposed to text. Made by `el`, `join` and `say` alone."""

    __slots__ = ("_markup",)

    def __init__(self, markup: str) -> None:
        self._markup = markup

    def __str__(self) -> str:
        return self._markup

    def __bool__(self) -> bool:
        return self._markup != ""


# A text so that the name may stand in its own definition.
Content: TypeAlias = "Html | str | int | Iterable[Content] | None"
_Value: TypeAlias = "str | int | bool | None"

NOTHING = Html("")


def el(element: str, *content: Content, **attributes: _Value) -> Html:
    """An element. `class_`, `data_label` become `class`, `data-label`; None and False leave an attribute out.

    Raises ValueError for a name that is none, for what the content security policy forbids (`style`, `on…`), and for
    a link that leads out of this server.
    """
    written = "".join(_attribute(name, value) for name, value in attributes.items())
    if _NAME.fullmatch(element) is None:
        raise ValueError(f"the name of an element, got {element[:40]!r}")
    if element in _VOID_ELEMENTS:
        return Html(f"<{element}{written}>")
    return Html(f"<{element}{written}>{_markup(content)}</{element}>")


def join(*content: Content, between: Content = None) -> Html:
    """Several pieces in a row; those that are None or empty are left out."""
    pieces = [piece for piece in map(_markup, content) if piece]
    return Html(_markup(between).join(pieces))


def say(template: str, parts: Mapping[str, Content]) -> Html:
    """A sentence in which each {name} is replaced by its part, which may be markup. Raises KeyError for one missing."""
    pieces: list[Content] = []
    for text, name, _, _ in Formatter().parse(template):
        pieces += [text, parts[name] if name is not None else None]
    return Html(_markup(pieces))


def _attribute(name: str, value: _Value) -> str:
    if value is None or value is False:
        return ""
    name = name.rstrip("_").replace("_", "-")
    if _NAME.fullmatch(name) is None or name == "style" or name.startswith("on"):
        raise ValueError(f"an attribute that the content security policy allows, got {name[:40]!r}")
    if value is True:
        return f" {name}"
    if name in _LINKS and _OWN_LINK.fullmatch(str(value)) is None:
        raise ValueError(f"a link into this server, got {str(value)[:80]!r}")
    return f' {name}="{escape(str(value))}"'


def _markup(content: Content) -> str:
    match content:
        case None:
            return ""
        case Html():
            return str(content)
        case str():
            return escape(content)
        case int():
            return str(content)
        case _:
            return "".join(map(_markup, content))
