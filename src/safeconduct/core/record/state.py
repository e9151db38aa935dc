"""What the record knows about each subject: frozen values, replaced by `fold.py` and by nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

import msgspec

from safeconduct.core.acts import Plan
from safeconduct.core.agreement import Evidence


class Phase(StrEnum):
    """Where a movement stands. `committed`, `drawn` and `diverted` come with the joint draw."""

    REQUESTED = "requested"
    APPROVED = "approved"
    UNDER_WAY = "under_way"
    ARRIVED = "arrived"
    CLOSED = "closed"
    REFUSED = "refused"
    CANCELLED = "cancelled"
    LAPSED = "lapsed"
    ABORTED = "aborted"


BEFORE_DEPARTURE = (Phase.REQUESTED, Phase.APPROVED)
GAVE_UP = (Phase.REFUSED, Phase.CANCELLED, Phase.LAPSED)


class _State(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    pass


class Mark(_State, frozen=True, kw_only=True):
    """A statement that changed the state. after: what its author had seen, to tell acts at once from acts in turn."""

    party: str
    index: int
    id: str
    actor: str
    t: int
    after: Mapping[str, int]

    @property
    def evidence(self) -> Evidence:
        return Evidence(party=self.party, index=self.index, id=self.id, at=self.t)


class Attestation(_State, frozen=True, kw_only=True):
    """What a role said of a gate item."""

    mark: Mark
    holds: bool
    heads: int | None = None


class Exempted(_State, frozen=True, kw_only=True):
    """A gate item that a named actor took upon itself to leave open."""

    mark: Mark
    reason: str


class MovementState(_State, frozen=True, kw_only=True, tag_field="is", tag="movement"):
    """One movement.

    plans: every plan ever asked for, by digest. approvals: for each party the digests of the plans it approved.
    attestations: item → role → latest. departed_without_consent: the first departure that was said while consent was
    missing, which has no effect and is a breach all the same; consent_was_missing: of whom.
    """

    subject: str
    phase: Phase
    agreement: str
    plan: Plan
    plan_digest: str
    plans: Mapping[str, Plan]
    requested: Mark
    approvals: Mapping[str, tuple[str, ...]] = {}
    approval_marks: tuple[Mark, ...] = ()
    acknowledged: Mapping[str, Mark] = {}
    relayed: Mapping[str, Mark] = {}
    attestations: Mapping[str, Mapping[str, Attestation]] = {}
    exemptions: Mapping[str, Exempted] = {}
    departed: Mark | None = None
    departed_without_consent: Mark | None = None
    consent_was_missing: tuple[str, ...] = ()
    check_ins: tuple[Mark, ...] = ()
    position_e7: tuple[int, int] | None = None
    ended: Mark | None = None
    closed: Mark | None = None
    stopped: Mark | None = None
    reason: str | None = None


class RegisterState(_State, frozen=True, kw_only=True, tag_field="is", tag="register"):
    """A site, a group or a person as its party registered it last. body: canonical JSON of the act of that kind."""

    subject: str
    party: str
    kind: str
    body: msgspec.Raw


class LogState(_State, frozen=True, kw_only=True, tag_field="is", tag="log"):
    """What the other parties say they hold of a party's log: party → (size, root)."""

    subject: str
    received: Mapping[str, tuple[int, str]]


class IncidentState(_State, frozen=True, kw_only=True, tag_field="is", tag="incident"):
    """An incident and who reported it."""

    subject: str
    about: str
    category: str
    account: str
    evidence: str | None
    raised: tuple[Mark, ...]


State = MovementState | RegisterState | LogState | IncidentState
