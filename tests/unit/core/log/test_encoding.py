from __future__ import annotations

import base64

import pytest

from safeconduct.core.log.encoding import (
    SIZE_MAX,
    format_head,
    parse_base64,
    parse_decimal,
    parse_hash,
    parse_hashes,
    parse_utf8,
    split_head,
)
from safeconduct.errors import LimitExceeded, NoteInvalid

HASH_TEXT = base64.b64encode(b"h" * 32).decode()


@pytest.mark.parametrize(("text", "number"), [("0", 0), ("7", 7), ("10", 10), (str(SIZE_MAX), SIZE_MAX)])
def test_a_decimal_is_read(text: str, number: int) -> None:
    """LOG-31"""
    assert parse_decimal(text, "a size") == number


@pytest.mark.parametrize(
    "text",
    [
        "",
        "00",
        "01",
        "+1",
        "-0",
        "1 ",
        " 1",
        "1\n",
        "1_0",
        "0x1",
        "1.0",
        "1e3",
        "١",
        "²",
        str(SIZE_MAX + 1),
        "9" * 5000,
    ],
)
def test_any_other_spelling_of_a_decimal_is_refused(text: str) -> None:
    """LOG-7, LOG-31"""
    with pytest.raises(NoteInvalid, match="a size is"):
        parse_decimal(text, "a size")


@pytest.mark.parametrize(
    ("text", "data"), [("", b""), ("AA==", b"\x00"), ("AAA=", b"\x00\x00"), ("+/+/", b"\xfb\xff\xbf")]
)
def test_standard_base64_is_read(text: str, data: bytes) -> None:
    """LOG-27"""
    assert parse_base64(text, "a key") == data


@pytest.mark.parametrize(
    "text", ["AA", "AA=", "AB==", "AAB=", "AA==\n", " AA==", "AA==AA==", "A A==", "-_-_", "====", "AA==x", "Ä==="]
)
def test_any_other_spelling_of_base64_is_refused(text: str) -> None:
    """LOG-27"""
    with pytest.raises(NoteInvalid, match="a key is"):
        parse_base64(text, "a key")


@pytest.mark.parametrize("length", [0, 31, 33])
def test_a_hash_has_32_bytes(length: int) -> None:
    """LOG-31"""
    with pytest.raises(NoteInvalid, match=f"a root has 32 bytes, got {length}"):
        parse_hash(base64.b64encode(b"h" * length).decode(), "a root")


def test_a_proof_may_have_as_many_hashes_as_allowed() -> None:
    """LOG-19"""
    assert parse_hashes([HASH_TEXT] * 3, 3) == (b"h" * 32,) * 3


def test_a_proof_with_more_hashes_is_refused_unread() -> None:
    """LOG-19"""
    with pytest.raises(LimitExceeded, match="a proof has at most 3 hashes, got 4"):
        parse_hashes(["not read"] * 4, 3)


def test_a_head_ends_at_the_first_empty_line() -> None:
    """LOG-40, LOG-59"""
    assert split_head(format_head(["a", "b"]) + b"c\n\nd", "a request") == (["a", "b"], b"c\n\nd")


def test_a_head_without_an_empty_line_is_refused() -> None:
    """LOG-40, LOG-59"""
    with pytest.raises(NoteInvalid, match="a request has an empty line above its checkpoint, got none"):
        split_head(b"old 1\n", "a request")


@pytest.mark.parametrize("text", ["", "è\n", "\x7f", " \n\n ", "— ²\U0001f600"])
def test_text_without_control_characters_is_read(text: str) -> None:
    """LOG-23"""
    assert parse_utf8(text.encode(), "a note") == text


@pytest.mark.parametrize("character", [chr(code) for code in range(0x20) if chr(code) != "\n"])
def test_a_control_character_is_refused(character: str) -> None:
    """LOG-23"""
    with pytest.raises(NoteInvalid, match=rf"a note has no control characters, got U\+00{ord(character):02X} at 2"):
        parse_utf8(f"ab{character}".encode(), "a note")


@pytest.mark.parametrize("data", [b"\xff", b"\xc0\x80", b"\xed\xa0\x80", b"\xe2\x80", b"\xf4\x90\x80\x80"])
def test_bytes_that_are_not_utf_8_are_refused(data: bytes) -> None:
    """LOG-23"""
    with pytest.raises(NoteInvalid, match="a note is UTF-8, got other bytes at offset 2"):
        parse_utf8(b"ab" + data, "a note")
