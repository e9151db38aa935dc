"""Questions about the folded state that screens and packs ask."""

from __future__ import annotations

import msgspec

from safeconduct.core.agreement import MovementTerms
from safeconduct.core.record.state import MovementState


class Hop(msgspec.Struct, frozen=True, kw_only=True):
    """One role of the notice chain. acknowledged, relayed: when, None while it has not."""

    role: str
    acknowledged: int | None
    relayed: int | None
    is_last: bool


def notice_chain(terms: MovementTerms, state: MovementState) -> tuple[Hop, ...]:
    """How far the notice has come: every hop in order, done or not."""
    last = len(terms.notice_chain) - 1
    return tuple(
        Hop(
            role=role,
            acknowledged=state.acknowledged[role].t if role in state.acknowledged else None,
            relayed=state.relayed[role].t if role in state.relayed else None,
            is_last=place == last,
        )
        for place, role in enumerate(terms.notice_chain)
    )
