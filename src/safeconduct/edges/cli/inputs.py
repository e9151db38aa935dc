"""What people type → values, with an error that says what was expected and what came."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

import click
import msgspec

from safeconduct.core.acts import Identifier, Name, Text
from safeconduct.core.statement import ActorId, Digest, PartyId
from safeconduct.errors import InputInvalid, Unavailable

_UNITS = {"d": 86_400, "h": 3_600, "m": 60, "s": 1}
_FROM_NOW = re.compile(r"\+(?=[0-9])(?:([0-9]{1,4})d)?(?:([0-9]{1,4})h)?(?:([0-9]{1,5})m)?(?:([0-9]{1,6})s)?")
PORT_MAX = 65_535
# The record counts from 1970, and a zone may shift a time across New Year.
_EARLIEST_YEAR = 1971
# Positions are whole ten-millionths of a degree: one centimetre.
_E7 = 10_000_000


class Typed(click.ParamType[Any]):
    """A text of a type of the record; anything else is refused in these words."""

    def __init__(self, name: str, wanted: Any, expected: str) -> None:
        self.name = name
        self._wanted, self._expected = wanted, expected

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        try:
            return msgspec.convert(value, self._wanted, strict=False)
        except msgspec.ValidationError:
            self.fail(f"expected {self._expected}, got {_short(value)}", param, ctx)


class OneOf(click.ParamType[str]):
    """One of a few words."""

    name = "word"

    def __init__(self, words: Sequence[str]) -> None:
        self._words = tuple(words)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if value not in self._words:
            self.fail(f"expected one of {', '.join(self._words)}, got {_short(value)}", param, ctx)
        return value

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:  # noqa: ARG002, click's signature
        return f"[{'|'.join(self._words)}]"

    def shell_complete(
        self,
        ctx: click.Context,  # noqa: ARG002, click's signature
        param: click.Parameter,  # noqa: ARG002, click's signature
        incomplete: str,
    ) -> list[click.shell_completion.CompletionItem]:
        return [click.shell_completion.CompletionItem(word) for word in self._words if word.startswith(incomplete)]


def _short(value: object) -> str:
    text = str(value)
    return repr(text if len(text) <= 60 else text[:60] + "…")


_ID_FORM = "lower-case letters, digits, dots, dashes or underscores"
IDENTIFIER = Typed("id", Identifier, f"an id of 1 to 64 {_ID_FORM}, a letter or digit first")
PARTY = Typed("party", PartyId, "a party's id of 1 to 32 lower-case letters, digits or dashes, a letter first")
ACTOR = Typed("party/name", ActorId, "an actor's id such as sending/alice")
DIGEST = Typed("digest", Digest, "a digest of 64 hexadecimal digits")
TEXT = Typed("text", Text, "a text of 1 to 2,000 characters")
NAME = Typed("name", Name, "a name of 1 to 200 characters")


def whole(least: int, most: int) -> Typed:
    """A whole number within these bounds."""
    return Typed("number", Annotated[int, msgspec.Meta(ge=least, le=most)], f"a whole number from {least} to {most}")


FOLDER = click.Path(path_type=Path)
FILE = click.Path(path_type=Path)


def moment(text: str, now: int, option: str) -> int:
    """An instant in ms: ISO 8601 with its zone, or from now on as in +2h, +1d12h, +90m.

    Raises InputInvalid for anything else, a time without a zone above all: two states read it differently.
    """
    found = _FROM_NOW.fullmatch(text)
    if found:
        counts = zip(_UNITS.values(), found.groups(), strict=True)
        # Whole seconds: nobody means a window that opens 976 ms past the minute.
        return (now // 1000 + sum(length * int(count) for length, count in counts if count)) * 1000
    at = zoned(text, option, "2026-11-24T10:00Z or +2h")
    if at.year < _EARLIEST_YEAR:
        raise InputInvalid(f"{option}: expected a time from {_EARLIEST_YEAR} on, got {_short(text)}")
    return round(at.timestamp() * 1000)


def zoned(text: str, option: str, such_as: str) -> datetime:
    """A time of ISO 8601 with its zone. such_as: what is expected, for the error. Raises InputInvalid."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise InputInvalid(f"{option}: expected a time such as {such_as}, got {_short(text)}") from None
    if at.tzinfo is None:
        raise InputInvalid(f"{option}: expected a time with its zone, such as {text[:25]}Z or +05:00, got none")
    return at


def position(text: str, option: str) -> tuple[int, int]:
    """Latitude and longitude in 1e-7 degree, from decimal degrees such as 24.8949,67.1580."""
    latitude, longitude = (_degrees(part) for part in text.split(",")) if text.count(",") == 1 else (None, None)
    if latitude is None or longitude is None or abs(latitude) > 90 or abs(longitude) > 180:
        raise InputInvalid(
            f"{option}: expected latitude,longitude in degrees such as 24.8949,67.1580, got {_short(text)}"
        )
    return round(latitude * _E7), round(longitude * _E7)


def _degrees(text: str) -> Decimal | None:
    try:
        degrees = Decimal(text.strip())
    except InvalidOperation:
        return None
    return degrees if degrees.is_finite() else None


def require_url(url: str, option: str) -> None:
    """Raise InputInvalid for what is no address of a node: http or https, a host, perhaps a port, and no more."""
    expected = f"{option}: expected an address such as https://node.example:8443, got {_short(url)}"
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise InputInvalid(expected) from None
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username is not None or port == 0:
        raise InputInvalid(expected)
    if url != f"{parts.scheme}://{parts.netloc}":
        raise InputInvalid(expected)


def read_file(path: Path, bytes_max: int, what: str) -> bytes:
    """A file that somebody names. Raises InputInvalid or Unavailable with what was expected in it."""
    try:
        if not path.exists():
            raise InputInvalid(f"expected {what} at {path}, got no such file")
        if not path.is_file():
            raise InputInvalid(f"expected {what} at {path}, got something that is no file")
        with path.open("rb") as file:
            data = file.read(bytes_max + 1)
    except OSError as error:
        raise Unavailable(f"cannot read {path}: {error.strerror}") from error
    if len(data) > bytes_max:
        raise InputInvalid(f"expected {what} of at most {bytes_max} bytes at {path}, got more")
    return data


def pair_of(text: str, option: str, expected: str) -> tuple[str, str]:
    """`left=right`."""
    left, sign, right = text.partition("=")
    if not (left and sign and right):
        raise InputInvalid(f"{option}: expected {expected}, got {_short(text)}")
    return left, right
