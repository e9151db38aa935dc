"""Evidence that a log told two histories, in a form that convinces anybody who has the log's public key.

Two checkpoints of one size with different roots need nothing else. For different sizes the evidence adds a proof that
reaches the root of the later checkpoint and, on its way, shows the root that the log's own later history has at the
earlier size: another root than the one the log signed then. Nothing here rests on the word of whoever brings it, so a
false accusation cannot be made, and a true one cannot be talked away.
"""

from __future__ import annotations

from dataclasses import dataclass

from safeconduct.core.log.checkpoint import SignedCheckpoint, verify_checkpoint
from safeconduct.core.log.encoding import (
    QUOTED_MAX,
    format_base64,
    format_head,
    parse_decimal,
    parse_hashes,
    split_head,
)
from safeconduct.core.log.merkle import EMPTY_ROOT
from safeconduct.core.log.note import NOTE_BYTES_MAX, Note, VerifierKey, parse_note
from safeconduct.core.log.proofs import PROOF_HASHES_MAX, full_consistency_proof, roots_from_consistency
from safeconduct.core.log.tiles import ReadTile
from safeconduct.errors import LimitExceeded, NoteInvalid, ProofInvalid

HEADER = "safeconduct/equivocation/v1"

# One hash more than a consistency proof, because it is never left out.
FULL_PROOF_HASHES_MAX = PROOF_HASHES_MAX + 1

# Room for the largest notes that we read: a log must not get away with two histories by signing long ones.
EQUIVOCATION_BYTES_MAX = 2 * NOTE_BYTES_MAX + 4096


@dataclass(frozen=True, slots=True)
class Equivocation:
    """Two checkpoints under one log's signature, and a proof that they exclude each other; not verified yet.

    earlier, later: in order of size, and of text where the sizes are equal; each with the log's signature alone.
    proof: a full consistency proof that reaches the later root; empty where none is needed.
    """

    earlier: Note
    later: Note
    proof: tuple[bytes, ...] = ()

    def encode(self) -> bytes:
        """The one encoding of this evidence: docs/spec/log.md LOG-52 and LOG-53."""
        earlier, later = self.earlier.encode(), self.later.encode()
        lines = [HEADER, f"earlier {len(earlier)}", f"later {len(later)}", *map(format_base64, self.proof)]
        return format_head(lines) + earlier + later


def equivocation(one: SignedCheckpoint, other: SignedCheckpoint, proof: tuple[bytes, ...] = ()) -> Equivocation:
    """Evidence from two checkpoints of one log, in canonical form: in order, and without others' signatures."""
    # One event has one piece of evidence, whoever collected it and whatever else was signed below.
    earlier, later = (Note(signed.note.text, (signed.signature,)) for signed in _in_order(one, other))
    return Equivocation(earlier, later, proof)


def find_equivocation(one: SignedCheckpoint, other: SignedCheckpoint, read_tile: ReadTile) -> Equivocation | None:
    """Compare two verified checkpoints of one log, and return evidence if they exclude each other.

    read_tile: the tiles of the larger one; they need not be trusted. Raises ProofInvalid if they do not lead to the
    root that the log signed, because then they show nothing about the log.
    """
    earlier, later = _in_order(one, other)
    needs_none = earlier.size in (0, later.size)
    proof = () if needs_none else full_consistency_proof(earlier.size, later.size, read_tile)
    implied = _implied_root(earlier.size, later, proof)
    return equivocation(one, other, proof) if implied != earlier.root else None


def parse_equivocation(data: bytes) -> Equivocation:
    """Read what `Equivocation.encode` writes, and nothing else; raises NoteInvalid. Nothing is verified yet."""
    if len(data) > EQUIVOCATION_BYTES_MAX:
        raise LimitExceeded(f"evidence has at most {EQUIVOCATION_BYTES_MAX} bytes, got {len(data)}")
    lines, notes = split_head(data, "evidence")
    if len(lines) < 3 or lines[0] != HEADER:
        raise NoteInvalid(f"evidence begins with {HEADER!r} and two lengths, got {lines[0][:QUOTED_MAX]!r}")
    earlier_bytes = _parse_length(lines[1], "earlier")
    later_bytes = _parse_length(lines[2], "later")
    if earlier_bytes + later_bytes != len(notes):
        raise NoteInvalid(f"evidence has {earlier_bytes} + {later_bytes} bytes of checkpoints, got {len(notes)}")
    proof = parse_hashes(lines[3:], FULL_PROOF_HASHES_MAX)
    return Equivocation(parse_note(notes[:earlier_bytes]), parse_note(notes[earlier_bytes:]), proof)


def verify_equivocation(evidence: Equivocation, log_key: VerifierKey) -> None:
    """Return if the evidence shows that the holder of `log_key` signed two histories of its log.

    Raises SignatureInvalid or NoteInvalid if the log did not sign both checkpoints as they stand, and ProofInvalid if
    they do not exclude each other or the proof does not show that they do.
    """
    earlier = verify_checkpoint(evidence.earlier, log_key)
    later = verify_checkpoint(evidence.later, log_key)
    if evidence != equivocation(earlier, later, evidence.proof):
        raise NoteInvalid("evidence has its checkpoints in order of size, and the log's signature alone")
    implied = _implied_root(earlier.size, later, evidence.proof)
    if implied == earlier.root:
        raise ProofInvalid(f"both checkpoints have root {implied.hex()} at size {earlier.size}, expected two roots")


def _implied_root(size: int, later: SignedCheckpoint, proof: tuple[bytes, ...]) -> bytes:
    """The root at `size` in the history that the later checkpoint stands for."""
    if size in (0, later.size):
        if proof:
            raise ProofInvalid(f"no proof is needed from size {size} to {later.size}, got {len(proof)} hashes")
        return later.root if size == later.size else EMPTY_ROOT
    implied, reached = roots_from_consistency(size, later.size, proof)
    if reached != later.root:
        raise ProofInvalid(f"proof leads to {reached.hex()} at size {later.size}, signed root is {later.root.hex()}")
    return implied


def _in_order(one: SignedCheckpoint, other: SignedCheckpoint) -> tuple[SignedCheckpoint, SignedCheckpoint]:
    """Smaller size first; with equal sizes, the text that sorts first."""
    return (one, other) if (one.size, one.note.text) <= (other.size, other.note.text) else (other, one)


def _parse_length(line: str, word: str) -> int:
    if not line.startswith(f"{word} "):
        raise NoteInvalid(f"evidence has a line '{word} <bytes>' here, got {line[:QUOTED_MAX]!r}")
    return parse_decimal(line.removeprefix(f"{word} "), f"the length after {word!r}")
