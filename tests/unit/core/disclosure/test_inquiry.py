"""A leak traced from the record: which orders count, which texts, by which weights."""

from __future__ import annotations

import hashlib

import msgspec
import pytest

from safeconduct.core.disclosure import Case, case_of, trace_case
from safeconduct.core.record import CopiesState
from safeconduct.core.statement import encode
from safeconduct.errors import CheckFailed, InputInvalid
from safeconduct.testing import CANARIES, Story
from tests.unit.core.record.test_copies import (
    DUTY,
    LATER,
    SECURITY,
    asked,
    beginning,
    commitment,
    delivered,
    found,
    leaked,
    opened,
    opening,
    received,
    say,
    state,
)

TEXT = b"gate 2"


def case(told: Story, predictable: int | None = None) -> Case:
    known = {"m1": predictable} if predictable is not None else {}
    return case_of("l1", told.law(), [state(told)], CANARIES, known)


def problem(told: Story) -> str | None:
    return case(told).orders[0].problem


def test_an_order_that_was_done_by_the_rules_is_scored() -> None:
    """CAN-37, CAN-38"""
    (order,) = case(opened()).orders
    assert (order.problem, order.evidence, order.opened_at) == (None, (hashlib.sha256(TEXT).hexdigest(),), LATER)
    assert order.receipted_at < order.opened_at


def test_why_an_order_is_not_scored_is_said() -> None:
    """CAN-37"""
    only_found = beginning()
    say(only_found, "host/duty_officer", found())
    half = beginning()
    say(half, "host/node", commitment("host"))
    say(half, "host/duty_officer", found())
    one_open = leaked()
    say(one_open, "host/node", opening("host"), at=LATER)
    spoiled = leaked()
    say(spoiled, "host/node", opening("host"))
    undelivered = beginning()
    for party in ("host", "sending"):
        say(undelivered, f"{party}/node", commitment(party))
    say(undelivered, "host/duty_officer", found())
    assert [problem(told) for told in (only_found, half, undelivered, leaked(), one_open, spoiled)] == [
        "no copies of it were committed to",
        "sending has not committed to its halves of it",
        "host has delivered no halves of it",
        "host has not opened its seed",
        "sending has not opened its seed",
        "host has said its seed before it was to be opened",
    ]


def test_nothing_known_to_every_hand_is_nothing_to_score() -> None:
    """CAN-37: each hand opened for another text."""
    made = state(opened())
    lines = {**made.opened, "sending": msgspec.structs.replace(made.opened["sending"], evidence=("ab" * 32,))}
    apart = msgspec.structs.replace(made, opened=lines)
    (order,) = case_of("l1", opened().law(), [apart], CANARIES, {}).orders
    assert order.problem == "no text was known to every hand before it opened its seed"


def test_an_order_that_is_not_scored_needs_no_text() -> None:
    """CAN-37"""
    result = trace_case(case(leaked()), [])
    assert (result.trace, result.orders, [one.order for one in result.unscored]) == (None, (), ["m1"])


@pytest.mark.parametrize(
    ("texts", "says"),
    [
        ([], "expected every text of leak l1, got none with digest"),
        ([TEXT, b"another"], "expected texts of leak l1 that are on record, got one with digest"),
        ([b"\xff"], "expected a leaked text in UTF-8"),
    ],
)
def test_the_texts_are_those_on_record_and_all_of_them(texts: list[bytes], says: str) -> None:
    """CAN-39"""
    with pytest.raises(InputInvalid, match=says):
        trace_case(case(opened()), texts)


def test_a_seed_that_a_node_puts_in_its_answer_is_not_believed() -> None:
    """CAN-12"""
    given = case(opened())
    (order,) = given.orders
    forged = msgspec.structs.replace(order.openings[0].variants, seed=b"x" * 32)
    openings = (msgspec.structs.replace(order.openings[0], variants=forged), order.openings[1])
    lie = msgspec.structs.replace(given, orders=(msgspec.structs.replace(order, openings=openings),))
    with pytest.raises(CheckFailed, match="data that was committed to"):
        trace_case(lie, [TEXT])


def test_texts_about_one_order_are_one_evidence() -> None:
    """CAN-19, CAN-38: what two texts say differently is ambiguous."""
    told = delivered()
    texts = [b"red host 0, blue host 1", b"green host 0"]
    for text in texts:
        say(told, "host/duty_officer", found(text.decode()))
    for actor in (DUTY, SECURITY):
        say(told, actor, asked())
    for party in ("host", "sending"):
        say(told, f"{party}/node", opening(party), at=LATER)
    result = trace_case(case(told), texts)
    assert result.trace is not None
    (host, sending) = result.trace.surviving
    assert (host.surviving, host.ambiguous, sending.surviving) == (2, 1, 0)
    assert encode(trace_case(case(told), texts[::-1])) == encode(result)


@pytest.mark.parametrize(("predictable", "weight"), [(None, 45_000), (0, 0), (250, 11_250), (1_000, 45_000)])
def test_a_guess_weighs_by_the_chance_of_guessing_right(predictable: int | None, weight: int) -> None:
    """CAN-40"""
    priors = case(opened(), predictable).priors
    assert (priors.observed, priors.predictable, priors.leaked_by_one) == (45_000, weight, 5_000)


def test_the_agreed_bound_and_looks_are_those_of_the_result() -> None:
    """CAN-40"""
    agreed = case(opened()).agreed
    assert (agreed.bound_one_in, agreed.looks, agreed.misheard_one_in) == (1_000_000, 1, 50)


def test_receipts_on_record_stand_in_the_case() -> None:
    """CAN-44"""
    told = delivered()
    say(told, "host/escort_lead", received())
    say(told, "host/duty_officer", found())
    (order,) = case(told).orders
    assert order.receipts == {received().recipient: {"cc" * 32: "aa" * 32}}


def test_orders_of_other_leaks_are_not_in_the_case() -> None:
    """CAN-39"""
    other = CopiesState(subject="copies/m2")
    assert [order.order for order in case_of("l1", opened().law(), [other, state(opened())], CANARIES, {}).orders] == [
        "m1"
    ]
