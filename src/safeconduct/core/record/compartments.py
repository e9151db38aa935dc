"""Sealed compartments on the record: what may be said of them when, and to whom each is due (record.md REC-60 on).

A release is judged like every other act, on every node: a share that was given before its moment is void and shows.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from safeconduct.core.acts import (
    CompartmentChecked,
    CompartmentOpened,
    CompartmentReleased,
    CompartmentSealed,
    CompartmentTold,
    SealingKeyDestroyed,
    SealingKeyPublished,
    Timing,
)
from safeconduct.core.agreement import Evidence, Release, Terms, milliseconds, moment
from safeconduct.core.record.law import Member
from safeconduct.core.record.order import Said
from safeconduct.core.record.state import (
    BEFORE_DEPARTURE,
    Mark,
    MovementState,
    Phase,
    Sealing,
    SealingKeyLine,
    SealingState,
    Void,
)
from safeconduct.core.sealing import SealingPublicKey
from safeconduct.errors import InputInvalid, KeyInvalid

# Nobody is due anything of a movement that was not approved, or that was called off.
ALIVE = (Phase.APPROVED, Phase.UNDER_WAY)
# Who was shown it may look again until it is closed.
OPENS_IN = (*ALIVE, Phase.ARRIVED)


# --- to whom, and when ------------------------------------------------------------------------------------------------


def variants(terms: Terms, compartment: str) -> tuple[str, ...]:
    """The variants in which a compartment is sealed: one for each grade that some role is due, sorted."""
    known = terms.compartment(compartment)
    releases = known.releases if known is not None else ()
    return tuple(sorted({release.variant for release in releases if release.variant is not None}))


def opens_at(terms: Terms, state: MovementState, roles: Iterable[str], compartment: str, variant: str) -> int | None:
    """When a variant opens for holders of these roles, ms; None if it does for none of them."""
    held = frozenset(roles)  # order-free: asked for membership alone
    known = terms.compartment(compartment)
    due = [r for r in (known.releases if known is not None else ()) if r.role in held and r.variant == variant]
    return _first_moment(terms, state, due)


def known_from(terms: Terms, state: MovementState, roles: Iterable[str], compartment: str) -> int | None:
    """When holders of these roles learn that a compartment is sealed, in whatever grade, ms; None if they never do."""
    held = frozenset(roles)  # order-free: asked for membership alone
    known = terms.compartment(compartment)
    return _first_moment(terms, state, [r for r in (known.releases if known is not None else ()) if r.role in held])


def _first_moment(terms: Terms, state: MovementState, due: Sequence[Release]) -> int | None:
    if not due:
        return None
    lengths, anchors = terms.lengths(), _anchors(state)
    moments = (moment(release.opens, lengths, anchors) for release in due)
    return min((at for at in moments if at is not None), default=None)


def due_to_party(terms: Terms, state: MovementState, party: str, sealing: Sealing) -> int | None:
    """When a party's node is due the other parties' shares: with the first of its roles for which it opens, ms."""
    roles = [role.id for role in terms.roles if role.party == party]
    return opens_at(terms, state, roles, sealing.compartment, sealing.variant)


def in_force(terms: Terms, sealing: Sealing) -> bool:
    """Whether every party's node has opened its share and found that it fits, and nothing was sealed in its place."""
    return not sealing.replaced and all(sealing.checked.get(party.id, False) for party in terms.parties)


def has_pieces(terms: Terms, sealing: Sealing, party: str, asking: str) -> bool:
    """Whether enough officers have given their pieces of a silent party's share to another party."""
    glass = terms.glass(party)
    used = sealing.glass.get(party, {}).get(asking)
    return glass is not None and used is not None and len(used.given) >= glass.needed


def share_statements(terms: Terms, sealing: Sealing, giver: str, receiver: str) -> tuple[Evidence, ...]:
    """The statements by which a party's node has another's share: its release, or enough officers' pieces; else none.

    In order of time, so that the last is the one with which it has it.
    """
    released = sealing.released.get(receiver, {}).get(giver)
    if released is not None:
        return (released,)
    if not has_pieces(terms, sealing, giver, receiver):
        return ()
    glass = terms.glass(giver)
    pieces = sorted(sealing.glass[giver][receiver].given.values(), key=lambda evidence: (evidence.at, evidence.id))
    return tuple(pieces[: glass.needed if glass is not None else 0])


def kept_until(terms: Terms, state: MovementState, compartment: str) -> int:
    """Until when what is sealed in a compartment is to be openable, ms."""
    known = terms.compartment(compartment)
    return state.plan.timing.latest + (milliseconds(known.kept) if known is not None else 0)


def _anchors(state: MovementState) -> dict[str, int]:
    """The instants that a movement has so far: its plan's, and those in the latest report by each form."""
    anchors = plan_anchors(state.plan.timing)
    for form, filed in state.filed.items():
        for name, value in filed.fields.items():
            if isinstance(value, int) and not isinstance(value, bool):
                anchors[f"filed.{form.removeprefix('movement.')}.{name}"] = value
    return anchors


def plan_anchors(timing: Timing) -> dict[str, int]:
    """The instants of a plan, as agreements name them."""
    return {f"plan.{name}": getattr(timing, name) for name in ("earliest", "latest", "review_by")}


# --- whether it takes effect ------------------------------------------------------------------------------------------


def judge_sealed(terms: Terms, state: MovementState, phase: Phase, said: Said, act: CompartmentSealed) -> Void | None:
    """REC-60 to REC-63."""
    if phase not in (*BEFORE_DEPARTURE, Phase.UNDER_WAY):
        return Void(f"is_{phase.value}", f"a compartment is sealed before a movement has ended, this one is {phase}")
    asked = variants(terms, act.compartment)
    if act.variant not in asked:
        return Void(
            "no_such_compartment", f"the agreement releases {act.compartment} as {', '.join(asked) or 'nothing'}"
        )
    if tuple(share.party for share in act.shares) != tuple(sorted(party.id for party in terms.parties)):
        return Void("other_holders", "a compartment has one share for each party of the agreement, sorted")
    if act.content in state.sealings:
        return Void("sealed_already", f"content {act.content[:16]} has been sealed")
    if (act.escrow is not None) != bool(terms.break_glass):
        asks = "asks" if terms.break_glass else "does not ask"
        return Void("escrow_not_agreed", f"the agreement {asks} that shares are kept for officers too")
    before = _current(state, act.compartment, act.variant)
    if before is not None and before.mark.party != said.party:
        return Void("other_party", f"{act.compartment} was sealed by {before.mark.party}, which alone replaces it")
    return None


def judge_checked(state: MovementState | None, said: Said, act: CompartmentChecked) -> Void | None:
    """REC-64."""
    sealing = known_sealing(state, act.content)
    if isinstance(sealing, Void):
        return sealing
    if said.party in sealing.checked:
        return Void("checked_already", f"{said.party} has checked its share of {act.content[:16]}")
    return None


def judge_released(
    terms: Terms | None, state: MovementState | None, phase: Phase | None, said: Said, act: CompartmentReleased
) -> Void | None:
    """REC-65 to REC-67: to another party, of what is in force and alive, and no earlier than its moment."""
    sealing = known_sealing(state, act.content)
    if isinstance(sealing, Void):
        return sealing
    if terms is None or state is None:
        raise AssertionError(said.kind)
    if act.party == said.party or terms.party(act.party) is None:
        return Void("other_party", f"a share is released to another party of the agreement, got {act.party}")
    if not in_force(terms, sealing):
        return Void("not_in_force", f"content {act.content[:16]} is not in force: replaced, or a share was not checked")
    if phase not in ALIVE:
        return Void("not_alive", f"shares are released for a movement that is approved, this one is {phase}")
    opens = due_to_party(terms, state, act.party, sealing)
    if opens is None:
        return Void("not_due", f"no role of {act.party} is due {sealing.compartment} as {sealing.variant}")
    if said.t < opens:
        return Void("before_release", f"{sealing.compartment} opens for {act.party} later than this")
    if said.party in sealing.released.get(act.party, {}):
        return Void("released_already", f"{said.party} has given {act.party} its share of {act.content[:16]}")
    return None


def judge_opened(
    terms: Terms, member: Member, state: MovementState, phase: Phase, said: Said, act: CompartmentOpened
) -> Void | None:
    """REC-68, REC-87, REC-140: by somebody for whose role it is open, once all shares are there; with a reason."""
    sealing = known_sealing(state, act.content)
    if isinstance(sealing, Void):
        return sealing
    opens = opens_at(terms, state, member.roles, sealing.compartment, sealing.variant)
    if opens is None:
        return Void("not_due", f"no role of the actor is due {sealing.compartment} as {sealing.variant}")
    if phase not in OPENS_IN:
        return Void(f"is_{phase.value}", f"{said.kind} needs a movement that is approved, this one is {phase}")
    if said.t < opens:
        return Void("before_release", f"{sealing.compartment} opens for the actor's role later than this")
    others = [party.id for party in terms.parties if party.id != said.party]
    missing = [party for party in others if not share_statements(terms, sealing, party, said.party)]
    if missing:
        return Void("shares_missing", f"{', '.join(missing)} has not released its share to {said.party} yet")
    if act.reason is None and terms.asks_reason(said.kind):
        return Void("reason_missing", "the agreement asks a reason of whoever opens a sealed part, got none")
    return None


def judge_told(state: MovementState | None, said: Said, act: CompartmentTold) -> Void | None:
    """REC-70: by somebody who has it by the record, whatever has become of the movement."""
    sealing = known_sealing(state, act.content)
    if isinstance(sealing, Void):
        return sealing
    if said.actor != sealing.mark.actor and said.actor not in sealing.opened and said.actor not in sealing.told:
        return Void(
            "not_known", f"{said.actor} has neither sealed, nor opened, nor been told content {act.content[:16]}"
        )
    if act.to == said.actor:
        return Void("told_oneself", "somebody else is told, got the actor who says so")
    return None


def judge_published(said: Said, act: SealingKeyPublished) -> Void | None:
    """REC-69."""
    try:
        SealingPublicKey.from_text(act.key)
    except (InputInvalid, KeyInvalid) as error:
        return Void("bad_key", str(error))
    if act.until <= said.t:
        return Void("past_already", "a sealing key is published before its end")
    return None


def judge_destroyed(state: SealingState | None, act: SealingKeyDestroyed) -> Void | None:
    """REC-69."""
    known = state.keys.get(act.key) if state is not None else None
    if known is None or known.destroyed is not None:
        return Void("no_such_key", f"sealing key {act.key[:16]} is not one that is there to be destroyed")
    return None


def known_sealing(state: MovementState | None, content: str) -> Sealing | Void:
    """The sealing of that content, or why nothing said of it has effect."""
    known = state.sealings.get(content) if state is not None else None
    return known if known is not None else Void("not_sealed", f"no content {content[:16]} was sealed for this movement")


def _current(state: MovementState, compartment: str, variant: str) -> Sealing | None:
    return next(
        (s for s in state.sealings.values() if (s.compartment, s.variant) == (compartment, variant) and not s.replaced),
        None,
    )


# --- what it changes --------------------------------------------------------------------------------------------------


def apply_to_sealings(
    state: MovementState,
    mark: Mark,
    act: CompartmentSealed | CompartmentChecked | CompartmentReleased | CompartmentOpened | CompartmentTold,
) -> MovementState:
    """The movement with one of its sealings new or further on."""
    replace = msgspec.structs.replace
    sealings = dict(state.sealings)
    match act:
        case CompartmentSealed():
            before = _current(state, act.compartment, act.variant)
            if before is not None:
                sealings[before.content] = replace(before, replaced=True)
            sealings[act.content] = Sealing(
                mark=mark,
                compartment=act.compartment,
                variant=act.variant,
                content=act.content,
                size=act.size,
                key=act.key,
                escrow=act.escrow,
                slots=act.slots,
            )
        case CompartmentChecked():
            known = sealings[act.content]
            sealings[act.content] = replace(known, checked={**known.checked, mark.party: act.holds})
        case CompartmentReleased():
            known = sealings[act.content]
            given = {**known.released.get(act.party, {}), mark.party: mark.evidence}
            sealings[act.content] = replace(known, released={**known.released, act.party: given})
        case CompartmentOpened():
            known = sealings[act.content]
            sealings[act.content] = replace(known, opened={mark.actor: mark.evidence, **known.opened})
        case CompartmentTold():
            known = sealings[act.content]
            by = {mark.actor: mark.evidence, **known.told.get(act.to, {})}
            sealings[act.content] = replace(known, told={**known.told, act.to: by})
    return replace(state, sealings=sealings)


def apply_to_keys(
    state: SealingState | None, said: Said, evidence: Evidence, act: SealingKeyPublished | SealingKeyDestroyed
) -> SealingState:
    """A node's sealing keys with one more, or one less."""
    keys = dict(state.keys) if state is not None else {}
    match act:
        case SealingKeyPublished():
            line = SealingKeyLine(text=act.key, until=act.until, published=evidence)
            keys.setdefault(SealingPublicKey.from_text(act.key).key_id, line)
        case SealingKeyDestroyed():
            keys[act.key] = msgspec.structs.replace(keys[act.key], destroyed=evidence)
    return SealingState(subject=said.subject, keys=keys)
