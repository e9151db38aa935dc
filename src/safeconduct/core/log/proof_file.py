"""Proof that an entry is in a log, as one file to carry by hand (c2sp.org/tlog-proof, suffix `.tlog-proof`).

With the entry, the log's public key and the cosigners' it can be checked by anybody, offline, and for ever.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from safeconduct.core.log.checkpoint import SignedCheckpoint, verify_checkpoint
from safeconduct.core.log.encoding import (
    QUOTED_MAX,
    SIZE_MAX,
    format_base64,
    format_head,
    parse_base64,
    parse_decimal,
    parse_hashes,
    split_head,
)
from safeconduct.core.log.note import NOTE_BYTES_MAX, Note, VerifierKey, parse_note
from safeconduct.core.log.proofs import PROOF_HASHES_MAX, verify_inclusion
from safeconduct.core.log.tiles import ENTRY_BYTES_MAX
from safeconduct.errors import LimitExceeded, NoteInvalid, SignatureInvalid

HEADER = "c2sp.org/tlog-proof@v1"
SUFFIX = ".tlog-proof"

# Room to carry the entry itself along, and no more.
EXTRA_BYTES_MAX = ENTRY_BYTES_MAX

PROOF_FILE_BYTES_MAX = NOTE_BYTES_MAX + 2 * EXTRA_BYTES_MAX


@dataclass(frozen=True, slots=True)
class ProofFile:
    """What a proof file says; nothing is verified until `verify_proof_file` has returned.

    index: number of the entry in the log. proof: its inclusion proof. checkpoint: with all its signatures, verbatim.
    extra: anything that helps the reader to find the entry; nobody has signed it.
    """

    index: int
    proof: tuple[bytes, ...]
    checkpoint: Note
    extra: bytes = b""

    def __post_init__(self) -> None:
        if not 0 <= self.index <= SIZE_MAX:
            raise NoteInvalid(f"a proof's index is 0 to {SIZE_MAX}, got {self.index}")
        if len(self.proof) > PROOF_HASHES_MAX:
            raise LimitExceeded(f"a proof has at most {PROOF_HASHES_MAX} hashes, got {len(self.proof)}")
        if len(self.extra) > EXTRA_BYTES_MAX:
            raise LimitExceeded(f"a proof's extra has at most {EXTRA_BYTES_MAX} bytes, got {len(self.extra)}")

    def encode(self) -> bytes:
        """The file, which `parse_proof_file` reads."""
        extra = [f"extra {format_base64(self.extra)}"] if self.extra else []
        lines = [HEADER, *extra, f"index {self.index}", *map(format_base64, self.proof)]
        return format_head(lines) + self.checkpoint.encode()


def parse_proof_file(data: bytes) -> ProofFile:
    """Read what `ProofFile.encode` writes, and nothing else; raises NoteInvalid or LimitExceeded."""
    if len(data) > PROOF_FILE_BYTES_MAX:
        raise LimitExceeded(f"a proof file has at most {PROOF_FILE_BYTES_MAX} bytes, got {len(data)}")
    (header, *lines), note = split_head(data, "a proof file")
    if header != HEADER:
        raise NoteInvalid(f"a proof file begins with {HEADER!r}, got {header[:QUOTED_MAX]!r}")
    extra = b""
    if lines and lines[0].startswith("extra "):
        extra = parse_base64(lines.pop(0).removeprefix("extra "), "a proof's extra")
        if not extra:
            raise NoteInvalid("a proof's extra is left out when it is empty, got an empty one")
    if not lines or not lines[0].startswith("index "):
        raise NoteInvalid(f"a proof file has a line 'index <number>', got {''.join(lines[:1])[:QUOTED_MAX]!r}")
    index = parse_decimal(lines.pop(0).removeprefix("index "), "a proof's index")
    return ProofFile(index, parse_hashes(lines, PROOF_HASHES_MAX), parse_note(note), extra)


def verify_proof_file(
    file: ProofFile,
    leaf: bytes,
    log_key: VerifierKey,
    cosigners: Iterable[VerifierKey] = (),
    *,
    cosigners_required: int,
) -> SignedCheckpoint:
    """The verified checkpoint, if the file proves that the entry with this leaf hash is in the log.

    cosigners_required: how many different ones of the cosigners must have signed, 0 if the log's word is enough.
    Raises SignatureInvalid, NoteInvalid or ProofInvalid if the file does not prove it.
    """
    signed = verify_checkpoint(file.checkpoint, log_key, cosigners)
    # Counted by key, not by name: one key under ten names is one witness.
    present = {cosignature.key.public.raw for cosignature in signed.cosignatures}
    if len(present) < cosigners_required:
        raise SignatureInvalid(f"a proof here needs {cosigners_required} cosigners, got {len(present)}")
    verify_inclusion(leaf, file.index, signed.size, file.proof, signed.root)
    return signed
