"""Sealed marks on the record: who may make, agree to and open one, until when it works (docs/spec/marks.md).

What a mark says is sealed, so what every node judges of it before the review is who speaks and until when. What it says
is held against the agreement by each node that opens it (`allowed`), and by everybody once it is open.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence

import msgspec

from safeconduct.core.acts import MarkAct, MarkAgreed, MarkChecked, MarkContent, MarkExpired, MarkOpened, MarkSealed
from safeconduct.core.agreement import DecoyTerms, ShutOutTerms, Terms, milliseconds
from safeconduct.core.record.law import Law
from safeconduct.core.record.order import Said
from safeconduct.core.record.state import AgreedMark, Mark, MarkState, Void
from safeconduct.core.sealing import check_commitment, commitment, open_box, unpad
from safeconduct.core.statement import encode
from safeconduct.errors import CheckFailed, InputInvalid

_KEY = "mark-key"

_content_decoder = msgspec.json.Decoder(MarkContent)


# --- what it says -----------------------------------------------------------------------------------------------------


def box_digest(box: str) -> str:
    """By what a mark's content is named: hex SHA-256 of its box (base64). MARK-2."""
    return hashlib.sha256(base64.b64decode(box)).hexdigest()


def mark_key_commitment(subject: str, content: str, key: bytes) -> str:
    """The commitment to the key of a box, as in SEAL-42: two keys cannot open one box to two texts. MARK-2."""
    return commitment(_KEY, f"{subject}/{content}", key, b"")


def read_mark(subject: str, box: str, key_commitment: str, key: bytes) -> MarkContent | None:
    """What a mark says, with its key; None if there is nothing in its box that a mark may say.

    Raises CheckFailed for a key that was not committed to: then nothing was opened.
    """
    check_commitment(key_commitment, _KEY, f"{subject}/{box_digest(box)}", key, b"")
    try:
        data = unpad(open_box(base64.b64decode(box), subject, key))
        content = _content_decoder.decode(data)
    except (CheckFailed, InputInvalid, msgspec.MsgspecError, UnicodeDecodeError):
        return None
    return content if encode(content) == data else None


def sort_terms(terms: Terms, content: MarkContent) -> ShutOutTerms | DecoyTerms | None:
    """What is agreed of marks of this sort, if anything."""
    if terms.marks is None:
        return None
    return terms.marks.shut_out if content.sort == "shut_out" else terms.marks.decoy


def allowed(terms: Terms, state: MarkState, content: MarkContent, unit_roles: Sequence[str]) -> Void | None:
    """Why a mark that says this counts for nothing under the agreement; None if it may be. MARK-10 to MARK-12.

    terms: by which it was sealed. unit_roles: those of the actor in `unit`; the role itself if it names one.
    """
    agreed = sort_terms(terms, content)
    if agreed is None or not any(role in agreed.by for role in state.roles):
        return Void("not_its_sort", "the agreement lets no role of its author seal a mark of this sort")
    if state.until - state.sealed.t > milliseconds(agreed.longest):
        return Void("too_long", "a mark of this sort lasts less long")
    if isinstance(agreed, ShutOutTerms):
        if content.unit is None or not any(role in agreed.units for role in unit_roles):
            return Void("not_a_unit", "the agreement lets nobody shut this unit out")
        return None
    if content.unit is not None or not content.about.startswith("movement/"):
        return Void("not_a_movement", "a decoy is a movement, and names no unit")
    return None


def unit_roles(law: Law, content: MarkContent) -> tuple[str, ...]:
    """The roles of whom a mark shuts out: the role that it names, or every one that its actor ever held, sorted.

    Every one, so that nobody is let in by another enrolment.
    """
    if content.unit is None or "/" not in content.unit:
        return (content.unit,) if content.unit is not None else ()
    enrolled = law.enrolments().get(content.unit, ())
    return tuple(sorted({role for _, member in enrolled if member is not None for role in member.roles}))


def agreed_at(terms: Terms, state: MarkState, content: MarkContent) -> int | None:
    """When a mark was agreed to as its sort asks, ms; None while it is not. MARK-13, MARK-14.

    A shut-out by one other party, a decoy by every other party that has a role for it.
    """
    agreed = sort_terms(terms, content)
    if agreed is None:
        return None
    parties = {role.party for role in terms.roles if role.id in agreed.agreed_by} - {state.sealed.party}
    given = {
        party: found.mark.t
        for party, found in state.agreed.items()
        if party in parties and any(role in agreed.agreed_by for role in found.roles)
    }
    if not given:
        return None
    if isinstance(agreed, ShutOutTerms):
        return min(given.values())
    return max(given.values()) if len(given) == len(parties) else None


def ends_at(terms: Terms, state: MarkState, content: MarkContent) -> int:
    """When a mark ends or has ended, ms: at its end, with its opening, or when a shut-out was not agreed to in time."""
    ends = state.until
    if state.opened is not None:
        ends = min(ends, state.opened.t)
    agreed = sort_terms(terms, content)
    if isinstance(agreed, ShutOutTerms):
        in_time = state.sealed.t + milliseconds(agreed.agree_within)
        given = agreed_at(terms, state, content)
        if given is None or given > in_time:
            ends = min(ends, in_time)
    return ends


def works_from(terms: Terms, state: MarkState, content: MarkContent) -> int | None:
    """From when on a mark counts, ms: a shut-out as soon as it is sealed, a decoy with the last consent; else None."""
    return state.sealed.t if content.sort == "shut_out" else agreed_at(terms, state, content)


def review_by(terms: Terms, until: int) -> int:
    """By when a mark that ends at `until` is opened for review, ms."""
    return until + (milliseconds(terms.marks.review_within) if terms.marks is not None else 0)


# --- whether it takes effect ------------------------------------------------------------------------------------------


def judge_mark(
    terms: Terms | None, roles: Sequence[str], state: MarkState | None, said: Said, act: MarkAct
) -> Void | None:
    """REC-90 to REC-97. terms: of the mark, or those in force for a new one. roles: of who speaks; none of a node."""
    if isinstance(act, MarkSealed):
        return _sealed(terms, roles, state, said, act)
    if state is None or terms is None:
        return Void("no_such_mark", f"{said.subject} has not been sealed")
    if act.content != box_digest(state.box):
        return Void("other_content", f"{said.kind} names the content of this mark, got {act.content[:16]}")
    match act:
        case MarkChecked():
            if said.party in state.checked:
                return Void("checked_already", f"{said.party} has checked {said.subject}")
            return None
        case MarkAgreed():
            return _agreed(terms, roles, state, said)
        case MarkOpened() | MarkExpired():
            return _opened(terms, roles, state, said, act)


def _sealed(
    terms: Terms | None, roles: Sequence[str], state: MarkState | None, said: Said, act: MarkSealed
) -> Void | None:
    if state is not None:
        return Void("exists_already", f"{said.subject} has been sealed")
    marks = terms.marks if terms is not None else None
    if terms is None or marks is None:
        return Void("no_marks", "the agreement has no marks")
    sorts = [sort for sort in (marks.shut_out, marks.decoy) if sort is not None]
    if not any(role in sort.by for sort in sorts for role in roles):
        return Void("not_your_role", f"{said.kind} is for the roles that the agreement names")
    if tuple(holder.party for holder in act.holders) != tuple(sorted(party.id for party in terms.parties)):
        return Void("other_holders", "a mark is sealed to the node of each party of the agreement, sorted")
    if act.until <= said.t:
        return Void("past_already", "a mark is sealed before its end")
    if act.until - said.t > max(milliseconds(sort.longest) for sort in sorts):
        return Void("too_long", "a mark lasts no longer than the agreement says")
    return None


def _agreed(terms: Terms, roles: Sequence[str], state: MarkState, said: Said) -> Void | None:
    marks = terms.marks
    sorts = [sort for sort in (marks.shut_out, marks.decoy) if sort is not None] if marks is not None else []
    if not any(role in sort.agreed_by for sort in sorts for role in roles):
        return Void("not_your_role", f"{said.kind} is for the roles that the agreement names")
    if said.party == state.sealed.party:
        return Void("other_party", "another party agrees than the one that sealed the mark")
    if said.party in state.agreed:
        return Void("agreed_already", f"{said.party} has agreed to {said.subject}")
    if state.opened is not None:
        return Void("opened_already", f"{said.subject} has been opened")
    if said.t >= state.until:
        return Void("is_over", f"{said.subject} has ended")
    return None


def _opened(
    terms: Terms, roles: Sequence[str], state: MarkState, said: Said, act: MarkOpened | MarkExpired
) -> Void | None:
    if state.opened is not None:
        return Void("opened_already", f"{said.subject} has been opened")
    if isinstance(act, MarkOpened):
        if terms.marks is None or not any(role in terms.marks.opened_by for role in roles):
            return Void("not_your_role", f"{said.kind} is for the roles that the agreement names")
    elif said.t < state.until:
        return Void("not_over", f"{said.subject} has not ended")
    try:
        read_mark(said.subject, state.box, state.key, base64.b64decode(act.key))
    except CheckFailed:
        return Void("does_not_open", f"{said.subject} opens with the key that was committed to, got another")
    return None


# --- what it changes --------------------------------------------------------------------------------------------------


def apply_mark(
    state: MarkState | None, roles: Sequence[str], agreement: str, subject: str, mark: Mark, act: MarkAct
) -> MarkState:
    """A mark new or further on. roles: of who speaks. agreement: that the statement names."""
    replace = msgspec.structs.replace
    if isinstance(act, MarkSealed):
        return MarkState(
            subject=subject,
            agreement=agreement,
            sealed=mark,
            roles=tuple(roles),
            until=act.until,
            key=act.key,
            box=act.box,
        )
    if state is None:
        raise AssertionError(subject)
    match act:
        case MarkChecked():
            return replace(state, checked={**state.checked, mark.party: act.holds})
        case MarkAgreed():
            return replace(state, agreed={**state.agreed, mark.party: AgreedMark(mark=mark, roles=tuple(roles))})
        case MarkOpened() | MarkExpired():
            content = read_mark(subject, state.box, state.key, base64.b64decode(act.key))
            return replace(state, opened=mark, content=content)
