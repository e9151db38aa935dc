from __future__ import annotations

import base64

import pytest

from safeconduct.core.identity import SigningKey
from safeconduct.core.log import (
    SIZE_MAX,
    Checkpoint,
    Cosignature,
    KeyType,
    Note,
    NoteSignature,
    VerifierKey,
    add_cosignatures,
    cosign,
    open_checkpoint,
    parse_checkpoint,
    sign_checkpoint,
    sign_note,
)
from safeconduct.errors import KeyInvalid, NoteInvalid, SignatureInvalid
from tests.unit.core.log.sample import (
    LOG_KEY,
    LOG_SIGNER,
    NOON,
    ORIGIN,
    OTHER,
    OTHER_KEY,
    OTHER_SIGNER,
    WITNESS,
    WITNESS_KEY,
    WITNESS_SIGNER,
)

ROOT = bytes(range(32))
ROOT_TEXT = base64.b64encode(ROOT).decode()
TEXT = f"{ORIGIN}\n7\n{ROOT_TEXT}\n"
SIGNED = sign_checkpoint(ORIGIN, 7, ROOT, LOG_SIGNER)
BY_WITNESS = cosign(SIGNED, WITNESS, WITNESS_SIGNER, NOON)
BY_OTHER = cosign(SIGNED, OTHER, OTHER_SIGNER, NOON + 1)


def signed_text(text: str, signer: SigningKey = LOG_SIGNER, name: str = ORIGIN) -> bytes:
    """A note with any text at all, under a log's signature."""
    return Note(text, (sign_note(text, name, signer),)).encode()


# --- the text ---------------------------------------------------------------------------------------------


def test_a_checkpoint_is_origin_size_and_root() -> None:
    """LOG-31"""
    assert Checkpoint(ORIGIN, 7, ROOT).text == TEXT


@pytest.mark.parametrize(
    "checkpoint",
    [
        Checkpoint(ORIGIN, 0, ROOT),
        Checkpoint("a", SIZE_MAX, ROOT),
        Checkpoint("è/日本", 1, ROOT),
        Checkpoint(ORIGIN, 7, ROOT, ("an extension", " ", "— a AAAAAAA=")),
    ],
)
def test_a_checkpoint_is_read_as_it_was_written(checkpoint: Checkpoint) -> None:
    """LOG-31, LOG-32"""
    assert parse_checkpoint(checkpoint.text) == checkpoint


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n",
        ORIGIN,
        f"{ORIGIN}\n7\n",
        f"{ORIGIN}\n7\n{ROOT_TEXT}",
        f"{ORIGIN}\n7\n{ROOT_TEXT}\n\n",
        f"{ORIGIN}\n7\n{ROOT_TEXT}\n\nextension\n",
        f"\n7\n{ROOT_TEXT}\n",
        f"two words\n7\n{ROOT_TEXT}\n",
        f"a+b\n7\n{ROOT_TEXT}\n",
        f"{ORIGIN}\n\n{ROOT_TEXT}\n",
        f"{ORIGIN}\n07\n{ROOT_TEXT}\n",
        f"{ORIGIN}\n-7\n{ROOT_TEXT}\n",
        f"{ORIGIN}\n7 \n{ROOT_TEXT}\n",
        f"{ORIGIN}\n{SIZE_MAX + 1}\n{ROOT_TEXT}\n",
        f"{ORIGIN}\n7\n\n",
        f"{ORIGIN}\n7\n{ROOT.hex()}\n",
        f"{ORIGIN}\n7\n{base64.b64encode(ROOT[:31]).decode()}\n",
        f"{ORIGIN}\n7\n{base64.b64encode(ROOT + ROOT).decode()}\n",
        f"{ORIGIN}\r\n7\r\n{ROOT_TEXT}\r\n",
    ],
)
def test_any_other_spelling_of_a_checkpoint_is_refused(text: str) -> None:
    """LOG-7, LOG-31, LOG-32"""
    with pytest.raises(NoteInvalid):
        parse_checkpoint(text)


@pytest.mark.parametrize(
    ("size", "root", "extensions"),
    [
        (-1, ROOT, ()),
        (SIZE_MAX + 1, ROOT, ()),
        (7, ROOT[:31], ()),
        (7, ROOT, ("",)),
        (7, ROOT, ("a\nb",)),
        (7, ROOT, ("a\tb",)),
    ],
)
def test_a_checkpoint_that_could_not_be_read_is_never_made(size: int, root: bytes, extensions: tuple[str, ...]) -> None:
    """LOG-31, LOG-32"""
    with pytest.raises(NoteInvalid):
        Checkpoint(ORIGIN, size, root, extensions)


# --- signing and opening ----------------------------------------------------------------------------------


def test_a_signed_checkpoint_opens_under_the_logs_key() -> None:
    """LOG-30, LOG-33"""
    assert open_checkpoint(SIGNED.note.encode(), LOG_KEY) == SIGNED


def test_a_signed_checkpoint_says_three_things() -> None:
    """LOG-31"""
    assert (SIGNED.origin, SIGNED.size, SIGNED.root) == (ORIGIN, 7, ROOT)


def test_our_logs_write_nothing_below_the_root() -> None:
    """LOG-32"""
    assert SIGNED.note.text == TEXT


def test_another_logs_extension_lines_are_kept() -> None:
    """LOG-32"""
    data = signed_text(f"{TEXT}an extension\n")
    opened = open_checkpoint(data, LOG_KEY)
    assert (opened.checkpoint.extensions, opened.note.encode()) == (("an extension",), data)


@pytest.mark.parametrize("origin", ["", "two words", "a+b", "a\nb", "n" * 256])
def test_a_log_with_a_name_that_no_key_can_have_never_signs(origin: str) -> None:
    """LOG-24, LOG-33"""
    with pytest.raises(NoteInvalid):
        sign_checkpoint(origin, 7, ROOT, LOG_SIGNER)


def test_a_checkpoint_of_another_origin_than_its_keys_name_is_refused() -> None:
    """LOG-33"""
    data = signed_text(TEXT.replace(ORIGIN, "north.example/log/other"))
    with pytest.raises(NoteInvalid, match=f"by {ORIGIN} has that origin, got 'north.example/log/other'"):
        open_checkpoint(data, LOG_KEY)


def test_a_note_by_the_log_that_is_no_checkpoint_is_refused() -> None:
    """LOG-31"""
    with pytest.raises(NoteInvalid, match="a checkpoint is three lines or more"):
        open_checkpoint(signed_text("Text.\n"), LOG_KEY)


def test_a_checkpoint_without_its_logs_signature_is_refused() -> None:
    """LOG-34"""
    data = Note(TEXT, (BY_WITNESS,)).encode()
    with pytest.raises(SignatureInvalid, match="no signature by the log itself"):
        open_checkpoint(data, LOG_KEY, [WITNESS_KEY])


def test_a_checkpoint_signed_by_another_key_under_the_logs_name_is_refused() -> None:
    """LOG-28, LOG-29"""
    with pytest.raises(SignatureInvalid, match="no signature by a known key"):
        open_checkpoint(signed_text(TEXT, OTHER_SIGNER), LOG_KEY)


def test_cosignatures_by_known_cosigners_are_verified_and_others_kept() -> None:
    """LOG-28, LOG-35"""
    data = SIGNED.note.with_signatures([BY_WITNESS, BY_OTHER]).encode()
    opened = open_checkpoint(data, LOG_KEY, [OTHER_KEY])
    assert (opened.cosignatures, opened.note.encode()) == ((Cosignature(OTHER_KEY, NOON + 1, BY_OTHER),), data)


def test_an_invalid_cosignature_by_a_known_cosigner_spoils_the_checkpoint() -> None:
    """LOG-29"""
    larger = sign_checkpoint(ORIGIN, 8, ROOT, LOG_SIGNER)
    data = larger.note.with_signatures([BY_WITNESS]).encode()
    with pytest.raises(SignatureInvalid, match="does not verify"):
        open_checkpoint(data, LOG_KEY, [WITNESS_KEY])


def test_a_cosigners_key_is_never_taken_for_a_logs() -> None:
    """LOG-25"""
    with pytest.raises(KeyInvalid, match="has type 01 here, got 04"):
        open_checkpoint(SIGNED.note.encode(), WITNESS_KEY)


def test_a_logs_key_is_never_taken_for_a_cosigners() -> None:
    """LOG-25"""
    with pytest.raises(KeyInvalid, match="has type 04 here, got 01"):
        open_checkpoint(SIGNED.note.encode(), LOG_KEY, [LOG_KEY])


# --- cosigning --------------------------------------------------------------------------------------------


def test_a_cosignature_is_76_bytes_with_the_key_id() -> None:
    """LOG-36"""
    data = BY_WITNESS.key_id + BY_WITNESS.signature
    assert (len(data), data[:12]) == (76, WITNESS_KEY.key_id + NOON.to_bytes(8, "big"))


def test_a_cosigner_signs_another_logs_extension_lines_too() -> None:
    """LOG-35"""
    extended = open_checkpoint(signed_text(f"{TEXT}an extension\n"), LOG_KEY)
    line = cosign(extended, WITNESS, WITNESS_SIGNER, NOON)
    signed = f"cosignature/v1\ntime {NOON}\n{TEXT}an extension\n".encode()
    assert line.signature[8:] == WITNESS_SIGNER.sign(signed)


@pytest.mark.parametrize("time", [0, 2**63 - 1])
def test_a_cosigner_signs_any_time_that_can_be(time: int) -> None:
    """LOG-37"""
    added = add_cosignatures(SIGNED, [cosign(SIGNED, WITNESS, WITNESS_SIGNER, time)], [WITNESS_KEY])
    assert [cosignature.time for cosignature in added.cosignatures] == [time]


@pytest.mark.parametrize("time", [-1, 2**63])
def test_a_cosigner_never_signs_a_time_that_cannot_be(time: int) -> None:
    """LOG-37"""
    with pytest.raises(NoteInvalid, match=f"a cosignature's time is 0 to {2**63 - 1}, got {time}"):
        cosign(SIGNED, WITNESS, WITNESS_SIGNER, time)


def test_only_verified_cosignatures_are_added() -> None:
    """LOG-39"""
    unknown = NoteSignature("unknown.example", b"abcd", b"s")
    added = add_cosignatures(SIGNED, [unknown, BY_OTHER, BY_WITNESS, BY_WITNESS], [WITNESS_KEY])
    assert (added.note.signatures, added.cosignatures) == (
        (*SIGNED.note.signatures, BY_WITNESS),
        (Cosignature(WITNESS_KEY, NOON, BY_WITNESS),),
    )


def test_a_cosignature_is_added_once() -> None:
    """LOG-39"""
    once = add_cosignatures(SIGNED, [BY_WITNESS], [WITNESS_KEY])
    assert add_cosignatures(once, [BY_WITNESS], [WITNESS_KEY]) == once


def test_an_answer_without_a_cosignature_by_those_asked_adds_nothing() -> None:
    """LOG-39"""
    with pytest.raises(SignatureInvalid, match=f"expected one by {WITNESS}"):
        add_cosignatures(SIGNED, [BY_OTHER], [WITNESS_KEY])


def test_a_log_is_never_added_as_its_own_cosigner() -> None:
    """LOG-39"""
    with pytest.raises(KeyInvalid, match="has type 04 here, got 01"):
        add_cosignatures(SIGNED, SIGNED.note.signatures, [LOG_KEY])


def test_what_is_shown_to_others_has_verified_signatures_alone() -> None:
    """LOG-39"""
    unknown = NoteSignature("unknown.example", b"abcd", b"s")
    crowded = SIGNED.note.with_signatures([unknown, BY_WITNESS, BY_OTHER])
    opened = open_checkpoint(crowded.encode(), LOG_KEY, [WITNESS_KEY])
    assert opened.verified_note == Note(TEXT, (SIGNED.signature, BY_WITNESS))


def test_one_key_under_two_types_has_two_ids() -> None:
    """LOG-25"""
    as_log = VerifierKey("a", KeyType.ED25519, LOG_SIGNER.public)
    as_cosigner = VerifierKey("a", KeyType.COSIGNATURE_V1, LOG_SIGNER.public)
    assert as_log.key_id != as_cosigner.key_id
