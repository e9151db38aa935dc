"""Every error a caller may catch.

SafeconductError
├── InputInvalid                 bytes, files or requests that came from outside and are not as they must be
│   ├── CanonicalInvalid         a payload is not the one canonical encoding of its meaning
│   ├── EntryInvalid             a log entry is not a well-formed signed statement
│   ├── TermsInvalid             an agreement folder cannot be read; carries every problem with its place
│   ├── NoteInvalid              a signed note, checkpoint or cosignature is malformed
│   ├── TileInvalid              a tile, an entry bundle or a tile path is malformed
│   └── PackInvalid              an evidence pack is incomplete or altered
├── CheckFailed                  well-formed, and not true
│   ├── SignatureInvalid         a signature does not verify under the key it names
│   ├── KeyInvalid               a public key that no honest party would use
│   ├── ProofInvalid             an inclusion or consistency proof leads to another root
│   ├── LogForked                a log's key signed two histories; carries the evidence
│   └── OutOfSequence            a write does not continue what is stored: a gap, a repetition, a smaller size
├── NotAllowed                   who is asking may not do or see this
│   └── NotIdentified            who is asking has not proved who it is
├── NotFound                     no such thing here
├── Refused                      the rules of the record refuse this act; carries the reason
├── Unavailable                  cannot be done now (peer down, disk full, node stopping); trying again may help
└── LimitExceeded                larger, longer or more often than a named bound
"""

from __future__ import annotations


class SafeconductError(Exception):
    """Root of all errors that a caller may catch."""


class InputInvalid(SafeconductError):
    """Something from outside is not as it must be: the message says what was expected, what came and where."""


class CanonicalInvalid(InputInvalid):
    """A payload is not the one canonical encoding of its meaning."""


class EntryInvalid(InputInvalid):
    """A log entry is not a well-formed signed statement."""


class TermsInvalid(InputInvalid):
    """An agreement folder cannot be read.

    problems: one text each, `file:line:column: what was expected, what came`, in file order.
    """

    def __init__(self, problems: tuple[str, ...]) -> None:
        self.problems = problems
        super().__init__("\n".join(problems))


class NoteInvalid(InputInvalid):
    """A signed note, checkpoint or cosignature is malformed."""


class TileInvalid(InputInvalid):
    """A tile, an entry bundle or a tile path is malformed."""


class PackInvalid(InputInvalid):
    """An evidence pack is incomplete or altered."""


class CheckFailed(SafeconductError):
    """Well-formed, and not true."""


class SignatureInvalid(CheckFailed):
    """A signature does not verify under the key it names."""


class KeyInvalid(CheckFailed):
    """A public key that no honest party would use."""


class ProofInvalid(CheckFailed):
    """An inclusion or consistency proof leads to another root than the signed one."""


class LogForked(CheckFailed):
    """A log's key signed two histories.

    origin: the log. evidence: bytes that convince anybody who holds the log's public key.
    """

    def __init__(self, message: str, *, origin: str, evidence: bytes) -> None:
        self.origin = origin
        self.evidence = evidence
        super().__init__(message)


class OutOfSequence(CheckFailed):
    """A write does not continue what is stored: it would leave a gap, say something a second time, or go back."""


class NotAllowed(SafeconductError):
    """Who is asking may not do or see this."""


class NotIdentified(NotAllowed):
    """Who is asking has not proved who it is: no session, or no signature that this node can check."""


class NotFound(SafeconductError):
    """No such thing here."""


class Refused(SafeconductError):
    """The rules of the record refuse this act.

    code: the reason as a word that programs can compare; the message says it to people.
    """

    def __init__(self, code: str, message: str) -> None:
        self.code = code
        super().__init__(message)


class Unavailable(SafeconductError):
    """Cannot be done now; trying again may help."""


class LimitExceeded(SafeconductError):
    """Larger, longer or more often than a named bound."""
