"""What a clause demands, as data: ten shapes of rule without a line of code in an agreement.

Patterns name events: a kind of act of the catalogue (`movement.departed`) or a form of the agreement
(`vehicle.certified`). Conditions are CEL (see `conditions.py` for what they may name). An *instant* is an anchor and
perhaps an offset: `trigger + PT4H`, `plan.earliest - param.notice_lead`. docs/spec/agreement.md, from AG-50 on.
"""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from safeconduct.core.acts import Identifier
from safeconduct.core.statement import PartyId

# A kind of act, or the id of a form, which is named like one.
EventName = Annotated[str, msgspec.Meta(pattern=r"^[a-z]{2,20}\.[a-z][a-z0-9_]{0,39}\Z")]
SubjectKind = Annotated[str, msgspec.Meta(pattern=r"^[a-z]{2,20}\Z")]
Condition = Annotated[str, msgspec.Meta(min_length=1, max_length=600)]
# Days, hours, minutes, seconds, or a parameter that is one.
Span = Annotated[
    str,
    msgspec.Meta(
        pattern=r"^(P(?=.)([0-9]{1,4}D)?(T(?=.)([0-9]{1,4}H)?([0-9]{1,4}M)?([0-9]{1,5}S)?)?"
        r"|param\.[a-z][a-z0-9_]{0,39})\Z"
    ),
]
# Periods of a calendar may also be months and years, in UTC.
Period = Annotated[
    str,
    msgspec.Meta(
        pattern=r"^(P[1-9][0-9]{0,2}[YM]|P(?=.)([0-9]{1,4}D)?(T(?=.)([0-9]{1,4}H)?([0-9]{1,4}M)?([0-9]{1,5}S)?)?"
        r"|param\.[a-z][a-z0-9_]{0,39})\Z"
    ),
]
InstantText = Annotated[
    str,
    msgspec.Meta(
        pattern=r"^(trigger|trigger\.body\.[a-z][a-z0-9_]*|plan\.(earliest|latest|review_by)"
        r"|filed\.[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*)"
        r"( [+-] (P(?=.)([0-9]{1,4}D)?(T(?=.)([0-9]{1,4}H)?([0-9]{1,4}M)?([0-9]{1,5}S)?)?"
        r"|param\.[a-z][a-z0-9_]{0,39}))?\Z"
    ),
]


class Term(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """Base of everything in the terms: immutable, strict, absent instead of null."""

    def __post_init__(self) -> None:
        # INVARIANT (one-encoding): a default is left out only if it is the same object, and a text that was read is
        # another one; without this equal terms would have two digests.
        for name, default in zip(
            self.__struct_fields__[-len(self.__struct_defaults__) :] if self.__struct_defaults__ else (),
            self.__struct_defaults__,
            strict=True,
        ):
            if getattr(self, name) == default:
                msgspec.structs.force_setattr(self, name, default)


class Pattern(Term, frozen=True, kw_only=True):
    """Events that are meant.

    by: said by somebody who holds one of these roles. party: said for this party. where: a condition on the event.
    effect: `taken` means acts that took effect; `void` those that were said and had none; `any` both.
    """

    event: EventName
    by: tuple[Identifier, ...] = ()
    party: PartyId | None = None
    where: Condition | None = None
    effect: Literal["taken", "void", "any"] = "taken"


class Must(Pattern, frozen=True, kw_only=True):
    """`event` occurs in its window: not before `not_before`, at the latest at `due`.

    since: `trigger` counts events from the trigger on, the trigger itself included; `start` any on the subject.
    parties: one such event by each of them. received_by, clock: the instant that counts is that of the event
    (`offered`, the default without received_by), of the first statement by which that party shows it had it
    (`received`), or both (`fair`, the default with received_by): in time by both is met, late when offered is a breach,
    and what lies between is disputed. needs: compartments that must be open to the one who is to act.
    """

    due: InstantText
    not_before: InstantText | None = None
    since: Literal["trigger", "start"] = "trigger"
    parties: Annotated[tuple[PartyId, ...], msgspec.Meta(max_length=16)] = ()
    received_by: PartyId | None = None
    clock: Literal["offered", "received", "fair"] | None = None
    needs: tuple[Identifier, ...] = ()


class Always(Term, frozen=True, kw_only=True):
    """`hold` is true at the trigger and, with `until`, at every event of the subject up to and with that one."""

    hold: Condition
    until: Pattern | None = None


class Never(Pattern, frozen=True, kw_only=True):
    """`event` does not occur after the trigger: until `until`, until `before`, or until the subject is done."""

    until: Pattern | None = None
    before: InstantText | None = None


class Relay(Pattern, frozen=True, kw_only=True):
    """Each hop of a chain does its part within `within` of the hop before, the first within it of the trigger.

    chain: the hops by name; or chain_of: CEL list of texts that gives them at the trigger. hop: CEL text of the event
    that says whose hop it is. due: when all must be done at the latest.
    """

    hop: Condition
    chain: Annotated[tuple[Identifier, ...], msgspec.Meta(max_length=32)] = ()
    chain_of: Condition | None = None
    within: Span
    due: InstantText | None = None


class Gap(Pattern, frozen=True, kw_only=True):
    """From the trigger until `until`, never more than `at_most` passes without an `event` (or the end)."""

    at_most: Span
    until: Pattern | None = None


class Recur(Pattern, frozen=True, kw_only=True):
    """In every period from the trigger on there is an `event` (with `parties`: one by each), until `until`."""

    every: Period
    parties: Annotated[tuple[PartyId, ...], msgspec.Meta(max_length=16)] = ()
    until: Pattern | None = None


class Count(Pattern, frozen=True, kw_only=True):
    """How many events there are from the trigger until `due` or `until`.

    at_least, at_most: CEL of type int, taken at the trigger. distinct: CEL text; events with the same one count once.
    of, percent: instead, `event` makes up at least this share of the events `of`.
    """

    at_least: Condition | None = None
    at_most: Condition | None = None
    distinct: Condition | None = None
    of: Pattern | None = None
    percent: Condition | None = None
    due: InstantText | None = None
    until: Pattern | None = None


class Equal(Pattern, frozen=True, kw_only=True):
    """`planned`, taken at the trigger, equals `actual`, taken at the first `event` after it, which comes by `due`."""

    planned: Condition
    actual: Condition
    due: InstantText
    on_difference: Literal["breached", "disputed"] = "breached"


class One(Term, frozen=True, kw_only=True):
    """From the trigger until `until` exactly one holder answers for something, handovers within the clause's grace.

    taken, given_up: events by which a holder takes it and gives it up. holder: CEL text of either that names them.
    """

    taken: Pattern
    given_up: Pattern
    holder: Condition
    until: Pattern | None = None


Demand = Must | Always | Never | Relay | Gap | Recur | Count | Equal | One
DEMANDS = ("must", "always", "never", "relay", "gap", "recur", "count", "equal", "one")


class Rule(Term, frozen=True, kw_only=True):
    """A clause as a machine judges it.

    for_each: kind of subject. when: what calls the duty up. each: by every such event, or by the first on a subject.
    Exactly one of the demands. unless: events that excuse it when they come before it is due. waived_by: roles each of
    which must sign a waiver (`duty.waived`) by the due instant. grace: how much later is still no breach. cure: within
    it after the breach, doing it counts as cured.
    """

    for_each: SubjectKind
    when: Pattern
    each: Literal["every", "first"] = "every"
    must: Must | None = None
    always: Always | None = None
    never: Never | None = None
    relay: Relay | None = None
    gap: Gap | None = None
    recur: Recur | None = None
    count: Count | None = None
    equal: Equal | None = None
    one: One | None = None
    unless: Annotated[tuple[Pattern, ...], msgspec.Meta(max_length=8)] = ()
    waived_by: Annotated[tuple[Identifier, ...], msgspec.Meta(max_length=8)] = ()
    grace: Span | None = None
    cure: Span | None = None

    @property
    def demand(self) -> Demand:
        """The one demand; raises ValueError when there is none, which no agreement that was read has."""
        for name in DEMANDS:
            found: Demand | None = getattr(self, name)
            if found is not None:
                return found
        raise ValueError("a rule has one demand, got none")
