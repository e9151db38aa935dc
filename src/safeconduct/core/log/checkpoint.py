"""Checkpoints: what a log signs about itself, and what others sign about it.

A checkpoint says: the log of this origin has this many entries and this root (c2sp.org/tlog-checkpoint). The log signs
it; whoever has checked that it only ever grew may cosign it with a time (c2sp.org/tlog-cosignature). In a federation
the cosignature of a peer that has stored the entries is a receipt: its time is the peer's own word for when.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from safeconduct.core.identity import SigningKey
from safeconduct.core.log.encoding import (
    QUOTED_MAX,
    SIZE_MAX,
    format_base64,
    parse_decimal,
    parse_hash,
    require_printable,
)
from safeconduct.core.log.merkle import HASH_BYTES
from safeconduct.core.log.note import (
    TIMESTAMP_MAX,
    KeyType,
    Note,
    NoteSignature,
    VerifierKey,
    cosignature_message,
    join_cosignature,
    parse_note,
    require_name,
    sign_note,
    split_cosignature,
    verify_note,
)
from safeconduct.errors import KeyInvalid, NoteInvalid, SignatureInvalid


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The text of a checkpoint, not its signatures: who, how many, which root.

    origin: name of the log, the same as the name of its key. size: entries in the log. root: 32 bytes.
    extensions: further lines that another log may have signed. They are kept, because signatures cover them, and never
    acted on, because nobody can audit them; our own logs write none.
    """

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        require_name(self.origin)
        if not 0 <= self.size <= SIZE_MAX:
            raise NoteInvalid(f"a checkpoint's size is 0 to {SIZE_MAX}, got {self.size}")
        if len(self.root) != HASH_BYTES:
            raise NoteInvalid(f"a checkpoint's root has {HASH_BYTES} bytes, got {len(self.root)}")
        for line in self.extensions:
            if not line or "\n" in line:
                raise NoteInvalid(f"an extension of a checkpoint is one line, not empty, got {line[:QUOTED_MAX]!r}")
            require_printable(line, "an extension of a checkpoint")

    @property
    def text(self) -> str:
        """The text that is signed, with its last newline."""
        lines = (self.origin, str(self.size), format_base64(self.root), *self.extensions)
        return "".join(f"{line}\n" for line in lines)


@dataclass(frozen=True, slots=True)
class Cosignature:
    """A verified cosignature: at `time`, in Unix seconds, the holder of `key` knew no larger tree of this log."""

    key: VerifierKey
    time: int
    signature: NoteSignature


@dataclass(frozen=True, slots=True)
class SignedCheckpoint:
    """A checkpoint that its log has signed, verified: made by the functions of this file and by nothing else.

    note: with all its signatures, those by unknown keys too. signature: the log's own, verified.
    cosignatures: the verified ones, in the note's order.
    """

    checkpoint: Checkpoint
    note: Note
    signature: NoteSignature
    cosignatures: tuple[Cosignature, ...] = ()

    @property
    def origin(self) -> str:
        """Name of the log."""
        return self.checkpoint.origin

    @property
    def size(self) -> int:
        """Entries in the log."""
        return self.checkpoint.size

    @property
    def root(self) -> bytes:
        """Root hash of the log's tree, 32 bytes."""
        return self.checkpoint.root

    @property
    def verified_note(self) -> Note:
        """The note with the verified signatures alone: what to store and show, since anybody can add other lines."""
        return Note(self.note.text, (self.signature, *(cosignature.signature for cosignature in self.cosignatures)))


def parse_checkpoint(text: str) -> Checkpoint:
    """Read the text of a checkpoint; nothing in it is verified. Raises NoteInvalid."""
    *lines, rest = text.split("\n")
    if rest or len(lines) < 3:
        raise NoteInvalid(f"a checkpoint is three lines or more, each with a newline, got {text[:QUOTED_MAX]!r}")
    origin, size_text, root_text, *extensions = lines
    return Checkpoint(
        origin,
        parse_decimal(size_text, "a checkpoint's size"),
        parse_hash(root_text, "a checkpoint's root"),
        tuple(extensions),
    )


def sign_checkpoint(origin: str, size: int, root: bytes, key: SigningKey) -> SignedCheckpoint:
    """A checkpoint under its log's signature, without extension lines.

    The caller guarantees what no later check can undo: that `key` has never signed and will never sign a checkpoint of
    this origin that is inconsistent with this one.
    """
    checkpoint = Checkpoint(origin, size, root)
    signature = sign_note(checkpoint.text, origin, key)
    return SignedCheckpoint(checkpoint, Note(checkpoint.text, (signature,)), signature)


def open_checkpoint(data: bytes, log_key: VerifierKey, cosigners: Iterable[VerifierKey] = ()) -> SignedCheckpoint:
    """Read and verify a checkpoint of one log, and the cosignatures by these cosigners that it carries, if any.

    Raises NoteInvalid if it is malformed or of another origin than the key's name; SignatureInvalid if the log has not
    signed it, or if any signature by one of the keys is not valid.
    """
    return verify_checkpoint(parse_note(data), log_key, cosigners)


def verify_checkpoint(note: Note, log_key: VerifierKey, cosigners: Iterable[VerifierKey] = ()) -> SignedCheckpoint:
    """As `open_checkpoint`, of a note that has been read."""
    cosigner_keys = tuple(cosigners)
    _require_type(log_key, KeyType.ED25519)
    for key in cosigner_keys:
        _require_type(key, KeyType.COSIGNATURE_V1)
    verified = verify_note(note, (log_key, *cosigner_keys))
    by_log = next((signature for key, signature in verified if key == log_key), None)
    if by_log is None:
        raise SignatureInvalid(f"no signature by the log itself: expected one by {log_key.name}")
    checkpoint = parse_checkpoint(note.text)
    # INVARIANT (one-origin): a log's key signs for the origin that is its name, and for no other. One key for two logs
    # would make two honest checkpoints look like two histories of one log.
    if checkpoint.origin != log_key.name:
        raise NoteInvalid(f"a checkpoint by {log_key.name} has that origin, got {checkpoint.origin[:QUOTED_MAX]!r}")
    return SignedCheckpoint(checkpoint, note, by_log, tuple(_cosignatures(verified)))


def cosign(checkpoint: SignedCheckpoint, name: str, key: SigningKey, time: int) -> NoteSignature:
    """Cosign a checkpoint under the cosigner's name, at `time` in Unix seconds (cosignature/v1).

    The caller guarantees that it has checked consistency with the last checkpoint of this log that it cosigned, and
    stored this one in its place.
    """
    if not 0 <= time <= TIMESTAMP_MAX:
        raise NoteInvalid(f"a cosignature's time is 0 to {TIMESTAMP_MAX}, got {time}")
    verifier = VerifierKey(name, KeyType.COSIGNATURE_V1, key.public)
    signed = key.sign(cosignature_message(checkpoint.note.text, time))
    return NoteSignature(name, verifier.key_id, join_cosignature(time, signed))


def add_cosignatures(
    checkpoint: SignedCheckpoint, lines: Iterable[NoteSignature], cosigners: Iterable[VerifierKey]
) -> SignedCheckpoint:
    """The checkpoint with those of the lines that are valid cosignatures by these cosigners; other lines are dropped.

    Raises SignatureInvalid if a line by one of the cosigners is not valid, or if there is none by any of them.
    """
    keys = tuple(cosigners)
    for key in keys:
        _require_type(key, KeyType.COSIGNATURE_V1)
    added = tuple(_cosignatures(verify_note(Note(checkpoint.note.text, tuple(lines)), keys)))
    note = checkpoint.note.with_signatures(cosignature.signature for cosignature in added)
    cosignatures = tuple(dict.fromkeys([*checkpoint.cosignatures, *added]))
    return SignedCheckpoint(checkpoint.checkpoint, note, checkpoint.signature, cosignatures)


def _cosignatures(verified: Iterable[tuple[VerifierKey, NoteSignature]]) -> Iterable[Cosignature]:
    for key, signature in verified:
        if key.type is KeyType.COSIGNATURE_V1:
            time, _ = split_cosignature(signature.signature)
            yield Cosignature(key, time, signature)


def _require_type(key: VerifierKey, expected: KeyType) -> None:
    if key.type is not expected:
        raise KeyInvalid(f"key {key.name} has type {expected:02x} here, got {key.type:02x}")
