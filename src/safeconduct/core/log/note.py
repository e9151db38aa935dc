"""Signed notes: a text and, below an empty line, signatures by named keys (c2sp.org/signed-note).

Reading is strict and one-to-one: a note that `parse_note` accepts is written again, byte for byte, by `Note.encode`.
Nothing in a note may be believed before `verify_note` has returned.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import IntEnum
from hashlib import sha256

from safeconduct.core.identity import PublicKey, SigningKey
from safeconduct.core.log.encoding import QUOTED_MAX, format_base64, parse_base64, parse_utf8, require_printable
from safeconduct.errors import KeyInvalid, LimitExceeded, NoteInvalid, SignatureInvalid

# The specification asks for at least 16; a checkpoint here carries one log, a few peers and perhaps a public witness
# network. The size leaves room for as many post-quantum signatures (5 kB each) from others, which we do not read.
SIGNATURES_MAX = 64
NOTE_BYTES_MAX = 512 * 1024

# A name that others may have to put behind a length of one byte (the ML-DSA-44 cosignature does).
NAME_BYTES_MAX = 255

KEY_ID_BYTES = 4

_DASH = "— "
_ED25519_BYTES = 64
_TIMESTAMP_BYTES = 8
TIMESTAMP_MAX = 2**63 - 1


class KeyType(IntEnum):
    """What a key signs; part of its ID, so that one key pair in two uses has two IDs."""

    ED25519 = 0x01
    """The text of the note, as it stands: how a log signs its checkpoints."""

    COSIGNATURE_V1 = 0x04
    """The text under a time: how a witness cosigns another's checkpoint (c2sp.org/tlog-cosignature)."""


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """A public key under the name by which notes call it, for one type of signature.

    Raises NoteInvalid for a name with a space or a plus, of no characters, or of more than NAME_BYTES_MAX bytes.
    """

    name: str
    type: KeyType
    public: PublicKey
    key_id: bytes = field(init=False)

    def __post_init__(self) -> None:
        require_name(self.name)
        if len(self.name.encode()) > NAME_BYTES_MAX:
            raise NoteInvalid(f"a key's name has at most {NAME_BYTES_MAX} bytes, got {len(self.name.encode())}")
        digest = sha256(self.name.encode() + b"\n" + bytes([self.type]) + self.public.raw).digest()
        object.__setattr__(self, "key_id", digest[:KEY_ID_BYTES])

    @classmethod
    def from_text(cls, text: str) -> VerifierKey:
        """Read a *vkey*, `name+ID in hexadecimal+base64 of type and key`; its ID must be the right one.

        Raises NoteInvalid, or KeyInvalid for a type that we do not verify or a key that no honest party would use.
        """
        name, plus, rest = text.partition("+")
        id_text, plus_again, key_text = rest.partition("+")  # only the first two: base64 may hold a plus
        if not (plus and plus_again):
            raise NoteInvalid(f"a vkey is name+ID+key, got {text[:QUOTED_MAX]!r}")
        encoded = parse_base64(key_text, "the key of a vkey")
        if not encoded or encoded[0] not in list(KeyType):
            raise KeyInvalid(f"a vkey has type 01 or 04, got {encoded[:1].hex() or 'none'} under {name[:QUOTED_MAX]!r}")
        key = cls(name, KeyType(encoded[0]), PublicKey(encoded[1:]))
        if key.key_id.hex() != id_text:
            raise NoteInvalid(f"vkey of {name} has ID {key.key_id.hex()}, got {id_text[:QUOTED_MAX]!r}")
        return key

    @property
    def text(self) -> str:
        """The vkey that `from_text` reads."""
        return f"{self.name}+{self.key_id.hex()}+{format_base64(bytes([self.type]) + self.public.raw)}"

    def verify(self, text: str, signature: bytes) -> None:
        """Return if `signature`, as it stands in a note behind the key's ID, is this key's over `text`.

        Raises SignatureInvalid if it is not.
        """
        if self.type is KeyType.ED25519:
            self.public.verify(text.encode(), signature)
        else:
            time, ed25519_signature = split_cosignature(signature)
            self.public.verify(cosignature_message(text, time), ed25519_signature)


@dataclass(frozen=True, slots=True)
class NoteSignature:
    """One signature line, verified or not: who is said to have signed, and the bytes of the signature."""

    name: str
    key_id: bytes
    signature: bytes

    def __post_init__(self) -> None:
        require_name(self.name)
        if len(self.key_id) != KEY_ID_BYTES or not self.signature:
            got = len(self.key_id) + len(self.signature)
            raise NoteInvalid(f"a signature is a key ID of {KEY_ID_BYTES} bytes and at least one more, got {got}")

    @property
    def line(self) -> str:
        """The line in the note, with its newline."""
        return f"{_DASH}{self.name} {format_base64(self.key_id + self.signature)}\n"


@dataclass(frozen=True, slots=True)
class Note:
    """A text, which ends in a newline, and at least one signature; nothing is verified yet."""

    text: str
    signatures: tuple[NoteSignature, ...]

    def __post_init__(self) -> None:
        if not self.text.endswith("\n"):
            raise NoteInvalid("the text of a note ends in a newline, got none")
        require_printable(self.text, "a note")
        if not 1 <= len(self.signatures) <= SIGNATURES_MAX:
            raise NoteInvalid(f"a note has 1 to {SIGNATURES_MAX} signatures, got {len(self.signatures)}")

    def encode(self) -> bytes:
        """The note as bytes, which `parse_note` reads."""
        return (self.text + "\n" + "".join(signature.line for signature in self.signatures)).encode()

    def with_signatures(self, more: Iterable[NoteSignature]) -> Note:
        """The note with these signatures below its own, none twice."""
        return Note(self.text, tuple(dict.fromkeys([*self.signatures, *more])))


def require_name(name: str) -> None:
    """Return if `name` can name a key: not empty, no Unicode space, no plus, no control character."""
    # The last range is half a character in UTF-16 and none in UTF-8: JSON can smuggle one in.
    if not name or any(c == "+" or c < " " or c.isspace() or "\ud800" <= c <= "\udfff" for c in name):
        raise NoteInvalid(f"a key's name is not empty and has no space or plus, got {name[:QUOTED_MAX]!r}")


def parse_note(data: bytes) -> Note:
    """Read a note; raises NoteInvalid, or LimitExceeded if it is too large."""
    if len(data) > NOTE_BYTES_MAX:
        raise LimitExceeded(f"a note has at most {NOTE_BYTES_MAX} bytes, got {len(data)}")
    # The text may hold empty lines itself: the last one in the note is the one that ends it.
    text, separator, lines = parse_utf8(data, "a note").rpartition("\n\n")
    if not separator:
        raise NoteInvalid("a note has an empty line before its signatures, got none")
    return Note(text + "\n", parse_signature_lines(lines))


def parse_signature_lines(text: str) -> tuple[NoteSignature, ...]:
    """Read one or more signature lines, and nothing else."""
    *lines, rest = text.split("\n")
    if rest or not lines:
        raise NoteInvalid(f"signatures are lines that end in a newline, got {text[-QUOTED_MAX:]!r}")
    if len(lines) > SIGNATURES_MAX:
        raise LimitExceeded(f"a note has at most {SIGNATURES_MAX} signatures, got {len(lines)}")
    return tuple(_parse_signature_line(line) for line in lines)


def _parse_signature_line(line: str) -> NoteSignature:
    name, space, signature_text = line.removeprefix(_DASH).partition(" ")
    if not line.startswith(_DASH) or not space:
        raise NoteInvalid(f"a signature line is '— name base64', got {line[:QUOTED_MAX]!r}")
    data = parse_base64(signature_text, "a signature")
    return NoteSignature(name, data[:KEY_ID_BYTES], data[KEY_ID_BYTES:])


def verify_note(note: Note, keys: Iterable[VerifierKey]) -> tuple[tuple[VerifierKey, NoteSignature], ...]:
    """The signatures by these keys, all of them valid, in the order of the note; lines by other keys are ignored.

    Raises SignatureInvalid if any signature by one of the keys is not valid, or if there is none: a broken signature
    under a known name is an attack or a fault, and a note with one is worth nothing even if another signature holds.
    """
    by_name = {(key.name, key.key_id): key for key in keys}
    verified: list[tuple[VerifierKey, NoteSignature]] = []
    for signature in note.signatures:
        key = by_name.get((signature.name, signature.key_id))
        if key is not None:
            key.verify(note.text, signature.signature)
            verified.append((key, signature))
    if not verified:
        wanted = ", ".join(sorted(key.name for key in by_name.values()))
        raise SignatureInvalid(f"no signature by a known key: expected one by {wanted or 'nobody'}")
    return tuple(verified)


def sign_note(text: str, name: str, key: SigningKey) -> NoteSignature:
    """Sign a text with a log's key (KeyType.ED25519); the caller knows what it says."""
    verifier = VerifierKey(name, KeyType.ED25519, key.public)
    return NoteSignature(name, verifier.key_id, key.sign(text.encode()))


def cosignature_message(text: str, time: int) -> bytes:
    """What a cosigner signs: the text under a header and a time in Unix seconds."""
    return f"cosignature/v1\ntime {time}\n{text}".encode()


def join_cosignature(time: int, ed25519_signature: bytes) -> bytes:
    """The bytes of a cosignature in a note: its time, as eight bytes, and the Ed25519 signature."""
    return time.to_bytes(_TIMESTAMP_BYTES, "big") + ed25519_signature


def split_cosignature(signature: bytes) -> tuple[int, bytes]:
    """Time and Ed25519 signature of a cosignature; raises SignatureInvalid for another length or too late a time."""
    if len(signature) != _TIMESTAMP_BYTES + _ED25519_BYTES:
        raise SignatureInvalid(f"a cosignature has {_TIMESTAMP_BYTES + _ED25519_BYTES} bytes, got {len(signature)}")
    time = int.from_bytes(signature[:_TIMESTAMP_BYTES], "big")
    if time > TIMESTAMP_MAX:
        raise SignatureInvalid(f"a cosignature's time is at most {TIMESTAMP_MAX}, got {time}")
    return time, signature[_TIMESTAMP_BYTES:]
