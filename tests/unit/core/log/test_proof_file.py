from __future__ import annotations

import base64

import pytest

from safeconduct.core.identity import SigningKey
from safeconduct.core.log import (
    ENTRY_BYTES_MAX,
    NOTE_BYTES_MAX,
    PROOF_FILE_BYTES_MAX,
    SIZE_MAX,
    KeyType,
    Note,
    NoteSignature,
    ProofFile,
    VerifierKey,
    cosign,
    inclusion_proof,
    parse_proof_file,
    verify_proof_file,
)
from safeconduct.errors import LimitExceeded, NoteInvalid, ProofInvalid, SignatureInvalid
from tests.unit.core.log.sample import (
    LOG_KEY,
    NOON,
    OTHER,
    OTHER_KEY,
    OTHER_SIGNER,
    WITNESS,
    WITNESS_KEY,
    WITNESS_SIGNER,
    SampleLog,
    leaves,
)

SEVEN = SampleLog(leaves(7))
SIGNED = SEVEN.signed()
BY_WITNESS = cosign(SIGNED, WITNESS, WITNESS_SIGNER, NOON)
BY_OTHER = cosign(SIGNED, OTHER, OTHER_SIGNER, NOON)
COSIGNED = SIGNED.note.with_signatures([BY_WITNESS])
FILE = ProofFile(2, inclusion_proof(2, 7, SEVEN.read_tile), COSIGNED)


def verified_size(file: ProofFile, leaf: bytes = SEVEN.leaves[2], required: int = 1) -> int:
    return verify_proof_file(file, leaf, LOG_KEY, [WITNESS_KEY, OTHER_KEY], cosigners_required=required).size


# --- reading and writing ----------------------------------------------------------------------------------


def test_a_proof_file_is_an_index_a_proof_and_a_checkpoint() -> None:
    """LOG-59"""
    hashes = "".join(f"{base64.b64encode(part).decode()}\n" for part in FILE.proof)
    assert FILE.encode() == f"c2sp.org/tlog-proof@v1\nindex 2\n{hashes}\n".encode() + COSIGNED.encode()


def test_an_extra_stands_before_the_index() -> None:
    """LOG-59, LOG-61"""
    with_extra = ProofFile(0, (), COSIGNED, b"extra data")
    assert with_extra.encode().startswith(b"c2sp.org/tlog-proof@v1\nextra ZXh0cmEgZGF0YQ==\nindex 0\n\n")


@pytest.mark.parametrize(
    "file",
    [
        FILE,
        ProofFile(0, (), COSIGNED),
        ProofFile(SIZE_MAX, (bytes(32),) * 63, COSIGNED),
        ProofFile(2, FILE.proof, COSIGNED, b"\x00"),
        ProofFile(2, FILE.proof, COSIGNED, b"x" * ENTRY_BYTES_MAX),
    ],
)
def test_a_proof_file_is_read_as_it_was_written(file: ProofFile) -> None:
    """LOG-59"""
    assert parse_proof_file(file.encode()) == file


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("@v1", "@v2"),
        ("@v1\n", "@v1\r\n"),
        ("@v1\n", "@v1\n\n"),
        ("@v1\n", "@v1\nextra \n"),
        ("@v1\n", "@v1\nextra AA\n"),
        ("@v1\n", "@v1\nextra AB==\n"),
        ("@v1\n", "@v1\nextra AA==\nextra AA==\n"),
        ("@v1\n", "@v1\nExtra AA==\n"),
        ("index 2\n", ""),
        ("index 2\n", "index 2\nextra AA==\n"),
        ("index 2\n", "index 2\nindex 2\n"),
        ("index 2\n", "index 02\n"),
        ("index 2\n", "index  2\n"),
        ("index 2\n", "index 2 \n"),
        ("index 2\n", "index -2\n"),
        ("index 2\n", f"index {SIZE_MAX + 1}\n"),
        ("index 2\n", "index 2\nAAAA\n"),
        ("\n\n", "\n"),
        ("\n\n", "\n\n\n"),
        ("c2sp.org/tlog-proof@v1\n", ""),
        ("c2sp.org", "\nc2sp.org"),
        ("c2sp.org", "\ufeffc2sp.org"),
    ],
)
def test_any_other_spelling_of_a_proof_file_is_refused(old: str, new: str) -> None:
    """LOG-62"""
    data = FILE.encode().replace(old.encode(), new.encode(), 1)
    with pytest.raises((NoteInvalid, SignatureInvalid)):
        verified_size(parse_proof_file(data))


@pytest.mark.parametrize("head", ["", "c2sp.org/tlog-proof@v1", "c2sp.org/tlog-proof@v1\nextra AA=="])
def test_a_proof_file_without_an_index_is_refused(head: str) -> None:
    """LOG-59, LOG-62"""
    with pytest.raises(NoteInvalid):
        parse_proof_file(f"{head}\n\n".encode() + COSIGNED.encode())


def test_a_proof_file_with_anything_after_it_is_refused() -> None:
    """LOG-62"""
    with pytest.raises(NoteInvalid):
        parse_proof_file(FILE.encode() + b"x")


def test_a_proof_file_with_more_hashes_than_a_proof_can_have_is_refused() -> None:
    """LOG-19"""
    data = FILE.encode().replace(b"index 2\n", b"index 2\n" + (b"A" * 43 + b"=\n") * 61)
    with pytest.raises(LimitExceeded, match="at most 63 hashes, got 64"):
        parse_proof_file(data)


def test_a_proof_file_with_the_largest_parts_is_read() -> None:
    """LOG-19, LOG-23, LOG-61"""
    room = NOTE_BYTES_MAX - len(SIGNED.note.encode()) - len("\n")
    long = Note(f"{SIGNED.note.text}{'x' * room}\n", (SIGNED.signature,))
    file = ProofFile(SIZE_MAX, (bytes(32),) * 63, long, b"x" * ENTRY_BYTES_MAX)
    assert parse_proof_file(file.encode()) == file


def test_a_proof_file_that_is_too_large_is_refused() -> None:
    """LOG-61"""
    with pytest.raises(LimitExceeded, match=f"at most {PROOF_FILE_BYTES_MAX} bytes"):
        parse_proof_file(b"x" * (PROOF_FILE_BYTES_MAX + 1))


@pytest.mark.parametrize("index", [-1, SIZE_MAX + 1])
def test_an_index_that_no_entry_has_is_never_written(index: int) -> None:
    """LOG-59"""
    with pytest.raises(NoteInvalid, match=f"got {index}"):
        ProofFile(index, (), COSIGNED)


def test_an_extra_that_is_too_long_is_never_written() -> None:
    """LOG-61"""
    with pytest.raises(LimitExceeded, match="extra has at most 65535 bytes, got 65536"):
        ProofFile(2, FILE.proof, COSIGNED, b"x" * (ENTRY_BYTES_MAX + 1))


def test_a_proof_that_is_too_long_is_never_written() -> None:
    """LOG-19"""
    with pytest.raises(LimitExceeded, match="at most 63 hashes, got 64"):
        ProofFile(2, (bytes(32),) * 64, COSIGNED)


# --- verifying --------------------------------------------------------------------------------------------


def test_a_proof_file_proves_its_entry() -> None:
    """LOG-60"""
    assert verified_size(FILE) == 7


@pytest.mark.parametrize("index", [index for index in range(7) if index != 2])
def test_a_proof_file_proves_no_other_entry(index: int) -> None:
    """LOG-18, LOG-60"""
    with pytest.raises(ProofInvalid):
        verified_size(FILE, SEVEN.leaves[index])


@pytest.mark.parametrize("index", [0, 1, 3, 6, 7])
def test_a_proof_file_with_another_index_proves_nothing(index: int) -> None:
    """LOG-18, LOG-60"""
    with pytest.raises(ProofInvalid):
        verified_size(ProofFile(index, FILE.proof, COSIGNED))


def test_a_proof_file_under_another_logs_key_proves_nothing() -> None:
    """LOG-60"""
    another = SEVEN.signed(OTHER_SIGNER)
    with pytest.raises(SignatureInvalid):
        verified_size(ProofFile(2, FILE.proof, another.note), required=0)


@pytest.mark.parametrize(("lines", "required"), [([], 0), ([BY_WITNESS], 1), ([BY_WITNESS, BY_OTHER], 2)])
def test_as_many_cosigners_as_required_are_enough(lines: list[NoteSignature], required: int) -> None:
    """LOG-60"""
    assert verified_size(ProofFile(2, FILE.proof, SIGNED.note.with_signatures(lines)), required=required) == 7


@pytest.mark.parametrize(("lines", "required"), [([], 1), ([BY_WITNESS], 2), ([BY_WITNESS, BY_OTHER], 3)])
def test_fewer_cosigners_than_required_prove_nothing(lines: list[NoteSignature], required: int) -> None:
    """LOG-60"""
    with pytest.raises(SignatureInvalid, match=f"needs {required} cosigners, got {len(lines)}"):
        verified_size(ProofFile(2, FILE.proof, SIGNED.note.with_signatures(lines)), required=required)


def test_one_cosigner_is_never_counted_twice() -> None:
    """LOG-38"""
    later = cosign(SIGNED, WITNESS, WITNESS_SIGNER, NOON + 1)
    alias = VerifierKey("alias.example", KeyType.COSIGNATURE_V1, WITNESS_SIGNER.public)
    lines = [BY_WITNESS, later, cosign(SIGNED, alias.name, WITNESS_SIGNER, NOON)]
    file = ProofFile(2, FILE.proof, SIGNED.note.with_signatures(lines))
    with pytest.raises(SignatureInvalid, match="needs 2 cosigners, got 1"):
        verify_proof_file(file, SEVEN.leaves[2], LOG_KEY, [WITNESS_KEY, alias], cosigners_required=2)


@pytest.mark.parametrize("signer", [OTHER_SIGNER, SigningKey.from_seed(b"\x09" * 32)])
def test_a_false_cosignature_under_a_known_name_proves_nothing(signer: SigningKey) -> None:
    """LOG-29, LOG-60"""
    false = NoteSignature(WITNESS, WITNESS_KEY.key_id, cosign(SIGNED, WITNESS, signer, NOON).signature)
    with pytest.raises(SignatureInvalid):
        verified_size(ProofFile(2, FILE.proof, Note(SIGNED.note.text, (SIGNED.signature, BY_OTHER, false))))


def test_an_extra_changes_nothing() -> None:
    """LOG-61"""
    assert verified_size(ProofFile(2, FILE.proof, COSIGNED, b"believe me")) == 7
