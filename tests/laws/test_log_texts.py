"""Texts that carry signatures have one spelling each, and not one byte of them can be changed unnoticed."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safeconduct.core.log import (
    AddCheckpoint,
    Cosign,
    KnownLog,
    ProofFile,
    VerifierKey,
    consistency_proof,
    cosign,
    decide,
    find_equivocation,
    inclusion_proof,
    open_checkpoint,
    parse_add_checkpoint,
    parse_equivocation,
    parse_note,
    parse_proof_file,
    verify_equivocation,
    verify_proof_file,
)
from safeconduct.errors import KeyInvalid, SafeconductError
from tests.unit.core.log.sample import (
    LOG_KEY,
    NOON,
    ORIGIN,
    WITNESS,
    WITNESS_KEY,
    WITNESS_SIGNER,
    SampleLog,
    leaves,
)

SEVEN = SampleLog(leaves(7))
FIVE = SampleLog(leaves(5))
FORK = SampleLog(leaves(5, "other"))
SIGNED = SEVEN.signed()
COSIGNED = SIGNED.note.with_signatures([cosign(SIGNED, WITNESS, WITNESS_SIGNER, NOON)])
EVIDENCE = find_equivocation(SIGNED, FORK.signed(), SEVEN.read_tile)
assert EVIDENCE is not None


def check_note(data: bytes) -> None:
    opened = open_checkpoint(data, LOG_KEY, [WITNESS_KEY])
    # Both lines are needed: a line under a changed name is one by a stranger, and ignored.
    if len(opened.cosignatures) != 1:
        raise KeyInvalid("no cosignature")


def check_proof_file(data: bytes) -> None:
    verify_proof_file(parse_proof_file(data), SEVEN.leaves[2], LOG_KEY, [WITNESS_KEY], cosigners_required=1)


def check_evidence(data: bytes) -> None:
    verify_equivocation(parse_equivocation(data), LOG_KEY)


def check_request(data: bytes) -> None:
    decision = decide(data, {ORIGIN: KnownLog(LOG_KEY, FIVE.signed())})
    if not isinstance(decision, Cosign):
        raise KeyInvalid(f"answered {decision.answer.status}")


def check_key(data: bytes) -> None:
    if VerifierKey.from_text(data.decode("utf-8", "replace")) != LOG_KEY:
        raise KeyInvalid("another key")


NOTE_BYTES = COSIGNED.encode()
PROOF_FILE_BYTES = ProofFile(2, inclusion_proof(2, 7, SEVEN.read_tile), COSIGNED).encode()
EVIDENCE_BYTES = EVIDENCE.encode()
REQUEST_BYTES = AddCheckpoint(5, consistency_proof(5, 7, SEVEN.read_tile), SIGNED.note).encode()
KEY_BYTES = LOG_KEY.text.encode()

CHECKS = pytest.mark.parametrize(
    ("data", "check"),
    [
        (NOTE_BYTES, check_note),
        (PROOF_FILE_BYTES, check_proof_file),
        (EVIDENCE_BYTES, check_evidence),
        (REQUEST_BYTES, check_request),
        (KEY_BYTES, check_key),
    ],
    ids=["note", "proof file", "evidence", "request", "key"],
)


@CHECKS
@pytest.mark.slow
def test_not_one_bit_can_be_changed(data: bytes, check: Callable[[bytes], None]) -> None:
    """LOG-17, LOG-27, LOG-29, LOG-58, LOG-62"""
    check(data)
    for at in range(len(data)):
        for bit in range(8):
            with pytest.raises(SafeconductError):
                check(data[:at] + bytes([data[at] ^ (1 << bit)]) + data[at + 1 :])


@CHECKS
def test_not_one_byte_can_be_left_out_or_added(data: bytes, check: Callable[[bytes], None]) -> None:
    """LOG-17, LOG-27, LOG-29, LOG-58, LOG-62"""
    for at in range(len(data) + 1):
        for changed in (data[:at] + data[at + 1 :], data[:at] + b"\n" + data[at:], data[:at] + b" " + data[at:]):
            if changed != data:
                with pytest.raises(SafeconductError):
                    check(changed)


def _edited(data: bytes) -> st.SearchStrategy[bytes]:
    """The text with a few pieces of it repeated, left out or replaced by what such texts are made of."""
    pieces = st.sampled_from(
        [b"", b"\n", b"\n\n", b" ", b"=", b"0", b"extra AA==\n", "— a AAAAAAA=\n".encode(), b"A" * 44]
    )
    places = st.integers(0, len(data))
    edits = st.lists(st.tuples(places, places, pieces), min_size=1, max_size=3)

    def apply(chosen: list[tuple[int, int, bytes]]) -> bytes:
        edited = data
        for one, other, piece in chosen:
            start, end = sorted((one, other))
            edited = edited[:start] + piece + edited[min(end, start + 40) :]
        return edited

    return edits.map(apply)


@given(_edited(NOTE_BYTES))
def test_a_note_that_is_accepted_is_the_one_that_is_written(data: bytes) -> None:
    """LOG-27"""
    try:
        note = parse_note(data)
    except SafeconductError:
        return
    assert note.encode() == data


@given(_edited(PROOF_FILE_BYTES))
def test_a_proof_file_that_is_accepted_is_the_one_that_is_written(data: bytes) -> None:
    """LOG-62"""
    try:
        file = parse_proof_file(data)
    except SafeconductError:
        return
    assert file.encode() == data


@given(_edited(EVIDENCE_BYTES))
def test_evidence_that_is_accepted_is_the_one_that_is_written(data: bytes) -> None:
    """LOG-58"""
    try:
        evidence = parse_equivocation(data)
    except SafeconductError:
        return
    assert evidence.encode() == data


@given(_edited(REQUEST_BYTES))
def test_a_request_that_is_accepted_is_the_one_that_is_written(data: bytes) -> None:
    """LOG-40"""
    try:
        request = parse_add_checkpoint(data)
    except SafeconductError:
        return
    assert request.encode() == data


@given(st.binary(max_size=200))
def test_arbitrary_bytes_are_refused_with_our_own_errors(data: bytes) -> None:
    """LOG-21, LOG-40, LOG-58, LOG-62"""
    for parse in (parse_note, parse_proof_file, parse_equivocation, parse_add_checkpoint):
        with pytest.raises(SafeconductError):
            parse(data)
