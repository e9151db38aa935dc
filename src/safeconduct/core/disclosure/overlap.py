"""Before a sanitised item is shared: does it say what its source says, and would its receiver find the source by it?

What the receiver holds already is compared with it, because a fact that is harmless alone singles somebody out beside
another. It warns and forbids nothing. Method: docs/spec/items.md ITEM-24 to ITEM-28.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Literal

import msgspec

from safeconduct.core.disclosure.content import Content, Place, as_variant
from safeconduct.core.disclosure.item import ItemContent

# So many words in a row are nobody's coincidence; in Chinese each character counts as one.
WORDS_IN_A_ROW = 5
# A word of the source's name that is shorter is in every text.
_NAME_LETTERS_MIN = 4

_MINUTE_MS = 60_000
_WORD = re.compile(r"[\u3400-\u9fff]|[^\W\u3400-\u9fff]+")


class Held(msgspec.Struct, frozen=True, kw_only=True):
    """Something that a receiver holds. what: an item's subject, or a movement's and a compartment."""

    what: str
    text: str = ""
    at: int | None = None
    places: tuple[Place, ...] = ()


class Overlap(msgspec.Struct, frozen=True, kw_only=True):
    """A way from a sanitised item to its source.

    kind: it has words of the source's name; the same words in a row; the same place within the blur; the same minute;
    or of all that the receiver holds one thing alone fits its place and time. of: `source`, or what is held.
    """

    kind: Literal["source_named", "words", "place", "minute", "singled_out"]
    of: str
    account: str


def overlaps(
    twin: ItemContent, source: ItemContent, held: Sequence[Held], *, metres: int | None, minutes: int | None
) -> tuple[Overlap, ...]:
    """Every way that this knows of, in the order of `held`.

    metres, minutes: to how much the twin was rounded; without one it has no places, or no times.
    """
    found = list(_with_source(twin, source))
    for one in held:
        found += _with_held(twin, one, metres)
    fitting = [one for one in held if _fits(twin, one, metres, minutes)]
    if len(fitting) == 1:
        (one,) = fitting
        account = f"expected several things that the receiver holds to fit its place and time, got {one.what} alone"
        found.append(Overlap(kind="singled_out", of=one.what, account=account))
    return tuple(found)


def _with_source(twin: ItemContent, source: ItemContent) -> Iterator[Overlap]:
    words = set(_words(_all_text(twin)))  # order-free: asked for membership alone
    named = sorted({word for word in _words(source.source or "") if len(word) >= _NAME_LETTERS_MIN and word in words})
    if named:
        account = f"expected no word of who told it, got {len(named)} of them in the new text"
        yield Overlap(kind="source_named", of="source", account=account)
    if _in_common(_all_text(twin), _all_text(source)):
        account = f"expected fewer than {WORDS_IN_A_ROW} words in a row of the source, got more"
        yield Overlap(kind="words", of="source", account=account)
    exact = {(place.latitude_e7, place.longitude_e7) for place in source.places}  # order-free: membership alone
    if any((place.latitude_e7, place.longitude_e7) in exact for place in twin.places):
        yield Overlap(kind="place", of="source", account="expected a place that is rounded, got the exact one")
    if twin.at is not None and twin.at == source.at and twin.at % _MINUTE_MS:
        yield Overlap(kind="minute", of="source", account="expected a moment that is rounded, got the exact one")


def _with_held(twin: ItemContent, held: Held, metres: int | None) -> Iterator[Overlap]:
    if _in_common(_all_text(twin), held.text):
        account = f"expected fewer than {WORDS_IN_A_ROW} words in a row of what the receiver holds, got more"
        yield Overlap(kind="words", of=held.what, account=account)
    if _same_place(twin, held, metres):
        account = f"expected no place of what the receiver holds within {metres} m, got one"
        yield Overlap(kind="place", of=held.what, account=account)
    if twin.at is not None and any(at // _MINUTE_MS == twin.at // _MINUTE_MS for at in _moments(held)):
        account = "expected no moment of what the receiver holds in the same minute, got one"
        yield Overlap(kind="minute", of=held.what, account=account)


def _fits(twin: ItemContent, held: Held, metres: int | None, minutes: int | None) -> bool:
    """Whether what is held may be what the twin tells of: in its place and in its time, as far as it tells either."""
    if not twin.places and twin.at is None:
        return False
    if twin.places and not _same_place(twin, held, metres):
        return False
    if twin.at is None or minutes is None:
        return True
    return any(twin.at <= at < twin.at + minutes * _MINUTE_MS for at in _moments(held))


def _moments(held: Held) -> list[int]:
    return [at for at in (held.at, *(place.at for place in held.places)) if at is not None]


def _same_place(twin: ItemContent, held: Held, metres: int | None) -> bool:
    if metres is None or not held.places:
        return False
    rounded = as_variant(Content(places=held.places), f"blurred-{metres}m").places
    cells = {(place.latitude_e7, place.longitude_e7) for place in rounded}  # order-free: asked for membership alone
    return any((place.latitude_e7, place.longitude_e7) in cells for place in twin.places)


def _all_text(content: ItemContent) -> str:
    return f"{content.title}\n{content.text or ''}"


def _words(text: str) -> list[str]:
    return [found.group().casefold() for found in _WORD.finditer(text)]


def _in_common(one: str, other: str) -> bool:
    # Line by line, so that a title and the text below it make no row of words together.
    shorter = _rows(one)
    return any(row in shorter for row in _rows(other))


def _rows(text: str) -> set[tuple[str, ...]]:
    return set(_all_rows(text.split("\n")))


def _all_rows(lines: Iterable[str]) -> Iterator[tuple[str, ...]]:
    for line in lines:
        words = _words(line)
        for start in range(len(words) - WORDS_IN_A_ROW + 1):
            yield tuple(words[start : start + WORDS_IN_A_ROW])
