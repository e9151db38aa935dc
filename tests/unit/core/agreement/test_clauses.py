from __future__ import annotations

import hashlib

import msgspec
import pytest

from safeconduct.core.agreement import CheckInGap, milliseconds
from safeconduct.core.agreement.clauses import Duration
from safeconduct.core.statement import encode
from tests.unit.core.agreement.sample import HOST, terms


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


def test_a_grace_of_nothing_is_left_out_however_it_came() -> None:
    """AG-19, ST-1"""
    read = msgspec.json.decode(b'{"shape":"check_in_gap","gap":"PT1M","grace":"PT0S"}', type=CheckInGap)
    assert (read, encode(read)) == (CheckInGap(gap="PT1M"), b'{"gap":"PT1M","shape":"check_in_gap"}')


def test_parties_and_roles_are_found_by_their_ids() -> None:
    found = (terms().party("host"), terms().party("press"), terms().role("driver"), terms().role("press"))
    assert found == (terms().parties[0], None, next(r for r in terms().roles if r.id == "driver"), None)
    assert terms().parties[0].root == HOST.root
