from __future__ import annotations

import base64
from hashlib import sha256

import pytest

from safeconduct.core.identity import SigningKey
from safeconduct.core.log import (
    NOTE_BYTES_MAX,
    SIGNATURES_MAX,
    KeyType,
    Note,
    NoteSignature,
    VerifierKey,
    parse_note,
    parse_signature_lines,
    sign_note,
    verify_note,
)
from safeconduct.core.log.note import TIMESTAMP_MAX, cosignature_message, join_cosignature, split_cosignature
from safeconduct.errors import KeyInvalid, LimitExceeded, NoteInvalid, SignatureInvalid
from tests.unit.core.log.sample import (
    LOG_KEY,
    LOG_SIGNER,
    NOON,
    ORIGIN,
    OTHER_KEY,
    OTHER_SIGNER,
    WITNESS,
    WITNESS_KEY,
    WITNESS_SIGNER,
)

TEXT = "Text of a note.\n"
SIGNATURE = sign_note(TEXT, ORIGIN, LOG_SIGNER)
NOTE = Note(TEXT, (SIGNATURE,))
LINE = SIGNATURE.line


def other(number: int) -> NoteSignature:
    """A signature by somebody nobody knows."""
    return NoteSignature(f"unknown.example/{number}", b"\x00\x00\x00\x01", b"s")


def cosigned(text: str, time: int = NOON) -> NoteSignature:
    signed = WITNESS_SIGNER.sign(cosignature_message(text, time))
    return NoteSignature(WITNESS, WITNESS_KEY.key_id, join_cosignature(time, signed))


# --- reading and writing ----------------------------------------------------------------------------------


def test_a_note_is_a_text_an_empty_line_and_signatures() -> None:
    """LOG-21, LOG-22"""
    encoded = base64.b64encode(LOG_KEY.key_id + SIGNATURE.signature).decode()
    assert NOTE.encode() == f"{TEXT}\n\u2014 {ORIGIN} {encoded}\n".encode()


@pytest.mark.parametrize("text", ["\n", "\n\n", "a\n\nb\n", "a\n\n", "\n\na\n", f"a\n\n{LINE}", "\u2014 a AAAAAAA=\n"])
def test_the_last_empty_line_ends_the_text(text: str) -> None:
    """LOG-21"""
    assert parse_note(Note(text, (SIGNATURE,)).encode()).text == text


@pytest.mark.parametrize("count", [1, 16, SIGNATURES_MAX])
def test_a_note_with_enough_signatures_is_read(count: int) -> None:
    """LOG-21"""
    note = Note(TEXT, tuple(other(number) for number in range(count)))
    assert parse_note(note.encode()) == note


def test_a_note_with_too_many_signatures_is_refused() -> None:
    """LOG-21"""
    lines = "".join(other(number).line for number in range(SIGNATURES_MAX + 1))
    with pytest.raises(LimitExceeded, match=f"at most {SIGNATURES_MAX} signatures, got {SIGNATURES_MAX + 1}"):
        parse_note(f"{TEXT}\n{lines}".encode())


@pytest.mark.parametrize("count", [0, SIGNATURES_MAX + 1])
def test_a_note_without_signatures_or_with_too_many_is_never_made(count: int) -> None:
    """LOG-21"""
    with pytest.raises(NoteInvalid, match=f"has 1 to {SIGNATURES_MAX} signatures, got {count}"):
        Note(TEXT, tuple(other(number) for number in range(count)))


def test_a_note_of_the_largest_size_is_read() -> None:
    """LOG-23"""
    text = "x" * (NOTE_BYTES_MAX - len(f"\n\n{LINE}".encode())) + "\n"
    data = Note(text, (SIGNATURE,)).encode()
    assert (len(data), parse_note(data).text) == (NOTE_BYTES_MAX, text)


def test_a_note_that_is_too_large_is_refused() -> None:
    """LOG-23"""
    with pytest.raises(LimitExceeded, match=f"at most {NOTE_BYTES_MAX} bytes, got {NOTE_BYTES_MAX + 1}"):
        parse_note(b"x" * (NOTE_BYTES_MAX + 1))


@pytest.mark.parametrize("text", ["", "no newline"])
def test_a_text_without_a_last_newline_is_never_signed(text: str) -> None:
    """LOG-21"""
    with pytest.raises(NoteInvalid, match="ends in a newline"):
        Note(text, (SIGNATURE,))


@pytest.mark.parametrize("text", ["a\tb\n", "\x00\n", "a\r\n"])
def test_a_text_with_a_control_character_is_never_signed(text: str) -> None:
    """LOG-23"""
    with pytest.raises(NoteInvalid, match="a note has no control characters"):
        Note(text, (SIGNATURE,))


@pytest.mark.parametrize(
    "data",
    [
        "",
        "\n",
        "\n\n",
        TEXT,
        LINE,
        f"\n{LINE}",
        f"{TEXT}\n",
        f"{TEXT}{LINE}",
        f"{TEXT}\n{LINE}".removesuffix("\n"),
        f"{TEXT}\n{LINE}\n",
        f"{TEXT}\n{LINE} ",
        f"{TEXT}\n{LINE}x",
        f"{TEXT}\n {LINE}",
        f"{TEXT}\n{LINE}".replace("\u2014", "-"),
        f"{TEXT}\n{LINE}".replace("\u2014", "\u2013"),
        f"{TEXT}\n{LINE}".replace("\u2014 ", "\u2014"),
        f"{TEXT}\n{LINE}".replace("\u2014 ", "\u2014  "),
        f"{TEXT}\n{LINE}".replace("\n\u2014", "\r\n\u2014"),
        f"{TEXT}\n{LINE}".replace("Text", "Te\x00xt"),
        f"{TEXT}\n{LINE}".replace("Text", "Te\txt"),
        f"{TEXT}\n\u2014\n",
        f"{TEXT}\n\u2014 \n",
        f"{TEXT}\n\u2014 {ORIGIN}\n",
        f"{TEXT}\n\u2014 {ORIGIN} \n",
        f"{TEXT}\n\u2014 {ORIGIN} AAAAAA==\n",
        f"{TEXT}\n\u2014 {ORIGIN} AAAAAAA\n",
        f"{TEXT}\n\u2014 {ORIGIN} AAAAAAB=\n",
        f"{TEXT}\n\u2014 {ORIGIN} AAAAAAA= \n",
        f"{TEXT}\n\u2014 {ORIGIN}  AAAAAAA=\n",
        f"{TEXT}\n\u2014 {ORIGIN} AAAAAAA= AAAAAAA=\n",
        f"{TEXT}\n\u2014 two words AAAAAAA=\n",
        f"{TEXT}\n\u2014 a+b AAAAAAA=\n",
        f"{TEXT}\n\u2014 a\u2003b AAAAAAA=\n",
        f"{TEXT}\n\u2014  AAAAAAA=\n",
    ],
)
def test_any_other_spelling_of_a_note_is_refused(data: str) -> None:
    """LOG-21, LOG-22, LOG-23, LOG-24, LOG-27"""
    with pytest.raises(NoteInvalid):
        parse_note(data.encode())


def test_a_note_that_is_not_utf_8_is_refused() -> None:
    """LOG-23"""
    with pytest.raises(NoteInvalid, match="a note is UTF-8"):
        parse_note(NOTE.encode().replace(b"Text", b"T\xff"))


@pytest.mark.parametrize(("key_id", "signature"), [(b"abc", b"s"), (b"abcde", b"s"), (b"abcd", b"")])
def test_a_signature_without_a_key_id_is_never_made(key_id: bytes, signature: bytes) -> None:
    """LOG-22"""
    with pytest.raises(NoteInvalid, match="a signature is a key ID of 4 bytes and at least one more"):
        NoteSignature("a", key_id, signature)


def test_signature_lines_alone_are_read() -> None:
    """LOG-22"""
    assert parse_signature_lines(LINE + other(1).line) == (SIGNATURE, other(1))


@pytest.mark.parametrize("text", ["", "\n", LINE[:-1], LINE + "\n", "\n" + LINE, LINE + "x"])
def test_anything_but_signature_lines_is_refused(text: str) -> None:
    """LOG-22"""
    with pytest.raises(NoteInvalid, match="signature"):
        parse_signature_lines(text)


def test_a_signature_is_added_once() -> None:
    """LOG-21"""
    assert NOTE.with_signatures([other(1), SIGNATURE, other(1)]).signatures == (SIGNATURE, other(1))


# --- keys -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("kind", "byte"), [(KeyType.ED25519, b"\x01"), (KeyType.COSIGNATURE_V1, b"\x04")])
def test_a_keys_id_is_of_its_name_type_and_bytes(kind: KeyType, byte: bytes) -> None:
    """LOG-25"""
    public = LOG_SIGNER.public
    expected = sha256(b"north.example/\xc3\xa8\n" + byte + public.raw).digest()[:4]
    assert VerifierKey("north.example/è", kind, public).key_id == expected


@pytest.mark.parametrize("key", [LOG_KEY, WITNESS_KEY, OTHER_KEY])
def test_a_key_is_read_as_it_was_written(key: VerifierKey) -> None:
    """LOG-26"""
    assert VerifierKey.from_text(key.text) == key


def test_a_key_whose_base64_holds_a_plus_is_read() -> None:
    """LOG-26"""
    signers = (SigningKey.from_seed(bytes([seed]) * 32) for seed in range(256))
    keys = (VerifierKey("a", KeyType.ED25519, signer.public) for signer in signers)
    key = next(key for key in keys if key.text.count("+") > 2)
    assert VerifierKey.from_text(key.text) == key


def _with_id(name: str, encoded: bytes) -> str:
    """A vkey with the ID that goes with it."""
    key_id = sha256(name.encode() + b"\n" + encoded).digest()[:4].hex()
    return f"{name}+{key_id}+{base64.b64encode(encoded).decode()}"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "+",
        ORIGIN,
        LOG_KEY.text.replace("+", " "),
        LOG_KEY.text.replace(ORIGIN, ""),
        LOG_KEY.text.replace(ORIGIN, "north.example/log"),
        LOG_KEY.text.replace(LOG_KEY.key_id.hex(), "00000000"),
        LOG_KEY.text.replace(LOG_KEY.key_id.hex(), ""),
        LOG_KEY.text.replace(LOG_KEY.key_id.hex(), LOG_KEY.key_id.hex().upper()),
        LOG_KEY.text.replace(LOG_KEY.key_id.hex(), LOG_KEY.key_id.hex() + "00"),
        LOG_KEY.text + "\n",
        " " + LOG_KEY.text,
        LOG_KEY.text + "=",
        _with_id("two words", b"\x01" + LOG_SIGNER.public.raw),
        _with_id("a\u2028b", b"\x01" + LOG_SIGNER.public.raw),
        _with_id("n" * 256, b"\x01" + LOG_SIGNER.public.raw),
        _with_id("è" * 128, b"\x01" + LOG_SIGNER.public.raw),
    ],
)
def test_any_other_spelling_of_a_key_is_refused(text: str) -> None:
    """LOG-24, LOG-26"""
    with pytest.raises(NoteInvalid):
        VerifierKey.from_text(text)


@pytest.mark.parametrize("name", ["n" * 255, "è" * 127, "\ud7ff", "\ue000"])
def test_a_name_of_up_to_255_bytes_is_read(name: str) -> None:
    """LOG-24"""
    key = VerifierKey(name, KeyType.ED25519, LOG_SIGNER.public)
    assert VerifierKey.from_text(key.text) == key


@pytest.mark.parametrize("half", [0xD800, 0xDFFF])
def test_a_name_that_is_not_text_is_refused(half: int) -> None:
    """LOG-24"""
    with pytest.raises(NoteInvalid, match="a key's name is not empty and has no space or plus"):
        VerifierKey(f"a{chr(half)}", KeyType.ED25519, LOG_SIGNER.public)


@pytest.mark.parametrize(
    "encoded", [b"", b"\x00" + bytes(32), b"\x02" + b"k" * 32, b"\x06" + b"k" * 1312, b"\xff" + b"k" * 40]
)
def test_a_key_of_a_type_that_we_do_not_verify_is_refused(encoded: bytes) -> None:
    """LOG-25"""
    with pytest.raises(KeyInvalid, match="a vkey has type 01 or 04"):
        VerifierKey.from_text(_with_id("a", encoded))


@pytest.mark.parametrize("raw", [b"k" * 31, b"k" * 33, bytes(32), b"\x01" + bytes(31)])
def test_a_key_that_no_honest_party_would_use_is_refused(raw: bytes) -> None:
    """LOG-25, LOG-30"""
    with pytest.raises(KeyInvalid, match="a public key"):
        VerifierKey.from_text(_with_id("a", b"\x01" + raw))


def test_a_name_has_no_space_in_the_sense_of_unicode() -> None:
    """LOG-24"""
    white_space = [0x20, 0x85, 0xA0, 0x1680, *range(0x2000, 0x200B), 0x2028, 0x2029, 0x202F, 0x205F, 0x3000]
    refused = []
    for code in range(0x20, 0x110000):
        if not 0xD800 <= code < 0xE000 and chr(code).isspace():
            with pytest.raises(NoteInvalid, match="has no space"):
                NoteSignature(f"a{chr(code)}b", b"abcd", b"s")
            refused.append(code)
    assert refused == white_space


# --- verifying --------------------------------------------------------------------------------------------


def test_a_signature_by_a_known_key_is_verified() -> None:
    """LOG-30"""
    assert verify_note(NOTE, [LOG_KEY]) == ((LOG_KEY, SIGNATURE),)


def test_a_cosignature_by_a_known_key_is_verified() -> None:
    """LOG-35, LOG-36"""
    line = cosigned(TEXT)
    assert verify_note(Note(TEXT, (line,)), [WITNESS_KEY]) == ((WITNESS_KEY, line),)


@pytest.mark.parametrize(
    "unknown",
    [
        other(1),
        NoteSignature("unknown.example", LOG_KEY.key_id, SIGNATURE.signature),
        NoteSignature(ORIGIN, b"\x00\x00\x00\x00", SIGNATURE.signature),
        NoteSignature(ORIGIN, VerifierKey(ORIGIN, KeyType.COSIGNATURE_V1, LOG_SIGNER.public).key_id, b"s" * 72),
    ],
)
def test_a_signature_by_an_unknown_key_is_ignored(unknown: NoteSignature) -> None:
    """LOG-28"""
    note = Note(TEXT, (unknown, SIGNATURE))
    assert verify_note(note, [LOG_KEY]) == ((LOG_KEY, SIGNATURE),)


@pytest.mark.parametrize(
    "signature",
    [
        SIGNATURE.signature[:-1],
        SIGNATURE.signature + b"\x00",
        bytes(64),
        SIGNATURE.signature[:63] + bytes([SIGNATURE.signature[63] ^ 1]),
        sign_note("Another text.\n", ORIGIN, LOG_SIGNER).signature,
        sign_note(TEXT, ORIGIN, OTHER_SIGNER).signature,
        sign_note(TEXT.removesuffix("\n"), ORIGIN, LOG_SIGNER).signature,
        sign_note(TEXT + "\n", ORIGIN, LOG_SIGNER).signature,
    ],
)
@pytest.mark.parametrize("first", [True, False])
def test_one_invalid_signature_by_a_known_key_spoils_the_note(signature: bytes, first: bool) -> None:
    """LOG-29, LOG-30"""
    broken = NoteSignature(ORIGIN, LOG_KEY.key_id, signature)
    lines = (broken, SIGNATURE, cosigned(TEXT)) if first else (cosigned(TEXT), SIGNATURE, broken)
    with pytest.raises(SignatureInvalid):
        verify_note(Note(TEXT, lines), [LOG_KEY, WITNESS_KEY])


@pytest.mark.parametrize("keys", [[], [OTHER_KEY], [VerifierKey("another.name", KeyType.ED25519, LOG_SIGNER.public)]])
def test_a_note_by_nobody_we_know_is_refused(keys: list[VerifierKey]) -> None:
    """LOG-29"""
    with pytest.raises(SignatureInvalid, match="no signature by a known key: expected one by"):
        verify_note(NOTE, keys)


def test_a_logs_signature_never_passes_for_a_cosignature() -> None:
    """LOG-25, LOG-36"""
    key = VerifierKey(ORIGIN, KeyType.COSIGNATURE_V1, LOG_SIGNER.public)
    with pytest.raises(SignatureInvalid, match="a cosignature has 72 bytes, got 64"):
        key.verify(TEXT, SIGNATURE.signature)


def test_a_cosignature_never_passes_for_a_logs_signature() -> None:
    """LOG-35"""
    key = VerifierKey(WITNESS, KeyType.ED25519, WITNESS_SIGNER.public)
    with pytest.raises(SignatureInvalid, match="does not verify"):
        key.verify(TEXT, cosigned(TEXT).signature[8:])


# --- cosignatures -----------------------------------------------------------------------------------------


def test_a_cosigner_signs_the_text_under_a_time() -> None:
    """LOG-35"""
    assert cosignature_message("a\n", 1_679_315_147) == b"cosignature/v1\ntime 1679315147\na\n"


@pytest.mark.parametrize("time", [0, 1, NOON, TIMESTAMP_MAX])
def test_the_time_of_a_cosignature_stands_before_it_in_eight_bytes(time: int) -> None:
    """LOG-36, LOG-37"""
    joined = join_cosignature(time, b"s" * 64)
    assert (joined, split_cosignature(joined)) == (time.to_bytes(8, "big") + b"s" * 64, (time, b"s" * 64))


def test_a_time_that_was_changed_is_refused() -> None:
    """LOG-35"""
    line = cosigned(TEXT)
    later = NoteSignature(WITNESS, WITNESS_KEY.key_id, join_cosignature(NOON + 1, line.signature[8:]))
    with pytest.raises(SignatureInvalid, match="does not verify"):
        verify_note(Note(TEXT, (later,)), [WITNESS_KEY])


@pytest.mark.parametrize("length", [0, 1, 64, 71, 73])
def test_a_cosignature_of_another_length_is_refused(length: int) -> None:
    """LOG-36"""
    with pytest.raises(SignatureInvalid, match=f"a cosignature has 72 bytes, got {length}"):
        split_cosignature(b"s" * length)


def test_a_cosignature_of_too_late_a_time_is_refused() -> None:
    """LOG-37"""
    with pytest.raises(SignatureInvalid, match=f"time is at most {TIMESTAMP_MAX}, got {TIMESTAMP_MAX + 1}"):
        split_cosignature(join_cosignature(TIMESTAMP_MAX + 1, b"s" * 64))
