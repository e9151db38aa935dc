"""Sealing a mark to every node, and who is told of it."""

from __future__ import annotations

import msgspec
import pytest

from safeconduct.core.acts import MarkContent
from safeconduct.core.disclosure import (
    is_shut_out,
    mark_sight,
    mark_works,
    open_mark_key,
    require_content_of_its_sort,
    seal_mark,
    told_of_marks,
)
from safeconduct.core.record import MarkState, read_mark
from safeconduct.core.statement import encode
from safeconduct.errors import CheckFailed, InputInvalid, LimitExceeded
from safeconduct.testing import DECOY, DECOY_TERMS, HOUR, MARK, MARKS, SHUT_OUT, START, counted, marks_terms
from tests.unit.core.record.test_marks import (
    HOLDERS,
    OTHER,
    PRIVATE,
    REVIEWER,
    TERMS,
    UNTIL,
    agreed,
    made,
    opened,
    state_of,
    story,
)

# --- what is sealed ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("content", [SHUT_OUT, DECOY, msgspec.structs.replace(SHUT_OUT, reason="خفیہ" * 90)])
def test_every_node_reads_what_was_sealed(content: MarkContent) -> None:
    """MARK-1 to MARK-3"""
    act = made(content)
    keys = {party: open_mark_key(act, MARK, party, private) for party, private in PRIVATE.items()}
    assert {read_mark(MARK, act.box, act.key, key) for key in keys.values()} == {content}


def test_statements_of_both_sorts_have_one_length() -> None:
    """MARK-1, MARK-4"""
    long = msgspec.structs.replace(DECOY, about="movement/" + "m" * 60, reason="r" * 400)
    sizes = {len(encode(made(content))) for content in (SHUT_OUT, DECOY, long)}
    assert len(sizes) == 1


def test_a_reason_that_fills_more_than_its_place_is_not_sealed() -> None:
    """MARK-1: four bytes each."""
    with pytest.raises(LimitExceeded, match="at most 1023 bytes, got 1650"):
        made(msgspec.structs.replace(DECOY, reason="𝛼" * 400))


def test_what_no_node_would_read_as_a_mark_is_not_sealed() -> None:
    """MARK-1"""
    with pytest.raises(InputInvalid, match="expected what a mark may say"):
        made(msgspec.structs.replace(SHUT_OUT, reason="r" * 401))


@pytest.mark.parametrize(
    "content",
    [
        msgspec.structs.replace(SHUT_OUT, unit=None),
        msgspec.structs.replace(DECOY, unit="unit"),
        msgspec.structs.replace(DECOY, about="site/s1"),
    ],
)
def test_a_mark_says_what_its_sort_says(content: MarkContent) -> None:
    """MARK-12"""
    with pytest.raises(InputInvalid):
        require_content_of_its_sort(content)


def test_a_key_under_another_mark_or_for_another_node_does_not_open() -> None:
    """MARK-3"""
    act = made()
    host, sending = act.holders
    swapped = (msgspec.structs.replace(host, sealed=sending.sealed), sending)
    for subject, moved in (("mark/k2", act), (MARK, msgspec.structs.replace(act, holders=swapped))):
        with pytest.raises(CheckFailed):
            open_mark_key(moved, subject, "host", PRIVATE["host"])
    with pytest.raises(CheckFailed, match="expected a key of mark/k1 for agency, got none"):
        open_mark_key(act, MARK, "agency", PRIVATE["host"])


def test_a_key_that_was_not_committed_to_is_refused() -> None:
    """MARK-2: else a node would read another text than the review."""
    act = made()
    other = seal_mark(DECOY, subject=MARK, until=UNTIL, holders=HOLDERS, randomness=counted("other"))
    with pytest.raises(CheckFailed):
        open_mark_key(msgspec.structs.replace(act, key=other.key), MARK, "host", PRIVATE["host"])


# --- when it counts ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("now", "works"),
    [(START - 10 * HOUR, True), (START, True), (UNTIL - 1, True), (UNTIL, False)],
)
def test_hiding_begins_with_the_statement_and_ends_with_the_clock(now: int, works: bool) -> None:
    """MARK-15, MARK-16"""
    told, act = story()
    told.say(OTHER, agreed(act), subject=MARK)
    assert mark_works(TERMS, state_of(told), SHUT_OUT, ("unit",), now) == works


def test_a_decoy_of_one_party_is_none() -> None:
    """MARK-14"""
    told, act = story(DECOY)
    assert not mark_works(TERMS, state_of(told), DECOY, (), START)
    told.say(OTHER, agreed(act), subject=MARK)
    assert mark_works(TERMS, state_of(told), DECOY, (), START)
    assert not mark_works(marks_terms(TERMS.parties, marks=None), state_of(told), DECOY, (), START)


# --- who is told ------------------------------------------------------------------------------------------------------

ROLES = {role.id: f"{role.party}/{role.id}" for role in TERMS.roles}


def sight(state: MarkState, content: MarkContent | None, role: str) -> str:
    actor = ROLES.get(role, f"host/{role}")
    return mark_sight(TERMS, state, content, actor, (role,))


def state(content: MarkContent = SHUT_OUT) -> MarkState:
    return state_of(story(content)[0])


def test_everybody_else_is_not_told_that_there_is_a_mark() -> None:
    """MARK-20, MARK-21"""
    told = {role: sight(state(), SHUT_OUT, role) for role in (*ROLES, "authority")}
    knowing = {role for role, seen in told.items() if seen == "content"}
    assert knowing == {"security_manager", "duty_officer", "approver", "authority"}
    assert {told[role] for role in told if role not in knowing} == {"nothing"}
    assert told_of_marks(TERMS) == {"security_manager", "duty_officer", "approver"}
    assert told_of_marks(marks_terms(TERMS.parties, marks=None)) == frozenset()


def test_auditors_are_told_that_there_is_a_mark_and_not_what_it_says() -> None:
    """MARK-20"""
    terms = msgspec.structs.replace(TERMS, auditors=("escort_lead",))
    assert mark_sight(terms, state(), SHUT_OUT, "host/escort_lead", ("escort_lead",)) == "existence"


def test_who_has_to_do_with_the_other_sort_is_told_that_there_is_one_and_no_more() -> None:
    """MARK-21"""
    decoys = msgspec.structs.replace(DECOY_TERMS, by=("journey_manager",), agreed_by=("escort_lead",))
    terms = marks_terms(TERMS.parties, marks=msgspec.structs.replace(MARKS, decoy=decoys))
    seen = {
        role: mark_sight(terms, state(), SHUT_OUT, f"x/{role}", (role,))
        for role in ("journey_manager", "escort_lead", "duty_officer", "approver", "unit")
    }
    assert seen == {
        "journey_manager": "existence",
        "escort_lead": "existence",
        "duty_officer": "content",
        "approver": "content",
        "unit": "nothing",
    }


@pytest.mark.parametrize("roles", [("unit", "approver"), ("unit", "authority"), ("unit",)])
def test_who_is_shut_out_is_told_nothing_in_any_capacity(roles: tuple[str, ...]) -> None:
    """MARK-22"""
    assert mark_sight(TERMS, state(), SHUT_OUT, "host/karim", roles) == "nothing"
    assert mark_sight(TERMS, state(), SHUT_OUT, state().sealed.actor, roles) == "nothing"


def test_one_actor_is_shut_out_and_no_other() -> None:
    """MARK-15"""
    content = msgspec.structs.replace(SHUT_OUT, unit="host/karim")
    assert is_shut_out(content, "host/karim", ("escort_lead",))
    assert not is_shut_out(content, "host/karima", ("unit",))
    assert not is_shut_out(DECOY, "host/karim", ("unit",))


def test_a_mark_that_does_not_open_here_shows_that_it_is_there() -> None:
    """MARK-21: to whoever opens marks nothing more can be shown either."""
    assert [sight(state(), None, role) for role in ("duty_officer", "approver", "unit")] == [
        "existence",
        "content",
        "nothing",
    ]


def test_from_its_opening_on_everybody_is_told() -> None:
    """MARK-23"""
    told, act = story()
    told.say(REVIEWER, opened(act), subject=MARK)
    assert {sight(state_of(told), SHUT_OUT, role) for role in ROLES} == {"content"}
