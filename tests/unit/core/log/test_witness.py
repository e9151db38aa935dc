from __future__ import annotations

import pytest

from safeconduct.core.identity import SigningKey
from safeconduct.core.log import (
    CONTENT_TYPE_SIZE,
    EMPTY_ROOT,
    NOTE_BYTES_MAX,
    REQUEST_BYTES_MAX,
    SIZE_MAX,
    AddCheckpoint,
    Answer,
    AtSize,
    Contradicted,
    Cosign,
    Cosigned,
    Decline,
    Declined,
    KnownLog,
    Note,
    SignedCheckpoint,
    add_cosignatures,
    answer_cosigned,
    consistency_proof,
    cosign,
    decide,
    full_consistency_proof,
    parse_add_checkpoint,
    read_answer,
    sign_checkpoint,
    sign_note,
    verify_equivocation,
)
from safeconduct.errors import LimitExceeded, NoteInvalid, SignatureInvalid, Unavailable
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
    SampleLog,
    leaves,
)

SEVEN = SampleLog(leaves(7))
THREE = SampleLog(leaves(3))
FORK = SampleLog(leaves(7, "other"))
FORK_OF_THREE = SampleLog(leaves(3, "other"))
PROOF = consistency_proof(3, 7, SEVEN.read_tile)

NEVER = {ORIGIN: KnownLog(LOG_KEY, None)}
AT_THREE = {ORIGIN: KnownLog(LOG_KEY, THREE.signed())}
AT_SEVEN = {ORIGIN: KnownLog(LOG_KEY, SEVEN.signed())}


def request(old: int, proof: tuple[bytes, ...], checkpoint: SignedCheckpoint) -> bytes:
    return AddCheckpoint(old, proof, checkpoint.note).encode()


def declined(body: bytes, known: dict[str, KnownLog]) -> Decline:
    decision = decide(body, known)
    assert isinstance(decision, Decline)
    return decision


# --- the request ------------------------------------------------------------------------------------------


def test_a_request_is_an_old_size_a_proof_and_a_checkpoint() -> None:
    """LOG-40"""
    body = AddCheckpoint(4, (bytes(32),), SEVEN.signed().note).encode()
    assert body == b"old 4\n" + b"A" * 43 + b"=\n\n" + SEVEN.signed().note.encode()


@pytest.mark.parametrize("proof", [(), PROOF, (bytes(32),) * 63])
def test_a_request_is_read_as_it_was_written(proof: tuple[bytes, ...]) -> None:
    """LOG-40"""
    written = AddCheckpoint(3, proof, SEVEN.signed().note)
    assert parse_add_checkpoint(written.encode()) == written


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("old 3", ""),
        ("old 3", "3"),
        ("old 3", "old"),
        ("old 3", "old  3"),
        ("old 3", "old 03"),
        ("old 3", "old -3"),
        ("old 3", "Old 3"),
        ("old 3", "old 3 "),
        ("old 3\n", "old 3\r\n"),
        ("old 3\n", "\nold 3\n"),
        ("old 3\n", "old 3\n\n"),
        ("old 3\n", "old 3\nAAAA\n"),
        ("old 3\n", "old 3\n" + "A" * 44 + "\n"),
        ("\n\n", "\n"),
        ("\n\n", "\n\n\n"),
    ],
)
def test_a_request_that_cannot_be_read_is_answered_400(old: str, new: str) -> None:
    """LOG-40, LOG-41"""
    body = request(3, PROOF, SEVEN.signed()).replace(old.encode(), new.encode(), 1)
    assert declined(body, AT_THREE).answer.status == 400


def test_a_proof_of_64_hashes_is_answered_400() -> None:
    """LOG-19, LOG-40, LOG-41"""
    answer = declined(request(3, (bytes(32),) * 64, SEVEN.signed()), AT_THREE).answer
    assert answer == Answer(400, b"a proof has at most 63 hashes, got 64\n")


def test_a_request_that_is_too_large_is_answered_400() -> None:
    """LOG-41"""
    answer = declined(b"x" * (REQUEST_BYTES_MAX + 1), AT_THREE).answer
    reason = f"a request has at most {REQUEST_BYTES_MAX} bytes, got {REQUEST_BYTES_MAX + 1}\n"
    assert answer == Answer(400, reason.encode())


def test_a_request_with_the_largest_note_and_the_longest_proof_is_read() -> None:
    """LOG-40"""
    signed = SEVEN.signed()
    room = NOTE_BYTES_MAX - len(signed.note.encode()) - len("\n")
    long = Note(f"{signed.note.text}{'x' * room}\n", (signed.signature,))
    written = AddCheckpoint(SIZE_MAX, (bytes(32),) * 63, long)
    assert parse_add_checkpoint(written.encode()) == written


def test_a_note_that_is_no_checkpoint_is_answered_400() -> None:
    """LOG-41"""
    note = Note("Text.\n", (sign_note("Text.\n", ORIGIN, LOG_SIGNER),))
    assert declined(AddCheckpoint(3, PROOF, note).encode(), AT_THREE).answer.status == 400


# --- the decision -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("known", "old", "proof", "log"),
    [
        (NEVER, 0, (), SampleLog([])),
        (NEVER, 0, (), SEVEN),
        (AT_THREE, 3, PROOF, SEVEN),
        (AT_SEVEN, 7, (), SEVEN),
        ({ORIGIN: KnownLog(LOG_KEY, SampleLog([]).signed())}, 0, (), SEVEN),
    ],
    ids=["empty log", "first sight", "growth", "repeat", "from nothing"],
)
def test_a_log_that_has_merely_grown_is_cosigned(
    known: dict[str, KnownLog], old: int, proof: tuple[bytes, ...], log: SampleLog
) -> None:
    """LOG-47"""
    assert decide(request(old, proof, log.signed()), known) == Cosign(log.signed())


def test_the_answer_is_cosignature_lines_and_nothing_else() -> None:
    """LOG-47"""
    lines = [cosign(SEVEN.signed(), WITNESS, WITNESS_SIGNER, NOON), cosign(SEVEN.signed(), OTHER, OTHER_SIGNER, NOON)]
    assert answer_cosigned(lines) == Answer(200, (lines[0].line + lines[1].line).encode())


def test_an_unknown_log_is_answered_404() -> None:
    """LOG-42"""
    answer = declined(request(0, (), SEVEN.signed()), {}).answer
    assert answer == Answer(404, f"no such log here: {ORIGIN}\n".encode())


@pytest.mark.parametrize("signer", [OTHER_SIGNER, WITNESS_SIGNER])
def test_a_checkpoint_that_the_log_did_not_sign_is_answered_403(signer: SigningKey) -> None:
    """LOG-43"""
    decision = declined(request(3, PROOF, SEVEN.signed(signer)), AT_THREE)
    assert (decision.answer.status, decision.evidence, decision.unproven) == (403, None, None)


def test_a_checkpoint_with_an_invalid_signature_by_the_log_is_answered_403() -> None:
    """LOG-29, LOG-43"""
    signed = SEVEN.signed()
    broken = Note(signed.note.text, (signed.signature, FORK.signed().signature))
    assert declined(AddCheckpoint(3, PROOF, broken).encode(), AT_THREE).answer.status == 403


@pytest.mark.parametrize("known", [NEVER, AT_THREE, AT_SEVEN])
def test_an_old_size_above_the_new_one_is_answered_400(known: dict[str, KnownLog]) -> None:
    """LOG-44"""
    answer = declined(request(8, (), SEVEN.signed()), known).answer
    assert answer == Answer(400, b"old size 8 is above the checkpoint's, 7\n")


@pytest.mark.parametrize(
    ("known", "old", "latest"), [(NEVER, 3, 0), (AT_THREE, 0, 3), (AT_THREE, 4, 3), (AT_THREE, 7, 3), (AT_SEVEN, 3, 7)]
)
def test_another_old_size_is_answered_409_with_the_right_one(known: dict[str, KnownLog], old: int, latest: int) -> None:
    """LOG-45"""
    answer = declined(request(old, PROOF, SEVEN.signed()), known).answer
    assert answer == Answer(409, f"{latest}\n".encode(), "text/x.tlog.size")


IMPOSSIBLE = sign_checkpoint(ORIGIN, 0, bytes(32), LOG_SIGNER)


@pytest.mark.parametrize(
    ("known", "old", "proof", "new"),
    [
        (AT_THREE, 3, PROOF[:-1], SEVEN.signed()),
        (AT_THREE, 3, (*PROOF, bytes(32)), SEVEN.signed()),
        (AT_THREE, 3, (bytes(32), *PROOF[1:]), SEVEN.signed()),
        (AT_THREE, 3, (), SEVEN.signed()),
        (AT_THREE, 3, PROOF, FORK.signed()),
        (AT_SEVEN, 7, (), FORK.signed()),
        (AT_SEVEN, 7, PROOF, SEVEN.signed()),
        (NEVER, 0, PROOF, SEVEN.signed()),
        (NEVER, 0, (), IMPOSSIBLE),
    ],
    ids=["short", "long", "wrong", "none", "fork", "same size", "proof of nothing", "proof from nothing", "impossible"],
)
def test_a_checkpoint_that_is_not_shown_to_be_consistent_is_answered_422(
    known: dict[str, KnownLog], old: int, proof: tuple[bytes, ...], new: SignedCheckpoint
) -> None:
    """LOG-46"""
    assert declined(request(old, proof, new), known).answer.status == 422


# --- evidence ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("known", "old", "proof", "log", "status"),
    [
        (AT_SEVEN, 7, (), FORK, 422),
        (AT_SEVEN, 3, PROOF, FORK, 409),
        (AT_SEVEN, 0, (), FORK, 409),
        (AT_SEVEN, 9, (), FORK, 400),
        (AT_THREE, 3, consistency_proof(3, 7, FORK.read_tile), FORK, 422),
        (AT_THREE, 2, full_consistency_proof(3, 7, FORK.read_tile), FORK, 409),
    ],
)
def test_two_histories_are_kept_as_evidence_whatever_is_answered(
    known: dict[str, KnownLog], old: int, proof: tuple[bytes, ...], log: SampleLog, status: int
) -> None:
    """LOG-49"""
    decision = declined(request(old, proof, log.signed()), known)
    assert decision.evidence is not None
    verify_equivocation(decision.evidence, LOG_KEY)
    assert (decision.answer.status, decision.unproven) == (status, None)


def test_two_histories_from_a_size_that_is_a_power_of_two_are_kept_with_a_full_proof() -> None:
    """LOG-20, LOG-49"""
    known = {ORIGIN: KnownLog(LOG_KEY, SampleLog(leaves(4)).signed())}
    proof = full_consistency_proof(4, 7, FORK.read_tile)
    evidence = declined(request(4, proof, FORK.signed()), known).evidence
    assert evidence is not None
    verify_equivocation(evidence, LOG_KEY)


@pytest.mark.parametrize("proof", [(), PROOF[:-1], (bytes(32),) * 4, consistency_proof(3, 7, FORK.read_tile)])
def test_a_broken_proof_is_no_evidence_against_the_log(proof: tuple[bytes, ...]) -> None:
    """LOG-50"""
    decision = declined(request(3, proof, SEVEN.signed()), AT_THREE)
    assert (decision.evidence, decision.unproven) == (None, SEVEN.signed())


@pytest.mark.parametrize("log", [SEVEN, FORK, THREE, FORK_OF_THREE])
def test_a_signed_checkpoint_with_another_old_size_is_handed_on(log: SampleLog) -> None:
    """LOG-50"""
    known = {ORIGIN: KnownLog(LOG_KEY, SampleLog(leaves(5)).signed())}
    decision = declined(request(1, (), log.signed()), known)
    assert (decision.evidence, decision.unproven) == (None, log.signed())


# --- the log that asks ------------------------------------------------------------------------------------

BY_WITNESS = cosign(SEVEN.signed(), WITNESS, WITNESS_SIGNER, NOON)
BY_OTHER = cosign(SEVEN.signed(), OTHER, OTHER_SIGNER, NOON)


@pytest.mark.parametrize("lines", [[BY_WITNESS], [BY_OTHER, BY_WITNESS], [BY_WITNESS, BY_OTHER]])
def test_a_cosignature_by_the_witness_is_kept(lines: list[object]) -> None:
    """LOG-39, LOG-47"""
    answer = Answer(200, "".join(line.line for line in (BY_WITNESS, BY_OTHER) if line in lines).encode())
    expected = add_cosignatures(SEVEN.signed(), [BY_WITNESS], [WITNESS_KEY])
    assert read_answer(answer, SEVEN.signed(), [WITNESS_KEY]) == Cosigned(expected)


@pytest.mark.parametrize(
    "body",
    [
        BY_OTHER.line,
        SEVEN.signed().signature.line,
        cosign(THREE.signed(), WITNESS, WITNESS_SIGNER, NOON).line,
        cosign(SEVEN.signed(), WITNESS, OTHER_SIGNER, NOON).line,
        BY_WITNESS.line + cosign(THREE.signed(), WITNESS, WITNESS_SIGNER, NOON).line,
    ],
)
def test_an_answer_without_a_valid_cosignature_is_refused(body: str) -> None:
    """LOG-29, LOG-39"""
    with pytest.raises(SignatureInvalid):
        read_answer(Answer(200, body.encode()), SEVEN.signed(), [WITNESS_KEY])


@pytest.mark.parametrize("body", [b"", b"\n", b"ok\n", BY_WITNESS.line.encode()[:-1], b"\xff\n"])
def test_an_answer_that_is_not_signature_lines_is_refused(body: bytes) -> None:
    """LOG-47"""
    with pytest.raises(NoteInvalid):
        read_answer(Answer(200, body), SEVEN.signed(), [WITNESS_KEY])


@pytest.mark.parametrize("content_type", [CONTENT_TYPE_SIZE, "text/x.tlog.size; charset=utf-8", "TEXT/X.TLOG.SIZE"])
def test_the_witnesss_size_is_read(content_type: str) -> None:
    """LOG-45"""
    assert read_answer(Answer(409, b"3\n", content_type), SEVEN.signed(), [WITNESS_KEY]) == AtSize(3)


@pytest.mark.parametrize("body", [b"", b"3", b"33", b"03\n", b"-3\n", b"3\n\n", b"three\n", b"\xb3\n"])
def test_a_size_that_is_not_a_decimal_line_is_refused(body: bytes) -> None:
    """LOG-45"""
    with pytest.raises(NoteInvalid):
        read_answer(Answer(409, body, CONTENT_TYPE_SIZE), SEVEN.signed(), [WITNESS_KEY])


@pytest.mark.parametrize(("status", "content_type"), [(409, "text/plain"), (409, ""), (422, "text/plain")])
def test_the_same_size_with_another_root_is_read_in_both_versions(status: int, content_type: str) -> None:
    """LOG-46, LOG-51"""
    answer = Answer(status, b"roots differ\n", content_type)
    assert read_answer(answer, SEVEN.signed(), [WITNESS_KEY]) == Contradicted("'roots differ'")


@pytest.mark.parametrize("status", [400, 403, 404])
def test_a_refusal_is_returned_with_its_reason(status: int) -> None:
    """LOG-41, LOG-42, LOG-43"""
    answer = Answer(status, "não\x1b[31m\n".encode())
    assert read_answer(answer, SEVEN.signed(), [WITNESS_KEY]) == Declined(status, "'n\\xe3o\\x1b[31m'")


@pytest.mark.parametrize("status", [100, 201, 302, 429, 500, 503])
def test_any_other_status_means_not_now(status: int) -> None:
    """LOG-47"""
    with pytest.raises(Unavailable, match=f"the witness answered {status}"):
        read_answer(Answer(status, b""), SEVEN.signed(), [WITNESS_KEY])


def test_an_answer_that_is_too_large_is_refused() -> None:
    """LOG-23"""
    with pytest.raises(LimitExceeded, match="an answer has at most"):
        read_answer(Answer(200, b"x" * (REQUEST_BYTES_MAX + 1)), SEVEN.signed(), [WITNESS_KEY])


def test_a_witness_and_a_log_understand_each_other() -> None:
    """LOG-40, LOG-45, LOG-47, LOG-48"""
    known = dict(AT_THREE)
    first = declined(request(0, (), SEVEN.signed()), known).answer
    behind = read_answer(first, SEVEN.signed(), [WITNESS_KEY])
    assert isinstance(behind, AtSize)
    second = decide(request(behind.size, PROOF, SEVEN.signed()), known)
    assert isinstance(second, Cosign)
    known[ORIGIN] = KnownLog(LOG_KEY, second.checkpoint)  # stored before it is cosigned
    answer = answer_cosigned([cosign(second.checkpoint, WITNESS, WITNESS_SIGNER, NOON)])
    cosigned = read_answer(answer, SEVEN.signed(), [WITNESS_KEY, OTHER_KEY])
    assert isinstance(cosigned, Cosigned)
    assert [(c.key, c.time) for c in cosigned.checkpoint.cosignatures] == [(WITNESS_KEY, NOON)]


def test_of_two_requests_from_one_size_only_the_first_is_cosigned() -> None:
    """LOG-48"""
    known = dict(AT_THREE)
    first = decide(request(3, PROOF, SEVEN.signed()), known)
    assert isinstance(first, Cosign)
    known[ORIGIN] = KnownLog(LOG_KEY, first.checkpoint)
    second = declined(request(3, consistency_proof(3, 7, FORK.read_tile), FORK.signed()), known)
    assert (second.answer.status, second.evidence is not None) == (409, True)


def test_the_root_of_an_empty_log_is_the_one_a_new_witness_starts_from() -> None:
    """LOG-3, LOG-46"""
    assert SampleLog([]).signed().root == EMPTY_ROOT
