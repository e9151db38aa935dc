"""A text as people repeat it: its words and numbers, without what retelling changes (docs/spec/canary.md CAN-13)."""

from __future__ import annotations

import re
import unicodedata

# A number; a number in Chinese numerals, whole, or 三号 would be found in 二十三号; a Chinese character; a word.
_TOKEN = re.compile(
    r"[0-9]+|[零〇一二两三四五六七八九十百千]+|[\u3400-\u4dbf\u4e00-\u9fff]|[^\W\d_\u3400-\u4dbf\u4e00-\u9fff]+"
)
# Letters that Arabic keyboards write where Urdu ones write another.
_SAME_LETTER = {"ي": "ی", "ى": "ی", "ك": "ک", "ه": "ہ", "ة": "ہ"}
# Marks on letters, and characters that nobody sees.
_SILENT = {"Mn", "Cf"}


def spoken(text: str) -> tuple[str, ...]:
    """The words and numbers of a text, folded: case, accents, vowel marks, punctuation and spacing are gone.

    Digits of every script are ASCII and lose the zeros before them; letters and digits that touch are apart, so that
    `K-07`, `k7` and `K ۷` are the same. Each Chinese character is a word, a number in Chinese numerals is one.
    """
    if text.isascii():
        plain = text.lower()
    else:
        folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
        plain = "".join(map(_letter, folded))
    return tuple(_without_zeros(token) for token in _TOKEN.findall(plain))


def _letter(character: str) -> str:
    if unicodedata.category(character) in _SILENT:
        return ""
    digit = unicodedata.decimal(character, None)
    return str(digit) if digit is not None else _SAME_LETTER.get(character, character)


def _without_zeros(token: str) -> str:
    return token.lstrip("0") or "0" if token[0] in "0123456789" else token
