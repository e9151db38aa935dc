"""The one order in which every node reads the record (docs/spec/record.md REC-1 to REC-6).

A statement's place is its hybrid logical clock (Kulkarni et al., 2014) over the statements that it names as its
causes, then party and the entry's index in that party's log. It depends on nothing but the statement and its causes,
so it is computed once, never changes when others arrive late, and never puts a statement before one that its author
had seen.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

import msgspec

from safeconduct.core.acts import KnownAct, UnknownAct
from safeconduct.core.statement import Signed


class Position(NamedTuple):
    """Sort key of a statement.

    t: milliseconds since 1970 UTC, never before its causes. n: steps within that t. entry: index in the party's log.
    """

    t: int
    n: int
    party: str
    entry: int


class Said(msgspec.Struct, frozen=True, gc=False):
    """A verified statement at its place in the record."""

    position: Position
    id: str
    kind: str
    subject: str
    actor: str
    agreement: str
    at: int
    after: Mapping[str, int]
    signers: tuple[str, ...]
    act: KnownAct | UnknownAct

    @property
    def party(self) -> str:
        return self.position.party

    @property
    def index(self) -> int:
        """The entry's index in its party's log."""
        return self.position.entry

    @property
    def t(self) -> int:
        """The time that rules see: the author's clock, but never before what the author had seen."""
        return self.position.t

    @property
    def is_backdated(self) -> bool:
        """Whether its author claims a time before something that the author had seen."""
        return self.at < self.position.t


def tick(at: int, causes: Iterable[tuple[int, int]]) -> tuple[int, int]:
    """(t, n) of a statement from its author's clock and the (t, n) of its causes."""
    t, n = at, -1
    for cause_t, cause_n in causes:
        if cause_t > t:
            t, n = cause_t, cause_n
        elif cause_t == t and cause_n > n:
            n = cause_n
    return t, n + 1


def place(signed: Signed, act: KnownAct | UnknownAct, position: Position) -> Said:
    """Put a verified statement and its act at its place."""
    s = signed.statement
    return Said(position, signed.id, s.kind, s.subject, s.actor, s.agreement, s.at, s.after, s.signers, act)


def saw(after: Mapping[str, int], party: str, index: int) -> bool:
    """Whether a statement with these causes was said knowing entry `index` of the party's log."""
    return after.get(party, 0) > index
