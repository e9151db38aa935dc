"""Sealed marks as this node keeps to them: what is hidden from whom, what is not signed, and who is shown a mark.

Each mark is read with the node's own sealing key, once, and kept in memory; after a start it is read again. Nothing of
what a mark says is written to the disk outside its statement (docs/spec/marks.md).
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from typing import Literal

import msgspec

from safeconduct.core.acts import (
    MarkAgreed,
    MarkContent,
    MarkSealed,
    MovementApproved,
    MovementArrived,
    MovementAttested,
    MovementChanged,
    MovementDeparted,
    Plan,
)
from safeconduct.core.agreement import ShutOutTerms, Terms
from safeconduct.core.disclosure import is_shut_out, mark_sight, mark_works, open_mark_key, told_of_marks
from safeconduct.core.record import (
    BEFORE_DEPARTURE,
    MarkState,
    MovementState,
    Said,
    SealingState,
    State,
    Void,
    allowed,
    box_digest,
    copies_of,
    ends_at,
    judge,
    phase_at,
    read_mark,
    review_by,
    sort_terms,
    unit_roles,
    works_from,
)
from safeconduct.errors import CheckFailed, InputInvalid, NotFound
from safeconduct.node.access import Viewer
from safeconduct.node.limits import PAGE_MAX
from safeconduct.node.memory import decode_state, every_subject
from safeconduct.node.node import Node

# What an actor is told whose word would put people into a decoy, and who may not know that it is one.
_NOT_NOW = "this node does not sign this now: ask your duty officer"


class ReadMark(msgspec.Struct, frozen=True, kw_only=True):
    """A mark as this node reads it. content, key: None if it does not open here, or says what no mark says."""

    state: MarkState
    terms: Terms
    content: MarkContent | None
    key: bytes | None
    unit_roles: tuple[str, ...]

    def works(self, now: int) -> bool:
        """Whether it counts at `now`, ms."""
        return self.content is not None and mark_works(self.terms, self.state, self.content, self.unit_roles, now)


# --- reading ----------------------------------------------------------------------------------------------------------


def unopened_marks(node: Node) -> Iterator[ReadMark]:
    """Every mark that nobody has opened yet, by subject."""
    return (mark for mark in _tracked(node) if mark.state.opened is None)


def _tracked(node: Node) -> Iterator[ReadMark]:
    """The same, and every decoy that was opened: nobody is put into it afterwards either."""
    for subject in node.memory.tracked_marks():
        state = node.memory.state(subject)
        if isinstance(state, MarkState):
            yield _read(node, state)


def _read(node: Node, state: MarkState) -> ReadMark:
    terms = node.memory.law.texts[state.agreement]
    key, content = (None, state.content) if state.opened is not None else _opened_once(node, state)
    roles = unit_roles(node.memory.law, content) if content is not None else ()
    return ReadMark(state=state, terms=terms, content=content, key=key, unit_roles=roles)


def _opened_once(node: Node, state: MarkState) -> tuple[bytes | None, MarkContent | None]:
    """The key of a mark's box and what it says; None for what does not open here, or is no mark."""
    known = node.read_marks.get(state.sealed.id)
    if known is not None:
        return known
    try:
        key = _opened(node, _sealed_act(node, state), state.subject)
    except CheckFailed:
        key = None
    if key is None:
        return None, None
    found = (key, read_mark(state.subject, state.box, state.key, key))
    node.read_marks[state.sealed.id] = found
    return found


def _opened(node: Node, act: MarkSealed, subject: str) -> bytes | None:
    """The key of a box by our own sealing key; None without that. Raises CheckFailed if it does not fit."""
    private = node.vault.key(_holder_key(node, act))
    return open_mark_key(act, subject, node.party, private) if private is not None else None


def _sealed_act(node: Node, state: MarkState) -> MarkSealed:
    """What was said when it was sealed; also of a mark that is taken in and not on the disk yet."""
    act = next(said.act for said in node.memory.in_order(state.subject) if said.id == state.sealed.id)
    if not isinstance(act, MarkSealed):
        raise AssertionError(state.sealed.id)
    return act


def sealed_to(node: Node, state: MarkState) -> str:
    """Key id of our sealing key that a mark is sealed to; empty if there is none."""
    return _holder_key(node, _sealed_act(node, state))


def _holder_key(node: Node, act: MarkSealed) -> str:
    return next((holder.to for holder in act.holders if holder.party == node.party), "")


# --- what is hidden ---------------------------------------------------------------------------------------------------


def hidden_subjects(node: Node, viewer: Viewer) -> frozenset[str]:
    """Every subject of which a viewer is to learn nothing now. MARK-15, MARK-17, MARK-20.

    What marks hide from it, the copies of its orders, the incidents that name one of these, the marks themselves that
    it is not told of, and the incidents about them. Whoever shows something of the record asks here, and shows these
    as what is not there.
    """
    now = node.clock.now()
    hidden: set[str] = set()
    about: set[str] = set()
    for mark in unopened_marks(node):
        if mark.content is not None and is_shut_out(mark.content, viewer.actor, viewer.roles) and mark.works(now):
            about.add(mark.content.about)
            if mark.content.about.startswith("movement/"):
                about.add(copies_of(mark.content.about))
        if mark_sight(mark.terms, mark.state, mark.content, viewer.actor, viewer.roles) == "nothing":
            hidden |= {mark.state.subject, incident_of(mark.state)}
    return frozenset(hidden | about | _naming(node, about)) if about else frozenset(hidden)


def incident_of(state: MarkState) -> str:
    """The incident that a mark becomes whose review is overdue."""
    return f"incident/{state.sealed.id[:32]}"


def _naming(node: Node, about: set[str]) -> set[str]:
    """The incidents whose account names one of these subjects."""
    names = "|".join(re.escape(subject) for subject in sorted(about))
    named = re.compile(rf"(?<![a-z0-9._/-])(?:{names})(?![a-z0-9_-]|\.[a-z0-9])".encode())
    return {row.subject for row in every_subject(node.store, "incident/") if named.search(row.state)}


def _speaker(node: Node, actor: str) -> Viewer:
    member = node.memory.law.member(actor)
    return Viewer(actor, member.roles if member is not None else ())


# --- what is not signed -----------------------------------------------------------------------------------------------


def refusal(node: Node, said: Said) -> Void | None:
    """Why this node does not sign a statement of an own actor although the record would take it. MARK-18, MARK-30.

    About what is hidden from it the record's words for what is not there; what would put people into a decoy is not
    signed now. None for everything else.
    """
    if said.actor in (f"{node.party}/node", f"{node.party}/authority") or not node.memory.tracked_marks():
        return None
    if said.subject in hidden_subjects(node, _speaker(node, said.actor)):
        # INVARIANT (as-if-absent): judged on nothing. What would take effect even there goes on to the real state.
        return judge(node.memory.law, None, said)
    if isinstance(said.act, MarkAgreed):
        return _may_not_agree(node, said)
    if said.subject.startswith("movement/") and _puts_people_into_a_decoy(node, said):
        return Void("not_now", _NOT_NOW)
    return None


def _puts_people_into_a_decoy(node: Node, said: Said) -> bool:
    now = node.clock.now()
    for mark in _tracked(node):
        content = mark.content
        if content is None or content.sort != "decoy" or content.about != said.subject:
            continue
        if allowed(mark.terms, mark.state, content, ()) is not None:
            continue
        if works_from(mark.terms, mark.state, content) is None:
            continue
        match said.act:
            case MovementAttested(heads=heads) | MovementArrived(heads=heads):
                found = bool(heads)
            case MovementDeparted(heads=heads):
                # Nobody sets out in a decoy that is over.
                found = bool(heads) or now >= ends_at(mark.terms, mark.state, content)
            case MovementChanged(plan=plan):
                found = _is_no_decoy(mark.state, plan)
            case MovementApproved(plan=digest):
                movement = node.memory.state(said.subject)
                asked = movement.plans.get(digest) if isinstance(movement, MovementState) else None
                found = asked is not None and _is_no_decoy(mark.state, asked)
            case _:
                found = False
        if found:
            return True
    return False


def _is_no_decoy(state: MarkState, plan: Plan) -> bool:
    """A plan with names, or with a window after the mark's end, in which it would be a movement like others."""
    return plan.people.manifest is not None or plan.timing.latest > state.until


def require_sound_mark(node: Node, subject: str, act: MarkSealed, at: int, author: str) -> None:
    """Raise InputInvalid or CheckFailed for a mark that this node would not keep to, before its author's is signed.

    subject: of the statement. at: by which it is dated, ms.
    """
    terms, member = node.terms(), node.memory.law.member(author)
    if terms is None or terms.marks is None or member is None:
        # The record says what is missing.
        return
    key = _opened(node, act, subject)
    content = read_mark(subject, act.box, act.key, key) if key is not None else None
    if content is None:
        raise CheckFailed(f"expected a mark that opens with a sealing key of {node.party}, got one that does not")
    agreed = sort_terms(terms, content)
    if agreed is None or not any(role in agreed.by for role in member.roles):
        # First of all: what follows says whether there is such a movement.
        raise InputInvalid(f"expected a mark of a sort that a role of {author} may seal, got {content.sort}")
    hidden = hidden_subjects(node, Viewer(author, member.roles))
    movement = node.memory.state(content.about) if content.about not in hidden else None
    problem = _unsound(node, terms, content, act.until, at, _holder_key(node, act), movement)
    if problem is not None:
        raise InputInvalid(problem)


def _unsound(
    node: Node, terms: Terms, content: MarkContent, until: int, at: int, to: str, movement: State | None
) -> str | None:
    """Why this node does not keep to a mark that says this, `expected …, got …`; None if it does. MARK-11, MARK-19.

    to: key id of the sealing key by which it is read here. movement: the state of what it is about.
    """
    agreed = sort_terms(terms, content)
    if isinstance(agreed, ShutOutTerms):
        roles = unit_roles(node.memory.law, content)
        if not any(role in agreed.units for role in roles):
            return f"expected a unit that may be shut out ({', '.join(agreed.units)}), got {content.unit}"
    state = node.memory.state(f"sealing/{node.party}")
    line = state.keys.get(to) if isinstance(state, SealingState) else None
    if line is None or line.until < review_by(terms, until):
        return "expected a mark sealed to a key that outlives its review, got another"
    if content.sort == "shut_out":
        return None
    if not isinstance(movement, MovementState) or phase_at(movement, at) not in BEFORE_DEPARTURE:
        return f"expected a movement that has not departed as a decoy, got {content.about}"
    if movement.plan.timing.latest > until:
        return "expected a decoy that ends no earlier than its window closes, got an earlier end"
    if movement.plan.people.manifest is not None:
        return "expected a decoy without names of people, got a plan with a manifest"
    counted = [a for by_role in movement.attestations.values() for a in by_role.values() if a.heads]
    if counted:
        return "expected a decoy in which nobody was counted, got a head count"
    return None


def why_not_kept(node: Node, mark: ReadMark) -> str | None:
    """Why this node does not keep to a mark, in words that say nothing of its content; None if it does."""
    if mark.key is None:
        return "it does not open with this node's sealing key"
    if mark.content is None:
        return "what is sealed in it is no mark"
    if allowed(mark.terms, mark.state, mark.content, mark.unit_roles) is not None:
        return "the agreement does not let its author make this mark"
    to = sealed_to(node, mark.state)
    state, movement = mark.state, node.memory.state(mark.content.about)
    if _unsound(node, mark.terms, mark.content, state.until, state.sealed.t, to, movement) is not None:
        return "it is not what the agreement lets a mark be"
    return None


def _may_not_agree(node: Node, said: Said) -> Void | None:
    """Nobody agrees here to what this node does not keep to."""
    state = node.memory.state(said.subject)
    if not isinstance(state, MarkState) or state.opened is not None:
        return None
    account = why_not_kept(node, _read(node, state))
    return Void("mark_unsound", f"this node does not keep to {said.subject}: {account}") if account else None


# --- asking -----------------------------------------------------------------------------------------------------------


class MarkView(msgspec.Struct, frozen=True, kw_only=True):
    """A mark, as far as it is shown to who asks.

    content: what it names in agreeing to it and opening it. stands: `works`, `waits` for consent, `ended`, `opened`,
    or `sealed` for whom that alone is shown. says: None if it is not shown, or does not open. key: of the box, in
    base64, for whoever may open it for review. kept: party → whether its node keeps to it. agreed: party → actor.
    """

    subject: str
    content: str
    stands: Literal["works", "waits", "ended", "opened", "sealed"]
    sealed_by: str
    sealed_at: int
    until: int
    review_by: int
    ends_at: int | None
    overdue: bool
    kept: dict[str, bool]
    agreed: dict[str, str]
    opened_by: str | None
    opened_at: int | None
    says: MarkContent | None
    key: str | None


def marks(node: Node, viewer: Viewer, limit: int = PAGE_MAX) -> list[MarkView]:
    """The marks that are shown to a viewer, those touched last first. MARK-20 to MARK-23."""
    rows = node.store.subjects("mark/", before=None, limit=min(limit, PAGE_MAX))
    states = (decode_state(row) for row in rows)
    views = (_view(node, state, viewer) for state in states if isinstance(state, MarkState))
    return [view for view in views if view is not None]


def mark(node: Node, viewer: Viewer, subject: str) -> MarkView:
    """One mark. Raises NotFound, with the same words if there is none and if it is not shown."""
    state = node.memory.state(subject)
    view = _view(node, state, viewer) if isinstance(state, MarkState) else None
    if view is None:
        raise NotFound(f"no mark {subject[:80]!r} here")
    return view


def is_told_of_marks(node: Node, viewer: Viewer) -> bool:
    """Whether a viewer is one of those to whom the page of marks is shown."""
    terms = node.terms()
    told = told_of_marks(terms) if terms is not None else frozenset()
    return "authority" in viewer.roles or any(role in told for role in viewer.roles)


def _view(node: Node, state: MarkState, viewer: Viewer) -> MarkView | None:
    mark = _read(node, state)
    sight = mark_sight(mark.terms, state, mark.content, viewer.actor, viewer.roles)
    if sight == "nothing":
        return None
    now = node.clock.now()
    shown = mark.content if sight == "content" else None
    opens = mark.terms.marks is not None and any(role in mark.terms.marks.opened_by for role in viewer.roles)
    due = review_by(mark.terms, state.until)
    return MarkView(
        subject=state.subject,
        content=box_digest(state.box),
        stands=_stands(mark, now) if shown is not None or state.opened is not None else "sealed",
        sealed_by=state.sealed.actor,
        sealed_at=state.sealed.t,
        until=state.until,
        review_by=due,
        ends_at=ends_at(mark.terms, state, shown) if shown is not None else None,
        overdue=state.opened is None and now > due,
        kept=dict(state.checked),
        agreed={party: given.mark.actor for party, given in state.agreed.items()},
        opened_by=state.opened.actor if state.opened is not None else None,
        opened_at=state.opened.t if state.opened is not None else None,
        says=shown,
        key=base64.b64encode(mark.key).decode() if mark.key is not None and opens and shown is not None else None,
    )


def _stands(mark: ReadMark, now: int) -> Literal["works", "waits", "ended", "opened"]:
    if mark.state.opened is not None:
        return "opened"
    if mark.content is None or now >= ends_at(mark.terms, mark.state, mark.content):
        return "ended"
    return "works" if mark.works(now) else "waits"
