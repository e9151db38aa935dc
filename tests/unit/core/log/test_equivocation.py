from __future__ import annotations

import pytest

from safeconduct.core.log import (
    EQUIVOCATION_BYTES_MAX,
    NOTE_BYTES_MAX,
    Equivocation,
    Note,
    SignedCheckpoint,
    cosign,
    equivocation,
    find_equivocation,
    full_consistency_proof,
    open_checkpoint,
    parse_equivocation,
    sign_checkpoint,
    sign_note,
    verify_equivocation,
)
from safeconduct.errors import LimitExceeded, NoteInvalid, ProofInvalid, SignatureInvalid
from tests.unit.core.log.sample import (
    LOG_KEY,
    LOG_SIGNER,
    NOON,
    ORIGIN,
    OTHER_SIGNER,
    WITNESS,
    WITNESS_SIGNER,
    SampleLog,
    leaves,
)


def honest(size: int) -> SampleLog:
    return SampleLog(leaves(size))


def forked(size: int, at: int = 2) -> SampleLog:
    """The same log up to entry `at`, and then another history."""
    return SampleLog([*leaves(at), *leaves(size - at, "other")])


def evidence_of(one: SampleLog, other: SampleLog) -> Equivocation:
    larger = one if one.size > other.size else other
    found = find_equivocation(one.signed(), other.signed(), larger.read_tile)
    assert found is not None
    return found


FIVE_AND_SEVEN = evidence_of(forked(5), honest(7))


@pytest.mark.parametrize(("one", "other"), [(3, 7), (4, 7), (7, 7), (5, 300), (256, 300), (8, 16), (3, 4)])
def test_two_histories_are_found_and_the_evidence_convinces(one: int, other: int) -> None:
    """LOG-54, LOG-56"""
    for evidence in (evidence_of(forked(one), honest(other)), evidence_of(honest(other), forked(one))):
        verify_equivocation(evidence, LOG_KEY)
    assert evidence.earlier == forked(one).signed().note or one == other


def test_two_roots_at_one_size_need_no_proof() -> None:
    """LOG-54"""
    assert evidence_of(forked(7), honest(7)).proof == ()


def test_one_event_has_one_piece_of_evidence() -> None:
    """LOG-53"""
    mine, theirs = forked(7).signed(), honest(7).signed()
    line = cosign(mine, WITNESS, WITNESS_SIGNER, NOON)
    junk = sign_note(mine.note.text, ORIGIN, OTHER_SIGNER)
    seen = open_checkpoint(Note(mine.note.text, (junk, line, mine.signature)).encode(), LOG_KEY)
    assert equivocation(seen, theirs).encode() == equivocation(theirs, mine).encode()


@pytest.mark.parametrize("size", [1, 2, 3, 4, 7, 300])
def test_one_history_is_no_equivocation(size: int) -> None:
    """LOG-57"""
    whole = honest(300)
    assert find_equivocation(honest(size).signed(), whole.signed(), whole.read_tile) is None


def test_an_empty_log_and_a_later_one_are_one_history() -> None:
    """LOG-55, LOG-57"""
    assert find_equivocation(honest(0).signed(), honest(3).signed(), honest(3).read_tile) is None


@pytest.mark.parametrize("other", [0, 3])
def test_an_empty_log_with_a_root_is_evidence_with_any_other_checkpoint(other: int) -> None:
    """LOG-55"""
    impossible = sign_checkpoint(ORIGIN, 0, bytes(32), LOG_SIGNER)
    found = find_equivocation(honest(other).signed(), impossible, honest(other).read_tile)
    assert found is not None
    verify_equivocation(found, LOG_KEY)


def test_tiles_of_another_tree_show_nothing() -> None:
    """LOG-56, LOG-57"""
    with pytest.raises(ProofInvalid, match=f"at size 7, signed root is {honest(7).root.hex()}"):
        find_equivocation(honest(5).signed(), honest(7).signed(), forked(7).read_tile)


# --- false accusations ------------------------------------------------------------------------------------


def accusation(one: SampleLog, other: SampleLog, proof_from: SampleLog) -> Equivocation:
    proof = full_consistency_proof(one.size, other.size, proof_from.read_tile)
    return equivocation(one.signed(), other.signed(), proof)


@pytest.mark.parametrize("size", [1, 3, 4, 6])
def test_a_log_with_one_history_is_never_accused_with_its_own_proof(size: int) -> None:
    """LOG-57"""
    false = accusation(honest(size), honest(7), honest(7))
    with pytest.raises(ProofInvalid, match=f"both checkpoints have root {honest(size).root.hex()} at size {size}"):
        verify_equivocation(false, LOG_KEY)


@pytest.mark.parametrize("size", [1, 3, 4, 6])
def test_a_log_with_one_history_is_never_accused_with_a_false_proof(size: int) -> None:
    """LOG-57"""
    false = accusation(honest(size), honest(7), forked(7, at=0))
    with pytest.raises(ProofInvalid, match=f"at size 7, signed root is {honest(7).root.hex()}"):
        verify_equivocation(false, LOG_KEY)


def test_a_log_is_never_accused_of_signing_one_checkpoint_twice() -> None:
    """LOG-57"""
    twice = equivocation(honest(7).signed(), honest(7).signed())
    with pytest.raises(ProofInvalid, match="expected two roots"):
        verify_equivocation(twice, LOG_KEY)


def test_a_log_is_never_accused_with_a_checkpoint_that_it_did_not_sign() -> None:
    """LOG-57"""
    false = equivocation(honest(7).signed(), forked(7).signed(OTHER_SIGNER))
    with pytest.raises(SignatureInvalid):
        verify_equivocation(false, LOG_KEY)


def _with_text(text: str) -> SignedCheckpoint:
    return open_checkpoint(Note(text, (sign_note(text, ORIGIN, LOG_SIGNER),)).encode(), LOG_KEY)


def test_other_extension_lines_are_not_another_history() -> None:
    """LOG-32, LOG-57"""
    text = honest(7).signed().note.text
    false = equivocation(honest(7).signed(), _with_text(f"{text}an extension\n"))
    with pytest.raises(ProofInvalid, match="expected two roots"):
        verify_equivocation(false, LOG_KEY)


@pytest.mark.parametrize(
    ("one", "other"), [(honest(7), forked(7)), (SampleLog([]), honest(3))], ids=["same size", "from nothing"]
)
def test_a_proof_that_is_not_needed_is_refused(one: SampleLog, other: SampleLog) -> None:
    """LOG-54, LOG-55, LOG-57"""
    padded = equivocation(one.signed(), other.signed(), (bytes(32),))
    with pytest.raises(ProofInvalid, match="no proof is needed"):
        verify_equivocation(padded, LOG_KEY)


@pytest.mark.parametrize("proof", [FIVE_AND_SEVEN.proof[1:], FIVE_AND_SEVEN.proof[:-1], (), FIVE_AND_SEVEN.proof * 2])
def test_a_proof_of_another_length_is_refused(proof: tuple[bytes, ...]) -> None:
    """LOG-17, LOG-56"""
    cut = Equivocation(FIVE_AND_SEVEN.earlier, FIVE_AND_SEVEN.later, proof)
    with pytest.raises(ProofInvalid, match="has 4 hashes"):
        verify_equivocation(cut, LOG_KEY)


# --- one encoding -----------------------------------------------------------------------------------------


def test_evidence_is_lengths_a_proof_and_two_checkpoints() -> None:
    """LOG-52"""
    evidence = evidence_of(forked(7), honest(7))
    earlier, later = evidence.earlier.encode(), evidence.later.encode()
    head = f"safeconduct/equivocation/v1\nearlier {len(earlier)}\nlater {len(later)}\n\n"
    assert evidence.encode() == head.encode() + earlier + later


@pytest.mark.parametrize("evidence", [FIVE_AND_SEVEN, evidence_of(forked(7), honest(7))])
def test_evidence_is_read_as_it_was_written(evidence: Equivocation) -> None:
    """LOG-52, LOG-56"""
    assert parse_equivocation(evidence.encode()) == evidence


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("equivocation/v1", "equivocation/v2"),
        ("safeconduct", "Safeconduct"),
        ("earlier ", "earlier  "),
        ("earlier ", "earlier 0"),
        ("earlier ", ""),
        ("later ", ""),
        ("earlier", "first"),
        ("later", "second"),
        ("earlier 1", "earlier 2"),
        ("\nlater", "\n\nlater"),
        ("v1\nearlier", "v1\n\nearlier"),
        ("\n\n", "\n"),
        ("\n\n", "\nAAAA\n\n"),
        ("\n\n", " \n\n"),
    ],
)
def test_any_other_spelling_of_evidence_is_refused(old: str, new: str) -> None:
    """LOG-58"""
    with pytest.raises(NoteInvalid):
        parse_equivocation(FIVE_AND_SEVEN.encode().replace(old.encode(), new.encode(), 1))


def test_evidence_with_anything_after_it_is_refused() -> None:
    """LOG-58"""
    with pytest.raises(NoteInvalid, match="bytes of checkpoints, got"):
        parse_equivocation(FIVE_AND_SEVEN.encode() + b"x")


def test_evidence_with_more_hashes_than_a_proof_can_have_is_refused() -> None:
    """LOG-52"""
    long = Equivocation(FIVE_AND_SEVEN.earlier, FIVE_AND_SEVEN.later, (bytes(32),) * 65)
    with pytest.raises(LimitExceeded, match="at most 64 hashes, got 65"):
        parse_equivocation(long.encode())


def test_a_log_never_escapes_by_signing_long_checkpoints() -> None:
    """LOG-23, LOG-52"""
    one, other = forked(5).signed(), honest(7).signed()
    room = NOTE_BYTES_MAX - max(len(one.note.encode()), len(other.note.encode())) - len("\n")
    long_one, long_other = (_with_text(f"{signed.note.text}{'x' * room}\n") for signed in (one, other))
    evidence = find_equivocation(long_one, long_other, honest(7).read_tile)
    assert evidence is not None
    assert parse_equivocation(evidence.encode()) == evidence


def test_evidence_that_is_too_large_is_refused() -> None:
    """LOG-58"""
    with pytest.raises(LimitExceeded, match=f"at most {EQUIVOCATION_BYTES_MAX} bytes"):
        parse_equivocation(b"x" * (EQUIVOCATION_BYTES_MAX + 1))


@pytest.mark.parametrize("size", [5, 7])
def test_evidence_in_the_other_order_is_refused(size: int) -> None:
    """LOG-53, LOG-58"""
    right = evidence_of(forked(size), honest(7))
    with pytest.raises(NoteInvalid, match="in order of size"):
        verify_equivocation(Equivocation(right.later, right.earlier, right.proof), LOG_KEY)


def test_evidence_with_further_signatures_is_refused() -> None:
    """LOG-53, LOG-58"""
    line = cosign(forked(5).signed(), WITNESS, WITNESS_SIGNER, NOON)
    crowded = FIVE_AND_SEVEN.earlier.with_signatures([line])
    with pytest.raises(NoteInvalid, match="the log's signature alone"):
        verify_equivocation(Equivocation(crowded, FIVE_AND_SEVEN.later, FIVE_AND_SEVEN.proof), LOG_KEY)
