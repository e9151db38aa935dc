"""What the demo says to people, in one language: the texts of `words.yaml`, and moments by the clock in Karachi."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from importlib.resources import files

import msgspec
import yaml

from safeconduct.errors import InputInvalid

LANGUAGES = ("en", "zh", "ur")
# Pakistan is five hours ahead of UTC, the whole year.
PKT_OFFSET_MS = 5 * 3_600_000

_BETWEEN_NAMES = {"en": ", ", "zh": "、", "ur": "، "}
_DATA = "words.yaml"


class Text(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One text in each language."""

    en: str
    zh: str
    ur: str


def read_texts() -> Mapping[str, Text]:
    """Every text by its key. Raises InputInvalid when the file is not one of texts."""
    content = files(__package__).joinpath(_DATA).read_text(encoding="utf-8")
    try:
        return msgspec.convert(yaml.safe_load(content), dict[str, Text])
    except (msgspec.ValidationError, yaml.YAMLError) as error:
        raise InputInvalid(f"{_DATA}: expected texts in each language, got {error}") from None


class Words:
    """The texts of one language."""

    def __init__(self, language: str) -> None:
        if language not in LANGUAGES:
            raise InputInvalid(f"a language of {', '.join(LANGUAGES)}, got {language[:10]!r}")
        self.language = language
        self._texts = {key: str(getattr(text, language)) for key, text in read_texts().items()}

    def __getitem__(self, key: str) -> str:
        return self._texts[key]

    def say(self, key: str, **facts: object) -> str:
        """The text with its facts put in."""
        return self[key].format(**facts)

    def listed(self, names: Iterable[str]) -> str:
        """Names in a row."""
        return _BETWEEN_NAMES[self.language].join(names)

    def moment(self, at: int) -> str:
        """The clock in Karachi, `16:04:30`; without seconds when there are none."""
        seconds = (at + PKT_OFFSET_MS) // 1_000 % 86_400
        hour, minute, second = seconds // 3_600, seconds // 60 % 60, seconds % 60
        return f"{hour:02d}:{minute:02d}" + (f":{second:02d}" if second else "")
