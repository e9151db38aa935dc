"""What is sealed: words and places of an order, exactly or rounded (docs/spec/sealing.md SEAL-50 to SEAL-53)."""

from __future__ import annotations

import math
from typing import Annotated

import msgspec

from safeconduct.core.disclosure.grades import read_variant
from safeconduct.core.statement import encode
from safeconduct.errors import InputInvalid

TEXT_MAX = 16_000
PLACES_MAX = 500

# One degree of latitude; of longitude at the equator. Elsewhere a degree of longitude is shorter, so a grid in degrees
# is finer there: each row of the grid takes the width that is right for it.
_METRES_A_DEGREE = 111_320
_E7 = 10_000_000
_MINUTE_MS = 60_000


class Place(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """A point of an order, in 1e-7 degree. at: when, milliseconds UTC. name: what people call it."""

    latitude_e7: Annotated[int, msgspec.Meta(ge=-900_000_000, le=900_000_000)]
    longitude_e7: Annotated[int, msgspec.Meta(ge=-1_800_000_000, le=1_800_000_000)]
    at: Annotated[int, msgspec.Meta(ge=0, le=2**53 - 1)] | None = None
    name: Annotated[str, msgspec.Meta(min_length=1, max_length=200)] | None = None


class Content(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """What one compartment says.

    text: words. count: how many there are, of whatever it lists. at: one moment, milliseconds UTC. places: in order.
    """

    text: Annotated[str, msgspec.Meta(min_length=1, max_length=TEXT_MAX)] | None = None
    count: Annotated[int, msgspec.Meta(ge=0, le=100_000)] | None = None
    at: Annotated[int, msgspec.Meta(ge=0, le=2**53 - 1)] | None = None
    places: Annotated[tuple[Place, ...], msgspec.Meta(max_length=PLACES_MAX)] = ()


_decoder = msgspec.json.Decoder(Content)


def read_content(data: bytes) -> Content:
    """Content from its canonical bytes. Raises InputInvalid for other bytes."""
    try:
        content = _decoder.decode(data)
    except ValueError as error:  # msgspec's own, and text that is not UTF-8
        raise InputInvalid(f"expected the content of a compartment, got {error}") from None
    if encode(content) != data:
        raise InputInvalid("expected the canonical bytes of a compartment's content, got another writing of it")
    return content


def require_content(content: Content) -> None:
    """Raise InputInvalid for content that says nothing."""
    if content == Content():
        raise InputInvalid("expected words, a number, a moment or a place to seal, got none")


def as_variant(content: Content, variant: str) -> Content:
    """The content as it is, or rounded so that a role learns no more than its grade.

    Counted, the number alone is left. Blurred, words and names go; places move to the middle of a square of so many
    metres, moments to the beginning of so many minutes. The grid is fixed: the same place always falls into the same
    square, so that many releases of it tell no more than one. Raises InputInvalid if nothing would be left to say.
    """
    grade, metres, minutes = read_variant(variant)
    if grade == "exact":
        return content
    if grade == "count":
        if content.count is None:
            raise InputInvalid("expected how many there are, for whoever learns that alone, got no number")
        return Content(count=content.count)
    places = tuple(_blurred(place, metres, minutes) for place in content.places) if metres is not None else ()
    blurred = Content(at=_rounded(content.at, minutes), places=places)
    try:
        require_content(blurred)
    except InputInvalid:
        raise InputInvalid(f"expected a place or a moment that can be said as {variant}, got words alone") from None
    return blurred


def _blurred(place: Place, metres: int, minutes: int | None) -> Place:
    latitude = _middle(place.latitude_e7, metres * _E7, _METRES_A_DEGREE)
    # In thousandths, so that all places of a row share its columns.
    width = max(1, round(1000 * math.cos(math.radians(latitude / _E7))))
    longitude = _middle(place.longitude_e7, metres * _E7 * 1000, _METRES_A_DEGREE * width)
    return Place(
        latitude_e7=max(-90 * _E7, min(90 * _E7, latitude)),
        longitude_e7=max(-180 * _E7, min(180 * _E7, longitude)),
        at=_rounded(place.at, minutes),
    )


def _middle(value: int, size: int, per: int) -> int:
    """The middle of the cell of `size / per` that the value lies in."""
    cell = value * per // size
    return (2 * cell + 1) * size // (2 * per)


def _rounded(at: int | None, minutes: int | None) -> int | None:
    if at is None or minutes is None:
        return None
    return at - at % (minutes * _MINUTE_MS)
