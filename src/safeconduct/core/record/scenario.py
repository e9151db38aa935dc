"""Scenario books: a history as YAML with the verdicts that it must lead to.

A book names an agreement, the people and their plans, what was said when, and a table of verdicts. It may also say
which one word of which clause is changed, and exactly which verdicts change by that. `scenario_text.py` reads a book,
`trial.py` puts it to the test. docs/spec/agreement.md AG-120 to AG-126.
"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from safeconduct.core.acts import KnownAct
from safeconduct.core.agreement import Terms

# In a table of verdicts: nothing has called the clause up.
NONE = "none"


class _Value(msgspec.Struct, frozen=True, kw_only=True):
    pass


class Person(_Value, frozen=True, kw_only=True):
    """Somebody who speaks. roles: held at the party; the one of the same name if the book names none."""

    id: str
    party: str
    roles: tuple[str, ...]


class Step(_Value, frozen=True, kw_only=True):
    """Something that was said.

    at: ms. id: the statement's. seen_by: for a party the instant (ms) at which its own record shows that it had the
    statement, None for never; a party that is not named has it at once, and its node says so. void: code of
    why it has no effect, empty if it must have one.
    """

    line: int
    name: str
    id: str
    at: int
    who: str
    what: str
    subject: str
    act: KnownAct
    seen_by: Mapping[str, int | None]
    void: str
    note: str


class Row(_Value, frozen=True, kw_only=True):
    """A verdict that is expected: how a clause stands on a subject at an instant (ms), and what it says besides.

    outcome: an `Outcome`, or `none` if nothing has called the clause up. which: of several obligations of the clause,
    from 1; 0 if there is one. wanted: further words of the finding by their names, e.g. due_at, missing. why: what the
    verdict tells an inquiry.
    """

    line: int
    at: int
    clause: str
    subject: str
    which: int
    outcome: str
    wanted: Mapping[str, object]
    why: str


class Mutation(_Value, frozen=True, kw_only=True):
    """One word of the agreement changed, the terms that this makes, and the only verdicts that differ by it."""

    line: int
    name: str
    terms: Terms
    rows: tuple[Row, ...]


class Scenario(_Value, frozen=True, kw_only=True):
    """A book. made_up: what in it was never published. ends_at: the last instant that it looks at, ms."""

    file: str
    id: str
    title: Mapping[str, str]
    sources: tuple[str, ...]
    made_up: str
    terms: Terms
    start: int
    people: tuple[Person, ...]
    steps: tuple[Step, ...]
    rows: tuple[Row, ...]
    mutations: tuple[Mutation, ...]

    @property
    def ends_at(self) -> int:
        return max((row.at for row in self.rows), default=self.start)
