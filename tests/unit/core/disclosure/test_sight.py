"""What somebody may know of what is sealed: a table over who asks, what opens for whom, when, and what has happened."""

from __future__ import annotations

import msgspec
import pytest

from safeconduct.core.agreement import Clause, Evidence, Must, Never, Pattern, Role, Rule, Terms
from safeconduct.core.disclosure import (
    EVERYTHING,
    NOTHING,
    Beholder,
    Seen,
    beholder,
    clause_is_shown,
    looks_at_sealed,
    opens_for_you,
    released_to,
    seen,
)
from safeconduct.core.record import Asked, Glass, Mark, MovementState, Phase, Sealing
from safeconduct.testing import BLURRED, HOUR, MINUTE, START, Story, card_of, glass_terms

EARLIEST = START + 30 * HOUR
AUTHOR = "sending/journey_manager"
SIGN = Evidence(party="host", index=9, id="9" * 64, at=START)


def terms_with(**changed: object) -> Terms:
    terms = glass_terms([card_of("host"), card_of("sending")])
    auditor = Role(id="auditor", party="sending", name={"en": "auditor"}, may=())
    parts: dict[str, object] = {"roles": (*terms.roles, auditor), "auditors": ("auditor",), **changed}
    return msgspec.structs.replace(terms, **parts)


TERMS = terms_with()


def state_with(phase: Phase = Phase.APPROVED, **changed: object) -> MovementState:
    """A movement of which the rendezvous is sealed in full and blurred, and the names."""
    story = Story(TERMS)
    story.approve(story.request())
    state = story.folded().state
    assert isinstance(state, MovementState)
    mark = Mark(party="sending", index=3, id="3" * 64, actor=AUTHOR, t=START, after={})
    parts: dict[str, object] = {"mark": mark, "size": 1024, "key": "k"}
    sealings = {
        content: msgspec.convert({**parts, "content": content, "compartment": c, "variant": v, **changed}, Sealing)
        for content, c, v in (("r", "rendezvous", "exact"), ("b", "rendezvous", BLURRED), ("m", "manifest", "exact"))
    }
    return msgspec.structs.replace(state, phase=phase, sealings=sealings)


def who(actor: str, *roles: str) -> Beholder:
    party, name = actor.split("/")
    return beholder(TERMS, party, actor, roles or (name,))


def known(of: Beholder, at: int, state: MovementState | None = None) -> dict[str, str]:
    """By content one word: nothing, exists, itself."""
    found = seen(TERMS, state if state is not None else state_with(), of, at)
    return {c: "itself" if one.itself else "exists" if one.exists else "nothing" for c, one in found.items()}


@pytest.mark.parametrize(
    ("actor", "at", "expected"),
    [
        # The first moment of each, and the instant before.
        ("host/duty_officer", EARLIEST - 3 * HOUR - 1, ("nothing", "nothing", "nothing")),
        ("host/escort_lead", EARLIEST - 2 * HOUR - 1, ("nothing", "nothing", "nothing")),
        ("host/escort_lead", EARLIEST - 15 * MINUTE - 1, ("itself", "itself", "nothing")),
        ("host/escort_lead", EARLIEST - 15 * MINUTE, ("itself", "itself", "itself")),
        ("sending/approver", EARLIEST - HOUR - 1, ("nothing", "nothing", "nothing")),
        ("sending/approver", EARLIEST, ("itself", "itself", "nothing")),
        # Less is due to it: it learns of its own variant, and that there is something.
        ("host/unit", EARLIEST - 30 * MINUTE - 1, ("nothing", "nothing", "nothing")),
        ("host/unit", EARLIEST - 30 * MINUTE, ("exists", "itself", "nothing")),
        # Nothing is released to it.
        ("sending/security_manager", EARLIEST + HOUR, ("nothing", "nothing", "nothing")),
        (AUTHOR, START, ("itself", "itself", "itself")),
    ],
)
def test_a_role_knows_from_its_moment_on_and_no_more_than_its_grade(
    actor: str, at: int, expected: tuple[str, str, str]
) -> None:
    """SIGHT-3, SIGHT-4, SIGHT-5, SIGHT-7"""
    assert tuple(known(who(actor), at).values()) == expected


def test_whoever_asks_the_officers_knows_for_what_once_it_knows_that_there_is_something() -> None:
    """SIGHT-9: the duty officer is released the rendezvous by existence, and of the names nothing."""
    at = EARLIEST - 3 * HOUR
    assert tuple(known(who("host/duty_officer"), at).values()) == ("itself", "itself", "nothing")
    without = terms_with(break_glass=())
    bare = seen(without, state_with(), who("host/duty_officer"), at)
    assert (bare["r"], bare["b"]) == (Seen(exists=True), Seen(exists=True))


@pytest.mark.parametrize(
    ("phase", "knows"), [(phase, phase in (Phase.APPROVED, Phase.UNDER_WAY, Phase.ARRIVED)) for phase in Phase]
)
def test_a_release_tells_of_a_movement_that_is_approved_under_way_or_arrived(phase: Phase, knows: bool) -> None:
    """SIGHT-4"""
    state = state_with(phase)
    assert (known(who("host/escort_lead"), EARLIEST, state)["r"] == "itself") == knows
    assert known(who(AUTHOR), EARLIEST, state)["r"] == "itself"


def test_a_movement_that_has_lapsed_tells_nobody_but_its_author() -> None:
    """SIGHT-4"""
    after = EARLIEST + 2 * HOUR + 1
    assert set(known(who("host/escort_lead"), after).values()) == {"nothing"}
    assert set(known(who(AUTHOR), after).values()) == {"itself"}


def test_a_role_of_the_other_party_counts_for_nothing() -> None:
    """SIGHT-1"""
    assert set(known(who("sending/x", "escort_lead", "duty_officer"), EARLIEST).values()) == {"nothing"}
    assert not beholder(TERMS, "host", "host/x", ("auditor",)).sees_all


@pytest.mark.parametrize(
    ("actor", "roles", "sees_all"),
    [
        ("sending/authority", ("authority",), True),
        ("sending/a", ("auditor",), True),
        ("sending/a", ("approver", "auditor"), True),
        ("sending/approver", ("approver",), False),
        ("sending/a", ("authority",), False),
        ("host/authority", ("authority",), False),
    ],
)
def test_the_authority_and_the_agreements_auditors_see_all(actor: str, roles: tuple[str, ...], sees_all: bool) -> None:
    """SIGHT-2, AG-156"""
    looks = beholder(TERMS, "sending", actor, roles)
    assert looks.sees_all == sees_all
    assert (set(seen(TERMS, state_with(), looks, START).values()) == {EVERYTHING}) == sees_all


def test_before_an_agreement_is_in_force_the_authority_alone_sees_all() -> None:
    """SIGHT-2"""
    found = [beholder(None, "host", f"host/{name}", (name,)).sees_all for name in ("authority", "auditor")]
    assert found == [True, False]


def test_who_opened_or_was_told_keeps_knowing_and_a_release_tells_of_nothing_that_was_replaced() -> None:
    """SIGHT-5, SIGHT-6"""
    state = state_with(Phase.CLOSED, opened={"host/a": SIGN}, told={"host/b": {"host/a": SIGN}}, replaced=True)
    found = {actor: known(who(actor), EARLIEST, state)["r"] for actor in ("host/a", "host/b", "host/c")}
    assert found == {"host/a": "itself", "host/b": "itself", "host/c": "nothing"}
    replaced = state_with(replaced=True)
    assert set(known(who("host/escort_lead"), EARLIEST, replaced).values()) == {"exists"}


def test_the_author_sees_the_checks_and_a_role_that_may_open_whether_it_can() -> None:
    """SIGHT-3, SIGHT-5, SIGHT-8"""
    found = [
        seen(terms_with(break_glass=()), state_with(), who(a), EARLIEST)["r"] for a in (AUTHOR, "host/escort_lead")
    ]
    assert found == [Seen(exists=True, itself=True, checks=True), Seen(exists=True, itself=True, share=True)]


def test_whoever_may_object_knows_from_the_first_request_on_also_after_an_objection() -> None:
    """SIGHT-9"""
    officer = who("host/duty_officer")
    asked = {"host": {"sending": Glass(asked={"sending/approver": Asked(evidence=SIGN, reason="silent")})}}
    objected = {"host": {"sending": Glass(objected=SIGN)}}
    for glass in (asked, objected):
        found = seen(TERMS, state_with(glass=glass), officer, START)
        assert found["m"] == Seen(exists=True, itself=True, glass=True)
    others = seen(TERMS, state_with(glass=asked), who("host/unit"), START)
    assert set(others.values()) == {NOTHING}


def test_what_opens_for_somebody_is_told_by_the_agreement_and_the_plan_alone() -> None:
    """SIGHT-7"""
    lead = who("host/escort_lead")
    bare = msgspec.structs.replace(state_with(), sealings={})
    told = [opens_for_you(TERMS, state, lead) for state in (bare, state_with())]
    assert told == [{"rendezvous": EARLIEST - 2 * HOUR, "manifest": EARLIEST - 15 * MINUTE}] * 2
    assert [released_to(TERMS, state, lead, EARLIEST - HOUR) for state in (bare, state_with())] == [("rendezvous",)] * 2
    assert opens_for_you(TERMS, bare, who("sending/security_manager")) == {}


# --- clauses ----------------------------------------------------------------------------------------------------------

ASKED = Pattern(event="movement.requested")


def clause(rule: Rule | None) -> Clause:
    words = {"en": "text"}
    return Clause(
        id="S-1",
        title=words,
        text=words,
        owed_by="journey_manager",
        owed_to="duty_officer",
        severity="major",
        evidence="statement",
        source="parameter to agree",
        rule=rule,
    )


SEALED = clause(Rule(for_each="movement", when=ASKED, must=Must(event="compartment.sealed", due="plan.earliest")))


@pytest.mark.parametrize(
    ("rule", "looks"),
    [
        (SEALED.rule, True),
        (Rule(for_each="movement", when=ASKED, never=Never(event="glass.asked")), True),
        (
            Rule(for_each="movement", when=Pattern(event="compartment.opened"), never=Never(event="movement.closed")),
            True,
        ),
        (Rule(for_each="movement", when=ASKED, must=Must(event="movement.closed", due="trigger + PT1H")), False),
        (None, False),
    ],
)
def test_a_clause_that_names_an_event_of_sealing_is_found(rule: Rule | None, looks: bool) -> None:
    """SIGHT-14"""
    assert looks_at_sealed(clause(rule)) == looks


@pytest.mark.parametrize(
    ("actor", "at", "is_shown"),
    [
        ("host/escort_lead", EARLIEST - 15 * MINUTE - 1, False),
        ("host/escort_lead", EARLIEST - 15 * MINUTE, True),
        ("host/duty_officer", EARLIEST, False),
        (AUTHOR, START, True),
        ("sending/auditor", START, True),
    ],
)
def test_how_such_a_clause_stands_is_shown_to_whoever_knows_of_every_compartment(
    actor: str, at: int, is_shown: bool
) -> None:
    """SIGHT-14"""
    assert clause_is_shown(TERMS, SEALED, state_with(), who(actor), at) == is_shown


def test_of_anything_else_it_is_shown_to_auditors_alone_and_other_clauses_to_everybody() -> None:
    """SIGHT-14"""
    other = clause(Rule(for_each="movement", when=ASKED, never=Never(event="movement.closed")))
    lead = who("host/escort_lead")
    assert not clause_is_shown(TERMS, SEALED, None, lead, EARLIEST)
    assert clause_is_shown(TERMS, other, None, lead, EARLIEST)
