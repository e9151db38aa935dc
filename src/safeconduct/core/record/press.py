"""Joint releases on the record: out when every other party has signed the same words (record.md REC-115 to REC-119)."""

from __future__ import annotations

from typing import Literal

import msgspec

from safeconduct.core.acts import ReleaseAct, ReleaseProposed, ReleaseRefused, ReleaseSigned, ReleaseWithdrawn
from safeconduct.core.agreement import InformationTerms, Terms
from safeconduct.core.record.law import Member
from safeconduct.core.record.order import Said, saw
from safeconduct.core.record.state import Mark, ReleaseState, Void
from safeconduct.core.statement import digest

ReleaseStanding = Literal["proposed", "released", "refused", "withdrawn"]


def standing_of(state: ReleaseState) -> ReleaseStanding:
    """How a release stands; only what is released may be given out."""
    if state.refused is not None:
        return "refused"
    if state.withdrawn is not None:
        return "withdrawn"
    return "released" if state.complete is not None else "proposed"


def judge_release(terms: Terms, member: Member, state: ReleaseState | None, said: Said, act: ReleaseAct) -> Void | None:
    """REC-115 to REC-119."""
    information = terms.information
    if information is None:
        return Void("no_information_terms", "the agreement has no terms for joint releases")
    if isinstance(act, ReleaseProposed):
        return _proposed(information, member, state, said, act)
    if state is None or state.digest != act.digest:
        return Void("not_proposed", f"nothing with digest {act.digest[:16]} was proposed under this subject")
    match act:
        case ReleaseSigned():
            return _answers(information, member, state, said) or _signed(state, said)
        case ReleaseRefused():
            return _answers(information, member, state, said) or _stops(state, said)
        case ReleaseWithdrawn():
            if said.party != state.proposed.party:
                return Void("other_party", f"{state.proposed.party} proposed it and takes it back, got {said.party}")
            return _role(member, information.propose) or _stops(state, said)


def _role(member: Member, roles: tuple[str, ...]) -> Void | None:
    if any(role in roles for role in member.roles):
        return None
    return Void("not_your_role", f"this is for {', '.join(roles)}")


def _proposed(
    information: InformationTerms, member: Member, state: ReleaseState | None, said: Said, act: ReleaseProposed
) -> Void | None:
    if state is not None:
        return Void("exists_already", f"{said.subject} has been proposed")
    if not act.texts and not act.counts:
        return Void("nothing_said", "a release has words or numbers, got neither")
    least = information.smallest_count
    for count in act.counts:
        if (count.number is None) == (count.fewer_than is None):
            return Void("bad_count", "a number is given out exactly or as fewer than another, got both or neither")
        if (count.number is not None and 0 < count.number < least) or count.fewer_than not in (None, least):
            return Void("small_count", f"a number from 1 to {least - 1} is given out as fewer than {least}")
    return _role(member, information.propose)


def _answers(information: InformationTerms, member: Member, state: ReleaseState, said: Said) -> Void | None:
    if said.party not in state.awaited:
        return Void("other_party", f"{', '.join(state.awaited)} answer it, got {said.party}")
    return _role(member, information.sign)


def _signed(state: ReleaseState, said: Said) -> Void | None:
    if standing_of(state) in ("refused", "withdrawn"):
        return Void(f"is_{standing_of(state)}", f"{state.subject} is {standing_of(state)}")
    if said.party in state.signed:
        return Void("signed_already", f"{said.party} has signed {state.subject}")
    return None


def _stops(state: ReleaseState, said: Said) -> Void | None:
    if standing_of(state) in ("refused", "withdrawn"):
        return Void(f"is_{standing_of(state)}", f"{state.subject} is {standing_of(state)}")
    # INVARIANT (safer-act-wins): a "no" that knew nothing of the last signature stops what it completed.
    if state.complete is not None and saw(said.after, state.complete.party, state.complete.index):
        return Void("is_released", f"{state.subject} is out: every party had signed it")
    return None


def apply_release(terms: Terms, state: ReleaseState | None, said: Said, mark: Mark, act: ReleaseAct) -> ReleaseState:
    """The release as it is after one more statement that takes effect."""
    replace = msgspec.structs.replace
    if isinstance(act, ReleaseProposed):
        return ReleaseState(
            subject=said.subject,
            proposed=mark,
            texts=dict(act.texts),
            counts=act.counts,
            digest=digest(act),
            awaited=tuple(sorted(party.id for party in terms.parties if party.id != said.party)),
        )
    if state is None:
        raise AssertionError(said.kind)
    match act:
        case ReleaseSigned():
            signed = {**state.signed, mark.party: mark}
            complete = mark if all(party in signed for party in state.awaited) else None
            return replace(state, signed=signed, complete=complete)
        case ReleaseRefused():
            return replace(state, refused=mark, reason=act.reason)
        case ReleaseWithdrawn():
            return replace(state, withdrawn=mark, reason=act.reason)
