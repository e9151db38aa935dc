"""Which obligation each shape of demand makes."""

from __future__ import annotations

from safeconduct.core.agreement.moments import (
    AlwaysObligation,
    EqualObligation,
    MustObligation,
    NeverObligation,
    OneObligation,
)
from safeconduct.core.agreement.obligation import Obligation
from safeconduct.core.agreement.rules import Always, Count, Equal, Gap, Must, Never, One, Recur, Relay
from safeconduct.core.agreement.sequences import CountObligation, GapObligation, RecurObligation, RelayObligation

OBLIGATIONS: dict[type, type[Obligation]] = {
    Must: MustObligation,
    Always: AlwaysObligation,
    Never: NeverObligation,
    Relay: RelayObligation,
    Gap: GapObligation,
    Recur: RecurObligation,
    Count: CountObligation,
    Equal: EqualObligation,
    One: OneObligation,
}
