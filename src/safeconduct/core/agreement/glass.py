"""Whose people break-glass is in the hands of."""

from __future__ import annotations

from safeconduct.core.agreement.clauses import BreakGlass


def one_side(glass: BreakGlass) -> str | None:
    """The one other party that all officers for a party's share are of: its people can open alone, with its node."""
    parties = {officer.party for officer in glass.officers}
    (side, *others) = sorted(parties, key=lambda party: party or "")
    return side if not others and side != glass.party else None
