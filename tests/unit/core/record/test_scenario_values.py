from __future__ import annotations

import hashlib

import pytest
from msgspec import inspect

from safeconduct.core.acts import (
    FactContested,
    MovementApproved,
    MovementAttested,
    MovementRequested,
    PersonRegistered,
    RelationStepped,
)
from safeconduct.core.agreement import Field, Form, TreePath
from safeconduct.core.record.scenario_values import Values, instant
from safeconduct.core.statement import digest
from safeconduct.testing import HOUR, START, small_plan

PLAN = {
    "route": {"origin": "airport", "destination": "port", "districts": ["malir"]},
    "timing": {"earliest": "+PT30H", "latest": "+PT32H", "review_by": "+PT29H"},
    "people": {"group": "engineers", "count": 12},
    "escort": {"carrying_vehicles": 2, "protection_level": "b6", "escort_vehicles": 3},
    "purpose": "shift change",
}
FORM = Form(
    id="movement.seen",
    name={"en": "seen"},
    fields=(
        Field(id="place", type="text"),
        Field(id="people", type="number"),
        Field(id="seen_at", type="instant"),
        Field(id="escorted", type="yes_no"),
        Field(id="road", type="choice", options=("main", "side")),
        Field(id="cars", type="names"),
        Field(id="photo", type="digest"),
    ),
)
FILLED = {
    "place": "the bridge",
    "people": 3,
    "seen_at": "+PT1H",
    "escorted": "yes",
    "road": "main",
    "cars": ["first", "second"],
    "photo": "a photograph",
}


class Desk:
    """Values, and what they reported."""

    def __init__(self) -> None:
        self.problems: list[str] = []
        self.values = Values(START, self.report)

    def report(self, path: TreePath, text: str) -> None:
        self.problems.append(f"{'.'.join(map(str, path))}: {text}")

    def body(self, act: type, given: dict[str, object]) -> object:
        kind = inspect.type_info(act)
        assert isinstance(kind, inspect.StructType)
        return self.values.body(kind, given, ("fields",))  # type: ignore[arg-type]  # a tree of plain values


def sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


# --- moments ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("+PT4H", START + 4 * HOUR),
        ("-P7D", START - 168 * HOUR),
        ("+PT0H", START),
        ("2024-10-06T05:00:00+05:00", START),
    ],
)
def test_a_moment_counts_from_the_start_or_says_its_zone(text: str, at: int) -> None:
    """AG-121"""
    assert Desk().values.moment(text, ("at",)) == at


@pytest.mark.parametrize("text", ["PT4H", "+P", "2024-10-06T05:00:00", "tomorrow", 7, "+PT99999H"])
def test_what_is_no_moment_is_told(text: str | int) -> None:
    """AG-121"""
    desk = Desk()
    assert desk.values.moment(text, ("at",)) is None
    assert desk.problems[0].startswith("at: expected at as a moment such as +PT4H")


def test_a_moment_before_1970_is_none() -> None:
    assert (instant("1969-12-31T23:59:59Z"), instant("1970-01-01T00:00:00.001Z")) == (None, 1)


def test_a_moment_before_1970_by_its_offset_is_told() -> None:
    values = Values(HOUR, lambda _path, _text: None)
    assert (values.moment("-PT2H", ()), values.moment("-PT1H", ())) == (None, 0)


# --- bodies of acts ---------------------------------------------------------------------------------------------------


def test_a_plan_is_written_once_and_named() -> None:
    """AG-121"""
    desk = Desk()
    plan = desk.values.plan(PLAN, ("plans", 0))  # type: ignore[arg-type]  # a tree of plain values
    assert plan == small_plan()
    desk.values.plans["asked"] = plan
    assert desk.body(MovementRequested, {"plan": "asked"}) == MovementRequested(plan=plan)
    assert desk.body(MovementApproved, {"plan": "asked"}) == MovementApproved(plan=digest(plan))


def test_a_statement_is_meant_by_its_steps_name() -> None:
    """AG-121"""
    desk = Desk()
    desk.values.statements["request"] = "ab" * 32
    found = desk.body(FactContested, {"statement": "request", "account": "it was later"})
    assert found == FactContested(statement="ab" * 32, account="it was later")


def test_any_text_stands_for_its_digest() -> None:
    """AG-121"""
    desk = Desk()
    found = [desk.body(PersonRegistered, {"group": "g-1", "dossier": text}) for text in ("papers", "cd" * 32)]
    assert found == [PersonRegistered(group="g-1", dossier=value) for value in (sha("papers"), "cd" * 32)]


def test_truth_is_a_quoted_yes_or_no() -> None:
    """AG-121"""
    desk = Desk()
    assert desk.body(MovementAttested, {"item": "sweep", "holds": "no"}) == MovementAttested(item="sweep", holds=False)


@pytest.mark.parametrize(
    ("act", "given", "problem"),
    [
        (MovementRequested, {"plan": "askd"}, "fields.plan: expected one of asked, got 'askd' (did you mean 'asked'?)"),
        (MovementApproved, {"plan": 7}, "fields.plan: expected one of asked, got the integer 7"),
        (MovementAttested, {"item": "sweep"}, "fields: expected the field holds, got none"),
        (
            MovementAttested,
            {"item": "sweep", "holds": "maybe"},
            'fields.holds: expected holds as a quoted "yes" or "no"',
        ),
        (
            MovementAttested,
            {"item": "sweep", "holds": "yes", "head": 1},
            "fields.head: expected one of item, holds, heads, note, got the field 'head' (did you mean 'heads'?)",
        ),
        (
            MovementAttested,
            {"item": "Sweep!", "holds": "yes"},
            "fields.item: expected item as an identifier (lower-case letters, digits, . _ -), got 'Sweep!'",
        ),
        (RelationStepped, {"level": 1, "reason": "x"}, "fields.level: expected level as a name"),
        (
            FactContested,
            {"statement": "reqest", "account": "x"},
            "fields.statement: expected the name of an earlier step, got 'reqest' (did you mean 'request'?)",
        ),
    ],
)
def test_a_wrong_body_is_told_field_by_field(act: type, given: dict[str, object], problem: str) -> None:
    """AG-120"""
    desk = Desk()
    desk.values.plans["asked"] = small_plan()
    desk.values.statements["request"] = "ab" * 32
    assert desk.body(act, given) is None
    assert desk.problems[0].startswith(problem), desk.problems


@pytest.mark.parametrize(
    ("part", "problem"),
    [
        ({"timing": "soon"}, "plans.0.timing: expected timing as a mapping, got 'soon'"),
        ({"purpose": 1}, "plans.0.purpose: expected purpose as text, got the integer 1"),
        ({"escorts": 1}, "plans.0.escorts: expected one of route, timing, people, escort, purpose, got"),
    ],
)
def test_a_wrong_plan_is_told(part: dict[str, object], problem: str) -> None:
    """AG-120"""
    desk = Desk()
    assert desk.values.plan({**PLAN, **part}, ("plans", 0)) is None  # type: ignore[dict-item]  # plain values
    assert desk.problems[0].startswith(problem), desk.problems


def test_a_plan_that_is_none_is_none() -> None:
    assert Desk().values.plan("asked", ("plans", 0)) is None


# --- forms ------------------------------------------------------------------------------------------------------------


def test_a_form_is_filled_in() -> None:
    """AG-121"""
    assert Desk().values.fields(FORM, FILLED, ()) == {  # type: ignore[arg-type]  # a tree of plain values
        "place": "the bridge",
        "people": 3,
        "seen_at": START + HOUR,
        "escorted": True,
        "road": "main",
        "cars": ("first", "second"),
        "photo": sha("a photograph"),
    }


@pytest.mark.parametrize(
    ("part", "problem"),
    [
        ({"place": 1}, "place: expected place as text, got the integer 1"),
        ({"people": "three"}, "people: expected people as an integer, got 'three'"),
        ({"seen_at": "noon"}, "seen_at: expected seen_at as a moment such as"),
        ({"escorted": 1}, 'escorted: expected escorted as a quoted "yes" or "no"'),
        ({"road": "mian"}, "road: expected road as one of main, side, got 'mian' (did you mean 'main'?)"),
        ({"cars": "first"}, "cars: expected cars as a list of texts, got 'first'"),
        ({"photo": 1}, "photo: expected photo as text, got the integer 1"),
        ({"colour": "red"}, "colour: expected one of place, people, seen_at, escorted, road, cars, photo, got"),
    ],
)
def test_a_wrong_field_of_a_form_is_told(part: dict[str, object], problem: str) -> None:
    """AG-120"""
    desk = Desk()
    assert desk.values.fields(FORM, {**FILLED, **part}, ()) is None  # type: ignore[dict-item]  # plain values
    assert desk.problems[0].startswith(problem), desk.problems


def test_a_field_of_a_form_that_is_missing_is_told() -> None:
    """AG-120"""
    desk = Desk()
    given = {name: value for name, value in FILLED.items() if name != "road"}
    assert desk.values.fields(FORM, given, ("fields",)) is None  # type: ignore[arg-type]  # plain values
    assert desk.problems == ["fields: expected the field road of movement.seen, got none"]
