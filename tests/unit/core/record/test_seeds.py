"""What a hand commits to, and what opens it."""

from __future__ import annotations

import msgspec
import pytest

from safeconduct.core.record import SeedOpening, check_opening
from safeconduct.errors import CheckFailed
from tests.unit.core.disclosure.sample import keys, opening

OPENING = opening("host", keys(3))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("seed", b"x" * 32),
        ("recipients", keys(2)),
        ("slots", "ab" * 32),
        ("order", "mv-18"),
        ("party", "sending"),
    ],
)
def test_a_commitment_binds_all_that_makes_the_copies(field: str, value: object) -> None:
    """CAN-7, CAN-12"""
    check_opening(OPENING)
    other = msgspec.structs.replace(OPENING.variants, **{field: value})
    with pytest.raises(CheckFailed, match="data that was committed to"):
        check_opening(SeedOpening(committed=OPENING.committed, salt=OPENING.salt, variants=other))
