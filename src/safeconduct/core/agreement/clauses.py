"""What may be agreed: the terms as typed values. The text that people edit is read by `read.py`.

The digest of the terms' canonical bytes is what the parties sign, so nothing here is a float and durations are the
ISO 8601 text that the parties wrote.
"""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from safeconduct.core.acts import FieldName, Identifier, Part, Text
from safeconduct.core.agreement.instants import milliseconds
from safeconduct.core.agreement.rules import EventName, InstantText, Rule, Span, Term
from safeconduct.core.statement import Digest, PartyId, digest

# Days, hours, minutes, seconds: months and years have no fixed length, so no deadline is written in them.
# The digits are ASCII: \d would also match ones that the conversion to a length of time refuses.
Duration = Annotated[
    str, msgspec.Meta(pattern=r"^P(?=.)([0-9]{1,4}D)?(T(?=.)([0-9]{1,4}H)?([0-9]{1,4}M)?([0-9]{1,5}S)?)?\Z")
]
# A fixed offset: a zone with summer time needs tables, which differ from machine to machine and change.
UtcOffset = Annotated[str, msgspec.Meta(pattern=r"^[+-](0[0-9]|1[0-4]):(00|15|30|45)\Z")]
# One text in each of the agreement's languages.
Texts = dict[str, Text]
KeyText = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9+/]{43}=\Z")]
NodeUrl = Annotated[str, msgspec.Meta(pattern=r"^https?://[^\s/]+\Z", max_length=200)]
ClauseId = Annotated[str, msgspec.Meta(pattern=r"^[A-Z]{1,6}-[0-9]{1,3}\Z")]
VKey = Annotated[str, msgspec.Meta(pattern=r"^[^+\s]+\+[0-9a-f]{8}\+[A-Za-z0-9+/]+=*\Z", max_length=300)]


class NodeKeys(Term, frozen=True, kw_only=True):
    """A party's server as the agreement pins it.

    url: where peers reach it. node: signs statements and requests. log, witness, mirror: C2SP note keys (vkeys); the
    log's origin is the name in its vkey.
    """

    url: NodeUrl
    node: KeyText
    log: VKey
    witness: VKey
    mirror: VKey


class PartyTerms(Term, frozen=True, kw_only=True):
    """An organisation that signs. root: key of its authority, which enrols its actors and signs agreements."""

    id: PartyId
    name: Texts
    root: KeyText
    node: NodeKeys


class Role(Term, frozen=True, kw_only=True):
    """What an actor may be at one party, and the kinds of act that the role may say."""

    id: Identifier
    party: PartyId
    name: Texts
    may: Annotated[tuple[str, ...], msgspec.Meta(max_length=64)]


class Consent(Term, frozen=True, kw_only=True):
    """A party whose approval a movement needs, and the parts of the plan that concern it."""

    party: PartyId
    parts: Annotated[tuple[Part, ...], msgspec.Meta(min_length=1)]


class GateItem(Term, frozen=True, kw_only=True):
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


class PredictabilityTerms(Term, frozen=True, kw_only=True):
    """How an observer is taken to count past movements, and when approvers are warned that he can guess the next.

    warn: chance of his guess in per mille from which on approvers are warned; nothing is refused by it. span: how far
    back he counts. half_life: after each, a day counts half of what it did. least: on fewer days nothing is said.
    clock: of the place, by which days and hours are counted.
    """

    warn: Annotated[int, msgspec.Meta(ge=1, le=1_000)]
    span: Duration
    half_life: Duration
    least: Annotated[int, msgspec.Meta(ge=2, le=100)]
    clock: UtcOffset = "+00:00"


class MovementTerms(Term, frozen=True, kw_only=True):
    """How movements are agreed.

    drift: a shift of the window up to this voids no approval. review_before: default of the time before departure by
    which approvals must be in. predictability: none if the parties have agreed nothing about it.
    """

    consent: Annotated[tuple[Consent, ...], msgspec.Meta(min_length=1)]
    notice_chain: tuple[Identifier, ...]
    drift: Duration
    review_before: Duration
    ready_gate: tuple[GateItem, ...]
    predictability: PredictabilityTerms | None = None


class Parameter(Term, frozen=True, kw_only=True):
    """A number or name that the parties agree, written once: rules say `param.<id>`, texts `{<id>}`.

    Exactly one of duration, number, text, texts. question: asked when an agreement is made from a template.
    """

    id: FieldName
    duration: Duration | None = None
    number: Annotated[int, msgspec.Meta(ge=0, le=1_000_000_000)] | None = None
    text: Text | None = None
    texts: Annotated[tuple[Text, ...], msgspec.Meta(max_length=64)] | None = None
    question: Texts | None = None
    source: Text


class Field(Term, frozen=True, kw_only=True):
    """One thing that a form asks. options: of a choice."""

    id: FieldName
    type: Literal["text", "number", "instant", "yes_no", "choice", "names", "digest"]
    options: Annotated[tuple[Identifier, ...], msgspec.Meta(max_length=64)] = ()
    name: Texts | None = None


class Form(Term, frozen=True, kw_only=True):
    """A report that the parties agree to file: `form.filed` on a subject of the kind before the dot of its id."""

    id: EventName
    name: Texts
    fields: Annotated[tuple[Field, ...], msgspec.Meta(max_length=24)] = ()


# How much of a compartment is told: all, places and times roughly, how many there are, or that there is something.
Grade = Literal["exact", "blurred", "count", "existence"]
Metres = Annotated[int, msgspec.Meta(ge=1, le=1_000_000)]
Minutes = Annotated[int, msgspec.Meta(ge=1, le=100_000)]


class Need(Term, frozen=True, kw_only=True):
    """What a role must know a compartment for.

    Exactly one of clause, a duty of the role; item of the gate, which the role attests; why, where no clause says it.
    begins: not before this, always there with why. grade, metres, minutes: what is enough; without a grade the number
    where heads are counted, and else all of it.
    """

    clause: ClauseId | None = None
    item: Identifier | None = None
    why: Texts | None = None
    begins: InstantText | None = None
    grade: Grade | None = None
    metres: Metres | None = None
    minutes: Minutes | None = None


class Release(Term, frozen=True, kw_only=True):
    """When a compartment opens for a role, and how exactly.

    metres, minutes: to how much places and times are blurred, at least one of them if the grade is `blurred`; what has
    no size is not told then.
    """

    role: Identifier
    opens: InstantText
    grade: Grade = "exact"
    metres: Metres | None = None
    minutes: Minutes | None = None
    needs: Annotated[tuple[Need, ...], msgspec.Meta(max_length=8)] = ()

    @property
    def variant(self) -> str | None:
        """Which sealing of the compartment it opens; None when the role learns only that there is one."""
        if self.grade == "existence":
            return None
        metres = f"-{self.metres}m" if self.metres is not None else ""
        minutes = f"-{self.minutes}min" if self.minutes is not None else ""
        return self.grade + metres + minutes


class Compartment(Term, frozen=True, kw_only=True):
    """A separately sealed part of an order.

    margin: how long before it is needed it may open; no time if absent. kept: how long after the window of departure
    what is sealed can still be opened.
    """

    id: FieldName
    name: Texts
    margin: Span | None = None
    releases: Annotated[tuple[Release, ...], msgspec.Meta(max_length=64)]
    kept: Duration = "P30D"


class Disputes(Term, frozen=True, kw_only=True):
    """Who rules on a contested fact: somebody of each of these roles, saying the same."""

    ruled_by: Annotated[tuple[Identifier, ...], msgspec.Meta(min_length=1, max_length=8)]


class Level(Term, frozen=True, kw_only=True):
    """How far the parties work together. refuses: kinds of act that have no effect at this level."""

    id: FieldName
    name: Texts
    refuses: Annotated[tuple[EventName, ...], msgspec.Meta(max_length=16)] = ()


class Step(Term, frozen=True, kw_only=True):
    """A step down that was agreed beforehand.

    Any of the roles `by` may say it when there were so many breaches of at least this severity within the span.
    """

    to: FieldName
    by: Annotated[tuple[Identifier, ...], msgspec.Meta(min_length=1, max_length=8)]
    breaches: Annotated[int, msgspec.Meta(ge=1, le=1_000)]
    severity: Literal["minor", "major", "critical"]
    within: Duration


class Suspension(Term, frozen=True, kw_only=True):
    """Grades of suspension and return.

    levels: from the fullest to the least. back: each of these roles says it, for one level up, when there was no breach
    for `quiet`.
    """

    levels: Annotated[tuple[Level, ...], msgspec.Meta(min_length=2, max_length=8)]
    steps: Annotated[tuple[Step, ...], msgspec.Meta(min_length=1, max_length=16)]
    back: Annotated[tuple[Identifier, ...], msgspec.Meta(min_length=1, max_length=8)]
    quiet: Duration


# A recipient of age (C2SP): bech32 of an X25519 key. The checksum is checked where its sense is.
OfficerKey = Annotated[str, msgspec.Meta(pattern=r"^age1[02-9ac-hj-np-z]{58}\Z")]


class Officer(Term, frozen=True, kw_only=True):
    """Somebody who keeps a piece of a party's shares under a key of his own that is on no node.

    party: whose people the officer is of; absent for somebody of neither. key: an age recipient.
    """

    id: Identifier
    name: Texts
    party: PartyId | None = None
    key: OfficerKey


class BreakGlass(Term, frozen=True, kw_only=True):
    """How a compartment opens while the node of `party` is silent: officers give its share in pieces.

    needed: how many of the officers give. asked_by: roles of other parties; `asks` different actors of one party ask.
    delay: between the last of these and the officers' giving, in which the party can object.
    """

    party: PartyId
    officers: Annotated[tuple[Officer, ...], msgspec.Meta(min_length=2, max_length=16)]
    needed: Annotated[int, msgspec.Meta(ge=2, le=16)]
    delay: Duration
    asked_by: Annotated[tuple[Identifier, ...], msgspec.Meta(min_length=1, max_length=8)]
    asks: Annotated[int, msgspec.Meta(ge=2, le=8)] = 2


_Roles = Annotated[tuple[Identifier, ...], msgspec.Meta(min_length=1, max_length=16)]


class InformationTerms(Term, frozen=True, kw_only=True):
    """Who shares information with a caveat, and who gives out what is said jointly.

    share, consent, recall: roles that share items, and that answer for their party's own items: let them be passed on,
    take them back. propose, sign: roles that propose what is given out, and that sign or refuse it. acknowledge_within:
    the longest time that a recall gives. smallest_count: a number below it is not given out exactly.
    """

    share: _Roles
    consent: _Roles
    recall: _Roles
    propose: _Roles
    sign: _Roles
    acknowledge_within: Duration
    smallest_count: Annotated[int, msgspec.Meta(ge=1, le=1_000)] = 1


class ShutOutTerms(Term, frozen=True, kw_only=True):
    """How a movement or a site may be hidden from a unit.

    by: roles that may seal such a mark. agreed_by: roles of which one of another party agrees, within `agree_within` of
    its sealing, or the mark ends. units: roles that may be shut out, and actors who hold one. longest: it lasts no
    longer.
    """

    by: Annotated[tuple[Identifier, ...], msgspec.Meta(min_length=1, max_length=8)]
    agreed_by: Annotated[tuple[Identifier, ...], msgspec.Meta(min_length=1, max_length=16)]
    agree_within: Duration
    units: Annotated[tuple[Identifier, ...], msgspec.Meta(min_length=1, max_length=64)]
    longest: Duration


class DecoyTerms(Term, frozen=True, kw_only=True):
    """How a movement may be made a decoy, in which nobody who is protected travels.

    by: roles that may seal such a mark. agreed_by: roles of which one of every other party that has one agrees before
    it counts. longest: it lasts no longer.
    """

    by: Annotated[tuple[Identifier, ...], msgspec.Meta(min_length=1, max_length=8)]
    agreed_by: Annotated[tuple[Identifier, ...], msgspec.Meta(min_length=1, max_length=16)]
    longest: Duration


class Marks(Term, frozen=True, kw_only=True):
    """Sealed marks, at least one of the two sorts.

    opened_by: roles that may open a mark for review. review_within: after its end by when that is done.
    """

    shut_out: ShutOutTerms | None = None
    decoy: DecoyTerms | None = None
    opened_by: Annotated[tuple[Identifier, ...], msgspec.Meta(min_length=1, max_length=8)]
    review_within: Duration


class Dossiers(Term, frozen=True, kw_only=True):
    """How nodes keep the dossiers of protected people: sealed to the node of the party that registers a person.

    kept: for at most so long after each sealing. opened_by: roles that may open one, of a party that keeps it. held_by:
    parties that keep every dossier too.
    """

    kept: Duration
    opened_by: Annotated[tuple[Identifier, ...], msgspec.Meta(min_length=1, max_length=16)]
    held_by: Annotated[tuple[PartyId, ...], msgspec.Meta(max_length=16)] = ()


class AccessTerms(Term, frozen=True, kw_only=True):
    """What is asked of whoever opens or asks for what is sensitive, and which openings everybody is told of.

    reasons: what a reason must be on the record for: opening a compartment, asking who knew, taking an evidence pack.
    openings, openings_of_role: different sealed contents that one actor, or all holders of one role of a party, may
    open within `within`; more are an incident. Without a number nobody counts.
    """

    reasons: Annotated[tuple[Literal["compartment.opened", "knew", "pack"], ...], msgspec.Meta(max_length=3)] = ()
    openings: Annotated[int, msgspec.Meta(ge=1, le=10_000)] | None = None
    openings_of_role: Annotated[int, msgspec.Meta(ge=1, le=10_000)] | None = None
    within: Duration | None = None


class Canaries(Term, frozen=True, kw_only=True):
    """Which parts of an order may differ by recipient, and how a leak of one is traced.

    compartments: those whose words may name slots. panel: roles of which one of every party asks before a seed is
    opened, and which see the result. bound: a name is shown where chance would show a wrong one at most once in ten to
    this power. looks: how often at most the evidence of one leak is scored while it grows. misheard_one_in: one slot
    value in so many is told or heard wrong. observed, predictable, leaked_by_one, leaked_by_two: what each explanation
    of a leak weighs before it is looked at; `predictable` that of a movement that everybody could guess.
    """

    compartments: Annotated[tuple[FieldName, ...], msgspec.Meta(min_length=1, max_length=32)]
    panel: Annotated[tuple[Identifier, ...], msgspec.Meta(min_length=2, max_length=16)]
    bound: Annotated[int, msgspec.Meta(ge=3, le=15)]
    looks: Annotated[int, msgspec.Meta(ge=1, le=100)]
    misheard_one_in: Annotated[int, msgspec.Meta(ge=2, le=1_000)] = 50
    observed: Annotated[int, msgspec.Meta(ge=1, le=1_000)]
    predictable: Annotated[int, msgspec.Meta(ge=0, le=1_000)]
    leaked_by_one: Annotated[int, msgspec.Meta(ge=1, le=1_000)]
    leaked_by_two: Annotated[int, msgspec.Meta(ge=0, le=1_000)]


class Clause(Term, frozen=True, kw_only=True):
    """One numbered duty. owed_by: exactly one role.

    Exactly one of rule, by which the record judges it, and by_people: why a machine cannot. source: where it was
    published, or `parameter to agree`. covers: numbers that it has elsewhere.
    """

    id: ClauseId
    title: Texts
    text: Texts
    owed_by: Identifier
    owed_to: Identifier
    severity: Literal["minor", "major", "critical"]
    evidence: Text
    source: Text
    covers: Annotated[tuple[ClauseId, ...], msgspec.Meta(max_length=16)] = ()
    rule: Rule | None = None
    by_people: Texts | None = None


class Terms(Term, frozen=True, kw_only=True):
    """A whole agreement. version counts from 1; previous: digest of the version that this one amends.

    auditors: roles, of any party, whose holders are shown everything that their own party's node holds.
    """

    name: Identifier
    version: Annotated[int, msgspec.Meta(ge=1, le=10_000)]
    previous: Digest | None = None
    title: Texts
    languages: Annotated[tuple[Literal["en", "zh", "ur"], ...], msgspec.Meta(min_length=1)]
    parties: Annotated[tuple[PartyTerms, ...], msgspec.Meta(min_length=2, max_length=16)]
    roles: Annotated[tuple[Role, ...], msgspec.Meta(max_length=200)]
    movement: MovementTerms
    parameters: Annotated[tuple[Parameter, ...], msgspec.Meta(max_length=200)] = ()
    forms: Annotated[tuple[Form, ...], msgspec.Meta(max_length=200)] = ()
    compartments: Annotated[tuple[Compartment, ...], msgspec.Meta(max_length=32)] = ()
    disputes: Disputes | None = None
    suspension: Suspension | None = None
    break_glass: Annotated[tuple[BreakGlass, ...], msgspec.Meta(max_length=16)] = ()
    auditors: Annotated[tuple[Identifier, ...], msgspec.Meta(max_length=16)] = ()
    marks: Marks | None = None
    dossiers: Dossiers | None = None
    information: InformationTerms | None = None
    access: AccessTerms | None = None
    canaries: Canaries | None = None
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

    def lengths(self) -> dict[str, int]:
        """The parameters that are durations, by id, in ms."""
        return {p.id: milliseconds(p.duration) for p in self.parameters if p.duration is not None}

    def compartment(self, compartment: str) -> Compartment | None:
        """The compartment of that id, if the agreement has it."""
        return next((c for c in self.compartments if c.id == compartment), None)

    def glass(self, party: str) -> BreakGlass | None:
        """How a party's share is had while its node is silent, if the agreement says so."""
        return next((g for g in self.break_glass if g.party == party), None)

    def asks_reason(self, what: str) -> bool:
        """Whether a reason must stand on the record for this."""
        return self.access is not None and what in self.access.reasons

    def form(self, form: str) -> Form | None:
        """The form of that id, if the agreement has it."""
        return next((f for f in self.forms if f.id == form), None)
