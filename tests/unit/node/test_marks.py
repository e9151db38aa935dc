"""What a node hides, does not sign and shows because of a sealed mark."""

from __future__ import annotations

import asyncio
import base64
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import msgspec
import pytest

from safeconduct.core.acts import (
    Act,
    ActorEnrolled,
    FactContested,
    GlassAsked,
    GlassGiven,
    IncidentRaised,
    MarkAgreed,
    MarkContent,
    MarkSealed,
    MovementAcknowledged,
    MovementApproved,
    MovementArrived,
    MovementAttested,
    MovementChanged,
    MovementCheckedIn,
    MovementDeparted,
    MovementExcepted,
    MovementRequested,
    People,
    SiteRegistered,
    Timing,
    offer,
)
from safeconduct.core.record import box_digest, read_mark
from safeconduct.core.statement import digest
from safeconduct.errors import CheckFailed, InputInvalid, NotFound, Refused, SafeconductError
from safeconduct.node import commands, marks, queries
from safeconduct.node.access import Viewer
from safeconduct.node.append import say_as_node
from safeconduct.node.custody import key_lines
from safeconduct.node.marks import hidden_subjects
from safeconduct.testing import (
    DECOY,
    DECOY_TERMS,
    HOUR,
    MARK,
    MARKS,
    MINUTE,
    MOVEMENT,
    SHUT_OUT,
    SHUT_OUT_TERMS,
    START,
    Federation,
    StepClock,
    agree_to,
    authority,
    keep_custody,
    keep_marks,
    key,
    mark_as,
    mark_state,
    marks_terms,
    open_mark,
    settle,
    small_plan,
)
from tests.unit.node.test_custody import played

JM, SM, APPROVER = "sending/journey_manager", "sending/security_manager", "sending/approver"
DUTY, LEAD, UNIT = "host/duty_officer", "host/escort_lead", "host/unit"
VIEWERS = {actor: Viewer(actor, (actor.split("/")[1],)) for actor in (JM, SM, APPROVER, DUTY, LEAD, UNIT)}
OF_UNIT = VIEWERS[UNIT]


@asynccontextmanager
async def agreed(**changed: object) -> AsyncIterator[Federation]:
    """Two nodes under an agreement with marks, and a movement asked for."""
    async with Federation() as federation:
        await federation.agree(marks_terms(federation.cards.values(), **changed))
        await keep_custody(federation, 1)
        await federation.say(JM, MOVEMENT, MovementRequested(plan=small_plan()))
        await federation.sync()
        yield federation


@asynccontextmanager
async def hiding() -> AsyncIterator[Federation]:
    """The movement is hidden from the host's unit, and both nodes know."""
    async with agreed() as federation:
        await mark_as(federation, SM, SHUT_OUT)
        await federation.sync()
        yield federation


@asynccontextmanager
async def decoy() -> AsyncIterator[Federation]:
    """The movement is a decoy that both sides agreed to."""
    async with agreed() as federation:
        await mark_as(federation, SM, DECOY)
        await federation.sync()
        await agree_to(federation, DUTY)
        await federation.sync()
        yield federation


def hidden(federation: Federation, viewer: Viewer = OF_UNIT) -> frozenset[str]:
    return hidden_subjects(federation.node(viewer.actor.split("/")[0]), viewer)


async def refused(federation: Federation, actor: str, act: Act, subject: str = MOVEMENT) -> str:
    """What an actor's node answers to a statement that it does not sign."""
    with pytest.raises(SafeconductError) as caught:
        await federation.say(actor, subject, act)
    code = caught.value.code if isinstance(caught.value, Refused) else type(caught.value).__name__
    return f"{code}: {caught.value}"


# --- hiding -----------------------------------------------------------------------------------------------------------


@played
async def test_the_other_node_hides_it_as_soon_as_it_has_the_mark() -> None:
    """MARK-13, MARK-15: nobody has agreed yet, and no node has done anything by itself."""
    async with agreed() as federation:
        await mark_as(federation, SM, SHUT_OUT)
        assert MOVEMENT not in hidden(federation)
        await federation.sync()
        assert MOVEMENT in hidden(federation)


@played
async def test_it_is_hidden_from_the_unit_and_from_nobody_else() -> None:
    """MARK-15"""
    async with hiding() as federation:
        from_whom = {actor for actor, viewer in VIEWERS.items() if MOVEMENT in hidden(federation, viewer)}
        assert from_whom == {UNIT}
        assert MOVEMENT not in hidden(federation, Viewer("host/authority", ("authority",)))


@played
async def test_a_movement_is_hidden_before_it_is_asked_for() -> None:
    """MARK-15: or the unit would see it for a moment."""
    async with agreed() as federation:
        await mark_as(federation, SM, msgspec.structs.replace(SHUT_OUT, about="movement/m2"))
        await federation.say(JM, "movement/m2", MovementRequested(plan=small_plan()))
        await federation.sync()
        assert "movement/m2" in hidden(federation)


@played
async def test_one_actor_is_shut_out_whatever_else_it_is_enrolled_as() -> None:
    """MARK-11, MARK-15"""
    async with agreed() as federation:
        for roles in (("unit",), ("escort_lead",)):
            act = ActorEnrolled(key=key("host/karim").public.text, roles=roles)
            await federation.say("host/authority", "actor/host/karim", act)
        await federation.sync()
        await mark_as(federation, SM, msgspec.structs.replace(SHUT_OUT, unit="host/karim"))
        await federation.sync()
        assert MOVEMENT in hidden(federation, Viewer("host/karim", ("escort_lead",)))
        assert MOVEMENT not in hidden(federation)


@played
async def test_who_is_not_told_of_marks_has_no_mark_and_no_incident_about_one() -> None:
    """MARK-20, MARK-22"""
    async with hiding() as federation:
        about = marks.incident_of(mark_state(federation))
        both = {actor for actor, viewer in VIEWERS.items() if {MARK, about} <= hidden(federation, viewer)}
        assert both == {JM, LEAD, UNIT}


@played
async def test_incidents_that_name_what_is_hidden_are_hidden() -> None:
    """MARK-17"""
    async with hiding() as federation:
        node = federation.node("host")
        for n, text in enumerate(
            ("route of movement/m1, content ab", "movement/m12", "movement/m1.", "x/movement/m1"), 1
        ):
            await say_as_node(node, IncidentRaised(about="sending", category="other", account=text), f"incident/{n}")
        found = {subject for subject in hidden(federation) if subject.startswith("incident/")}
        assert found - {marks.incident_of(mark_state(federation))} == {"incident/1", "incident/3"}
        assert not {"incident/1", "incident/3"} & hidden(federation, VIEWERS[LEAD])


@pytest.mark.parametrize("skew", [-10 * MINUTE, 10 * MINUTE])
def test_a_wrong_clock_hides_from_the_first_moment_and_ends_by_as_much_wrongly(skew: int) -> None:
    """MARK-15, MARK-16"""

    @played
    async def run() -> None:
        async with hiding() as federation:
            await agree_to(federation, DUTY)
            await federation.sync()
            clock = StepClock(federation.clock.now() + skew)
            federation.node("host").clock = clock
            assert MOVEMENT in hidden(federation)
            clock.advance(48 * HOUR - skew - 1 - 10 * MINUTE)
            assert MOVEMENT in hidden(federation)
            clock.advance(1 + 20 * MINUTE)
            assert MOVEMENT not in hidden(federation)

    run()


@played
async def test_without_consent_in_time_it_hides_no_longer() -> None:
    """MARK-13"""
    async with hiding() as federation:
        federation.clock.advance(12 * HOUR - 1)
        assert MOVEMENT in hidden(federation)
        federation.clock.advance(1)
        assert MOVEMENT not in hidden(federation)
        assert MARK in hidden(federation)


@played
async def test_an_ended_mark_and_an_opened_one_hide_nothing() -> None:
    """MARK-16, MARK-23"""
    async with hiding() as federation:
        await agree_to(federation, DUTY)
        await federation.sync()
        federation.clock.advance(48 * HOUR)
        assert MOVEMENT not in hidden(federation)
    async with hiding() as federation:
        await open_mark(federation, APPROVER)
        await federation.sync()
        assert hidden(federation) == frozenset()


@played
async def test_a_restart_keeps_hiding() -> None:
    """MARK-27"""
    async with hiding() as federation:
        before = hidden(federation)
        node = federation.start("host")
        assert node.read_marks == {}
        assert hidden_subjects(node, OF_UNIT) == before
        node.reload()
        assert hidden_subjects(node, OF_UNIT) == before


@played
async def test_without_the_sealing_key_nothing_is_hidden_after_a_start() -> None:
    """MARK-27: which is why a mark is opened before that key is destroyed."""
    async with hiding() as federation:
        node = federation.node("host")
        assert MOVEMENT in hidden_subjects(node, OF_UNIT)
        for line in custody_keys(federation):
            federation.vaults["host"].destroy(line)
        assert MOVEMENT in hidden_subjects(node, OF_UNIT)
        assert MOVEMENT not in hidden_subjects(federation.start("host"), OF_UNIT)


def custody_keys(federation: Federation) -> list[str]:
    return list(key_lines(federation.node("host"), "host"))


# --- what is not signed -----------------------------------------------------------------------------------------------

WORDS: list[tuple[Act, str]] = [
    (MovementAcknowledged(role="unit"), "not_requested"),
    (MovementCheckedIn(note="at the gate"), "not_requested"),
    (FactContested(statement="ab" * 32, account="no"), "role_may_not"),
    (GlassAsked(content="ab" * 32, party="sending", reason="why"), "role_may_not"),
    (
        GlassGiven(content="ab" * 32, party="sending", officer="anna", to="cd" * 32, sealed="A" * 194 + "=="),
        "role_may_not",
    ),
]


@played
async def test_a_hidden_subject_is_answered_like_one_that_is_not_there() -> None:
    """MARK-18: in every word but its name."""
    async with hiding() as federation:
        for act, code in WORDS:
            about, absent = [await refused(federation, UNIT, act, f"movement/m{n}") for n in (1, 9)]
            assert about.startswith(code)
            assert about.replace("m1", "m9") == absent
        before = federation.node("host").memory.heads["host"].size
        envelope = offer(queries.standing(federation.node("host")), UNIT, key(UNIT), MOVEMENT, WORDS[0][0])
        void = commands.would(federation.node("host"), envelope)
        assert void is not None
        assert (void.code, federation.node("host").memory.heads["host"].size) == ("not_requested", before)


@played
async def test_others_go_on_as_before() -> None:
    """MARK-18"""
    async with hiding() as federation:
        await federation.say(DUTY, MOVEMENT, MovementAcknowledged(role="duty_officer"))
        await federation.say(LEAD, MOVEMENT, MovementAttested(item="radio", holds=True))


@played
async def test_what_takes_effect_where_nothing_is_takes_effect_on_what_is_hidden() -> None:
    """MARK-18: a refusal would tell."""
    site = SiteRegistered(name="depot", district="malir", latitude_e7=0, longitude_e7=0)
    async with agreed() as federation:
        await mark_as(federation, SM, msgspec.structs.replace(SHUT_OUT, about="site/depot"))
        await federation.sync()
        accepted = await federation.say(UNIT, "site/depot", site)
        assert accepted.known_already is False


@played
async def test_a_word_in_the_same_write_as_the_mark_is_judged_as_if_nothing_was_there() -> None:
    """MARK-15, MARK-18: the mark is not on the disk yet."""
    own = msgspec.structs.replace(SHUT_OUT_TERMS, units=("journey_manager",))
    async with agreed(marks=msgspec.structs.replace(MARKS, shut_out=own)) as federation:
        node = federation.node("sending")
        changed = MovementChanged(plan=small_plan(purpose="inspection"), reason="why")
        standing = queries.standing(node)
        async with node.writing:
            sealing = asyncio.create_task(
                mark_as(federation, SM, msgspec.structs.replace(SHUT_OUT, unit="journey_manager"))
            )
            await settle()
            envelope = offer(standing, JM, key(JM), MOVEMENT, changed)
            saying = asyncio.create_task(commands.say(node, envelope))
            await settle()
        answers = await asyncio.gather(sealing, saying, return_exceptions=True)
        assert [isinstance(answer, Refused) for answer in answers] == [False, True]


# --- making and agreeing ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "lasts", "says"),
    [
        (
            msgspec.structs.replace(SHUT_OUT, unit="escort_lead"),
            48,
            "a unit that may be shut out (unit), got escort_lead",
        ),
        (
            msgspec.structs.replace(SHUT_OUT, unit="host/nobody"),
            48,
            "a unit that may be shut out (unit), got host/nobody",
        ),
        (msgspec.structs.replace(DECOY, about="movement/m9"), 48, "a movement that has not departed as a decoy, got"),
        (DECOY, 31, "a decoy that ends no earlier than its window closes"),
    ],
)
def test_a_node_signs_no_mark_to_which_it_would_not_keep(content: MarkContent, lasts: int, says: str) -> None:
    """MARK-11, MARK-31"""

    @played
    async def run() -> None:
        async with agreed() as federation:
            with pytest.raises(InputInvalid, match=re.escape(says)):
                await mark_as(federation, SM, content, lasts=lasts * HOUR)

    run()


@played
async def test_a_mark_that_the_own_node_cannot_open_is_not_signed() -> None:
    """MARK-19"""

    def swap(act: MarkSealed) -> MarkSealed:
        host, sending = act.holders
        return msgspec.structs.replace(act, holders=(host, msgspec.structs.replace(sending, sealed=host.sealed)))

    async with agreed() as federation:
        with pytest.raises(CheckFailed):
            await mark_as(federation, SM, SHUT_OUT, change=swap)


@played
async def test_a_movement_with_people_in_it_is_made_no_decoy() -> None:
    """MARK-31"""
    async with agreed() as federation:
        await federation.say(LEAD, MOVEMENT, MovementAttested(item="heads", holds=True, heads=12))
        await federation.sync()
        with pytest.raises(InputInvalid, match="in which nobody was counted, got a head count"):
            await mark_as(federation, SM, DECOY)
        named = small_plan(people=People(group="engineers", count=12, manifest="ab" * 32))
        await federation.say(JM, "movement/m2", MovementRequested(plan=named))
        with pytest.raises(InputInvalid, match="without names of people"):
            await mark_as(federation, SM, msgspec.structs.replace(DECOY, about="movement/m2"), subject="mark/k2")


@played
async def test_a_role_seals_the_sort_that_is_its_own() -> None:
    """MARK-10"""
    decoys = msgspec.structs.replace(DECOY_TERMS, by=("duty_officer",), agreed_by=("approver",))
    terms = marks_terms(Federation().cards.values())
    may = {"duty_officer": ("mark.sealed",), "approver": ("mark.agreed",)}
    roles = tuple(msgspec.structs.replace(r, may=(*r.may, *may.get(r.id, ()))) for r in terms.roles)
    async with agreed(roles=roles, marks=msgspec.structs.replace(MARKS, decoy=decoys)) as federation:
        with pytest.raises(InputInvalid, match="a role of sending/security_manager may seal, got decoy"):
            await mark_as(federation, SM, DECOY)
        await mark_as(federation, DUTY, DECOY)


@played
async def test_a_shut_out_author_is_told_of_a_hidden_movement_as_of_none() -> None:
    """MARK-18: by way of a mark about it, neither."""
    act = ActorEnrolled(key=key("sending/both").public.text, roles=("security_manager", "unit"))
    roles = tuple(
        msgspec.structs.replace(role, party="sending") if role.id == "unit" else role
        for role in marks_terms(Federation().cards.values()).roles
    )
    async with agreed(roles=roles) as federation:
        await federation.say("sending/authority", "actor/sending/both", act)
        await mark_as(federation, SM, SHUT_OUT)
        answers = []
        for n in (1, 9):
            about = msgspec.structs.replace(DECOY, about=f"movement/m{n}")
            with pytest.raises(InputInvalid) as caught:
                await mark_as(federation, "sending/both", about, subject="mark/k2")
            answers.append(str(caught.value).replace(f"m{n}", "…"))
        assert answers[0] == answers[1]


@played
async def test_who_seals_no_decoys_learns_of_no_movement_by_trying() -> None:
    """MARK-10, MARK-18"""
    async with agreed() as federation:
        await mark_as(federation, SM, msgspec.structs.replace(SHUT_OUT, unit="host/unit"))
        await federation.sync()
        answers = []
        for n in (1, 9):
            with pytest.raises(InputInvalid) as caught:
                await mark_as(
                    federation, UNIT, msgspec.structs.replace(DECOY, about=f"movement/m{n}"), subject="mark/k2"
                )
            answers.append(str(caught.value))
        assert answers[0] == answers[1]


@played
async def test_nobody_agrees_here_to_what_this_node_does_not_keep_to() -> None:
    """MARK-19, MARK-32: its author's node was made to sign it, and sealed something else to us."""

    def swap(act: MarkSealed) -> MarkSealed:
        host, sending = act.holders
        return msgspec.structs.replace(act, holders=(msgspec.structs.replace(host, sealed=sending.sealed), sending))

    async with agreed() as federation:
        await mark_as(federation, SM, SHUT_OUT, change=swap)
        await federation.sync()
        await keep_marks(federation)
        assert mark_state(federation, "sending").checked == {"host": False, "sending": True}
        assert MOVEMENT not in hidden(federation)
        answer = await refused(federation, DUTY, MarkAgreed(content=box_digest(mark_state(federation).box)), MARK)
        assert (
            answer == "mark_unsound: this node does not keep to mark/k1: it does not open with this node's sealing key"
        )


# --- decoys -----------------------------------------------------------------------------------------------------------

LATER = Timing(earliest=START + 30 * HOUR, latest=START + 60 * HOUR, review_by=START + 29 * HOUR)
NAMED = small_plan(people=People(group="engineers", count=12, manifest="ab" * 32))
INTO_IT: list[tuple[str, Act]] = [
    (LEAD, MovementAttested(item="heads", holds=True, heads=1)),
    (JM, MovementAttested(item="heads", holds=False, heads=12)),
    (LEAD, MovementDeparted(heads=3)),
    (LEAD, MovementArrived(heads=3)),
    (JM, MovementChanged(plan=NAMED, reason="names")),
    (JM, MovementChanged(plan=small_plan(timing=LATER), reason="later")),
]


@played
async def test_neither_node_signs_what_puts_people_into_a_decoy() -> None:
    """MARK-30: nor says why, to whom it is not told."""
    async with decoy() as federation:
        for actor, act in INTO_IT:
            answer = await refused(federation, actor, act)
            assert answer == "not_now: this node does not sign this now: ask your duty officer"


@played
async def test_a_decoy_of_one_party_alone_puts_nobody_out() -> None:
    """MARK-14, MARK-30"""
    async with agreed() as federation:
        await mark_as(federation, SM, DECOY)
        await federation.sync()
        await federation.say(LEAD, MOVEMENT, MovementAttested(item="heads", holds=True, heads=12))
        await federation.say(JM, MOVEMENT, MovementAttested(item="heads", holds=True, heads=12))


@played
async def test_the_other_side_approves_no_plan_that_makes_a_decoy_more() -> None:
    """MARK-30: asked for by a node that skipped the rule."""
    async with decoy() as federation:
        node = federation.node("sending")
        node.memory._marks.clear()
        for plan in (NAMED, small_plan(timing=LATER)):
            await federation.say(JM, MOVEMENT, MovementChanged(plan=plan, reason="more"))
            await federation.sync()
            assert (await refused(federation, DUTY, MovementApproved(plan=digest(plan)))).startswith("not_now")
        await federation.say(DUTY, MOVEMENT, MovementApproved(plan=digest(small_plan())))


async def drive(federation: Federation) -> None:
    """The decoy's gate, closed without people, at the opening of its window."""
    for actor in (DUTY, APPROVER):
        await federation.say(actor, MOVEMENT, MovementApproved(plan=digest(small_plan())))
    federation.clock.advance(START + 30 * HOUR - federation.clock.now())
    await federation.sync()
    for actor in (LEAD, JM):
        await federation.say(actor, MOVEMENT, MovementAttested(item="heads", holds=True, heads=0))
    await federation.say(LEAD, MOVEMENT, MovementAttested(item="radio", holds=True))
    await federation.say(DUTY, MOVEMENT, MovementAttested(item="sweep", holds=True))
    await federation.say(SM, MOVEMENT, MovementExcepted(item="heads", reason="as agreed"))
    await federation.sync()


@played
async def test_a_decoy_goes_with_nobody_and_is_closed_by_people() -> None:
    """MARK-30, MARK-31"""
    async with decoy() as federation:
        await drive(federation)
        await federation.say(LEAD, MOVEMENT, MovementDeparted(heads=0))
        federation.clock.advance(24 * HOUR)
        await keep_marks(federation)
        assert mark_state(federation).content == DECOY
        assert (await refused(federation, LEAD, MovementArrived(heads=1))).startswith("not_now")
        await federation.say(LEAD, MOVEMENT, MovementArrived(heads=0))
        host = federation.node("host")
        assert queries.movement(host, authority(host), MOVEMENT).row.phase.value == "arrived"


@played
async def test_a_decoy_that_has_not_departed_lapses_by_itself() -> None:
    """MARK-31"""
    async with decoy() as federation:
        await drive(federation)
        federation.clock.advance(18 * HOUR)
        answer = await refused(federation, LEAD, MovementDeparted(heads=0))
        assert answer.startswith("not_now")
        sending = federation.node("sending")
        page = queries.movement(sending, authority(sending), MOVEMENT)
        assert page.row.phase.value == "lapsed"


# --- asking -----------------------------------------------------------------------------------------------------------


def views(federation: Federation, actor: str) -> list[marks.MarkView]:
    return marks.marks(federation.node(actor.split("/")[0]), VIEWERS[actor])


@played
async def test_each_is_shown_what_concerns_it() -> None:
    """MARK-20 to MARK-22"""
    async with hiding() as federation:
        shown = {actor: [view.says for view in views(federation, actor)] for actor in VIEWERS}
        assert shown == {JM: [], LEAD: [], UNIT: [], SM: [SHUT_OUT], DUTY: [SHUT_OUT], APPROVER: [SHUT_OUT]}
        keys = {actor: view.key is not None for actor in VIEWERS for view in views(federation, actor)}
        assert keys == {SM: False, DUTY: False, APPROVER: True}


@played
async def test_a_mark_that_is_not_shown_is_answered_like_one_that_is_not_there() -> None:
    """MARK-20"""
    async with hiding() as federation:
        node = federation.node("host")
        answers = []
        for subject in (MARK, "mark/k9"):
            with pytest.raises(NotFound) as caught:
                marks.mark(node, OF_UNIT, subject)
            answers.append(str(caught.value).replace(subject, "…"))
        assert answers[0] == answers[1]
        assert marks.mark(node, VIEWERS[DUTY], MARK).says == SHUT_OUT


@played
async def test_how_a_mark_stands_is_told() -> None:
    """MARK-13, MARK-14, MARK-16, MARK-24"""
    async with agreed() as federation:
        await mark_as(federation, SM, SHUT_OUT)
        await mark_as(federation, SM, DECOY, subject="mark/k2")
        await federation.sync()
        assert {v.subject: v.stands for v in views(federation, DUTY)} == {MARK: "works", "mark/k2": "waits"}
        federation.clock.advance(13 * HOUR)
        assert {v.subject: v.stands for v in views(federation, DUTY)} == {MARK: "ended", "mark/k2": "waits"}
        await open_mark(federation, APPROVER)
        await federation.sync()
        (view,) = [v for v in views(federation, UNIT) if v.subject == MARK]
        assert (view.stands, view.says, view.opened_by, view.key) == ("opened", SHUT_OUT, APPROVER, None)
        federation.clock.advance(20 * 24 * HOUR)
        assert {v.subject: v.overdue for v in views(federation, DUTY)} == {MARK: False, "mark/k2": True}


@played
async def test_who_is_told_of_marks_has_a_page_of_them() -> None:
    """MARK-20"""
    async with agreed() as federation:
        told = {a for a, viewer in VIEWERS.items() if marks.is_told_of_marks(federation.node(a.split("/")[0]), viewer)}
        assert told == {SM, DUTY, APPROVER}
        assert marks.is_told_of_marks(federation.node("host"), Viewer("host/authority", ("authority",)))


@played
async def test_the_key_that_a_reviewer_is_shown_opens_the_mark_for_everybody() -> None:
    """MARK-23"""
    async with hiding() as federation:
        (view,) = views(federation, APPROVER)
        state = mark_state(federation, "sending")
        assert view.key is not None
        assert read_mark(MARK, state.box, state.key, base64.b64decode(view.key)) == SHUT_OUT
