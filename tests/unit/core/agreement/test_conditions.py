"""What a condition may say, and what it comes to."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from cel_expr_python import cel

from safeconduct.core.acts import MovementAttested, MovementCheckedIn
from safeconduct.core.agreement.conditions import (
    NAMES,
    NUMBER,
    TEXT,
    TRUTH,
    ConditionInvalid,
    Scope,
    body_names,
    body_value,
    nothing,
    parameter_names,
    parameter_value,
    subject_names,
    trigger_names,
    type_name,
)
from tests.unit.core.agreement.judged import FORMS, HOUR, PARAMETERS, Told

FORM = {form.id: form for form in FORMS}
SCOPE = Scope({"body.n": NUMBER, "body.who": TEXT, "body.ok": TRUTH, "body.names": NAMES, "plan.people.count": NUMBER})
VALUES: Mapping[str, object] = {
    "body.n": 3, "body.who": "abc", "body.ok": True, "body.names": ["a", "b"], "plan.people.count": 7,
}  # fmt: skip


@pytest.mark.parametrize(
    ("source", "wanted", "value"),
    [
        ("body.n + 1", NUMBER, 4),
        ("body.who", TEXT, "abc"),
        ("body.names", NAMES, ("a", "b")),
        ("body.ok && body.n > 2", TRUTH, True),
        ("body.ok ? 'yes' : 'no'", TEXT, "yes"),
        ("plan . people . count", NUMBER, 7),
        ("plan.people\n.count", NUMBER, 7),
    ],
)
def test_a_condition_has_the_type_that_its_place_asks(source: str, wanted: cel.Type, value: object) -> None:
    """AG-40"""
    assert SCOPE.compile(source, wanted).value(VALUES) == value
    assert SCOPE.check(source, wanted) == wanted


@pytest.mark.parametrize(
    ("source", "wanted"), [("body.n", TRUTH), ("body.who", NUMBER), ("body.names", TEXT), ("body.ok", NAMES)]
)
def test_a_condition_of_another_type_is_refused(source: str, wanted: cel.Type) -> None:
    """AG-40"""
    with pytest.raises(ConditionInvalid, match="expected a condition of type"):
        SCOPE.check(source, wanted)


def test_types_have_the_names_that_people_use() -> None:
    """AG-40"""
    assert [type_name(t) for t in (TRUTH, NUMBER, TEXT, NAMES)] == ["yes or no", "number", "text", "list of texts"]


def test_a_movement_has_its_plan_and_state_and_what_was_filed_and_said() -> None:
    """AG-41"""
    names = subject_names("movement", FORM)
    assert {
        "event.t", "event.roles", "plan.purpose", "plan.route.districts", "plan.timing.earliest", "plan.people.count",
        "movement.phase", "movement.unapproved", "filed.noted.n", "filed.noted.count", "filed.noted.t",
        "said.checked_in", "said.departed",
    } <= set(names)  # fmt: skip
    assert not any(name.startswith("filed.opened") for name in names)


def test_another_subject_has_no_plan() -> None:
    """AG-41"""
    names = subject_names("post", FORM)
    assert "filed.opened.n" in names
    assert not any(name.split(".")[0] in ("plan", "movement") for name in names)


def test_bodies_and_triggers_have_the_fields_of_their_acts_or_forms() -> None:
    """AG-41"""
    assert body_names("body", "movement.attested", {})["body.holds"] == TRUTH
    assert body_names("body", "post.opened", FORM)["body.names"] == NAMES
    assert body_names("body", "nothing.known", FORM) == {}
    assert {"trigger.t", "trigger.party", "trigger.actor", "trigger.body.n"} <= set(trigger_names("post.opened", FORM))


def test_parameters_are_values_and_lengths_of_time_are_milliseconds() -> None:
    """AG-41"""
    parameters = {p.id: p for p in PARAMETERS}
    assert [parameter_value(p) for p in PARAMETERS] == [2 * HOUR, 2, ("a", "b"), "a"]
    assert list(parameter_names(parameters).values()) == [NUMBER, NUMBER, NAMES, TEXT]


@pytest.mark.parametrize(("type_", "value"), [(TEXT, ""), (NUMBER, 0), (TRUTH, False), (NAMES, ())])
def test_of_what_is_not_there_there_is_nothing(type_: cel.Type, value: object) -> None:
    """AG-42"""
    assert nothing(type_) == value


def test_an_absent_field_is_nothing() -> None:
    """AG-42"""
    assert body_value(MovementAttested(item="radio", holds=True), "heads", 0) == 0
    assert body_value(MovementCheckedIn(), "note", "") == ""
    form = Told().file("opened", 0, n=4)
    assert (body_value(form.act, "n", 0), body_value(form.act, "who", "")) == (4, "")


@pytest.mark.parametrize(
    "source",
    [
        "size(body.names) == 2",
        "body.who.startsWith('a') && body.who.endsWith('c') && body.who.contains('b')",
        "body.names.all(x, size(x) == 1)",
        "body.names.exists(x, x == 'a') && !body.names.exists_one(x, x == 'c')",
        "body.names.filter(x, x == 'a').map(x, x + 'z') == ['az']",
        "'a' in body.names",
        "body.who != 'matches(1)'",
    ],
)
def test_what_may_be_called(source: str) -> None:
    """AG-43"""
    assert SCOPE.compile(source, TRUTH).holds(VALUES)


@pytest.mark.parametrize(
    "source",
    [
        "body.who.matches('a')",
        "matches (body.who, 'a')",
        "int('1') == 1",
        "timestamp('2026-01-01T00:00:00Z') == timestamp('2026-01-01T00:00:00Z')",
        "has(body.n)",
        "body.n > 1.5",
        "body.n > 1e3",
        "body.names.all(x, body.names.all(y, body.names.all(z, true)))",
        # What would hide a call from the check.
        '"""a" """.matches("a")',
        "'''a' '''.matches('a')",
        r'r"\" == "" || body.who.matches("a") || "" == r"\"',
        "matches // all\n (body.who, 'a')",
        "body.who == 'a' // and so on",
    ],
)
def test_what_may_not_be_called(source: str) -> None:
    """AG-43"""
    with pytest.raises(ConditionInvalid):
        SCOPE.check(source, TRUTH)


def test_two_walks_are_the_most() -> None:
    """AG-43"""
    two = "body.names.all(x, body.names.exists(y, x == y))"
    assert SCOPE.compile(two, TRUTH).holds(VALUES)
    with pytest.raises(ConditionInvalid, match="at most 2 walks"):
        SCOPE.check(f"{two} && body.names.exists(z, z == 'a')", TRUTH)


@pytest.mark.parametrize(
    "source",
    [
        "body.n / (body.n - 3) == 1",
        "body.n % (body.n - 3) == 1",
        "body.names[2] == 'a'",
        "body.n * 9223372036854775807 > 0",
        "!(body.n / 0 == 1)",
    ],
)
def test_what_cannot_be_worked_out_is_not_true(source: str) -> None:
    """AG-44"""
    assert not SCOPE.compile(source, TRUTH).holds(VALUES)
    assert SCOPE.compile(source, TRUTH).value(VALUES) is None


@pytest.mark.parametrize("source", ["body.n / 0", "body.names[9]", "[body.n]"])
def test_what_cannot_be_worked_out_has_no_value(source: str) -> None:
    """AG-44"""
    assert SCOPE.compile(source, None).value(VALUES) is None


@pytest.mark.parametrize("values", [{"body.n": "text"}, {"body.n": None}, {"body.n": 2**70}, {}])
def test_a_value_of_another_type_is_not_true(values: dict[str, object]) -> None:
    """AG-44: a report without effect may carry anything."""
    assert not SCOPE.compile("body.n > 0", TRUTH).holds(values)


@pytest.mark.parametrize(
    ("source", "column", "unknown"),
    [("body.n > 0 && body.m > 0", 19, "body.m"), ("size(body.names) > body.now()", 25, "now"), ("1 > 0.5", 5, "")],
)
def test_what_is_wrong_is_told_with_its_column(source: str, column: int, unknown: str) -> None:
    """AG-45"""
    with pytest.raises(ConditionInvalid) as caught:
        SCOPE.check(source, TRUTH)
    assert (caught.value.column, caught.value.unknown) == (column, unknown)


def test_a_condition_says_what_it_asks_for() -> None:
    """AG-41: names in texts are none."""
    assert SCOPE.compile("body.names.all(x, x != 'body.n') && plan.people.count > 0", TRUTH).names == (
        "body.names",
        "plan.people.count",
    )
