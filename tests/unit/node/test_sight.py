"""What a viewer is shown of statements, lists and findings; what is hidden as a whole is as if it had never been."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import msgspec
import pytest

from safeconduct.core.acts import (
    AccessNoted,
    AccessReasoned,
    Act,
    CompartmentSealed,
    FactContested,
    FindingExplained,
    FindingsStated,
    FormFiled,
    IncidentRaised,
    KnownAct,
    MovementApproved,
    MovementRequested,
    RecordReceived,
    SealingKeyPublished,
    SiteRegistered,
    UnknownAct,
    kind_of,
    offer,
)
from safeconduct.core.agreement import Form
from safeconduct.core.record import Position, Said
from safeconduct.errors import NotAllowed, NotFound, Refused
from safeconduct.node import access, commands, compliance, knowing, packing, queries, sight, sync
from safeconduct.node.access import Viewer
from safeconduct.node.append import say_as_node
from safeconduct.node.judgement import compare_findings
from safeconduct.node.knowing import Fact
from safeconduct.node.node import Node
from safeconduct.node.sight import Sight
from safeconduct.testing import HOUR, MOVEMENT, START, Federation, authority, key, sealing_terms, small_plan

SHARES = CompartmentSealed(
    compartment="manifest", variant="exact", content="c" * 64, size=1024, key="k" * 64, shares=()
)


def in_force(scenario: Callable[[Federation], Awaitable[None]]) -> None:
    """Run a scenario on two nodes with an agreement in force and a movement asked for."""

    async def whole() -> None:
        async with Federation() as federation:
            terms = sealing_terms(federation.cards.values())
            roles = tuple(
                msgspec.structs.replace(role, may=(*role.may, "incident.noted")) if role.id == "unit" else role
                for role in terms.roles
            )
            await federation.agree(
                msgspec.structs.replace(terms, roles=roles, forms=(Form(id="incident.noted", name={"en": "noted"}),))
            )
            await federation.say("sending/journey_manager", MOVEMENT, MovementRequested(plan=small_plan()))
            await federation.sync(2)
            federation.clock.advance(1_100)
            for node in federation.links.nodes.values():
                await sync.say_receipts(node)
            await federation.sync(2)
            await scenario(federation)

    asyncio.run(whole())


def unit(node: Node) -> Viewer:
    return access.viewer(node, "host/unit")


def said(subject: str, act: Act | UnknownAct, actor: str = "sending/x") -> Said:
    return Said(
        position=Position(START, 0, actor.split("/")[0], 99),
        id="9" * 64,
        kind=act.kind if isinstance(act, UnknownAct) else kind_of(act),
        subject=subject,
        actor=actor,
        agreement="",
        at=START,
        after={},
        signers=(),
        act=act,  # type: ignore[arg-type]  # acts of the catalogue
    )


@pytest.mark.parametrize(
    ("subject", "act", "is_shown"),
    [
        ("site/gate", SiteRegistered(name="Gate", district="malir", latitude_e7=0, longitude_e7=0), True),
        ("post/p1", FormFiled(form="post.manned", fields={}), True),
        ("sealing/host", SealingKeyPublished(key="k", until=START), True),
        ("incident/i1", IncidentRaised(about="host", category="equivocation", account="two histories"), True),
        ("incident/i1", IncidentRaised(about="host", category="glass", account="asked"), False),
        ("incident/i1", IncidentRaised(about="host", category="judgement", account="differs"), False),
        ("incident/i1", IncidentRaised(about="host", category="opening", account="opened"), False),
        ("access/host/duty_officer", AccessReasoned(what="knew", about=(MOVEMENT,), reason="why"), False),
        ("access/host/duty_officer", AccessNoted(what="pack", about=(MOVEMENT,), reason="why"), False),
        ("log/host", RecordReceived(log="host", size=3, root="0" * 64), False),
        ("findings/host", FindingsStated(as_of=START, digest="0" * 64, count=0), False),
        (MOVEMENT, SHARES, False),
        (MOVEMENT, FactContested(statement="1" * 64, account="not so"), False),
        (MOVEMENT, FindingExplained(clause="T-1", account="late"), True),
        (MOVEMENT, FindingExplained(clause="X-9", account="no such clause"), False),
        # Families that nobody has told it of, whatever is said there.
        ("mark/x1", FormFiled(form="mark.made", fields={}), False),
        ("item/x1", SiteRegistered(name="Gate", district="malir", latitude_e7=0, longitude_e7=0), False),
        ("slots", UnknownAct("slots.agreed", b"{}"), False),
        (MOVEMENT, UnknownAct("movement.diverted", b"{}"), False),
    ],
)
def test_what_no_rule_names_is_shown_to_auditors_alone(
    subject: str, act: KnownAct | UnknownAct, is_shown: bool
) -> None:
    """SIGHT-11"""

    async def scenario(federation: Federation) -> None:
        node = federation.node("host")
        shown = [Sight(node, viewer).shows_said(said(subject, act)) for viewer in (unit(node), authority(node))]
        assert shown == [is_shown, True]

    in_force(scenario)


def test_what_somebody_has_said_is_shown_to_them() -> None:
    """SIGHT-11: but by nobody else's node."""

    async def scenario(federation: Federation) -> None:
        node = federation.node("host")
        mine, theirs = said(MOVEMENT, SHARES, "host/unit"), said(MOVEMENT, SHARES, "sending/unit")
        assert [Sight(node, unit(node)).shows_said(one) for one in (mine, theirs)] == [True, False]

    in_force(scenario)


def test_a_hidden_entry_has_its_index_and_leaf_hash_and_is_not_here_by_its_id() -> None:
    """SIGHT-12"""

    async def scenario(federation: Federation) -> None:
        node = federation.node("host")
        await say_as_node(node, IncidentRaised(about="sending", category="glass", account="asked"), "incident/i1")
        row = node.store.rows("host", node.store.size("host") - 1, 10**6)[0]
        (hidden,) = queries.entries(node, unit(node), "host", row.index, 9)
        assert (set(hidden.__struct_fields__), hidden.index, hidden.leaf) == (
            {"party", "index", "leaf"},
            row.index,
            row.leaf,
        )
        words = []
        for statement in (row.id, "0" * 64):
            with pytest.raises(NotFound) as refused:
                queries.statement(node, unit(node), statement)
            words.append(str(refused.value).replace(statement, ""))
        assert words[0] == words[1]
        assert queries.statement(node, authority(node), row.id) == row

    in_force(scenario)


def test_what_cannot_be_had_in_part_is_refused_in_the_same_words_whatever_is_on_record() -> None:
    """SIGHT-13"""

    async def scenario(federation: Federation) -> None:
        node = federation.node("host")
        words: dict[str, set[str]] = {"pack": set(), "knew": set()}
        for movement in (MOVEMENT, "movement/none"):
            with pytest.raises(NotAllowed) as refused:
                packing.evidence_pack(node, unit(node), movement)
            words["pack"].add(str(refused.value))
            with pytest.raises(NotAllowed) as refused:
                knowing.inquire(node, unit(node), [Fact(subject=movement, compartment="manifest")])
            words["knew"].add(str(refused.value))
        assert {name: len(found) for name, found in words.items()} == {"pack": 1, "knew": 1}
        assert packing.evidence_pack(node, authority(node), MOVEMENT)

    in_force(scenario)


def test_what_peers_make_of_their_findings_is_for_auditors() -> None:
    """SIGHT-13"""

    async def scenario(federation: Federation) -> None:
        node = federation.node("host")
        await say_as_node(
            federation.node("sending"), FindingsStated(as_of=START, digest="0" * 64, count=9), "findings/sending"
        )
        await federation.sync(1)
        await compare_findings(node)
        (told,), (bare,) = queries.judgements(node, authority(node)), queries.judgements(node, unit(node))
        assert (told.judgement is None, bare.judgement) == (False, None)

    in_force(scenario)


def test_what_is_not_shown_takes_no_place_in_a_list() -> None:
    """SIGHT-16: neither an incident that is newer than everything, nor what nodes say of themselves."""

    async def scenario(federation: Federation) -> None:
        node = federation.node("host")
        # Lists begin with what is latest; a movement counts by its window.
        federation.clock.advance(31 * HOUR)
        before = queries.findings(node, unit(node), limit=1)
        for n in range(3):
            act = IncidentRaised(about="sending", category="glass", account="asked")
            federation.clock.advance(1_000)
            await say_as_node(node, act, f"incident/i{n}")
        assert (len(before) > 0, queries.findings(node, unit(node), limit=1)) == (True, before)
        assert queries.findings(node, authority(node), limit=1) == []

    in_force(scenario)


def test_by_its_digest_an_agreement_is_had_and_nothing_else() -> None:
    """SIGHT-18"""

    async def scenario(federation: Federation) -> None:
        node = federation.node("host")
        node.store.put_blob("c" * 64, b"a ciphertext")
        digest = node.memory.law.in_force() or ""
        assert queries.text(node, unit(node), digest)
        words = []
        for asked in ("c" * 64, "d" * 64):
            with pytest.raises(NotFound) as refused:
                queries.text(node, unit(node), asked)
            words.append(str(refused.value).replace(asked, ""))
        assert words[0] == words[1]
        assert queries.text(node, authority(node), "c" * 64) == b"a ciphertext"

    in_force(scenario)


def test_of_a_subject_that_is_hidden_nothing_is_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    """SIGHT-15: as if nobody had spoken of it, to auditors too if it is hidden from them."""

    async def scenario(federation: Federation) -> None:
        node = federation.node("host")
        for viewer in (unit(node), authority(node)):
            monkeypatch.setattr(sight, "hidden_subjects", lambda *_: frozenset())
            shown = await everything(node, viewer, MOVEMENT)
            monkeypatch.setattr(sight, "hidden_subjects", lambda *_: frozenset({MOVEMENT}))
            hidden, absent = await everything(node, viewer, MOVEMENT), await everything(node, viewer, "movement/none")
            monkeypatch.setattr(sight, "hidden_subjects", lambda *_: frozenset())
            assert hidden == absent
            assert hidden != shown

    in_force(scenario)


def test_what_is_offered_about_a_hidden_subject_is_refused_as_if_nobody_had_spoken_of_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """SIGHT-15"""

    async def scenario(federation: Federation) -> None:
        node = federation.node("host")
        monkeypatch.setattr(sight, "hidden_subjects", lambda *_: frozenset({MOVEMENT}))
        words = []
        for subject in (MOVEMENT, "movement/none"):
            act = MovementApproved(plan="0" * 64)
            envelope = offer(queries.standing(node), "host/duty_officer", key("host/duty_officer"), subject, act)
            void = commands.would(node, envelope)
            assert void is not None
            with pytest.raises(Refused) as refused:
                await commands.say(node, envelope)
            words.append((void.code, void.account.replace(subject, ""), str(refused.value).replace(subject, "")))
        assert (words[0], words[0][0]) == (words[1], "not_requested")

    in_force(scenario)


async def everything(node: Node, viewer: Viewer, subject: str) -> list[str]:
    """What a viewer is answered about a subject, with its name taken out."""
    asked: list[Callable[[], object]] = [
        lambda: queries.movement(node, viewer, subject),
        lambda: queries.history(node, viewer, subject),
        lambda: queries.findings_of(node, viewer, subject),
        lambda: [row for row in queries.board(node, viewer) if row.subject == subject],
        lambda: [found for found in queries.findings(node, viewer) if found.subject == subject],
        lambda: packing.evidence_pack(node, viewer, subject),
        lambda: knowing.inquire(node, viewer, [Fact(subject=subject, compartment="manifest")]),
        lambda: (
            [Sight(node, viewer).shows(row) for row in node.store.about(MOVEMENT)] if subject == MOVEMENT else [False]
        ),
    ]
    answers = []
    for ask in asked:
        try:
            answers.append(str(ask()).replace(subject, ""))
        except (NotFound, NotAllowed) as error:
            answers.append(f"{type(error).__name__} {error}".replace(subject, ""))
    page = await compliance.compliance(node, viewer, START - 10**9, START + 10**9)
    answers.append(str([found for found in page.report.matters if found.finding.subject == subject]))
    return answers
