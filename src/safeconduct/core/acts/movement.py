"""What can be said about a movement. docs/spec/record.md lists what each act needs in order to take effect."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from safeconduct.core.acts.words import Act, Identifier, Instant, Small, Text
from safeconduct.core.statement import Digest

PARTS = ("route", "timing", "people", "escort")
Part = Literal["route", "timing", "people", "escort"]


class Route(Act, frozen=True, kw_only=True):
    """Where from and to. path: digest of the sealed route, when one is committed."""

    origin: Identifier
    destination: Identifier
    districts: Annotated[tuple[Identifier, ...], msgspec.Meta(min_length=1, max_length=32)]
    path: Digest | None = None


class Timing(Act, frozen=True, kw_only=True):
    """The window of departure, and the moment by which every approval must be in, or the movement lapses."""

    earliest: Instant
    latest: Instant
    review_by: Instant


class People(Act, frozen=True, kw_only=True):
    """Who moves: a group, how many, and the commitment to the names (never the names)."""

    group: Identifier
    count: Annotated[int, msgspec.Meta(ge=1, le=10_000)]
    manifest: Digest | None = None


class Escort(Act, frozen=True, kw_only=True):
    """What protects them: vehicles that carry protected people, their protection level, vehicles of the escort."""

    carrying_vehicles: Small
    protection_level: Identifier
    escort_vehicles: Small


class Plan(Act, frozen=True, kw_only=True):
    """What is asked for and approved. Approvals name its digest; a material change of a part voids them for it."""

    route: Route
    timing: Timing
    people: People
    escort: Escort
    purpose: Text


class MovementRequested(Act, frozen=True, kw_only=True):
    """A movement is asked for: this is the notice."""

    plan: Plan


class MovementChanged(Act, frozen=True, kw_only=True):
    """A whole new plan in place of the current one."""

    plan: Plan
    reason: Text


class MovementAcknowledged(Act, frozen=True, kw_only=True):
    """A role of the notice chain has read the notice. Acknowledged is not approved."""

    role: Identifier


class MovementRelayed(Act, frozen=True, kw_only=True):
    """A role of the notice chain has passed the notice on to the next one."""

    role: Identifier
    to_role: Identifier


class MovementApproved(Act, frozen=True, kw_only=True):
    """The party consents to the plan with this digest."""

    plan: Digest


class MovementRefused(Act, frozen=True, kw_only=True):
    """The party does not consent, or no longer consents."""

    reason: Text


class MovementCancelled(Act, frozen=True, kw_only=True):
    """The requesting party does not want the movement any more."""

    reason: Text


class MovementAttested(Act, frozen=True, kw_only=True):
    """A role says that an item of the ready gate holds (or does not). heads: for the head count."""

    item: Identifier
    holds: bool
    heads: Small | None = None
    note: Text | None = None


class MovementExcepted(Act, frozen=True, kw_only=True):
    """Departure is allowed although this item is open; the actor's name stands under it."""

    item: Identifier
    reason: Text


class MovementDeparted(Act, frozen=True, kw_only=True):
    """Wheels move. heads: counted at departure."""

    heads: Small | None = None


class MovementCheckedIn(Act, frozen=True, kw_only=True):
    """All is well, said under way. The position is optional and in 1e-7 degree."""

    latitude_e7: Annotated[int, msgspec.Meta(ge=-900_000_000, le=900_000_000)] | None = None
    longitude_e7: Annotated[int, msgspec.Meta(ge=-1_800_000_000, le=1_800_000_000)] | None = None
    note: Text | None = None


class MovementArrived(Act, frozen=True, kw_only=True):
    """People have got out at the true destination."""

    heads: Small


class MovementAborted(Act, frozen=True, kw_only=True):
    """A movement under way is stopped."""

    reason: Text


class MovementClosed(Act, frozen=True, kw_only=True):
    """Nothing more is owed: debriefed and done."""

    note: Text | None = None


MovementAct = (
    MovementRequested
    | MovementChanged
    | MovementAcknowledged
    | MovementRelayed
    | MovementApproved
    | MovementRefused
    | MovementCancelled
    | MovementAttested
    | MovementExcepted
    | MovementDeparted
    | MovementCheckedIn
    | MovementArrived
    | MovementAborted
    | MovementClosed
)
