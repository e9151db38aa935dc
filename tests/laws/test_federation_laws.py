"""Whatever happens between nodes, in whatever order: they come to know the same."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from safeconduct.core.acts import (
    Act,
    ActorRevoked,
    AgreementProposed,
    AgreementSigned,
    DutyWaived,
    FactContested,
    FactRuled,
    FindingExplained,
    FormFiled,
    MovementAcknowledged,
    MovementApproved,
    MovementAttested,
    MovementCancelled,
    MovementChanged,
    MovementCheckedIn,
    MovementDeparted,
    MovementRefused,
    MovementRequested,
    Timing,
)
from safeconduct.core.agreement import (
    Count,
    Disputes,
    Equal,
    Field,
    Form,
    Gap,
    Must,
    PartyTerms,
    Pattern,
    Relay,
    Rule,
    Terms,
)
from safeconduct.core.audit import LogFile, audit_logs, verify_pack
from safeconduct.core.record import read_unverified
from safeconduct.core.statement import digest, encode
from safeconduct.errors import Refused
from safeconduct.node import commands, queries, sync
from safeconduct.node.packing import evidence_pack
from safeconduct.node.ports import Row
from safeconduct.testing import HOUR, MINUTE, Federation, StepClock, authority, small_plan, small_terms
from tests.unit.core.record.reported import clause_of

BEGINNING = 1_728_172_800_000
PLAN = small_plan(
    timing=Timing(earliest=BEGINNING + 10 * MINUTE, latest=BEGINNING + 3 * HOUR, review_by=BEGINNING + 2 * HOUR)
)
LATER = small_plan(
    timing=Timing(earliest=BEGINNING + 40 * MINUTE, latest=BEGINNING + 4 * HOUR, review_by=BEGINNING + 2 * HOUR)
)

SAYINGS: list[tuple[str, Act]] = [
    ("sending/journey_manager", MovementRequested(plan=PLAN)),
    ("sending/journey_manager", MovementChanged(plan=LATER, reason="later")),
    ("sending/journey_manager", MovementCancelled(reason="off")),
    ("sending/journey_manager", MovementAttested(item="heads", holds=True, heads=12)),
    ("sending/approver", MovementApproved(plan=digest(PLAN))),
    ("sending/approver", MovementApproved(plan=digest(LATER))),
    ("sending/approver", MovementRefused(reason="no")),
    ("host/duty_officer", MovementApproved(plan=digest(PLAN))),
    ("host/duty_officer", MovementRefused(reason="no")),
    ("host/duty_officer", MovementAttested(item="sweep", holds=True)),
    ("host/duty_officer", MovementAttested(item="sweep", holds=False)),
    ("host/duty_officer", MovementAcknowledged(role="duty_officer")),
    ("host/escort_lead", MovementAttested(item="heads", holds=True, heads=12)),
    ("host/escort_lead", MovementAttested(item="radio", holds=True)),
    ("host/escort_lead", MovementDeparted(heads=12)),
    ("host/escort_lead", MovementCheckedIn()),
    ("host/escort_lead", FormFiled(form="movement.seen", fields={"count": 12})),
    ("host/escort_lead", FormFiled(form="movement.seen", fields={"count": 11})),
    ("sending/journey_manager", DutyWaived(clause="F-1", reason="no time")),
    ("host/duty_officer", DutyWaived(clause="F-1", reason="no time")),
    ("host/duty_officer", FindingExplained(clause="F-2", account="the count was wrong")),
]

REPORTS = {"movement": "movement.seen", "post": "post.scanned"}
_DEPARTED = Pattern(event="movement.departed")
_MORE_RULES = (
    Rule(
        for_each="movement",
        when=_DEPARTED,
        must=Must(event="movement.seen", due="trigger + PT2M"),
        waived_by=("duty_officer", "journey_manager"),
        cure="PT5M",
    ),
    Rule(
        for_each="movement",
        when=_DEPARTED,
        equal=Equal(planned="plan.people.count", event="movement.seen", actual="body.count", due="trigger + PT1H"),
    ),
    Rule(
        for_each="movement",
        when=Pattern(event="movement.requested"),
        relay=Relay(
            event="movement.acknowledged",
            hop="body.role",
            chain=("duty_officer", "unit"),
            within="PT5M",
            due="plan.latest",
        ),
    ),
    Rule(
        for_each="movement",
        when=_DEPARTED,
        count=Count(event="movement.checked_in", at_most="2", until=Pattern(event="movement.arrived")),
        unless=(Pattern(event="movement.seen", where="body.count == 11"),),
    ),
    Rule(
        for_each="post",
        when=Pattern(event="post.scanned"),
        each="first",
        gap=Gap(event="post.scanned", at_most="PT5M"),
        grace="PT1M",
    ),
)
_MAY = ("fact.contested", "fact.ruled", "duty.waived", "finding.explained", *REPORTS.values())


def judged_terms(cards: Iterable[PartyTerms], **changed: object) -> Terms:
    """The small agreement with reports, a ruling body, and clauses of most demands."""
    small = small_terms(cards, **changed)  # type: ignore[arg-type]  # tests change single parts
    return msgspec.structs.replace(
        small,
        roles=tuple(msgspec.structs.replace(role, may=(*role.may, *_MAY)) for role in small.roles),
        forms=(
            Form(id="movement.seen", name={"en": "seen"}, fields=(Field(id="count", type="number"),)),
            Form(id="post.scanned", name={"en": "scan"}),
        ),
        disputes=Disputes(ruled_by=("duty_officer", "approver")),
        clauses=(*small.clauses, *(clause_of(rule, number) for number, rule in enumerate(_MORE_RULES, 1))),
    )


# The movement of index 0, step by step until it can depart.
USUAL_WAY = [0, 4, 7, 3, 9, 12, 13]
# And on, once its window is open: it departs, is seen, checks in.
ON_THE_ROAD = [14, 16, 15]


@dataclass(frozen=True)
class Say:
    saying: int
    movement: int


@dataclass(frozen=True)
class Scan:
    """A patrol reports at the post."""


@dataclass(frozen=True)
class Contest:
    """Somebody contests, or rules on, a statement about a subject; chosen among those that the node has."""

    actor: str
    subject: str
    choice: int
    stands: bool | None


@dataclass(frozen=True)
class Visit:
    node: str
    peer: str


@dataclass(frozen=True)
class Cut:
    down: bool


@dataclass(frozen=True)
class Wait:
    minutes: int


@dataclass(frozen=True)
class Restart:
    node: str


@dataclass(frozen=True)
class Amend:
    """One side proposes, or signs, an amended agreement."""

    node: str


@dataclass(frozen=True)
class Revoke:
    actor: str


STEPS_IN_A_HISTORY = 70


def history_of(seed: int) -> tuple[int, list[object]]:
    """How far a movement has come when chance begins, and what chance does: the same for the same seed."""
    chance = random.Random(seed)

    def party() -> str:
        return chance.choice(["host", "sending"])

    def step() -> object:
        kind = chance.random()
        if kind < 0.54:
            return Say(chance.randrange(len(SAYINGS)), chance.randrange(2))
        if kind < 0.57:
            return Scan()
        if kind < 0.62:
            actor = chance.choice(["host/duty_officer", "sending/approver", "host/escort_lead"])
            subject = chance.choice(["movement/m0", "movement/m0", "movement/m1", "post/gate"])
            return Contest(actor, subject, chance.randrange(99), chance.choice([None, True, False]))
        if kind < 0.74:
            return chance.choice([Visit("host", "sending"), Visit("sending", "host")])
        if kind < 0.80:
            return Cut(chance.random() < 0.6)
        if kind < 0.90:
            return Wait(chance.choice([0, 1, 1, 5, 30]))
        if kind < 0.94:
            return Restart(party())
        if kind < 0.98:
            return Amend(party())
        return Revoke(chance.choice(["host/escort_lead", "sending/approver"]))

    # Histories begin somewhere on a movement's usual way, else chance alone would seldom come far.
    return chance.randrange(len(USUAL_WAY) + len(ON_THE_ROAD) + 1), [
        step() for _ in range(chance.randrange(STEPS_IN_A_HISTORY))
    ]


SEEDS = st.integers(0, 2**32)


async def play(federation: Federation, step: object) -> None:
    match step:
        case Say():
            actor, saying = SAYINGS[step.saying]
            federation.clock.advance(1)
            await _try(federation, actor, f"movement/m{step.movement}", saying)
        case Scan():
            federation.clock.advance(1)
            await _try(federation, "host/duty_officer", "post/gate", FormFiled(form="post.scanned", fields={}))
        case Contest():
            federation.clock.advance(1)
            rows = federation.node(step.actor.split("/")[0]).store.about(step.subject)
            if rows:
                wanted = rows[step.choice % len(rows)].id
                act: Act = FactContested(statement=wanted, account="not so")
                if step.stands is not None:
                    act = FactRuled(statement=_contested_in(rows) or wanted, stands=step.stands, reason="seen")
                await _try(federation, step.actor, step.subject, act)
        case Visit():
            await sync.visit(federation.node(step.node), step.peer)
        case Cut():
            federation.links.cut = {("host", "sending"), ("sending", "host")} if step.down else set()
        case Wait():
            federation.clock.advance(step.minutes * MINUTE)
        case Restart():
            federation.start(step.node)
        case Revoke():
            party = step.actor.split("/")[0]
            try:
                await federation.say(f"{party}/authority", f"actor/{step.actor}", ActorRevoked(reason="left"))
            except Refused:
                pass
        case Amend():
            await amend(federation, step.node)


async def _try(federation: Federation, actor: str, subject: str, act: Act) -> None:
    try:
        await federation.say(actor, subject, act)
    except Refused:
        pass


def _contested_in(rows: Sequence[Row]) -> str | None:
    """What the last contest is about, so that rulings meet contests."""
    contests = [read_unverified(row.entry, row.party)[1] for row in rows if row.kind == "fact.contested"]
    last = contests[-1] if contests else None
    return last.statement if isinstance(last, FactContested) else None


async def amend(federation: Federation, party: str) -> None:
    node = federation.node(party)
    in_force = node.memory.law.in_force()
    terms = judged_terms(federation.cards.values(), version=2, previous=in_force, title={"en": f"by {in_force}"})
    act: Act
    if terms.digest in node.memory.law.versions:
        act = AgreementSigned(digest=terms.digest)
    else:
        commands.put_text(node, encode(terms))
        act = AgreementProposed(digest=terms.digest, size=len(encode(terms)))
    try:
        await federation.say(f"{party}/authority", "agreement", act)
    except Refused:
        pass


async def begin(federation: Federation, prelude: int) -> None:
    await federation.agree(judged_terms(federation.cards.values()))
    for place, saying in enumerate((*USUAL_WAY, *ON_THE_ROAD)[:prelude]):
        if place == len(USUAL_WAY):
            federation.clock.advance(10 * MINUTE)
        await play(federation, Say(saying, 0))
        await federation.sync(rounds=1)
    if prelude <= len(USUAL_WAY):
        federation.clock.advance(10 * MINUTE)


async def heal(federation: Federation) -> None:
    federation.links.cut = set()
    await federation.sync(rounds=4)


@settings(max_examples=150, deadline=None)
@given(SEEDS)
def test_nodes_that_hold_the_same_statements_know_the_same(seed: int) -> None:
    """REC-4, REC-5, AUD-7, AUD-8, AG-50: outage, reordering, repeats, restarts, amendments, revocations, disputes."""

    async def scenario() -> None:
        async with Federation(clock=StepClock(BEGINNING)) as federation:
            prelude, steps = history_of(seed)
            await begin(federation, prelude)
            for step in steps:
                await play(federation, step)
            await heal(federation)
            host, sending = federation.node("host"), federation.node("sending")
            assert queries.health(host).after == queries.health(sending).after
            assert queries.health(host).digest == queries.health(sending).digest
            assert queries.findings(host, authority(host)) == queries.findings(sending, authority(sending))
            await packed(federation)
            assert audited(federation, "host") == audited(federation, "sending")
            assert audited(federation, "host")[0] == queries.health(host).digest

    asyncio.run(scenario())


async def packed(federation: Federation) -> None:
    """A pack proves offline what the node finds, to the byte."""
    for subject in ("movement/m0", "post/gate"):
        for party in ("host", "sending"):
            node = federation.node(party)
            if node.store.about(subject) and all(node.signed_checkpoint(other) for other in ("host", "sending")):
                report = verify_pack(evidence_pack(node, authority(node), subject), federation.cards)
                found = queries.subject_findings(node, subject, federation.clock.now())
                assert [encode(f) for f in report.findings] == [encode(f) for f in found]


def audited(federation: Federation, party: str) -> tuple[str, object, object]:
    """What an audit of one node's logs says: digest, findings, problems."""
    store = federation.stores[party]
    node = federation.node(party)
    logs = [
        LogFile(
            card=card,
            notes=[store.checkpoint(other) or b""],
            chunks=[[row.entry for row in store.rows(other, 0, store.size(other))]],
        )
        for other, card in federation.cards.items()
    ]
    audit = audit_logs(logs, node.memory.texts, as_of=federation.clock.now())
    findings = sorted(queries.findings(node, authority(node)), key=lambda f: f.subject)
    assert [encode(f) for f in audit.findings] == [encode(f) for f in findings]
    return audit.digest, audit.findings, audit.problems


@settings(max_examples=100, deadline=None)
@given(SEEDS)
def test_a_restart_forgets_nothing_and_adds_nothing(seed: int) -> None:
    """REC-5: what is read back from the disk is what was in memory."""

    async def scenario() -> None:
        async with Federation(clock=StepClock(BEGINNING)) as federation:
            prelude, steps = history_of(seed)
            await begin(federation, prelude)
            for step in steps:
                await play(federation, step)
            before = (
                queries.health(federation.node("host")),
                queries.board(federation.node("host"), authority(federation.node("host"))),
            )
            federation.start("host")
            after = (
                queries.health(federation.node("host")),
                queries.board(federation.node("host"), authority(federation.node("host"))),
            )
            assert after == before

    asyncio.run(scenario())


@settings(max_examples=100, deadline=None)
@given(SEEDS)
def test_no_movement_departs_on_one_key(seed: int) -> None:
    """REC-21, REC-24: in every history, who departed had the consent of both."""

    async def scenario() -> None:
        async with Federation(clock=StepClock(BEGINNING)) as federation:
            prelude, steps = history_of(seed)
            await begin(federation, prelude)
            for step in steps:
                await play(federation, step)
            await heal(federation)
            # Everything but consent: whoever can go now, goes.
            for movement in (0, 1):
                for saying in (3, 9, 12, 13, 14):
                    await play(federation, Say(saying, movement))
                    await federation.sync(rounds=1)
            for row in queries.board(federation.node("host"), authority(federation.node("host"))):
                page = queries.movement(federation.node("host"), authority(federation.node("host")), row.subject)
                if page.departed_at is not None:
                    consents = {
                        line.party for line in page.history if line.kind == "movement.approved" and not line.void
                    }
                    assert consents == {"host", "sending"}

    asyncio.run(scenario())
