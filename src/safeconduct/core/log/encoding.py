"""Numbers and bytes as text, each in the one spelling that is accepted.

A second spelling of the same number or hash would be a second note with the same meaning, and two nodes that compare
bytes would call each other liars. So: no leading zeros, no signs, standard padded base64, unused bits zero.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterable, Sequence

from safeconduct.core.log.merkle import HASH_BYTES
from safeconduct.errors import LimitExceeded, NoteInvalid

# Sizes and indexes fit a signed 64-bit integer, as in the Go tools that read our logs; a proof then has at most
# PROOF_HASHES_MAX hashes.
SIZE_MAX = 2**63 - 1
SIZE_DIGITS_MAX = len(str(SIZE_MAX))

# Of what was refused, an error quotes no more than this.
QUOTED_MAX = 60

_CONTROL = re.compile("[\x00-\x09\x0b-\x1f]")


def parse_decimal(text: str, what: str) -> int:
    """Read an ASCII decimal of at most SIZE_MAX without sign or leading zeros; `what` names it in the error."""
    if not (text.isascii() and text.isdigit()) or (text[0] == "0" and text != "0"):
        raise NoteInvalid(f"{what} is a decimal without leading zeros, got {text[:QUOTED_MAX]!r}")
    # The length is checked first: reading a number of a million digits takes minutes.
    if len(text) > SIZE_DIGITS_MAX or int(text) > SIZE_MAX:
        raise NoteInvalid(f"{what} is at most {SIZE_MAX}, got {text[:QUOTED_MAX]}")
    return int(text)


def format_base64(data: bytes) -> str:
    """Write standard padded base64 (RFC 4648, section 4)."""
    return base64.b64encode(data).decode("ascii")


def parse_base64(text: str, what: str) -> bytes:
    """Read standard padded base64; any other spelling of the same bytes is refused."""
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise NoteInvalid(f"{what} is standard padded base64, got {text[:QUOTED_MAX]!r}") from None
    if format_base64(data) != text:
        raise NoteInvalid(f"{what} is base64 with unused bits zero, got {text[:QUOTED_MAX]!r}")
    return data


def parse_hash(text: str, what: str) -> bytes:
    """Read one SHA-256 hash in base64."""
    data = parse_base64(text, what)
    if len(data) != HASH_BYTES:
        raise NoteInvalid(f"{what} has {HASH_BYTES} bytes, got {len(data)}")
    return data


def parse_hashes(lines: Sequence[str], most: int) -> tuple[bytes, ...]:
    """Read a proof, one hash a line; raises LimitExceeded if there are more than `most`."""
    if len(lines) > most:
        raise LimitExceeded(f"a proof has at most {most} hashes, got {len(lines)}")
    return tuple(parse_hash(line, "a hash of a proof") for line in lines)


def format_head(lines: Iterable[str]) -> bytes:
    """Write lines and, below them, an empty one: how proofs stand above checkpoints."""
    return "".join(f"{line}\n" for line in (*lines, "")).encode()


def split_head(data: bytes, what: str) -> tuple[list[str], bytes]:
    """Read the lines above the first empty line, and leave what is below it as it is."""
    head, separator, rest = data.partition(b"\n\n")
    if not separator:
        raise NoteInvalid(f"{what} has an empty line above its checkpoint, got none")
    return parse_utf8(head, what).split("\n"), rest


def parse_utf8(data: bytes, what: str) -> str:
    """Read UTF-8 without control characters other than the newline."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise NoteInvalid(f"{what} is UTF-8, got other bytes at offset {error.start}") from None
    require_printable(text, what)
    return text


def require_printable(text: str, what: str) -> None:
    """Return if no character but the newline is below U+0020."""
    found = _CONTROL.search(text)
    if found is not None:
        raise NoteInvalid(f"{what} has no control characters, got U+{ord(found[0]):04X} at {found.start()}")
