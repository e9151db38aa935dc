"""Consent and the ready gate: what must hold before wheels move (docs/spec/record.md REC-20 to REC-27)."""

from __future__ import annotations

import msgspec

from safeconduct.core.acts import Part, Plan
from safeconduct.core.agreement import GateItem, MovementTerms, milliseconds
from safeconduct.core.record.state import MovementState


class GateLine(msgspec.Struct, frozen=True, kw_only=True):
    """One item of the gate at one moment.

    is_open: departure is refused while it is. why: code of what is missing, empty when closed. missing: roles or
    parties whose word is missing. exempted_by: the actor under whose name it may stay open.
    """

    item: str
    is_open: bool
    why: str
    missing: tuple[str, ...]
    exempted_by: str | None
    valid_until: int | None


def same_part(terms: MovementTerms, part: Part, approved: Plan, current: Plan) -> bool:
    """Whether an approval of one plan still covers this part of another: equal, or for the window within the drift."""
    if part != "timing":
        return bool(getattr(approved, part) == getattr(current, part))
    drift = milliseconds(terms.drift)
    return (
        abs(approved.timing.earliest - current.timing.earliest) <= drift
        and abs(approved.timing.latest - current.timing.latest) <= drift
    )


def missing_consent(terms: MovementTerms, state: MovementState) -> tuple[tuple[str, tuple[Part, ...]], ...]:
    """The parties whose consent is missing, each with the parts of the plan for which it is."""
    missing = []
    for consent in terms.consent:
        approved = [state.plans[digest] for digest in state.approvals.get(consent.party, ())]
        parts = tuple(
            part for part in consent.parts if not any(same_part(terms, part, plan, state.plan) for plan in approved)
        )
        if parts:
            missing.append((consent.party, parts))
    return tuple(missing)


def ready_gate(terms: MovementTerms, state: MovementState, t: int) -> tuple[GateLine, ...]:
    """Every item of the gate as it stands at `t`, in the agreement's order."""
    return tuple(_line(terms, item, state, t) for item in terms.ready_gate)


def _line(terms: MovementTerms, item: GateItem, state: MovementState, t: int) -> GateLine:
    if item.check == "approvals":
        parties = tuple(party for party, _ in missing_consent(terms, state))
        # INVARIANT (two keys): no exception stands in for a party's consent.
        return GateLine(
            item=item.id,
            is_open=bool(parties),
            why="consent_missing" if parties else "",
            missing=parties,
            exempted_by=None,
            valid_until=None,
        )
    said = state.attestations.get(item.id, {})
    lasts = milliseconds(item.valid_for) if item.valid_for else None
    why = ""
    missing: list[str] = []
    for role in item.by:
        attestation = said.get(role)
        if attestation is None:
            reason = "not_attested"
        elif not attestation.holds:
            reason = "does_not_hold"
        elif lasts is not None and t - attestation.mark.t > lasts:
            reason = "no_longer_fresh"
        elif item.check == "heads" and attestation.heads != state.plan.people.count:
            reason = "heads_differ_from_plan"
        else:
            continue
        why = why or reason
        missing.append(role)
    exemption = state.exemptions.get(item.id)
    ends = [a.mark.t + lasts for role, a in sorted(said.items()) if role in item.by] if lasts is not None else []
    return GateLine(
        item=item.id,
        is_open=bool(missing) and exemption is None,
        why=why,
        missing=tuple(missing),
        exempted_by=exemption.mark.actor if exemption is not None and missing else None,
        valid_until=min(ends) if ends and not missing else None,
    )
