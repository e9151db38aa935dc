"""What may be agreed: the terms as typed values. The text that people edit is read by `read.py`.

The digest of the terms' canonical bytes is what the parties sign, so nothing here is a float and durations are the
ISO 8601 text that the parties wrote.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Literal

import msgspec

from safeconduct.core.acts import Identifier, Part, Text
from safeconduct.core.statement import Digest, PartyId, digest

LANGUAGES = ("en", "zh", "ur")

# Days, hours, minutes, seconds: months and years have no fixed length, so no deadline is written in them.
# The digits are ASCII: \d would also match ones that the conversion to a length of time refuses.
Duration = Annotated[
    str, msgspec.Meta(pattern=r"^P(?=.)([0-9]{1,4}D)?(T(?=.)([0-9]{1,4}H)?([0-9]{1,4}M)?([0-9]{1,5}S)?)?\Z")
]
# One text in each of the agreement's languages.
Texts = dict[str, Text]
KeyText = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9+/]{43}=\Z")]
NodeUrl = Annotated[str, msgspec.Meta(pattern=r"^https?://[^\s/]+\Z", max_length=200)]
ClauseId = Annotated[str, msgspec.Meta(pattern=r"^[A-Z]{1,6}-[0-9]{1,3}\Z")]
VKey = Annotated[str, msgspec.Meta(pattern=r"^[^+\s]+\+[0-9a-f]{8}\+[A-Za-z0-9+/]+=*\Z", max_length=300)]


class _Term(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """Base: immutable, strict, absent instead of null."""


class NodeKeys(_Term, frozen=True, kw_only=True):
    """A party's server as the agreement pins it.

    url: where peers reach it. node: signs statements and requests. log, witness, mirror: C2SP note keys (vkeys); the
    log's origin is the name in its vkey.
    """

    url: NodeUrl
    node: KeyText
    log: VKey
    witness: VKey
    mirror: VKey


class PartyTerms(_Term, frozen=True, kw_only=True):
    """An organisation that signs. root: key of its authority, which enrols its actors and signs agreements."""

    id: PartyId
    name: Texts
    root: KeyText
    node: NodeKeys


class Role(_Term, frozen=True, kw_only=True):
    """What an actor may be at one party, and the kinds of act that the role may say."""

    id: Identifier
    party: PartyId
    name: Texts
    may: Annotated[tuple[str, ...], msgspec.Meta(max_length=64)]


class Consent(_Term, frozen=True, kw_only=True):
    """A party whose approval a movement needs, and the parts of the plan that concern it."""

    party: PartyId
    parts: Annotated[tuple[Part, ...], msgspec.Meta(min_length=1)]


class GateItem(_Term, frozen=True, kw_only=True):
    """A named condition of departure.

    check: `approvals` is computed from the record; `attested` needs every role in `by` to say that it holds; `heads`
    also that the heads it counted equal the plan's people. valid_for: how long an attestation is fresh.
    exception_by: the role that may let a movement go with the item open, its name under it; none if absent.
    """

    id: Identifier
    name: Texts
    check: Literal["approvals", "attested", "heads"]
    by: tuple[Identifier, ...] = ()
    valid_for: Duration | None = None
    exception_by: Identifier | None = None


class MovementTerms(_Term, frozen=True, kw_only=True):
    """How movements are agreed.

    drift: a shift of the window up to this voids no approval. review_before: default of the time before departure by
    which approvals must be in.
    """

    consent: Annotated[tuple[Consent, ...], msgspec.Meta(min_length=1)]
    notice_chain: tuple[Identifier, ...]
    drift: Duration
    review_before: Duration
    ready_gate: tuple[GateItem, ...]


class NoticeLead(_Term, frozen=True, kw_only=True, tag_field="shape", tag="notice_lead"):
    """The notice of a movement reaches party `to` at least `lead` before the window of departure opens."""

    lead: Duration
    to: PartyId


class ApprovedBeforeDeparture(_Term, frozen=True, kw_only=True, tag_field="shape", tag="approved_before_departure"):
    """Every party whose consent is needed has approved the plan before wheels move."""


_NO_GRACE = "PT0S"


class CheckInGap(_Term, frozen=True, kw_only=True, tag_field="shape", tag="check_in_gap"):
    """Under way, no longer than `gap` (plus `grace`) passes without a check-in."""

    gap: Duration
    grace: Duration = _NO_GRACE

    def __post_init__(self) -> None:
        # INVARIANT (one-encoding): a default is left out only if it is the same object, and a text that was read is
        # another one; without this line equal terms would have two digests.
        if self.grace == _NO_GRACE:
            msgspec.structs.force_setattr(self, "grace", _NO_GRACE)


class ClosedWithin(_Term, frozen=True, kw_only=True, tag_field="shape", tag="closed_within"):
    """A movement is closed at most `span` after it arrived or was aborted."""

    span: Duration


Rule = NoticeLead | ApprovedBeforeDeparture | CheckInGap | ClosedWithin


class Clause(_Term, frozen=True, kw_only=True):
    """One numbered rule. owed_by: exactly one role. rule: absent while the clause is text that people judge.

    source: where the rule was published, or `parameter to agree` for a number that the parties choose.
    """

    id: ClauseId
    title: Texts
    text: Texts
    owed_by: Identifier
    owed_to: Identifier
    severity: Literal["minor", "major", "critical"]
    evidence: Text
    source: Text
    rule: Rule | None = None


class Terms(_Term, frozen=True, kw_only=True):
    """A whole agreement. version counts from 1; previous: digest of the version that this one amends."""

    name: Identifier
    version: Annotated[int, msgspec.Meta(ge=1, le=10_000)]
    previous: Digest | None = None
    title: Texts
    languages: Annotated[tuple[Literal["en", "zh", "ur"], ...], msgspec.Meta(min_length=1)]
    parties: Annotated[tuple[PartyTerms, ...], msgspec.Meta(min_length=2, max_length=16)]
    roles: Annotated[tuple[Role, ...], msgspec.Meta(max_length=200)]
    movement: MovementTerms
    clauses: Annotated[tuple[Clause, ...], msgspec.Meta(max_length=500)]

    @property
    def digest(self) -> str:
        """What the parties sign: hex SHA-256 of the canonical bytes."""
        return digest(self)

    def party(self, party: str) -> PartyTerms | None:
        """The party of that id, if it is one."""
        return next((p for p in self.parties if p.id == party), None)

    def role(self, role: str) -> Role | None:
        """The role of that id, if the agreement has it."""
        return next((r for r in self.roles if r.id == role), None)


def milliseconds(duration: str) -> int:
    """Length of an ISO 8601 duration of days, hours, minutes and seconds."""
    return msgspec.convert(duration, timedelta) // timedelta(milliseconds=1)
