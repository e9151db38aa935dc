"""A small agreement with a clause of every shape, and findings on it: for the tests of what people read."""

from __future__ import annotations

from typing import Any

import msgspec

from safeconduct.core.agreement import (
    LANGUAGES,
    Always,
    Clause,
    Compartment,
    Consent,
    Count,
    Disputes,
    Equal,
    Evidence,
    Field,
    Finding,
    Form,
    Gap,
    GateItem,
    Level,
    MovementTerms,
    Must,
    Never,
    One,
    Outcome,
    Parameter,
    Pattern,
    PredictabilityTerms,
    Reason,
    Recur,
    Relay,
    Release,
    Role,
    Rule,
    Step,
    Suspension,
    Terms,
)
from safeconduct.testing import card_of

# 2026-11-24T10:00:00Z
DUE = 1_795_514_400_000
MINUTE = 60_000
HOUR = 60 * MINUTE


def in_each(text: str) -> dict[str, str]:
    return {language: text if language == "en" else f"{_MARK[language]}" + text for language in LANGUAGES}


_MARK = {"zh": "文", "ur": "متن "}

ROLES = (
    Role(
        id="convoy_leader",
        party="sending",
        name={"en": "convoy leader", "zh": "车队领队", "ur": "قافلے کا سربراہ"},
        may=("movement.requested", "movement.departed", "vehicle.certified"),
    ),
    Role(
        id="duty_officer",
        party="host",
        name={"en": "duty officer", "zh": "值班官员", "ur": "ڈیوٹی افسر"},
        may=("movement.acknowledged", "movement.approved"),
    ),
    Role(id="observer", party="host", name={"en": "observer", "zh": "观察员", "ur": "مبصر"}, may=()),
)

PARAMETERS = (
    Parameter(
        id="notice_lead",
        duration="PT24H",
        source="parameter to agree",
        question={"en": "How long before?", "zh": "提前多久？", "ur": "کتنا پہلے؟"},
    ),
    Parameter(id="convoy_max", number=8, source="a manual"),
    Parameter(id="mark", text="EMERGENCY", source="a circular"),
    Parameter(id="zones", texts=("malir", "korangi"), source="a notification"),
)

FORMS = (
    Form(
        id="movement.vehicle_checked",
        name={"en": "vehicle checked", "zh": "车辆检查", "ur": "گاڑی کی جانچ"},
        fields=(
            Field(id="level", type="number", name={"en": "protection level", "zh": "防护等级", "ur": "حفاظتی درجہ"}),
            Field(id="valid_to", type="instant"),
            Field(id="kind", type="choice", options=("b6", "b7")),
            Field(id="paper", type="digest"),
        ),
    ),
    Form(id="movement.remark", name={"en": "remark", "zh": "备注", "ur": "تبصرہ"}),
)

_REQUESTED = Pattern(event="movement.requested")
_DEPARTED = Pattern(event="movement.departed")
_ARRIVED = Pattern(event="movement.arrived")


def rule(demand: Any, **more: Any) -> Rule:
    """A rule with this demand, called up by a request unless it says otherwise."""
    name = type(demand).__name__.lower()
    return Rule(**{"for_each": "movement", "when": _REQUESTED, name: demand, **more})


RULES: dict[str, Rule] = {
    "must": rule(
        Must(
            event="movement.vehicle_checked",
            where="body.level >= param.convoy_max",
            due="trigger + PT4H",
            not_before="filed.vehicle_checked.valid_to - PT12H",
            since="start",
            parties=("host", "sending"),
            needs=("route",),
        ),
        each="first",
        unless=(Pattern(event="movement.cancelled", by=("duty_officer",), party="host", effect="any"),),
        waived_by=("duty_officer", "convoy_leader"),
        grace="PT10M",
        cure="P1D",
    ),
    "notice": rule(
        Must(event="movement.requested", received_by="host", due="plan.earliest - param.notice_lead"), each="first"
    ),
    "always": rule(Always(hold="plan.escort.carrying_vehicles <= param.convoy_max"), when=_DEPARTED, grace="PT1M"),
    "never": rule(Never(event="movement.departed", effect="void", before="plan.review_by")),
    "relay": rule(
        Relay(
            event="movement.acknowledged",
            hop="body.role",
            chain=("duty_officer", "observer"),
            within="PT4H",
            due="plan.latest",
        )
    ),
    "gap": rule(Gap(event="movement.checked_in", at_most="PT60M", until=_ARRIVED), when=_DEPARTED, grace="PT5M"),
    "recur": rule(Recur(event="meeting.held", every="P3M", parties=("host", "sending")), for_each="meeting"),
    "count": rule(Count(event="movement.checked_in", at_least="2", at_most="param.convoy_max", distinct="event.actor")),
    "share": rule(Count(event="movement.arrived", of=_DEPARTED, percent="100", due="trigger.body.valid_to")),
    "equal": rule(
        Equal(event="movement.arrived", planned="plan.people.count", actual="body.heads", due="plan.latest + PT1H")
    ),
    "one": rule(
        One(
            taken=Pattern(event="movement.relayed"),
            given_up=Pattern(event="movement.acknowledged"),
            holder="body.role",
            until=_ARRIVED,
        )
    ),
    "chain_of": rule(
        Relay(event="movement.acknowledged", hop="body.role", chain_of="plan.route.districts", within="PT4H")
    ),
    "always_until": rule(Always(hold='"`" in plan.route.districts', until=_ARRIVED)),
}


def clause(number: int, agreed: Rule | None = None, **more: Any) -> Clause:
    """T-<number>: the rule's, or, without one, a clause that people judge."""
    given: dict[str, Any] = {
        "id": f"T-{number}",
        "title": in_each(f"title {number}"),
        "text": in_each(f"text {number} with {{notice_lead}}"),
        "owed_by": "convoy_leader",
        "owed_to": "duty_officer",
        "severity": "major",
        "evidence": f"evidence {number}",
        "source": f"source {number}",
        "covers": ("PK-1",),
        "rule": agreed,
        "by_people": None if agreed is not None else in_each("nobody can measure it"),
    }
    return Clause(**given | more)


CLAUSES = (*(clause(n, agreed) for n, agreed in enumerate(RULES.values(), 1)), clause(len(RULES) + 1))
# Shape → number of its clause; `people` is the clause without a rule.
NUMBER = {name: CLAUSES[n].id for n, name in enumerate([*RULES, "people"])}

TERMS = Terms(
    name="test",
    version=1,
    title={"en": "Agreement", "zh": "协议", "ur": "معاہدہ"},
    languages=("en", "zh", "ur"),
    parties=(
        msgspec.structs.replace(card_of("host"), name={"en": "the Host", "zh": "东道方", "ur": "میزبان فریق"}),
        msgspec.structs.replace(
            card_of("sending"), name={"en": "the Sender", "zh": "派出方", "ur": "بھیجنے والا فریق"}
        ),
    ),
    roles=ROLES,
    movement=MovementTerms(
        consent=(Consent(party="host", parts=("route", "timing")),),
        notice_chain=("duty_officer", "observer"),
        drift="PT30M",
        review_before="PT2H",
        ready_gate=(
            GateItem(id="approved", name=in_each("approved by all"), check="approvals"),
            GateItem(
                id="heads",
                name=in_each("heads counted"),
                check="heads",
                by=("convoy_leader",),
                valid_for="PT1H",
                exception_by="duty_officer",
            ),
        ),
        predictability=PredictabilityTerms(warn=250, span="P60D", half_life="P14D", least=5, clock="+05:00"),
    ),
    parameters=PARAMETERS,
    forms=FORMS,
    compartments=(
        Compartment(
            id="route",
            name={"en": "route and minute", "zh": "路线与时刻", "ur": "راستہ اور وقت"},
            releases=(
                Release(role="convoy_leader", opens="plan.earliest - PT2H", grade="blurred", metres=500, minutes=30),
            ),
        ),
    ),
    disputes=Disputes(ruled_by=("duty_officer", "convoy_leader")),
    suspension=Suspension(
        levels=(
            Level(id="full", name={"en": "full", "zh": "全面合作", "ur": "مکمل تعاون"}),
            Level(id="stopped", name={"en": "stopped", "zh": "停止", "ur": "معطل"}, refuses=("movement.requested",)),
        ),
        steps=(Step(to="stopped", by=("duty_officer",), breaches=2, severity="critical", within="P30D"),),
        back=("duty_officer", "convoy_leader"),
        quiet="P14D",
    ),
    clauses=CLAUSES,
)


def evidence(at: int = DUE - HOUR, party: str = "sending", index: int = 0) -> Evidence:
    return Evidence(party=party, index=index, id=f"{index:064x}", at=at)


_OUTCOMES: dict[str, Outcome] = {
    "not_due": Outcome.NOT_DUE,
    "pending": Outcome.PENDING,
    "met": Outcome.MET,
    "breached": Outcome.BREACHED,
    "waived": Outcome.WAIVED,
    "disputed": Outcome.DISPUTED,
}
# Which shape, and which outcome, each reason belongs to.
BELONGS: dict[Reason, tuple[str, str]] = {
    Reason.DONE_IN_TIME: ("must", "met"),
    Reason.DONE_LATE: ("must", "breached"),
    Reason.NOT_DONE_YET: ("must", "pending"),
    Reason.NOT_DONE: ("must", "breached"),
    Reason.NOTICE_IS_OWN: ("notice", "not_due"),
    Reason.OFFERED_LATE: ("notice", "breached"),
    Reason.NOT_RECEIVED_YET: ("notice", "pending"),
    Reason.OFFERED_IN_TIME_NO_RECEIPT: ("notice", "disputed"),
    Reason.OFFERED_IN_TIME_RECEIVED_LATE: ("notice", "disputed"),
    Reason.RECEIVED_IN_TIME: ("notice", "met"),
    Reason.HELD: ("always", "met"),
    Reason.HOLDS_SO_FAR: ("always", "pending"),
    Reason.DID_NOT_HOLD: ("always", "breached"),
    Reason.DID_NOT_HAPPEN: ("never", "met"),
    Reason.NOT_HAPPENED_SO_FAR: ("never", "pending"),
    Reason.HAPPENED: ("never", "breached"),
    Reason.PASSED_ON: ("relay", "met"),
    Reason.HOP_PENDING: ("relay", "pending"),
    Reason.HOP_MISSING: ("relay", "breached"),
    Reason.HOP_LATE: ("relay", "breached"),
    Reason.NEVER_TOO_LONG: ("gap", "met"),
    Reason.NEXT_DUE: ("gap", "pending"),
    Reason.TOO_LONG: ("gap", "breached"),
    Reason.SILENT_NOW: ("gap", "breached"),
    Reason.PERIOD_KEPT: ("recur", "met"),
    Reason.PERIOD_OPEN: ("recur", "pending"),
    Reason.PERIOD_MISSED: ("recur", "breached"),
    Reason.COUNT_KEPT: ("count", "met"),
    Reason.COUNT_OPEN: ("count", "pending"),
    Reason.TOO_MANY: ("count", "breached"),
    Reason.TOO_FEW: ("count", "breached"),
    Reason.EQUAL: ("equal", "met"),
    Reason.DIFFERS: ("equal", "breached"),
    Reason.ONE_HOLDER: ("one", "met"),
    Reason.ONE_HOLDER_SO_FAR: ("one", "pending"),
    Reason.NO_HOLDER: ("one", "breached"),
    Reason.SEVERAL_HOLDERS: ("one", "breached"),
    Reason.EXCUSED: ("must", "not_due"),
    Reason.GIVEN_UP: ("must", "not_due"),
    Reason.WAIVED: ("must", "waived"),
    Reason.CONTESTED: ("must", "disputed"),
}


def finding(reason: Reason, shape: str = "", **more: Any) -> Finding:
    """A finding with this reason and nothing that it may lack, on the clause of its own shape or of another."""
    own, outcome = BELONGS[reason]
    given: dict[str, Any] = {
        "clause": NUMBER[shape or own],
        "subject": "movement/one",
        "outcome": _OUTCOMES[outcome],
        "owed_by": "convoy_leader",
        "reason": reason,
        "agreement": TERMS.digest,
        "trigger": evidence(),
    }
    return Finding(**given | more)


def full(reason: Reason, shape: str = "", **more: Any) -> Finding:
    """The same with everything that a finding can have."""
    given: dict[str, Any] = {
        "times": 3,
        "due_at": DUE,
        "happened_at": DUE + MINUTE,
        "near": True,
        "missing": ("host",),
        "planned": "5",
        "actual": "4",
        "cured_at": DUE + HOUR,
        "late_word": True,
        "contested": ("abcdef0123456789" * 4,),
        "evidence": (evidence(), evidence(DUE + MINUTE, "host", 1)),
        "explained": (evidence(DUE + HOUR, "host", 2),),
    }
    return finding(reason, shape, **given | more)
