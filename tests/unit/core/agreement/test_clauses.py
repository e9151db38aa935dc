from __future__ import annotations

import hashlib

import msgspec
import pytest

from safeconduct.core.agreement import Gap, PredictabilityTerms, Rule, milliseconds
from safeconduct.core.agreement.clauses import Duration
from safeconduct.core.statement import encode
from tests.unit.core.agreement.sample import HOST, template, terms


@pytest.mark.parametrize(
    ("duration", "length"),
    [
        ("PT0S", 0),
        ("PT1S", 1_000),
        ("PT15M", 900_000),
        ("PT2H30M", 9_000_000),
        ("P7D", 604_800_000),
        ("P1DT1H1M1S", 90_061_000),
        ("P9999DT9999H9999M99999S", 900_609_939_000),
    ],
)
def test_a_duration_is_a_length_of_time(duration: str, length: int) -> None:
    """AG-16"""
    assert milliseconds(msgspec.convert(duration, Duration)) == length


@pytest.mark.parametrize(
    "duration",
    [
        "", "P", "PT", "P1", "1D", "P1M", "P1Y", "P1W", "PT1D", "P1DT", "-P1D", "P-1D", "PT1.5H", "pt1h", "P1D ",
        "P1D\n", "P٧D", "P00001D", "PT1M1H",
    ],
)  # fmt: skip
def test_another_text_is_no_duration(duration: str) -> None:
    """AG-16: months and years have no fixed length, and only ASCII digits are digits everywhere."""
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(duration, Duration)


def test_what_is_signed_is_the_hash_of_the_canonical_bytes() -> None:
    """AG-19"""
    assert terms().digest == hashlib.sha256(encode(terms())).hexdigest()


def test_a_default_is_left_out_however_it_came() -> None:
    """AG-19, ST-1: a text that was read is equal to the default and another object."""
    read = msgspec.json.decode(b'{"at_most":"PT1M","by":[],"effect":"taken","event":"post.scanned"}', type=Gap)
    assert (read, encode(read)) == (
        Gap(event="post.scanned", at_most="PT1M"),
        b'{"at_most":"PT1M","event":"post.scanned"}',
    )


def test_what_is_no_default_is_kept() -> None:
    """AG-19, ST-1"""
    written = b'{"at_most":"PT1M","effect":"void","event":"post.scanned"}'
    assert encode(msgspec.json.decode(written, type=Gap)) == written


def test_the_demand_of_a_rule_is_the_one_that_it_has() -> None:
    """AG-21"""
    rule = next(clause.rule for clause in terms().clauses if clause.id == "WAY-1")
    assert rule is not None
    assert (rule.demand, isinstance(rule.demand, Gap)) == (rule.gap, True)


def test_a_rule_without_a_demand_is_a_mistake_of_ours() -> None:
    """AG-21: no agreement that was read has one."""
    empty = msgspec.convert({"for_each": "post", "when": {"event": "post.scanned"}}, Rule)
    with pytest.raises(ValueError, match="a rule has one demand, got none"):
        _ = empty.demand


def test_parties_roles_and_forms_are_found_by_their_ids() -> None:
    found = (terms().party("host"), terms().party("press"), terms().role("driver"), terms().role("press"))
    assert found == (terms().parties[0], None, next(r for r in terms().roles if r.id == "driver"), None)
    assert terms().parties[0].root == HOST.root
    scanned = next(f for f in terms().forms if f.id == "post.scanned")
    assert (terms().form("post.scanned"), terms().form("post.sold")) == (scanned, None)


@pytest.mark.parametrize("name", ["host_sending", "agency_host", "company_forces"])
def test_a_template_has_predictability_marked_as_to_be_agreed(name: str) -> None:
    """AG-142, PRED-1"""
    text = template(name)["agreement.yaml"]
    before = text[: text.index("\n  predictability: {")]
    assert before.endswith("All five are parameters to agree.")


def test_a_clock_that_is_utc_is_left_out_of_what_is_signed() -> None:
    """AG-19, PRED-1"""
    written = encode(PredictabilityTerms(warn=200, span="P90D", half_life="P30D", least=8, clock="+00:00"))
    assert written == b'{"half_life":"P30D","least":8,"span":"P90D","warn":200}'
