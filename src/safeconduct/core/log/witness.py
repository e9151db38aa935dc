"""What a witness answers when a log asks it to cosign, and how a log reads the answer (c2sp.org/tlog-witness).

A witness remembers, for each log, the last checkpoint that it cosigned, and cosigns another only if a proof shows that
the log has merely grown since. `decide` is all of that rule. The shell must compare and store in one step: it reads
the last checkpoint, asks `decide`, and stores the new one, with nothing between that another request could slip into;
and it stores before it cosigns, or a crash between the two could make the witness cosign two histories.

Status codes are those of the specification's main branch, where a checkpoint of the same size with another root is
answered 422; its version 1.0.0 says 409. As a client we read both.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from safeconduct.core.log.checkpoint import SignedCheckpoint, add_cosignatures, parse_checkpoint, verify_checkpoint
from safeconduct.core.log.encoding import (
    QUOTED_MAX,
    format_base64,
    format_head,
    parse_decimal,
    parse_hashes,
    parse_utf8,
    split_head,
)
from safeconduct.core.log.equivocation import Equivocation, equivocation
from safeconduct.core.log.merkle import EMPTY_ROOT
from safeconduct.core.log.note import (
    NOTE_BYTES_MAX,
    Note,
    NoteSignature,
    VerifierKey,
    parse_note,
    parse_signature_lines,
)
from safeconduct.core.log.proofs import PROOF_HASHES_MAX, roots_from_consistency, verify_consistency
from safeconduct.errors import InputInvalid, LimitExceeded, NoteInvalid, ProofInvalid, SignatureInvalid, Unavailable

CONTENT_TYPE_TEXT = "text/plain; charset=utf-8"
CONTENT_TYPE_SIZE = "text/x.tlog.size"

# A checkpoint with as many signatures as a note may have, and a proof before it.
REQUEST_BYTES_MAX = NOTE_BYTES_MAX + 4096
ANSWER_BYTES_MAX = NOTE_BYTES_MAX
# Of a refusal's text, as much as an operator wants to read.
REASON_BYTES_MAX = 200

OK = 200
BAD_REQUEST = 400
FORBIDDEN = 403
NOT_FOUND = 404
CONFLICT = 409
UNPROCESSABLE = 422


# --- the request --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class AddCheckpoint:
    """A request to cosign: a proof from the tree of `old_size` entries to the one of the checkpoint; all unverified."""

    old_size: int
    proof: tuple[bytes, ...]
    note: Note

    def encode(self) -> bytes:
        """The body of the request."""
        return format_head([f"old {self.old_size}", *map(format_base64, self.proof)]) + self.note.encode()


def parse_add_checkpoint(body: bytes) -> AddCheckpoint:
    """Read the body of a request; raises NoteInvalid, or LimitExceeded if it is too large."""
    if len(body) > REQUEST_BYTES_MAX:
        raise LimitExceeded(f"a request has at most {REQUEST_BYTES_MAX} bytes, got {len(body)}")
    (old_line, *proof_lines), note = split_head(body, "a request")
    if not old_line.startswith("old "):
        raise NoteInvalid(f"a request begins with 'old <size>', got {old_line[:QUOTED_MAX]!r}")
    old_size = parse_decimal(old_line.removeprefix("old "), "the old size")
    return AddCheckpoint(old_size, parse_hashes(proof_lines, PROOF_HASHES_MAX), parse_note(note))


# --- the witness --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back over HTTP."""

    status: int
    body: bytes
    content_type: str = CONTENT_TYPE_TEXT


@dataclass(frozen=True, slots=True)
class KnownLog:
    """A log that the witness watches, and the last checkpoint of it that the witness cosigned, if any."""

    key: VerifierKey
    latest: SignedCheckpoint | None


@dataclass(frozen=True, slots=True)
class Cosign:
    """Store the checkpoint as the log's latest, then cosign it, then answer with `answer_cosigned`."""

    checkpoint: SignedCheckpoint


@dataclass(frozen=True, slots=True)
class Decline:
    """Answer so, and do not cosign.

    evidence: proof that the log told two histories, if the request shows it; it MUST be kept and shown to everybody.
    unproven: the checkpoint, if the log did sign it and the request shows neither this nor that it is consistent. It
    proves nothing by itself, since anybody can send a broken proof; `find_equivocation` decides, with the log's tiles.
    """

    answer: Answer
    evidence: Equivocation | None = None
    unproven: SignedCheckpoint | None = None


def decide(body: bytes, known: Mapping[str, KnownLog]) -> Cosign | Decline:
    """Whether a witness cosigns what a request asks for; `known` maps a log's origin to what the witness knows of it.

    Method: docs/spec/log.md LOG-41 to LOG-50, in that order.
    """
    try:
        request = parse_add_checkpoint(body)
        origin = parse_checkpoint(request.note.text).origin
    except (InputInvalid, LimitExceeded) as error:
        return _decline(BAD_REQUEST, str(error))
    log = known.get(origin)
    if log is None:
        return _decline(NOT_FOUND, f"no such log here: {origin[:QUOTED_MAX]}")
    try:
        checkpoint = verify_checkpoint(request.note, log.key)
    except SignatureInvalid as error:
        return _decline(FORBIDDEN, str(error))
    return _decide_signed(request, checkpoint, log.latest)


def answer_cosigned(signatures: Iterable[NoteSignature]) -> Answer:
    """The answer after a checkpoint has been stored and cosigned: the lines of the cosignatures, and nothing else."""
    return Answer(OK, "".join(signature.line for signature in signatures).encode())


def _decide_signed(request: AddCheckpoint, new: SignedCheckpoint, latest: SignedCheckpoint | None) -> Cosign | Decline:
    """The rest of `decide`, once the log's signature is known to be valid."""
    latest_size, latest_root = (0, EMPTY_ROOT) if latest is None else (latest.size, latest.root)
    if request.old_size > new.size:
        answer = _text(BAD_REQUEST, f"old size {request.old_size} is above the checkpoint's, {new.size}")
    elif request.old_size != latest_size:
        answer = Answer(CONFLICT, f"{latest_size}\n".encode(), CONTENT_TYPE_SIZE)
    else:
        try:
            verify_consistency(latest_size, new.size, request.proof, latest_root, new.root)
            return Cosign(new)
        except ProofInvalid as error:
            answer = _text(UNPROCESSABLE, str(error))
    evidence = None if latest is None else _evidence(request, new, latest)
    return Decline(answer, evidence, unproven=None if evidence else new)


def _evidence(request: AddCheckpoint, new: SignedCheckpoint, latest: SignedCheckpoint) -> Equivocation | None:
    """What the request itself shows against the log, whatever it asked for and whatever we answer."""
    if new.size == latest.size:
        return equivocation(latest, new) if new.root != latest.root else None
    try:
        implied, reached = roots_from_consistency(latest.size, new.size, request.proof)
    except ProofInvalid:
        return None  # the proof is not one between these sizes, so it speaks of nothing
    return equivocation(latest, new, request.proof) if reached == new.root and implied != latest.root else None


def _decline(status: int, reason: str) -> Decline:
    return Decline(_text(status, reason))


def _text(status: int, reason: str) -> Answer:
    return Answer(status, f"{reason}\n".encode())


# --- the log that asks --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Cosigned:
    """The witness cosigned. checkpoint: the one that was sent, with the witness's cosignatures, verified."""

    checkpoint: SignedCheckpoint


@dataclass(frozen=True, slots=True)
class AtSize:
    """The witness last cosigned this size: ask again with a proof from there, unless the log was never that large."""

    size: int


@dataclass(frozen=True, slots=True)
class Contradicted:
    """The witness holds another root than the proof or the checkpoint says. On our own log: stop and find out why."""

    reason: str


@dataclass(frozen=True, slots=True)
class Declined:
    """The witness does not know the log or its key, or could not read the request; asking again will not help."""

    status: int
    reason: str


def read_answer(
    answer: Answer, checkpoint: SignedCheckpoint, witness_keys: Iterable[VerifierKey]
) -> Cosigned | AtSize | Contradicted | Declined:
    """What a witness's answer to a request with this checkpoint means.

    Raises SignatureInvalid if it holds no valid cosignature by the witness, NoteInvalid or LimitExceeded if it cannot
    be read, and Unavailable for any other status.
    """
    if len(answer.body) > ANSWER_BYTES_MAX:
        raise LimitExceeded(f"an answer has at most {ANSWER_BYTES_MAX} bytes, got {len(answer.body)}")
    if answer.status == OK:
        lines = parse_signature_lines(parse_utf8(answer.body, "an answer"))
        return Cosigned(add_cosignatures(checkpoint, lines, witness_keys))
    if answer.status == CONFLICT and answer.content_type.partition(";")[0].strip().lower() == CONTENT_TYPE_SIZE:
        size_text = parse_utf8(answer.body, "an answer")
        if not size_text.endswith("\n"):
            raise NoteInvalid(f"the witness's size ends in a newline, got {size_text[:QUOTED_MAX]!r}")
        return AtSize(parse_decimal(size_text[:-1], "the witness's size"))
    reason = ascii(answer.body[:REASON_BYTES_MAX].decode("utf-8", "replace").strip())
    if answer.status in (CONFLICT, UNPROCESSABLE):
        return Contradicted(reason)
    if answer.status in (BAD_REQUEST, FORBIDDEN, NOT_FOUND):
        return Declined(answer.status, reason)
    raise Unavailable(f"the witness answered {answer.status}: {reason}")
