"""The statements that every measurement works on: movements as two parties really run them, made fast.

One movement is some twenty statements of both sides: request, notice chain, approvals, gate, departure, check-ins,
arrival, close. Movements run side by side, so that a batch holds statements of many of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import msgspec

from safeconduct.core.acts import (
    Act,
    Escort,
    MovementAcknowledged,
    MovementApproved,
    MovementArrived,
    MovementAttested,
    MovementCheckedIn,
    MovementClosed,
    MovementDeparted,
    MovementRefused,
    MovementRelayed,
    MovementRequested,
    People,
    Plan,
    Route,
    Timing,
    kind_of,
)
from safeconduct.core.statement import Statement, digest, encode, encode_statement, pae, write_envelope
from safeconduct.testing import key

MINUTE = 60_000
HOUR = 60 * MINUTE
START = 1_728_172_800_000  # 2024-10-06T00:00:00Z

# An entry in the log is then about 1 KB: what the other systems get, too.
_REMARK = "Two vehicles at the gate, crews rested, radios tested on both nets."


@dataclass(frozen=True)
class Line:
    """One thing to be said: by whom, of what, when (ms after the movement's request)."""

    actor: str
    act: Act
    at: int

    @property
    def party(self) -> str:
        return self.actor.split("/", 1)[0]


@cache
def _plan(since: int) -> Plan:
    return Plan(
        route=Route(origin="airport", destination="port", districts=("malir", "korangi")),
        timing=Timing(earliest=since + 30 * HOUR, latest=since + 32 * HOUR, review_by=since + 29 * HOUR),
        people=People(group="engineers", count=12),
        escort=Escort(carrying_vehicles=2, protection_level="b6", escort_vehicles=3),
        purpose="Change of shift at the power station.",
    )


def movement(since: int) -> list[Line]:
    """A whole movement of both parties: 20 statements, 13 of the host's."""
    plan = _plan(since)
    approved = MovementApproved(plan=digest(plan))
    ready = plan.timing.earliest
    lines = [
        Line("sending/journey_manager", MovementRequested(plan=plan), 0),
        Line("host/duty_officer", MovementAcknowledged(role="duty_officer"), 20 * MINUTE),
        Line("host/duty_officer", MovementRelayed(role="duty_officer", to_role="unit"), 25 * MINUTE),
        Line("host/unit", MovementAcknowledged(role="unit"), 40 * MINUTE),
        Line("sending/approver", approved, 2 * HOUR),
        Line("host/duty_officer", approved, 3 * HOUR),
        Line("sending/journey_manager", _attested("heads", heads=12), ready - since - 9 * MINUTE),
        Line("host/escort_lead", _attested("heads", heads=12), ready - since - 8 * MINUTE),
        Line("host/escort_lead", _attested("radio"), ready - since - 6 * MINUTE),
        Line("host/duty_officer", _attested("sweep"), ready - since - 5 * MINUTE),
        Line("host/escort_lead", MovementDeparted(heads=12), ready - since + MINUTE),
    ]
    left = lines[-1].at
    lines += [
        Line("host/escort_lead", MovementCheckedIn(latitude_e7=248_607_000, longitude_e7=670_011_000, note=_REMARK), t)
        for t in range(left + 10 * MINUTE, left + 71 * MINUTE, 10 * MINUTE)
    ]
    lines += [
        Line("host/escort_lead", MovementArrived(heads=12), left + 75 * MINUTE),
        Line("sending/journey_manager", MovementClosed(note=_REMARK), left + 2 * HOUR),
    ]
    return lines


def _attested(item: str, heads: int | None = None) -> MovementAttested:
    return MovementAttested(item=item, holds=True, heads=heads, note=_REMARK)


def one_sided(since: int) -> list[Line]:
    """What one node alone can be given: the sending side of a movement that is called off, 10 statements."""
    plan = _plan(since)
    approved = MovementApproved(plan=digest(plan))
    return [
        Line("sending/journey_manager", MovementRequested(plan=plan), 0),
        Line("sending/approver", approved, 1),
        *(Line("sending/journey_manager", _attested("heads", heads=n), 2 + n) for n in range(7)),
        Line("sending/approver", MovementRefused(reason=_REMARK), 10),
    ]


# --- drafts and signatures --------------------------------------------------------------------------------------------


def draft(line: Line, subject: str, at: int, agreement: str, after: dict[str, int]) -> bytes:
    """The payload of a statement, ready to be signed by its actor and its node."""
    return encode_statement(
        Statement(
            kind=kind_of(line.act),
            agreement=agreement,
            party=line.party,
            actor=line.actor,
            subject=subject,
            at=at,
            after=after,
            signers=tuple(sorted({key_id(line.actor), node_key_id(line.party)})),
            body=msgspec.Raw(encode(line.act)),
        )
    )


@cache
def key_id(actor: str) -> str:
    return key(actor).public.key_id


@cache
def node_key_id(party: str) -> str:
    return key(f"{party}/node").public.key_id


# Deriving a key costs as much as signing.
_key = cache(key)


def sign_as_actor(work: Sequence[tuple[str, bytes]]) -> list[bytes]:
    """Offers: (actor, payload) under the actor's signature alone."""
    return [write_envelope(payload, {key_id(actor): _key(actor).sign(pae(payload))}) for actor, payload in work]


def sign_as_both(work: Sequence[tuple[str, bytes]]) -> list[bytes]:
    """Entries: (actor, payload) under the actor's signature and its node's."""
    entries = []
    for actor, payload in work:
        message = pae(payload)
        names = {actor, f"{actor.split('/', 1)[0]}/node"}
        entries.append(write_envelope(payload, {key_id(name): _key(name).sign(message) for name in names}))
    return entries
