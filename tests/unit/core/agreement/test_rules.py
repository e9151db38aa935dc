"""The shape of a rule."""

from __future__ import annotations

import msgspec
import pytest

from safeconduct.core.agreement import Must, Pattern, Rule
from safeconduct.core.agreement.rules import DEMANDS, InstantText, Period, Span
from safeconduct.core.statement import encode
from tests.unit.core.agreement.judged import rule

DEMAND_OF = {
    "must": {"event": "post.scanned", "due": "trigger"},
    "always": {"hold": "true"},
    "never": {"event": "post.scanned"},
    "relay": {"event": "post.scanned", "hop": "body.who", "chain": ["a"], "within": "PT1H"},
    "gap": {"event": "post.scanned", "at_most": "PT1H"},
    "recur": {"event": "post.scanned", "every": "P1M"},
    "count": {"event": "post.scanned", "at_most": "1"},
    "equal": {"event": "post.scanned", "planned": "1", "actual": "1", "due": "trigger"},
    "one": {"taken": {"event": "post.scanned"}, "given_up": {"event": "post.scanned"}, "holder": "body.who"},
}


@pytest.mark.parametrize("name", DEMANDS)
def test_a_rule_has_one_demand(name: str) -> None:
    """AG-21"""
    made = rule(when="post.opened", **{name: DEMAND_OF[name]})
    assert type(made.demand).__name__.lower() == name
    assert made.demand is getattr(made, name)


def test_a_rule_without_a_demand_has_none() -> None:
    """AG-21"""
    with pytest.raises(ValueError, match="a rule has one demand, got none"):
        rule(when="post.opened").demand  # noqa: B018, it is asked


def test_equal_rules_have_one_encoding() -> None:
    """AG-19: a default that was written out is left out."""
    read = msgspec.json.decode(
        b'{"for_each":"post","when":{"event":"post.opened","effect":"taken","by":[]},"each":"every",'
        b'"must":{"event":"post.scanned","due":"trigger","since":"trigger"},"unless":[]}',
        type=Rule,
    )
    made = Rule(for_each="post", when=Pattern(event="post.opened"), must=Must(event="post.scanned", due="trigger"))
    assert (read, encode(read)) == (made, encode(made))


@pytest.mark.parametrize("field", ["hits", "must_not"])
def test_a_rule_has_no_other_field(field: str) -> None:
    """AG-6"""
    with pytest.raises(msgspec.ValidationError):
        rule(when="post.opened", **{field: "x"})


@pytest.mark.parametrize(
    ("type_", "good", "bad"),
    [
        (Span, ("P1D", "PT2H", "P1DT1H", "param.lead"), ("P1M", "P1Y", "P", "PT", "1D", "param.", "P1D ", "P\u0661D")),
        (Period, ("P1M", "P1Y", "P30D", "param.lead"), ("P0M", "P1M1D", "PT", "P", "P1W")),
        (
            InstantText,
            ("trigger", "trigger.body.at", "plan.latest + P1D", "filed.noted.at - param.lead"),
            ("plan.size", "now", "trigger +P1D", "trigger + P1M", "filed.noted", "trigger + PT", "plan.earliest\n"),
        ),
    ],
)
def test_lengths_and_instants_have_their_form(type_: object, good: tuple[str, ...], bad: tuple[str, ...]) -> None:
    """AG-16, AG-26, AG-27"""
    for text in good:
        assert msgspec.convert(text, type_) == text
    for text in bad:
        with pytest.raises(msgspec.ValidationError):
            msgspec.convert(text, type_)
