"""One byte string for one meaning: the project's profile of RFC 8785 (docs/spec/statement.md ST-1 to ST-6).

Within the profile (ASCII keys, no floats, integers within ±(2^53-1), NFC text) a sorted compact encoder *is*
RFC 8785. The tests hold it against a reference implementation.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata

import msgspec

from safeconduct.core.statement.limits import DEPTH_MAX, INTEGER_MAX
from safeconduct.errors import CanonicalInvalid

_KEY = re.compile(r"[A-Za-z0-9_./-]{1,128}")
_encoder = msgspec.json.Encoder(order="sorted")


def encode(value: msgspec.Struct) -> bytes:
    """Canonical bytes of a typed value. The value's type must have no float fields; `acts` and `terms` have none."""
    return _encoder.encode(value)


def digest(value: msgspec.Struct) -> str:
    """Hex SHA-256 of the canonical bytes."""
    return hashlib.sha256(_encoder.encode(value)).hexdigest()


def require_text_normal(raw: bytes) -> None:
    """Raise CanonicalInvalid unless the text is in Unicode normal form C.

    Two strings that look the same must be the same, or one side reads another name than the other.
    """
    if raw.isascii():
        return
    try:
        text = raw.decode()
    except UnicodeDecodeError as error:
        raise CanonicalInvalid(f"payload is UTF-8, got byte {raw[error.start]:#04x} at {error.start}") from None
    if not unicodedata.is_normalized("NFC", text):
        raise CanonicalInvalid("text is in Unicode normal form C, got another form")


def require_canonical(raw: bytes) -> None:
    """Raise CanonicalInvalid unless `raw` is the canonical encoding of an object within the profile.

    For bytes whose type we do not know (an act of a later version). Typed values are decoded, encoded again and
    compared, which is cheaper and says the same.
    """
    try:
        value = msgspec.json.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise CanonicalInvalid(f"expected JSON, got {error}") from None
    if not isinstance(value, dict):
        raise CanonicalInvalid(f"expected a JSON object, got {type(value).__name__}")
    _require_profile(value, "$", 0)
    if _encoder.encode(value) != raw:
        raise CanonicalInvalid("expected the one canonical encoding (sorted keys, no spaces), got another")
    require_text_normal(raw)


def _require_profile(value: object, where: str, depth: int) -> None:
    if depth > DEPTH_MAX:
        raise CanonicalInvalid(f"at most {DEPTH_MAX} levels, got more at {where[:80]}")
    match value:
        case None:
            raise CanonicalInvalid(f"absent instead of null, got null at {where}")
        case bool() | str():
            return
        case int():
            if abs(value) > INTEGER_MAX:
                raise CanonicalInvalid(f"integers within ±(2^53-1), got a larger one at {where}")
        case list():
            for index, item in enumerate(value):
                _require_profile(item, f"{where}[{index}]", depth + 1)
        case dict():
            for key, item in value.items():
                if not _KEY.fullmatch(key):
                    raise CanonicalInvalid(f"keys match {_KEY.pattern}, got {key[:40]!r} at {where}")
                _require_profile(item, f"{where}.{key}", depth + 1)
        case _:
            raise CanonicalInvalid(f"no floating point in signed bytes, got one at {where}")
