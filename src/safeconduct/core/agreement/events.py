"""What the judge of clauses sees: the statements about one subject, each with what was known when it was said."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from safeconduct.core.acts import Act, FormFiled, Plan, kind_of


class Evidence(msgspec.Struct, frozen=True, kw_only=True):
    """A statement that decided, by its place in its party's log and its id."""

    party: str
    index: int
    id: str
    at: int


class MovementView(msgspec.Struct, frozen=True, kw_only=True):
    """A movement just after a statement about it.

    unapproved, open_items: asked only when a condition names them. lapses_at: when it lapses if nothing more is said.
    gave_up: refused or cancelled. done: closed, or gave up; nothing more can happen to it.
    """

    plan: Plan
    phase: str
    requested_by: str
    approved_by: tuple[str, ...]
    unapproved: Callable[[], tuple[str, ...]]
    open_items: Callable[[], tuple[str, ...]]
    excepted: tuple[str, ...]
    lapses_at: int | None
    gave_up: bool
    done: bool


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """One statement about the subject, in order of the record.

    name: the kind of act, or the form's id. t: its time on the record, ms. void: code of why it has no effect, empty if
    it has. roles: those that its actor held. agreement: digest of the terms that it was said under.
    """

    evidence: Evidence
    name: str
    actor: str
    roles: tuple[str, ...]
    agreement: str
    act: Act
    void: str = ""
    view: MovementView | None = None

    @property
    def t(self) -> int:
        return self.evidence.at

    @property
    def party(self) -> str:
        return self.evidence.party


# (log, index, by): the first statement of party `by` that shows it had entry `index` of party `log`'s log.
Receipts = Callable[[str, int, str], Evidence | None]


def no_receipts(_log: str, _index: int, _by: str) -> Evidence | None:
    """For records of one party alone: nobody has shown anything."""
    return None


def event_name(act: Act) -> str:
    """The name under which clauses know an act."""
    return act.form if isinstance(act, FormFiled) else kind_of(act)
