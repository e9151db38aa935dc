"""Break-glass on the record: who may ask, when an officer's piece may be given, and what stops it (REC-80 on).

It stands in for the release of a party whose node is silent and for nothing else: what is opened by it is alive, in
force and due, like everything that is opened.
"""

from __future__ import annotations

import msgspec

from safeconduct.core.acts import GlassAct, GlassAsked, GlassGiven, GlassObjected
from safeconduct.core.agreement import BreakGlass, Terms, milliseconds
from safeconduct.core.record.compartments import ALIVE, due_to_party, has_pieces, in_force, known_sealing
from safeconduct.core.record.law import Member
from safeconduct.core.record.order import Said
from safeconduct.core.record.state import Asked, Glass, Mark, MovementState, Phase, Sealing, Void

_NOTHING = Glass()


def glass_of(sealing: Sealing, party: str, asking: str) -> Glass:
    """What a party asked and got of another's share; nothing yet if it never did."""
    return sealing.glass.get(party, {}).get(asking, _NOTHING)


def gives_from(terms: Terms, state: MovementState, sealing: Sealing, party: str, asking: str) -> int | None:
    """From when on the officers give a party's share to another, ms; None while too few have asked, or it is not due.

    Never before the content opens for the first role of the asking party: breaking glass opens nothing early.
    """
    glass = terms.glass(party)
    due = due_to_party(terms, state, asking, sealing)
    asked = sorted(a.evidence.at for a in glass_of(sealing, party, asking).asked.values())
    if glass is None or due is None or len(asked) < glass.asks:
        return None
    return max(due, asked[glass.asks - 1] + milliseconds(glass.delay))


def judge_glass(
    terms: Terms, member: Member, state: MovementState, phase: Phase, said: Said, act: GlassAct
) -> Void | None:
    """REC-80 to REC-87."""
    sealing = known_sealing(state, act.content)
    if isinstance(sealing, Void):
        return sealing
    match act:
        case GlassAsked():
            return _cannot_use(terms, state, phase, sealing, act.party, said.party) or _asked(
                terms, member, sealing, said, act
            )
        case GlassGiven():
            return may_give(terms, state, phase, sealing, act.party, said.party, act.officer, said.t)
        case GlassObjected():
            return _objected(terms, sealing, said)


def may_give(
    terms: Terms, state: MovementState, phase: Phase, sealing: Sealing, party: str, asking: str, officer: str, t: int
) -> Void | None:
    """Why an officer does not give his piece of a party's share at `t`; None if he may. REC-82 to REC-85.

    Asked by every node of what was said, and by the officer's own machine before it gives.
    """
    void = _cannot_use(terms, state, phase, sealing, party, asking)
    glass = terms.glass(party)
    if void is not None or glass is None:
        return void
    if officer not in [known.id for known in glass.officers]:
        return Void("no_such_officer", f"{officer} holds no piece of the share of {party}")
    used = glass_of(sealing, party, asking)
    if len(used.asked) < glass.asks:
        stopped = " since it objected" if used.objected is not None else ""
        return Void("not_asked", f"{glass.asks} people of {asking} ask first, {len(used.asked)} have{stopped}")
    opens = gives_from(terms, state, sealing, party, asking)
    if opens is None or t < opens:
        return Void("before_delay", f"nothing of the share of {party} is given yet: it has time to object")
    if officer in used.given:
        return Void("given_already", f"{officer} has given a piece of the share of {party}")
    return None


def _cannot_use(
    terms: Terms, state: MovementState, phase: Phase, sealing: Sealing, party: str, asking: str
) -> Void | None:
    """Why break-glass is not for this content and these parties. REC-80, REC-84."""
    if party == asking or terms.glass(party) is None or sealing.escrow is None:
        return Void("no_break_glass", f"the agreement lets no officers give the share of {party} to {asking}")
    if not in_force(terms, sealing):
        return Void("not_in_force", f"content {sealing.content[:16]} is not in force: replaced, or not checked")
    if phase not in ALIVE:
        return Void("not_alive", f"shares are given for a movement that is approved, this one is {phase}")
    if due_to_party(terms, state, asking, sealing) is None:
        return Void("not_due", f"no role of {asking} is due {sealing.compartment} as {sealing.variant}")
    if party in sealing.released.get(asking, {}):
        return Void("released_already", f"{party} has given {asking} its share of {sealing.content[:16]}")
    return None


def _asked(terms: Terms, member: Member, sealing: Sealing, said: Said, act: GlassAsked) -> Void | None:
    glass = _terms(terms, act.party)
    if not any(role in glass.asked_by for role in member.roles):
        return Void("not_your_role", f"the share of {act.party} is asked for by {', '.join(glass.asked_by)}")
    if said.actor in glass_of(sealing, act.party, said.party).asked:
        return Void("asked_already", "the actor has asked, and another must")
    return None


def _objected(terms: Terms, sealing: Sealing, said: Said) -> Void | None:
    """REC-86: while something is asked of it, and not all is given."""
    if _stoppable(terms, sealing, said.party):
        return None
    return Void("not_asked", f"nobody asks the officers for the share of {said.party} now, or all of it was given")


def _stoppable(terms: Terms, sealing: Sealing, party: str) -> tuple[str, ...]:
    """The parties whose request for a party's share can still be stopped."""
    return tuple(
        asking
        for asking, used in sorted(sealing.glass.get(party, {}).items())
        if used.asked and not has_pieces(terms, sealing, party, asking)
    )


def _terms(terms: Terms, party: str) -> BreakGlass:
    glass = terms.glass(party)
    if glass is None:
        raise AssertionError(party)
    return glass


def apply_glass(terms: Terms, state: MovementState, mark: Mark, act: GlassAct) -> MovementState:
    """The movement with one more thing asked, given or objected to."""
    replace = msgspec.structs.replace
    sealing = state.sealings[act.content]
    match act:
        case GlassAsked():
            used = glass_of(sealing, act.party, mark.party)
            asked = {**used.asked, mark.actor: Asked(evidence=mark.evidence, reason=act.reason)}
            sealing = _with(sealing, act.party, mark.party, replace(used, asked=asked))
        case GlassGiven():
            used = glass_of(sealing, act.party, mark.party)
            given = {**used.given, act.officer: mark.evidence}
            sealing = _with(sealing, act.party, mark.party, replace(used, given=given))
        case GlassObjected():
            for asking in _stoppable(terms, sealing, mark.party):
                sealing = _with(sealing, mark.party, asking, Glass(objected=mark.evidence))
    return replace(state, sealings={**state.sealings, act.content: sealing})


def _with(sealing: Sealing, party: str, asking: str, used: Glass) -> Sealing:
    of_party = {**sealing.glass.get(party, {}), asking: used}
    return msgspec.structs.replace(sealing, glass={**sealing.glass, party: of_party})
