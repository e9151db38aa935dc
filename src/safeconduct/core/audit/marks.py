"""What an opened mark convicts, and whom (docs/spec/marks.md MARK-40 to MARK-43).

A node is free to sign what it likes; once the review has opened a mark, everybody sees what it signed against it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Literal

import msgspec

from safeconduct.core.acts import MarkContent, MovementArrived, MovementAttested, MovementDeparted
from safeconduct.core.agreement import Terms
from safeconduct.core.disclosure import is_shut_out
from safeconduct.core.record import (
    Law,
    Mark,
    MarkState,
    Said,
    allowed,
    ends_at,
    fold,
    judge,
    saw,
    unit_roles,
    works_from,
)


class MarkFault(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that went against an opened mark.

    what: people counted in a decoy, a word of a unit about what was hidden from it, a mark that says nothing or that
    its author might not make. party: whose node signed it. statement: its id. knew: whether that node had the mark, and
    every consent to it, when it signed: only then it is the party's fault.
    """

    mark: str
    about: str
    what: Literal["people_in_decoy", "unit_spoke", "not_a_mark", "not_allowed"]
    party: str
    statement: str
    knew: bool
    account: str


def mark_faults(law: Law, marks: Sequence[MarkState], about: Callable[[str], Sequence[Said]]) -> tuple[MarkFault, ...]:
    """What goes against these marks, as far as they are opened, by mark and in order of the record.

    about: everything said of a subject, in order of the record.
    """
    found: list[MarkFault] = []
    for state in sorted(marks, key=lambda mark: mark.subject):
        if state.opened is not None:
            found += _faults(law, state, about)
    return tuple(found)


def _faults(law: Law, state: MarkState, about: Callable[[str], Sequence[Said]]) -> Iterator[MarkFault]:
    content, terms = state.content, law.texts[state.agreement]
    if content is None:
        yield _of_author(state, "", "not_a_mark", "what it sealed is no mark")
        return
    void = allowed(terms, state, content, unit_roles(law, content))
    if void is not None:
        yield _of_author(state, content.about, "not_allowed", void.account)
        return
    if works_from(terms, state, content) is None:
        return
    seen = (state.sealed, *(given.mark for given in state.agreed.values() if content.sort == "decoy"))
    for line in fold(law, about(content.about)).lines:
        if line.void is None:
            yield from _against(law, terms, state, content, line.said, seen)


def _of_author(state: MarkState, about: str, what: Literal["not_a_mark", "not_allowed"], account: str) -> MarkFault:
    return MarkFault(
        mark=state.subject,
        about=about,
        what=what,
        party=state.sealed.party,
        statement=state.sealed.id,
        knew=True,
        account=f"{state.subject}: {account}",
    )


def _against(
    law: Law, terms: Terms, state: MarkState, content: MarkContent, said: Said, seen: Sequence[Mark]
) -> Iterator[MarkFault]:
    knew = all(saw(said.after, mark.party, mark.index) for mark in seen)
    if content.sort == "decoy":
        heads = _heads(said)
        if heads:
            account = f"{state.subject}: {heads} people were counted in {content.about}, a decoy, by {said.kind}"
            yield _fault(state, content, "people_in_decoy", said, account, knew=knew)
        return
    member = law.member(said.actor, said.position)
    roles = member.roles if member is not None else ()
    is_hidden = state.sealed.t <= said.t < ends_at(terms, state, content)
    if not is_hidden or not is_shut_out(content, said.actor, roles):
        return
    if judge(law, None, said) is not None:
        # What takes effect of what is not there too is signed for everybody.
        account = f"{state.subject}: {said.kind} by {content.unit}, from whom {content.about} was hidden"
        yield _fault(state, content, "unit_spoke", said, account, knew=knew)


def _heads(said: Said) -> int:
    match said.act:
        case MovementAttested(heads=heads) | MovementDeparted(heads=heads) | MovementArrived(heads=heads):
            return heads or 0
        case _:
            return 0


def _fault(
    state: MarkState,
    content: MarkContent,
    what: Literal["people_in_decoy", "unit_spoke"],
    said: Said,
    account: str,
    *,
    knew: bool,
) -> MarkFault:
    return MarkFault(
        mark=state.subject,
        about=content.about,
        what=what,
        party=said.party,
        statement=said.id,
        knew=knew,
        account=account,
    )
